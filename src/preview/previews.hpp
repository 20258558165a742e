// One function a kind. Each reads hostile bytes through the sources alone, writes into the answer what it can make out,
// and gives the place to go on from (-1: nothing more).
#pragma once

#include <memory>
#include <vector>

#include "base/byte_source.hpp"
#include "base/result.hpp"
#include "preview/answer.hpp"

namespace deadbox::preview {

// The file first; a database's write-ahead log and journal behind it. nullptr: there is none.
using Sources = std::vector<std::unique_ptr<base::ByteSource>>;

base::Result<std::int64_t> media(const Order& order, const Sources& sources, Answer& answer);
base::Result<std::int64_t> archive(const Order& order, const Sources& sources, Answer& answer);
base::Result<std::int64_t> database(const Order& order, const Sources& sources, Answer& answer);
base::Result<std::int64_t> journal(const Order& order, const Sources& sources, Answer& answer);
base::Result<std::int64_t> elf(const Order& order, const Sources& sources, Answer& answer);
base::Result<std::int64_t> markers(const Order& order, const Sources& sources, Answer& answer);

}  // namespace deadbox::preview
