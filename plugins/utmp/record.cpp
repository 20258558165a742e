#include "utmp/record.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace deadbox::plugins::utmp {
namespace {

template <class T>
T load(base::ByteView bytes, std::size_t offset, Layout layout) {
    using U = std::make_unsigned_t<T>;
    return static_cast<T>(layout == Layout::wide_big_endian ? base::load_be<U>(bytes, offset) : base::load_le<U>(bytes, offset));
}

std::string_view text(base::ByteView bytes, std::size_t offset, std::size_t size) {
    const auto all = base::as_text(bytes.subspan(offset, size));
    return all.substr(0, all.find('\0'));
}

// Printable up to its NUL; bytes above 127 may be a name in UTF-8. (Behind the NUL old text may be left over.)
bool is_name(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 32 && c != 127; });
}

constexpr std::int64_t k_earliest_record = 315532800, k_latest_record = 4102444800;  // 1980, 2100

}  // namespace

std::size_t record_size(Layout layout) { return layout == Layout::narrow ? 384 : 400; }
std::string_view layout_name(Layout layout) { return layout == Layout::narrow ? "384" : layout == Layout::wide ? "400" : "400be"; }

Record decode(base::ByteView b, Layout layout) {
    Record r;
    r.type = load<std::int16_t>(b, 0, layout);
    r.pid = load<std::int32_t>(b, 4, layout);
    r.line = text(b, 8, 32), r.id = text(b, 40, 4), r.user = text(b, 44, 32), r.host = text(b, 76, 256);
    r.termination = load<std::int16_t>(b, 332, layout), r.exit = load<std::int16_t>(b, 334, layout);
    const bool wide = layout != Layout::narrow;
    if (wide) {
        r.session = load<std::int64_t>(b, 336, layout);
        r.seconds = load<std::int64_t>(b, 344, layout), r.microseconds = load<std::int64_t>(b, 352, layout);
    } else {
        r.session = load<std::int32_t>(b, 336, layout);
        // An unsigned reading carries 32-bit times to 2106.
        r.seconds = base::load_le32(b, 340), r.microseconds = load<std::int32_t>(b, 344, layout);
    }
    const auto address = b.subspan(wide ? 360 : 348, 16);
    if (!is_zero(address)) {
        std::array<char, INET6_ADDRSTRLEN> out{};
        const bool v4 = is_zero(address.subspan(4));
        const bool mapped = is_zero(address.first(10)) && address[10] == std::byte{255} && address[11] == std::byte{255};
        if (inet_ntop(v4 || mapped ? AF_INET : AF_INET6, mapped ? address.data() + 12 : address.data(), out.data(), out.size()) != nullptr) r.address = out.data();
    }
    return r;
}

bool is_zero(base::ByteView bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

bool is_plausible(base::ByteView b, Layout layout) {
    const auto r = decode(b, layout);
    if (r.type < empty || r.type > accounting) return false;
    if (r.microseconds < 0 || r.microseconds > 999'999) return false;
    if (r.seconds != 0 && (r.seconds < k_earliest_record || r.seconds >= k_latest_record)) return false;
    if (r.seconds == 0 && r.type != empty) return false;
    return is_name(r.line) && is_name(r.user) && is_name(r.host) && is_zero(b.subspan(layout == Layout::narrow ? 364 : 376, 20));
}

std::optional<Layout> guess_layout(base::ByteView head, std::uint64_t size) {
    std::optional<Layout> best;
    std::size_t best_score = 0;
    for (const auto layout : {Layout::narrow, Layout::wide, Layout::wide_big_endian}) {
        const auto length = record_size(layout);
        std::size_t score = 0;
        for (std::size_t i = 0; i < 128 && (i + 1) * length <= head.size(); ++i) {
            const auto record = head.subspan(i * length, length);
            if (!is_zero(record) && is_plausible(record, layout)) score += 2;
        }
        if (score > 0 && size % length == 0) ++score;
        if (score > best_score) best_score = score, best = layout;
    }
    return best;
}

LastLogin decode_last_login(base::ByteView b, bool wide) {
    const std::size_t time = wide ? 8 : 4;
    return {wide ? static_cast<std::int64_t>(base::load_le64(b, 0)) : std::int64_t{base::load_le32(b, 0)}, text(b, time, 32), text(b, time + 32, 256)};
}

bool is_plausible_last_login(base::ByteView b, bool wide) {
    const auto r = decode_last_login(b, wide);
    return r.seconds >= k_earliest_record && r.seconds < k_latest_record && is_name(r.line) && is_name(r.host);
}

}  // namespace deadbox::plugins::utmp
