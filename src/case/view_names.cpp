#include "case/view_names.hpp"

#include <fmt/format.h>

namespace deadbox::case_file {
namespace {

constexpr int k_names_a_page = 16384;
constexpr std::string_view k_inode_columns = "i.id, i.allocated, i.type, i.mode, i.uid, i.gid, i.size, i.m_s, i.a_s, i.c_s, i.b_s, i.target, c.md5, c.sha256";

// Columns from `at` on as in k_inode_columns.
void take_inode(const Statement& r, int at, NameRow& row) {
    row.inode = r.integer(at), row.inode_allocated = r.integer(at + 1) != 0, row.type = static_cast<int>(r.integer(at + 2));
    row.mode = static_cast<std::uint32_t>(r.integer(at + 3)) & 07777, row.uid = static_cast<std::uint32_t>(r.integer(at + 4)), row.gid = static_cast<std::uint32_t>(r.integer(at + 5));
    row.size = r.integer(at + 6), row.modified = r.maybe_integer(at + 7), row.accessed = r.maybe_integer(at + 8), row.changed = r.maybe_integer(at + 9);
    row.born = r.maybe_integer(at + 10), row.target = r.text(at + 11), row.md5 = r.blob(at + 12), row.sha256 = r.blob(at + 13);
}

// One query without a name: roots (with a folder's path in column 0) or nameless inodes.
base::Result<bool> visit_all(const View& view, const std::string& sql, base::FunctionRef<base::Next(const NameRow&)> visit) {
    TRY_ASSIGN(Statement row, view.prepare(sql));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return true;
        NameRow out;
        out.folder = row.text(0);
        out.name_allocated = !out.folder.empty();
        take_inode(row, 1, out);
        if (visit(out) == base::Next::stop) return false;
    }
}

}  // namespace

base::Result<void> for_each_name(const View& view, base::FunctionRef<base::Next(const NameRow&)> visit) {
    TRY_ASSIGN(const bool go_on, visit_all(view, fmt::format("SELECT d.path, {} FROM directory d CROSS JOIN inode i ON i.id = d.id LEFT JOIN content c ON c.inode = i.id WHERE d.level = 0 "
                                                             "AND ifnull(i.parent, 0) = 0 ORDER BY d.id", k_inode_columns), visit));
    if (!go_on) return {};
    TRY_ASSIGN(Statement page, view.prepare(fmt::format("SELECT n.directory, n.name, n.allocated, {} FROM name n CROSS JOIN inode i ON i.id = n.inode LEFT JOIN content c ON c.inode = n.inode "
                                                        "WHERE (n.directory, n.inode, n.name) > (?1, ?2, ?3) ORDER BY n.directory, n.inode, n.name LIMIT {}", k_inode_columns, k_names_a_page)));
    TRY_ASSIGN(Statement folder_path, view.prepare("SELECT path FROM directory WHERE id = ?"));
    std::int64_t directory = -1, inode = -1;
    std::string name, folder;
    for (bool more = true; more;) {
        page.reset();
        page.bind(1, directory).bind(2, inode).bind(3, name);
        int rows = 0;
        for (;; ++rows) {
            TRY_ASSIGN(const bool row, page.step());
            if (!row) break;
            if (page.integer(0) != directory) {
                directory = page.integer(0);
                folder_path.reset();
                folder_path.bind(1, directory);
                TRY_ASSIGN(const bool known, folder_path.step());
                folder = known ? folder_path.text(0) : std::string_view();
            }
            NameRow out;
            out.folder = folder, out.name = page.text(1), out.name_allocated = page.integer(2) != 0;
            take_inode(page, 3, out);
            inode = out.inode;
            if (rows == k_names_a_page - 1) name = out.name;
            if (visit(out) == base::Next::stop) return {};
        }
        more = rows == k_names_a_page;
    }
    TRY(visit_all(view, fmt::format("SELECT '', {} FROM inode i LEFT JOIN content c ON c.inode = i.id WHERE ifnull(i.parent, 0) = 0 "
                                    "AND NOT EXISTS (SELECT 1 FROM directory d WHERE d.id = i.id) ORDER BY i.id", k_inode_columns), visit));
    return {};
}

}  // namespace deadbox::case_file
