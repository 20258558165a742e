// nginx and Caddy: words, '{' opens a block, '}' closes it; nginx ends a directive with ';', Caddy with the line.
#include <algorithm>

#include "webserver/web_config.hpp"

namespace deadbox::plugins::webserver {
namespace {

constexpr std::size_t k_deepest = 64;
constexpr std::size_t k_most_words = 64;

struct Token {
    enum class Kind : std::uint8_t { end, word, open, close, stop, newline } kind = Kind::end;
    std::string text;
    std::uint64_t line = 0;
};

class Tokens {
public:
    explicit Tokens(std::string_view text) : m_text(text) {}
    Token next() {
        for (; m_at < m_text.size(); ++m_at) {
            const char c = m_text[m_at];
            if (c == '\n') {
                ++m_at;
                return {Token::Kind::newline, {}, m_line++};
            }
            if (c == '#') {
                m_at = std::min(m_text.find('\n', m_at), m_text.size()) - 1;
                continue;
            }
            if (c != ' ' && c != '\t' && c != '\r') break;
        }
        if (m_at >= m_text.size()) return {Token::Kind::end, {}, m_line};
        switch (m_text[m_at]) {
            case '{': ++m_at; return {Token::Kind::open, {}, m_line};
            case '}': ++m_at; return {Token::Kind::close, {}, m_line};
            case ';': ++m_at; return {Token::Kind::stop, {}, m_line};
            default: return word();
        }
    }

private:
    Token word() {
        Token token{Token::Kind::word, {}, m_line};
        const char quote = m_text[m_at];
        const bool quoted = quote == '"' || quote == '\'' || quote == '`';
        if (quoted) ++m_at;
        for (; m_at < m_text.size(); ++m_at) {
            char c = m_text[m_at];
            if (quoted && c == quote) break;
            // "${name}" and Caddy's "{name}" inside a word are no blocks.
            if (!quoted && (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ';')) break;
            if (!quoted && (c == '{' || c == '}') && !(c == '{' && !token.text.empty())) {
                if (c == '}' && token.text.find('{') != std::string::npos) {
                    if (token.text.size() < k_longest_text) token.text += c;
                    continue;
                }
                break;
            }
            if (c == '\n') ++m_line;
            if (c == '\\' && m_at + 1 < m_text.size() && (m_text[m_at + 1] == quote || m_text[m_at + 1] == '\\')) c = m_text[++m_at];
            if (token.text.size() < k_longest_text) token.text += c;
        }
        if (quoted && m_at < m_text.size()) ++m_at;
        return token;
    }
    std::string_view m_text;
    std::size_t m_at = 0;
    std::uint64_t m_line = 1;
};

// What a server block gathered until its names were known.
struct Block {
    std::string name, argument;
    std::string site;
    std::vector<std::size_t> roots, logs;  // rows that wait for the site
};

class NginxReader {
public:
    explicit NginxReader(std::string_view path) {
        m_prefix = path.starts_with("/usr/local/nginx/") ? "/usr/local/nginx" : path.starts_with("/usr/local/openresty/") ? "/usr/local/openresty/nginx" : "/usr/share/nginx";
        m_stack.push_back({});
    }

    WebConfig read(std::string_view text) {
        Tokens tokens(text);
        std::vector<std::string> words;
        std::uint64_t line = 0;
        for (;;) {
            auto token = tokens.next();
            if (token.kind == Token::Kind::newline) continue;
            if (token.kind == Token::Kind::word) {
                if (words.empty()) line = token.line;
                if (words.size() < k_most_words) words.push_back(std::move(token.text));
                continue;
            }
            if (token.kind == Token::Kind::stop && !words.empty()) directive(words, line);
            else if (token.kind == Token::Kind::open) open(words);
            else if (token.kind == Token::Kind::close) close();
            words.clear();
            if (token.kind == Token::Kind::end) break;
        }
        while (m_stack.size() > 1) close();
        return std::move(m_config);
    }

private:
    void open(const std::vector<std::string>& words) {
        if (m_stack.size() >= k_deepest) {
            ++m_too_deep;
            return;
        }
        Block block;
        if (!words.empty()) block.name = words[0];
        if (words.size() > 1) block.argument = words.back();
        m_stack.push_back(std::move(block));
    }
    void close() {
        if (m_too_deep > 0) {
            --m_too_deep;
            return;
        }
        if (m_stack.size() < 2) return;
        auto block = std::move(m_stack.back());
        m_stack.pop_back();
        if (block.name == "server") {
            for (const auto row : block.roots) m_config.roots[row].site = block.site;
            for (const auto row : block.logs) m_config.logs[row].site = block.site;
        } else {
            auto& outer = m_stack.back();
            outer.roots.insert(outer.roots.end(), block.roots.begin(), block.roots.end());
            outer.logs.insert(outer.logs.end(), block.logs.begin(), block.logs.end());
        }
    }

    std::string located(std::string_view text) const {
        const auto fixed = fixed_part(text, "$");
        if (fixed.empty() || fixed == "/") return {};
        return fixed.front() == '/' ? fixed : clean_path(m_prefix + "/" + fixed);
    }

    void directive(const std::vector<std::string>& words, std::uint64_t line) {
        auto& block = m_stack.back();
        const auto& name = words[0];
        if (words.size() < 2) return;
        if (name == "server_name") {
            if (block.site.empty()) block.site = words[1] == "_" ? std::string() : words[1];
        } else if (name == "root" || name == "alias") {
            const auto path = located(words[1]);
            if (path.empty() || m_config.roots.size() >= k_most_rows) return;
            const auto url = block.name == "location" ? block.argument : std::string("/");
            block.roots.push_back(m_config.roots.size());
            m_config.roots.push_back({path, {}, name, url, !words[1].starts_with('/'), line});
        } else if (name == "access_log" || name == "error_log") {
            const bool is_path = words[1] != "off" && words[1] != "stderr" && !words[1].starts_with("syslog:") && !words[1].starts_with("memory:") && words[1] != "/dev/null";
            // A log with variables in its name is a file a site.
            std::string path = words[1].substr(0, words[1].find('$'));
            if (path.size() != words[1].size()) path += '*';
            if (!is_path || path == "*" || m_config.logs.size() >= k_most_rows) return;
            if (!path.starts_with('/')) path = (m_prefix == "/usr/share/nginx" ? std::string("/var/log/nginx/") + path.substr(path.rfind('/') + 1) : m_prefix + "/" + path);
            block.logs.push_back(m_config.logs.size());
            const bool access = name == "access_log";
            const auto format = !access ? std::string() : words.size() > 2 && words[2].find('=') == std::string::npos ? words[2] : std::string("combined");
            m_config.logs.push_back({clean_path(path), {}, format, access ? "access" : "error", line});
        } else if (name == "log_format" && words.size() > 2 && m_config.formats.size() < k_most_rows) {
            std::string definition;
            for (std::size_t i = 2; i < words.size(); ++i)
                if (!(i == 2 && words[i].starts_with("escape=")) && definition.size() < 4 * k_longest_text) definition += words[i];
            m_config.formats.push_back({words[1], definition, line});
        } else if (name == "include" && m_config.includes.size() < k_most_rows) {
            m_config.includes.push_back(words[1].starts_with('/') ? clean_path(words[1]) : "/etc/nginx/" + clean_path(words[1]));
        }
    }

    WebConfig m_config;
    std::string m_prefix;
    std::vector<Block> m_stack;
    std::size_t m_too_deep = 0;
};

// example.org, www.example.org {
//     root * /var/www/html
//     log {
//         output file /var/log/caddy/access.log
//     }
// }
class CaddyReader {
public:
    WebConfig read(std::string_view text) {
        Tokens tokens(text);
        std::vector<std::string> words;
        std::uint64_t line = 0;
        std::size_t depth = 0;
        for (;;) {
            auto token = tokens.next();
            if (token.kind == Token::Kind::word) {
                if (words.empty()) line = token.line;
                if (words.size() < k_most_words) words.push_back(std::move(token.text));
                continue;
            }
            if (token.kind == Token::Kind::stop) continue;
            if (token.kind == Token::Kind::open) {
                if (depth++ == 0) site(words);
                else if (!words.empty()) directive(words, line);
            } else if (!words.empty()) {
                directive(words, line);
            }
            if (token.kind == Token::Kind::close && depth > 0) --depth;
            words.clear();
            if (token.kind == Token::Kind::end) break;
        }
        return std::move(m_config);
    }

private:
    void site(const std::vector<std::string>& words) {
        m_site = words.empty() || words[0].starts_with('(') ? std::string() : words[0];
        while (m_site.ends_with(',')) m_site.pop_back();
        if (const auto scheme = m_site.find("://"); scheme != std::string::npos) m_site.erase(0, scheme + 3);
        if (m_site.starts_with(':')) m_site.clear();
    }
    void directive(const std::vector<std::string>& words, std::uint64_t line) {
        if (words[0] == "root" && words.size() > 1) {
            const auto path = fixed_part(words.back(), "{$");
            if (path.starts_with('/') && path != "/" && m_config.roots.size() < k_most_rows) m_config.roots.push_back({path, m_site, "root", "/", false, line});
        } else if (words[0] == "output" && words.size() > 2 && words[1] == "file" && words[2].starts_with('/') && m_config.logs.size() < k_most_rows) {
            m_config.logs.push_back({clean_path(words[2]), m_site, "caddy", "access", line});
        } else if (words[0] == "import" && words.size() > 1 && m_config.includes.size() < k_most_rows) {
            m_config.includes.push_back(words[1].starts_with('/') ? clean_path(words[1]) : "/etc/caddy/" + clean_path(words[1]));
        }
    }
    WebConfig m_config;
    std::string m_site;
};

}  // namespace

WebConfig read_nginx(std::string_view text, std::string_view path) { return NginxReader(path).read(text); }
WebConfig read_caddy(std::string_view text) { return CaddyReader().read(text); }

}  // namespace deadbox::plugins::webserver
