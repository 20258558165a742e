#include "credentials/settings.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <span>

#include "credentials/code.hpp"
#include "credentials/lines.hpp"
#include "credentials/place.hpp"
#include "plugin/secret_text.hpp"
#include "plugin/secret_value.hpp"

namespace deadbox::plugins::credentials {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_longest_line = 4096;
constexpr std::size_t k_longest_name = 256;  // of a setting; what is longer is none
constexpr std::int64_t k_near = 8;           // lines between a user's name and the password

using plugin::lower, plugin::lowered;
bool is_name(char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || c == '-' || c == '.' || c == ':' || c == '/'; }
std::string_view trimmed(std::string_view text) {
    const auto from = text.find_first_not_of(" \t\r");
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

struct Setting {
    std::string_view name, value;
    bool quoted = false;
    std::string_view parent = {};  // what it lies below
    bool attribute = false;        // of XML
    bool single = false;           // in quotes within which a dollar is what it is
};

std::optional<std::string_view> quoted_at(std::string_view text) {
    if (text.starts_with('`')) {  // of Go's INI; a shell runs a command there
        const auto inside = text.substr(1, std::min(text.find('`', 1), text.size()) - 1);
        return is_label(inside) ? std::nullopt : std::optional(inside);
    }
    if (text.empty() || (text.front() != '"' && text.front() != '\'')) return std::nullopt;
    for (std::size_t at = 1; at < text.size(); ++at) {
        if (text[at] == '\\') ++at;
        else if (text[at] == text.front()) return text.substr(1, at - 1);
    }
    return std::nullopt;
}

// NAME VALUE: two words, as msmtp, slapd, redis and pure-ftpd write them.
std::optional<Setting> directive(std::string_view line) {
    const auto blank = line.find_first_of(" \t");
    if (blank == std::string_view::npos) return std::nullopt;
    const auto name = lowered(line.substr(0, blank));
    if (!is_name(name.back()) || name.back() == ':') return std::nullopt;  // of YAML and programs: another sign says where the value begins
    const auto rest = trimmed(line.substr(blank));
    if (rest.starts_with("--"sv)) return std::nullopt;  // rootpw --lock
    bool secret = false;
    for (const auto last : {"password"sv, "passwd"sv, "passphrase"sv, "secret"sv, "bindpw"sv, "rootpw"sv, "authtok"sv, "requirepass"sv, "masterauth"sv, "community"sv}) secret |= name.ends_with(last);
    // Other names are read so only where the value could be nothing else; proxy_pass and the like name a server.
    if (!secret) {
        for (const auto server : {"proxy_pass"sv, "fastcgi_pass"sv, "uwsgi_pass"sv, "scgi_pass"sv, "grpc_pass"sv, "memcached_pass"sv})
            if (name == server) return std::nullopt;
        const auto value = quoted_at(rest).value_or(rest.substr(0, rest.size() - (rest.ends_with(';') ? 1 : 0)));
        if (!is_secret_name(name) || is_label(value)) return std::nullopt;
    }
    if (const auto quoted = quoted_at(rest); quoted && rest.size() <= quoted->size() + 3) return Setting{line.substr(0, blank), *quoted, true, {}, false, rest.front() == '\''};
    return rest.find_first_of(" \t\"'") == std::string_view::npos ? std::optional(Setting{line.substr(0, blank), rest.ends_with(';') ? rest.substr(0, rest.size() - 1) : rest, false}) : std::nullopt;
}

// The last of these that stands on the line before the value: =, :, =>, or the comma of define('NAME', 'VALUE').
std::optional<Setting> setting(std::string_view raw) {
    auto line = trimmed(raw.substr(0, k_longest_line));
    const bool registry = line.starts_with("//"sv) && line.find("/:_"sv) != std::string_view::npos;  // .npmrc: //host/:_authToken=...
    if (line.empty() || "#;*"sv.find(line.front()) != std::string_view::npos || (line.starts_with("//"sv) && !registry) || line.starts_with("<!--"sv) || line.starts_with("/*"sv)) return std::nullopt;
    if (line.front() == '<') return std::nullopt;
    for (const auto prefix : {"export "sv, "define("sv, "set "sv, "- "sv, "const "sv, "public "sv, "private "sv, "protected "sv, "var "sv, "let "sv, "static "sv})
        if (line.starts_with(prefix)) line = trimmed(line.substr(prefix.size()));
    if (const auto one = directive(line); one && one->quoted) return one;  // secret "base64=";
    const auto by = line.find_first_of("=:,");
    std::size_t sign = by;
    while (sign != std::string_view::npos && line[sign] == ':' && sign + 1 < line.size() && is_name(line[sign + 1])) sign = line.find_first_of("=:,", sign + 1);  // spring:datasource, //registry/:_authToken
    if (sign == std::string_view::npos || sign == 0) return directive(line);
    auto name = trimmed(line.substr(0, sign));
    auto rest = line.substr(sign + 1);
    if (line[sign] == '=' && rest.starts_with('>')) rest.remove_prefix(1);
    else if (line[sign] == '=' && rest.starts_with('=')) return std::nullopt;  // a comparison
    if (name.ends_with('?') || name.ends_with('+') || name.ends_with(':')) name.remove_suffix(1);
    // $conf['db']['password'], "password", 'password'
    while (!name.empty() && "'\"])}$ "sv.find(name.back()) != std::string_view::npos) name.remove_suffix(1);
    std::size_t from = name.size();
    while (from > 0 && is_name(name[from - 1])) --from;
    name = name.substr(from);
    if (line[sign] == ',' && !raw.substr(0, k_longest_line).starts_with("define"sv) && trimmed(raw).substr(0, 7) != "define("sv) return std::nullopt;
    rest = trimmed(rest);
    if (const auto quoted = quoted_at(rest)) return Setting{name, *quoted, true, {}, false, rest.front() == '\''};
    auto value = rest;
    if (const auto comment = value.find(" #"); comment != std::string_view::npos) value = trimmed(value.substr(0, comment));
    if (value.ends_with(',') || value.ends_with(';')) value.remove_suffix(1);
    return Setting{name, value, false};
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> parts) {
    return std::any_of(parts.begin(), parts.end(), [&](auto part) { return text.find(part) != std::string_view::npos; });
}

}  // namespace

std::string kind_of(std::string_view setting, std::string_view path) {
    const auto name = lowered(setting);
    const auto file = lowered(path.substr(path.rfind('/') + 1));
    if (has_any(name, {"aws", "azure", "gcp", "google", "s3_", "do_token"}) || has_any(path, {"/.aws/", "/.azure/", "/gcloud/"})) return "cloud_key";
    const bool password = has_any(name, {"pass", "pwd"}) || name.ends_with("pw") || name.ends_with("psk") || name.ends_with("authtok") || (name == "secret" && path.starts_with("/etc/"));
    if (password && (has_any(name, {"db", "sql", "database", "mongo", "redis", "datasource"}) || has_any(file, {".my.cnf", "my.cnf", "debian.cnf", "database", "configuration.php", "settings.php"}))) return "database_password";
    if (password) return "password";
    return name.ends_with("token") ? "token" : "application_secret";
}

namespace {

// Names of the machine's own databases that look like settings (nsswitch.conf), and words that forms and translations have.
bool is_prose(std::string_view value, std::string_view name) {
    const auto plain = lowered(value);
    if (plain == lowered(name)) return true;
    for (const auto word : {"files"sv, "compat"sv, "systemd"sv, "ldap"sv, "sss"sv, "nis"sv, "db"sv, "hidden"sv, "text"sv, "varchar"sv, "nullable"sv, "sha512"sv, "sha256"sv, "yescrypt"sv, "md5"sv, "plain"sv, "bcrypt"sv,
                            "ask"sv, "prompt"sv, "any"sv, "external"sv, "peer"sv, "trust"sv, "deny"sv, "allow"sv, "off"sv, "on"sv, "enabled"sv, "disabled"sv, "auto"sv, "basic"sv, "passwort"sv, "username"sv})
        if (plain == word) return true;
    if (is_pattern(value)) return true;
    return plain.starts_with("required|") || plain.starts_with("exec:") || plain.starts_with("file:") || plain.starts_with("pass:") || plain.starts_with("builtin");
}

// What file a setting stands in says how its value is to be read.
struct Style {
    bool code = false;         // bare words are variables
    bool translated = false;   // YAML, JSON, XML: texts that people are shown stand there too
    bool environment = false;  // .env: $word is no variable where it is written small
};

// MAIN_TLS_PRIVATEKEY, which stands for something else.
bool is_macro(std::string_view value) {
    return value.find('_') != std::string_view::npos && std::all_of(value.begin(), value.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

// 30, 32 or 64 bytes in base64, one of 64 of which begins with a slash: keys of AWS, of WireGuard and of Azure.
bool is_base64_key(std::string_view value) {
    const std::size_t pads = value.size() == 44 ? 1 : value.size() == 88 ? 2 : 0;
    if ((pads == 0 && value.size() != 40) || value.find('=') != (pads == 0 ? std::string_view::npos : value.size() - pads)) return false;
    const auto digits = value.substr(0, value.size() - pads);
    const auto any = [&](char first, char last) { return std::any_of(digits.begin(), digits.end(), [&](char c) { return c >= first && c <= last; }); };
    if (pads == 0 && (std::count(digits.begin(), digits.end(), '/') > 4 || !any('0', '9') || !any('a', 'z') || !any('A', 'Z'))) return false;
    return std::all_of(digits.begin(), digits.end(), [](char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '+' || c == '/'; });
}

bool is_secret_value(const Setting& s, std::string_view kind, Style style) {
    const bool code = style.code;
    const bool small_dollar = style.environment && s.value.size() > 3 && s.value.front() == '$' && s.value[1] >= 'a' && s.value[1] <= 'z' && s.value.find_first_of("({[") == std::string_view::npos;
    const bool jenkins = s.value.size() > 20 && s.value.starts_with("{A"sv) && s.value.ends_with("=}"sv);  // what its master key opens
    if ((plugin::is_placeholder(s.value) && !small_dollar && !jenkins) || is_prose(s.value, s.name)) return false;
    if (code && !s.quoted) return false;
    if (s.value.starts_with("%{") || is_name_in_capitals(s.value)) return false;
    const bool password = kind == "password" || kind == "database_password";
    // Built of other values: "user {$row->password}".
    const auto dollar = s.value.find('$');
    const bool built = s.value.find("{$") != std::string_view::npos || (dollar != std::string_view::npos && s.value.find("->", dollar) != std::string_view::npos);
    if (code && ((built && !s.single) || (!password && s.value.find("->") != std::string_view::npos) || s.value.starts_with(' ') || s.value.starts_with("**"))) return false;
    if (kind == "application_secret" && !s.quoted && (s.value.ends_with(".key") || s.value.ends_with(".pem") || is_macro(s.value))) return false;
    if (s.value.front() == '$' && s.value.find('/') != std::string_view::npos && kind == "application_secret") return false;  // $dir/private/key.pem
    if (s.value.ends_with("/tcp") || s.value.ends_with("/udp")) return false;                                               // a service
    if (s.value.size() > 2048) return false;
    const bool ordinary = !is_base64_key(s.value) && (s.value.front() == '/' || s.value.front() == '~' || s.value.front() == '&');
    if (ordinary && (!password || is_path(s.value) || (style.translated && !s.quoted))) return false;  // &a of YAML is a name for what follows
    const bool blank = s.value.find_first_of(" \t") != std::string_view::npos;
    const bool odd = std::any_of(s.value.begin(), s.value.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
    const bool digit = std::any_of(s.value.begin(), s.value.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (blank && (s.value.size() < 32 || !odd) && !(s.quoted && password && !code && (!style.translated || digit))) return false;
    if (!s.quoted && s.value.find_first_of("()[]{}<>|") != std::string_view::npos && !password) return false;
    if (password) return s.value.size() >= 3;
    return s.value.size() >= 8 && odd;
}

// What stands beside a password and says where it is used.
enum class Role : unsigned char { user, host, database, address };
struct Near {
    std::int64_t line = 0;
    std::string_view name, value;
    Role role = Role::user;
};
constexpr std::size_t k_most_beside = 1024;
using Endings = std::span<const std::string_view>;
// Endings of names, the longer ones first.
constexpr std::array k_password_names{"password"sv, "passwd"sv, "passphrase"sv, "pass"sv, "pwd"sv, "pw"sv, "secret"sv};
constexpr std::array k_user_names{"username"sv, "user"sv, "login"sv, "userid"sv, "uid"sv};
constexpr std::array k_host_names{"hostname"sv, "hostspec"sv, "servername"sv, "server"sv, "hosts"sv, "host"sv};
constexpr std::array k_database_names{"database"sv, "dbname"sv, "name"sv, "db"sv};
constexpr std::array k_address_names{"url"sv, "uri"sv, "dsn"sv};

constexpr Endings names_of(Role role) {
    switch (role) {
        case Role::user: return k_user_names;
        case Role::host: return k_host_names;
        case Role::database: return k_database_names;
        case Role::address: break;
    }
    return k_address_names;
}

// db of DB_PASSWORD, spring.datasource of spring.datasource.url; "" where the name is nothing but its ending.
std::string stem_of(std::string_view name, Endings endings) {
    auto plain = lowered(name);
    for (const auto ending : endings)
        if (plain.ends_with(ending)) {
            plain.resize(plain.size() - ending.size());
            break;
        }
    while (!plain.empty() && std::string_view("_-.:/[]'\"").find(plain.back()) != std::string_view::npos) plain.pop_back();
    return plain;
}

// DB_USER and DATABASE_PASSWORD are of the same thing.
bool is_of_database(std::string_view stem) { return has_any(stem, {"db", "sql", "database"}); }

std::optional<Role> role_of(const Setting& one) {
    if (one.value.empty() || one.value.size() > 512 || one.value.front() == '$' || one.value.front() == '{' || one.value.front() == '<') return std::nullopt;
    const auto plain = lowered(one.name);
    const auto ends = [&](Endings endings) { return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return plain.ends_with(ending); }); };
    if (plain.ends_with("user") || plain.ends_with("username") || plain.ends_with("login")) return Role::user;
    if (ends(k_address_names)) return one.value.find("://") != std::string_view::npos || one.value.find("host=") != std::string_view::npos ? std::optional(Role::address) : std::nullopt;
    if (ends(k_host_names)) return Role::host;
    // "name" is everything's: only that of a database, or Django's.
    if (plain.ends_with("name") && one.name != "NAME"sv && plain.find("db") == std::string::npos && plain.find("database") == std::string::npos && plain.find("sql") == std::string::npos) return std::nullopt;
    if (plain.ends_with("db") && plain != "db" && !plain.ends_with("_db") && !plain.ends_with("-db") && !plain.ends_with(".db")) return std::nullopt;
    return ends(k_database_names) ? std::optional(Role::database) : std::nullopt;
}

}  // namespace

bool is_secret_name(std::string_view name) {
    if (name.size() > k_longest_name) return false;
    if (plugin::names_a_secret(name)) return true;
    const auto last = name.find_last_of("_-.:/"sv);
    return last != std::string_view::npos && plugin::names_a_secret(name.substr(last + 1));
}

bool is_phrase(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = text.find_first_not_of(" \t\r\n"); at != std::string_view::npos; at = text.find_first_not_of(" \t\r\n", at)) {
        const auto end = std::min(text.find_first_of(" \t\r\n", at), text.size());
        const auto word = text.substr(at, end - at);
        if (word.size() < 3 || word.size() > 12 || ++count > 24 || !std::all_of(word.begin(), word.end(), [](char c) { return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9'); })) return false;
        at = end;
    }
    return count >= 12 && count % 3 == 0;
}

bool is_name_in_capitals(std::string_view value) {
    return std::all_of(value.begin(), value.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; }) && plugin::names_a_secret(value);
}

bool is_pattern(std::string_view value) {
    return value.find("\\.") != std::string_view::npos || value.find(".*") != std::string_view::npos || value.find("[[:") != std::string_view::npos || value.find("(?") != std::string_view::npos || value.ends_with("'$") || value.ends_with("\"$");
}

bool is_in_use(std::string_view path) {
    const auto whole = lowered(path);
    const auto name = std::string_view(whole).substr(whole.rfind('/') + 1);
    if (has_any(whole, {"/lang/", "/langs/", "/language/", "/languages/", "/locale/", "/locales/", "/i18n/", "/l10n/", "/translations/", "/node_modules/", "/vendor/", "/test/", "/tests/", "/doc/", "/docs/", "/examples/", "/dist-packages/",
                        "/site-packages/"}))
        return false;
    return !has_any(name, {"sample", "example", ".dist", "template", "readme", "changelog", ".md", ".po", ".css", ".html", ".htm", ".d.ts"});
}

bool is_configuration(std::string_view path) {
    if (!is_in_use(path)) return false;
    auto whole = lowered(path);
    for (const auto copy : {".bak"sv, ".old"sv, ".orig"sv, ".save"sv, "~"sv, ".backup"sv, ".dpkg-old"sv, ".ucf-old"sv, ".rpmsave"sv})
        if (whole.ends_with(copy)) whole.resize(whole.size() - copy.size());
    const auto name = std::string_view(whole).substr(whole.rfind('/') + 1);
    if (name.starts_with(".env") || name.starts_with(".my.cnf") || name.starts_with("wp-config")) return true;
    for (const auto ending : {".cnf"sv, ".conf"sv, ".ini"sv, ".cfg"sv, ".env"sv, ".properties"sv, ".yml"sv, ".yaml"sv, ".toml"sv, ".nmconnection"sv, ".kubeconfig"sv, ".ovpn"sv, ".cf"sv, ".tfvars"sv, ".tfstate"sv, ".config"sv, ".ldif"sv, ".acl"sv, ".rdp"sv,
                              ".pgpass"sv, ".service"sv, ".keyring"sv, ".conf.ext"sv})
        if (name.ends_with(ending)) return true;
    const bool system = whole.starts_with("/etc/"), own = system || whole.find("/.") != std::string::npos || whole.starts_with("/var/lib/jenkins/");
    if (system)
        for (const auto ending : {".list"sv, ".sources"sv, ".repo"sv, ".netdev"sv, ".network"sv, ".mount"sv, ".socket"sv, ".pl"sv, ".local"sv})
            if (name.ends_with(ending)) return true;
    if (own)
        for (const auto ending : {".rb"sv, ".py"sv, ".lua"sv, ".xml"sv, ".json"sv, ".key"sv, ".secrets"sv, ".auth"sv, ".users"sv, ".inc"sv, ".inc.php"sv})
            if (name.ends_with(ending)) return true;
    if (has_any(name, {"config", "setting", "database", "credential", "secret", "parameters", "conn", "dbinfo", "localconf", "passw", "token", "user-data", "vendor-data"})) return true;
    for (const auto one : {"db.php"sv, "env.php"sv, "environment"sv, "auth.json"sv, "local.xml"sv, "tomcat-users.xml"sv, "server.xml"sv, "context.xml"sv, "standalone.xml"sv, "hosts.yml"sv, "azure.json"sv, "logins.json"sv, "sitemanager.xml"sv, "recentservers.xml"sv,
                           "filezilla.xml"sv, "winscp.ini"sv})
        if (name == one) return true;
    if (name.starts_with('.')) return true;  // dot files of users: .npmrc, .pypirc, .s3cfg
    return name.find('.') == std::string_view::npos && own;
}

bool is_path(std::string_view value) {
    if (!value.starts_with('/') && !value.starts_with("~/"sv)) return false;
    for (std::size_t at = value.find('/') + 1; at <= value.size();) {
        const auto end = std::min(value.find('/', at), value.size());
        const auto part = value.substr(at, end - at);
        bool digit = false;
        int before = -1, changes = -1;
        for (const char c : part) {
            if (!plugin::is_word(c) && c != '.' && c != '@' && c != '%') return false;
            const int kind = plugin::is_digit(c) ? 0 : c >= 'a' && c <= 'z' ? 1 : c >= 'A' && c <= 'Z' ? 2 : 3;
            digit |= kind == 0, changes += kind != before, before = kind;
        }
        if (digit && changes >= 4 && part.find_first_of("-_.@%"sv) == std::string_view::npos) return false;  // nobody calls a folder so
        at = end + 1;
    }
    return true;
}

std::string_view application_of(std::string_view path) {
    struct Known {
        std::string_view ending, application;
    };
    static constexpr std::array k_known{Known{"/wp-config.php", "WordPress"}, Known{"/configuration.php", "Joomla"}, Known{"/sites/default/settings.php", "Drupal"}, Known{"/LocalSettings.php", "MediaWiki"},
                                        Known{"/app/etc/env.php", "Magento"}, Known{"/app/etc/local.xml", "Magento"}, Known{"/typo3conf/LocalConfiguration.php", "TYPO3"}, Known{"/parameters.php", "PrestaShop, Symfony"},
                                        Known{"/.my.cnf", "MySQL"}, Known{"/debian.cnf", "MySQL"}, Known{"/.pgpass", "PostgreSQL"}, Known{"/.git-credentials", "Git"}, Known{"/.netrc", "netrc"},
                                        Known{"/.docker/config.json", "Docker"}, Known{"/.kube/config", "Kubernetes"}, Known{"/.aws/credentials", "AWS"}, Known{"/.npmrc", "npm"}, Known{"/.pypirc", "PyPI"},
                                        Known{"/.s3cfg", "s3cmd"}, Known{"/tomcat-users.xml", "Tomcat"}, Known{"/.htpasswd", "web server"}, Known{"/auth.json", "Composer"}, Known{"/rclone.conf", "rclone"}, Known{"/.smbcredentials", "CIFS"}, Known{"/etc/fstab", "CIFS"},
                                        Known{"/database.yml", "Rails"}, Known{"/secrets.yml", "Rails"}, Known{"/application.properties", "Spring"}, Known{"/application.yml", "Spring"}, Known{"/settings.py", "Django"}};
    for (const auto& known : k_known)
        if (path.ends_with(known.ending)) return known.application;
    return {};
}

namespace {

// Secrets whose names say it only in their own application's file.
struct Own {
    std::string_view file, name;  // endings
};
constexpr std::array k_own{Own{"/wp-config.php", "_KEY"}, Own{"/wp-config.php", "_SALT"}, Own{"/app/etc/env.php", "key"}, Own{"/app/etc/local.xml", "key"}, Own{"keyring", "key"}, Own{"/LocalSettings.php", "wgUpgradeKey"},
                           Own{"/rndc.key", "secret"}, Own{"/config.php", "passwordsalt"}, Own{"/config.ini.php", "salt"}, Own{"/pam_duo.conf", "skey"}, Own{"/login_duo.conf", "skey"}, Own{"/rclone.conf", "key"}, Own{".npmrc", "_auth"}, Own{"/dovecot-ldap.conf.ext", "dnpass"}};

constexpr std::size_t k_deepest = 128;

// "NAME": "VALUE" anywhere in JSON, however its lines are broken, and the strings of lists.
template <class Visit>
void each_pair(std::string_view text, Visit&& visit) {
    struct Open {
        std::string_view name;
        bool list = false;
    };
    std::int64_t line = 1;
    std::string_view before;  // the string that a colon may follow
    bool colon = false;
    std::vector<Open> open(1);
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\n') ++line;
        else if (text[at] == ':') colon = !before.empty();
        else if (text[at] == '"') {
            auto end = at + 1;
            while (end < text.size() && text[end] != '"' && text[end] != '\n') end += text[end] == '\\' ? 2u : 1u;
            if (end >= text.size()) return;
            const auto string = text.substr(at + 1, end - at - 1);
            if (colon || open.back().list) {
                if (!visit(Setting{colon ? before : std::string_view(), string, true, open.back().name}, line)) return;
                before = {}, colon = false;
            } else before = string;
            if (text[end] == '\n') ++line;
            at = end;
        } else if (text[at] == '{' || text[at] == '[') {
            if (open.size() == k_deepest) return;
            open.push_back({colon ? before : open.back().name, text[at] == '['});
            before = {}, colon = false;
        } else if (text[at] == '}' || text[at] == ']') {
            if (open.size() > 1) open.pop_back();
            before = {}, colon = false;
        } else if (static_cast<unsigned char>(text[at]) > ' ') before = {}, colon = false;
    }
}

// NAME="VALUE" of a tag.
template <class Visit>
bool each_attribute(std::string_view tag, Visit&& visit) {
    for (auto at = tag.find('='); at != std::string_view::npos; at = tag.find('=', at)) {
        const auto quote = at + 1;
        const auto close = quote < tag.size() && (tag[quote] == '"' || tag[quote] == '\'') ? tag.find(tag[quote], quote + 1) : std::string_view::npos;
        if (close == std::string_view::npos) {
            ++at;
            continue;
        }
        auto from = at;
        while (from > 0 && is_name(tag[from - 1])) --from;
        if (!visit(Setting{tag.substr(from, at - from), tag.substr(quote + 1, close - quote - 1), true, {}, true})) return false;
        at = close + 1;
    }
    return true;
}

// <name>value</name>, <property name="NAME">value</property> and the attributes.
template <class Visit>
void each_element(std::string_view text, Visit&& visit) {
    std::int64_t line = 1;
    std::size_t counted = 0;
    const auto last_end = text.rfind("]]>"sv) == std::string_view::npos ? 0 : text.rfind("]]>"sv);
    for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
        const auto close = text.find_first_of("<>"sv, at + 1);
        if (close == std::string_view::npos) return;
        if (text[close] == '<') continue;
        const auto tag = text.substr(at + 1, close - at - 1);
        std::string_view named;
        if (!tag.starts_with('!') && !tag.starts_with('?') && !tag.starts_with('/') && tag.find('=') != std::string_view::npos) {
            line += std::count(text.begin() + static_cast<std::ptrdiff_t>(counted), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
            counted = at;
            if (!each_attribute(tag, [&](const Setting& one) {
                    if (one.name == "name"sv || one.name == "key"sv) named = one.value;
                    return visit(one, line);
                }))
                return;
        }
        const auto cdata = close < last_end && text.substr(close + 1).starts_with("<![CDATA["sv) ? text.find("]]>"sv, close) : std::string_view::npos;
        const auto from = cdata == std::string_view::npos ? close + 1 : close + 10;
        const auto end = cdata == std::string_view::npos ? text.find('<', from) : cdata;
        if (end == std::string_view::npos || end <= from || !text.substr(cdata == std::string_view::npos ? end : end + 3).starts_with("</"sv)) {
            if (cdata != std::string_view::npos) at = cdata;
            continue;
        }
        line += std::count(text.begin() + static_cast<std::ptrdiff_t>(counted), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
        counted = at;
        const auto name = tag.substr(0, tag.find_first_of(" \t\n"));
        if (cdata != std::string_view::npos) at = end;  // what stands within is no tag
        if (!visit(Setting{named.empty() || is_secret_name(name) ? name : named, text.substr(from, end - from), true}, line)) return;
    }
}

// 'a' => 'b', 'c' => 'd': the settings of one line of code.
template <class Visit>
bool each_of_line(std::string_view line, Visit&& visit) {
    std::size_t from = 0;
    char quote = 0;
    for (std::size_t at = 0; at <= line.size(); ++at) {
        const char c = at < line.size() ? line[at] : ',';
        if (quote != 0 && at < line.size()) {
            if (c == '\\') ++at;
            else if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') quote = c;
        else if (c == ',' || ((c == '[' || c == '{' || c == '(') && at + 1 < line.size() && (line[at + 1] == '\'' || line[at + 1] == '"'))) {
            const auto piece = line.substr(from, std::min(at, line.size()) - from);
            if (const auto one = setting(piece); one && !visit(*one)) return false;
            from = at + 1;
        }
    }
    return true;
}

// What a line lies below: a key of YAML that is indented less, a section of an INI file.
class Scope {
public:
    void line(std::string_view raw) {
        const auto indent = raw.find_first_not_of(" \t");
        auto text = trimmed(raw);
        if (text.starts_with('[') && text.ends_with(']')) {
            m_keys.assign(1, {-1, text.substr(1, text.size() - 2)});
            return;
        }
        const auto deep = static_cast<std::int64_t>(indent);
        const bool item = text.starts_with("- "sv);  // may stand as far left as the list's name
        while (!m_keys.empty() && (m_keys.back().indent > deep || (m_keys.back().indent == deep && !item))) m_keys.pop_back();
        m_parent = m_keys.empty() ? std::string_view() : m_keys.back().name;
        if (item) text = trimmed(text.substr(2));
        if (m_keys.size() < k_deepest && text.size() > 1 && text.ends_with(':') && text.find_first_of(" \t") == std::string_view::npos) m_keys.push_back({deep + (item ? 1 : 0), text.substr(0, text.size() - 1)});
    }
    std::string_view parent() const { return m_parent; }

private:
    struct Key {
        std::int64_t indent = 0;
        std::string_view name;
    };
    std::vector<Key> m_keys;
    std::string_view m_parent;
};

enum class Layout : unsigned char { lines, code, json, xml };

template <class Visit>
void each_setting(std::string_view text, Layout layout, Visit&& visit) {
    if (layout == Layout::json) return each_pair(text, visit);
    if (layout == Layout::xml) return each_element(text, visit);
    std::int64_t number = 0;
    Scope scope;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = text.substr(at, std::min(end - at, k_longest_line));
        at = end + 1, ++number;
        const bool many = layout == Layout::code && line.find("define("sv) == std::string_view::npos && (line.find("=>"sv) != line.rfind("=>"sv) || line.find("': "sv) != line.rfind("': "sv) || line.find("\": "sv) != line.rfind("\": "sv));
        if (many) {
            if (!each_of_line(line, [&](const Setting& one) { return visit(one, number); })) return;
        } else if (layout == Layout::code) {
            if (const auto one = setting(line); one && !visit(*one, number)) return;
        } else {
            const auto bare = trimmed(line);
            if (bare.empty() || "#;*"sv.find(bare.front()) != std::string_view::npos) continue;
            scope.line(line);
            bool more = true, any = false;
            each_statement(line, [&](std::string_view piece) {
                auto one = setting(piece);
                if (!one) return true;
                any = true, one->parent = scope.parent();
                return more = visit(*one, number);
            });
            if (more && !any && bare.starts_with("- "sv)) {
                const auto value = trimmed(bare.substr(2));
                const auto quoted = quoted_at(value);
                more = visit(Setting{{}, quoted.value_or(value), quoted.has_value(), scope.parent()}, number);
            }
            if (!more) return;
        }
    }
}

// Names under which the name of another value stands, and that value's.
bool names_a_name(std::string_view name) { return name == "name"sv || name == "key"sv || name == "Name"sv || name == "Key"sv || name == "param-name"sv; }
bool names_a_value(std::string_view name) { return name == "value"sv || name == "Value"sv || name == "param-value"sv; }

// tokens: [...], secret: {value: ...}, Jwt: {Key: ...}: what says that it is a secret is what it lies below.
bool is_secret_below(const Setting& one) {
    if (one.parent.empty()) return false;
    if (one.name.empty()) return is_secret_name(one.parent) || (one.parent.ends_with('s') && is_secret_name(one.parent.substr(0, one.parent.size() - 1)));
    if (names_a_value(one.name)) return is_secret_name(one.parent);
    const auto name = lowered(one.name), parent = lowered(one.parent);
    return name == "key" && (parent == "jwt" || parent == "hmac" || plugin::names_a_secret(parent + "_" + name));
}

// The values of a Kubernetes Secret, whatever their names: open below stringData, in base64 below data.
bool is_of_secret_object(const Setting& one) {
    if (one.name.empty() || one.value.size() < 8) return false;
    if (one.parent == "stringData"sv) return !is_label(one.value);
    if (one.parent != "data"sv || one.value.size() % 4 != 0 || one.value.starts_with("LS0tLS1CRUdJTiBDRVJU"sv)) return false;  // a certificate
    return std::all_of(one.value.begin(), one.value.end(), [](char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '+' || c == '/' || c == '='; });
}

}  // namespace

namespace {

// Server=db;User Id=sa;Password=VALUE; host=db password=VALUE
std::string_view password_inside(std::string_view value) {
    if (value.size() > 1024 || value.find('=') == std::string_view::npos) return {};
    const auto plain = lowered(value);
    const bool parts = plain.find(';') != std::string::npos;
    bool place = false;
    for (const auto name : {"server="sv, "host="sv, "data source="sv, "dbname="sv, "database="sv, "user id="sv, "uid="sv, "endpoint="sv, "accountname="sv}) place |= plain.find(name) != std::string::npos;
    if (!place) return {};
    for (const auto name : {"password="sv, "pwd="sv, "pass="sv, "accountkey="sv, "sharedaccesskey="sv}) {
        const auto at = plain.find(name);
        if (at == std::string::npos || (at > 0 && plain[at - 1] != ';' && plain[at - 1] != ' ' && plain[at - 1] != ':')) continue;
        const auto from = at + name.size();
        auto inside = value.substr(from, std::min(value.find(parts ? ';' : ' ', from), value.size()) - from);
        if (inside.size() >= 2 && (inside.front() == '\'' || inside.front() == '"') && inside.back() == inside.front()) inside = inside.substr(1, inside.size() - 2);
        if (inside.size() >= 3 && !plugin::is_placeholder(inside)) return inside;
    }
    return {};
}

}  // namespace

std::vector<Credential> find_settings(std::string_view path, std::string_view text, bool code) {
    std::vector<Credential> all;
    std::vector<Near> beside;
    const bool registry = text.find("\"auths\""sv) != std::string_view::npos || path.ends_with("/.dockercfg"sv);
    const auto first = text.find_first_not_of(" \t\r\n");
    const bool json = first != std::string_view::npos && (text[first] == '{' || (text[first] == '[' && path.ends_with(".json"sv)));
    const auto file = path.substr(path.rfind('/') + 1);
    Style style;
    style.code = code && !json, style.environment = file.starts_with(".env"sv) || file.ends_with(".env"sv);
    const bool xml = first != std::string_view::npos && text[first] == '<' && !code;
    const bool secret_object = text.find("kind: Secret"sv) != std::string_view::npos || text.find("\"kind\": \"Secret\""sv) != std::string_view::npos || text.find("\"kind\":\"Secret\""sv) != std::string_view::npos;
    const bool resource = file == "resource.cfg"sv;  // of Nagios: $USERn$=VALUE
    style.translated = xml || json || file.ends_with(".yml"sv) || file.ends_with(".yaml"sv) || file.ends_with(".xml"sv);
    std::pair<std::int64_t, std::string_view> said{-k_near, {}};  // the name that a value follows
    each_setting(text, json ? Layout::json : xml ? Layout::xml : code ? Layout::code : Layout::lines, [&](const Setting& given, std::int64_t number) {
        Setting one = given;
        if (one.value.empty() || one.name.size() > k_longest_name) return true;
        if (one.parent.size() > k_longest_name) one.parent = {};
        if (names_a_name(one.name)) said = {number, one.value};
        // Told by what stands beside it or above it.
        bool elsewhere = false;
        if (names_a_value(one.name) && number - said.first <= 2 && is_secret_name(said.second)) one.name = said.second, elsewhere = true;
        else if (is_secret_below(one)) {
            if (one.name.empty() || names_a_value(one.name)) one.name = one.parent;
            elsewhere = true;
        } else if (resource && one.name.starts_with("USER"sv)) elsewhere = true;
        if (elsewhere && is_label(one.value)) return true;
        const bool phrase = (one.name == "seed"sv || has_any(lowered(one.name), {"mnemonic", "seed_phrase", "seedphrase", "recovery_phrase"})) && is_phrase(one.value);
        elsewhere |= secret_object && !role_of(one) && is_of_secret_object(one);
        if (const auto inside = password_inside(one.value); !inside.empty()) {
            Credential found;
            found.kind = "database_password", found.setting = one.name, found.line = number, found.value = inside;
            auto place = place_in_parts(one.value);
            found.account = std::move(place.account), found.host = std::move(place.host), found.database = std::move(place.database);
            all.push_back(std::move(found));
            return all.size() < k_most;
        }
        if (const auto role = role_of(one); role && beside.size() < k_most_beside) beside.push_back({number, one.name, one.value, *role});
        const bool own = std::any_of(k_own.begin(), k_own.end(), [&](const auto& known) { return path.ends_with(known.file) && one.name.ends_with(known.name); });
        const bool login = registry && (one.name == "auth"sv || one.name == "identitytoken"sv);
        if (!own && !login && !elsewhere && !phrase && !is_secret_name(one.name)) return true;
        if (one.attribute && is_label(one.value)) return true;  // type="password", token="name"
        const auto kind = phrase ? "private_key" : own && !one.name.ends_with("pass"sv) ? "application_secret" : login ? "registry_login" : kind_of(elsewhere && one.name.ends_with('s') ? one.name.substr(0, one.name.size() - 1) : one.name, path);
        if (one.value.starts_with("-----BEGIN"sv) || (!phrase && !is_secret_value(one, kind, style))) return true;  // keys are found by their form
        Credential found;
        found.kind = kind, found.setting = one.name, found.line = number, found.value = one.value;
        if (elsewhere && (one.name == "key"sv || one.name == "Key"sv)) found.setting = std::string(one.parent) + "." + found.setting;
        if (const auto spans = plugin::secret_spans(one.value); spans.size() == 1 && spans[0].kind == plugin::SecretKind::hash && spans[0].length * 4 >= one.value.size() * 3) found.protection = "hashed";  // #jbcrypt:$2a$...
        if (one.value.starts_with("e1"sv) && path.ends_with(".ldif"sv)) found.protection = "hashed";  // {SCHEME}... in base64
        all.push_back(std::move(found));
        return all.size() < k_most;
    });
    for (auto& found : all) {
        if (found.kind != "password" && found.kind != "database_password") continue;
        const auto stem = stem_of(found.setting, k_password_names);
        for (const auto& near : beside)  // the login of a data source
            if (near.role == Role::address && near.value.starts_with("jdbc:"sv) && std::abs(near.line - found.line) <= k_near && stem_of(near.name, k_address_names) == stem) found.kind = "database_password";
        if (stem.ends_with("_root") && is_of_database(stem)) found.account = "root";  // MYSQL_ROOT_PASSWORD, beside another MYSQL_USER
        for (const auto role : {Role::user, Role::host, Role::database, Role::address}) {
            if (role != Role::user && found.kind != "database_password" && role != Role::host) continue;
            const Near* best = nullptr;
            std::pair<int, std::int64_t> least{3, k_near + 1};
            for (const auto& near : beside) {
                const auto distance = near.line > found.line ? near.line - found.line : found.line - near.line;
                if (near.role != role || distance > k_near) continue;
                // Of the same thing: DB_HOST of DB_PASSWORD before HOST, never MAIL_HOST.
                const auto theirs = stem_of(near.name, names_of(role));
                const int kin = theirs == stem ? 0 : theirs.empty() || stem.empty() || theirs.starts_with(stem) || stem.starts_with(theirs) || (is_of_database(theirs) && is_of_database(stem)) ? 1 : 2;
                if (kin == 2 || std::pair(kin, distance) >= least) continue;
                best = &near, least = {kin, distance};
            }
            if (best == nullptr) continue;
            if (role == Role::user && found.account.empty()) found.account = best->value.substr(0, 128);
            else if (role == Role::host && found.host.empty()) found.host = host_in(best->value);
            else if (role == Role::database && found.database.empty()) found.database = best->value.substr(0, 128);
            else if (role == Role::address) {
                const auto place = best->value.find("://") != std::string_view::npos ? place_in_url(best->value) : place_in_parts(best->value);
                if (found.host.empty()) found.host = place.host;
                if (found.database.empty()) found.database = place.database;
            }
        }
    }
    return all;
}

}  // namespace deadbox::plugins::credentials
