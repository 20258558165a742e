#include "case/view_machine.hpp"

#include "case/view_clock.hpp"

namespace deadbox::case_file {
namespace {

constexpr std::int64_t k_same_start = 300;  // seconds
constexpr std::int64_t k_most_users = 500;

}  // namespace

base::Result<std::vector<base::Timestamp>> boots(const View& view, std::int64_t system, std::size_t most) {
    // By the hours that have boots: looking for them among all events would take as long as reading all events.
    TRY_ASSIGN(Statement rows, view.prepare("SELECT e.s, e.ns FROM kind k CROSS JOIN event_hour h ON h.kind = k.id CROSS JOIN event e ON e.s >= h.hour * 3600 AND e.s < h.hour * 3600 + 3600 AND +e.kind = k.id "
                                            "JOIN tree t ON t.id = e.inode >> 44 WHERE k.type IN ('login.boot', 'kernel.boot') AND t.system = ?1 ORDER BY e.s DESC, e.ns DESC, e.id DESC"));
    rows.bind(1, system);
    TRY_ASSIGN(const Clock clock, clock_of(view));
    std::vector<base::Timestamp> all;
    while (all.size() < most) {
        TRY_ASSIGN(const bool more, rows.step());
        if (!more) break;
        const auto time = clock.corrected({rows.integer(0), static_cast<std::uint32_t>(rows.integer(1))});
        if (all.empty() || all.back().seconds - time.seconds > k_same_start) all.push_back(time);
        else all.back() = time;  // the first record of a start is its moment
    }
    return all;
}

base::Result<std::vector<MachineUser>> people(const View& view, std::int64_t system) {
    std::vector<MachineUser> all;
    TRY_ASSIGN(const bool accounts, view.has_table("account"));
    if (!accounts) return all;
    TRY_ASSIGN(const Clock clock, clock_of(view));
    TRY_ASSIGN(const bool logins, view.has_table("last_login"));
    const std::string last = logins ? "(SELECT max(l.login_time_s) FROM last_login l WHERE l.system = a.system AND (l.login_uid = a.uid OR l.login_user = a.user))" : "NULL";
    TRY_ASSIGN(Statement rows, view.prepare("SELECT a.id, a.user, a.shell, a.uid, " + last + " FROM account a WHERE a.system = ?1 AND a.source = 'passwd' AND (a.uid = 0 OR (a.uid >= 1000 AND a.uid < 65534)) "
                                            "ORDER BY a.uid, a.user LIMIT ?2"));
    rows.bind(1, system).bind(2, k_most_users);
    for (;;) {
        TRY_ASSIGN(const bool more, rows.step());
        if (!more) return all;
        MachineUser& user = all.emplace_back();
        user.fact = rows.integer(0), user.name = rows.text(1), user.shell = rows.text(2), user.uid = rows.integer(3);
        if (!rows.is_null(4)) user.last_login = clock.corrected({rows.integer(4), 0});
    }
}

}  // namespace deadbox::case_file
