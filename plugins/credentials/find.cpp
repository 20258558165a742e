#include "credentials/find.hpp"

#include <algorithm>
#include <array>

#include "credentials/code.hpp"
#include "credentials/command_place.hpp"
#include "credentials/directives.hpp"
#include "credentials/history.hpp"
#include "credentials/keys.hpp"
#include "credentials/lines.hpp"
#include "credentials/notes.hpp"
#include "credentials/settings.hpp"
#include "credentials/stores.hpp"
#include "plugin/secret_text.hpp"
#include "plugin/secret_value.hpp"

namespace deadbox::plugins::credentials {
namespace {

using namespace std::string_view_literals;

// Below these lie files of packages and what programs make anew; logs are no place where secrets are kept.
constexpr std::array k_not_here{"/usr/lib/"sv, "/usr/lib32/"sv, "/usr/lib64/"sv, "/usr/libexec/"sv, "/usr/share/"sv, "/usr/include/"sv, "/usr/src/"sv, "/usr/bin/"sv, "/usr/sbin/"sv, "/lib/"sv, "/boot/"sv, "/proc/"sv, "/sys/"sv,
                                "/dev/"sv, "/var/lib/dpkg/"sv, "/var/lib/apt/"sv, "/var/lib/rpm/"sv, "/var/lib/ucf/"sv, "/var/cache/"sv, "/var/log/"sv, "/var/lib/systemd/"sv};
constexpr std::array k_here{"/usr/share/nginx/html/"sv, "/usr/lib/cgi-bin/"sv, "/usr/share/wordpress/wp-config"sv};

constexpr std::array k_phrase_names{"seed"sv, "mnemonic"sv, "recovery"sv, "phrase"sv, "wallet"sv};

std::vector<std::string_view> split(std::string_view line, char by, std::size_t most) {
    std::vector<std::string_view> parts;
    while (parts.size() + 1 < most) {
        const auto at = line.find(by);
        if (at == std::string_view::npos) break;
        parts.push_back(line.substr(0, at));
        line.remove_prefix(at + 1);
    }
    parts.push_back(line);
    return parts;
}

bool is_hash(std::string_view field) {
    const auto spans = plugin::secret_spans(field);
    return spans.size() == 1 && spans[0].kind == plugin::SecretKind::hash && spans[0].start == 0 && spans[0].length == field.size();
}

bool is_digits(std::string_view text, std::size_t length) {
    return text.size() == length && std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}

// user:hash, user:hash:days:... of copies of shadow, group:hash:admins:members of gshadow, user:realm:MD5 of htdigest,
// user:id:LM:NT:flags of Samba, user:{PLAIN}password; other lines may stand between them.
void find_hashes(std::string_view path, std::string_view text, std::vector<Credential>& all) {
    const auto name = path.substr(path.rfind('/') + 1);
    const bool group = name.find("gshadow"sv) != std::string_view::npos || name.starts_with("group"sv);
    for (const auto sample : {".example"sv, ".sample"sv, ".dist"sv})
        if (name.ends_with(sample)) return;
    const bool web = name.starts_with(".ht"sv) || name.find("digest"sv) != std::string_view::npos || name.find("passw"sv) != std::string_view::npos || name.find("users"sv) != std::string_view::npos;
    each_line(text, [&](std::string_view line, std::int64_t number) {
        const auto field = split(line, ':', 12);
        if (field.size() < 2 || field[0].empty() || field[0].size() > 64 || field[0].find_first_of(" \t$\"'=") != std::string_view::npos) return all.size() < k_most;
        Credential found;
        found.account = field[0], found.protection = "hashed", found.line = number;
        if (field.size() == 3 && web && is_digits(field[2], 32) && !field[1].empty()) found.kind = "web_password", found.setting = field[1], found.value = field[2];
        else if (field.size() >= 6 && is_digits(field[3], 32) && field[2].size() == 32 && field[1].find_first_not_of("0123456789"sv) == std::string_view::npos) found.kind = "account_password", found.setting = "NT", found.application = "Samba", found.value = field[3];
        else if (const auto spans = plugin::secret_spans(field[1]); field[1].starts_with('{') && spans.size() == 1 && spans[0].kind == plugin::SecretKind::password)
            found.kind = "password", found.protection = "open", found.value = field[1].substr(spans[0].start, spans[0].length);
        else if (field.size() == 4 && name.find("opasswd"sv) != std::string_view::npos && is_hash(field[3].substr(0, field[3].find(',')))) found.kind = "account_password", found.setting = "former", found.value = field[3].substr(0, field[3].find(','));
        else if (is_hash(field[1])) found.kind = group ? "group_password" : field.size() >= 7 ? "account_password" : "web_password", found.value = field[1];
        else return all.size() < k_most;
        all.push_back(std::move(found));
        return all.size() < k_most;
    });
}

// name:password:uid:gid:gecos:home:shell, as /etc/passwd and its copies have from the first line on.
bool is_account(const std::vector<std::string_view>& field) {
    const auto is_id = [](std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789"sv) == std::string_view::npos; };
    return field.size() == 7 && !field[0].empty() && field[0].find_first_of(" \t"sv) == std::string_view::npos && is_id(field[2]) && is_id(field[3]) && (field[5].empty() || field[5].starts_with('/'));
}
bool is_accounts(std::string_view text) { return is_account(split(text.substr(0, std::min(text.find('\n'), std::min(text.size(), k_line))), ':', 12)); }

// "pw=SECRET" in the field for the person's name.
void find_in_names(std::string_view text, std::vector<Credential>& all) {
    each_line(text, [&](std::string_view line, std::int64_t number) {
        const auto field = split(line, ':', 12);
        if (!is_account(field)) return true;
        for (const auto& span : plugin::secret_spans(field[4])) {
            if (span.by_shape || span.kind != plugin::SecretKind::password || all.size() >= k_most) continue;
            Credential found;
            found.kind = "password", found.setting = "gecos", found.account = field[0], found.line = number, found.value = field[4].substr(span.start, span.length);
            all.push_back(std::move(found));
        }
        return all.size() < k_most;
    });
}

// Files of lines that hold one credential each: which field is what. `secret` may be -1, the last one.
struct List {
    std::string_view ending;  // of the path
    char by = ' ';            // ' ': any blanks
    int least = 2, setting = -1, account = -1, secret = -1;
    std::string_view kind = "password", application = {};
    int host = -1, database = -1;
};
constexpr std::array k_lists{List{"/.pgpass", ':', 5, -1, 3, 4, "database_password", "PostgreSQL", 0, 2},
                             List{"/rsyncd.secrets", ':', 2, -1, 0, 1, "password", "rsync"},
                             List{"/rsync.secrets", ':', 2, -1, 0, 1, "password", "rsync"},
                             List{"/chap-secrets", ' ', 3, 1, 0, 2, "password", "PPP"},
                             List{"/pap-secrets", ' ', 3, 1, 0, 2, "password", "PPP"},
                             List{"/davfs2/secrets", ' ', 3, 0, 1, 2, "password", "davfs2"},
                             List{"/.davfs2/secrets", ' ', 3, 0, 1, 2, "password", "davfs2"},
                             List{"/passwd.client", ':', 3, 0, 1, 2, "password", "Exim"},
                             List{"/passwd-s3fs", ':', 2, -1, 0, -1, "cloud_key", "s3fs"},
                             List{"/.passwd-s3fs", ':', 2, -1, 0, -1, "cloud_key", "s3fs"},
                             List{"/sasl_passwd", ' ', 2, 0, -1, 1, "password", "Postfix"},
                             List{"/sasl-passwd", ' ', 2, 0, -1, 1, "password", "Postfix"},
                             List{"/sasl_password", ' ', 2, 0, -1, 1, "password", "Postfix"},
                             List{"/smtp_auth", ' ', 2, 0, -1, 1, "password", "Postfix"},
                             List{"/relay_password", ' ', 2, 0, -1, 1, "password", "Postfix"},
                             List{"/authkeys", ' ', 3, 1, -1, 2, "shared_key", "Heartbeat"}};
// Files that are one secret and nothing else.
struct Whole {
    std::string_view ending, kind, application;
};
constexpr std::array k_wholes{Whole{"/secrets/master.key", "application_secret", "Jenkins"}, Whole{"/k3s/server/token", "token", "k3s"}, Whole{"/k3s/server/node-token", "token", "k3s"}, Whole{"/k3s/server/agent-token", "token", "k3s"},
                              Whole{"/rke2/server/token", "token", "RKE2"}, Whole{"/rke2/server/node-token", "token", "RKE2"}, Whole{"/.psa.shadow", "password", "Plesk"}, Whole{"/.accesshash", "token", "cPanel"},
                              Whole{"/.google_authenticator", "totp_secret", "Google Authenticator"}, Whole{"/kubernetes.io/serviceaccount/token", "token", "Kubernetes"}, Whole{"/mysql.secret", "database_password", "MySQL"},
                              Whole{"/.erlang.cookie", "application_secret", "Erlang"}, Whole{"/munge.key", "shared_key", "MUNGE"}, Whole{"/.vault-token", "token", "Vault"}, Whole{"/ldap.secret", "password", "LDAP"}, Whole{"/libnss-ldap.secret", "password", "LDAP"}, Whole{"/pam_ldap.secret", "password", "LDAP"},
                              Whole{"/config/master.key", "application_secret", "Rails"}};

void find_list(const List& list, std::string_view text, std::vector<Credential>& all) {
    each_line(text, [&](std::string_view line, std::int64_t number) {
        if (line.starts_with('#')) return true;
        const auto field = list.by == ' ' ? words(line) : split(line, list.by, static_cast<std::size_t>(std::max(list.least, list.secret + 1)));
        if (field.size() < static_cast<std::size_t>(list.least)) return true;
        auto secret = field[list.secret < 0 ? field.size() - 1 : static_cast<std::size_t>(list.secret)];
        Credential found;
        found.kind = list.kind, found.application = list.application, found.line = number;
        if (list.setting >= 0) found.setting = field[static_cast<std::size_t>(list.setting)];
        if (found.setting == "*"sv) found.setting.clear();  // any server
        if (list.account >= 0) found.account = field[static_cast<std::size_t>(list.account)];
        else if (const auto colon = secret.find(':'); list.by == ' ' && colon != std::string_view::npos) found.account = secret.substr(0, colon), secret.remove_prefix(colon + 1);  // user:password
        if (list.host >= 0) found.host = host_in(field[static_cast<std::size_t>(list.host)]);
        if (list.database >= 0) found.database = field[static_cast<std::size_t>(list.database)];
        if (found.host == "*") found.host.clear();
        if (found.database == "*") found.database.clear();
        if (secret.empty() || secret == "*"sv) return true;
        found.value = secret;
        all.push_back(std::move(found));
        return all.size() < k_most;
    });
}

// The file that openvpn's auth-user-pass names: a name, a password, no more.
void find_two_lines(std::string_view text, std::vector<Credential>& all) {
    std::vector<std::string_view> lines;
    each_line(text, [&](std::string_view line, std::int64_t) {
        if (!line.empty()) lines.push_back(line);
        return lines.size() < 3;
    });
    if (lines.size() != 2 || lines[0].find_first_of(" \t=<{") != std::string_view::npos || lines[1].size() > 128) return;
    Credential found;
    found.kind = "password", found.account = lines[0], found.line = 2, found.value = lines[1], found.application = "OpenVPN";
    all.push_back(std::move(found));
}

// A list of logins for pam_userdb and the like: a name on a line, its password on the next. Lists of names have no such pairs.
void find_alternating(std::string_view text, std::vector<Credential>& all) {
    std::vector<Credential> pairs;
    std::string_view user;
    bool regular = true;
    each_line(text, [&](std::string_view line, std::int64_t number) {
        regular = !line.empty() && line.find_first_of(" \t=<{#:/"sv) == std::string_view::npos && line.size() <= 128;
        if (!regular) return false;
        if (number % 2 == 1) user = line;
        else {
            regular = !is_label(line);
            Credential found;
            found.kind = "password", found.account = user, found.line = number, found.value = line, found.application = "vsftpd";
            pairs.push_back(std::move(found)), user = {};
        }
        return regular && pairs.size() < k_most;
    });
    if (regular && user.empty()) all.insert(all.end(), std::make_move_iterator(pairs.begin()), std::make_move_iterator(pairs.end()));
}

// username=, password=, domain= and nothing else: what mount.cifs reads.
bool is_cifs(std::string_view text) {
    bool user = false, password = false, other = text.size() > 2048;
    each_line(text, [&](std::string_view line, std::int64_t) {
        const auto name = line.substr(0, line.find('='));
        user |= name.starts_with("user"sv), password |= name.starts_with("pass"sv);
        other |= !line.empty() && !line.starts_with('#') && (name.size() == line.size() || (!name.starts_with("user"sv) && !name.starts_with("pass"sv) && !name.starts_with("dom"sv) && name != "workgroup"sv));
        return !other;
    });
    return user && password && !other;
}

// strongSwan's: host : PSK "SECRET", user : EAP "SECRET".
void find_ipsec(std::string_view text, std::vector<Credential>& all) {
    each_line(text, [&](std::string_view line, std::int64_t number) {
        const auto colon = line.find(": ");
        if (line.starts_with('#') || (colon == std::string_view::npos && !line.starts_with(':'))) return true;
        const auto field = words(line.substr(line.find(':', colon == std::string_view::npos ? 0 : colon) + 1));
        if (field.size() < 2 || (field[0] != "PSK"sv && field[0] != "EAP"sv && field[0] != "XAUTH"sv && field[0] != "NTLM"sv)) return true;
        Credential found;
        const auto who = words(line.substr(0, line.find(':')));
        found.kind = "password", found.setting = field[0], found.application = "IPsec", found.line = number, found.value = field[1];
        if (!who.empty()) found.account = who[0];
        all.push_back(std::move(found));
        return all.size() < k_most;
    });
}

// Postfix's maps of logins, whatever they are called: [host]:port USER:PASSWORD. A transport's next hop names no user.
void find_relay_logins(std::string_view text, std::vector<Credential>& all) {
    static constexpr std::array k_transports{"smtp"sv, "smtps"sv, "lmtp"sv, "relay"sv, "error"sv, "discard"sv, "retry"sv, "virtual"sv, "local"sv};
    each_line(text, [&](std::string_view line, std::int64_t number) {
        const auto field = words(line);
        if (field.size() != 2 || !field[0].starts_with('[') || field[0].find(']') == std::string_view::npos) return true;
        const auto colon = field[1].find(':');
        if (colon == std::string_view::npos || colon == 0 || colon + 1 >= field[1].size() || field[1][colon + 1] == '[') return true;
        if (std::find(k_transports.begin(), k_transports.end(), field[1].substr(0, colon)) != k_transports.end()) return true;
        Credential found;
        found.kind = "password", found.application = "Postfix", found.line = number, found.account = field[1].substr(0, colon), found.value = field[1].substr(colon + 1), found.host = host_in(field[0]);
        all.push_back(std::move(found));
        return all.size() < k_most;
    });
}

// Subversion's: K 8 | password | V 6 | SECRET, each on a line.
void find_counted(std::string_view text, std::vector<Credential>& all) {
    std::string_view name, account, host;
    bool value = false, key = false;
    Credential found;
    each_line(text, [&](std::string_view line, std::int64_t number) {
        if (key) name = line, key = false;
        else if (value) {
            if (name == "password"sv || name == "passphrase"sv) found.kind = "password", found.setting = name, found.line = number, found.value = line, found.application = "Subversion";
            else if (name == "username"sv) account = line;
            else if (name == "svn:realmstring"sv) host = line;
            value = false;
        } else key = line.starts_with("K "sv), value = line.starts_with("V "sv);
        return number < 64;
    });
    if (found.value.empty()) return;
    found.account = account;
    if (const auto scheme = host.find("://"sv); scheme != std::string_view::npos) found.host = host_in(host.substr(scheme + 3, host.find_first_of("/> "sv, scheme + 3) - scheme - 3));
    all.push_back(std::move(found));
}

// Erlang's terms: {default_pass, <<"SECRET">>}
void find_terms(std::string_view text, std::vector<Credential>& all) {
    each_line(text, [&](std::string_view line, std::int64_t number) {
        if (line.starts_with('%')) return true;
        for (auto at = line.find('{'); at != std::string_view::npos && all.size() < k_most; at = line.find('{', at + 1)) {
            const auto comma = line.find(',', at);
            if (comma == std::string_view::npos || comma - at > 64 || !plugin::names_a_secret(line.substr(at + 1, comma - at - 1))) continue;
            const auto open = line.find_first_not_of(" <"sv, comma + 1);
            if (open == std::string_view::npos || line[open] != '"') continue;
            const auto close = line.find('"', open + 1);
            if (close == std::string_view::npos || close - open < 4 || plugin::is_placeholder(line.substr(open + 1, close - open - 1))) continue;
            Credential found;
            found.kind = "password", found.setting = line.substr(at + 1, comma - at - 1), found.line = number, found.value = line.substr(open + 1, close - open - 1);
            all.push_back(std::move(found));
        }
        return all.size() < k_most;
    });
}

void find_netrc(std::string_view text, std::vector<Credential>& all) {
    std::string_view machine, login;
    each_line(text, [&](std::string_view line, std::int64_t number) {
        std::string_view before;
        for (const auto word : words(line)) {
            if (before == "machine"sv) machine = word;
            else if (before == "login"sv) login = word;
            else if (before == "password"sv && !plugin::is_placeholder(word)) {
                Credential found;
                found.kind = "password", found.setting = machine, found.account = login, found.line = number, found.value = word;
                all.push_back(std::move(found));
            }
            if (!word.empty()) before = word;
        }
        return all.size() < k_most;
    });
}

// Of any language; "//nas/x /mnt cifs" is a share and "* * * * * command" a job.
bool is_comment(std::string_view line) {
    if (line.starts_with('#') || line.starts_with(';') || line.starts_with("/*"sv) || line == "//"sv || line.starts_with("// "sv)) return true;
    return line.size() > 2 && line.starts_with("* "sv) && ((line[2] >= 'a' && line[2] <= 'z') || (line[2] >= 'A' && line[2] <= 'Z'));
}

// NAME of NAME=SECRET and NAME="SECRET".
std::string_view assigned_name(std::string_view line, std::size_t start) {
    while (start > 0 && (line[start - 1] == '"' || line[start - 1] == '\'')) --start;
    if (start == 0 || line[start - 1] != '=') return {};
    auto from = --start;
    while (from > 0 && ((line[from - 1] >= '0' && line[from - 1] <= '9') || (line[from - 1] >= 'A' && line[from - 1] <= 'Z') || (line[from - 1] >= 'a' && line[from - 1] <= 'z') || line[from - 1] == '_')) --from;
    return from > 0 && line[from - 1] == '-' ? std::string_view() : line.substr(from, start - from);
}

// The name in front of the '=' or ':' that stands before a value; of an option (--NAME VALUE) too.
std::string_view name_before(std::string_view line, std::size_t start) {
    const auto is_name = [](char c) { return c == '_' || c == '-' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    const auto sign = start == 0 ? std::string_view::npos : line.find_last_not_of(" \t\"'"sv, start - 1);
    if (sign == std::string_view::npos) return {};
    const bool set = line[sign] == ':' || line[sign] == '=';
    const auto last = set ? (sign == 0 ? std::string_view::npos : line.find_last_not_of(" \t\"'"sv, sign - 1)) : sign;
    if (last == std::string_view::npos) return {};
    auto from = last + 1;
    while (from > 0 && is_name(line[from - 1])) --from;
    const auto name = line.substr(from, last + 1 - from);
    return set || name.starts_with("--"sv) ? name.substr(std::min(name.find_first_not_of('-'), name.size())) : std::string_view();
}

// "-----BEGIN RSA PRIVATE KEY-----" and nothing else.
bool is_armour(std::string_view line) { return line.size() > 16 && line.starts_with("-----BEGIN "sv) && line.ends_with("-----"sv); }
// What stands behind such a line: base64 or digits, and the headers of PEM and OpenPGP.
bool is_armoured(std::string_view line) {
    for (const auto header : {"Proc-Type: "sv, "DEK-Info: "sv, "Version: "sv, "Comment: "sv, "Hash: "sv, "Charset: "sv})
        if (line.starts_with(header)) return true;
    return std::all_of(line.begin(), line.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '+' || c == '/' || c == '='; });
}

// What has the form of a secret, line by line. `passwords`: of command lines too, for histories and scripts of users;
// `comments`: of lines that begin with # too.
void find_forms(std::string_view text, bool passwords, bool comments, std::vector<Credential>& all) {
    bool key = false;  // what stands between its lines is no token; the first line that cannot stand there ends it
    each_line(text, [&](std::string_view line, std::int64_t number) {
        auto first = line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
        first = first.substr(0, first.find_last_not_of(" \t") + 1);
        key = is_armour(first) || (key && is_armoured(first));
        if (key || (!comments && is_comment(first))) return true;
        for (const auto& span : plugin::secret_spans(line)) {
            const bool address = span.start > 3 && span.start + span.length < line.size() && line[span.start + span.length] == '@' && line.substr(0, span.start).rfind("://"sv) != std::string_view::npos;
            if (span.kind == plugin::SecretKind::key || (span.kind == plugin::SecretKind::password && !address && !passwords)) continue;
            if (span.kind == plugin::SecretKind::hash && !passwords) continue;
            Credential found;
            found.kind = span.kind == plugin::SecretKind::token ? "token" : span.kind == plugin::SecretKind::hash ? "account_password" : "password", found.line = number;
            if (span.kind == plugin::SecretKind::hash) found.protection = "hashed";
            found.value = line.substr(span.start, span.length);
            if (is_name_in_capitals(found.value)) continue;
            if (found.value.starts_with("AKIA") || found.value.starts_with("ASIA")) found.kind = "cloud_key";
            if (!address && passwords) {
                auto place = place_in_command(line, span.start, span.length);
                found.account = std::move(place.account), found.host = std::move(place.host), found.database = std::move(place.database), found.application = std::move(place.program);
                if (place.is_database && found.kind == "password") found.kind = "database_password";
                if (place.is_hash) found.protection = "hashed";
                const auto name = assigned_name(line, span.start);
                if (found.application.empty() || !name.empty()) found.setting = name;
                // GITHUB_TOKEN=, AWS_SECRET_ACCESS_KEY=, --api-key
                if (const auto said = name.empty() ? name_before(line, span.start) : name; found.kind == "password" && plugin::names_a_secret(said))
                    if (const auto kind = kind_of(said, {}); kind != "database_password") found.kind = kind;
            }
            if (address) {
                const auto scheme = line.substr(0, line.substr(0, span.start).rfind("://"sv));
                found.setting = scheme.substr(std::min(scheme.find_last_of(" \t\"'=(,[<") + 1, scheme.size()));
                const auto user = line.substr(0, span.start - 1);
                found.account = user.substr(user.rfind('/') + 1);
                const auto place = place_in_url(line.substr(line.substr(0, span.start).rfind("://"sv) - std::min<std::size_t>(line.substr(0, span.start).rfind("://"sv), 1)));
                found.host = place.host, found.database = place.database;
                if (passwords) found.application = place_in_command(line, span.start, span.length).program;
                for (const auto database : {"mysql"sv, "postgres"sv, "pgsql"sv, "mongodb"sv, "redis"sv, "mariadb"sv, "amqp"sv})
                    if (found.setting.starts_with(database)) found.kind = "database_password";
            }
            if (found.kind != "database_password") found.database.clear();  // of another address what follows is a path
            all.push_back(std::move(found));
            if (all.size() >= k_most) return false;
        }
        return true;
    });
}

// As clients of MySQL keep what was typed (" " is \040), and fish ("- cmd: ...").
std::string typed_lines(std::string_view text) {
    std::string out;
    if (!text.starts_with("_HiStOrY_V2_"sv)) return out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto digit = [&](std::size_t by) { return at + by < text.size() && text[at + by] >= '0' && text[at + by] <= '7' ? text[at + by] - '0' : -1; };
        if (text[at] == '\\' && digit(1) >= 0 && digit(1) < 4 && digit(2) >= 0 && digit(3) >= 0) {
            const auto byte = static_cast<char>(digit(1) * 64 + digit(2) * 8 + digit(3));
            out += byte == '\n' ? ' ' : byte;  // lines keep their numbers
            at += 3;
        } else out += text[at];
    }
    return out;
}

// A file whose name says what it is and that holds one word: db_password.txt, /run/secrets/..., vault_pass.
bool is_single_secret(std::string_view path, std::string_view name, std::string_view text) {
    if (text.size() < 6 || text.size() > 512) return false;
    const auto word = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
    if (word.size() < 6 || word.find_first_of(" \t\r\n<>{}\"'=;"sv) != std::string_view::npos || word.front() == '/' || word.front() == '#' || plugin::is_placeholder(word)) return false;
    if (is_hash(word) || word.find(":$"sv) != std::string_view::npos || word.find(":{"sv) != std::string_view::npos) return false;  // of lists of users
    const auto last_part = name.substr(name.rfind('.') == std::string_view::npos ? name.size() : name.rfind('.') + 1);
    for (const auto ending : {"pass"sv, "passwd"sv, "password"sv, "passphrase"sv, "pw"sv, "psk"sv, "secret"sv, "token"sv})
        if (last_part == ending) return true;
    auto stem = name.substr(0, name.find('.', 1));
    if (stem.starts_with('.')) stem.remove_prefix(1);
    for (const auto last : {"-file"sv, "_file"sv})
        if (stem.ends_with(last)) stem.remove_suffix(last.size());
    return plugin::names_a_secret(stem) || path.starts_with("/run/secrets/"sv) || path.find("/.secrets/"sv) != std::string_view::npos;
}

// Where lines are patterns that others' lines are compared with.
bool is_pattern_place(std::string_view path) {
    for (const auto folder : {"/etc/fail2ban/filter.d/"sv, "/etc/logcheck/"sv, "/etc/logwatch/"sv, "/etc/modsecurity/"sv, "/etc/rsyslog.d/patterns"sv})
        if (path.starts_with(folder)) return true;
    return false;
}

// Secrets that stand further on in a line: a = x; password = SECRET, {user: a, password: SECRET, token: SECRET}, ARGS="--password SECRET".
std::vector<Credential> find_beside(std::string_view text) {
    std::vector<Credential> all;
    each_line(text, [&](std::string_view line, std::int64_t number) {
        const auto first = line.find_first_not_of(" \t");
        if (first == std::string_view::npos || line[first] == '#' || line[first] == ';' || line.substr(first).starts_with("//"sv)) return true;
        for (const auto& span : plugin::secret_spans(line)) {
            if (span.by_shape || (span.kind != plugin::SecretKind::password && span.kind != plugin::SecretKind::token)) continue;
            auto value = line.substr(span.start, span.length);
            while ((value.ends_with('}') && value.find('{') == std::string_view::npos) || (value.ends_with(']') && value.find('[') == std::string_view::npos)) value.remove_suffix(1);
            const auto name = name_before(line, span.start);
            if (value.empty() || is_label(value) || !is_secret_name(name)) continue;
            Credential found;
            found.setting = name, found.line = number, found.value = value;
            const auto holds = [&](std::string_view part) { return std::search(name.begin(), name.end(), part.begin(), part.end(), [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; }) != name.end(); };
            found.kind = holds("pass"sv) || holds("pwd"sv) ? "password" : holds("token"sv) ? "token" : "application_secret";
            if (const auto url = line.find("jdbc:"sv); url != std::string_view::npos && found.kind == "password") {
                const auto place = place_in_url(line.substr(url));
                found.kind = "database_password", found.host = place.host, found.database = place.database;
            }
            all.push_back(std::move(found));
        }
        return all.size() < k_most;
    });
    return all;
}

// Names whose values nobody writes into texts that people are shown.
bool is_issued(const Credential& one) {
    if (one.kind == "private_key"sv) return true;
    if (!is_label(one.value)) return true;
    return (one.setting == "client_secret"sv || one.setting == "refresh_token"sv || one.setting == "clientSecret"sv) && one.value.size() >= 12 && one.value.find(' ') == std::string::npos &&
           std::any_of(one.value.begin(), one.value.end(), [](char c) { return !((c >= 'a' && c <= 'z') || c == '_'); });
}

// The words of a wallet, kept in a file whose name says so.
bool is_phrase_file(std::string_view name, std::string_view text) {
    if (text.size() > 512 || !is_phrase(text) || !std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == ' ' || c == '\n' || c == '\r' || c == '\t'; })) return false;
    const auto plain = plugin::lowered(name);
    return std::any_of(k_phrase_names.begin(), k_phrase_names.end(), [&](auto one) { return plain.find(one) != std::string::npos; });
}

bool is_code(std::string_view path, std::string_view type) {
    for (const auto ending : {".js"sv, ".mjs"sv, ".ts"sv, ".php"sv, ".inc"sv, ".py"sv, ".rb"sv, ".pl"sv, ".pm"sv, ".java"sv, ".go"sv, ".c"sv, ".h"sv, ".jsp"sv, ".aspx"sv})
        if (path.ends_with(ending)) return true;
    for (const auto one : {"text/x-php"sv, "text/x-python"sv, "text/x-perl"sv, "text/x-ruby"sv, "text/javascript"sv, "text/x-node"sv, "text/x-jsp"sv, "text/x-asp"sv, "text/x-aspx"sv, "application/json"sv})
        if (type == one) return true;
    return false;
}

// Of XML, with blanks where comments stood; empty where there are none.
std::string without_xml_comments(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    if (first == std::string_view::npos || text[first] != '<' || text.substr(first).starts_with("<?php"sv) || text.find("<!--"sv) == std::string_view::npos) return {};
    std::string out(text);
    for (auto at = out.find("<!--"); at != std::string::npos; at = out.find("<!--", at)) {
        const auto end = std::min(out.find("-->", at), out.size());
        std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(at), out.begin() + static_cast<std::ptrdiff_t>(end), [](char c) { return c != '\n'; }, ' ');
    }
    return out;
}

// Do lines of this file run as commands, or hold options as commands do?
bool has_commands(std::string_view path, std::string_view name) {
    for (const auto folder : {"/etc/cron"sv, "/var/spool/cron/"sv, "/etc/profile.d/"sv, "/etc/systemd/"sv, "/etc/init.d/"sv, "/etc/default/"sv, "/etc/auto."sv, "/etc/grub.d/"sv, "/etc/supervisor"sv, "/etc/sysconfig/"sv, "/etc/conf.d/"sv, "/etc/runit/"sv, "/etc/sv/"sv})
        if (path.starts_with(folder)) return true;
    for (const auto ending : {".service"sv, ".timer"sv, ".xml"sv, ".sh"sv})
        if (name.ends_with(ending)) return true;
    for (const auto one : {"fstab"sv, "rc.local"sv, "crontab"sv, ".bashrc"sv, ".profile"sv, ".bash_profile"sv, ".zshrc"sv, ".bash_aliases"sv, "Dockerfile"sv, "Makefile"sv})
        if (name == one) return true;
    return false;
}

}  // namespace

bool is_place(std::string_view path) {
    for (const auto place : k_here)
        if (path.starts_with(place)) return true;
    for (const auto place : k_not_here)
        if (path.starts_with(place)) return false;
    return path != "/etc/shadow"sv;  // the topic passwd has it
}

std::vector<std::string_view> words(std::string_view line) {
    std::vector<std::string_view> all;
    for (std::size_t at = line.find_first_not_of(" \t"); at != std::string_view::npos && all.size() < 16; at = line.find_first_not_of(" \t", at)) {
        const bool quoted = line[at] == '"' && line.find('"', at + 1) != std::string_view::npos;
        const auto end = quoted ? line.find('"', at + 1) : std::min(line.find_first_of(" \t", at), line.size());
        all.push_back(line.substr(at + (quoted ? 1 : 0), end - at - (quoted ? 1 : 0)));
        at = std::min(end + (quoted ? 1 : 0), line.size());
    }
    return all;
}

bool is_read_on(std::string_view path) {
    return is_configuration(path) && path.find("/.cache/"sv) == std::string_view::npos;
}

bool is_scattered(std::string_view path, std::string_view head) {
    const auto name = path.substr(path.rfind('/') + 1);
    return (name == "passdb.tdb"sv || name == "secrets.tdb"sv) && head.starts_with("TDB file\n"sv);
}

std::vector<Credential> find_in_file(std::string_view path, std::string_view content_type, std::string_view head, std::uint64_t size) {
    auto found = find_stores(path, head, size);
    if (found.empty() && (content_type.starts_with("text/"sv) || content_type == "application/json"sv)) found = find_credentials(path, content_type, head);
    if (found.empty()) found = find_named(path, size);
    return found;
}

std::vector<Credential> find_credentials(std::string_view path, std::string_view content_type, std::string_view whole_text) {
    auto changed = without_xml_comments(whole_text);
    if (changed.empty()) changed = typed_lines(whole_text);
    const std::string_view text = changed.empty() ? whole_text : changed;
    const auto name = path.substr(path.rfind('/') + 1);
    auto all = find_keys(path, text);
    const bool history = is_history(path);
    const bool commands = history || content_type == "text/x-shellscript" || has_commands(path, name);
    const auto list = std::find_if(k_lists.begin(), k_lists.end(), [&](const auto& one) { return path.ends_with(one.ending); });
    const auto whole = std::find_if(k_wholes.begin(), k_wholes.end(), [&](const auto& one) { return path.ends_with(one.ending); });
    if (list != k_lists.end()) find_list(*list, text, all);
    else if (whole != k_wholes.end()) {
        Credential found;
        found.kind = whole->kind, found.application = whole->application, found.line = 1;
        found.value = text.substr(0, std::min(text.find_first_of("\r\n"), std::min(text.size(), k_line)));
        if (!found.value.empty()) all.push_back(std::move(found));
    } else if (name == ".netrc"sv || name == "_netrc"sv || path == "/etc/apt/auth.conf"sv || path.starts_with("/etc/apt/auth.conf.d/"sv)) find_netrc(text, all);
    else if (path.find("/.subversion/auth/"sv) != std::string_view::npos) find_counted(text, all);
    else if (is_accounts(text)) {
        find_hashes(path, text, all);
        find_in_names(text, all);
    } else if (name == "ipsec.secrets"sv || name.ends_with(".secrets"sv)) find_ipsec(text, all);
    else if (is_phrase_file(name, text)) {
        Credential found;
        found.kind = "private_key", found.setting = "seed", found.line = 1, found.value = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
        all.push_back(std::move(found));
    } else if (is_single_secret(path, name, text)) {
        Credential found;
        found.kind = "password", found.line = 1, found.value = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
        all.push_back(std::move(found));
    } else {
        find_hashes(path, text, all);
        const bool hashes = std::any_of(all.begin(), all.end(), [](const auto& one) { return one.protection == "hashed"; });
        if (path.starts_with("/etc/postfix/"sv)) find_relay_logins(text, all);
        const bool configuration = is_configuration(path) || is_cifs(text);
        const bool code = is_code(path, content_type);
        if (is_pattern_place(path)) return all;
        const auto add = [&](std::vector<Credential> some) {
            for (auto& one : some) {
                const auto same = [&](const Credential& other) { return other.line == one.line && (other.value.find(one.value) != std::string::npos || one.value.find(other.value) != std::string::npos); };
                if (std::none_of(all.begin(), all.end(), same)) all.push_back(std::move(one));
            }
        };
        if (!hashes && !history && configuration) {
            add(find_settings(path, text, code));
            if (!code) add(find_directives(path, text));
            if (path.ends_with(".config"sv)) find_terms(text, all);
            if (!code) add(find_beside(text));
        } else if (!hashes && !history && (content_type == "application/json"sv || content_type == "text/xml"sv || name.ends_with(".xml"sv)) && is_in_use(path)) {
            // A file of another name: what a program was given by its provider (client_secret, refresh_token), what is no word.
            auto some = find_settings(path, text, false);
            std::erase_if(some, [](const auto& one) { return !is_issued(one); });
            add(std::move(some));
        }
        if (!hashes && !history && code && content_type != "application/json"sv && is_in_use(path)) add(find_in_code(text));
        if (!hashes && all.empty() && path.find("/openvpn/"sv) != std::string_view::npos) find_two_lines(text, all);
        if (!hashes && all.empty() && path.starts_with("/etc/"sv) && path.find("vsftpd"sv) != std::string_view::npos && name.find("list"sv) == std::string_view::npos) find_alternating(text, all);
        if ((!hashes || history) && (configuration || commands || name == ".git-credentials"sv)) {
            std::vector<Credential> forms;
            find_forms(text, commands, history, forms);
            add(std::move(forms));
        }
        if (!hashes && !configuration && !code && !commands && is_note(path)) add(find_in_notes(text));
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
    if (all.size() > k_most) all.resize(k_most);
    for (auto& one : all)
        if (one.application.empty()) one.application = application_of(path);
    return all;
}

}  // namespace deadbox::plugins::credentials
