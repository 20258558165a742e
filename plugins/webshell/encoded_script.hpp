// Scripts that Windows' script encoder wrote (VBScript.Encode, JScript.Encode):
//   encoded = "#@~^" length body checksum "^#~@"
//   length, checksum = six bytes of base64 and "=="
//   body = bytes substituted by one of three tables, in turns of 64; "@&" a line feed, "@#" a carriage return,
//          "@*" '>', "@!" '<', "@$" '@'
#pragma once

#include <string>
#include <string_view>

namespace deadbox::plugins::webshell {

// The plain text of all encoded parts, a line feed behind each; empty where there is none. At most about 2 MiB. A part
// that is cut short is decoded as far as it goes.
std::string decoded_scripts(std::string_view text);

}  // namespace deadbox::plugins::webshell
