// Each configuration file is read by itself; the table joins them. Files that it includes from places where no parser
// looks by itself are asked for.
#include "plugin/parser.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "webserver/web_config.hpp"
#include "webserver/webserver_topic.hpp"

namespace deadbox::plugins::webserver {
namespace {

constexpr std::size_t k_largest = 4 << 20;

bool contains_secret(std::string_view text) {
    constexpr std::string_view k_words[] = {"passw", "PASSW", "Passw", "secret", "SECRET", "Secret", "api_key", "API_KEY", "TOKEN", "PRIVATE"};
    return std::any_of(std::begin(k_words), std::end(k_words), [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

void emit(const WebConfig& config, std::string_view server, const plugin::File& file, plugin::Sink& sink) {
    const auto path = std::string_view(file.record().path);
    std::optional<std::int64_t> enabled = 1;
    if (path.find("-available/") != std::string_view::npos) enabled.reset();
    if (path.ends_with(".disabled") || path.ends_with(".bak")) enabled = 0;
    for (const auto& root : config.roots) {
        WebRootRow row;
        row.path = root.path, row.server = server, row.site = root.site, row.kind = root.kind, row.url = root.url;
        row.assumed = root.assumed ? 1 : 0, row.enabled = enabled, row.line = static_cast<std::int64_t>(root.line);
        row.emit(sink);
    }
    for (const auto& log : config.logs) {
        WebLogRow row;
        row.path = log.path, row.server = server, row.site = log.site, row.format = log.format, row.kind = log.kind, row.line = static_cast<std::int64_t>(log.line);
        row.emit(sink);
    }
    for (const auto& format : config.formats) {
        WebLogFormatRow row;
        row.server = server, row.name = format.name, row.definition = format.definition, row.line = static_cast<std::int64_t>(format.line);
        row.emit(sink);
    }
    for (const auto& text : config.unresolved)
        sink.gap({base::Gap::Level::note, "webserver", "a path with a variable that is set elsewhere", std::string(path), text});
}

// Logs that the parser of access logs does not find by itself, or whose layout stands in this very file.
void ask_for_logs(const WebConfig& config, plugin::Sink& sink) {
    for (const auto& log : config.logs) {
        if (log.kind != "access" || !log.path.starts_with('/') || log.path.starts_with("/dev/") || log.path.starts_with("/proc/")) continue;
        const auto format = std::find_if(config.formats.begin(), config.formats.end(), [&](const auto& one) { return one.name == log.format; });
        const bool usual = log.path.starts_with("/var/log/") && log.path.find("access", log.path.rfind('/')) != std::string::npos;
        if (usual && format == config.formats.end()) continue;
        plugin::Parameters parameters;
        if (const auto& text = format != config.formats.end() ? format->definition : log.format; !text.empty()) parameters.emplace_back("format", text);
        sink.request("access_log", log.path + "*", parameters);  // with its rotations
    }
}

using Reader = WebConfig (*)(std::string_view text, std::string_view path, const plugin::Parameters& parameters);

// A server: its name in the tables, how its files are read, and below which folders they are read without being asked for.
class ConfigParser final : public plugin::Parser {
public:
    ConfigParser(std::string_view id, std::string_view server, std::string_view home, Reader reader) : m_id(id), m_server(server), m_home(home), m_reader(reader) {}
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters& parameters, plugin::Sink& sink) const override {
        TRY_ASSIGN(const auto bytes, plugin::read_all(file, k_largest));
        const auto text = base::as_text(bytes);
        const auto config = m_reader(text, file.record().path, parameters);
        emit(config, m_server, file, sink);
        for (const auto& include : config.includes)
            if (!include.starts_with(m_home) && include.find('/', 1) != std::string::npos && !include.starts_with("/usr/share/") && !include.starts_with("/proc/"))
                sink.request(m_id, include, {});
        ask_for_logs(config, sink);
        if (!contains_secret(text)) sink.keep_text(bytes);
        return {};
    }

private:
    std::string_view m_id, m_server, m_home;
    Reader m_reader;
};

// An index page in a folder that servers use by default: the folder is a root if nothing says otherwise.
class WebDefaultFolderParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        const auto path = std::string_view(file.record().path);
        WebRootRow row;
        row.path = path.substr(0, path.rfind('/')), row.server = "", row.site = "", row.kind = "default", row.url = "/", row.assumed = 1, row.enabled = 1;
        row.emit(sink);
        return {};
    }
};

}  // namespace

const plugin::Parser& apache_config_parser() {
    static const ConfigParser parser("apache_config", "apache", "/etc/apache2/", read_apache);
    return parser;
}
const plugin::Parser& nginx_config_parser() {
    static const ConfigParser parser("nginx_config", "nginx", "/etc/nginx/", [](std::string_view text, std::string_view path, const plugin::Parameters&) { return read_nginx(text, path); });
    return parser;
}
const plugin::Parser& lighttpd_config_parser() {
    static const ConfigParser parser("lighttpd_config", "lighttpd", "/etc/lighttpd/", [](std::string_view text, std::string_view, const plugin::Parameters&) { return read_lighttpd(text); });
    return parser;
}
const plugin::Parser& caddy_config_parser() {
    static const ConfigParser parser("caddy_config", "caddy", "/etc/caddy/", [](std::string_view text, std::string_view, const plugin::Parameters&) { return read_caddy(text); });
    return parser;
}
const plugin::Parser& tomcat_config_parser() {
    static const ConfigParser parser("tomcat_config", "tomcat", "/", [](std::string_view text, std::string_view path, const plugin::Parameters&) { return read_tomcat(text, path); });
    return parser;
}
const plugin::Parser& cpanel_userdata_parser() {
    static const ConfigParser parser("cpanel_userdata", "cpanel", "/", [](std::string_view text, std::string_view, const plugin::Parameters&) { return read_cpanel_userdata(text); });
    return parser;
}
const plugin::Parser& web_default_folder_parser() {
    static const WebDefaultFolderParser parser;
    return parser;
}

}  // namespace deadbox::plugins::webserver
