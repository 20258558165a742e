// The links between the folders of one system: where a path that was written down leads, and under which other paths a
// folder is reached. Links of its mounted volumes belong to it, as its folders do; those of snapshots do not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "plugin/case_reader.hpp"

namespace deadbox::plugin {

class FolderLinks {
public:
    static constexpr std::string_view k_reads[] = {"directory", "tree", "inode", "name", "link"};  // tables
    FolderLinks(const CaseReader& reader, std::optional<std::int64_t> system) : m_reader(reader), m_system(system) {}
    base::Result<void> load();
    // In place of load() where few paths are asked for: the links below `folders`, and those on the way to these and to `paths`.
    // A case of millions of files has no other way to its links than through all of them.
    base::Result<void> load_near(const std::vector<std::string>& folders, const std::vector<std::string>& paths);
    // The folder that `path` leads to; nothing where there is none, or where links go round in circles.
    std::optional<std::string> resolve(const std::string& path);
    bool exists(std::string_view folder) const { return m_folders.contains(std::hash<std::string_view>()(folder)); }
    // `path` with its folder resolved; unchanged where there is none.
    std::string real_path(const std::string& path);

    struct FolderLink {
        std::string path, folder;  // where it lies, and the folder that it leads to
    };
    // The links that lead to folders, ordered by their path: behind load_near(), of those below its folders.
    base::Result<std::vector<FolderLink>> to_folders();

private:
    using Visit = base::FunctionRef<void(const std::string& path, std::string_view target)>;
    base::Result<void> load_folders();
    // Path and target of every link that is there.
    base::Result<void> for_each_link(Visit visit) const;
    base::Result<void> for_each_link_where(const std::string& where, const std::string& folder, std::string_view name, Visit visit) const;
    base::Result<void> for_each_link_in(const std::string& folder, Visit visit) const;     // that lie in it
    base::Result<void> for_each_link_below(const std::string& folder, Visit visit) const;  // and in all folders below it
    base::Result<void> link_at(const std::string& path, Visit visit) const;                // where one lies at it
    const CaseReader& m_reader;
    std::optional<std::int64_t> m_system;
    std::unordered_set<std::size_t> m_folders;                // hashes of their paths
    std::unordered_map<std::size_t, std::string> m_targets;  // of links, by the hash of their path
    std::unordered_map<std::string, std::optional<std::string>> m_resolved;
    std::optional<std::vector<std::string>> m_near;  // folders of load_near()
};

}  // namespace deadbox::plugin
