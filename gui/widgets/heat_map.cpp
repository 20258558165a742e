#include "gui/widgets/heat_map.hpp"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

#include "gui/models/time_format.hpp"
#include "gui/widgets/palettes.hpp"

namespace deadbox::gui {
namespace {
constexpr int k_hour_labels = 40, k_top = 18, k_cell = 9, k_cell_gap = 1, k_hours = 24;
constexpr std::int64_t k_most_days = 120, k_day_seconds = 86'400;
}  // namespace

HeatMap::HeatMap(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Activity by day and hour"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize HeatMap::sizeHint() const { return {320, k_top + k_hours * (k_cell + k_cell_gap) + 4}; }

void HeatMap::setHours(const std::vector<case_file::HourCount>& hours, std::int64_t offset) {
    // Logged events; where there are none, times of files.
    const bool events = std::any_of(hours.begin(), hours.end(), [](const auto& h) { return h.kind != 0; });
    m_offset = offset;
    m_counts.clear();
    m_days = m_most = 0;
    const auto local_hour = [&](const case_file::HourCount& h) { return h.hour + static_cast<std::int64_t>(std::floor(static_cast<double>(offset) / 3600)); };
    const auto day_of = [](std::int64_t hour) { return hour >= 0 ? hour / 24 : -((23 - hour) / 24); };
    std::int64_t last = 0;
    bool any = false;
    for (const auto& h : hours)
        if ((h.kind != 0) == events) last = any ? std::max(last, local_hour(h)) : local_hour(h), any = true;
    if (!any) return update();
    const auto last_day = day_of(last);
    m_first_day = last_day;
    for (const auto& h : hours)
        if ((h.kind != 0) == events) m_first_day = std::min(m_first_day, day_of(local_hour(h)));
    m_first_day = std::max(m_first_day, last_day - k_most_days + 1);
    m_days = last_day - m_first_day + 1;
    m_counts.assign(static_cast<std::size_t>(m_days * k_hours), 0);
    for (const auto& h : hours) {
        const auto place = local_hour(h) - m_first_day * k_hours;
        if ((h.kind != 0) != events || place < 0 || place >= static_cast<std::int64_t>(m_counts.size())) continue;
        auto& count = m_counts[static_cast<std::size_t>(place)];
        count += h.count;
        m_most = std::max(m_most, count);
    }
    update();
}

int HeatMap::columns() const { return static_cast<int>(std::clamp<std::int64_t>((width() - k_hour_labels - 4) / (k_cell + k_cell_gap), 1, std::max<std::int64_t>(m_days, 1))); }

QRectF HeatMap::cell(int column, int hour) const { return QRectF(k_hour_labels + column * (k_cell + k_cell_gap), k_top + hour * (k_cell + k_cell_gap), k_cell, k_cell); }

std::pair<int, int> HeatMap::at(const QPointF& point) const {
    const int column = static_cast<int>((point.x() - k_hour_labels) / (k_cell + k_cell_gap)), hour = static_cast<int>((point.y() - k_top) / (k_cell + k_cell_gap));
    if (m_days == 0 || point.x() < k_hour_labels || point.y() < k_top || column >= columns() || hour >= k_hours) return {-1, -1};
    return {column, hour};
}

void HeatMap::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    auto font = this->font();
    font.setPointSizeF(font.pointSizeF() * 0.85);
    painter.setFont(font);
    painter.setPen(colours().quiet);
    if (m_most == 0) return painter.drawText(rect(), Qt::AlignCenter, tr("No activity is known"));
    for (int hour = 0; hour < k_hours; hour += 6) painter.drawText(QRectF(0, cell(0, hour).top() - 3, k_hour_labels - 6, k_cell + 6), Qt::AlignRight | Qt::AlignVCenter, QString::asprintf("%02d:00", hour));
    const auto shown = columns();
    const auto first = m_days - shown;  // the newest days are shown where not all fit
    painter.drawText(QRectF(k_hour_labels, 0, 120, k_top - 2), Qt::AlignLeft | Qt::AlignVCenter, day_text(m_first_day + first));
    if (shown > 24) painter.drawText(QRectF(cell(shown - 1, 0).right() - 120, 0, 120, k_top - 2), Qt::AlignRight | Qt::AlignVCenter, day_text(m_first_day + m_days - 1));
    const QColor full = colours().link, empty = colours().band;
    for (int column = 0; column < shown; ++column) {
        for (int hour = 0; hour < k_hours; ++hour) {
            const auto count = m_counts[static_cast<std::size_t>((first + column) * k_hours + hour)];
            // Logarithmic: one event is seen beside ten thousand.
            const double weight = count == 0 ? 0 : 0.18 + 0.82 * std::log1p(static_cast<double>(count)) / std::log1p(static_cast<double>(m_most));
            const auto mix = [&](int a, int b) { return static_cast<int>(std::lround(a + (b - a) * weight)); };
            painter.fillRect(cell(column, hour), QColor(mix(empty.red(), full.red()), mix(empty.green(), full.green()), mix(empty.blue(), full.blue())));
        }
    }
}

void HeatMap::mousePressEvent(QMouseEvent* event) {
    const auto [column, hour] = at(event->position());
    if (column < 0) return;
    const auto day = m_first_day + (m_days - columns()) + column;
    Q_EMIT chosen({day * k_day_seconds + std::int64_t{hour} * 3600 - m_offset, 0});
}

bool HeatMap::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto [column, hour] = at(help->pos());
    if (column < 0) return QToolTip::hideText(), true;
    const auto day = m_days - columns() + column;
    QToolTip::showText(help->globalPos(), tr("%1 %2: %3 records").arg(day_text(m_first_day + day), QString::asprintf("%02d:00", hour), count_text(m_counts[static_cast<std::size_t>(day * k_hours + hour)])));
    return true;
}

}  // namespace deadbox::gui
