// deadbox-gui [CASE.deadbox]: the window over a case.
#include <QApplication>
#include <QCommandLineParser>
#include <QLocale>
#include <QSettings>

#include "gui/widgets/language.hpp"
#include "gui/widgets/main_window.hpp"
#include "gui/widgets/palettes.hpp"

using namespace deadbox;

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("deadbox"));
    QApplication::setOrganizationName(QStringLiteral("deadbox"));
    QApplication::setApplicationDisplayName(QStringLiteral("Deadbox"));
    QApplication::setApplicationVersion(QStringLiteral(DEADBOX_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("deadbox"));
    gui::install_language(QLocale());

    QCommandLineParser parser;
    parser.setApplicationDescription(QCoreApplication::translate("main", "The window over a case of Deadbox."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(QStringLiteral("case"), QCoreApplication::translate("main", "The case file to open."), QStringLiteral("[case]"));
    const QCommandLineOption theme(QStringLiteral("theme"), QCoreApplication::translate("main", "light or dark instead of the system's."), QStringLiteral("name"));
    parser.addOption(theme);
    parser.process(application);

    const auto wanted = parser.isSet(theme) ? parser.value(theme) : QSettings().value(QStringLiteral("theme")).toString();
    gui::apply_theme(wanted == QStringLiteral("dark") ? gui::Theme::dark : wanted == QStringLiteral("light") ? gui::Theme::light : gui::Theme::system);
    gui::MainWindow window;
    window.show();
    if (!parser.positionalArguments().isEmpty()) window.open_case(parser.positionalArguments().constFirst());
    return QApplication::exec();
}
