#include "content/local_clock.hpp"

#include <limits>

namespace deadbox::content {
namespace {

constexpr std::int64_t k_behind = 60;  // seconds by which the next record may be earlier

ZoneFiles& zones() {
    static ZoneFiles files;
    return files;
}

}  // namespace

void LocalClock::load_zones() {
    if (zones().size() == 0) zones().load("/usr/share/zoneinfo");
}

LocalClock::LocalClock(std::string_view zone) : m_zone(Zone::utc()), m_name("UTC") {
    if (zone.empty()) {
        m_assumption = "lines without a time zone: read as UTC";
        return;
    }
    auto found = zones().find(zone);
    if (found) m_zone = *std::move(found), m_name = zone;
    else m_assumption = "the machine's time zone is not among this workstation's: local times were read as UTC";
}

std::int64_t LocalClock::to_utc(std::int64_t local, std::int64_t before) const {
    return m_zone.to_utc(local, before > std::numeric_limits<std::int64_t>::min() + k_behind ? before - k_behind : std::numeric_limits<std::int64_t>::min());
}

}  // namespace deadbox::content
