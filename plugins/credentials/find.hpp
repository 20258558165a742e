// Credentials in a file's text. A pure function of path, type and bytes.
//   key       PEM and PuTTY private keys whose body is there; encrypted or not
//   below     YAML, JSON, INI: tokens: [VALUE], secret: {value: VALUE}, jwt: {key: VALUE}, the values of a Kubernetes Secret; name: NAME and
//             value: VALUE beside each other; attributes of XML
//   lists     user:hash (htpasswd), user:realm:hash (htdigest), user:hash:days:... (copies of shadow), gshadow, smbpasswd, machine M login U password P (.netrc), lines of
//             fields (.pgpass, chap-secrets, sasl_passwd ...), a name and a password (openvpn), files that are one secret
//   settings  NAME = VALUE, NAME VALUE, NAME: VALUE, 'NAME' => 'VALUE', define('NAME', 'VALUE'), <NAME>VALUE</NAME>, where NAME says secret and
//             the file is a configuration
//   words     what stands behind "password", SetEnv NAME, stats auth, user=USER:PASSWORD ... (directives.hpp)
//   code      literals in programs that are no configuration (code.hpp)
//   notes     sentences in files of notes (notes.hpp)
//   forms     tokens with a known form, scheme://user:password@host; in histories, scripts, cron tables, units and fstab what
//             command lines carry
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deadbox::plugins::credentials {

struct Credential {
    std::string kind, setting, application, account, protection = "open", value;
    std::int64_t line = 0;
    std::string host = {}, database = {};  // where it is used, as the file says
};
inline constexpr std::size_t k_most = 256;  // of one file

// Is this a place where an administrator or an application keeps files of its own? Packages' files are what everybody has.
bool is_place(std::string_view path);
// A store of Samba: its records lie anywhere in it, however long it is. `head`: how it begins.
bool is_scattered(std::string_view path, std::string_view head);
// A configuration: a long one is read on behind its beginning.
bool is_read_on(std::string_view path);
// All that is in a file of `size` bytes, which begins with `head`: at most k_most, in the order of their lines.
std::vector<Credential> find_in_file(std::string_view path, std::string_view content_type, std::string_view head, std::uint64_t size);
// Of a text.
std::vector<Credential> find_credentials(std::string_view path, std::string_view content_type, std::string_view text);

}  // namespace deadbox::plugins::credentials
