// Lists of files of any length, in an order that the database makes: the keys first, the rows of a page by their keys.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "case/view_facts.hpp"
#include "case/view_files.hpp"

namespace deadbox::case_file {

// Of one name. directory 0: an inode without a name.
struct FileKey {
    std::int64_t directory = 0, inode = 0;
    std::uint32_t nth = 0;  // of the names that this inode has in this folder, by their bytes
    bool operator==(const FileKey&) const = default;
};

enum class FileColumn : std::uint8_t { none, severity, name, size, modified, changed, accessed, born, deleted, mode, owner, group, content, state, inode, sha256, folder };

// What a list is narrowed to; all that is set must hold. "Packaged" is what the packages' own lists say; where the case
// has none of them, nothing is unowned or altered.
struct FileChoice {
    std::optional<std::int64_t> directory;  // in this folder alone; else everywhere
    std::string name_holds;                 // bytes in the name, ASCII letters of either case
    bool deleted = false;                   // the name is; inodes that have lost all names too
    bool reallocated = false;               // deleted, and the inode belongs to another file now
    bool set_id = false, with_finding = false;
    bool hidden = false;                    // the name, or a folder above it, begins with a dot
    bool unowned = false;                   // no package has it, in a folder where packages have files
    bool altered = false;                   // its bytes are not those that its package delivered
    std::int64_t smallest = 0;              // bytes; files alone
};

struct FileKeyPage {
    std::vector<FileKey> keys;
    std::int64_t next = 0;  // where the next page begins
    bool ended = false;
};
// In the order of the store a page at a time, from `from` (0: the beginning); with a column all at once. Never more than
// k_most_file_keys.
base::Result<FileKeyPage> file_keys(const View& view, const FileChoice& choice, FileColumn column, Order order, std::int64_t from);
inline constexpr std::size_t k_most_file_keys = 4'000'000;

struct FileListRow {
    FileDetail file;
    std::optional<int> severity;  // of the gravest finding that names it: 0 info .. 4 critical; dismissed ones count too
    std::string package;          // that has it, "" where none has
    bool hidden = false, unowned = false, altered = false;
};
// In the order of the keys; a key that is gone gives a row without a name.
base::Result<std::vector<FileListRow>> file_rows(const View& view, const std::vector<FileKey>& keys);

}  // namespace deadbox::case_file
