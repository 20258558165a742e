#include "sets/nsrl.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <map>
#include <optional>

#include "base/descriptor.hpp"
#include "base/encoding.hpp"

namespace deadbox::sets {
namespace {

constexpr std::size_t k_longest_definition = 64 * 1024;

// The tables and views that can be listed, by name as it is spelled; a foreign schema may hold anything under these names.
base::Result<std::map<std::string, std::string>> listed(const SetDatabase& database) {
    std::map<std::string, std::string> types;
    TRY_ASSIGN(auto rows, database.prepare("SELECT name, type FROM sqlite_schema WHERE type = 'table' OR type = 'view'"));
    for (;;) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) return types;
        std::string name(rows.text(0).substr(0, k_longest_definition));
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        types.emplace(std::move(name), rows.text(1));
    }
}

std::optional<std::string> digest_bytes(std::string_view digits, std::size_t bytes) {
    if (digits.size() != bytes * 2) return std::nullopt;
    return base::from_hex(digits);
}

}  // namespace

base::Result<bool> is_sqlite_file(const std::string& path) {
    const base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return base::fail(base::Errc::usage, "cannot open " + path + ": " + std::strerror(errno));
    std::array<char, 16> head{};
    const ssize_t got = ::pread(file.get(), head.data(), head.size(), 0);
    return got == static_cast<ssize_t>(head.size()) && std::string_view(head.data(), head.size()) == std::string_view("SQLite format 3\0", 16);
}

base::Result<void> read_nsrl(const std::string& path, base::FunctionRef<base::Result<void>(const NsrlFile&)> visit) {
    TRY_ASSIGN(const auto database, SetDatabase::open_foreign(path));
    TRY_ASSIGN(const auto types, listed(database));
    // Rows of a table before those of a view over it.
    base::Result<SetStatement> rows = base::fail(base::Errc::usage, "");
    for (const char* type : {"table", "view"})
        for (const char* name : {"METADATA", "FILE"}) {
            const auto found = types.find(name);
            if (rows || found == types.end() || found->second != type) continue;
            rows = database.prepare(std::string("SELECT sha256, sha1, md5, file_name FROM ") + name);
        }
    if (!rows) return base::fail(base::Errc::usage, path + " is a SQLite file and no NSRL reference data set of version 3 (a table METADATA or FILE with sha256, sha1, md5, file_name)");
    constexpr std::array<std::size_t, 3> k_lengths = {32, 20, 16};
    for (std::uint64_t number = 1;; ++number) {
        TRY_ASSIGN(const bool row, rows->step());
        if (!row) return {};
        std::optional<std::string> digest;
        for (int column = 0; column < 3 && !digest; ++column) digest = digest_bytes(rows->text(column), k_lengths[static_cast<std::size_t>(column)]);
        NsrlFile file;
        file.row = number, file.name = rows->text(3);
        if (digest) file.digest = base::as_bytes(*digest);
        TRY(visit(file));
    }
}

}  // namespace deadbox::sets
