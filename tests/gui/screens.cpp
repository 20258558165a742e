// deadbox-gui-screens FOLDER [CASE]: screenshots of every page of the window, light and dark, into the folder.
// DEADBOX_SCREENS_LANGUAGE=de: in German.
#include <QApplication>
#include <QDir>
#include <QDockWidget>
#include <QFileInfo>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardItemModel>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTreeView>
#include <QTreeWidget>

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
#include "gui/widgets/histogram.hpp"
#include "gui/widgets/language.hpp"
#include "gui/widgets/new_case_form.hpp"
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
    form.disks().take(R"({"device":"/dev/nvme0n1","model":"Samsung SSD 980 PRO 1TB","serial":"S5GXNX0T123456","size":1000204886016,"read_only":false,"examination_rule":false,"examination_rule_reason":"it is not installed","uses":[{"device":"nvme0n1p2","as":"mount","kind":"","place":"/","writable":true},{"device":"nvme0n1p3","as":"swap","kind":"","place":"","writable":true}]}
{"device":"/dev/sdb","model":"WDC WD40EFRX-68N","serial":"WD-WCC7K0AAAAAA","size":4000787030016,"read_only":true,"examination_rule":false,"examination_rule_reason":"it is not installed","uses":[{"device":"sdb1","as":"holder","kind":"md raid1","place":"md127","writable":false}]}
)");
    QTest::qWait(50);
    saved = save(*window, folder, QStringLiteral("new-case"), name) && saved;
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

bool shoot(gui::Theme theme, const QString& name, const QString& folder, const QString& case_path) {
    gui::apply_theme(theme);
    bool saved = true;
    const auto window = test::open_window(case_path);
    for (const auto* page : window->pages()) {
        if (page->is_absent() || !page->needs_case()) continue;
        test::settle(*window, page->id());
        test::settle(*window, page->id());
        saved = save(*window, folder, page->id(), name) && saved;
    }
    // What a click further shows.
    auto& timeline = test::page_of<gui::TimelinePage>(*window, "timeline");
    window->show_page(QStringLiteral("timeline"));
    timeline.setText(QStringLiteral("ssh"));
    test::settle(*window, QStringLiteral("timeline"));
    timeline.table()->selectRow(2);
    if (auto* dock = window->findChild<QDockWidget*>(QStringLiteral("events_dock"))) dock->show();
    test::settle(*window, QStringLiteral("timeline"));
    saved = save(*window, folder, QStringLiteral("timeline-filtered-with-dock"), name) && saved;
    if (auto* dock = window->findChild<QDockWidget*>(QStringLiteral("events_dock"))) dock->hide();
    auto& entities = test::page_of<gui::EntitiesPage>(*window, "entities");
    test::settle(*window, QStringLiteral("entities"));
    entities.show_table("account");
    test::settle(*window, QStringLiteral("entities"));
    window->findChild<gui::EntitiesPage*>()->findChild<gui::TableView*>()->selectRow(0);
    test::settle(*window, QStringLiteral("entities"));
    saved = save(*window, folder, QStringLiteral("entities-account"), name) && saved;
    window->show_page(QStringLiteral("findings"));
    window->open_search();
    window->findChild<gui::SearchPopup*>()->findChild<QLineEdit*>()->setText(QStringLiteral("ssh"));
    QTest::qWait(300);
    test::settle(*window, QStringLiteral("findings"));
    saved = save(*window, folder, QStringLiteral("search"), name) && saved;
    window->findChild<gui::SearchPopup*>()->hide();
    window->resize(960, 640);
    test::settle(*window, QStringLiteral("overview"));
    saved = save(*window, folder, QStringLiteral("overview-small"), name) && saved;
    test::settle(*window, QStringLiteral("findings"));
    saved = save(*window, folder, QStringLiteral("findings-small"), name) && saved;
    saved = shoot_without_case(name, folder, QFileInfo(case_path).path() + QStringLiteral("/web1.raw")) && saved;
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
    gui::install_language(qEnvironmentVariableIsSet("DEADBOX_SCREENS_LANGUAGE") ? QLocale(qEnvironmentVariable("DEADBOX_SCREENS_LANGUAGE")) : QLocale(QLocale::English));
    if (argc < 2) {
        std::fprintf(stderr, "deadbox-gui-screens FOLDER [CASE]\n");
        return 2;
    }
    const QString folder = QString::fromLocal8Bit(argv[1]);
    QDir().mkpath(folder);
    const QString case_path = argc > 2 ? QString::fromLocal8Bit(argv[2]) : test::demo_case();
    if (case_path.isEmpty()) return 1;
    bool saved = shoot(gui::Theme::light, QStringLiteral("light"), folder, case_path) && shoot(gui::Theme::dark, QStringLiteral("dark"), folder, case_path);
    if (argc == 2) saved = !test::viewers_case().isEmpty() && shoot_viewers(gui::Theme::light, QStringLiteral("light"), folder) && shoot_viewers(gui::Theme::dark, QStringLiteral("dark"), folder) && saved;
    return saved ? 0 : 1;
}
