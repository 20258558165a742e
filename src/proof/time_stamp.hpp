// Time stamps after RFC 3161: a request that the user takes to an authority, and the authority's response.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace deadbox::proof {

// DER, what `openssl ts -query -data FILE -sha256 -cert -no_nonce` makes: SHA-256 of `text`, certificates asked for.
// Without a nonce, so that it is the same for the same text.
std::string time_stamp_request(std::string_view text);

struct StampVerdict {
    bool good = false;      // the response is about this text, and signed by the certificate in it
    std::string reason;     // where it is not
    std::string time;       // RFC 3339: the text existed then
    std::string authority;  // subject of the certificate that signed
    std::string serial;     // of the stamp, hexadecimal
    bool trusted = false;   // the certificate leads to one of the given authorities, at that time
    std::string distrust;   // why not; "" where no authorities were given
};
// `response`: DER of a TimeStampResp. `authorities`: PEM, or "" where there are none.
StampVerdict check_time_stamp(std::string_view text, std::string_view response, std::string_view authorities);

}  // namespace deadbox::proof
