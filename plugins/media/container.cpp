#include "media/container.hpp"

#include <algorithm>
#include <array>

#include "base/encoding.hpp"


namespace deadbox::plugins::media {
namespace {

struct Reader {
    std::string_view type;
    Kind kind;
    std::string_view format;
    void (*read)(Window&, Metadata&);
};

constexpr auto k_readers = std::to_array<Reader>({
    {"video/mp4", Kind::video, "mp4", read_mp4}, {"video/x-m4v", Kind::video, "mp4", read_mp4}, {"video/quicktime", Kind::video, "quicktime", read_mp4},
    {"video/3gpp", Kind::video, "3gpp", read_mp4}, {"video/3gpp2", Kind::video, "3gpp2", read_mp4}, {"audio/x-m4a", Kind::audio, "mp4", read_mp4}, {"audio/mp4", Kind::audio, "mp4", read_mp4},
    {"video/x-matroska", Kind::video, "matroska", read_matroska}, {"video/webm", Kind::video, "webm", read_matroska},
    {"video/x-msvideo", Kind::video, "avi", read_avi}, {"video/x-ms-asf", Kind::video, "asf", read_asf}, {"audio/x-ms-wma", Kind::audio, "asf", read_asf},
    {"video/x-flv", Kind::video, "flv", read_flv}, {"application/vnd.rn-realmedia", Kind::video, "realmedia", read_real},
    {"video/mpeg", Kind::video, "mpeg", read_mpeg_video}, {"video/mp2t", Kind::video, "mpeg-ts", read_mpeg_video}, {"video/ogg", Kind::video, "ogg", read_ogg},
    {"application/ogg", Kind::audio, "ogg", read_ogg}, {"audio/ogg", Kind::audio, "ogg", read_ogg},
    {"audio/mpeg", Kind::audio, "mp3", read_mp3}, {"audio/flac", Kind::audio, "flac", read_flac}, {"audio/x-wav", Kind::audio, "wav", read_wave}, {"audio/x-aiff", Kind::audio, "aiff", read_wave},
    {"application/x-rar", Kind::archive, "rar", read_rar}, {"application/zip", Kind::archive, "zip", read_zip}, {"application/x-7z-compressed", Kind::archive, "7z", nullptr},
    {"application/x-ace", Kind::archive, "ace", nullptr}, {"application/x-iso9660-image", Kind::disc, "iso9660", read_disc}, {"application/x-bittorrent", Kind::torrent, "torrent", read_torrent},
});

constexpr auto k_media_names = std::to_array<std::string_view>({".mkv", ".avi", ".mp4", ".m4v", ".mov", ".wmv", ".mpg", ".mpeg", ".ts", ".m2ts", ".vob", ".flv", ".rmvb", ".divx", ".webm", ".mp3", ".flac", ".m4a", ".ogg", ".ape", ".wma",
                                                                ".nfo", ".sfv", ".diz", ".rar", ".r00", ".r01", ".iso", ".cue", ".srt"});

}  // namespace

base::ByteView Window::at(std::uint64_t offset, std::size_t length) {
    if (offset >= size()) return {};
    length = static_cast<std::size_t>(std::min<std::uint64_t>(length, size() - offset));
    if (offset <= m_head.size() && length <= m_head.size() - offset) return m_head.subspan(static_cast<std::size_t>(offset), length);
    if (m_reads_left == 0 || length > m_bytes_left) return {};
    --m_reads_left, m_bytes_left -= length;
    m_buffer.resize(length);
    const auto got = m_source.read_at(offset, m_buffer);
    return got ? base::ByteView(m_buffer).first(*got) : base::ByteView{};
}

std::string tag_text(std::string_view text) {
    while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
    text = text.substr(0, text.find('\0'));
    text = text.substr(0, 256);
    // Not in the middle of a character.
    if (text.size() == 256) {
        std::size_t end = 256;
        while (end > 252 && (static_cast<unsigned char>(text[end - 1]) & 0xc0) == 0x80) --end;
        text = text.substr(0, end - 1);
    }
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
    return base::to_utf8(text);
}

namespace {
void append_utf8(std::string& text, std::uint32_t c) {
    if (c < 0x80) text += static_cast<char>(c);
    else if (c < 0x800) text += static_cast<char>(0xc0 | c >> 6), text += static_cast<char>(0x80 | (c & 63));
    else if (c < 0x10000) text += static_cast<char>(0xe0 | c >> 12), text += static_cast<char>(0x80 | (c >> 6 & 63)), text += static_cast<char>(0x80 | (c & 63));
    else text += static_cast<char>(0xf0 | c >> 18), text += static_cast<char>(0x80 | (c >> 12 & 63)), text += static_cast<char>(0x80 | (c >> 6 & 63)), text += static_cast<char>(0x80 | (c & 63));
}
}  // namespace

std::string latin1_text(std::string_view bytes) {
    std::string text;
    for (const char c : bytes.substr(0, std::min<std::size_t>(bytes.find('\0'), 256))) append_utf8(text, static_cast<unsigned char>(c));
    return tag_text(text);
}

std::string utf16_text(base::ByteView bytes, bool big_endian) {
    std::string text;
    bytes = bytes.first(std::min<std::size_t>(bytes.size(), 512));
    for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
        std::uint32_t unit = big_endian ? base::load_be16(bytes, i) : base::load_le16(bytes, i);
        if (unit == 0) break;
        if (unit == 0xfeff) continue;
        if (unit >= 0xd800 && unit < 0xdc00) {
            const std::uint32_t low = big_endian ? base::load_be16(bytes, i + 2) : base::load_le16(bytes, i + 2);
            if (low >= 0xdc00 && low < 0xe000) unit = 0x10000 + ((unit - 0xd800) << 10 | (low - 0xdc00)), i += 2;
        }
        append_utf8(text, unit >= 0xd800 && unit < 0xe000 ? 0xfffd : unit);
    }
    return tag_text(text);
}

void vorbis_comments(base::ByteView block, Metadata& out) {
    std::size_t place = 4 + std::size_t{base::load_le32(block, 0)};
    if (place > block.size()) return;
    const std::uint32_t count = std::min<std::uint32_t>(base::load_le32(block, place), 1000);
    place += 4;
    for (std::uint32_t i = 0; i < count; ++i) {
        if (place > block.size() || block.size() - place < 4) return;
        const std::size_t length = base::load_le32(block, place);
        place += 4;
        if (length > block.size() - place) return;
        const auto comment = base::as_text(block.subspan(place, length));
        place += length;
        const auto equals = comment.substr(0, 16).find('=');
        if (equals == std::string_view::npos) continue;
        std::string name(comment.substr(0, equals));
        std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
        const auto value = comment.substr(equals + 1);
        if (name == "TITLE" && out.title.empty()) out.title = tag_text(value);
        else if (name == "ARTIST" && out.artist.empty()) out.artist = tag_text(value);
        else if (name == "ALBUM" && out.album.empty()) out.album = tag_text(value);
    }
}

void inner_name(std::string_view name, Metadata& out) {
    ++out.inner_names;
    std::string lower(name.substr(name.size() > 8 ? name.size() - 8 : 0));
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const bool media = std::any_of(k_media_names.begin(), k_media_names.end(), [&](std::string_view e) { return lower.ends_with(e); });
    if (media && out.inner_media++ == 0) out.inner = tag_text(name);
    if (out.inner.empty()) out.inner = tag_text(name);
}

Metadata read_media(std::string_view content_type, const base::ByteSource& source, base::ByteView head) {
    Metadata out;
    const auto reader = std::find_if(k_readers.begin(), k_readers.end(), [&](const Reader& r) { return r.type == content_type; });
    if (reader != k_readers.end()) {
        out.kind = reader->kind, out.format = reader->format;
        Window in(source, head);
        if (reader->read) reader->read(in, out);
    } else if (content_type.starts_with("audio/") || content_type.starts_with("video/")) {
        out.kind = content_type[0] == 'a' ? Kind::audio : Kind::video;
        out.format = content_type.substr(6);
    }
    if (out.duration && !(*out.duration >= 0 && *out.duration < 1e7)) out.duration.reset();
    if (!out.bitrate && out.duration && *out.duration >= 1 && out.kind != Kind::archive)
        out.bitrate = static_cast<std::int64_t>(static_cast<double>(source.size()) * 8 / *out.duration);
    return out;
}

}  // namespace deadbox::plugins::media
