// Apache httpd: a directive a line, '\' at its end goes on, words between blanks or in quotes, <Section ...> </Section>.
//   ServerRoot Define DocumentRoot VirtualDocumentRoot Alias ScriptAlias UserDir ServerName ServerAlias
//   CustomLog TransferLog ErrorLog LogFormat Include IncludeOptional      and envvars' export NAME=value
#include <algorithm>

#include "webserver/web_config.hpp"

namespace deadbox::plugins::webserver {
namespace {

constexpr std::size_t k_most_directive_words = 16;

// Words of a directive. A backslash in quotes takes a quote or a backslash literally.
std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    std::size_t at = 0;
    while (words.size() < k_most_directive_words) {
        while (at < line.size() && (line[at] == ' ' || line[at] == '\t' || line[at] == '\r')) ++at;
        if (at >= line.size()) break;
        std::string word;
        if (line[at] == '"' || line[at] == '\'') {
            const char quote = line[at++];
            for (; at < line.size() && line[at] != quote; ++at) {
                if (line[at] == '\\' && at + 1 < line.size() && (line[at + 1] == quote || line[at + 1] == '\\')) ++at;
                word += line[at];
            }
            if (at < line.size()) ++at;
        } else {
            while (at < line.size() && line[at] != ' ' && line[at] != '\t' && line[at] != '\r') word += line[at++];
        }
        if (word.size() > k_longest_text) word.resize(k_longest_text);
        words.push_back(std::move(word));
    }
    return words;
}

class ApacheReader {
public:
    ApacheReader(std::string_view path, const plugin::Parameters& parameters) {
        m_defines = {{"APACHE_LOG_DIR", "/var/log/apache2"}, {"APACHE_RUN_DIR", "/var/run/apache2"}, {"APACHE_CONFDIR", "/etc/apache2"}, {"SUFFIX", ""}};
        m_server_root = path.starts_with("/etc/httpd") ? "/etc/httpd" : path.starts_with("/etc/apache2") ? "/etc/apache2" : "";
        const auto conf = path.find("/conf/");
        if (m_server_root.empty() && conf != std::string_view::npos) m_server_root = path.substr(0, conf);
        for (const auto& [name, value] : parameters)
            if (name == "server_root") m_server_root = value;
    }

    WebConfig read(std::string_view text) {
        std::string logical;
        std::uint64_t number = 0, first = 0;
        while (!text.empty()) {
            const auto end = text.find('\n');
            auto line = text.substr(0, end);
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
            ++number;
            if (line.ends_with('\r')) line.remove_suffix(1);
            if (logical.empty()) first = number;
            const bool goes_on = line.ends_with('\\');
            if (logical.size() < 4 * k_longest_text) logical.append(goes_on ? line.substr(0, line.size() - 1) : line);
            if (goes_on && !text.empty()) continue;
            directive(logical, first);
            logical.clear();
        }
        close_host();
        return std::move(m_config);
    }

private:
    void directive(std::string_view line, std::uint64_t number) {
        auto words = words_of(line);
        if (words.empty() || words[0].starts_with('#')) return;
        const auto name = lowered(words[0]);
        if (name.starts_with("<virtualhost") || name.starts_with("</virtualhost")) {
            close_host();
        } else if (name.starts_with('<')) {
            return;
        } else if (name == "export" && words.size() > 1) {
            const auto equals = words[1].find('=');
            if (equals != std::string::npos) define(words[1].substr(0, equals), words[1].substr(equals + 1));
        } else if (words.size() < 2) {
            return;
        } else if (name == "define") {
            define(words[1], words.size() > 2 ? words[2] : std::string());
        } else if (name == "serverroot") {
            m_server_root = clean_path(expanded(words[1]));
        } else if (name == "servername") {
            m_site = expanded(words[1]);
            if (const auto scheme = m_site.find("://"); scheme != std::string::npos) m_site.erase(0, scheme + 3);
            if (const auto port = m_site.rfind(':'); port != std::string::npos && m_site.find(']', port) == std::string::npos) m_site.resize(port);
        } else if (name == "serveralias") {
            if (m_alias.empty()) m_alias = expanded(words[1]);
        } else {
            paths(name, words, number);
        }
    }

    void paths(const std::string& name, const std::vector<std::string>& words, std::uint64_t number) {
        if (name == "documentroot" || name == "vdocroot") root(words[1], "root", "/", number);
        else if (name == "virtualdocumentroot" || name == "virtualdocumentrootip") root(words[1], "root", "/", number, "%");
        else if ((name == "alias" || name == "scriptalias") && words.size() > 2) root(words[2], name == "alias" ? "alias" : "script", words[1], number);
        else if (name == "userdir") user_folders(words, number);
        else if (name == "customlog" || name == "transferlog") log(words[1], "access", words.size() > 2 ? words[2] : std::string("common"), number);
        else if (name == "errorlog") log(words[1], "error", {}, number);
        else if (name == "logformat") format(words, number);
        else if (name == "include" || name == "includeoptional") include(words[1]);
    }

    void define(const std::string& name, std::string value) {
        if (m_defines.size() < 4096) m_defines[name] = expanded(value);
    }

    // ${NAME}, and the shell's $NAME in envvars. What is not known stays and is told.
    std::string expanded(std::string_view text) const {
        std::string out;
        for (std::size_t i = 0; i < text.size() && out.size() < k_longest_text;) {
            if (text[i] != '$' || i + 1 >= text.size()) {
                out += text[i++];
                continue;
            }
            const bool braces = text[i + 1] == '{';
            const auto begin = i + 1 + (braces ? 1 : 0);
            auto end = begin;
            while (end < text.size() && (braces ? text[end] != '}' : (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_'))) ++end;
            const auto found = m_defines.find(std::string(text.substr(begin, end - begin)));
            const auto after = std::min(end + (braces ? 1 : 0), text.size());
            out += found != m_defines.end() ? std::string_view(found->second) : text.substr(i, after - i);
            i = after;
        }
        return out;
    }

    // Absolute, or "" where it cannot be made so.
    std::string located(std::string_view text) {
        auto path = expanded(text);
        if (path.find("${") != std::string::npos) {
            if (m_config.unresolved.size() < 100) m_config.unresolved.push_back(path);
            return {};
        }
        if (path.empty()) return {};
        if (path.front() != '/') {
            if (m_server_root.empty()) return {};
            // The link that Red Hat and SUSE place below ServerRoot.
            if (m_server_root == "/etc/httpd" && path.starts_with("logs/")) path = "/var/log/httpd/" + path.substr(5);
            else path = m_server_root + "/" + path;
        }
        return path;
    }

    void root(std::string_view text, const char* kind, const std::string& url, std::uint64_t number, std::string_view variables = {}) {
        auto path = located(text);
        path = variables.empty() ? (path.empty() ? path : clean_path(path)) : fixed_part(path, variables);
        if (path.empty() || path == "/dev/null" || m_config.roots.size() + m_roots.size() >= k_most_rows) return;
        m_roots.push_back({path, {}, kind, url, false, number});
    }

    // UserDir public_html | /var/www/*/html | disabled | enabled names
    void user_folders(const std::vector<std::string>& words, std::uint64_t number) {
        const auto first = lowered(words[1]);
        if (first == "disabled" || first == "enabled" || first.find("://") != std::string::npos) return;
        const auto folder = expanded(words[1]);
        m_roots.push_back({folder.starts_with('/') ? clean_path(folder) : "/home/*/" + clean_path(folder), {}, "user", "/~", false, number});
    }

    // A path, "|program arguments" (rotatelogs and cronolog name the file), syslog:...
    void log(std::string_view text, const char* kind, std::string format, std::uint64_t number) {
        std::string path;
        if (text.starts_with('|')) {
            for (const auto& word : words_of(text.substr(text.starts_with("|$") || text.starts_with("||") ? 2 : 1)))
                if (word.starts_with('/') && word.find("log/") != std::string::npos) path = word;
            for (const auto& word : words_of(text.substr(1)))
                if (path.empty() && word.starts_with("${")) path = word;
        } else if (!text.starts_with("syslog")) {
            path = text;
        }
        path = located(path);
        if (path.empty() || path == "/dev/null" || m_config.logs.size() + m_logs.size() >= k_most_rows) return;
        m_logs.push_back({clean_path(dates_as_glob(path)), {}, std::move(format), kind, number});
    }

    void format(const std::vector<std::string>& words, std::uint64_t number) {
        if (words.size() < 3 || m_config.formats.size() >= k_most_rows) return;
        m_config.formats.push_back({words[2], words[1], number});
    }

    void include(std::string_view text) {
        const auto path = located(text);
        if (path.starts_with('/') && m_config.includes.size() < k_most_rows) m_config.includes.push_back(clean_path(path));
    }

    // The host's name may stand behind its folders: rows wait for the section's end. What stands outside of hosts
    // belongs to the main server.
    void close_host() {
        const auto site = !m_site.empty() ? m_site : m_alias;
        for (auto& root : m_roots) root.site = site, m_config.roots.push_back(std::move(root));
        for (auto& log : m_logs) log.site = site, m_config.logs.push_back(std::move(log));
        m_roots.clear(), m_logs.clear(), m_site.clear(), m_alias.clear();
    }

    WebConfig m_config;
    std::map<std::string, std::string> m_defines;
    std::string m_server_root, m_site, m_alias;
    std::vector<WebRoot> m_roots;
    std::vector<WebLog> m_logs;
};

}  // namespace

WebConfig read_apache(std::string_view text, std::string_view path, const plugin::Parameters& parameters) { return ApacheReader(path, parameters).read(text); }

}  // namespace deadbox::plugins::webserver
