#include "gui/pages/custody_page.hpp"

#include <QCheckBox>
#include <QCoreApplication>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QVBoxLayout>

#include "base/encoding.hpp"
#include "case/custody.hpp"
#include "gui/widgets/empty_state.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/palettes.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/table_view.hpp"
#include "report/custody_words.hpp"

namespace deadbox::gui {

namespace {

// What was done and its details, as the report says them. The words of an action that has none are the log's own.
case_file::CustodyEntry in_words(case_file::CustodyEntry entry, const report::Texts& texts) {
    if (const auto& said = texts.find("report", "custody." + entry.action); !said.empty()) entry.action = said;
    if (auto said = report::custody_words(entry.details, texts); !said.empty()) entry.details = std::move(said);
    return entry;
}

}  // namespace

QString deadbox_program() {
    const QString beside = QCoreApplication::applicationDirPath() + QStringLiteral("/deadbox");
    return QFileInfo(beside).isExecutable() ? beside : QStringLiteral("deadbox");
}

CustodyPage::CustodyPage(Frame& frame, QWidget* parent)
    : Page(QStringLiteral("custody"), frame, parent), m_model(new ListModel({{tr("When"), tr("By the clock of the workstation"), 176}, {tr("Who"), {}, 160}, {tr("What"), {}, 280}, {tr("Details"), {}, 560}, {tr("Hash"), {}, 200}}, this)),
      m_checks(new ListModel({{tr("Part"), {}, 110}, {tr("Outcome"), {}, 130}, {tr("What was found"), {}, 600}}, this)), m_table(new TableView(QStringLiteral("custody"), frame, this)),
      m_results(new TableView(QStringLiteral("verification"), frame, this)), m_filter(new QLineEdit(this)), m_verify(new QPushButton(tr("Verify"), this)), m_stop(new QPushButton(tr("Stop"), this)), m_anchor(new QLineEdit(this)),
      m_media(new QCheckBox(tr("Read the media too"), this)), m_head(new PlainLabel({}, TextWeight::mono, this)), m_outcome(new PlainLabel({}, TextWeight::bold, this)) {
    auto* contents = new QWidget(this);
    auto* layout = new QVBoxLayout(contents);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(16, 12, 16, 4);
    m_media->setChecked(true);
    m_media->setToolTip(tr("Reads the whole evidence again and compares its SHA-256; without it only the case and its log are checked."));
    m_verify->setToolTip(tr("Evidence against its hashes, custody chain, tables of the case"));
    m_anchor->setPlaceholderText(tr("Head that was written down"));
    m_anchor->setAccessibleName(tr("Head that was written down"));
    m_anchor->setToolTip(tr("The head of the chain as it was kept outside of this case: with it, verification shows that the log was not made anew, nor its end cut off."));
    m_anchor->setClearButtonEnabled(true);
    m_anchor->setMinimumWidth(200);
    m_filter->setPlaceholderText(tr("Filter  /"));
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setFixedWidth(240);
    top->addWidget(m_verify), top->addWidget(m_media), top->addWidget(m_anchor), top->addWidget(m_stop);
    top->addWidget(m_outcome, 1);
    top->addWidget(m_filter);
    layout->addLayout(top);
    m_head->setContentsMargins(16, 0, 16, 8);
    layout->addWidget(m_head);
    m_results->setModel(m_checks);
    m_results->setAccessibleName(tr("Outcome of the verification"));
    m_results->setMaximumHeight(160);
    layout->addWidget(m_results);
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Custody log"));
    layout->addWidget(m_table, 1);
    setContents(contents);
    new EmptyState(m_table, tr("The log is empty: no analysis has begun yet."));
    m_results->hide();
    m_stop->hide();
    connect(m_filter, &QLineEdit::textChanged, m_model, &ListModel::setFilter);
    connect(m_verify, &QPushButton::clicked, this, &CustodyPage::verify);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        if (m_process != nullptr) m_process->terminate();
    });
    addPageAction(tr("Verify"), QKeySequence(Qt::CTRL | Qt::Key_R), [this] { verify(); });
}

CustodyPage::~CustodyPage() {
    if (m_process == nullptr) return;
    m_process->disconnect(this);
    m_process->kill();
    m_process->waitForFinished(2000);
}

void CustodyPage::caseChanged() {
    m_model->setRows({});
    m_checks->setRows({});
    m_results->hide();
    m_outcome->clear();
    m_head->clear();
    m_filter->clear();
    messages().clear();
    if (m_process != nullptr) m_process->kill();
}

void CustodyPage::zoneChanged() { refresh(); }

void CustodyPage::refresh() {
    if (session() == nullptr) return;
    session()->ask(Lane::slow, this, [](CaseReader& reader) -> base::Result<std::vector<case_file::CustodyEntry>> {
        std::vector<case_file::CustodyEntry> entries;
        TRY(case_file::custody_entries(reader.view().database(), [&](const case_file::CustodyEntry& entry) {
            entries.push_back(in_words(entry, reader.texts()));
            return base::Next::go_on;
        }));
        return entries;
    }, [this](base::Result<std::vector<case_file::CustodyEntry>> entries) {
        if (!entries) return messages().showError(tr("The custody log cannot be read: %1").arg(own(entries.error().what)));
        std::vector<ListRow> rows;
        const auto format = frame().time_format();
        for (auto entry = entries->rbegin(); entry != entries->rend(); ++entry) {  // the newest first
            const auto at = base::from_rfc3339(entry->at);
            ListRow row;
            row.cells = {ListCell::words(at ? format.text(*at) : plain(entry->at)), ListCell::bytes(entry->actor), ListCell::words(plain(entry->action)), ListCell::bytes(entry->details),
                         ListCell::bytes(base::to_hex(base::ByteView(entry->hash)))};
            if (at) row.link = Link::to(Link::Kind::text, entry->details, at);
            rows.push_back(std::move(row));
        }
        m_model->setRows(std::move(rows));
        m_head->setText(entries->empty() ? QString() : tr("Head of the chain: %1").arg(own(base::to_hex(base::ByteView(entries->back().hash)))));
        m_head->setToolTip(tr("Write it down outside of the case: only then can anyone show later that the whole log was not made anew."));
    });
}

void CustodyPage::verify() {
    if (session() == nullptr || m_process != nullptr) return;
    m_process = new QProcess(this);
    QStringList arguments{QStringLiteral("verify"), session()->path(), QStringLiteral("--json")};
    if (!m_media->isChecked()) arguments += QStringLiteral("--quick");
    arguments += session()->evidence_arguments();
    if (const auto head = m_anchor->text().trimmed(); !head.isEmpty()) arguments += {QStringLiteral("--anchor"), head};
    m_verify->setEnabled(false);
    m_stop->show();
    m_outcome->setText(tr("Verifying…"));
    messages().clear();
    connect(m_process, &QProcess::finished, this, &CustodyPage::finished);
    connect(m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart) return;
        messages().showError(tr("Verification did not start: %1 is not installed beside this window").arg(deadbox_program()));
        finished();
    });
    m_process->start(deadbox_program(), arguments);
}

void CustodyPage::finished() {
    if (m_process == nullptr) return;
    auto* process = std::exchange(m_process, nullptr);
    process->deleteLater();
    m_verify->setEnabled(true);
    m_stop->hide();
    std::vector<ListRow> rows;
    int differs = 0, unknown = 0, outside = 0;
    for (const auto& line : process->readAllStandardOutput().split('\n')) {
        const auto object = QJsonDocument::fromJson(line).object();
        if (object.isEmpty()) continue;
        const auto outcome = object.value(QStringLiteral("outcome")).toString();
        const bool holds = outcome == QStringLiteral("holds"), bad = outcome == QStringLiteral("differs"), beyond = outcome == QStringLiteral("outside");
        differs += bad, outside += beyond, unknown += !holds && !bad && !beyond;
        auto word = ListCell::words(holds ? tr("holds") : bad ? tr("differs") : beyond ? tr("cannot be shown here") : tr("not checkable"));
        word.severity = holds ? 0 : bad ? 4 : beyond ? 1 : 2;
        ListRow row;
        row.cells = {ListCell::words(object.value(QStringLiteral("what")).toString()), word, ListCell::bytes(object.value(QStringLiteral("detail")).toString().toStdString())};
        rows.push_back(std::move(row));
    }
    const bool ran = !rows.empty();
    m_checks->setRows(std::move(rows));
    m_results->setVisible(ran);
    if (!ran) {
        m_outcome->clear();
        if (!messages().isShown()) messages().showError(tr("Verification ended without an answer"), QString::fromUtf8(process->readAllStandardError()));
    } else {
        m_outcome->setText(differs > 0 ? tr("%n part(s) differ", nullptr, differs) : unknown > 0 ? tr("What could be checked holds; %n part(s) could not be", nullptr, unknown)
                           : outside > 0 ? tr("Everything that can be checked here holds; the rest only something kept elsewhere can show: a report, or the head of the chain") : tr("Everything holds"));
    }
    Q_EMIT verified(ran && differs == 0);
}

QVariantMap CustodyPage::place() const { return {{QStringLiteral("filter"), m_filter->text()}, {QStringLiteral("row"), m_table->currentIndex().row()}}; }
void CustodyPage::restore(const QVariantMap& place) {
    m_filter->setText(place.value(QStringLiteral("filter")).toString());
    m_table->setCurrentIndex(m_model->index(place.value(QStringLiteral("row"), -1).toInt(), 0));
}
void CustodyPage::focusFilter() { m_filter->setFocus(); }
bool CustodyPage::closeLast() {
    if (m_filter->text().isEmpty()) return false;
    m_filter->clear();
    return true;
}
QString CustodyPage::selectedText() const { return m_table->selectedText(); }
QString CustodyPage::selectedJson() const { return m_table->selectedJson(); }

}  // namespace deadbox::gui
