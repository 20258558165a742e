// The half that concludes: a script's content as its reader judged it, and where it lies, whose it is, and whether a
// package gave it.
#include "plugin/detector.hpp"
#include "plugin/secret_value.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/glob.hpp"
#include "base/paths.hpp"
#include "plugin/topic.hpp"
#include "webshell/name_pattern.hpp"
#include "webshell/place.hpp"

namespace deadbox::plugins::webshell {
namespace {

using base::Next;
using plugin::Confidence;
using plugin::Severity;

struct WebRoot {
    std::int64_t system = 0;
    std::string path, server, site;
    bool assumed = false;
    std::optional<base::Glob> pattern;  // each user's folder
    bool holds(std::string_view file) const;
};

struct Script {
    std::int64_t inode = 0, directory = 0;
    std::optional<std::int64_t> system;
    std::string path, name, language, rule, kind, signs, decoded, tool, excerpt, package;
    std::int64_t level = 0, certainty = 0, layers = 0, uid = 0, mode = 0, size = 0;
    bool interpreter = false;  // its first line names one
    double score = 0;
    std::optional<std::int64_t> line, offset;
    std::optional<base::Timestamp> modified, changed, born;
    std::string md5;
    enum class Owned { no, unmodified, modified, unknown } owned = Owned::no;
    bool came_with_package = false;  // not touched since the package's list of files was written
    const WebRoot* root = nullptr;
    bool included = false;     // by a page, or by a folder's settings
};

// A page's languages: what a server runs where it serves it, and nothing else does.
bool is_page_language(std::string_view language) { return language == "php" || language == "jsp" || language == "asp" || language == "aspx" || language == "coldfusion"; }

bool is_below(std::string_view path, std::string_view folder) {
    return folder.size() > 1 && path != folder && base::is_at_or_below(path, folder);
}

bool WebRoot::holds(std::string_view file) const { return pattern ? pattern->matches(file) : is_below(file, path); }

// Folders that hold what visitors bring, or what a program makes: no place for scripts.
bool takes_uploads(std::string_view path) {
    static constexpr std::array<std::string_view, 16> parts{"/uploads/", "/upload/", "/files/", "/images/", "/img/", "/cache/", "/tmp/", "/temp/", "/avatars/", "/attachments/",
                                                            "/media/", "/pictures/", "/photos/", "/thumbs/", "/userfiles/", "/dev/shm/"};
    const auto low = plugin::lowered(path);
    return std::any_of(parts.begin(), parts.end(), [&](auto part) { return low.find(part) != low.npos; });
}
bool is_hidden(std::string_view path) {
    for (auto at = path.find("/."); at != path.npos; at = path.find("/.", at + 2)) {
        const auto rest = path.substr(at + 1);
        if (!rest.starts_with(".well-known") && !rest.starts_with(".htaccess") && !rest.starts_with(".user.ini") && rest.find('/') != rest.npos) return true;
    }
    return false;
}

// When the code came there: with the file, unless its content was written later. A file whose content is as old as itself, but
// that had code appended to it, was written to again, and its time set back: by its last change at the latest.
std::pair<std::optional<base::Timestamp>, plugin::TimeBasis> appeared(const Script& script) {
    using enum plugin::TimeBasis;
    constexpr std::int64_t k_writing = 60;  // seconds that writing a file may take
    if (!script.born) return {script.changed, change};
    if (script.modified && script.modified->seconds > script.born->seconds + k_writing && (!script.changed || *script.modified <= *script.changed)) return {script.modified, modification};
    if (script.rule == "appended" && script.changed && script.changed->seconds > script.born->seconds + k_writing) return {script.changed, change};
    return {script.born, birth};
}

class Judgement {
public:
    Judgement(const plugin::CaseReader& reader, plugin::FindingSink& sink) : m_reader(reader), m_sink(sink) {}

    base::Result<void> run() {
        TRY(load_roots());
        TRY(load_inclusions());
        TRY(load_servers());
        TRY(m_reader.query(
            "SELECT s.inode, p.path, p.directory, p.name, s.system, s.language, s.rule, s.kind, s.level, s.certainty, s.score, s.signs, s.layers, s.decoded, s.tool, s.line, s.offset, s.excerpt,"
            " i.uid, i.mode, i.size, i.m_s, i.m_ns, i.c_s, i.c_ns, i.b_s, i.b_ns, c.md5, s.interpreter"
            " FROM script s JOIN inode_path p ON p.inode = s.inode JOIN inode i ON i.id = s.inode LEFT JOIN content c ON c.inode = s.inode ORDER BY p.path, s.inode",
            [&](const plugin::RowView& row) {
                m_scripts.push_back(read(row));
                return m_scripts.size() < k_most ? Next::go_on : Next::stop;
            }));
        if (m_scripts.size() >= k_most) m_sink.gap({base::Gap::Level::limit, "webshell", "more notable scripts than are examined", {}, {}});
        // A page that includes what the request names runs whatever the server wrote of a request.
        for (const auto& script : m_scripts)
            if (script.language == "php" && script.level >= 3 && script.signs.find("request_include") != script.signs.npos && nature_of(script.path) == Nature::page) m_including.insert(script.system.value_or(0));
        for (auto& script : m_scripts) {
            script.included = m_inclusions.contains({script.system.value_or(0), script.path}) || is_run_by_settings(script);
            TRY(ask_packages(script));
            for (const auto& root : m_roots)
                if (root.holds(script.path) && (!script.system || root.system == *script.system || root.system == 0) && (!script.root || root.path.size() > script.root->path.size())) script.root = &root;
            conclude(script);
        }
        return {};
    }

private:
    static constexpr std::size_t k_most = 200'000, k_most_settings = 20'000, k_most_rules = 32;
    static constexpr std::int64_t k_unpacking = 600;  // seconds from a package's first file to its list

    static Script read(const plugin::RowView& row) {
        Script s;
        const auto time = [&](int column) -> std::optional<base::Timestamp> {
            if (row.is_null(column)) return std::nullopt;
            return base::Timestamp{row.integer(column), static_cast<std::uint32_t>(row.integer(column + 1))};
        };
        s.inode = row.integer(0);
        s.path = row.text(1);
        s.directory = row.integer(2);
        s.name = row.text(3);
        s.system = row.maybe_integer(4);
        s.language = row.text(5), s.rule = row.text(6), s.kind = row.text(7);
        s.level = row.integer(8), s.certainty = row.integer(9);
        s.score = row.real(10);
        s.signs = row.text(11);
        s.layers = row.integer(12);
        s.decoded = row.text(13), s.tool = row.text(14);
        s.line = row.maybe_integer(15), s.offset = row.maybe_integer(16);
        s.excerpt = row.text(17);
        s.uid = row.integer(18), s.mode = row.integer(19), s.size = row.integer(20);
        s.modified = time(21), s.changed = time(23), s.born = time(25);
        s.md5 = row.text(27);
        s.interpreter = row.integer(28) != 0;
        return s;
    }

    base::Result<void> load_roots() {
        if (!plugin::find_table("web_root")) return {};
        return m_reader.query("SELECT system, path, server, site, assumed FROM web_root ORDER BY path, server, site", [&](const plugin::RowView& row) {
            WebRoot root{row.integer(0), std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)), row.integer(4) != 0, {}};
            if (root.path.find('*') != root.path.npos) root.pattern.emplace(root.path + "/**");
            m_roots.push_back(std::move(root));
            return Next::go_on;
        });
    }

    // What pages and settings run, by the whole path; a setting's name of a file may be relative to any of the site's folders.
    // What no server runs does not make its parts run.
    base::Result<void> load_inclusions() {
        std::vector<std::pair<std::pair<std::int64_t, std::string>, std::string>> by_parts;  // a part, and what it includes
        TRY(m_reader.query("SELECT n.system, n.path, p.path FROM inclusion n JOIN inode_path p ON p.inode = n.inode", [&](const plugin::RowView& row) {
            const std::string_view named = row.text(1);
            const std::string by(row.text(2));
            const auto system = row.maybe_integer(0).value_or(0);
            const auto folder = base::folder_of(by);
            if (const auto star = named.find('*'); star != named.npos && (star == 0 || named[star - 1] == '/')) {
                add_rule(system, star == 0 ? folder : named.substr(0, std::max<std::size_t>(star - 1, 1)), named.substr(star + 1));
                return m_settings < k_most_settings ? Next::go_on : Next::stop;
            }
            auto whole = base::tidied_path(named.starts_with('/') ? std::string(named) : base::path_below(folder, named));
            if (is_folder_settings(by) || is_run(by, system)) m_inclusions.emplace(system, std::move(whole));
            else if (nature_of(by) == Nature::part && by_parts.size() < k_most) by_parts.push_back({{system, by}, std::move(whole)});
            return m_inclusions.size() < k_most ? Next::go_on : Next::stop;
        }));
        constexpr int k_deepest_parts = 4;
        for (int round = 0; round < k_deepest_parts; ++round) {
            const auto before = m_inclusions.size();
            for (const auto& [part, whole] : by_parts) if (m_inclusions.contains(part)) m_inclusions.emplace(part.first, whole);
            if (m_inclusions.size() == before) break;
        }
        return {};
    }

    // A page in a site, or a program that a command's name finds.
    bool is_run(const std::string& path, std::int64_t system) const {
        if (nature_of(path) != Nature::page) return is_in_program_folder(path);
        bool told = false;
        for (const auto& root : m_roots) {
            if (root.system != system) continue;
            told = true;
            if (root.holds(path)) return true;
        }
        return !told || is_customary_root(path) || path.starts_with("/srv/") || is_of_container(path);
    }

    static bool is_folder_settings(std::string_view path) {
        const auto name = base::name_of(path);
        return name == ".htaccess" || name == "htaccess.txt" || name == ".user.ini" || name == "php.ini";
    }

    // ".html": an ending among all of a name's; "/a.md": the name, or a glob; "~...": a regular expression; nothing: all names.
    void add_rule(std::int64_t system, std::string_view folder, std::string_view names) {
        ++m_settings;
        if (names.starts_with('.')) m_endings[{system, std::string(names)}].emplace_back(folder);
        else if (auto& rules = m_rules[{system, std::string(folder)}]; rules.size() < k_most_rules) {
            if (names.starts_with('~')) rules.push_back({{}, NamePattern(names.substr(1))});
            else rules.push_back({base::Glob(names.empty() ? "*" : names.substr(1)), {}});
        }
    }

    // Apache looks at all endings of a name: x.php.txt has two.
    bool is_run_by_settings(const Script& script) const {
        const auto system = script.system.value_or(0);
        if (!m_endings.empty()) {
            const auto name = plugin::lowered(script.name);
            for (auto dot = name.find('.'); dot != name.npos; dot = name.find('.', dot + 1)) {
                const auto known = m_endings.find({system, name.substr(dot, name.find('.', dot + 1) - dot)});
                if (known != m_endings.end() && std::any_of(known->second.begin(), known->second.end(), [&](const std::string& folder) { return base::is_at_or_below(script.path, folder); })) return true;
            }
        }
        if (m_rules.empty() || nature_of(script.path) == Nature::page) return false;
        for (std::string folder(base::folder_of(script.path));; folder = base::folder_of(folder)) {
            const auto rules = m_rules.find({system, folder});
            if (rules != m_rules.end() && std::any_of(rules->second.begin(), rules->second.end(), [&](const RunRule& rule) { return rule.glob ? rule.glob->matches(script.name) : rule.pattern->matches(script.name); })) return true;
            if (folder.size() <= 1) return false;
        }
    }

    // What nothing known runs is no script, whatever it says: text. What lies where anybody can leave a file is no page before
    // something runs it. True: it is text.
    bool bound_by_place(const Script& script, std::int64_t& level) const {
        if (script.included) return false;
        const bool server_owned = m_servers.contains(script.uid);
        if (!is_page_language(script.language)) {  // a tool; one that the web server itself left there is none of a person's
            if (!script.root && (is_home(script.path) || (is_temporary(script.path) && !server_owned))) level = std::min<std::int64_t>(level, 2);
            return false;
        }
        const auto nature = nature_of(script.path);
        // A picture with code in it was made to be run; a drawing is a text.
        const bool runs_by_name = nature == Nature::page || script.interpreter || (script.rule == "in_image" && nature != Nature::document);
        if (script.root || is_customary_root(script.path)) {
            if (runs_by_name) return false;
            const bool brought = server_owned && (takes_uploads(script.path) || is_hidden(script.path));
            if (nature == Nature::part) {
                level = std::min<std::int64_t>(level, brought ? 3 : 2);
                return false;
            }
            // What a site's server does not run it sends as it is.
            level = std::min<std::int64_t>(level, brought ? 2 : 1);
            return true;
        }
        const bool put_anywhere = is_temporary(script.path) || is_home(script.path);
        // Where it is known what is served, a page elsewhere is a copy, a test or a source, unless the server itself left it there.
        const bool told = std::any_of(m_roots.begin(), m_roots.end(), [&](const WebRoot& root) { return root.system == script.system.value_or(0); });
        if (runs_by_name || nature == Nature::part) {
            const bool started = script.interpreter && is_in_program_folder(script.path);
            const bool file = nature == Nature::page || nature == Nature::part;
            const bool unserved = is_source(script.path) || (told && !is_of_container(script.path) && !script.path.starts_with("/srv/"));
            const bool copy = (told && is_service_data(script.path)) || (script.language == "php" && file && !started && script.owned == Script::Owned::no && unserved);
            if (put_anywhere || (copy && !server_owned)) level = std::min<std::int64_t>(level, 2);
            return false;
        }
        if (holds_requests(script.path) || is_temporary(script.path))
            if (m_including.contains(script.system.value_or(0))) {
                level = std::min<std::int64_t>(level, 3);
                return false;
            }
        // Of a disk without a system, or without a server's folders, it is not known what is served.
        if (nature == Nature::text && !put_anywhere && !told && !script.system) {
            level = std::min<std::int64_t>(level, 2);
            return false;
        }
        level = std::min<std::int64_t>(level, 1);
        return true;
    }

    // User ids that web servers run under.
    base::Result<void> load_servers() {
        m_servers = {33};  // Debian's www-data
        if (!plugin::find_table("account")) return {};
        return m_reader.query("SELECT DISTINCT uid FROM account WHERE user IN ('www-data','apache','nginx','httpd','www','nobody','lighttpd','caddy','tomcat','php-fpm','wwwrun') AND uid IS NOT NULL",
                              [&](const plugin::RowView& row) {
                                  if (row.integer(0) != 0) m_servers.insert(row.integer(0));
                                  return Next::go_on;
                              });
    }

    base::Result<void> ask_packages(Script& script) {
        if (!plugin::find_table("package_folder")) return {};
        // Packages spell a path as before usr-merge.
        std::vector<std::string> spellings{script.path};
        if (script.path.starts_with("/usr/bin/") || script.path.starts_with("/usr/sbin/") || script.path.starts_with("/usr/lib")) spellings.push_back(script.path.substr(4));
        for (const auto& spelling : spellings) {
            const plugin::Value parameters[] = {std::string_view(spelling), script.system ? plugin::Value(*script.system) : plugin::Value()};
            TRY(m_reader.query("SELECT f.package, nullif(packed_md5(f.files, basename(?1)), x''), i.c_s FROM package_folder f JOIN inode i ON i.id = f.inode WHERE f.folder = dirname(?1) AND packed_md5(f.files, basename(?1)) IS NOT NULL AND f.system IS ?2",
                               parameters, [&](const plugin::RowView& row) {
                script.package = row.text(0);
                script.came_with_package = !row.is_null(2) && script.changed && script.changed->seconds <= row.integer(2) + k_unpacking;
                if (row.is_null(1) || script.md5.empty()) { if (script.owned == Script::Owned::no) script.owned = Script::Owned::unknown; }
                else script.owned = row.text(1) == script.md5 ? Script::Owned::unmodified : Script::Owned::modified;
                return script.owned == Script::Owned::unmodified ? Next::stop : Next::go_on;
            }));
            if (script.owned == Script::Owned::unknown && plugin::find_table("conffile") && !script.md5.empty())
                TRY(m_reader.query("SELECT md5 FROM conffile WHERE path = ?1 AND system IS ?2", parameters, [&](const plugin::RowView& row) {
                    if (!row.is_null(0)) script.owned = row.text(0) == script.md5 ? Script::Owned::unmodified : Script::Owned::modified;
                    return Next::stop;
                }));
        }
        return {};
    }

    void conclude(const Script& script) {
        auto level = script.level;
        const bool server_owned = m_servers.contains(script.uid) && script.uid != 0;
        const bool uploads = takes_uploads(script.path), hidden = is_hidden(script.path);
        const bool by_server = is_page_language(script.language);
        // Ids: the resources have words for them.
        const char* const owner = server_owned ? "server" : script.uid == 0 ? "root" : "uid";
        // The web server wrote it, where visitors' files lie: what content alone leaves open is settled.
        if (level == 2 && script.rule != "dual_use" && server_owned && (uploads || hidden) && (script.root || by_server)) level = 3;
        // A script of another language outside of what a web server runs is a tool, whatever its content resembles.
        const bool cgi = script.root || script.path.find("cgi-bin") != script.path.npos || script.path.starts_with("/srv/") || script.path.starts_with("/var/www/") || uploads;
        if (!by_server && script.language != "htaccess" && script.language != "user.ini" && !cgi && level > 2 && script.rule != "in_image") level = 2;
        if (script.rule == "dual_use") level = std::min<std::int64_t>(level, 2);
        const bool text = bound_by_place(script, level);
        // What a package gave and nobody changed is what it is meant to be; a tool with two uses is still worth knowing. But the
        // list of digests lies on the same disk, and who has root can write a line into it: what is a shell by its content stays
        // one, unless the disk's own clock says that nobody touched it since dpkg wrote the package's list of files.
        if (script.owned == Script::Owned::unmodified) {
            if (script.rule == "dual_use") level = 0;
            else if (level >= 3) level -= script.came_with_package ? 2 : 1;
            else return;
        }
        // Programs that run commands are ordinary where no web server runs them.
        if (level < 2 && !by_server && script.language != "htaccess" && script.language != "user.ini" && !cgi) return;
        if (level < 1 && script.rule != "dual_use") return;

        plugin::FindingHead head;
        // What only resembles an intruder's script is not called one.
        head.rule = text ? "webshell/text" : level < 2 && script.rule == "script" ? "webshell/resembling" : "webshell/" + script.rule;
        head.system = script.system;
        head.subject = script.path;
        head.severity = static_cast<Severity>(level);
        // Whom it serves is a judgement, however plain its code is.
        head.confidence = static_cast<Confidence>(std::clamp<std::int64_t>(script.certainty, 0, 1));
        std::tie(head.first, head.basis) = appeared(script);
        const std::string language = script.language == "user.ini" || script.language == "htaccess" ? "settings" : script.language;
        head.arguments = {{"path", script.path}, {"language", language}, {"kind", script.kind}, {"signs", script.signs}, {"place", script.root ? "root" : script.included ? "included" : "outside"}, {"nature", std::string(name_of(nature_of(script.path)))}, {"root", script.root ? script.root->path : ""}, {"owner", owner}, {"uid", std::to_string(script.uid)}, {"score", std::to_string(static_cast<int>(script.score))},
                          {"layers", std::to_string(script.layers)}, {"decoded", script.decoded.empty() ? "" : script.decoded.substr(0, 300)}, {"tool", script.tool},
                          {"package", script.owned == Script::Owned::no ? "none" : script.owned == Script::Owned::modified ? "modified" : script.owned == Script::Owned::unmodified ? "unmodified" : "unknown"},
                          {"package_name", script.package}};
        m_sink.finding(head);

        plugin::Item item;
        item.inode = script.inode;
        item.directory = script.directory;
        item.name = script.name;
        if (script.line) item.line = static_cast<std::uint64_t>(*script.line);
        if (script.offset) item.offset = static_cast<std::uint64_t>(*script.offset);
        item.excerpt = script.excerpt;
        if (script.root) item.site = script.root->site;
        if (script.owned != Script::Owned::no) {
            plugin::Reference reference;
            reference.kind = "in_image";
            reference.package = script.package;
            reference.algorithm = "md5";
            item.reference = reference;
        }
        m_sink.item(item);
    }

    const plugin::CaseReader& m_reader;
    plugin::FindingSink& m_sink;
    std::vector<WebRoot> m_roots;
    std::set<std::int64_t> m_servers;
    std::set<std::pair<std::int64_t, std::string>> m_inclusions;
    std::map<std::pair<std::int64_t, std::string>, std::vector<std::string>> m_endings;  // ".html" of a system, and the folders whose settings run it
    struct RunRule {
        std::optional<base::Glob> glob;
        std::optional<NamePattern> pattern;
    };
    std::map<std::pair<std::int64_t, std::string>, std::vector<RunRule>> m_rules;  // of a system's folder: names below that settings run
    std::size_t m_settings = 0;
    std::set<std::int64_t> m_including;
    std::vector<Script> m_scripts;
};

class WebshellDetector final : public plugin::Detector {
public:
    bool may_run_early() const override { return true; }
    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const override { return Judgement(reader, sink).run(); }
};

}  // namespace

const plugin::Detector& webshell_detector() {
    static const WebshellDetector detector;
    return detector;
}

}  // namespace deadbox::plugins::webshell
