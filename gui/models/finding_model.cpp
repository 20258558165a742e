#include "gui/models/finding_model.hpp"

#include <algorithm>

#include <QFont>

#include "gui/models/own_texts.hpp"
#include "gui/widgets/severity.hpp"

namespace deadbox::gui {
namespace {

constexpr int k_minutes = 16;  // characters of a time without its seconds

std::string topic_of(const report::ReportFinding& finding) { return finding.rule.substr(0, finding.rule.find('/')); }

}  // namespace

void FindingModel::setFindings(std::vector<report::ReportFinding> findings) {
    beginResetModel();
    m_findings = std::move(findings);
    arrange();
    endResetModel();
}

void FindingModel::setFilter(const QString& text) {
    beginResetModel();
    m_filter = text;
    arrange();
    endResetModel();
}

void FindingModel::setGrouping(Grouping grouping) {
    beginResetModel();
    m_grouping = grouping;
    arrange();
    endResetModel();
}

void FindingModel::setTimeFormat(const TimeFormat& format) {
    beginResetModel();
    m_format = format;
    endResetModel();
}

bool FindingModel::wanted(const report::ReportFinding& f) const {
    // Every word must stand somewhere in the finding.
    for (const auto& word : m_filter.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const auto has = [&](const std::string& text) { return plain(text).contains(word, Qt::CaseInsensitive); };
        const bool found = has(f.title) || has(f.subject) || has(f.rule) || has(f.id) || state_text(f.state).contains(word, Qt::CaseInsensitive) || severity_text(f.severity).contains(word, Qt::CaseInsensitive) ||
                           std::any_of(f.tags.begin(), f.tags.end(), has) ||
                           std::any_of(f.items.begin(), f.items.end(), [&](const report::ReportItem& item) { return (item.path && has(*item.path)) || has(item.key) || has(item.sha256) || has(item.md5) || has(item.sha1); });
        if (!found) return false;
    }
    return true;
}

FindingModel::Group FindingModel::group_of(const report::ReportFinding& f) const {
    switch (m_grouping) {
        case Grouping::severity: return {std::string(1, static_cast<char>('9' - static_cast<int>(f.severity))), severity_text(f.severity), static_cast<int>(f.severity), {}};
        case Grouping::topic: return {topic_of(f), topic_name(topic_of(f)), -1, {}};
        case Grouping::phase: return {f.phase.empty() ? "~" : f.phase, f.phase.empty() ? tr("no phase") : phase_text(f.phase), -1, {}};
        case Grouping::state: return {f.state == "open" ? "1" : f.state == "confirmed" ? "2" : "3", state_text(f.state), -1, {}};
    }
    return {};
}

void FindingModel::arrange() {
    m_groups.clear();
    for (std::size_t i = 0; i < m_findings.size(); ++i) {
        if (!wanted(m_findings[i])) continue;
        Group group = group_of(m_findings[i]);
        auto place = std::find_if(m_groups.begin(), m_groups.end(), [&](const Group& known) { return known.key == group.key; });
        if (place == m_groups.end()) place = m_groups.insert(m_groups.end(), std::move(group));
        place->findings.push_back(i);
    }
    std::sort(m_groups.begin(), m_groups.end(), [](const Group& a, const Group& b) { return a.key < b.key; });
}

int FindingModel::shown_count() const {
    std::size_t count = 0;
    for (const auto& group : m_groups) count += group.findings.size();
    return static_cast<int>(count);
}

const report::ReportFinding* FindingModel::with_id(std::string_view id) const {
    const auto found = std::find_if(m_findings.begin(), m_findings.end(), [&](const auto& f) { return f.id == id; });
    return found == m_findings.end() ? nullptr : &*found;
}

const report::ReportFinding* FindingModel::at(const QModelIndex& index) const {
    if (!index.isValid() || index.internalId() == 0) return nullptr;
    const auto& group = m_groups[index.internalId() - 1];
    return &m_findings[group.findings[static_cast<std::size_t>(index.row())]];
}

QModelIndex FindingModel::index_of(std::string_view id) const {
    for (std::size_t g = 0; g < m_groups.size(); ++g)
        for (std::size_t i = 0; i < m_groups[g].findings.size(); ++i)
            if (m_findings[m_groups[g].findings[i]].id == id) return createIndex(static_cast<int>(i), 0, g + 1);
    return {};
}

QModelIndex FindingModel::index(int row, int column, const QModelIndex& parent) const {
    if (row < 0 || column < 0 || column >= k_columns || row >= rowCount(parent)) return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : 0);
}

QModelIndex FindingModel::parent(const QModelIndex& index) const {
    if (!index.isValid() || index.internalId() == 0) return {};
    return createIndex(static_cast<int>(index.internalId()) - 1, 0, quintptr{0});
}

int FindingModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) return static_cast<int>(m_groups.size());
    if (parent.internalId() != 0 || parent.column() != 0) return 0;
    return static_cast<int>(m_groups[static_cast<std::size_t>(parent.row())].findings.size());
}

QVariant FindingModel::group_data(const Group& group, int column, int role) const {
    if (role == Qt::FontRole) {
        QFont font;
        font.setWeight(QFont::DemiBold);
        return font;
    }
    if (column != k_title) return {};
    if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole) return QStringLiteral("%1 (%2)").arg(group.title).arg(group.findings.size());
    if (role == k_severity_role && group.severity >= 0) return group.severity;
    return {};
}

QVariant FindingModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    if (index.internalId() == 0) return group_data(m_groups[static_cast<std::size_t>(index.row())], index.column(), role);
    const auto& f = *at(index);
    switch (role) {
        case k_row_link_role: return QVariant::fromValue(Link::to(Link::Kind::finding, f.id, f.first_seen));
        case k_severity_role: return index.column() == k_title ? QVariant(static_cast<int>(f.severity)) : QVariant();
        case k_quiet_role: return f.state == "dismissed" || index.column() != k_title;
        case Qt::ToolTipRole: return plain(f.title).toHtmlEscaped();
        case Qt::AccessibleTextRole:
            if (index.column() == k_title) return QStringLiteral("%1: %2").arg(severity_text(f.severity), plain(f.title));
            break;
        case Qt::DisplayRole: break;
        default: return {};
    }
    switch (index.column()) {
        case k_title: return (f.state == "open" ? QString() : state_text(f.state) + QStringLiteral(": ")) + plain(f.title) + (f.provisional ? tr(" (provisional)") : QString()) + (std::find(f.tags.begin(), f.tags.end(), "bookmark") != f.tags.end() ? QStringLiteral("  ★") : QString());
        case k_first: return f.first_seen ? m_format.short_text(*f.first_seen).left(k_minutes) : QString();
        default: return {};
    }
}

// A group's row is no finding: whoever clicks on it has chosen none.
Qt::ItemFlags FindingModel::flags(const QModelIndex& index) const {
    const auto usual = QAbstractItemModel::flags(index);
    return at(index) == nullptr ? usual & ~Qt::ItemIsSelectable : usual;
}

QVariant FindingModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case k_title: return tr("Finding");
        case k_first: return tr("First seen (%1)").arg(m_format.zone_name());
        default: return {};
    }
}

}  // namespace deadbox::gui
