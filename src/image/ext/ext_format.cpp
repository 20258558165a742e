#include "image/ext/ext_format.hpp"

#include <fmt/format.h>

#include "image/ext/ext_filesystem.hpp"
#include "image/ext/journal.hpp"

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

// Lays the journal over the volume, where that is wanted and needed; what FileSystem::journal() is to say.
std::string use_journal(ExtVolume& volume, JournalUse use, bool unclean, bool from_backup, base::DamageSink& damage) {
    using State = JournalReplay::State;
    const std::string area = volume.superblock().type_name();
    // A backup superblock does not know how the file system was left: the journal itself does.
    const bool needed = unclean || from_backup;
    auto journal = read_journal(volume, needed && use == JournalUse::replay);
    if (journal.state == State::none) return "none";
    if (journal.state == State::elsewhere) {
        if (unclean) damage.damage({Gap::Level::gap, area, "the journal lies on another device: what was written last is lost", "", ""});
        return unclean ? "damaged" : "none";
    }
    if (journal.state == State::damaged) {
        damage.damage({unclean ? Gap::Level::gap : Gap::Level::note, area,
                       unclean ? "the journal is damaged or not there: what was written last is lost" : "the journal is damaged", "", journal.trouble});
        return "damaged";
    }
    if (journal.state == State::empty || !needed) return "empty";
    if (use == JournalUse::ignore) {
        damage.damage({Gap::Level::limit, area, "the journal was ignored: what was written last is not shown", "", ""});
        return "ignored";
    }
    if (journal.damaged_records) damage.damage({Gap::Level::gap, area, "parts of the journal are damaged: some of what was written last is lost", "", journal.trouble});
    volume.blocks().lay_over(std::move(journal.overlay));
    volume.reread_superblock();
    volume.apply(read_fast_commits(volume, journal));
    return "replayed";
}

class ExtFormat final : public FileSystemFormat {
public:
    std::string_view name() const override { return "ext"; }
    bool claims(const base::ByteSource& volume) const override { return looks_like_ext(volume); }

    base::Result<std::unique_ptr<FileSystem>> open(std::shared_ptr<const base::ByteSource> source, JournalUse use,
                                                   std::shared_ptr<base::DamageSink> damage) const override {
        TRY_ASSIGN(FoundSuperblock found, find_superblock(*source, *damage));
        if (found.superblock.has_incompat(incompat::journal_dev))
            return fail(Errc::unsupported, "this is the external journal of an ext file system, not a file system");
        tell_of_limits(found.superblock, *source, *damage);
        const bool unclean = found.superblock.has_incompat(incompat::recover), from_backup = found.backup();
        const bool clean = !unclean && (found.superblock.state & 1) != 0;
        auto volume = std::make_shared<ExtVolume>(std::move(found), std::move(source), damage);
        auto journal = use_journal(*volume, use, unclean, from_backup, *damage);
        return std::make_unique<ExtFileSystem>(std::move(volume), std::move(journal), clean);
    }
};

}  // namespace

const FileSystemFormat& ext_format() {
    static const ExtFormat format;
    return format;
}

}  // namespace deadbox::image::ext
