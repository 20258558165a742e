// The SQLite files of known sets: made once in one order, so that the same sources give the same bytes, and read as what they
// are, files of somebody else: nothing is written, no journal is rolled back, no code of theirs runs, and a schema that is not
// ours to the letter is refused.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace deadbox::sets {

// A prepared statement. Parameters count from 1, columns from 0; text and bytes are copied in, and are valid until the next step.
class SetStatement {
public:
    SetStatement() = default;
    explicit SetStatement(sqlite3_stmt* handle);
    SetStatement& bind(int parameter, std::int64_t value);
    SetStatement& bind(int parameter, std::string_view text);
    SetStatement& bind(int parameter, base::ByteView bytes);
    SetStatement& bind_null(int parameter);
    base::Result<bool> step();  // true while there is a row
    base::Result<void> run();   // to the end; then ready for other parameters
    void reset();
    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    std::string_view text(int column) const;
    base::ByteView blob(int column) const;

private:
    std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> m_handle{nullptr, nullptr};
};

class SetDatabase {
public:
    // What a kind of set is made of: each statement makes one table.
    struct Form {
        std::string_view kind;  // in words: "hash set"
        int application_id = 0, version = 0;
        std::span<const std::string_view> tables;
    };
    // Errc::usage: not such a set, or from another version.
    static base::Result<SetDatabase> open(const std::string& path, const Form& form);
    // Any SQLite file, to be read with the same care. Functions, recursion and whatever writes are refused to statements.
    static base::Result<SetDatabase> open_foreign(const std::string& path);
    // A new file with the form's tables; it must not exist. Without a journal: one that was not finished is to be thrown away.
    static base::Result<SetDatabase> create(const std::string& path, const Form& form);

    base::Result<SetStatement> prepare(std::string_view sql) const;
    base::Result<void> execute(const std::string& sql) const;
    int changes() const;

private:
    explicit SetDatabase(sqlite3* handle);
    static base::Result<SetDatabase> open_reading(const std::string& path);
    std::unique_ptr<sqlite3, int (*)(sqlite3*)> m_handle;
};

// What was written under a name of its own gets its own name, once it is on the disk. Errc::usage where `path` exists meanwhile.
base::Result<void> keep_file(const std::string& unfinished, const std::string& path);
// Which kind of set a file is, by its application id; 0 where it is no SQLite file at all.
int application_of(const std::string& path);

}  // namespace deadbox::sets
