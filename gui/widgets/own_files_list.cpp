#include "gui/widgets/own_files_list.hpp"

#include <QFileDialog>
#include <QHeaderView>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "gui/models/analysis_run.hpp"
#include "gui/models/evidence_text.hpp"
#include "gui/models/time_format.hpp"
#include "gui/widgets/plain_label.hpp"

namespace deadbox::gui {
namespace {

constexpr int k_own_path_role = Qt::UserRole + 1, k_own_kind_role = Qt::UserRole + 2;  // kind: as the program says; "" while it is asked, "?" of what cannot be used
constexpr int k_list_height = 128;

QList<QJsonObject> objects_in(const QByteArray& lines) {
    QList<QJsonObject> all;
    for (const auto& line : lines.split('\n'))
        if (const auto object = QJsonDocument::fromJson(line).object(); !object.isEmpty()) all << object;
    return all;
}

QString text_in(const QJsonObject& object, const char* key) { return plain(bytes_of(object.value(QLatin1String(key)).toString())); }

void refuse_item(QTreeWidgetItem& item, const QString& why) {
    item.setData(0, k_own_kind_role, QStringLiteral("?"));
    item.setText(1, OwnFilesList::tr("▲ cannot be used: %1").arg(why));
    item.setToolTip(1, why.toHtmlEscaped());
    item.setText(2, QString());
}

}  // namespace

OwnFilesList::OwnFilesList(QWidget* parent) : QWidget(parent), m_files(new QTreeWidget(this)), m_remove(new QPushButton(tr("Remove"), this)) {
    m_files->setObjectName(QStringLiteral("own_files"));
    m_files->setHeaderLabels({tr("Known sets and rules of your own"), tr("What it is"), tr("Entries")});
    m_files->setAccessibleName(tr("Known sets and rules of your own"));
    m_files->setRootIsDecorated(false);
    m_files->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_files->setFixedHeight(k_list_height);
    m_files->header()->setStretchLastSection(false);
    m_files->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_files->header()->setSectionResizeMode(1, QHeaderView::Stretch);
    auto* files = new QPushButton(tr("Add files…"), this);
    auto* folder = new QPushButton(tr("Folder of rules…"), this);
    files->setObjectName(QStringLiteral("add_own_files"));
    m_remove->setObjectName(QStringLiteral("remove_own_files"));
    auto* beside = new QVBoxLayout;
    beside->addWidget(files);
    beside->addWidget(folder);
    beside->addWidget(m_remove);
    beside->addStretch(1);
    auto* top = new QHBoxLayout;
    top->addWidget(m_files, 1);
    top->addLayout(beside);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(4);
    all->addLayout(top);
    all->addWidget(new PlainLabel(tr("Sets of the distribution's packages (deadbox trust build), of known good or bad files (deadbox hashset import), and YARA rules. Each stands in the case and the report with its SHA-256."), TextWeight::quiet, this));
    connect(files, &QPushButton::clicked, this, [this] { add(QFileDialog::getOpenFileNames(this, tr("Known sets and rules"), QString(), tr("All files (*)"))); });
    connect(folder, &QPushButton::clicked, this, [this] {
        if (const auto path = QFileDialog::getExistingDirectory(this, tr("Folder of YARA rules")); !path.isEmpty()) add({path});
    });
    connect(m_remove, &QPushButton::clicked, this, [this] {
        qDeleteAll(m_files->selectedItems());
        Q_EMIT changed();
    });
    const auto offer = [this] { m_remove->setEnabled(!m_files->selectedItems().isEmpty()); };
    connect(m_files, &QTreeWidget::itemSelectionChanged, this, offer);
    offer();
}

OwnFilesList::~OwnFilesList() {
    for (auto* process : m_asking) process->disconnect(this);
}

int OwnFilesList::count() const { return m_files->topLevelItemCount(); }

void OwnFilesList::clear() {
    m_files->clear();
    Q_EMIT changed();
}

void OwnFilesList::add(const QStringList& paths) {
    for (const auto& path : paths) {
        if (item_of(path) != nullptr) continue;
        auto* item = new QTreeWidgetItem(m_files, {plain(bytes_of(path)), tr("looking into it…"), QString()});
        item->setData(0, k_own_path_role, path);
        item->setToolTip(0, plain(bytes_of(path)).toHtmlEscaped());
        item->setTextAlignment(2, Qt::AlignRight | Qt::AlignVCenter);
        recognize(path);
    }
    Q_EMIT changed();
}

QTreeWidgetItem* OwnFilesList::item_of(const QString& path) const {
    for (int row = 0; row < m_files->topLevelItemCount(); ++row)
        if (m_files->topLevelItem(row)->data(0, k_own_path_role).toString() == path) return m_files->topLevelItem(row);
    return nullptr;
}

void OwnFilesList::recognize(const QString& path) {
    auto* process = new QProcess(this);
    m_asking << process;
    const auto done = [this, process, path](const QString& words) {
        take(path, process->readAllStandardOutput(), words);
        m_asking.removeOne(process);
        process->deleteLater();
        Q_EMIT changed();
    };
    connect(process, &QProcess::finished, this, [process, done] { done(QString::fromUtf8(process->readAllStandardError()).trimmed()); });
    connect(process, &QProcess::errorOccurred, this, [process, done](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) done(tr("%1 cannot be started: %2").arg(AnalysisRun::program(), process->errorString()));
    });
    process->start(AnalysisRun::program(), {QStringLiteral("rules"), QStringLiteral("check"), QStringLiteral("--json"), QStringLiteral("--"), path});
}

void OwnFilesList::take(const QString& path, const QByteArray& lines, const QString& words) {
    auto* item = item_of(path);
    if (item == nullptr) return;  // removed meanwhile
    const auto all = objects_in(lines);
    if (all.isEmpty()) return refuse_item(*item, words);
    for (const auto& one : all)
        if (!one.value(QLatin1String("usable")).toBool()) return refuse_item(*item, text_in(one, "error"));
    const auto kind = all.front().value(QLatin1String("kind")).toString();
    item->setData(0, k_own_kind_role, kind);
    if (kind == QLatin1String("rules")) return take_rules(*item, lines);
    const auto name = text_in(all.front(), "name");
    if (kind == QLatin1String("trust")) item->setText(1, tr("packages as they were published: %1").arg(name));
    else item->setText(1, all.front().value(QLatin1String("as")).toString() == QLatin1String("bad") ? tr("known bad files: %1").arg(name) : tr("known good files: %1").arg(name));
    item->setText(2, count_text(all.front().value(QLatin1String("entries")).toInteger()));
    item->setToolTip(1, item->text(1).toHtmlEscaped());
}

void OwnFilesList::take_rules(QTreeWidgetItem& item, const QByteArray& lines) {
    const auto all = objects_in(lines);
    std::int64_t rules = 0;
    for (const auto& one : all) rules += one.value(QLatin1String("entries")).toInteger();
    item.setText(1, all.size() == 1 ? tr("YARA rules") : tr("YARA rules in %1 files").arg(count_text(all.size())));
    item.setText(2, count_text(rules));
}

QString OwnFilesList::missing() const {
    for (int row = 0; row < m_files->topLevelItemCount(); ++row) {
        const auto* item = m_files->topLevelItem(row);
        const auto kind = item->data(0, k_own_kind_role).toString();
        if (kind.isEmpty()) return tr("%1 is being looked into.").arg(item->text(0));
        if (kind == QLatin1String("?")) return tr("%1 cannot be used: remove it.").arg(item->text(0));
    }
    return {};
}

void OwnFilesList::put_into(NewCase& what) const {
    for (int row = 0; row < m_files->topLevelItemCount(); ++row) {
        const auto* item = m_files->topLevelItem(row);
        const auto kind = item->data(0, k_own_kind_role).toString(), path = item->data(0, k_own_path_role).toString();
        if (kind == QLatin1String("trust")) what.trust << path;
        else if (kind == QLatin1String("hash_set")) what.hash_sets << path;
        else if (kind == QLatin1String("rules")) what.rules << path;
    }
}

}  // namespace deadbox::gui
