#include "gui/widgets/language.hpp"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QTranslator>

namespace deadbox::gui {

void install_language(const QLocale& locale) {
    const auto install = [&](const QLocale& wanted, const QString& name, const QString& folder) {
        auto* texts = new QTranslator(QCoreApplication::instance());
        if (texts->load(wanted, name, QStringLiteral("_"), folder)) return QCoreApplication::installTranslator(texts);
        delete texts;
        return false;
    };
    install(locale, QStringLiteral("qtbase"), QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    const QString ours = QStringLiteral(":/translations");
    // English has texts too: those that count.
    if (!install(locale, QStringLiteral("deadbox"), ours)) install(QLocale(QLocale::English), QStringLiteral("deadbox"), ours);
}

}  // namespace deadbox::gui
