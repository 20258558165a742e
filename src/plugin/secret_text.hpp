// Secrets inside free text: log lines, command lines, requests, settings. By their form alone, so that what nobody
// declared secret is still not told to others.
//   hash      = "$" id "$" ...          crypt(3), apr1, phpass, argon2; {SHA}, {SSHA}; what stands in place of a password (secret_hash.hpp)
//   key       = "-----BEGIN ... PRIVATE KEY" ... "-----END"; one end of it, or a line alone
//   token     = JSON web tokens, tokens with a known prefix (AKIA, ghp_, glpat- ...), "Bearer" token, "Basic" token, headers
//               (Cookie, X-Api-Key ...), parameters of requests (sig, key, auth ...), addresses of hooks (Slack, Telegram ...)
//   password  = scheme://user:PASSWORD@, password=VALUE, "secret": "VALUE", --password VALUE, IDENTIFIED BY 'VALUE', and what
//               the options of known programs carry (secret_programs.hpp): mysql -pVALUE, curl -u user:VALUE, echo VALUE | passwd;
//               arguments of functions (secret_code.hpp); what words announce (secret_word.hpp)
// Requests are looked at as they are written, decoded, and decoded twice.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace deadbox::plugin {

enum class SecretKind : unsigned char { hash, key, token, password };

struct SecretSpan {
    std::size_t start = 0, length = 0;
    SecretKind kind = SecretKind::password;
    bool by_shape = false;  // only a word that looks random: files are called so, too
};

// In order, not overlapping. Linear in the text's length.
std::vector<SecretSpan> secret_spans(std::string_view text);
// A piece of a text that is kept for itself, with its edges moved outward so that no secret and no word of it is cut: what is left
// of one would not be known for what it is. At most 2.5 KiB longer.
struct Piece {
    std::size_t start = 0, length = 0;
};
Piece whole_secrets(std::string_view text, std::size_t start, std::size_t length);
// Does a name of a setting say that its value is a secret ("DB_PASSWORD", "api-key", "clientSecret")?
bool names_a_secret(std::string_view name);
// A value that stands for one as a whole: empty, a variable, "none", "your-password-here", stars. A word that people do take
// for a password ("secret", "changeme") is one.
bool is_placeholder(std::string_view value);

}  // namespace deadbox::plugin
