// Values that files of the machine declare secret, and where else they are left out. An intruder writes files of the machine,
// too: what he calls a password must not blot out his own traces. Hence, in plain words:
//
// - Where a value is used as a secret (DB_PASSWORD=..., -p ..., an Authorization header) it is left out by that place alone
//   (plugin/secret_text.hpp), whatever it is and whether or not it stands here.
// - Everywhere else a value of the machine is left out only where it cannot be the name of something. A value is left alone inside
//   every name of a file in the case that holds it, and in names of accounts, groups, hosts and packages; in a path, be the file
//   deleted or only asked for; in a word that ends as files' names do.
// - A value that is drawn by lot (16 letters, capitals and digits in no order, or hexadecimal digits) is no name that people give: it is
//   left out of names and paths, too, but for what ends as programs and scripts do. What is left is told by its reference and digest.
// - Addresses, links and pieces of code are no secrets by being called so. Of a link its own secret counts.
// - Of a value that is put together (exfil.tgz:Kiste77x, anna:Kiste77x) the parts that are names are told and the rest is not. One
//   of several words that has such a name in it is no secret but a line of a log or a command.
// - Words of our own texts, ids of findings and names of tables are never searched for values: they are put around what the
//   evidence says after that has been redacted (Redactor::filled).
//
// What it costs: a password that is a file's name may be read in paths, and a password in a requested path is told when it looks like a
// name. What it gives: no file, hash list, timeline or finding says anything else because of what somebody declared a password.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "case/view.hpp"

namespace deadbox::report {

inline constexpr std::string_view k_redacted = "[redacted]";

class SecretValues {
public:
    static base::Result<SecretValues> load(const case_file::View& view);
    // Without them, as they are and as requests, JSON and code spell them.
    std::string taken_out(std::string_view raw) const;
    // Of a text that is NAME:SECRET and nothing else, as chpasswd is fed line by line: where the secret starts; 0 where it is none.
    std::size_t login_line(std::string_view raw) const;
    bool is_account(std::string_view name) const { return m_accounts.contains(name); }

private:
    // One spelling of a value.
    struct Secret {
        std::string value, shown;                // what is put in its place
        bool cut = false;                        // the value may go on behind it
        std::vector<std::string> names;          // of the case that have it in them
        bool is_common = false;                  // more of them than anybody's password is in
        std::size_t shorter = 0;                 // the longest one that this one begins with, of those that are not common: its place, from 1
    };
    using Alike = std::vector<Secret>;  // with the same first bytes, in their order: hostile files declare many that differ in the last
    struct Piece {
        std::string text;
        bool told = false;
    };
    class Words;
    void add(const std::vector<Piece>& pieces, bool cut);
    void order();  // behind the last that is added
    void learn(std::string_view name);
    static std::size_t longest(const Alike& alike, std::string_view rest);
    static std::size_t end_of(const Secret& secret, std::string_view raw, std::size_t at, Words& words);
    static bool is_cut_off(const Alike& alike, std::string_view raw, std::size_t at, Words& words);

    std::set<std::string, std::less<>> m_accounts;
    // By their first eight bytes; m_starts has a mark for the first two.
    std::vector<bool> m_starts = std::vector<bool>(1 << 16);
    std::unordered_map<std::uint64_t, Alike> m_secrets;
};

}  // namespace deadbox::report
