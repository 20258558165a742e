#include "pdf/picture.hpp"

#include <cstdlib>

#include <zlib.h>

namespace deadbox::pdf {
namespace {

constexpr std::string_view k_signature = "\x89PNG\r\n\x1a\n";
constexpr std::size_t k_longest_side = 4096;  // pixels

std::uint32_t u32(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

base::Result<std::string> inflated(std::string_view packed, std::size_t size) {
    std::string out(size, '\0');
    auto length = static_cast<uLongf>(size);
    const int status = uncompress(reinterpret_cast<Bytef*>(out.data()), &length, reinterpret_cast<const Bytef*>(packed.data()), static_cast<uLong>(packed.size()));
    if (status != Z_OK || length != size) return base::fail(base::Errc::corrupt, "the picture is damaged: its rows do not have the length that it names");
    return out;
}

// The five filters of clause 9: each byte was written as the difference from one that is known already.
base::Result<void> unfilter(std::string& rows, std::size_t row_bytes, std::size_t pixel) {
    const auto at = [&](std::size_t row, std::size_t column) { return static_cast<unsigned char>(rows[row * (row_bytes + 1) + 1 + column]); };
    for (std::size_t row = 0; row * (row_bytes + 1) < rows.size(); ++row) {
        const char filter = rows[row * (row_bytes + 1)];
        for (std::size_t column = 0; column < row_bytes; ++column) {
            const int left = column >= pixel ? at(row, column - pixel) : 0, up = row > 0 ? at(row - 1, column) : 0, corner = row > 0 && column >= pixel ? at(row - 1, column - pixel) : 0;
            int guess = 0;
            switch (filter) {
                case 0: break;
                case 1: guess = left; break;
                case 2: guess = up; break;
                case 3: guess = (left + up) / 2; break;
                case 4: {
                    const int whole = left + up - corner, to_left = std::abs(whole - left), to_up = std::abs(whole - up), to_corner = std::abs(whole - corner);
                    guess = to_left <= to_up && to_left <= to_corner ? left : to_up <= to_corner ? up : corner;
                    break;
                }
                default: return base::fail(base::Errc::corrupt, "the picture is damaged: a row has no known filter");
            }
            rows[row * (row_bytes + 1) + 1 + column] = static_cast<char>(at(row, column) + guess);
        }
    }
    return {};
}

}  // namespace

base::Result<Picture> Picture::of_png(std::string_view file) {
    if (!file.starts_with(k_signature) || file.size() < 33 || file.substr(12, 4) != "IHDR") return base::fail(base::Errc::unsupported, "the logo is no PNG; convert it into one");
    const std::size_t width = u32(file, 16), height = u32(file, 20);
    if (width == 0 || height == 0 || width > k_longest_side || height > k_longest_side) return base::fail(base::Errc::limit, "the logo has no side between 1 and 4096 pixels; make it smaller");
    const int depth = file[24], kind = file[25], interlaced = file[28];
    std::size_t channels = 0;
    if (kind == 0) channels = 1;
    else if (kind == 2) channels = 3;
    else if (kind == 4) channels = 2;
    else if (kind == 6) channels = 4;
    if (depth != 8 || channels == 0 || interlaced != 0) return base::fail(base::Errc::unsupported, "the logo must be a PNG of 8 bits a channel, without a palette, not interlaced; convert it");
    std::string packed;
    for (std::size_t at = k_signature.size(); file.size() - at >= 12;) {
        const std::size_t length = u32(file, at);
        if (length > file.size() - at - 12) return base::fail(base::Errc::truncated, "the logo is cut short");
        if (file.substr(at + 4, 4) == "IDAT") packed += file.substr(at + 8, length);
        at += 12 + length;
    }
    const std::size_t row_bytes = width * channels;
    TRY_ASSIGN(std::string rows, inflated(packed, (row_bytes + 1) * height));
    TRY(unfilter(rows, row_bytes, channels));
    Picture picture;
    picture.width = static_cast<int>(width), picture.height = static_cast<int>(height);
    picture.rgb.reserve(width * height * 3);
    for (std::size_t y = 0; y < height; ++y) {
        for (std::size_t x = 0; x < width; ++x) {
            const auto value = [&](std::size_t channel) { return static_cast<unsigned char>(rows[y * (row_bytes + 1) + 1 + x * channels + channel]); };
            const int opaque = channels == 4 ? value(3) : channels == 2 ? value(1) : 255;
            for (std::size_t c = 0; c < 3; ++c) picture.rgb += static_cast<char>((value(channels >= 3 ? c : 0) * opaque + 255 * (255 - opaque)) / 255);
        }
    }
    return picture;
}

}  // namespace deadbox::pdf
