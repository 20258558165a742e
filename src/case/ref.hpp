// A ref names one inode, or one name of it, exactly; the same evidence gives the same ref, in whatever container:
//
//   ref    = media "-" volume [ "." tie ] "-" state "-" inode "-" generation [ "-" name ]
//   media  = the first 8 hexadecimal digits of the hash of the media's first MiB
//   volume = 8 digits of the SHA-256 of the file system's UUID as the case has it
//   tie    = how many volumes before this one have the same media and volume, where that is not 0
//   state  = number of the view of the volume (snapshot, subvolume), inode and generation: all decimal
//   name   = 16 digits of the SHA-256 of (folder's inode number, 8 bytes little-endian, then the name's bytes)
//
// Outside of this room it is opaque.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "case/database.hpp"

namespace deadbox::case_file {

// An inode's row id is tree << k_tree_shift | inode number.
inline constexpr int k_tree_shift = 44;
inline constexpr std::int64_t tree_of(std::int64_t inode) { return inode >> k_tree_shift; }
inline constexpr std::int64_t number_of(std::int64_t inode) { return inode & ((std::int64_t{1} << k_tree_shift) - 1); }

// What a ref names in this case.
struct RefTarget {
    std::int64_t inode = 0;                  // row id
    std::optional<std::int64_t> directory;   // with name: row id of the folder
    std::string name;                        // raw bytes
};

// Makes and resolves the refs of one case. Keeps the trees' parts; opens no transaction.
class Refs {
public:
    static base::Result<Refs> load(const Database& database);

    std::string of_inode(std::int64_t inode, std::int64_t generation) const;
    std::string of_name(std::int64_t inode, std::int64_t generation, std::int64_t directory, std::string_view name) const;
    // Errc::usage: not a ref. Errc::not_found: of other evidence, or nothing has it.
    base::Result<RefTarget> resolve(const Database& database, std::string_view ref) const;

private:
    std::map<std::int64_t, std::string> m_prefix_of_tree;  // "media-volume-state"
    std::map<std::string, std::int64_t, std::less<>> m_tree_of_prefix;
};

}  // namespace deadbox::case_file
