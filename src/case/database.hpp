// sqlite3's C interface with owned handles and errors as values. A connection belongs to one thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <sqlite3.h>

#include "base/descriptor.hpp"
#include "base/function_ref.hpp"
#include "base/result.hpp"
#include "plugin/case_reader.hpp"
#include "plugin/value.hpp"

namespace deadbox::case_file {

class Statement final : public plugin::RowView {
public:
    Statement() = default;
    explicit Statement(sqlite3_stmt* handle) : m_handle(handle, &sqlite3_finalize) {}

    // Parameters count from 1. Text and bytes are copied.
    Statement& bind(int parameter, std::int64_t value);
    Statement& bind(int parameter, std::string_view text);
    Statement& bind(int parameter, base::ByteView bytes);
    Statement& bind_null(int parameter);
    Statement& bind_value(int parameter, const plugin::Value& value);
    // Not copied: text and bytes must live until the statement has run or is reset.
    Statement& bind_borrowed(int parameter, const plugin::Value& value);
    template <class T>
    Statement& bind(int parameter, const std::optional<T>& value) {
        return value ? bind(parameter, *value) : bind_null(parameter);
    }

    // True while there is a row.
    base::Result<bool> step();
    // Runs to the end and makes the statement ready for other parameters.
    base::Result<void> run();
    void reset();

    bool is_null(int column) const override;
    std::int64_t integer(int column) const override;
    double real(int column) const override;
    std::string_view text(int column) const override;
    base::ByteView blob(int column) const;
    int columns() const;
    std::string_view column_name(int column) const;
    sqlite3_stmt* handle() const { return m_handle.get(); }

private:
    std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> m_handle{nullptr, &sqlite3_finalize};
};

enum class Access : bool { read, write };

class Database {
public:
    // read: works on a read-only file in a read-only folder (immutable where no -wal lies beside it).
    // write: creates the file where it is missing, WAL, one writer; a committed transaction outlives a power cut.
    static base::Result<Database> open(const std::string& path, Access access);
    // Whether a commit waits for the disk. In the log (WAL) no power cut can tear the case either way; without waiting it
    // may take the newest commits back, in their order. That suits batches, which a resumed analysis makes again, and
    // nothing that cannot be made again: the analyst's edits, the end of an analysis whose custody head is told outside.
    base::Result<void> wait_for_disk(bool wait) const { return execute(wait ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL"); }

    base::Result<Statement> prepare(std::string_view sql) const;
    base::Result<void> execute(const std::string& sql) const;  // any number of statements
    std::int64_t last_row_id() const { return sqlite3_last_insert_rowid(m_handle.get()); }
    int changes() const { return sqlite3_changes(m_handle.get()); }
    sqlite3* handle() const { return m_handle.get(); }

private:
    explicit Database(sqlite3* handle) : m_handle(handle, &sqlite3_close) {}
    std::unique_ptr<sqlite3, decltype(&sqlite3_close)> m_handle;
    base::Descriptor m_hold;  // closed before the connection (file_locks.hpp)
};

// The way to end a query early: while it lives, statements of this connection ask every few milliseconds at most whether to
// stop, and then fail with Errc::interrupted. One at a time on a connection, which must outlive it.
class Interruptible {
public:
    Interruptible(const Database& database, std::function<bool()> stop);
    ~Interruptible();
    Interruptible(const Interruptible&) = delete;

private:
    const Database& m_database;
    std::function<bool()> m_stop;
};

// An immediate transaction; rolled back unless committed.
class Transaction {
public:
    static base::Result<Transaction> begin(const Database& database);
    Transaction(Transaction&& other) noexcept : m_database(std::exchange(other.m_database, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    base::Result<void> commit();

private:
    explicit Transaction(const Database& database) : m_database(&database) {}
    const Database* m_database;
};

}  // namespace deadbox::case_file
