// When a log speaks and when it is silent.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace deadbox::plugins::syslog {

struct Silence {
    std::int64_t from = 0, until = 0;  // UTC seconds
    std::int64_t line = 0;             // of the first message after it
    bool restart = false;
};

class Silences {
public:
    static constexpr std::size_t k_most = 32;
    static constexpr std::int64_t k_shortest = 3600, k_near = 600;

    // `begins`: this message says that the machine or the log daemon started; `ends`: that it goes down.
    void follow(std::int64_t now, std::int64_t line, bool begins, bool ends);
    // By length, longest first, then by time.
    std::vector<Silence> longest() const;
    // Seconds that 999 of 1,000 steps from message to message do not exceed, rounded up to a power of two.
    std::int64_t usual() const;

private:
    std::vector<Silence> m_kept;
    std::array<std::uint64_t, 64> m_steps{};  // by the number of bits of the step
    std::uint64_t m_count = 0;
    std::int64_t m_last = 0, m_goodbye = 0, m_open_until = 0;
    std::size_t m_open = k_most;  // the silence that ended last, while a start may still explain it
    bool m_started = false, m_said_goodbye = false;
};

// The hours (since 1970) in which something happened. Out of order up to a year before the first; at most 100 years.
class Hours {
public:
    void add(std::int64_t hour);
    bool empty() const { return m_bits.empty(); }
    std::int64_t first() const { return m_first; }
    std::int64_t count() const;
    const std::vector<std::uint8_t>& bits() const { return m_bits; }

private:
    static constexpr std::int64_t k_year = 366 * 24;
    std::int64_t m_first = 0, m_last = -1;
    std::vector<std::uint8_t> m_bits;
};

}  // namespace deadbox::plugins::syslog
