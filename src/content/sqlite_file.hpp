// SQLite databases of the evidence, read through a ByteSource: SQLite never sees a file name, and what it would write
// (a journal rolled back, a write-ahead log recovered) goes into memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/byte_source.hpp"
#include "base/function_ref.hpp"
#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace deadbox::content {

// One row of an answer, valid during the visit. Columns are counted from 0; a null reads as 0 or "".
class SqliteRow {
public:
    explicit SqliteRow(sqlite3_stmt* statement) : m_statement(statement) {}
    enum class Type : std::uint8_t { null, integer, real, text, blob };
    Type type(int column) const;
    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;
    std::string_view text(int column) const;
    base::ByteView blob(int column) const;

private:
    sqlite3_stmt* m_statement;
};

// Of the database itself and, where they exist, of the files beside it. They must outlive the SqliteFile.
struct SqliteSources {
    const base::ByteSource* database = nullptr;
    const base::ByteSource* write_ahead_log = nullptr;  // NAME-wal
    const base::ByteSource* journal = nullptr;          // NAME-journal
};

bool is_sqlite(base::ByteView head);

// One thread at a time. Opens no files and asks for neither time nor randomness, so it works behind the lock-down.
class SqliteFile {
public:
    static base::Result<SqliteFile> open(const SqliteSources& sources);
    SqliteFile(SqliteFile&&) noexcept;
    SqliteFile& operator=(SqliteFile&&) noexcept;
    ~SqliteFile();

    bool has_table(std::string_view name) const;
    // Rows before a damage are visited, then the error is given. Work is bounded: Errc::limit.
    base::Result<void> query(std::string_view sql, base::FunctionRef<base::Next(const SqliteRow&)> visit) const;

private:
    struct Open;
    explicit SqliteFile(std::unique_ptr<Open> open);
    std::unique_ptr<Open> m_open;
};

}  // namespace deadbox::content
