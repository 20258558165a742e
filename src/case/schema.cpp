#include "case/schema.hpp"

#include <fmt/format.h>

#include <map>

#include "case/schema_sql.hpp"

namespace deadbox::case_file {
namespace {

std::string_view sql_type(plugin::ColumnType type) {
    switch (type) {
        case plugin::ColumnType::integer: return "INTEGER";
        case plugin::ColumnType::real: return "REAL";
        case plugin::ColumnType::text: return "TEXT";
        case plugin::ColumnType::blob: return "BLOB";
        case plugin::ColumnType::time: return "INTEGER";
    }
    return "ANY";
}

// From version n + 1 to the next, as schema.sql has it since then.
const char* const k_migrations[] = {
    "CREATE TABLE place(inode INTEGER PRIMARY KEY, origin INTEGER NOT NULL, extents BLOB NOT NULL) STRICT",
    "ALTER TABLE evidence ADD COLUMN samples BLOB;"
    "CREATE TABLE main_name(inode INTEGER PRIMARY KEY, directory INTEGER NOT NULL, name TEXT NOT NULL) STRICT;"
    "DROP VIEW inode_path;"
    "CREATE VIEW inode_path AS SELECT i.id AS inode, t.system AS system, d.path AS folder, n.directory AS directory, n.name AS name,"
    " CASE WHEN d.path = '/' THEN '/' || n.name ELSE d.path || '/' || n.name END AS path"
    " FROM inode i JOIN name n ON n.inode = i.id AND n.directory = coalesce((SELECT m.directory FROM main_name m WHERE m.inode = i.id), i.parent)"
    " AND n.name = coalesce((SELECT m.name FROM main_name m WHERE m.inode = i.id), n.name)"
    " JOIN directory d ON d.id = n.directory JOIN tree t ON t.id = d.tree",
    "CREATE TABLE event_block(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, kinds BLOB NOT NULL, logs BLOB NOT NULL, strings BLOB NOT NULL) STRICT",
    "ALTER TABLE finding_item ADD COLUMN key_kind TEXT",
};
static_assert(std::size(k_migrations) == k_schema_version - 1);

// Topics of which the case has another version than this build, or none, or whose kinds of events it does not know; those
// too that this build has no more.
base::Result<std::vector<std::string>> changed_topics(const Database& database) {
    std::map<std::string, std::string> known;
    TRY_ASSIGN(Statement versions, database.prepare("SELECT substr(key, 7), value FROM meta WHERE key LIKE 'topic.%'"));
    for (;;) {
        TRY_ASSIGN(const bool row, versions.step());
        if (!row) break;
        known.emplace(versions.text(0), versions.text(1));
    }
    TRY_ASSIGN(Statement kind, database.prepare("SELECT 1 FROM kind WHERE type = ?"));
    std::vector<std::string> changed;
    for (const plugin::Topic* topic : plugin::topics()) {
        const auto found = known.extract(std::string(topic->id));
        bool same = !found.empty() && found.mapped() == std::to_string(topic->version);
        for (const auto& event : topic->events) {
            kind.bind(1, event.type);
            TRY_ASSIGN(const bool there, kind.step());
            kind.reset();
            same = same && there;
        }
        if (!same) changed.emplace_back(topic->id);
    }
    for (const auto& [topic, version] : known) changed.push_back(topic);
    return changed;
}

// What parsers and detectors made. What was read of the file systems and of the media stays, and what the analyst wrote.
base::Result<void> drop_results(const Database& database) {
    std::string drop;
    TRY_ASSIGN(Statement tables, database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"));
    for (;;) {
        TRY_ASSIGN(const bool row, tables.step());
        if (!row) break;
        // What is not of the schema is a topic's, of whatever build.
        if (k_schema_sql.find(fmt::format("CREATE TABLE {}(", tables.text(0))) == std::string_view::npos) drop += fmt::format("DROP TABLE \"{}\";", tables.text(0));
    }
    tables.reset();
    // New rows come without the indexes that only readers need, as the first ones did.
    return database.execute(drop + "DROP INDEX IF EXISTS event_user; DROP INDEX IF EXISTS event_address; DELETE FROM batch_rows WHERE batch IN (SELECT id FROM batch WHERE wave NOT IN ('open', 'walk', 'media')); "
                                   "DELETE FROM batch WHERE wave NOT IN ('open', 'walk', 'media'); DELETE FROM coverage WHERE wave NOT IN ('open', 'walk', 'media', 'watch'); "
                                   "DELETE FROM event_hour WHERE kind != 0; DELETE FROM event; DELETE FROM event_block; DELETE FROM kind; DELETE FROM string; DELETE FROM content; DELETE FROM step; DELETE FROM request; "
                                   "DELETE FROM kept; DELETE FROM text; DELETE FROM finding_item; DELETE FROM finding; DELETE FROM story; DELETE FROM place; DELETE FROM main_name;");
}

}  // namespace

base::Result<std::int64_t> pragma(const Database& database, std::string_view name) {
    TRY_ASSIGN(Statement statement, database.prepare(fmt::format("PRAGMA {}", name)));
    TRY(statement.step());
    return statement.integer(0);
}

std::string create_statement(const plugin::TableDef& table) {
    std::string sql = fmt::format("CREATE TABLE \"{}\"(id INTEGER PRIMARY KEY, system INTEGER, inode INTEGER", table.name);
    for (const auto& column : table.columns) {
        if (column.type == plugin::ColumnType::time) sql += fmt::format(", \"{0}_s\" INTEGER, \"{0}_ns\" INTEGER", column.name);
        else sql += fmt::format(", \"{}\" {}", column.name, sql_type(column.type));
    }
    sql += ") STRICT;";
    int number = 0;
    for (const auto& index : table.indexes) sql += fmt::format(" CREATE INDEX \"{0}_{1}\" ON \"{0}\"({2});", table.name, ++number, index);
    return sql;
}

base::Result<void> require_schema(const Database& database) {
    TRY_ASSIGN(const std::int64_t application, pragma(database, "application_id"));
    TRY_ASSIGN(const std::int64_t version, pragma(database, "user_version"));
    if (application != k_application_id) return base::fail(base::Errc::corrupt, "this SQLite file is not a Deadbox case");
    if (version > k_schema_version) return base::fail(base::Errc::unsupported, "this case was written by a newer Deadbox; use that version");
    return {};
}

base::Result<void> prepare_schema(const Database& database) {
    TRY_ASSIGN(const std::int64_t application, pragma(database, "application_id"));
    TRY_ASSIGN(const std::int64_t version, pragma(database, "user_version"));
    if (application == 0 && version == 0) {
        TRY_ASSIGN(Statement tables, database.prepare("SELECT count(*) FROM sqlite_schema"));
        TRY(tables.step());
        if (tables.integer(0) != 0) return base::fail(base::Errc::corrupt, "this SQLite file is not a Deadbox case");
        tables.reset();
        TRY(database.execute(std::string(k_schema_sql)));
        return database.execute(fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", k_application_id, k_schema_version));
    }
    TRY(require_schema(database));
    for (auto from = version; from < k_schema_version; ++from) TRY(database.execute(k_migrations[from - 1]));
    return database.execute(fmt::format("PRAGMA user_version={}", k_schema_version));
}

base::Result<std::vector<std::string>> prepare_topics(const Database& database) {
    TRY_ASSIGN(auto changed, changed_topics(database));
    if (changed.empty()) return changed;
    TRY(drop_results(database));
    TRY(database.execute("DELETE FROM meta WHERE key LIKE 'topic.%'"));
    TRY_ASSIGN(Statement kind, database.prepare("INSERT INTO kind(id, topic, type, source, description) VALUES(?, ?, ?, ?, ?)"));
    TRY_ASSIGN(Statement remember, database.prepare("INSERT INTO meta VALUES(?, ?)"));
    for (const plugin::Topic* topic : plugin::topics()) {
        for (const auto& table : topic->tables) TRY(database.execute(create_statement(table)));
        for (const auto& event : topic->events) {
            kind.bind(1, std::int64_t{event.index} + 1).bind(2, topic->id).bind(3, event.type).bind(4, event.source).bind(5, event.description);
            TRY(kind.run());
        }
        remember.bind(1, fmt::format("topic.{}", topic->id)).bind(2, std::to_string(topic->version));
        TRY(remember.run());
    }
    return changed;
}

base::Result<void> index_for_reading(const Database& database, std::int64_t from) {
    TRY_ASSIGN(Statement last, database.prepare("SELECT coalesce(max(id), 0) FROM event"));
    TRY(last.step());
    if (last.integer(0) < from) return {};
    last.reset();
    return database.execute("CREATE INDEX IF NOT EXISTS event_user ON event(user, s, ns) WHERE user IS NOT NULL;"
                            "CREATE INDEX IF NOT EXISTS event_address ON event(address, s, ns) WHERE address IS NOT NULL;");
}

}  // namespace deadbox::case_file
