// An open libtsk file system with what it stands on. Files' contents keep it alive.
#pragma once

#include <memory>
#include <string>

#include "base/gap.hpp"
#include "image/tsk/tsk_image.hpp"

namespace deadbox::image {

struct TskVolume {
    using Handle = std::unique_ptr<TSK_FS_INFO, decltype(&tsk_fs_close)>;
    using File = std::unique_ptr<TSK_FS_FILE, decltype(&tsk_fs_file_close)>;

    // Reads of 64 KiB for one question; a metadata file of the largest NTFS takes fewer.
    static constexpr std::uint64_t k_reads = 1U << 20;

    std::shared_ptr<const base::ByteSource> bytes;
    std::shared_ptr<base::DamageSink> damage;
    std::unique_ptr<TskImage> image;
    Handle fs{nullptr, &tsk_fs_close};  // closed before the image
    std::string name;                   // "ntfs"

    void begin() const {
        image->allow_reads(k_reads);
        tsk_error_reset();
    }
    base::Result<File> open(std::uint64_t number) const;
};

// The content of `file`'s default attribute; keeps `volume`.
base::Result<std::unique_ptr<base::ByteSource>> tsk_content(std::shared_ptr<const TskVolume> volume, TskVolume::File file);
// Where `offset` of the volume lies on the media.
base::Extent tsk_place(const TskVolume& volume, std::uint64_t offset, std::uint64_t length);

}  // namespace deadbox::image
