#include "report/redaction.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "plugin/secret_shape.hpp"
#include "plugin/secret_value.hpp"
#include "plugin/spoken_secret.hpp"

namespace deadbox::report {
namespace {

using case_file::Statement;
using plugin::lower, plugin::lowered;

constexpr std::size_t k_token = 8;              // least length of a part of a path that may be one
constexpr std::int64_t k_first_person = 1000;   // user ids of people, as login.defs has them
constexpr std::int64_t k_nobody = 65'534;

bool is_word(char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

// Of a text in small letters: what stands before the first sign that is no letter and no digit, or that sign.
std::string first_word(std::string_view small) {
    const auto end = std::find_if(small.begin(), small.end(), [](char c) { return !is_word(c) || c == '_'; });
    return std::string(small.begin(), end == small.begin() && !small.empty() ? end + 1 : end);
}

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

// Words that stand in paths, names of files and addresses of every machine: an account may be called so, by whoever wants that
// nothing in a report can be read, and no path would be one any more.
bool is_word_of_systems(std::string_view word) {
    constexpr std::array k_words = std::to_array<std::string_view>({"var", "usr", "etc", "bin", "sbin", "lib", "lib32", "lib64", "home", "root", "tmp", "opt", "srv", "run", "dev", "proc", "sys", "boot", "mnt", "media", "log", "logs", "spool", "cache", "share", "local", "src", "www", "html", "htdocs", "public", "public_html",
                                                       "upload", "uploads", "download", "downloads", "image", "images", "img", "files", "index", "cgi", "cgi-bin", "php", "phtml", "jsp", "asp", "aspx", "css", "txt", "json", "xml", "yml", "yaml", "conf", "config", "cfg", "ini", "sql", "zip", "tar", "tgz", "bak", "pem", "key",
                                                       "http", "https", "ssh", "sshd", "sftp", "smtp", "imap", "dns", "tcp", "udp", "com", "org", "net", "auth", "login", "passwd", "shadow", "password", "passwort", "sudo", "cron", "bash", "shell", "cmd", "python", "perl", "mysql", "apache", "apache2", "nginx", "wordpress",
                                                       "wp-content", "wp-admin", "wp-includes", "plugins", "themes", "modules", "vendor", "node_modules", "data", "database", "access", "error", "syslog", "messages", "secure", "journal"});
    if (std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; })) return true;
    return std::find(k_words.begin(), k_words.end(), lowered(word)) != k_words.end();
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

using Letters = std::initializer_list<std::pair<std::string_view, std::string_view>>;

std::string replaced(std::string text, Letters letters) {
    for (const auto& [letter, by] : letters)
        for (std::size_t at = text.find(letter); at != std::string::npos; at = text.find(letter, at + by.size())) text.replace(at, letter.size(), by);
    return text;
}

// With the umlauts spelled out, as names of accounts and mail addresses have them. `small`: folded.
std::string without_umlauts(std::string small) { return replaced(std::move(small), {{"ä", "ae"}, {"ö", "oe"}, {"ü", "ue"}, {"å", "aa"}, {"æ", "ae"}, {"ø", "oe"}}); }
std::string with_two_s(std::string small) { return replaced(std::move(small), {{"ß", "ss"}}); }

// As some systems keep names of files: letter and mark apart.
std::string decomposed(std::string small) {
    return replaced(std::move(small), {{"ä", "a\u0308"}, {"ö", "o\u0308"}, {"ü", "u\u0308"}, {"ë", "e\u0308"}, {"ï", "i\u0308"}, {"á", "a\u0301"}, {"é", "e\u0301"}, {"í", "i\u0301"}, {"ó", "o\u0301"}, {"ú", "u\u0301"}, {"ý", "y\u0301"}, {"à", "a\u0300"}, {"è", "e\u0300"}, {"ì", "i\u0300"},
                                       {"ò", "o\u0300"}, {"ù", "u\u0300"}, {"â", "a\u0302"}, {"ê", "e\u0302"}, {"î", "i\u0302"}, {"ô", "o\u0302"}, {"û", "u\u0302"}, {"ã", "a\u0303"}, {"ñ", "n\u0303"}, {"õ", "o\u0303"}, {"å", "a\u030a"}, {"ç", "c\u0327"}, {"š", "s\u030c"}, {"č", "c\u030c"}, {"ž", "z\u030c"}, {"ř", "r\u030c"}});
}

// In Latin-1; "" where a letter is none of it.
std::string latin1(std::string_view name) {
    std::string out;
    for (std::size_t at = 0; at < name.size(); ++at) {
        const auto lead = static_cast<unsigned char>(name[at]);
        if (lead < 0x80) out += name[at];
        else if ((lead == 0xc2 || lead == 0xc3) && at + 1 < name.size()) out += static_cast<char>((lead & 3u) << 6 | (static_cast<unsigned char>(name[++at]) & 0x3fu));
        else return {};
    }
    return out;
}

// As addresses write it, in small letters. `blank`: what stands for one.
std::string percent(std::string_view bytes, std::string_view blank) {
    std::string out;
    for (const char c : bytes) {
        if (c == ' ') out += blank;
        else if (static_cast<unsigned char>(c) >= 0x80 || c == '\'') out += fmt::format("%{:02x}", static_cast<unsigned char>(c));
        else out += lower(c);
    }
    return out;
}

// In small letters.
std::set<std::string> spellings_of_name(std::string_view name) {
    std::set<std::string> all;
    const auto small = folded(name);
    for (const std::string& one : {small, replaced(small, {{"'", "’"}}), replaced(small, {{"’", "'"}}), replaced(small, {{"'", ""}, {"’", ""}})}) {
        for (const std::string& other : {one, with_two_s(one)}) all.insert({other, without_umlauts(other), without_marks(other), decomposed(other)});
    }
    for (const std::string& one : {std::string(name), small})
        for (const std::string& bytes : {one, latin1(one)})
            for (const auto blank : {"%20", "+"})
                if (!bytes.empty()) all.insert(percent(bytes, blank));
    return all;
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

// The same in the paths of a text: from a slash to what no path in a sentence has.
std::vector<plugin::SecretSpan> joined_in_paths(std::string_view text) {
    constexpr std::string_view k_end = " \t\r\n\"'`,;:<>|&?()[]{}=";
    std::vector<plugin::SecretSpan> all;
    for (auto slash = text.find('/'); slash != std::string_view::npos;) {
        const auto from = slash + 1;
        auto end = std::min(text.find_first_of(k_end, from), text.size());
        const auto next = text.find('/', from);
        if (next < end) end = next;
        auto part = text.substr(from, end - from);
        while (part.ends_with('.')) part.remove_suffix(1);  // the sentence's
        if (part.size() >= k_token)
            for (auto span : joined_in_name(part)) span.start += from, all.push_back(span);
        slash = next;
    }
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
    if (redact != Redact::none) {
        TRY_ASSIGN(redactor.m_values, SecretValues::load(view));
    }
    if (redact == Redact::persons) TRY(redactor.load_persons(view));
    return redactor;
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
        if (!is_word_of_systems(row.text(0))) add_person(row.text(0), stands_for);
        const auto gecos = row.text(1);
        const auto full = gecos.substr(0, gecos.find(','));
        if (!is_word_of_systems(full)) add_person(full, stands_for);
        if (const auto blank = full.rfind(' '); blank != std::string_view::npos) add_person(fmt::format("{} {}", full.substr(blank + 1), full.substr(0, blank)), stands_for);
        // Behind the name stand room and two telephones (chfn): what would not be taken for another number is known again.
        std::size_t from = full.size() + 1;
        for (int field = 0; field < 3 && from < gecos.size(); ++field) {
            const auto end = std::min(gecos.find(',', from), gecos.size());
            if (is_reachable(gecos.substr(from, end - from))) add_full_name(folded(gecos.substr(from, end - from)), std::string(k_redacted));
            from = end + 1;
        }
        // Each part of a name of several, behind whole accounts' names: two people may share one.
        for (std::size_t from = 0; from < full.size();) {
            const auto end = std::min(full.find(' ', from), full.size());
            const auto part = full.substr(from, end - from);
            const auto add = [&](std::string_view one) {
                if (one.size() < full.size() && one.size() >= k_name_part && !one.ends_with('.') && !is_role(one) && !is_word_of_systems(one)) parts.emplace_back(one, stands_for);
            };
            add(part);
            for (std::size_t half = 0; half < part.size() && part.find('-') != std::string_view::npos;) {
                const auto stop = std::min(part.find('-', half), part.size());
                add(part.substr(half, stop - half));
                half = stop + 1;
            }
            from = end + 1;
        }
    }
    for (const auto& [part, stands_for] : parts)
        if (const auto all = spellings_of_name(part); std::none_of(all.begin(), all.end(), [&](const auto& one) { return others.contains(one); })) add_person(part, stands_for);
    for (auto& [first, some] : m_full_names) std::stable_sort(some.begin(), some.end(), [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
    return {};
}

void Redactor::add_person(std::string_view value, const std::string& stands_for) {
    if (value.size() < 2) return;
    for (const auto& spelling : spellings_of_name(value)) {
        if (spelling.size() < 2) continue;
        if (std::all_of(spelling.begin(), spelling.end(), is_word)) m_persons.emplace(spelling, stands_for);
        else add_full_name(spelling, stands_for);
    }
}

void Redactor::add_full_name(const std::string& small, const std::string& stands_for) { m_full_names[first_word(small)].emplace_back(small, stands_for); }

std::string Redactor::without_persons(std::string_view told) const {
    if (m_redact != Redact::persons) return std::string(told);
    const std::string raw = without_addresses(told), small = folded(raw);
    std::string out;
    for (std::size_t at = 0; at < raw.size();) {
        const bool fresh = at == 0 || !is_word(raw[at - 1]) || raw[at - 1] == '_';
        const std::string* stands_for = nullptr;
        std::size_t length = 0;
        if (fresh) {
            const auto full = m_full_names.find(first_word(std::string_view(small).substr(at)));
            for (std::size_t i = 0; full != m_full_names.end() && i < full->second.size(); ++i) {
                const auto& [name, person] = full->second[i];
                if (small.compare(at, name.size(), name) != 0 || (at + name.size() < raw.size() && is_word(raw[at + name.size()]) && raw[at + name.size()] != '_')) continue;
                stands_for = &person, length = name.size();
                break;
            }
            if (stands_for == nullptr && is_word(raw[at])) {
                while (at + length < raw.size() && is_word(raw[at + length])) ++length;
                auto found = m_persons.find(small.substr(at, length));
                if (const auto part = small.find('_', at); found == m_persons.end() && part > at && part < at + length) {  // a part of a joined name
                    length = part - at;
                    found = m_persons.find(small.substr(at, length));
                }
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

std::string Redactor::without_names(const std::string& raw) const { return without_forms(raw, joined_in_paths(raw)); }

std::string Redactor::text(std::string_view raw) const {
    if (m_redact == Redact::none || raw.empty()) return std::string(raw);
    if (const auto secret = m_values.login_line(raw); secret > 0) return without_persons(raw.substr(0, secret)) + std::string(k_redacted);
    // What stands behind the sign of a comment is what somebody wrote.
    const auto comment = raw.starts_with("# ") ? 0 : raw.find(" # ");
    if (comment == std::string_view::npos) return without_persons(m_values.taken_out(without_names(without_forms(raw, plugin::secret_spans(raw)))));
    const auto spoken = without_forms(raw.substr(comment), plugin::spoken_secrets(raw.substr(comment)));
    const auto whole = std::string(raw.substr(0, comment)) + spoken;
    return without_persons(m_values.taken_out(without_names(without_forms(whole, plugin::secret_spans(whole)))));
}

std::string Redactor::argument(std::string_view raw) const { return raw.starts_with('/') && raw.find_first_of(" \n") == std::string_view::npos ? name(raw) : text(raw); }

std::string Redactor::filled(std::string_view raw) const { return m_redact == Redact::none ? std::string(raw) : without_forms(raw, plugin::secret_spans(raw)); }

std::string Redactor::secrets(std::string_view raw) const {
    if (m_redact == Redact::none || raw.empty()) return std::string(raw);
    const auto spoken = without_forms(raw, plugin::spoken_secrets(raw));
    return m_values.taken_out(without_names(without_forms(spoken, plugin::secret_spans(spoken))));
}

std::string Redactor::refused_user(std::string_view raw) const {
    if (m_redact != Redact::none && plugin::is_no_account_name(raw) && !m_values.is_account(raw)) return std::string(k_redacted);
    return text(raw);
}

std::string Redactor::told(std::string_view raw) const { return without_persons(secrets(raw)); }

std::string Redactor::name(std::string_view raw) const {
    if (m_redact == Redact::none || raw.empty()) return std::string(raw);
    if (raw.find("://") != std::string_view::npos) return text(raw);  // where a link leads may be an address
    std::string out;
    for (std::size_t from = 0; from <= raw.size();) {
        const auto end = std::min(raw.find('/', from), raw.size());
        const auto part = raw.substr(from, end - from);
        auto spans = part.size() < k_token ? std::vector<plugin::SecretSpan>() : plugin::secret_spans(part);
        std::erase_if(spans, [](const auto& span) { return span.by_shape; });
        if (spans.empty() && part.find(' ') != std::string_view::npos) spans = noted_in_name(part);
        if (spans.empty() && part.size() >= k_token) spans = joined_in_name(part);
        out += without_forms(part, spans);
        if (end < raw.size()) out += '/';
        from = end + 1;
    }
    return without_persons(m_values.taken_out(out));
}

namespace {

enum class By : std::uint8_t { machine, people };

// By which a seal knows a table, whatever the table is called ("password"): the chain is computed again from it.
bool is_digest(std::string_view value) {
    return value == "batches" || (value.size() == 64 && value.find_first_not_of("0123456789abcdef") == std::string_view::npos);
}

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
    item.key = text(item.key), item.cited = filled(item.cited), item.user = name(item.user), item.group = name(item.group), item.site = name(item.site);
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
    // Nobody types into a seal; elsewhere 64 digits may be a token.
    bool sealed = value.is_object();
    if (sealed)
        for (const auto& [key, member] : value.items()) sealed = sealed && !key.starts_with("case.") && member.is_string() && is_digest(member.get_ref<const std::string&>());
    if (sealed) return details;
    redact_strings(value, *this, By::people);
    if (value == before) return details;
    if (value.is_object()) value["redacted"] = m_redact == Redact::persons ? "persons" : "secrets";  // the entry's hash is that of the whole text
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
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
    finding.subject = argument(finding.subject);
    for (auto* one : {&finding.title, &finding.explanation, &finding.innocent_reason, &finding.next_step}) *one = filled(*one);
    if (!finding.fallen) finding.reason = told(finding.reason);  // else we say it
    for (auto& mark : finding.marks) mark.comment = told(mark.comment), mark.reason = told(mark.reason);
    for (auto& tag : finding.tags) tag = told(tag);
    for (auto& one : finding.items) item(one);
}

}  // namespace deadbox::report
