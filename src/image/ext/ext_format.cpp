#include "image/ext/ext_format.hpp"

#include <fmt/format.h>

#include "image/ext/ext_filesystem.hpp"

namespace deadbox::image::ext {
namespace {

using base::Errc;
using base::fail;
using base::Gap;

void tell_of_limits(const Superblock& super, const base::ByteSource& volume, base::DamageSink& damage) {
    const auto tell = [&](Gap::Level level, std::string reason, std::string detail) { damage.damage({level, super.type_name(), std::move(reason), "", std::move(detail)}); };
    const std::uint64_t size = super.blocks * super.block_size;
    if (size > volume.size())
        tell(Gap::Level::gap, "the file system is larger than its volume: what lies behind the end is lost", fmt::format("{} of {} bytes are there", volume.size(), size));
    if ((super.incompat & ~incompat::known) != 0)
        tell(Gap::Level::gap, "the file system uses features that this reader does not know", fmt::format("incompat 0x{:x}", super.incompat & ~incompat::known));
    if ((super.state & 2) != 0) tell(Gap::Level::note, "the machine's kernel had found errors in this file system", "");
}

class ExtFormat final : public FileSystemFormat {
public:
    std::string_view name() const override { return "ext"; }
    bool claims(const base::ByteSource& volume) const override { return looks_like_ext(volume); }

    base::Result<std::unique_ptr<FileSystem>> open(std::shared_ptr<const base::ByteSource> source, JournalUse,
                                                   std::shared_ptr<base::DamageSink> damage) const override {
        TRY_ASSIGN(FoundSuperblock found, find_superblock(*source, *damage));
        if (found.superblock.has_incompat(incompat::journal_dev))
            return fail(Errc::unsupported, "this is the external journal of an ext file system, not a file system");
        tell_of_limits(found.superblock, *source, *damage);
        auto volume = std::make_shared<ExtVolume>(std::move(found), std::move(source), std::move(damage));
        return std::make_unique<ExtFileSystem>(std::move(volume), "none");
    }
};

}  // namespace

const FileSystemFormat& ext_format() {
    static const ExtFormat format;
    return format;
}

}  // namespace deadbox::image::ext
