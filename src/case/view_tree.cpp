#include "case/view_tree.hpp"

#include <algorithm>

namespace deadbox::case_file {
namespace {

constexpr int k_deepest = 4096;  // folders above a folder; a damaged file system can make a ring of them

}  // namespace

base::Result<std::vector<FolderRow>> root_folders(const View& view) {
    TRY_ASSIGN(Statement rows, view.prepare("SELECT d.id, d.path, t.system, v.label_id, t.state_name, EXISTS(SELECT 1 FROM name n JOIN inode i ON i.id = n.inode "
                                            "WHERE n.directory = d.id AND i.type = 2) FROM tree t JOIN volume v ON v.id = t.volume JOIN directory d ON d.id = (t.id << 44 | t.root) ORDER BY t.id"));
    std::vector<FolderRow> roots;
    for (;;) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) return roots;
        FolderRow& root = roots.emplace_back();
        root.directory = rows.integer(0), root.path = rows.text(1), root.system = rows.maybe_integer(2);
        root.volume = rows.text(3), root.state_name = rows.text(4), root.has_folders = rows.integer(5) != 0;
    }
}

base::Result<std::vector<FolderRow>> folders_in(const View& view, std::int64_t directory) {
    TRY_ASSIGN(Statement rows, view.prepare("SELECT n.inode, n.name, d.path, n.allocated, EXISTS(SELECT 1 FROM name m JOIN inode c ON c.id = m.inode WHERE m.directory = n.inode AND c.type = 2) "
                                            "FROM name n JOIN inode i ON i.id = n.inode LEFT JOIN directory d ON d.id = n.inode WHERE n.directory = ?1 AND i.type = 2 AND n.inode != ?1"));
    rows.bind(1, directory);
    std::vector<FolderRow> folders;
    for (;;) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) break;
        FolderRow& folder = folders.emplace_back();
        folder.directory = rows.integer(0), folder.name = rows.text(1), folder.path = rows.text(2);
        folder.allocated = rows.integer(3) != 0, folder.has_folders = rows.integer(4) != 0;
    }
    std::sort(folders.begin(), folders.end(), [](const auto& a, const auto& b) { return std::tie(a.name, a.directory) < std::tie(b.name, b.directory); });
    return folders;
}

base::Result<std::vector<std::int64_t>> folders_above(const View& view, std::int64_t directory) {
    TRY_ASSIGN(Statement parent, view.prepare("SELECT i.parent FROM inode i JOIN directory d ON d.id = i.id WHERE i.id = ?"));
    std::vector<std::int64_t> chain;
    for (std::int64_t at = directory; at != 0 && chain.size() < k_deepest;) {
        if (std::find(chain.begin(), chain.end(), at) != chain.end()) break;
        parent.reset();
        parent.bind(1, at);
        TRY_ASSIGN(const bool row, parent.step());
        if (!row) break;
        chain.push_back(at);
        at = parent.maybe_integer(0).value_or(0);
    }
    std::reverse(chain.begin(), chain.end());
    return chain;
}

}  // namespace deadbox::case_file
