#include "gui/pages/report_page.hpp"

#include <QCheckBox>
#include <QComboBox>
#include <QDesktopServices>
#include <QDir>
#include <QDirIterator>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QProcess>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

#include <array>

#include "gui/models/analysis_run.hpp"
#include "gui/models/evidence_text.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/plain_label.hpp"

namespace deadbox::gui {
namespace {

constexpr int k_path_role = Qt::UserRole + 1;

struct Format {
    const char* id;
    const char* text;
    bool usual;
};
constexpr std::array<Format, 12> k_formats{{
    {"html", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "HTML: for reading on a screen"), true},
    {"pdf", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "PDF: for printing and for the file"), true},
    {"json", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "JSON: everything, for programs"), true},
    {"csv", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "CSV: tables for a spreadsheet"), false},
    {"bodyfile", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "Body file: for mactime"), false},
    {"timesketch", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "Timesketch: the timeline, for import"), false},
    {"dfxml", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "DFXML: file metadata"), false},
    {"case", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "CASE/UCO: linked data of the case"), false},
    {"stix", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "STIX 2.1: indicators to share"), false},
    {"misp", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "MISP: an event with objects"), false},
    {"navigator", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "ATT&CK Navigator: a layer"), false},
    {"hashlist", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "Hash list: for sha256sum -c"), false},
}};

}  // namespace

ReportPage::ReportPage(Frame& frame, QWidget* parent) : Page(QStringLiteral("report"), frame, parent) {
    build();
    addPageAction(tr("Write the report"), QKeySequence(Qt::CTRL | Qt::Key_Return), [this] { write(); });
}

ReportPage::~ReportPage() {
    if (m_process) m_process->disconnect(this);
}

void ReportPage::build() {
    m_language = new QComboBox;
    m_language->addItem(tr("English"), QStringLiteral("en"));
    m_language->addItem(tr("German"), QStringLiteral("de"));
    m_redact = new QComboBox;
    m_redact->addItem(tr("Leave out secrets: password hashes, keys, tokens"), QStringLiteral("secrets"));
    m_redact->addItem(tr("Leave out secrets and persons"), QStringLiteral("persons"));
    m_redact->addItem(tr("Leave out nothing"), QStringLiteral("none"));
    m_tlp = new QComboBox;
    m_tlp->addItem(tr("No mark"), QString());
    for (const auto* level : {"clear", "green", "amber", "amber+strict", "red"}) m_tlp->addItem(tr("Mark %1").arg(QStringLiteral("TLP:") + QString::fromLatin1(level).toUpper()), QString::fromLatin1(level));
    m_folder = new QLineEdit;
    m_folder->setPlaceholderText(tr("Folder that the report is written into"));
    auto* choose = new QPushButton(tr("Choose …"));
    auto* folder = new QHBoxLayout;
    folder->addWidget(m_folder, 1);
    folder->addWidget(choose);
    connect(choose, &QPushButton::clicked, this, [this] {
        const auto path = QFileDialog::getExistingDirectory(this, tr("Folder of the report"), m_folder->text());
        if (!path.isEmpty()) set_folder(path);
    });
    connect(m_folder, &QLineEdit::textChanged, this, [this] { update_button(); });

    auto* formats = new QVBoxLayout;
    formats->setSpacing(4);
    formats->addWidget(make_heading(tr("Formats")));
    for (const auto& format : k_formats) {
        auto* box = new QCheckBox(tr(format.text));
        box->setChecked(format.usual);
        connect(box, &QCheckBox::toggled, this, [this] { update_button(); });
        m_formats << box;
        formats->addWidget(box);
    }
    formats->addStretch(1);

    auto* form = new QFormLayout;
    form->addRow(tr("Language"), m_language);
    form->addRow(tr("Redaction"), m_redact);
    form->addRow(tr("Traffic light"), m_tlp);
    form->addRow(tr("Folder"), folder);
    m_write = new QPushButton(tr("Write the report"));
    m_write->setDefault(true);
    m_outcome = new PlainLabel({}, TextWeight::quiet);
    auto* act = new QHBoxLayout;
    act->addWidget(m_write);
    act->addWidget(m_outcome, 1);
    m_files = new QListWidget;
    m_files->setFrameShape(QFrame::NoFrame);
    m_files->setAccessibleName(tr("Files of the report"));
    m_files->setToolTip(tr("Enter or a double click opens the file with the desktop's program"));
    connect(m_write, &QPushButton::clicked, this, [this] { write(); });
    connect(m_files, &QListWidget::itemActivated, this, [](const QListWidgetItem* item) { QDesktopServices::openUrl(QUrl::fromLocalFile(item->data(k_path_role).toString())); });

    auto* right = new QVBoxLayout;
    right->setSpacing(8);
    right->addLayout(form);
    right->addLayout(act);
    right->addSpacing(8);
    right->addWidget(make_heading(tr("Written")));
    right->addWidget(m_files, 1);

    auto* contents = new QWidget;
    auto* all = new QHBoxLayout(contents);
    all->setContentsMargins(16, 16, 16, 16);
    all->setSpacing(32);
    all->addLayout(formats);
    all->addLayout(right, 1);
    setContents(contents);
    update_button();
}

void ReportPage::caseChanged() {
    m_files->clear();
    m_outcome->clear();
    if (!session()) return m_folder->clear();
    const QFileInfo place(session()->path());
    set_folder(place.dir().filePath(place.completeBaseName() + QStringLiteral("-report")));
}

void ReportPage::set_folder(const QString& folder) { m_folder->setText(folder); }

void ReportPage::update_button() {
    bool any = false;
    for (const auto* box : m_formats) any = any || box->isChecked();
    m_write->setEnabled(any && !m_folder->text().isEmpty() && !m_process);
}

QStringList ReportPage::arguments() const {
    QStringList formats;
    for (int place = 0; place < m_formats.size(); ++place) {
        if (m_formats[place]->isChecked()) formats << QString::fromLatin1(k_formats[static_cast<std::size_t>(place)].id);
    }
    QStringList all{QStringLiteral("report"), session()->path(), QStringLiteral("-o"), m_folder->text(), QStringLiteral("--format"), formats.join(QLatin1Char(',')),
                    QStringLiteral("--language"), m_language->currentData().toString(), QStringLiteral("--redact"), m_redact->currentData().toString()};
    if (const auto tlp = m_tlp->currentData().toString(); !tlp.isEmpty()) all << QStringLiteral("--tlp") << tlp;
    return all;
}

void ReportPage::write() {
    if (m_process || !session() || m_folder->text().isEmpty()) return;
    messages().clear();
    m_outcome->setText(tr("Writing …"));
    m_process = new QProcess(this);
    connect(m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart) return;
        messages().showError(tr("%1 cannot be started.").arg(AnalysisRun::program()), m_process->errorString());
        m_process->deleteLater();
        m_process = nullptr;
        m_outcome->clear();
        update_button();
        Q_EMIT written(false);
    });
    connect(m_process, &QProcess::finished, this, [this, folder = m_folder->text()](int status, QProcess::ExitStatus how) {
        const auto words = QString::fromUtf8(m_process->readAllStandardError()).trimmed();
        m_process->deleteLater();
        m_process = nullptr;
        update_button();
        const bool well = how == QProcess::NormalExit && status == 0;
        m_outcome->setText(well ? tr("Written.") : QString());
        if (!well) messages().showError(tr("The report could not be written into %1.").arg(plain(bytes_of(folder))), words);
        show_written(folder);
        Q_EMIT written(well);
    });
    update_button();
    m_process->start(AnalysisRun::program(), arguments());
}

void ReportPage::show_written(const QString& folder) {
    m_files->clear();
    QStringList paths;
    QDirIterator files(folder, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) paths << files.next();
    paths.sort();
    for (const auto& path : paths) {
        auto* item = new QListWidgetItem(QDir(folder).relativeFilePath(path), m_files);
        item->setData(k_path_role, path);
    }
}

}  // namespace deadbox::gui
