#include "gui/pages/report_page.hpp"

#include <QBuffer>
#include <QCheckBox>
#include <QComboBox>
#include <QDesktopServices>
#include <QDir>
#include <QDirIterator>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QProcess>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QTemporaryFile>
#include <QTextDocument>
#include <QTimer>
#include <QUrl>
#include <QVBoxLayout>

#include <array>

#include "gui/models/analysis_run.hpp"
#include "gui/models/evidence_text.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/palettes.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/report_preview.hpp"
#include "report/build.hpp"
#include "report/document_writer.hpp"

namespace deadbox::gui {
namespace {

constexpr int k_path_role = Qt::UserRole + 1;

constexpr int k_pause_ms = 250;  // after a choice, before the preview is made anew

struct Format {
    const char *id, *name, *meaning;
    bool usual;
};
constexpr std::array<Format, 12> k_formats{{
    {"html", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "HTML"), QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "For reading on a screen"), true},
    {"pdf", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "PDF"), QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "For printing and for the file"), true},
    {"json", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "JSON"), QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "Everything, for programs"), true},
    {"csv", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "CSV"), QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "Tables for a spreadsheet"), false},
    {"bodyfile", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "Body file"), QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "Times of files, for mactime"), false},
    {"timesketch", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "Timesketch"), QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "The timeline, for import"), false},
    {"dfxml", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "DFXML"), QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "File metadata"), false},
    {"case", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "CASE/UCO"), QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "Linked data of the case"), false},
    {"stix", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "STIX 2.1"), QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "Indicators to share"), false},
    {"misp", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "MISP"), QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "An event with objects"), false},
    {"navigator", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "ATT&&CK Navigator"), QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "A layer of the techniques found"), false},
    {"hashlist", QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "Hash list"), QT_TRANSLATE_NOOP("deadbox::gui::ReportPage", "For sha256sum -c"), false},
}};

}  // namespace

ReportPage::ReportPage(Frame& frame, QWidget* parent) : Page(QStringLiteral("report"), frame, parent), m_pause(new QTimer(this)) {
    build();
    m_pause->setSingleShot(true);
    m_pause->setInterval(k_pause_ms);
    connect(m_pause, &QTimer::timeout, this, &ReportPage::refresh);
    addPageAction(tr("Write the report"), QKeySequence(Qt::CTRL | Qt::Key_Return), [this] { write(); });
    addPageAction(tr("Choose a logo…"), QKeySequence(Qt::CTRL | Qt::Key_L), [this] { m_logo_button->click(); });
}

ReportPage::~ReportPage() {
    if (m_process) m_process->disconnect(this);
    if (!m_logo_file.isEmpty()) QFile::remove(m_logo_file);
}

void ReportPage::build() {
    m_preview = new ReportPreview;
    m_state = new PlainLabel(tr("The preview is made…"), TextWeight::quiet);
    auto* right = new QWidget;
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(16, 12, 16, 8);
    head->setSpacing(12);
    head->addWidget(make_heading(tr("Preview")));
    head->addWidget(m_state, 1);
    column->addLayout(head);
    column->addWidget(m_preview, 1);
    m_parts = new QSplitter(Qt::Horizontal);
    m_parts->setChildrenCollapsible(false);
    m_parts->addWidget(make_choices());
    m_parts->addWidget(right);
    m_parts->setStretchFactor(0, 0);
    m_parts->setStretchFactor(1, 1);
    m_parts->setSizes({420, 800});
    setContents(m_parts);
    update_button();
}

// A report has lines of a sheet's length: beside the choices it would break its words, so it stands under them.
void ReportPage::resizeEvent(QResizeEvent* event) {
    constexpr int k_both = 900;
    Page::resizeEvent(event);
    const auto wanted = width() < k_both ? Qt::Vertical : Qt::Horizontal;
    if (m_parts->orientation() == wanted) return;
    m_parts->setOrientation(wanted);
    m_parts->setSizes(wanted == Qt::Vertical ? QList<int>{200, 320} : QList<int>{420, 800});
}

QWidget* ReportPage::make_choices() {
    auto* choices = new QWidget;
    auto* column = new QVBoxLayout(choices);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(6);
    add_formats(*column);
    column->addSpacing(8);
    add_sections(*column);
    column->addSpacing(8);
    add_form(*column);
    column->addSpacing(8);
    column->addWidget(make_heading(tr("Written")));
    m_files = new QListWidget;
    m_files->setFrameShape(QFrame::NoFrame);
    m_files->setAccessibleName(tr("Files of the report"));
    m_files->setToolTip(tr("Enter or a double click opens the file with the desktop's program"));
    m_files->setMinimumHeight(72);
    connect(m_files, &QListWidget::itemActivated, this, [](const QListWidgetItem* item) { QDesktopServices::openUrl(QUrl::fromLocalFile(item->data(k_path_role).toString())); });
    column->addWidget(m_files, 1);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setAccessibleName(tr("What goes into the report"));
    scroll->setWidget(choices);
    scroll->setMinimumWidth(choices->minimumSizeHint().width() + scroll->verticalScrollBar()->sizeHint().width());
    return scroll;
}

void ReportPage::add_formats(QVBoxLayout& column) {
    column.addWidget(make_heading(tr("Formats")));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(2);
    const int rows = static_cast<int>(k_formats.size() + 1) / 2;
    for (std::size_t i = 0; i < k_formats.size(); ++i) {
        auto* box = new QCheckBox(tr(k_formats[i].name));
        box->setToolTip(tr(k_formats[i].meaning));
        box->setAccessibleDescription(tr(k_formats[i].meaning));
        box->setChecked(k_formats[i].usual);
        connect(box, &QCheckBox::toggled, this, [this] { update_button(); });
        m_formats << box;
        grid->addWidget(box, static_cast<int>(i) % rows, static_cast<int>(i) / rows);
    }
    column.addLayout(grid);
}

void ReportPage::add_sections(QVBoxLayout& column) {
    column.addWidget(make_heading(tr("Sections of HTML and PDF")));
    m_sections = new QListWidget;
    m_sections->setAccessibleName(tr("Sections of the report"));
    m_sections->setFrameShape(QFrame::NoFrame);
    m_sections->setToolTip(tr("What is left out is said on the first page. The summary is always there."));
    for (const auto id : report::sections()) {
        auto* item = new QListWidgetItem(own(id), m_sections);  // its title comes with the first preview
        item->setData(Qt::UserRole, own(id));
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | (m_sections->count() == 1 ? Qt::NoItemFlags : Qt::ItemIsUserCheckable));
        item->setCheckState(Qt::Checked);
    }
    m_sections->setFixedHeight(m_sections->sizeHintForRow(0) * m_sections->count() + 6);
    connect(m_sections, &QListWidget::itemChanged, this, &ReportPage::choice_changed);
    column.addWidget(m_sections);
}

void ReportPage::add_form(QVBoxLayout& column) {
    m_findings = new QComboBox;
    for (const auto& [id, text] : {std::pair("all", tr("All")), std::pair("kept", tr("All but the dismissed")), std::pair("confirmed", tr("The confirmed")), std::pair("bookmarked", tr("The bookmarked"))}) m_findings->addItem(text, QString::fromLatin1(id));
    m_language = new QComboBox;
    m_language->addItem(tr("English"), QStringLiteral("en"));
    m_language->addItem(tr("German"), QStringLiteral("de"));
    m_language->setCurrentIndex(QLocale().language() == QLocale::German ? 1 : 0);
    m_redact = new QComboBox;
    m_redact->addItem(tr("Secrets: password hashes, keys, tokens"), QStringLiteral("secrets"));
    m_redact->addItem(tr("Secrets and persons"), QStringLiteral("persons"));
    m_redact->addItem(tr("Nothing"), QStringLiteral("none"));
    m_tlp = new QComboBox;
    m_tlp->addItem(tr("No mark"), QString());
    for (const auto* level : {"clear", "green", "amber", "amber+strict", "red"}) m_tlp->addItem(tr("Mark %1").arg(QStringLiteral("TLP:") + QString::fromLatin1(level).toUpper()), QString::fromLatin1(level));
    for (auto* combo : {m_findings, m_language, m_redact, m_tlp}) {
        combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        combo->setMinimumContentsLength(16);
        for (int i = 0; i < combo->count(); ++i) combo->setItemData(i, combo->itemText(i), Qt::ToolTipRole);
        connect(combo, &QComboBox::currentIndexChanged, this, &ReportPage::choice_changed);
    }
    m_logo_shown = new QLabel;
    m_logo_shown->setAccessibleName(tr("The logo"));
    m_logo_button = new QPushButton(tr("Choose…"));
    m_logo_button->setAccessibleName(tr("Choose a logo"));
    auto* logo = new QHBoxLayout;
    logo->addWidget(m_logo_shown);
    logo->addWidget(m_logo_button);
    logo->addStretch(1);
    connect(m_logo_button, &QPushButton::clicked, this, [this] { set_logo(m_logo.isEmpty() ? QFileDialog::getOpenFileName(this, tr("Logo of the report"), {}, tr("Pictures (*.png *.jpg *.jpeg *.svg)")) : QString()); });
    m_folder = new QLineEdit;
    m_folder->setPlaceholderText(tr("Folder that the report is written into"));
    m_folder->setAccessibleName(tr("Folder of the report"));
    auto* choose = new QPushButton(tr("Choose…"));
    choose->setAccessibleName(tr("Choose the folder of the report"));
    auto* folder = new QHBoxLayout;
    folder->addWidget(m_folder, 1);
    folder->addWidget(choose);
    connect(choose, &QPushButton::clicked, this, [this] {
        const auto path = QFileDialog::getExistingDirectory(this, tr("Folder of the report"), m_folder->text());
        if (!path.isEmpty()) set_folder(path);
    });
    connect(m_folder, &QLineEdit::textChanged, this, [this] { update_button(); });
    auto* form = new QFormLayout;
    form->setRowWrapPolicy(QFormLayout::DontWrapRows);
    form->addRow(tr("Findings"), m_findings);
    form->addRow(tr("Language"), m_language);
    form->addRow(tr("Leave out"), m_redact);
    form->addRow(tr("Traffic light"), m_tlp);
    form->addRow(tr("Logo"), logo);
    form->addRow(tr("Folder"), folder);
    column.addLayout(form);
    m_write = new QPushButton(tr("Write the report"));
    m_write->setDefault(true);
    m_outcome = new PlainLabel({}, TextWeight::quiet);
    auto* act = new QHBoxLayout;
    act->addWidget(m_write);
    act->addWidget(m_outcome, 1);
    connect(m_write, &QPushButton::clicked, this, [this] { write(); });
    column.addSpacing(4);
    column.addLayout(act);
}

void ReportPage::caseChanged() {
    m_files->clear();
    m_outcome->clear();
    m_previewing.cancel();
    m_making = m_stale = false;
    m_preview->show_preview(std::make_unique<QTextDocument>());
    if (!session()) return m_folder->clear();
    const QFileInfo place(session()->path());
    set_folder(place.dir().filePath(place.completeBaseName() + QStringLiteral("-report")));
}

void ReportPage::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && m_preview != nullptr) choice_changed();
    Page::changeEvent(event);
}

struct ReportPage::Answer {
    Preview preview;
    std::vector<std::string> titles;  // of the sections, in the window's language
};

void ReportPage::choice_changed() {
    m_previewing.cancel();
    m_making = false;
    m_pause->start();
}

// One preview at a time: while an analysis changes the case again and again, each is shown before the next is begun.
void ReportPage::refresh() {
    if (session() == nullptr || !isVisible()) return;
    m_stale = m_making;
    if (std::exchange(m_making, true)) return;
    m_state->setText(tr("The preview is made…"));
    report::BuildOptions options;
    const auto redact = m_redact->currentData().toString();
    options.redact = redact == QStringLiteral("none") ? report::Redact::none : redact == QStringLiteral("persons") ? report::Redact::persons : report::Redact::secrets;
    options.tlp = m_tlp->currentData().toString().toStdString();
    report::Selection selection;
    for (const auto& id : chosen_sections()) selection.sections.push_back(id.toStdString());
    selection.findings = static_cast<report::Told>(m_findings->currentIndex());
    m_previewing = session()->ask(Lane::slow, this, [options, selection, language = m_language->currentData().toString().toStdString(), colours = preview_colours(), text = font(), mono = mono_font(), thread = thread()](CaseReader& reader) -> base::Result<std::shared_ptr<Answer>> {
        auto answer = std::make_shared<Answer>();
        TRY_ASSIGN(const report::Texts texts, report::Texts::load(language));
        TRY_ASSIGN(const report::Report model, report::build_report(reader.view(), texts, options));
        std::vector<report::Block> blocks;
        report::write_document({model, reader.view(), texts, {}, selection}, [&](const report::Block& block) { blocks.push_back(block); });
        answer->preview = make_preview(blocks, colours, text, mono);
        answer->preview.document->moveToThread(thread);
        for (const auto id : report::sections()) answer->titles.push_back(reader.texts().of("html." + std::string(id)));
        return answer;
    }, [this](base::Result<std::shared_ptr<Answer>> answer) {
        m_making = false;
        if (std::exchange(m_stale, false)) m_pause->start();
        if (!answer) {
            m_state->clear();
            return messages().showError(tr("The preview cannot be made: %1").arg(own(answer.error().what)));
        }
        show_preview(**answer);
    });
}

void ReportPage::show_preview(Answer& answer) {
    const QSignalBlocker quiet(m_sections);
    for (int i = 0; i < m_sections->count(); ++i) m_sections->item(i)->setText(own(answer.titles[static_cast<std::size_t>(i)]));
    m_preview->show_preview(std::move(answer.preview.document));
    m_state->setText(answer.preview.cut ? tr("Its beginning; what is written goes on.") : QString());
    Q_EMIT previewed();
}

QStringList ReportPage::chosen_sections() const {
    QStringList chosen;
    for (int i = 0; i < m_sections->count(); ++i)
        if (m_sections->item(i)->checkState() == Qt::Checked) chosen += m_sections->item(i)->data(Qt::UserRole).toString();
    return chosen.size() == m_sections->count() ? QStringList() : chosen;
}

void ReportPage::set_logo(const QString& path) {
    constexpr int k_widest = 1200, k_highest = 400;
    m_logo.clear();
    if (!m_logo_file.isEmpty()) QFile::remove(std::exchange(m_logo_file, {}));
    if (!path.isEmpty()) {
        QImage picture(path);
        if (picture.isNull()) return messages().showError(tr("%1 is no picture that can be read.").arg(plain(bytes_of(path))));
        if (picture.width() > k_widest || picture.height() > k_highest) picture = picture.scaled(k_widest, k_highest, Qt::KeepAspectRatio, Qt::SmoothTransformation);
        QBuffer buffer(&m_logo);
        picture.convertToFormat(QImage::Format_RGBA8888).save(&buffer, "PNG");
        QTemporaryFile file(QDir::tempPath() + QStringLiteral("/deadbox-logo-XXXXXX.png"));
        file.setAutoRemove(false);
        if (!file.open() || file.write(m_logo) != m_logo.size()) return messages().showError(tr("The logo cannot be kept in %1.").arg(QDir::tempPath()), file.errorString());
        m_logo_file = file.fileName();
    }
    const int height = fontMetrics().height() * 2;
    m_logo_shown->setPixmap(m_logo.isEmpty() ? QPixmap() : QPixmap::fromImage(QImage::fromData(m_logo)).scaled(height * 5, height, Qt::KeepAspectRatio, Qt::SmoothTransformation));
    m_logo_button->setText(m_logo.isEmpty() ? tr("Choose…") : tr("Take away"));
    m_logo_button->setAccessibleName(m_logo.isEmpty() ? tr("Choose a logo") : tr("Take the logo away"));
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
    if (const auto sections = chosen_sections(); !sections.isEmpty()) all << QStringLiteral("--sections") << sections.join(QLatin1Char(','));
    if (m_findings->currentIndex() > 0) all << QStringLiteral("--findings") << m_findings->currentData().toString();
    if (!m_logo_file.isEmpty()) all << QStringLiteral("--logo") << m_logo_file;
    return all;
}

void ReportPage::write() {
    if (m_process || !session() || m_folder->text().isEmpty()) return;
    messages().clear();
    m_outcome->setText(tr("Writing…"));
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
