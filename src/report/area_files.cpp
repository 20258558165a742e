#include "report/area_files.hpp"

#include <set>

namespace deadbox::report {
namespace {

using case_file::Statement;

struct AreaKind {
    std::string_view id, folder;
};
constexpr std::array k_areas{AreaKind{"homes", "/home"},           AreaKind{"homes", "/root"},          AreaKind{"databases", "/var/lib/mysql"},  AreaKind{"databases", "/var/lib/mariadb"},
                             AreaKind{"databases", "/var/lib/postgresql"}, AreaKind{"databases", "/var/lib/pgsql"}, AreaKind{"databases", "/var/lib/mongodb"}, AreaKind{"databases", "/var/lib/redis"},
                             AreaKind{"databases", "/var/lib/ldap"}, AreaKind{"mail", "/var/mail"},       AreaKind{"mail", "/var/spool/mail"},      AreaKind{"mail", "/var/vmail"},
                             AreaKind{"web", "/var/www"},           AreaKind{"web", "/srv"},             AreaKind{"backups", "/var/backups"},      AreaKind{"backups", "/backup"},
                             AreaKind{"backups", "/backups"}};

base::Result<Statement> below(const case_file::View& view) {
    return view.prepare("SELECT system, inode, size FROM file WHERE directory IN (SELECT id FROM directory WHERE path = ?1 OR (path > ?1 || '/' AND path < ?1 || '0')) "
                        "AND name_allocated = 1 AND inode_allocated = 1 AND type = 1");
}

}  // namespace

base::Result<void> for_each_file_of(const case_file::View& view, std::string_view id, base::FunctionRef<base::Result<void>(std::string_view id, const Statement& row)> visit) {
    TRY_ASSIGN(Statement row, below(view));
    std::set<std::int64_t> seen;
    for (const auto& kind : k_areas) {
        if (!id.empty() && kind.id != id) continue;
        row.reset();
        row.bind(1, kind.folder);
        for (;;) {
            TRY_ASSIGN(const bool more, row.step());
            if (!more) break;
            if (seen.insert(row.integer(1)).second) TRY(visit(kind.id, row));
        }
    }
    return {};
}

base::Result<void> for_each_file_below(const case_file::View& view, std::string_view folder, base::FunctionRef<base::Result<void>(const Statement& row)> visit) {
    TRY_ASSIGN(Statement row, below(view));
    std::set<std::int64_t> seen;
    row.bind(1, folder);
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return {};
        if (seen.insert(row.integer(1)).second) TRY(visit(row));
    }
}

}  // namespace deadbox::report
