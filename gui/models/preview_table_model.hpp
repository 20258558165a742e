// A table of a preview: rows come a page at a time as one scrolls down.
#pragma once

#include <QAbstractTableModel>

#include "gui/models/preview_answer.hpp"
#include "gui/models/time_format.hpp"

namespace deadbox::gui {

class PreviewTableModel final : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;
    static constexpr std::size_t k_most = 100'000;  // rows that are kept

    // What may hold words of ours, which are translated: nothing of a table of the evidence, the headings of a list of such tables.
    enum class OwnWords : std::uint8_t { none, headings, all };
    // after: where the next page begins, -1: nowhere.
    void set_table(PreviewTable table, qint64 after, OwnWords own_words);
    void clear() { set_table({}, -1, OwnWords::none); }
    void add_rows(PreviewTable page, qint64 after);
    void stop_asking() { m_after = -1, m_asked = false; }  // there is no more
    void ask_later() { m_asked = false; }                   // not now
    void set_time_format(const TimeFormat& format);
    qint64 after() const { return m_after; }
    const std::string& name() const { return m_table.name; }
    qint64 rows_in_all() const { return m_table.rows; }
    const PreviewCell* cell(int row, int column) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

Q_SIGNALS:
    void wanted(qint64 after);

private:
    QString text(const PreviewCell& cell, preview::Form form) const;

    PreviewTable m_table;
    qint64 m_after = -1;
    OwnWords m_own_words = OwnWords::none;
    bool m_asked = false;
    TimeFormat m_format;
};

}  // namespace deadbox::gui
