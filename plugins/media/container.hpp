// What a media container says about itself: its heads and tables of contents, never its sound or pictures.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_source.hpp"

namespace deadbox::plugins::media {

enum class Kind : std::uint8_t { none, audio, video, archive, disc, torrent };

struct Metadata {
    Kind kind = Kind::none;
    std::string format;              // "mp4", "matroska", "mp3", "rar5", ...
    std::string codec;               // as the container names it
    std::string title, artist, album;  // UTF-8, at most 256 bytes
    std::optional<double> duration;  // seconds
    std::optional<std::int64_t> width, height, bitrate;  // pixels, bits a second
    std::string inner;               // archives, discs, torrents: the first name of media or a release inside, else the first name
    std::int64_t inner_names = 0;    // names that were read
    std::int64_t inner_media = 0;    // of them, media or parts of a release
    bool volume = false;             // one of a set of archive volumes
};

// Positional reads with a budget, so that a file made to be slow costs little. A read that is not possible gives an
// empty view, and every length in the evidence is compared with what is there.
class Window {
public:
    Window(const base::ByteSource& source, base::ByteView head) : m_source(source), m_head(head) {}
    std::uint64_t size() const { return m_source.size(); }
    base::ByteView head() const { return m_head; }
    // At most `length` bytes from `offset`, fewer at the end; valid until the next call.
    base::ByteView at(std::uint64_t offset, std::size_t length);

private:
    const base::ByteSource& m_source;
    base::ByteView m_head;
    std::vector<std::byte> m_buffer;
    int m_reads_left = 400;
    std::size_t m_bytes_left = std::size_t{2} << 20;
};

void read_mp4(Window& in, Metadata& out);
void read_matroska(Window& in, Metadata& out);
void read_avi(Window& in, Metadata& out);
void read_asf(Window& in, Metadata& out);
void read_flv(Window& in, Metadata& out);
void read_real(Window& in, Metadata& out);
void read_mpeg_video(Window& in, Metadata& out);
void read_mp3(Window& in, Metadata& out);
void read_flac(Window& in, Metadata& out);
void read_ogg(Window& in, Metadata& out);
void read_wave(Window& in, Metadata& out);
void read_rar(Window& in, Metadata& out);
void read_zip(Window& in, Metadata& out);
void read_disc(Window& in, Metadata& out);
void read_torrent(Window& in, Metadata& out);

// The reader for a content type; Metadata::kind is none where there is none.
Metadata read_media(std::string_view content_type, const base::ByteSource& source, base::ByteView head);

// Text of tags: trimmed, well-formed UTF-8, at most 256 bytes.
std::string tag_text(std::string_view utf8);
std::string latin1_text(std::string_view bytes);
std::string utf16_text(base::ByteView bytes, bool big_endian);
// Takes "NAME=value" comments (Vorbis, Opus, FLAC, Speex): length-prefixed, little-endian.
void vorbis_comments(base::ByteView block, Metadata& out);
// A name inside an archive or a torrent.
void inner_name(std::string_view name, Metadata& out);

}  // namespace deadbox::plugins::media
