#include "case/database.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <utility>

#include "base/encoding.hpp"
#include "case/file_locks.hpp"
#include "case/schema.hpp"
#include "case/text_finder.hpp"
#include "plugin/packed_files.hpp"

namespace deadbox::case_file {
namespace {

// SQLite counts the bytes that it takes, under a lock, unless it is told not to before its first use.
[[maybe_unused]] const int k_uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);

tl::unexpected<base::Error> failure(sqlite3* handle, std::string_view doing) {
    const int code = sqlite3_errcode(handle);
    if (code == SQLITE_FULL || ((code == SQLITE_IOERR || code == SQLITE_CANTOPEN) && sqlite3_system_errno(handle) == ENOSPC)) {
        const char* path = sqlite3_db_filename(handle, "main");
        return base::fail(base::Errc::io, "there is no room left on the disk of the case " + std::string(path == nullptr ? "" : path) +
                                              ", or in the folder of temporary files; what was saved before is kept: make room, and do it again (an analysis goes on with --resume)");
    }
    const auto errc = code == SQLITE_BUSY ? base::Errc::busy : code == SQLITE_INTERRUPT ? base::Errc::interrupted : code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? base::Errc::corrupt : base::Errc::io;
    return base::fail(errc, std::string("case file: ") + std::string(doing) + ": " + sqlite3_errmsg(handle));
}

std::string_view argument_text(sqlite3_value* value) {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
    return bytes == nullptr ? std::string_view{} : std::string_view(bytes, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

void give(sqlite3_context* context, std::string_view text) {
    sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

void sql_dirname(sqlite3_context* context, int, sqlite3_value** arguments) {
    const auto path = argument_text(arguments[0]);
    const auto slash = path.rfind('/');
    give(context, slash == std::string_view::npos ? "" : slash == 0 ? "/" : path.substr(0, slash));
}

void sql_basename(sqlite3_context* context, int, sqlite3_value** arguments) {
    const auto path = argument_text(arguments[0]);
    const auto slash = path.rfind('/');
    give(context, slash == std::string_view::npos ? path : path.substr(slash + 1));
}

void sql_extension(sqlite3_context* context, int, sqlite3_value** arguments) {
    auto name = argument_text(arguments[0]);
    if (const auto slash = name.rfind('/'); slash != std::string_view::npos) name.remove_prefix(slash + 1);
    const auto dot = name.rfind('.');
    std::string extension(dot == std::string_view::npos || dot == 0 ? "" : name.substr(dot + 1));
    for (char& c : extension)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    give(context, extension);
}

void sql_hex(sqlite3_context* context, int, sqlite3_value** arguments) {
    if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return sqlite3_result_null(context);
    const auto* data = static_cast<const std::byte*>(sqlite3_value_blob(arguments[0]));
    give(context, base::to_hex(base::ByteView(data, static_cast<std::size_t>(sqlite3_value_bytes(arguments[0])))));
}

void sql_packed_md5(sqlite3_context* context, int, sqlite3_value** arguments) {
    const auto* data = static_cast<const char*>(sqlite3_value_blob(arguments[0]));
    const std::string_view files(data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_value_bytes(arguments[0])));
    const auto digest = plugin::find_packed(files, argument_text(arguments[1]));
    if (!digest) return sqlite3_result_null(context);
    if (digest->empty()) return sqlite3_result_zeroblob(context, 0);
    sqlite3_result_blob(context, digest->data(), static_cast<int>(digest->size()), SQLITE_TRANSIENT);
}

// holds(text, part), as TextFinder has it; no text holds nothing.
void sql_holds(sqlite3_context* context, int, sqlite3_value** arguments) {
    constexpr int k_part = 1;
    auto* finder = static_cast<TextFinder*>(sqlite3_get_auxdata(context, k_part));
    std::optional<TextFinder> own;
    if (finder == nullptr) {
        auto made = std::make_unique<TextFinder>(argument_text(arguments[k_part]));
        own = *made;
        finder = &*own;
        // SQLite may take it away at once, or keep it for the statement's further rows.
        sqlite3_set_auxdata(context, k_part, made.release(), [](void* kept) { delete static_cast<TextFinder*>(kept); });
    }
    // As a blob: asked for as text it would be copied first, to end in a zero.
    const auto* bytes = static_cast<const char*>(sqlite3_value_blob(arguments[0]));
    const auto size = static_cast<std::size_t>(sqlite3_value_bytes(arguments[0]));
    sqlite3_result_int(context, sqlite3_value_type(arguments[0]) != SQLITE_NULL && finder->in(std::string_view(bytes == nullptr ? "" : bytes, bytes == nullptr ? 0 : size)) ? 1 : 0);
}

void add_functions(sqlite3* handle) {
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    sqlite3_create_function(handle, "dirname", 1, flags, nullptr, sql_dirname, nullptr, nullptr);
    sqlite3_create_function(handle, "basename", 1, flags, nullptr, sql_basename, nullptr, nullptr);
    sqlite3_create_function(handle, "extension", 1, flags, nullptr, sql_extension, nullptr, nullptr);
    sqlite3_create_function(handle, "hex_of", 1, flags, nullptr, sql_hex, nullptr, nullptr);
    sqlite3_create_function(handle, "holds", 2, flags, nullptr, sql_holds, nullptr, nullptr);
    sqlite3_create_function(handle, "packed_md5", 2, flags, nullptr, sql_packed_md5, nullptr, nullptr);
}

// A path as a file: URI, so that nothing in it is taken for an option.
std::string uri_of(const std::string& path, bool immutable) {
    std::string uri = "file:";
    for (const char c : path) {
        if (c == '%' || c == '?' || c == '#') uri += "%" + base::to_hex(std::string_view(&c, 1));
        else uri += c;
    }
    return immutable ? uri + "?immutable=1" : uri;
}

}  // namespace

Statement& Statement::bind(int parameter, std::int64_t value) {
    sqlite3_bind_int64(m_handle.get(), parameter, value);
    return *this;
}
Statement& Statement::bind(int parameter, std::string_view text) {
    sqlite3_bind_text64(m_handle.get(), parameter, text.empty() ? "" : text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}
Statement& Statement::bind(int parameter, base::ByteView bytes) {
    if (bytes.empty()) sqlite3_bind_zeroblob(m_handle.get(), parameter, 0);
    else sqlite3_bind_blob64(m_handle.get(), parameter, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
    return *this;
}
Statement& Statement::bind_null(int parameter) {
    sqlite3_bind_null(m_handle.get(), parameter);
    return *this;
}
Statement& Statement::bind_value(int parameter, const plugin::Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return bind(parameter, *integer);
    if (const auto* real = std::get_if<double>(&value)) {
        sqlite3_bind_double(m_handle.get(), parameter, *real);
        return *this;
    }
    if (const auto* text = std::get_if<std::string_view>(&value)) return bind(parameter, *text);
    if (const auto* bytes = std::get_if<base::ByteView>(&value)) return bind(parameter, *bytes);
    return bind_null(parameter);
}

Statement& Statement::bind_borrowed(int parameter, const plugin::Value& value) {
    // An empty view may have no address, which SQLite takes for NULL.
    if (const auto* text = std::get_if<std::string_view>(&value); text != nullptr && !text->empty())
        sqlite3_bind_text64(m_handle.get(), parameter, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
    else if (const auto* bytes = std::get_if<base::ByteView>(&value); bytes != nullptr && !bytes->empty())
        sqlite3_bind_blob64(m_handle.get(), parameter, bytes->data(), bytes->size(), SQLITE_STATIC);
    else bind_value(parameter, value);
    return *this;
}

base::Result<bool> Statement::step() {
    const int code = sqlite3_step(m_handle.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    auto error = failure(sqlite3_db_handle(m_handle.get()), sqlite3_sql(m_handle.get()));
    sqlite3_reset(m_handle.get());
    return error;
}

base::Result<void> Statement::run() {
    for (;;) {
        TRY_ASSIGN(const bool row, step());
        if (!row) break;
    }
    reset();
    return {};
}

void Statement::reset() {
    sqlite3_reset(m_handle.get());
    sqlite3_clear_bindings(m_handle.get());
}

bool Statement::is_null(int column) const { return sqlite3_column_type(m_handle.get(), column) == SQLITE_NULL; }
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(m_handle.get(), column); }
double Statement::real(int column) const { return sqlite3_column_double(m_handle.get(), column); }
std::string_view Statement::text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(m_handle.get(), column));
    return bytes == nullptr ? std::string_view{} : std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(m_handle.get(), column)));
}
base::ByteView Statement::blob(int column) const {
    const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(m_handle.get(), column));
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(m_handle.get(), column))};
}
int Statement::columns() const { return sqlite3_column_count(m_handle.get()); }
std::string_view Statement::column_name(int column) const { return sqlite3_column_name(m_handle.get(), column); }

namespace {

base::Result<std::int64_t> first_integer(const Database& database, std::string_view sql) {
    TRY_ASSIGN(Statement statement, database.prepare(sql));
    TRY(statement.step());
    return statement.integer(0);
}

// Nothing is written into a file that is somebody else's: what opens for writing is a case, or empty.
base::Result<void> require_own(const Database& database, const std::string& path) {
    const auto application = first_integer(database, "PRAGMA application_id");
    const auto tables = application ? first_integer(database, "SELECT count(*) FROM sqlite_schema") : application;
    if (!tables && tables.error().code == base::Errc::corrupt) return base::fail(base::Errc::corrupt, path + " is not a Deadbox case, or it was damaged: " + tables.error().what);
    if (!tables) return tl::unexpected(tables.error());
    if (*application != k_application_id && (*application != 0 || *tables != 0)) return base::fail(base::Errc::corrupt, path + " is not a Deadbox case");
    return {};
}

}  // namespace

base::Result<Database> Database::open(const std::string& path, Access access) {
    const bool write = access == Access::write;
    if (!write && ::access(path.c_str(), R_OK) != 0) return base::fail(base::Errc::not_found, "there is no case at " + path);
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return base::fail(base::Errc::corrupt, path + " is a folder, not a case");
    // Its log lies beside it: both the file and its folder are written to.
    const auto folder = path.find('/') == std::string::npos ? std::string(".") : path.substr(0, path.rfind('/') + 1);
    const bool writable = ::access(path.c_str(), W_OK) == 0 && ::access(folder.c_str(), W_OK) == 0;
    if (write && !writable && ::access(path.c_str(), F_OK) == 0) return base::fail(base::Errc::denied, path + " may only be read, or its folder: nothing was changed; copy the case to where it may be written, or ask for the right to");
    // Without a log beside it and without the right to make one, the file stands still: it may be read as it is.
    const bool immutable = !write && ::access((path + "-wal").c_str(), F_OK) != 0 && !writable;
    lock_logs_by_description();
    sqlite3* handle = nullptr;
    // A reader that may write the file opens it so, and is held to reading below: the last one to close it then takes the
    // log's files away, which a read-only connection leaves behind.
    const int flags = (write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : immutable ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
    const int code = sqlite3_open_v2(uri_of(path, immutable).c_str(), &handle, flags, nullptr);
    Database database(handle);
    if (code != SQLITE_OK) return failure(handle, "cannot open " + path);
    sqlite3_extended_result_codes(handle, 0);
    sqlite3_busy_timeout(handle, 5000);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    add_functions(handle);
    TRY(require_own(database, path));
    // Pages of 8 KiB, of a new case: half as many calls of the kernel as with the usual ones; the file stays as large.
    // The cache is also what a sort may take before it goes into a file: together they are what grows with the number of files.
    if (write) TRY(database.execute("PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=FILE; PRAGMA cache_size=-16384; PRAGMA wal_autocheckpoint=8192; PRAGMA foreign_keys=OFF;"));
    else TRY(database.execute("PRAGMA query_only=ON; PRAGMA temp_store=FILE; PRAGMA cache_size=-16384;"));
    if (!immutable) { TRY_ASSIGN(database.m_hold, hold_case(path)); }
    return database;
}

base::Result<Statement> Database::prepare(std::string_view sql) const {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(m_handle.get(), sql.data(), static_cast<int>(sql.size()), 0, &statement, nullptr) != SQLITE_OK)
        return failure(m_handle.get(), sql);
    return Statement(statement);
}

base::Result<void> Database::execute(const std::string& sql) const {
    if (sqlite3_exec(m_handle.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return failure(m_handle.get(), sql);
    return {};
}

Interruptible::Interruptible(const Database& database, std::function<bool()> stop) : m_database(database), m_stop(std::move(stop)) {
    constexpr int k_steps = 5'000;  // of SQLite's machine
    sqlite3_progress_handler(m_database.handle(), k_steps, [](void* self) { return static_cast<Interruptible*>(self)->m_stop() ? 1 : 0; }, this);
}
Interruptible::~Interruptible() { sqlite3_progress_handler(m_database.handle(), 0, nullptr, nullptr); }

base::Result<Transaction> Transaction::begin(const Database& database) {
    TRY(database.execute("BEGIN IMMEDIATE"));
    return Transaction(database);
}

Transaction::~Transaction() {
    if (m_database != nullptr) (void)m_database->execute("ROLLBACK");
}

base::Result<void> Transaction::commit() {
    TRY(std::exchange(m_database, nullptr)->execute("COMMIT"));
    return {};
}

}  // namespace deadbox::case_file
