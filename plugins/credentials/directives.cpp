#include "credentials/directives.hpp"

#include <algorithm>
#include <array>

#include "credentials/code.hpp"
#include "credentials/lines.hpp"
#include "credentials/place.hpp"
#include "credentials/settings.hpp"
#include "plugin/secret_command.hpp"
#include "plugin/secret_text.hpp"

namespace deadbox::plugins::credentials {
namespace {

using namespace std::string_view_literals;

// Words behind which "NAME VALUE" follows, where NAME says whether it is secret. `headers`: NAME is a header's.
struct Setter {
    std::string_view first, second;
    bool headers = false;
};
constexpr std::array k_setters{Setter{"SetEnv", ""}, Setter{"PassEnv", ""}, Setter{"fastcgi_param", ""}, Setter{"uwsgi_param", ""}, Setter{"proxy_set_header", "", true}, Setter{"grpc_set_header", "", true}, Setter{"more_set_headers", "", true},
                               Setter{"RequestHeader", "set", true}, Setter{"RequestHeader", "add", true}, Setter{"Header", "set", true}, Setter{"http-request", "set-header", true}, Setter{"setenv", ""}, Setter{"setenv-safe", ""}, Setter{"ENV", ""}};
// Words behind which the value stands, in a line of more words.
constexpr std::array k_names{"password"sv, "passwd"sv, "pass"sv, "insecure-password"sv, "secret"sv, "pre-shared-key"sv, "preshared-key"sv, "passphrase"sv, "md5-key"sv, "key-string"sv, "auth-password"sv, "sslpass"sv};

// Settings whose value is a login as a whole, USER:PASSWORD: user = "u:p" of curl, user=u:p of coturn, login=u:p of squid.
constexpr std::array k_logins{"user"sv, "login"sv, "auth"sv, "userpwd"sv, "proxy-user"sv, "proxy_user"sv, "proxy-auth"sv, "proxy_auth"sv, "http-auth"sv, "http_auth"sv, "basic-auth"sv, "basic_auth"sv, "basicauth"sv, "credentials"sv};

std::string_view bare(std::string_view word) {
    while (word.ends_with(';') || word.ends_with(',')) word.remove_suffix(1);
    if (word.size() >= 2 && (word.front() == '"' || word.front() == '\'') && word.back() == word.front()) word = word.substr(1, word.size() - 2);
    return word;
}

// Not a word of prose, a variable or a name of a method.
bool is_value(std::string_view value, bool quoted) {
    if (value.size() < 3 || value.size() > 512 || plugin::is_placeholder(value) || is_pattern(value) || value.find("$http_"sv) != std::string_view::npos || value.front() == '/' || value.find('=') == value.size() - 1) return false;
    const bool odd = std::any_of(value.begin(), value.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || "!#$%&*+@^~?"sv.find(c) != std::string_view::npos; });
    return odd || (quoted && value.size() >= 6 && value.find(' ') == std::string_view::npos);
}

class Finder {
public:
    Finder(std::string_view path, std::vector<Credential>& all) : m_path(path), m_all(all) {}

    void line(std::string_view raw, std::int64_t number) {
        m_number = number;
        const auto first = raw.find_first_not_of(" \t");
        if (first == std::string_view::npos || raw[first] == '#' || raw[first] == ';') return;
        if (logins(raw)) return;
        const auto field = words(raw.substr(first));
        if (field.size() < 2) return;
        if (field[0] == "stats"sv && field[1] == "auth"sv && field.size() >= 3) return pair(field[2], "HAProxy");
        if (field[0] == "user"sv && field.size() >= 3 && access_list(field)) return;
        if (snmp(field)) return;
        if (field[0] == "SQLConnectInfo"sv && field.size() >= 4) {  // proftpd: database@host user password
            const auto sign = field[1].find('@');
            if (auto* row = add("database_password", field[0], field[2], bare(field[3]), "ProFTPD")) {
                row->database = field[1].substr(0, sign);
                if (sign != std::string_view::npos) row->host = host_in(field[1].substr(sign + 1));
            }
            return;
        }
        if (field[0].starts_with("AuthInfo:"sv)) {  // sendmail
            for (const auto word : field)
                if (word.size() > 2 && (word.starts_with("P:"sv) || word.starts_with("P="sv)))
                    if (auto* row = add("password", "AuthInfo", {}, word.substr(2), "Sendmail")) row->host = host_in(field[0].substr(9));
            return;
        }
        if (field.size() >= 4 && field[1].ends_with("-Password"sv) && (field[2] == ":="sv || field[2] == "=="sv)) {
            add("password", field[1], field[0], bare(field[3].ends_with(',') ? field[3].substr(0, field[3].size() - 1) : field[3]), "FreeRADIUS");
            return;
        }
        if (setter(raw, field)) return;
        if (field[0] == "rootpw"sv && field.size() >= 3) {  // of kickstart: rootpw --plaintext VALUE
            if (const auto value = bare(field.back()); !value.starts_with("--"sv) && is_value(value, false)) add("account_password", field[0], "root", value, "kickstart");
            return;
        }
        // user => "u" password => "VALUE"
        for (std::size_t i = 1; i + 2 < field.size(); ++i)
            if ((field[i + 1] == "=>"sv || field[i + 1] == "="sv || field[i + 1] == ":"sv) && is_secret_name(field[i]) && is_quoted(raw, field[i + 2]) && is_value(bare(field[i + 2]), true))
                if (auto* row = add(kind_of(field[i], m_path), field[i], {}, bare(field[i + 2])); row != nullptr)
                    for (std::size_t k = 0; k + 2 < field.size(); ++k)
                        if (field[k] == "user"sv && field[k + 1] == field[i + 1]) row->account = bare(field[k + 2]);
        for (std::size_t i = 1; i + 1 < field.size(); ++i) {
            if (std::find(k_names.begin(), k_names.end(), field[i]) == k_names.end()) continue;
            const auto value = bare(field[i + 1]);
            const bool quoted = is_quoted(raw, field[i + 1]), last = i + 2 == field.size();
            if ((!quoted && !last && field[i] != "insecure-password"sv && field[i] != "password"sv) || !is_value(value, quoted) || (value.front() == '$' && !is_hash(value))) continue;
            std::string_view account;
            for (std::size_t k = 0; k + 1 < i + 1; ++k)
                if (field[k] == "user"sv || field[k] == "username"sv || field[k] == "login"sv) account = bare(field[k + 1]);
            const bool odd = last && i >= 2 && (!is_label(value) || is_hash(value));
            if (account.empty() && !quoted && !odd) continue;  // prose: "the password is ..."
            add("password", field[i], account, value);
        }
    }

private:
    static bool is_hash(std::string_view value) {
        const auto spans = plugin::secret_spans(value);
        return !spans.empty() && spans[0].kind == plugin::SecretKind::hash && spans[0].start == 0;
    }
    static bool is_quoted(std::string_view raw, std::string_view word) {
        const auto at = static_cast<std::size_t>(word.data() - raw.data());
        return (at > 0 && (raw[at - 1] == '"' || raw[at - 1] == '\'')) || word.starts_with('"') || word.starts_with('\'');
    }
    // The row that came to the list; none where it is full or the value only stands for one.
    Credential* add(std::string_view kind, std::string_view setting, std::string_view account, std::string_view value, std::string_view application = {}) {
        if (m_all.size() >= k_most || plugin::is_placeholder(value) || value.starts_with("%{"sv)) return nullptr;
        Credential found;
        found.kind = kind, found.setting = setting, found.account = account, found.value = value, found.application = application, found.line = m_number;
        if (is_hash(value)) found.protection = "hashed";
        return &m_all.emplace_back(std::move(found));
    }
    void pair(std::string_view word, std::string_view application) {
        const auto colon = word.find(':');
        if (colon != std::string_view::npos && colon + 1 < word.size()) add("password", "auth", word.substr(0, colon), word.substr(colon + 1), application);
    }
    // The first login of a line, where its password is no word: user=www-data:www-data names a group.
    bool logins(std::string_view raw) {
        const auto is_name = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.' || c == '@'; };
        for (const auto name : k_logins)
            for (auto at = raw.find(name); at != std::string_view::npos; at = raw.find(name, at + 1)) {
                if (at > 0 && raw[at - 1] != ' ' && raw[at - 1] != '\t' && raw.substr(0, at) != "--"sv) continue;
                auto from = std::min(raw.find_first_not_of(" \t"sv, at + name.size()), raw.size());
                const bool sign = from < raw.size() && (raw[from] == '=' || raw[from] == ':');
                if (sign) from = std::min(raw.find_first_not_of(" \t"sv, from + 1), raw.size());
                else if (from == at + name.size() || raw.find_first_not_of(" \t-"sv) != at) continue;
                const bool quoted = from < raw.size() && (raw[from] == '"' || raw[from] == '\'');
                const auto end = std::min(quoted ? raw.find(raw[from], from + 1) : raw.find_first_of(" \t;,"sv, from), raw.size());
                from += quoted ? 1 : 0;
                if (from >= end) continue;
                const auto value = raw.substr(from, end - from);
                const auto colon = value.find(':');
                if (colon == 0 || colon == std::string_view::npos || !std::all_of(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(colon), is_name)) continue;
                const auto user = value.substr(0, colon), secret = value.substr(colon + 1);
                if (secret == user || secret.find(':') != std::string_view::npos || secret.size() < 3 || secret.size() > 256 || is_label(secret)) continue;
                add("password", name, user, secret);
                return true;
            }
        return false;
    }
    bool access_list(const std::vector<std::string_view>& field) {
        bool any = false;
        for (std::size_t i = 2; i < field.size(); ++i) {
            const bool hash = field[i].size() == 65 && field[i].front() == '#';
            if (!hash && !(field[i].size() > 1 && field[i].front() == '>')) continue;
            if (auto* row = add("database_password", "user", field[1], field[i].substr(1), "Redis"); row != nullptr && hash) row->protection = "hashed";
            any = true;
        }
        return any;
    }
    bool snmp(const std::vector<std::string_view>& field) {
        if (field[0] == "rocommunity"sv || field[0] == "rwcommunity"sv || field[0] == "rocommunity6"sv || field[0] == "rwcommunity6"sv) {
            if (bare(field[1]) != "public"sv && bare(field[1]) != "private"sv) add("password", field[0], {}, bare(field[1]), "SNMP");
            return true;
        }
        if (field[0] == "com2sec"sv && field.size() >= 4 && field.back() != "public"sv) return add("password", field[0], {}, bare(field.back()), "SNMP"), true;
        if (field[0] != "createUser"sv && field[0] != "usmUser"sv) return false;
        for (std::size_t i = 2; i + 1 < field.size(); ++i)
            if ((field[i].starts_with("SHA"sv) || field[i] == "MD5"sv || field[i].starts_with("AES"sv) || field[i] == "DES"sv) && field[i + 1] != "AES"sv && field[i + 1] != "DES"sv) add("password", field[0], field[1], bare(field[i + 1]), "SNMP");
        return true;
    }
    bool setter(std::string_view raw, const std::vector<std::string_view>& field) {
        for (const auto& one : k_setters) {
            const std::size_t at = one.second.empty() ? 1 : 2;
            if (field[0] != one.first || (at == 2 && field[1] != one.second) || field.size() < at + 2) continue;
            const auto name = bare(field[at]), value = bare(field[at + 1]);
            if (!(one.headers ? plugin::names_a_secret_header(name) : plugin::names_a_secret(name)) || name == "Cookie"sv) return true;
            auto from = value;
            if (const auto blank = value.find(' '); blank != std::string_view::npos && one.headers) from = value.substr(blank + 1);  // "Basic ..."
            if (is_value(from, is_quoted(raw, field[at + 1])) && from.front() != '$') add(name.find("ass") != std::string_view::npos || name.find("PASS") != std::string_view::npos ? "password" : "token", name, {}, from);
            return true;
        }
        return false;
    }

    std::string_view m_path;
    std::vector<Credential>& m_all;
    std::int64_t m_number = 0;
};

// chpasswd: list: | and what stands below it, indented deeper.
void find_chpasswd(std::string_view text, std::vector<Credential>& all) {
    bool inside = false;
    std::size_t list = std::string_view::npos;  // indent of "list:"
    each_line(text, [&](std::string_view line, std::int64_t number) {
        const auto indent = line.find_first_not_of(' ');
        if (indent == std::string_view::npos) return true;
        const auto rest = line.substr(indent);
        if (indent == 0) inside = rest.starts_with("chpasswd:"sv), list = std::string_view::npos;
        if (!inside) return true;
        if (rest.starts_with("list:"sv)) {
            list = indent;
            return true;
        }
        if (list == std::string_view::npos) return true;
        if (indent <= list && !rest.starts_with("- "sv)) {
            list = std::string_view::npos;
            return true;
        }
        const auto entry = rest.starts_with("- "sv) ? rest.substr(2) : rest;
        const auto colon = entry.find(':');
        if (colon == std::string_view::npos || colon == 0 || colon + 1 >= entry.size()) return true;
        const auto value = bare(entry.substr(colon + 1));
        if (value == "R"sv || value == "RANDOM"sv || value.starts_with(' ')) return true;
        Credential found;
        found.kind = "account_password", found.setting = "chpasswd", found.account = entry.substr(0, colon), found.value = value, found.application = "cloud-init", found.line = number;
        if (value.starts_with('$')) found.protection = "hashed";
        all.push_back(std::move(found));
        return all.size() < k_most;
    });
}

}  // namespace

std::vector<Credential> find_directives(std::string_view path, std::string_view text) {
    std::vector<Credential> all;
    Finder finder(path, all);
    each_line(text, [&](std::string_view line, std::int64_t number) {
        const auto first = line.find_first_not_of(" \t");
        if (first == std::string_view::npos || line[first] == '#' || line[first] == ';') return true;
        each_statement(line, [&](std::string_view piece) {
            finder.line(piece, number);
            return true;
        });
        return all.size() < k_most;
    });
    if (text.starts_with("#cloud-config"sv) || path.starts_with("/etc/cloud/"sv) || path.ends_with(".yaml"sv) || path.ends_with(".yml"sv)) find_chpasswd(text, all);
    return all;
}

}  // namespace deadbox::plugins::credentials
