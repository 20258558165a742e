#include "gui/widgets/events_dock.hpp"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSpinBox>
#include <QVBoxLayout>

#include "gui/models/timeline_model.hpp"
#include "gui/pages/page.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/table_view.hpp"

namespace deadbox::gui {
namespace {
constexpr std::size_t k_most = 2000;  // lines in the dock
}

LineModel::LineModel(QObject* parent) : QAbstractTableModel(parent), m_columns(timeline_columns()) {}

void LineModel::setLines(std::vector<report::TimelineLine> lines) {
    beginResetModel();
    m_lines = std::move(lines);
    endResetModel();
}

void LineModel::setTimeFormat(const TimeFormat& format) {
    m_format = format;
    if (!m_lines.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, 0));
}

int LineModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_lines.size()); }
int LineModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_columns.size()); }

QVariant LineModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    if (role == Qt::TextAlignmentRole) return QVariant::fromValue(m_columns[static_cast<std::size_t>(index.column())].alignment);
    return timeline_cell(m_lines[static_cast<std::size_t>(index.row())], index.column(), role, m_format);
}

QVariant LineModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation == Qt::Horizontal && role == Qt::DisplayRole && section >= 0 && section < columnCount()) return m_columns[static_cast<std::size_t>(section)].title;
    return {};
}

EventsDock::EventsDock(Frame& frame, QWidget* parent) : QWidget(parent), m_frame(frame), m_model(new LineModel(this)), m_table(new TableView(QStringLiteral("events_around"), frame, this)),
      m_title(new PlainLabel(tr("Select something with a time."), TextWeight::quiet, this)), m_minutes(new QSpinBox(this)) {
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Events around the selection"));
    if (m_table->columnWidth(0) < 170) m_table->setColumnWidth(0, 176), m_table->setColumnWidth(2, 170), m_table->setColumnWidth(3, 420);
    m_minutes->setRange(1, 1440);
    m_minutes->setValue(5);
    m_minutes->setPrefix(QStringLiteral("± "));
    m_minutes->setSuffix(tr(" min"));
    m_minutes->setAccessibleName(tr("Minutes before and after"));
    auto* row = new QHBoxLayout;
    row->setContentsMargins(12, 4, 12, 4);
    row->addWidget(m_title, 1);
    row->addWidget(m_minutes);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addLayout(row);
    all->addWidget(m_table, 1);
    setMinimumHeight(160);
    connect(m_minutes, &QSpinBox::valueChanged, this, &EventsDock::load);
    connect(m_table, &TableView::opened, this, [this](const Link& link) { m_frame.go(link); });
}

void EventsDock::follow(const Link& link) {
    m_time = link.time;
    load();
}

void EventsDock::zoneChanged() {
    m_model->setTimeFormat(m_frame.time_format());
    load();
}

void EventsDock::load() {
    m_ticket.cancel();
    if (!isVisible()) return;
    if (m_frame.session() == nullptr || !m_time) {
        m_model->setLines({});
        m_title->setText(tr("Select something with a time."));
        return;
    }
    const std::int64_t around = std::int64_t{m_minutes->value()} * 60;
    const base::Timestamp from{m_time->seconds - around, 0}, to{m_time->seconds + around, 999'999'999};
    m_model->setTimeFormat(m_frame.time_format());
    m_ticket = m_frame.session()->ask(Lane::rows, this, [from, to](CaseReader& reader) -> base::Result<std::vector<report::TimelineLine>> {
        TRY_ASSIGN(const auto rows, case_file::rows_around(reader.view(), from, to, k_most));
        std::vector<report::TimelineLine> lines;
        for (const auto& row : rows) {
            TRY_ASSIGN(auto line, first_line(reader, row.row));
            lines.push_back(std::move(line));
        }
        return lines;
    }, [this](base::Result<std::vector<report::TimelineLine>> lines) {
        if (!lines) return m_title->setText(own(lines.error().what));
        const auto count = lines->size();
        const auto time = *m_time;
        int nearest = 0;
        for (std::size_t i = 0; i < count; ++i)
            if ((*lines)[i].time <= time) nearest = static_cast<int>(i);
        m_model->setLines(std::move(*lines));
        const auto number = count_text(static_cast<std::int64_t>(count));
        m_title->setText(count >= k_most ? tr("The first %1 around %2").arg(number, m_frame.time_format().text(time)) : tr("%1 around %2").arg(number, m_frame.time_format().text(time)));
        if (count > 0) {
            m_table->setCurrentIndex(m_model->index(nearest, 0));
            m_table->scrollTo(m_model->index(nearest, 0), QAbstractItemView::PositionAtCenter);
        }
    });
}

}  // namespace deadbox::gui
