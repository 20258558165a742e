// A file descriptor that is owned, and bytes of a file behind one.
#pragma once

#include <string>
#include <utility>

#include "base/byte_source.hpp"

namespace deadbox::base {

class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int fd) : m_fd(fd) {}
    Descriptor(Descriptor&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    ~Descriptor();

    int get() const { return m_fd; }
    explicit operator bool() const { return m_fd >= 0; }

private:
    int m_fd = -1;
};

// Opens `path` for reading only (O_RDONLY | O_CLOEXEC | O_NOCTTY); this is the one way evidence is opened.
// "fd:N" duplicates the inherited descriptor N instead, which must not be writable.
Result<Descriptor> open_evidence(const std::string& path);

// A regular file or a block device, read by position; never mapped. A device's size comes from lseek.
// Failing ranges of a device (bad sectors) are errors of that read alone.
class FileSource final : public ByteSource {
public:
    static Result<std::shared_ptr<FileSource>> open(const std::string& path, std::uint32_t media = 0);
    // The file `base_name` in the folder of `path`: a regular file there itself, never a symbolic link, and never a
    // name with a folder in it. Names that come out of the evidence are opened by this alone.
    static Result<std::shared_ptr<FileSource>> open_beside(const std::string& path, const std::string& base_name, std::uint32_t media = 0);
    FileSource(Descriptor descriptor, std::uint64_t size, std::uint32_t media = 0)
        : m_descriptor(std::move(descriptor)), m_size(size), m_media(media) {}

    std::uint64_t size() const override { return m_size; }
    Result<std::size_t> read_at(std::uint64_t offset, Bytes out) const override;
    Result<Extent> extent_at(std::uint64_t offset) const override;
    int descriptor() const { return m_descriptor.get(); }

private:
    Descriptor m_descriptor;
    std::uint64_t m_size;
    std::uint32_t m_media;
};

}  // namespace deadbox::base
