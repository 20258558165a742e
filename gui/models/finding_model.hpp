// The findings of a case in groups, filtered as one types.
#pragma once

#include <QAbstractItemModel>

#include <vector>

#include "gui/models/paged_model.hpp"
#include "gui/models/time_format.hpp"
#include "report/model.hpp"

namespace deadbox::gui {

enum class Grouping : std::uint8_t { severity, topic, phase, state };

class FindingModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column : int { k_title, k_first, k_columns };
    using QAbstractItemModel::QAbstractItemModel;

    void setFindings(std::vector<report::ReportFinding> findings);
    void setFilter(const QString& text);
    void setGrouping(Grouping grouping);
    void setTimeFormat(const TimeFormat& format);
    const std::vector<report::ReportFinding>& findings() const { return m_findings; }
    const report::ReportFinding* with_id(std::string_view id) const;
    // nullptr for a group.
    const report::ReportFinding* at(const QModelIndex& index) const;
    QModelIndex index_of(std::string_view id) const;
    int shown_count() const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& = {}) const override { return k_columns; }
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Group {
        std::string key;
        QString title;
        int severity = -1;
        std::vector<std::size_t> findings;
    };
    void arrange();
    bool wanted(const report::ReportFinding& finding) const;
    Group group_of(const report::ReportFinding& finding) const;
    QVariant group_data(const Group& group, int column, int role) const;

    std::vector<report::ReportFinding> m_findings;
    std::vector<Group> m_groups;
    QString m_filter;
    Grouping m_grouping = Grouping::severity;
    TimeFormat m_format;
};

}  // namespace deadbox::gui
