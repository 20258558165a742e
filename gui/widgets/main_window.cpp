#include "gui/widgets/main_window.hpp"

#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolButton>

#include <functional>

#include "case/edit.hpp"
#include "case/view_clock.hpp"
#include "case/view_files.hpp"
#include "gui/pages/batch_page.hpp"
#include "gui/pages/findings_page.hpp"
#include "gui/pages/start_page.hpp"
#include "gui/widgets/cell_delegate.hpp"
#include "gui/widgets/events_dock.hpp"
#include "gui/widgets/keys_sheet.hpp"
#include "gui/widgets/link_menu.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/own_icon.hpp"
#include "gui/widgets/palettes.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/run_bar.hpp"
#include "gui/widgets/search_popup.hpp"

namespace deadbox::gui {
namespace {

// The rail's items: an icon of the desktop's theme, drawn for the window's ground, gets the text's colour on the selection.
class RailDelegate : public RoomyDelegate {
public:
    using RoomyDelegate::RoomyDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        RoomyDelegate::initStyleOption(option, index);
        if (!option->state.testFlag(QStyle::State_Selected) || option->icon.isNull()) return;
        const double ratio = option->widget == nullptr ? 1 : option->widget->devicePixelRatioF();
        option->icon = QIcon(in_colour(option->icon, option->decorationSize, ratio, option->palette.color(QPalette::HighlightedText)));
    }
};

// Which page shows a link of this kind best.
QString page_of(Link::Kind kind) {
    switch (kind) {
        case Link::Kind::path:
        case Link::Kind::ref: return QStringLiteral("files");
        case Link::Kind::finding: return QStringLiteral("findings");
        case Link::Kind::fact:
        case Link::Kind::account: return QStringLiteral("entities");
        case Link::Kind::hash: return QStringLiteral("findings");
        default: return QStringLiteral("timeline");
    }
}

// As the menus write it.
QString keys_text(QKeyCombination keys) { return QKeySequence(keys).toString(QKeySequence::NativeText); }

struct HeaderFacts {
    QString name, evidence, machine_zone;
    case_file::Clock clock;
};

base::Result<HeaderFacts> header_facts(const CaseReader& reader) {
    HeaderFacts facts;
    TRY_ASSIGN(const auto number, reader.view().meta("case.number"));
    facts.name = plain(number.value_or(""));
    TRY_ASSIGN(const auto evidence, case_file::evidence(reader.view()));
    QStringList names;
    for (const auto& row : evidence) names += row.files.empty() ? own(row.format) : plain(row.files.front().name) + QStringLiteral(" (%1, %2)").arg(own(row.format), size_text(row.media_size));
    facts.evidence = names.join(QStringLiteral(", "));
    TRY_ASSIGN(const auto systems, case_file::systems(reader.view()));
    if (!systems.empty()) {
        TRY_ASSIGN(const auto zone, case_file::system_fact(reader.view(), systems.front(), "time.zone"));
        facts.machine_zone = plain(zone);
    }
    TRY_ASSIGN(facts.clock, case_file::clock_of(reader.view()));
    return facts;
}

}  // namespace

MainWindow::MainWindow(QWidget* parent) : QMainWindow(parent) {
    setObjectName(QStringLiteral("main_window"));
    setAcceptDrops(true);
    constexpr QSize k_usual(1360, 860), k_frame(16, 56);  // what the desktop puts around it
    resize(k_usual.boundedTo(screen()->availableGeometry().size() - k_frame));
    m_zone = static_cast<ZoneChoice>(std::clamp(QSettings().value(QStringLiteral("zone"), 0).toInt(), 0, 2));
    auto* middle = new QWidget(this);
    auto* columns = new QHBoxLayout;
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(0);
    make_header();
    make_rail();
    m_stack = new QStackedWidget(middle);
    columns->addWidget(m_rail);
    columns->addWidget(m_stack, 1);
    auto* rows = new QVBoxLayout(middle);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addWidget(m_header);
    rows->addLayout(columns, 1);
    setCentralWidget(middle);

    m_pages = make_pages(*this, m_stack);
    for (auto* page : m_pages) {
        m_stack->addWidget(page);
        connect(page, &Page::absenceChanged, this, &MainWindow::fill_rail);
        connect(page, &Page::selectionChanged, this, [this, page](const Link& link) {
            if (page == current_page()) m_events->follow(link);
        });
    }
    auto* dock = new QDockWidget(tr("Events around the selection"), this);
    dock->setObjectName(QStringLiteral("events_dock"));
    m_events = new EventsDock(*this, dock);
    dock->setWidget(m_events);
    addDockWidget(Qt::BottomDockWidgetArea, dock);
    dock->hide();
    m_search = new SearchPopup(*this, this);

    statusBar()->setSizeGripEnabled(false);
    make_run();
    make_menus();
    const QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    restoreState(settings.value(QStringLiteral("window/state")).toByteArray());
    setWindowTitle(QApplication::applicationDisplayName());
    fill_rail();
    for (auto* page : m_pages) page->caseChanged();
    load_header();
    activate(current_page());
}

MainWindow::~MainWindow() {
    m_session.reset();  // ends its threads before the pages go
    // The pages go while the window is whole: some take their views apart, and a stack that is half gone has no focus to hand on.
    m_events->hide();
    qDeleteAll(std::exchange(m_pages, {}));
}

void MainWindow::make_header() {
    m_header = new QWidget(this);
    m_header->setAutoFillBackground(true);
    m_header->setBackgroundRole(QPalette::AlternateBase);
    auto* row = new QHBoxLayout(m_header);
    row->setContentsMargins(12, 6, 8, 6);
    row->setSpacing(12);
    auto* back = new QToolButton(m_header);
    auto* forward = new QToolButton(m_header);
    m_back = new QAction(icon_named(QStringLiteral("go-previous")), tr("Back"), this);
    m_back->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Left));
    m_forward = new QAction(icon_named(QStringLiteral("go-next")), tr("Forward"), this);
    m_forward->setShortcut(QKeySequence(Qt::ALT | Qt::Key_Right));
    connect(m_back, &QAction::triggered, this, &MainWindow::back);
    connect(m_forward, &QAction::triggered, this, &MainWindow::forward);
    for (auto [button, action] : {std::pair(back, m_back), std::pair(forward, m_forward)}) {
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setAccessibleName(action->text());
    }
    m_case_name = new PlainLabel({}, TextWeight::bold, m_header);
    m_evidence = new PlainLabel({}, TextWeight::quiet, m_header);
    m_read_only = new PlainLabel({}, TextWeight::quiet, m_header);
    for (auto* label : {m_case_name, m_evidence, m_read_only}) label->setWordWrap(false);
    m_evidence->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_search_button = new QToolButton(m_header);
    m_search_button->setText(tr("Search everything   %1").arg(keys_text(Qt::CTRL | Qt::Key_K)));
    m_search_button->setIcon(icon_named(QStringLiteral("search")));
    m_search_button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_search_button->setMinimumWidth(260);
    connect(m_search_button, &QToolButton::clicked, this, &MainWindow::open_search);
    m_zone_button = new QToolButton(m_header);
    m_zone_button->setPopupMode(QToolButton::InstantPopup);
    m_zone_button->setAutoRaise(true);
    m_zone_button->setAccessibleName(tr("Time zone"));
    auto* zones = new QMenu(m_zone_button);
    auto* group = new QActionGroup(this);
    for (const auto& [choice, text] : {std::pair(ZoneChoice::utc, tr("UTC")), std::pair(ZoneChoice::machine, tr("The machine's zone")), std::pair(ZoneChoice::analyst, tr("My own zone"))}) {
        auto* action = zones->addAction(text, this, [this, choice = choice] { set_zone(choice); });
        action->setCheckable(true);
        action->setChecked(choice == m_zone);
        group->addAction(action);
    }
    zones->addSeparator();
    zones->addAction(tr("Correct the machine's clock…"), this, [this] {
        show_page(QStringLiteral("timeline"));
        QMetaObject::invokeMethod(page(QStringLiteral("timeline")), "correct_clock");
    });
    m_zone_button->setMenu(zones);
    row->addWidget(back), row->addWidget(forward);
    row->addWidget(m_case_name);
    row->addWidget(m_evidence, 1);
    row->addWidget(m_read_only);
    row->addWidget(m_search_button);
    row->addWidget(m_zone_button);
}

void MainWindow::make_rail() {
    m_rail = new QListWidget(this);
    m_rail->setObjectName(QStringLiteral("rail"));
    m_rail->setAccessibleName(tr("Pages"));
    m_rail->setFrameShape(QFrame::NoFrame);
    m_rail->setItemDelegate(new RailDelegate(m_rail));
    m_rail->setFixedWidth(148);
    m_rail->setIconSize(QSize(20, 20));
    m_rail->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto palette = m_rail->palette();
    palette.setBrush(QPalette::Base, palette.window());
    m_rail->setPalette(palette);
    connect(m_rail, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
        if (item == nullptr) return;
        m_on_rail = true;  // whoever walks along it with the keys stays on it
        show_page(item->data(Qt::UserRole).toString());
        m_on_rail = false;
    });
    connect(m_rail, &QListWidget::itemClicked, this, [this] {
        if (auto* page = current_page()) give_focus(*page, page->focusWidget());
    });
}

void MainWindow::fill_rail() {
    const QSignalBlocker quiet(m_rail);
    const auto current = current_page() == nullptr ? QString() : current_page()->id();
    m_rail->clear();
    if (m_go_menu != nullptr) m_go_menu->clear();
    if (m_go_menu != nullptr) m_go_menu->addActions({m_back, m_forward}), m_go_menu->addSeparator();
    int number = 0;
    for (auto* page : m_pages) {
        if (page->is_absent() || page->needs_case() != (m_session != nullptr)) continue;
        auto* item = new QListWidgetItem(page->icon(), page->title(), m_rail);
        item->setData(Qt::UserRole, page->id());
        item->setSizeHint(QSize(0, 36));
        ++number;
        if (number <= 9) item->setToolTip(QStringLiteral("%1 (%2)").arg(page->title(), keys_text(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + number))));
        if (m_go_menu != nullptr) {
            auto* action = m_go_menu->addAction(page->icon(), page->title(), this, [this, id = page->id()] { show_page(id); });
            if (number <= 9) action->setShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + number)));
        }
        if (page->id() == current) m_rail->setCurrentItem(item);
    }
}

void MainWindow::make_menus() {
    auto* file = menuBar()->addMenu(tr("&Case"));
    auto* fresh = file->addAction(icon_named(QStringLiteral("document-new")), tr("New case…"), this, &MainWindow::new_case);
    fresh->setShortcut(QKeySequence::New);
    auto* another = file->addAction(icon_named(QStringLiteral("window-new")), tr("New window"), this, [] { open_another(); });
    another->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N));
    auto* open = file->addAction(icon_named(QStringLiteral("document-open")), tr("Open case…"), this, [this] {
        const auto path = QFileDialog::getOpenFileName(this, tr("Open case"), {}, tr("Cases (*.deadbox);;All files (*)"));
        if (!path.isEmpty()) open_case(path);
    });
    open->setShortcut(QKeySequence::Open);
    auto* close = file->addAction(tr("Close case"), this, [this] { close_case(); });
    close->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_W));
    auto* go_on = file->addAction(tr("Go on with the analysis"), this, &MainWindow::resume_analysis);
    connect(file, &QMenu::aboutToShow, this, [this, go_on] { go_on->setEnabled(m_session != nullptr && !m_run->is_live()); });
    auto* where = file->addAction(tr("Where the evidence is…"), this, &MainWindow::find_evidence);
    connect(file, &QMenu::aboutToShow, this, [this, where] { where->setEnabled(m_session != nullptr); });
    file->addSeparator();
    auto* quit = file->addAction(tr("Quit"), this, &QWidget::close);
    quit->setShortcut(QKeySequence::Quit);

    auto* edit = menuBar()->addMenu(tr("&Edit"));
    auto* copy_text = edit->addAction(tr("Copy as text"), this, [this] { copy(false); });
    copy_text->setShortcut(QKeySequence::Copy);
    auto* copy_json = edit->addAction(tr("Copy as JSON"), this, [this] { copy(true); });
    copy_json->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C));
    edit->addSeparator();
    auto* search = edit->addAction(tr("Search everything…"), this, &MainWindow::open_search);
    search->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_K));
    auto* filter = edit->addAction(tr("Filter this page"), this, [this] {
        if (auto* page = current_page()) page->focusFilter();
    });
    filter->setShortcut(QKeySequence(Qt::Key_Slash));

    auto* view = menuBar()->addMenu(tr("&View"));
    if (auto* dock = findChild<QDockWidget*>(QStringLiteral("events_dock"))) {
        auto* events = dock->toggleViewAction();
        events->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_E));
        view->addAction(events);
        connect(dock, &QDockWidget::visibilityChanged, this, [this](bool visible) {
            if (visible && current_page() != nullptr) m_events->follow(current_page()->selection());
        });
    }
    auto* looks = view->addMenu(tr("Colours"));
    auto* group = new QActionGroup(this);
    const auto chosen = QSettings().value(QStringLiteral("theme")).toString();
    for (const auto& [theme, id, text] : {std::tuple(Theme::system, QString(), tr("Like the system")), std::tuple(Theme::light, QStringLiteral("light"), tr("Light")), std::tuple(Theme::dark, QStringLiteral("dark"), tr("Dark"))}) {
        auto* action = looks->addAction(text, this, [theme = theme, id = id] {
            QSettings().setValue(QStringLiteral("theme"), id);
            apply_theme(theme);
        });
        action->setCheckable(true);
        action->setChecked(chosen == id);
        group->addAction(action);
    }
    view->addMenu(m_zone_button->menu())->setText(tr("Time zone"));

    m_go_menu = menuBar()->addMenu(tr("&Go"));
    m_page_menu = menuBar()->addMenu(tr("&Page"));
    connect(m_page_menu, &QMenu::aboutToShow, this, [this] {
        fill_page_menu();
    });
    auto* help = menuBar()->addMenu(tr("&Help"));
    auto* keys = help->addAction(tr("Keys of this page"), this, &MainWindow::show_keys);
    keys->setShortcut(QKeySequence(Qt::Key_F1));

    auto* escape_action = new QAction(this);
    escape_action->setShortcut(QKeySequence(Qt::Key_Escape));
    connect(escape_action, &QAction::triggered, this, &MainWindow::escape);
    addAction(escape_action);
}

// Never empty: a menu without entries does not open, and then nothing fills it any more.
void MainWindow::fill_page_menu() {
    m_page_menu->clear();
    if (auto* page = current_page()) m_page_menu->addActions(page->actions());
    if (m_page_menu->isEmpty()) m_page_menu->addAction(tr("This page has no commands of its own"))->setEnabled(false);
}

Page* MainWindow::page(const QString& id) const {
    for (auto* page : m_pages)
        if (page->id() == id) return page;
    return nullptr;
}

Page* MainWindow::current_page() const { return m_stack == nullptr ? nullptr : static_cast<Page*>(m_stack->currentWidget()); }

TimeFormat MainWindow::time_format() const { return {m_zone, m_machine_zone}; }

// The keys of a page work where the focus is in it: where it was last, or in what it lists.
void MainWindow::give_focus(Page& page, QWidget* kept) {
    const auto views = page.findChildren<QAbstractScrollArea*>();
    const auto view = std::find_if(views.begin(), views.end(), [&](const auto* each) { return each->isVisibleTo(&page) && each->focusPolicy() != Qt::NoFocus; });
    if (kept != nullptr) kept->setFocus();
    else if (view != views.end()) (*view)->setFocus();
    else page.setFocus();
}

void MainWindow::activate(Page* page) {
    auto* kept = page->focusWidget();
    m_stack->setCurrentWidget(page);
    if (!m_on_rail) give_focus(*page, kept);
    const QSignalBlocker quiet(m_rail);
    for (int i = 0; i < m_rail->count(); ++i)
        if (m_rail->item(i)->data(Qt::UserRole).toString() == page->id()) m_rail->setCurrentRow(i);
    fill_page_menu();
    page->shown();
    update_navigation();
    if (m_events->isVisible()) m_events->follow(page->selection());
}

void MainWindow::show_page(const QString& id) {
    auto* next = page(id);
    if (next == nullptr || next->needs_case() != (m_session != nullptr)) return;
    if (!m_travelling && (current_page() != next || !m_history.can_go_back())) m_history.go(current_page() == nullptr ? QVariantMap() : current_page()->place(), id);
    activate(next);
}

void MainWindow::go(const Link& link, const QString& wanted) {
    if (link.is_none()) return;
    auto* target = page(wanted.isEmpty() ? page_of(link.kind) : wanted);
    if (target == nullptr || target->is_absent()) target = page(QStringLiteral("timeline"));
    if (target == nullptr || m_session == nullptr) return;
    m_history.go(current_page() == nullptr ? QVariantMap() : current_page()->place(), target->id());
    activate(target);
    if (!target->open(link)) say(tr("%1 cannot show this %2").arg(target->title(), name_of(link.kind)));
}

void MainWindow::back() {
    if (!m_history.can_go_back() || current_page() == nullptr) return;
    const auto visit = m_history.back(current_page()->place());
    if (auto* target = page(visit.page)) activate(target), target->restore(visit.place);
}

void MainWindow::forward() {
    if (!m_history.can_go_forward() || current_page() == nullptr) return;
    const auto visit = m_history.forward(current_page()->place());
    if (auto* target = page(visit.page)) activate(target), target->restore(visit.place);
}

void MainWindow::update_navigation() {
    m_back->setEnabled(m_history.can_go_back());
    m_forward->setEnabled(m_history.can_go_forward());
}

void MainWindow::open_menu(const Link& link, const QPoint& global) {
    QString title;
    if (const auto* known = qobject_cast<FindingsPage*>(page(QStringLiteral("findings"))); known != nullptr && link.kind == Link::Kind::finding)
        if (const auto* finding = known->model()->with_id(link.value.toStdString())) title = plain(finding->title);
    auto* menu = new LinkMenu(link, title, *this, this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    connect(menu, &LinkMenu::copyHashWanted, this, &MainWindow::copy_hash);
    connect(menu, &LinkMenu::bookmarkWanted, this, &MainWindow::bookmark);
    connect(menu, &LinkMenu::noteWanted, this, [this](const Link& about) { go(about, QStringLiteral("notes")); });
    connect(menu, &LinkMenu::exclusionWanted, this, [this](const Link& what) {
        show_page(QStringLiteral("timeline"));
        QMetaObject::invokeMethod(page(QStringLiteral("timeline")), "exclude", Q_ARG(deadbox::gui::Link, what));
    });
    menu->popup(global);
}

void MainWindow::copy_hash(const Link& link) {
    m_session->ask(Lane::rows, this, [inode = link.inode](CaseReader& reader) -> base::Result<std::string> {
        TRY_ASSIGN(auto files, case_file::Files::open(reader.view()));
        TRY_ASSIGN(const auto file, files.of(inode));
        return file ? file->sha256 : std::string();
    }, [this](base::Result<std::string> hash) {
        if (!hash) return say(own(hash.error().what));
        if (hash->empty()) return say(tr("The case has no hash of this file: its content was not read"));
        QApplication::clipboard()->setText(own(*hash));
        say(tr("SHA-256 copied"));
    });
}

void MainWindow::bookmark(const Link& link) {
    m_session->edit(this, [id = link.value.toStdString()](const std::string& path) { return case_file::mark_findings(path, {{id, {}, {}, {"bookmark"}, {}}}); }, [this](base::Result<void> done) {
        say(done ? tr("Bookmarked") : own(done.error().what));
    });
}

void MainWindow::say(const QString& text) { statusBar()->showMessage(text, 6000); }

MainWindow* MainWindow::open_another() {
    auto* window = new MainWindow;
    window->setAttribute(Qt::WA_DeleteOnClose);
    window->show();
    return window;
}

bool MainWindow::is_busy_with_another(const QString& case_path) const {
    return m_run->is_live() && !m_run->is_joined() && QFileInfo(m_run->case_path()).absoluteFilePath() != QFileInfo(case_path).absoluteFilePath();
}

void MainWindow::open_case(const QString& path) {
    if (is_busy_with_another(path)) return open_another()->open_case(path);
    if (m_run->is_joined()) m_run->let_go();
    m_session = std::make_unique<CaseSession>(QFileInfo(path).absoluteFilePath());
    StartPage::remember_case(path);
    connect(m_session.get(), &CaseSession::changed, this, [this] {
        load_header();
        if (auto* page = current_page()) page->refresh();
    });
    m_history = {};
    m_machine_zone.clear();
    for (auto* page : m_pages) page->caseChanged();
    fill_rail();
    load_header();
    show_page(QStringLiteral("overview"));
    look_for_run();
}

void MainWindow::close_case() {
    if (m_run->is_joined()) m_run->let_go();
    m_session.reset();
    m_history = {};
    for (auto* page : m_pages) page->caseChanged();
    fill_rail();
    load_header();
    for (auto* page : m_pages)
        if (!page->needs_case()) return show_page(page->id());
}

void MainWindow::load_header() {
    const bool open = m_session != nullptr;
    for (QWidget* widget : {static_cast<QWidget*>(m_search_button), static_cast<QWidget*>(m_zone_button), static_cast<QWidget*>(m_read_only)}) widget->setVisible(open);
    m_zone_button->setText(zone_text());
    if (!open) {
        m_case_name->setText(tr("No case is open"));
        m_evidence->clear();
        setWindowTitle(QApplication::applicationDisplayName());
        return;
    }
    const auto file = plain(bytes_of(QFileInfo(m_session->path()).fileName()));
    m_read_only->setText(QFileInfo(m_session->path()).isWritable() ? tr("evidence read-only ✓") : tr("evidence and case read-only ✓"));
    m_read_only->setToolTip(tr("The evidence is opened for reading only; every analysis is recorded in the custody log."));
    m_session->ask(Lane::rows, this, [](CaseReader& reader) { return header_facts(reader); }, [this, file](base::Result<HeaderFacts> facts) {
        if (!facts) {
            m_case_name->setText(file);
            m_read_only->hide();  // nothing was opened
            if (auto* page = current_page()) page->messages().showError(tr("The case cannot be read: %1").arg(own(facts.error().what)), m_session->path());
            return;
        }
        m_case_name->setText(facts->name.isEmpty() ? file : facts->name);
        m_case_name->setToolTip(plain(bytes_of(m_session->path())).toHtmlEscaped());
        m_evidence->setText(facts->evidence);
        m_evidence->setToolTip(facts->evidence.toHtmlEscaped());
        setWindowTitle(QStringLiteral("%1 — %2").arg(m_case_name->text(), QApplication::applicationDisplayName()));
        const auto by = facts->clock.offset, seconds = by < 0 ? -by : by;
        const auto clock = by > 0 ? tr("The machine's clock was %1 s ahead") : tr("The machine's clock was %1 s behind");
        m_zone_button->setToolTip(by == 0 ? tr("Zone that times are shown in") : (clock.arg(seconds) + tr("; times are shown corrected by that. Source: %1").arg(plain(facts->clock.source))).toHtmlEscaped());
        m_clock_is_right = facts->clock.is_right();
        m_zone_button->setText(zone_text());
        if (m_machine_zone != facts->machine_zone) {
            m_machine_zone = facts->machine_zone;
            set_zone(m_zone);
        }
    });
}

QString MainWindow::zone_text() const {
    const auto name = time_format().zone_name();
    return m_clock_is_right ? name : tr("%1, clock corrected").arg(name);
}

void MainWindow::set_zone(ZoneChoice choice) {
    m_zone = choice;
    QSettings().setValue(QStringLiteral("zone"), static_cast<int>(choice));
    m_zone_button->setText(zone_text());
    if (choice == ZoneChoice::machine && m_machine_zone.isEmpty()) say(tr("The machine's time zone is not known; times stay in UTC"));
    for (auto* page : m_pages) page->zoneChanged();
    m_events->zoneChanged();
}

void MainWindow::copy(bool json) {
    if (auto* edit = qobject_cast<QLineEdit*>(QApplication::focusWidget()); edit != nullptr && edit->hasSelectedText()) return edit->copy();
    if (auto* label = qobject_cast<QLabel*>(QApplication::focusWidget()); label != nullptr && label->hasSelectedText()) return QApplication::clipboard()->setText(label->selectedText());
    auto* page = current_page();
    const auto text = page == nullptr ? QString() : json ? page->selectedJson() : page->selectedText();
    if (text.isEmpty()) return say(tr("Nothing is selected"));
    QApplication::clipboard()->setText(text);
    say(json ? tr("Copied as JSON") : tr("Copied"));
}

void MainWindow::escape() {
    auto* page = current_page();
    if (m_search->isVisible()) return m_search->hide();
    if (page == nullptr) return;
    if (page->messages().isShown()) return page->messages().clear();
    (void)page->closeLast();
}

void MainWindow::open_search() {
    if (m_session == nullptr) return;
    QList<SearchPopup::Command> commands;
    const std::function<void(const QMenu&, const QString&)> add = [&](const QMenu& menu, const QString& within) {
        for (auto* action : menu.actions()) {
            const auto name = within + action->text().remove(QLatin1Char('&'));
            if (action->menu() != nullptr) add(*action->menu(), name + QStringLiteral(" › "));
            else if (!action->isSeparator()) commands.append({action, name});
        }
    };
    for (auto* action : menuBar()->actions())
        if (action->menu() != nullptr && action->menu() != m_page_menu) add(*action->menu(), {});
    if (auto* page = current_page())
        for (auto* action : page->actions()) commands.append({action, action->text()});
    m_search->open(commands);
}

void MainWindow::show_keys() {
    QList<QAction*> general;
    for (auto* action : menuBar()->actions())
        if (action->menu() != nullptr) general += action->menu()->actions();
    auto* sheet = new KeysSheet(current_page() == nullptr ? QString() : current_page()->title(), current_page() == nullptr ? QList<QAction*>() : current_page()->actions(), general, this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->show();
}

void MainWindow::make_run() {
    m_run = std::make_unique<AnalysisRun>();
    statusBar()->addPermanentWidget(new RunBar(*m_run, this));
    connect(m_run.get(), &AnalysisRun::progressed, this, &MainWindow::follow_run);
    connect(m_run.get(), &AnalysisRun::state_changed, this, [this] {
        if (m_run->state() == AnalysisRun::State::finished) end_run();
    });
    if (auto* start = qobject_cast<StartPage*>(page(QStringLiteral("start")))) {
        connect(start, &StartPage::started, this, &MainWindow::start_analysis);
        connect(start, &StartPage::batch, this, [this](const QStringList& images) {
            show_page(QStringLiteral("batch"));
            if (auto* batch = qobject_cast<BatchPage*>(page(QStringLiteral("batch")))) batch->add_sources(images);
        });
    }
}

void MainWindow::start_analysis(const NewCase& what) {
    if (m_run->is_live()) return open_another()->start_analysis(what);
    for (const auto& path : what.evidence) {
        if (!is_disk(path) || what.disks.contains(path)) continue;
        return open_disks(what.evidence, this, [this, what](base::Result<OpenDisks> opened) {
            if (!opened) {
                if (auto* top = current_page()) top->messages().showError(tr("The disk cannot be opened."), own(opened.error().what));
                return;
            }
            auto with_disks = what;
            with_disks.disks = std::move(*opened);
            start_analysis(with_disks);
        });
    }
    m_run_findings = 0;
    m_run_opened = m_session != nullptr && m_session->path() == QFileInfo(what.output).absoluteFilePath();
    m_run->start(what);
}

void MainWindow::resume_analysis() {
    if (m_session == nullptr) return say(tr("No case is open"));
    if (m_run->is_live()) return say(tr("The analysis is running"));
    m_session->ask(Lane::rows, this, [](CaseReader& reader) { return case_file::evidence(reader.view()); }, [this](base::Result<std::vector<case_file::EvidenceRow>> evidence) {
        if (!evidence) return say(own(evidence.error().what));
        NewCase what;
        what.resume = true;
        what.output = m_session->path();
        for (const auto& row : *evidence)
            if (!row.files.empty()) what.evidence << QFile::decodeName(QByteArray::fromStdString(row.files.front().path));
        start_analysis(what);
    });
}

void MainWindow::follow_run() {
    if (m_session != nullptr && m_session->path() == QFileInfo(m_run->case_path()).absoluteFilePath() && std::exchange(m_run_findings, m_run->progress().findings) < m_run->progress().findings) m_session->look();
    if (m_run_opened || m_run->progress().wave.isEmpty() || m_run->progress().wave == QStringLiteral("open")) return;
    m_run_opened = true;  // its tables stand from the second wave on
    if (m_session == nullptr) open_case(m_run->case_path());
}

void MainWindow::end_run() {
    const auto outcome = m_run->outcome();
    const bool readable = outcome != AnalysisRun::Outcome::failed || m_run_opened;
    if (!m_run_opened && readable && m_session == nullptr && QFileInfo::exists(m_run->case_path())) open_case(m_run->case_path());
    m_run_opened = true;
    auto* top = current_page();
    const bool done = outcome == AnalysisRun::Outcome::done || outcome == AnalysisRun::Outcome::gaps;
    // A disk that was in use, evidence that changed, a digest that is not the expected one.
    if (const auto words = m_run->words(); done && top != nullptr && !words.isEmpty()) return top->messages().showError(tr("The analysis is done, with a warning."), words);
    switch (outcome) {
        case AnalysisRun::Outcome::done: return say(tr("The analysis is done."));
        case AnalysisRun::Outcome::gaps: return say(tr("The analysis is done; Coverage says what could not be read."));
        case AnalysisRun::Outcome::stopped: return offer_to_go_on(tr("The analysis was stopped before it was done."));
        case AnalysisRun::Outcome::ended: return look_for_run();
        case AnalysisRun::Outcome::failed:
            if (top != nullptr) top->messages().showError(tr("The analysis of %1 failed.").arg(m_run->case_path()), m_run->words());
            return;
        case AnalysisRun::Outcome::crashed:
            return offer_to_go_on(tr("The analysis ended unexpectedly: its program was killed. What it had committed is in the case."));
    }
}

void MainWindow::look_for_run() {
    if (m_session == nullptr || m_run->is_live()) return;
    if (m_run->join(m_session->path())) {
        m_run_opened = true;
        return say(tr("An analysis is writing this case; this window follows it."));
    }
    m_session->ask(Lane::rows, this, [](CaseReader& reader) { return case_file::last_run(reader.view()); }, [this](base::Result<std::optional<case_file::RunRow>> run) {
        if (!run || !*run || m_run->is_live()) return;
        if ((*run)->finished.empty()) offer_to_go_on(tr("The analysis of this case did not end by itself: its program was killed, or the workstation went down. What it had committed is here."));
        else if ((*run)->exits.find("130") != std::string::npos) offer_to_go_on(tr("The analysis of this case was stopped before it was done."));
    });
}

void MainWindow::find_evidence() {
    if (m_session == nullptr) return;
    m_session->ask(Lane::rows, this, [](CaseReader& reader) { return case_file::evidence(reader.view()); }, [this](base::Result<std::vector<case_file::EvidenceRow>> rows) {
        if (!rows) return say(plain(rows.error().what));
        QStringList places;
        for (const auto& row : *rows) {
            if (!row.error.empty()) continue;
            const auto before = QFile::decodeName(QByteArray::fromStdString(row.argument));
            const auto place = ask_for_evidence ? ask_for_evidence(before) : QFileDialog::getOpenFileName(this, tr("Where is %1 now?").arg(QFileInfo(before).fileName()), QFileInfo(before).path());
            if (place.isEmpty()) return;
            places << place;
        }
        m_session->set_evidence_places(places);
    });
}

void MainWindow::offer_to_go_on(const QString& why) {
    auto* top = current_page();
    if (top == nullptr || m_session == nullptr) return say(why);
    if (QFileInfo(m_session->path()).isWritable()) top->messages().offer(why, tr("Go on with it"), [this] { resume_analysis(); });
    else top->messages().showError(why, tr("The case cannot be written here: copy it to a place where it can, and go on there."));
}

void MainWindow::new_case() {
    if (m_session != nullptr || (m_run->is_live() && !m_run->is_joined())) return open_another()->new_case();
    show_page(QStringLiteral("start"));
    if (auto* start = qobject_cast<StartPage*>(page(QStringLiteral("start")))) start->begin_case();
}

void MainWindow::take_files(const QStringList& paths) {
    for (const auto& path : paths)
        if (path.endsWith(QStringLiteral(".deadbox"))) return open_case(path);
    if (paths.isEmpty()) return;
    if (m_run->is_live() && !m_run->is_joined()) return open_another()->take_files(paths);
    if (m_session != nullptr) return open_another()->take_files(paths);  // whoever works on a case keeps it
    show_page(QStringLiteral("start"));
    if (auto* start = qobject_cast<StartPage*>(page(QStringLiteral("start")))) start->take_files(paths);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    QStringList paths;
    for (const auto& url : event->mimeData()->urls())
        if (url.isLocalFile()) paths << url.toLocalFile();
    take_files(paths);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (m_run->is_live() && !m_run->is_joined()) {
        QMessageBox question(QMessageBox::Question, QApplication::applicationDisplayName(), tr("An analysis is still running."), QMessageBox::NoButton, this);
        auto* stop = question.addButton(tr("Stop it; it can be resumed"), QMessageBox::AcceptRole);
        auto* go_on = question.addButton(tr("Let it go on without the window"), QMessageBox::DestructiveRole);
        question.addButton(tr("Cancel"), QMessageBox::RejectRole);
        question.exec();
        if (question.clickedButton() == go_on) m_run->let_go();
        else if (question.clickedButton() != stop) return event->ignore();
    }
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/state"), saveState());
    QMainWindow::closeEvent(event);
}

void MainWindow::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && m_rail != nullptr) {
        auto palette = QApplication::palette();
        palette.setBrush(QPalette::Base, palette.window());
        m_rail->setPalette(palette);
    }
    QMainWindow::changeEvent(event);
}

}  // namespace deadbox::gui
