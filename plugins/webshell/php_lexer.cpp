#include "webshell/php_syntax.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_set>

namespace deadbox::plugins::webshell::php {
namespace {

constexpr bool is_name_start(unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80; }
constexpr bool is_digit(unsigned char c) { return c >= '0' && c <= '9'; }
constexpr bool is_name(unsigned char c) { return is_name_start(c) || is_digit(c); }
constexpr bool is_space(unsigned char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f'; }
bool equal_nocase(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == y; });
}

// Words that make a script worth evaluating.
const std::unordered_set<std::string_view>& sink_words() {
    static const std::unordered_set<std::string_view> words{
        "eval", "assert", "create_function", "preg_replace", "preg_filter", "mb_ereg_replace", "mb_eregi_replace", "system", "exec", "shell_exec", "passthru",
        "popen", "proc_open", "pcntl_exec", "include", "include_once", "require", "require_once", "call_user_func", "call_user_func_array",
        "usort", "uasort", "uksort", "array_map", "array_filter", "array_walk", "array_walk_recursive", "array_reduce", "register_shutdown_function",
        "preg_replace_callback", "preg_replace_callback_array", "ob_start", "iterator_apply", "forward_static_call", "forward_static_call_array",
        "array_udiff", "array_udiff_assoc", "array_udiff_uassoc", "array_diff_uassoc", "array_diff_ukey", "array_uintersect",
        "array_uintersect_assoc", "array_uintersect_uassoc", "array_intersect_uassoc", "array_intersect_ukey", "mb_ereg_replace_callback", "filter_var", "filter_var_array", "filter_input", "filter_input_array",
        "register_tick_function", "spl_autoload_register", "session_set_save_handler", "set_error_handler", "set_exception_handler", "header_register_callback",
        "reflectionfunction", "reflectionmethod", "reflectionclass", "callbackfilteriterator", "file_put_contents", "fwrite", "fputs", "move_uploaded_file", "copy",
        "unserialize", "com", "ssh2_exec", "expect_popen", "dl", "mail", "readfile", "file_get_contents", "highlight_file", "show_source", "fopen",
        "opendir", "scandir", "glob", "mysql_query", "mysqli_query", "extract", "parse_str", "putenv", "registerphpfunctions", "xsltprocessor", "sqlitecreatefunction", "sqlitecreateaggregate", "sqlitecreatecollation", "createfunction", "createaggregate", "createcollation",
        "fsockopen", "pfsockopen", "stream_socket_client", "socket_create", "unlink", "rename", "symlink", "chmod", "directoryiterator", "invoke", "invokeargs", "ffi", "import_request_variables", "rmdir", "mkdir", "query", "curl_setopt", "curl_exec", "error_log", "splfileobject", "ini_set", "ini_restore", "ini_alter", "assert_options", "call_user_method", "sqlite_create_function", "user_error",
        "chdir", "file", "gzopen", "bzopen", "gzfile", "readgzfile", "parse_ini_file", "php_strip_whitespace", "link", "touch", "mb_send_mail", "ftp_login", "socket_connect", "imagecolorat",
        "mysql_connect", "mysql_pconnect", "mysql_db_query", "mysqli_connect", "pg_connect", "pg_query", "mssql_connect", "mssql_query", "oci_connect", "oci_parse", "odbc_exec", "sqlite_query", "sybase_connect",
        "fromcallable", "simplexml_load_string", "array_product", "yaml_parse", "phpinfo", "fetchall", "tempnam", "tmpfile", "socket_accept", "stream_socket_accept", "stream_socket_server", "trigger_error", "wp_create_user", "wp_insert_user", "ziparchive", "extractto", "addserver", "session_id", "stream_wrapper_register", "curl_init", "xml_set_character_data_handler", "xml_set_default_handler", "xml_set_element_handler", "posix_setuid", "socket_bind"};
    return words;
}
const std::unordered_set<std::string_view>& decoder_words() {
    static const std::unordered_set<std::string_view> words{"base64_decode", "gzinflate", "gzuncompress", "gzdecode", "str_rot13", "strrev",
        "convert_uudecode", "hex2bin", "pack", "chr", "urldecode", "rawurldecode", "openssl_decrypt", "bzdecompress"};
    return words;
}

class Lexer {
public:
    Lexer(std::string_view s, Arena& arena, LexicalFacts& facts, std::size_t most) : m_s(s), m_arena(arena), m_facts(facts), m_most(most) {}

    std::vector<Token> run(bool in_code) {
        m_tokens.reserve(std::min<std::size_t>(m_s.size() / 5 + 16, m_most));
        m_in_code = in_code;
        if (in_code) m_facts.has_code = true;
        while (m_at < m_s.size() && m_tokens.size() < m_most) m_in_code ? code() : html();
        push(TokenKind::punctuation, m_s.size(), {}, op(";"));
        push(TokenKind::end, m_s.size(), {});
        m_facts.tokens += static_cast<std::uint32_t>(m_tokens.size());
        return std::move(m_tokens);
    }

private:
    void push(TokenKind kind, std::size_t offset, std::string_view text, std::uint32_t operation = 0) {
        m_tokens.push_back({kind, false, operation, static_cast<std::uint32_t>(offset), text});
    }
    unsigned char peek(std::size_t ahead = 0) const { return m_at + ahead < m_s.size() ? static_cast<unsigned char>(m_s[m_at + ahead]) : 0; }
    bool starts(std::string_view text) const { return m_s.substr(m_at).starts_with(text); }

    void html() {
        auto tag = m_at;
        std::size_t length = 0;
        bool echo = false;
        for (;; ++tag) {
            tag = m_s.find('<', tag);
            if (tag == std::string_view::npos) { tag = m_s.size(); break; }
            const auto rest = m_s.substr(tag);
            if (rest.starts_with("<?")) {
                if (rest.size() > 2 && rest[2] == '=') { length = 3, echo = true; break; }
                if (rest.size() >= 5 && equal_nocase(rest.substr(0, 5), "<?php")) { length = 5; break; }
                // A short tag; "<?xml" and binary accidents are not.
                if (rest.size() > 2 && (is_space(static_cast<unsigned char>(rest[2])) || rest[2] == '@' || rest[2] == '$' || rest[2] == '/' || rest[2] == '#' ||
                                        (is_name_start(static_cast<unsigned char>(rest[2])) && static_cast<unsigned char>(rest[2]) < 0x80 && !equal_nocase(rest.substr(0, 5), "<?xml") && !rest.starts_with("<?xpacket")))) {
                    length = 2;
                    break;
                }
            } else if (rest.size() > 20 && equal_nocase(rest.substr(0, 7), "<script")) {
                const auto close = rest.substr(0, 80).find('>');
                if (close != std::string_view::npos) {
                    std::string head(rest.substr(0, close));
                    std::transform(head.begin(), head.end(), head.begin(), lower);
                    if (head.find("language") != head.npos && head.find("php") != head.npos) { length = close + 1; break; }
                }
            }
        }
        if (tag > m_at) push(TokenKind::html, m_at, m_s.substr(m_at, tag - m_at));
        m_at = tag + length;
        if (length > 0) {
            if (!m_facts.has_code) m_facts.first_code = static_cast<std::uint32_t>(m_at);
            m_facts.has_code = true;
            m_in_code = true;
            if (echo) push(TokenKind::echo_tag, tag, {});
        }
    }

    void leave(std::size_t length) {
        push(TokenKind::punctuation, m_at, {}, op(";"));
        m_at += length;
        if (peek() == '\n') ++m_at;
        m_in_code = false;
    }

    void line_comment() {
        const auto from = m_at;
        while (m_at < m_s.size() && m_s[m_at] != '\n' && m_s[m_at] != '\r' && !(m_s[m_at] == '?' && peek(1) == '>')) ++m_at;
        m_facts.comment_bytes += static_cast<std::uint32_t>(m_at - from);
    }

    void attribute() {  // #[...] of PHP 8
        int depth = 0;
        const auto from = m_at;
        for (auto i = m_at + 1; i < m_s.size() && i < m_at + 4000; ++i) {
            if (m_s[i] == '[') ++depth;
            if (m_s[i] == ']' && --depth == 0) { m_at = i + 1; return; }
        }
        m_at = from;
        line_comment();
    }

    void code() {
        const auto c = peek();
        const auto from = m_at;
        if (is_space(c)) { ++m_at; return; }
        if (c == '$' && is_name_start(peek(1))) {
            ++m_at;
            while (is_name(peek())) ++m_at;
            variable(from);
        } else if (is_name_start(c) || (c == '\\' && is_name_start(peek(1)))) {
            ++m_at;
            while (is_name(peek()) || (peek() == '\\' && is_name_start(peek(1)))) ++m_at;
            word(from);
        } else if (c == '/' && peek(1) == '*') {
            const auto end = m_s.find("*/", m_at + 2);
            m_at = end == std::string_view::npos ? m_s.size() : end + 2;
            m_facts.comment_bytes += static_cast<std::uint32_t>(m_at - from);
        } else if (c == '#' && peek(1) == '[') attribute();
        else if (c == '#' || (c == '/' && peek(1) == '/')) line_comment();
        else if (c == '?' && peek(1) == '>') leave(2);
        else if (c == '<' && m_s.size() - m_at >= 9 && equal_nocase(m_s.substr(m_at, 9), "</script>")) leave(9);
        else if (c == '\'') single_quoted();
        else if (c == '"') { ++m_at; double_quoted('"', TokenKind::interpolated, from); }
        else if (c == '`') { ++m_at; double_quoted('`', TokenKind::shell, from); }
        else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) number();
        else if (c == '<' && starts("<<<") && heredoc()) {}
        else punctuation();
        m_facts.code_bytes += static_cast<std::uint32_t>(m_at - from);
    }

    void variable(std::size_t from) {
        const auto name = m_s.substr(from + 1, m_at - from - 1);
        ++m_facts.variables;
        if (name[0] == '_' && name.size() > 3 &&
            (name == "_GET" || name == "_POST" || name == "_REQUEST" || name == "_COOKIE" || name == "_SERVER" || name == "_FILES"))
            m_facts.sources = true;
        bool odd = name.size() > 3, wide = false;
        for (const char ch : name) {
            wide |= static_cast<unsigned char>(ch) >= 0x80;
            if (odd && !(ch == 'O' || ch == '0' || ch == 'I' || ch == 'l' || ch == '1' || ch == '_')) odd = false;
            if (!odd && !wide) break;
        }
        if (odd || wide) ++m_facts.odd_names;
        if (name.find_first_not_of('_') == name.npos) ++m_facts.underscores;
        push(TokenKind::variable, from, name);
    }

    void word(std::size_t from) {
        const auto text = m_s.substr(from, m_at - from);
        ++m_facts.words;
        if (text.size() >= 2 && text.size() <= 31) {
            char buffer[32];
            const auto plain = text[0] == '\\' ? text.substr(1) : text;
            std::transform(plain.begin(), plain.end(), buffer, lower);
            const std::string_view low(buffer, plain.size());
            if (!m_facts.sinks && sink_words().contains(low)) m_facts.sinks = true;
            if (low == "eval" || low == "assert" || low == "create_function") m_facts.evaluates = true;
            if (!m_facts.decoders && decoder_words().contains(low)) m_facts.decoders = true;
            if (!m_facts.sources && (low == "getallheaders" || low == "apache_request_headers" || low == "getenv" || low == "filter_input" || low == "get_defined_vars")) m_facts.sources = true;
            if (low == "__halt_compiler") {
                push(TokenKind::word, from, text);
                m_at = m_s.size();
                return;
            }
        }
        // A heredoc's or b"..." prefix is not a word.
        if (text.size() == 1 && (text[0] == 'b' || text[0] == 'B') && (peek() == '"' || peek() == '\'')) return;
        push(TokenKind::word, from, text);
    }

    void number() {
        const auto from = m_at;
        bool real = false;
        if (peek() == '0' && (lower(static_cast<char>(peek(1))) == 'x' || lower(static_cast<char>(peek(1))) == 'b')) {
            m_at += 2;
            while (hex_value(static_cast<char>(peek())) >= 0 || peek() == '_') ++m_at;
        } else {
            while (is_digit(peek()) || peek() == '_') ++m_at;
            if (peek() == '.' && is_digit(peek(1)) ) { real = true; ++m_at; while (is_digit(peek()) || peek() == '_') ++m_at; }
            else if (peek() == '.' && peek(1) != '.' && !is_name_start(peek(1)) && peek(1) != '"' && peek(1) != '\'' && peek(1) != '$' && !is_space(peek(1)) && peek(1) != '(') { real = true; ++m_at; }
            if (lower(static_cast<char>(peek())) == 'e' && (is_digit(peek(1)) || ((peek(1) == '-' || peek(1) == '+') && is_digit(peek(2))))) {
                real = true;
                m_at += 2;
                while (is_digit(peek())) ++m_at;
            }
        }
        push(real ? TokenKind::real : TokenKind::integer, from, m_s.substr(from, m_at - from));
    }

    void note_string(std::string_view text) {
        m_facts.string_bytes += static_cast<std::uint32_t>(text.size());
        m_facts.longest_string = std::max(m_facts.longest_string, static_cast<std::uint32_t>(text.size()));
        if (text.size() >= 400 && text.size() > m_facts.longest_opaque) {
            const auto blanks = std::count_if(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\t' || c == '<' || c == ','; });
            if (static_cast<std::size_t>(blanks) * 60 < text.size()) m_facts.longest_opaque = static_cast<std::uint32_t>(text.size());
        }
        if (!m_facts.sources && text.size() >= 5 && text.size() < 64 && (text.find("php://input") != text.npos || text.find("_POST") != text.npos || text.find("_GET") != text.npos || text.find("_REQUEST") != text.npos || text.find("HTTP_") != text.npos))
            m_facts.sources = true;
    }

    void single_quoted() {
        const auto from = m_at++;
        const auto start = m_at;
        bool escapes = false;
        while (m_at < m_s.size() && m_s[m_at] != '\'') {
            if (m_s[m_at] == '\\') escapes = true, ++m_at;
            ++m_at;
        }
        auto raw = m_s.substr(start, std::min(m_at, m_s.size()) - start);
        m_at = std::min(m_at + 1, m_s.size());
        if (escapes) {
            std::string out;
            out.reserve(raw.size());
            for (std::size_t i = 0; i < raw.size(); ++i) {
                if (raw[i] == '\\' && i + 1 < raw.size() && (raw[i + 1] == '\'' || raw[i + 1] == '\\')) ++i;
                out += raw[i];
            }
            raw = m_arena.keep(std::move(out));
        }
        note_string(raw);
        push(TokenKind::string, from, raw);
    }

    // "..." and `...`: without a '$' it is a plain string, else its raw inside is kept for the parser.
    void double_quoted(char end, TokenKind kind, std::size_t from) {
        const auto start = m_at;
        bool variables = false, escapes = false, expression = false;
        while (m_at < m_s.size() && m_s[m_at] != end) {
            const char ch = m_s[m_at];
            if (ch == '\\') escapes = true, ++m_at;
            else if (ch == '$') {
                const auto after = peek(1);
                expression |= after == '{';
                variables |= is_name_start(after) || after == '{';
            }
            ++m_at;
        }
        const auto raw = m_s.substr(start, std::min(m_at, m_s.size()) - start);
        m_at = std::min(m_at + 1, m_s.size());
        if (kind == TokenKind::shell) {
            m_facts.sinks = true;
            push(kind, from, raw);
            return;
        }
        note_string(raw);
        if (expression && raw.find('(') != raw.npos) m_facts.sinks = true;  // "${system(...)}"
        if (variables) push(kind, from, raw);
        else push(TokenKind::string, from, escapes ? unescape(raw, end) : raw);
    }

    bool heredoc() {
        auto i = m_at + 3;
        while (i < m_s.size() && (m_s[i] == ' ' || m_s[i] == '\t')) ++i;
        char quote = 0;
        if (i < m_s.size() && (m_s[i] == '\'' || m_s[i] == '"')) quote = m_s[i++];
        const auto label_start = i;
        while (i < m_s.size() && is_name(static_cast<unsigned char>(m_s[i]))) ++i;
        const auto label = m_s.substr(label_start, i - label_start);
        if (label.empty()) return false;
        if (quote != 0) {
            if (i >= m_s.size() || m_s[i] != quote) return false;
            ++i;
        }
        while (i < m_s.size() && m_s[i] == '\r') ++i;
        if (i >= m_s.size() || m_s[i] != '\n') {
            if (i == 0 || i > m_s.size() || m_s[i - 1] != '\r') return false;
        } else ++i;
        const auto start = i;
        auto line = start;
        std::size_t end = m_s.size(), after = m_s.size();
        while (line < m_s.size()) {
            auto p = line;
            while (p < m_s.size() && (m_s[p] == ' ' || m_s[p] == '\t')) ++p;
            if (m_s.substr(p).starts_with(label) && (p + label.size() >= m_s.size() || !is_name(static_cast<unsigned char>(m_s[p + label.size()])))) {
                end = line > start ? line - 1 : start;
                after = p + label.size();
                break;
            }
            const auto next = m_s.find_first_of("\n\r", line);
            if (next == std::string_view::npos) break;
            line = next + 1;
        }
        const auto raw = m_s.substr(start, std::max(end, start) - start);
        note_string(raw);
        const auto from = m_at;
        m_at = after;
        if (quote == '\'') push(TokenKind::string, from, raw);
        else if (raw.find('$') != std::string_view::npos) {
            push(TokenKind::interpolated, from, raw);
            m_tokens.back().heredoc = true;
        } else push(TokenKind::string, from, raw.find('\\') != std::string_view::npos ? unescape(raw, 0) : raw);
        return true;
    }

    void punctuation() {
        static constexpr std::string_view threes[] = {"===", "!==", "<=>", "**=", "<<=", ">>=", "...", "?\?=", "?->"};
        static constexpr std::string_view twos[] = {"==", "!=", "<>", "<=", ">=", "&&", "||", "++", "--", "->", "=>", "::", "+=", "-=", "*=", "/=", ".=", "%=", "&=", "|=", "^=", "<<", ">>", "??", "**"};
        const auto from = m_at;
        const auto rest = m_s.substr(m_at, 3);
        std::size_t length = 1;
        // Most stand alone; these alone come second.
        const bool paired = rest.size() >= 2 && (rest[1] == '=' || rest[1] == '>' || rest[1] == '<' || rest[1] == '*' || rest[1] == '&' || rest[1] == '|' || rest[1] == '+' || rest[1] == '-' || rest[1] == ':' || rest[1] == '?' || rest[1] == '.');
        if (paired)
            for (const auto& t : threes) if (rest == t) { length = 3; break; }
        if (length == 1 && paired)
            for (const auto& t : twos) if (rest.substr(0, 2) == t) { length = 2; break; }
        if (rest[0] == '@') ++m_facts.silenced;
        if (length == 1 && rest[0] == '(') {
            // (int) and friends; and a call of something other than a name: $a[0](...), ${...}(...), (...)(...), "x"(...)
            auto i = m_at + 1;
            while (i < m_s.size() && (m_s[i] == ' ' || m_s[i] == '\t')) ++i;
            const auto start = i;
            while (i < m_s.size() && i < start + 8 && is_name_start(static_cast<unsigned char>(m_s[i]))) ++i;
            const auto word = m_s.substr(start, i - start);
            while (i < m_s.size() && (m_s[i] == ' ' || m_s[i] == '\t')) ++i;
            if (!word.empty() && i < m_s.size() && m_s[i] == ')') {
                static constexpr std::string_view casts[] = {"int", "integer", "string", "array", "object", "bool", "boolean", "float", "double", "real", "unset", "binary"};
                for (const auto& cast : casts)
                    if (equal_nocase(word, cast)) {
                        m_at = i + 1;
                        push(TokenKind::cast, from, cast);
                        return;
                    }
            }
            if (!m_facts.sinks && !m_tokens.empty()) {
                const auto& last = m_tokens.back();
                if (last.kind == TokenKind::string || last.kind == TokenKind::interpolated || last.kind == TokenKind::variable ||
                    (last.kind == TokenKind::punctuation && (last.op == op("]") || last.op == op("}") || last.op == op(")"))))
                    m_facts.sinks = true;
            }
        }
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < length; ++i) value = value << 8 | static_cast<unsigned char>(rest[i]);
        m_at += length;
        push(TokenKind::punctuation, from, m_s.substr(from, length), value);
    }

    std::string_view unescape(std::string_view raw, char quote);

    std::string_view m_s;
    Arena& m_arena;
    LexicalFacts& m_facts;
    std::size_t m_most;
    std::size_t m_at = 0;
    bool m_in_code = false;
    std::vector<Token> m_tokens;
};

void append_utf8(std::string& out, std::uint32_t code) {
    if (code < 0x80) out += static_cast<char>(code);
    else if (code < 0x800) { out += static_cast<char>(0xc0 | code >> 6); out += static_cast<char>(0x80 | (code & 63)); }
    else if (code < 0x10000) { out += static_cast<char>(0xe0 | code >> 12); out += static_cast<char>(0x80 | (code >> 6 & 63)); out += static_cast<char>(0x80 | (code & 63)); }
    else { out += static_cast<char>(0xf0 | (code >> 18 & 7)); out += static_cast<char>(0x80 | (code >> 12 & 63)); out += static_cast<char>(0x80 | (code >> 6 & 63)); out += static_cast<char>(0x80 | (code & 63)); }
}

std::string_view Lexer::unescape(std::string_view raw, char quote) { return m_arena.keep(unescaped(raw, quote, m_facts)); }

}  // namespace

std::string unescaped(std::string_view raw, char quote, LexicalFacts& facts) {
    std::string out;
    out.reserve(raw.size());
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] != '\\' || i + 1 >= raw.size()) { out += raw[i]; continue; }
        const char c = raw[++i];
        switch (c) {
            case 'n': out += '\n'; break;
            case 't': out += '\t'; break;
            case 'r': out += '\r'; break;
            case 'v': out += '\v'; break;
            case 'f': out += '\f'; break;
            case 'e': out += '\x1b'; break;
            case '\\': out += '\\'; break;
            case '$': out += '$'; break;
            case 'x': case 'X': {
                int value = 0, digits = 0;
                while (digits < 2 && i + 1 < raw.size() && hex_value(raw[i + 1]) >= 0) value = value * 16 + hex_value(raw[++i]), ++digits;
                if (digits == 0) out += '\\', out += c;
                else out += static_cast<char>(value), ++facts.escaped_bytes;
                break;
            }
            case 'u':
                if (i + 1 < raw.size() && raw[i + 1] == '{') {
                    std::uint32_t value = 0;
                    auto j = i + 2;
                    while (j < raw.size() && j < i + 10 && hex_value(raw[j]) >= 0) value = value * 16 + static_cast<std::uint32_t>(hex_value(raw[j++]));
                    if (j < raw.size() && raw[j] == '}') { append_utf8(out, value); i = j; ++facts.escaped_bytes; break; }
                }
                out += "\\u";
                break;
            default:
                if (c >= '0' && c <= '7') {
                    int value = c - '0', digits = 1;
                    while (digits < 3 && i + 1 < raw.size() && raw[i + 1] >= '0' && raw[i + 1] <= '7') value = value * 8 + (raw[++i] - '0'), ++digits;
                    out += static_cast<char>(value);
                    ++facts.escaped_bytes;
                } else {
                    if (c != quote) out += '\\';
                    out += c;
                }
        }
    }
    return out;
}

Node* Arena::node(Kind kind, std::uint32_t offset) {
    auto* node = new (allocate(sizeof(Node))) Node;
    node->kind = kind;
    node->offset = offset;
    return node;
}

void Arena::set_kids(Node* node, const std::vector<Node*>& kids) {
    node->count = static_cast<std::uint32_t>(kids.size());
    if (kids.empty()) return;
    node->kids = static_cast<Node**>(allocate(kids.size() * sizeof(Node*)));
    std::copy(kids.begin(), kids.end(), node->kids);
}

void* Arena::allocate(std::size_t size) {
    constexpr std::size_t block = 64 * 1024;
    size = (size + 15) & ~std::size_t{15};
    m_used += size;
    if (size > m_left) {
        const auto length = std::max(size, block);
        m_blocks.push_back(std::make_unique<std::byte[]>(length));
        m_next = m_blocks.back().get();
        m_left = length;
    }
    void* place = m_next;
    m_next += size;
    m_left -= size;
    return place;
}

std::vector<Token> tokenize(std::string_view source, bool starts_in_code, Arena& arena, LexicalFacts& facts, std::size_t most) {
    return Lexer(source, arena, facts, most).run(starts_in_code);
}

}  // namespace deadbox::plugins::webshell::php
