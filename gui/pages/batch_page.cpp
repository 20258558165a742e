#include "gui/pages/batch_page.hpp"

#include <QComboBox>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QMimeData>
#include <QProcess>
#include <QPushButton>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

#include "gui/models/analysis_run.hpp"
#include "gui/models/evidence_text.hpp"
#include "gui/models/paged_model.hpp"
#include "gui/models/time_format.hpp"
#include "gui/widgets/empty_state.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/run_bar.hpp"
#include "gui/widgets/severity.hpp"
#include "gui/widgets/table_view.hpp"

namespace deadbox::gui {
namespace {

constexpr int k_patience_ms = 5000;
constexpr int k_machine_case_role = Qt::UserRole + 100;
constexpr int k_first_count_column = 2, k_end_column = 7, k_words_kept = 20;
constexpr std::array<const char*, 5> k_severities{"critical", "high", "medium", "low", "info"};

QString verdict_text(const QString& level) {
    if (level == QLatin1String("compromised")) return BatchPage::tr("compromised");
    if (level == QLatin1String("suspicious")) return BatchPage::tr("suspicious");
    if (level == QLatin1String("no_indication")) return BatchPage::tr("no indication");
    if (level == QLatin1String("undetermined")) return BatchPage::tr("undetermined");
    return BatchPage::tr("failed");
}

QString exit_text(int status) {
    switch (status) {
        case 0:
        case 1: return BatchPage::tr("done");
        case 3: return BatchPage::tr("no evidence could be opened");
        case 4: return BatchPage::tr("done with gaps");
        case 130: return BatchPage::tr("stopped");
        default: return BatchPage::tr("failed (%1)").arg(status);
    }
}

}  // namespace

BatchPage::BatchPage(Frame& frame, QWidget* parent) : Page(QStringLiteral("batch"), frame, parent), m_machines(new QStandardItemModel(this)) {
    setAcceptDrops(true);
    build();
}

BatchPage::~BatchPage() {
    if (!m_process) return;
    m_process->disconnect(this);
    m_process->terminate();
    m_process->waitForFinished(k_patience_ms);
}

void BatchPage::build() {
    QStringList titles{tr("Machine"), tr("Verdict")};
    for (int severity = 4; severity >= 0; --severity) titles << severity_text(static_cast<plugin::Severity>(severity));
    titles << tr("End") << tr("Host") << tr("System");
    m_machines->setHorizontalHeaderLabels(titles);

    m_queue = new PlainLabel({}, TextWeight::quiet);
    m_outcome = new PlainLabel({}, TextWeight::quiet);
    m_folder = new QLineEdit;
    m_folder->setPlaceholderText(tr("Folder for the cases and the summary"));
    m_folder->setAccessibleName(m_folder->placeholderText());
    m_profile = new QComboBox;
    m_profile->addItem(tr("Full"), QStringLiteral("full"));
    m_profile->addItem(tr("Triage"), QStringLiteral("triage"));
    auto* images = new QPushButton(tr("Add images…"));
    auto* folder_of_images = new QPushButton(tr("Add a folder…"));
    auto* choose = new QPushButton(tr("Choose…"));
    m_start = new QPushButton(tr("Start the batch"));
    m_stop = new QPushButton(tr("Stop"));
    connect(images, &QPushButton::clicked, this, [this] { add_sources(QFileDialog::getOpenFileNames(this, tr("Disk images, or a manifest"))); });
    connect(folder_of_images, &QPushButton::clicked, this, [this] {
        if (const auto path = QFileDialog::getExistingDirectory(this, tr("Folder of images")); !path.isEmpty()) add_sources({path});
    });
    connect(choose, &QPushButton::clicked, this, [this] {
        if (const auto path = QFileDialog::getExistingDirectory(this, tr("Folder for the cases")); !path.isEmpty()) set_folder(path);
    });
    connect(m_folder, &QLineEdit::textChanged, this, [this] { update_buttons(); });
    connect(m_start, &QPushButton::clicked, this, [this] { start(); });
    connect(m_stop, &QPushButton::clicked, this, [this] {
        if (m_process) m_process->terminate();
    });

    auto* sources = new QHBoxLayout;
    sources->addWidget(images);
    sources->addWidget(folder_of_images);
    sources->addWidget(m_queue, 1);
    auto* folder = new QHBoxLayout;
    folder->addWidget(m_folder, 1);
    folder->addWidget(choose);
    auto* act = new QHBoxLayout;
    act->addWidget(m_start);
    act->addWidget(m_stop);
    act->addWidget(m_outcome, 1);
    auto* form = new QFormLayout;
    form->addRow(tr("Images"), sources);
    form->addRow(tr("Cases"), folder);
    form->addRow(tr("Profile"), m_profile);

    m_table = new TableView(QStringLiteral("batch"), frame());
    m_table->setModel(m_machines);
    m_table->setUsualWidths({160, 130, 70, 70, 70, 70, 70, 200, 140, 220});
    m_table->setAccessibleName(tr("Machines of the batch"));
    new EmptyState(m_table, tr("No machine is done yet. Add images or folders, one machine each; every one becomes a case of its own, and a broken one fails alone."));
    connect(m_table, &QAbstractItemView::activated, this, [this](const QModelIndex& index) {
        if (const auto path = index.siblingAtColumn(0).data(k_machine_case_role).toString(); !path.isEmpty()) frame().open_case(path);
    });

    auto* contents = new QWidget;
    auto* all = new QVBoxLayout(contents);
    all->setContentsMargins(16, 16, 16, 16);
    all->setSpacing(8);
    all->addLayout(form);
    all->addLayout(act);
    all->addWidget(m_table, 1);
    setContents(contents);
    update_buttons();
}

void BatchPage::add_sources(const QStringList& paths) {
    for (const auto& path : paths) {
        if (!path.isEmpty() && !m_sources.contains(path)) m_sources << path;
    }
    QStringList names;
    for (const auto& source : m_sources) names += plain(bytes_of(source));
    m_queue->setText(names.join(QStringLiteral(", ")));
    update_buttons();
}

void BatchPage::set_folder(const QString& folder) { m_folder->setText(folder); }

void BatchPage::update_buttons() {
    m_start->setEnabled(!m_process && !m_sources.isEmpty() && !m_folder->text().isEmpty());
    m_stop->setEnabled(m_process != nullptr);
}

void BatchPage::start() {
    if (m_process || m_sources.isEmpty() || m_folder->text().isEmpty()) return;
    messages().clear();
    m_machines->removeRows(0, m_machines->rowCount());
    m_rest.clear(), m_progress_rest.clear(), m_words.clear();
    m_at = -1, m_done = 0;
    m_process = new QProcess(this);
    connect(m_process, &QProcess::readyReadStandardOutput, this, &BatchPage::read_rows);
    connect(m_process, &QProcess::readyReadStandardError, this, &BatchPage::read_progress);
    connect(m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart) return;
        messages().showError(tr("%1 cannot be started.").arg(AnalysisRun::program()), m_process->errorString());
        m_process->deleteLater();
        m_process = nullptr;
        update_buttons();
        Q_EMIT ended();
    });
    connect(m_process, &QProcess::finished, this, [this](int status, QProcess::ExitStatus how) {
        read_rows();
        read_progress();
        for (int row = m_done; row < m_machines->rowCount(); ++row) m_machines->item(row, k_end_column)->setText(row == m_at ? tr("not finished") : tr("not begun"));
        m_process->deleteLater();
        m_process = nullptr;
        const bool ran = how == QProcess::NormalExit && (status == 0 || status == 4);
        m_outcome->setText(ran ? tr("Done: %1 machines. summary.json and summary.csv lie in the folder.").arg(m_done) : how == QProcess::CrashExit ? tr("ended unexpectedly") : exit_text(status));
        if (!ran) messages().showError(how == QProcess::CrashExit ? tr("The batch was killed. The cases that are done are whole; start it again to go on with the others.") : tr("The batch ended early."), m_words.join(QLatin1Char('\n')));
        update_buttons();
        Q_EMIT ended();
    });
    m_outcome->setText(tr("Running: one machine after the other."));
    QStringList arguments{QStringLiteral("batch"), QStringLiteral("--json"), QStringLiteral("--progress"), QStringLiteral("json"), QStringLiteral("--resume"), QStringLiteral("--profile"), m_profile->currentData().toString(),
                          QStringLiteral("-o"), m_folder->text(), QStringLiteral("--")};
    m_process->start(AnalysisRun::program(), arguments + m_sources);
    update_buttons();
}

void BatchPage::read_rows() {
    m_rest += m_process->readAllStandardOutput();
    for (qsizetype end = m_rest.indexOf('\n'); end >= 0; end = m_rest.indexOf('\n')) {
        take(m_rest.left(end));
        m_rest.remove(0, end + 1);
    }
}

void BatchPage::read_progress() {
    m_progress_rest += m_process->readAllStandardError();
    for (qsizetype end = m_progress_rest.indexOf('\n'); end >= 0; end = m_progress_rest.indexOf('\n')) {
        take_progress(m_progress_rest.left(end));
        m_progress_rest.remove(0, end + 1);
    }
}

void BatchPage::fill_row(int row, const QString& machine) {
    for (int column = 0; column < m_machines->columnCount(); ++column) {
        auto* item = new QStandardItem(column == 0 ? machine : QString());
        item->setEditable(false);
        if (column >= k_first_count_column && column < k_end_column) item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_machines->setItem(row, column, item);
    }
}

void BatchPage::take_progress(const QByteArray& line) {
    const auto object = QJsonDocument::fromJson(line).object();
    if (const auto queue = object.value(QLatin1String("queue")); queue.isArray()) {
        const auto names = queue.toArray();
        for (int row = 0; row < names.size(); ++row) {
            fill_row(row, plain(bytes_of(names[row].toString())));
            m_machines->item(row, k_end_column)->setText(tr("waiting"));
        }
    } else if (object.contains(QLatin1String("machine"))) {
        ++m_at;
        m_outcome->setText(tr("Machine %1 of %2.").arg(m_at + 1).arg(m_machines->rowCount()));
    } else if (object.contains(QLatin1String("wave")) && m_at >= m_done && m_at < m_machines->rowCount()) {
        const auto total = object.value(QLatin1String("total")).toDouble(), done = object.value(QLatin1String("done")).toDouble();
        QStringList parts{wave_text(object.value(QLatin1String("wave")).toString())};
        if (total > 0) parts << tr("%1 %").arg(static_cast<int>(std::min(1.0, done / total) * 100));
        if (const auto left = object.value(QLatin1String("eta")); left.isDouble()) parts << tr("%1 left").arg(duration_text(left.toInteger()));
        m_machines->item(m_at, k_end_column)->setText(parts.join(QStringLiteral(" · ")));
    } else if (!line.trimmed().isEmpty() && !object.contains(QLatin1String("wave"))) {
        m_words << QString::fromUtf8(line);
        while (m_words.size() > k_words_kept) m_words.removeFirst();
    }
}

void BatchPage::take(const QByteArray& line) {
    const auto row = QJsonDocument::fromJson(line).object();
    if (row.isEmpty()) return;
    read_progress();  // the queue was told before
    const auto text = [&](const char* key) { return plain(bytes_of(row.value(QLatin1String(key)).toString())); };
    const int at = m_done++;
    fill_row(at, text("machine"));
    const auto findings = row.value(QLatin1String("findings")).toObject();
    m_machines->item(at, 1)->setText(verdict_text(row.value(QLatin1String("verdict")).toString()));
    for (std::size_t i = 0; i < k_severities.size(); ++i)
        m_machines->item(at, k_first_count_column + static_cast<int>(i))->setText(QString::number(findings.value(QLatin1String(k_severities[i])).toInt()));
    m_machines->item(at, k_end_column)->setText(exit_text(row.value(QLatin1String("exit")).toInt()));
    m_machines->item(at, k_end_column + 1)->setText(text("hostname"));
    m_machines->item(at, k_end_column + 2)->setText(text("os"));
    m_machines->item(at, 0)->setData(row.value(QLatin1String("case")).toString(), k_machine_case_role);
}

void BatchPage::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void BatchPage::dropEvent(QDropEvent* event) {
    QStringList paths;
    for (const auto& url : event->mimeData()->urls()) {
        if (url.isLocalFile()) paths << url.toLocalFile();
    }
    add_sources(paths);
}

}  // namespace deadbox::gui
