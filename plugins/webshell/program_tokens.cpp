#include "webshell/program_tokens.hpp"

#include <algorithm>

#include "webshell/program_words.hpp"

namespace deadbox::plugins::webshell {
namespace {

constexpr std::size_t k_most_tokens = 150'000, k_longest_text = 100'000;

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 128; }
bool is_gap_within_line(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f'; }

class Lexer {
public:
    Lexer(std::string_view text, Language language) : m_text(text), m_language(language) {}

    ProgramTokens run() {
        m_out.all.reserve(std::min(m_text.size() / 4, k_most_tokens));
        while (m_at < m_text.size() && m_out.all.size() < k_most_tokens) step();
        add(TokenKind::end, m_at, {});
        letters_to_texts();
        join_texts();
        return std::move(m_out);
    }

private:
    bool is(Language l) const { return m_language == l; }
    char peek(std::size_t n = 0) const { return m_at + n < m_text.size() ? m_text[m_at + n] : '\0'; }
    bool starts(std::string_view part) const { return m_text.substr(m_at, part.size()) == part; }
    bool line_start() const { return m_at == 0 || m_text[m_at - 1] == '\n'; }
    const ProgramToken* last() const { return m_out.all.empty() ? nullptr : &m_out.all.back(); }

    ProgramToken& add(TokenKind kind, std::size_t offset, std::string_view text, char sign = 0) {
        ProgramToken t;
        t.kind = kind, t.offset = static_cast<std::uint32_t>(offset), t.text = text, t.sign = sign;
        t.tight = offset == m_end_of_last;
        if (kind == TokenKind::mark) t.code = mark_code(text);
        else if (kind == TokenKind::name) {
            const auto [known, fresh] = m_out.words.try_emplace(text, ProgramTokens::Word{static_cast<std::uint32_t>(m_out.words.size()), 0});
            if (fresh) known->second.traits = traits_of(text);
            t.word = known->second.place, t.traits = known->second.traits;
        }
        m_out.all.push_back(t);
        return m_out.all.back();
    }
    void mark(std::size_t length) {
        add(TokenKind::mark, m_at, m_text.substr(m_at, length));
        m_at += length;
        m_end_of_last = m_at;
    }
    void end(std::string_view how = {}) {
        add(TokenKind::end, m_at, how);
    }
    // A value may begin here, and no operator: "/" opens a pattern, "<" a handle, "%" a list.
    bool value_expected() const {
        const auto* t = last();
        if (!t || t->kind == TokenKind::end) return true;
        if (t->kind == TokenKind::mark) return t->text != ")" && t->text != "]" && t->text != "}";
        if (t->kind == TokenKind::name && t->sign == 0)
            return t->text == "return" || t->text == "and" || t->text == "or" || t->text == "not" || t->text == "if" || t->text == "unless" || t->text == "split" || t->text == "grep" || t->text == "while" || t->text == "when" || t->text == "in" || t->text == "x" || t->text == "print";
        return false;
    }

    void step() {
        const char c = peek();
        if (c == '\n') return line_end();
        if (is_gap_within_line(c)) { ++m_at; return; }
        if (c == '\\' && (peek(1) == '\n' || peek(1) == '\r')) { m_at += peek(1) == '\r' ? 3 : 2; return; }
        if (comment()) return;
        if (is(Language::perl) && (c == '$' || c == '@' || c == '%' || c == '&') && sigil()) return;
        if (is(Language::ruby) && (c == '$' || c == '@') && is_word(peek(1))) { m_at += 1 + (peek(1) == '@'); return name(c); }
        if ((is(Language::ruby) && c == '@' && peek(1) == '@')) { m_at += 2; return name('@'); }
        if (is_word(c)) return word();
        if (c == '"' || c == '\'' || (c == '`' && !is(Language::python) && !is(Language::lua))) return quoted(c);
        if (is(Language::lua) && starts("[[")) return long_text();
        if (c == '/' && (is(Language::perl) || is(Language::ruby) || is(Language::node)) && value_expected()) return pattern(m_at, '/', 'm', false);
        if (c == '<' && is(Language::perl) && value_expected() && handle()) return;
        if (c == '<' && (is(Language::perl) || is(Language::ruby)) && peek(1) == '<' && heredoc()) return;
        if (c == '%' && is(Language::ruby) && (value_expected() || (m_at > m_end_of_last && last()->kind == TokenKind::name)) && (peek(1) == 'x' || peek(1) == 'q' || peek(1) == 'Q' || peek(1) == 'w') && !is_word(peek(2)) && !is_gap_within_line(peek(2))) {
            const char kind = peek(1);
            m_at += 2;
            return delimited(kind == 'x' ? '`' : kind == 'Q' ? '"' : '\'');
        }
        if (c == ';') {
            // Inside of map { ...; ... } the statement goes on.
            if (is(Language::perl) && !m_open.empty() && m_open.back() > 0 && m_out.all[m_open.back()].kind == TokenKind::mark && m_out.all[m_open.back()].text == "{" && m_out.all[m_open.back() - 1].is(word_lister)) return mark(1);
            ++m_at;
            return end();
        }
        if (c == '{' || c == '}') return brace(c);
        if (c == '(' || c == '[') { m_open.push_back(m_out.all.size()); return mark(1); }
        if (c == ')' || c == ']') return closing();
        for (const std::string_view three : {"===", "!==", "<=>", "**=", "||=", "&&=", "//=", "...", "<<="}) if (starts(three)) return mark(3);
        for (const std::string_view two : {"->", "=>", "=~", "!~", "==", "!=", "<=", ">=", "||", "&&", "//", "..", "+=", "-=", ".=", "*=", "::", "?.", "&.", "??", "**", "<<", ">>", ":=", "++", "--"})
            if (starts(two) && !(two == "//" && !is(Language::perl))) return mark(2);
        mark(1);
    }

    void line_end() {
        ++m_at;
        // Between brackets a line goes on, in Python nowhere else; in Perl a statement ends at its semicolon; JavaScript's may do
        // without one.
        if (!m_open.empty() && m_out.all[m_open.back()].text != "{") { next_line(); return; }
        if (!is(Language::perl)) {
            const auto* t = last();
            auto next = m_at;
            while (next < m_text.size() && (is_gap_within_line(m_text[next]) || m_text[next] == '\n')) ++next;
            const bool goes_on = !is(Language::python) && ((t && t->kind == TokenKind::mark && t->text != ")" && t->text != "]" && t->text != "}") || (next < m_text.size() && m_text[next] == '.'));
            if (t && t->kind != TokenKind::end && !goes_on) end("\n");
        }
        next_line();
    }
    // What stands only at a line's start: heredocs that were opened before it, Perl's and Ruby's documentation.
    void next_line() {
        while (!m_heredocs.empty()) {
            const auto word = m_heredocs.front();
            m_heredocs.erase(m_heredocs.begin());
            while (m_at < m_text.size()) {
                const auto stop = std::min(m_text.find('\n', m_at), m_text.size());
                auto line = m_text.substr(m_at, stop - m_at);
                m_at = std::min(stop + 1, m_text.size());
                while (!line.empty() && is_gap_within_line(line.front())) line.remove_prefix(1);
                while (!line.empty() && is_gap_within_line(line.back())) line.remove_suffix(1);
                if (line == word) break;
            }
        }
        if (is(Language::perl) && peek() == '=' && is_word(peek(1)) && line_start()) {
            const auto cut = m_text.find("\n=cut", m_at);
            m_at = cut == m_text.npos ? m_text.size() : std::min(m_text.find('\n', cut + 1), m_text.size());
        } else if (is(Language::ruby) && starts("=begin") && line_start()) {
            const auto cut = m_text.find("\n=end", m_at);
            m_at = cut == m_text.npos ? m_text.size() : std::min(m_text.find('\n', cut + 1), m_text.size());
        }
        if (is(Language::perl) && (starts("__END__") || starts("__DATA__"))) m_at = m_text.size();
    }

    bool comment() {
        const char c = peek();
        const bool hash = c == '#' && (is(Language::perl) || is(Language::python) || is(Language::ruby));
        const bool dashes = is(Language::lua) && starts("--");
        const bool slashes = is(Language::node) && starts("//");
        if (dashes && m_text.substr(m_at, 4) == "--[[") { m_at = std::min(m_text.find("]]", m_at), m_text.size()); return true; }
        if (hash || dashes || slashes) { m_at = std::min(m_text.find('\n', m_at), m_text.size()); return true; }
        if (is(Language::node) && starts("/*")) {
            const auto stop = m_text.find("*/", m_at + 2);
            m_at = stop == m_text.npos ? m_text.size() : stop + 2;
            return true;
        }
        return false;
    }

    // $x, @x, %x, &x, $$x, $_, $1; "@{" and the like are a bracket. False: an operator.
    bool sigil() {
        const char c = peek();
        if ((c == '%' || c == '&') && !value_expected()) return false;
        auto at = m_at + 1;
        if (c == '$' && at < m_text.size() && m_text[at] == '#') ++at;
        while (at < m_text.size() && m_text[at] == '$' && at + 1 < m_text.size() && (is_word(m_text[at + 1]) || m_text[at + 1] == '{' || m_text[at + 1] == '$')) ++at;
        if (at < m_text.size() && m_text[at] == '{') {
            // ${name} is a name, ${...} and @{...} hold an expression.
            auto stop = at + 1;
            while (stop < m_text.size() && is_word(m_text[stop])) ++stop;
            if (stop > at + 1 && stop < m_text.size() && m_text[stop] == '}') {
                add(TokenKind::name, m_at, m_text.substr(at + 1, stop - at - 1), c);
                m_end_of_last = m_at = stop + 1;
                return true;
            }
            if (c == '&') mark(1);
            m_at = at;
            m_open.push_back(m_out.all.size());
            mark(1);
            return true;
        }
        if (at >= m_text.size() || !(is_word(m_text[at]) || (m_text[at] == ':' && m_text.substr(at, 2) == "::"))) {
            if (c == '$' && at < m_text.size() && !is_gap_within_line(m_text[at]) && m_text[at] != '\n') {  // $0 is a word; $@, $!, $/
                add(TokenKind::name, m_at, m_text.substr(at, 1), c);
                m_end_of_last = m_at = at + 1;
                return true;
            }
            return false;
        }
        if (c == '&' && m_text[m_at + 1] == '$') mark(1);  // &$f(...)
        m_at = at;
        name(c == '&' && !is_word(m_text[m_at - 1]) && m_text[m_at - 1] == '$' ? '$' : c);
        return true;
    }
    void name(char sign) {
        const auto from = m_at;
        while (m_at < m_text.size() && (is_word(m_text[m_at]) || (m_text[m_at] == ':' && !is(Language::python) && !is(Language::node) && !is(Language::lua) && peek(1) == ':' && is_word(peek(2))))) m_at += m_text[m_at] == ':' ? 2 : 1;
        add(TokenKind::name, from, m_text.substr(from, m_at - from), sign).tight = from - (sign ? 1u : 0u) == m_end_of_last;
        m_end_of_last = m_at;
    }
    void word() {
        const auto from = m_at;
        auto at = m_at;
        while (at < m_text.size() && is_word(m_text[at])) ++at;
        const auto w = m_text.substr(from, at - from);
        const char next = at < m_text.size() ? m_text[at] : '\0';
        if (is(Language::python) && w.size() < 3 && (next == '"' || next == '\'') && w.find_first_not_of("rbfuRBFU") == w.npos) {
            m_at = at;
            return quoted(next, w.find_first_of("fF") != w.npos);
        }
        if (is(Language::perl) && !(last() && last()->kind == TokenKind::mark && (last()->text == "->" || last()->text == "{"))) {
            auto open = at;
            while (open < m_text.size() && is_gap_within_line(m_text[open])) ++open;
            const char d = open < m_text.size() ? m_text[open] : '\0';
            const bool delimiter = d != '\0' && d != '\n' && d != ',' && d != ';' && d != ')' && d != '=' && (open == at ? !is_word(d) : (d == '{' || d == '(' || d == '[' || d == '/' || d == '|' || d == '!')) && !(d == '-' || d == '.' || d == ':');
            if (delimiter && (w == "q" || w == "qq" || w == "qx" || w == "qw")) {
                m_at = open;
                return delimited(w == "qx" ? '`' : w == "qq" ? '"' : '\'');
            }
            if (delimiter && (w == "m" || w == "qr")) { m_at = open; return pattern(from, d, 'm', false); }
            if (delimiter && w == "s") { m_at = open; return pattern(from, d, 's', true); }
            if (delimiter && (w == "tr" || w == "y") ) { m_at = open; return pattern(from, d, 'y', true); }
        }
        name(0);
    }

    void quoted(char quote, bool formatted = false) {
        const auto from = m_at;
        const bool three = is(Language::python) && m_text.substr(m_at, 3) == std::string(3, quote);
        m_at += three ? 3 : 1;
        const auto inside = m_at;
        const bool lines = three || quote == '`' || is(Language::perl) || is(Language::ruby);
        while (m_at < m_text.size() && m_at - inside < k_longest_text) {
            const char c = m_text[m_at];
            if (c == '\\') { m_at += 2; continue; }
            if (c == quote && (!three || m_text.substr(m_at, 3) == std::string(3, quote))) break;
            // A quote that its line does not close is an apostrophe of something that was not understood.
            if (c == '\n') { if (!lines) break; }
            ++m_at;
        }
        m_at = std::min(m_at, m_text.size());
        auto& t = add(TokenKind::text, from, m_text.substr(inside, m_at - inside), quote);
        t.interpolates = formatted || (quote != '\'' && (is(Language::perl) ? t.text.find_first_of("$@") != t.text.npos : is(Language::ruby) && t.text.find('#') != t.text.npos)) || (quote == '`' && is(Language::node));
        if (is(Language::node) && quote == '`') t.sign = '"';
        if (peek() == quote) m_at += three ? 3 : 1;
        m_end_of_last = m_at;
    }
    void long_text() {  // [[...]]
        const auto stop = std::min(m_text.find("]]", m_at), m_text.size());
        add(TokenKind::text, m_at, m_text.substr(m_at + 2, std::min(stop - std::min(m_at + 2, stop), k_longest_text)), '\'');
        m_end_of_last = m_at = std::min(stop + 2, m_text.size());
    }
    static char closing_of(char c) { return c == '(' ? ')' : c == '[' ? ']' : c == '{' ? '}' : c == '<' ? '>' : c; }
    // Behind the opening delimiter at m_at, up to its closing one, which is passed; brackets nest.
    std::string_view inner(char open) {
        const char close = closing_of(open);
        const auto from = ++m_at;
        int depth = 0;
        while (m_at < m_text.size() && m_at - from < k_longest_text) {
            const char c = m_text[m_at];
            if (c == '\\') { m_at += 2; continue; }
            if (c == close && depth == 0) break;
            if (c == '\n' && close == open && m_at - from > 2000) break;
            if (open != close && c == open) ++depth;
            if (open != close && c == close) --depth;
            ++m_at;
        }
        m_at = std::min(m_at, m_text.size());
        const auto out = m_text.substr(from, m_at - from);
        if (m_at < m_text.size()) ++m_at;
        return out;
    }
    void delimited(char sign) {
        const auto from = m_at;
        const char open = peek();
        const auto text = inner(open);
        auto& t = add(TokenKind::text, from, text, sign);
        t.interpolates = sign != '\'' && open != '\'';
        m_end_of_last = m_at;
    }
    void pattern(std::size_t from, char open, char kind, bool replaces) {
        const auto start = m_at;
        inner(open);
        if (replaces) {
            if (closing_of(open) != open) {
                while (m_at < m_text.size() && (is_gap_within_line(m_text[m_at]) || m_text[m_at] == '\n')) ++m_at;
                inner(peek());
            } else { --m_at; inner(open); }
        }
        const auto whole = m_text.substr(start, m_at - start);
        while (m_at < m_text.size() && m_text[m_at] >= 'a' && m_text[m_at] <= 'z') ++m_at;
        add(TokenKind::pattern, from, whole, kind);
        m_end_of_last = m_at;
    }
    bool handle() {  // <STDIN>, <$fh>
        auto at = m_at + 1;
        if (at < m_text.size() && m_text[at] == '$') ++at;
        const auto from = at;
        while (at < m_text.size() && is_word(m_text[at])) ++at;
        if (at == from || at >= m_text.size() || m_text[at] != '>') return false;
        add(TokenKind::name, m_at, m_text.substr(from, at - from), '<');
        m_end_of_last = m_at = at + 1;
        return true;
    }
    bool heredoc() {
        auto at = m_at + 2;
        while (at < m_text.size() && (m_text[at] == '~' || m_text[at] == '-')) ++at;
        if (is(Language::perl)) {  // print << "end"
            auto behind = at;
            while (behind < m_text.size() && is_gap_within_line(m_text[behind])) ++behind;
            if (behind < m_text.size() && (m_text[behind] == '"' || m_text[behind] == '\'')) at = behind;
        }
        const char quote = at < m_text.size() && (m_text[at] == '"' || m_text[at] == '\'') ? m_text[at++] : '\0';
        const auto from = at;
        while (at < m_text.size() && (quote ? m_text[at] != quote && m_text[at] != '\n' : is_word(m_text[at]))) ++at;
        if (quote && (at >= m_text.size() || m_text[at] != quote)) return false;
        const auto word = m_text.substr(from, at - from);
        if (word.empty() || (quote == 0 && !(word[0] >= 'A' && word[0] <= 'Z'))) return false;
        if (quote) ++at;
        const auto line = std::min(m_text.find('\n', at), m_text.size());
        auto stop = m_text.find("\n" + std::string(word), line);
        auto& t = add(TokenKind::text, m_at, line < m_text.size() ? m_text.substr(line, std::min(stop == m_text.npos ? m_text.npos : stop - line, k_longest_text)) : std::string_view{}, '"');
        t.interpolates = quote != '\'';
        m_heredocs.push_back(word);
        m_end_of_last = m_at = at;
        return true;
    }

    // A block's brace ends a statement; a hash's or a subscript's is a bracket.
    void brace(char c) {
        if (c == '}') {
            if (!m_open.empty() && m_out.all[m_open.back()].kind == TokenKind::mark && m_out.all[m_open.back()].text == "{" ) return closing();
            if (!m_open.empty() && m_out.all[m_open.back()].kind == TokenKind::end) m_open.pop_back();
            ++m_at;
            return end("}");
        }
        const auto* t = last();
        bool bracket = is(Language::python) || is(Language::lua);
        if (is(Language::perl)) bracket = t && t->kind != TokenKind::end && m_end_of_last == m_at && ((t->kind == TokenKind::name && t->sign != 0 && t->sign != '&') || (t->kind == TokenKind::mark && (t->text == "->" || t->text == "]" || t->text == "}" || t->text == "$" || t->text == "@")));
        if (is(Language::perl) && !bracket) bracket = t && ((t->kind == TokenKind::name && t->sign == 0 && (t->text == "map" || t->text == "grep" || t->text == "sort")) || (t->kind == TokenKind::mark && (t->text == "=" || t->text == "=>" || t->text == "(" || t->text == "," || t->text == "[" || t->text == "||")));
        if (is(Language::node) || is(Language::ruby)) bracket = t && ((t->kind == TokenKind::mark && t->text != ")" && t->text != "=>" && t->text != "|") || (t->kind == TokenKind::name && (t->text == "return" || t->text == "const" || t->text == "let" || t->text == "var" || t->text == "import")));
        if (bracket) { m_open.push_back(m_out.all.size()); return mark(1); }
        m_open.push_back(m_out.all.size());
        ++m_at;
        end("{");
    }
    void closing() {
        const auto here = m_out.all.size();
        // Blocks that were not closed do not hold a bracket back.
        while (!m_open.empty() && m_out.all[m_open.back()].kind == TokenKind::end) m_open.pop_back();
        if (!m_open.empty()) {
            m_out.all[m_open.back()].mate = static_cast<std::uint32_t>(here);
            const auto open = m_open.back();
            m_open.pop_back();
            mark(1);
            m_out.all.back().mate = static_cast<std::uint32_t>(open);
            return;
        }
        mark(1);
    }

    // "o" + "s" becomes one text.
    void join_texts() {
        const std::string_view plus = is(Language::perl) ? "." : is(Language::lua) ? ".." : "+";
        auto& all = m_out.all;
        for (std::size_t i = 0; i + 2 < all.size(); ++i) {
            if (all[i].kind != TokenKind::text || all[i].interpolates) continue;
            std::size_t next = i;
            std::string sum;
            while (next + 2 < all.size() && all[next + 1].kind == TokenKind::mark && all[next + 1].text == plus && all[next + 2].kind == TokenKind::text && !all[next + 2].interpolates && sum.size() < 4000) {
                if (sum.empty()) sum = all[i].text;
                sum += all[next + 2].text;
                next += 2;
            }
            if (next == i) continue;
            make_text(i, next, std::move(sum));
            i = next;
        }
        compact();
    }

    // The tokens from `i` to `last` are this text.
    void make_text(std::size_t i, std::size_t last, std::string text) {
        auto& all = m_out.all;
        m_out.joined.push_back(std::move(text));
        all[i].kind = TokenKind::text, all[i].text = m_out.joined.back(), all[i].code = 0, all[i].mate = 0, all[i].interpolates = false, all[i].sign = '"', all[i].traits = 0;
        for (auto k = i + 1; k <= last; ++k) { all[k].kind = TokenKind::mark; all[k].text = {}; all[k].code = 0; }
        m_removed = true;
    }
    // Of base64 or hexadecimal digits; nothing where they are no letters.
    static std::string letters_of(std::string_view digits, std::string_view how) {
        std::string out;
        std::uint32_t bits = 0;
        int held = 0;
        const int width = how == "hex" ? 4 : how == "base64" ? 6 : 0;
        for (const char c : digits) {
            if (c == '=' || width == 0) break;
            const int value = width == 4 ? (c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1) : c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? c - 'a' + 26 : c >= '0' && c <= '9' ? c - '0' + 52 : c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
            if (value < 0) return {};
            bits = bits << width | static_cast<std::uint32_t>(value);
            if ((held += width) < 8) continue;
            held -= 8;
            const auto letter = static_cast<char>(bits >> held & 0xff);
            if (letter < 32 || letter > 126) return {};
            out += letter;
        }
        return out;
    }
    // "metsys"[::-1], "metsys".reverse, reverse("metsys"), chr(101), 101.chr, String.fromCharCode(101, 120), "".join(["e", "x"]),
    // join("", "e", "x") are texts too: ways to write a name that nobody is to find.
    void letters_to_texts() {
        auto& all = m_out.all;
        const auto name = [&](std::size_t i, std::string_view word) { return i < all.size() && all[i].kind == TokenKind::name && all[i].sign == 0 && all[i].text == word; };
        const auto is_mark = [&](std::size_t i, std::string_view word) { return i < all.size() && all[i].kind == TokenKind::mark && all[i].text == word; };
        const auto text = [&](std::size_t i) { return i < all.size() && all[i].kind == TokenKind::text && !all[i].interpolates && all[i].sign != '`' && all[i].text.size() < 200; };
        const auto letter = [&](std::size_t i) {
            int value = 0;
            if (i >= all.size() || all[i].kind != TokenKind::name || all[i].text.empty() || all[i].text.size() > 3) return 0;
            for (const char c : all[i].text) { if (c < '0' || c > '9') return 0; value = value * 10 + c - '0'; }
            return value > 31 && value < 127 ? value : 0;
        };
        // Texts, or letters as numbers, between commas up to the bracket that closes; where that stands.
        const auto listed = [&](std::size_t from, bool numbers, std::string& out, std::string_view between = {}) -> std::size_t {
            for (auto i = from; i < all.size() && i < from + 200; i += 2) {
                if (numbers ? letter(i) == 0 : !text(i)) return 0;
                if (numbers) out += static_cast<char>(letter(i));
                else out += all[i].text;
                if (is_mark(i + 1, ")") || is_mark(i + 1, "]")) return i + 1;
                if (!is_mark(i + 1, ",")) return 0;
                out += between;
            }
            return 0;
        };
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (all[i].kind == TokenKind::text) {
                const char then = i + 1 < all.size() && all[i + 1].kind == TokenKind::mark && all[i + 1].text.size() == 1 ? all[i + 1].text[0] : '\0';
                if ((then != '[' && then != '.') || !text(i)) continue;
                const auto backwards = [&] { return std::string(all[i].text.rbegin(), all[i].text.rend()); };
                if (is_mark(i + 1, "[") && all[i + 1].mate > i + 3 && all[i + 1].mate <= i + 6 && is_mark(all[i + 1].mate, "]") && name(all[i + 1].mate - 1, "1") && is_mark(all[i + 1].mate - 2, "-")) make_text(i, all[i + 1].mate, backwards());
                else if (is(Language::ruby) && is_mark(i + 1, ".") && name(i + 2, "reverse")) make_text(i, i + 2, backwards());
                else if (is_mark(i + 1, ".") && name(i + 2, "join") && is_mark(i + 3, "(") && all[i].text.size() < 4 && is(Language::python)) {
                    std::string sum;
                    const bool list = is_mark(i + 4, "[") || is_mark(i + 4, "(");
                    if (name(i + 4, "reversed") && is_mark(i + 5, "(") && text(i + 6) && is_mark(i + 7, ")") && is_mark(i + 8, ")") && all[i].text.empty()) make_text(i, i + 8, std::string(all[i + 6].text.rbegin(), all[i + 6].text.rend()));
                    else if (const auto close = listed(i + (list ? 5 : 4), false, sum, all[i].text); close != 0 && sum.size() > 1) make_text(i, close + (list ? 1 : 0), std::move(sum));
                }
                continue;
            }
            // ["child", "process"].join("_")
            if (all[i].kind == TokenKind::mark && (is(Language::node) || is(Language::ruby)) && is_mark(i, "[") && text(i + 1) && all[i].mate > i && is_mark(all[i].mate + 1, ".") && name(all[i].mate + 2, "join")) {
                const auto behind = all[i].mate + 3;
                const bool bracketed = is_mark(behind, "(") && (text(behind + 1) || is_mark(behind + 1, ")"));
                std::string sum;
                if (const auto close = bracketed ? listed(i + 1, false, sum, text(behind + 1) ? all[behind + 1].text : is(Language::node) ? std::string_view(",") : std::string_view{}) : 0; close == all[i].mate && close != 0) make_text(i, all[behind].mate > behind ? all[behind].mate : behind, std::move(sum));
                continue;
            }
            if (all[i].kind != TokenKind::name || all[i].sign != 0 || all[i].text.empty()) continue;
            const char first = all[i].text[0];
            // Buffer.from("...", "base64").toString(), atob("...")
            if (is(Language::node) && ((name(i, "Buffer") && is_mark(i + 1, ".") && name(i + 2, "from") && is_mark(i + 3, "(") && text(i + 4) && is_mark(i + 5, ",") && text(i + 6) && is_mark(i + 7, ")") && is_mark(i + 8, ".") && name(i + 9, "toString") && is_mark(i + 10, "(")) || (name(i, "atob") && is_mark(i + 1, "(") && text(i + 2) && is_mark(i + 3, ")")))) {
                const bool plain = first == 'a';
                auto decoded = letters_of(all[i + (plain ? 2 : 4)].text, plain ? std::string_view("base64") : all[i + 6].text);
                const auto last = plain ? i + 3 : all[i + 10].mate > i ? all[i + 10].mate : i + 10;
                if (!decoded.empty()) make_text(i, last, std::move(decoded));
                continue;
            }
            if (first != 'c' && first != 'S' && first != 'r' && first != 'j' && !(first >= '0' && first <= '9')) continue;
            std::string sum;
            if (name(i, "chr") && is_mark(i + 1, "(") && is_mark(i + 3, ")") && letter(i + 2)) make_text(i, i + 3, std::string(1, static_cast<char>(letter(i + 2))));
            else if (is(Language::ruby) && letter(i) && is_mark(i + 1, ".") && name(i + 2, "chr")) make_text(i, i + 2, std::string(1, static_cast<char>(letter(i))));
            else if (is(Language::node) && name(i, "String") && is_mark(i + 1, ".") && name(i + 2, "fromCharCode") && is_mark(i + 3, "(")) {
                if (const auto close = listed(i + 4, true, sum)) make_text(i, close, std::move(sum));
            } else if (is(Language::perl) && name(i, "reverse") && is_mark(i + 1, "(") && text(i + 2) && is_mark(i + 3, ")")) make_text(i, i + 3, std::string(all[i + 2].text.rbegin(), all[i + 2].text.rend()));
            else if (is(Language::perl) && name(i, "join") && is_mark(i + 1, "(") && text(i + 2) && all[i + 2].text.empty() && is_mark(i + 3, ",")) {
                if (const auto close = listed(i + 4, false, sum)) make_text(i, close, std::move(sum));
            }
        }
        compact();
    }

    void compact() {
        auto& all = m_out.all;
        if (!m_removed) return;
        m_removed = false;
        std::vector<std::uint32_t> place(all.size());
        std::uint32_t kept = 0;
        for (std::size_t i = 0; i < all.size(); ++i) {
            place[i] = kept;
            if (all[i].kind == TokenKind::mark && all[i].text.empty()) continue;
            all[kept++] = all[i];
        }
        all.resize(kept);
        for (auto& t : all) if (t.mate) t.mate = place[t.mate];
    }

    std::string_view m_text;
    Language m_language;
    std::size_t m_at = 0, m_end_of_last = 0;
    ProgramTokens m_out;
    std::vector<std::size_t> m_open;  // brackets and blocks that are open, by their tokens
    std::vector<std::string_view> m_heredocs;
    bool m_removed = false;  // tokens that have become a part of others
};

}  // namespace

ProgramTokens program_tokens(std::string_view text, Language language) { return Lexer(text, language).run(); }

}  // namespace deadbox::plugins::webshell
