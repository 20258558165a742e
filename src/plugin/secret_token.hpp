// Tokens by their form alone: those of issuers whose prefix is known (a table: adding one changes no code), words that are a
// prefix and a long random part whoever issues them, and keys of 32 or 64 bytes in base64. What decodes to text is none: that is
// a script's payload, which is evidence. Digests in hexadecimal digits are none without such a prefix.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "plugin/secret_text.hpp"

namespace deadbox::plugin {

// At the first letter or digit of a word.
std::optional<SecretSpan> token_at(std::string_view text, std::size_t at);
// At the first character of a word of base64, which may be '+' or '/'.
std::optional<SecretSpan> key_material_at(std::string_view text, std::size_t at);
// At '~': "abc8Q~...", a client's secret of Azure, which starts before it.
std::optional<SecretSpan> client_secret_at(std::string_view text, std::size_t at);
// At ':' of NAME:ID:LM:NT:, as Samba's files and dumps of Windows have it.
std::optional<SecretSpan> nt_hash_at(std::string_view text, std::size_t at);
// Of code that asks for a password: md5($_POST["p"]) == "HEX", either way around; `at`: the first digit.
std::optional<SecretSpan> compared_hash_at(std::string_view text, std::size_t at);
// What a word of base64 says, where a person can read it; else empty.
bool is_base64(char c);
std::string text_in_base64(std::string_view word);
// Is it base64 of what is mostly readable: a payload?
bool is_text_in_base64(std::string_view word);
// Letters and digits in no order, as no person writes them; 22 or more.
bool is_random(std::string_view word);

}  // namespace deadbox::plugin
