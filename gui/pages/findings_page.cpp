#include "gui/pages/findings_page.hpp"

#include <QComboBox>
#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QTreeView>
#include <QUrl>
#include <QVBoxLayout>

#include <set>

#include "case/edit.hpp"
#include "gui/models/evidence_export.hpp"
#include "gui/widgets/cell_delegate.hpp"
#include "gui/widgets/empty_state.hpp"
#include "gui/widgets/finding_card.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/severity.hpp"
#include "report/findings.hpp"

namespace deadbox::gui {
namespace {

// A tree in which letters are shortcuts, not a search.
class FindingTree : public QTreeView {
public:
    using QTreeView::QTreeView;
    void keyboardSearch(const QString&) override {}

protected:
    // A narrow list is for titles.
    void resizeEvent(QResizeEvent* event) override {
        constexpr int k_narrow = 380;
        setColumnHidden(FindingModel::k_first, width() < k_narrow);
        QTreeView::resizeEvent(event);
    }
};

using Findings = std::vector<report::ReportFinding>;

std::vector<const report::ReportFinding*> related_to(const report::ReportFinding& finding, const Findings& all) {
    std::set<std::string> marks;
    for (const auto& item : finding.items) {
        if (!item.sha256.empty() && item.size > 0) marks.insert(item.sha256);
        if (item.path) marks.insert(*item.path);
    }
    std::vector<const report::ReportFinding*> related;
    for (const auto& other : all) {
        if (other.id == finding.id) continue;
        const auto shares = [&](const report::ReportItem& item) { return (!item.sha256.empty() && marks.contains(item.sha256)) || (item.path && marks.contains(*item.path)); };
        if (std::any_of(other.items.begin(), other.items.end(), shares)) related.push_back(&other);
    }
    return related;
}

}  // namespace

FindingsPage::FindingsPage(Frame& frame, QWidget* parent)
    : Page(QStringLiteral("findings"), frame, parent), m_model(new FindingModel(this)), m_list(new FindingTree(this)), m_filter(new QLineEdit(this)), m_grouping(new QComboBox(this)),
      m_summary(new PlainLabel({}, TextWeight::quiet, this)), m_card(new FindingCard(frame, this)), m_export(new EvidenceExport(this)) {
    auto* left = new QWidget(this);
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(16, 12, 12, 8);
    m_filter->setPlaceholderText(tr("Filter  /"));
    m_filter->setAccessibleName(tr("Filter the findings"));
    m_filter->setClearButtonEnabled(true);
    m_grouping->addItems({tr("by severity"), tr("by topic"), tr("by phase"), tr("by state")});
    m_grouping->setAccessibleName(tr("Group"));
    top->addWidget(m_filter, 1);
    top->addWidget(m_grouping);
    column->addLayout(top);
    auto* below = new QHBoxLayout;
    below->setContentsMargins(16, 0, 12, 8);
    auto* take_out = new QPushButton(icon_named(QStringLiteral("document-export")), tr("Export the evidence…"), left);
    take_out->setObjectName(QStringLiteral("export_evidence"));
    take_out->setToolTip(tr("Copies of the files that the findings rest on, with their hashes and a manifest"));
    connect(take_out, &QPushButton::clicked, this, &FindingsPage::choose_export_folder);
    below->addWidget(m_summary, 1);
    below->addWidget(take_out, 0, Qt::AlignTop);
    column->addLayout(below);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new CellDelegate(m_list));
    m_list->setAccessibleName(tr("Findings"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setUniformRowHeights(true);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setRootIsDecorated(false);
    m_list->setIndentation(14);
    m_list->setExpandsOnDoubleClick(false);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(FindingModel::k_title, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(FindingModel::k_first, QHeaderView::Interactive);
    m_list->header()->resizeSection(FindingModel::k_first, std::max(m_list->fontMetrics().horizontalAdvance(QStringLiteral("2026-03-02 04:11")) + 20, m_list->header()->sectionSizeHint(FindingModel::k_first)));
    column->addWidget(m_list, 1);
    column->addWidget(make_bulk());
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(left);
    splitter->addWidget(m_card);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    splitter->setSizes({480, 720});
    setContents(splitter);
    m_empty = new EmptyState(m_list, tr("Loading…"));

    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        const auto kept = m_card->finding_id();
        m_model->setFilter(text);
        m_list->expandAll();
        m_empty->setText(m_model->findings().empty() ? tr("No findings. What was not looked at stands in Coverage.") : tr("No finding has this text."));
        updateSummary();
        select_shown(kept);
    });
    m_grouping->setCurrentIndex(std::clamp(QSettings().value(QStringLiteral("findings/grouping"), 0).toInt(), 0, m_grouping->count() - 1));
    m_model->setGrouping(static_cast<Grouping>(m_grouping->currentIndex()));
    connect(m_grouping, &QComboBox::currentIndexChanged, this, [this](int index) {
        QSettings().setValue(QStringLiteral("findings/grouping"), index);
        const auto kept = m_card->finding_id();
        m_model->setGrouping(static_cast<Grouping>(index));
        m_list->expandAll();
        select(kept);
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, [this] { showCurrent(); });
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this, &FindingsPage::update_bulk);
    connect(m_model, &QAbstractItemModel::modelReset, this, &FindingsPage::update_bulk);
    connect(m_model, &QAbstractItemModel::modelReset, m_list, [this] {
        m_list->expandAll();
        for (int group = 0; group < m_model->rowCount(); ++group) m_list->setFirstColumnSpanned(group, {}, true);
    });
    connect(m_list, &QTreeView::customContextMenuRequested, this, [this](const QPoint& at) {
        const auto index = m_list->indexAt(at);
        const auto link = index.data(k_row_link_role).value<Link>();
        if (!link.is_none()) return this->frame().open_menu(link, m_list->viewport()->mapToGlobal(at));
        if (index.isValid()) open_group_menu(index.siblingAtColumn(0), m_list->viewport()->mapToGlobal(at));
    });
    connect(m_card, &FindingCard::stateWanted, this, &FindingsPage::setState);
    connect(m_card, &FindingCard::reasonWanted, this, &FindingsPage::ask_reason);
    connect(m_card, &FindingCard::commentAsked, this, [this] { m_card->askComment(static_cast<int>(selected().size())); });
    connect(m_card, &FindingCard::commentWanted, this, &FindingsPage::comment);
    connect(m_card, &FindingCard::tagWanted, this, &FindingsPage::tag);

    addPageAction(tr("Next finding"), QKeySequence(Qt::Key_J), [this] { step(1); });
    addPageAction(tr("Previous finding"), QKeySequence(Qt::Key_K), [this] { step(-1); });
    addPageAction(tr("Confirm"), QKeySequence(Qt::Key_C), [this] { setState(QStringLiteral("confirmed"), {}); });
    addPageAction(tr("Dismiss, with a reason"), QKeySequence(Qt::Key_D), [this] { ask_reason(); });
    addPageAction(tr("Open again"), QKeySequence(Qt::Key_O), [this] { setState(QStringLiteral("open"), {}); });
    addPageAction(tr("Comment"), QKeySequence(Qt::Key_N), [this] { m_card->askComment(static_cast<int>(selected().size())); });
    addPageAction(tr("Bookmark"), QKeySequence(Qt::Key_B), [this] {
        const auto* f = m_model->with_id(m_card->finding_id().toStdString());
        if (f != nullptr) tag(std::find(f->tags.begin(), f->tags.end(), "bookmark") != f->tags.end() ? QStringLiteral("-bookmark") : QStringLiteral("bookmark"));
    });
    addPageAction(tr("Show in timeline"), QKeySequence(Qt::Key_T), [this] { this->frame().go(selection(), QStringLiteral("timeline")); });
    addPageAction(tr("Only its records in the timeline"), QKeySequence(Qt::SHIFT | Qt::Key_T), [this] {
        auto link = selection();
        link.time.reset();
        this->frame().go(link, QStringLiteral("timeline"));
    });
    addPageAction(tr("Show in files"), QKeySequence(Qt::Key_F), [this] {
        const auto* f = m_model->with_id(m_card->finding_id().toStdString());
        if (f == nullptr) return;
        for (const auto& item : f->items)
            if (item.path) return this->frame().go(Link::to_file(*item.path, item.row, f->first_seen), QStringLiteral("files"));
    });
    addPageAction(tr("Export the evidence…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E), [this] { choose_export_folder(); });
    connect(m_export, &EvidenceExport::finished, this, [this](bool well, const QString& folder, const QString& words) {
        this->frame().say({});  // it is not copied any more
        if (well) this->messages().offer(tr("The evidence is in %1, with its hashes in manifest.sha256.").arg(folder), tr("Open the folder"), [folder] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); });
        else this->messages().showError(tr("Not everything could be exported to %1.").arg(folder), words);
        Q_EMIT exported(well);
    });
    addPageAction(tr("Undo"), QKeySequence::Undo, [this] { undo_last(); });
    addPageAction(tr("Select all that are shown"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A), [this] { m_list->selectAll(); });
    addPageAction(tr("Select all of this group"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_G), [this] {
        const auto at = m_list->currentIndex().siblingAtColumn(0);
        select_group(at.parent().isValid() ? at.parent() : at);
    });
    addPageAction(tr("Only the bookmarked"), QKeySequence(Qt::SHIFT | Qt::Key_B), [this] { m_filter->setText(QStringLiteral("bookmark")); });
    addPageAction(tr("Write the conclusion"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_W), [this] { this->frame().show_page(QStringLiteral("notes")); });
}

void FindingsPage::caseChanged() {
    m_model->setFindings({});
    m_card->clear(tr("Select a finding."));
    m_said.clear();
    m_summary->clear();
    m_undo.clear();
    m_wanted.clear();
    m_put_aside.clear();
    {
        const QSignalBlocker quiet(m_filter);
        m_filter->clear();
    }
    m_model->setFilter({});
    m_empty->setText(tr("Loading…"));
    messages().clear();
}

void FindingsPage::refresh() {
    if (session() == nullptr) return;
    session()->ask(Lane::slow, this, [](CaseReader& reader) { return report::load_findings(reader.view(), reader.texts(), report::Redact::secrets); }, [this](base::Result<Findings> findings) {
        if (!findings) return messages().showError(tr("The findings cannot be read: %1").arg(own(findings.error().what)));
        const bool is_wanted = !m_wanted.isEmpty();
        const QString kept = is_wanted ? m_wanted : m_card->finding_id();
        std::vector<std::string> chosen;
        for (const auto* f : selected()) chosen.push_back(f->id);
        m_model->setTimeFormat(frame().time_format());
        m_model->setFindings(std::move(*findings));
        m_empty->setText(m_model->findings().empty() ? tr("No findings. What was not looked at stands in Coverage.") : tr("No finding has this text."));
        m_list->expandAll();
        updateSummary();
        if (!kept.isEmpty()) select(kept);
        if (!m_list->currentIndex().isValid() && m_model->rowCount() > 0) m_list->setCurrentIndex(m_model->index(0, 0, m_model->index(0, 0)));
        if (!is_wanted && !chosen.empty()) {  // somebody is choosing while an analysis writes: these, and no other
            QItemSelection those;
            for (const auto& id : chosen)
                if (const auto index = m_model->index_of(id); index.isValid()) those.select(index, index);
            m_list->selectionModel()->select(those, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        }
        showCurrent();
        Q_EMIT loaded();
    });
}

void FindingsPage::updateSummary() {
    std::array<int, 3> states{};
    for (const auto& f : m_model->findings()) ++states[f.state == "open" ? 0 : f.state == "confirmed" ? 1 : 2];
    m_summary->setText(tr("%1 of %2 shown · %3 open, %4 confirmed, %5 dismissed").arg(m_model->shown_count()).arg(m_model->findings().size()).arg(states[0]).arg(states[1]).arg(states[2]));
}

void FindingsPage::zoneChanged() {
    const auto kept = m_card->finding_id();
    m_model->setTimeFormat(frame().time_format());
    if (!kept.isEmpty()) select(kept);
    showCurrent();
}

void FindingsPage::select(const QString& id) {
    m_wanted = id;
    const auto index = m_model->index_of(id.toStdString());
    if (!index.isValid()) return;
    m_wanted.clear();
    m_list->setCurrentIndex(index);
    m_list->scrollTo(index);
}

// The card shows one of those that the list shows: `kept`, the one that a filter has put aside, or the first.
void FindingsPage::select_shown(const QString& kept) {
    const auto is_shown = [&](const QString& id) { return m_model->index_of(id.toStdString()).isValid(); };
    if (kept != m_instead) m_put_aside.clear();  // another one was chosen since
    if (is_shown(m_put_aside)) return select(std::exchange(m_put_aside, QString()));
    if (is_shown(kept)) return select(kept);
    if (m_put_aside.isEmpty()) m_put_aside = kept;
    const auto first = m_model->index(0, 0, m_model->index(0, 0));
    if (first.isValid()) m_list->setCurrentIndex(first);
    else m_card->clear(m_model->findings().empty() ? QString() : tr("No finding has this text."));
    m_instead = m_card->finding_id();
}

void FindingsPage::showCurrent() {
    const auto* finding = m_model->at(m_list->currentIndex());
    if (finding == nullptr) return;
    // A card that says the same stays as it is: whoever reads in it keeps the place while an analysis writes.
    const auto related = related_to(*finding, m_model->findings());
    std::string said = frame().time_format().zone_name().toStdString();
    report::JsonWriter json(said);
    report::write_finding(json, *finding);
    for (const auto* other : related) said += other->id;
    said += std::to_string(finding->marks.size());
    if (said != m_said || m_card->finding_id() != own(finding->id)) m_card->show_finding(*finding, related, frame().time_format());
    m_said = std::move(said);
    Q_EMIT selectionChanged(selection());
}

std::vector<const report::ReportFinding*> FindingsPage::selected() const {
    std::vector<const report::ReportFinding*> found;
    const auto add = [&](const report::ReportFinding* f) {
        if (f != nullptr && std::find(found.begin(), found.end(), f) == found.end()) found.push_back(f);
    };
    for (const auto& index : m_list->selectionModel()->selectedRows()) add(m_model->at(index));
    if (found.empty()) add(m_model->with_id(m_card->finding_id().toStdString()));
    return found;
}

// A group's own row is no finding: all in it are chosen by saying so.
void FindingsPage::open_group_menu(const QModelIndex& group, const QPoint& global) {
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("group_menu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Select the %n finding(s) of this group", nullptr, m_model->rowCount(group)), this, [this, key = QPersistentModelIndex(group)] { select_group(key); });
    menu->popup(global);
}

void FindingsPage::select_group(const QModelIndex& group) {
    const int rows = m_model->rowCount(group);
    if (!group.isValid() || rows == 0) return;
    m_list->selectionModel()->setCurrentIndex(m_model->index(0, 0, group), QItemSelectionModel::NoUpdate);
    m_list->selectionModel()->select(QItemSelection(m_model->index(0, 0, group), m_model->index(rows - 1, 0, group)), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

void FindingsPage::step(int by) {
    auto index = m_list->currentIndex();
    do index = by > 0 ? m_list->indexBelow(index) : m_list->indexAbove(index);
    while (index.isValid() && m_model->at(index) == nullptr);
    if (index.isValid()) m_list->setCurrentIndex(index.siblingAtColumn(0));
}

void FindingsPage::write(std::vector<case_file::Mark> marks, const QString& said, std::vector<case_file::Mark> undo) {
    if (session() == nullptr || marks.empty()) return;
    session()->edit(this, [marks = std::move(marks)](const std::string& path) { return case_file::mark_findings(path, marks); }, [this, said, undo = std::move(undo)](base::Result<void> done) mutable {
        if (!done) return messages().showError(tr("Nothing was changed: %1").arg(own(done.error().what)));
        refresh();
        if (undo.empty()) return frame().say(said);
        m_undo.push_back(std::move(undo));
        messages().offer(said, tr("Undo"), [this] { undo_last(); });
    });
}

void FindingsPage::undo_last() {
    if (m_undo.empty()) return frame().say(tr("There is nothing to undo"));
    auto marks = std::move(m_undo.back());
    m_undo.pop_back();
    messages().clear();  // what it offered to take back is taken back
    write(std::move(marks), tr("Undone."), {});
}

void FindingsPage::choose_export_folder() {
    if (session() == nullptr || m_export->is_running()) return;
    const auto folder = QFileDialog::getExistingDirectory(this, tr("Folder for the copies"), QFileInfo(session()->path()).absolutePath());
    if (!folder.isEmpty()) export_to(folder);
}

void FindingsPage::export_to(const QString& folder) {
    if (session() == nullptr || m_export->is_running()) return;
    const auto chosen = selected();
    QStringList what;
    if (chosen.size() > 1)
        for (const auto* f : chosen) what << QStringLiteral("--finding") << own(f->id);
    else what << QStringLiteral("--all-findings");
    frame().say(tr("The evidence is copied…"));
    m_export->start(*session(), folder, what);
}

QWidget* FindingsPage::make_bulk() {
    m_bulk = new QFrame(this);
    m_bulk->setAutoFillBackground(true);
    m_bulk->setBackgroundRole(QPalette::AlternateBase);
    auto* row = new QHBoxLayout(m_bulk);
    row->setContentsMargins(16, 6, 12, 6);
    row->setSpacing(8);
    m_bulk_count = new PlainLabel({}, TextWeight::bold, m_bulk);
    m_bulk_count->setWordWrap(false);
    row->addWidget(m_bulk_count);
    const auto button = [&](const QString& text, const QString& name, auto run) {
        auto* one = new QPushButton(text, m_bulk);
        one->setAccessibleName(name);
        one->setToolTip(name);
        connect(one, &QPushButton::clicked, this, run);
        row->addWidget(one);
    };
    button(tr("Confirm"), tr("Confirm all that are selected"), [this] { setState(QStringLiteral("confirmed"), {}); });
    button(tr("Dismiss…"), tr("Dismiss all that are selected, with a reason"), [this] { ask_reason(); });
    button(tr("Bookmark"), tr("Bookmark all that are selected"), [this] { tag(QStringLiteral("bookmark")); });
    row->addStretch();
    m_bulk->hide();
    return m_bulk;
}

void FindingsPage::update_bulk() {
    const auto count = selected().size();
    m_bulk->setVisible(count > 1);
    m_bulk_count->setText(tr("%n selected", nullptr, static_cast<int>(count)));
}

void FindingsPage::ask_reason() {
    if (m_card->finding_id().isEmpty()) step(1);  // a group is selected, and nothing was shown yet
    m_card->askReason(static_cast<int>(selected().size()));
}

void FindingsPage::setState(const QString& state, const QString& reason) {
    if (state == QStringLiteral("dismissed") && reason.trimmed().isEmpty()) return messages().showError(tr("A finding is dismissed with a reason: it stands in every report."));
    std::vector<case_file::Mark> marks, undo;
    for (const auto* f : selected()) {
        marks.push_back({f->id, state.toStdString(), bytes_of(reason), {}, {}});
        undo.push_back({f->id, f->state, f->reason, {}, {}});
    }
    if (marks.empty()) return frame().say(tr("No finding is selected"));
    const int count = static_cast<int>(marks.size());
    write(std::move(marks), tr("%n finding(s): %1.", nullptr, count).arg(state_text(state.toStdString())), std::move(undo));
}

void FindingsPage::comment(const QString& text) {
    std::vector<case_file::Mark> marks;
    for (const auto* f : selected()) marks.push_back({f->id, {}, {}, {}, bytes_of(text)});
    write(std::move(marks), tr("Comment added"), {});
}

void FindingsPage::tag(const QString& tag) {
    std::vector<case_file::Mark> marks, undo;
    const auto name = bytes_of(tag);
    for (const auto* f : selected()) {
        marks.push_back({f->id, {}, {}, {name}, {}});
        undo.push_back({f->id, {}, {}, {name.starts_with('-') ? name.substr(1) : '-' + name}, {}});
    }
    write(std::move(marks), tag.startsWith(QLatin1Char('-')) ? tr("Tag taken away: %1").arg(tag.mid(1)) : tr("Tagged: %1").arg(tag), std::move(undo));
}

bool FindingsPage::open(const Link& link) {
    if (link.kind == Link::Kind::finding) {
        m_filter->clear();
        select(QString::fromUtf8(link.value));
        return true;
    }
    m_filter->setText(label_of(link));
    return true;
}

QVariantMap FindingsPage::place() const {
    return {{QStringLiteral("filter"), m_filter->text()}, {QStringLiteral("grouping"), m_grouping->currentIndex()}, {QStringLiteral("finding"), m_card->finding_id()}};
}
void FindingsPage::restore(const QVariantMap& place) {
    m_filter->setText(place.value(QStringLiteral("filter")).toString());
    m_grouping->setCurrentIndex(place.value(QStringLiteral("grouping")).toInt());
    select(place.value(QStringLiteral("finding")).toString());
}
Link FindingsPage::selection() const { return m_list->currentIndex().data(k_row_link_role).value<Link>(); }
void FindingsPage::focusFilter() { m_filter->setFocus(); }
bool FindingsPage::closeLast() {
    if (m_card->closeEditor()) return m_list->setFocus(), true;
    if (m_filter->text().isEmpty()) return false;
    m_filter->clear();
    m_list->setFocus();
    return true;
}

QString FindingsPage::selectedText() const {
    QString text;
    for (const auto* f : selected()) text += QStringLiteral("%1\t%2\t%3\t%4\n").arg(severity_text(f->severity), plain(f->title), f->first_seen ? own(base::to_rfc3339(*f->first_seen)) : QString(), own(f->id));
    return text;
}
QString FindingsPage::selectedJson() const {
    std::string text;
    for (const auto* f : selected()) {
        report::JsonWriter json(text);
        report::write_finding(json, *f);
        text += '\n';
    }
    return own(text);
}

}  // namespace deadbox::gui
