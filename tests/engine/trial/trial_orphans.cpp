// Stands between the worker of the tests and its listing of deleted inodes (linked with --wrap): goes wrong on a file system
// whose root says so, as a reader that a damaged file system leads astray would.
#include <atomic>
#include <cstdlib>
#include <string>

#include "worker/walk.hpp"

namespace deadbox::worker {

void list_them(const image::FileSystem& filesystem, Outbox& outbox, ipc::Slot& slot) asm("__real_" TRIAL_WALK_ORPHANS);
void go_wrong_or_list_them(const image::FileSystem& filesystem, Outbox& outbox, ipc::Slot& slot) asm("__wrap_" TRIAL_WALK_ORPHANS);

void go_wrong_or_list_them(const image::FileSystem& filesystem, Outbox& outbox, ipc::Slot& slot) {
    std::string word;
    (void)filesystem.entries(filesystem.root(0), [&](const image::Entry& entry) {
        if (entry.name.starts_with("orphans-")) word = entry.name.substr(8);
        return base::Next::go_on;
    });
    if (word == "abort") std::abort();
    if (word == "spin")
        for (std::atomic<int> turn = 0;; ++turn) {}
    list_them(filesystem, outbox, slot);
}

}  // namespace deadbox::worker
