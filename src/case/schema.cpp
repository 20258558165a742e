#include "case/schema.hpp"

#include <fmt/format.h>

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
};
static_assert(std::size(k_migrations) == k_schema_version - 1);

base::Result<std::int64_t> pragma(const Database& database, std::string_view name) {
    TRY_ASSIGN(Statement statement, database.prepare(fmt::format("PRAGMA {}", name)));
    TRY(statement.step());
    return statement.integer(0);
}

}  // namespace

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

base::Result<void> prepare_schema(const Database& database) {
    TRY_ASSIGN(const std::int64_t application, pragma(database, "application_id"));
    TRY_ASSIGN(const std::int64_t version, pragma(database, "user_version"));
    if (application == 0 && version == 0) {
        TRY_ASSIGN(Statement tables, database.prepare("SELECT count(*) FROM sqlite_schema"));
        TRY(tables.step());
        if (tables.integer(0) != 0) return base::fail(base::Errc::corrupt, "this SQLite file is not a Deadbox case");
        tables.reset();
        TRY_ASSIGN(Transaction transaction, Transaction::begin(database));
        TRY(database.execute(std::string(k_schema_sql)));
        TRY(database.execute(fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", k_application_id, k_schema_version)));
        return transaction.commit();
    }
    if (application != k_application_id) return base::fail(base::Errc::corrupt, "this SQLite file is not a Deadbox case");
    if (version > k_schema_version) return base::fail(base::Errc::unsupported, "this case was written by a newer Deadbox; use that version");
    if (version == k_schema_version) return {};
    TRY_ASSIGN(Transaction transaction, Transaction::begin(database));
    for (auto from = version; from < k_schema_version; ++from) TRY(database.execute(k_migrations[from - 1]));
    TRY(database.execute(fmt::format("PRAGMA user_version={}", k_schema_version)));
    return transaction.commit();
}

base::Result<std::vector<std::string>> prepare_topics(const Database& database) {
    std::vector<std::string> changed;
    TRY_ASSIGN(Transaction transaction, Transaction::begin(database));
    for (const plugin::Topic* topic : plugin::topics()) {
        const auto key = fmt::format("topic.{}", topic->id);
        TRY_ASSIGN(Statement known, database.prepare("SELECT value FROM meta WHERE key = ?"));
        known.bind(1, key);
        TRY_ASSIGN(const bool found, known.step());
        const bool same = found && known.text(0) == std::to_string(topic->version);
        known.reset();
        if (same) continue;
        for (const auto& table : topic->tables) {
            TRY(database.execute(fmt::format("DROP TABLE IF EXISTS \"{}\"; {}", table.name, create_statement(table))));
        }
        for (const auto& event : topic->events) {
            TRY_ASSIGN(Statement insert, database.prepare("INSERT INTO kind(id, topic, type, source, description) VALUES(?, ?, ?, ?, ?) "
                                                          "ON CONFLICT(type) DO UPDATE SET source = excluded.source, description = excluded.description"));
            insert.bind(1, std::int64_t{event.index} + 1).bind(2, topic->id).bind(3, event.type).bind(4, event.source).bind(5, event.description);
            TRY(insert.run());
        }
        TRY_ASSIGN(Statement remember, database.prepare("INSERT OR REPLACE INTO meta VALUES(?, ?)"));
        remember.bind(1, key).bind(2, std::to_string(topic->version));
        TRY(remember.run());
        changed.emplace_back(topic->id);
    }
    TRY(transaction.commit());
    return changed;
}

base::Result<void> index_for_reading(const Database& database) {
    return database.execute("CREATE INDEX IF NOT EXISTS event_user ON event(user, s, ns, id) WHERE user IS NOT NULL;"
                            "CREATE INDEX IF NOT EXISTS event_address ON event(address, s, ns, id) WHERE address IS NOT NULL;");
}

}  // namespace deadbox::case_file
