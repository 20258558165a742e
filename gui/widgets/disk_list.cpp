#include "gui/widgets/disk_list.hpp"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QJsonArray>
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

constexpr int k_disk_path_role = Qt::UserRole + 1;
constexpr int k_warning_role = Qt::UserRole + 2;
constexpr int k_height = 132;

enum Column { disk, model, serial, size, state };

// A text of the disk's own, which is evidence too.
QString of_disk(const QJsonValue& value) { return plain(bytes_of(value.toString())); }

QString use_text(const QJsonObject& use) {
    const auto place = of_disk(use.value(QLatin1String("place")));
    const auto kind = of_disk(use.value(QLatin1String("kind")));
    const auto device = of_disk(use.value(QLatin1String("device")));
    const auto as = use.value(QLatin1String("as")).toString();
    if (as == QLatin1String("swap")) return DiskList::tr("%1 is swap").arg(device);
    if (as == QLatin1String("mount")) return DiskList::tr("%1 is mounted on %2").arg(device, place);
    return kind.isEmpty() ? DiskList::tr("%1 is held by %2").arg(device, place) : DiskList::tr("%1 is held by %2 (%3)").arg(device, place, kind);
}

// Why the examination rule is not active, in the window's language.
QString rule_words(const QJsonObject& line) {
    const auto state = line.value(QLatin1String("examination_rule_state")).toString();
    const auto file = of_disk(line.value(QLatin1String("examination_rule_file")));
    if (state == QLatin1String("not_installed")) return DiskList::tr("it is not installed");
    if (state == QLatin1String("switched_off")) return DiskList::tr("%1 switches it off").arg(file);
    if (state == QLatin1String("no_disk_list")) return DiskList::tr("%1 is there, but not the list of the workstation's own disks").arg(file);
    if (state == QLatin1String("no_udev")) return DiskList::tr("%1 is there, but udev does not run").arg(file);
    return of_disk(line.value(QLatin1String("examination_rule_reason")));  // a state that this window does not know yet, in English
}

}  // namespace

DiskList::DiskList(QWidget* parent) : QWidget(parent), m_rule(new PlainLabel), m_hint(new PlainLabel({}, TextWeight::quiet)), m_disks(new QTreeWidget), m_use(new QPushButton(tr("Examine this disk"))), m_again(new QPushButton(tr("Look again"))) {
    m_rule->setObjectName(QStringLiteral("examination_rule"));
    m_disks->setHeaderLabels({tr("Disk"), tr("Model"), tr("Serial number"), tr("Size"), tr("State")});
    m_disks->setAccessibleName(tr("Attached disks"));
    m_disks->setRootIsDecorated(false);
    m_disks->setFixedHeight(k_height);
    m_disks->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_use->setEnabled(false);
    auto* beside = new QVBoxLayout;
    beside->addWidget(m_use);
    beside->addWidget(m_again);
    beside->addStretch(1);
    auto* row = new QHBoxLayout;
    row->addWidget(m_disks, 1);
    row->addLayout(beside);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(4);
    all->addWidget(m_rule);
    all->addLayout(row);
    all->addWidget(m_hint);
    connect(m_again, &QPushButton::clicked, this, &DiskList::look_again);
    connect(m_use, &QPushButton::clicked, this, &DiskList::choose);
    connect(m_disks, &QTreeWidget::itemActivated, this, &DiskList::choose);
    connect(m_disks, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
        m_use->setEnabled(item != nullptr);
        m_hint->setText(item == nullptr ? QString() : item->data(0, k_warning_role).toString());
    });
}

DiskList::~DiskList() {
    if (m_asking != nullptr) m_asking->disconnect(this);
}

int DiskList::count() const { return m_disks->topLevelItemCount(); }

void DiskList::look_again() {
    if (m_asking != nullptr) return;
    m_asking = new QProcess(this);
    m_again->setEnabled(false);
    const auto over = [this] {
        m_asking->deleteLater();
        m_asking = nullptr;
        m_again->setEnabled(true);
    };
    connect(m_asking, &QProcess::finished, this, [this, over] {
        const auto words = QString::fromUtf8(m_asking->readAllStandardError()).trimmed();
        take(m_asking->readAllStandardOutput());
        if (!words.isEmpty()) Q_EMIT failed(tr("The attached disks cannot be listed."), words);
        over();
    });
    connect(m_asking, &QProcess::errorOccurred, this, [this, over](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart) return;
        Q_EMIT failed(tr("%1 cannot be started.").arg(AnalysisRun::program()), m_asking->errorString());
        over();
    });
    m_asking->start(AnalysisRun::program(), {QStringLiteral("info"), QStringLiteral("--devices"), QStringLiteral("--json")});
}

void DiskList::take(const QByteArray& json) {
    m_disks->clear();
    bool active = false;
    QString reason;
    for (const auto& line : json.split('\n')) {
        const auto object = QJsonDocument::fromJson(line).object();
        if (!object.contains(QLatin1String("device"))) continue;
        active = object.value(QLatin1String("examination_rule")).toBool();
        reason = rule_words(object);
        QStringList uses, warnings;
        for (const auto& each : object.value(QLatin1String("uses")).toArray()) {
            const auto use = each.toObject();
            (use.value(QLatin1String("writable")).toBool() ? warnings : uses) << use_text(use);
        }
        const bool read_only = object.value(QLatin1String("read_only")).toBool();
        const auto path = object.value(QLatin1String("device")).toString();
        QString says = read_only ? tr("read-only") : tr("writable");
        if (!warnings.isEmpty()) says = tr("▲ IN USE, can be changed: %1").arg(warnings.join(QStringLiteral(", ")));
        else if (!uses.isEmpty()) says += tr(", in use: %1").arg(uses.join(QStringLiteral(", ")));
        auto* item = new QTreeWidgetItem(m_disks, {path, of_disk(object.value(QLatin1String("model"))), of_disk(object.value(QLatin1String("serial"))), size_text(object.value(QLatin1String("size")).toInteger()), says});
        item->setTextAlignment(Column::size, Qt::AlignRight | Qt::AlignVCenter);
        item->setToolTip(Column::state, says.toHtmlEscaped());
        item->setData(0, k_disk_path_role, path);
        if (!warnings.isEmpty()) item->setData(0, k_warning_role, tr("%1 is in use by this workstation, which can change it while it is read: %2. Unmount it, or examine an image of it.").arg(path, warnings.join(QStringLiteral(", "))));
    }
    if (count() == 0) m_rule->setText(tr("No disk is attached that this workstation shows."));
    else if (active) m_rule->setText(tr("✓ The examination rule is active: a disk that you attach becomes read-only, and nothing mounts or assembles it."));
    else m_rule->setText(tr("▲ Before you attach a disk: the examination rule is not active (%1). This workstation may mount the disk, assemble its RAID or replay its journal, and so change it, before anything is read. Use a write blocker, or install the rule (packaging/udev).").arg(reason));
}

void DiskList::choose() {
    const auto* item = m_disks->currentItem();
    if (item != nullptr) Q_EMIT chosen(item->data(0, k_disk_path_role).toString(), item->data(0, k_warning_role).toString());
}

}  // namespace deadbox::gui
