#include "worker/marks.hpp"

#include <algorithm>
#include <array>

#include "codec/digest.hpp"

namespace deadbox::worker {
namespace {

constexpr std::size_t k_mark = 8;
constexpr std::uint64_t k_mark_places = 256, k_mark_bytes = 4096, k_end = 128 * 1024, k_volume_mark = 128 * 1024;

void add_digest(std::string& marks, codec::Sha256& digest) {
    const auto value = digest.finish();
    marks += base::as_text(base::ByteView(value).first(k_mark));
}

void add_bytes(std::string& marks, const base::ByteSource& source, std::uint64_t offset, std::uint64_t length, const std::function<std::uint64_t()>& zeros) {
    const auto before = zeros();
    std::vector<std::byte> bytes(static_cast<std::size_t>(length));
    const auto got = source.read_at(offset, bytes);
    if (!got || zeros() != before) {
        marks.append(k_mark, '\0');
        return;
    }
    codec::Sha256 digest;
    digest.update(base::ByteView(bytes).first(*got));
    add_digest(marks, digest);
}

// As long as the file system is in use its root folder's times change.
void add_root(std::string& marks, const image::FileSystem* filesystem, const std::function<std::uint64_t()>& zeros) {
    image::Inode root;
    const auto before = zeros();
    if (filesystem == nullptr || !filesystem->inode(filesystem->root(0), root) || zeros() != before) {
        marks.append(k_mark, '\0');
        return;
    }
    codec::Sha256 digest;
    const auto add = [&](std::uint64_t value) {
        std::array<std::byte, 8> bytes{};
        for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(value >> (8 * i));
        digest.update(bytes);
    };
    for (const std::uint64_t value : {root.number, root.generation, std::uint64_t{root.mode}, std::uint64_t{root.links}, root.size}) add(value);
    for (const auto& time : {root.modified, root.accessed, root.changed, root.born}) {
        add(time ? 1 : 0);
        add(time ? static_cast<std::uint64_t>(time->seconds) : 0);
        add(time ? time->nanoseconds : 0);
    }
    add_digest(marks, digest);
}

}  // namespace

std::string marks_of(const base::ByteSource& media, const std::vector<MarkedVolume>& volumes, const std::function<std::uint64_t()>& zeros) {
    std::string marks;
    const auto size = media.size(), step = size / k_mark_places;
    for (std::uint64_t place = 0; place < k_mark_places; ++place) add_bytes(marks, media, place * step, std::min(k_mark_bytes, step), zeros);
    const auto end = std::min(k_end, size);
    add_bytes(marks, media, size - end, end, zeros);
    for (const auto& [volume, filesystem] : volumes) {
        if (volume->bytes) add_bytes(marks, *volume->bytes, 0, std::min(k_volume_mark, volume->bytes->size()), zeros);
        else marks.append(k_mark, '\0');
        add_root(marks, filesystem, zeros);
    }
    return marks;
}

}  // namespace deadbox::worker
