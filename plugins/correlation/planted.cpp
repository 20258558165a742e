#include "correlation/planted.hpp"

#include <map>
#include <set>

#include "plugin/topic.hpp"

namespace deadbox::plugins::correlation {
namespace {

using base::Next;
using plugin::RowView;

constexpr std::string_view k_planting[] = {"webshell/appended", "webshell/handler", "defacement/page"};
constexpr std::string_view k_files[] = {"webshell/", "defacement/page"};

// Whose rights web servers and what they run have, by system.
class Writers {
public:
    static base::Result<Writers> load(const plugin::CaseReader& reader) {
        Writers writers;
        if (plugin::find_table("account") == nullptr) return writers;
        TRY(reader.query("SELECT DISTINCT ifnull(system, 0), uid FROM account WHERE uid > 0 AND user IN ('www-data','apache','nginx','httpd','www','nobody','lighttpd','caddy','tomcat','php-fpm','wwwrun')", [&](const RowView& row) {
            writers.m_servers.insert({row.integer(0), row.integer(1)});
            return Next::go_on;
        }));
        return writers;
    }
    // A server's account, or the one that owns the site's root: panels run each site as its owner.
    base::Result<bool> may_write(const plugin::CaseReader& reader, std::int64_t system, std::int64_t uid, const std::vector<std::string>& roots) {
        if (uid == 0) return false;
        if (uid == k_debian || m_servers.contains({system, uid})) return true;
        for (const auto& root : roots) {
            TRY_ASSIGN(const auto owner, owner_of(reader, system, root));
            if (owner == uid) return true;
        }
        return false;
    }

private:
    static constexpr std::int64_t k_debian = 33;
    base::Result<std::int64_t> owner_of(const plugin::CaseReader& reader, std::int64_t system, const std::string& folder) {
        if (const auto known = m_owners.find({system, folder}); known != m_owners.end()) return known->second;
        std::int64_t owner = 0;
        const plugin::Value parameters[] = {std::string_view(folder), system};
        TRY(reader.query("SELECT i.uid FROM directory d JOIN tree t ON t.id = d.tree JOIN inode i ON i.id = d.id WHERE d.path = ?1 AND ifnull(t.system, 0) = ?2 AND d.allocated = 1 ORDER BY t.state, d.id LIMIT 1", parameters, [&](const RowView& row) {
            owner = row.integer(0);
            return Next::stop;
        }));
        return m_owners.emplace(std::pair(system, folder), owner).first->second;
    }
    std::set<std::pair<std::int64_t, std::int64_t>> m_servers;
    std::map<std::pair<std::int64_t, std::string>, std::int64_t> m_owners;
};

struct Inode {
    std::int64_t id = 0, uid = 0;
    std::string path;
    std::optional<base::Timestamp> born, changed, modified;
};

base::Result<std::optional<Inode>> inode_of(const plugin::CaseReader& reader, const Known& known) {
    std::optional<Inode> found;
    const plugin::Value id[] = {std::string_view(known.id)};
    TRY(reader.query("SELECT i.id, i.uid, p.path, i.b_s, i.b_ns, i.c_s, i.c_ns, i.m_s, i.m_ns FROM finding_item f JOIN inode i ON i.id = f.inode JOIN inode_path p ON p.inode = i.id "
                     "WHERE f.finding = ? AND i.type = 1 ORDER BY f.place LIMIT 1",
                     id, [&](const RowView& row) {
                         const auto time = [&](int column) -> std::optional<base::Timestamp> {
                             if (row.is_null(column)) return std::nullopt;
                             return base::Timestamp{row.integer(column), static_cast<std::uint32_t>(row.integer(column + 1))};
                         };
                         found = Inode{row.integer(0), row.integer(1), std::string(row.text(2)), time(3), time(5), time(7)};
                         return Next::stop;
                     }));
    return found;
}

// A file is born when it is planted, and only its change tells of one that was there before: where content and change are of
// one moment, that is when it was last written.
std::vector<base::Timestamp> moments_of(const Inode& inode, bool change) {
    constexpr std::int64_t k_one_moment = 2;  // s
    std::vector<base::Timestamp> all;
    const bool written = inode.changed && inode.modified && std::abs(inode.changed->seconds - inode.modified->seconds) <= k_one_moment;
    if (!change && inode.born) all.push_back(*inode.born);
    if (inode.changed && (written || all.empty()) && (all.empty() || all.front() != *inode.changed)) all.push_back(*inode.changed);
    return all;
}

}  // namespace

base::Result<std::vector<Planted>> planted_files(const plugin::CaseReader& reader, const std::vector<Known>& known, const Sites& sites) {
    std::vector<Planted> all;
    TRY_ASSIGN(Writers writers, Writers::load(reader));
    for (const auto& one : known) {
        if (!is_entry(one, k_files)) continue;
        TRY_ASSIGN(const auto inode, inode_of(reader, one));
        if (!inode) continue;
        TRY_ASSIGN(const bool written, writers.may_write(reader, one.system, inode->uid, sites.roots_of(one.system, inode->path)));
        if (!written) continue;
        Planted planted;
        planted.known = &one, planted.path = inode->path, planted.inode = inode->id, planted.born = inode->born, planted.modified = inode->modified;
        planted.new_file = !is_one_of(one, k_planting);
        planted.moments = moments_of(*inode, !planted.new_file);
        planted.places = sites.places_of(one.system, inode->path);
        if (!planted.moments.empty()) all.push_back(std::move(planted));
    }
    std::stable_sort(all.begin(), all.end(), [](const Planted& a, const Planted& b) { return a.moments.front() < b.moments.front(); });
    return all;
}

}  // namespace deadbox::plugins::correlation
