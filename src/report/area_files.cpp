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

// Below one folder after the other, each file once.
class Walk {
public:
    static base::Result<Walk> begin(const case_file::View& view) {
        TRY_ASSIGN(Statement row, view.prepare("SELECT system, inode, size FROM file WHERE directory IN (SELECT id FROM directory WHERE path = ?1 OR (path > ?1 || '/' AND path < ?1 || '0')) "
                                               "AND name_allocated = 1 AND inode_allocated = 1 AND type = 1"));
        return Walk(std::move(row));
    }
    base::Result<void> below(std::string_view folder, base::FunctionRef<base::Result<void>(const Statement& row)> visit) {
        m_row.reset();
        m_row.bind(1, folder);
        for (;;) {
            TRY_ASSIGN(const bool more, m_row.step());
            if (!more) return {};
            if (m_seen.insert(m_row.integer(1)).second) TRY(visit(m_row));
        }
    }

private:
    explicit Walk(Statement row) : m_row(std::move(row)) {}
    Statement m_row;
    std::set<std::int64_t> m_seen;
};

}  // namespace

base::Result<void> for_each_file_of(const case_file::View& view, std::string_view id, base::FunctionRef<base::Result<void>(std::string_view id, const Statement& row)> visit) {
    TRY_ASSIGN(Walk walk, Walk::begin(view));
    for (const auto& kind : k_areas)
        if (id.empty() || kind.id == id) TRY(walk.below(kind.folder, [&](const Statement& row) { return visit(kind.id, row); }));
    return {};
}

base::Result<void> for_each_file_below(const case_file::View& view, std::string_view folder, base::FunctionRef<base::Result<void>(const Statement& row)> visit) {
    TRY_ASSIGN(Walk walk, Walk::begin(view));
    return walk.below(folder, visit);
}

}  // namespace deadbox::report
