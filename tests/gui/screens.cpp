// deadbox-gui-screens FOLDER [CASE]: screenshots of every page of the window, light and dark, into the folder.
// DEADBOX_SCREENS_LANGUAGE=de: in German.
#include <QApplication>
#include <QDir>
#include <QDockWidget>
#include <QLineEdit>
#include <QStandardPaths>
#include <QTreeView>

#include <cstdio>

#include "gui/demo_case.hpp"
#include "gui/pages/entities_page.hpp"
#include "gui/pages/findings_page.hpp"
#include "gui/pages/timeline_page.hpp"
#include "gui/widgets/histogram.hpp"
#include "gui/widgets/language.hpp"
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
    const bool light = shoot(gui::Theme::light, QStringLiteral("light"), folder, case_path);
    return light && shoot(gui::Theme::dark, QStringLiteral("dark"), folder, case_path) ? 0 : 1;
}
