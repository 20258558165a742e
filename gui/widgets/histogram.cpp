#include "gui/widgets/histogram.hpp"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "gui/models/evidence_text.hpp"
#include "gui/models/own_texts.hpp"
#include "gui/widgets/palettes.hpp"
#include "gui/widgets/severity.hpp"

namespace deadbox::gui {
namespace {

constexpr int k_bars_left = 12, k_bars_right = 12, k_bars_top = 20, k_bars_bottom = 20, k_legend = 18, k_sign = 12;
constexpr std::size_t k_severities = 5;
constexpr std::int64_t k_hour_of_bars = 3600, k_day_of_bars = 86'400;
constexpr double k_bar = 5;  // pixels of a bar, about
constexpr std::array<std::int64_t, 17> k_steps{1, 5, 15, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86'400, 2 * 86'400, 7 * 86'400, 14 * 86'400, 30 * 86'400, 91 * 86'400, 365 * 86'400};

std::int64_t floor_to(std::int64_t value, std::int64_t step) { return value >= 0 ? value / step * step : -((step - 1 - value) / step) * step; }

}  // namespace

Histogram::Histogram(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumHeight(120);
    setAccessibleName(tr("Histogram of the timeline"));
    setAccessibleDescription(tr("Plus and minus zoom, left and right move, Home shows all."));
}

void Histogram::setHours(std::vector<case_file::HourCount> hours, std::map<std::int64_t, std::string> sources) {
    const bool first = m_hours.empty();
    m_hours = std::move(hours);
    m_sources = std::move(sources);
    make_series();
    // The logs' stretch is what one wants to see first; times of files reach back to the distribution's making.
    std::optional<std::int64_t> from, to, log_from, log_to;
    for (const auto& h : m_hours) {
        if (!from || h.hour < *from) from = h.hour;
        if (!to || h.hour > *to) to = h.hour;
        if (h.kind == 0) continue;
        if (!log_from || h.hour < *log_from) log_from = h.hour;
        if (!log_to || h.hour > *log_to) log_to = h.hour;
    }
    m_first = from.value_or(0) * k_hour_of_bars, m_last = (to.value_or(0) + 1) * k_hour_of_bars;
    m_silences.clear();
    std::int64_t before = log_from.value_or(0);
    for (const auto& h : m_hours) {
        if (h.kind == 0) continue;
        if (h.hour - before > 24) m_silences.emplace_back((before + 1) * k_hour_of_bars, h.hour * k_hour_of_bars);
        before = std::max(before, h.hour);
    }
    m_log_first = log_from ? *log_from * k_hour_of_bars : m_first, m_log_last = log_to ? (*log_to + 1) * k_hour_of_bars : m_last;
    if (first) m_touched = false;
    if (m_touched || m_hours.empty()) count();
    else show_first();
}

// Times of files lie below, then the sources of which there is most.
void Histogram::make_series() {
    std::map<std::string, std::int64_t> totals;
    for (const auto& h : m_hours) totals[h.kind == 0 ? "fs" : m_sources[h.kind]] += h.count;
    m_series.clear();
    for (const auto& [name, total] : totals) m_series.push_back(name);
    std::sort(m_series.begin(), m_series.end(), [&](const auto& a, const auto& b) { return (a == "fs") != (b == "fs") ? a == "fs" : totals[a] > totals[b]; });
    m_series_of.clear();
    const auto place_of = [&](const std::string& name) { return static_cast<std::size_t>(std::find(m_series.begin(), m_series.end(), name) - m_series.begin()); };
    m_series_of[0] = place_of("fs");
    for (const auto& [kind, source] : m_sources) m_series_of[kind] = place_of(source);
}

// The stretch of the logs and of what was found.
void Histogram::show_first() {
    auto start = m_log_first, end = m_log_last;
    for (const auto& marker : m_markers)
        if (marker.time.seconds >= m_first && marker.time.seconds <= m_last) start = std::min(start, marker.time.seconds), end = std::max(end, marker.time.seconds);
    const auto margin = std::max<std::int64_t>((end - start) / 40, k_hour_of_bars);
    show_range(start - margin, end + margin);
    m_touched = false;
}

void Histogram::setMarkers(std::vector<FindingMarker> markers) {
    m_markers = std::move(markers);
    std::stable_sort(m_markers.begin(), m_markers.end(), [](const auto& a, const auto& b) { return a.severity < b.severity; });  // the gravest on top
    if (m_touched || m_hours.empty()) update();
    else show_first();
}

void Histogram::setShown(bool files, std::optional<std::set<std::int64_t>> kinds) {
    m_files = files, m_kinds = std::move(kinds);
    count();
}

void Histogram::setSteps(std::int64_t from, std::int64_t to, std::int64_t step, std::vector<case_file::StepCount> counts) {
    m_steps_from = from, m_steps_to = to, m_steps_step = step, m_steps = std::move(counts);
    count();
}

bool Histogram::is_exact() const { return m_bar_step >= k_hour_of_bars || (m_steps_step == m_bar_step && m_steps_from <= m_bar_from && m_steps_to >= m_to); }

void Histogram::setFindingTimes(std::vector<FindingTime> times) {
    m_finding_times = std::move(times);
    std::sort(m_finding_times.begin(), m_finding_times.end(), [](const auto& a, const auto& b) { return a.s < b.s; });
    count();
}

void Histogram::setStacking(Stacking stacking) {
    m_stacking = stacking;
    count();
}

void Histogram::setListed(std::int64_t from, std::int64_t step, std::optional<std::vector<case_file::StepCount>> counts) {
    m_listed_from = from, m_listed_step = step, m_listed = std::move(counts);
    update();
}

void Histogram::setCursor(std::optional<base::Timestamp> time) {
    m_cursor = time;
    update();
}
void Histogram::setBrush(std::optional<std::pair<std::int64_t, std::int64_t>> range) {
    m_brush = range;
    update();
}
void Histogram::setTimeFormat(const TimeFormat& format) {
    m_format = format;
    update();
}

QRectF Histogram::plot() const { return QRectF(k_bars_left, k_bars_top + k_legend, std::max(1, width() - k_bars_left - k_bars_right), std::max(1, height() - k_bars_top - k_bars_bottom - k_legend)); }
double Histogram::x_of(std::int64_t s) const { return plot().left() + plot().width() * static_cast<double>(s - m_from) / static_cast<double>(m_to - m_from); }
std::int64_t Histogram::time_at(double x) const { return m_from + static_cast<std::int64_t>((x - plot().left()) / plot().width() * static_cast<double>(m_to - m_from)); }

std::int64_t Histogram::step() const {
    const double wanted = static_cast<double>(m_to - m_from) / (plot().width() / k_bar);
    for (const auto step : k_steps)
        if (static_cast<double>(step) >= wanted) return step;
    return k_steps.back();
}

void Histogram::show_range(std::int64_t from, std::int64_t to) {
    constexpr std::int64_t k_least = 60, k_most = 400ll * 365 * k_day_of_bars;
    const auto length = std::clamp<std::int64_t>(to - from, k_least, k_most);
    m_from = std::clamp(from, m_first - length, m_last);
    m_to = m_from + length;
    m_touched = true;
    count();
    Q_EMIT stretchChanged();
}

void Histogram::bring(std::int64_t s) {
    const auto at = std::clamp(s, m_first, m_last);
    if (at >= m_from && at <= m_to) return;
    const auto half = (m_to - m_from) / 2;
    show_range(at - half, at + half);
}

void Histogram::show_all() { show_range(m_first, m_last); }

void Histogram::zoom(double factor, double at) {
    const double length = static_cast<double>(m_to - m_from), middle = static_cast<double>(m_from) + length * at;
    show_range(static_cast<std::int64_t>(middle - length * factor * at), static_cast<std::int64_t>(middle + length * factor * (1 - at)));
}

void Histogram::pan(double share) {
    const auto by = static_cast<std::int64_t>(static_cast<double>(m_to - m_from) * share);
    show_range(m_from + by, m_to + by);
}

bool Histogram::is_shown(std::int64_t kind) const { return kind == 0 ? m_files : !m_kinds || m_kinds->contains(kind); }

void Histogram::count() {
    m_bar_step = step();
    m_bar_from = floor_to(m_from, m_bar_step);
    const auto bars = static_cast<std::size_t>((m_to - m_bar_from) / m_bar_step + 1);
    const bool by_source = m_stacking == Stacking::source;
    m_bars.assign(bars, std::vector<std::int64_t>(by_source ? m_series.size() : k_severities + 1, 0));
    const auto add = [&](std::int64_t s, std::int64_t kind, std::int64_t number) {
        if (s < m_bar_from || !is_shown(kind)) return;
        const auto bar = static_cast<std::size_t>((s - m_bar_from) / m_bar_step);
        const auto series = m_series_of.find(kind);
        if (bar < bars && series != m_series_of.end() && series->second < m_series.size()) m_bars[bar][by_source ? series->second : 0] += number;
    };
    if (m_bar_step < k_hour_of_bars && is_exact()) {
        for (const auto& c : m_steps) add(m_steps_from + c.place * m_steps_step, c.kind, c.count);
    } else {
        const auto parts = std::max<std::int64_t>(1, k_hour_of_bars / m_bar_step);  // an hour not yet looked into is spread evenly
        auto at = std::lower_bound(m_hours.begin(), m_hours.end(), floor_to(m_bar_from, k_hour_of_bars) / k_hour_of_bars, [](const auto& h, std::int64_t hour) { return h.hour < hour; });
        for (; at != m_hours.end() && at->hour * k_hour_of_bars < m_to; ++at)
            for (std::int64_t part = 0; part < parts; ++part) add(at->hour * k_hour_of_bars + part * m_bar_step, at->kind, at->count * (part + 1) / parts - at->count * part / parts);
    }
    if (!by_source) count_severities();
    m_most = 0;
    for (const auto& bar : m_bars) m_most = std::max(m_most, std::accumulate(bar.begin(), bar.end(), std::int64_t{0}));
    update();
}

// Series 0 is what no finding rests on, then the severities from info up.
void Histogram::count_severities() {
    auto at = std::lower_bound(m_finding_times.begin(), m_finding_times.end(), m_bar_from, [](const auto& time, std::int64_t s) { return time.s < s; });
    for (; at != m_finding_times.end() && at->s < m_to; ++at) {
        auto& bar = m_bars[static_cast<std::size_t>((at->s - m_bar_from) / m_bar_step)];
        if (bar[0] > 0) --bar[0];
        ++bar[1 + static_cast<std::size_t>(at->severity)];
    }
}

QString Histogram::series_name(std::size_t series) const {
    if (m_stacking == Stacking::severity) return series == 0 ? tr("no finding") : severity_text(static_cast<plugin::Severity>(series - 1));
    return source_name(m_series[series]);
}

QColor Histogram::series_colour(std::size_t series) const {
    if (m_stacking == Stacking::severity) return series == 0 ? colours().series.front() : severity_colour(static_cast<plugin::Severity>(series - 1));
    return colours().series[series % colours().series.size()];
}

// A root's scale: a single event stays visible beside the ten thousand of an upgrade; so does a single finding.
std::vector<double> Histogram::heights(const std::vector<std::int64_t>& bar) const {
    std::vector<double> parts(bar.size(), 0);
    const auto sum = static_cast<double>(std::accumulate(bar.begin(), bar.end(), std::int64_t{0}));
    if (sum == 0) return parts;
    const double height = std::max(2.0, std::sqrt(sum / static_cast<double>(m_most)) * plot().height());
    for (std::size_t series = 0; series < bar.size(); ++series) {
        if (bar[series] == 0) continue;
        parts[series] = height * static_cast<double>(bar[series]) / sum;
        if (m_stacking == Stacking::severity && series > 0) parts[series] = std::max(parts[series], 4.0);
    }
    return parts;
}

void Histogram::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const QRectF area = plot();
    painter.fillRect(rect(), palette().base());
    if (m_hours.empty()) {
        painter.setPen(colours().quiet);
        return painter.drawText(rect(), Qt::AlignCenter, tr("The timeline is empty"));
    }
    paint_silences(painter);
    painter.save();
    painter.setClipRect(area);
    paint_bars(painter);
    paint_selection(painter);
    painter.restore();
    paint_axis(painter);
    paint_markers(painter);
    if (m_most == 0) {
        painter.setPen(colours().quiet);
        painter.drawText(area, Qt::AlignCenter, tr("No records in this stretch. Home shows all of the time."));
    }
    if (hasFocus()) {
        painter.setPen(palette().color(QPalette::Highlight));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

// Silences of the logs, hatched.
void Histogram::paint_silences(QPainter& painter) const {
    const QRectF area = plot();
    for (const auto& [from, to] : m_silences) {
        const double left = std::max(x_of(from), area.left()), right = std::min(x_of(to), area.right());
        if (right - left < 2) continue;
        painter.fillRect(QRectF(left, area.top(), right - left, area.height()), QBrush(colours().line, Qt::BDiagPattern));
        const auto text = tr("no logs");
        painter.setPen(colours().quiet);
        if (right - left > painter.fontMetrics().horizontalAdvance(text) + 12) painter.drawText(QRectF(left, area.top(), right - left, 20), Qt::AlignCenter, text);
    }
}

void Histogram::paint_bars(QPainter& painter) const {
    const QRectF area = plot();
    const double bar_width = std::max(1.0, area.width() * static_cast<double>(m_bar_step) / static_cast<double>(m_to - m_from) - 1);
    for (std::size_t bar = 0; bar < m_bars.size(); ++bar) {
        const double x = x_of(m_bar_from + static_cast<std::int64_t>(bar) * m_bar_step);
        const auto parts = heights(m_bars[bar]);
        double top = area.bottom();
        for (std::size_t series = 0; series < parts.size(); ++series) {
            if (parts[series] == 0) continue;
            QColor colour = series_colour(series);
            if (m_listed) colour.setAlphaF(0.35F);
            painter.fillRect(QRectF(x, top - parts[series], bar_width, parts[series]), colour);
            top -= parts[series];
        }
    }
    if (!m_listed || m_listed_step <= 0) return;
    const double width = std::max(2.0, area.width() * static_cast<double>(m_listed_step) / static_cast<double>(m_to - m_from) - 1);
    for (const auto& c : *m_listed) {
        const double height = m_most == 0 ? 0 : std::sqrt(static_cast<double>(c.count) / static_cast<double>(m_most)) * area.height();
        painter.fillRect(QRectF(x_of(m_listed_from + c.place * m_listed_step), area.bottom() - std::max(3.0, std::min(height, area.height())), width, area.height()), palette().highlight());
    }
}

// What is brushed, and where one is.
void Histogram::paint_selection(QPainter& painter) const {
    const QRectF area = plot();
    if (m_brush) {
        QColor fill = palette().color(QPalette::Highlight);
        fill.setAlpha(50);
        const double left = x_of(m_brush->first), right = x_of(m_brush->second + 1);
        painter.fillRect(QRectF(left, area.top(), std::max(1.0, right - left), area.height()), fill);
        painter.setPen(palette().color(QPalette::Highlight));
        painter.drawLine(QPointF(left, area.top()), QPointF(left, area.bottom()));
        painter.drawLine(QPointF(right, area.top()), QPointF(right, area.bottom()));
    }
    if (!m_cursor) return;
    painter.setPen(QPen(palette().color(QPalette::Text), 1));
    const double x = x_of(m_cursor->seconds);
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
}

void Histogram::paint_axis(QPainter& painter) const {
    const QRectF area = plot();
    painter.setPen(colours().line);
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    painter.setPen(colours().quiet);
    // A label about every 130 pixels, at a round time of the zone.
    const double wanted = static_cast<double>(m_to - m_from) / std::max(1.0, area.width() / 150);
    std::int64_t step = k_steps.back();
    for (const auto one : k_steps)
        if (static_cast<double>(one) >= wanted) {
            step = one;
            break;
        }
    const auto offset = m_format.offset_at(m_from);
    const QRectF line(0, area.bottom() + 2, 0, k_bars_bottom - 2);
    for (auto at = floor_to(m_from + offset, step) + step - offset; at < m_to; at += step) {
        const double x = x_of(at);
        painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + 3));
        const auto text = m_format.short_text({at, 0});
        const auto label = step >= k_day_of_bars ? text.left(10) : step >= 60 ? text.left(16) : text;
        // Beside its mark at the edges rather than cut.
        const double wide = painter.fontMetrics().horizontalAdvance(label) + 2;
        const double left = std::clamp(x - wide / 2, 0.0, std::max(0.0, width() - wide));
        painter.drawText(QRectF(left, line.top(), wide, line.height()), Qt::AlignHCenter | Qt::AlignTop, label);
    }
    // The legend, in the order in which they are stacked.
    double x = area.left();
    const std::size_t all = m_bars.empty() ? 0 : m_bars.front().size();
    for (std::size_t series = 0; series < all; ++series) {
        const auto name = series_name(series);
        const auto width = painter.fontMetrics().horizontalAdvance(name);
        if (x + width + 24 > area.right() - 220) break;
        painter.fillRect(QRectF(x, 5, 10, 10), series_colour(series));
        painter.drawText(QRectF(x + 14, 0, width + 4, 20), Qt::AlignVCenter, name);
        x += width + 30;
    }
    if (m_most > 0) painter.drawText(QRectF(area.right() - 220, 0, 220, 20), Qt::AlignRight | Qt::AlignVCenter, tr("at most %1 in %2").arg(count_text(m_most), duration_text(m_bar_step)));
}

void Histogram::paint_markers(QPainter& painter) const {
    const QRectF area = plot();
    for (const auto& marker : m_markers) {
        const double x = x_of(marker.time.seconds);
        if (x < area.left() || x > area.right()) continue;
        painter.setPen(QPen(severity_colour(marker.severity), 1, Qt::DotLine));
        if (marker.severity >= plugin::Severity::high) painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
        paint_severity(painter, QRectF(x - k_sign / 2.0, area.top() - k_sign - 3, k_sign, k_sign), marker.severity);
    }
}

const FindingMarker* Histogram::marker_at(const QPointF& point) const {
    const QRectF area = plot();
    if (point.y() < area.top() - k_sign - 6 || point.y() > area.top()) return nullptr;
    for (auto marker = m_markers.rbegin(); marker != m_markers.rend(); ++marker)
        if (std::abs(x_of(marker->time.seconds) - point.x()) <= k_sign / 2.0 + 1) return &*marker;
    return nullptr;
}

void Histogram::mousePressEvent(QMouseEvent* event) {
    if (const auto* marker = marker_at(event->position())) return Q_EMIT findingChosen(own(marker->id));
    m_press = event->position().x();
    m_panning = event->button() == Qt::MiddleButton || (event->modifiers() & Qt::ShiftModifier) != 0;
    m_dragged = false;
}

void Histogram::mouseMoveEvent(QMouseEvent* event) {
    if (!m_press) return;
    const double x = event->position().x();
    if (!m_dragged && std::abs(x - *m_press) < 4) return;
    m_dragged = true;
    if (m_panning) {
        const auto by = time_at(*m_press) - time_at(x);
        m_press = x;
        return show_range(m_from + by, m_to + by);
    }
    setBrush(std::pair(time_at(std::min(x, *m_press)), time_at(std::max(x, *m_press))));
}

void Histogram::mouseReleaseEvent(QMouseEvent*) {
    const bool brushing = m_press && !m_panning;
    m_press.reset();
    if (!brushing) return;
    if (m_dragged && m_brush) return Q_EMIT brushed(m_brush->first, m_brush->second);
    if (m_brush) {
        setBrush(std::nullopt);
        Q_EMIT brushCleared();
    }
}

void Histogram::mouseDoubleClickEvent(QMouseEvent* event) { zoom(0.25, std::clamp((event->position().x() - plot().left()) / plot().width(), 0.0, 1.0)); }

void Histogram::wheelEvent(QWheelEvent* event) {
    if (event->angleDelta().y() != 0) zoom(event->angleDelta().y() > 0 ? 0.8 : 1.25, std::clamp((event->position().x() - plot().left()) / plot().width(), 0.0, 1.0));
    else pan(event->angleDelta().x() > 0 ? -0.1 : 0.1);
    event->accept();
}

void Histogram::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Plus: return zoom(0.5, 0.5);
        case Qt::Key_Minus: return zoom(2, 0.5);
        case Qt::Key_Left: return pan(-0.2);
        case Qt::Key_Right: return pan(0.2);
        case Qt::Key_Home: return show_all();
        default: QWidget::keyPressEvent(event);
    }
}

void Histogram::resizeEvent(QResizeEvent*) {
    count();
    Q_EMIT stretchChanged();
}

bool Histogram::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    if (const auto* marker = marker_at(help->pos())) {
        QToolTip::showText(help->globalPos(), QStringLiteral("%1: %2\n%3").arg(severity_text(marker->severity), marker->title, m_format.text(marker->time)).toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>")));
        return true;
    }
    const auto at = time_at(help->pos().x());
    if (at < m_bar_from || !plot().contains(help->pos())) return QToolTip::hideText(), true;
    const auto bar = static_cast<std::size_t>((at - m_bar_from) / m_bar_step);
    if (bar >= m_bars.size()) return true;
    QString text = m_format.text({m_bar_from + static_cast<std::int64_t>(bar) * m_bar_step, 0});
    for (std::size_t series = 0; series < m_bars[bar].size(); ++series)
        if (m_bars[bar][series] > 0) text += QStringLiteral("\n%1: %2").arg(series_name(series), count_text(m_bars[bar][series]));
    QToolTip::showText(help->globalPos(), text);
    return true;
}

}  // namespace deadbox::gui
