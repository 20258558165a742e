// The ext reader over changed images. An input is one byte that chooses an image, then changes: where (3 bytes, little-endian,
// modulo the image's size), how many bytes (1), the bytes. 0xFF as the first byte: the rest is an image itself.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "image/ext/ext_format.hpp"
#include "image/patched_source.hpp"

namespace {

using namespace deadbox;
using Image = std::shared_ptr<const std::vector<std::byte>>;

const std::vector<Image>& bases() {
    static const std::vector<Image> all = [] {
        std::vector<Image> images;
        for (int i = 0;; ++i) {
            std::ifstream file(std::string(EXT_SEEDS "/base") + std::to_string(i) + ".img", std::ios::binary);
            if (!file) break;
            const std::string text{std::istreambuf_iterator<char>(file), {}};
            const auto view = base::as_bytes(text);
            images.push_back(std::make_shared<std::vector<std::byte>>(view.begin(), view.end()));
        }
        if (images.empty()) std::abort();
        return images;
    }();
    return all;
}

class Silent final : public base::DamageSink {
public:
    void damage(const base::Gap& gap) override {
        if (gap.reason.empty() || ++m_count > 100'000) std::abort();  // damage must stay countable
    }

private:
    std::size_t m_count = 0;
};

void look_at(const image::FileSystem& filesystem, image::InodeId id, image::Inode& inode, std::vector<std::byte>& buffer) {
    if (!filesystem.inode(id, inode)) return;
    if (inode.type == image::FileType::directory) {
        unsigned names = 0;
        (void)filesystem.entries(id, [&](const image::Entry& entry) {
            if (entry.name.size() > 255 || entry.name.empty()) std::abort();
            return ++names < 5000 ? base::Next::go_on : base::Next::stop;
        });
    }
    const auto content = filesystem.content(id);
    if (!content) return;
    std::uint64_t at = 0;
    for (int i = 0; i < 32 && at < (*content)->size(); ++i) {
        const auto extent = (*content)->extent_at(at);
        if (!extent) break;
        if (extent->length == 0 || extent->logical > at || extent->logical + extent->length <= at) std::abort();
        (void)(*content)->read_at(at, buffer);
        at = extent->logical + extent->length;
    }
    if ((*content)->size() > 0) (void)(*content)->read_at((*content)->size() - 1, buffer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    std::shared_ptr<const base::ByteSource> volume;
    const auto input = std::as_bytes(std::span(data, size));
    if (data[0] == 0xFF) {
        volume = std::make_shared<base::MemorySource>(std::vector<std::byte>(input.begin() + 1, input.end()));
    } else {
        const auto& image = bases()[data[0] % bases().size()];
        std::vector<test::Patch> patches;
        std::size_t at = 2;
        while (size - at >= 5) {
            const std::uint64_t offset = (data[at] | std::uint64_t{data[at + 1]} << 8 | std::uint64_t{data[at + 2]} << 16) % image->size();
            const std::size_t length = std::min<std::size_t>(data[at + 3] % 64 + 1, size - at - 4);
            const auto bytes = input.subspan(at + 4, length);
            patches.push_back({offset, {bytes.begin(), bytes.end()}});
            at += 4 + length;
        }
        volume = std::make_shared<test::PatchedSource>(image, std::move(patches), image->size());
    }
    const auto& format = image::ext::ext_format();
    if (!format.claims(*volume)) return 0;
    const auto use = (data[1] & 1) != 0 ? image::JournalUse::ignore : image::JournalUse::replay;
    const auto filesystem = format.open(volume, use, std::make_shared<Silent>());
    if (!filesystem) return 0;
    image::Inode inode;
    std::vector<std::byte> buffer(8192);
    // Every inode that could be one, as a walk over the tables meets them.
    for (std::uint64_t number = 1; number <= std::min<std::uint64_t>((*filesystem)->highest_inode(), 320); ++number)
        look_at(**filesystem, {number, 0}, inode, buffer);
    unsigned deleted = 0;
    (void)(*filesystem)->deleted_inodes([&](image::InodeId) { return ++deleted < 1000 ? base::Next::go_on : base::Next::stop; });
    return 0;
}
