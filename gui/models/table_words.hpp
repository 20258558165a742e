// What a topic's tables and columns are called in the window's language, and what they mean: "tables" of
// resources/<topic>/<language>.json. English, and whatever is missing there, is the topic's own declaration.
#pragma once

#include <QString>

#include <string_view>

#include "plugin/topic.hpp"

namespace deadbox::gui {

QString table_name(const plugin::TableDef& table);
QString table_meaning(const plugin::TableDef& table);
QString column_name(const plugin::TableDef& table, std::string_view column);
QString column_meaning(const plugin::TableDef& table, const plugin::ColumnDef& column);
// "first_seen" as "First seen", "login_uid" as "Login UID".
QString words_of(std::string_view name);

}  // namespace deadbox::gui
