// The lines of a long file in constant memory, with the file's own digest at the end.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.hpp"
#include "codec/digest.hpp"

namespace deadbox::sets {

class LineReader {
public:
    // A line is longer than this only in a file that is no list.
    static constexpr std::size_t k_longest = 64 * 1024;

    static base::Result<LineReader> open(const std::string& path);
    struct Line {
        std::string_view text;  // valid until the next call; without its end
        bool too_long = false;  // then text is its beginning
    };
    // Nothing behind the last line.
    base::Result<std::optional<Line>> next();
    std::uint64_t number() const { return m_number; }  // of the last line given, from 1
    // Once all lines were given.
    std::uint64_t size() const { return m_size; }
    codec::Sha256::Value sha256() { return m_digest->finish(); }

private:
    explicit LineReader(base::Descriptor file) : m_file(std::move(file)), m_digest(std::make_unique<codec::Sha256>()), m_buffer(std::size_t{1} << 20) {}
    base::Result<bool> fill();
    base::Descriptor m_file;
    std::unique_ptr<codec::Sha256> m_digest;
    std::vector<char> m_buffer;
    std::size_t m_start = 0, m_end = 0;
    std::uint64_t m_number = 0, m_size = 0;
    std::string m_line;  // of one that lies across two pieces
};

// Size and SHA-256 of a file.
struct FileDigest {
    std::uint64_t size = 0;
    codec::Sha256::Value sha256{};
};
base::Result<FileDigest> digest_of_file(const std::string& path);

}  // namespace deadbox::sets
