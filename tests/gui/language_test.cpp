// Translations: German says everything that English says, nothing is hard-coded, and longer words are not cut off.
#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QTranslator>
#include <QXmlStreamReader>

#include "gui/demo_case.hpp"
#include "gui/widgets/table_view.hpp"
#include "gui/window_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

// Every text a third longer and in brackets: what is not, never went through tr().
class PseudoLocale : public QTranslator {
public:
    bool isEmpty() const override { return false; }
    QString translate(const char* context, const char* source, const char*, int) const override {
        if (QByteArrayView(context).startsWith("Q")) return {};  // Qt's own
        const QString text = QString::fromUtf8(source);
        return QStringLiteral("⟦%1%2⟧").arg(text, QString(text.size() / 3 + 1, QLatin1Char('~')));
    }
};

bool has_letters(const QString& text) {
    return std::any_of(text.begin(), text.end(), [](QChar c) { return c.isLetter(); });
}

}  // namespace

class LanguageTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void german_is_complete() {
        QFile file(QStringLiteral(DEADBOX_SOURCE_DIR "/gui/translations/deadbox_de.ts"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QXmlStreamReader xml(&file);
        QString source;
        int messages = 0;
        QStringList missing;
        while (!xml.atEnd()) {
            if (xml.readNext() != QXmlStreamReader::StartElement) continue;
            if (xml.name() == QLatin1StringView("source")) source = xml.readElementText();
            else if (xml.name() == QLatin1StringView("translation")) {
                ++messages;
                if (xml.attributes().value(QLatin1StringView("type")) == QLatin1StringView("unfinished")) missing += source;
                const auto text = xml.readElementText(QXmlStreamReader::IncludeChildElements);
                if (text.trimmed().isEmpty()) missing += source;
                // Every place for an argument is there.
                for (int place = 1; place <= 5; ++place)
                    if (source.contains(QStringLiteral("%%1").arg(place)) != text.contains(QStringLiteral("%%1").arg(place))) missing += source;
            }
        }
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QVERIFY(messages > 150);
        QVERIFY2(missing.isEmpty(), qPrintable(missing.join(QStringLiteral("\n"))));
    }

    void nothing_is_hard_coded_or_cut_off() {
        PseudoLocale pseudo;
        QApplication::installTranslator(&pseudo);
        QStringList faults;
        {
            const auto window = test::open_window(test::demo_case());
            const auto translated = [&](const QString& where, const QString& text) {
                if (has_letters(text) && !text.contains(QStringLiteral("⟦"))) faults += where + QStringLiteral(": ") + text;
            };
            for (const auto* menu : window->menuBar()->actions()) {
                translated(QStringLiteral("menu"), menu->text());
                if (menu->menu() == nullptr) continue;
                for (const auto* action : menu->menu()->actions()) translated(QStringLiteral("menu"), action->text());
            }
            for (const auto* page : window->pages()) {
                if (!page->needs_case()) continue;
                translated(QStringLiteral("page"), page->title());
                test::settle(*window, page->id());
                test::settle(*window, page->id());
                for (const auto* action : page->actions()) translated(page->id(), action->text());
                for (const auto* button : page->findChildren<QAbstractButton*>()) {
                    if (!button->isVisible() || button->inherits("QTableCornerButton")) continue;
                    translated(page->id(), button->text());
                    if (!button->text().isEmpty() && button->width() < button->minimumSizeHint().width()) faults += page->id() + QStringLiteral(" cuts off: ") + button->text();
                }
                for (const auto* edit : page->findChildren<QLineEdit*>()) translated(page->id(), edit->placeholderText());
                for (const auto* combo : page->findChildren<QComboBox*>())
                    for (int i = 0; i < combo->count(); ++i) translated(page->id(), combo->itemText(i));
                if (page->id() != QStringLiteral("entities"))  // its columns are called as the topics call them
                    for (const auto* table : page->findChildren<gui::TableView*>())
                        for (int i = 0; i < table->model()->columnCount(); ++i) translated(page->id(), table->model()->headerData(i, Qt::Horizontal).toString());
            }
        }
        QApplication::removeTranslator(&pseudo);
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QStringLiteral("\n"))));
    }

    // Whoever cannot see the window hears what each control is.
    void every_control_has_a_name() {
        QStringList faults;
        const auto window = test::open_window(test::demo_case());
        for (const auto* page : window->pages()) {
            if (!page->needs_case()) continue;
            test::settle(*window, page->id());
            for (auto* view : page->findChildren<QAbstractItemView*>())
                if (view->isVisible() && !view->inherits("QHeaderView") && view->accessibleName().isEmpty() && !view->inherits("QComboBoxListView")) faults += page->id() + QStringLiteral(": a ") + QString::fromLatin1(view->metaObject()->className());
            for (auto* edit : page->findChildren<QLineEdit*>())
                if (edit->isVisible() && edit->accessibleName().isEmpty() && edit->placeholderText().isEmpty()) {
                    bool labelled = false;
                    for (const auto* label : page->findChildren<QLabel*>()) labelled = labelled || label->buddy() == edit;
                    if (!labelled) faults += page->id() + QStringLiteral(": a line to fill in");
                }
        }
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QStringLiteral("\n"))));
    }
};

DEADBOX_TEST(LanguageTest)
#include "language_test.moc"
