// deadbox-gui [CASE.deadbox | IMAGE...]: the window over a case, or with images of a new one.
#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QLocale>
#include <QSettings>

#include <algorithm>
#include <array>
#include <string_view>

#include "gui/widgets/language.hpp"
#include "gui/widgets/main_window.hpp"
#include "gui/widgets/palettes.hpp"

using namespace deadbox;

namespace {

struct Options {
    QCommandLineParser parser;
    QCommandLineOption output{{QStringLiteral("o"), QStringLiteral("output")}, QCoreApplication::translate("main", "Analyse the images into this new case at once, without asking for case data."), QStringLiteral("case")};
    QCommandLineOption theme{QStringLiteral("theme"), QCoreApplication::translate("main", "light or dark instead of the system's."), QStringLiteral("name")};

    explicit Options(const QCoreApplication& application) {
        parser.setApplicationDescription(QCoreApplication::translate("main", "The window over a case of Deadbox."));
        parser.addHelpOption();
        parser.addVersionOption();
        parser.addPositionalArgument(QStringLiteral("files"), QCoreApplication::translate("main", "A case to open, or images, disks or folders of images for a new one."), QStringLiteral("[files]"));
        parser.addOption(output);
        parser.addOption(theme);
        parser.process(application);
    }
};

void name_application() {
    QCoreApplication::setApplicationName(QStringLiteral("deadbox"));
    QCoreApplication::setOrganizationName(QStringLiteral("deadbox"));
    QCoreApplication::setApplicationVersion(QStringLiteral(DEADBOX_VERSION));
    gui::install_language(QLocale());
}

// What is only printed needs no display.
bool is_printed(int argc, char** argv) {
    static constexpr std::array<std::string_view, 5> k_printed{"-h", "--help", "--help-all", "-v", "--version"};
    return std::any_of(argv + 1, argv + std::max(argc, 1), [](std::string_view argument) { return std::find(k_printed.begin(), k_printed.end(), argument) != k_printed.end(); });
}

}  // namespace

int main(int argc, char** argv) {
    if (is_printed(argc, argv)) {
        const QCoreApplication application(argc, argv);
        name_application();
        const Options answered(application);  // prints and ends
        return 0;
    }
    QApplication application(argc, argv);
    name_application();
    QApplication::setApplicationDisplayName(QStringLiteral("Deadbox"));
    QApplication::setDesktopFileName(QStringLiteral("deadbox"));
    const Options options(application);
    const auto& parser = options.parser;
    const auto &output = options.output, &theme = options.theme;

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
