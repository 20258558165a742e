// manifest_tool IMAGE [nohash] [nojournal] [removed] [deleted] [offset=BYTES]: what our readers see of a file system, on
// stdout; what was damaged, on stderr.
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>

#include "base/descriptor.hpp"
#include "manifest.hpp"

int main(int argc, char** argv) {
    using namespace deadbox;
    auto digests = test::Digests::compute;
    auto removed = test::Removed::leave_out;
    auto journal = image::JournalUse::replay;
    bool deleted = false;
    std::uint64_t offset = 0;
    for (int i = 2; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "nohash") digests = test::Digests::leave_out;
        if (word == "nojournal") journal = image::JournalUse::ignore;
        if (word == "removed") removed = test::Removed::list;
        if (word == "deleted") deleted = true;
        if (word.starts_with("offset=")) offset = std::stoull(word.substr(7));
    }
    const auto file = base::FileSource::open(argc > 1 ? argv[1] : "");
    if (!file) return std::fprintf(stderr, "%s\n", file.error().what.c_str()), 2;
    std::shared_ptr<const base::ByteSource> volume = *file;
    if (offset != 0) volume = std::make_shared<base::SliceSource>(volume, offset, volume->size());
    const auto damage = std::make_shared<test::CollectedDamage>();
    const auto tell = [&] {
        for (std::size_t i = 0; i < damage->gaps.size() && i < 50; ++i)
            std::fprintf(stderr, "%s: %s (%s)\n", damage->gaps[i].level == base::Gap::Level::gap ? "gap" : "note", damage->gaps[i].reason.c_str(), damage->gaps[i].detail.c_str());
    };
    for (const auto* format : image::filesystem_formats()) {
        if (!format->claims(*volume)) continue;
        const auto opened = format->open(volume, journal, damage);
        if (!opened) {
            tell();
            return std::fprintf(stderr, "%s\n", opened.error().what.c_str()), 3;
        }
        std::fprintf(stderr, "%s, journal %s%s\n", (*opened)->name().c_str(), (*opened)->journal().c_str(), (*opened)->clean() ? "" : ", unclean");
        std::ios::sync_with_stdio(false);
        test::write_manifest(**opened, std::cout, digests, removed);
        if (deleted) {
            image::Inode inode;
            const auto walked = (*opened)->deleted_inodes([&](image::InodeId id) {
                if ((*opened)->inode(id, inode))
                    std::cout << "deleted inode " << id.number << " size " << inode.size << " mode " << std::oct << inode.mode << std::dec << " at "
                              << (inode.deleted ? base::to_rfc3339(*inode.deleted) : "?") << "\n";
                return base::Next::go_on;
            });
            if (!walked) std::fprintf(stderr, "%s\n", walked.error().what.c_str());
        }
        tell();
        return 0;
    }
    return std::fprintf(stderr, "no file system is known here\n"), 3;
}
