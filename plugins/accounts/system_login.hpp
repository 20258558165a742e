// Accounts of the system that can be logged in to: what opens them, and since when.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "accounts/account_book.hpp"
#include "plugin/detector.hpp"

namespace deadbox::plugins::accounts {

// The public keys that open an account, by the home folder that they lie in.
struct KeyFile {
    std::string path;
    std::int64_t inode = 0;
    std::optional<base::Timestamp> changed;
};
using Keys = std::map<std::string, KeyFile>;
base::Result<Keys> read_keys(const plugin::CaseReader& reader, const AccountBook& book);

struct SystemLogin {
    const KeyFile* keys = nullptr;  // that let somebody in
    bool password = false;          // one is set, or none is asked for
    plugin::Severity severity = plugin::Severity::high;  // as far as the files by themselves tell
    Moment since;                   // when the way in was complete
    std::optional<base::Timestamp> until;
};
// Of an account of the system with a shell; nothing where nobody can log in to it.
std::optional<SystemLogin> system_login(const AccountBook& book, const KnownAccounts& known, const Keys& keys, const Account& account);

bool has_shell_by_design(const AccountBook& book, const KnownAccounts& known, std::string_view user);
// Differs from the backup in what lets somebody in.
bool opened_since_backup(const AccountBook& book, const Account& account);
// When the password was set. The day that its line names is the word of whoever wrote the line: who edits the file leaves it as it was.
Moment password_set(const AccountBook& book, std::string_view user);

// Words and items of findings about an account.
std::string number_text(const std::optional<std::int64_t>& value);
void describe(const AccountBook& book, const Account& account, plugin::FindingHead& head);
void emit_lines(const AccountBook& book, const Account& account, plugin::FindingSink& sink);
inline void date(plugin::FindingHead& head, const Moment& moment) { head.first = moment.time, head.basis = moment.basis; }

}  // namespace deadbox::plugins::accounts
