#include "case/meta.hpp"

namespace deadbox::case_file {

base::Result<void> set_meta(const Database& database, std::string_view key, std::string_view value) {
    TRY_ASSIGN(Statement row, database.prepare("INSERT OR REPLACE INTO meta VALUES(?, ?)"));
    row.bind(1, key).bind(2, value);
    return row.run();
}

base::Result<std::optional<std::string>> meta(const Database& database, std::string_view key) {
    TRY_ASSIGN(Statement row, database.prepare("SELECT value FROM meta WHERE key = ?"));
    row.bind(1, key);
    TRY_ASSIGN(const bool found, row.step());
    if (!found || row.is_null(0)) return std::nullopt;
    return std::optional(std::string(row.text(0)));
}

}  // namespace deadbox::case_file
