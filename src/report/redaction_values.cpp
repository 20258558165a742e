#include "report/redaction_values.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "plugin/secret_shape.hpp"
#include "plugin/secret_text.hpp"
#include "plugin/secret_value.hpp"
#include "plugin/topic.hpp"

namespace deadbox::report {
namespace {

using case_file::Statement;
using plugin::is_alnum, plugin::is_digit, plugin::lower, plugin::lowered;

constexpr std::size_t k_key = 8;               // bytes of a value that find it
constexpr std::size_t k_blank = 12;            // least length of one with blanks
constexpr std::size_t k_letters = 12, k_least_turns = 40;  // of one without digits and signs
constexpr std::size_t k_kept = 256;            // topics keep no more of a value: one of this length may go on
constexpr std::size_t k_cut = 200;             // no reader cuts texts that are shorter
constexpr std::size_t k_value_names = 64;            // of one value
constexpr std::size_t k_longest_name = 255;    // of a file, in bytes (NAME_MAX)
constexpr std::size_t k_longest_path = 4096;   // PATH_MAX
constexpr std::size_t k_part = 3;              // least length of a part that may be a name
constexpr std::string_view k_value_line = "entry";   // columns with a whole line, of which a part is secret: no value
constexpr std::string_view k_between = "/?=&:,;@|<>()[]{}\"'` \t";  // what stands around names

using Names = std::set<std::string, std::less<>>;

std::uint64_t key_of(const char* bytes) {
    std::uint64_t key = 0;
    std::memcpy(&key, bytes, k_key);
    return key;
}

std::size_t start_of(const char* bytes) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])) << 8 | static_cast<unsigned char>(bytes[1]); }

bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
bool in_name(char c) { return is_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '~' || static_cast<unsigned char>(c) >= 0x80; }

// Would nobody write this by chance? Letters with digits or signs, no path, no words of prose.
bool is_strong(std::string_view value) {
    if (value.size() < k_key || plugin::is_placeholder(value)) return false;
    if (value.front() == '/' && !value.ends_with('=')) return false;  // a path; base64 may begin so, too
    bool letter = false, other = false, blank = false;
    for (const char c : value) {
        if (static_cast<unsigned char>(c) < ' ') return false;
        letter |= is_letter(c), other |= !is_letter(c) && c != '-' && c != '_' && c != '.' && c != ' ', blank |= c == ' ';
    }
    if (letter && !other && !blank && value.size() >= k_letters) return std::all_of(value.begin(), value.end(), is_letter) && plugin::turns_in(value) >= k_least_turns;  // in no order
    return letter && other && (!blank || value.size() >= k_blank);
}

// 203.0.113.77, 2001:db8::77
bool is_address(std::string_view value) {
    const auto count = [&](char mark) { return std::count(value.begin(), value.end(), mark); };
    if (count('.') == 3 && std::all_of(value.begin(), value.end(), [](char c) { return is_digit(c) || c == '.'; })) return true;
    return count(':') >= 2 && std::all_of(value.begin(), value.end(), [](char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f') || c == ':' || c == '.'; });
}

// Labels of letters, digits and hyphens between dots, the last of letters.
bool is_domain(std::string_view value) {
    const auto dot = value.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || value.size() - dot < 3 || value.find("..") != std::string_view::npos) return false;
    return std::all_of(value.begin(), value.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '.'; }) && std::all_of(value.begin() + static_cast<std::ptrdiff_t>(dot) + 1, value.end(), is_letter);
}

bool is_mail_address(std::string_view value) {
    const auto sign = value.find('@');
    return sign != std::string_view::npos && sign >= k_part && is_domain(value.substr(sign + 1)) && std::all_of(value.begin(), value.begin() + static_cast<std::ptrdiff_t>(sign), in_name);
}

// system($_GET['c'], a call of something or what a request brought.
bool is_code(std::string_view value) {
    if (value.find("$_") != std::string_view::npos) return true;
    for (auto at = value.find('('); at != std::string_view::npos; at = value.find('(', at + 1))
        if (at >= k_part && is_letter(value[at - 1]) && at + 1 < value.size() && (value[at + 1] == '$' || value[at + 1] == '\'' || value[at + 1] == '"')) return true;
    return false;
}

// Letters and digits in no order: no name that a person gives.
bool is_issued(std::string_view value) {
    constexpr std::size_t k_shortest = 16;
    if (value.size() < k_shortest || !std::all_of(value.begin(), value.end(), [](char c) { return is_alnum(c) || c == '_' || c == '-'; })) return false;
    if (std::all_of(value.begin(), value.end(), [](char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); })) return true;
    std::size_t changes = 0;
    for (std::size_t i = 1; i < value.size(); ++i) changes += is_digit(value[i]) != is_digit(value[i - 1]) || (value[i] >= 'A' && value[i] <= 'Z') != (value[i - 1] >= 'A' && value[i - 1] <= 'Z');
    return changes * 4 >= value.size();
}

// The same, and drawn by lot: what no name in CamelCase is.
bool is_drawn_by_lot(std::string_view value) {
    if (!is_issued(value) || !std::all_of(value.begin(), value.end(), is_alnum)) return false;
    const auto digits = std::count_if(value.begin(), value.end(), is_digit);
    if (std::all_of(value.begin(), value.end(), [](char c) { return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f'); })) return digits > 0 && digits < static_cast<std::ptrdiff_t>(value.size());
    return plugin::turns_in(value) >= (digits >= 2 ? k_least_turns - 10 : k_least_turns);
}

// Does the word end as those of programs and scripts do?
bool is_program_name(std::string_view word) {
    constexpr std::array k_endings = std::to_array<std::string_view>({"php", "phtml", "php5", "php7", "phar", "inc", "pl", "py", "sh", "cgi", "jsp", "jspx", "asp", "aspx", "js", "so", "ko", "elf", "bin", "exe", "dll", "ps1", "bat", "jar", "war", "service", "timer", "rb"});
    const auto dot = word.rfind('.');
    return dot != std::string_view::npos && dot > 0 && std::find(k_endings.begin(), k_endings.end(), lowered(word.substr(dot + 1))) != k_endings.end();
}

// Does the word end as files' names do?
bool is_file_name(std::string_view word) {
    constexpr std::array k_endings = std::to_array<std::string_view>({"php", "phtml", "php5", "php7", "phar", "inc", "pl", "py", "sh", "cgi", "jsp", "jspx", "asp", "aspx", "js", "html", "htm", "txt", "log", "sql", "gz", "tgz", "zip", "tar", "bz2", "xz", "zst", "7z", "rar", "so", "ko", "elf",
                                                                "bin", "exe", "dll", "ps1", "bat", "jar", "war", "service", "timer", "socket", "conf", "cfg", "ini", "json", "xml", "yml", "yaml", "bak", "old", "pem", "crt", "rb", "go", "csv", "db", "sqlite", "dump", "img", "iso", "deb", "rpm", "gpg", "enc", "jpg", "png", "pdf"});
    const auto dot = word.rfind('.');
    return dot != std::string_view::npos && dot > 0 && std::find(k_endings.begin(), k_endings.end(), lowered(word.substr(dot + 1))) != k_endings.end();
}

// As requests, JSON and code write it.
enum class Spelling : unsigned char { plain, percent, form, json, code };
constexpr std::array k_spellings{Spelling::plain, Spelling::percent, Spelling::form, Spelling::json, Spelling::code};

std::string spelled(std::string_view value, Spelling spelling) {
    std::string out;
    for (const char c : value) {
        const bool plain = is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '~';
        switch (spelling) {
            case Spelling::plain: out += c; break;
            case Spelling::percent:
            case Spelling::form:
                if (plain || (spelling == Spelling::form && c == '/')) out += c;
                else if (spelling == Spelling::form && c == ' ') out += '+';
                else out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
                break;
            case Spelling::json:
                if (c == '/' || c == '"' || c == '\\') out += '\\';
                out += c;
                break;
            case Spelling::code:
                if (c == '\'' || c == '"' || c == '\\' || c == '$') out += '\\';
                out += c;
                break;
        }
    }
    return out;
}

std::vector<std::string_view> parts_of(std::string_view value) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0; at <= value.size();) {
        const auto end = std::min(value.find_first_of(k_between, at), value.size());
        if (end > at) parts.push_back(value.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

// Names of accounts, groups and packages, and what the machine says of itself: its host, system and zone.
base::Result<Names> names_of_things(const case_file::View& view) {
    Names all;
    constexpr std::pair<std::string_view, std::string_view> k_sources[] = {{"account", "SELECT DISTINCT user FROM account"}, {"account_group", "SELECT DISTINCT group_name FROM account_group"}, {"package", "SELECT DISTINCT name FROM package"}, {"system_fact", "SELECT DISTINCT value FROM system_fact"}};
    for (const auto& [table, sql] : k_sources) {
        TRY_ASSIGN(const bool there, view.has_table(table));
        if (!there) continue;
        TRY_ASSIGN(Statement row, view.prepare(sql));
        for (;;) {
            TRY_ASSIGN(const bool more, row.step());
            if (!more) break;
            if (!row.text(0).empty()) all.emplace(row.text(0));
        }
    }
    return all;
}

// Of these words, those that are a whole name in the case.
base::Result<void> add_names_among(const case_file::View& view, const Names& words, Names& names) {
    if (words.empty()) return {};
    TRY_ASSIGN(Statement file, view.prepare("SELECT DISTINCT name FROM name WHERE name IN (SELECT value FROM json_each(?1))"));
    const auto list = nlohmann::json(words).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    file.bind(1, list);
    for (;;) {
        TRY_ASSIGN(const bool more, file.step());
        if (!more) break;
        names.emplace(file.text(0));
    }
    // Addresses in logs; a user's name there may be a password that was typed where the name is asked for.
    TRY_ASSIGN(Statement address, view.prepare("SELECT 1 FROM string WHERE value = ?1 AND shared = 1"));
    for (const auto& word : words) {
        if (!is_domain(word)) continue;
        address.reset();
        address.bind(1, word);
        TRY_ASSIGN(const bool known, address.step());
        if (known) names.insert(word);
    }
    return {};
}

}  // namespace

base::Result<SecretValues> SecretValues::load(const case_file::View& view) {
    SecretValues values;
    std::vector<std::pair<std::string, bool>> declared;  // and whether it may go on
    Names words;                                         // that may be names, parts of them too
    const auto declare = [&](std::string_view value, bool cut) {
        if (!is_strong(value) || is_address(value) || is_mail_address(value) || is_code(value)) return;
        declared.emplace_back(value, cut);
        if (value.find_first_of(k_between) == std::string_view::npos) {
            if (is_domain(value)) words.emplace(value);
            return;
        }
        for (const auto part : parts_of(value))
            if (part.size() >= k_part) words.emplace(part);
    };
    for (const plugin::Topic* topic : plugin::topics()) {
        for (const auto& table : topic->tables) {
            TRY_ASSIGN(const bool there, view.has_table(table.name));
            for (const auto& column : table.columns) {
                if (!there || column.privacy != plugin::Privacy::secret || column.type != plugin::ColumnType::text || column.name == k_value_line) continue;
                TRY_ASSIGN(Statement row, view.prepare(fmt::format("SELECT DISTINCT \"{0}\" FROM \"{1}\" WHERE length(\"{0}\") >= {2}", column.name, table.name, k_key)));
                for (;;) {
                    TRY_ASSIGN(const bool more, row.step());
                    if (!more) break;
                    const auto value = row.text(0);
                    if (value.find("://") == std::string_view::npos) declare(value, value.size() == k_kept);
                    else
                        for (const auto& span : plugin::secret_spans(value)) declare(value.substr(span.start, span.length), false);
                }
            }
        }
    }
    TRY_ASSIGN(const bool accounts, view.has_table("account"));
    if (accounts) {
        TRY_ASSIGN(Statement row, view.prepare("SELECT DISTINCT user FROM account"));
        for (;;) {
            TRY_ASSIGN(const bool more, row.step());
            if (!more) break;
            values.m_accounts.emplace(row.text(0));
        }
    }
    if (declared.empty()) return values;
    TRY_ASSIGN(const Names things, names_of_things(view));
    Names names;
    TRY(add_names_among(view, words, names));
    for (const auto& [value, cut] : declared) {
        std::vector<Piece> pieces;
        const bool blank = value.find(' ') != std::string::npos;
        bool named = false;
        for (std::size_t at = 0; at < value.size();) {
            const auto end = std::min(value.find_first_of(k_between, at), value.size());
            const auto part = std::string_view(value).substr(at, end - at);
            // Of several words, those that a language has are no names: a file may be called so, too.
            const bool plain = blank && std::all_of(part.begin(), part.end(), is_letter);
            const bool told = part.size() >= k_part && (things.contains(part) || is_address(part) || (!plain && names.contains(part)));
            named |= told;
            const auto between = value.substr(end, 1);
            if (!told && !pieces.empty() && !pieces.back().told) pieces.back().text += std::string(part);
            else if (!part.empty()) pieces.push_back({std::string(part), told});
            if (!between.empty()) {
                if (!pieces.empty() && !pieces.back().told) pieces.back().text += between;
                else pieces.push_back({between, false});
            }
            at = end + 1;
        }
        if (!named) {
            values.add({{value, false}}, cut);
            continue;
        }
        if (blank) continue;
        // What stands between a name and the secret is told, too; what is left of it may stand elsewhere by itself.
        std::vector<Piece> told;
        bool any = false;
        for (auto& piece : pieces) {
            if (piece.told) {
                told.push_back(std::move(piece));
                continue;
            }
            const auto first = piece.text.find_first_not_of(k_between), last = piece.text.find_last_not_of(k_between);
            if (first == std::string::npos || std::count_if(piece.text.begin(), piece.text.end(), is_alnum) < 4) {
                told.push_back({piece.text, true});
                continue;
            }
            const auto secret = piece.text.substr(first, last + 1 - first);
            // COMMAND=/usr/bin/wget: no secret stands in front of a name; behind one even a short word may.
            const bool behind = !told.empty() && (piece.text.front() == ':' || piece.text.front() == '=');
            if (!is_strong(secret) && !behind) {
                told.push_back({piece.text, true});
                continue;
            }
            told.push_back({piece.text.substr(0, first), true});
            told.push_back({secret, false});
            told.push_back({piece.text.substr(last + 1), true});
            if (is_strong(secret)) values.add({{secret, false}}, false);
            any = true;
        }
        if (any) values.add(told, cut);
    }
    values.order();
    for (const auto& name : things) values.learn(name);
    TRY_ASSIGN(Statement row, view.prepare(fmt::format("SELECT name FROM name WHERE length(name) >= {}", k_key)));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return values;
        const auto name = row.text(0);
        values.learn(name);
        const auto stem = name.substr(0, name.find('.', 1));  // as people and programs call it
        if (stem.size() >= k_key && stem.size() < name.size() && std::all_of(stem.begin(), stem.end(), [](char c) { return in_name(c) || c == ':'; })) values.learn(stem);
    }
}

// The words of a text, each looked at once however many values are looked for in it.
class SecretValues::Words {
public:
    explicit Words(std::string_view raw) : m_raw(raw) {}

    // Is what stands there, of signs that names have, in a word with the ending of a file's name or a part of an absolute path?
    bool are_names(std::size_t at, std::size_t length) {
        if (at < m_start || at >= m_end) look(at);
        if (at + length > m_end || m_start == m_end) return false;
        if (m_is_file) return m_is_program || !is_drawn_by_lot(m_raw.substr(at, length));
        return m_in_path && !is_issued(m_raw.substr(at, length));
    }

private:
    void look(std::size_t at) {
        m_start = m_end = at;
        while (m_start > 0 && in_name(m_raw[m_start - 1])) --m_start;
        while (m_end < m_raw.size() && in_name(m_raw[m_end])) ++m_end;
        m_is_file = m_is_program = m_in_path = false;
        if (m_end - m_start > k_longest_name) return;
        auto word = m_raw.substr(m_start, m_end - m_start);
        while (word.ends_with('.')) word.remove_suffix(1);
        m_is_file = is_file_name(word), m_is_program = m_is_file && is_program_name(word);
        auto root = m_start;
        while (root > 0 && m_start - root < k_longest_path && (in_name(m_raw[root - 1]) || m_raw[root - 1] == '/')) --root;
        if (root == m_start || m_raw[root] != '/') return;
        const bool host = m_start - root == 2 && m_raw[root + 1] == '/';  // https://SECRET@host
        m_in_path = !host && !(m_end < m_raw.size() && m_raw[m_end] == '@');
    }

    std::string_view m_raw;
    std::size_t m_start = 0, m_end = 0;
    bool m_is_file = false, m_is_program = false, m_in_path = false;
};

void SecretValues::add(const std::vector<Piece>& pieces, bool cut) {
    for (const auto spelling : k_spellings) {
        std::string value, shown;
        for (const auto& piece : pieces) {
            const auto text = spelled(piece.text, spelling);
            value += text;
            shown += piece.told ? text : k_redacted;
        }
        if (value.size() < k_key) continue;
        m_starts[start_of(value.data())] = true;
        m_secrets[key_of(value.data())].push_back({std::move(value), std::move(shown), cut, {}, false, 0});
    }
}

void SecretValues::order() {
    for (auto& [key, alike] : m_secrets) {
        std::stable_sort(alike.begin(), alike.end(), [](const Secret& a, const Secret& b) { return a.value < b.value; });
        alike.erase(std::unique(alike.begin(), alike.end(), [](const Secret& a, const Secret& b) { return a.value == b.value; }), alike.end());
        for (std::size_t i = 1; i < alike.size(); ++i) {
            auto before = i;  // a place from 1: the one in front
            while (before > 0 && !alike[i].value.starts_with(alike[before - 1].value)) before = alike[before - 1].shorter;
            alike[i].shorter = before;
        }
    }
}

// The longest value with which the text begins: its place, from 1; 0 for none. Those behind it by `shorter` stand there, too.
std::size_t SecretValues::longest(const Alike& alike, std::string_view rest) {
    auto place = static_cast<std::size_t>(std::upper_bound(alike.begin(), alike.end(), rest, [](std::string_view text, const Secret& secret) { return text < secret.value; }) - alike.begin());
    while (place > 0 && !rest.starts_with(alike[place - 1].value)) place = alike[place - 1].shorter;
    return place;
}

// Which values stand in this name of something.
void SecretValues::learn(std::string_view name) {
    for (std::size_t at = 0; at + k_key <= name.size(); ++at) {
        if (!m_starts[start_of(name.data() + at)]) continue;
        const auto found = m_secrets.find(key_of(name.data() + at));
        if (found == m_secrets.end()) continue;
        auto& alike = found->second;
        for (auto place = longest(alike, name.substr(at)); place > 0;) {
            auto& secret = alike[place - 1];
            while (secret.shorter > 0 && alike[secret.shorter - 1].is_common) secret.shorter = alike[secret.shorter - 1].shorter;
            place = secret.shorter;
            if (secret.is_common || (is_drawn_by_lot(secret.value) && !is_program_name(name)) || std::find(secret.names.begin(), secret.names.end(), name) != secret.names.end()) continue;
            if (secret.names.size() >= k_value_names) secret.is_common = true;
            else secret.names.emplace_back(name);
        }
    }
}

// Where the value that stands at `at` ends; `at` where it is the name of something.
std::size_t SecretValues::end_of(const Secret& secret, std::string_view raw, std::size_t at, Words& words) {
    const std::string_view value = secret.value;
    if (secret.is_common || words.are_names(at, value.size())) return at;
    for (const auto& name : secret.names)
        for (auto within = name.find(value); within != std::string::npos; within = name.find(value, within + 1))
            if (within <= at && raw.substr(at - within).starts_with(name)) return at;
    auto end = at + value.size();
    // What names have in them is no secret in the middle of a word.
    const bool inside = (at > 0 && in_name(raw[at - 1]) && in_name(value.front())) || (end < raw.size() && in_name(raw[end]) && in_name(value.back()));
    if (inside && !secret.names.empty()) return at;
    while (secret.cut && end < raw.size() && static_cast<unsigned char>(raw[end]) > ' ' && raw[end] != '"' && raw[end] != '\'') ++end;
    return end;
}

// Was the text cut within a value that begins at `at`, in the middle of a word?
bool SecretValues::is_cut_off(const Alike& alike, std::string_view raw, std::size_t at, Words& words) {
    const auto rest = raw.substr(at);
    if (raw.size() < k_cut || rest.size() >= 3 * k_kept || !is_alnum(rest.back())) return false;
    constexpr std::pair<char, char> k_alnum[] = {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}};
    const bool goes_on = std::any_of(std::begin(k_alnum), std::end(k_alnum), [&](const auto& signs) {
        const auto next = std::string(rest) + signs.first;
        const auto found = std::lower_bound(alike.begin(), alike.end(), next, [](const Secret& secret, const std::string& text) { return secret.value < text; });
        return found != alike.end() && found->value.size() > rest.size() && found->value.starts_with(rest) && found->value[rest.size()] <= signs.second;
    });
    return goes_on && !words.are_names(at, rest.size());
}

std::size_t SecretValues::login_line(std::string_view raw) const {
    constexpr std::size_t k_longest = 128, k_shortest_secret = 6;
    const auto colon = raw.find(':');
    if (raw.size() > k_longest || colon == std::string_view::npos || colon == 0 || raw.size() - colon <= k_shortest_secret) return 0;
    const auto name = raw.substr(0, colon), value = raw.substr(colon + 1);
    // Whoever is meant, as cloud-init tells it.
    const bool named = is_letter(name.front()) && std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_' || c == '-'; });
    if (named && !name.starts_with("sha") && !name.starts_with("md") && plugin::is_scrambled(value)) return colon + 1;
    if (!m_accounts.contains(name)) return 0;
    const auto any = [&](auto&& is) { return std::any_of(value.begin(), value.end(), is); };
    // postgres:15-alpine is an image.
    const bool mixed = any([](char c) { return c >= 'A' && c <= 'Z'; }) || any([](char c) { return std::string_view("!#$%&*+=?^~").find(c) != std::string_view::npos; });
    if (!mixed || !any([](char c) { return c >= 'a' && c <= 'z'; }) || !any(is_digit) || any([](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '/' || c == ':'; })) return 0;
    return colon + 1;
}

std::string SecretValues::taken_out(std::string_view raw) const {
    if (m_secrets.empty() || raw.size() < k_key) return std::string(raw);
    Words words(raw);
    std::string out;
    std::size_t done = 0;
    for (std::size_t at = 0; at + k_key <= raw.size();) {
        const auto found = m_starts[start_of(raw.data() + at)] ? m_secrets.find(key_of(raw.data() + at)) : m_secrets.end();
        std::size_t to = at;
        std::string_view shown = k_redacted;
        if (found != m_secrets.end()) {
            const auto& alike = found->second;
            for (auto place = longest(alike, raw.substr(at)); place > 0 && to == at; place = alike[place - 1].shorter) to = end_of(alike[place - 1], raw, at, words), shown = alike[place - 1].shown;
            if (to < raw.size() && is_cut_off(alike, raw, at, words)) to = raw.size(), shown = k_redacted;
        }
        if (to == at) {
            ++at;
            continue;
        }
        out.append(raw.substr(done, at - done)).append(shown);
        done = at = to;
    }
    return out.append(raw.substr(done));
}

}  // namespace deadbox::report
