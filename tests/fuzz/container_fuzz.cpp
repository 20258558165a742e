// Every container, and the partition tables inside: no input may crash, hang or take memory without bound.
// The input is the first file; a sibling of any name is the input's second half.
#include <algorithm>
#include <vector>

#include "codec/decompress.hpp"
#include "image/container.hpp"
#include "image/container/formats.hpp"
#include "image/volume.hpp"

using namespace deadbox;

namespace {

class NoDamage final : public base::DamageSink {
public:
    void damage(const base::Gap&) override {}
};

void read_some(const base::ByteSource& source) {
    std::vector<std::byte> block(8192);
    const auto size = source.size();
    for (std::uint64_t i = 0; i < 16; ++i) {
        const std::uint64_t offset = i < 8 ? i * 4096 : size / 8 * (i - 8);
        (void)source.read_at(offset, block);
        (void)source.extent_at(offset);
    }
    if (size > 0) (void)source.read_at(size - 1, block);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto view = std::as_bytes(std::span(data, size));
    const auto file = std::make_shared<base::MemorySource>(std::vector<std::byte>(view.begin(), view.end()));
    const auto half = std::make_shared<base::MemorySource>(std::vector<std::byte>(view.begin() + static_cast<std::ptrdiff_t>(size / 2), view.end()));
    NoDamage damage;
    image::Segments segments;
    segments.names = {"disk.E01"};
    segments.files = {file};
    segments.open_sibling = [&](const std::string& name) -> base::Result<std::shared_ptr<const base::ByteSource>> {
        if (name.find('/') != std::string::npos) __builtin_trap();
        if (name.size() > 20) return base::fail(base::Errc::not_found, "nothing");
        return half;
    };
    for (const auto* format : image::container_formats()) {
        if (!format->claims(*file, segments.names.front())) continue;
        if (format == &image::raw_format()) (void)image::recognize_unread_container(*file);
        auto container = format->open(segments, 1, damage);
        if (!container) break;
        read_some(*container->media);
        image::Volume disk;
        disk.id = "1", disk.scheme = "media";
        disk.bytes = std::move(container->media);
        for (const auto& volume : image::find_volumes(std::span(&disk, 1), damage)) read_some(*volume.bytes);
        break;
    }
    if (codec::recognize_compression(view) != codec::Compression::none) {
        const auto stream = codec::decompress(*file);
        std::vector<std::byte> block(65536);
        for (int i = 0; i < 64; ++i) {
            const auto got = stream->read(block);
            if (!got || *got == 0) break;
        }
    }
    return 0;
}
