// Where the content of a file lies on the media.
#pragma once

#include "image/filesystem.hpp"
#include "ipc/protocol.hpp"
#include "worker/outbox.hpp"

namespace deadbox::worker {

// Sends one `place` reply, or none where the file cannot be read. Holes have no place and are left out; so is what is packed
// or lost.
void send_place(const image::FileSystem& filesystem, std::int64_t tree, std::uint64_t number, Outbox& outbox, ipc::Slot& slot);

}  // namespace deadbox::worker
