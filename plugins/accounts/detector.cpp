// What the account files of a system say by themselves: rules over their lines, without logs.
#include "plugin/detector.hpp"

#include <algorithm>
#include <array>

#include "accounts/book_detector.hpp"
#include "accounts/system_login.hpp"

namespace deadbox::plugins::accounts {
namespace {

using base::Next;
using plugin::Confidence;
using plugin::FindingHead;
using plugin::FindingSink;
using plugin::Severity;

// Files alone date these.
FindingHead head_by_files(const AccountBook& book, std::string_view rule, std::string_view user) {
    auto head = head_of(book, rule, user);
    head.basis = plugin::TimeBasis::modification;
    return head;
}

bool in_temporary_folder(std::string_view path) {
    constexpr std::string_view k_folders[] = {"/dev", "/tmp", "/var/tmp", "/var/spool/cron", "/run/shm", "/proc", "/sys"};
    return std::any_of(std::begin(k_folders), std::end(k_folders), [&](std::string_view folder) {
        return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
    });
}

bool has_hidden_part(std::string_view path) {
    for (std::size_t at = path.find("/."); at != std::string_view::npos; at = path.find("/.", at + 1)) {
        const auto part = path.substr(at + 1, path.find('/', at + 1) - at - 1);
        if (part != "." && part != "..") return true;
    }
    return false;
}

class Rules {
public:
    Rules(const AccountBook& book, const KnownAccounts& known, const Keys& keys, bool ssh_takes_empty, FindingSink& sink)
        : m_book(book), m_known(known), m_keys(keys), m_ssh_takes_empty(ssh_takes_empty), m_sink(sink) {}

    void run() {
        if (m_book.accounts.empty()) return;
        const auto* root = m_book.account("root");
        m_root_is_zero = root != nullptr && root->uid == 0;
        for (const auto& account : m_book.accounts) {
            hidden_entry(account);
            if (account.oddity == "nis") continue;
            uid_zero_twin(account);
            system_account(account);
            empty_password(account);
            hash_in_passwd(account);
            places(account);
        }
        duplicates();
        odd_order();
        hashes();
        mismatches();
        root_password();
    }

private:
    // False when this subject was told before, or when the rule has fired too often to be read.
    bool begin(const FindingHead& head) {
        constexpr std::size_t k_most = 500;
        auto& told = m_told[head.rule];
        if (told.contains(head.subject)) return false;
        if (told.size() >= k_most) {
            if (told.size() == k_most) m_sink.gap({base::Gap::Level::limit, "accounts", "more findings of one rule than are listed", "/etc/passwd", head.rule});
            told.insert(std::string());
            return false;
        }
        told.insert(head.subject);
        m_sink.finding(head);
        return true;
    }
    bool is_known(std::string_view name) const { return m_known.contains(name) || m_book.shipped.contains(name); }
    void uid_zero_twin(const Account& account) {
        if (account.uid != 0 || account.user == "root") return;
        auto head = head_by_files(m_book, "uid_zero_twin", account.user);
        // Where no root is left, the first account with its id is root under another name: a hardening habit too.
        if (!m_root_is_zero && !m_renamed_root_seen) m_renamed_root_seen = true, head.severity = Severity::high;
        head.arguments.emplace_back("shell", account.shell.empty() ? std::string("/bin/sh") : account.shell);
        head.arguments.emplace_back("password", m_book.password_state(account));
        date(head, known_since(m_book, account));
        head.last = m_book.written("passwd").time;
        if (!begin(head)) return;
        emit_lines(m_book, account, m_sink);
    }

    // A known account that should have no shell, and that nothing opens yet. Those that can be logged in to are judged behind all
    // others (history.cpp). Debian gave /bin/sh to its own before 2014, and upgrades kept it.
    void system_account(const Account& account) {
        if (!account.uid || !m_book.is_system_uid(*account.uid) || !m_book.gives_commands(account.shell)) return;
        const bool by_design = has_shell_by_design(m_book, m_known, account.user);
        if (system_login(m_book, m_known, m_keys, account) || !(is_known(account.user) || *account.uid < 100) || by_design) return;
        const auto program = std::string_view(account.shell).substr(account.shell.rfind('/') + 1);
        const bool since = opened_since_backup(m_book, account);
        if (program == "sh" && !since) return;
        auto head = head_by_files(m_book, "system_shell_without_password", account.user);
        if (since) head.severity = Severity::medium;
        describe(m_book, account, head);
        date(head, since ? m_book.written("passwd") : known_since(m_book, account));
        if (!begin(head)) return;
        emit_lines(m_book, account, m_sink);
    }

    void empty_password(const Account& account) {
        if (m_book.password_state(account) != "empty" || !m_book.gives_commands(account.shell)) return;
        const auto* password = m_book.password(account.user);
        const auto* earlier = m_book.earlier_password(account.user);
        auto head = head_by_files(m_book, "empty_password", account.user);
        // Root file systems of some distributions and live systems are delivered so; there it is a weakness, not a sign.
        const bool delivered = account.uid == 0 && account.password == "shadowed" && password != nullptr &&
                               (!password->last_change || *password->last_change == 0 || *password->last_change == 14871);
        const bool live_session = account.gecos.starts_with("Live session user") || account.gecos.starts_with("Debian Live user");
        const bool changed = earlier != nullptr && earlier->state != "empty";
        if (m_ssh_takes_empty) head.severity = Severity::critical;
        else if ((delivered || live_session) && !changed) head.severity = Severity::low;
        head.arguments.emplace_back("uid", number_text(account.uid));
        head.arguments.emplace_back("shell", account.shell.empty() ? std::string("/bin/sh") : account.shell);
        // When it was emptied stands nowhere: who empties the field leaves the day of the last change as it is.
        date(head, m_book.written(account.password == "shadowed" ? "shadow" : "passwd"));
        if (!begin(head)) return;
        emit_lines(m_book, account, m_sink);
    }

    // Where others are shadowed, a hash in passwd itself was written by hand or by an exploit.
    void hash_in_passwd(const Account& account) {
        if (account.password != "set" || m_book.passwords.empty()) return;
        auto head = head_by_files(m_book, "hash_in_passwd", account.user);
        if (account.uid == 0) head.severity = Severity::high;
        if (!m_book.gives_commands(account.shell)) head.severity = Severity::low;
        head.arguments.emplace_back("uid", number_text(account.uid));
        date(head, known_since(m_book, account));
        if (!begin(head)) return;
        m_sink.item(item_of(account));
    }

    void places(const Account& account) {
        if (!m_book.gives_commands(account.shell) && !in_temporary_folder(account.shell) && !has_hidden_part(account.shell)) return;
        if (in_temporary_folder(account.shell) || has_hidden_part(account.shell)) {
            auto head = head_by_files(m_book, "shell_odd", account.user);
            // Nix, Homebrew and the like keep a user's own programs in hidden folders of the home.
            if (!in_temporary_folder(account.shell) && account.shell.starts_with("/home/")) head.severity = Severity::low;
            head.arguments.emplace_back("shell", account.shell);
            date(head, known_since(m_book, account));
            if (!begin(head)) return;
            m_sink.item(item_of(account));
        }
        if (!in_temporary_folder(account.home) && !has_hidden_part(account.home)) return;
        auto head = head_by_files(m_book, "home_odd", account.user);
        const bool system = account.uid && m_book.is_system_uid(*account.uid);
        if (!m_book.password_opens(account) && (system || is_known(account.user))) {
            // Debian's "sys" lives in /dev, and had a shell before 2014.
            if (is_known(account.user)) return;
            head.severity = Severity::low;
        }
        head.arguments.emplace_back("home", account.home);
        date(head, known_since(m_book, account));
        if (!begin(head)) return;
        m_sink.item(item_of(account));
    }

    void hidden_entry(const Account& account) {
        if (account.oddity.empty() || account.oddity == "fields") return;
        auto head = head_by_files(m_book, "hidden_entry", account.user);
        if (account.oddity == "nis") {
            // "+::::::" is how NIS accounts are asked for; one that names root's id is a door.
            if (account.uid != 0) head.severity = Severity::low;
        }
        if (account.oddity == "number" && !account.uid) head.severity = Severity::low;
        head.arguments.emplace_back("oddity", account.oddity);
        head.arguments.emplace_back("uid", number_text(account.uid));
        date(head, known_since(m_book, account));
        if (!begin(head)) return;
        m_sink.item(item_of(account));
    }

    void duplicates() {
        std::map<std::string_view, std::vector<const Account*>> by_name;
        std::map<std::int64_t, std::vector<const Account*>> by_uid;
        for (const auto& account : m_book.accounts) {
            if (account.oddity == "nis") continue;
            by_name[account.user].push_back(&account);
            if (account.uid.value_or(0) != 0) by_uid[*account.uid].push_back(&account);
        }
        for (const auto& [name, lines] : by_name) {
            if (lines.size() < 2) continue;
            auto head = head_by_files(m_book, "duplicate_name", name);
            // The same line twice is a slip; different ids or shells are two accounts under one name.
            const bool same = std::all_of(lines.begin(), lines.end(), [&](const Account* a) { return a->uid == lines[0]->uid && a->shell == lines[0]->shell; });
            if (same) head.severity = Severity::low;
            head.arguments.emplace_back("count", std::to_string(lines.size()));
            date(head, m_book.written("passwd"));
            if (!begin(head)) continue;
            for (const auto* line : lines) m_sink.item(item_of(*line));
        }
        for (const auto& [uid, lines] : by_uid) {
            const bool one_name = std::all_of(lines.begin(), lines.end(), [&](const Account* a) { return a->user == lines[0]->user; });
            if (lines.size() < 2 || one_name) continue;
            auto head = head_by_files(m_book, "duplicate_uid", "uid " + std::to_string(uid));
            std::string names;
            for (const auto* line : lines) names += (names.empty() ? "" : ", ") + line->user;
            // FTP and hosting accounts share the web server's id, without a shell; a log-in under a system id is another thing.
            const bool opens = std::any_of(lines.begin(), lines.end(), [&](const Account* a) { return m_book.can_log_in(*a); });
            if (m_book.is_system_uid(uid) && opens) head.severity = Severity::medium;
            head.arguments[0].second = names;
            head.arguments.emplace_back("uid", std::to_string(uid));
            date(head, m_book.written("passwd"));
            if (!begin(head)) continue;
            for (const auto* line : lines) m_sink.item(item_of(*line));
        }
    }

    // useradd appends. An account that logs in, in front of the accounts that every system begins with, was put there
    // by an editor; unless the file is sorted.
    void odd_order() {
        constexpr std::array<std::string_view, 8> k_first = {"root", "daemon", "bin", "sys", "adm", "lp", "sync", "mail"};
        const auto& list = m_book.accounts;
        const auto is_first = [&](const Account& a) { return std::find(k_first.begin(), k_first.end(), a.user) != k_first.end(); };
        const auto by_name = [](const Account& a, const Account& b) { return a.user < b.user; };
        const auto by_uid = [](const Account& a, const Account& b) { return a.uid < b.uid; };
        if (std::is_sorted(list.begin(), list.end(), by_name) || std::is_sorted(list.begin(), list.end(), by_uid)) return;
        std::size_t last = 0, firsts = 0;
        for (std::size_t i = 0; i < list.size(); ++i)
            if (is_first(list[i])) last = i, ++firsts;
        if (firsts < 4 || last > 30) return;
        for (std::size_t i = 0; i < last; ++i) {
            const auto& account = list[i];
            if (account.oddity == "nis" || is_known(account.user) || is_first(account) || !m_book.gives_commands(account.shell)) continue;
            auto head = head_by_files(m_book, "odd_order", account.user);
            head.arguments.emplace_back("line", std::to_string(account.line));
            date(head, known_since(m_book, account));
            if (!begin(head)) continue;
            m_sink.item(item_of(account));
        }
    }

    static int strength(std::string_view scheme) {
        constexpr std::string_view k_order[] = {"des", "bsdi", "nthash", "md5", "sunmd5", "sha1", "sha256", "sha512", "bcrypt", "scrypt", "gost_yescrypt", "yescrypt"};
        const auto found = std::find(std::begin(k_order), std::end(k_order), scheme);
        return found == std::end(k_order) ? -1 : static_cast<int>(found - std::begin(k_order));
    }

    // An older kind of hash that was set after this machine had begun to make a newer one came from elsewhere; the same
    // hash, salt and all, under two names was copied.
    void hashes() {
        std::optional<std::int64_t> newest_since;
        int newest = -1;
        for (const auto& password : m_book.passwords) {
            if (password.state != "set") continue;
            const int rank = strength(password.scheme);
            if (rank > newest) newest = rank, newest_since = password.last_change;
            else if (rank == newest && password.last_change && (!newest_since || *password.last_change < *newest_since)) newest_since = password.last_change;
        }
        std::map<std::string_view, std::vector<const Password*>> same;
        for (const auto& password : m_book.passwords) {
            if (password.state != "set") continue;
            same[password.hash].push_back(&password);
            const int rank = strength(password.scheme);
            if (rank < 0 || rank >= newest || !password.last_change || !newest_since || *password.last_change < *newest_since) continue;
            auto head = head_by_files(m_book, "hash_unlike_others", password.user);
            head.arguments.emplace_back("scheme", password.scheme);
            head.arguments.emplace_back("method", m_book.encrypt_method);
            date(head, password_set(m_book, password.user));
            if (!begin(head)) continue;
            m_sink.item(item_of(password));
        }
        for (const auto& [hash, lines] : same) {
            if (lines.size() < 2) continue;
            auto head = head_by_files(m_book, "same_hash", lines[0]->user);
            std::string names;
            for (const auto* line : lines) names += (names.empty() ? "" : ", ") + line->user;
            head.arguments.emplace_back("users", names);
            date(head, m_book.written("shadow"));
            if (!begin(head)) continue;
            for (const auto* line : lines) m_sink.item(item_of(*line));
        }
    }

    void mismatches() {
        if (m_book.passwords.empty()) return;
        for (const auto& account : m_book.accounts) {
            if (account.oddity == "nis" || account.password != "shadowed" || m_book.password(account.user) != nullptr) continue;
            auto head = head_by_files(m_book, "shadow_mismatch", account.user);
            head.arguments.emplace_back("present", "passwd");
            date(head, known_since(m_book, account));
            if (!begin(head)) continue;
            m_sink.item(item_of(account));
        }
        for (const auto& password : m_book.passwords) {
            if (password.user.starts_with('+') || password.user.starts_with('-') || m_book.account(password.user) != nullptr || is_known(password.user)) continue;
            auto head = head_by_files(m_book, "shadow_mismatch", password.user);
            head.arguments.emplace_back("present", "shadow");
            date(head, m_book.written("shadow"));
            if (!begin(head)) continue;
            m_sink.item(item_of(password));
        }
    }

    void root_password() {
        const auto* now = m_book.password("root");
        const auto* before = m_book.earlier_password("root");
        if (now == nullptr || before == nullptr || now->hash == before->hash || now->state != "set") return;
        auto head = head_by_files(m_book, "root_password_changed", "root");
        date(head, password_set(m_book, "root"));
        if (!begin(head)) return;
        m_sink.item(item_of(*now));
        m_sink.item(item_of(*before));
    }

    const AccountBook& m_book;
    const KnownAccounts& m_known;
    const Keys& m_keys;
    bool m_ssh_takes_empty;
    FindingSink& m_sink;
    std::map<std::string, std::set<std::string>> m_told;
    bool m_root_is_zero = false, m_renamed_root_seen = false;
};

// Whether sshd's kept configuration says PermitEmptyPasswords yes outside of any Match.
bool permits_empty(std::string_view text) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        std::string word;
        for (const char c : line.substr(0, 128)) {
            const bool blank = c == ' ' || c == '\t' || c == '=' || c == '\r' || c == '"';
            if (!blank) word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
        if (word.starts_with("match")) return false;
        if (word.starts_with("permitemptypasswords")) return word == "permitemptypasswordsyes";
    }
    return false;
}

class AccountsDetector final : public BookDetector {
    base::Result<void> judge(const plugin::CaseReader& reader, const std::vector<AccountBook>& books, FindingSink& sink) const override {
        for (const auto& book : books) {
            std::vector<std::int64_t> configurations;
            const plugin::Value parameters[] = {book.system};
            TRY(reader.query("SELECT inode FROM file WHERE folder IN ('/etc/ssh', '/etc/ssh/sshd_config.d') AND type = 1 AND name_allocated = 1 "
                             "AND (name = 'sshd_config' OR name LIKE '%.conf') AND coalesce(system, 0) = ? ORDER BY path",
                             parameters, [&](const plugin::RowView& row) {
                                 configurations.push_back(row.integer(0));
                                 return Next::go_on;
                             }));
            bool takes_empty = false;
            for (const auto inode : configurations) {
                TRY_ASSIGN(const auto text, reader.kept_text(inode));
                takes_empty |= permits_empty(text);
            }
            TRY_ASSIGN(const auto keys, read_keys(reader, book));
            Rules(book, known(), keys, takes_empty, sink).run();
        }
        return {};
    }
};

}  // namespace

const plugin::Detector& accounts_detector() {
    static const AccountsDetector detector;
    return detector;
}

}  // namespace deadbox::plugins::accounts
