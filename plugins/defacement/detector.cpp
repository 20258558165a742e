#include "plugin/detector.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/paths.hpp"
#include "defacement/defacement_topic.hpp"

namespace deadbox::plugins::defacement {
namespace {

using base::Next;
using plugin::RowView;

// Folders that web servers hand out where nothing else is known, and names that such folders have in other layouts.
constexpr auto k_roots = std::to_array<std::string_view>({"/var/www", "/srv/www", "/srv/http", "/usr/share/nginx/html", "/opt/lampp/htdocs", "/usr/local/apache2/htdocs", "/usr/local/www", "/var/lib/tomcat9/webapps", "/var/lib/tomcat10/webapps", "/usr/share/caddy"});
constexpr auto k_root_names = std::to_array<std::string_view>({"public_html", "htdocs", "httpdocs", "httpsdocs", "wwwroot", "www", "html", "webapps", "public", "subdomains", "vhosts", "webroot", "httpd"});
constexpr auto k_index_names = std::to_array<std::string_view>({"index", "default", "home", "main", "welcome", "403", "404", "error", "500", "maintenance"});
constexpr auto k_boasts = std::to_array<std::string_view>({"hack", "h4ck", "pwn", "deface", "0wn", "own3d", "owned", "d3face", "haxor", "h4x", "zone", "lol.htm", "xd.htm", "r00t"});

struct PageFact {
    std::int64_t inode = 0, directory = 0;
    std::string path, folder, name, claim, sha256;
    int score = 0;
    std::optional<base::Timestamp> born, changed, modified;
    bool claimed = false;
};

std::optional<base::Timestamp> time_at(const RowView& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return base::Timestamp{row.integer(column), static_cast<std::uint32_t>(row.integer(column + 1))};
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

bool is_index(std::string_view name) {
    const auto low = lower(name);
    return std::any_of(k_index_names.begin(), k_index_names.end(), [&](std::string_view index) { return low.starts_with(index); });
}

// The site that a folder belongs to: the configured root, or the default root, or the folder above which a document
// root's usual name stands. "" outside of all.
struct WebRoot {
    std::string path, site;  // site: the virtual host's name, where it has one
};
WebRoot site_of(std::string_view folder, const std::vector<WebRoot>& configured) {
    const WebRoot* nearest = nullptr;
    for (const auto& root : configured) {
        if (base::is_at_or_below(folder, root.path) && (!nearest || root.path.size() > nearest->path.size())) nearest = &root;
    }
    if (nearest) return *nearest;
    std::string_view best;
    for (const auto root : k_roots) {
        // /var/www itself holds sites: the site is one below.
        if (base::is_at_or_below(folder, root) && root.size() > best.size()) best = root == "/var/www" || root == "/srv/www" || root == "/srv/http" ? folder.substr(0, folder.find('/', root.size() + 1)) : root;
    }
    if (!best.empty()) return {std::string(best), {}};
    if (folder.starts_with("/usr/") || folder.starts_with("/root/") || folder.starts_with("/etc/")) return {};
    for (std::size_t start = 1; start < folder.size();) {
        const auto end = std::min(folder.find('/', start), folder.size());
        const auto component = folder.substr(start, end - start);
        if (std::find(k_root_names.begin(), k_root_names.end(), component) != k_root_names.end() && start > 1) return {std::string(folder.substr(0, end)), {}};
        start = end + 1;
    }
    return {};
}

class DefacementDetector final : public plugin::Detector {
public:
    bool may_run_early() const override { return true; }
    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const override {
        std::map<std::optional<std::int64_t>, std::vector<PageFact>> systems;
        TRY(reader.query("SELECT m.system, m.inode, p.directory, p.path, p.folder, p.name, m.claim, m.score, i.b_s, i.b_ns, i.c_s, i.c_ns, i.m_s, i.m_ns, hex(c.sha256), m.claim_place IS NOT NULL "
                         "FROM page_mark m JOIN inode i ON i.id = m.inode JOIN inode_path p ON p.inode = m.inode LEFT JOIN content c ON c.inode = m.inode ORDER BY p.path, m.inode",
                         [&](const RowView& row) {
                             PageFact fact;
                             fact.inode = row.integer(1), fact.directory = row.integer(2), fact.path = row.text(3), fact.folder = row.text(4), fact.name = row.text(5), fact.claim = row.text(6);
                             fact.score = static_cast<int>(row.integer(7)), fact.born = time_at(row, 8), fact.changed = time_at(row, 10), fact.modified = time_at(row, 12);
                             fact.sha256 = row.text(14), fact.claimed = row.integer(15) != 0;
                             systems[row.maybe_integer(0)].push_back(std::move(fact));
                             return Next::go_on;
                         }));
        for (auto& [system, pages] : systems) TRY(conclude(reader, sink, system, pages));
        return {};
    }

private:
    struct Site {
        std::vector<const PageFact*> pages;
        bool index = false, repeated = false, served = false;
        int score = 0;
        std::string host;
    };

    static base::Result<void> conclude(const plugin::CaseReader& reader, plugin::FindingSink& sink, std::optional<std::int64_t> system, std::vector<PageFact>& pages) {
        std::vector<WebRoot> configured;
        const plugin::Value which[] = {system ? plugin::Value(*system) : plugin::Value()};
        TRY(reader.query("SELECT path, site FROM web_root WHERE system IS ? AND length(path) > 1 AND instr(path, '*') = 0 ORDER BY path, site", which, [&](const RowView& row) {
            configured.push_back({std::string(row.text(0)), std::string(row.text(1))});
            return Next::go_on;
        }));
        // The same page in many places is no page of theirs.
        std::map<std::string, std::set<std::string>> places;
        for (const auto& page : pages) {
            if (!page.sha256.empty()) places[page.sha256].insert(page.folder);
        }
        std::map<std::string, Site> sites;
        for (auto& page : pages) {
            const auto site = site_of(page.folder, configured);
            const bool served = !site.path.empty();
            const bool index = is_index(page.name), repeated = !page.sha256.empty() && places[page.sha256].size() >= 2;
            const auto low = lower(page.name);
            const bool boast = std::any_of(k_boasts.begin(), k_boasts.end(), [&](std::string_view b) { return low.find(b) != std::string::npos; });
            // A page without a claim counts where the same lies as the first page of three places.
            if (!page.claimed) {
                if (served && index && !page.sha256.empty() && places[page.sha256].size() >= 3) page.score += 20;
                else continue;
            }
            if (served) {
                page.score += boast ? 12 : 0;
                page.score += repeated ? 12 : 0;
                page.score += index && page.score >= 45 ? 6 : 0;
                if (page.score >= 45 && page.score < 60) {
                    TRY_ASSIGN(const bool newer, newer_than_siblings(reader, page));
                    page.score += newer ? 10 : 0;
                }
            }
            if (page.score < 60) continue;
            TRY_ASSIGN(const bool packaged, is_packaged(reader, system, page.path));
            if (packaged) continue;
            if (!served && is_kept_elsewhere(page.folder)) continue;
            auto& entry = sites[served ? site.path : page.folder];
            entry.host = site.site;
            entry.pages.push_back(&page);
            entry.served |= served, entry.index |= index, entry.repeated |= repeated, entry.score = std::max(entry.score, page.score);
        }
        for (const auto& [subject, site] : sites) report(sink, system, subject, site, static_cast<std::size_t>(std::count_if(sites.begin(), sites.end(), [](const auto& s) { return s.second.served; })));
        return {};
    }

    // Programs' own folders and mail: pages there are data of theirs, whatever they say.
    static bool is_kept_elsewhere(std::string_view folder) {
        for (const auto place : {"/usr", "/opt", "/etc", "/proc", "/sys", "/var/lib", "/var/cache", "/var/mail", "/var/spool", "/var/log", "/var/backups", "/snap", "/nix"}) {
            if (base::is_at_or_below(folder, place)) return true;
        }
        return folder.find("/.") != std::string_view::npos || folder.find("/node_modules/") != std::string_view::npos || folder.find("/Maildir/") != std::string_view::npos || folder.find("/test") != std::string_view::npos;
    }

    // Modified at least a week behind the half of its folder.
    static base::Result<bool> newer_than_siblings(const plugin::CaseReader& reader, const PageFact& page) {
        if (!page.modified) return false;
        std::vector<std::int64_t> times;
        const plugin::Value which[] = {page.directory};
        TRY(reader.query("SELECT i.m_s FROM name n JOIN inode i ON i.id = n.inode WHERE n.directory = ? AND i.m_s IS NOT NULL LIMIT 500", which, [&](const RowView& row) {
            times.push_back(row.integer(0));
            return Next::go_on;
        }));
        if (times.size() < 4) return false;
        std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
        return page.modified->seconds - times[times.size() / 2] >= 7 * 86400;
    }

    static base::Result<bool> is_packaged(const plugin::CaseReader& reader, std::optional<std::int64_t> system, std::string_view path) {
        bool found = false;
        const plugin::Value which[] = {path, system ? plugin::Value(*system) : plugin::Value()};
        TRY(reader.query("SELECT 1 FROM package_folder WHERE folder = dirname(?1) AND packed_md5(files, basename(?1)) IS NOT NULL AND system IS ?2 LIMIT 1", which, [&](const RowView&) {
            found = true;
            return Next::stop;
        }));
        return found;
    }

    static void report(plugin::FindingSink& sink, std::optional<std::int64_t> system, const std::string& subject, const Site& site, std::size_t sites) {
        plugin::FindingHead head;
        head.rule = site.served ? "defacement/page" : "defacement/stray_page";
        head.system = system, head.subject = subject;
        const auto& first = *site.pages.front();
        head.arguments = {{"folder", subject}, {"path", first.path}, {"claim", first.claimed ? first.claim : "-"}, {"pages", std::to_string(site.pages.size())}, {"sites", std::to_string(std::max<std::size_t>(sites, 1))}, {"score", std::to_string(site.score)}};
        const auto all_born = std::all_of(site.pages.begin(), site.pages.end(), [](const PageFact* p) { return p->born.has_value(); });
        for (const auto* page : site.pages) {
            // A replaced page keeps its inode's birth: what changed it is its last modification.
            const auto when = page->modified ? page->modified : all_born ? page->born : page->changed;
            if (!when) continue;
            if (!head.first || *when < *head.first) head.first = when;
            if (!head.last || *when > *head.last) head.last = when;
        }
        head.basis = plugin::TimeBasis::modification;
        sink.finding(head);
        for (const auto* page : site.pages) {
            plugin::Item item;
            item.inode = page->inode, item.directory = page->directory, item.name = page->name, item.excerpt = page->claim;
            item.site = site.host;
            sink.item(item);
        }
    }
};

}  // namespace

const plugin::Detector& defacement_detector() {
    static const DefacementDetector detector;
    return detector;
}

}  // namespace deadbox::plugins::defacement
