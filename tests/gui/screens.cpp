// deadbox-gui-screens FOLDER [CASE]: screenshots of every page of the window, light and dark, into the folder.
// DEADBOX_SCREENS_LANGUAGE=de: in German; QT_SCALE_FACTOR=2: at twice the size.
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QDockWidget>
#include <QFileInfo>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QStandardItemModel>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTreeView>
#include <QTreeWidget>

#include <algorithm>
#include <cstdio>

#include "gui/demo_case.hpp"
#include "gui/pages/batch_page.hpp"
#include "gui/pages/entities_page.hpp"
#include "gui/pages/files_page.hpp"
#include "gui/pages/findings_page.hpp"
#include "gui/pages/start_page.hpp"
#include "gui/pages/timeline_page.hpp"
#include "gui/widgets/disk_list.hpp"
#include "gui/viewers_case.hpp"
#include "gui/widgets/file_viewer.hpp"
#include "gui/widgets/finding_card.hpp"
#include "gui/widgets/histogram.hpp"
#include "gui/widgets/language.hpp"
#include "gui/widgets/new_case_form.hpp"
#include "gui/widgets/own_files_list.hpp"
#include "gui/widgets/palettes.hpp"
#include "gui/widgets/search_popup.hpp"
#include "gui/widgets/table_view.hpp"
#include "gui/window_fixture.hpp"

using namespace deadbox;

namespace {

bool save(QWidget& widget, const QString& folder, const QString& name, const QString& theme) {
    const QString path = QStringLiteral("%1/%2-%3.png").arg(folder, name, theme);
    const bool saved = widget.grab().save(path);
    std::printf("%s\n", qPrintable(path));
    return saved;
}

class Shots {
public:
    Shots(gui::Theme theme, QString name, QString folder) : m_name(std::move(name)), m_folder(std::move(folder)) { gui::apply_theme(theme); }
    bool all(const QString& case_path) {
        {
            gui::MainWindow empty;
            empty.resize(1360, 860);
            empty.show();
            for (const auto* page : empty.pages()) {
                if (page->needs_case()) continue;
                empty.show_page(page->id());
                QTest::qWait(100);
                shot(empty, page->id());
            }
        }
        m_window = test::open_window(case_path);
        (void)test::wait_for([&] { return m_window->findChild<QWidget*>(QStringLiteral("verdict")) != nullptr; });
        pages();
        scrolled();
        timeline();
        findings();
        further();
        small();
        return m_saved;
    }

private:
    void shot(QWidget& widget, const QString& name) { m_saved = save(widget, m_folder, name, m_name) && m_saved; }
    void shot(const QString& name) { shot(*m_window, name); }
    void settle(const char* page) {
        test::settle(*m_window, QString::fromLatin1(page));
        test::settle(*m_window, QString::fromLatin1(page));
    }

    void pages() {
        for (const auto* page : m_window->pages()) {
            if (page->is_absent() || !page->needs_case()) continue;
            test::settle(*m_window, page->id());
            test::settle(*m_window, page->id());
            shot(page->id());
        }
    }
    // What lies below the edge of a page that is longer than the window.
    void scrolled() {
        for (const auto* id : {"overview", "report"}) {
            settle(id);
            for (auto* area : m_window->page(QString::fromLatin1(id))->findChildren<QScrollArea*>()) {
                if (!area->isVisible() || area->verticalScrollBar()->maximum() == 0) continue;
                const int step = std::max(area->viewport()->height() - 40, 1);
                for (int at = step, number = 2; at < area->verticalScrollBar()->maximum() + step; at += step, ++number) {
                    area->verticalScrollBar()->setValue(at);
                    settle(id);
                    shot(QString::fromLatin1(id) + QStringLiteral("-%1").arg(number));
                }
                area->verticalScrollBar()->setValue(0);
            }
        }
    }
    void timeline() {
        auto& page = test::page_of<gui::TimelinePage>(*m_window, "timeline");
        settle("timeline");
        for (auto* combo : page.findChildren<QComboBox*>())
            if (combo->count() == 2) combo->setCurrentIndex(1);
        page.histogram()->zoom(0.4, 0.1);
        settle("timeline");
        shot(QStringLiteral("timeline-severity"));
        for (auto* combo : page.findChildren<QComboBox*>())
            if (combo->count() == 2) combo->setCurrentIndex(0);
        page.setText(QStringLiteral("ssh"));
        settle("timeline");
        page.table()->selectRow(2);
        auto* dock = m_window->findChild<QDockWidget*>(QStringLiteral("events_dock"));
        dock->show();
        settle("timeline");
        shot(QStringLiteral("timeline-filtered-with-dock"));
        dock->hide();
        page.setText(QStringLiteral("nothing has this"));
        settle("timeline");
        shot(QStringLiteral("timeline-nothing-left"));
        (void)page.closeLast();
    }
    void findings() {
        auto& page = test::page_of<gui::FindingsPage>(*m_window, "findings");
        settle("findings");
        for (const auto& f : page.model()->findings()) {
            if (f.rule != "webshell/script") continue;
            page.select(QString::fromStdString(f.id));
            break;
        }
        settle("findings");
        page.card()->verticalScrollBar()->setValue(page.card()->verticalScrollBar()->maximum() / 2);
        shot(QStringLiteral("findings-card-middle"));
        page.card()->verticalScrollBar()->setValue(page.card()->verticalScrollBar()->maximum());
        shot(QStringLiteral("findings-card-end"));
        page.card()->verticalScrollBar()->setValue(0);
        page.list()->selectAll();
        page.card()->askReason();
        settle("findings");
        shot(QStringLiteral("findings-several"));
        (void)page.closeLast();
        page.list()->clearSelection();
    }
    void further() {
        auto& entities = test::page_of<gui::EntitiesPage>(*m_window, "entities");
        settle("entities");
        entities.show_table("account");
        settle("entities");
        entities.findChild<gui::TableView*>()->selectRow(0);
        settle("entities");
        shot(QStringLiteral("entities-account"));
        m_window->show_page(QStringLiteral("findings"));
        m_window->open_search();
        m_window->findChild<gui::SearchPopup*>()->findChild<QLineEdit*>()->setText(QStringLiteral("ssh"));
        QTest::qWait(300);
        settle("findings");
        shot(QStringLiteral("search"));
        m_window->findChild<gui::SearchPopup*>()->hide();
    }
    void small() {
        m_window->resize(960, 640);
        for (const auto* page : {"overview", "findings", "timeline", "report"}) {
            settle(page);
            shot(QString::fromLatin1(page) + QStringLiteral("-small"));
        }
    }

    QString m_name, m_folder;
    std::unique_ptr<gui::MainWindow> m_window;
    bool m_saved = true;
};

// The form of a new case with an image and the attached disks, and a batch that has begun.
bool shoot_without_case(const QString& name, const QString& folder, const QString& image) {
    const auto window = test::open_window({});
    bool saved = save(*window, folder, QStringLiteral("start"), name);
    window->take_files({image});
    auto& form = test::page_of<gui::StartPage>(*window, "start").form();
    auto* tree = form.findChild<QTreeWidget*>();
    (void)test::wait_for([&] { return tree->topLevelItemCount() == 0 || tree->topLevelItem(0)->childCount() > 0; });
    for (auto* button : form.findChildren<QPushButton*>())
        if (button->isCheckable()) button->click();
    QTest::qWait(500);
    const QTemporaryDir own;
    const auto write = [&own](const char* file, const char* text) {
        QFile out(own.filePath(QString::fromLatin1(file)));
        return out.open(QIODevice::WriteOnly) && out.write(text) > 0 ? out.fileName() : QString();
    };
    form.own_files().add({write("webshells.yar", "rule one { strings: $a = \"eval(\" condition: $a }\nrule two { condition: false }\n"), write("broken.yar", "rule three {\n condition: $b }\n")});
    (void)test::wait_for([&] { return !form.own_files().missing().contains(QStringLiteral("webshells")); });
    QTest::qWait(500);
    form.disks().take(R"({"device":"/dev/nvme0n1","model":"Samsung SSD 980 PRO 1TB","serial":"S5GXNX0T123456","size":1000204886016,"read_only":false,"examination_rule":false,"examination_rule_state":"not_installed","examination_rule_file":"","uses":[{"device":"nvme0n1p2","as":"mount","kind":"","place":"/","writable":true},{"device":"nvme0n1p3","as":"swap","kind":"","place":"","writable":true}]}
{"device":"/dev/sdb","model":"WDC WD40EFRX-68N","serial":"WD-WCC7K0AAAAAA","size":4000787030016,"read_only":true,"examination_rule":false,"examination_rule_state":"not_installed","examination_rule_file":"","uses":[{"device":"sdb1","as":"holder","kind":"md raid1","place":"md127","writable":false}]}
)");
    QTest::qWait(50);
    saved = save(*window, folder, QStringLiteral("new-case"), name) && saved;
    for (auto* area : window->current_page()->findChildren<QScrollArea*>()) area->verticalScrollBar()->setValue(area->verticalScrollBar()->maximum());
    QTest::qWait(50);
    saved = save(*window, folder, QStringLiteral("new-case-end"), name) && saved;
    test::page_of<gui::StartPage>(*window, "start").closeLast();
    window->show_page(QStringLiteral("batch"));
    auto& batch = test::page_of<gui::BatchPage>(*window, "batch");
    const QTemporaryDir cases;
    batch.add_sources({image, image + QStringLiteral(".missing")});
    batch.set_folder(cases.path());
    batch.start();
    (void)test::wait_for([&] { return batch.machines().rowCount() > 0 && batch.machines().item(0, 7)->text().contains(QLatin1Char('%')); });
    saved = save(*window, folder, QStringLiteral("batch"), name) && saved;
    return saved;
}

// Every viewer of the files page, on a machine that has a file for each.
bool shoot_viewers(gui::Theme theme, const QString& name, const QString& folder) {
    gui::apply_theme(theme);
    const auto window = test::open_window(test::viewers_case());
    test::settle(*window, QStringLiteral("files"));
    auto& page = test::page_of<gui::FilesPage>(*window, "files");
    auto& viewer = *page.findChild<gui::FileViewer*>();
    bool saved = true;
    struct Shot {
        const char *path, *title;
        int tab;  // -1: the one that comes by itself
    };
    for (const auto& [path, title, tab] : std::initializer_list<Shot>{{"/srv/a.tgz", "archive", -1}, {"/srv/a.db", "database", -1}, {"/var/log/journal/0123456789abcdef0123456789abcdef/system.journal", "journal", -1}, {"/srv/program", "program", -1},
                                                                      {"/srv/program", "hex", 1}, {"/srv/photo.png", "picture", -1}, {"/srv/photo.png", "properties", 3}, {"/etc/passwd", "versions", 4}, {"/etc/passwd", "text", 0}, {"/etc/passwd", "details", 5}}) {
        window->go(gui::Link::to(gui::Link::Kind::path, path), QStringLiteral("files"));
        (void)test::wait_for([&, wanted = path] { return page.selection().value == QByteArray(wanted); });
        test::settle(*window, QStringLiteral("files"));
        if (tab >= 0 && viewer.isTabVisible(tab)) viewer.setCurrentIndex(tab);
        QTest::qWait(700);
        test::settle(*window, QStringLiteral("files"));
        saved = save(*window, folder, QStringLiteral("files-") + QString::fromLatin1(title), name) && saved;
    }
    return saved;
}

}  // namespace

int main(int argc, char** argv) {
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    QStandardPaths::setTestModeEnabled(true);
    QApplication application(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("deadbox-test"));
    QCoreApplication::setApplicationName(QStringLiteral("deadbox-screens-%1").arg(QCoreApplication::applicationPid()));
    // As on a workstation of that language: what the case says follows it too.
    QLocale::setDefault(qEnvironmentVariableIsSet("DEADBOX_SCREENS_LANGUAGE") ? QLocale(qEnvironmentVariable("DEADBOX_SCREENS_LANGUAGE")) : QLocale(QLocale::English));
    gui::install_language(QLocale());
    if (argc < 2) {
        std::fprintf(stderr, "deadbox-gui-screens FOLDER [CASE]\n");
        return 2;
    }
    const QString folder = QString::fromLocal8Bit(argv[1]);
    QDir().mkpath(folder);
    const QString case_path = argc > 2 ? QString::fromLocal8Bit(argv[2]) : test::demo_case();
    if (case_path.isEmpty()) return 1;
    bool saved = true;
    for (const auto& [theme, name] : {std::pair{gui::Theme::light, QStringLiteral("light")}, std::pair{gui::Theme::dark, QStringLiteral("dark")}}) {
        saved = Shots(theme, name, folder).all(case_path) && saved;
        saved = shoot_without_case(name, folder, QFileInfo(case_path).path() + QStringLiteral("/web1.raw")) && saved;
        if (argc == 2) saved = !test::viewers_case().isEmpty() && shoot_viewers(theme, name, folder) && saved;
    }
    return saved ? 0 : 1;
}
