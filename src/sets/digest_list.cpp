#include "sets/digest_list.hpp"

#include <algorithm>
#include <charconv>

#include "base/encoding.hpp"

namespace deadbox::sets {
namespace {

using Line = DigestList::Line;

constexpr std::string_view k_other_kind = "a digest of a kind that files are not compared by";
constexpr std::string_view k_no_digest = "no digest";

bool is_hex(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
}
bool is_compared(std::size_t digits) { return digits == 32 || digits == 40 || digits == 64; }
bool is_other_digest(std::size_t digits) { return digits == 48 || digits == 56 || digits == 96 || digits == 128; }

Line bad(std::string_view why) { return {Line::Kind::bad, {}, why}; }

std::optional<std::int64_t> number_of(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

// Nothing where a backslash stands before anything else than what the tools write.
std::optional<std::string> unescaped(std::string_view name) {
    std::string out;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] != '\\') {
            out += name[i];
            continue;
        }
        if (++i == name.size()) return std::nullopt;
        if (name[i] == 'n') out += '\n';
        else if (name[i] == 'r') out += '\r';
        else if (name[i] == '\\') out += '\\';
        else return std::nullopt;
    }
    return out;
}

Line line_of(std::string_view digits, std::string_view name, bool escaped, std::optional<std::int64_t> size = std::nullopt) {
    if (!is_hex(digits) || !is_compared(digits.size())) return bad(is_hex(digits) && is_other_digest(digits.size()) ? k_other_kind : k_no_digest);
    Line line{Line::Kind::file, {}, {}};
    line.file.digest = *base::from_hex(digits);
    line.file.size = size;
    if (escaped) {
        auto plain = unescaped(name);
        if (!plain) return bad("a file name that is escaped in no known way");
        line.file.path = *std::move(plain);
    } else line.file.path = name;
    return line;
}

std::size_t digits_expected(std::string_view algorithm) {
    if (algorithm == "MD5") return 32;
    if (algorithm == "SHA1") return 40;
    if (algorithm == "SHA256" || algorithm == "SHA2-256") return 64;
    return 0;
}

// ALGORITHM (NAME) = HEX. Nothing where the line has another form.
std::optional<Line> tagged(std::string_view line, bool escaped) {
    const auto open = line.find(" (");
    const auto close = line.rfind(") = ");
    if (open == std::string_view::npos || close == std::string_view::npos || close < open + 2) return std::nullopt;
    const auto algorithm = line.substr(0, open), digits = line.substr(close + 4);
    if (algorithm.empty() || algorithm.find(' ') != std::string_view::npos) return std::nullopt;
    const auto expected = digits_expected(algorithm);
    if (expected == 0) return bad(k_other_kind);
    if (digits.size() != expected) return bad(k_no_digest);
    return line_of(digits, line.substr(open + 2, close - open - 2), escaped);
}

std::string_view without_spaces(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    return text;
}

}  // namespace

Line DigestList::read(std::string_view line) {
    if (m_first && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    m_first = false;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find('\0') != std::string_view::npos) return bad("zero bytes in the line (a list that was made with --zero: make it without)");
    if (line.starts_with("%%%%")) {
        const auto header = without_spaces(line.substr(4));
        if (header.starts_with("HASHDEEP")) return {};
        m_columns.clear();
        for (std::size_t start = 0; start <= header.size();) {
            const auto end = std::min(header.find(',', start), header.size());
            m_columns.emplace_back(header.substr(start, end - start));
            start = end + 1;
        }
        return {};
    }
    if (without_spaces(line).empty() || line.starts_with('#')) return {};
    if (!m_columns.empty()) return hashdeep_row(line);
    const bool escaped = line.starts_with('\\');
    const auto rest = without_spaces(escaped ? line.substr(1) : line);
    if (auto found = tagged(rest, escaped)) {
        m_format = "BSD";
        return *found;
    }
    auto word = rest.substr(0, rest.find_first_of(" \t,"));
    auto behind = rest.substr(word.size());
    std::optional<std::int64_t> size;
    // A size stands in front of the digest: a number that is too short for one.
    if (word.size() < 32 && number_of(word) && !behind.empty()) {
        size = number_of(word);
        const bool comma = behind.starts_with(',');
        const auto next = without_spaces(comma ? behind.substr(1) : behind);
        word = next.substr(0, next.find_first_of(" \t,"));
        behind = next.substr(word.size());
    }
    if (behind.starts_with(',')) {
        m_format = "md5deep";
        return line_of(word, behind.substr(1), escaped, size);
    }
    // One space and a mark, or spaces as other tools align their names.
    std::string_view name;
    if (behind.size() >= 2 && (behind[1] == '*' || behind[1] == ' ') && !size) name = behind.substr(2);
    else name = without_spaces(behind);
    m_format = size ? "md5deep" : word.size() == 32 ? "md5sum" : word.size() == 40 ? "sha1sum" : "sha256sum";
    return line_of(word, name, escaped, size);
}

Line DigestList::hashdeep_row(std::string_view line) {
    m_format = "hashdeep";
    Line best = bad(k_no_digest);
    std::optional<std::int64_t> size;
    std::string_view path;
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        // The name is the last column, and may hold commas.
        const bool last = i + 1 == m_columns.size();
        const auto end = last ? line.size() : line.find(',');
        if (end == std::string_view::npos) return bad("a row with fewer columns than its header");
        const auto value = line.substr(0, end);
        line.remove_prefix(last ? end : end + 1);
        const auto& column = m_columns[i];
        if (column == "size") size = number_of(value);
        else if (column == "filename") path = value;
        else if (digits_expected(column == "md5" ? "MD5" : column == "sha1" ? "SHA1" : column == "sha256" ? "SHA256" : "") == value.size() && !value.empty()) {
            auto found = line_of(value, {}, false);
            if (found.kind == Line::Kind::file && found.file.digest.size() > best.file.digest.size()) best = std::move(found);
        }
    }
    best.file.size = size, best.file.path = path;
    return best;
}

}  // namespace deadbox::sets
