// Which requests become events. A busy server writes millions of lines that thousands of visitors cause alike: those are
// counted by the hour. Listed is what stands out, and all that somebody did who stood out once.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "weblog/layout.hpp"

namespace deadbox::plugins::weblog {

class Listing {
public:
    struct Hour {
        std::int64_t requests = 0, bytes = 0;
        base::Timestamp first;
        std::uint64_t line = 0, offset = 0;  // of the first
    };
    // In the log's order, each request once; its address without spaces. False: it is counted in hours().
    bool lists(const Request& request, std::uint64_t line, std::uint64_t offset);
    std::int64_t listed() const { return m_listed; }
    std::int64_t counted() const { return m_counted; }
    const std::map<std::int64_t, Hour>& hours() const { return m_hours; }  // by hours since 1970

private:
    // Who asked for a page: hashes of addresses, each once, until there are too many to be unusual.
    struct Visitors {
        std::array<std::uint32_t, 16> known{};
        std::uint8_t count = 0;
    };
    bool is_rare(const Request& request, std::string_view path, std::string_view query);
    bool stands_out(const Request& request);

    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };
    std::unordered_map<std::string, Visitors, Hash, std::equal_to<>> m_shapes;
    std::unordered_set<std::string, Hash, std::equal_to<>> m_followed;
    std::map<std::int64_t, Hour> m_hours;
    std::string m_shape;
    std::int64_t m_listed = 0, m_counted = 0;
};

}  // namespace deadbox::plugins::weblog
