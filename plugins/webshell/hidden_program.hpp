// Programs in text constants: base64 and hexadecimal texts, compressed or not, that are a shell's source when decoded,
// whatever the language of the script that carries them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deadbox::plugins::webshell {

struct HiddenProgram {
    std::uint32_t offset = 0;  // of the constant, in the text
    std::string decoded;       // its beginning
};

// The first constant that hides a shell. Pure; looks at no more than 4 MiB of text and 400 constants.
std::optional<HiddenProgram> hidden_program(std::string_view text);

}  // namespace deadbox::plugins::webshell
