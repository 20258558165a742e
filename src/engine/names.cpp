#include "engine/names.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/paths.hpp"
#include "case/reader.hpp"
#include "case/writer.hpp"
#include "engine/waves.hpp"
#include "plugin/folder_links.hpp"

namespace deadbox::engine {
namespace {

constexpr int k_most_in_a_path = 4;         // links that one path goes through
constexpr std::size_t k_most_aliases = 64;  // of a folder
constexpr std::size_t k_most_tried = 1024;  // paths, to find them
constexpr std::size_t k_most_remembered = 200'000;

// Where web servers have their files by default, whether or not a configuration says so.
constexpr const char* k_web_folders[] = {"/var/www/**", "/srv/{www,http}/**", "/home/*/public_html/**", "/usr/share/nginx/html/**", "/usr/local/{apache,apache2,nginx}/{htdocs,html}/**", "/var/lib/tomcat*/webapps/**"};

}  // namespace

base::Result<std::unique_ptr<Names>> Names::load(const case_file::Database& database) {
    std::unique_ptr<Names> names(new Names(database));
    std::map<std::optional<std::int64_t>, std::vector<std::int64_t>> systems;  // their trees
    TRY_ASSIGN(case_file::Statement trees, database.prepare("SELECT system, id FROM tree WHERE state = 0 ORDER BY id"));
    for (;;) {
        TRY_ASSIGN(const bool row, trees.step());
        if (!row) break;
        systems[trees.maybe_integer(0)].push_back(trees.integer(1));
    }
    trees.reset();
    for (const auto& [system, ids] : systems) {
        const case_file::DetectorReader reader(database, plugin::FolderLinks::k_reads);
        plugin::FolderLinks links(reader, system);
        TRY(links.load());
        TRY_ASSIGN(auto all, links.to_folders());
        auto into = std::make_shared<Links>();
        for (auto& link : all)
            // One that leads to where it lies adds nothing: /usr/bin/X11 -> .
            if (!base::is_at_or_below(link.path, link.folder)) (*into)[link.folder].push_back(std::move(link.path));
        for (const auto tree : ids) names->m_links.emplace(tree, into);
    }
    TRY_ASSIGN(names->m_first, database.prepare("SELECT n.directory, n.name, d.path FROM name n JOIN directory d ON d.id = n.directory WHERE n.directory = ?1 AND n.inode = ?2 AND n.allocated ORDER BY n.name"));
    TRY_ASSIGN(names->m_others, database.prepare("SELECT n.directory, n.name, d.path FROM link l CROSS JOIN name n ON n.directory = l.directory AND n.inode = l.inode CROSS JOIN directory d ON d.id = n.directory "
                                                 "WHERE l.inode = ?1 AND n.allocated ORDER BY n.directory, n.name"));
    TRY_ASSIGN(names->m_any, database.prepare("SELECT directory, name, folder FROM inode_path WHERE inode = ?1 LIMIT 1"));
    return names;
}

void Names::look_for(std::vector<base::Glob> patterns) {
    m_patterns = std::move(patterns);
    m_aliases.clear();
}

bool Names::asked_for(std::string_view folder) const {
    return std::any_of(m_patterns.begin(), m_patterns.end(), [&](const base::Glob& glob) { return glob.leads_below(folder); });
}

const std::vector<std::string>& Names::aliases(std::int64_t directory, std::string_view path) {
    const auto known = m_aliases.find(directory);
    if (known != m_aliases.end()) return known->second;
    if (m_aliases.size() >= k_most_remembered) m_aliases.clear();
    return m_aliases.emplace(directory, find_aliases(directory, path)).first->second;
}

// Paths through one link first, then those through two: whatever goes round in circles only gets longer.
std::vector<std::string> Names::find_aliases(std::int64_t directory, std::string_view path) {
    const auto links = m_links.find(case_file::inode_tree(directory));
    if (links == m_links.end() || links->second->empty()) return {};
    std::vector<std::string> found, tried{std::string(path)};
    std::size_t begin = 0;
    for (int through = 0; through < k_most_in_a_path; ++through) {
        const auto end = tried.size();
        for (; begin < end; ++begin) {
            const auto from = tried[begin];
            for (std::size_t length = from.size();; length = from.rfind('/', length - 1)) {
                const auto folder = length == 0 ? std::string("/") : from.substr(0, length);
                if (const auto into = links->second->find(folder); into != links->second->end()) {
                    for (const auto& link : into->second) {
                        auto alias = link;
                        if (from != "/") alias.append(from, folder == "/" ? 0 : length);
                        if (std::find(tried.begin(), tried.end(), alias) != tried.end()) continue;
                        if (tried.size() >= k_most_tried || found.size() >= k_most_aliases) {
                            m_overfull.emplace(path);
                            return found;
                        }
                        if (asked_for(alias)) found.push_back(alias);
                        tried.push_back(std::move(alias));
                    }
                }
                if (length == 0 || from == "/") break;
            }
        }
    }
    return found;
}

base::Result<void> Names::add(case_file::Statement& rows, std::vector<NamePlace>& places) {
    for (;;) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) break;
        auto& place = places.emplace_back();
        place.directory = rows.integer(0), place.name = rows.text(1);
        place.paths.push_back(base::path_below(rows.text(2), place.name));
        for (const auto& alias : aliases(place.directory, rows.text(2))) place.paths.push_back(base::path_below(alias, place.name));
    }
    rows.reset();
    return {};
}

base::Result<std::vector<NamePlace>> Names::of(std::int64_t inode, std::int64_t parent, bool elsewhere) {
    std::vector<NamePlace> places;
    m_first.bind(1, parent).bind(2, inode);
    TRY(add(m_first, places));
    if (places.empty() || elsewhere) {
        m_others.bind(1, inode);
        TRY(add(m_others, places));
    }
    if (places.empty()) {
        m_any.bind(1, inode);
        TRY(add(m_any, places));
    }
    return places;
}

NameChoice::NameChoice(plugin::Wave wave, const Requests& requests) : m_requests(requests) {
    for (const auto* topic : plugin::topics())
        for (const auto& parser : topic->parsers) {
            if (parser.wave != wave || parser.paths.empty()) continue;
            auto& globs = m_parsers.emplace_back();
            for (const auto pattern : parser.paths) globs.emplace_back(pattern);
        }
}

std::vector<FileName> NameChoice::needed(const std::vector<NamePlace>& places) const {
    std::vector<FileName> names;
    std::vector<bool> read(m_parsers.size());
    std::set<std::size_t> requested;
    const bool only = places.size() == 1 && places.front().paths.size() == 1;
    for (const auto& place : places)
        for (const auto& path : place.paths) {
            bool needed = names.empty();
            for (std::size_t i = 0; i < m_parsers.size() && !only; ++i)
                if (!read[i] && std::any_of(m_parsers[i].begin(), m_parsers[i].end(), [&](const base::Glob& glob) { return glob.matches(path); })) needed = read[i] = true;
            if (!only)
                for (const auto request : m_requests.matching(path)) needed |= requested.insert(request).second;
            if (needed) names.push_back({place.directory, path});
        }
    return names;
}

NameOrder::NameOrder(const Requests& requests) : m_requests(&requests) {
    for (const char* folder : k_web_folders) m_web_folders.emplace_back(folder);
    for (const auto* topic : plugin::topics())
        for (const auto& parser : topic->parsers)
            if (parser.kind == plugin::ParserKind::artifact)
                for (const auto pattern : parser.paths) m_artifacts.emplace_back(pattern);
}

base::Result<NameOrder> NameOrder::load(const case_file::Database& database, const Requests& requests) {
    NameOrder order(requests);
    for (const auto* topic : plugin::topics())
        for (const auto& table : topic->tables) {
            if (table.role != "web_root") continue;
            TRY_ASSIGN(case_file::Statement rows, database.prepare(fmt::format("SELECT DISTINCT path FROM \"{}\" WHERE path GLOB '/?*' ORDER BY path", table.name)));
            for (;;) {
                TRY_ASSIGN(const bool row, rows.step());
                if (!row) break;
                order.m_web_roots.emplace(rows.text(0));
            }
        }
    return order;
}

int NameOrder::rank(const NamePlace& place) const {
    const auto any = [&](const auto& is) { return std::any_of(place.paths.begin(), place.paths.end(), is); };
    if (any([&](std::string_view path) {
            if (std::any_of(m_web_folders.begin(), m_web_folders.end(), [&](const base::Glob& glob) { return glob.matches(path); })) return true;
            while (path.size() > 1 && !m_web_roots.contains(path)) path = base::folder_of(path);
            return path.size() > 1;
        }))
        return 0;
    if (any([&](const std::string& path) {
            return m_requests->any(path) || std::any_of(m_artifacts.begin(), m_artifacts.end(), [&](const base::Glob& glob) { return glob.matches(path); });
        }))
        return 1;
    return 2;
}

void NameOrder::add_patterns(std::vector<base::Glob>& patterns) const {
    patterns.insert(patterns.end(), m_web_folders.begin(), m_web_folders.end());
    for (const auto& root : m_web_roots) patterns.emplace_back(root + "/**");
}

void NameOrder::sort(std::vector<NamePlace>& places) const {
    if (places.size() < 2) return;
    std::vector<std::pair<int, std::size_t>> order;
    for (std::size_t i = 0; i < places.size(); ++i) order.emplace_back(rank(places[i]), i);
    std::sort(order.begin(), order.end());
    std::vector<NamePlace> sorted;
    for (const auto& [rank, at] : order) sorted.push_back(std::move(places[at]));
    places = std::move(sorted);
}

}  // namespace deadbox::engine
