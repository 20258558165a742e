#include "report/exposed_databases.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "plugin/network_address.hpp"
#include "plugin/secret_value.hpp"
#include "report/area_files.hpp"

namespace deadbox::report {
namespace {

using case_file::Statement;

constexpr std::string_view k_here = "localhost";  // whatever its settings call it

using plugin::lowered;

// web1.example.org is called web1 by its neighbours; that a machine called db is db.cloud.example is not known.
bool is_called(std::string_view name, std::string_view host) {
    return !host.empty() && name.starts_with(host) && (name.size() == host.size() || name[host.size()] == '.');
}

// As MySQL and MariaDB name the folder: what is neither a letter of ASCII nor a digit by its number (manual, "Mapping of Identifiers to File Names").
std::string folder_named(std::string_view database) {
    std::string folder;
    for (const char c : database) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
        folder += plain ? std::string(1, c) : fmt::format("@{:04x}", static_cast<unsigned char>(c));
    }
    return folder;
}

// What the machines of a case are called.
class Machines {
public:
    static base::Result<Machines> load(const case_file::View& view) {
        Machines machines;
        TRY_ASSIGN(const auto systems, case_file::systems(view));
        TRY_ASSIGN(const bool facts, view.has_table("system_fact"));
        for (const auto system : systems) {
            auto& names = machines.m_names[system];
            if (!facts) continue;
            TRY_ASSIGN(Statement row, view.prepare("SELECT key, value FROM system_fact WHERE system = ? AND key IN ('host.name', 'network.address')"));
            row.bind(1, system);
            for (;;) {
                TRY_ASSIGN(const bool more, row.step());
                if (!more) break;
                const auto value = row.text(1);
                if (row.text(0) == "network.address") names.addresses.emplace(value.substr(0, value.find('/')));
                else names.name = lowered(value);
            }
        }
        return machines;
    }
    // The machine at which `host`, in the settings of `system`, is; none where it is outside of the case.
    std::optional<std::int64_t> at(std::string_view host, std::optional<std::int64_t> system) const {
        const auto plain = lowered(host);
        if (plugin::is_this_machine(plain)) return system;
        if (system)
            if (const auto own = m_names.find(*system); own != m_names.end() && is(own->second, plain)) return system;
        for (const auto& [other, names] : m_names)
            if (is(names, plain)) return other;
        return std::nullopt;
    }

private:
    struct Names {
        std::string name;
        std::set<std::string, std::less<>> addresses;
    };
    static bool is(const Names& names, std::string_view host) { return names.addresses.contains(host) || is_called(names.name, host); }
    std::map<std::int64_t, Names> m_names;
};

struct Sum {
    std::int64_t files = 0, bytes = 0;
};
using Sums = std::map<std::int64_t, Sum>;  // by system

// The files of one database where its server keeps them in a folder of that name: nothing where it keeps them otherwise. Without a name
// those of all.
base::Result<Sum> files_of(const case_file::View& view, std::int64_t system, std::string_view database, Sums& all) {
    for (const auto folder : {"/var/lib/mysql/", "/var/lib/mariadb/"})
        if (!database.empty()) {
            Sum sum;
            TRY(for_each_file_below(view, folder + folder_named(database), [&](const Statement& row) -> base::Result<void> {
                if (row.integer(0) == system) ++sum.files, sum.bytes += row.integer(2);
                return {};
            }));
            if (sum.files > 0) return sum;
        }
    if (!database.empty()) return Sum{};
    if (all.empty()) {
        all[0];  // asked once
        TRY(for_each_file_of(view, "databases", [&](std::string_view, const Statement& row) -> base::Result<void> {
            auto& sum = all[row.integer(0)];
            ++sum.files, sum.bytes += row.integer(2);
            return {};
        }));
    }
    const auto found = all.find(system);
    return found == all.end() ? Sum{} : found->second;
}

}  // namespace

base::Result<ExposedDatabases> databases_by_password(const case_file::View& view, const std::vector<DatabasePassword>& passwords, const Texts& texts, const Redactor& redactor) {
    struct Found {
        ExposedArea area;
        std::string path, database;
        std::optional<std::int64_t> machine;  // whose files are counted
        std::set<std::string> paths;
    };
    std::vector<Found> all;
    std::map<std::tuple<std::optional<std::int64_t>, std::string, std::string, std::string>, std::size_t> places;
    TRY_ASSIGN(const Machines machines, Machines::load(view));
    Sums sums;
    for (const auto& c : passwords) {
        const auto host = plugin::is_this_machine(lowered(c.host)) ? std::string(k_here) : c.host;
        const auto [place, fresh] = places.try_emplace({c.system, host, c.database, c.account}, all.size());
        if (!fresh) {
            all[place->second].paths.insert(c.path);
            continue;
        }
        Found found;
        found.path = c.path, found.database = c.database, found.paths.insert(c.path);
        auto& area = found.area;
        area.id = "databases_by_password", area.system = c.system, area.host = redactor.text(host), area.database = redactor.text(c.database), area.account = redactor.text(c.account);
        if (!host.empty()) found.machine = machines.at(host, c.system);
        area.here = found.machine.has_value();
        all.push_back(std::move(found));
    }
    ExposedDatabases databases;
    databases.count = static_cast<std::int64_t>(all.size());
    std::stable_sort(all.begin(), all.end(), [](const Found& a, const Found& b) { return std::pair(!a.area.here, a.area.account.empty()) < std::pair(!b.area.here, b.area.account.empty()); });
    if (all.size() > k_databases) all.resize(k_databases);
    for (auto& found : all) {
        auto& area = found.area;
        if (found.machine) {
            TRY_ASSIGN(const auto sum, files_of(view, *found.machine, found.database, sums));
            area.files = sum.files, area.bytes = sum.bytes;
        }
        const auto host = area.host.empty() ? texts.of("exposure.database.no_host") : area.host == k_here ? texts.of("exposure.database.this_machine") : area.host;
        area.title = texts.of(fmt::format("exposure.database.{}", area.database.empty() ? "all" : "named"),
                              {{"database", area.database}, {"host", host}, {"user", area.account}, {"path", redactor.name(found.path)}, {"count", found.paths.size() > 1 ? std::to_string(found.paths.size() - 1) : std::string()}});
        databases.areas.push_back(std::move(area));
    }
    return databases;
}

}  // namespace deadbox::report
