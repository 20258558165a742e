// A file of the evidence as a parser sees it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.hpp"
#include "base/timestamp.hpp"

namespace deadbox::plugin {

struct FileRecord {
    std::string path;  // absolute on its machine, raw bytes; of the first name found
    std::uint64_t size = 0;
    std::uint32_t mode = 0;  // 07777
    std::uint32_t uid = 0, gid = 0;
    std::optional<base::Timestamp> modified, accessed, changed, born;
    base::ByteView sha256;     // of the whole content; empty where nobody knows it
    std::string content_type;  // as found by content: "text/x-php", "application/x-executable"; "" before it is known
};

// Sequential bytes: decompressed text. read() gives 0 at the end.
class Stream {
public:
    virtual ~Stream() = default;
    virtual base::Result<std::size_t> read(base::Bytes out) = 0;
};

// Valid during the parse() call only.
class File {
public:
    virtual ~File() = default;
    virtual const FileRecord& record() const = 0;
    virtual base::ByteView head() const = 0;  // the first 64 KiB (or all of a smaller file), already read
    virtual const base::ByteSource& bytes() const = 0;
    // The content with gz, xz, zst, bz2 undone; capped at 4 GiB or 200 × the file's size, then Errc::limit.
    virtual base::Result<std::unique_ptr<Stream>> text() const = 0;
    // The file at companion_path(path, suffix), where the parser's JSON declares that suffix; nullptr when there is none.
    virtual const File* companion(std::string_view suffix) const = 0;
};

// Where the companion of `path` lies: "-wal" is put behind it; ".list>.md5sums" puts the second ending in the place of
// the first, and is nothing for a path that does not end so.
std::optional<std::string> companion_path(std::string_view path, std::string_view suffix);

// The whole file in memory; Errc::limit above `most` bytes.
base::Result<std::vector<std::byte>> read_all(const File& file, std::size_t most);

// Calls visit(line without its end, byte offset in the text, number from 1) for each line. A line longer than 64 KiB
// is given in its first 64 KiB; the rest is passed over. NUL bytes are part of a line.
base::Result<void> for_each_line(const File& file,
                                 const std::function<void(std::string_view line, std::uint64_t offset, std::uint64_t number)>& visit);

}  // namespace deadbox::plugin
