// Hashes of passwords by their form and by what announces them. Digests of files look the same, and are told.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "plugin/secret_text.hpp"

namespace deadbox::plugin {

// At '$': what crackers of passwords are fed: $krb5tgs$23$*user$REALM$..., $DCC2$10240#user#HEX, $keepass$*2*...: "$", a name, "$" or
// "*", and a run of 32 or more hexadecimal digits in the same word.
std::optional<SecretSpan> cracker_hash_at(std::string_view text, std::size_t at);
// At the first digit of a word of 32 or 64 hexadecimal digits: LM:NT, or a hash or key behind an option that takes no digest of a file:
// -hashes :NT, /pth:NT, --nthash NT, ntlm: NT.
std::optional<SecretSpan> passed_hash_at(std::string_view text, std::size_t at);
// At "::" of USER::DOMAIN:CHALLENGE:RESPONSE..., what was answered to a challenge of NTLM.
std::optional<SecretSpan> challenge_at(std::string_view text, std::size_t at);

}  // namespace deadbox::plugin
