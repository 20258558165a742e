// All names of a case with what a body file needs of each, fast: a page at a time in the order of the store.
#pragma once

#include <optional>
#include <string_view>

#include "base/function_ref.hpp"
#include "case/view.hpp"

namespace deadbox::case_file {

// Views are valid during the visit.
struct NameRow {
    std::string_view folder, name;  // raw bytes; folder is "" for an inode without a name
    std::int64_t inode = 0;         // row id
    bool name_allocated = false, inode_allocated = false;
    int type = 0;
    std::uint32_t mode = 0, uid = 0, gid = 0;
    std::int64_t size = 0;
    std::optional<std::int64_t> modified, accessed, changed, born;  // seconds
    std::string_view target;
    base::ByteView md5, sha256;
};

// Names first (the root folders by their own path with an empty name), inodes without a name after them.
base::Result<void> for_each_name(const View& view, base::FunctionRef<base::Next(const NameRow&)> visit);

}  // namespace deadbox::case_file
