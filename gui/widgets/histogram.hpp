// How much happened when: bars over the visible stretch of time, stacked by source or by the severity of the findings that
// rest on the records. The wheel zooms, dragging brushes a range, findings stand above as their severity's sign, and
// stretches without any log are hatched.
#pragma once

#include <QWidget>

#include <map>
#include <optional>
#include <vector>

#include "case/view_timeline_index.hpp"
#include "gui/models/time_format.hpp"
#include "plugin/finding.hpp"

namespace deadbox::gui {

struct FindingMarker {
    std::string id;
    QString title;
    plugin::Severity severity = plugin::Severity::info;
    base::Timestamp time;
};

// A record that a finding rests on.
struct FindingTime {
    std::int64_t s = 0;
    plugin::Severity severity = plugin::Severity::info;
};
enum class Stacking : std::uint8_t { source, severity };

class Histogram : public QWidget {
    Q_OBJECT
public:
    explicit Histogram(QWidget* parent = nullptr);
    void setHours(std::vector<case_file::HourCount> hours, std::map<std::int64_t, std::string> sources);
    void setMarkers(std::vector<FindingMarker> markers);
    void setFindingTimes(std::vector<FindingTime> times);
    void setStacking(Stacking stacking);
    // Finer than hours, for [from, to): what stretchChanged() asked for. Until it is there, hours stand spread over their bars.
    void setSteps(std::int64_t from, std::int64_t to, std::int64_t step, std::vector<case_file::StepCount> counts);
    // Are the bars counted as finely as they are drawn?
    bool is_exact() const;
    // Only these kinds are counted; nothing: all. files: times of files too.
    void setShown(bool files, std::optional<std::set<std::int64_t>> kinds);
    // What a filter left, drawn over the rest; nothing: there is no such filter.
    void setListed(std::int64_t from, std::int64_t step, std::optional<std::vector<case_file::StepCount>> counts);
    void setCursor(std::optional<base::Timestamp> time);
    void setBrush(std::optional<std::pair<std::int64_t, std::int64_t>> range);
    void setTimeFormat(const TimeFormat& format);
    std::int64_t from() const { return m_from; }
    std::int64_t to() const { return m_to; }
    std::int64_t step() const;
    void show_range(std::int64_t from, std::int64_t to);
    void show_all();
    // Moves to where this moment is seen, or the nearest that has records.
    void bring(std::int64_t s);
    void zoom(double factor, double at);  // at: 0 left edge .. 1 right edge
    void pan(double share);
    QSize sizeHint() const override { return {640, 150}; }
    // Stretches of a day and more in which no log says anything, between the first and the last that do.
    const std::vector<std::pair<std::int64_t, std::int64_t>>& silences() const { return m_silences; }

Q_SIGNALS:
    void brushed(qint64 from, qint64 to);  // seconds, both included
    void brushCleared();
    void stretchChanged();                 // from(), to() and step() are others: finer counts may be wanted
    void findingChosen(const QString& id);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;

private:
    QRectF plot() const;
    double x_of(std::int64_t s) const;
    std::int64_t time_at(double x) const;
    bool is_shown(std::int64_t kind) const;
    void make_series();
    void count();
    void count_severities();
    QString series_name(std::size_t series) const;
    QColor series_colour(std::size_t series) const;
    std::vector<double> heights(const std::vector<std::int64_t>& bar) const;
    void paint_silences(QPainter& painter) const;
    void paint_bars(QPainter& painter) const;
    void paint_selection(QPainter& painter) const;
    void show_first();
    void paint_axis(QPainter& painter) const;
    void paint_markers(QPainter& painter) const;
    const FindingMarker* marker_at(const QPointF& point) const;

    std::vector<case_file::HourCount> m_hours;
    std::map<std::int64_t, std::string> m_sources;
    Stacking m_stacking = Stacking::source;
    std::vector<std::string> m_series;                 // sources, in the order in which they are stacked
    std::map<std::int64_t, std::size_t> m_series_of;   // a kind's
    std::vector<FindingTime> m_finding_times;          // by time
    std::vector<FindingMarker> m_markers;
    std::vector<std::pair<std::int64_t, std::int64_t>> m_silences;
    bool m_files = true;
    std::optional<std::set<std::int64_t>> m_kinds;
    std::int64_t m_from = 0, m_to = 1, m_first = 0, m_last = 1;
    std::vector<std::vector<std::int64_t>> m_bars;     // by place, then series
    std::int64_t m_bar_from = 0, m_bar_step = 3600, m_most = 0;
    std::vector<case_file::StepCount> m_steps;         // finer counts, of [m_steps_from, ...)
    std::int64_t m_steps_from = 0, m_steps_to = 0, m_steps_step = 0;
    std::optional<std::vector<case_file::StepCount>> m_listed;
    std::int64_t m_listed_from = 0, m_listed_step = 0;
    std::optional<base::Timestamp> m_cursor;
    std::optional<std::pair<std::int64_t, std::int64_t>> m_brush;
    std::optional<double> m_press;
    bool m_panning = false, m_dragged = false;
    bool m_touched = false;  // the stretch was chosen by somebody
    std::int64_t m_log_first = 0, m_log_last = 0;
    TimeFormat m_format;
};

}  // namespace deadbox::gui
