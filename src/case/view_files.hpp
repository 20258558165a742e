// What a case knows of one file: an inode, under one of its names where it has one.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/function_ref.hpp"
#include "case/view.hpp"

namespace deadbox::case_file {

struct FileDetail {
    std::int64_t inode = 0;                 // row id
    std::optional<std::int64_t> directory;  // row id of the folder; none: an inode without a name
    std::string name, path;                 // raw bytes; path is absolute on its machine, "" without a name
    std::optional<std::int64_t> system;
    std::int64_t tree = 0, state = 0, volume = 0, generation = 0;
    std::string state_name;
    bool name_allocated = false, inode_allocated = false;
    int type = 0;  // 0 unknown 1 file 2 directory 3 symlink 4 character 5 block 6 fifo 7 socket
    std::uint32_t mode = 0, uid = 0, gid = 0;
    std::int64_t links = 0, size = 0, flags = 0, hole_bytes = 0;
    std::optional<base::Timestamp> modified, accessed, changed, born, deleted;
    std::string rdev, target;
    std::string attributes;             // as schema.sql says
    std::optional<int> content;         // 0 live 1 recovered 2 partial 3 reallocated 4 none
    std::string content_type;
    std::string md5, sha1, sha256;      // hexadecimal or ""
};

// "file", "directory" ... of FileDetail::type; "live", "recovered" ... of its content (which follows from the inode where
// the case has no row of it).
std::string_view type_name(int type);
std::string_view content_name(const FileDetail& file);
// Name and value of each extended attribute, sorted by name; damaged blobs give what is whole.
std::vector<std::pair<std::string, std::string>> attributes_of(std::string_view blob);

// Looks files up; keeps its statements. Use from one thread, while `view` lives.
class Files {
public:
    static base::Result<Files> open(const View& view);

    // Under this name, or, without one, under the first of its names: allocated ones first, then by their bytes.
    base::Result<std::optional<FileDetail>> of(std::int64_t inode, std::optional<std::int64_t> directory = {}, std::string_view name = {});
    // Everything that has this absolute path: allocated names first, then by row id.
    base::Result<std::vector<FileDetail>> at_path(std::string_view path);
    // All names below the folder (itself too) and, at "/", inodes without a name: ordered by folder, then name, then inode.
    base::Result<void> below(std::string_view path, bool recursive, base::FunctionRef<base::Next(const FileDetail&)> visit);
    std::string ref_of(const FileDetail& file) const;

private:
    explicit Files(const View& view) : m_view(view) {}
    base::Result<void> folder(std::int64_t directory, base::FunctionRef<base::Next(const FileDetail&)> visit, bool& stop);
    FileDetail read(const Statement& row) const;

    const View& m_view;
    Statement m_by_name, m_by_inode, m_in_folder, m_folders_at, m_folders_below, m_nameless, m_named;
};

}  // namespace deadbox::case_file
