#include "content/sqlite_file.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <string>
#include <vector>

namespace deadbox::content {
namespace {

constexpr std::size_t k_block = 4096;
constexpr std::size_t k_most_written = 256ull << 20;  // bytes of one database's changes held in memory

// A file as SQLite sees it: the evidence's bytes with changes in memory laid over them.
class Overlay {
public:
    explicit Overlay(const base::ByteSource* base) : m_base(base), m_size(base != nullptr ? base->size() : 0), m_base_size(m_size) {}
    bool exists() const { return m_exists; }
    void set_exists(bool exists) { m_exists = exists; }
    void drop() { m_blocks.clear(), m_base = nullptr, m_size = m_base_size = 0, m_exists = false; }
    std::uint64_t size() const { return m_size; }

    int read(std::uint64_t offset, char* out, std::size_t length) const {
        std::memset(out, 0, length);
        if (offset >= m_size) return SQLITE_IOERR_SHORT_READ;
        const auto there = static_cast<std::size_t>(std::min<std::uint64_t>(length, m_size - offset));
        for (std::size_t done = 0; done < there;) {
            const auto at = offset + done;
            const auto within = static_cast<std::size_t>(at % k_block);
            const auto count = std::min(k_block - within, there - done);
            if (const auto found = m_blocks.find(at / k_block); found != m_blocks.end()) std::memcpy(out + done, found->second.data() + within, count);
            else if (!read_base(at, out + done, count)) return SQLITE_IOERR_READ;
            done += count;
        }
        return there == length ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
    }

    int write(std::uint64_t offset, const char* bytes, std::size_t length) {
        if (offset > (1ull << 46)) return SQLITE_FULL;
        for (std::size_t done = 0; done < length;) {
            const auto at = offset + done;
            const auto within = static_cast<std::size_t>(at % k_block);
            const auto count = std::min(k_block - within, length - done);
            auto found = m_blocks.find(at / k_block);
            if (found == m_blocks.end()) {
                if (m_blocks.size() * k_block >= k_most_written) return SQLITE_FULL;
                found = m_blocks.emplace(at / k_block, std::vector<char>(k_block, '\0')).first;
                if (!read_base(at - within, found->second.data(), k_block)) return SQLITE_IOERR_READ;
            }
            std::memcpy(found->second.data() + within, bytes + done, count);
            done += count;
        }
        m_size = std::max(m_size, offset + length);
        m_exists = true;
        return SQLITE_OK;
    }

    void truncate(std::uint64_t size) {
        m_size = std::min(m_size, size);
        m_base_size = std::min(m_base_size, size);
        m_blocks.erase(m_blocks.upper_bound(size / k_block), m_blocks.end());
        if (const auto last = m_blocks.find(size / k_block); last != m_blocks.end())
            std::fill(last->second.begin() + static_cast<std::ptrdiff_t>(size % k_block), last->second.end(), '\0');
    }

private:
    bool read_base(std::uint64_t offset, char* out, std::size_t length) const {
        if (m_base == nullptr || offset >= m_base_size) return true;
        const auto there = static_cast<std::size_t>(std::min<std::uint64_t>(length, m_base_size - offset));
        const auto got = m_base->read_at(offset, {reinterpret_cast<std::byte*>(out), there});
        return got.has_value() && *got == there;
    }

    const base::ByteSource* m_base;
    std::uint64_t m_size, m_base_size;
    std::map<std::uint64_t, std::vector<char>> m_blocks;
    bool m_exists = m_base != nullptr;
};

struct Database {
    explicit Database(const SqliteSources& sources) : main(sources.database), log(sources.write_ahead_log), journal(sources.journal) {}
    Overlay main, log, journal;
};

// The databases that are open, by the name under which SQLite asks for them.
struct Names {
    std::mutex mutex;
    std::map<std::string, Database*, std::less<>> open;
    std::uint64_t next = 0;
};
Names& names() {
    static Names all;
    return all;
}

Overlay* find_overlay(const char* name) {
    const std::string_view whole(name);
    const std::lock_guard lock(names().mutex);
    const auto found = names().open.find(whole.substr(0, whole.find('-')));
    if (found == names().open.end()) return nullptr;
    if (whole.ends_with("-wal")) return &found->second->log;
    return whole.ends_with("-journal") ? &found->second->journal : &found->second->main;
}

struct OpenFile {
    sqlite3_file base;
    Overlay* overlay;
    Overlay* own;  // of a temporary file
};
OpenFile& of(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }

int close_file(sqlite3_file* file) {
    delete of(file).own;
    of(file).own = nullptr;
    return SQLITE_OK;
}
int read_file(sqlite3_file* file, void* out, int length, sqlite3_int64 offset) {
    return of(file).overlay->read(static_cast<std::uint64_t>(offset), static_cast<char*>(out), static_cast<std::size_t>(length));
}
int write_file(sqlite3_file* file, const void* bytes, int length, sqlite3_int64 offset) {
    return of(file).overlay->write(static_cast<std::uint64_t>(offset), static_cast<const char*>(bytes), static_cast<std::size_t>(length));
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    of(file).overlay->truncate(static_cast<std::uint64_t>(size));
    return SQLITE_OK;
}
int sync_file(sqlite3_file*, int) { return SQLITE_OK; }
int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(of(file).overlay->size());
    return SQLITE_OK;
}
int lock_file(sqlite3_file*, int) { return SQLITE_OK; }
int check_lock(sqlite3_file*, int* locked) {
    *locked = 0;
    return SQLITE_OK;
}
int control_file(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 512; }
int characteristics(sqlite3_file*) { return 0; }

// Version 1 has no shared memory: a write-ahead log is then indexed in SQLite's own.
constexpr sqlite3_io_methods k_methods = {1, close_file, read_file, write_file, truncate_file, sync_file, size_of_file, lock_file, lock_file,
                                          check_lock, control_file, sector_size, characteristics, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr};

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    auto& opened = of(file);
    opened.base.pMethods = nullptr;
    opened.own = nullptr;
    opened.overlay = name == nullptr ? nullptr : find_overlay(name);
    if (name == nullptr) opened.overlay = opened.own = new (std::nothrow) Overlay(nullptr);
    if (opened.overlay == nullptr) return SQLITE_CANTOPEN;
    if ((flags & SQLITE_OPEN_CREATE) == 0 && name != nullptr && !opened.overlay->exists()) return SQLITE_CANTOPEN;
    opened.overlay->set_exists(true);
    opened.base.pMethods = &k_methods;
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
}
int delete_file(sqlite3_vfs*, const char* name, int) {
    auto* overlay = find_overlay(name);
    if (overlay == nullptr || !overlay->exists()) return SQLITE_IOERR_DELETE_NOENT;
    overlay->drop();
    return SQLITE_OK;
}
int access_file(sqlite3_vfs*, const char* name, int, int* answer) {
    const auto* overlay = find_overlay(name);
    *answer = overlay != nullptr && overlay->exists() && overlay->size() > 0 ? 1 : 0;
    return SQLITE_OK;
}
int full_name(sqlite3_vfs*, const char* name, int length, char* out) {
    const std::string_view text(name);
    if (text.size() + 1 > static_cast<std::size_t>(length)) return SQLITE_CANTOPEN;
    std::memcpy(out, text.data(), text.size());
    out[text.size()] = '\0';
    return SQLITE_OK;
}
int randomness(sqlite3_vfs*, int length, char* out) {
    std::memset(out, 0, static_cast<std::size_t>(length));
    return length;
}
int sleep_for(sqlite3_vfs*, int microseconds) { return microseconds; }
int current_time(sqlite3_vfs*, double* day) {
    *day = 2440587.5;
    return SQLITE_OK;
}
int last_error(sqlite3_vfs*, int, char*) { return 0; }

constexpr const char* k_vfs = "deadbox-evidence";

void register_vfs() {
    static sqlite3_vfs vfs = {1, sizeof(OpenFile), 256, nullptr, k_vfs, nullptr, open_file, delete_file, access_file, full_name, nullptr, nullptr,
                              nullptr, nullptr, randomness, sleep_for, current_time, last_error, nullptr, nullptr, nullptr, nullptr};
    static const int once = sqlite3_vfs_register(&vfs, 0);
    static_cast<void>(once);
}

constexpr int k_steps = 10'000;           // virtual machine steps between two looks at the budget
constexpr std::uint64_t k_budget = 200'000;  // looks: two thousand million steps

int spend(void* budget) { return ++*static_cast<std::uint64_t*>(budget) > k_budget ? 1 : 0; }

}  // namespace

SqliteRow::Type SqliteRow::type(int column) const {
    switch (sqlite3_column_type(m_statement, column)) {
        case SQLITE_INTEGER: return Type::integer;
        case SQLITE_FLOAT: return Type::real;
        case SQLITE_TEXT: return Type::text;
        case SQLITE_BLOB: return Type::blob;
        default: return Type::null;
    }
}
bool SqliteRow::is_null(int column) const { return sqlite3_column_type(m_statement, column) == SQLITE_NULL; }
std::int64_t SqliteRow::integer(int column) const { return sqlite3_column_int64(m_statement, column); }
double SqliteRow::real(int column) const { return sqlite3_column_double(m_statement, column); }
std::string_view SqliteRow::text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
    return bytes == nullptr ? std::string_view() : std::string_view(bytes, static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column)));
}
base::ByteView SqliteRow::blob(int column) const {
    const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(m_statement, column));
    return {bytes, bytes == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column))};
}

bool is_sqlite(base::ByteView head) { return base::as_text(head).starts_with(std::string_view("SQLite format 3\0", 16)); }

struct SqliteFile::Open {
    explicit Open(const SqliteSources& sources) : files(sources) {}
    ~Open() {
        sqlite3_close(handle);
        const std::lock_guard lock(names().mutex);
        names().open.erase(name);
    }
    Open(const Open&) = delete;
    Database files;
    std::string name;
    sqlite3* handle = nullptr;
    mutable std::uint64_t spent = 0;
};

SqliteFile::SqliteFile(std::unique_ptr<Open> open) : m_open(std::move(open)) {}
SqliteFile::SqliteFile(SqliteFile&&) noexcept = default;
SqliteFile& SqliteFile::operator=(SqliteFile&&) noexcept = default;
SqliteFile::~SqliteFile() = default;

base::Result<SqliteFile> SqliteFile::open(const SqliteSources& sources) {
    register_vfs();
    auto opened = std::make_unique<Open>(sources);
    {
        const std::lock_guard lock(names().mutex);
        opened->name = "evidence" + std::to_string(names().next++);
        names().open.emplace(opened->name, &opened->files);
    }
    if (sqlite3_open_v2(opened->name.c_str(), &opened->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, k_vfs) != SQLITE_OK)
        return base::fail(base::Errc::corrupt, "the SQLite database cannot be opened");
    auto* handle = opened->handle;
    sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, 64 << 20);
    sqlite3_limit(handle, SQLITE_LIMIT_EXPR_DEPTH, 100);
    sqlite3_limit(handle, SQLITE_LIMIT_WORKER_THREADS, 0);
    sqlite3_progress_handler(handle, k_steps, spend, &opened->spent);
    constexpr const char* k_pragmas = "PRAGMA locking_mode=EXCLUSIVE; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0; PRAGMA cell_size_check=1; "
                                      "PRAGMA query_only=1; PRAGMA cache_size=-8192; SELECT count(*) FROM sqlite_schema";
    if (sqlite3_exec(handle, k_pragmas, nullptr, nullptr, nullptr) != SQLITE_OK)
        return base::fail(base::Errc::corrupt, std::string("the SQLite database cannot be read: ") + sqlite3_errmsg(handle));
    return SqliteFile(std::move(opened));
}

bool SqliteFile::has_table(std::string_view name) const {
    bool found = false;
    static_cast<void>(query("SELECT name FROM sqlite_schema WHERE type = 'table'", [&](const SqliteRow& row) {
        const auto text = row.text(0);
        found = text.size() == name.size() && sqlite3_strnicmp(text.data(), name.data(), static_cast<int>(name.size())) == 0;
        return found ? base::Next::stop : base::Next::go_on;
    }));
    return found;
}

base::Result<void> SqliteFile::query(std::string_view sql, base::FunctionRef<base::Next(const SqliteRow&)> visit) const {
    sqlite3_stmt* raw = nullptr;
    m_open->spent = 0;
    const int prepared = sqlite3_prepare_v2(m_open->handle, sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement(raw, &sqlite3_finalize);
    if (prepared != SQLITE_OK) return base::fail(base::Errc::corrupt, std::string("the SQLite database does not answer: ") + sqlite3_errmsg(m_open->handle));
    for (;;) {
        const int step = sqlite3_step(raw);
        if (step == SQLITE_DONE) return {};
        if (step == SQLITE_INTERRUPT) return base::fail(base::Errc::limit, "the SQLite database needs more work than is given to one");
        if (step != SQLITE_ROW) return base::fail(base::Errc::corrupt, std::string("the SQLite database is damaged: ") + sqlite3_errmsg(m_open->handle));
        if (visit(SqliteRow(raw)) == base::Next::stop) return {};
    }
}

}  // namespace deadbox::content
