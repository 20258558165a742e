// Login records as glibc lays them out. Pure decoders.
//                  384 (x86, arm, ppc …)     400 (aarch64), 400be (s390x)
//   ut_type        i16 at 0, 2 unused        the same
//   ut_pid         i32 at 4
//   ut_line        32 bytes at 8
//   ut_id          4 bytes at 40
//   ut_user        32 bytes at 44
//   ut_host        256 bytes at 76
//   ut_exit        2 × i16 at 332
//   ut_session     i32 at 336                i64 at 336
//   ut_tv          i32, i32 at 340           i64, i64 at 344
//   ut_addr_v6     16 bytes at 348           16 bytes at 360
//   unused         20 bytes at 364           20 bytes at 376, 4 of padding
// lastlog: time i32 (x86) or i64 (aarch64), line 32, host 256 bytes: 292 or 296; the place is the user id.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/timestamp.hpp"

namespace deadbox::plugins::utmp {

enum class Layout : std::uint8_t { narrow, wide, wide_big_endian };
std::size_t record_size(Layout layout);
std::string_view layout_name(Layout layout);

enum Type : std::int16_t { empty, run_level, boot_time, new_time, old_time, init_process, login_process, user_process, dead_process, accounting };

// Views are into the record.
struct Record {
    std::int16_t type = 0;
    std::int32_t pid = 0;
    std::string_view line, id, user, host;
    std::int16_t termination = 0, exit = 0;
    std::int64_t session = 0, seconds = 0, microseconds = 0;
    std::string address;  // text of ut_addr_v6; empty when it is zero
};

// `bytes` has record_size(layout) bytes at least.
Record decode(base::ByteView bytes, Layout layout);
bool is_zero(base::ByteView bytes);
// A known type, a time between 1980 and 2100, text where text belongs, zeros where nothing belongs.
bool is_plausible(base::ByteView bytes, Layout layout);
// The layout under which most of these records make sense.
std::optional<Layout> guess_layout(base::ByteView head, std::uint64_t size);

struct LastLogin {
    std::int64_t seconds = 0;
    std::string_view line, host;
};
LastLogin decode_last_login(base::ByteView bytes, bool wide);
bool is_plausible_last_login(base::ByteView bytes, bool wide);

}  // namespace deadbox::plugins::utmp
