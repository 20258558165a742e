// The timeline as a table of any length.
#pragma once

#include <memory>

#include "case/view_timeline_index.hpp"
#include "gui/models/paged_model.hpp"
#include "gui/models/time_format.hpp"
#include "report/timeline_lines.hpp"

namespace deadbox::gui {

class TimelineModel : public PagedModel {
    Q_OBJECT
public:
    enum Column : int { k_time, k_source, k_type, k_message, k_user, k_address, k_process, k_path, k_finding, k_columns };

    explicit TimelineModel(QObject* parent = nullptr);
    ~TimelineModel() override;
    // Begins anew; the rows come as they are found. nullptr: an empty table.
    void setQuery(CaseSession* session, const case_file::TimelineQuery& query);
    const case_file::TimelineQuery& query() const { return m_query; }
    void setTimeFormat(const TimeFormat& format);
    // found(row) for the first row at or behind the time.
    void find(base::Timestamp time, std::function<void(std::int64_t)> found);
    // counted(rows of a list by step); not asked for a query whose totals are known by hour.
    void countListed(std::int64_t from, std::int64_t to, std::int64_t step, std::function<void(std::vector<case_file::StepCount>)> counted);
    // nullptr while it is not loaded.
    const report::TimelineLine* line(std::int64_t row) const;
    std::optional<base::Timestamp> time_of(std::int64_t row) const;
    bool is_listing() const { return m_listing; }

Q_SIGNALS:
    // Rows are still being listed, or all are there; `cut`: there are more than a list holds.
    void listed(bool complete, bool cut);

protected:
    bool has(std::int64_t row) const override { return m_cache.find(row) != nullptr; }
    QVariant cell(std::int64_t row, int column, int role) const override;
    Ticket fetch(std::int64_t first, std::int64_t count) override;

private:
    void drop();
    void open();
    void list_more();
    void prepare();  // what the next questions need is made while nobody asks

    QPointer<CaseSession> m_session;
    case_file::TimelineQuery m_query;
    std::int64_t m_key = 0;    // of the index, which the reading thread keeps
    std::int64_t m_plain = 0;  // of the last one of a plain query: what it knows of hours is taken over by the next
    RowCache<report::TimelineLine> m_cache;
    TimeFormat m_format;
    Ticket m_opening;
    bool m_listing = false;
};

// The first line that a row makes, with what happened in the window's language.
base::Result<report::TimelineLine> first_line(CaseReader& reader, const case_file::TimelineRow& row);
// The column's cell of a line: also for tables of few lines that are all in memory.
QVariant timeline_cell(const report::TimelineLine& line, int column, int role, const TimeFormat& format);
std::vector<ColumnSpec> timeline_columns();

}  // namespace deadbox::gui
