#include "gui/models/time_format.hpp"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <array>
#include <cstdlib>

namespace deadbox::gui {
namespace {

QString said(const char* text, int n) { return QCoreApplication::translate("TimeFormat", text, nullptr, n); }

}  // namespace

TimeFormat::TimeFormat(ZoneChoice choice, const QString& machine_zone, int offset) : m_choice(choice), m_offset(offset) {
    if (choice == ZoneChoice::analyst) m_zone = QTimeZone::systemTimeZone();
    else if (choice == ZoneChoice::machine && !machine_zone.isEmpty()) m_zone = QTimeZone(machine_zone.toUtf8());
}

std::int64_t TimeFormat::offset_at(std::int64_t seconds) const {
    constexpr std::int64_t k_bound = 250'000'000'000;  // QDateTime's milliseconds hold more; no file has a later time that is true
    if (!m_zone.isValid() || seconds > k_bound || seconds < -k_bound) return -m_offset;
    return m_zone.offsetFromUtc(QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC)) - m_offset;
}

QString TimeFormat::short_text(base::Timestamp time) const {
    const auto c = base::civil_from_seconds(time.seconds + offset_at(time.seconds));
    return QString::asprintf("%04lld-%02d-%02d %02d:%02d:%02d", static_cast<long long>(c.year), c.month, c.day, c.hour, c.minute, c.second);
}

QString TimeFormat::zone_name() const {
    if (!m_zone.isValid()) return QStringLiteral("UTC");
    return QString::fromUtf8(m_zone.id());
}

QString TimeFormat::text(base::Timestamp time) const {
    if (!m_zone.isValid()) return short_text(time) + QStringLiteral(" UTC");
    const auto offset = offset_at(time.seconds) / 60;
    return short_text(time) + QString::asprintf(" %c%02lld:%02lld", offset < 0 ? '-' : '+', static_cast<long long>(std::abs(offset) / 60), static_cast<long long>(std::abs(offset) % 60));
}

QString TimeFormat::exact(base::Timestamp time) const {
    return short_text(time) + QString::asprintf(".%09u ", time.nanoseconds) + zone_name();
}

std::optional<base::Timestamp> TimeFormat::parse(const QString& typed) const {
    QString text = typed.trimmed();
    if (text.contains(QLatin1Char('T')) && (text.endsWith(QLatin1Char('Z')) || text.lastIndexOf(QLatin1Char('+')) > 10)) return base::from_rfc3339(text.toStdString());
    if (text.endsWith(QStringLiteral(" UTC"))) text.chop(4);
    text.replace(QLatin1Char(' '), QLatin1Char('T'));
    if (text.size() == 10) text += QStringLiteral("T00:00:00");
    if (text.size() == 16) text += QStringLiteral(":00");
    auto time = base::from_rfc3339((text + QLatin1Char('Z')).toStdString());
    if (time) time->seconds -= offset_at(time->seconds);
    return time;
}

QString size_text(std::int64_t bytes) {
    static constexpr std::array<const char*, 6> k_units{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < k_units.size()) value /= 1024, ++unit;
    return QLocale().toString(value, 'f', unit == 0 ? 0 : 1) + QLatin1Char(' ') + QLatin1StringView(k_units[unit]);
}

QString count_text(std::int64_t count) { return QLocale().toString(static_cast<qlonglong>(count)); }

QString duration_text(std::int64_t seconds) {
    if (seconds < 60) return said(QT_TRANSLATE_N_NOOP("TimeFormat", "%n second(s)"), static_cast<int>(seconds));
    if (seconds < 3600) return said(QT_TRANSLATE_N_NOOP("TimeFormat", "%n minute(s)"), static_cast<int>(seconds / 60));
    if (seconds < 86400) return said(QT_TRANSLATE_N_NOOP("TimeFormat", "%n hour(s)"), static_cast<int>(seconds / 3600));
    return said(QT_TRANSLATE_N_NOOP("TimeFormat", "%n day(s)"), static_cast<int>(seconds / 86400));
}

QString day_text(std::int64_t day) {
    const auto c = base::civil_from_seconds(day * 86'400);
    return QString::asprintf("%04lld-%02d-%02d", static_cast<long long>(c.year), c.month, c.day);
}

}  // namespace deadbox::gui
