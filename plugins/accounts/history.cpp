// Accounts and memberships that were added after the installation: the files against their backups, the logs' records
// and the births of home folders, weighed against what vouches for a regular change. What an intruder left for a record
// vouches for nothing: this asks what others found, and comes behind them.
#include "plugin/detector.hpp"

#include <algorithm>
#include <span>

#include "accounts/book_detector.hpp"
#include "accounts/intruders.hpp"
#include "accounts/provenance.hpp"
#include "accounts/system_login.hpp"
#include "plugin/said_by.hpp"

namespace deadbox::plugins::accounts {
namespace {

using base::Next;
using plugin::Confidence;
using plugin::FindingHead;
using plugin::FindingSink;
using plugin::RowView;
using plugin::Severity;
using plugin::TimeBasis;

constexpr std::int64_t k_day = 86'400;
constexpr std::int64_t k_same_session = 120;  // seconds between sudo's record and what it ran
constexpr std::size_t k_most_homes = 20'000;
constexpr std::size_t k_most_findings = 1'000;

// Groups whose members command the machine, and those that let them read or reach much.
constexpr std::string_view k_commanding[] = {"sudo", "wheel", "admin", "root", "docker", "lxd", "incus-admin", "disk", "shadow", "sudoers", "kmem"};
constexpr std::string_view k_rooting[] = {"sudo", "wheel", "admin", "root", "sudoers"};  // of these, whose members become root
constexpr std::string_view k_reading[] = {"shadow", "disk", "kmem"};                           // who read what only root should
constexpr std::string_view k_near[] = {"adm", "libvirt"};

struct Home {
    std::optional<std::int64_t> inode;
    std::optional<base::Timestamp> made;
    std::optional<base::Timestamp> stood;  // by then at the latest: births and changes of inodes, which nobody sets
    bool own = false;                      // of this account alone
    bool written_after_packing = true;
    bool keys = false;
    std::optional<std::int64_t> keys_inode;
};

// How an account's addition is known.
struct Addition {
    const Account* account = nullptr;
    base::Timestamp time;
    TimeBasis basis = TimeBasis::modification;
    const Record* record = nullptr;
    std::string_view evidence;    // log, backup (passwd and passwd-), subuid (and subuid-), home, password
    bool late = false;            // written into a packed image
    bool without_record = false;  // the logs cover the time and say nothing
    std::optional<base::Timestamp> stood;  // the account was there by then at the latest
    Home home;
};

struct Vouching {
    std::string by;  // "" when nothing does
    std::string detail;
    std::optional<Intruders::Doubt> doubt;  // for which nothing does
    const Record* command = nullptr;        // that would have vouched
};

class History {
public:
    History(const plugin::CaseReader& reader, const AccountBook& book, const KnownAccounts& known, const Installation& installation,
            const Records& records, Intruders& intruders, FindingSink& sink)
        : m_reader(reader), m_book(book), m_known(known), m_installation(installation), m_records(records), m_intruders(intruders), m_sink(sink) {}

    base::Result<void> run() {
        TRY(find_written_after_packing());
        TRY(find_last_change());
        TRY(collect_additions());
        for (const auto& addition : m_additions) TRY(report(addition));
        removed();
        TRY(system_logins());
        return memberships();
    }

private:
    base::Result<void> find_written_after_packing() {
        const plugin::Value parameters[] = {m_book.system};
        return m_reader.query("SELECT name FROM file WHERE folder = '/etc' AND name IN ('passwd', 'group', 'subuid') AND name_allocated = 1 AND c_s >= b_s AND coalesce(system, 0) = ?",
                              parameters, [&](const RowView& row) {
                                  m_written_after_packing.emplace(row.text(0));
                                  return Next::go_on;
                              });
    }

    base::Result<void> find_last_change() {
        const plugin::Value parameters[] = {m_book.system};
        return m_reader.query("SELECT max(c_s) FROM file WHERE folder IN ('/etc', '/var/log') AND type = 1 AND name_allocated = 1 AND coalesce(system, 0) = ?", parameters, [&](const RowView& row) {
            m_last_change = row.maybe_integer(0);
            return Next::stop;
        });
    }

    // useradd copies /etc/skel: the inodes' changes are of that moment, whatever the copied modification times say. The
    // earliest of all traces counts, so that a home that was copied along with its system keeps its age.
    base::Result<Home> look_at(const Account& account) const {
        const auto& path = account.home;
        Home home;
        const auto slash = path.rfind('/');
        if (path.size() < 2 || slash == std::string::npos) return home;
        const auto parent = slash == 0 ? std::string("/") : path.substr(0, slash);
        const auto name = path.substr(slash + 1), keys = path + "/.ssh";
        const plugin::Value self[] = {std::string_view(parent), std::string_view(name), m_book.system};
        TRY(m_reader.query("SELECT inode, b_s, b_ns, c_s < b_s, m_s, m_ns, uid FROM file WHERE folder = ? AND name = ? AND name_allocated = 1 AND type = 2 AND coalesce(system, 0) = ?", self,
                           [&](const RowView& row) {
                               home.inode = row.integer(0);
                               if (!row.is_null(1)) home.made = home.stood = base::Timestamp{row.integer(1), static_cast<std::uint32_t>(row.integer(2))};
                               home.own = row.maybe_integer(6) == account.uid && !m_shared_homes.contains(path);
                               if (!row.is_null(4)) {
                                   const base::Timestamp modified{row.integer(4), static_cast<std::uint32_t>(row.integer(5))};
                                   if (!home.made || modified < *home.made) home.made = modified;
                               }
                               home.written_after_packing = row.is_null(3) || row.integer(3) == 0;
                               return Next::stop;
                           }));
        if (!home.inode) return home;
        const plugin::Value inside[] = {std::string_view(path), m_book.system};
        TRY(m_reader.query("SELECT c_s, c_ns FROM file WHERE folder = ? AND name IN ('.bash_logout', '.profile', '.bashrc', '.bash_profile') AND name_allocated = 1 "
                           "AND c_s IS NOT NULL AND coalesce(system, 0) = ?",
                           inside, [&](const RowView& row) {
                               const base::Timestamp changed{row.integer(0), static_cast<std::uint32_t>(row.integer(1))};
                               if (!home.made || changed < *home.made) home.made = changed;
                               if (!home.stood || changed < *home.stood) home.stood = changed;
                               return Next::go_on;
                           }));
        const plugin::Value ssh[] = {std::string_view(keys), m_book.system};
        TRY(m_reader.query("SELECT inode FROM file WHERE folder = ? AND name IN ('authorized_keys', 'authorized_keys2') AND size > 0 AND name_allocated = 1 AND coalesce(system, 0) = ?",
                           ssh, [&](const RowView& row) {
                               home.keys = true, home.keys_inode = row.integer(0);
                               return Next::stop;
                           }));
        return home;
    }

    // Ordinary accounts, and any that can be logged in to. Root's twins have a rule of their own; what packages make for
    // their services is not meant here.
    bool concerns(const Account& account) const {
        if (account.oddity == "nis" || !account.uid || *account.uid == 0 || account.user.empty()) return false;
        if (m_book.is_system_uid(*account.uid)) return m_book.can_log_in(account);
        return !m_known.contains(account.user) || m_book.can_log_in(account);
    }

    base::Result<void> collect_additions() {
        std::set<std::string_view> homes_seen;
        for (const auto& account : m_book.accounts)
            if (!homes_seen.insert(account.home).second) m_shared_homes.insert(account.home);
        std::size_t homes = 0;
        for (const auto& account : m_book.accounts) {
            if (!concerns(account)) continue;
            if (++homes > k_most_homes) break;
            Addition addition;
            addition.account = &account;
            TRY_ASSIGN(addition.home, look_at(account));
            if (by_record(addition) || by_backup(addition) || by_subordinate_ids(addition) || by_home(addition) || by_password(addition))
                m_additions.push_back(std::move(addition));
        }
        // Who was added without leave vouches for nobody later.
        std::stable_sort(m_additions.begin(), m_additions.end(), [](const Addition& a, const Addition& b) { return a.time < b.time; });
        for (const auto& addition : m_additions) {
            if (m_installation.covers(addition.time, addition.late)) continue;
            m_later_times.push_back(addition.time.seconds);
            m_later_days.push_back(addition.time.seconds / k_day);
        }
        std::sort(m_later_times.begin(), m_later_times.end());
        std::sort(m_later_days.begin(), m_later_days.end());
        m_later_days.erase(std::unique(m_later_days.begin(), m_later_days.end()), m_later_days.end());
        return {};
    }

    bool by_record(Addition& addition) const {
        addition.record = m_records.addition(addition.account->user);
        if (addition.record == nullptr) return false;
        addition.time = addition.record->time, addition.basis = TimeBasis::log, addition.evidence = "log";
        return true;
    }
    // What an account leaves itself: its home's making, unless the home shows an age at which the account was not there.
    std::optional<base::Timestamp> own_trace(const Addition& addition) const {
        const auto& home = addition.home;
        if (!home.own || !home.made) return std::nullopt;
        const auto& user = addition.account->user;
        const auto absent = m_book.earlier_account("root") != nullptr && m_book.earlier_account(user) == nullptr ? m_book.shown_until("passwd-") : std::nullopt;
        // A home that is much older than the line, where shadow- knows the account: taken out and put back.
        const bool put_back = m_book.earlier_password(user) != nullptr;
        return absent && home.made->seconds < absent->seconds - k_day && !put_back ? std::nullopt : home.made;
    }
    void set_stood(Addition& addition, std::initializer_list<std::string_view> files) const {
        auto& stood = addition.stood;
        if (own_trace(addition)) stood = addition.home.stood;
        for (const auto file : files)
            if (const auto found = m_book.files.find(file); found != m_book.files.end() && found->second.changed && (!stood || *found->second.changed < *stood)) stood = found->second.changed;
    }
    // When the file was written, or when the account's own traces came about where those are older.
    void set_time(Addition& addition, const Moment& written, std::string_view evidence, std::string_view file) const {
        addition.time = *written.time, addition.basis = written.basis, addition.evidence = evidence, addition.late = m_written_after_packing.contains(std::string(file));
        if (const auto own = own_trace(addition); own && *own < addition.time) addition.time = *own, addition.basis = TimeBasis::birth;
        set_stood(addition, {"passwd", file});
    }
    // The last change of passwd: what it has and its backup has not.
    bool by_backup(Addition& addition) const {
        const auto passwd = m_book.written("passwd");
        if (!passwd.time || m_book.earlier_account("root") == nullptr || m_book.earlier_account(addition.account->user) != nullptr) return false;
        set_time(addition, passwd, "backup", "passwd");
        return true;
    }
    // useradd gives each ordinary account a range in subuid, and only then is that file changed: it remembers the last
    // addition through all later changes of passwd, for as long as nobody is added. So it says that, and not when.
    bool by_subordinate_ids(Addition& addition) const {
        const auto subuid = m_book.written("subuid");
        const auto& user = addition.account->user;
        if (!subuid.time || m_book.earlier_subordinate.empty() || !m_book.subordinate.contains(user) || m_book.earlier_subordinate.contains(user)) return false;
        set_time(addition, subuid, "subuid", "subuid");
        return true;
    }
    // The home was made within a day before the last change of passwd, or in a time that the logs cover without a word;
    // and the password was not set before it, as it is where homes were moved or restored.
    bool by_home(Addition& addition) const {
        const auto& made = addition.home.made;
        const auto* password = m_book.password(addition.account->user);
        const auto passwd = m_book.written("passwd").time;
        if (!made || password == nullptr || !password->last_change || *password->last_change * k_day < made->seconds - 2 * k_day) return false;
        const bool recent = passwd && made->seconds >= passwd->seconds - k_day && made->seconds <= passwd->seconds + k_day;
        addition.without_record = covered(*made);
        // In a system that was copied since, the home's own modification may be of any later day than its making.
        if ((!recent && !addition.without_record) || m_installation.copied_after(*made)) return false;
        addition.time = *made, addition.basis = TimeBasis::birth, addition.evidence = "home", addition.late = addition.home.written_after_packing;
        set_stood(addition, {"passwd"});
        return true;
    }
    // Without a home: a password of the day on which passwd was changed last, days after the installation.
    bool by_password(Addition& addition) const {
        const auto* password = m_book.password(addition.account->user);
        const auto passwd = m_book.written("passwd").time;
        if (addition.home.inode || password == nullptr || !password->last_change || !passwd || password->state != "set") return false;
        if (std::abs(*password->last_change - passwd->seconds / k_day) > 1) return false;
        addition.time = {std::min(*password->last_change * k_day + k_day - 1, passwd->seconds), 0};
        addition.evidence = "password", addition.late = m_written_after_packing.contains("passwd");
        set_stood(addition, {"passwd"});
        // The day alone does not tell the installation from what came after it on the same day.
        return !m_installation.covers({*password->last_change * k_day - k_day, 0}, false) && !m_installation.covers(addition.time, addition.late);
    }

    // The authentication logs begin before this moment and go on after it.
    bool covered(base::Timestamp time) const {
        return m_records.first && m_records.last && *m_records.first < time.seconds - k_day && time.seconds + k_day < *m_records.last;
    }

    bool in_commanding_group(std::string_view user) const {
        return std::any_of(m_book.groups.begin(), m_book.groups.end(), [&](const Group& group) {
            return std::find(std::begin(k_commanding), std::end(k_commanding), group.name) != std::end(k_commanding) && group.members.contains(std::string(user));
        });
    }

    // What speaks for a regular change at this moment. Who guessed a password may have written any record of the hours after,
    // but not under the name of somebody whose own session it was.
    base::Result<Vouching> vouching(base::Timestamp time, std::string_view user, std::initializer_list<std::string_view> commands, bool logged) const {
        Vouching none;
        if (logged) {
            const Record* trusted = nullptr;
            const auto after = [](const Record& record, std::int64_t s) { return record.time.seconds < s; };
            const auto names = [&](const Record* record) { return record != nullptr && record->command.find(user) != std::string::npos; };
            const auto& list = m_records.commands;
            for (auto place = std::lower_bound(list.begin(), list.end(), time.seconds - k_same_session, after); place != list.end() && place->time.seconds <= time.seconds; ++place) {
                const auto& record = *place;
                if (record.user == user) continue;
                const bool means = std::any_of(commands.begin(), commands.end(), [&](std::string_view word) { return record.command.find(word) != std::string::npos; });
                // Who vouches must stand on firm ground: an account of its own, older than this one.
                const auto* by = m_book.account(record.user);
                const auto* added = m_records.addition(record.user);
                const bool ordinary = by != nullptr && by->uid && !m_book.is_system_uid(*by->uid) && (added == nullptr || added->time < time);
                if (!means || !ordinary) continue;
                TRY_ASSIGN(auto doubt, m_intruders.doubt(m_reader, record.user, *by->uid, record.time, record.tty));
                if (!doubt && *by->uid == 0) {
                    TRY_ASSIGN(doubt, m_intruders.about(m_reader, record.time));
                }
                if (!doubt) {
                    if (!names(trusted)) trusted = &record;
                } else if (!none.doubt || (doubt->intruder && !none.doubt->intruder)) {
                    none.doubt = doubt, none.command = &record;
                }
            }
            if (trusted != nullptr && (!none.doubt || names(trusted) || !names(none.command))) return Vouching{"sudo", trusted->user, std::nullopt, nullptr};
        }
        if (!none.doubt || !none.doubt->intruder) {
            TRY_ASSIGN(auto about, m_intruders.about(m_reader, time));
            if (about) none.doubt = std::move(about), none.command = nullptr;
        }
        if (none.doubt || !logged) return none;
        TRY_ASSIGN(const bool packages, package_activity(m_reader, time, 5));
        if (packages) none.by = "package";
        return none;
    }

    // It was there before the logs begin, months before the machine was last used, and nothing else of that time points to an
    // intruder: what the files still tell of it says no more than that somebody was added last.
    bool is_long_standing(const std::optional<base::Timestamp>& stood) const {
        constexpr std::int64_t k_long = 60 * k_day;
        if (!stood || !m_last_change || *m_last_change - stood->seconds < k_long) return false;
        return (!m_records.first || stood->seconds < *m_records.first - k_day) && !m_intruders.broken_into_around(*stood);
    }

    // Hosting panels and busy administrators add accounts all the time: on three earlier days after the installation.
    // Homes without a record that were made in one hour came by a move.
    bool is_routine(const Addition& addition) const {
        const auto t = addition.time.seconds;
        const auto earlier = std::lower_bound(m_later_days.begin(), m_later_days.end(), t / k_day) - m_later_days.begin();
        const auto around = std::upper_bound(m_later_times.begin(), m_later_times.end(), t + 3600) - std::lower_bound(m_later_times.begin(), m_later_times.end(), t - 3600);
        return earlier >= 3 || (addition.without_record && around >= 2);
    }

    base::Result<void> report(const Addition& addition) {
        const auto& account = *addition.account;
        const bool raised = in_commanding_group(account.user);
        TRY_ASSIGN(auto vouched, vouching(addition.time, account.user, {"useradd", "adduser", "newusers", "vipw", "ansible"}, addition.record != nullptr));
        const bool installed = !vouched.doubt && m_installation.covers(addition.time, addition.late);
        if (installed && (addition.evidence != "backup" || raised || addition.home.keys)) return {};
        if (installed) vouched.by = "installation";
        else if (!vouched.doubt && vouched.by.empty() && !raised && is_routine(addition)) vouched.by = "routine";
        else if (!vouched.doubt && vouched.by.empty() && is_long_standing(addition.stood)) vouched.by = "age";
        auto head = head_of(m_book, "new_account", account.user);
        if (!vouched.by.empty()) head.severity = Severity::low;
        if (addition.evidence == "home" || addition.evidence == "password") head.confidence = Confidence::possible;
        // Of a day alone it is not known that an intruder was there then.
        if (vouched.doubt && vouched.doubt->intruder && addition.evidence != "password") head.severity = Severity::high;
        if (head.severity != Severity::low && head.confidence != Confidence::possible) m_intruders.add(account.user, addition.time, head.severity == Severity::high);
        head.arguments.emplace_back("uid", std::to_string(*account.uid));
        head.arguments.emplace_back("home", account.home);
        head.arguments.emplace_back("shell", account.shell.empty() ? std::string("/bin/sh") : account.shell);
        head.arguments.emplace_back("password", m_book.password_state(account));
        head.arguments.emplace_back("evidence", addition.evidence);
        head.arguments.emplace_back("vouched", vouched.by.empty() ? "nothing" : vouched.by);
        tell(vouched, head);
        head.first = addition.time, head.basis = addition.basis, head.last = m_book.written("passwd").time;
        if (!begin(head)) return {};
        m_sink.item(item_of(account));
        if (const auto* password = m_book.password(account.user)) m_sink.item(item_of(*password));
        if (addition.record != nullptr) emit(*addition.record);
        if (vouched.command != nullptr) emit(*vouched.command);
        if (addition.home.inode) {
            plugin::Item item;
            item.inode = addition.home.inode, item.key = account.user, item.kind = plugin::KeyKind::account;
            m_sink.item(item);
        }
        if (addition.home.keys_inode) {
            plugin::Item item;
            item.inode = addition.home.keys_inode, item.key = account.user, item.kind = plugin::KeyKind::account;
            m_sink.item(item);
        }
        return {};
    }

    static void tell(const Vouching& vouched, FindingHead& head) {
        if (!vouched.detail.empty()) head.arguments.emplace_back("by", vouched.detail);
        if (!vouched.doubt) return;
        if (vouched.command != nullptr) head.arguments.emplace_back("giver", vouched.command->user);
        if (vouched.doubt->address.empty()) return;
        head.arguments.emplace_back("guessed", vouched.doubt->address);
        head.arguments.emplace_back("guessed" + std::string(plugin::k_said_by), vouched.doubt->finding);
    }

    void emit(const Record& record) {
        plugin::Item item;
        item.inode = record.inode, item.key = record.user, item.kind = plugin::KeyKind::account;
        if (record.line) item.line = static_cast<std::uint64_t>(*record.line);
        if (record.offset) item.offset = static_cast<std::uint64_t>(*record.offset);
        m_sink.item(item);
    }

    bool begin(const FindingHead& head) {
        if (++m_count > k_most_findings) {
            if (m_count == k_most_findings + 1)
                m_sink.gap({base::Gap::Level::limit, "accounts", "more findings about accounts than are listed", "/etc/passwd", ""});
            return false;
        }
        m_sink.finding(head);
        return true;
    }

    void removed() {
        std::set<std::string> told;
        for (const auto& earlier : m_book.earlier_accounts) {
            if (earlier.oddity == "nis" || m_book.account(earlier.user) != nullptr || !earlier.uid || m_book.is_system_uid(*earlier.uid)) continue;
            if (!told.insert(earlier.user).second) continue;
            auto head = head_of(m_book, "removed_account", earlier.user);
            head.arguments.emplace_back("uid", std::to_string(*earlier.uid));
            const auto written = m_book.written("passwd");
            head.first = written.time, head.basis = written.basis;
            if (!begin(head)) return;
            m_sink.item(item_of(earlier));
        }
        for (const auto& record : m_records.removals) {
            if (m_book.account(record.user) != nullptr || !told.insert(record.user).second) continue;
            const auto* added = m_records.addition(record.user);
            if (added == nullptr || (added->uid && m_book.is_system_uid(*added->uid)) || added->time > record.time) continue;
            auto head = head_of(m_book, "removed_account", record.user);
            // Here and gone within a week: nobody's account.
            if (record.time.seconds - added->time.seconds < 7 * k_day) head.severity = Severity::low;
            head.arguments.emplace_back("uid", added->uid ? std::to_string(*added->uid) : "?");
            head.first = added->time, head.last = record.time, head.basis = TimeBasis::log;
            if (!begin(head)) return;
            emit(*added);
            emit(record);
        }
    }

    // Accounts of the system that can be logged in to. Administrators open some for a job, too: what tells is a command of theirs,
    // an age beyond all that is examined, or, for keys alone, that nothing else on the machine points to an intruder then.
    base::Result<void> system_logins() {
        TRY_ASSIGN(const auto keys, read_keys(m_reader, m_book));
        std::set<std::string_view> told;
        for (const auto& account : m_book.accounts) {
            auto login = system_login(m_book, m_known, keys, account);
            if (!login || account.oddity == "nis" || !told.insert(account.user).second) continue;
            Vouching vouched;
            if (login->severity == Severity::high && login->since.time) {
                TRY_ASSIGN(vouched, vouching(*login->since.time, account.user, {"usermod", "useradd", "adduser", "chsh", "vipw", "passwd", "ansible"}, true));
                const bool unaccused = !login->password && !m_intruders.accused(*login->since.time);
                if (!vouched.doubt && vouched.by.empty()) vouched.by = is_long_standing(login->since.time) ? "age" : unaccused ? "nobody" : "";
                if (!vouched.doubt && !vouched.by.empty()) login->severity = Severity::medium;
            }
            auto head = head_of(m_book, "system_account_login", account.user);
            head.severity = login->severity;
            describe(m_book, account, head);
            if (login->keys != nullptr) head.arguments.emplace_back("keys", login->keys->path);
            if (login->severity == Severity::medium && !vouched.by.empty()) head.arguments.emplace_back("vouched", vouched.by);
            tell(vouched, head);
            date(head, login->since);
            head.last = login->until;
            if (!begin(head)) return {};
            if (login->since.time && login->severity >= Severity::medium) m_intruders.add(account.user, *login->since.time, false);
            emit_lines(m_book, account, m_sink);
            if (login->keys == nullptr) continue;
            plugin::Item item;
            item.inode = login->keys->inode, item.key = account.user, item.kind = plugin::KeyKind::account;
            m_sink.item(item);
        }
        return {};
    }

    const Group* earlier_group(std::string_view name) const {
        for (const auto& group : m_book.earlier_groups)
            if (group.name == name) return &group;
        return nullptr;
    }

    // One finding a user, whatever the number of groups.
    struct Raise {
        base::Timestamp time;
        TimeBasis basis = TimeBasis::modification;
        std::string groups;
        bool commanding = false, rooting = false;
        std::vector<const Group*> lines;
        std::vector<const Record*> records;
    };

    // A member that no distribution and no package makes one, whatever the backup says: an account that the system begins with,
    // in a group that commands the machine or reads its secrets; and any service's in one whose members become root.
    bool is_strange_member(const Account& account, const Group& group) const {
        if (!account.uid || *account.uid == 0 || !m_book.is_system_uid(*account.uid) || m_known.has_shell_by_design(account.user)) return false;
        if (*account.uid < 100) return is_among(k_rooting, group) || is_among(k_reading, group);
        return is_among(k_rooting, group) && !m_book.gives_commands(account.shell);
    }
    // By its name, or by the number of the group of that name.
    bool is_among(std::span<const std::string_view> names, const Group& group) const {
        return std::any_of(m_book.groups.begin(), m_book.groups.end(), [&](const Group& one) {
            return (&one == &group || (group.gid && one.gid == group.gid)) && std::find(names.begin(), names.end(), one.name) != names.end();
        });
    }

    void raise(std::map<std::string, Raise>& raises, const Group& group, bool commanding) {
        const auto* before = earlier_group(group.name);
        const auto live = m_book.written("group");
        for (const auto& user : group.members) {
            const Record* record = m_records.membership(user, group.name);
            const bool beside_backup = before != nullptr && !before->members.contains(user);
            const auto* account = m_book.account(user);
            const bool strange = commanding && account != nullptr && is_strange_member(*account, group);
            if (record == nullptr && !((beside_backup || strange) && live.time)) continue;
            if (account != nullptr && account->uid && *account->uid == 0) continue;
            // Packages put their services into such groups.
            if (!strange && account != nullptr && account->uid && m_book.is_system_uid(*account->uid) && !m_book.gives_commands(account->shell)) continue;
            auto [place, first] = raises.try_emplace(user);
            auto& one = place->second;
            const auto time = record != nullptr ? record->time : *live.time;
            if (first || time < one.time) one.time = time, one.basis = record != nullptr ? TimeBasis::log : live.basis;
            one.groups += (one.groups.empty() ? "" : ", ") + group.name;
            one.commanding |= commanding;
            one.rooting |= is_among(k_rooting, group);
            one.lines.push_back(&group);
            if (record != nullptr) one.records.push_back(record);
        }
    }

    // The first commands through sudo, by user. Who gave one was a member by then, whatever the file's last writing says: another line
    // may have been changed by it. Asked for where a file alone dates somebody.
    base::Result<std::map<std::string, Record>> first_uses(const std::map<std::string, Raise>& raises) const {
        std::map<std::string, Record> uses;
        if (std::none_of(raises.begin(), raises.end(), [](const auto& raise) { return raise.second.rooting && raise.second.basis != TimeBasis::log; })) return uses;
        const plugin::Value system[] = {m_book.system};
        TRY(m_reader.query("SELECT user, min(s), ns, inode, line, offset FROM logged WHERE +type = 'auth.sudo.command' "
                           "AND coalesce((SELECT t.system FROM tree t WHERE t.id = inode >> 44), ?1) = ?1 GROUP BY user",
                           system, [&](const RowView& row) {
                               if (!raises.contains(std::string(row.text(0)))) return Next::go_on;
                               auto& use = uses[std::string(row.text(0))];
                               use.type = "auth.sudo.command", use.user = row.text(0);
                               use.time = {row.integer(1), static_cast<std::uint32_t>(row.integer(2))};
                               use.inode = row.maybe_integer(3), use.line = row.maybe_integer(4), use.offset = row.maybe_integer(5);
                               return Next::go_on;
                           }));
        return uses;
    }

    base::Result<void> memberships() {
        std::map<std::string, Raise> raises;
        for (const auto& group : m_book.groups) {
            const bool commanding = is_among(k_commanding, group);
            if (commanding || std::find(std::begin(k_near), std::end(k_near), group.name) != std::end(k_near)) raise(raises, group, commanding);
        }
        TRY_ASSIGN(const auto uses, first_uses(raises));
        for (auto& [user, one] : raises) {
            const auto use = uses.find(user);
            if (use != uses.end() && one.rooting && one.basis != TimeBasis::log && use->second.time < one.time) {
                one.time = use->second.time, one.basis = TimeBasis::log;
                one.records.push_back(&use->second);
            }
            const bool late = one.basis != TimeBasis::log && m_written_after_packing.contains("group");
            TRY_ASSIGN(auto vouched, vouching(one.time, user, {"usermod", "adduser", "useradd", "gpasswd", "groupmod", "vigr", "ansible"}, !one.records.empty()));
            if (!vouched.doubt && m_installation.covers(one.time, late)) continue;
            const auto group = m_book.files.find("group");
            const bool recorded = one.basis == TimeBasis::log;
            if (!vouched.doubt && vouched.by.empty() && !recorded && group != m_book.files.end() && is_long_standing(group->second.changed)) vouched.by = "age";
            auto head = head_of(m_book, "admin_group_added", user);
            if (vouched.doubt && vouched.doubt->intruder) head.severity = Severity::high;
            if (!one.commanding || !vouched.by.empty()) head.severity = Severity::low;
            // An account that the system begins with has no business there.
            const auto* account = m_book.account(user);
            const bool first_ones = account != nullptr && account->uid.value_or(1000) < 100 && !m_known.has_shell_by_design(user);
            // To read other files of the machine is what jobs of an administrator's may need, where nothing else happened.
            if (one.commanding && vouched.by.empty() && first_ones && (one.rooting || vouched.doubt || m_intruders.accused(one.time))) head.severity = Severity::high;
            head.arguments.emplace_back("groups", one.groups);
            head.arguments.emplace_back("vouched", vouched.by.empty() ? "nothing" : vouched.by);
            tell(vouched, head);
            head.first = one.time, head.basis = one.basis, head.last = m_book.written("group").time;
            if (!begin(head)) return {};
            for (const auto* line : one.lines) m_sink.item(item_of(*line, user));
            for (const auto* record : one.records) emit(*record);
            if (vouched.command != nullptr) emit(*vouched.command);
        }
        return {};
    }

    const plugin::CaseReader& m_reader;
    const AccountBook& m_book;
    const KnownAccounts& m_known;
    const Installation& m_installation;
    const Records& m_records;
    Intruders& m_intruders;
    FindingSink& m_sink;
    std::optional<std::int64_t> m_last_change;  // of what machines write while they run
    std::set<std::string, std::less<>> m_shared_homes;
    std::set<std::string> m_written_after_packing;
    std::vector<Addition> m_additions;
    std::vector<std::int64_t> m_later_times, m_later_days;  // of additions after the installation, sorted
    std::size_t m_count = 0;
};

class AccountHistoryDetector final : public BookDetector {
    base::Result<void> judge(const plugin::CaseReader& reader, const std::vector<AccountBook>& books, FindingSink& sink) const override {
        TRY_ASSIGN(auto installations, Installation::read(reader));
        TRY_ASSIGN(auto records, Records::read(reader));
        TRY_ASSIGN(auto intruders, Intruders::read(reader));
        for (const auto& book : books) TRY(History(reader, book, known(), installations[book.system], records[book.system], intruders[book.system], sink).run());
        return {};
    }
};

}  // namespace

const plugin::Detector& account_history_detector() {
    static const AccountHistoryDetector detector;
    return detector;
}

}  // namespace deadbox::plugins::accounts
