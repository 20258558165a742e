// What a package says of one of its files, as tables of the role trusted_folder pack it beside the name (packed_files.hpp).
//   published = sha256[32] md5[16] mode:u16be      mode: the lower 12 bits; bit 15: a conffile. Nothing at all for a link.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deadbox::plugin {

struct PublishedFile {
    std::string_view sha256, md5;  // bytes
    std::uint32_t mode = 0;
    bool conffile = false;
};

inline std::string pack_published(const PublishedFile& file) {
    const auto mode = (file.mode & 07777) | (file.conffile ? 0x8000u : 0u);
    std::string packed(file.sha256);
    packed += file.md5;
    packed += static_cast<char>(mode >> 8), packed += static_cast<char>(mode);
    return packed;
}

// Nothing for a link, and for what is no such value.
inline std::optional<PublishedFile> published_of(std::string_view packed) {
    if (packed.size() != 50) return std::nullopt;
    const auto mode = static_cast<std::uint32_t>(static_cast<unsigned char>(packed[48])) << 8 | static_cast<unsigned char>(packed[49]);
    return PublishedFile{packed.substr(0, 32), packed.substr(32, 16), mode & 07777, (mode & 0x8000) != 0};
}

}  // namespace deadbox::plugin
