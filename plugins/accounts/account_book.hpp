// Everything that one system's account files say, side by side, for the rules.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/timestamp.hpp"
#include "plugin/detector.hpp"

namespace deadbox::plugins::accounts {

// A line of passwd or its backup.
struct Account {
    std::string user, gecos, home, shell, password, oddity, entry;
    std::optional<std::int64_t> uid, gid, inode;
    std::int64_t line = 0;
};
// A line of shadow or its backup; or what passwd itself holds.
struct Password {
    std::string user, scheme, state, hash, entry;
    std::optional<std::int64_t> last_change, expire_day, inode;
    std::int64_t line = 0;
};
struct Group {
    std::string name, password, entry;
    std::optional<std::int64_t> gid, inode;
    std::int64_t line = 0;
    std::set<std::string> members;
};
// When something came about, and what says so.
struct Moment {
    std::optional<base::Timestamp> time;
    plugin::TimeBasis basis = plugin::TimeBasis::modification;
};
struct EtcFile {
    std::int64_t inode = 0;
    std::optional<base::Timestamp> modified, changed;
    bool own_change = false;  // the inode's change tells of this file alone, not of a copying of the whole system
};

// Names of accounts that distributions and packages make, with those that have a login shell by design.
class KnownAccounts {
public:
    // One name a line, "login" behind it where a shell is its design, '#' before comments.
    static base::Result<KnownAccounts> load(const std::string& path);
    bool contains(std::string_view name) const { return m_names.contains(name); }
    bool has_shell_by_design(std::string_view name) const;

private:
    std::map<std::string, bool, std::less<>> m_names;
};

struct AccountBook {
    std::int64_t system = 0;
    std::vector<Account> accounts, earlier_accounts;     // passwd, passwd-
    std::vector<Password> passwords, earlier_passwords;  // shadow, shadow-
    std::vector<Password> open_passwords;                // hashes in passwd itself
    std::vector<Group> groups, earlier_groups;           // group, group-
    std::set<std::string, std::less<>> subordinate, earlier_subordinate;  // names in subuid, subuid-
    std::set<std::string, std::less<>> shipped;          // names in lists on the image: base-passwd, sysusers, altfiles
    std::map<std::string, std::string, std::less<>> shipped_shells;
    std::set<std::string, std::less<>> login_shells;     // /etc/shells
    std::map<std::string, EtcFile, std::less<>> files;   // "passwd", "shadow-" ...
    std::int64_t uid_min = 1000;
    std::string encrypt_method;                          // of login.defs, as it stands

    // The first line of that name, which is the one that the C library takes.
    const Account* account(std::string_view user) const { return m_accounts.find(accounts, user); }
    const Account* earlier_account(std::string_view user) const { return m_earlier_accounts.find(earlier_accounts, user); }
    const Password* password(std::string_view user) const { return m_passwords.find(passwords, user); }
    const Password* earlier_password(std::string_view user) const { return m_earlier_passwords.find(earlier_passwords, user); }
    void index();  // after the lists are complete

    // What opens the account: the state in passwd unless it points to shadow.
    std::string password_state(const Account& account) const;
    bool password_opens(const Account& account) const;  // set or empty
    bool is_system_uid(std::int64_t uid) const { return uid > 0 && (uid < uid_min || uid == 65534 || uid == 65533); }
    bool gives_commands(std::string_view shell) const;  // an interactive shell or an interpreter; "" is /bin/sh
    // A program that is neither a shell nor made for closing an account: what it gives is not known.
    bool is_unknown_shell(std::string_view shell) const;
    bool can_log_in(const Account& account) const { return gives_commands(account.shell) && password_opens(account); }
    std::optional<base::Timestamp> modified(std::string_view file) const;
    // Its modification, unless the inode was changed later: anybody can set the one, nobody the other.
    Moment written(std::string_view file) const;
    // Until when the backup shows what was so: the moment in which it was taken.
    std::optional<base::Timestamp> shown_until(std::string_view backup) const;

private:
    class Index {
    public:
        template <class T>
        void build(const std::vector<T>& list) {
            m_places.reserve(list.size());
            for (std::size_t i = 0; i < list.size(); ++i) m_places.emplace(list[i].user, i);
        }
        template <class T>
        const T* find(const std::vector<T>& list, std::string_view user) const {
            const auto found = m_places.find(std::string(user));
            return found == m_places.end() ? nullptr : &list[found->second];
        }

    private:
        std::unordered_map<std::string, std::size_t> m_places;
    };
    Index m_accounts, m_earlier_accounts, m_passwords, m_earlier_passwords;
};

// The books of all systems of the case, ordered by system.
base::Result<std::vector<AccountBook>> read_books(const plugin::CaseReader& reader);

// Items that show the line, with the password's place marked.
plugin::Item item_of(const Account& account);
plugin::Item item_of(const Password& password);
plugin::Item item_of(const Group& group, std::string_view user);
// When the account is known to have stood there first, from the files alone: the live file's time where the backup
// does not have it, the backup's otherwise.
Moment known_since(const AccountBook& book, const Account& account);

}  // namespace deadbox::plugins::accounts
