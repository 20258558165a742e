// The Sleuth Kit's view of our bytes: an image that is a ByteSource.
#pragma once

#include <tsk/libtsk.h>

#include <cstdint>
#include <memory>
#include <string>

#include "base/byte_source.hpp"

namespace deadbox::image {

// libtsk keeps 2 MiB of cache in it. One thread.
class TskImage {
public:
    // nullptr where there is no memory.
    static std::unique_ptr<TskImage> make(std::shared_ptr<const base::ByteSource> bytes);
    ~TskImage();
    TskImage(const TskImage&) = delete;
    TSK_IMG_INFO* info() { return &m_external->info; }
    const base::ByteSource& bytes() const { return *m_bytes; }
    // Reads that libtsk may ask for until the next call; past them all fail: hostile structures make it go in circles.
    void allow_reads(std::uint64_t count) const { m_external->reads_left = count; }
    bool used_up() const { return m_external->reads_left == 0; }

private:
    struct External {
        TSK_IMG_INFO info;  // first: libtsk hands back its address
        const base::ByteSource* bytes;
        mutable std::uint64_t reads_left;
    };
    TskImage() = default;
    static ssize_t read(TSK_IMG_INFO* info, TSK_OFF_T offset, char* out, std::size_t length);

    std::shared_ptr<const base::ByteSource> m_bytes;
    External* m_external = nullptr;
};

// What libtsk says went wrong, and forgets it.
std::string tsk_message(const char* what);

}  // namespace deadbox::image
