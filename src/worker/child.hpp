// A locked-down child: takes orders from the engine on one socket until it is closed.
#pragma once

#include "base/descriptor.hpp"
#include "ipc/protocol.hpp"
#include "worker/files.hpp"

namespace deadbox::worker {

[[noreturn]] void run_child(base::Descriptor socket, ipc::Slot& slot, FileReader& reader);

}  // namespace deadbox::worker
