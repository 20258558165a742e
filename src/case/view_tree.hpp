// The folders of a case as a tree, a level at a time, for the window.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "case/view.hpp"

namespace deadbox::case_file {

struct FolderRow {
    std::int64_t directory = 0;  // row id, as of its inode
    std::string name, path;      // raw bytes; a root's name is ""
    bool allocated = true, has_folders = false;
    std::optional<std::int64_t> system;
    std::string volume, state_name;  // of a root: the volume's id in the evidence, the snapshot's name
};

// The root folder of each tree that was walked.
base::Result<std::vector<FolderRow>> root_folders(const View& view);
// The folders that have a name in this one, by name; a folder with several names stands once for each.
base::Result<std::vector<FolderRow>> folders_in(const View& view, std::int64_t directory);
// Row ids of a folder and of all above it, the root first; empty where it is unknown.
base::Result<std::vector<std::int64_t>> folders_above(const View& view, std::int64_t directory);

}  // namespace deadbox::case_file
