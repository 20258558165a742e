// .htaccess and .user.ini (php.ini of a folder): settings that make pictures and texts run as scripts, or run a file
// before every script.
#include <algorithm>
#include <array>

#include "plugin/secret_value.hpp"
#include "webshell/inspect.hpp"

namespace deadbox::plugins::webshell {
namespace {

bool names_harmless_kind(std::string_view line) {
    static constexpr std::array<std::string_view, 14> kinds{"jpg", "jpeg", "png", "gif", "bmp", "ico", "txt", "css", "svg", "webp", "log", "pdf", "zip", "mp3"};
    return std::any_of(kinds.begin(), kinds.end(), [&](auto kind) {
        for (auto at = line.find(kind); at != line.npos; at = line.find(kind, at + 1)) {
            const char before = at > 0 ? line[at - 1] : ' ', after = at + kind.size() < line.size() ? line[at + kind.size()] : ' ';
            const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
            if (!letter(before) && !letter(after)) return true;
        }
        return false;
    });
}

// Lines that make the server run files of some names: AddHandler, AddType, SetHandler.
bool runs_scripts(std::string_view line) {
    static constexpr std::array<std::string_view, 7> programs{"x-httpd-php", "php-script", "cgi-script", "php5-script", "server-parsed", "proxy:unix", "proxy:fcgi"};
    if (line.find("x-httpd-php-source") != line.npos) return false;  // shows the script, coloured
    return std::any_of(programs.begin(), programs.end(), [&](auto program) { return line.find(program) != line.npos; });
}

}  // namespace

bool is_server_settings(std::string_view path) {
    static constexpr std::array<std::string_view, 3> folders{"/etc/apache2/", "/etc/httpd/", "/usr/local/apache2/conf/"};
    return std::any_of(folders.begin(), folders.end(), [&](auto folder) { return path.starts_with(folder); });
}

namespace {

// <Files "a.md">, <FilesMatch "\.md$">, <Files ~ "\.md$">, <Directory "/srv/site">: what stands behind the section's name.
std::string section_argument(std::string_view line, std::size_t behind_name) {
    auto from = line.find_first_not_of(" \t", std::min(behind_name, line.size()));
    if (from == line.npos) return {};
    const char quote = line[from];
    const bool quoted = quote == '"' || quote == '\'';
    const auto to = quoted ? line.find(quote, from + 1) : line.find('>', from);
    if (to == line.npos) return {};
    auto argument = line.substr(from + quoted, to - from - quoted);
    while (!quoted && argument.ends_with(' ')) argument.remove_suffix(1);
    return std::string(argument);
}

// The sections that a line of Apache's settings stands in.
class Sections {
public:
    // False: the line is none that opens or closes one.
    bool read(std::string_view raw, std::string_view low) {
        if (low.starts_with("</files")) m_names.clear();
        else if (low.starts_with("</directory") || low.starts_with("</location")) m_folder.clear(), m_elsewhere = false;
        else if (low.starts_with("<filesmatch")) m_names = '~' + section_argument(raw, 11);
        else if (low.starts_with("<files")) {
            const auto sign = low.find_first_not_of(" \t", 6);
            const bool pattern = sign != low.npos && low[sign] == '~';
            m_names = (pattern ? "~" : "/") + section_argument(raw, pattern ? sign + 1 : 6);
        } else if (low.starts_with("<directorymatch") || low.starts_with("<location")) m_elsewhere = true;
        else if (low.starts_with("<directory")) m_folder = section_argument(raw, 10);
        else return false;
        return true;
    }
    // Which files a handler is set for here, as an inclusion says it; nothing where that is not known.
    std::string handled(bool of_server) const {
        if (!of_server || !m_folder.empty()) return "*" + m_names;
        return m_names.empty() || m_elsewhere ? std::string() : "*" + m_names;
    }
    std::string folder(bool of_server) const {
        if (!of_server) return {};
        return m_folder.starts_with('/') && m_folder.find_first_of("*?[") == m_folder.npos ? m_folder + (m_folder.ends_with('/') ? "" : "/") : "/";
    }

private:
    std::string m_names, m_folder;  // "/a.md" or "~\.md$"; /srv/site
    bool m_elsewhere = false;       // in a section of addresses
};

}  // namespace

void note_run_names(std::string_view settings, bool of_server, std::vector<std::string>& inclusions) {
    constexpr std::size_t k_most_names = 16;
    settings = settings.substr(0, 1u << 20);
    Sections sections;
    for (std::size_t at = 0; at < settings.size() && inclusions.size() < k_most_names;) {
        const auto end = std::min(settings.find('\n', at), settings.size());
        auto raw = settings.substr(at, std::min<std::size_t>(end - at, 4000));
        at = end + 1;
        raw.remove_prefix(std::min(raw.find_first_not_of(" \t"), raw.size()));
        const auto line = plugin::lowered(raw);
        if (sections.read(raw, line) || !runs_scripts(line)) continue;
        if (line.starts_with("sethandler") || line.starts_with("forcetype") || line.starts_with("defaulttype")) {
            if (const auto names = sections.handled(of_server); !names.empty()) inclusions.push_back(sections.folder(of_server) + names);
            continue;
        }
        if (!line.starts_with("addhandler") && !line.starts_with("addtype")) continue;
        // AddType application/x-httpd-php .html .htm: names behind the program's.
        for (auto word = line.find_first_of(" \t", line.find_first_not_of(" \t", line.find_first_of(" \t"))); word != line.npos && inclusions.size() < k_most_names;) {
            const auto from = line.find_first_not_of(" \t\".", word);
            if (from == line.npos || line[from] == '#' || line[from] == '\r') break;
            const auto to = std::min(line.find_first_of(" \t\"\r", from), line.size());
            inclusions.push_back(sections.folder(of_server) + "*." + line.substr(from, to - from));
            word = line.find_first_of(" \t", to);
        }
    }
}

void inspect_handler(std::string_view text, Features& features) {
    text = text.substr(0, 1u << 20);
    note_run_names(text, false, features.inclusions);
    std::size_t at = 0;
    std::string files;  // the <Files> or <FilesMatch> that a line stands in
    while (at < text.size()) {
        auto end = text.find('\n', at);
        if (end == text.npos) end = text.size();
        const auto raw = text.substr(at, std::min<std::size_t>(end - at, 4000));
        const auto offset = static_cast<std::uint32_t>(at);
        at = end + 1;
        const auto line = plugin::lowered(raw);
        const auto start = line.find_first_not_of(" \t");
        if (start == line.npos || line[start] == '#' || line[start] == ';') continue;
        const auto add = [&](Sign sign, std::string_view what) { features.add(sign, offset, 0, what, raw.substr(0, 300)); };
        if (line.find("<files") != line.npos) files = line;
        if (line.find("</files") != line.npos) files.clear();
        const bool scripts = runs_scripts(line);
        const bool sets = line.find("addtype") != line.npos || line.find("addhandler") != line.npos || line.find("sethandler") != line.npos || line.find("forcetype") != line.npos;
        if (scripts && sets && (names_harmless_kind(line) || names_harmless_kind(files) || (files.find(".ht") != files.npos))) add(Sign::handler, "runs other files as scripts");
        const auto prepend = std::max(line.find("auto_prepend_file") == line.npos ? 0 : line.find("auto_prepend_file") + 17, line.find("auto_append_file") == line.npos ? 0 : line.find("auto_append_file") + 16);
        if (prepend > 0) {
            const auto value = line.substr(prepend);
            const auto named = raw.substr(std::min(prepend, raw.size()));
            const auto from = named.find_first_not_of(" \t=\"'"), to = named.find_last_not_of(" \t\r\"';");
            if (from != named.npos && to != named.npos && to >= from) features.note_inclusion(named.substr(from, to - from + 1));
            if (value.find("php://") != value.npos || value.find("data:") != value.npos || value.find("http:") != value.npos || value.find("https:") != value.npos || value.find("/.ht") != value.npos || value.find("\".ht") != value.npos || value.find("=.ht") != value.npos || value.find(" .ht") != value.npos || value.find(".user.ini") != value.npos || value.find("/tmp/") != value.npos || value.find("/dev/shm") != value.npos || names_harmless_kind(value)) add(Sign::handler, "runs a disguised file before each script");
            else if (value.find_first_not_of(" \t=\"'\r;") != value.npos && value.find("none") == value.npos) add(Sign::file_code, "runs a file before each script");
        }
        if (line.find("allow_url_include") != line.npos && (line.find("on") != line.npos || line.find('1') != line.npos)) add(Sign::loosened, "allow_url_include");
        if (line.find("disable_functions") != line.npos && features.language == Language::user_ini && line.find_last_not_of(" \t\r=") != line.npos && line.back() == '=') add(Sign::loosened, "disable_functions");
    }
}

}  // namespace deadbox::plugins::webshell
