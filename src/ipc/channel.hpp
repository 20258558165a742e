// Frames over a socket.
#pragma once

#include <string>

#include "base/descriptor.hpp"
#include "base/result.hpp"

namespace deadbox::ipc {

// Writes all of it; waits where the peer is slow.
base::Result<void> write_all(int fd, std::string_view bytes);
// Reads exactly one frame (without its length). Errc::not_found: the peer closed in between frames.
base::Result<std::string> read_frame(int fd);
// One frame with a descriptor beside it.
base::Result<void> send_with_descriptor(int fd, std::string_view frame, int passed);
// The frame is given without its length.
base::Result<std::pair<std::string, base::Descriptor>> receive_with_descriptor(int fd);

}  // namespace deadbox::ipc
