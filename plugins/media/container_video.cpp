// ISO base media / QuickTime:  box = size be32 (1: be64 follows, 0: to the end), type 4, body
//                              moov{ mvhd trak{ mdia{ hdlr minf{ stbl{ stsd }}}} udta{ meta{ ilst{ ©nam{data} }}}}
// Matroska (RFC 8794, 9559):   element = id vint, size vint, body;  Segment{ Info{} Tracks{ TrackEntry{} } }
// AVI:                         RIFF AVI { LIST hdrl { avih LIST strl { strh strf } } LIST INFO {} }
// ASF:                         object = GUID 16, size le64, body
#include <algorithm>
#include <bit>

#include "base/byte_cursor.hpp"
#include "media/container.hpp"

namespace deadbox::plugins::media {
namespace {

using base::as_text;
using namespace std::string_view_literals;

std::string four_cc(base::ByteView bytes) {
    std::string text;
    for (const char c : as_text(bytes)) {
        if (c > ' ' && c < 0x7f) text += c;
    }
    return text;
}

struct Boxes {
    Window& in;
    Metadata& out;
    int budget = 300;

    void walk(std::uint64_t from, std::uint64_t to, int depth, std::string_view parent) {
        while (from < to && to - from >= 8 && budget-- > 0) {
            const auto header = in.at(from, 16);
            if (header.size() < 8) return;
            std::uint64_t size = base::load_be32(header, 0), body = 8;
            const std::string type(as_text(header.subspan(4, 4)));
            if (size == 1) {
                if (header.size() < 16) return;
                size = base::load_be64(header, 8), body = 16;
            } else if (size == 0) size = to - from;
            if (size < body || size > to - from) {
                if (depth > 0 || size < body) return;
                size = to - from;  // cut off at the end: what is there still tells
            }
            box(type, from + body, from + size, depth, parent);
            from += size;
        }
    }

    void box(std::string_view type, std::uint64_t from, std::uint64_t to, int depth, std::string_view parent) {
        if (depth < 8 && (type == "moov" || type == "trak" || type == "mdia" || type == "minf" || type == "stbl" || type == "udta" || type == "ilst")) return walk(from, to, depth + 1, type);
        if (depth < 8 && type == "meta") {  // a full box in MP4, a plain one in QuickTime
            const auto start = in.at(from, 8);
            return walk(start.size() == 8 && as_text(start.subspan(4, 4)) == "hdlr" ? from : from + 4, to, depth + 1, type);
        }
        if (type == "mvhd") {
            const auto b = in.at(from, 32);
            if (b.size() < 32) return;
            const bool wide = base::load_u8(b, 0) == 1;
            const double scale = base::load_be32(b, wide ? 20 : 12);
            const double length = wide ? static_cast<double>(base::load_be64(b, 24)) : base::load_be32(b, 16);
            if (scale > 0) out.duration = length / scale;
        } else if (type == "stsd") {
            const auto b = in.at(from, 8 + 36);
            if (b.size() < 16) return;
            const auto codec = four_cc(b.subspan(12, 4));
            const auto width = base::load_be16(b, 40), height = base::load_be16(b, 42);
            const bool sound = codec == "mp4a" || codec == "ac-3" || codec == "ec-3" || codec == "alac" || codec == "Opus" || codec == "fLaC" || codec == ".mp3" || codec == "samr" || codec == "sowt" || codec == "twos" || codec == "lpcm";
            const bool picture = !sound && width > 0 && height > 0 && codec != "text" && codec != "tx3g" && codec != "tmcd" && codec != "rtp";
            if (picture && !out.width) out.width = width, out.height = height, out.codec = codec;
            else if (out.codec.empty()) out.codec = codec;
        } else if (parent == "ilst" || parent == "udta") {
            std::string* field = type == "\xa9nam" ? &out.title : type == "\xa9" "ART" ? &out.artist : type == "\xa9" "alb" ? &out.album : nullptr;
            if (!field || !field->empty()) return;
            const auto b = in.at(from, static_cast<std::size_t>(std::min<std::uint64_t>(to - from, 512)));
            if (b.size() > 16 && as_text(b.subspan(4, 4)) == "data") *field = tag_text(as_text(b.subspan(16)));
            else if (b.size() > 4 && parent == "udta") *field = tag_text(as_text(b.subspan(4, std::min<std::size_t>(base::load_be16(b, 0), b.size() - 4))));
        }
    }
};

// An EBML number: the length is told by leading zero bits. The id keeps its marker, the size loses it.
std::uint64_t ebml_number(base::ByteCursor& in, bool keep_marker) {
    const std::uint8_t first = in.u8();
    if (first == 0) {
        in.skip(~std::size_t{0});
        return 0;
    }
    const int more = std::countl_zero(first);
    std::uint64_t value = keep_marker ? first : first & (0xff >> (more + 1));
    bool ones = !keep_marker && value == static_cast<std::uint64_t>(0xff >> (more + 1));
    for (int i = 0; i < more; ++i) {
        const auto byte = in.u8();
        value = value << 8 | byte;
        ones = ones && byte == 0xff;
    }
    return ones ? ~std::uint64_t{0} : value;  // all ones: unknown size
}

struct Ebml {
    Metadata& out;
    double scale = 1'000'000, length = -1;
    int budget = 4000;
    std::string tag_name{};

    static std::uint64_t number(base::ByteView b) {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < std::min<std::size_t>(b.size(), 8); ++i) value = value << 8 | base::load_u8(b, i);
        return value;
    }
    static double real(base::ByteView b) {
        if (b.size() == 4) return std::bit_cast<float>(base::load_be32(b, 0));
        return b.size() == 8 ? std::bit_cast<double>(base::load_be64(b, 0)) : -1;
    }

    void walk(base::ByteView bytes, int depth) {
        base::ByteCursor in(bytes);
        while (in.left() > 1 && budget-- > 0) {
            const auto id = ebml_number(in, true);
            const auto size = ebml_number(in, false);
            if (!in.ok()) return;
            const auto body = in.take(static_cast<std::size_t>(std::min<std::uint64_t>(size, in.left())));
            switch (id) {
                case 0x18538067: case 0x1549a966: case 0x1654ae6b: case 0xae: case 0xe0: case 0x1254c367: case 0x7373: case 0x67c8:
                    if (depth < 6) walk(body, depth + 1);
                    break;
                case 0x2ad7b1: scale = static_cast<double>(number(body)); break;
                case 0x4489: length = real(body); break;
                case 0x7ba9: if (out.title.empty()) out.title = tag_text(as_text(body)); break;
                case 0x86:
                    if (out.codec.empty() || as_text(body).starts_with("V_")) out.codec = tag_text(as_text(body).substr(0, 32));
                    break;
                case 0xb0: if (!out.width) out.width = static_cast<std::int64_t>(number(body) & 0xffffff); break;
                case 0xba: if (!out.height) out.height = static_cast<std::int64_t>(number(body) & 0xffffff); break;
                case 0x45a3: tag_name = tag_text(as_text(body)); break;
                case 0x4487:
                    if (tag_name == "ARTIST" && out.artist.empty()) out.artist = tag_text(as_text(body));
                    if (tag_name == "ALBUM" && out.album.empty()) out.album = tag_text(as_text(body));
                    break;
                case 0x1f43b675: return;  // Cluster: sound and pictures from here on
                default: break;
            }
        }
    }
};

}  // namespace

void read_mp4(Window& in, Metadata& out) {
    Boxes boxes{in, out};
    boxes.walk(0, in.size(), 0, "");
    if (out.kind == Kind::video && !out.width && (out.codec == "mp4a" || out.codec == "alac" || out.codec == "ac-3" || out.codec == "Opus")) out.kind = Kind::audio;
}

void read_matroska(Window& in, Metadata& out) {
    Ebml ebml{out};
    ebml.walk(in.head(), 0);
    if (ebml.length >= 0) out.duration = ebml.length * ebml.scale / 1e9;
    if (out.codec.starts_with("A_")) out.kind = Kind::audio;
}

void read_avi(Window& in, Metadata& out) {
    const auto head = in.head();
    base::ByteCursor cursor(head, std::min<std::size_t>(12, head.size()));
    for (int budget = 200; cursor.left() >= 8 && budget > 0; --budget) {
        const auto id = as_text(cursor.take(4));
        const std::size_t size = cursor.le32();
        if (id == "LIST") {  // its members follow
            if (as_text(cursor.take(4)) == "movi") break;
            continue;
        }
        const auto body = cursor.take(std::min(size, cursor.left()));
        if (id == "avih" && body.size() >= 40) {
            const double frame = base::load_le32(body, 0), frames = base::load_le32(body, 16);
            if (frame > 0) out.duration = frame * frames / 1e6;
            out.width = base::load_le32(body, 32), out.height = base::load_le32(body, 36);
        } else if (id == "strh" && body.size() >= 8 && as_text(body.first(4)) == "vids") out.codec = four_cc(body.subspan(4, 4));
        else if (id == "INAM") out.title = latin1_text(as_text(body));
        else if (id == "IART") out.artist = latin1_text(as_text(body));
        if (size % 2 == 1) cursor.skip(std::min<std::size_t>(1, cursor.left()));
    }
}

void read_asf(Window& in, Metadata& out) {
    static constexpr auto k_properties = "\xa1\xdc\xab\x8c\x47\xa9\xcf\x11\x8e\xe4\0\xc0\x0c\x20\x53\x65"sv;
    static constexpr auto k_content = "\x33\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\0\xaa\0\x62\xce\x6c"sv;
    static constexpr auto k_stream = "\x91\x07\xdc\xb7\xb7\xa9\xcf\x11\x8e\xe6\0\xc0\x0c\x20\x53\x65"sv;
    static constexpr auto k_video = "\xc0\xef\x19\xbc\x4d\x5b\xcf\x11\xa8\xfd\0\x80\x5f\x5c\x44\x2b"sv;
    base::ByteCursor cursor(in.head(), std::min<std::size_t>(30, in.head().size()));
    for (int budget = 64; cursor.left() >= 24 && budget > 0; --budget) {
        const auto id = as_text(cursor.take(16));
        const auto size = cursor.le64();
        if (size < 24) return;
        const auto body = cursor.take(static_cast<std::size_t>(std::min<std::uint64_t>(size - 24, cursor.left())));
        if (id == k_properties && body.size() >= 64) {
            const double played = static_cast<double>(base::load_le64(body, 40)) / 1e7 - static_cast<double>(base::load_le64(body, 56)) / 1e3;
            out.duration = std::max(played, 0.0);
        } else if (id == k_content && body.size() >= 10) {
            const std::size_t title = base::load_le16(body, 0), author = base::load_le16(body, 2);
            if (title + author <= body.size() - 10) out.title = utf16_text(body.subspan(10, title), false), out.artist = utf16_text(body.subspan(10 + title, author), false);
        } else if (id == k_stream && body.size() >= 54 + 51 && as_text(body.first(16)) == k_video) {
            out.width = base::load_le32(body, 54), out.height = base::load_le32(body, 58);
            out.codec = four_cc(body.subspan(54 + 11 + 16, 4));
        }
    }
}

// onMetaData: names as le... AMF strings, each followed by 00 and a big-endian double.
void read_flv(Window& in, Metadata& out) {
    const auto text = as_text(in.head().first(std::min<std::size_t>(in.head().size(), 4096)));
    const auto number = [&](std::string_view name) -> std::optional<double> {
        const auto place = text.find(name);
        if (place == std::string_view::npos || place + name.size() + 9 > text.size() || text[place + name.size()] != 0) return std::nullopt;
        return std::bit_cast<double>(base::load_be64(in.head(), place + name.size() + 1));
    };
    out.duration = number("duration");
    if (const auto width = number("width"); width && *width > 0 && *width < 1e5) out.width = static_cast<std::int64_t>(*width);
    if (const auto height = number("height"); height && *height > 0 && *height < 1e5) out.height = static_cast<std::int64_t>(*height);
}

void read_real(Window& in, Metadata& out) {
    base::ByteCursor cursor(in.head());
    for (int budget = 32; cursor.left() >= 10 && budget > 0; --budget) {
        const auto id = as_text(cursor.take(4));
        const std::size_t size = cursor.be32();
        if (size < 10) return;
        const auto body = cursor.take(std::min(size - 8, cursor.left()));
        if (id == "PROP" && body.size() >= 26) out.duration = base::load_be32(body, 22) / 1000.0;
        if (id == "CONT" && body.size() >= 4) {
            const std::size_t title = base::load_be16(body, 2);
            if (title + 6 <= body.size()) out.title = latin1_text(as_text(body.subspan(4, title)));
        }
    }
}

// The first sequence header: 00 00 01 b3, 12 bits of width, 12 of height.
void read_mpeg_video(Window& in, Metadata& out) {
    const auto text = as_text(in.head());
    const auto place = text.find("\0\0\1\xb3"sv);
    if (place == std::string_view::npos || place + 7 > text.size()) return;
    const auto b = in.head().subspan(place + 4, 3);
    out.width = base::load_be16(b, 0) >> 4, out.height = base::load_be16(b, 1) & 0xfff;
    out.codec = "mpeg";
}

}  // namespace deadbox::plugins::media
