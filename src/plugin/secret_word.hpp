// Secrets that a text announces in words, and those that stand in front of a host: what logs, options of mounts and comments say.
// More careful than spoken_secret.hpp, which reads what people wrote: only a word that is made up counts (secret_shape.hpp).
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "plugin/secret_text.hpp"

namespace deadbox::plugin {

// At a word: "pw WORD", "api key is WORD", "secret WORD"; ConvertTo-SecureString WORD.
std::optional<SecretSpan> announced_at(std::string_view text, std::size_t at);
// At ':' with a blank behind it: "A temporary password is generated for root@localhost: WORD", at the end of the line.
std::optional<SecretSpan> generated_at(std::string_view text, std::size_t at);
// At ':' of NAME:SECRET@HOST without a scheme: curlftpfs#name:SECRET@host, //name:SECRET@host; elsewhere only what is made up.
std::optional<SecretSpan> bare_login_at(std::string_view text, std::size_t at);
// At '=' behind "user" or "username": NAME%SECRET of mounts, NAME:SECRET where that is made up.
std::optional<SecretSpan> user_setting_at(std::string_view text, std::size_t at);
// At ':' of "secret:WORD" in quotes of its own.
std::optional<SecretSpan> labelled_at(std::string_view text, std::size_t at);

}  // namespace deadbox::plugin
