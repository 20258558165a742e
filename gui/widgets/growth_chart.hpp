// How the room in use grew: the sizes of the files that are still there, summed from the day of each on.
#pragma once

#include <QWidget>

#include <vector>

#include "base/timestamp.hpp"
#include "case/view_usage.hpp"

namespace deadbox::gui {

class GrowthChart final : public QWidget {
    Q_OBJECT
public:
    explicit GrowthChart(QWidget* parent = nullptr);
    void set_days(const std::vector<case_file::DayUsage>& days);
    QSize sizeHint() const override { return {320, 120}; }
    // The day under a place of the widget, -1: none.
    int day_at(int x) const;
    int days() const { return static_cast<int>(m_days.size()); }

Q_SIGNALS:
    void chosen(deadbox::base::Timestamp time);  // the beginning of a day

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    QRect plot() const;
    double x_of(std::int64_t day) const;
    std::vector<case_file::DayUsage> m_days;
    std::vector<std::int64_t> m_sums;  // of m_days
};

}  // namespace deadbox::gui
