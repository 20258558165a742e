// Fast commits: what happened after the last full transaction, written as short records behind the journal. They are kept
// as changes over the inodes and folders that they name.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/byte_source.hpp"

namespace deadbox::image::ext {

// A range of a file's blocks that was given a place, or lost it.
struct RangeChange {
    std::uint64_t logical = 0, length = 0;
    std::uint64_t physical = 0;
    enum class Kind : std::uint8_t { data, unwritten, removed } kind = Kind::data;
};

// A name that was put into a folder or taken out of it.
struct NameChange {
    std::string name;
    std::uint64_t inode = 0;
    bool added = true;
};

struct FastCommits {
    std::map<std::uint64_t, std::vector<std::byte>> inodes;         // whole records
    std::map<std::uint64_t, std::vector<RangeChange>> ranges;       // by inode, oldest first
    std::map<std::uint64_t, std::vector<NameChange>> names;         // by folder, oldest first
    std::set<std::uint64_t> new_folders;                            // whose blocks were never written: names above are all
    std::uint64_t records = 0;
    bool empty() const { return records == 0; }
};

}  // namespace deadbox::image::ext
