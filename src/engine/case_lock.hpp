// Holding the case for an analysis: one at a time. Readers and the analyst's short edits need no lock.
#pragma once

#include "base/descriptor.hpp"

namespace deadbox::engine {

// Released when the descriptor is closed, which must be after the last connection of this process is. Errc::busy names
// the case where another analysis holds it.
base::Result<base::Descriptor> lock_case(const std::string& path);

}  // namespace deadbox::engine
