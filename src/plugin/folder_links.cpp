#include "plugin/folder_links.hpp"

#include <algorithm>

#include "base/paths.hpp"

namespace deadbox::plugin {
namespace {

constexpr int k_most_links = 40;  // followed for one path, as the kernel does
constexpr std::size_t k_most_remembered = 200'000;

std::size_t hash_of(std::string_view path) { return std::hash<std::string_view>()(path); }

// Where a link points to, before anything of that is followed.
std::string pointed_at(std::string_view link, std::string_view target) { return target.starts_with('/') ? std::string(target) : base::path_below(base::folder_of(link), target); }

}  // namespace

base::Result<void> FolderLinks::for_each_link(Visit visit) const {
    const Value system = m_system ? Value(*m_system) : Value();
    // From the inodes: links are few among the names. Names in other folders than the first stand in `link`.
    return m_reader.query(
        "SELECT d.path, n.name, i.target FROM inode i CROSS JOIN name n ON n.directory = i.parent AND n.inode = i.id CROSS JOIN directory d ON d.id = n.directory "
        "CROSS JOIN tree t ON t.id = d.tree WHERE i.type = 3 AND i.target IS NOT NULL AND n.allocated = 1 AND d.allocated = 1 AND t.state = 0 AND t.system IS ?1 "
        "UNION ALL SELECT d.path, n.name, i.target FROM link l CROSS JOIN inode i ON i.id = l.inode CROSS JOIN name n ON n.directory = l.directory AND n.inode = l.inode "
        "CROSS JOIN directory d ON d.id = n.directory CROSS JOIN tree t ON t.id = d.tree "
        "WHERE i.type = 3 AND i.target IS NOT NULL AND n.allocated = 1 AND d.allocated = 1 AND t.state = 0 AND t.system IS ?1",
        {&system, 1}, [&](const RowView& row) {
            visit(base::path_below(row.text(0), row.text(1)), row.text(2));
            return base::Next::go_on;
        });
}

base::Result<void> FolderLinks::for_each_link_where(const std::string& where, const std::string& folder, std::string_view name, Visit visit) const {
    const Value parameters[] = {m_system ? Value(*m_system) : Value(), std::string_view(folder), name};
    return m_reader.query("SELECT d.path, n.name, i.target FROM directory d CROSS JOIN tree t ON t.id = d.tree CROSS JOIN name n ON n.directory = d.id CROSS JOIN inode i ON i.id = n.inode "
                          "WHERE i.type = 3 AND i.target IS NOT NULL AND n.allocated = 1 AND d.allocated = 1 AND t.state = 0 AND t.system IS ?1 AND " + where,
                          std::span(parameters).first(name.empty() ? 2 : 3), [&](const RowView& row) {
                              visit(base::path_below(row.text(0), row.text(1)), row.text(2));
                              return base::Next::go_on;
                          });
}

base::Result<void> FolderLinks::for_each_link_in(const std::string& folder, Visit visit) const { return for_each_link_where("d.path = ?2", folder, "", visit); }
base::Result<void> FolderLinks::for_each_link_below(const std::string& folder, Visit visit) const {
    return for_each_link_where("d.path IN (SELECT ?2 UNION ALL SELECT path FROM directory WHERE path > ?2 || '/' AND path < ?2 || '0')", folder, "", visit);
}
base::Result<void> FolderLinks::link_at(const std::string& path, Visit visit) const {
    const auto name = base::name_of(path);
    return name.empty() ? base::Result<void>() : for_each_link_where("d.path = ?2 AND n.name = ?3", std::string(base::folder_of(path)), name, visit);
}

base::Result<void> FolderLinks::load_folders() {
    const Value system = m_system ? Value(*m_system) : Value();
    return m_reader.query("SELECT d.path FROM directory d JOIN tree t ON t.id = d.tree WHERE t.system IS ?1 AND t.state = 0 AND d.allocated = 1", {&system, 1}, [&](const RowView& row) {
        m_folders.insert(hash_of(row.text(0)));
        return base::Next::go_on;
    });
}

base::Result<void> FolderLinks::load() {
    TRY(load_folders());
    return for_each_link([&](const std::string& path, std::string_view target) { m_targets.emplace(hash_of(path), target); });
}

base::Result<void> FolderLinks::load_near(const std::vector<std::string>& folders, const std::vector<std::string>& paths) {
    TRY(load_folders());
    m_near = folders;
    std::vector<std::string> wanted(paths);
    wanted.insert(wanted.end(), folders.begin(), folders.end());
    const auto take = [&](const std::string& path, std::string_view target) {
        if (m_targets.emplace(hash_of(path), target).second) wanted.push_back(pointed_at(path, target));
    };
    for (const auto& folder : folders) TRY(for_each_link_below(folder, take));
    std::unordered_set<std::string> whole, passed;  // folders whose links are known, and parts of paths that were looked at
    while (!wanted.empty()) {
        const std::string path = base::tidied_path(wanted.back());
        wanted.pop_back();
        // All that lie in it: what was asked for may go on behind it. On the way to it the parts of the path alone: a folder there
        // may have any number of names. What is above a part that was passed was passed with it.
        if (whole.insert(path).second) TRY(for_each_link_in(path, take));
        for (std::string_view part = path; part != "/" && passed.insert(std::string(part)).second; part = base::folder_of(part)) TRY(link_at(std::string(part), take));
    }
    return {};
}

std::optional<std::string> FolderLinks::resolve(const std::string& path) {
    if (exists(path)) return path;
    if (const auto known = m_resolved.find(path); known != m_resolved.end()) return known->second;
    std::string current = base::tidied_path(path);
    std::optional<std::string> answer;
    for (int followed = 0; followed <= k_most_links; ++followed) {
        if (exists(current)) {
            answer = current;
            break;
        }
        // The first part that is no folder must be a link.
        std::size_t end = 0;
        do end = current.find('/', end + 1);
        while (end != std::string::npos && exists(std::string_view(current).substr(0, end)));
        const auto part = current.substr(0, end);
        const auto target = m_targets.find(hash_of(part));
        if (target == m_targets.end() || target->second.empty()) break;
        const auto rest = end == std::string::npos ? std::string() : current.substr(end);
        current = base::tidied_path(pointed_at(part, target->second) + rest);
    }
    if (m_resolved.size() >= k_most_remembered) m_resolved.clear();
    m_resolved.emplace(path, answer);
    return answer;
}

std::string FolderLinks::real_path(const std::string& path) {
    const auto folder = resolve(std::string(base::folder_of(path)));
    return folder ? base::path_below(*folder, base::name_of(path)) : path;
}

base::Result<std::vector<FolderLinks::FolderLink>> FolderLinks::to_folders() {
    std::vector<FolderLink> links;
    const auto take = [&](const std::string& path, std::string_view) {
        if (auto folder = resolve(path)) links.push_back({path, std::move(*folder)});
    };
    if (!m_near) TRY(for_each_link(take));
    else
        for (const auto& folder : *m_near) TRY(for_each_link_below(folder, take));
    std::sort(links.begin(), links.end(), [](const FolderLink& a, const FolderLink& b) { return a.path < b.path; });
    links.erase(std::unique(links.begin(), links.end(), [](const FolderLink& a, const FolderLink& b) { return a.path == b.path && a.folder == b.folder; }), links.end());
    return links;
}

}  // namespace deadbox::plugin
