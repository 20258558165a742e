// The Sleuth Kit's body file, version 3: MD5|name|inode|mode|UID|GID|size|atime|mtime|ctime|crtime
#pragma once

#include <optional>
#include <string>

#include "base/function_ref.hpp"
#include "base/result.hpp"
#include "base/timestamp.hpp"
#include "case/view.hpp"
#include "case/view_clock.hpp"
#include "report/model.hpp"

namespace deadbox::report {

// `name` with '|', control characters and others that are not seen or move what is seen (visible.hpp) as the bytes \x7c \x0a
// \xe2\x80\xae ...; all other bytes as they are.
void append_bodyfile_name(std::string& out, std::string_view name);

// Where the machine's clock was wrong: a comment (mactime passes over it) that says by how much the times were corrected;
// else "".
std::string bodyfile_clock_note(const case_file::Clock& clock);

struct BodyfileFilter {
    std::optional<base::Timestamp> from, to;  // corrected; one of the file's times lies within
    std::string path;                         // glob, "" for all
    std::optional<std::int64_t> inode;
    Redact redact = Redact::secrets;
};
// Gives lines in pieces of some 64 KiB. Deleted names end in " (deleted)", or " (deleted-realloc)" where the inode is
// another file's now; a symbolic link has " -> target", as fls -m writes them.
base::Result<void> write_bodyfile_lines(const case_file::View& view, const BodyfileFilter& filter, base::FunctionRef<void(std::string_view)> write);

}  // namespace deadbox::report
