#include "gui/pages/start_page.hpp"

#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QListWidget>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "gui/models/evidence_text.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/new_case_form.hpp"
#include "gui/widgets/plain_label.hpp"
#include "serve/image_files.hpp"

namespace deadbox::gui {
namespace {

constexpr int k_recent_kept = 12;
constexpr int k_case_role = Qt::UserRole + 1;
const QString k_recent_key = QStringLiteral("recent_cases");

}  // namespace

StartPage::StartPage(Frame& frame, QWidget* parent) : Page(QStringLiteral("start"), frame, parent), m_stack(new QStackedWidget), m_recent(new QListWidget), m_form(new NewCaseForm) {
    auto* make = new QPushButton(icon_named(QStringLiteral("document-new")), tr("New case…"));
    make->setDefault(true);
    auto* open_one = new QPushButton(icon_named(QStringLiteral("document-open")), tr("Open a case…"));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(make);
    buttons->addWidget(open_one);
    buttons->addStretch(1);
    m_recent->setAccessibleName(tr("Recent cases"));
    m_recent->setFrameShape(QFrame::NoFrame);
    m_recent->setUniformItemSizes(true);

    auto* welcome = new QWidget;
    auto* column = new QVBoxLayout(welcome);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(12);
    column->addWidget(make_heading(tr("Deadbox")));
    column->addWidget(new PlainLabel(tr("Drop a disk image here to examine it, or a case to open it. Evidence is opened read-only.")));
    column->addLayout(buttons);
    column->addSpacing(12);
    column->addWidget(make_heading(tr("Recent cases")));
    column->addWidget(m_recent, 1);

    m_stack->addWidget(welcome);
    m_stack->addWidget(m_form);
    setContents(m_stack);

    connect(make, &QPushButton::clicked, this, &StartPage::begin_case);
    connect(open_one, &QPushButton::clicked, this, [this] {
        const auto path = QFileDialog::getOpenFileName(this, tr("Open a case"), QString(), tr("Deadbox cases (*.deadbox);;All files (*)"));
        if (!path.isEmpty()) this->frame().open_case(path);
    });
    connect(m_recent, &QListWidget::itemActivated, this, [this](const QListWidgetItem* item) {
        if (const auto path = item->data(k_case_role).toString(); !path.isEmpty()) this->frame().open_case(path);
    });
    connect(m_form, &NewCaseForm::cancelled, this, [this] { closeLast(); });
    connect(m_form, &NewCaseForm::failed, this, [this](const QString& what, const QString& details) { messages().showError(what, details); });
    connect(m_form, &NewCaseForm::started, this, [this](const NewCase& what) {
        m_stack->setCurrentIndex(0);
        m_form->clear();
        Q_EMIT started(what);
    });
}

void StartPage::shown() {
    m_recent->clear();
    for (const auto& path : recent_cases()) {
        const bool there = QFileInfo::exists(path);
        auto* item = new QListWidgetItem(there ? plain(bytes_of(path)) : tr("%1 (not there now)").arg(plain(bytes_of(path))), m_recent);
        item->setData(k_case_role, path);
        if (!there) item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
    }
    if (m_recent->count() > 0) return;
    auto* none = new QListWidgetItem(tr("None yet: cases that you open stand here."), m_recent);
    none->setFlags(Qt::NoItemFlags);
}

void StartPage::begin_case() { m_stack->setCurrentIndex(1); }

bool StartPage::closeLast() {
    if (m_stack->currentIndex() == 0) return false;
    m_stack->setCurrentIndex(0);
    messages().clear();
    return true;
}

void StartPage::take_files(const QStringList& paths) {
    begin_case();
    QStringList images;
    bool from_folder = false;
    for (const auto& path : paths) {
        if (!QFileInfo(path).isDir()) {
            images << path;
            continue;
        }
        const auto inside = serve::images_in(QFile::encodeName(path).toStdString());
        for (const auto& image : inside) images << QFile::decodeName(QByteArray::fromStdString(image));
        from_folder = true;
        if (inside.empty()) messages().showError(tr("There is no image in the folder %1.").arg(plain(bytes_of(path))));
    }
    m_form->add_evidence(images);
    if (!from_folder || images.size() < 2) return;
    messages().offer(tr("The %1 images stand together as the disks of one machine.").arg(images.size()), tr("They are machines of their own"), [this, images] {
        closeLast();
        m_form->clear();
        Q_EMIT batch(images);
    });
}

QStringList StartPage::recent_cases() { return QSettings().value(k_recent_key).toStringList(); }

void StartPage::remember_case(const QString& path) {
    auto all = recent_cases();
    const auto absolute = QFileInfo(path).absoluteFilePath();
    all.removeAll(absolute);
    all.prepend(absolute);
    while (all.size() > k_recent_kept) all.removeLast();
    QSettings().setValue(k_recent_key, all);
}

}  // namespace deadbox::gui
