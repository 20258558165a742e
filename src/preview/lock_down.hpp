// What deadbox-preview gives up before it reads the first byte of the evidence.
#pragma once

#include "base/result.hpp"
#include "preview/kind.hpp"

namespace deadbox::preview {

// No file is opened any more, no socket, no program, no code is made; memory and time of the processor are bounded.
// What a kind needs from files (plug-ins of pictures) was loaded before.
base::Result<void> lock_down(Kind kind);

}  // namespace deadbox::preview
