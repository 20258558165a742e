#include <QApplication>
#include <QStandardPaths>

#include "gui/widgets/language.hpp"
#include "gui/widgets/palettes.hpp"
#include "support/test_main.hpp"

namespace deadbox::test {

std::unique_ptr<QCoreApplication> make_application(int& argc, char** argv) {
    QStandardPaths::setTestModeEnabled(true);  // settings of the user who runs the tests are left alone
    auto application = std::make_unique<QApplication>(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("deadbox-test"));
    QCoreApplication::setApplicationName(QStringLiteral("deadbox-test-%1").arg(QCoreApplication::applicationPid()));
    gui::install_language(QLocale(QLocale::English));
    gui::apply_theme(gui::Theme::light);
    return application;
}

}  // namespace deadbox::test
