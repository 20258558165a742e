// Pictures by Qt's image readers.
#pragma once

#include "preview/previews.hpp"

namespace deadbox::preview {

// Loads the decoders' plug-ins and starts their threads: both need what the lock-down takes away.
void prepare_pictures();
// The picture's pixels, its own size or smaller: RGBA, 8 bits each, not premultiplied, at most order.side on the longer side.
base::Result<std::int64_t> picture(const Order& order, const Sources& sources, Answer& answer);

}  // namespace deadbox::preview
