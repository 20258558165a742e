// Files that run with another's rights, beyond what packages and the administrator's statoverrides give.
#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "binaries/capability.hpp"
#include "binaries/judges.hpp"

namespace deadbox::plugins::binaries {
namespace {

constexpr std::int64_t k_setuid = 04000, k_setgid = 02000;
constexpr std::int64_t k_first_person = 1000;
constexpr std::int64_t k_install_slack = 600;
constexpr std::size_t k_named_members = 8;              // members of a group that a sentence names

std::vector<std::string_view> split(std::string_view line) {
    std::vector<std::string_view> fields;
    for (;;) {
        const auto tab = line.find('\t');
        fields.push_back(line.substr(0, tab));
        if (tab == std::string_view::npos) return fields;
        line.remove_prefix(tab + 1);
    }
}

// What a file gives to whoever runs it.
struct Rights {
    std::int64_t mode = 0;
    std::uint64_t capabilities = 0;
    bool none() const { return mode == 0 && capabilities == 0; }
};

Rights rights_of(const DiskFile& file) {
    Rights rights;
    rights.mode = file.mode & k_setuid;
    if ((file.mode & k_setgid) != 0 && (file.mode & 0010) != 0) rights.mode |= k_setgid;
    if (const auto value = find_attribute(file.attributes, "security.capability"))
        if (const auto decoded = decode_capabilities(base::as_bytes(*value))) rights.capabilities = decoded->permitted;
    return rights;
}

// Who is in which group, so that it can be said who may run a file.
class Groups {
public:
    base::Result<void> load(const plugin::CaseReader& reader, const plugin::Value& system) {
        TRY(reader.query("SELECT user, uid, gid FROM account WHERE system IS ?1 AND source = 'passwd'", {&system, 1}, [&](const plugin::RowView& row) {
            m_uids.emplace(row.text(0), row.integer(1));
            m_members[row.integer(2)].emplace(row.text(0));
            return base::Next::go_on;
        }));
        return reader.query("SELECT g.gid, g.group_name, m.user FROM account_group g LEFT JOIN group_member m ON m.group_name = g.group_name AND m.system IS g.system AND m.source = 'group' "
                            "WHERE g.system IS ?1 AND g.source = 'group'", {&system, 1}, [&](const plugin::RowView& row) {
            if (row.is_null(0)) return base::Next::go_on;
            m_names.emplace(row.integer(0), row.text(1));
            if (!row.is_null(2)) m_members[row.integer(0)].emplace(row.text(2));
            return base::Next::go_on;
        });
    }
    bool known() const { return !m_uids.empty() && !m_names.empty(); }
    std::string name(std::int64_t gid) const {
        const auto found = m_names.find(gid);
        return found == m_names.end() ? std::to_string(gid) : found->second;
    }
    // Accounts of the group that have other rights than root and `owner` have already.
    std::vector<std::string> others(std::int64_t gid, std::int64_t owner) const {
        std::vector<std::string> users;
        const auto members = m_members.find(gid);
        if (members == m_members.end()) return users;
        for (const auto& user : members->second) {
            const auto uid = m_uids.find(user);
            if (uid != m_uids.end() && uid->second != 0 && uid->second != owner) users.push_back(user);
        }
        return users;
    }

private:
    std::map<std::string, std::int64_t> m_uids;
    std::map<std::int64_t, std::string> m_names;
    std::map<std::int64_t, std::set<std::string>> m_members;
};

// Who may run a file and has not its rights already.
struct Runners {
    enum class Who { nobody, owner, group, listed, everybody } who = Who::nobody;  // listed: by an access list
    std::vector<std::string> members;                                              // of the group, where they are known
};

Runners runners_of(const DiskFile& file, const Rights& rights, const Groups& groups) {
    if ((file.mode & 0001) != 0) return {Runners::Who::everybody, {}};
    if (find_attribute(file.attributes, "system.posix_acl_access")) return {Runners::Who::listed, {}};
    const bool only_owners_rights = (rights.mode & k_setgid) == 0 && rights.capabilities == 0;
    if ((file.mode & 0010) != 0) {
        if (!groups.known()) return {Runners::Who::group, {}};
        if (auto members = groups.others(file.gid, only_owners_rights ? file.uid : 0); !members.empty()) return {Runners::Who::group, std::move(members)};
    }
    return {(file.mode & 0100) != 0 && file.uid != 0 && !only_owners_rights ? Runners::Who::owner : Runners::Who::nobody, {}};
}

class Privileges {
public:
    Privileges(const Court& court, const PrivilegeList& list) : m_court(court), m_list(list) {}

    base::Result<void> judge() {
        const plugin::Value system = m_court.scan.system ? plugin::Value(*m_court.scan.system) : plugin::Value();
        std::vector<std::pair<std::string, std::int64_t>> overrides;
        TRY(m_court.reader.query("SELECT path, mode FROM stat_override WHERE system IS ?1", {&system, 1}, [&](const plugin::RowView& row) {
            overrides.emplace_back(row.text(0), row.integer(1));
            return base::Next::go_on;
        }));
        TRY(m_court.reader.query("SELECT path, divert_to FROM diversion WHERE system IS ?1", {&system, 1}, [&](const plugin::RowView& row) {
            m_diverted.emplace(m_court.links.real_path(std::string(row.text(1))), std::string(row.text(0)));
            return base::Next::go_on;
        }));
        if (!m_court.scan.privileged.empty()) TRY(m_groups.load(m_court.reader, system));
        for (const auto& [path, mode] : overrides) m_overrides[m_court.links.real_path(path)] |= mode & (k_setuid | k_setgid);
        for (const auto& file : m_court.scan.privileged) {
            auto rights = rights_of(file.file);
            if (rights.none()) continue;
            if (file.package) {
                rights.mode &= ~file.published_mode.value_or(0);
                judge_packaged(file.file, *file.package, rights);
            }
            else TRY(judge_unowned(file.file, rights));
        }
        return {};
    }

private:
    void judge_packaged(const DiskFile& file, std::uint32_t id, Rights rights) {
        const auto& package = m_court.packaged.packages[id];
        const auto known = m_list.known(merged_path(as_packaged(file.path)));
        rights.mode &= ~known.mode & ~allowed(file.path);
        rights.capabilities &= ~known.capabilities;
        if (rights.none()) return;
        const auto runners = runners_of(file, rights, m_groups);
        if (runners.who == Runners::Who::nobody) return;
        auto severity = grade(file, rights);
        // A package that the list does not know may give rights by itself: then they are as old as its unpacking.
        if (!m_list.scanned(package.name) && given_by_package(file, package)) severity = std::min(severity, plugin::Severity::low);
        emit("privilege/setuid_unexpected", file, rights, runners, severity, &package);
    }

    // The path as the package has it, where a diversion moved the file.
    const std::string& as_packaged(const std::string& path) const {
        const auto found = m_diverted.find(path);
        return found == m_diverted.end() ? path : found->second;
    }

    base::Result<void> judge_unowned(const DiskFile& file, Rights rights) {
        rights.mode &= ~allowed(file.path);
        if (rights.none()) return {};
        auto severity = grade(file, rights);
        // The very program of a package, whatever it is called and wherever it lies: what that package gives to it, it may have here.
        const auto* twin = packaged_twin(file);
        const auto twin_path = twin == nullptr ? std::string() : merged_path(m_court.packaged.path_of(*twin));
        const auto given = twin == nullptr ? PrivilegeList::Row{} : m_list.known(twin_path);
        const bool same = twin != nullptr && (rights.mode & ~given.mode) == 0 && (rights.capabilities & ~given.capabilities) == 0;
        if (same) severity = plugin::Severity::low;
        else if (const auto inside = inside_other_root(file.path); twin == nullptr && !inside.path.empty()) {
            const auto known = m_list.known(merged_path(inside.path));
            rights.mode &= ~known.mode, rights.capabilities &= ~known.capabilities;
            severity = std::min(severity, plugin::Severity::medium);
            if (rights.none() && inside.vouched) return {};
            if (rights.none()) rights = rights_of(file), severity = plugin::Severity::low;
        }
        const auto runners = runners_of(file, rights, m_groups);
        if (runners.who == Runners::Who::nobody) return {};
        const bool settled = severity > plugin::Severity::medium && is_settled_tool(file);
        TRY_ASSIGN(const std::string product, settled || severity <= plugin::Severity::medium ? base::Result<std::string>("") : came_with_product(file));
        if (settled || !product.empty()) severity = std::min(severity, plugin::Severity::medium);
        emit("privilege/setuid_unowned", file, rights, runners, severity, nullptr, settled, product, same ? twin_path : std::string());
        return {};
    }

    // A packaged program of this very content, or nullptr: of those in program folders, and of those that are known to give rights.
    const PackagedFile* packaged_twin(const DiskFile& file) const {
        if (file.md5.size() != 16) return nullptr;
        if (m_programs.empty())
            for (const auto& entry : m_court.packaged.files) {
                const auto md5 = m_court.packaged.expected_md5(entry);
                if (md5.empty()) continue;
                const auto folder = merged_path(m_court.packaged.folder_path(entry.folder));
                if (is_program_folder(folder) || m_list.known(merged_path(m_court.packaged.path_of(entry))).mode != 0) m_programs.emplace(md5, &entry);
            }
        const auto found = m_programs.find(file.md5);
        return found == m_programs.end() ? nullptr : found->second;
    }

    // The folder of a vendor's or maker's product in which a file lies, below the places that are made for such; "" where it is in none.
    std::string product_folder(const std::string& path) const {
        for (const std::string_view place : {"/opt/", "/usr/local/", "/usr/lib/", "/usr/libexec/"}) {
            if (!path.starts_with(place)) continue;
            auto end = path.find('/', place.size());
            if (end == std::string::npos) return {};
            const auto name = std::string_view(path).substr(place.size(), end - place.size());
            const bool local = place == "/usr/local/", shared = name == "bin" || name == "sbin" || name == "lib" || name == "libexec" || name == "share" || name == "games";
            if (local && shared) end = path.find('/', end + 1);
            if (end == std::string::npos) return {};
            // Among packages' own files nothing is a stranger's product.
            const auto folder = path.substr(0, end);
            return has_packaged_files(folder) ? std::string() : folder;
        }
        // A module of Node's says in its package.json that it is one, and brings its helpers along.
        const auto modules = path.find("/node_modules/");
        const auto module = modules == std::string::npos ? modules : path.find('/', modules + std::string_view("/node_modules/").size());
        return module == std::string::npos ? std::string() : path.substr(0, module);
    }

    // In it or below it.
    bool has_packaged_files(const std::string& folder) const {
        if (m_packaged_folders.empty()) {
            std::uint32_t last = Packaged::k_no_folder;
            for (const auto& entry : m_court.packaged.files) {
                if (entry.folder == last) continue;
                last = entry.folder;
                const auto& path = m_court.packaged.folder_path(entry.folder);
                for (auto end = path.find('/', 1); end != std::string::npos; end = path.find('/', end + 1)) m_packaged_folders.insert(path.substr(0, end));
                m_packaged_folders.insert(path);
            }
        }
        return m_packaged_folders.contains(folder);
    }

    // The product with which the file came: at least so many others were unpacked there with it.
    base::Result<std::string> came_with_product(const DiskFile& file) const {
        constexpr std::int64_t k_least_others = 8;
        if (file.path.find("/.") != std::string::npos || !file.changed) return std::string();
        if (file.md5.size() != 16 || packaged_twin(file) != nullptr) return std::string();
        const auto folder = product_folder(file.path);
        if (folder.empty()) return std::string();
        const bool module = folder.find("/node_modules/") != std::string::npos;
        const plugin::Value parameters[] = {m_court.scan.system ? plugin::Value(*m_court.scan.system) : plugin::Value(), std::string_view(folder), *file.changed - k_install_slack, *file.changed + k_install_slack, file.inode, k_least_others};
        std::int64_t others = 0;
        // What gives rights itself is no company: a cache of doors is no product.
        TRY(m_court.reader.query("SELECT 1 FROM file WHERE system IS ?1 AND (folder = ?2 OR substr(folder, 1, length(?2) + 1) = ?2 || '/') AND type = 1 AND name_allocated AND mode & 3072 = 0 AND c_s BETWEEN ?3 AND ?4 AND inode <> ?5 LIMIT ?6",
                                 parameters, [&](const plugin::RowView&) { return ++others, base::Next::go_on; }));
        if (others < k_least_others) return std::string();
        if (!module) return folder;
        const plugin::Value named[] = {parameters[0], std::string_view(folder)};
        bool described = false;
        TRY(m_court.reader.query("SELECT 1 FROM file WHERE system IS ?1 AND folder = ?2 AND name = 'package.json' AND type = 1 AND name_allocated LIMIT 1", named, [&](const plugin::RowView&) { return described = true, base::Next::stop; }));
        return described ? folder : std::string();
    }

    // Where administrators and vendors put tools of their own, in plain sight, long before the disk's last changes, and no copy
    // of a program that a package brings, as a shell with these rights is.
    bool is_settled_tool(const DiskFile& file) const {
        if (!file.path.starts_with("/usr/local/") && !file.path.starts_with("/opt/")) return false;
        if (file.path.find("/.") != std::string::npos) return false;
        return m_court.scan.is_settled(file) && file.md5.size() == 16 && packaged_twin(file) == nullptr;
    }

    std::int64_t allowed(const std::string& path) const {
        const auto found = m_overrides.find(path);
        return found == m_overrides.end() ? 0 : found->second;
    }

    // The kernel gives nothing to scripts; a group or an ordinary user's rights are little.
    static plugin::Severity grade(const DiskFile& file, const Rights& rights) {
        if ((rights.capabilities & k_root_capabilities) != 0) return plugin::Severity::high;
        const bool runs = file.is_elf() && (file.mode & 0111) != 0;
        if ((rights.mode & k_setuid) != 0) {
            if (file.uid >= k_first_person) return plugin::Severity::low;
            if (!runs) return file.uid == 0 && (file.mode & 0111) != 0 ? plugin::Severity::medium : plugin::Severity::low;
            return file.uid == 0 ? plugin::Severity::high : plugin::Severity::medium;
        }
        if ((rights.mode & k_setgid) != 0 && runs && file.gid < 100) return file.gid == 0 || file.gid == 42 || file.gid == 6 ? plugin::Severity::high : plugin::Severity::medium;
        return plugin::Severity::low;
    }

    bool given_by_package(const DiskFile& file, const Package& package) const {
        auto latest = package.list_changed;
        if (package.control_changed && (!latest || *package.control_changed > *latest)) latest = package.control_changed;
        return latest && file.changed && *file.changed <= *latest + k_install_slack;
    }

    struct OtherRoot {
        std::string path;      // the rest of the path; "" where it is in none
        bool vouched = false;  // by a list of packages of its own, or since only root comes to where the engine keeps it
    };
    // A container's layer, a chroot, the root of a machine that starts from here.
    OtherRoot inside_other_root(const std::string& path) const {
        static constexpr const char* k_lists[] = {"/var/lib/dpkg/info", "/var/lib/rpm", "/usr/lib/sysimage/rpm", "/lib/apk/db", "/usr/lib/apk/db", "/var/lib/pacman/local"};
        static constexpr std::string_view k_kept[] = {"/var/lib/docker/", "/var/lib/containers/", "/var/lib/containerd/", "/var/lib/lxc/", "/var/lib/lxd/", "/var/lib/incus/", "/var/lib/machines/", "/var/snap/lxd/"};
        for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
            const auto root = path.substr(0, slash);
            if (root == "/usr" || root == "/usr/local" || root == "/opt" || root == "/home") continue;
            const auto has = [&](const char* folder) { return m_court.links.exists(root + folder); };
            const bool layer = root.ends_with("/diff") || root.ends_with("/fs") || root.ends_with("/rootfs");
            const bool programs = has("/usr/bin") || has("/bin");
            if (!programs) continue;
            const bool listed = std::any_of(std::begin(k_lists), std::end(k_lists), has);
            const bool kept = std::any_of(std::begin(k_kept), std::end(k_kept), [&](std::string_view place) { return root.starts_with(place); });
            if (listed || layer || (has("/etc") && has("/var") && has("/usr/lib"))) return {path.substr(slash), listed || kept};
        }
        return {};
    }

    void emit(std::string_view rule, const DiskFile& file, const Rights& rights, const Runners& runners, plugin::Severity severity, const Package* package, bool settled = false, const std::string& product = {}, const std::string& twin = {}) const {
        auto head = m_court.head(rule, file.path);
        head.severity = severity;
        head.first = file.changed_at();
        std::string given;
        const auto add = [&](const std::string& text) { given += (given.empty() ? "" : ", ") + text; };
        if ((rights.mode & k_setuid) != 0) add("setuid " + std::to_string(file.uid));
        if ((rights.mode & k_setgid) != 0) add("setgid " + std::to_string(file.gid));
        if (rights.capabilities != 0) add(capability_names(rights.capabilities));
        static constexpr std::string_view k_who[] = {"nobody", "owner", "group", "listed", "everybody"};
        std::string members;
        for (std::size_t i = 0; i < runners.members.size() && i <= k_named_members; ++i) members += (i == 0 ? "" : ", ") + (i < k_named_members ? runners.members[i] : "...");
        const bool by_group = runners.who == Runners::Who::group;
        head.arguments = {{"path", file.path}, {"rights", given}, {"runs", std::string(k_who[static_cast<std::size_t>(runners.who)])}, {"group", by_group ? m_groups.name(file.gid) : ""},
                          {"members", members}, {"mode", fmt::format("{:04o}", file.mode)}, {"settled", settled ? rfc3339(file.changed, std::nullopt) : ""}, {"product", product}, {"same_as", twin}, {"package", package != nullptr ? package->title() : ""}, {"type", file.content_type},
                          {"changed", rfc3339(file.changed, file.changed_ns)}};
        m_court.sink.finding(head);
        auto item = file.item();
        if (package != nullptr) item.reference = plugin::Reference{"in_image", package->title(), "", "", ""};
        m_court.sink.item(item);
    }

    const Court& m_court;
    const PrivilegeList& m_list;
    std::map<std::string, std::int64_t> m_overrides;
    std::map<std::string, std::string> m_diverted;  // from where to, the package's own path
    Groups m_groups;
    mutable std::unordered_set<std::string> m_packaged_folders;  // and those above them; made when first asked for
    mutable std::unordered_map<std::string_view, const PackagedFile*> m_programs;  // by MD5; made when first asked for
};

}  // namespace

base::Result<void> PrivilegeList::load(const std::string& folder) {
    m_rows.clear(), m_scanned.clear();
    std::ifstream rows(folder + "/debian-setuid.tsv"), scanned(folder + "/debian-scanned.txt");
    if (!rows || !scanned) return base::fail(base::Errc::not_found, "the list of privileged files is missing in " + folder);
    std::string line;
    // path, mode, owner, group, capabilities, packages, releases
    while (std::getline(rows, line)) {
        if (line.empty() || line.front() == '#') continue;
        const auto fields = split(line);
        std::int64_t mode = 0;
        if (fields.size() < 6) return base::fail(base::Errc::corrupt, "a line of debian-setuid.tsv has too few fields: " + line);
        std::from_chars(fields[1].data(), fields[1].data() + fields[1].size(), mode, 8);
        const auto capabilities = fields[4] == "-" ? std::optional<std::uint64_t>(0) : capability_set(fields[4]);
        if (!capabilities) return base::fail(base::Errc::corrupt, "a line of debian-setuid.tsv names an unknown capability: " + line);
        auto& row = m_rows[merged_path(fields[0])];
        row.mode |= mode & (k_setuid | k_setgid), row.capabilities |= *capabilities;
    }
    while (std::getline(scanned, line))
        if (!line.empty() && line.front() != '#') m_scanned.insert(line);
    return {};
}

PrivilegeList::Row PrivilegeList::known(const std::string& merged) const {
    const auto found = m_rows.find(merged);
    return found == m_rows.end() ? Row() : found->second;
}

base::Result<void> judge_privilege(const Court& court, const PrivilegeList& list) { return Privileges(court, list).judge(); }

}  // namespace deadbox::plugins::binaries
