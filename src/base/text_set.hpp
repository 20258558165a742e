// Some texts that are looked for together: which of them stand in a long one is told in one pass over it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace deadbox::base {

class TextSet {
public:
    // None of them empty; they must outlive the set.
    explicit TextSet(std::span<const std::string_view> texts);
    // For each text, whether it stands in `where`.
    std::vector<bool> in(std::string_view where) const;

private:
    static constexpr std::size_t k_pairs = 4096;
    static std::size_t pair(char first, char second) { return (static_cast<std::size_t>(static_cast<unsigned char>(first)) * 131 + static_cast<unsigned char>(second)) % k_pairs; }
    std::span<const std::string_view> m_texts;
    std::array<std::uint16_t, k_pairs> m_first{};  // by a text's first two bytes: the texts' places from m_order[first - 1] on; 0 for none
    std::vector<std::uint16_t> m_order;            // places of texts; one past each pair's last is k_end
};

}  // namespace deadbox::base
