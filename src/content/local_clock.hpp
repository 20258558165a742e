// Local times of logs that name no zone, in the zone of the machine that wrote them: one way for every such log.
#pragma once

#include <string>
#include <string_view>

#include "content/zone.hpp"

namespace deadbox::content {

class LocalClock {
public:
    // Reads this workstation's zones, once: call it ahead of the lock-down.
    static void load_zones();
    // zone: an IANA name or a POSIX rule ("CET-1CEST,M3.5.0,M10.5.0/3"), as the parameter "timezone" has it; "" where nobody
    // knows it. What is not known is read as UTC, which assumption() says.
    explicit LocalClock(std::string_view zone);

    bool knows_zone() const { return m_assumption.empty(); }
    std::string_view zone() const { return m_name; }  // in which times are read: "UTC" where it is not known
    // For the ledger, as soon as one time was read; "" where the zone is known.
    std::string_view assumption() const { return m_assumption; }
    std::int32_t offset_at(std::int64_t utc) const { return m_zone.offset_at(utc); }
    // As Zone::to_utc(): `before` is the moment of the record before, whose clock may have been a little behind.
    std::int64_t to_utc(std::int64_t local, std::int64_t before) const;

private:
    Zone m_zone;
    std::string m_name;
    std::string_view m_assumption;
};

}  // namespace deadbox::content
