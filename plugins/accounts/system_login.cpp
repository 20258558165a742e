#include "accounts/system_login.hpp"

#include <algorithm>

namespace deadbox::plugins::accounts {
namespace {

constexpr std::int64_t k_seconds_of_day = 86'400;

// One that the system begins with, which a password opens and which starts a program that was not given to it: whatever that is
// called, it does not close the account.
bool has_foreign_shell(const AccountBook& book, const Account& account) {
    if (*account.uid >= 100 || !book.is_unknown_shell(account.shell) || !book.password_opens(account)) return false;
    const auto* earlier = book.earlier_account(account.user);
    const auto shipped = book.shipped_shells.find(account.user);
    return (earlier != nullptr && earlier->shell != account.shell) || (shipped != book.shipped_shells.end() && shipped->second != account.shell);
}

// Has a shell now, and had none in the backup.
bool shell_since_backup(const AccountBook& book, const Account& account) {
    const auto* earlier = book.earlier_account(account.user);
    return earlier != nullptr && !book.gives_commands(earlier->shell) && (book.gives_commands(account.shell) || has_foreign_shell(book, account));
}

Moment earlier_of(const Moment& a, const Moment& b) { return b.time && (!a.time || *b.time < *a.time) ? b : a; }

// Many accounts that no password opens bear the day on which the system was installed. A password of that day may be of any.
bool is_day_of_the_closed(const AccountBook& book, std::int64_t day) {
    std::size_t closed = 0;
    for (const auto& one : book.passwords) closed += one.last_change == day && one.state != "set" && one.state != "empty";
    return closed >= 3;
}

}  // namespace

base::Result<Keys> read_keys(const plugin::CaseReader& reader, const AccountBook& book) {
    Keys all;
    for (const auto& account : book.accounts) {
        if (!account.uid || !book.is_system_uid(*account.uid) || !book.gives_commands(account.shell) || account.home.size() < 2 || all.contains(account.home)) continue;
        const auto folder = account.home + "/.ssh";
        const plugin::Value parameters[] = {std::string_view(folder), book.system};
        TRY(reader.query("SELECT path, inode, c_s, c_ns FROM file WHERE folder = ? AND name IN ('authorized_keys', 'authorized_keys2') AND type = 1 AND size > 0 AND name_allocated = 1 "
                         "AND coalesce(system, 0) = ? ORDER BY name",
                         parameters, [&](const plugin::RowView& row) {
                             KeyFile keys{std::string(row.text(0)), row.integer(1), std::nullopt};
                             if (!row.is_null(2)) keys.changed = base::Timestamp{row.integer(2), static_cast<std::uint32_t>(row.integer(3))};
                             all.emplace(account.home, std::move(keys));
                             return base::Next::stop;
                         }));
    }
    return all;
}

bool has_shell_by_design(const AccountBook& book, const KnownAccounts& known, std::string_view user) {
    if (known.has_shell_by_design(user)) return true;
    const auto shipped = book.shipped_shells.find(user);
    return shipped != book.shipped_shells.end() && book.gives_commands(shipped->second);
}

bool opened_since_backup(const AccountBook& book, const Account& account) {
    const auto* password = book.password(account.user);
    const auto* before = book.earlier_password(account.user);
    const bool opened = password != nullptr && before != nullptr && before->state != "set" && (password->state == "set" || password->state == "empty");
    return shell_since_backup(book, account) || opened;
}

Moment password_set(const AccountBook& book, std::string_view user) {
    const auto* account = book.account(user);
    const bool in_passwd = account != nullptr && account->password != "shadowed";
    auto moment = book.written(in_passwd ? "passwd" : "shadow");
    if (in_passwd) {
        const auto* before = book.earlier_account(user);
        return before != nullptr && before->password == account->password ? earlier_of(moment, book.written("passwd-")) : moment;
    }
    const auto* password = book.password(user);
    if (password == nullptr) return moment;
    const auto* earlier = book.earlier_password(user);
    const bool changed = !book.earlier_passwords.empty() && (earlier == nullptr || earlier->hash != password->hash || earlier->state != password->state);
    // The backup had it: it is older than that.
    if (earlier != nullptr && !changed) moment = earlier_of(moment, book.written("shadow-"));
    if (!password->last_change || *password->last_change <= 0 || password->state == "empty") return moment;
    const base::Timestamp day{*password->last_change * k_seconds_of_day, 0};
    if (moment.time && moment.time->seconds / k_seconds_of_day == *password->last_change) return moment;
    if (is_day_of_the_closed(book, *password->last_change)) return moment;
    const auto shown = book.shown_until("shadow-");
    if (moment.time && changed && shown && shown->seconds >= day.seconds + k_seconds_of_day) return moment;
    return {day, plugin::TimeBasis::log};
}

std::optional<SystemLogin> system_login(const AccountBook& book, const KnownAccounts& known, const Keys& keys, const Account& account) {
    if (!account.uid || !book.is_system_uid(*account.uid)) return std::nullopt;
    if (!book.gives_commands(account.shell) && !has_foreign_shell(book, account)) return std::nullopt;
    const bool named = known.contains(account.user) || book.shipped.contains(account.user) || *account.uid < 100;
    const bool by_design = has_shell_by_design(book, known, account.user), shell_since = shell_since_backup(book, account);
    const auto found = keys.find(account.home);
    SystemLogin login;
    login.password = book.password_opens(account);
    // Services that packages or administrators make may have keys for a job of theirs; those that the system begins with have none.
    if (found != keys.end() && !by_design && (*account.uid < 100 || shell_since)) login.keys = &found->second;
    if (!login.password && login.keys == nullptr) return std::nullopt;
    if (login.keys == nullptr && !opened_since_backup(book, account)) {
        if (!named) login.severity = account.home.starts_with("/home/") ? plugin::Severity::low : plugin::Severity::medium;
        else if (by_design) login.severity = plugin::Severity::medium;
    }
    if (!login.password) {
        // The way in is complete with the later of the two.
        login.since = shell_since ? book.written("passwd") : known_since(book, account);
        const auto& changed = login.keys->changed;
        if (changed && (!login.since.time || *login.since.time < *changed)) login.since = {changed, plugin::TimeBasis::change};
        login.until = login.since.time;
        return login;
    }
    login.since = password_set(book, account.user);
    const auto shown = book.shown_until("passwd-");
    if (shell_since && shown && (!login.since.time || *login.since.time < *shown)) login.since = book.written("passwd");
    login.until = book.written("shadow").time;
    return login;
}

std::string number_text(const std::optional<std::int64_t>& value) { return value ? std::to_string(*value) : std::string("?"); }

void describe(const AccountBook& book, const Account& account, plugin::FindingHead& head) {
    head.arguments.emplace_back("uid", number_text(account.uid));
    head.arguments.emplace_back("shell", account.shell.empty() ? std::string("/bin/sh") : account.shell);
    head.arguments.emplace_back("password", book.password_state(account));
    const auto* earlier = book.earlier_account(account.user);
    if (earlier != nullptr && earlier->shell != account.shell) head.arguments.emplace_back("earlier_shell", earlier->shell);
}

// The account's line, its password's, and both as the backups have them where they differ.
void emit_lines(const AccountBook& book, const Account& account, plugin::FindingSink& sink) {
    sink.item(item_of(account));
    if (const auto* password = book.password(account.user)) sink.item(item_of(*password));
    if (const auto* earlier = book.earlier_account(account.user); earlier != nullptr && earlier->entry != account.entry) sink.item(item_of(*earlier));
    const auto* now = book.password(account.user);
    if (const auto* earlier = book.earlier_password(account.user); earlier != nullptr && now != nullptr && earlier->entry != now->entry)
        sink.item(item_of(*earlier));
}

}  // namespace deadbox::plugins::accounts
