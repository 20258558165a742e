#include "gui/widgets/new_case_form.hpp"

#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollArea>
#include <QSettings>
#include <QSpinBox>
#include <QTimeZone>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <fcntl.h>

#include <algorithm>

#include "gui/models/evidence_text.hpp"
#include "gui/models/time_format.hpp"
#include "gui/widgets/disk_list.hpp"
#include "gui/widgets/own_files_list.hpp"
#include "gui/widgets/plain_label.hpp"

namespace deadbox::gui {
namespace {

constexpr int k_path_role = Qt::UserRole + 1;
constexpr int k_description_height = 72;
constexpr int k_most_offset = 2'000'000'000;  // seconds: sixty years

QStringList globs(const QString& text) { return text.split(QLatin1Char(' '), Qt::SkipEmptyParts); }

// Or nothing.
bool is_digest(const QString& text) {
    static const QRegularExpression digest(QStringLiteral("^([0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})?$"));
    return digest.match(text).hasMatch();
}

// A text of the evidence that came through JSON.
QString of_evidence(const QJsonValue& value) { return plain(bytes_of(value.toString())); }

}  // namespace

NewCaseForm::NewCaseForm(QWidget* parent) : QWidget(parent) {
    m_evidence = new QTreeWidget;
    m_evidence->setHeaderLabels({tr("Evidence of one machine"), tr("What it is"), tr("Size")});
    m_evidence->setRootIsDecorated(true);
    m_evidence->setAccessibleName(tr("Evidence of one machine"));
    m_evidence->header()->setStretchLastSection(false);
    m_evidence->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_evidence->header()->resizeSection(1, 320);

    auto* add = new QPushButton(tr("Add images…"));
    auto* disks = new QPushButton(tr("Attached disks…"));
    disks->setCheckable(true);
    auto* remove = new QPushButton(tr("Remove"));
    m_disk_list = new DiskList;
    m_disk_list->hide();
    auto* beside = new QVBoxLayout;
    beside->addWidget(add);
    beside->addWidget(disks);
    beside->addWidget(remove);
    beside->addStretch(1);
    auto* top = new QHBoxLayout;
    top->addWidget(m_evidence, 1);
    top->addLayout(beside);
    connect(add, &QPushButton::clicked, this, [this] {
        add_evidence(QFileDialog::getOpenFileNames(this, tr("Disk images"), QString(), tr("Disk images (*.raw *.dd *.img *.001 *.E01 *.qcow2 *.vmdk *.vhd *.iso);;All files (*)")));
    });
    connect(disks, &QPushButton::toggled, this, [this](bool wanted) {
        m_disk_list->setVisible(wanted);
        if (wanted) m_disk_list->look_again();
    });
    connect(m_disk_list, &DiskList::failed, this, &NewCaseForm::failed);
    connect(m_disk_list, &DiskList::chosen, this, [this](const QString& path, const QString& warning) {
        add_evidence({path});
        if (!warning.isEmpty()) Q_EMIT failed(warning, tr("That it was so is recorded in the custody log and in the report."));
    });
    connect(remove, &QPushButton::clicked, this, [this] {
        for (auto* item : m_evidence->selectedItems()) {
            while (item->parent()) item = item->parent();
            m_disks.erase(item->data(0, k_path_role).toString());
            delete item;
        }
        update_start();
    });

    const auto line = [](const QString& hint = {}) {
        auto* edit = new QLineEdit;
        edit->setPlaceholderText(hint);
        return edit;
    };
    m_number = line();
    m_examiner = line();
    m_organisation = line();
    m_authority = line(tr("Who ordered or permitted this examination: a person, a contract, a warrant"));
    m_scope = line(tr("Everything; or globs such as /var/** /etc/**"));
    m_exclude = line(tr("Nothing; or globs such as /home/**"));
    m_zone = line(tr("As the machine was set; or a name such as Europe/Berlin"));
    m_output = line();
    m_examiner->setObjectName(QStringLiteral("examiner"));
    m_authority->setObjectName(QStringLiteral("authority"));
    m_output->setObjectName(QStringLiteral("case_file"));
    m_description = new QPlainTextEdit;
    m_description->setFixedHeight(k_description_height);
    m_description->setTabChangesFocus(true);
    m_profile = new QComboBox;
    m_profile->addItem(tr("Full: every file is hashed and classified"), false);
    m_profile->addItem(tr("Triage: logs, scripts, accounts and packaged programs first; can be completed later"), true);
    auto* choose = new QPushButton(tr("Choose…"));
    auto* output = new QHBoxLayout;
    output->addWidget(m_output, 1);
    output->addWidget(choose);
    connect(choose, &QPushButton::clicked, this, [this] { choose_output(); });
    connect(m_output, &QLineEdit::textEdited, this, [this] { m_output_by_hand = true; });
    connect(m_output, &QLineEdit::textChanged, this, [this] { update_start(); });

    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->addRow(tr("Case number"), m_number);
    form->addRow(tr("Examiner"), m_examiner);
    form->addRow(tr("Organisation"), m_organisation);
    form->addRow(tr("On whose authority"), m_authority);
    form->addRow(tr("Description"), m_description);
    form->addRow(tr("Profile"), m_profile);
    form->addRow(tr("Scope"), m_scope);
    form->addRow(tr("Leave out"), m_exclude);
    form->addRow(tr("Time zone"), m_zone);
    form->addRow(tr("Case file"), output);
    auto* details = make_details();
    auto* more = new QPushButton(tr("Media and clock…"));
    more->setObjectName(QStringLiteral("media_and_clock"));
    more->setCheckable(true);
    connect(more, &QPushButton::toggled, details, &QWidget::setVisible);
    m_own_files = new OwnFilesList;
    m_own_files->hide();
    auto* own_files = new QPushButton(tr("Known sets and rules…"));
    own_files->setObjectName(QStringLiteral("known_sets_and_rules"));
    own_files->setCheckable(true);
    connect(own_files, &QPushButton::toggled, m_own_files, &QWidget::setVisible);
    connect(m_own_files, &OwnFilesList::changed, this, [this, own_files] {
        if (m_own_files->count() > 0) own_files->setChecked(true);  // what is not usual is seen
        update_start();
    });

    m_missing = new PlainLabel({}, TextWeight::quiet);
    m_start = new QPushButton(tr("Start the analysis"));
    m_start->setObjectName(QStringLiteral("start_analysis"));
    m_start->setDefault(true);
    auto* cancel = new QPushButton(tr("Cancel"));
    auto* further = new QHBoxLayout;
    further->addWidget(own_files);
    further->addWidget(more);
    further->addStretch(1);
    auto* bottom = new QHBoxLayout;
    bottom->setContentsMargins(24, 8, 24, 12);
    bottom->setSpacing(8);
    bottom->addWidget(m_missing, 1);
    bottom->addWidget(cancel);
    bottom->addWidget(m_start);
    connect(cancel, &QPushButton::clicked, this, [this] { Q_EMIT cancelled(); });
    connect(m_start, &QPushButton::clicked, this, [this] {
        remember();
        Q_EMIT started(what());
    });

    auto* sheet = new QWidget;
    auto* all = new QVBoxLayout(sheet);
    all->setContentsMargins(24, 24, 24, 8);
    all->setSpacing(8);
    all->addWidget(make_heading(tr("New case")));
    all->addWidget(new PlainLabel(tr("All disks or images of one machine together. They are opened read-only; nothing is ever written to them."), TextWeight::quiet));
    all->addLayout(top, 1);
    all->addWidget(m_disk_list);
    all->addLayout(form);
    all->addLayout(further);
    all->addWidget(m_own_files);
    all->addWidget(details);
    auto* scroll = new QScrollArea;  // a low window shows part of the form, never fields over each other
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(sheet);
    sheet->setAutoFillBackground(false);  // moved as a whole, it would leave lines of itself on the menus
    for (auto [button, part] : {std::pair<QPushButton*, QWidget*>(own_files, m_own_files), {more, details}})
        connect(button, &QPushButton::toggled, scroll, [scroll, part = part](bool wanted) {
            if (!wanted) return;
            scroll->widget()->layout()->activate();
            scroll->ensureWidgetVisible(part);
        }, Qt::QueuedConnection);
    auto* parts = new QVBoxLayout(this);
    parts->setContentsMargins(0, 0, 0, 0);
    parts->setSpacing(0);
    parts->addWidget(scroll, 1);
    parts->addLayout(bottom);  // how to go on is in sight however low the window is
    recall();
    more->setChecked(m_digests->currentIndex() != 0 || m_journal->currentIndex() != 0);  // what is not usual is seen
    update_start();
}

// How the media are read and what is known of them beforehand.
QWidget* NewCaseForm::make_details() {
    m_digests = new QComboBox;
    m_digests->setObjectName(QStringLiteral("digests"));
    m_digests->addItem(tr("As the profile has it: SHA-256, none for triage"), QString());
    m_digests->addItem(tr("SHA-256"), QStringLiteral("sha256"));
    m_digests->addItem(tr("MD5, SHA-1 and SHA-256"), QStringLiteral("all"));
    m_digests->addItem(tr("None"), QStringLiteral("none"));
    m_expected = new QLineEdit;
    m_expected->setObjectName(QStringLiteral("expected"));
    m_expected->setPlaceholderText(tr("MD5, SHA-1 or SHA-256 of the media, where you know it: compared and recorded"));
    m_journal = new QComboBox;
    m_journal->setObjectName(QStringLiteral("journal"));
    m_journal->addItem(tr("Replayed in memory: as the machine would find its files"), false);
    m_journal->addItem(tr("Ignored: as the files lie on the disk"), true);
    m_clock_offset = new QSpinBox;
    m_clock_offset->setObjectName(QStringLiteral("clock_offset"));
    m_clock_offset->setRange(-k_most_offset, k_most_offset);
    m_clock_offset->setSuffix(tr(" s ahead"));
    m_clock_source = new QLineEdit;
    m_clock_source->setObjectName(QStringLiteral("clock_source"));
    m_clock_source->setPlaceholderText(tr("Who compared the machine's clock, when, with what"));
    auto* clock = new QHBoxLayout;
    clock->addWidget(m_clock_offset);
    clock->addWidget(m_clock_source, 1);
    connect(m_expected, &QLineEdit::textChanged, this, [this] { update_start(); });

    auto* details = new QWidget;
    auto* form = new QFormLayout(details);
    form->setContentsMargins(0, 0, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->addRow(tr("Digests of the media"), m_digests);
    form->addRow(tr("Expected digest"), m_expected);
    form->addRow(tr("Journal of file systems"), m_journal);
    form->addRow(tr("The machine's clock was"), clock);
    details->hide();
    return details;
}

void NewCaseForm::recall() {
    const QSettings settings;
    const auto text = [&](const char* key) { return settings.value(QStringLiteral("new_case/") + QLatin1String(key)).toString(); };
    m_examiner->setText(text("examiner"));
    m_organisation->setText(text("organisation"));
    m_profile->setCurrentIndex(std::max(0, m_profile->findData(text("profile") == QLatin1String("triage"))));
    m_digests->setCurrentIndex(std::max(0, m_digests->findData(text("digests"))));
    m_journal->setCurrentIndex(std::max(0, m_journal->findData(text("journal") == QLatin1String("ignore"))));
}

void NewCaseForm::remember() const {
    QSettings settings;
    const auto keep = [&](const char* key, const QString& value) { settings.setValue(QStringLiteral("new_case/") + QLatin1String(key), value); };
    keep("examiner", m_examiner->text());
    keep("organisation", m_organisation->text());
    keep("profile", m_profile->currentData().toBool() ? QStringLiteral("triage") : QStringLiteral("full"));
    keep("digests", m_digests->currentData().toString());
    keep("journal", m_journal->currentData().toBool() ? QStringLiteral("ignore") : QStringLiteral("replay"));
}

NewCaseForm::~NewCaseForm() {
    for (auto* process : m_asking) process->disconnect(this);
}

bool NewCaseForm::is_empty() const { return m_evidence->topLevelItemCount() == 0; }

void NewCaseForm::clear() {
    m_evidence->clear();
    m_disks.clear();
    m_output_by_hand = false;
    for (auto* edit : {m_number, m_authority, m_scope, m_exclude, m_zone, m_output, m_expected, m_clock_source}) edit->clear();
    m_clock_offset->setValue(0);
    m_own_files->clear();
    m_description->clear();
    update_start();
}

void NewCaseForm::add_evidence(const QStringList& paths) {
    for (const auto& path : paths) {
        if (item_of(path) != nullptr) continue;
        auto* item = new QTreeWidgetItem(m_evidence, {plain(bytes_of(path)), tr("looking into it…"), QString()});
        item->setData(0, k_path_role, path);
        item->setToolTip(0, plain(bytes_of(path)).toHtmlEscaped());
        if (!is_disk(path)) {
            recognize(path);
            continue;
        }
        item->setText(1, tr("asking for the disk…"));
        open_disks({path}, this, [this, path](base::Result<OpenDisks> opened) {
            if (item_of(path) == nullptr) return;  // removed meanwhile
            if (!opened) return refuse(path, own(opened.error().what));
            m_disks.merge(*opened);
            recognize(path);
            update_start();
        });
    }
    propose_output();
    update_start();
}

QTreeWidgetItem* NewCaseForm::item_of(const QString& path) const {
    for (int row = 0; row < m_evidence->topLevelItemCount(); ++row) {
        if (m_evidence->topLevelItem(row)->data(0, k_path_role).toString() == path) return m_evidence->topLevelItem(row);
    }
    return nullptr;
}

void NewCaseForm::refuse(const QString& path, const QString& words) {
    if (auto* item = item_of(path)) {
        item->setText(1, tr("cannot be opened"));
        item->setToolTip(1, plain(bytes_of(words)).toHtmlEscaped());
    }
    Q_EMIT failed(tr("%1 cannot be opened as evidence.").arg(plain(bytes_of(path))), words);
}

void NewCaseForm::recognize(const QString& path) {
    auto* process = new QProcess(this);
    m_asking << process;
    connect(process, &QProcess::finished, this, [this, process, path] {
        take(path, process->readAllStandardOutput(), QString::fromUtf8(process->readAllStandardError()).trimmed());
        m_asking.removeOne(process);
        process->deleteLater();
    });
    connect(process, &QProcess::errorOccurred, this, [this, process](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart) return;
        Q_EMIT failed(tr("%1 cannot be started.").arg(AnalysisRun::program()), process->errorString());
        m_asking.removeOne(process);
        process->deleteLater();
    });
    QString argument = path;
    if (const auto disk = m_disks.find(path); disk != m_disks.end()) {
        argument = QStringLiteral("fd:%1").arg(disk->second->get());
        process->setChildProcessModifier([disk = disk->second] { ::fcntl(disk->get(), F_SETFD, 0); });
    }
    process->start(AnalysisRun::program(), {QStringLiteral("info"), QStringLiteral("--json"), QStringLiteral("--"), argument});
}

void NewCaseForm::take(const QString& path, const QByteArray& json, const QString& words) {
    auto* item = item_of(path);
    if (!item) return;  // removed meanwhile
    const auto object = QJsonDocument::fromJson(json.left(json.indexOf('\n') < 0 ? json.size() : json.indexOf('\n'))).object();
    if (object.isEmpty()) return refuse(path, words);
    item->setText(1, of_evidence(object.value(QLatin1String("container"))));
    item->setText(2, size_text(object.value(QLatin1String("size")).toInteger()));
    item->setTextAlignment(2, Qt::AlignRight | Qt::AlignVCenter);
    const auto volumes = object.value(QLatin1String("volumes")).toArray();
    for (const auto& each : volumes) {
        const auto volume = each.toObject();
        const auto system = volume.value(QLatin1String("operating_system")).toString();
        const auto filesystem = of_evidence(volume.value(QLatin1String("filesystem")));
        auto* child = new QTreeWidgetItem(item, {tr("volume %1").arg(of_evidence(volume.value(QLatin1String("id")))),
                                                 system.isEmpty() ? filesystem : tr("%1, %2").arg(filesystem, plain(bytes_of(system))),
                                                 size_text(volume.value(QLatin1String("size")).toInteger())});
        child->setTextAlignment(2, Qt::AlignRight | Qt::AlignVCenter);
        if (filesystem.isEmpty()) child->setText(1, tr("nothing that is read"));
    }
    // What is to be known before it is read: that a virtual machine holds it, that a segment is missing ...
    for (const auto& each : object.value(QLatin1String("coverage")).toArray()) {
        const auto row = each.toObject();
        const auto detail = of_evidence(row.value(QLatin1String("detail")));
        const auto words = of_evidence(row.value(QLatin1String("reason"))) + (detail.isEmpty() ? QString() : QStringLiteral(": ") + detail);
        auto* child = new QTreeWidgetItem(item, {tr("▲ note"), words});
        child->setToolTip(1, words.toHtmlEscaped());
    }
    item->setExpanded(true);
}

void NewCaseForm::propose_output() {
    if (m_output_by_hand || is_empty()) return;
    const QFileInfo first(m_evidence->topLevelItem(0)->data(0, k_path_role).toString());
    // Never beside the evidence by default: that folder may be the evidence's own disk.
    const QDir home(QDir::homePath());
    // An image may be called anything; the case is not.
    QString name;
    for (const char32_t c : first.completeBaseName().toUcs4()) name += QChar::isPrint(c) && QChar::category(c) != QChar::Other_Format ? QString::fromUcs4(&c, 1) : QStringLiteral("_");
    if (name.isEmpty()) name = QStringLiteral("case");
    QString path = home.filePath(name + QStringLiteral(".deadbox"));
    for (int number = 2; QFileInfo::exists(path); ++number) path = home.filePath(QStringLiteral("%1-%2.deadbox").arg(name).arg(number));
    m_output->setText(path);
}

void NewCaseForm::choose_output() {
    auto path = QFileDialog::getSaveFileName(this, tr("Case file"), m_output->text(), tr("Deadbox cases (*.deadbox)"), nullptr, QFileDialog::DontConfirmOverwrite);
    if (path.isEmpty()) return;
    if (!path.endsWith(QLatin1String(".deadbox"))) path += QLatin1String(".deadbox");
    m_output_by_hand = true;
    m_output->setText(path);
}

QString NewCaseForm::waiting_disk() const {
    for (int row = 0; row < m_evidence->topLevelItemCount(); ++row) {
        const auto path = m_evidence->topLevelItem(row)->data(0, k_path_role).toString();
        if (is_disk(path) && !m_disks.contains(path)) return path;
    }
    return {};
}

void NewCaseForm::update_start() {
    QString missing;
    if (is_empty()) missing = tr("Add at least one image.");
    else if (const auto waiting = waiting_disk(); !waiting.isEmpty()) missing = tr("%1 is not open yet.").arg(plain(bytes_of(waiting)));
    else if (m_output->text().isEmpty()) missing = tr("Say where the case is kept.");
    else if (!is_digest(m_expected->text().trimmed())) missing = tr("The expected digest is no MD5, SHA-1 or SHA-256 in hexadecimal digits.");
    else if (const auto unusable = m_own_files->missing(); !unusable.isEmpty()) missing = unusable;
    else if (QFileInfo::exists(m_output->text())) missing = tr("This case is there already: open it, or choose another name.");
    m_missing->setText(missing);
    m_start->setEnabled(missing.isEmpty());
}

NewCase NewCaseForm::what() const {
    NewCase what;
    for (int row = 0; row < m_evidence->topLevelItemCount(); ++row) what.evidence << m_evidence->topLevelItem(row)->data(0, k_path_role).toString();
    what.disks = m_disks;
    what.output = m_output->text();
    what.triage = m_profile->currentData().toBool();
    what.number = m_number->text();
    what.examiner = m_examiner->text();
    what.organisation = m_organisation->text();
    what.authority = m_authority->text();
    what.description = m_description->toPlainText();
    what.timezone = m_zone->text().trimmed();
    what.scope = globs(m_scope->text());
    what.exclude = globs(m_exclude->text());
    what.evidence_hash = m_digests->currentData().toString();
    what.expected_hash = m_expected->text().trimmed();
    m_own_files->put_into(what);
    what.ignore_journal = m_journal->currentData().toBool();
    what.clock_offset = m_clock_offset->value();
    what.clock_source = m_clock_source->text();
    return what;
}

}  // namespace deadbox::gui
