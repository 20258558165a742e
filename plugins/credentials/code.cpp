#include "credentials/code.hpp"

#include <algorithm>
#include <array>
#include <string>

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

// Would a program name a field, a class or a text so?
bool is_label(std::string_view value) {
    bool digit = false, sign = false, small = false, large = false;
    for (const char c : value) {
        if (static_cast<unsigned char>(c) <= ' ' || static_cast<unsigned char>(c) >= 0x7f) return true;
        digit |= c >= '0' && c <= '9', small |= c >= 'a' && c <= 'z', large |= c >= 'A' && c <= 'Z';
        sign |= "!#%&*+@^~?$=,"sv.find(c) != std::string_view::npos;
    }
    if (value.find_first_of("<>{}()[]|\\/"sv) != std::string_view::npos || value.front() == '#' || value.front() == '.' || value.front() == '$' || value.front() == '&' || value.front() == '?') return true;
    return !((digit && (small || large)) || (sign && (small || large)));
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
        found.line = number, found.value = value;
        all.push_back(std::move(found));
    }
}

}  // namespace

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
