#include "plugin/folder_links.hpp"

#include <algorithm>

#include "base/paths.hpp"

namespace deadbox::plugin {
namespace {

constexpr int k_most_links = 40;  // followed for one path, as the kernel does
constexpr std::size_t k_most_remembered = 200'000;

std::size_t hash_of(std::string_view path) { return std::hash<std::string_view>()(path); }

}  // namespace

base::Result<void> FolderLinks::for_each_link(base::FunctionRef<void(const std::string& path, std::string_view target)> visit) const {
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

base::Result<void> FolderLinks::load() {
    const Value system = m_system ? Value(*m_system) : Value();
    TRY(m_reader.query("SELECT d.path FROM directory d JOIN tree t ON t.id = d.tree WHERE t.system IS ?1 AND t.state = 0 AND d.allocated = 1", {&system, 1}, [&](const RowView& row) {
        m_folders.insert(hash_of(row.text(0)));
        return base::Next::go_on;
    }));
    return for_each_link([&](const std::string& path, std::string_view target) { m_targets.emplace(hash_of(path), target); });
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
        current = base::tidied_path((target->second.front() == '/' ? target->second : base::path_below(base::folder_of(part), target->second)) + rest);
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
    TRY(for_each_link([&](const std::string& path, std::string_view) {
        if (auto folder = resolve(path)) links.push_back({path, std::move(*folder)});
    }));
    std::sort(links.begin(), links.end(), [](const FolderLink& a, const FolderLink& b) { return a.path < b.path; });
    return links;
}

}  // namespace deadbox::plugin
