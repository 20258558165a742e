#include "gui/models/table_words.hpp"

#include <QStringList>

#include <functional>
#include <string>

#include "gui/models/evidence_text.hpp"
#include "gui/models/own_texts.hpp"

namespace deadbox::gui {
namespace {

std::string_view topic_declaring(const plugin::TableDef& table) {
    const std::less_equal<const plugin::TableDef*> not_behind;
    for (const auto* topic : plugin::topics())
        if (!topic->tables.empty() && not_behind(topic->tables.data(), &table) && not_behind(&table, &topic->tables.back())) return topic->id;
    return {};
}

// The text at tables.TABLE.`key`; null where this language has none.
QString translated(const plugin::TableDef& table, std::string_view key) {
    const auto texts = texts_in(window_language());
    if (!texts) return {};  // whoever reads the case says so
    const auto& text = (*texts)->find(topic_declaring(table), "tables." + std::string(table.name) + '.' + std::string(key));
    return text.empty() ? QString() : own(text);
}

QString translated_column(const plugin::TableDef& table, std::string_view column, std::string_view part) { return translated(table, "columns." + std::string(column) + '.' + std::string(part)); }

QString first_of(QString text, QString instead) { return text.isNull() ? std::move(instead) : text; }

}  // namespace

QString words_of(std::string_view name) {
    static const QStringList k_abbreviations{QStringLiteral("elf"), QStringLiteral("gecos"), QStringLiteral("gid"), QStringLiteral("id"), QStringLiteral("md5"), QStringLiteral("nul"), QStringLiteral("soname"), QStringLiteral("uid"), QStringLiteral("url")};
    auto words = own(name).split(QLatin1Char('_'));
    for (auto& word : words)
        if (k_abbreviations.contains(word)) word = word.toUpper();
    if (!words.front().isEmpty()) words.front()[0] = words.front().at(0).toUpper();
    return words.join(QLatin1Char(' '));
}

QString table_name(const plugin::TableDef& table) { return first_of(translated(table, "name"), words_of(table.name)); }
QString table_meaning(const plugin::TableDef& table) { return first_of(translated(table, "meaning"), own(table.meaning)); }
QString column_name(const plugin::TableDef& table, std::string_view column) { return first_of(translated_column(table, column, "name"), words_of(column)); }
QString column_meaning(const plugin::TableDef& table, const plugin::ColumnDef& column) { return first_of(translated_column(table, column.name, "meaning"), own(column.meaning)); }

}  // namespace deadbox::gui
