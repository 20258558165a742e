#include "correlation/login_records.hpp"

#include <algorithm>

#include "plugin/topic.hpp"

namespace deadbox::plugins::correlation {
namespace {

using base::Next;
using plugin::RowView;

constexpr std::size_t k_most = 200'000;

// By the kinds' ids: events have no index by kind.
constexpr std::string_view k_select =
    "SELECT e.s, e.ns, e.inode, e.line, e.offset, u.value, coalesce(a.value, json_extract(g.value, '$.host'), ''), json_extract(g.value, '$.method'), k.type, p.value, "
    "(SELECT ifnull(t.system, 0) FROM tree t WHERE t.id = e.inode >> 44), json_extract(g.value, '$.tty') FROM event e CROSS JOIN kind k ON k.id = e.kind LEFT JOIN string u ON u.id = e.user "
    "LEFT JOIN string a ON a.id = e.address LEFT JOIN string p ON p.id = e.process LEFT JOIN string g ON g.id = e.arguments "
    "WHERE e.kind IN (SELECT id FROM kind WHERE type IN ('auth.login.success', 'login.session.start'))";

Login login_in(const RowView& row) {
    Login login;
    login.time = {row.integer(0), static_cast<std::uint32_t>(row.integer(1))};
    login.inode = row.maybe_integer(2), login.line = row.maybe_integer(3), login.offset = row.maybe_integer(4);
    login.user = row.text(5), login.address = row.text(6), login.method = row.text(7), login.process = row.text(9);
    login.system = row.integer(10);
    if (row.text(8) == "login.session.start") login.record = Login::Record::session;
    if (login.address.starts_with(':')) login.address = login.address == "::1" ? login.address : std::string();  // a display, of the machine itself
    return login;
}

void sort(std::vector<Login>& logins) {
    std::stable_sort(logins.begin(), logins.end(), [](const Login& a, const Login& b) { return a.time < b.time; });
}

// lastlog knows the last one only, and the account by its number. Where several have that number, it is nobody's alone.
base::Result<void> add_last_logins(const plugin::CaseReader& reader, const std::set<std::string, std::less<>>& users, std::vector<Login>& all) {
    if (plugin::find_table("last_login") == nullptr || plugin::find_table("account") == nullptr) return {};
    return reader.query(
        "SELECT l.login_time_s, l.login_time_ns, l.inode, a.user, ifnull(l.login_host, ''), ifnull(l.system, 0), CASE WHEN l.login_user IS NULL THEN (SELECT group_concat(name, ', ') FROM "
        "(SELECT DISTINCT o.user AS name FROM account o WHERE o.system IS a.system AND o.source = 'passwd' AND o.uid = a.uid AND o.user <> a.user ORDER BY o.user LIMIT 20)) END "
        "FROM account a JOIN last_login l ON l.system IS a.system "
        "AND (l.login_user = a.user OR (l.login_user IS NULL AND l.login_uid = a.uid AND a.uid <> 0)) WHERE a.source = 'passwd' AND l.login_time_s > 0 ORDER BY l.id, a.id",
        [&](const RowView& row) {
            if (!users.contains(row.text(3))) return Next::go_on;
            Login login;
            login.record = Login::Record::last;
            login.time = {row.integer(0), static_cast<std::uint32_t>(row.integer(1))};
            login.inode = row.maybe_integer(2), login.user = row.text(3), login.address = row.text(4), login.system = row.integer(5), login.shared = row.text(6);
            all.push_back(std::move(login));
            return all.size() < k_most ? Next::go_on : Next::stop;
        });
}

// "3,17": the row ids of these words, where events have them.
base::Result<std::string> ids_of(const plugin::CaseReader& reader, const std::set<std::string, std::less<>>& words) {
    std::string ids;
    for (const auto& word : words) {
        const plugin::Value value[] = {std::string_view(word)};
        TRY(reader.query("SELECT id FROM string WHERE value = ? AND shared = 1", value, [&](const RowView& row) {
            ids += (ids.empty() ? "" : ",") + std::to_string(row.integer(0));
            return Next::stop;
        }));
    }
    return ids;
}

// A record of a number that several accounts share, where the log or wtmp has the very login under another name: hers, not his.
base::Result<void> drop_those_of_others(const plugin::CaseReader& reader, std::vector<Login>& all) {
    constexpr std::int64_t k_near = 60;
    for (auto& login : all) {
        if (login.shared.empty()) continue;
        TRY_ASSIGN(const auto near, logins_between(reader, login.time.seconds - k_near, login.time.seconds + k_near));
        const auto is_of = [&](const Login& other) { return (other.system == login.system || other.system == 0) && (other.address == login.address || other.address.empty()); };
        const bool own = std::any_of(near.begin(), near.end(), [&](const Login& other) { return is_of(other) && other.user == login.user; });
        const bool others = std::any_of(near.begin(), near.end(), [&](const Login& other) { return is_of(other) && (", " + login.shared + ", ").find(", " + other.user + ", ") != std::string::npos; });
        if (own) login.shared.clear();
        else if (others) login.user.clear();
    }
    std::erase_if(all, [](const Login& login) { return login.user.empty(); });
    return {};
}

}  // namespace

base::Result<std::vector<Login>> logins_of(const plugin::CaseReader& reader, const std::set<std::string, std::less<>>& users) {
    TRY_ASSIGN(const auto ids, ids_of(reader, users));
    std::vector<Login> all;
    if (!ids.empty())
        TRY(reader.query(std::string(k_select) + " AND e.user IN (" + ids + ") ORDER BY +e.s, +e.ns, +e.id", [&](const RowView& row) {
            all.push_back(login_in(row));
            return all.size() < k_most ? Next::go_on : Next::stop;
        }));
    std::vector<Login> last;
    TRY(add_last_logins(reader, users, last));
    TRY(drop_those_of_others(reader, last));
    all.insert(all.end(), std::make_move_iterator(last.begin()), std::make_move_iterator(last.end()));
    sort(all);
    return all;
}

base::Result<std::vector<Login>> logins_from(const plugin::CaseReader& reader, const std::set<std::string, std::less<>>& addresses) {
    TRY_ASSIGN(const auto ids, ids_of(reader, addresses));
    std::vector<Login> all;
    if (ids.empty()) return all;
    TRY(reader.query(std::string(k_select) + " AND e.address IN (" + ids + ") ORDER BY +e.s, +e.ns, +e.id", [&](const RowView& row) {
        all.push_back(login_in(row));
        return all.size() < k_most ? Next::go_on : Next::stop;
    }));
    return all;
}

base::Result<std::vector<Login>> logins_between(const plugin::CaseReader& reader, std::int64_t from, std::int64_t to) {
    std::vector<Login> all;
    const plugin::Value stretch[] = {from, to};
    TRY(reader.query(std::string(k_select) + " AND e.s BETWEEN ? AND ? ORDER BY e.s, e.ns, e.id", stretch, [&](const RowView& row) {
        all.push_back(login_in(row));
        return all.size() < k_most ? Next::go_on : Next::stop;
    }));
    return all;
}

base::Result<std::vector<Login>> logins_before(const plugin::CaseReader& reader, std::int64_t until) {
    std::vector<Login> all;
    const plugin::Value end[] = {until};
    TRY(reader.query(std::string(k_select) + " AND +e.s <= ? ORDER BY +e.s, +e.ns, +e.id", end, [&](const RowView& row) {
        all.push_back(login_in(row));
        return all.size() < k_most ? Next::go_on : Next::stop;
    }));
    return all;
}

bool is_same_login(const Login& a, const Login& b) {
    constexpr std::int64_t k_near = 60;  // s: sshd writes its line before the session begins
    return a.user == b.user && a.record != b.record && (a.address == b.address || a.address.empty() || b.address.empty()) && std::abs(a.time.seconds - b.time.seconds) <= k_near;
}

plugin::Item item_of(const Login& login) {
    plugin::Item item;
    item.inode = login.inode, item.key = login.user, item.kind = plugin::KeyKind::account;
    if (login.line && *login.line > 0) item.line = static_cast<std::uint64_t>(*login.line);
    else if (login.offset) item.offset = static_cast<std::uint64_t>(*login.offset);
    if (login.record == Login::Record::log && login.process.starts_with("sshd") && !login.method.empty()) item.excerpt = "Accepted " + login.method + " for " + login.user;
    return item;
}

}  // namespace deadbox::plugins::correlation
