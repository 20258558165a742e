// Reads folders and nameless inodes: wave "walk".
#pragma once

#include "image/filesystem.hpp"
#include "ipc/protocol.hpp"
#include "worker/outbox.hpp"

namespace deadbox::worker {

// The root's own inode.
void send_root(const image::FileSystem& filesystem, std::int64_t tree, Outbox& outbox);
// Names of one folder, ordered by inode and name, each with its inode.
void walk_directory(const image::FileSystem& filesystem, std::int64_t tree, std::uint64_t directory, Outbox& outbox, ipc::Slot& slot);
// Inodes that are not allocated and still say something. The engine drops those that have a name.
void walk_orphans(const image::FileSystem& filesystem, Outbox& outbox, ipc::Slot& slot);

}  // namespace deadbox::worker
