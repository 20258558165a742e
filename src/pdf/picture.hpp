// A small picture for a page's head, from a PNG (ISO/IEC 15948): 8 bits a channel, grey or colour, with or without
// transparency, which is laid over white; not interlaced. The file is the examiner's own; its lengths are checked all the same.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace deadbox::pdf {

struct Picture {
    int width = 0, height = 0;
    std::string rgb;  // rows from the top, three bytes a pixel

    // Errc::unsupported for other kinds of PNG and other files, Errc::limit where it is larger than a head needs.
    static base::Result<Picture> of_png(std::string_view file);
};

}  // namespace deadbox::pdf
