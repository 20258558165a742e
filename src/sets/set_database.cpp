#include "sets/set_database.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/descriptor.hpp"
#include "base/encoding.hpp"

namespace deadbox::sets {
namespace {

// Errc::usage throughout: a set is what the caller named, and another one can be named.
tl::unexpected<base::Error> set_failure(sqlite3* handle, std::string_view doing) {
    const int code = handle == nullptr ? SQLITE_NOMEM : sqlite3_errcode(handle) & 0xff;
    const char* file = handle == nullptr ? nullptr : sqlite3_db_filename(handle, "main");
    const std::string path = file == nullptr ? "" : file;
    const auto words = handle == nullptr ? "out of memory" : sqlite3_errmsg(handle);
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) return base::fail(base::Errc::usage, fmt::format("{} is damaged, or no SQLite file: {}", path, words));
    if (code == SQLITE_FULL) return base::fail(base::Errc::usage, fmt::format("there is no room left for {}, or in the folder of temporary files", path));
    return base::fail(base::Errc::usage, fmt::format("{}{}{}: {}", path, path.empty() ? "" : ": ", doing, words));
}

// Immutable: no journal beside it is rolled back, no lock is asked for.
std::string uri_of_set(const std::string& path) {
    std::string uri = "file:";
    for (const char c : path) {
        if (c == '%' || c == '?' || c == '#') uri += "%" + base::to_hex(std::string_view(&c, 1));
        else uri += c;
    }
    return uri + "?immutable=1";
}

// Of a foreign file its own rows alone are wanted: a view over them will do, one that computes for ever will not.
int allow_reading(void*, int action, const char*, const char*, const char*, const char*) {
    return action == SQLITE_SELECT || action == SQLITE_READ ? SQLITE_OK : SQLITE_DENY;
}

base::Result<std::int64_t> set_pragma(const SetDatabase& database, std::string_view name) {
    TRY_ASSIGN(auto statement, database.prepare(fmt::format("PRAGMA {}", name)));
    TRY(statement.step());
    return statement.integer(0);
}

// Exactly the form's tables, as it spells them, with the indexes that SQLite makes of their keys, and nothing else: no trigger,
// view or virtual table.
base::Result<bool> has_form(const SetDatabase& database, const SetDatabase::Form& form) {
    TRY_ASSIGN(auto rows, database.prepare("SELECT type, sql FROM sqlite_schema WHERE type <> 'index' OR sql IS NOT NULL ORDER BY rowid"));
    std::size_t count = 0;
    for (;;) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) return count == form.tables.size();
        if (count >= form.tables.size() || rows.text(0) != "table" || rows.text(1) != form.tables[count]) return false;
        ++count;
    }
}

}  // namespace

SetStatement::SetStatement(sqlite3_stmt* handle) : m_handle(handle, &sqlite3_finalize) {}
SetStatement& SetStatement::bind(int parameter, std::int64_t value) {
    sqlite3_bind_int64(m_handle.get(), parameter, value);
    return *this;
}
SetStatement& SetStatement::bind(int parameter, std::string_view text) {
    sqlite3_bind_text64(m_handle.get(), parameter, text.empty() ? "" : text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}
SetStatement& SetStatement::bind(int parameter, base::ByteView bytes) {
    if (bytes.empty()) sqlite3_bind_zeroblob(m_handle.get(), parameter, 0);
    else sqlite3_bind_blob64(m_handle.get(), parameter, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
    return *this;
}
SetStatement& SetStatement::bind_null(int parameter) {
    sqlite3_bind_null(m_handle.get(), parameter);
    return *this;
}
base::Result<bool> SetStatement::step() {
    const int code = sqlite3_step(m_handle.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    auto error = set_failure(sqlite3_db_handle(m_handle.get()), "a row cannot be read or written");
    sqlite3_reset(m_handle.get());
    return error;
}
base::Result<void> SetStatement::run() {
    for (;;) {
        TRY_ASSIGN(const bool row, step());
        if (!row) break;
    }
    reset();
    return {};
}
void SetStatement::reset() {
    sqlite3_reset(m_handle.get());
    sqlite3_clear_bindings(m_handle.get());
}
bool SetStatement::is_null(int column) const { return sqlite3_column_type(m_handle.get(), column) == SQLITE_NULL; }
std::int64_t SetStatement::integer(int column) const { return sqlite3_column_int64(m_handle.get(), column); }
std::string_view SetStatement::text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(m_handle.get(), column));
    return bytes == nullptr ? std::string_view{} : std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(m_handle.get(), column)));
}
base::ByteView SetStatement::blob(int column) const {
    const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(m_handle.get(), column));
    return {bytes, bytes == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(m_handle.get(), column))};
}

SetDatabase::SetDatabase(sqlite3* handle) : m_handle(handle, &sqlite3_close) {}

base::Result<SetStatement> SetDatabase::prepare(std::string_view sql) const {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(m_handle.get(), sql.data(), static_cast<int>(sql.size()), 0, &statement, nullptr) != SQLITE_OK) return set_failure(m_handle.get(), "its tables cannot be read");
    return SetStatement(statement);
}
base::Result<void> SetDatabase::execute(const std::string& sql) const {
    if (sqlite3_exec(m_handle.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return set_failure(m_handle.get(), "it cannot be written");
    return {};
}
int SetDatabase::changes() const { return sqlite3_changes(m_handle.get()); }

base::Result<SetDatabase> SetDatabase::open_reading(const std::string& path) {
    if (::access(path.c_str(), R_OK) != 0) return base::fail(base::Errc::usage, "cannot open " + path + ": " + std::strerror(errno));
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(uri_of_set(path).c_str(), &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
    SetDatabase database(handle);
    if (code != SQLITE_OK) return set_failure(handle, "it cannot be opened");
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    TRY(database.execute("PRAGMA query_only=ON; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=FILE; PRAGMA cache_size=-16384"));
    return database;
}

base::Result<SetDatabase> SetDatabase::open(const std::string& path, const Form& form) {
    TRY_ASSIGN(auto database, open_reading(path));
    TRY_ASSIGN(const auto application, set_pragma(database, "application_id"));
    TRY_ASSIGN(const auto version, set_pragma(database, "user_version"));
    if (application != form.application_id) return base::fail(base::Errc::usage, fmt::format("{} is no {} of Deadbox's", path, form.kind));
    if (version != form.version) return base::fail(base::Errc::usage, fmt::format("{} is a {} of another version of Deadbox; make it again", path, form.kind));
    TRY_ASSIGN(const bool ours, has_form(database, form));
    if (!ours) return base::fail(base::Errc::usage, fmt::format("{} is no {} as Deadbox writes them: its tables are others", path, form.kind));
    return database;
}

base::Result<SetDatabase> SetDatabase::open_foreign(const std::string& path) {
    TRY_ASSIGN(auto database, open_reading(path));
    sqlite3_set_authorizer(database.m_handle.get(), &allow_reading, nullptr);
    return database;
}

base::Result<SetDatabase> SetDatabase::create(const std::string& path, const Form& form) {
    if (::access(path.c_str(), F_OK) == 0) return base::fail(base::Errc::usage, path + " exists; choose another name");
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    SetDatabase database(handle);
    if (code != SQLITE_OK) return set_failure(handle, "it cannot be made");
    TRY(database.execute(fmt::format("PRAGMA page_size=4096; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA temp_store=FILE; PRAGMA cache_size=-32768; PRAGMA application_id={}; PRAGMA user_version={}", form.application_id, form.version)));
    for (const auto table : form.tables) TRY(database.execute(std::string(table)));
    return database;
}

base::Result<void> keep_file(const std::string& unfinished, const std::string& path) {
    const base::Descriptor file(::open(unfinished.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file || ::fsync(file.get()) != 0) return base::fail(base::Errc::usage, "cannot write " + path + ": " + std::strerror(errno));
    if (::link(unfinished.c_str(), path.c_str()) != 0 && errno != EPERM && errno != EOPNOTSUPP) return base::fail(base::Errc::usage, "cannot write " + path + ": " + std::strerror(errno));
    if (::access(path.c_str(), F_OK) != 0 && ::rename(unfinished.c_str(), path.c_str()) != 0) return base::fail(base::Errc::usage, "cannot write " + path + ": " + std::strerror(errno));
    ::unlink(unfinished.c_str());
    return {};
}

int application_of(const std::string& path) {
    constexpr std::size_t k_at = 68, k_end = 72;
    std::array<char, k_end> head{};
    std::ifstream file(path, std::ios::binary);
    if (!file.read(head.data(), k_end) || std::string_view(head.data(), 16) != std::string_view("SQLite format 3\0", 16)) return 0;
    return static_cast<int>(base::load_be32(base::as_bytes(std::string_view(head.data(), head.size())), k_at));
}

}  // namespace deadbox::sets
