#include "accounts/account_book.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <span>

namespace deadbox::plugins::accounts {
namespace {

using base::Next;
using plugin::RowView;

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// Programs that give whoever starts them a way to run commands.
constexpr std::string_view k_shells[] = {"sh", "bash", "dash", "ash", "zsh", "ksh", "ksh93", "mksh", "pdksh", "lksh", "csh", "tcsh", "fish",
                                         "rbash", "rksh", "rzsh", "busybox", "pwsh", "tmux", "screen", "yash", "posh", "xonsh", "nu", "elvish", "sash", "bash-static", "env",
                                         "vi", "vim", "nvim", "nano", "emacs", "less", "more", "awk", "gawk", "mawk", "sed", "ed", "su", "sudo"};
constexpr std::string_view k_interpreters[] = {"python", "perl", "ruby", "php", "lua", "node", "tclsh", "expect"};
// In /etc/shells at times, and yet no shell.
constexpr std::string_view k_closed[] = {"nologin", "false", "true", "sync", "halt", "shutdown", "git-shell", "rssh", "scponly", "scponlyc", "sftp-server",
                                         "ftponly", "uucico", "noshell", "nosh", "MySecureShell", "mysecureshell", "lshell", "jailshell", "chroot_sftp"};

bool among(std::span<const std::string_view> list, std::string_view name) { return std::find(list.begin(), list.end(), name) != list.end(); }

std::string text(const RowView& row, int column) { return std::string(row.text(column)); }

// Rows come ordered by system: the book that a row belongs to.
AccountBook& book_of(std::vector<AccountBook>& books, std::int64_t system) {
    for (auto& book : books)
        if (book.system == system) return book;
    books.emplace_back().system = system;
    return books.back();
}

base::Result<void> read_accounts(const plugin::CaseReader& reader, std::vector<AccountBook>& books) {
    return reader.query(
        "SELECT coalesce(system, 0), source, line, user, uid, gid, gecos, home, shell, password, oddity, entry, inode FROM account ORDER BY 1, source, line, id",
        [&](const RowView& row) {
            auto& book = book_of(books, row.integer(0));
            const auto source = row.text(1);
            const bool live = source == "passwd";
            if (!live && source != "passwd-") {
                book.shipped.insert(text(row, 3));
                if (!row.text(8).empty()) book.shipped_shells.emplace(text(row, 3), text(row, 8));
                return Next::go_on;
            }
            Account account;
            account.line = row.integer(2), account.user = text(row, 3);
            account.uid = row.maybe_integer(4), account.gid = row.maybe_integer(5);
            account.gecos = text(row, 6), account.home = text(row, 7), account.shell = text(row, 8);
            account.password = text(row, 9), account.oddity = text(row, 10), account.entry = text(row, 11);
            account.inode = row.maybe_integer(12);
            (live ? book.accounts : book.earlier_accounts).push_back(std::move(account));
            return Next::go_on;
        });
}

base::Result<void> read_passwords(const plugin::CaseReader& reader, std::vector<AccountBook>& books) {
    return reader.query(
        "SELECT coalesce(system, 0), source, line, user, scheme, state, hash, last_change, expire_day, entry, inode FROM password ORDER BY 1, source, line, id",
        [&](const RowView& row) {
            auto& book = book_of(books, row.integer(0));
            Password password;
            const auto source = row.text(1);
            password.line = row.integer(2), password.user = text(row, 3), password.scheme = text(row, 4), password.state = text(row, 5);
            password.hash = text(row, 6), password.last_change = row.maybe_integer(7), password.expire_day = row.maybe_integer(8);
            password.entry = text(row, 9), password.inode = row.maybe_integer(10);
            if (source == "shadow") book.passwords.push_back(std::move(password));
            else if (source == "shadow-") book.earlier_passwords.push_back(std::move(password));
            else if (source == "passwd") book.open_passwords.push_back(std::move(password));
            return Next::go_on;
        });
}

base::Result<void> read_groups(const plugin::CaseReader& reader, std::vector<AccountBook>& books) {
    TRY(reader.query("SELECT coalesce(system, 0), source, line, group_name, gid, password, entry, inode FROM account_group "
                     "WHERE source IN ('group', 'group-') ORDER BY 1, source, line, id",
                     [&](const RowView& row) {
                         auto& book = book_of(books, row.integer(0));
                         Group group;
                         group.line = row.integer(2), group.name = text(row, 3), group.gid = row.maybe_integer(4), group.password = text(row, 5);
                         group.entry = text(row, 6), group.inode = row.maybe_integer(7);
                         (row.text(1) == "group" ? book.groups : book.earlier_groups).push_back(std::move(group));
                         return Next::go_on;
                     }));
    // Members come in the order of their lines: a place in the list moves along with them.
    std::size_t place = 0;
    const std::vector<Group>* walked = nullptr;
    return reader.query("SELECT coalesce(system, 0), source, line, user FROM group_member WHERE source IN ('group', 'group-') ORDER BY 1, source, line, id",
                        [&](const RowView& row) {
                            auto& book = book_of(books, row.integer(0));
                            auto& groups = row.text(1) == "group" ? book.groups : book.earlier_groups;
                            if (walked != &groups) walked = &groups, place = 0;
                            while (place < groups.size() && groups[place].line < row.integer(2)) ++place;
                            if (place < groups.size() && groups[place].line == row.integer(2)) groups[place].members.insert(text(row, 3));
                            return Next::go_on;
                        });
}

base::Result<void> read_settings(const plugin::CaseReader& reader, std::vector<AccountBook>& books) {
    TRY(reader.query("SELECT coalesce(system, 0), key, value FROM login_default WHERE key IN ('UID_MIN', 'ENCRYPT_METHOD') AND source LIKE '%login.defs' "
                     "ORDER BY 1, source DESC, line, id",
                     [&](const RowView& row) {
                         auto& book = book_of(books, row.integer(0));
                         if (row.text(1) == "ENCRYPT_METHOD") book.encrypt_method = text(row, 2);
                         else {
                             // Old systems begin at 500; a border above the usual one would make ordinary accounts look like the system's.
                             std::int64_t value = 0;
                             const auto digits = row.text(2);
                             std::from_chars(digits.data(), digits.data() + digits.size(), value);
                             if (value >= 100) book.uid_min = std::min<std::int64_t>(value, 1000);
                         }
                         return Next::go_on;
                     }));
    return reader.query("SELECT coalesce(system, 0), path FROM login_shell ORDER BY 1, line, id", [&](const RowView& row) {
        book_of(books, row.integer(0)).login_shells.insert(text(row, 1));
        return Next::go_on;
    });
}

// Where half of the files of /etc changed within minutes of this one, it was the copying of the system that changed it;
// in one that was packed as a tree, changes are older than births.
base::Result<void> read_files(const plugin::CaseReader& reader, std::vector<AccountBook>& books) {
    constexpr std::int64_t k_bulk = 20 * 60;
    std::map<std::int64_t, std::vector<std::int64_t>> changes;
    TRY(reader.query("SELECT coalesce(system, 0), c_s FROM file WHERE folder = '/etc' AND type = 1 AND name_allocated = 1 AND c_s IS NOT NULL ORDER BY 1, 2", [&](const RowView& row) {
        changes[row.integer(0)].push_back(row.integer(1));
        return Next::go_on;
    }));
    const auto copied = [&](std::int64_t system, std::int64_t time) {
        const auto& all = changes[system];
        const auto near = std::upper_bound(all.begin(), all.end(), time + k_bulk) - std::lower_bound(all.begin(), all.end(), time - k_bulk);
        return all.size() >= 20 && static_cast<std::size_t>(near) * 2 >= all.size();
    };
    return reader.query(
        "SELECT coalesce(system, 0), name, inode, m_s, m_ns, c_s, c_ns, c_s < b_s FROM file WHERE folder = '/etc' AND type = 1 AND name_allocated = 1 "
        "AND name IN ('passwd', 'passwd-', 'shadow', 'shadow-', 'group', 'group-', 'subuid') ORDER BY 1, name, inode",
        [&](const RowView& row) {
            EtcFile file;
            file.inode = row.integer(2);
            if (!row.is_null(3)) file.modified = base::Timestamp{row.integer(3), static_cast<std::uint32_t>(row.integer(4))};
            if (!row.is_null(5)) file.changed = base::Timestamp{row.integer(5), static_cast<std::uint32_t>(row.integer(6))};
            file.own_change = file.changed && (row.is_null(7) || row.integer(7) == 0) && !copied(row.integer(0), file.changed->seconds);
            for (auto& book : books)
                if (book.system == row.integer(0)) book.files.emplace(text(row, 1), file);
            return Next::go_on;
        });
}

void mark_second_field(plugin::Item& item, std::string_view state) {
    const auto first = item.excerpt.find(':');
    if (first == std::string::npos || state == "shadowed") return;
    const auto second = std::min(item.excerpt.find(':', first + 1), item.excerpt.size());
    if (second > first + 1) item.secrets.push_back({first + 1, second - first - 1, false});
}

}  // namespace

base::Result<KnownAccounts> KnownAccounts::load(const std::string& path) {
    std::ifstream in(path);
    if (!in) return base::fail(base::Errc::not_found, "the list of system accounts cannot be read: " + path);
    KnownAccounts known;
    for (std::string line; std::getline(in, line);) {
        line = line.substr(0, line.find('#'));
        const auto end = std::min(line.find_first_of(" \t"), line.size());
        if (end > 0) known.m_names.emplace(line.substr(0, end), line.find("login", end) != std::string::npos);
    }
    return known;
}

bool KnownAccounts::has_shell_by_design(std::string_view name) const {
    const auto found = m_names.find(name);
    return found != m_names.end() && found->second;
}

void AccountBook::index() {
    m_accounts.build(accounts), m_earlier_accounts.build(earlier_accounts);
    m_passwords.build(passwords), m_earlier_passwords.build(earlier_passwords);
}

std::string AccountBook::password_state(const Account& account) const {
    if (account.password != "shadowed") return account.password;
    const auto* shadow = password(account.user);
    return shadow == nullptr ? std::string("none") : shadow->state;
}

bool AccountBook::password_opens(const Account& account) const {
    const auto state = password_state(account);
    return state == "set" || state == "empty";
}

bool AccountBook::gives_commands(std::string_view shell) const {
    if (shell.empty()) return true;
    const auto program = base_name(shell.substr(0, shell.find_last_not_of(" \t") + 1));
    if (among(k_closed, program)) return false;
    if (among(k_shells, program)) return true;
    for (const auto interpreter : k_interpreters)
        if (program.starts_with(interpreter)) return true;
    return login_shells.contains(shell);
}

bool AccountBook::is_unknown_shell(std::string_view shell) const { return !shell.empty() && !gives_commands(shell) && !among(k_closed, base_name(shell.substr(0, shell.find_last_not_of(" \t") + 1))); }

std::optional<base::Timestamp> AccountBook::modified(std::string_view file) const {
    const auto found = files.find(file);
    return found == files.end() ? std::nullopt : found->second.modified;
}

Moment AccountBook::written(std::string_view file) const {
    constexpr std::int64_t k_one_moment = 60;  // s: written, then renamed into its place
    const auto found = files.find(file);
    if (found == files.end()) return {};
    const auto& one = found->second;
    if (one.own_change && (!one.modified || one.changed->seconds - one.modified->seconds > k_one_moment)) return {one.changed, plugin::TimeBasis::change};
    return {one.modified, plugin::TimeBasis::modification};
}

std::optional<base::Timestamp> AccountBook::shown_until(std::string_view backup) const {
    const auto found = files.find(backup);
    if (found == files.end()) return std::nullopt;
    const auto& one = found->second;
    return one.own_change && (!one.modified || *one.modified < *one.changed) ? one.changed : one.modified;
}

base::Result<std::vector<AccountBook>> read_books(const plugin::CaseReader& reader) {
    std::vector<AccountBook> books;
    TRY(read_accounts(reader, books));
    TRY(read_passwords(reader, books));
    TRY(read_groups(reader, books));
    TRY(read_settings(reader, books));
    TRY(reader.query("SELECT coalesce(system, 0), source, user FROM subordinate_id WHERE source IN ('subuid', 'subuid-') ORDER BY id", [&](const RowView& row) {
        auto& book = book_of(books, row.integer(0));
        (row.text(1) == "subuid" ? book.subordinate : book.earlier_subordinate).insert(text(row, 2));
        return Next::go_on;
    }));
    TRY(read_files(reader, books));
    for (auto& book : books) book.index();
    std::sort(books.begin(), books.end(), [](const AccountBook& a, const AccountBook& b) { return a.system < b.system; });
    return books;
}

plugin::Item item_of(const Account& account) {
    plugin::Item item;
    item.inode = account.inode, item.key = account.user, item.kind = plugin::KeyKind::account, item.line = static_cast<std::uint64_t>(account.line), item.excerpt = account.entry;
    mark_second_field(item, account.password);
    return item;
}

plugin::Item item_of(const Password& password) {
    plugin::Item item;
    item.inode = password.inode, item.key = password.user, item.kind = plugin::KeyKind::account, item.line = static_cast<std::uint64_t>(password.line), item.excerpt = password.entry;
    mark_second_field(item, password.state);
    return item;
}

plugin::Item item_of(const Group& group, std::string_view user) {
    plugin::Item item;
    item.inode = group.inode, item.key = user, item.kind = plugin::KeyKind::account, item.line = static_cast<std::uint64_t>(group.line), item.excerpt = group.entry;
    mark_second_field(item, group.password);
    return item;
}

Moment known_since(const AccountBook& book, const Account& account) {
    const bool in_backup = book.earlier_account(account.user) != nullptr || book.earlier_accounts.empty();
    const auto live = book.written("passwd");
    if (!in_backup) return live;
    const auto earlier = book.modified("passwd-");
    return earlier && (!live.time || *earlier < *live.time) ? Moment{earlier, plugin::TimeBasis::modification} : live;
}

}  // namespace deadbox::plugins::accounts
