// Whether a name's extension belongs to what the file is.
#pragma once

#include <string_view>

#include "media/container.hpp"

namespace deadbox::plugins::media {

enum class Fit : std::uint8_t {
    fits,     // an extension of that kind (any of the kind: a Matroska film called .avi deceives nobody)
    opaque,   // a name made by a program: digests, identifiers, counters. Content-addressed stores look so
    bare,     // no extension
    unknown,  // an extension that is not on any list
    vague,    // .dat, .bin, .bak: says nothing
    foreign,  // another kind's: .log, .jpg, .so, .php
};

Fit extension_fit(Kind kind, std::string_view content_type, std::string_view name);
std::string_view fit_name(Fit fit);

}  // namespace deadbox::plugins::media
