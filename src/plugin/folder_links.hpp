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
    // The folder that `path` leads to; nothing where there is none, or where links go round in circles.
    std::optional<std::string> resolve(const std::string& path);
    bool exists(std::string_view folder) const { return m_folders.contains(std::hash<std::string_view>()(folder)); }
    // `path` with its folder resolved; unchanged where there is none.
    std::string real_path(const std::string& path);

    struct FolderLink {
        std::string path, folder;  // where it lies, and the folder that it leads to
    };
    // The links that lead to folders, ordered by their path.
    base::Result<std::vector<FolderLink>> to_folders();

private:
    // Path and target of every link that is there.
    base::Result<void> for_each_link(base::FunctionRef<void(const std::string& path, std::string_view target)> visit) const;
    const CaseReader& m_reader;
    std::optional<std::int64_t> m_system;
    std::unordered_set<std::size_t> m_folders;                // hashes of their paths
    std::unordered_map<std::size_t, std::string> m_targets;  // of links, by the hash of their path
    std::unordered_map<std::string, std::optional<std::string>> m_resolved;
};

}  // namespace deadbox::plugin
