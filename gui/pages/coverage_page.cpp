#include "gui/pages/coverage_page.hpp"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QVBoxLayout>

#include "gui/widgets/empty_state.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/table_view.hpp"
#include "report/ledger.hpp"

namespace deadbox::gui {
namespace {

struct Level {
    const char *word, *meaning;
    int severity;  // its sign
};

Level level_of(const std::string& level) {
    if (level == "gap") return {QT_TRANSLATE_NOOP("deadbox::gui::CoveragePage", "gap"), QT_TRANSLATE_NOOP("deadbox::gui::CoveragePage", "Content in scope that could not be read and could change a finding."), 3};
    if (level == "limit") return {QT_TRANSLATE_NOOP("deadbox::gui::CoveragePage", "limit"), QT_TRANSLATE_NOOP("deadbox::gui::CoveragePage", "Not part of what is examined, or cut by a configured cap."), 2};
    if (level == "assumption") return {QT_TRANSLATE_NOOP("deadbox::gui::CoveragePage", "assumption"), QT_TRANSLATE_NOOP("deadbox::gui::CoveragePage", "Taken to be so where the evidence does not say."), 1};
    return {QT_TRANSLATE_NOOP("deadbox::gui::CoveragePage", "note"), QT_TRANSLATE_NOOP("deadbox::gui::CoveragePage", "A damaged record inside a file that was otherwise read."), 0};
}

}  // namespace

CoveragePage::CoveragePage(Frame& frame, QWidget* parent)
    : Page(QStringLiteral("coverage"), frame, parent),
      m_model(new ListModel({{tr("Level"), {}, 110}, {tr("Area"), {}, 120}, {tr("Reason"), {}, 420}, {tr("Folder"), {}, 300}, {tr("Count"), {}, 70, Qt::AlignRight | Qt::AlignVCenter}, {tr("Example"), {}, 300}}, this)),
      m_table(new TableView(QStringLiteral("coverage"), frame, this)), m_filter(new QLineEdit(this)), m_summary(new PlainLabel({}, TextWeight::normal, this)),
      m_detail(new PlainLabel({}, TextWeight::quiet, this)) {
    auto* contents = new QWidget(this);
    auto* layout = new QVBoxLayout(contents);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(16, 12, 16, 12);
    m_filter->setPlaceholderText(tr("Filter  /"));
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setFixedWidth(240);
    top->addWidget(m_summary, 1);
    top->addWidget(m_filter);
    layout->addLayout(top);
    m_table->setModel(m_model);
    m_table->setSortingEnabled(true);
    m_table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    m_table->setAccessibleName(tr("Coverage ledger"));
    layout->addWidget(m_table, 1);
    m_detail->setContentsMargins(16, 8, 16, 12);
    layout->addWidget(m_detail);
    setContents(contents);
    m_empty = new EmptyState(m_table, tr("Nothing was left out, cut or assumed."));
    connect(m_filter, &QLineEdit::textChanged, m_model, &ListModel::setFilter);
    connect(m_table, &TableView::currentRowChanged, this, [this] {
        showDetail();
        Q_EMIT selectionChanged(selection());
    });
    connect(m_table, &TableView::opened, this, [this](const Link& link) { this->frame().go(link); });
}

void CoveragePage::caseChanged() {
    m_model->setRows({});
    m_summary->clear();
    m_detail->clear();
    m_filter->clear();
    messages().clear();
}

void CoveragePage::refresh() {
    if (session() == nullptr) return;
    session()->ask(Lane::slow, this, [](CaseReader& reader) -> base::Result<std::vector<report::CoverageRow>> {
        TRY_ASSIGN(auto rows, report::load_coverage(reader.view()));
        for (auto& row : rows) row.area = reader.texts().area(row.area), row.reason = reader.texts().reason(row.reason);
        return rows;
    }, [this](base::Result<std::vector<report::CoverageRow>> rows) {
        if (!rows) return messages().showError(tr("The ledger cannot be read: %1").arg(own(rows.error().what)));
        std::vector<ListRow> list;
        std::array<int, 4> count{};
        for (const auto& row : *rows) {
            const auto level = level_of(row.level);
            ++count[static_cast<std::size_t>(level.severity)];
            ListRow one;
            auto sign = ListCell::words(tr(level.word));
            sign.severity = level.severity, sign.tip = tr(level.meaning);
            const auto folder = row.path.empty() ? Link{} : Link::to_file(row.path, 0);
            const std::string example = row.examples.empty() ? std::string() : row.examples.front();
            const bool is_path = example.starts_with('/');
            one.cells = {sign, ListCell::words(plain(row.area)), ListCell::words(plain(row.reason)), ListCell::bytes(row.path, folder), ListCell::count(row.count, count_text(row.count)),
                         ListCell::bytes(example, is_path ? Link::to_file(example, 0) : Link{})};
            QStringList examples;
            for (const auto& each : row.examples) examples += plain(each);
            one.cells[5].tip = examples.join(QLatin1Char('\n'));
            one.link = is_path ? Link::to_file(example, 0) : folder;
            list.push_back(std::move(one));
        }
        m_model->setRows(std::move(list));
        m_summary->setText(tr("Gaps: %1, limits: %2, assumptions: %3, notes: %4").arg(count[3]).arg(count[2]).arg(count[1]).arg(count[0]));
        showDetail();
    });
}

void CoveragePage::showDetail() {
    const auto current = m_table->currentIndex();
    if (!current.isValid()) return m_detail->setText(tr("Select a row to read what it means."));
    const auto& cells = m_model->row(current.row()).cells;
    m_detail->setText(QStringLiteral("%1: %2\n%3\n%4").arg(cells[0].text, cells[0].tip, cells[2].text, cells[5].tip));
}

bool CoveragePage::open(const Link& link) {
    m_filter->setText(label_of(link));
    return true;
}
QVariantMap CoveragePage::place() const { return {{QStringLiteral("filter"), m_filter->text()}, {QStringLiteral("row"), m_table->currentIndex().row()}}; }
void CoveragePage::restore(const QVariantMap& place) {
    m_filter->setText(place.value(QStringLiteral("filter")).toString());
    m_table->setCurrentIndex(m_model->index(place.value(QStringLiteral("row"), -1).toInt(), 0));
}
Link CoveragePage::selection() const { return m_table->currentLink(); }
void CoveragePage::focusFilter() { m_filter->setFocus(); }
bool CoveragePage::closeLast() {
    if (m_filter->text().isEmpty()) return false;
    m_filter->clear();
    m_table->setFocus();
    return true;
}
QString CoveragePage::selectedText() const { return m_table->selectedText(); }
QString CoveragePage::selectedJson() const { return m_table->selectedJson(); }

}  // namespace deadbox::gui
