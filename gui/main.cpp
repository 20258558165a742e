// deadbox-gui [CASE.deadbox | IMAGE...]: the window over a case, or with images of a new one.
#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
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
    parser.addPositionalArgument(QStringLiteral("files"), QCoreApplication::translate("main", "A case to open, or images, disks or folders of images for a new one."), QStringLiteral("[files]"));
    const QCommandLineOption output({QStringLiteral("o"), QStringLiteral("output")}, QCoreApplication::translate("main", "Analyse the images into this new case at once, without asking for case data."), QStringLiteral("case"));
    parser.addOption(output);
    const QCommandLineOption theme(QStringLiteral("theme"), QCoreApplication::translate("main", "light or dark instead of the system's."), QStringLiteral("name"));
    parser.addOption(theme);
    parser.process(application);

    const auto wanted = parser.isSet(theme) ? parser.value(theme) : QSettings().value(QStringLiteral("theme")).toString();
    gui::apply_theme(wanted == QStringLiteral("dark") ? gui::Theme::dark : wanted == QStringLiteral("light") ? gui::Theme::light : gui::Theme::system);
    gui::MainWindow window;
    window.show();
    QStringList files;
    for (const auto& file : parser.positionalArguments()) files << QFileInfo(file).absoluteFilePath();
    if (parser.isSet(output) && !files.isEmpty()) {
        gui::NewCase what;
        what.evidence = files;
        what.output = QFileInfo(parser.value(output)).absoluteFilePath();
        window.start_analysis(what);
    } else {
        window.take_files(files);
    }
    return QApplication::exec();
}
