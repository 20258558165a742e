#include "gui/widgets/growth_chart.hpp"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <cmath>

#include "gui/models/time_format.hpp"
#include "gui/widgets/palettes.hpp"

namespace deadbox::gui {
namespace {

constexpr int k_axis_width = 64, k_below = 20, k_above = 8, k_right_margin = 8;
constexpr std::int64_t k_one_day = 86'400;

}  // namespace

GrowthChart::GrowthChart(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Growth by time"));
}

void GrowthChart::set_days(const std::vector<case_file::DayUsage>& days) {
    m_days = days;
    m_sums.clear();
    std::int64_t sum = 0;
    for (const auto& day : m_days) m_sums.push_back(sum += day.bytes);
    if (!m_days.empty()) setAccessibleDescription(tr("%1 on %2, %3 on %4").arg(size_text(m_sums.front()), day_text(m_days.front().day), size_text(m_sums.back()), day_text(m_days.back().day)));
    update();
}

QRect GrowthChart::plot() const { return rect().adjusted(k_axis_width, k_above, -k_right_margin, -k_below); }

double GrowthChart::x_of(std::int64_t day) const {
    const auto span = static_cast<double>(std::max<std::int64_t>(1, m_days.back().day + 1 - m_days.front().day));
    return plot().left() + plot().width() * static_cast<double>(day - m_days.front().day) / span;
}

int GrowthChart::day_at(int x) const {
    if (m_days.empty()) return -1;
    // The nearest day on which something came.
    const auto next = std::lower_bound(m_days.begin(), m_days.end(), x, [&](const case_file::DayUsage& day, int at) { return x_of(day.day) < at; });
    if (next == m_days.begin()) return 0;
    if (next == m_days.end()) return days() - 1;
    const auto before = std::prev(next);
    return static_cast<int>((std::abs(x_of(before->day) - x) <= std::abs(x_of(next->day) - x) ? before : next) - m_days.begin());
}

void GrowthChart::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    auto small = font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    painter.setFont(small);
    painter.setPen(colours().quiet);
    if (m_days.empty() || m_sums.back() == 0) return painter.drawText(rect(), Qt::AlignCenter, tr("No file has a time that tells when it came"));
    const auto area = plot();
    const double most = static_cast<double>(m_sums.back());
    for (const double share : {0.0, 0.5, 1.0}) {
        const double y = area.bottom() - area.height() * share;
        painter.setPen(colours().line);
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter.setPen(colours().quiet);
        painter.drawText(QRectF(0, y - 8, k_axis_width - 6, 16), Qt::AlignRight | Qt::AlignVCenter, size_text(static_cast<std::int64_t>(most * share)));
    }
    painter.drawText(QRect(area.left(), area.bottom() + 2, area.width(), k_below), Qt::AlignLeft | Qt::AlignVCenter, day_text(m_days.front().day));
    if (m_days.size() > 1) painter.drawText(QRect(area.left(), area.bottom() + 2, area.width(), k_below), Qt::AlignRight | Qt::AlignVCenter, day_text(m_days.back().day));
    painter.setRenderHint(QPainter::Antialiasing);
    // A step on each day: between two days nothing came.
    QPainterPath line;
    double y = area.bottom();
    line.moveTo(area.left(), y);
    for (std::size_t i = 0; i < m_days.size(); ++i) {
        line.lineTo(x_of(m_days[i].day), y);
        y = area.bottom() - area.height() * static_cast<double>(m_sums[i]) / most;
        line.lineTo(x_of(m_days[i].day), y);
    }
    line.lineTo(area.right(), y);
    auto filled = line;
    filled.lineTo(area.right(), area.bottom());
    filled.closeSubpath();
    auto tint = colours().link;
    tint.setAlpha(40);
    painter.fillPath(filled, tint);
    painter.setPen(QPen(colours().link, 1.6));
    painter.drawPath(line);
}

void GrowthChart::mouseReleaseEvent(QMouseEvent* event) {
    const int day = day_at(event->pos().x());
    if (day >= 0 && event->button() == Qt::LeftButton) Q_EMIT chosen({m_days[static_cast<std::size_t>(day)].day * k_one_day, 0});
}

bool GrowthChart::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int day = day_at(help->pos().x());
    if (day < 0) return QToolTip::hideText(), true;
    const auto& one = m_days[static_cast<std::size_t>(day)];
    QToolTip::showText(help->globalPos(), tr("%1: %2 came in %3 files; %4 in all").arg(day_text(one.day), size_text(one.bytes), count_text(one.files), size_text(m_sums[static_cast<std::size_t>(day)])), this);
    return true;
}

}  // namespace deadbox::gui
