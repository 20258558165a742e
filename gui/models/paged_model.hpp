// A table of any length whose rows are fetched a page at a time, by key and off the GUI thread. data() answers from the
// cache or with nothing ("…" is drawn), and asks for the page.
#pragma once

#include <QAbstractTableModel>

#include <list>
#include <unordered_map>
#include <vector>

#include "gui/models/case_session.hpp"
#include "gui/models/evidence_text.hpp"
#include "gui/models/link.hpp"

namespace deadbox::gui {

// Beside Qt's own.
enum Role : int {
    k_evidence_role = Qt::UserRole,  // EvidenceText: drawn in monospace, escapes quiet, cut in the middle
    k_link_role,                     // Link of the cell
    k_severity_role,                 // int as plugin::Severity: drawn as a pill
    k_loading_role,                  // bool: not there yet
    k_row_link_role,                 // Link of the whole row, same in every column
    k_quiet_role,                    // bool: drawn in the quiet colour
};

struct ColumnSpec {
    QString title, tip;
    int width = 120;  // pixels at 100 %
    Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter;
};

inline constexpr std::int64_t k_rows_a_page = 128;

class PagedModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : m_rows; }
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(m_columns.size()); }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    QVariant data(const QModelIndex& index, int role) const final;
    const std::vector<ColumnSpec>& columns() const { return m_columns; }
    bool is_loading() const { return !m_asked.empty(); }

Q_SIGNALS:
    void failed(const QString& what);
    void pageLoaded();

protected:
    // Is this row there? Then its cell; QVariant() for roles without a meaning.
    virtual bool has(std::int64_t row) const = 0;
    virtual QVariant cell(std::int64_t row, int column, int role) const = 0;
    // Asks for the rows [first, first + count); answers with arrived() or fetch_failed().
    virtual Ticket fetch(std::int64_t first, std::int64_t count) = 0;

    void set_columns(std::vector<ColumnSpec> columns) { m_columns = std::move(columns); }
    void arrived(std::int64_t first);
    void fetch_failed(std::int64_t first, const base::Error& error);
    // Everything is forgotten, and there are so many rows.
    void reset_rows(std::int64_t rows);
    void grow_rows(std::int64_t rows);
    void drop_questions();

private:
    void request(std::int64_t page) const;

    std::vector<ColumnSpec> m_columns;
    int m_rows = 0;
    mutable std::list<std::pair<std::int64_t, Ticket>> m_asked;  // pages under way, the oldest first
};

// Rows by their place, some pages of them.
template <class Row>
class RowCache {
public:
    const Row* find(std::int64_t row) const {
        const auto page = m_pages.find(row / k_rows_a_page);
        if (page == m_pages.end() || static_cast<std::size_t>(row % k_rows_a_page) >= page->second.size()) return nullptr;
        return &page->second[static_cast<std::size_t>(row % k_rows_a_page)];
    }
    void store(std::int64_t first, std::vector<Row> rows) {
        const auto page = first / k_rows_a_page;
        if (!m_pages.contains(page)) m_order.push_back(page);
        m_pages[page] = std::move(rows);
        while (m_order.size() > k_pages) m_pages.erase(m_order.front()), m_order.pop_front();
    }
    // Forgets the page of this row.
    void drop_page_of(std::int64_t row) {
        if (m_pages.erase(row / k_rows_a_page) > 0) m_order.remove(row / k_rows_a_page);
    }
    void clear() { m_pages.clear(), m_order.clear(); }

private:
    static constexpr std::size_t k_pages = 64;
    std::unordered_map<std::int64_t, std::vector<Row>> m_pages;
    std::list<std::int64_t> m_order;
};

}  // namespace deadbox::gui
