// The rows of one table of a topic, in an order and with a filter that the store makes.
#pragma once

#include "case/view_facts.hpp"
#include "gui/models/paged_model.hpp"
#include "gui/models/time_format.hpp"

namespace deadbox::gui {

class FactModel : public PagedModel {
    Q_OBJECT
public:
    using PagedModel::PagedModel;
    void setTable(CaseSession* session, const plugin::TableDef* table);
    void setFilter(const QString& text);
    void sort(int column, Qt::SortOrder order) override;
    void reload();
    void setTimeFormat(const TimeFormat& format);
    const plugin::TableDef* table() const { return m_query.table; }
    const case_file::FactRow* row(std::int64_t row) const { return m_cache.find(row); }
    // Place of the row with this id, -1 where it is not among them.
    std::int64_t place_of(std::int64_t id) const;
    // A column's cell as the list and the card show it.
    QVariant value(const case_file::FactRow& row, int column, int role) const;

Q_SIGNALS:
    void loaded();

protected:
    bool has(std::int64_t row) const override { return m_cache.find(row) != nullptr; }
    QVariant cell(std::int64_t row, int column, int role) const override;
    Ticket fetch(std::int64_t first, std::int64_t count) override;

private:
    QPointer<CaseSession> m_session;
    case_file::FactQuery m_query;
    std::vector<std::int64_t> m_ids;
    RowCache<case_file::FactRow> m_cache;
    TimeFormat m_format;
    Ticket m_loading;
};

// What a value in a column of this name can be gone to.
Link link_of(std::string_view column, const case_file::FactValue& value);

}  // namespace deadbox::gui
