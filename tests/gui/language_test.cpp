// Translations: German says everything that English says, nothing is hard-coded, and longer words are not cut off.
#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenuBar>
#include <QScrollArea>
#include <QTranslator>
#include <QXmlStreamReader>

#include "gui/demo_case.hpp"
#include "gui/models/own_texts.hpp"
#include "gui/models/table_words.hpp"
#include "gui/pages/entities_page.hpp"
#include "gui/pages/files_page.hpp"
#include "gui/widgets/file_details.hpp"
#include "gui/widgets/file_viewer.hpp"
#include "gui/widgets/plain_label.hpp"
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

// The window speaks German as long as this lives.
class German {
public:
    German() {
        QLocale::setDefault(QLocale(QLocale::German));
        if (m_texts.load(QLocale(), QStringLiteral("deadbox"), QStringLiteral("_"), QStringLiteral(":/translations"))) QApplication::installTranslator(&m_texts);
    }
    ~German() {
        QApplication::removeTranslator(&m_texts);
        QLocale::setDefault(m_before);
    }
    German(const German&) = delete;
    German& operator=(const German&) = delete;

private:
    QLocale m_before;
    QTranslator m_texts;
};

QStringList headings(const QAbstractItemModel& model) {
    QStringList all;
    for (int i = 0; i < model.columnCount(); ++i) all += model.headerData(i, Qt::Horizontal).toString();
    return all;
}

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

    void one_is_not_many_data() {
        QTest::addColumn<QString>("language");
        QTest::addColumn<QByteArray>("context");
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<QString>("one");
        QTest::newRow("files, English") << "en" << QByteArray("deadbox::gui::FilesPage") << QByteArray("%Ln entry(s)") << "%Ln entry";
        QTest::newRow("files, German") << "de" << QByteArray("deadbox::gui::FilesPage") << QByteArray("%Ln entry(s)") << "%Ln Eintrag";
        QTest::newRow("timeline, English") << "en" << QByteArray("deadbox::gui::TimelinePage") << QByteArray("%Ln record(s)") << "%Ln record";
        QTest::newRow("timeline, German") << "de" << QByteArray("deadbox::gui::TimelinePage") << QByteArray("%Ln record(s)") << "%Ln Eintrag";
        QTest::newRow("overview, English") << "en" << QByteArray("deadbox::gui::OverviewPage") << QByteArray("%Ln volume(s)") << "%Ln volume";
        QTest::newRow("overview, German") << "de" << QByteArray("deadbox::gui::OverviewPage") << QByteArray("%Ln volume(s)") << "%Ln Volume";
    }
    void one_is_not_many() {
        QFETCH(QString, language);
        QFETCH(QByteArray, context);
        QFETCH(QByteArray, source);
        QFETCH(QString, one);
        QTranslator texts;
        QVERIFY(texts.load(QLocale(language), QStringLiteral("deadbox"), QStringLiteral("_"), QStringLiteral(":/translations")));
        QCOMPARE(texts.translate(context.constData(), source.constData(), nullptr, 1), one);
        const auto many = texts.translate(context.constData(), source.constData(), nullptr, 2);
        QVERIFY(!many.isEmpty() && many != one);
    }

    void tables_are_headed_in_german() {
        const German german;
        const auto texts = gui::texts_in("de");
        QVERIFY(texts);
        const auto window = test::open_window(test::demo_case());
        test::settle(*window, QStringLiteral("entities"));
        auto& page = test::page_of<gui::EntitiesPage>(*window, "entities");
        QVERIFY(test::wait_for([&] { return page.tables()->count() > 3; }));
        page.show_table("account");
        QCOMPARE(headings(*page.model()), QStringLiteral("Quelle|Zeile|Benutzer|UID|GID|GECOS|Heimatordner|Anmeldeshell|Passwort|Auffälligkeit|Eintrag|Gelesen aus").split(QLatin1Char('|')));
        QVERIFY(page.tables()->currentItem()->text().startsWith(QStringLiteral("Konten  (")));
        // Of every table that the case has: name, meaning, headings and what these mean.
        for (int i = 0; i < page.tables()->count(); ++i) {
            page.tables()->setCurrentRow(i);
            const auto& table = *page.model()->table();
            const auto text = [&](const std::string& key) {
                for (const auto* topic : plugin::topics())
                    if (const auto& found = (*texts)->find(topic->id, "tables." + std::string(table.name) + '.' + key); !found.empty()) return QString::fromStdString(found);
                return QString::fromUtf8(table.name.data(), static_cast<qsizetype>(table.name.size())) + QStringLiteral(" has nothing for ") + QString::fromStdString(key);
            };
            QVERIFY2(page.tables()->currentItem()->text().startsWith(text("name")), qPrintable(text("name")));
            QCOMPARE(page.tables()->currentItem()->toolTip(), text("meaning"));
            for (std::size_t column = 0; column < table.columns.size(); ++column) {
                const auto key = "columns." + std::string(table.columns[column].name);
                QCOMPARE(page.model()->headerData(static_cast<int>(column), Qt::Horizontal, Qt::DisplayRole).toString(), text(key + ".name"));
                QCOMPARE(page.model()->headerData(static_cast<int>(column), Qt::Horizontal, Qt::ToolTipRole).toString(), text(key + ".meaning"));
            }
        }
        // What is known of a file.
        window->go(gui::Link::to(gui::Link::Kind::path, "/etc/passwd"), QStringLiteral("files"));
        auto& files = test::page_of<gui::FilesPage>(*window, "files");
        QVERIFY(test::wait_for([&] { return files.selection().value == QByteArray("/etc/passwd"); }));
        auto* details = files.findChild<gui::FileDetails*>();
        files.findChild<gui::FileViewer*>()->setCurrentWidget(details);
        const auto says = [&](const QString& wanted) {
            const auto labels = details->findChildren<gui::PlainLabel*>();
            return std::any_of(labels.begin(), labels.end(), [&](const auto* label) { return label->text() == wanted; });
        };
        QVERIFY(test::wait_for([&] { return says(QStringLiteral("Heimatordner")) && says(QStringLiteral("Zeile")); }));
        QVERIFY(!says(QStringLiteral("home")) && !says(QStringLiteral("Home")) && !says(QString::fromUtf8(plugin::find_table("account")->meaning)));
    }
    // Longer words fit a small window too.
    void the_overview_is_as_wide_as_a_small_window() {
        const German german;
        const auto window = test::open_window(test::demo_case());
        window->resize(960, 640);
        test::settle(*window, QStringLiteral("overview"));
        QVERIFY(test::wait_for([&] { return window->findChild<QWidget*>(QStringLiteral("verdict")) != nullptr; }));
        test::settle(*window, QStringLiteral("overview"));
        const auto* area = window->page(QStringLiteral("overview"))->findChild<QScrollArea*>();
        QVERIFY(area->widget() != nullptr);
        QVERIFY2(area->widget()->width() <= area->viewport()->width(), qPrintable(QStringLiteral("%1 > %2").arg(area->widget()->width()).arg(area->viewport()->width())));
    }
    // What the ledger says.
    void the_ledger_speaks_german() {
        const German german;
        const auto window = test::open_window(test::demo_case());
        test::settle(*window, QStringLiteral("coverage"));
        auto* table = window->page(QStringLiteral("coverage"))->findChild<gui::TableView*>();
        QVERIFY(test::wait_for([&] { return table->model()->rowCount() > 0; }));
        const auto texts = gui::texts_in("de");
        QVERIFY(texts);
        for (int row = 0; row < table->model()->rowCount(); ++row) {
            const auto reason = table->model()->index(row, 2).data().toString();
            QVERIFY2((*texts)->reason(reason.toStdString()) == reason.toStdString() && !reason.contains(QStringLiteral(" was ")) && !reason.contains(QStringLiteral(" is ")), qPrintable(reason));
        }
        QVERIFY(table->model()->index(0, 1).data().toString().at(0).isUpper());
    }
    // English ones are the topic's own, and a language without texts has them too.
    void tables_are_headed_in_english_otherwise() {
        const auto* table = plugin::find_table("account");
        QVERIFY(table != nullptr);
        QCOMPARE(gui::table_name(*table), QStringLiteral("Account"));
        QCOMPARE(gui::column_name(*table, "home"), QStringLiteral("Home"));
        const QLocale before;
        QLocale::setDefault(QLocale(QLocale::Icelandic));
        const auto name = gui::table_name(*table), meaning = gui::table_meaning(*table), heading = gui::column_name(*table, "home");
        QLocale::setDefault(before);
        QCOMPARE(name, QStringLiteral("Account"));
        QVERIFY(meaning.startsWith(QStringLiteral("A line of /etc/passwd")));
        QCOMPARE(heading, QStringLiteral("Home"));
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

    // Whoever cannot see the window hears what each control is: everything that takes the focus has a name, on every page.
    void every_control_has_a_name() {
        QStringList faults;
        const auto named = [](const QWidget* control) {
            const auto* interface = QAccessible::queryAccessibleInterface(const_cast<QWidget*>(control));
            return !control->accessibleName().isEmpty() || (interface != nullptr && !interface->text(QAccessible::Name).trimmed().isEmpty());
        };
        const auto window = test::open_window(test::demo_case());
        const auto check = [&](const QString& where, const QWidget& root) {
            for (const auto* control : root.findChildren<QWidget*>()) {
                const bool part = control->inherits("QHeaderView") || control->inherits("QTableCornerButton") || control->inherits("QComboBoxListView") || control->inherits("QComboBoxPrivateContainer") || control->inherits("QScrollBar") ||
                                  (control->inherits("QLineEdit") && (qobject_cast<QAbstractSpinBox*>(control->parentWidget()) != nullptr || qobject_cast<QComboBox*>(control->parentWidget()) != nullptr));
                const auto* label = qobject_cast<const QLabel*>(control);
                if (part || (label != nullptr && label->text().isEmpty()) || !control->isVisible() || control->focusPolicy() == Qt::NoFocus) continue;
                if (!named(control)) faults += where + QStringLiteral(": a ") + QString::fromLatin1(control->metaObject()->className()) + QLatin1Char(' ') + control->objectName();
            }
        };
        for (const auto* page : window->pages()) {
            if (!page->needs_case()) continue;
            test::settle(*window, page->id());
            test::settle(*window, page->id());
            check(page->id(), *page);
        }
        check(QStringLiteral("window"), *window);
        window->close_case();
        for (const auto* page : window->pages()) {
            if (page->needs_case()) continue;
            window->show_page(page->id());
            QTest::qWait(50);
            check(page->id(), *page);
        }
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QStringLiteral("\n"))));
    }

    // Every action of every page stands in the menus with its shortcut, and no two of one page have the same.
    void every_action_is_in_the_menus() {
        QStringList faults;
        const auto window = test::open_window(test::demo_case());
        QMap<QString, QString> general;
        for (const auto* menu : window->menuBar()->actions())
            for (const auto* action : menu->menu()->actions())
                if (!action->shortcut().isEmpty()) general[action->shortcut().toString()] = action->text();
        for (const auto* page : window->pages()) {
            if (!page->needs_case()) continue;
            window->show_page(page->id());
            QMap<QString, QString> mine;
            for (const auto* action : page->actions()) {
                if (action->isSeparator()) continue;
                const auto keys = action->shortcut().toString();
                if (action->text().isEmpty() || keys.isEmpty()) faults += page->id() + QStringLiteral(" has no key for ") + action->text();
                else if (mine.contains(keys)) faults += page->id() + QStringLiteral(": ") + keys + QStringLiteral(" is two things");
                else if (general.contains(keys)) faults += page->id() + QStringLiteral(": ") + keys + QStringLiteral(" is the window's ") + general[keys];
                mine[keys] = action->text();
            }
            auto* menu = window->menuBar()->actions().at(window->menuBar()->actions().size() - 2)->menu();
            Q_EMIT menu->aboutToShow();
            for (const auto* action : page->actions())
                if (!menu->actions().contains(const_cast<QAction*>(action))) faults += page->id() + QStringLiteral(" is not in the menu: ") + action->text();
        }
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QStringLiteral("\n"))));
    }
};

DEADBOX_TEST(LanguageTest)
#include "language_test.moc"
