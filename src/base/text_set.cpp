#include "base/text_set.hpp"

namespace deadbox::base {
namespace {

constexpr std::uint16_t k_end = UINT16_MAX;

}  // namespace

TextSet::TextSet(std::span<const std::string_view> texts) : m_texts(texts) {
    std::vector<std::vector<std::uint16_t>> by_pair(k_pairs);
    for (std::size_t i = 0; i < texts.size(); ++i)
        if (texts[i].size() > 1) by_pair[pair(texts[i][0], texts[i][1])].push_back(static_cast<std::uint16_t>(i));
    for (std::size_t key = 0; key < k_pairs; ++key) {
        if (by_pair[key].empty()) continue;
        m_first[key] = static_cast<std::uint16_t>(m_order.size() + 1);
        m_order.insert(m_order.end(), by_pair[key].begin(), by_pair[key].end());
        m_order.push_back(k_end);
    }
}

std::vector<bool> TextSet::in(std::string_view where) const {
    std::vector<bool> found(m_texts.size());
    for (std::size_t i = 0; i < m_texts.size(); ++i)
        if (m_texts[i].size() == 1) found[i] = where.find(m_texts[i][0]) != std::string_view::npos;
    for (std::size_t at = 0; at + 1 < where.size(); ++at) {
        const auto first = m_first[pair(where[at], where[at + 1])];
        if (first == 0) continue;
        for (auto place = m_order.begin() + (first - 1); *place != k_end; ++place)
            if (!found[*place] && where.substr(at).starts_with(m_texts[*place])) found[*place] = true;
    }
    return found;
}

}  // namespace deadbox::base
