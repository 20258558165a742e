// lighttpd: name = "value" + variable, $HTTP["host"] == "x" { ... }
// Tomcat's server.xml: <Host name= appBase=> <Context path= docBase=> <Valve className=...AccessLogValve directory= prefix= suffix= pattern=>
// cPanel's userdata: documentroot: and servername: of one site, as YAML
#include <algorithm>

#include "webserver/web_config.hpp"

namespace deadbox::plugins::webserver {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

class LighttpdReader {
public:
    WebConfig read(std::string_view text) {
        std::uint64_t number = 0;
        while (!text.empty()) {
            const auto end = text.find('\n');
            const auto line = trimmed(text.substr(0, end));
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
            ++number;
            if (!line.empty() && line.front() != '#') statement(line, number);
        }
        return std::move(m_config);
    }

private:
    void statement(std::string_view line, std::uint64_t number) {
        if (line.starts_with("$HTTP[\"host\"]")) {
            const auto open = line.find('"', 13), close = open == std::string_view::npos ? open : line.find('"', open + 1);
            if (close != std::string_view::npos) m_site = line.substr(open + 1, close - open - 1);
            m_site_depth = m_depth;
        }
        const auto opened = static_cast<std::size_t>(std::count(line.begin(), line.end(), '{'));
        const auto closed = static_cast<std::size_t>(std::count(line.begin(), line.end(), '}'));
        m_depth += opened;
        m_depth -= std::min(m_depth, closed);
        if (closed > opened && m_depth <= m_site_depth) m_site.clear();
        if (line.starts_with("include ")) {
            auto path = evaluated(line.substr(8));
            if (!path.empty() && m_config.includes.size() < k_most_rows) m_config.includes.push_back(path.starts_with('/') ? clean_path(path) : "/etc/lighttpd/" + clean_path(path));
            return;
        }
        const auto equals = line.find('=');
        if (equals == std::string_view::npos || line.front() == '$') return alias(line, number);
        auto name = trimmed(line.substr(0, equals));
        if (name.ends_with('+') || name.ends_with(':')) name = trimmed(name.substr(0, name.size() - 1));
        const auto value = trimmed(line.substr(equals + 1));
        if (name == "alias.url") m_in_alias = true;
        if (m_in_alias) return alias(value.starts_with('>') ? line : value, number);
        const auto text = evaluated(value);
        if (name == "server.document-root" && text.starts_with('/')) m_config.roots.push_back({clean_path(text), m_site, "root", "/", false, number});
        else if (name == "accesslog.filename" && text.starts_with('/')) m_config.logs.push_back({clean_path(text), m_site, "combined", "access", number});
        else if (name == "server.errorlog" && text.starts_with('/')) m_config.logs.push_back({clean_path(text), m_site, {}, "error", number});
        else if (name == "accesslog.format" && !text.empty()) m_config.formats.push_back({"accesslog.format", text, number});
        else if (m_variables.size() < 4096 && !text.empty()) m_variables[std::string(name.starts_with("var.") ? name.substr(4) : name)] = text;
    }

    // ( "/cgi-bin/" => "/usr/lib/cgi-bin/", ... )
    void alias(std::string_view line, std::uint64_t number) {
        if (!m_in_alias) return;
        const auto end = line.find(')');
        auto rest = line.substr(0, end);
        for (auto arrow = rest.find("=>"); arrow != std::string_view::npos; arrow = rest.find("=>")) {
            auto url = trimmed(rest.substr(0, arrow));
            const auto quote = url.rfind('"');
            const auto before = quote == std::string_view::npos || quote == 0 ? std::string_view::npos : url.rfind('"', quote - 1);
            url = before == std::string_view::npos ? std::string_view() : url.substr(before + 1, quote - before - 1);
            rest.remove_prefix(arrow + 2);
            const auto comma = std::min(rest.find(','), rest.size());
            const auto path = evaluated(rest.substr(0, comma));
            if (path.starts_with('/') && m_config.roots.size() < k_most_rows) m_config.roots.push_back({clean_path(path), m_site, "alias", std::string(url), false, number});
            rest.remove_prefix(comma);
        }
        if (end != std::string_view::npos) m_in_alias = false;
    }

    // "text" + var.name + "text"; "" where something in it is not known.
    std::string evaluated(std::string_view value) const {
        std::string out;
        for (;;) {
            value = trimmed(value);
            if (value.starts_with('"')) {
                const auto close = value.find('"', 1);
                if (close == std::string_view::npos) return {};
                out += value.substr(1, close - 1);
                value = trimmed(value.substr(close + 1));
            } else {
                const auto end = std::min(value.find_first_of(" \t+"), value.size());
                auto name = value.substr(0, end);
                if (name.starts_with("var.")) name.remove_prefix(4);
                const auto found = m_variables.find(std::string(name));
                if (found == m_variables.end()) return {};
                out += found->second;
                value = trimmed(value.substr(end));
            }
            if (out.size() > k_longest_text) return {};
            if (!value.starts_with('+')) return out;
            value.remove_prefix(1);
        }
    }

    WebConfig m_config;
    std::map<std::string, std::string> m_variables;
    std::string m_site;
    std::size_t m_depth = 0, m_site_depth = 0;
    bool m_in_alias = false;
};

using Attributes = std::map<std::string, std::string, std::less<>>;

std::string unescaped_xml(std::string_view text) {
    constexpr std::pair<std::string_view, char> k_entities[] = {{"&quot;", '"'}, {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&apos;", '\''}};
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto entity = std::find_if(std::begin(k_entities), std::end(k_entities), [&](const auto& one) { return text.substr(i).starts_with(one.first); });
        if (entity == std::end(k_entities)) out += text[i++];
        else out += entity->second, i += entity->first.size();
    }
    return out;
}

Attributes attributes_of(std::string_view tag) {
    constexpr std::size_t k_most = 64;
    Attributes attributes;
    while (attributes.size() < k_most) {
        const auto equals = tag.find('=');
        if (equals == std::string_view::npos) break;
        auto name = trimmed(tag.substr(0, equals));
        name = name.substr(name.find_last_of(" \t\r\n") + 1);
        tag.remove_prefix(equals + 1);
        const auto open = tag.find_first_of("\"'");
        if (open == std::string_view::npos) break;
        const auto close = tag.find(tag[open], open + 1);
        if (close == std::string_view::npos) break;
        attributes.emplace(name, unescaped_xml(tag.substr(open + 1, std::min(close - open - 1, k_longest_text))));
        tag.remove_prefix(close + 1);
    }
    return attributes;
}

std::string value_of(const Attributes& attributes, std::string_view name, std::string_view otherwise = {}) {
    const auto found = attributes.find(name);
    return found == attributes.end() ? std::string(otherwise) : found->second;
}

// Debian and Red Hat keep the configuration in /etc/tomcat*, and the rest of CATALINA_BASE in /var/lib/tomcat*.
std::string catalina_base(std::string_view path) {
    auto folder = path.substr(0, path.rfind('/'));
    if (folder.starts_with("/etc/")) return "/var/lib/" + std::string(folder.substr(5));
    return std::string(folder.substr(0, folder.rfind('/')));
}

}  // namespace

WebConfig read_lighttpd(std::string_view text) { return LighttpdReader().read(text); }

WebConfig read_tomcat(std::string_view text, std::string_view path) {
    WebConfig config;
    const auto base = catalina_base(path);
    std::string site, app_base = base + "/webapps";
    const auto located = [&](std::string_view from, std::string text_path) {
        for (const std::string_view variable : {"${catalina.base}", "${catalina.home}"})
            if (text_path.starts_with(variable)) text_path = base + text_path.substr(variable.size());
        if (text_path.find("${") != std::string::npos) {
            config.unresolved.push_back(text_path);
            return std::string();
        }
        return clean_path(text_path.starts_with('/') ? text_path : std::string(from) + "/" + text_path);
    };
    std::uint64_t line = 1;
    std::size_t counted = 0;
    for (std::size_t at = text.find('<'); at != std::string_view::npos && config.roots.size() < k_most_rows && config.logs.size() < k_most_rows; at = text.find('<', at)) {
        line += static_cast<std::uint64_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(counted), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
        counted = at;
        if (text.substr(at).starts_with("<!--")) {
            const auto end = text.find("-->", at);
            if (end == std::string_view::npos) break;
            at = end + 3;
            continue;
        }
        const auto end = text.find('>', at);
        if (end == std::string_view::npos) break;
        const auto tag = text.substr(at + 1, end - at - 1);
        at = end + 1;
        const auto name = tag.substr(0, tag.find_first_of(" \t\r\n/"));
        if (name == "Host") {
            const auto attributes = attributes_of(tag);
            site = value_of(attributes, "name");
            app_base = located(base, value_of(attributes, "appBase", "webapps"));
            if (!app_base.empty()) config.roots.push_back({app_base, site, "root", "/", false, line});
        } else if (name == "Context") {
            const auto attributes = attributes_of(tag);
            const auto root = value_of(attributes, "docBase");
            if (root.empty()) continue;
            auto folder = located(app_base, root);
            if (!folder.empty()) config.roots.push_back({std::move(folder), site, "alias", value_of(attributes, "path", "/"), false, line});
        } else if (name == "Valve" && tag.find("AccessLogValve") != std::string_view::npos) {
            const auto attributes = attributes_of(tag);
            auto folder = value_of(attributes, "directory", "logs");
            if (folder == "logs" && path.starts_with("/etc/")) folder = "/var/log" + base.substr(base.rfind('/'));
            folder = located(base, folder);
            if (!folder.empty())
                config.logs.push_back({folder + "/" + value_of(attributes, "prefix", "access_log") + "*" + value_of(attributes, "suffix"), site,
                                       value_of(attributes, "pattern", "common"), "access", line});
        }
    }
    return config;
}

WebConfig read_cpanel_userdata(std::string_view text) {
    WebConfig config;
    std::string root, site;
    std::uint64_t number = 0, line = 0;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto one = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        ++number;
        const auto value = [&](std::string_view key) {
            auto found = trimmed(one.substr(key.size()));
            if (found.size() >= 2 && (found.front() == '\'' || found.front() == '"')) found = found.substr(1, found.size() - 2);
            return std::string(found.substr(0, k_longest_text));
        };
        if (one.starts_with("documentroot:")) root = value("documentroot:"), line = number;
        else if (one.starts_with("servername:")) site = value("servername:");
    }
    if (root.starts_with('/')) config.roots.push_back({clean_path(root), site, "root", "/", false, line});
    return config;
}

}  // namespace deadbox::plugins::webserver
