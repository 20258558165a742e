#include "case/copy.hpp"

#include <unistd.h>

#include <memory>

namespace deadbox::case_file {
namespace {

base::Result<void> copy(sqlite3* from, const std::string& path) {
    sqlite3* opened = nullptr;
    const int status = sqlite3_open_v2(path.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> to(opened, &sqlite3_close);
    if (status != SQLITE_OK) return base::fail(base::Errc::io, "cannot write " + path);
    sqlite3_backup* backup = sqlite3_backup_init(to.get(), "main", from, "main");
    if (backup == nullptr) return base::fail(base::Errc::io, "cannot copy the case: " + std::string(sqlite3_errmsg(to.get())));
    while (sqlite3_backup_step(backup, 1024) == SQLITE_OK) {}
    if (sqlite3_backup_finish(backup) != SQLITE_OK) return base::fail(base::Errc::io, "cannot copy the case: " + std::string(sqlite3_errmsg(to.get())));
    // A copy of a file with a log beside it would ask for one too.
    if (sqlite3_exec(to.get(), "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr) != SQLITE_OK) return base::fail(base::Errc::io, "cannot close the copy of the case");
    return {};
}

}  // namespace

base::Result<void> copy_case(const Database& database, const std::string& path) {
    if (::access(path.c_str(), F_OK) == 0) return base::fail(base::Errc::usage, path + " is there already");
    auto copied = copy(database.handle(), path);
    if (!copied) ::unlink(path.c_str());
    return copied;
}

}  // namespace deadbox::case_file
