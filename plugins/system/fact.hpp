// What the parsers of this topic share.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "plugin/parser.hpp"
#include "system/system_topic.hpp"

namespace deadbox::plugins::system {

constexpr std::size_t k_longest_value = 1024;
constexpr std::size_t k_most_facts = 2'000;  // of one file

std::string_view trimmed(std::string_view text);
// KEY=value with quotes taken off; nothing for comments, sections and lines without '='.
std::optional<std::pair<std::string_view, std::string_view>> read_assignment(std::string_view line);
// An IPv4 or IPv6 address, a /length behind it allowed.
bool is_address(std::string_view text);

// Emits facts of one file; stops at k_most_facts.
class Facts {
public:
    Facts(const plugin::File& file, plugin::Sink& sink) : m_file(file), m_sink(sink) {}
    void add(std::string_view key, std::string_view value, std::uint64_t line = 0);
    // For addresses: loopback and what is none are passed over.
    void add_address(std::string_view key, std::string_view value, std::uint64_t line);

private:
    const plugin::File& m_file;
    plugin::Sink& m_sink;
    std::size_t m_count = 0;
};

void keep_small_text(const plugin::File& file, plugin::Sink& sink);

}  // namespace deadbox::plugins::system
