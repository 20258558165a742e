// ID3v2 (id3.org 2.2-2.4), ID3v1 (last 128 bytes), MPEG audio frames (ISO/IEC 11172-3), Xing; FLAC (RFC 9639); Ogg
// (RFC 3533) with Vorbis, Opus, Speex, Theora; RIFF WAVE; AIFF.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/byte_cursor.hpp"
#include "media/container.hpp"

namespace deadbox::plugins::media {
namespace {

using base::as_text;
using namespace std::string_view_literals;

std::size_t synchsafe(base::ByteView b, std::size_t o) {
    return std::size_t{base::load_u8(b, o)} << 21 | std::size_t{base::load_u8(b, o + 1)} << 14 | std::size_t{base::load_u8(b, o + 2)} << 7 | base::load_u8(b, o + 3);
}

std::string id3_text(base::ByteView body) {
    if (body.size() < 2) return {};
    const auto text = body.subspan(1, std::min<std::size_t>(body.size() - 1, 600));
    switch (base::load_u8(body, 0)) {
        case 0: return latin1_text(as_text(text));
        case 1: return utf16_text(text, base::load_be16(text, 0) == 0xfeff);
        case 2: return utf16_text(text, true);
        default: return tag_text(as_text(text));
    }
}

// Length of the whole tag, with its header; 0 where there is none.
std::uint64_t read_id3v2(base::ByteView head, Metadata& out) {
    if (!as_text(head).starts_with("ID3") || head.size() < 10) return 0;
    const unsigned version = base::load_u8(head, 3);
    const std::size_t length = 10 + synchsafe(head, 6);
    const auto tag = head.first(std::min(length, head.size()));
    std::size_t place = 10;
    if (version >= 3 && (base::load_u8(head, 5) & 0x40) != 0) place += version == 3 ? 4 + std::min<std::size_t>(base::load_be32(tag, 10), tag.size()) : synchsafe(tag, 10);
    const std::size_t header = version == 2 ? 6 : 10;
    for (int budget = 200; budget > 0 && place <= tag.size() && tag.size() - place >= header; --budget) {
        const auto id = as_text(tag.subspan(place, version == 2 ? 3 : 4));
        if (id[0] == 0) break;
        const std::size_t size = version == 2 ? base::load_be32(tag, place + 2) & 0xffffff : version == 3 ? base::load_be32(tag, place + 4) : synchsafe(tag, place + 4);
        place += header;
        if (size > tag.size() - place) break;
        std::string* field = id == "TIT2" || id == "TT2" ? &out.title : id == "TPE1" || id == "TP1" ? &out.artist : id == "TALB" || id == "TAL" ? &out.album : nullptr;
        if (field && field->empty()) *field = id3_text(tag.subspan(place, size));
        place += size;
    }
    return length;
}

struct Frame {
    std::uint32_t kbit = 0, hertz = 0;
    unsigned version = 0, layer = 0;
    bool mono = false;
};

std::optional<Frame> audio_frame(base::ByteView b, std::size_t o) {
    static constexpr std::array<std::array<std::uint16_t, 16>, 5> k_rates{{
        {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 0}, {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0},
        {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0}, {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256, 0},
        {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0}}};
    const auto a = base::load_u8(b, o + 1), c = base::load_u8(b, o + 2);
    if (base::load_u8(b, o) != 0xff || (a & 0xe0) != 0xe0) return std::nullopt;
    Frame f;
    f.version = a >> 3 & 3, f.layer = 4 - (a >> 1 & 3);
    if (f.version == 1 || f.layer == 4 || (c >> 2 & 3) == 3) return std::nullopt;
    f.kbit = k_rates[f.version == 3 ? f.layer - 1 : f.layer == 1 ? 3 : 4][c >> 4];
    static constexpr std::uint32_t k_hertz[] = {44100, 48000, 32000};
    f.hertz = k_hertz[c >> 2 & 3] >> (f.version == 3 ? 0 : f.version == 2 ? 1 : 2);
    f.mono = base::load_u8(b, o + 3) >> 6 == 3;
    if (f.kbit == 0) return std::nullopt;
    return f;
}

}  // namespace

void read_mp3(Window& in, Metadata& out) {
    const auto start = read_id3v2(in.head(), out);
    const auto audio = in.at(start, 4096);
    for (std::size_t o = 0; o + 64 <= audio.size(); ++o) {
        const auto frame = audio_frame(audio, o);
        if (!frame) continue;
        out.codec = frame->layer == 3 ? "mp3" : frame->layer == 2 ? "mp2" : "mp1";
        const std::size_t side = 4 + (frame->version == 3 ? (frame->mono ? 17 : 32) : (frame->mono ? 9 : 17));
        const auto mark = o + side + 12 <= audio.size() ? as_text(audio.subspan(o + side, 4)) : std::string_view{};
        if ((mark == "Xing" || mark == "Info") && (base::load_be32(audio, o + side + 4) & 1) != 0) {
            const double samples = frame->layer == 3 && frame->version != 3 ? 576 : 1152;
            out.duration = base::load_be32(audio, o + side + 8) * samples / frame->hertz;
        } else {
            out.bitrate = frame->kbit * 1000;
            out.duration = static_cast<double>(in.size() - std::min(in.size(), start)) * 8 / (frame->kbit * 1000.0);
        }
        break;
    }
    if (in.size() >= 128 && (out.title.empty() || out.artist.empty())) {
        const auto old = in.at(in.size() - 128, 128);
        if (old.size() == 128 && as_text(old).starts_with("TAG")) {
            if (out.title.empty()) out.title = latin1_text(as_text(old.subspan(3, 30)));
            if (out.artist.empty()) out.artist = latin1_text(as_text(old.subspan(33, 30)));
            if (out.album.empty()) out.album = latin1_text(as_text(old.subspan(63, 30)));
        }
    }
}

// "fLaC", then blocks: last flag and type u8, length be24, body. Type 0 STREAMINFO, 4 comments.
void read_flac(Window& in, Metadata& out) {
    std::uint64_t place = 4 + read_id3v2(in.head(), out);
    for (int budget = 64; budget > 0; --budget) {
        const auto header = in.at(place, 4);
        if (header.size() < 4) return;
        const unsigned type = base::load_u8(header, 0);
        const std::size_t length = base::load_be32(header, 0) & 0xffffff;
        place += 4;
        if ((type & 0x7f) == 0) {
            const auto info = in.at(place, 34);
            if (info.size() < 34) return;
            const std::uint64_t packed = base::load_be64(info, 10);
            const auto hertz = packed >> 44;
            if (hertz > 0) out.duration = static_cast<double>(packed & 0xfffffffff) / static_cast<double>(hertz);
            out.codec = "flac";
        } else if ((type & 0x7f) == 4) vorbis_comments(in.at(place, std::min<std::size_t>(length, 65536)), out);
        place += length;
        if ((type & 0x80) != 0) return;
    }
}

// Page: "OggS", version, flags, granule le64, serial le32, sequence le32, check le32, count u8, that many segment sizes.
void read_ogg(Window& in, Metadata& out) {
    const auto head = in.head();
    std::size_t place = 0;
    double hertz = 0, before = 0;
    for (int page = 0; page < 8 && place <= head.size() && head.size() - place >= 27 && as_text(head.subspan(place, 4)) == "OggS"; ++page) {
        const std::size_t count = base::load_u8(head, place + 26);
        if (count > head.size() - place - 27) break;
        std::size_t length = 0;
        for (std::size_t i = 0; i < count; ++i) length += base::load_u8(head, place + 27 + i);
        const auto start = place + 27 + count;
        const auto body = head.subspan(start, std::min(length, head.size() - start));
        const auto text = as_text(body);
        const bool film = out.kind == Kind::video && out.codec == "theora";
        if (film && !text.starts_with("\x03vorbis")) {
        } else if (text.starts_with("\x01vorbis") && body.size() >= 16) out.codec = "vorbis", hertz = hertz > 0 ? hertz : base::load_le32(body, 12);
        else if (text.starts_with("OpusHead") && body.size() >= 12) out.codec = "opus", hertz = 48000, before = base::load_le16(body, 10);
        else if (text.starts_with("Speex   ") && body.size() >= 40) out.codec = "speex", hertz = base::load_le32(body, 36);
        else if (text.starts_with("\x7f" "FLAC") && body.size() >= 27) out.codec = "flac", hertz = static_cast<double>(base::load_be64(body, 27) >> 44);
        else if (text.starts_with("\x80theora") && body.size() >= 20) {
            out.codec = "theora", out.kind = Kind::video;
            out.width = base::load_be32(body, 13) & 0xffffff, out.height = base::load_be32(body, 16) & 0xffffff;
        } else if (text.starts_with("\x03vorbis")) vorbis_comments(head.subspan(start + 7), out);  // a long comment goes on over pages: close enough for the first names
        else if (text.starts_with("OpusTags")) vorbis_comments(head.subspan(start + 8), out);
        place = start + length;
    }
    if (hertz <= 0 || out.kind == Kind::video) return;
    const auto tail_size = std::min<std::uint64_t>(in.size(), 65536);
    const auto tail = in.at(in.size() - tail_size, static_cast<std::size_t>(tail_size));
    const auto last = as_text(tail).rfind("OggS");
    if (last == std::string_view::npos || tail.size() - last < 14) return;
    const auto granule = base::load_le64(tail, last + 6);
    if (granule < (std::uint64_t{1} << 62)) out.duration = std::max(0.0, (static_cast<double>(granule) - before) / hertz);
}

void read_wave(Window& in, Metadata& out) {
    const bool big = as_text(in.head()).starts_with("FORM");
    std::uint64_t place = 12;
    double rate = 0;
    for (int budget = 64; budget > 0 && place < in.size(); --budget) {
        const auto header = in.at(place, 8);
        if (header.size() < 8) break;
        const std::string id(as_text(header.first(4)));
        const std::uint64_t size = big ? base::load_be32(header, 4) : base::load_le32(header, 4);
        place += 8;
        if (id == "fmt ") {
            const auto b = in.at(place, 16);
            rate = base::load_le32(b, 8);
            out.bitrate = base::load_le32(b, 8) * std::int64_t{8};
            out.codec = base::load_le16(b, 0) == 1 ? "pcm" : "wave format " + std::to_string(base::load_le16(b, 0));
        } else if (id == "data") {
            if (rate > 0) out.duration = static_cast<double>(std::min(size, in.size() - place)) / rate;
        } else if (id == "COMM" && big) {
            const auto b = in.at(place, 18);
            // The rate is an 80-bit extended number: exponent be16, mantissa be64.
            const double hertz = std::ldexp(static_cast<double>(base::load_be64(b, 10)), (base::load_be16(b, 8) & 0x7fff) - 16383 - 63);
            if (hertz > 1) out.duration = base::load_be32(b, 2) / hertz;
            out.codec = "pcm";
        } else if (id == "LIST") {
            const auto list = in.at(place, static_cast<std::size_t>(std::min<std::uint64_t>(size, 4096)));
            base::ByteCursor cursor(list, std::min<std::size_t>(4, list.size()));
            while (cursor.left() >= 8) {
                const auto name = as_text(cursor.take(4));
                const std::size_t length = cursor.le32();
                const auto text = as_text(cursor.take(std::min(length, cursor.left())));
                if (name == "INAM") out.title = latin1_text(text);
                else if (name == "IART") out.artist = latin1_text(text);
                else if (name == "IPRD") out.album = latin1_text(text);
                if (length % 2 == 1) cursor.skip(std::min<std::size_t>(1, cursor.left()));
            }
        }
        place += size + size % 2;
    }
}

}  // namespace deadbox::plugins::media
