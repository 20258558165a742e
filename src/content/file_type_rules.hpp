// The stages of detect_type. Each gives "" where it knows nothing better.
#pragma once

#include <cstdint>
#include <string_view>

namespace deadbox::content::type_rules {

inline std::uint8_t byte_at(std::string_view b, std::size_t i) { return i < b.size() ? static_cast<std::uint8_t>(b[i]) : 0; }
inline bool has_at(std::string_view b, std::size_t offset, std::string_view what) {
    return offset <= b.size() && what.size() <= b.size() - offset && b.compare(offset, what.size(), what) == 0;
}
// Letters of `what` are lower case.
bool has_at_nocase(std::string_view b, std::size_t offset, std::string_view what);

// Looks behind a container's magic: which of its kinds this is.
std::string_view elf_type(std::string_view head);
std::string_view iso_media_type(std::string_view head);   // ....ftyp
std::string_view riff_type(std::string_view head);
std::string_view ogg_type(std::string_view head);
std::string_view matroska_type(std::string_view head);
std::string_view asf_type(std::string_view head);
std::string_view zip_type(std::string_view head);
std::string_view id3_type(std::string_view head);         // what lies behind the tag
std::string_view mpeg_audio_type(std::string_view head, std::uint64_t size);  // frames without a tag: MPEG audio, ADTS
std::string_view transport_stream_type(std::string_view head);
std::string_view disk_type(std::string_view head, std::uint64_t size);  // boot sectors, file systems

// Text or nothing.
std::string_view text_type(std::string_view head, std::uint64_t size);

}  // namespace deadbox::content::type_rules
