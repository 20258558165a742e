#include "syslog/silences.hpp"

#include <algorithm>
#include <bit>

namespace deadbox::plugins::syslog {

void Silences::follow(std::int64_t now, std::int64_t line, bool begins, bool ends) {
    if (m_started && now >= m_last) {
        const auto step = now - m_last;
        ++m_steps[static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(step)))];
        ++m_count;
        if (step >= k_shortest) {
            const Silence silence{m_last, now, line, m_said_goodbye && m_last - m_goodbye <= k_near};
            m_open = k_most;
            if (m_kept.size() < k_most) {
                m_open = m_kept.size();
                m_kept.push_back(silence);
            } else {
                const auto shortest = std::min_element(m_kept.begin(), m_kept.end(),
                                                       [](const Silence& a, const Silence& b) { return a.until - a.from < b.until - b.from; });
                if (shortest->until - shortest->from < step) {
                    *shortest = silence;
                    m_open = static_cast<std::size_t>(shortest - m_kept.begin());
                }
            }
            m_open_until = now;
        }
    }
    if (begins && m_open < m_kept.size() && now - m_open_until <= k_near) m_kept[m_open].restart = true;
    if (ends) m_goodbye = now, m_said_goodbye = true;
    if (!m_started || now > m_last) m_last = now;
    m_started = true;
}

std::vector<Silence> Silences::longest() const {
    auto sorted = m_kept;
    std::sort(sorted.begin(), sorted.end(), [](const Silence& a, const Silence& b) {
        const auto x = a.until - a.from, y = b.until - b.from;
        return x != y ? x > y : a.from < b.from;
    });
    return sorted;
}

std::int64_t Silences::usual() const {
    std::uint64_t seen = 0;
    for (std::size_t bits = 0; bits < m_steps.size(); ++bits) {
        seen += m_steps[bits];
        if (seen * 1000 >= m_count * 999) return bits >= 62 ? INT64_MAX : std::int64_t{1} << bits;
    }
    return 0;
}

void Hours::add(std::int64_t hour) {
    if (hour == m_last) return;
    if (m_bits.empty()) m_first = hour & ~std::int64_t{7};
    if (hour < m_first) {
        if (m_first - hour > k_year) return;
        const auto more = (m_first - hour + 7) / 8;
        m_bits.insert(m_bits.begin(), static_cast<std::size_t>(more), 0);
        m_first -= more * 8;
    }
    const auto place = hour - m_first;
    if (place >= 100 * k_year) return;
    if (static_cast<std::size_t>(place / 8) >= m_bits.size()) m_bits.resize(static_cast<std::size_t>(place / 8) + 1, 0);
    m_bits[static_cast<std::size_t>(place / 8)] |= static_cast<std::uint8_t>(1 << (place % 8));
    m_last = hour;
}

std::int64_t Hours::count() const {
    std::int64_t total = 0;
    for (const auto byte : m_bits) total += std::popcount(byte);
    return total;
}

}  // namespace deadbox::plugins::syslog
