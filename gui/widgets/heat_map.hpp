// Activity by day and hour: one square an hour, darker where more happened.
#pragma once

#include <QWidget>

#include <vector>

#include "base/timestamp.hpp"
#include "case/view_timeline_index.hpp"

namespace deadbox::gui {

class HeatMap : public QWidget {
    Q_OBJECT
public:
    explicit HeatMap(QWidget* parent = nullptr);
    // offset: seconds to add to UTC.
    void setHours(const std::vector<case_file::HourCount>& hours, std::int64_t offset);
    QSize sizeHint() const override;
    bool hasActivity() const { return m_most > 0; }

Q_SIGNALS:
    void chosen(deadbox::base::Timestamp time);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    int columns() const;
    QRectF cell(int column, int hour) const;
    // -1 where there is none.
    std::pair<int, int> at(const QPointF& point) const;
    std::int64_t m_first_day = 0, m_days = 0, m_most = 0, m_offset = 0;
    std::vector<std::int64_t> m_counts;  // of day * 24 + hour
};

}  // namespace deadbox::gui
