// What a file system shows, one line a file, in fields that other readers (the kernel, libext2fs) can be asked for too:
//   path inode mode uid gid links size atime mtime ctime birth rdev target sha256 attributes
#pragma once

#include <iosfwd>
#include <string>

#include "image/filesystem.hpp"

namespace deadbox::test {

enum class Removed : bool { leave_out, list };
enum class Digests : bool { leave_out, compute };

// Gaps in words, one a line.
class CollectedDamage final : public base::DamageSink {
public:
    void damage(const base::Gap& gap) override { gaps.push_back(gap); }
    std::vector<base::Gap> gaps;
};

// One file's line without its end; `shown` stands for its path.
std::string manifest_line(const image::FileSystem& filesystem, const image::Inode& inode, const std::string& shown, Digests digests);
// A walk without recursion: every folder once. Removed names come with "(removed)" behind their path.
void write_manifest(const image::FileSystem& filesystem, std::ostream& out, Digests digests, Removed removed = Removed::leave_out);

}  // namespace deadbox::test
