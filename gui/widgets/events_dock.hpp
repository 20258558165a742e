// The dock: what happened around the selection, some minutes before and after.
#pragma once

#include <QAbstractTableModel>
#include <QWidget>

#include <optional>
#include <vector>

#include "gui/models/case_session.hpp"
#include "gui/models/link.hpp"
#include "gui/models/paged_model.hpp"
#include "gui/models/time_format.hpp"
#include "report/timeline_lines.hpp"

class QSpinBox;

namespace deadbox::gui {

class Frame;
class PlainLabel;
class TableView;

// Lines that are all in memory.
class LineModel : public QAbstractTableModel {
    Q_OBJECT
public:
    explicit LineModel(QObject* parent = nullptr);
    void setLines(std::vector<report::TimelineLine> lines);
    void setTimeFormat(const TimeFormat& format);
    const std::vector<report::TimelineLine>& lines() const { return m_lines; }
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<report::TimelineLine> m_lines;
    std::vector<ColumnSpec> m_columns;
    TimeFormat m_format;
};

class EventsDock : public QWidget {
    Q_OBJECT
public:
    explicit EventsDock(Frame& frame, QWidget* parent);
    // The events around the link's time. A link without one leaves the dock as it is, and says so.
    void follow(const Link& link);
    void zoneChanged();

private:
    void load();
    Frame& m_frame;
    LineModel* m_model;
    TableView* m_table;
    PlainLabel* m_title;
    QSpinBox* m_minutes;
    std::optional<base::Timestamp> m_time;
    Ticket m_ticket;
};

}  // namespace deadbox::gui
