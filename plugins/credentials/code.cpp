#include "credentials/code.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "credentials/place.hpp"
#include "credentials/settings.hpp"
#include "plugin/secret_text.hpp"

namespace deadbox::plugins::credentials {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_longest = 512;  // of a line; what packs programs makes longer ones

// One of these stands in each line that counts.
constexpr std::array k_needles{"pass"sv, "Pass"sv, "PASS"sv, "pwd"sv, "Pwd"sv, "PWD"sv, "secret"sv, "Secret"sv, "SECRET"sv, "_connect("sv, "PDO("sv, "mysqli("sv, "ftp_login("sv, "imap_open("sv, "ldap_bind("sv, "_token"sv, "_TOKEN"sv, "api_key"sv, "apiKey"sv, "API_KEY"sv};

// Functions whose third argument is nothing else.
bool is_login(std::string_view before) {
    for (const auto name : {"mysqli_connect("sv, "mysql_connect("sv, "mysql_pconnect("sv, "mysqli("sv, "PDO("sv, "ftp_login("sv, "imap_open("sv, "ldap_bind("sv, "ssh2_auth_password("sv, "oci_connect("sv, "odbc_connect("sv, "mssql_connect("sv})
        if (before.find(name) != std::string_view::npos) return true;
    return false;
}

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

// Where a login to a database goes: mysqli(HOST, USER, SECRET, DATABASE), PDO(DSN, USER, SECRET), {host: HOST, ...}.
void place_of(std::string_view before, std::string_view behind, Credential& found) {
    Place place;
    const auto open = before.rfind('(');
    if (is_login(before) && open != std::string_view::npos) {
        const auto arguments = literals(before.substr(open));
        if (!arguments.empty()) place = arguments[0].find('=') != std::string_view::npos ? place_in_parts(arguments[0]) : Place{{}, std::string(host_in(arguments[0])), {}};
        if (arguments.size() > 1) place.account = arguments[1];
        const auto after = literals(behind.substr(std::min<std::size_t>(behind.size(), 1), 200));
        if (place.database.empty() && !after.empty() && before.find("mysql"sv) != std::string_view::npos && behind.find(',') < behind.find(')')) place.database = after[0];
    } else {
        std::string line(before);
        line += behind;
        place.host = host_in(named(line, {"host"sv, "server"sv})), place.account = named(line, {"user"sv, "username"sv}), place.database = named(line, {"database"sv, "dbname"sv});
    }
    found.host = place.host, found.database = place.database;
    if (found.account.empty()) found.account = place.account;
}

void find_in_line(std::string_view line, std::int64_t number, std::vector<Credential>& all) {
    const auto first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos || line.substr(first).starts_with("//"sv) || line[first] == '*' || line[first] == '#' || line.substr(first).starts_with("/*"sv)) return;
    for (const auto& span : plugin::secret_spans(line)) {
        if (span.kind == plugin::SecretKind::key || span.kind == plugin::SecretKind::hash || span.start == 0) continue;
        const auto value = line.substr(span.start, span.length), before = line.substr(0, span.start);
        const bool literal = (line[span.start - 1] == '"' || line[span.start - 1] == '\'') && span.start + span.length < line.size() && line[span.start + span.length] == line[span.start - 1];
        const auto name = name_before(before);
        Credential found;
        if (span.kind == plugin::SecretKind::token) {
            if (!literal || value.size() < 20) continue;
            found.kind = "token";
        } else if (literal && is_login(before)) {
            if (value.size() < 3) continue;
            found.kind = "database_password";
        } else {
            if (!literal || value.size() < 6 || value.size() > 128 || is_label(value) || !plugin::names_a_secret(name)) continue;
            const bool database = name.find("db") != std::string_view::npos || name.find("DB") != std::string_view::npos || name.find("sql") != std::string_view::npos || before.find("createConnection") != std::string_view::npos || before.find("createPool") != std::string_view::npos;
            const bool password = name.find("ass") != std::string_view::npos || name.find("ASS") != std::string_view::npos || name.find("wd") != std::string_view::npos || name.find("WD") != std::string_view::npos;
            found.kind = !password ? "application_secret" : database ? "database_password" : "password";
            if (!password && value.size() < 8) continue;
        }
        found.setting = is_login(before) ? std::string_view() : name;
        if (found.kind == "database_password") place_of(before, line.substr(span.start + value.size()), found);
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
    std::vector<std::size_t> starts;  // of lines
    for (const auto needle : k_needles)
        for (auto at = text.find(needle); at != std::string_view::npos; at = text.find(needle, at + needle.size())) {
            const auto line = text.rfind('\n', at);
            starts.push_back(line == std::string_view::npos ? 0 : line + 1);
        }
    std::sort(starts.begin(), starts.end());
    starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
    std::vector<Credential> all;
    std::int64_t number = 1;
    std::size_t counted = 0;
    for (const auto start : starts) {
        const auto end = std::min(text.find('\n', start), text.size());
        if (end - start > k_longest) continue;
        number += std::count(text.begin() + static_cast<std::ptrdiff_t>(counted), text.begin() + static_cast<std::ptrdiff_t>(start), '\n');
        counted = start;
        find_in_line(text.substr(start, end - start), number, all);
        if (all.size() >= k_most) break;
    }
    return all;
}

}  // namespace deadbox::plugins::credentials
