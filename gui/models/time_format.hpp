// Times, durations, sizes and counts as the window writes them.
#pragma once

#include <QString>
#include <QTimeZone>

#include <optional>

#include "base/timestamp.hpp"

namespace deadbox::gui {

enum class ZoneChoice : std::uint8_t { utc, machine, analyst };

// The zone that times are shown in: UTC unless chosen otherwise. A value; copy it.
class TimeFormat {
public:
    TimeFormat() = default;
    // machine: the zone of the examined machine, "" when unknown (then as UTC). offset: seconds that the machine's clock was ahead.
    TimeFormat(ZoneChoice choice, const QString& machine_zone, int offset = 0);

    QString text(base::Timestamp time) const;       // 2026-03-02 04:11:07 UTC
    QString short_text(base::Timestamp time) const; // without the zone
    QString exact(base::Timestamp time) const;      // with nine digits, for tips
    QString zone_name() const;
    ZoneChoice choice() const { return m_choice; }
    std::int64_t offset_at(std::int64_t seconds) const;  // seconds to add to UTC
    // What a person types: "2026-03-02 04:11", "2026-03-02", RFC 3339; in this zone.
    std::optional<base::Timestamp> parse(const QString& text) const;

private:
    ZoneChoice m_choice = ZoneChoice::utc;
    QTimeZone m_zone;  // invalid: UTC
    int m_offset = 0;
};

QString size_text(std::int64_t bytes);       // 1.2 GiB
QString count_text(std::int64_t count);      // 1 234 567
QString duration_text(std::int64_t seconds); // 3 days 4 hours
QString day_text(std::int64_t day);          // 2026-03-02, of days since 1970

}  // namespace deadbox::gui
