#include "case/view_files.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "base/byte_cursor.hpp"
#include "base/encoding.hpp"

namespace deadbox::case_file {
namespace {

// Columns that every query here gives, in this order; read() takes them.
constexpr std::string_view k_columns =
    "i.id, n.directory, n.name, CASE d.path WHEN '/' THEN '/' || n.name ELSE d.path || '/' || n.name END, n.allocated, i.allocated, i.generation, i.type, i.mode, "
    "i.uid, i.gid, i.links, i.size, i.flags, i.m_s, i.m_ns, i.a_s, i.a_ns, i.c_s, i.c_ns, i.b_s, i.b_ns, i.d_s, i.rdev, i.target, i.attributes, c.state, s.value, "
    "c.md5, c.sha1, c.sha256, t.system, t.id, t.state, t.state_name, t.volume, i.hole_bytes";
constexpr std::string_view k_beside = "LEFT JOIN tree t ON t.id = i.id >> 44 LEFT JOIN content c ON c.inode = i.id LEFT JOIN string s ON s.id = c.type";

constexpr std::size_t k_folders_a_snapshot = 256;

std::optional<base::Timestamp> time_at(const Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return base::Timestamp{row.integer(column), static_cast<std::uint32_t>(row.integer(column + 1))};
}

}  // namespace

std::string_view type_name(int type) {
    static constexpr std::array<std::string_view, 8> k_names{"unknown", "file", "directory", "symlink", "char", "block", "fifo", "socket"};
    return k_names[type >= 0 && type < 8 ? static_cast<std::size_t>(type) : 0];
}

std::string_view content_name(const FileDetail& file) {
    static constexpr std::array<std::string_view, 5> k_names{"live", "recovered", "partial", "reallocated", "none"};
    const int state = file.content.value_or(file.inode_allocated ? (file.directory && !file.name_allocated ? 3 : 0) : 4);
    return k_names[state >= 0 && state < 5 ? static_cast<std::size_t>(state) : 4];
}

std::vector<std::pair<std::string, std::string>> attributes_of(std::string_view blob) {
    std::vector<std::pair<std::string, std::string>> all;
    base::ByteCursor cursor(base::as_bytes(blob));
    while (cursor.left() > 0) {
        const auto name = cursor.take(cursor.le16());
        const auto value = cursor.take(cursor.le32());
        if (cursor.ok()) all.emplace_back(base::as_text(name), base::as_text(value));
    }
    std::sort(all.begin(), all.end());
    return all;
}

base::Result<Files> Files::open(const View& view) {
    Files files(view);
    const auto sql = [](std::string_view from) { return fmt::format("SELECT {} FROM {}", k_columns, fmt::format(fmt::runtime(from), k_beside)); };
    TRY_ASSIGN(files.m_by_name, view.prepare(sql("inode i LEFT JOIN name n ON n.directory = ?2 AND n.inode = i.id AND n.name = ?3 LEFT JOIN directory d ON d.id = n.directory {} WHERE i.id = ?1")));
    TRY_ASSIGN(files.m_by_inode, view.prepare(sql("inode i LEFT JOIN name n ON n.directory = coalesce((SELECT p.directory FROM inode_path p WHERE p.inode = ?1 LIMIT 1), i.parent) AND n.inode = i.id "
                                                  "LEFT JOIN directory d ON d.id = n.directory {} WHERE i.id = ?1 "
                                                  "ORDER BY n.allocated DESC, n.name = (SELECT p.name FROM inode_path p WHERE p.inode = ?1 LIMIT 1) DESC, n.name LIMIT 1")));
    TRY_ASSIGN(files.m_in_folder, view.prepare(sql("name n CROSS JOIN inode i ON i.id = n.inode CROSS JOIN directory d ON d.id = n.directory {} WHERE n.directory = ?1")));
    TRY_ASSIGN(files.m_named, view.prepare(sql("name n CROSS JOIN inode i ON i.id = n.inode CROSS JOIN directory d ON d.id = n.directory {} WHERE n.directory = ?1 AND n.name = ?2 "
                                               "ORDER BY n.allocated DESC, n.inode")));
    TRY_ASSIGN(files.m_folders_at, view.prepare("SELECT id, path FROM directory WHERE path = ?1 ORDER BY allocated DESC, id"));
    TRY_ASSIGN(files.m_folders_below, view.prepare("SELECT id, path FROM directory WHERE path = ?1 OR (path > ?2 AND path < ?3) ORDER BY path, id"));
    TRY_ASSIGN(files.m_nameless, view.prepare(sql("inode i LEFT JOIN name n ON 0 LEFT JOIN directory d ON 0 {} WHERE ifnull(i.parent, 0) = 0 AND NOT EXISTS "
                                                  "(SELECT 1 FROM directory r WHERE r.id = i.id) ORDER BY i.id")));
    return files;
}

FileDetail Files::read(const Statement& r) const {
    FileDetail f;
    const auto hex = [&](int column) { return base::to_hex(r.blob(column)); };
    f.inode = r.integer(0), f.directory = r.maybe_integer(1), f.name = r.text(2), f.path = r.text(3);
    f.name_allocated = r.integer(4) != 0, f.inode_allocated = r.integer(5) != 0, f.generation = r.integer(6), f.type = static_cast<int>(r.integer(7));
    f.mode = static_cast<std::uint32_t>(r.integer(8)) & 07777, f.uid = static_cast<std::uint32_t>(r.integer(9)), f.gid = static_cast<std::uint32_t>(r.integer(10));
    f.links = r.integer(11), f.size = r.integer(12), f.flags = r.integer(13);
    f.modified = time_at(r, 14), f.accessed = time_at(r, 16), f.changed = time_at(r, 18), f.born = time_at(r, 20);
    if (!r.is_null(22)) f.deleted = base::Timestamp{r.integer(22), 0};
    f.rdev = r.text(23), f.target = r.text(24), f.attributes = base::as_text(r.blob(25));
    if (!r.is_null(26)) f.content = static_cast<int>(r.integer(26));
    f.content_type = r.text(27), f.md5 = hex(28), f.sha1 = hex(29), f.sha256 = hex(30);
    f.system = r.maybe_integer(31), f.tree = r.integer(32), f.state = r.integer(33), f.state_name = r.text(34), f.volume = r.integer(35);
    f.hole_bytes = r.integer(36);
    return f;
}

base::Result<std::optional<FileDetail>> Files::of(std::int64_t inode, std::optional<std::int64_t> directory, std::string_view name) {
    Statement& statement = directory ? m_by_name : m_by_inode;
    statement.reset();
    statement.bind(1, inode);
    if (directory) statement.bind(2, *directory).bind(3, name);
    TRY_ASSIGN(const bool row, statement.step());
    std::optional<FileDetail> file;
    if (row) file = read(statement);
    statement.reset();
    if (file && !file->directory) {  // a root folder has no name; its path is its own
        m_folders_at.reset();
        TRY_ASSIGN(Statement root, m_view.prepare("SELECT path FROM directory WHERE id = ?"));
        root.bind(1, inode);
        TRY_ASSIGN(const bool folder, root.step());
        if (folder) file->path = root.text(0), file->name_allocated = true;
    }
    return file;
}

base::Result<std::vector<FileDetail>> Files::at_path(std::string_view path) {
    std::vector<FileDetail> found;
    while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
    const auto slash = path.rfind('/');
    if (slash == std::string_view::npos) return base::fail(base::Errc::usage, "a path starts with /: " + std::string(path));
    std::vector<std::int64_t> folders, roots;
    const auto collect = [&](std::string_view at, std::vector<std::int64_t>& into) -> base::Result<void> {
        m_folders_at.reset();
        m_folders_at.bind(1, at);
        for (;;) {
            TRY_ASSIGN(const bool row, m_folders_at.step());
            if (!row) return {};
            into.push_back(m_folders_at.integer(0));
        }
    };
    TRY(collect(path, roots));
    for (const std::int64_t root : roots) {  // the root of a tree: a folder that no folder names
        TRY_ASSIGN(auto file, of(root));
        if (file && !file->directory) found.push_back(std::move(*file));
    }
    if (path.size() == 1) return found;
    TRY(collect(slash == 0 ? "/" : path.substr(0, slash), folders));
    for (const std::int64_t folder : folders) {
        m_named.reset();
        m_named.bind(1, folder).bind(2, path.substr(slash + 1));
        for (;;) {
            TRY_ASSIGN(const bool row, m_named.step());
            if (!row) break;
            found.push_back(read(m_named));
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const FileDetail& a, const FileDetail& b) { return a.name_allocated > b.name_allocated; });
    return found;
}

base::Result<void> Files::folder(std::int64_t directory, base::FunctionRef<base::Next(const FileDetail&)> visit, bool& stop) {
    std::vector<FileDetail> files;
    m_in_folder.reset();
    m_in_folder.bind(1, directory);
    for (;;) {
        TRY_ASSIGN(const bool row, m_in_folder.step());
        if (!row) break;
        files.push_back(read(m_in_folder));
    }
    std::sort(files.begin(), files.end(), [](const FileDetail& a, const FileDetail& b) { return std::tie(a.name, a.inode) < std::tie(b.name, b.inode); });
    for (const auto& file : files) {
        if (visit(file) == base::Next::go_on) continue;
        stop = true;
        break;
    }
    return {};
}

base::Result<void> Files::below(std::string_view path, bool recursive, base::FunctionRef<base::Next(const FileDetail&)> visit) {
    while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
    bool stop = false;
    Statement& folders = recursive ? m_folders_below : m_folders_at;
    folders.reset();
    const std::string from = path == "/" ? "/" : std::string(path) + "/";
    std::string to = from;
    to.back() = '0';  // the byte after '/'
    folders.bind(1, path);
    if (recursive) folders.bind(2, from).bind(3, to);
    TRY_ASSIGN(const Snapshot snapshot, Snapshot::begin(m_view));
    // Folder ids first: a page at a time would need a key of (path, id), which is what this is, without a held read.
    std::vector<std::pair<std::int64_t, std::string>> list;
    for (;;) {
        TRY_ASSIGN(const bool row, folders.step());
        if (!row) break;
        list.emplace_back(folders.integer(0), folders.text(1));
    }
    folders.reset();
    for (std::size_t place = 0; const auto& [id, at] : list) {
        if (++place % k_folders_a_snapshot == 0) TRY(snapshot.renew());
        TRY_ASSIGN(const auto self, of(id));
        if (recursive && self && !self->directory && visit(*self) == base::Next::stop) return {};
        TRY(folder(id, visit, stop));
        if (stop) return {};
    }
    if (!recursive || path != "/") return {};
    m_nameless.reset();
    for (;;) {
        TRY_ASSIGN(const bool row, m_nameless.step());
        if (!row) return {};
        if (visit(read(m_nameless)) == base::Next::stop) return {};
    }
}

std::string Files::ref_of(const FileDetail& file) const {
    return file.directory ? m_view.refs().of_name(file.inode, file.generation, *file.directory, file.name) : m_view.refs().of_inode(file.inode, file.generation);
}

}  // namespace deadbox::case_file
