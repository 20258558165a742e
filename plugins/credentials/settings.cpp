#include "credentials/settings.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "plugin/secret_text.hpp"

namespace deadbox::plugins::credentials {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_line = 4096;
constexpr std::int64_t k_near = 8;  // lines between a user's name and the password

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}
bool is_name(char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || c == '-' || c == '.' || c == ':' || c == '/'; }
std::string_view trimmed(std::string_view text) {
    const auto from = text.find_first_not_of(" \t\r");
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

struct Setting {
    std::string_view name, value;
    bool quoted = false;
};

std::optional<std::string_view> quoted_at(std::string_view text) {
    if (text.empty() || (text.front() != '"' && text.front() != '\'')) return std::nullopt;
    for (std::size_t at = 1; at < text.size(); ++at) {
        if (text[at] == '\\') ++at;
        else if (text[at] == text.front()) return text.substr(1, at - 1);
    }
    return std::nullopt;
}

// <name>value</name>, or the attribute of an element: name="value".
std::optional<Setting> element(std::string_view line) {
    const auto close = line.find('>');
    if (!line.starts_with('<') || close == std::string_view::npos) return std::nullopt;
    const auto end = line.find("</"sv, close);
    const auto name = line.substr(1, line.find_first_of(" \t>") - 1);
    if (end == std::string_view::npos || end == close + 1) return std::nullopt;
    auto value = line.substr(close + 1, end - close - 1);
    if (value.starts_with("<![CDATA["sv) && value.ends_with("]]>"sv)) value = value.substr(9, value.size() - 12);
    return Setting{name, value, true};
}

// The last of these that stands on the line before the value: =, :, =>, or the comma of define('NAME', 'VALUE').
std::optional<Setting> setting(std::string_view raw) {
    auto line = trimmed(raw.substr(0, k_line));
    if (line.empty() || "#;*"sv.find(line.front()) != std::string_view::npos || line.starts_with("//"sv) || line.starts_with("<!--"sv) || line.starts_with("/*"sv)) return std::nullopt;
    if (line.front() == '<') return element(line);
    for (const auto prefix : {"export "sv, "define("sv, "set "sv, "- "sv, "const "sv, "public "sv, "private "sv, "protected "sv, "var "sv, "let "sv, "static "sv})
        if (line.starts_with(prefix)) line = trimmed(line.substr(prefix.size()));
    const auto by = line.find_first_of("=:,");
    std::size_t sign = by;
    while (sign != std::string_view::npos && line[sign] == ':' && sign + 1 < line.size() && is_name(line[sign + 1])) sign = line.find_first_of("=:,", sign + 1);  // spring:datasource, //registry/:_authToken
    if (sign == std::string_view::npos || sign == 0) return std::nullopt;
    auto name = trimmed(line.substr(0, sign));
    auto rest = line.substr(sign + 1);
    if (line[sign] == '=' && rest.starts_with('>')) rest.remove_prefix(1);
    else if (line[sign] == '=' && rest.starts_with('=')) return std::nullopt;  // a comparison
    if (name.ends_with('?') || name.ends_with('+') || name.ends_with(':')) name.remove_suffix(1);
    // $conf['db']['password'], "password", 'password'
    while (!name.empty() && "'\"]) "sv.find(name.back()) != std::string_view::npos) name.remove_suffix(1);
    std::size_t from = name.size();
    while (from > 0 && is_name(name[from - 1])) --from;
    name = name.substr(from);
    if (line[sign] == ',' && !raw.substr(0, k_line).starts_with("define"sv) && trimmed(raw).substr(0, 7) != "define("sv) return std::nullopt;
    rest = trimmed(rest);
    if (const auto quoted = quoted_at(rest)) return Setting{name, *quoted, true};
    auto value = rest;
    if (const auto comment = value.find(" #"); comment != std::string_view::npos) value = trimmed(value.substr(0, comment));
    if (value.ends_with(',') || value.ends_with(';')) value.remove_suffix(1);
    return Setting{name, value, false};
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> parts) {
    return std::any_of(parts.begin(), parts.end(), [&](auto part) { return text.find(part) != std::string_view::npos; });
}

std::string kind_of(std::string_view setting, std::string_view path) {
    const auto name = lowered(setting);
    const auto file = lowered(path.substr(path.rfind('/') + 1));
    if (has_any(name, {"aws", "azure", "gcp", "google", "s3_", "do_token"}) || path.find("/.aws/") != std::string_view::npos) return "cloud_key";
    const bool password = has_any(name, {"pass", "pwd"}) || name.ends_with("pw");
    if (password && (has_any(name, {"db", "sql", "database", "mongo", "redis", "datasource"}) || has_any(file, {".my.cnf", "my.cnf", "debian.cnf", "database", "configuration.php", "settings.php"}))) return "database_password";
    if (password) return "password";
    return name.ends_with("token") ? "token" : "application_secret";
}

// Names of the machine's own databases that look like settings (nsswitch.conf), and words that forms and translations have.
bool is_prose(std::string_view value, std::string_view name) {
    const auto plain = lowered(value);
    if (plain == lowered(name)) return true;
    for (const auto word : {"files"sv, "compat"sv, "systemd"sv, "ldap"sv, "sss"sv, "nis"sv, "db"sv, "hidden"sv, "text"sv, "varchar"sv, "nullable"sv, "sha512"sv, "sha256"sv, "yescrypt"sv, "md5"sv, "plain"sv, "bcrypt"sv,
                            "ask"sv, "prompt"sv, "any"sv, "deny"sv, "allow"sv, "off"sv, "on"sv, "enabled"sv, "disabled"sv, "auto"sv, "basic"sv, "passwort"sv, "username"sv})
        if (plain == word) return true;
    return plain.starts_with("required|") || plain.starts_with("exec:") || plain.starts_with("file:") || plain.starts_with("builtin");
}

bool is_secret_value(const Setting& s, std::string_view kind, bool code) {
    if (plugin::is_placeholder(s.value) || is_prose(s.value, s.name)) return false;
    if (code && !s.quoted) return false;
    if (s.value.front() == '/' || s.value.front() == '~' || s.value.front() == '&' || s.value.size() > 2048) return false;
    const bool blank = s.value.find_first_of(" \t") != std::string_view::npos;
    const bool odd = std::any_of(s.value.begin(), s.value.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
    if (blank && (s.value.size() < 32 || !odd)) return false;
    if (!s.quoted && s.value.find_first_of("()[]{}<>|") != std::string_view::npos && kind != "password" && kind != "database_password") return false;
    if (kind == "password" || kind == "database_password") return s.value.size() >= 3;
    return s.value.size() >= 8 && odd;
}

bool names_a_user(std::string_view name) {
    const auto plain = lowered(name);
    return plain.ends_with("user") || plain.ends_with("username") || plain.ends_with("login");
}

}  // namespace

bool is_configuration(std::string_view path) {
    const auto whole = lowered(path);
    const auto name = std::string_view(whole).substr(whole.rfind('/') + 1);
    if (has_any(whole, {"/lang/", "/langs/", "/language/", "/languages/", "/locale/", "/locales/", "/i18n/", "/l10n/", "/translations/", "/node_modules/", "/vendor/", "/test/", "/tests/", "/doc/", "/docs/", "/examples/", "/dist-packages/",
                        "/site-packages/"}))
        return false;
    if (has_any(name, {"sample", "example", ".dist", "template", "readme", "changelog", ".md", ".po", ".css", ".html", ".htm", ".d.ts"})) return false;
    if (name.starts_with(".env") || name.starts_with(".my.cnf") || name.starts_with("wp-config")) return true;
    for (const auto ending : {".cnf"sv, ".conf"sv, ".ini"sv, ".cfg"sv, ".env"sv, ".properties"sv, ".yml"sv, ".yaml"sv, ".toml"sv, ".nmconnection"sv, ".kubeconfig"sv, ".ovpn"sv})
        if (name.ends_with(ending)) return true;
    if (has_any(name, {"config", "setting", "database", "credential", "secret", "parameters", "conn", "dbinfo", "localconf", "passw", "token"})) return true;
    if (name == "db.php" || name == "env.php" || name == "environment" || name == "auth.json" || name == "local.xml") return true;
    if (name.starts_with('.')) return true;  // dot files of users: .npmrc, .pypirc, .s3cfg
    return name.find('.') == std::string_view::npos && (whole.starts_with("/etc/") || whole.find("/.") != std::string::npos);
}

std::string_view application_of(std::string_view path) {
    struct Known {
        std::string_view ending, application;
    };
    static constexpr std::array k_known{Known{"/wp-config.php", "WordPress"}, Known{"/configuration.php", "Joomla"}, Known{"/sites/default/settings.php", "Drupal"}, Known{"/LocalSettings.php", "MediaWiki"},
                                        Known{"/app/etc/env.php", "Magento"}, Known{"/app/etc/local.xml", "Magento"}, Known{"/typo3conf/LocalConfiguration.php", "TYPO3"}, Known{"/parameters.php", "PrestaShop, Symfony"},
                                        Known{"/.my.cnf", "MySQL"}, Known{"/debian.cnf", "MySQL"}, Known{"/.pgpass", "PostgreSQL"}, Known{"/.git-credentials", "Git"}, Known{"/.netrc", "netrc"},
                                        Known{"/.docker/config.json", "Docker"}, Known{"/.kube/config", "Kubernetes"}, Known{"/.aws/credentials", "AWS"}, Known{"/.npmrc", "npm"}, Known{"/.pypirc", "PyPI"},
                                        Known{"/.s3cfg", "s3cmd"}, Known{"/tomcat-users.xml", "Tomcat"}, Known{"/.htpasswd", "web server"}, Known{"/auth.json", "Composer"}};
    for (const auto& known : k_known)
        if (path.ends_with(known.ending)) return known.application;
    return {};
}

std::vector<Credential> find_settings(std::string_view path, std::string_view text, bool code) {
    struct User {
        std::int64_t line;
        std::string_view name;
    };
    std::vector<Credential> all;
    std::vector<User> users;
    const bool wordpress = path.ends_with("/wp-config.php"), registry = text.find("\"auths\""sv) != std::string_view::npos;
    std::int64_t number = 0;
    for (std::size_t at = 0; at < text.size() && all.size() < k_most;) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto one = setting(text.substr(at, end - at));
        at = end + 1, ++number;
        if (!one || one->value.empty()) continue;
        if (names_a_user(one->name)) users.push_back({number, one->value});
        const bool salt = wordpress && (one->name.ends_with("_KEY"sv) || one->name.ends_with("_SALT"sv));
        const bool login = registry && one->name == "auth"sv;
        if (!salt && !login && !plugin::names_a_secret(one->name)) continue;
        const auto kind = salt ? "application_secret" : login ? "registry_login" : kind_of(one->name, path);
        if (!is_secret_value(*one, kind, code)) continue;
        Credential found;
        found.kind = kind, found.setting = one->name, found.line = number, found.value = one->value;
        all.push_back(std::move(found));
    }
    for (auto& found : all) {
        if (found.kind != "password" && found.kind != "database_password") continue;
        std::int64_t nearest = k_near + 1;
        for (const auto& user : users) {
            const auto distance = user.line > found.line ? user.line - found.line : found.line - user.line;
            if (distance < nearest) nearest = distance, found.account = user.name.substr(0, 128);
        }
    }
    return all;
}

}  // namespace deadbox::plugins::credentials
