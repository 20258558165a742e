#include "case/view_file_list.hpp"

#include <limits>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "case/view_search.hpp"

namespace deadbox::case_file {
namespace {

constexpr std::size_t k_folders_a_page = 512;

// The tables that say which package has which name; the topic that reads them may not be there.
struct Packaged {
    std::string files, conffiles;  // names of tables, "" where the case has none
};

base::Result<Packaged> packaged(const View& view) {
    Packaged found;
    for (const plugin::Topic* topic : plugin::topics()) {
        for (const auto& table : topic->tables) {
            if (table.role != "packaged_file") continue;
            TRY_ASSIGN(const bool there, view.has_table(table.name));
            if (there) found.files = table.name;
        }
    }
    TRY_ASSIGN(const bool conffiles, view.has_table("conffile"));
    if (conffiles) found.conffiles = "conffile";
    return found;
}

// Packages of a machine whose /bin is /usr/bin may still say /bin.
constexpr std::string_view k_merged = "(d.path GLOB '/usr/bin*' OR d.path GLOB '/usr/sbin*' OR d.path GLOB '/usr/lib*')";

std::string owned(const Packaged& tables) {
    return fmt::format("(EXISTS (SELECT 1 FROM \"{0}\" p WHERE p.folder = d.path AND packed_md5(p.files, n.name) IS NOT NULL) OR ({1} AND "
                       "EXISTS (SELECT 1 FROM \"{0}\" p WHERE p.folder = substr(d.path, 5) AND packed_md5(p.files, n.name) IS NOT NULL)))",
                       tables.files, k_merged);
}

std::string in_a_packages_folder(const Packaged& tables) {
    return fmt::format("(EXISTS (SELECT 1 FROM \"{0}\" p WHERE p.folder = d.path) OR ({1} AND EXISTS (SELECT 1 FROM \"{0}\" p WHERE p.folder = substr(d.path, 5))))", tables.files, k_merged);
}

// The digest that its package delivered; NULL where none is known.
std::string expected(const Packaged& tables) {
    std::string all = fmt::format("ifnull((SELECT nullif(packed_md5(p.files, n.name), x'') FROM \"{0}\" p WHERE p.folder = d.path AND packed_md5(p.files, n.name) IS NOT NULL LIMIT 1), "
                                  "CASE WHEN {1} THEN (SELECT nullif(packed_md5(p.files, n.name), x'') FROM \"{0}\" p WHERE p.folder = substr(d.path, 5) AND packed_md5(p.files, n.name) IS NOT NULL LIMIT 1) END)",
                                  tables.files, k_merged);
    if (tables.conffiles.empty()) return all;
    return fmt::format("ifnull({}, (SELECT f.md5 FROM \"{}\" f WHERE f.path = CASE d.path WHEN '/' THEN '/' || n.name ELSE d.path || '/' || n.name END LIMIT 1))", all, tables.conffiles);
}

std::string altered(const Packaged& tables) { return fmt::format("(n.allocated AND i.type = 1 AND c.md5 IS NOT NULL AND c.md5 <> {})", expected(tables)); }

constexpr std::string_view k_hidden = "(substr(n.name, 1, 1) = '.' OR instr(d.path, '/.') > 0)";

std::string conditions(const FileChoice& choice, const Packaged& tables) {
    std::string all;
    if (choice.directory) all += " AND n.directory = ?1";
    if (!choice.name_holds.empty()) all += " AND instr(lower(n.name), lower(?3)) > 0";
    if (choice.deleted) all += " AND NOT n.allocated";
    if (choice.reallocated) all += " AND NOT n.allocated AND i.allocated";
    if (choice.set_id) all += " AND i.type = 1 AND i.mode & 3072 != 0";
    if (choice.smallest > 0) all += " AND i.type = 1 AND i.size >= ?4";
    if (choice.with_finding) all += " AND EXISTS (SELECT 1 FROM finding_item f WHERE f.inode = n.inode)";
    if (choice.hidden) all += fmt::format(" AND {}", k_hidden);
    if (choice.unowned) all += tables.files.empty() ? " AND 0" : fmt::format(" AND n.allocated AND i.type IN (1, 3) AND {} AND NOT {}", in_a_packages_folder(tables), owned(tables));
    if (choice.altered) all += tables.files.empty() ? " AND 0" : fmt::format(" AND {}", altered(tables));
    return all;
}

std::string order_terms(FileColumn column, Order order) {
    const char* way = order == Order::descending ? " DESC" : "";
    const auto time = [&](char which) { return fmt::format("i.{0}_s{1}, i.{0}_ns{1}, ", which, way); };
    switch (column) {
        case FileColumn::none: return {};
        case FileColumn::severity: return fmt::format("(SELECT max(f.severity) FROM finding_item x JOIN finding f ON f.id = x.finding WHERE x.inode = n.inode){}, ", way);
        case FileColumn::name: return fmt::format("i.type <> 2{0}, n.name{0}, ", way);
        case FileColumn::size: return fmt::format("i.size{}, ", way);
        case FileColumn::modified: return time('m');
        case FileColumn::changed: return time('c');
        case FileColumn::accessed: return time('a');
        case FileColumn::born: return time('b');
        case FileColumn::deleted: return fmt::format("i.d_s{}, ", way);
        case FileColumn::mode: return fmt::format("i.type{0}, i.mode{0}, ", way);
        case FileColumn::owner: return fmt::format("i.uid{}, ", way);
        case FileColumn::group: return fmt::format("i.gid{}, ", way);
        case FileColumn::content: return fmt::format("s.value{}, ", way);
        case FileColumn::state: return fmt::format("n.allocated{0}, i.allocated{0}, {1}{0}, ", way, k_hidden);
        case FileColumn::inode: return fmt::format("n.inode{}, ", way);
        case FileColumn::sha256: return fmt::format("c.sha256{}, ", way);
        case FileColumn::folder: return fmt::format("d.path{}, ", way);
    }
    return {};
}

// Names that lost their inode's folder: only a search for what was deleted looks for them, and no folder holds them.
base::Result<void> add_nameless(const View& view, FileKeyPage& page) {
    TRY_ASSIGN(Statement rows, view.prepare("SELECT i.id FROM inode i WHERE ifnull(i.parent, 0) = 0 AND NOT i.allocated AND NOT EXISTS (SELECT 1 FROM directory d WHERE d.id = i.id) ORDER BY i.id"));
    for (;;) {
        TRY_ASSIGN(const bool more, rows.step());
        if (!more || page.keys.size() >= k_most_file_keys) return {};
        page.keys.push_back({0, rows.integer(0), 0});
    }
}

class Rows {
public:
    static base::Result<Rows> open(const View& view) {
        TRY_ASSIGN(Files files, Files::open(view));
        Rows rows(std::move(files));
        TRY_ASSIGN(rows.m_name, view.prepare("SELECT name FROM name WHERE directory = ?1 AND inode = ?2 ORDER BY name LIMIT 1 OFFSET ?3"));
        TRY_ASSIGN(rows.m_severity, view.prepare("SELECT max(f.severity) FROM finding_item x JOIN finding f ON f.id = x.finding WHERE x.inode = ?1"));
        TRY_ASSIGN(const Packaged tables, packaged(view));
        if (tables.files.empty()) return rows;
        TRY_ASSIGN(rows.m_package, view.prepare(fmt::format("SELECT {}, {}, (SELECT p.package FROM \"{}\" p WHERE (p.folder = d.path OR ({} AND p.folder = substr(d.path, 5))) AND packed_md5(p.files, n.name) IS NOT NULL LIMIT 1) "
                                                            "FROM name n JOIN directory d ON d.id = n.directory JOIN inode i ON i.id = n.inode LEFT JOIN content c ON c.inode = n.inode WHERE n.directory = ?1 AND n.inode = ?2 AND n.name = ?3",
                                                            in_a_packages_folder(tables), altered(tables), tables.files, k_merged)));
        rows.m_has_packages = true;
        return rows;
    }

    base::Result<FileListRow> of(const FileKey& key) {
        FileListRow row;
        m_severity.reset();
        m_severity.bind(1, key.inode);
        TRY(m_severity.step());
        if (!m_severity.is_null(0)) row.severity = static_cast<int>(m_severity.integer(0));
        m_severity.reset();
        if (key.directory == 0) {
            TRY_ASSIGN(auto file, m_files.of(key.inode));
            if (file) row.file = std::move(*file);
            return row;
        }
        m_name.reset();
        m_name.bind(1, key.directory).bind(2, key.inode).bind(3, std::int64_t{key.nth});
        TRY_ASSIGN(const bool named, m_name.step());
        if (!named) return row;
        const std::string name(m_name.text(0));
        m_name.reset();
        TRY_ASSIGN(auto file, m_files.of(key.inode, key.directory, name));
        if (!file) return row;
        row.file = std::move(*file);
        row.hidden = name.starts_with('.') || row.file.path.find("/.") != std::string::npos;
        if (!m_has_packages || !row.file.name_allocated) return row;
        m_package.reset();
        m_package.bind(1, key.directory).bind(2, key.inode).bind(3, std::string_view(name));
        TRY_ASSIGN(const bool known, m_package.step());
        if (known) {
            row.package = m_package.text(2);
            row.unowned = m_package.integer(0) != 0 && row.package.empty() && (row.file.type == 1 || row.file.type == 3);
            row.altered = m_package.integer(1) != 0;
        }
        m_package.reset();
        return row;
    }

private:
    explicit Rows(Files files) : m_files(std::move(files)) {}
    Files m_files;
    Statement m_name, m_severity, m_package;
    bool m_has_packages = false;
};

}  // namespace

base::Result<FileKeyPage> file_keys(const View& view, const FileChoice& choice, FileColumn column, Order order, std::int64_t from) {
    TRY_ASSIGN(const Packaged tables, packaged(view));
    const bool paged = column == FileColumn::none && !choice.directory;
    FileKeyPage page;
    std::int64_t first = 0, last = std::numeric_limits<std::int64_t>::max();
    if (paged) {  // the range of folders is the page: a rare match never makes one long read
        TRY_ASSIGN(Statement range, view.prepare("SELECT min(id), max(id) FROM (SELECT id FROM directory WHERE id > ?1 ORDER BY id LIMIT ?2)"));
        range.bind(1, from).bind(2, static_cast<std::int64_t>(k_folders_a_page));
        TRY(range.step());
        page.ended = range.is_null(1);
        if (page.ended) {
            if (choice.deleted && !choice.reallocated && choice.name_holds.empty()) TRY(add_nameless(view, page));
            return page;
        }
        first = range.integer(0), page.next = last = range.integer(1);
    }
    std::string where = conditions(choice, tables);
    if (paged) where += " AND n.directory BETWEEN ?1 AND ?2";
    TRY_ASSIGN(Statement rows, view.prepare(fmt::format("SELECT n.directory, n.inode, (SELECT count(*) FROM name m WHERE m.directory = n.directory AND m.inode = n.inode AND m.name < n.name) "
                                                        "FROM name n CROSS JOIN inode i ON i.id = n.inode CROSS JOIN directory d ON d.id = n.directory LEFT JOIN content c ON c.inode = n.inode LEFT JOIN string s ON s.id = c.type "
                                                        "WHERE 1{} ORDER BY {}n.directory, n.inode, n.name", where, order_terms(column, order))));
    if (choice.directory) rows.bind(1, *choice.directory);
    else if (paged) rows.bind(1, first).bind(2, last);
    if (!choice.name_holds.empty()) rows.bind(3, choice.name_holds);
    if (choice.smallest > 0) rows.bind(4, choice.smallest);
    for (;;) {
        TRY_ASSIGN(const bool more, rows.step());
        if (!more || page.keys.size() >= k_most_file_keys) break;
        page.keys.push_back({rows.integer(0), rows.integer(1), static_cast<std::uint32_t>(rows.integer(2))});
    }
    if (!paged) {
        page.ended = true;
        if (!choice.directory && choice.deleted && !choice.reallocated && choice.name_holds.empty()) TRY(add_nameless(view, page));
    }
    return page;
}

base::Result<std::vector<FileListRow>> file_rows(const View& view, const std::vector<FileKey>& keys) {
    TRY_ASSIGN(Rows rows, Rows::open(view));
    std::vector<FileListRow> all;
    for (const auto& key : keys) {
        TRY_ASSIGN(auto row, rows.of(key));
        all.push_back(std::move(row));
    }
    return all;
}

}  // namespace deadbox::case_file
