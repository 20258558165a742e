// RAR 4:  block = crc le16, type u8, flags le16, size le16 [, added le32 with flag 0x8000]; 0x73 main, 0x74 file
// RAR 5:  block = crc le32, header size vint, type vint, flags vint [, extra size][, data size], ...; 1 main, 2 file, 4 encryption
// ZIP:    local headers; ISO 9660: volume label at 32808; torrent: bencoded dictionary
#include <algorithm>

#include "base/byte_cursor.hpp"
#include "media/container.hpp"

namespace deadbox::plugins::media {
namespace {

using base::as_text;

constexpr int k_most_names = 64;

void read_rar4(Window& in, Metadata& out) {
    out.format = "rar4";
    std::uint64_t place = 7;
    for (int budget = k_most_names; budget > 0; --budget) {
        const auto b = in.at(place, 1024);
        if (b.size() < 7) return;
        const unsigned type = base::load_u8(b, 2), flags = base::load_le16(b, 3);
        const std::uint64_t size = base::load_le16(b, 5);
        std::uint64_t added = (flags & 0x8000) != 0 ? base::load_le32(b, 7) : 0;
        if (size < 7) return;
        if (type == 0x73) {
            out.volume = (flags & 1) != 0;
            if ((flags & 0x80) != 0) return;  // encrypted headers
        } else if (type == 0x74) {
            const std::size_t name_size = base::load_le16(b, 26), name_at = (flags & 0x100) != 0 ? 40 : 32;
            if ((flags & 0x100) != 0) added |= std::uint64_t{base::load_le32(b, 32)} << 32;
            if (name_at > b.size() || name_size > b.size() - name_at) return;
            const auto name = as_text(b.subspan(name_at, name_size));
            inner_name(name.substr(0, name.find('\0')), out);
        } else if (type < 0x72 || type > 0x7b) return;
        if (size + added < size || place + size + added <= place) return;
        place += size + added;
    }
}

std::uint64_t vint(base::ByteCursor& in) {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
        const auto byte = in.u8();
        value |= std::uint64_t{byte & 0x7fu} << shift;
        if ((byte & 0x80) == 0) break;
    }
    return value;
}

void read_rar5(Window& in, Metadata& out) {
    out.format = "rar5";
    std::uint64_t place = 8;
    for (int budget = k_most_names; budget > 0; --budget) {
        const auto b = in.at(place, 2048);
        base::ByteCursor cursor(b);
        cursor.skip(4);
        const auto size = vint(cursor);
        const auto start = cursor.offset();
        const auto type = vint(cursor), flags = vint(cursor);
        if ((flags & 1) != 0) vint(cursor);
        const auto data = (flags & 2) != 0 ? vint(cursor) : 0;
        if (!cursor.ok() || size == 0 || size > (1u << 21)) return;
        if (type == 1) out.volume = (vint(cursor) & 1) != 0;
        else if (type == 2) {
            const auto file_flags = vint(cursor);
            vint(cursor), vint(cursor);
            if ((file_flags & 2) != 0) cursor.skip(4);
            if ((file_flags & 4) != 0) cursor.skip(4);
            vint(cursor), vint(cursor);
            const auto length = vint(cursor);
            const auto name = cursor.take(static_cast<std::size_t>(std::min<std::uint64_t>(length, 4096)));
            if (cursor.ok()) inner_name(as_text(name), out);
        } else if (type == 4 || type == 5) return;
        const auto next = place + start + size;
        if (data > in.size() || next + data <= place) return;
        place = next + data;
    }
}

}  // namespace

void read_rar(Window& in, Metadata& out) {
    if (as_text(in.head()).starts_with("Rar!\x1a\x07\x01")) read_rar5(in, out);
    else read_rar4(in, out);
}

void read_zip(Window& in, Metadata& out) {
    const auto head = in.head();
    std::size_t place = 0;
    for (int budget = k_most_names; budget > 0 && place <= head.size() && head.size() - place >= 30; --budget) {
        if (as_text(head.subspan(place, 4)) != "PK\3\4") return;
        const std::size_t name = base::load_le16(head, place + 26), extra = base::load_le16(head, place + 28);
        if (name + extra > head.size() - place - 30) return;
        inner_name(as_text(head.subspan(place + 30, name)), out);
        const std::uint64_t packed = base::load_le32(head, place + 18);
        const auto body = place + 30 + name + extra;
        if ((base::load_le16(head, place + 6) & 8) != 0 && packed == 0) {
            const auto next = as_text(head).find("PK\3\4", body);
            if (next == std::string_view::npos) return;
            place = next;
        } else if (packed > head.size() - body) return;
        else place = body + static_cast<std::size_t>(packed);
    }
}

void read_disc(Window& in, Metadata& out) {
    const auto label = in.at(32808, 32);
    if (label.size() == 32) out.title = latin1_text(as_text(label));
}

void read_torrent(Window& in, Metadata& out) {
    const auto text = as_text(in.head());
    // A bencoded string behind `key`: LENGTH ':' bytes.
    const auto string_behind = [&](std::string_view key, std::size_t from) -> std::string_view {
        const auto place = text.find(key, from);
        if (place == std::string_view::npos) return {};
        std::size_t length = 0, at = place + key.size();
        for (int digits = 0; at < text.size() && text[at] >= '0' && text[at] <= '9' && digits < 5; ++at, ++digits) length = length * 10 + static_cast<std::size_t>(text[at] - '0');
        if (at >= text.size() || text[at] != ':' || length > text.size() - at - 1) return {};
        return text.substr(at + 1, length);
    };
    const auto info = text.find("4:infod");
    const auto start = info == std::string_view::npos ? 0 : info;
    out.title = tag_text(string_behind("4:name", start));
    for (std::size_t place = start; out.inner_names < k_most_names;) {
        place = text.find("4:pathl", place);
        if (place == std::string_view::npos) break;
        inner_name(string_behind("4:pathl", place), out);
        place += 7;
    }
    if (out.inner_names == 0 && !out.title.empty()) inner_name(out.title, out);
}

}  // namespace deadbox::plugins::media
