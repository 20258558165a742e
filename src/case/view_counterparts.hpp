// Files that stand beside another and are an earlier, a packaged or a saved version of it, as their names and states tell.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "case/view_files.hpp"

namespace deadbox::case_file {

struct Counterpart {
    enum class Kind : std::uint8_t {
        previous,     // passwd- of passwd: what a program saved before it wrote
        packaged,     // NAME.dpkg-dist, .dpkg-new, .ucf-dist, .rpmnew: what the package delivers
        replaced,     // NAME.dpkg-old, .ucf-old, .rpmsave: what stood there before the package's version came
        backup,       // NAME.bak, .orig, .old, .save, NAME~: somebody's copy
        other_state,  // the same path in a snapshot or another tree of the machine
        original,     // this one is a version of that file
        deleted,      // a deleted namesake whose content is still there
    };
    Kind kind = Kind::backup;
    FileDetail file;
};

// At most a few; regular files with content alone, never the file itself.
base::Result<std::vector<Counterpart>> counterparts_of(Files& files, const FileDetail& file);
// The allocated file NAME + ending in the same folder and tree: a database's write-ahead log, say.
base::Result<std::optional<FileDetail>> companion_of(Files& files, const FileDetail& file, std::string_view ending);
// The file's text where the case keeps it; nothing where it does not.
base::Result<std::optional<std::string>> kept_text_of(const View& view, std::int64_t inode);

}  // namespace deadbox::case_file
