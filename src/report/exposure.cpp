#include "report/exposure.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/paths.hpp"
#include "case/view_files.hpp"
#include "plugin/network_address.hpp"
#include "report/access.hpp"
#include "report/area_files.hpp"
#include "report/exposed_databases.hpp"
#include "report/exposure_logs.hpp"
#include "report/findings.hpp"

namespace deadbox::report {
namespace {

using case_file::Statement;
using case_file::View;

// Accounts that web servers run as: what a webshell can do, whoever owns its file.
constexpr std::array<std::string_view, 10> k_web_accounts{"www-data", "apache", "nginx", "http", "wwwrun", "www", "httpd", "lighttpd", "caddy", "tomcat"};
constexpr std::array<std::string_view, 3> k_admin_groups{"sudo", "wheel", "admin"};

constexpr std::int64_t k_before_first_sign = 3600;  // s: the first sign need not be the first deed
constexpr std::int64_t k_before_command = 7 * 86400;  // s, and a command may be his who left no sign for days
// The rule of commands that would send data: a history or sudo's log has them, whether or not they did.
constexpr std::string_view k_given = "exfiltration/sent";
// One that stands in a request to a webshell is its user's.
constexpr std::string_view k_given_to_webshell = "exfiltration/webshell_command";
// And of credentials that a web server gave out.
constexpr std::string_view k_served = "exfiltration/secret_served";

// Accounts and groups of the machines, as far as access needs them.
class Accounts {
public:
    static base::Result<Accounts> load(const View& view) {
        Accounts a;
        TRY_ASSIGN(const bool there, view.has_table("account"));
        if (!there) return a;
        TRY(each(view, "SELECT system, uid, user, gid FROM account WHERE source = 'passwd' AND uid IS NOT NULL ORDER BY id", [&](const Statement& row) {
            const std::pair id(row.integer(0), row.integer(1));
            a.m_names.emplace(id, row.text(2));
            a.m_ids.emplace(std::pair(row.integer(0), std::string(row.text(2))), row.integer(1));
            if (!row.is_null(3)) a.m_groups[id].insert(row.integer(3));
        }));
        TRY(each(view, "SELECT system, user, group_name FROM group_member WHERE source = 'group' ORDER BY id", [&](const Statement& row) { a.m_member[{row.integer(0), std::string(row.text(1))}].insert(std::string(row.text(2))); }));
        TRY(each(view, "SELECT system, group_name, gid FROM account_group WHERE source = 'group' AND gid IS NOT NULL ORDER BY id", [&](const Statement& row) {
            a.m_group_ids.emplace(std::pair(row.integer(0), std::string(row.text(1))), row.integer(2));
        }));
        return a;
    }
    std::string name(std::int64_t system, std::int64_t uid) const {
        const auto found = m_names.find({system, uid});
        return found == m_names.end() ? std::string() : found->second;
    }
    std::optional<std::int64_t> id(std::int64_t system, const std::string& user) const {
        const auto found = m_ids.find({system, user});
        return found == m_ids.end() ? std::nullopt : std::optional(found->second);
    }
    Rights rights(std::int64_t system, std::int64_t uid) const {
        Rights r{system, uid, {}};
        if (const auto own = m_groups.find({system, uid}); own != m_groups.end()) r.groups = own->second;
        if (const auto member = m_member.find({system, name(system, uid)}); member != m_member.end())
            for (const auto& group : member->second)
                if (const auto gid = m_group_ids.find({system, group}); gid != m_group_ids.end()) r.groups.insert(gid->second);
        return r;
    }
    bool administers(std::int64_t system, std::int64_t uid) const {
        const auto member = m_member.find({system, name(system, uid)});
        return member != m_member.end() && std::any_of(k_admin_groups.begin(), k_admin_groups.end(), [&](auto group) { return member->second.contains(std::string(group)); });
    }

private:
    template <class Visit>
    static base::Result<void> each(const View& view, std::string_view sql, Visit&& visit) {
        TRY_ASSIGN(Statement row, view.prepare(sql));
        for (;;) {
            TRY_ASSIGN(const bool more, row.step());
            if (!more) return {};
            visit(row);
        }
    }
    using Id = std::pair<std::int64_t, std::int64_t>;
    using Name = std::pair<std::int64_t, std::string>;
    std::map<Id, std::string> m_names;
    std::map<Name, std::int64_t> m_ids, m_group_ids;
    std::map<Id, std::set<std::int64_t>> m_groups;
    std::map<Name, std::set<std::string>> m_member;
};

// Accounts whose password somebody logged in with, by (system, name).
using Used = std::set<std::pair<std::int64_t, std::string>>;
// Whose rights the findings show, by (system, uid).
using Shown = std::map<std::pair<std::int64_t, std::int64_t>, ExposureRight>;

class RightsFinder {
public:
    RightsFinder(const Accounts& accounts, const Texts& texts, const Redactor& redactor) : m_accounts(accounts), m_texts(texts), m_redactor(redactor) {}

    base::Result<Shown> find(const View& view, const std::vector<ReportFinding>& findings) {
        TRY(load_web_roots(view));
        TRY_ASSIGN(Statement users, view.prepare("SELECT json_extract(arguments, '$.user'), ifnull(json_extract(arguments, '$.method'), ''), ifnull(json_extract(arguments, '$.service'), ''), ifnull(json_extract(arguments, '$.became'), '') FROM finding WHERE id = ?1"));
        TRY_ASSIGN(Statement keys, view.prepare("SELECT DISTINCT key FROM finding_item WHERE finding = ?1 AND key IS NOT NULL ORDER BY key LIMIT 100"));
        for (const auto& f : findings) {
            if (!shows_intruder(f)) continue;
            if (const auto why = why_used(f.rule); !why.empty() && f.system) {
                users.reset();
                users.bind(1, f.id);
                TRY_ASSIGN(const bool told, users.step());
                if (told) use_all(f, users.text(0), why, is_by_password(users.text(1), users.text(2))), use_all(f, users.text(3), "became", false);
            }
            if (f.rule.starts_with("correlation/")) continue;  // their items are other findings'
            const bool web = f.question == "webshells" || f.question == "defacement";
            for (const auto& item : f.items) {
                if (!item.inode || !item.system || !is_of_intruder(f)) continue;
                if (web && is_served(item)) web_server(f, item);
                else if (item.uid != 0) add(f, *item.system, item.uid, "owner");
                else if (item.type == "file" && (item.mode & 0022) == 0) add(f, *item.system, 0, "root_file");
            }
            if (f.question != "entry" || !f.system) continue;
            keys.reset();
            keys.bind(1, f.id);
            for (;;) {
                TRY_ASSIGN(const bool more, keys.step());
                if (!more) break;
                use(f, std::string(keys.text(0)), "login", f.rule == "ssh/brute_force_success");
            }
        }
        return std::move(m_shown);
    }
    const Used& used() const { return m_used; }

private:
    // Are its files what an intruder changed or planted, and not the records that tell of him? An account without a password may
    // have been so before.
    static bool is_of_intruder(const ReportFinding& f) {
        return f.question != "entry" && f.question != "data_taken" && f.question != "other_hosts" && f.rule != "accounts/empty_password" && !f.rule.starts_with("packages/");
    }
    // Rules that name accounts which an intruder had a session with.
    static std::string_view why_used(std::string_view rule) {
        return rule == "exfiltration/transfer" ? "transfer" : rule == "correlation/account_used" || rule == "correlation/open_account_used" || rule == "correlation/intruder_login" || rule == "correlation/stranger_sends" ? "login" : "";
    }
    // A key opens a session without the password; so may sftp, whose log does not say.
    static bool is_by_password(std::string_view method, std::string_view service) {
        return (method.empty() || method == "password" || method.starts_with("keyboard")) && service.find("sftp") == std::string_view::npos && service.find("ssh") == std::string_view::npos;
    }
    // Somebody had a session with the account: what it reads lay open to him, and what its group allows.
    void use(const ReportFinding& f, const std::string& user, std::string_view why, bool by_password) {
        const auto uid = m_accounts.id(*f.system, user);
        if (!uid) return;
        add(f, *f.system, *uid, why);
        if (by_password) m_used.emplace(*f.system, user);
        if (why == "login" && *uid != 0 && m_accounts.administers(*f.system, *uid)) add(f, *f.system, 0, "administrator");  // a server of files runs no commands
    }
    // `users`: the accounts that the finding names, as its detector wrote them.
    void use_all(const ReportFinding& f, std::string_view users, std::string_view why, bool by_password) {
        for (std::size_t at = 0; at < users.size();) {
            const auto end = std::min(users.find(", ", at), users.size());
            use(f, std::string(users.substr(at, end - at)), why, by_password);
            at = end + 2;
        }
    }
    // What no web server gives out runs nowhere by itself.
    bool is_served(const ReportItem& item) const {
        const auto roots = m_web_roots.find(*item.system);
        return roots == m_web_roots.end() || !item.path || std::any_of(roots->second.begin(), roots->second.end(), [&](const auto& root) { return base::is_at_or_below(*item.path, root); });
    }
    base::Result<void> load_web_roots(const View& view) {
        TRY_ASSIGN(const bool there, view.has_table("web_root"));
        if (!there) return {};
        TRY_ASSIGN(Statement row, view.prepare("SELECT DISTINCT ifnull(system, 0), path FROM web_root WHERE path LIKE '/_%'"));
        for (;;) {
            TRY_ASSIGN(const bool more, row.step());
            if (!more) return {};
            m_web_roots[row.integer(0)].emplace_back(row.text(1));
        }
    }
    void web_server(const ReportFinding& f, const ReportItem& item) {
        if (item.uid != 0) add(f, *item.system, item.uid, "web_owner");
        for (const auto account : k_web_accounts)
            if (const auto uid = m_accounts.id(*item.system, std::string(account))) return add(f, *item.system, *uid, "web_server");
    }
    void add(const ReportFinding& f, std::int64_t system, std::int64_t uid, std::string_view why) {
        auto& right = m_shown[{system, uid}];
        if (right.findings.empty()) {
            right.system = system, right.uid = uid, right.user = m_redactor.name(m_accounts.name(system, uid));
            right.why = m_texts.of(fmt::format("exposure.right.{}", why), {{"user", right.user.empty() ? std::to_string(uid) : right.user}, {"finding", f.title}});
        }
        if (std::find(right.findings.begin(), right.findings.end(), f.id) == right.findings.end()) right.findings.push_back(f.id);
    }

    const Accounts& m_accounts;
    const Texts& m_texts;
    const Redactor& m_redactor;
    Shown m_shown;
    Used m_used;
    std::map<std::int64_t, std::vector<std::string>> m_web_roots;  // by system
};

// What of the machine those rights reach.
class Reach {
public:
    static base::Result<Reach> open(const View& view, const Shown& shown, const Accounts& accounts) {
        TRY_ASSIGN(Access access, Access::open(view));
        Reach reach(std::move(access));
        for (const auto& [id, right] : shown) reach.m_rights.push_back(accounts.rights(id.first, id.second));
        // Who needs least comes first: it says most.
        std::sort(reach.m_rights.begin(), reach.m_rights.end(), [](const auto& a, const auto& b) { return std::pair(a.uid == 0, a.uid) < std::pair(b.uid == 0, b.uid); });
        return reach;
    }
    struct By {
        std::int64_t uid = 0;
        std::string_view how;  // "" where nobody reaches it
    };
    bool reaches(std::int64_t system) const {
        return std::any_of(m_rights.begin(), m_rights.end(), [&](const auto& rights) { return rights.system == system; });
    }
    base::Result<By> of(std::int64_t system, std::int64_t inode) {
        for (const auto& rights : m_rights) {
            if (rights.system != system) continue;
            TRY_ASSIGN(const auto how, m_access.reads(rights, inode));
            if (!how.empty()) return By{rights.uid, how};
        }
        return By{};
    }

private:
    explicit Reach(Access access) : m_access(std::move(access)) {}
    Access m_access;
    std::vector<Rights> m_rights;
};

base::Result<std::vector<ExposedArea>> exposed_areas(const View& view, Reach& reach, const Texts& texts) {
    std::map<std::pair<std::string_view, std::int64_t>, ExposedArea> areas;  // by kind and machine
    TRY(for_each_file_of(view, {}, [&](std::string_view id, const Statement& row) -> base::Result<void> {
        TRY_ASSIGN(const auto by, reach.of(row.integer(0), row.integer(1)));
        if (by.how.empty()) return {};
        auto& area = areas[{id, row.integer(0)}];
        area.system = row.integer(0);
        ++area.files, area.bytes += row.integer(2);
        return {};
    }));
    std::vector<ExposedArea> all;
    for (const auto id : k_area_order) {
        for (auto found = areas.lower_bound({id, 0}); found != areas.end() && found->first.first == id; ++found) {
            found->second.id = id, found->second.title = texts.of(fmt::format("exposure.areas.{}", id));
            all.push_back(std::move(found->second));
        }
    }
    return all;
}

// Cases that were filled before version 3 of the topic do not have the places where a password is used.
base::Result<bool> has_places(const View& view) {
    TRY_ASSIGN(Statement row, view.prepare("SELECT count(*) FROM pragma_table_info('credential') WHERE name IN ('host', 'database')"));
    TRY_ASSIGN(const bool more, row.step());
    return more && row.integer(0) == 2;
}

// What is the intruder's own: nobody has to change it.
class Owned {
public:
    static base::Result<Owned> load(const View& view, const std::vector<ReportFinding>& findings) {
        Owned owned;
        for (const auto& f : findings) {
            if (f.state == "dismissed" || !f.rule.starts_with("webshell/") || f.rule == "webshell/appended" || f.rule == "webshell/text") continue;  // of a page of the site the rest is the site's; of a log or a mail too
            for (const auto& item : f.items)
                if (item.inode && !is_named_for_settings(item.path.value_or(""))) (f.rule == "webshell/resembling" ? owned.m_perhaps : owned.m_files).insert(*item.inode);
        }
        TRY(owned.spare_settings_files(view));
        TRY_ASSIGN(Statement row, view.prepare("SELECT id, ifnull(system, 0), coalesce(json_extract(arguments, '$.user'), subject) FROM finding WHERE rule IN ('accounts/uid_zero_twin', 'accounts/new_account') "
                                               "OR (rule = 'correlation/account_used' AND json_extract(arguments, '$.named') IN ('uid_zero_twin', 'new_account')) ORDER BY rule, id"));
        for (;;) {
            TRY_ASSIGN(const bool more, row.step());
            if (!more) return owned;
            const auto shown = std::find_if(findings.begin(), findings.end(), [&](const auto& f) { return f.id == row.text(0) && shows_intruder(f); });
            if (shown != findings.end()) owned.m_accounts.emplace(std::pair(row.integer(1), std::string(row.text(2))), shown->id);
        }
    }
    // Settings with an intruder's line in them are still the site's: what says where it is used (a database, another machine, a known
    // application) opens something that is not his, and what stands beside it belongs to it.
    static bool says_where(std::string_view kind, std::string_view application, std::string_view host) { return kind == "database_password" || !application.empty() || !host.empty(); }
    // `known_place`: the credential says where it is used.
    bool has(std::int64_t inode, bool known_place) const { return m_files.contains(inode) || (!known_place && m_perhaps.contains(inode)); }
    bool is_account(std::int64_t system, std::string_view user) const { return m_accounts.contains({system, std::string(user)}); }
    // By (system, name): the finding that says so.
    const std::map<std::pair<std::int64_t, std::string>, std::string>& accounts() const { return m_accounts; }

private:
    // config.php, settings.inc: should an intruder call his own file so, one password too many is changed.
    static bool is_named_for_settings(std::string_view path) {
        std::string name(path.substr(path.rfind('/') + 1));
        std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        return name.find("config") != std::string::npos || name.find("setting") != std::string::npos;
    }
    base::Result<void> spare_settings_files(const View& view) {
        TRY_ASSIGN(const bool there, view.has_table("credential"));
        if (!there || m_files.empty()) return {};
        TRY_ASSIGN(const bool places, has_places(view));
        TRY_ASSIGN(Statement row, view.prepare(fmt::format("SELECT kind, ifnull(application, ''), {} FROM credential WHERE inode = ?1", places ? "ifnull(host, '')" : "''")));
        for (auto file = m_files.begin(); file != m_files.end();) {
            row.reset();
            row.bind(1, *file);
            bool of_the_site = false;
            for (;;) {
                TRY_ASSIGN(const bool more, row.step());
                if (!more) break;
                of_the_site |= says_where(row.text(0), row.text(1), row.text(2));
            }
            file = of_the_site ? m_files.erase(file) : std::next(file);
        }
        return {};
    }

    std::set<std::int64_t> m_files;    // from their first byte to their last
    std::set<std::int64_t> m_perhaps;  // an application that only resembles a webshell may have a database of its own
    std::map<std::pair<std::int64_t, std::string>, std::string> m_accounts;
};

class CredentialLister {
public:
    // `used`: accounts that somebody logged in with, by (system, name).
    CredentialLister(Reach& reach, const Accounts& accounts, const Texts& texts, const Redactor& redactor, Exposure& exposure, case_file::Files files, const Used& used, const Owned& owned)
        : m_reach(reach), m_accounts(accounts), m_texts(texts), m_redactor(redactor), m_exposure(exposure), m_files(std::move(files)), m_used(used), m_owned(owned) {}

    // Columns: system, inode, kind, setting, application, account, protection, line, host, database.
    base::Result<void> list(const View& view, std::string_view table, std::string_view sql) {
        TRY_ASSIGN(const bool there, view.has_table(table));
        if (!there) return {};
        TRY_ASSIGN(Statement row, view.prepare(sql));
        for (;;) {
            TRY_ASSIGN(const bool more, row.step());
            if (!more) return {};
            TRY(one(table, row));
        }
    }

    const std::vector<DatabasePassword>& databases() const { return m_databases; }

private:
    base::Result<void> one(std::string_view table, const Statement& row) {
        const std::int64_t system = row.integer(0), inode = row.integer(1);
        const auto kind = row.text(2);
        if (m_owned.has(inode, kind == "database_password" || !row.text(5).empty() || !row.text(8).empty())) return {};
        if ((kind == "account_password" || kind == "no_password" || row.text(3) == "gecos") && m_owned.is_account(system, row.text(5))) return {};
        TRY_ASSIGN(const auto by, m_reach.of(system, inode));
        const bool open = kind == "no_password", used = table == "password" && kind == "account_password" && m_used.contains({system, std::string(row.text(5))});
        if (open ? !m_reach.reaches(system) : by.how.empty() && !used) return {};
        ++m_exposure.credential_count;
        const bool listed = m_exposure.credentials.size() < k_credentials;
        if (!listed && kind != "database_password") return {};
        TRY_ASSIGN(const auto file, m_files.of(inode));
        if (kind == "database_password") m_databases.push_back({system, std::string(row.text(8)), std::string(row.text(9)), std::string(row.text(5)), file ? file->path : std::string()});
        if (!listed) return {};
        ExposedCredential c;
        c.system = system, c.kind = kind, c.title = m_texts.of("exposure.kind." + c.kind);
        c.setting = m_redactor.text(row.text(3)), c.application = m_redactor.text(row.text(4)), c.account = m_redactor.text(row.text(5)), c.protection = row.text(6), c.line = row.maybe_integer(7);
        c.host = m_redactor.text(row.text(8)), c.database = m_redactor.text(row.text(9));
        if (file) {
            c.path = m_redactor.name(file->path), c.ref = m_files.ref_of(*file);
            const auto owner = m_accounts.name(system, file->uid);
            c.owner = owner.empty() ? std::to_string(file->uid) : m_redactor.name(owner);
        }
        if (open) c.why = m_texts.of("exposure.why.no_password", {{"user", c.account}});
        else if (used) c.why = m_texts.of("exposure.why.used", {{"user", c.account}});
        else {
            const auto reader = m_accounts.name(system, by.uid);
            c.why = m_texts.of(fmt::format("exposure.why.{}", by.how), {{"user", reader.empty() ? std::to_string(by.uid) : m_redactor.name(reader)}});
        }
        m_exposure.credentials.push_back(std::move(c));
        return {};
    }

    Reach& m_reach;
    const Accounts& m_accounts;
    const Texts& m_texts;
    const Redactor& m_redactor;
    Exposure& m_exposure;
    case_file::Files m_files;
    const Used& m_used;
    const Owned& m_owned;
    std::vector<DatabasePassword> m_databases;
};

base::Result<void> list_credentials(const View& view, CredentialLister& lister) {
    TRY_ASSIGN(const bool accounts, view.has_table("account"));
    if (accounts) {
        TRY(lister.list(view, "password", "SELECT a.system, coalesce(p.inode, a.inode), 'no_password', '', '', a.user, '', coalesce(p.line, a.line), '', '' FROM account a LEFT JOIN password p ON p.system IS a.system AND p.user = a.user AND p.source = 'shadow' "
                                          "WHERE a.source = 'passwd' AND a.inode IS NOT NULL AND NOT (ifnull(a.shell, '') LIKE '%/nologin' OR ifnull(a.shell, '') LIKE '%/false') AND (a.password = 'empty' OR (a.password = 'shadowed' AND p.state = 'empty')) GROUP BY a.system, a.user ORDER BY a.system, min(a.line)"));
    }
    TRY(lister.list(view, "password", "SELECT system, min(inode), 'account_password', min(scheme), '', user, 'hashed', min(line), '', '' FROM password WHERE state = 'set' AND inode IS NOT NULL "
                                      "GROUP BY system, user ORDER BY system, min(line), user"));
    TRY_ASSIGN(const bool there, view.has_table("credential"));
    if (!there) return {};
    TRY_ASSIGN(const bool places, has_places(view));
    return lister.list(view, "credential", fmt::format("SELECT c.system, c.inode, c.kind, ifnull(c.setting, ''), ifnull(c.application, ''), ifnull(c.account, ''), ifnull(c.protection, ''), c.line, {} FROM credential c "
                                                       "LEFT JOIN inode_path p ON p.inode = c.inode WHERE c.inode IS NOT NULL "
                                                       // A backup of shadow that says what shadow says is no other credential.
                                                       "AND NOT (c.kind = 'account_password' AND p.path IN ('/etc/shadow-', '/etc/passwd-') AND EXISTS (SELECT 1 FROM password w WHERE w.system IS c.system AND w.hash = c.value AND w.source IN ('shadow', 'passwd'))) "
                                                       "GROUP BY c.id ORDER BY c.system, p.path, c.line, c.id",
                                                       places ? "ifnull(c.host, ''), ifnull(c.\"database\", '')" : "'', ''"));
}

// What servers gave out, as their logs of transfers have it: most went to its owners. Of a session that names no file only what is too
// much for a list of names; they have no index by kind, and are looked for in the hours that have some.
base::Result<std::int64_t> downloads_on_record(const View& view) {
    TRY_ASSIGN(Statement row, view.prepare("SELECT (SELECT ifnull(sum(count), 0) FROM event_hour WHERE kind IN (SELECT id FROM kind WHERE type = 'file.download')) + "
                                           "(SELECT count(*) FROM kind k CROSS JOIN event_hour h ON h.kind = k.id CROSS JOIN event e ON e.s >= h.hour * 3600 AND e.s < h.hour * 3600 + 3600 AND +e.kind = k.id "
                                           "CROSS JOIN string g ON g.id = e.arguments WHERE k.type = 'file.session' AND json_extract(g.value, '$.direction') = 'out' "
                                           "AND ifnull(json_extract(g.value, '$.listed'), 0) = 0 AND json_extract(g.value, '$.sent') >= 1048576)"));
    TRY_ASSIGN(const bool more, row.step());
    return more ? row.integer(0) : 0;
}

// Who fetched it logged in here, and that was an intruder's login.
base::Result<std::set<std::pair<std::optional<std::int64_t>, std::string>>> addresses_of_logins(const View& view, const std::vector<ReportFinding>& findings) {
    std::set<std::pair<std::optional<std::int64_t>, std::string>> all;
    TRY_ASSIGN(Statement row, view.prepare("SELECT json_extract(arguments, '$.address') FROM finding WHERE id = ?1"));
    for (const auto& f : findings) {
        if (!shows_intruder(f) || (f.rule != "correlation/intruder_login" && f.rule != "correlation/stranger_sends")) continue;
        row.reset();
        row.bind(1, f.id);
        TRY_ASSIGN(const bool there, row.step());
        if (there && !row.is_null(0)) all.emplace(f.system, row.text(0));
    }
    return all;
}

// Transfers that a finding of weight joins to a break-in: what is only possible by itself is likely with it, and the answer says no less.
base::Result<std::set<std::string, std::less<>>> transfers_of_break_ins(const View& view, const std::vector<ReportFinding>& findings) {
    std::set<std::string, std::less<>> all;
    TRY_ASSIGN(Statement row, view.prepare("SELECT ifnull(json_extract(arguments, '$.rests_on'), '') FROM finding WHERE id = ?1"));
    for (const auto& f : findings) {
        if (f.rule != "correlation/break_in_then_taken" || !shows_intruder(f)) continue;
        row.reset();
        row.bind(1, f.id);
        TRY_ASSIGN(const bool there, row.step());
        std::string_view ids = there ? row.text(0) : std::string_view();
        ids.remove_prefix(std::min(ids.find(' '), ids.size()));  // what it begins with is the break-in
        while (!ids.empty()) {
            ids.remove_prefix(1);
            const auto end = std::min(ids.find(' '), ids.size());
            all.emplace(ids.substr(0, end));
            ids.remove_prefix(end);
        }
    }
    TRY_ASSIGN(const auto addresses, addresses_of_logins(view, findings));
    if (addresses.empty()) return all;
    for (const auto& f : findings)
        if (shows_transfer(f) && std::any_of(f.items.begin(), f.items.end(), [&](const auto& item) { return addresses.contains({f.system, item.key}); })) all.insert(f.id);
    return all;
}

// A machine that is not of one's own network by its address, or by a name with a domain.
bool is_outside(const std::string& target) { return target.find_first_of(".:") != std::string::npos && !plugin::is_private(target); }

// Credentials that whoever asked was given: the finding names nobody.
bool is_for_everybody(const ReportFinding& f) {
    return f.rule == k_served && std::all_of(f.items.begin(), f.items.end(), [](const auto& item) { return item.key.empty(); });
}

}  // namespace

// Rules whose own record is the transfer: the line of a server has the bytes that it sent.
bool shows_transfer(const ReportFinding& finding) {
    return finding.rule == "exfiltration/web_download" || finding.rule == k_served || finding.rule == "exfiltration/webshell_answer" || finding.rule == "exfiltration/transfer";
}

base::Result<Exposure> build_exposure(const View& view, const std::vector<ReportFinding>& findings, const std::vector<CoverageRow>& coverage, const Texts& texts, const Redactor& redactor, const SystemNames& systems) {
    Exposure e;
    TRY_ASSIGN(const Accounts accounts, Accounts::load(view));
    RightsFinder finder(accounts, texts, redactor);
    TRY_ASSIGN(Shown shown, finder.find(view, findings));
    TRY_ASSIGN(Reach reach, Reach::open(view, shown, accounts));
    TRY_ASSIGN(const Owned owned, Owned::load(view, findings));
    for (const auto& [account, finding] : owned.accounts()) e.intruder_accounts.push_back({account.first, redactor.name(account.second), finding});
    if (!shown.empty()) {
        TRY_ASSIGN(e.areas, exposed_areas(view, reach, texts));
        TRY_ASSIGN(case_file::Files files, case_file::Files::open(view));
        CredentialLister lister(reach, accounts, texts, redactor, e, std::move(files), finder.used(), owned);
        TRY(list_credentials(view, lister));
        TRY_ASSIGN(auto databases, databases_by_password(view, lister.databases(), texts, redactor));
        e.area_count = static_cast<std::int64_t>(e.areas.size()) + databases.count;
        e.areas.insert(e.areas.begin(), std::make_move_iterator(databases.areas.begin()), std::make_move_iterator(databases.areas.end()));
    }
    for (auto& [id, right] : shown) e.rights.push_back(std::move(right));
    TRY_ASSIGN(e.logs, exposure_logs(view, findings, coverage, texts, redactor, systems));
    bool likely_given = false, unrelated = false;  // recorded: a transfer is, that may have been the intruder's
    // Taken is what went to somebody: where nothing else shows an intruder on that machine, an address that nobody vouches for may be
    // an administrator's.
    const auto intruder_on = [&](std::optional<std::int64_t> system) {
        return std::any_of(findings.begin(), findings.end(), [&](const auto& f) { return shows_intruder(f) && (!system || !f.system || f.system == system); });
    };
    // What somebody whom nothing accuses fetched or sent before anybody had broken in was not taken by an intruder; and credentials that had
    // lain open before were taken by whoever came.
    const auto is_before_intruder = [&](const ReportFinding& transfer) {
        const bool command = transfer.rule == k_given;
        if ((!command && transfer.rule != "exfiltration/web_download" && transfer.rule != k_served) || !transfer.last_seen) return false;
        const auto margin = command ? k_before_command : k_before_first_sign;
        const auto& when = transfer.rule == k_served && transfer.first_seen ? transfer.first_seen : transfer.last_seen;
        bool anybody = false, since = false;
        for (const auto& f : findings) {
            if (!shows_intruder(f) || f.question == "data_taken" || (f.system && f.system != transfer.system)) continue;
            anybody = true;
            since |= !f.first_seen || f.first_seen->seconds - margin <= when->seconds;
        }
        return !since && (anybody || !command);  // where nobody is shown, a command may itself be the sign
    };
    TRY_ASSIGN(const auto joined, transfers_of_break_ins(view, findings));
    for (const auto& f : findings) {
        if (f.question != "data_taken" || f.state == "dismissed" || f.rule.starts_with("correlation/")) continue;
        const bool medium = f.severity >= plugin::Severity::medium, likely = medium && f.confidence >= plugin::Confidence::likely;
        if (f.rule == k_given_to_webshell) {
            if (medium) e.given.push_back(f.id), likely_given |= likely;
        } else if (f.rule == k_given) {
            if (!is_before_intruder(f) && (likely || (intruder_on(f.system) && (medium || is_outside(f.subject))))) e.given.push_back(f.id), likely_given |= likely;
            else unrelated |= medium;
        } else if ((medium || (is_for_everybody(f) && intruder_on(f.system))) && shows_transfer(f)) {
            if ((likely || joined.contains(f.id)) && intruder_on(f.system) && !is_before_intruder(f)) e.findings.push_back(f.id);
            else e.recorded.push_back(f.id);
        }
    }
    // Where nobody else is shown to have been there, a command that is only possibly an intruder's is an administrator's.
    const bool given = !e.given.empty() && (!e.rights.empty() || likely_given);
    e.answer = !e.findings.empty() ? "shown_taken" : !e.areas.empty() || !e.credentials.empty() || given ? "reachable" : "cannot_say";
    const bool only_given = e.answer == "reachable" && e.areas.empty() && e.credentials.empty();
    TRY_ASSIGN(const std::int64_t downloads, downloads_on_record(view));
    if (!only_given && e.answer != "shown_taken" && !e.recorded.empty()) e.text = texts.of("exposure.answer." + e.answer + "_recorded") + " ";
    else if (!only_given) e.text = texts.of("exposure.answer." + e.answer + "_text") + " ";
    if (e.findings.empty() && e.recorded.empty() && downloads > 0) e.text += texts.of(downloads == 1 ? "exposure.one_download" : "exposure.downloads", {{"count", std::to_string(downloads)}}) + " ";
    if (!e.given.empty() && e.findings.empty()) e.text += texts.of("exposure.given") + " ";
    if (e.given.empty() && unrelated) e.text += texts.of("exposure.given_unrelated") + " ";
    e.text += texts.of("exposure.limit");
    return e;
}

void write_exposure(JsonWriter& json, const Exposure& e) {
    json.begin_object().member("answer", e.answer).member("text", e.text).member("findings", e.findings).member("given", e.given).member("recorded", e.recorded).key("rights").begin_array();
    for (const auto& r : e.rights) json.begin_object().member("system", r.system).member_or_null("user", r.user).member("uid", r.uid).member("why", r.why).member("findings", r.findings).end_object();
    json.end_array().key("logs").begin_array();
    for (const auto& l : e.logs) {
        json.begin_object().member("id", l.id).member("system", l.system).member("title", l.title).member("state", l.state).member("text", l.text).member("files", l.files).member("bytes", l.bytes);
        json.member("from", l.from).member("to", l.to).member_or_null("period_basis", l.period_basis).member("paths", l.paths).end_object();
    }
    json.end_array().member("area_count", e.area_count).key("areas").begin_array();
    for (const auto& a : e.areas) json.begin_object().member("id", a.id).member("title", a.title).member("files", a.files).member("bytes", a.bytes).member("system", a.system).member_or_null("host", a.host).member_or_null("database", a.database).member_or_null("account", a.account).member("here", a.here).end_object();
    json.end_array().member("credential_count", e.credential_count).key("credentials").begin_array();
    for (const auto& c : e.credentials) {
        json.begin_object().member("kind", c.kind).member("title", c.title).member("system", c.system).bytes_member("path", c.path).member_or_null("ref", c.ref).member("line", c.line);
        json.member_or_null("owner", c.owner).member_or_null("account", c.account).member_or_null("host", c.host).member_or_null("database", c.database).member_or_null("application", c.application).member_or_null("setting", c.setting);
        json.member_or_null("protection", c.protection).member("why", c.why).end_object();
    }
    json.end_array().key("intruder_accounts").begin_array();
    for (const auto& account : e.intruder_accounts) json.begin_object().member("system", account.system).member("user", account.user).member("finding", account.finding).end_object();
    json.end_array().end_object();
}

}  // namespace deadbox::report
