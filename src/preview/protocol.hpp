// What the window and deadbox-preview say to each other, in ipc's frames over standard input and output. The process has
// no file: each byte that it looks at is asked for, so a file of any size costs what is looked at.
//
//   window  -> order     part, after, most, side, size of each source (-1: there is none)
//   process -> need      source, offset, length                       answered with bytes or no_bytes, nothing else
//   process -> property  group, name, value
//   process -> table     name, rows (-1: not known), then name and form of each column
//   process -> row       cells: null, number, real or raw bytes
//   process -> marker    offset, length, depth, label, detail
//   process -> picture   shown width and height, own width and height, format; then pixels until all rows are there
//   process -> note      reason
//   process -> end       after (-1: nothing more)       the process waits for the next order
//   process -> failed    what                           as above
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace deadbox::preview {

enum class Say : std::uint8_t { order = 1, bytes, no_bytes, need = 16, property, table, row, marker, picture, pixels, note, end, failed };

// How a column's cells are read.
enum class Form : std::uint8_t {
    text,   // raw bytes
    number,
    size,   // bytes
    time,   // microseconds since 1970, UTC
    wall,   // seconds since 1970 as a clock without a zone showed them
    mode,   // permission bits
};

struct Order {
    std::string part;         // a database's table; "" for the list of them, and for all else
    std::int64_t after = 0;   // where the last answer ended, 0 for the beginning
    std::int64_t most = 500;  // rows
    int side = 1600;          // pixels of a picture's longer side
    std::vector<std::int64_t> sizes;
};

inline constexpr std::size_t k_longest_piece = 1 << 20;    // of bytes and pixels
inline constexpr std::size_t k_longest_cell = 4096;        // longer ones are cut, with "…"
inline constexpr std::int64_t k_most_rows = 2000;          // of one answer
inline constexpr std::size_t k_most_markers = 5000;
// Of one answer, for whoever reads it: more is the answer of a process that is not ours any more.
inline constexpr std::size_t k_largest_answer = 320ull << 20;

}  // namespace deadbox::preview
