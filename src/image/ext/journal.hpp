// The journal (jbd2): which blocks of the file system have a newer committed copy there, and what fast commits say happened
// after the last whole transaction. Nothing is written: the answer is laid over the volume.
#pragma once

#include <string>

#include "image/ext/ext_volume.hpp"

namespace deadbox::image::ext {

struct JournalReplay {
    enum class State : std::uint8_t { none, empty, pending, damaged, elsewhere } state = State::none;
    std::uint32_t transactions = 0;
    Overlay overlay;
    // Journal blocks of the fast-commit area in order (blocks of the volume), and the transaction they belong to.
    std::vector<std::uint64_t> fast_commit_blocks;
    std::uint32_t fast_commit_transaction = 0;
    bool damaged_records = false;  // some of it could not be believed and was left out
    std::string trouble;           // in words, where there is any
};

// Reads the internal journal of `volume`, on which nothing may lie over yet. Without `needed` (the superblock says that it
// was cleanly unmounted) only its state is looked at.
JournalReplay read_journal(const ExtVolume& volume, bool needed);

// The changes in the fast-commit area, over a volume on which the overlay lies already.
FastCommits read_fast_commits(const ExtVolume& volume, const JournalReplay& journal);

}  // namespace deadbox::image::ext
