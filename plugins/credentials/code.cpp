#include "credentials/code.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "credentials/lines.hpp"
#include "credentials/place.hpp"
#include "credentials/settings.hpp"
#include "plugin/secret_text.hpp"
#include "plugin/secret_value.hpp"

namespace deadbox::plugins::credentials {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_longest = 512;  // of a line; what packs programs makes longer ones

// One of these stands in each line that counts.
constexpr std::array k_needles{"pass"sv, "Pass"sv, "PASS"sv, "pwd"sv, "Pwd"sv, "PWD"sv, "secret"sv, "Secret"sv, "SECRET"sv, "connect("sv, "PDO("sv, "mysqli("sv, "ftp_login("sv, "imap_open("sv, "ldap_bind("sv, "_token"sv, "_TOKEN"sv, "api_key"sv, "apiKey"sv, "API_KEY"sv};

// Functions that log in, and which of their arguments is what; -1: none. A host may be a mailbox; a data source (host=...;dbname=...)
// names one or none.
struct Login {
    std::string_view name, kind = "database_password";
    int host = 0, user = 1, secret = 2, database = -1;
    bool is_source = false;
};
constexpr std::array k_login_calls{Login{"mysqli_connect", "database_password", 0, 1, 2, 3}, Login{"mysqli", "database_password", 0, 1, 2, 3}, Login{"mysql_connect"}, Login{"mysql_pconnect"}, Login{"PDO", "database_password", 0, 1, 2, -1, true}, Login{"odbc_connect", "database_password", 0, 1, 2, -1, true}, Login{"mssql_connect"},
                              Login{"real_connect", "database_password", 0, 1, 2, 3}, Login{"mysqli_real_connect", "database_password", 1, 2, 3, 4}, Login{"oci_connect", "database_password", 2, 0, 1}, Login{"oci_pconnect", "database_password", 2, 0, 1}, Login{"oci_new_connect", "database_password", 2, 0, 1},
                              Login{"ftp_login", "password", -1}, Login{"imap_open", "password"}, Login{"ldap_bind", "password", -1}, Login{"ssh2_auth_password", "password", -1}};

// Functions whose first argument is a data source that holds the password, too: "host=... dbname=... user=... password=...".
constexpr std::array k_sources{Login{"pg_connect", "database_password", 0, -1, 0, -1, true}, Login{"pg_pconnect", "database_password", 0, -1, 0, -1, true}, Login{"PDO", "database_password", 0, -1, 0, -1, true}, Login{"connect", "database_password", 0, -1, 0, -1, true}};

// The word that the value is given to: db_pass of $db_pass = "x", of ['db_pass'] => "x".
std::string_view name_before(std::string_view before) {
    const auto is_name = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-'; };
    auto end = before.size();
    while (end > 0 && !is_name(before[end - 1])) --end;
    auto start = end;
    while (start > 0 && is_name(before[start - 1])) --start;
    return before.substr(start, end - start);
}

// The texts in quotes; `rest` of a line.
std::vector<std::string_view> literals(std::string_view text) {
    std::vector<std::string_view> all;
    for (auto at = text.find_first_of("'\""sv); at != std::string_view::npos && all.size() < 16; at = text.find_first_of("'\""sv, at)) {
        const auto close = text.find(text[at], at + 1);
        if (close == std::string_view::npos) break;
        all.push_back(text.substr(at + 1, close - at - 1));
        at = close + 1;
    }
    return all;
}

// An argument that is one text in quotes and nothing else.
std::string_view literal(std::string_view argument) {
    const auto from = argument.find_first_not_of(" \t"sv);
    if (from == std::string_view::npos || (argument[from] != '\'' && argument[from] != '"')) return {};
    argument = argument.substr(from, argument.find_last_not_of(" \t"sv) - from + 1);
    return argument.size() >= 2 && argument.find(argument.front(), 1) == argument.size() - 1 ? argument.substr(1, argument.size() - 2) : std::string_view();
}

// The arguments from behind the opening parenthesis on, at the commas that are within no other one and no quotes.
std::vector<std::string_view> arguments_of(std::string_view text) {
    std::vector<std::string_view> all;
    std::size_t from = 0;
    int depth = 0;
    char quote = 0;
    for (std::size_t at = 0; at < text.size() && all.size() < 16; ++at) {
        const char c = text[at];
        if (quote != 0) {
            if (c == '\\') ++at;
            else if (c == quote) quote = 0;
        } else if (c == '\'' || c == '"') quote = c;
        else if (c == '(' || c == '[' || c == '{') ++depth;
        else if ((c == ')' || c == ']' || c == '}') && depth-- == 0) return all.push_back(text.substr(from, at - from)), all;
        else if (c == ',' && depth == 0) all.push_back(text.substr(from, at - from)), from = at + 1;
    }
    all.push_back(text.substr(std::min(from, text.size())));
    return all;
}

struct Call {
    const Login* login = nullptr;
    std::vector<std::string_view> arguments;
};

// The call whose secret stands at `secret`: a whole argument, or inside of a source.
template <class Logins>
Call login_at(const Logins& logins, std::string_view line, std::size_t secret) {
    for (const auto& one : logins)
        for (auto at = line.find(one.name); at != std::string_view::npos && at < secret; at = line.find(one.name, at + 1)) {
            const auto open = line.find_first_not_of(" \t"sv, at + one.name.size());
            if (open == std::string_view::npos || line[open] != '(' || open > secret || (at > 0 && (std::isalnum(static_cast<unsigned char>(line[at - 1])) != 0 || line[at - 1] == '_'))) continue;
            Call call{&one, arguments_of(line.substr(open + 1))};
            const auto place = static_cast<std::size_t>(one.secret);
            if (call.arguments.size() <= place) continue;
            const auto text = literal(call.arguments[place]);
            const auto* at_secret = line.data() + secret;
            if (one.secret == one.host ? !text.empty() && text.find('=') != std::string_view::npos && at_secret > text.data() && at_secret < text.data() + text.size() : text.data() == at_secret) return call;
        }
    return {};
}

// host: 'a', user: 'b', database: 'c'
std::string_view named(std::string_view text, std::initializer_list<std::string_view> names) {
    for (const auto name : names)
        for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
            if (at > 0 && std::isalnum(static_cast<unsigned char>(text[at - 1])) != 0) continue;
            const auto behind = text.find_first_not_of(" \t'\""sv, at + name.size());
            if (behind == std::string_view::npos || (text[behind] != ':' && text[behind] != '=')) continue;
            const auto value = literals(text.substr(behind, 200));
            if (!value.empty() && text.find_first_not_of(" \t>="sv, behind + 1) == static_cast<std::size_t>(value[0].data() - text.data()) - 1) return value[0];
        }
    return {};
}

// Where a login goes: mysqli(HOST, USER, SECRET, DATABASE), PDO(DSN, USER, SECRET). What is no literal is not known.
void place_of(const Call& call, Credential& found) {
    const auto at = [&](int place) { return place >= 0 && static_cast<std::size_t>(place) < call.arguments.size() ? literal(call.arguments[static_cast<std::size_t>(place)]) : std::string_view(); };
    auto host = at(call.login->host);
    Place place;
    if (host.starts_with('{')) {  // {mail:993/imap}INBOX
        host = host.substr(1, std::min(host.find('}'), host.size()) - 1);
        place.host = host_in(host.substr(0, host.find('/')));
    } else if (call.login->name.starts_with("oci_"sv) && host.find('=') == std::string_view::npos) {  // [//]host[:port][/service]
        if (host.starts_with("//"sv)) host.remove_prefix(2);
        const auto slash = std::min(host.find('/'), host.size());
        place.host = host_in(host.substr(0, slash)), place.database = host.substr(std::min(slash + 1, host.size()));
    } else if (call.login->is_source || host.find('=') != std::string_view::npos) place = place_in_parts(host);
    else place.host = host_in(host);
    found.host = place.host, found.database = place.database, found.account = place.account;
    if (const auto user = at(call.login->user); !user.empty()) found.account = user;
    if (const auto database = at(call.login->database); !database.empty()) found.database = database;
}

// {host: HOST, user: USER, database: DATABASE} around it.
void place_of(std::string_view line, Credential& found) {
    found.host = host_in(named(line, {"host"sv, "server"sv})), found.database = named(line, {"database"sv, "dbname"sv});
    if (found.account.empty()) found.account = named(line, {"user"sv, "username"sv});
}

// What begins or goes on as labels, paths and built texts do, but has letters, digits and signs as none of them has.
bool is_no_label(std::string_view value, char quote) {
    bool digit = false, small = false, large = false, sign = false;
    for (const char c : value) {
        if (static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7f || "<>()[]|\\;"sv.find(c) != std::string_view::npos) return false;
        digit |= plugin::is_digit(c), small |= c >= 'a' && c <= 'z', large |= c >= 'A' && c <= 'Z', sign |= "!%&*+@^~?$={}"sv.find(c) != std::string_view::npos;
    }
    if (value.find("://"sv) != std::string_view::npos || value.find("{{"sv) != std::string_view::npos || value.front() == '#' || value.front() == '.' || value.front() == '?' || is_pattern(value) || is_path(value)) return false;
    if (quote != '\'' && (value.find("{$"sv) != std::string_view::npos || value.find("${"sv) != std::string_view::npos)) return false;
    return digit && small && large && sign;
}

void find_in_line(std::string_view line, std::int64_t number, std::vector<Credential>& all) {
    const auto first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos || line.substr(first).starts_with("//"sv) || line[first] == '*' || line[first] == '#' || line.substr(first).starts_with("/*"sv)) return;
    for (const auto& span : plugin::secret_spans(line)) {
        if (span.kind == plugin::SecretKind::key || span.kind == plugin::SecretKind::hash || span.start == 0) continue;
        const auto value = line.substr(span.start, span.length), before = line.substr(0, span.start);
        const bool quoted = (line[span.start - 1] == '"' || line[span.start - 1] == '\'') && span.start + span.length < line.size() && line[span.start + span.length] == line[span.start - 1];
        const auto name = name_before(before);
        auto call = quoted ? login_at(k_login_calls, line, span.start) : Call{};
        if (call.login == nullptr) call = login_at(k_sources, line, span.start);
        Credential found;
        if (span.kind == plugin::SecretKind::token) {
            if (!quoted || value.size() < 20) continue;
            found.kind = "token";
        } else if (call.login != nullptr) {
            if (value.size() < 3) continue;
            found.kind = call.login->kind;
        } else {
            if (!quoted || value.size() < 6 || value.size() > 128 || (is_label(value) && !is_no_label(value, line[span.start - 1])) || !plugin::names_a_secret(name)) continue;
            const bool database = name.find("db") != std::string_view::npos || name.find("DB") != std::string_view::npos || name.find("sql") != std::string_view::npos || before.find("createConnection") != std::string_view::npos || before.find("createPool") != std::string_view::npos;
            const bool password = name.find("ass") != std::string_view::npos || name.find("ASS") != std::string_view::npos || name.find("wd") != std::string_view::npos || name.find("WD") != std::string_view::npos;
            found.kind = !password ? "application_secret" : database ? "database_password" : "password";
            if (!password && value.size() < 8) continue;
        }
        found.setting = call.login != nullptr ? std::string_view() : name;
        if (call.login != nullptr) place_of(call, found);
        else if (found.kind == "database_password") place_of(line, found);
        found.line = number, found.value = value;
        all.push_back(std::move(found));
    }
}

}  // namespace

bool is_label(std::string_view value) {
    if (value.empty() || is_pattern(value)) return true;
    bool digit = false, sign = false, small = false, large = false;
    for (const char c : value) {
        if (static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7f) return true;
        digit |= c >= '0' && c <= '9', small |= c >= 'a' && c <= 'z', large |= c >= 'A' && c <= 'Z';
        sign |= "!#%&*+@^~?$=,"sv.find(c) != std::string_view::npos;
    }
    if (value.find_first_of("<>{}()[]|\\/"sv) != std::string_view::npos || value.front() == '#' || value.front() == '.' || value.front() == '$' || value.front() == '&' || value.front() == '?' || value.starts_with("**"sv)) return true;
    // An address of mail, which anonymous FTP is told.
    if (const auto at = value.find('@'); at != std::string_view::npos && at > 0 && value.find('@', at + 1) == std::string_view::npos && value.substr(at).find('.') != std::string_view::npos &&
        std::all_of(value.begin(), value.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '@' || c == '.' || c == '-' || c == '_'; }))
        return true;
    return !((digit && (small || large)) || (sign && (small || large)));
}

std::vector<Credential> find_in_code(std::string_view text) {
    std::vector<Credential> all;
    each_line(text, [&](std::string_view line, std::int64_t number) {
        if (line.size() <= k_longest && std::any_of(k_needles.begin(), k_needles.end(), [&](auto needle) { return line.find(needle) != std::string_view::npos; })) find_in_line(line, number, all);
        return all.size() < k_most;
    });
    return all;
}

}  // namespace deadbox::plugins::credentials
