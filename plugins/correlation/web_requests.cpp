#include "correlation/web_requests.hpp"

#include <algorithm>

#include "base/paths.hpp"
#include "base/percent.hpp"
#include "plugin/topic.hpp"

namespace deadbox::plugins::correlation {
namespace {

using base::Next;
using plugin::RowView;

constexpr std::size_t k_most_requests = 500'000, k_most_roots = 5'000;

constexpr std::string_view k_select_requests =
    "SELECT e.s, e.ns, e.inode, e.line, e.offset, ifnull(a.value, ''), json_extract(g.value, '$.method'), json_extract(g.value, '$.url'), json_extract(g.value, '$.status'), json_extract(g.value, '$.site'), "
    "(SELECT ifnull(t.system, 0) FROM tree t WHERE t.id = e.inode >> 44) FROM event e LEFT JOIN string a ON a.id = e.address LEFT JOIN string g ON g.id = e.arguments "
    "WHERE e.kind = (SELECT id FROM kind WHERE type = 'web.request')";

// "http://host/a%20b?c" -> "/a b"
std::string path_in(std::string_view url) {
    url = url.substr(0, url.find_first_of("?#"));
    if (const auto scheme = url.find("://"); scheme != std::string_view::npos && !url.starts_with('/')) {
        const auto slash = url.find('/', scheme + 3);
        url = slash == std::string_view::npos ? std::string_view("/") : url.substr(slash);
    }
    return base::tidied_path(base::percent_decoded(url));
}

Request request_in(const RowView& row) {
    Request request;
    request.time = {row.integer(0), static_cast<std::uint32_t>(row.integer(1))};
    request.inode = row.maybe_integer(2), request.line = row.maybe_integer(3), request.offset = row.maybe_integer(4);
    request.address = row.text(5), request.method = row.text(6), request.url = row.text(7), request.status = row.integer(8), request.site = row.text(9), request.system = row.integer(10);
    request.path = path_in(request.url);
    return request;
}

std::string_view bare(std::string_view site) { return site.starts_with("www.") ? site.substr(4) : site; }

}  // namespace

base::Result<std::vector<Request>> requests_between(const plugin::CaseReader& reader, std::int64_t from, std::int64_t to) {
    std::vector<Request> all;
    const plugin::Value stretch[] = {from, to};
    TRY(reader.query(std::string(k_select_requests) + " AND e.s BETWEEN ? AND ? ORDER BY e.s, e.ns, e.id", stretch, [&](const RowView& row) {
        all.push_back(request_in(row));
        return all.size() < k_most_requests ? Next::go_on : Next::stop;
    }));
    return all;
}

base::Result<std::vector<Request>> requests_of(const plugin::CaseReader& reader, const std::set<std::string, std::less<>>& addresses) {
    std::vector<Request> all;
    std::string ids;
    for (const auto& address : addresses) {
        const plugin::Value value[] = {std::string_view(address)};
        TRY(reader.query("SELECT id FROM string WHERE value = ? AND shared = 1", value, [&](const RowView& row) {
            ids += (ids.empty() ? "" : ",") + std::to_string(row.integer(0));
            return Next::stop;
        }));
    }
    if (ids.empty()) return all;
    TRY(reader.query(std::string(k_select_requests) + " AND e.address IN (" + ids + ") ORDER BY +e.s, +e.ns, +e.id", [&](const RowView& row) {
        all.push_back(request_in(row));
        return all.size() < k_most_requests ? Next::go_on : Next::stop;
    }));
    return all;
}

base::Result<plugin::Item> item_of(const plugin::CaseReader& reader, const Request& request) {
    plugin::Item item;
    item.inode = request.inode, item.key = request.address, item.kind = plugin::KeyKind::client, item.site = request.site;
    if (request.line && *request.line > 0) item.line = static_cast<std::uint64_t>(*request.line);
    else if (request.offset) item.offset = static_cast<std::uint64_t>(*request.offset);
    // What follows a "?" may be a secret. In JSON method and address do not stand side by side.
    const auto place = request.url.substr(0, request.url.find('?'));
    bool json = false;
    if (request.inode && plugin::find_table("access_log_file") != nullptr) {
        const plugin::Value log[] = {*request.inode};
        TRY(reader.query("SELECT layout FROM access_log_file WHERE inode = ?", log, [&](const RowView& row) {
            json = row.text(0) == "json" || row.text(0).starts_with('{');
            return Next::stop;
        }));
    }
    item.excerpt = json ? place : request.method + " " + place;
    return item;
}

base::Result<Sites> Sites::load(const plugin::CaseReader& reader) {
    Sites sites;
    if (plugin::find_table("web_root") == nullptr) return sites;
    TRY(reader.query("SELECT DISTINCT ifnull(system, 0), path, ifnull(url, '/'), ifnull(site, '') FROM web_root WHERE path LIKE '/_%' AND ifnull(enabled, 1) = 1 ORDER BY 1, 2, 3, 4", [&](const RowView& row) {
        auto url = std::string(row.text(2));
        if (url.ends_with('/')) url.pop_back();
        sites.m_roots.push_back({row.integer(0), std::string(row.text(1)), std::move(url), std::string(row.text(3))});
        return sites.m_roots.size() < k_most_roots ? Next::go_on : Next::stop;
    }));
    return sites;
}

std::vector<Sites::Place> Sites::places_of(std::int64_t system, std::string_view file) const {
    std::vector<Place> all;
    for (const auto& root : m_roots) {
        if (root.system != system || !base::is_at_or_below(file, root.path) || file.size() == root.path.size()) continue;
        auto path = root.url + std::string(file.substr(root.path.size()));
        if (std::none_of(all.begin(), all.end(), [&](const Place& other) { return other.path == path && other.site == root.site; })) all.push_back({std::move(path), root.site});
    }
    return all;
}

std::vector<std::string> Sites::roots_of(std::int64_t system, std::string_view file) const {
    std::vector<std::string> all;
    for (const auto& root : m_roots)
        if (root.system == system && base::is_at_or_below(file, root.path) && (all.empty() || all.back() != root.path)) all.push_back(root.path);
    return all;
}

bool Sites::is_known(std::string_view site) const {
    return std::any_of(m_roots.begin(), m_roots.end(), [&](const Root& root) { return bare(root.site) == bare(site); });
}

base::Result<std::string> Sites::site_of_log(const plugin::CaseReader& reader, std::int64_t inode) {
    if (const auto known = m_site_of_log.find(inode); known != m_site_of_log.end()) return known->second;
    std::set<std::string> sites;
    if (plugin::find_table("web_log") != nullptr) {
        // A rotated one has the name of the log and more.
        const plugin::Value log[] = {inode};
        TRY(reader.query("SELECT DISTINCT ifnull(w.site, '') FROM inode_path p JOIN web_log w ON w.system IS p.system AND substr(p.path, 1, length(w.path)) = w.path WHERE p.inode = ?", log, [&](const RowView& row) {
            sites.emplace(row.text(0));
            return Next::go_on;
        }));
    }
    return m_site_of_log.emplace(inode, sites.size() == 1 ? *sites.begin() : std::string()).first->second;
}

base::Result<std::string> Sites::site_of(const plugin::CaseReader& reader, const Request& request) {
    if (!request.site.empty() || !request.inode) return request.site;
    return site_of_log(reader, *request.inode);
}

base::Result<bool> Sites::is_on_site(const plugin::CaseReader& reader, const Request& request, const std::vector<Place>& places) {
    if (places.empty()) return true;
    TRY_ASSIGN(const auto site, site_of(reader, request));
    // A name that no configuration has may be any site's second name.
    if (site.empty() || !is_known(site)) return true;
    return std::any_of(places.begin(), places.end(), [&](const Place& place) { return place.site.empty() || bare(place.site) == bare(site); });
}

base::Result<bool> Sites::asks_for(const plugin::CaseReader& reader, const Request& request, const std::vector<Place>& places) {
    if (std::none_of(places.begin(), places.end(), [&](const Place& place) { return base::is_at_or_below(request.path, place.path); })) return false;
    return is_on_site(reader, request, places);
}

}  // namespace deadbox::plugins::correlation
