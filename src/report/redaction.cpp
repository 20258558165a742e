#include "report/redaction.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "plugin/secret_value.hpp"
#include "plugin/spoken_secret.hpp"
#include "plugin/topic.hpp"

namespace deadbox::report {
namespace {

using case_file::Statement;
using plugin::lower, plugin::lowered;

constexpr std::size_t k_key = 8;                // bytes of a value that find it
constexpr std::size_t k_blank = 12;             // least length of one with blanks
constexpr std::size_t k_kept = 256;             // topics keep no more of a value: one of this length may go on
constexpr std::string_view k_line = "entry";    // columns with a whole line, of which a part is secret: no value
constexpr std::int64_t k_first_person = 1000;   // user ids of people, as login.defs has them
constexpr std::int64_t k_nobody = 65'534;

bool is_word(char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

constexpr std::size_t k_name_part = 3;

// A room by words and a number, or a telephone's number: no port, size or date looks like it.
bool is_reachable(std::string_view field) {
    constexpr std::size_t k_room = 5, k_telephone = 6;
    std::size_t digits = 0, letters = 0, other = 0;
    for (const char c : field) {
        const bool digit = c >= '0' && c <= '9', sign = c == ' ' || c == '+' || c == '(' || c == ')' || c == '/' || c == '-';
        digits += digit, letters += !digit && is_word(c), other += !digit && !sign && !is_word(c);
    }
    if (letters > 0) return digits > 0 && field.size() >= k_room && field.find(' ') != std::string_view::npos;
    // A number alone is one of many; a date has its year in front.
    return digits >= k_telephone && other == 0 && (field.front() == '0' || field.front() == '+' || field.front() == '(');
}

// Words that stand in the names of accounts that are nobody's: what they are for, and what images of clouds call their first one.
bool is_role(std::string_view word) {
    constexpr std::array k_roles = std::to_array<std::string_view>({"debian", "ubuntu", "centos", "fedora", "rocky", "almalinux", "redhat", "rhel", "suse", "opensuse", "arch", "alpine", "linux", "gnu", "ec2-user", "cloud-user", "vagrant", "cloud", "admin", "administrator", "user", "benutzer", "backup", "server", "service", "system", "web", "website", "webmaster", "mail", "ftp", "test", "demo",
                                                       "deploy", "deployment", "account", "konto", "the", "and", "for", "und", "für", "support", "default"});
    return std::find(k_roles.begin(), k_roles.end(), lowered(word)) != k_roles.end();
}

// Behind the sign of a mail address: names with dots, the last of letters. An instance of a unit of systemd, a catalog of messages
// and a table of a database have such a sign, too.
bool is_mail_domain(std::string_view rest) {
    constexpr std::array k_endings = std::to_array<std::string_view>({"service", "socket", "timer", "target", "mount", "automount", "path", "slice", "scope", "device", "swap", "catalog", "conf", "frm", "ibd", "myd", "myi"});
    std::size_t end = 0;
    while (end < rest.size() && (is_word(rest[end]) || rest[end] == '.' || rest[end] == '-')) ++end;
    auto domain = rest.substr(0, end);
    while (domain.ends_with('.') || domain.ends_with('-')) domain.remove_suffix(1);
    if (const auto dot = domain.rfind('.'); dot == std::string_view::npos || dot == 0 || domain.size() - dot < 3) return false;
    const auto small = lowered(domain);
    for (auto from = small.find('.') + 1; from != 0;) {  // each label behind the first
        const auto next = small.find('.', from);
        const auto label = std::string_view(small).substr(from, next - from);
        if (std::find(k_endings.begin(), k_endings.end(), label) != k_endings.end()) return false;
        if (next == std::string::npos) return std::all_of(label.begin(), label.end(), [](char c) { return c >= 'a' && c <= 'z'; });
        from = next + 1;
    }
    return false;
}

// Is it a capital letter of Latin Extended-A, whose small one is the next? (Unicode, C0: U+0100 to U+0137 and U+014A to U+0177 have the
// even ones as capitals, U+0139 to U+0148 and U+0179 to U+017E the odd ones.)
bool has_pair(unsigned code) {
    if ((code >= 0x100 && code <= 0x137 && code != 0x130) || (code >= 0x14a && code <= 0x177)) return code % 2 == 0;
    return ((code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17e)) && code % 2 == 1;
}

// In small letters, as long as it was: those of ASCII, of Latin and of Cyrillic in UTF-8.
std::string folded(std::string_view text) {
    auto out = lowered(text);
    for (std::size_t at = 0; at + 1 < out.size(); ++at) {
        const auto lead = static_cast<unsigned char>(out[at]), next = static_cast<unsigned char>(out[at + 1]);
        const auto set = [&](unsigned first, unsigned second) { out[at] = static_cast<char>(first), out[at + 1] = static_cast<char>(second); };
        if (lead == 0xc3 && next >= 0x80 && next <= 0x9e && next != 0x97) set(lead, next + 0x20u);
        else if ((lead == 0xc4 || lead == 0xc5) && has_pair(((lead & 0x1fu) << 6) | (next & 0x3fu))) set(lead, next + 1u);
        else if (lead == 0xd0 && next >= 0x90 && next <= 0x9f) set(lead, next + 0x20u);
        else if (lead == 0xd0 && next >= 0xa0 && next <= 0xaf) set(0xd1, next - 0x20u);
    }
    return out;
}

// As keyboards without these letters write them: the letters of Latin-1 and Latin Extended-A without their marks. `small`: folded.
std::string without_marks(std::string_view small) {
    constexpr std::string_view k_letters =  // U+00E0 to U+017F; '.' where there is none
        "aaaaaaaceeeeiiiidnooooo.ouuuuyty"
        "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
    static_assert(k_letters.size() == 0x180 - 0xe0);
    std::string out;
    for (std::size_t at = 0; at < small.size(); ++at) {
        const auto lead = static_cast<unsigned char>(small[at]);
        const auto code = at + 1 < small.size() && lead >= 0xc3 && lead <= 0xc5 ? (lead & 0x1fu) << 6 | (static_cast<unsigned char>(small[at + 1]) & 0x3fu) : 0u;
        const char letter = code >= 0xe0 && code < 0x180 ? k_letters[code - 0xe0] : '.';
        if (letter == '.') out += small[at];
        else out += letter, ++at;
    }
    return out;
}

// With the umlauts spelled out, as names of accounts and mail addresses have them. `small`: folded.
std::string spelled_out(std::string small) {
    constexpr std::pair<std::string_view, std::string_view> k_letters[] = {{"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"}, {"ß", "ss"}, {"å", "aa"}, {"æ", "ae"}, {"ø", "oe"}};
    for (const auto& [letter, by] : k_letters)
        for (std::size_t at = small.find(letter); at != std::string::npos; at = small.find(letter, at + by.size())) small.replace(at, letter.size(), by);
    return small;
}

std::set<std::string> spellings_of_name(std::string_view name) {
    const auto small = folded(name);
    return {small, spelled_out(small), without_marks(small)};
}

// A file that is a note by its name, "Passwort Kiste7x.txt": the very next word behind the one that calls it a secret, with letters
// and digits.
std::vector<plugin::SecretSpan> noted_in_name(std::string_view name) {
    auto spans = plugin::spoken_secrets(name);
    std::erase_if(spans, [&](auto& span) {
        if (span.start < 2 || name[span.start - 1] != ' ') return true;
        const auto before = name.substr(0, span.start - 1);
        const auto word = before.substr(before.rfind(' ') + 1);
        auto secret = name.substr(span.start, span.length);
        if (const auto dot = secret.rfind('.'); dot != std::string_view::npos && dot > 0) secret = secret.substr(0, dot);  // the name's ending is none of it
        span.length = secret.size();
        const bool letter = std::any_of(secret.begin(), secret.end(), [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; });
        const bool digit = std::any_of(secret.begin(), secret.end(), [](char c) { return c >= '0' && c <= '9'; });
        return !letter || !digit || !plugin::names_a_secret(word);
    });
    return spans;
}

// "kunden-pw_Kiste7x.zip": behind a word that calls it a secret, the part up to the name's ending. Versions, dates and parts of programs'
// names are of small letters or of digits. Where the file is one that has a password, those with digits count, too.
std::vector<plugin::SecretSpan> joined_in_name(std::string_view name) {
    constexpr std::array k_words = std::to_array<std::string_view>({"pw", "pwd", "pass", "passwd", "password", "passwort", "kennwort", "pin", "passphrase"});
    constexpr std::array k_locked = std::to_array<std::string_view>({"zip", "7z", "rar", "gpg", "kdbx", "kdb", "pdf", "docx", "xlsx", "xlsm", "pptx", "odt", "ods", "p12", "pfx", "hc", "txt"});
    constexpr std::array k_algorithms = std::to_array<std::string_view>({"sha1", "sha256", "sha512", "md5", "bcrypt", "base64"});
    const auto is_between = [](char c) { return c == '-' || c == '_' || c == '.' || c == ' ' || c == '(' || c == '['; };
    const auto dot = name.rfind('.');
    const bool ended = dot != std::string_view::npos && dot > 0 && name.size() - dot <= 6;
    const auto last = ended ? dot : name.size();
    const auto ending = ended ? lowered(name.substr(dot + 1)) : std::string();
    for (std::size_t at = 0; at < last;) {
        auto end = at;
        while (end < last && !is_between(name[end])) ++end;
        const bool called = end + 1 < last && std::find(k_words.begin(), k_words.end(), lowered(name.substr(at, end - at))) != k_words.end();
        at = end + 1;
        if (!called) continue;
        auto stop = last;
        while (stop > at && (name[stop - 1] == ')' || name[stop - 1] == ']')) --stop;
        const auto value = name.substr(at, stop - at);
        if (value.size() < 5 || value.find(' ') != std::string_view::npos || plugin::is_masked(value)) return {};
        const auto count = [&](auto&& is) { return std::count_if(value.begin(), value.end(), is); };
        const auto small = count([](char c) { return c >= 'a' && c <= 'z'; }), capital = count([](char c) { return c >= 'A' && c <= 'Z'; }), digit = count([](char c) { return c >= '0' && c <= '9'; });
        const auto sign = count([](char c) { return std::string_view("!#$%&*+=?^~").find(c) != std::string_view::npos; });
        const bool mixed = (small > 0 && capital > 0 && digit > 0) || (sign > 0 && small + capital > 0 && digit > 0);
        const bool in_locked = small + capital >= 3 && digit >= 2 && value.find('.') == std::string_view::npos && std::find(k_locked.begin(), k_locked.end(), ending) != k_locked.end() && std::find(k_algorithms.begin(), k_algorithms.end(), lowered(value)) == k_algorithms.end();
        if (mixed || in_locked) return {{at, value.size(), plugin::SecretKind::password}};
        return {};
    }
    return {};
}

std::uint64_t key_of(const char* bytes) {
    std::uint64_t key = 0;
    std::memcpy(&key, bytes, k_key);
    return key;
}

std::size_t start_of(const char* bytes) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])) << 8 | static_cast<unsigned char>(bytes[1]); }

// Would nobody write this by chance? Letters with digits or signs, no path, no words of prose.
bool is_strong(std::string_view value) {
    if (value.size() < k_key || plugin::is_placeholder(value)) return false;
    if (value.front() == '/' && !value.ends_with('=')) return false;  // a path; base64 may begin so, too
    bool letter = false, other = false, blank = false;
    for (const char c : value) {
        if (static_cast<unsigned char>(c) < ' ') return false;
        const bool is_letter = lower(c) >= 'a' && lower(c) <= 'z';
        letter |= is_letter, other |= !is_letter && c != '-' && c != '_' && c != '.' && c != ' ', blank |= c == ' ';
    }
    return letter && other && (!blank || value.size() >= k_blank);
}

// As requests, JSON and code write it.
std::vector<std::string> spellings(std::string_view value) {
    std::string percent, form, json, code;
    for (const char c : value) {
        const bool plain = (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-' || c == '_' || c == '.' || c == '~';
        const auto hex = plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
        percent += hex, form += c == ' ' ? "+" : c == '/' ? "/" : hex;
        if (c == '/' || c == '"' || c == '\\') json += '\\';
        json += c;
        if (c == '\'' || c == '"' || c == '\\' || c == '$') code += '\\';
        code += c;
    }
    std::vector<std::string> all{std::string(value), std::move(percent), std::move(form), std::move(json), std::move(code)};
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

}  // namespace

std::string redact_excerpt(std::string_view excerpt, std::string_view spans, Redact redact) {
    if (redact == Redact::none || spans.empty()) return std::string(excerpt);
    const auto array = nlohmann::json::parse(spans, nullptr, false);
    if (!array.is_array()) return std::string(k_redacted);
    std::vector<std::pair<std::size_t, std::size_t>> hidden;  // from, to
    for (const auto& span : array) {
        if (!span.is_array() || span.size() < 2 || !span[0].is_number_unsigned() || !span[1].is_number_unsigned()) return std::string(k_redacted);
        const bool person = span.size() > 2 && span[2].is_boolean() && span[2].get<bool>();
        if (person && redact != Redact::persons) continue;
        const auto from = std::min(span[0].get<std::size_t>(), excerpt.size());
        const auto to = from + std::min(span[1].get<std::size_t>(), excerpt.size() - from);
        if (from < to) hidden.emplace_back(from, to);
    }
    std::sort(hidden.begin(), hidden.end());
    std::string out;
    std::size_t done = 0;
    for (const auto& [from, to] : hidden) {
        if (to <= done) continue;
        if (from >= done && !(from == done && done > 0)) out.append(excerpt.substr(done, from - done)).append(k_redacted);
        done = to;
    }
    return out.append(excerpt.substr(done));
}

base::Result<Redactor> Redactor::load(const case_file::View& view, Redact redact) {
    Redactor redactor;
    redactor.m_redact = redact;
    if (redact != Redact::none) TRY(redactor.load_secrets(view));
    if (redact == Redact::persons) TRY(redactor.load_persons(view));
    return redactor;
}

base::Result<void> Redactor::load_secrets(const case_file::View& view) {
    for (const plugin::Topic* topic : plugin::topics()) {
        for (const auto& table : topic->tables) {
            TRY_ASSIGN(const bool there, view.has_table(table.name));
            for (const auto& column : table.columns) {
                if (!there || column.privacy != plugin::Privacy::secret || column.type != plugin::ColumnType::text || column.name == k_line) continue;
                TRY_ASSIGN(Statement row, view.prepare(fmt::format("SELECT DISTINCT \"{0}\" FROM \"{1}\" WHERE length(\"{0}\") >= {2}", column.name, table.name, k_key)));
                for (;;) {
                    TRY_ASSIGN(const bool more, row.step());
                    if (!more) break;
                    const auto value = row.text(0);
                    if (!is_strong(value)) continue;
                    for (auto& spelling : spellings(value)) {
                        m_starts[start_of(spelling.data())] = true;
                        m_secrets[key_of(spelling.data())].push_back({std::move(spelling), value.size() == k_kept});
                    }
                }
            }
        }
    }
    return {};
}

// Accounts of people and their full names. Who they are is left open, but not who is the same: person-1 is one everywhere.
base::Result<void> Redactor::load_persons(const case_file::View& view) {
    TRY_ASSIGN(const bool there, view.has_table("account"));
    if (!there) return {};
    std::set<std::string, std::less<>> others;  // names of what is no person
    TRY_ASSIGN(Statement other, view.prepare("SELECT DISTINCT user FROM account WHERE source = 'passwd' AND (uid < ?1 OR uid >= ?2)"));
    other.bind(1, k_first_person);
    other.bind(2, k_nobody);
    for (;;) {
        TRY_ASSIGN(const bool more, other.step());
        if (!more) break;
        others.insert(folded(other.text(0)));
    }
    TRY_ASSIGN(Statement row, view.prepare("SELECT user, max(ifnull(gecos, '')) FROM account WHERE source IN ('passwd', 'passwd-') AND uid >= ?1 AND uid < ?2 AND user <> '' "
                                           "GROUP BY user ORDER BY min(uid), user"));
    row.bind(1, k_first_person);
    row.bind(2, k_nobody);
    std::vector<std::pair<std::string, std::string>> parts;
    for (int number = 1;; ++number) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) break;
        const std::string stands_for = fmt::format("person-{}", number);
        if (is_role(row.text(0))) continue;
        add_person(row.text(0), stands_for);
        const auto gecos = row.text(1);
        const auto full = gecos.substr(0, gecos.find(','));
        add_person(full, stands_for);
        if (const auto blank = full.rfind(' '); blank != std::string_view::npos) add_person(fmt::format("{} {}", full.substr(blank + 1), full.substr(0, blank)), stands_for);
        // Behind the name stand room and two telephones (chfn): what would not be taken for another number is known again.
        std::size_t from = full.size() + 1;
        for (int field = 0; field < 3 && from < gecos.size(); ++field) {
            const auto end = std::min(gecos.find(',', from), gecos.size());
            if (is_reachable(gecos.substr(from, end - from))) m_full_names.emplace_back(folded(gecos.substr(from, end - from)), k_redacted);
            from = end + 1;
        }
        // Each part of a name of several, behind whole accounts' names: two people may share one.
        for (std::size_t from = 0; from < full.size();) {
            const auto end = std::min(full.find(' ', from), full.size());
            const auto part = full.substr(from, end - from);
            if (part.size() < full.size() && part.size() >= k_name_part && !part.ends_with('.') && !is_role(part)) parts.emplace_back(part, stands_for);
            from = end + 1;
        }
    }
    for (const auto& [part, stands_for] : parts)
        if (const auto all = spellings_of_name(part); std::none_of(all.begin(), all.end(), [&](const auto& one) { return others.contains(one); })) add_person(part, stands_for);
    std::sort(m_full_names.begin(), m_full_names.end(), [](const auto& a, const auto& b) { return a.first.size() != b.first.size() ? a.first.size() > b.first.size() : a < b; });
    return {};
}

void Redactor::add_person(std::string_view value, const std::string& stands_for) {
    if (value.size() < 2) return;
    for (const auto& spelling : spellings_of_name(value)) {
        if (std::all_of(value.begin(), value.end(), is_word)) m_persons.emplace(spelling, stands_for);
        else m_full_names.emplace_back(spelling, stands_for);
    }
}

std::string Redactor::without_values(std::string_view raw) const {
    if (m_secrets.empty() || raw.size() < k_key) return std::string(raw);
    std::string out;
    std::size_t done = 0;
    for (std::size_t at = 0; at + k_key <= raw.size();) {
        if (!m_starts[start_of(raw.data() + at)]) {
            ++at;
            continue;
        }
        const auto found = m_secrets.find(key_of(raw.data() + at));
        std::size_t length = 0;
        if (found != m_secrets.end())
            for (const auto& [value, cut] : found->second) {
                const auto rest = raw.substr(at);
                if (rest.starts_with(value)) {
                    auto end = value.size();
                    while (cut && end < rest.size() && static_cast<unsigned char>(rest[end]) > ' ' && rest[end] != '"' && rest[end] != '\'') ++end;
                    length = std::max(length, end);
                } else if (std::string_view(value).starts_with(rest)) length = rest.size();  // the text was cut there
            }
        if (length == 0) {
            ++at;
            continue;
        }
        out.append(raw.substr(done, at - done)).append(k_redacted);
        done = at += length;
    }
    return out.append(raw.substr(done));
}

std::string Redactor::without_persons(std::string_view told) const {
    if (m_redact != Redact::persons) return std::string(told);
    const std::string raw = without_addresses(told), small = folded(raw);
    std::string out;
    for (std::size_t at = 0; at < raw.size();) {
        const bool fresh = at == 0 || !is_word(raw[at - 1]);
        const std::string* stands_for = nullptr;
        std::size_t length = 0;
        if (fresh) {
            for (const auto& [name, person] : m_full_names) {
                if (small.compare(at, name.size(), name) != 0 || (at + name.size() < raw.size() && is_word(raw[at + name.size()]))) continue;
                stands_for = &person, length = name.size();
                break;
            }
            if (stands_for == nullptr && is_word(raw[at])) {
                while (at + length < raw.size() && is_word(raw[at + length])) ++length;
                const auto found = m_persons.find(small.substr(at, length));
                if (found != m_persons.end()) stands_for = &found->second;
            }
        }
        if (stands_for != nullptr) {
            out += *stands_for;
            at += length;
        } else if (length > 0) {
            out.append(raw, at, length);
            at += length;
        } else out += raw[at++];
    }
    return out;
}

// The part of a mail address before the sign is a person's too, unless it is a name as a whole: that is one everywhere.
std::string Redactor::without_addresses(std::string_view raw) const {
    std::string out(raw);
    for (std::size_t sign = out.find('@'); sign != std::string::npos; sign = out.find('@', sign + 1)) {
        std::size_t start = sign;
        while (start > 0 && (is_word(out[start - 1]) || out[start - 1] == '.' || out[start - 1] == '+' || out[start - 1] == '-')) --start;
        if (start == sign || !is_mail_domain(std::string_view(out).substr(sign + 1))) continue;
        if (m_persons.contains(folded(std::string_view(out).substr(start, sign - start)))) continue;
        out.replace(start, sign - start, k_redacted);
        sign = start + k_redacted.size();
    }
    return out;
}

std::string Redactor::without_forms(std::string_view raw, const std::vector<plugin::SecretSpan>& spans) const {
    std::string out;
    std::size_t done = 0;
    for (const auto& span : spans) {
        out.append(raw.substr(done, span.start - done)).append(k_redacted);
        done = span.start + span.length;
    }
    return out.append(raw.substr(done));
}

std::string Redactor::text(std::string_view raw) const {
    if (m_redact == Redact::none || raw.empty()) return std::string(raw);
    // What stands behind the sign of a comment is what somebody wrote.
    const auto comment = raw.starts_with("# ") ? 0 : raw.find(" # ");
    if (comment == std::string_view::npos) return without_persons(without_values(without_forms(raw, plugin::secret_spans(raw))));
    const auto spoken = without_forms(raw.substr(comment), plugin::spoken_secrets(raw.substr(comment)));
    const auto whole = std::string(raw.substr(0, comment)) + spoken;
    return without_persons(without_values(without_forms(whole, plugin::secret_spans(whole))));
}

std::string Redactor::secrets(std::string_view raw) const {
    if (m_redact == Redact::none || raw.empty()) return std::string(raw);
    const auto spoken = without_forms(raw, plugin::spoken_secrets(raw));
    return without_values(without_forms(spoken, plugin::secret_spans(spoken)));
}

std::string Redactor::told(std::string_view raw) const { return without_persons(secrets(raw)); }

std::string Redactor::name(std::string_view raw) const {
    if (m_redact == Redact::none || raw.empty()) return std::string(raw);
    if (raw.find("://") != std::string_view::npos) return text(raw);  // where a link leads may be an address
    std::string out;
    for (std::size_t from = 0; from <= raw.size();) {
        const auto end = std::min(raw.find('/', from), raw.size());
        const auto part = raw.substr(from, end - from);
        auto spans = part.size() < k_key ? std::vector<plugin::SecretSpan>() : plugin::secret_spans(part);
        std::erase_if(spans, [](const auto& span) { return span.by_shape; });
        if (spans.empty() && part.find(' ') != std::string_view::npos) spans = noted_in_name(part);
        if (spans.empty() && part.size() >= k_key) spans = joined_in_name(part);
        out += without_forms(part, spans);
        if (end < raw.size()) out += '/';
        from = end + 1;
    }
    return without_persons(without_values(out));
}

namespace {

enum class By : std::uint8_t { machine, people };

template <class Json>
void redact_strings(Json& value, const Redactor& redactor, By by) {
    if (value.is_string()) {
        const auto& text = value.template get_ref<const std::string&>();
        if (text.starts_with('{')) {  // an object that is kept as its text: what stands in it, as what stands around it
            auto inner = Json::parse(text, nullptr, false);
            if (inner.is_object()) {
                redact_strings(inner, redactor, by);
                value = inner.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
                return;
            }
        }
        value = by == By::people ? redactor.told(text) : redactor.text(text);
        return;
    }
    if (value.is_object()) {
        for (auto& [key, member] : value.items()) {
            if (member.is_string() && plugin::names_a_secret(key) && !plugin::is_placeholder(member.template get_ref<const std::string&>())) member = k_redacted;
            else redact_strings(member, redactor, by);
        }
    } else if (value.is_array())
        for (auto& member : value) redact_strings(member, redactor, by);
}

}  // namespace

std::string Redactor::json(std::string_view raw) const {
    if (m_redact == Redact::none) return std::string(raw);
    auto value = nlohmann::json::parse(raw, nullptr, false);
    if (value.is_discarded()) return "{}";
    redact_strings(value, *this, By::machine);
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void Redactor::item(ReportItem& item) const {
    if (m_redact == Redact::none) return;
    if (item.path) item.path = name(*item.path);
    if (item.excerpt) item.excerpt = text(*item.excerpt);
    item.key = text(item.key), item.cited = text(item.cited), item.user = name(item.user), item.group = name(item.group), item.site = name(item.site);
    if (item.reference) item.reference->expected = text(item.reference->expected), item.reference->found = text(item.reference->found);
}

void Redactor::coverage(std::vector<CoverageRow>& rows) const {
    for (auto& row : rows) {
        row.path = name(row.path);
        for (auto& example : row.examples) example = text(example);
    }
}

std::string Redactor::custody(const std::string& details) const {
    if (m_redact == Redact::none) return details;
    auto value = nlohmann::ordered_json::parse(details, nullptr, false);
    if (value.is_discarded()) return told(details);
    const auto before = value;
    redact_strings(value, *this, By::people);
    return value == before ? details : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void Redactor::written(Report& report) const {
    if (m_redact == Redact::none) return;
    auto& c = report.case_data;
    for (auto* one : {&c.number, &c.authority, &c.description}) *one = told(*one);
    for (auto* one : {&c.examiner, &c.organisation, &report.clock.source}) *one = secrets(*one);
    for (auto& path : c.scope) path = name(path);
    for (auto& path : c.exclude) path = name(path);
    if (report.conclusion) report.conclusion->text = told(report.conclusion->text);
    for (auto& word : report.run.command) word = told(word);
    for (auto& evidence : report.evidence)
        for (auto& volume : evidence.volumes) volume.label = told(volume.label), volume.partition_name = told(volume.partition_name);
    for (auto& note : report.notes) note.text = told(note.text), note.who = told(note.who), note.permitted_by = told(note.permitted_by);
    for (auto& entry : report.custody) entry.details = custody(entry.details);
}

void Redactor::finding(ReportFinding& finding) const {
    if (m_redact == Redact::none) return;
    for (auto* one : {&finding.subject, &finding.title, &finding.explanation, &finding.innocent_reason, &finding.next_step}) *one = text(*one);
    finding.reason = told(finding.reason);
    for (auto& mark : finding.marks) mark.comment = told(mark.comment), mark.reason = told(mark.reason);
    for (auto& tag : finding.tags) tag = told(tag);
    for (auto& one : finding.items) item(one);
}

}  // namespace deadbox::report
