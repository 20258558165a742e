#include "sets/line_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace deadbox::sets {
namespace {

base::Result<base::Descriptor> open_plain(const std::string& path) {
    base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return base::fail(errno == ENOENT ? base::Errc::not_found : base::Errc::usage, "cannot open " + path + ": " + std::strerror(errno));
    struct stat status {};
    if (::fstat(file.get(), &status) == 0 && S_ISDIR(status.st_mode)) return base::fail(base::Errc::usage, path + " is a folder");
    return file;
}

base::Result<std::size_t> read_some(int file, char* out, std::size_t length) {
    for (;;) {
        const ssize_t got = ::read(file, out, length);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) return base::fail(base::Errc::usage, std::string("a file cannot be read: ") + std::strerror(errno));
    }
}

}  // namespace

base::Result<LineReader> LineReader::open(const std::string& path) {
    TRY_ASSIGN(auto file, open_plain(path));
    return LineReader(std::move(file));
}

base::Result<bool> LineReader::fill() {
    TRY_ASSIGN(const auto got, read_some(m_file.get(), m_buffer.data(), m_buffer.size()));
    m_digest->update(std::string_view(m_buffer.data(), got));
    m_start = 0, m_end = got, m_size += got;
    return got > 0;
}

base::Result<std::optional<LineReader::Line>> LineReader::next() {
    m_line.clear();
    bool across = false, too_long = false;
    for (;;) {
        if (m_start == m_end) {
            TRY_ASSIGN(const bool more, fill());
            if (!more) {
                if (!across) return std::nullopt;
                ++m_number;
                return Line{m_line, too_long};
            }
        }
        const std::string_view held(m_buffer.data() + m_start, m_end - m_start);
        const auto end = held.find('\n');
        const auto piece = held.substr(0, end);
        m_start += end == std::string_view::npos ? held.size() : end + 1;
        if (end != std::string_view::npos && !across) {
            ++m_number;
            return Line{piece.substr(0, k_longest), piece.size() > k_longest};
        }
        across = true;
        too_long = too_long || piece.size() > k_longest - m_line.size();
        m_line += piece.substr(0, k_longest - m_line.size());
        if (end != std::string_view::npos) {
            ++m_number;
            return Line{m_line, too_long};
        }
    }
}

base::Result<FileDigest> digest_of_file(const std::string& path) {
    TRY_ASSIGN(const auto file, open_plain(path));
    FileDigest digest;
    codec::Sha256 sha256;
    std::vector<char> buffer(std::size_t{1} << 20);
    for (;;) {
        TRY_ASSIGN(const auto got, read_some(file.get(), buffer.data(), buffer.size()));
        if (got == 0) break;
        sha256.update(std::string_view(buffer.data(), got));
        digest.size += got;
    }
    digest.sha256 = sha256.finish();
    return digest;
}

}  // namespace deadbox::sets
