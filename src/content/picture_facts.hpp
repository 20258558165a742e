// What a picture's file says about itself beside its pixels: size, comments, and what a camera or a program wrote (EXIF).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.hpp"
#include "base/result.hpp"

namespace deadbox::content {

struct PictureFact {
    std::string_view name;  // one of ours: "camera model", "taken", "position" ...
    std::string value;      // raw bytes, at most 1,024
};

struct PictureFacts {
    std::string_view format;  // "PNG", "JPEG", "GIF", "WebP", "BMP", "TIFF"
    std::uint32_t width = 0, height = 0;  // 0: not told
    std::vector<PictureFact> facts;
    std::uint64_t trailing = 0;  // bytes behind the picture's end: something may hide there
};

// Errc::not_found where it is none of these formats. Damage ends the reading; what came before it is given.
base::Result<PictureFacts> read_picture_facts(const base::ByteSource& source);

// Adds the facts of an EXIF block (a TIFF header and its directories).
void read_exif(base::ByteView tiff, std::vector<PictureFact>& facts);
void add_fact(std::vector<PictureFact>& facts, std::string_view name, std::string_view value);

}  // namespace deadbox::content
