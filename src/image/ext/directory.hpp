// The names in one block of a folder: live ones, and removed ones whose bytes are still there.
//
//   entry: inode u32 | record length u16 | name length u8 | type u8 (high byte of the name length without the filetype
//   feature) | name; a multiple of 4. The records fill the block; inode 0 is an empty record. A record that is longer than
//   its name needs hides what was there before. Indexed folders keep hashes in the slack of ".." of their first block, and
//   in blocks that look like one empty record.
#pragma once

#include "base/function_ref.hpp"
#include "image/filesystem.hpp"

namespace deadbox::image::ext {

struct DirectoryRules {
    std::uint64_t highest_inode = 0;
    bool types = true;       // the fourth byte is a type
    bool ciphertext = false; // names are encrypted: any byte may stand in them
    bool hashes = false;     // encrypted and casefolded: 8 bytes of hash follow the name
    bool indexed = false;
    bool first_block = false;
    bool large_records = false;  // 64 KiB blocks: record lengths are packed
};

struct DirectoryDamage {
    std::uint32_t records = 0;  // that contradict the format
    std::uint32_t names = 0;    // with a slash or NUL, which are replaced by '_'
};

// Calls visit for each name; "." and ".." are left out. `region` is a block, or a piece of inline data.
DirectoryDamage decode_directory_block(base::ByteView region, const DirectoryRules& rules,
                                       base::FunctionRef<base::Next(const Entry&)> visit);

}  // namespace deadbox::image::ext
