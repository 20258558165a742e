// Lists of digests as the usual tools print them, a line a file. Decoders are pure; lines come without their end.
//   md5sum, sha1sum, sha256sum   [\]HEX SP (SP | '*') NAME          with '\' in front: \\ \n \r in NAME stand for the byte
//   --tag, BSD                   [\]ALGORITHM (NAME) = HEX
//   md5deep, sha256deep          [SIZE SP+] HEX SP+ NAME   -c: [SIZE ',' SP*] HEX ',' NAME
//   hashdeep                     "%%%% HASHDEEP-1.0", "%%%% size,md5,sha256,filename", "## " comments, then rows of these columns
//   a plain list                 HEX
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deadbox::sets {

// What a line says: the strongest digest that can be compared, as bytes (16 MD5, 20 SHA-1, 32 SHA-256).
struct ListedFile {
    std::string digest;
    std::string path;  // as written; "" where the line has none
    std::optional<std::int64_t> size;
};

class DigestList {
public:
    struct Line {
        enum class Kind : std::uint8_t { file, nothing, bad } kind = Kind::nothing;  // nothing: a comment, a header, an empty line
        ListedFile file;
        std::string_view why;  // of a bad one, in words
    };
    // In the order of the file: a hashdeep header says what the rows behind it are.
    Line read(std::string_view line);
    // What the lines so far were: "hashdeep", "md5sum" and the like; "" before the first file.
    std::string_view format() const { return m_format; }

private:
    Line hashdeep_row(std::string_view line);
    bool m_first = true;
    std::vector<std::string> m_columns;  // of a hashdeep list
    std::string_view m_format;
};

}  // namespace deadbox::sets
