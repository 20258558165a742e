#include "credentials/command_place.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "credentials/password_change.hpp"
#include "plugin/network_address.hpp"
#include "plugin/secret_programs.hpp"
#include "plugin/secret_value.hpp"

namespace deadbox::plugins::credentials {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_longest_word = 128, k_words = 256;
constexpr std::array k_shells{"sh"sv, "bash"sv, "dash"sv, "ash"sv, "zsh"sv, "ksh"sv, "su"sv};

// Programs whose -h, -u or -U, and first operand mean what they say; the others' long options do.
enum Mean : unsigned {
    host_h = 1, user_u = 2, user_U = 4, glued = 8, operand_host = 16, operand_database = 32, database = 64, login_l = 128, binddn = 256, operand_user = 512, url_H = 1024, server_S = 2048,
    database_d = 4096, database_D = 8192, slashes = 16384,  // /u:USER /v:HOST
};
// Options of programs whose operands are told by them: letters, and long names between blanks, whose value is the next word.
struct Valued {
    std::string_view letters, names;
};
constexpr Valued k_of_mysql{"hurPSDewTRWjF"sv,
                            " host user port socket protocol default-character-set character-sets-dir execute delimiter prompt tee database init-command max-allowed-packet net-buffer-length connect-timeout select-limit max-join-size defaults-file "
                            "defaults-extra-file defaults-group-suffix login-path plugin-dir default-auth bind-address ssl-ca ssl-cert ssl-key ssl-capath ssl-cipher ssl-crl ssl-crlpath ssl-mode tls-version tls-ciphersuites result-file where tab ignore-table "
                            "fields-terminated-by fields-enclosed-by fields-escaped-by fields-optionally-enclosed-by lines-terminated-by compatible columns use-threads server-public-key-path ignore-lines "sv};
constexpr Valued k_of_psql{"cdfFhLopPRTUv"sv, " command dbname file field-separator host log-file output port pset record-separator table-attr username set variable "sv};
constexpr Valued k_of_pg_dump{"dfFhjpUnNtTESZe"sv, " dbname file format host jobs port username schema exclude-schema table exclude-table encoding superuser compress role lock-wait-timeout exclude-table-data section rows-per-insert snapshot extra-float-digits extension filter "sv};
struct Program {
    std::string_view name;  // one that ends in * stands for all that begin so
    unsigned mean = 0;
    const Valued* valued = nullptr;
};
constexpr unsigned k_mysql = host_h | user_u | glued | database, k_postgres = host_h | user_U | database;
constexpr std::array k_programs{
    Program{"mysql", k_mysql | operand_database | database_D, &k_of_mysql}, Program{"mariadb", k_mysql | operand_database | database_D, &k_of_mysql}, Program{"mycli", k_mysql | operand_database | database_D, &k_of_mysql},
    Program{"mysqldump", k_mysql | operand_database, &k_of_mysql}, Program{"mariadb-dump", k_mysql | operand_database, &k_of_mysql}, Program{"mysqlimport", k_mysql | operand_database, &k_of_mysql}, Program{"mariadb-import", k_mysql | operand_database, &k_of_mysql},
    Program{"mysqladmin", k_mysql}, Program{"mysqlcheck", k_mysql}, Program{"mysqlshow", k_mysql}, Program{"mysqlpump", k_mysql}, Program{"mysqlslap", k_mysql}, Program{"mysqlbinlog", k_mysql}, Program{"mysqlsh", k_mysql | database_D}, Program{"mysql_upgrade", k_mysql}, Program{"mariadb-*", k_mysql},
    Program{"mydumper", host_h | user_u | database}, Program{"myloader", host_h | user_u | database}, Program{"psql", k_postgres | operand_database | database_d, &k_of_psql}, Program{"pg_dump", k_postgres | operand_database | database_d, &k_of_pg_dump},
    Program{"pg_restore", k_postgres | database_d}, Program{"pg_dumpall", k_postgres}, Program{"pg_basebackup", k_postgres}, Program{"pg_isready", k_postgres | database_d}, Program{"pgbench", k_postgres}, Program{"pg_receivewal", k_postgres},
    Program{"redis-cli", host_h | database}, Program{"valkey-cli", host_h | database}, Program{"mongo*", host_h | user_u | database | database_d}, Program{"sqlcmd", user_U | server_S | database | database_d}, Program{"bcp", user_U | server_S | database | database_d},
    Program{"isql", user_U | server_S | database}, Program{"influx", database}, Program{"clickhouse-client", host_h | user_u | database | database_d}, Program{"cqlsh", user_u | operand_host | database}, Program{"sqlplus", database}, Program{"exp", database}, Program{"expdp", database}, Program{"imp", database}, Program{"impdp", database},
    Program{"ssh", login_l | operand_host}, Program{"scp"}, Program{"sftp"}, Program{"rsync"}, Program{"ssh-copy-id", operand_host}, Program{"ldap*", host_h | binddn | url_H}, Program{"curl", user_u | operand_host}, Program{"wget", operand_host},
    Program{"lftp", user_u | operand_host}, Program{"ncftp*", user_u | operand_host}, Program{"smbclient", user_U | operand_host}, Program{"rpcclient", user_U | operand_host}, Program{"docker", user_u | operand_host}, Program{"podman", user_u | operand_host},
    Program{"helm", user_u | operand_host}, Program{"skopeo", user_u | operand_host}, Program{"plink", login_l | operand_host}, Program{"pscp"}, Program{"ipmitool", user_U}, Program{"xfreerdp*", user_u | slashes}, Program{"wlfreerdp*", user_u | slashes}, Program{"freerdp", user_u | slashes}, Program{"rdesktop", user_u | operand_host},
    Program{"useradd", operand_user}, Program{"usermod", operand_user},
    Program{"adduser", operand_user}, Program{"htpasswd", operand_user}, Program{"az", user_u}, Program{"net"}, Program{"passwd", operand_user}, Program{"smbpasswd", operand_user}, Program{"kinit", operand_user}, Program{"http", operand_host}, Program{"mosquitto_*", host_h | user_u}, Program{"svn", operand_host}, Program{"git", operand_host},
    Program{"mount"}, Program{"mount.cifs"}, Program{"mount.smb3"}};

struct Word {
    std::size_t start = 0, end = 0;
    std::string_view text;  // without the quotes around all of it
};

// One command: from `start` to what ends it.
struct Segment {
    std::size_t start = 0, end = 0;
    std::vector<Word> words;
    bool piped = false;  // into the next
};

std::vector<Segment> segments_of(std::string_view line, std::size_t from, std::size_t to) {
    std::vector<Segment> all(1);
    all[0].start = from;
    std::size_t count = 0;
    for (std::size_t at = from; at < to && count < k_words;) {
        const char c = line[at];
        if (c == ' ' || c == '\t') {
            ++at;
            continue;
        }
        if (";|&()`\n"sv.find(c) != std::string_view::npos) {
            all.back().end = at;
            all.back().piped = c == '|' && !(at + 1 < to && line[at + 1] == '|');
            while (at < to && ";|&()`\n"sv.find(line[at]) != std::string_view::npos) ++at;
            all.emplace_back().start = at;
            continue;
        }
        const auto start = at;
        char quote = 0;
        for (; at < to; ++at) {
            if (quote != 0) {
                if (line[at] == quote && line[at - 1] != '\\') quote = 0;
            } else if (line[at] == '"' || line[at] == '\'') quote = line[at];
            else if (line[at] == '\\' && at + 1 < to) ++at;
            else if (" \t;|&()`\n"sv.find(line[at]) != std::string_view::npos) break;
        }
        Word word{start, std::min(at, to), line.substr(start, std::min(at, to) - start)};
        if (word.text.size() >= 2 && (word.text.front() == '"' || word.text.front() == '\'') && word.text.back() == word.text.front()) word.text = word.text.substr(1, word.text.size() - 2);
        all.back().words.push_back(word), ++count;
    }
    all.back().end = to;
    return all;
}

std::string_view base_name(std::string_view word) { return word.substr(word.rfind('/') == std::string_view::npos ? 0 : word.rfind('/') + 1); }
std::string_view kept(std::string_view text) { return text.substr(0, k_longest_word); }
bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-'; }
bool is_assignment(std::string_view word) {
    const auto sign = word.find('=');
    return sign != std::string_view::npos && sign > 0 && std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(sign), is_word) && word.front() != '-';
}

const Program* known(std::string_view program) {
    for (const auto& one : k_programs)
        if (one.name.ends_with('*') ? program.starts_with(one.name.substr(0, one.name.size() - 1)) : program == one.name) return &one;
    return nullptr;
}
unsigned meaning_of(std::string_view program) {
    const auto* one = known(program);
    return one == nullptr ? 0 : one->mean;
}
bool is_program(std::string_view word) {
    const auto name = base_name(word);
    if (name.empty() || plugin::is_starter(name)) return false;
    return !plugin::uses_of(name).empty() || std::any_of(k_programs.begin(), k_programs.end(), [&](const auto& one) { return one.name == name; }) || (meaning_of(name) != 0 && name.size() < 24);
}

// user@host, user@host:path; not an address of mail, which has no place among a program's operands that log in.
void take_at_host(std::string_view word, Place& place) {
    const auto sign = word.find('@');
    if (sign == std::string_view::npos || sign == 0 || word.front() == '-' || word.find_first_of(" \t/'\"="sv) < sign) return;
    if (place.account.empty()) place.account = kept(word.substr(0, std::min(word.find(':'), sign)));
    if (place.host.empty()) place.host = kept(host_in(word.substr(sign + 1, std::min(word.find_first_of(":/"sv, sign), word.size()) - sign - 1)));
}

// Where an ssh among the first `count` words goes: "" where that is a variable; none where no ssh starts what follows.
std::optional<std::string> beyond_ssh(const std::vector<Word>& words, std::size_t count) {
    bool sshpass = false;
    for (std::size_t i = 0; i < count; ++i) {
        sshpass |= base_name(words[i].text) == "sshpass"sv;
        if (base_name(words[i].text) != "ssh"sv || (i > 0 && !sshpass && words[i - 1].text.starts_with('-'))) continue;  // rsync -e ssh
        for (std::size_t k = i + 1; k < count; ++k) {
            const auto word = words[k].text;
            if (word.starts_with('-')) {
                if (word.size() == 2 && "BbcDEeFIiJLlmOopQRSWw"sv.find(word[1]) != std::string_view::npos) ++k;  // its value
                continue;
            }
            if (word.find("://"sv) != std::string_view::npos) return place_in_url(word).host;
            return std::string(kept(host_in(word.substr(word.rfind('@') == std::string_view::npos ? 0 : word.rfind('@') + 1))));
        }
    }
    return std::nullopt;
}
bool is_shell(std::string_view program) {
    return std::any_of(std::begin(k_shells), std::end(k_shells), [&](auto one) { return one == program; });
}
// USER of "rw,username=USER,password=".
std::string_view user_in_options(std::string_view list) {
    for (const auto name : {"username="sv, "user="sv})
        for (auto at = list.find(name); at != std::string_view::npos; at = list.find(name, at + 1)) {
            if (at > 0 && ",='\""sv.find(list[at - 1]) == std::string_view::npos && !list.substr(0, at).ends_with("-o"sv)) continue;
            const auto from = at + name.size();
            return kept(list.substr(from, std::min(list.find(',', from), list.size()) - from));
        }
    return {};
}

class Reader {
public:
    Reader(std::string_view line, std::size_t start, std::size_t length) : m_line(line), m_start(start), m_end(start + length) {}

    CommandPlace read() {
        beside_it();
        auto from = std::size_t{0}, to = m_line.size();
        for (int depth = 0; depth < 4; ++depth) {
            const auto segments = segments_of(m_line, from, to);
            const auto mine = std::find_if(segments.begin(), segments.end(), [&](const auto& one) { return one.start <= m_start && m_start < one.end; });
            if (mine == segments.end()) break;
            // A command inside of quotes: sh -c "mysql -pSECRET", ssh HOST "cd /x && mysql -pSECRET".
            const auto word = std::find_if(mine->words.begin(), mine->words.end(), [&](const auto& one) { return one.start <= m_start && m_start < one.end; });
            const auto before = static_cast<std::size_t>(word - mine->words.begin());
            const auto beyond = beyond_ssh(mine->words, before);
            if (word != mine->words.end() && word->text.size() + 2 == word->end - word->start && word->text.find(' ') != std::string_view::npos && (beyond || is_script(mine->words, before) || is_program(word->text.substr(0, word->text.find(' '))))) {
                if (beyond) m_beyond = beyond;
                from = word->start + 1, to = word->end - 1;
                continue;
            }
            command(*mine, mine + 1 < segments.end() && mine->piped ? &*(mine + 1) : nullptr);
            if (beyond && m_place.program != "ssh"sv) m_beyond = beyond;
            break;
        }
        if (const auto change = password_change(m_line.substr(0, m_start))) m_place.account = kept(change->account), m_place.is_database = true, m_place.is_hash = change->is_hash;
        // What runs on another machine means that one by "here".
        if (m_beyond && m_place.program != "ssh"sv && (m_place.host.empty() || plugin::is_this_machine(plugin::lowered(m_place.host)))) m_place.host = *m_beyond;
        return std::move(m_place);
    }

private:
    // Is the word behind these what a shell is to run?
    static bool is_script(const std::vector<Word>& words, std::size_t count) {
        if (count < 2 || !words[count - 1].text.starts_with('-') || !words[count - 1].text.ends_with('c')) return false;
        return std::any_of(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(count), [](const auto& one) { return is_shell(base_name(one.text)); });
    }

    // user:SECRET@host, user,SECRET, user%SECRET, DOM/user:SECRET@host
    void beside_it() {
        if (m_start > 1 && ":,%/"sv.find(m_line[m_start - 1]) != std::string_view::npos) {
            std::size_t from = m_start - 1;
            while (from > 0 && m_start - from < k_longest_word && " \t\"'=,;("sv.find(m_line[from - 1]) == std::string_view::npos) --from;
            auto who = m_line.substr(from, m_start - 1 - from);
            if (const auto scheme = who.find("://"sv); scheme != std::string_view::npos) who = who.substr(scheme + 3);
            if (who.starts_with("-u"sv) || who.starts_with("-U"sv)) who.remove_prefix(2);
            if (!who.empty() && who.front() != '-' && who.front() != '/' && who != "pass"sv && who.find(':') == std::string_view::npos) m_place.account = who;
        }
        if (m_end < m_line.size() && m_line[m_end] == '@') {
            const auto rest = m_line.substr(m_end + 1);
            m_place.host = kept(host_in(rest.substr(0, rest.find_first_of(" \t\"'/?;,"sv))));
            if (m_line.substr(0, m_start).rfind("://"sv) != std::string_view::npos)
                if (const auto slash = rest.find_first_of(" \t\"'/?;,"sv); slash != std::string_view::npos && rest[slash] == '/') m_place.database = kept(rest.substr(slash + 1, rest.substr(slash + 1).find_first_of(" \t\"'/?;,"sv)));
        }
    }

    void command(const Segment& segment, const Segment* next) {
        const auto& words = segment.words;
        const auto holding = static_cast<std::size_t>(std::find_if(words.begin(), words.end(), [&](const auto& one) { return m_start < one.end; }) - words.begin());
        if (holding >= words.size()) return;
        if (mount(words, holding)) return;
        std::optional<std::size_t> program;
        for (std::size_t i = 0; i < holding; ++i)
            if (is_program(words[i].text) && !(program && base_name(words[*program].text) == "openssl"sv)) program = i;  // openssl passwd
        // NAME=SECRET program, export NAME=SECRET
        if (!program && is_assignment(words[holding].text))
            for (std::size_t i = holding + 1; i < words.size() && !program; ++i) {
                if (is_assignment(words[i].text) || plugin::is_starter(base_name(words[i].text))) continue;
                if (words[i].text.empty() || !(is_word(words[i].text.front()) || "/.~\"'"sv.find(words[i].text.front()) != std::string_view::npos) || (words[i].text.front() >= '0' && words[i].text.front() <= '9') || words[i].text.front() == '-') break;
                program = i;
            }
        if (!program) return;
        auto name = base_name(words[*program].text);
        if (name == "echo"sv || name == "printf"sv || name == "yes"sv) {
            if (next == nullptr || next->words.empty()) return;
            auto first = next->words.begin();
            while (first != next->words.end() && plugin::is_starter(base_name(first->text)) && first + 1 != next->words.end() && is_program((first + 1)->text)) ++first;
            m_place.program = kept(base_name(first->text));
            return options(next->words, static_cast<std::size_t>(first - next->words.begin()), next->words.size());
        }
        // sshpass -p SECRET ssh root@host: for the program behind it.
        if (name == "sshpass"sv)
            for (std::size_t i = holding + 1; i < words.size(); ++i)
                if (meaning_of(base_name(words[i].text)) != 0 || base_name(words[i].text) == "scp"sv || base_name(words[i].text) == "sftp"sv || base_name(words[i].text) == "rsync"sv) {
                    program = i, name = base_name(words[i].text);
                    break;
                }
        m_place.program = kept(name);
        options(words, *program, holding);
    }

    // mount -t cifs //HOST/x /mnt -o username=USER,password=SECRET, and such a line of fstab.
    bool mount(const std::vector<Word>& words, std::size_t holding) {
        const auto list = m_line.substr(words[holding].start, words[holding].end - words[holding].start), before = list.substr(0, m_start > words[holding].start ? m_start - words[holding].start : 0);
        if (!before.ends_with(",password="sv) && !before.ends_with(",pass="sv) && !before.ends_with("-opassword="sv) && before != "password="sv && before != "pass="sv) return false;
        std::string_view host;
        for (std::size_t i = 0; i < words.size(); ++i) {
            const auto text = words[i].text;
            const auto share = text.starts_with("://"sv) ? text.substr(3) : text.starts_with("//"sv) ? text.substr(2) : std::string_view();
            if (!share.empty() && share.find('/') != std::string_view::npos && host.empty()) host = host_in(share.substr(0, share.find('/')));
            if (i < holding && (text == "mount"sv || base_name(text).starts_with("mount."sv))) m_place.program = base_name(text);
        }
        const auto user = user_in_options(before), later = user_in_options(list.substr(std::min(m_end - words[holding].start, list.size())));
        if (host.empty() && user.empty() && later.empty()) return m_place.program.clear(), false;
        m_place.host = kept(host), m_place.account = user.empty() ? later : user;
        return true;
    }

    // `holding`: the word with the secret.
    void options(const std::vector<Word>& words, std::size_t program, std::size_t holding) {
        const auto* one = known(m_place.program);
        const auto mean = one == nullptr ? 0u : one->mean;
        const auto* valued = one == nullptr ? nullptr : one->valued;
        const auto is_value_of = [&](std::size_t i) { return is_value(words, i, valued); };
        m_place.is_database = (mean & database) != 0;
        const auto set = [](std::string& field, std::string_view value) {
            if (field.empty() && !value.empty() && value.front() != '-') field = kept(value);
        };
        bool operand = false;
        for (std::size_t i = program + 1; i < words.size(); ++i) {
            const auto word = words[i].text;
            if (i == holding) {
                if (word.find("://"sv) != std::string_view::npos) set(m_place.host, place_in_url(word).host);
                continue;
            }
            const auto next = i + 1 < words.size() && i + 1 != holding ? words[i + 1].text : std::string_view();
            const auto sign = word.find('=');
            const auto option = word.substr(0, sign);
            const auto value = sign != std::string_view::npos ? word.substr(sign + 1) : next;
            const auto is = [&](std::initializer_list<std::string_view> names) { return std::find(names.begin(), names.end(), option) != names.end(); };
            if (is({"--user", "--username", "--http-user", "--ftp-user", "--login", "--dbuser", "--db-user", "--account-name", "-au", "--access-key"})) set(m_place.account, value.substr(0, value.find(':')));
            else if (is({"--host", "--hostname", "--server", "--dbhost", "--registry"})) set(m_place.host, host_in(value));
            else if (is({"--database", "--dbname", "--db"})) set(m_place.database, value);
            else if (word.starts_with("/user:"sv) || word.starts_with("/u:"sv)) set(m_place.account, word.substr(word.find(':') + 1));
            else if ((mean & slashes) != 0 && (word.starts_with("/v:"sv) || word.starts_with("/server:"sv))) set(m_place.host, host_in(word.substr(word.find(':') + 1)));
            else if (((mean & database_d) != 0 && word == "-d"sv) || ((mean & database_D) != 0 && word == "-D"sv)) set(m_place.database, next.find('=') == std::string_view::npos ? next : std::string_view());
            else if ((mean & user_u) != 0 && word == "-u"sv) set(m_place.account, next.substr(0, next.find_first_of(":,"sv)));
            else if ((mean & user_u) != 0 && (mean & glued) != 0 && word.starts_with("-u"sv)) set(m_place.account, word.substr(2));
            else if ((mean & user_U) != 0 && word.starts_with("-U"sv)) set(m_place.account, word.size() > 2 ? word.substr(2) : next.substr(0, next.find('%')));
            else if ((mean & host_h) != 0 && word == "-h"sv) set(m_place.host, host_in(next));
            else if ((mean & host_h) != 0 && (mean & glued) != 0 && word.starts_with("-h"sv)) set(m_place.host, host_in(word.substr(2)));
            else if ((mean & server_S) != 0 && word.starts_with("-S"sv)) set(m_place.host, host_in(word.size() > 2 ? word.substr(2) : next));
            else if ((mean & login_l) != 0 && word == "-l"sv) set(m_place.account, next);
            else if ((mean & binddn) != 0 && word == "-D"sv) set(m_place.account, next);
            else if ((mean & url_H) != 0 && word == "-H"sv) set(m_place.host, place_in_url(next).host);
            else if (word.starts_with('-') || word.starts_with('<') || word.starts_with('>')) {
                if (word == ">"sv || word == "<"sv || word == ">>"sv || word == "2>"sv) ++i;
                continue;
            } else if (word.find("://"sv) != std::string_view::npos) {
                const auto place = place_in_url(word);
                set(m_place.host, place.host), set(m_place.account, place.account);
                operand = true;
                continue;
            } else {
                if (word.starts_with("//"sv)) set(m_place.host, word.substr(2, word.find('/', 2) - 2));
                else if (!(mean & database) && word.find('@') != std::string_view::npos) take_at_host(word, m_place);
                else if (!operand && (mean & operand_database) != 0 && !is_value_of(i)) set(m_place.database, word);
                else if ((mean & operand_user) != 0 && !is_value_of(i)) m_place.account = kept(word);  // the last
                else if ((mean & operand_host) != 0 && word.find('.') != std::string_view::npos && word.find('/') == std::string_view::npos && !is_value_of(i)) set(m_place.host, host_in(word));
                else continue;
                operand = operand || !is_value_of(i);
                continue;
            }
            if (sign == std::string_view::npos && (word.size() == 2 || word.starts_with("--"sv) || word == "-au"sv)) ++i;  // its value
        }
    }
    // Behind an option, whose value it is; of a program whose options are not known, behind any short one.
    static bool is_value(const std::vector<Word>& words, std::size_t i, const Valued* valued) {
        if (i == 0) return false;
        const auto before = words[i - 1].text;
        if (valued == nullptr || before.size() == 2) return before.size() == 2 && before.front() == '-' && before != "-p"sv && (valued == nullptr || valued->letters.find(before[1]) != std::string_view::npos);
        return before.starts_with("--"sv) && before.find('=') == std::string_view::npos && valued->names.find(" " + std::string(before.substr(2)) + " ") != std::string_view::npos;
    }

    std::string_view m_line;
    std::size_t m_start, m_end;
    CommandPlace m_place;
    std::optional<std::string> m_beyond;  // the machine on which it runs, where ssh goes there
};

}  // namespace

CommandPlace place_in_command(std::string_view line, std::size_t start, std::size_t length) { return Reader(line, start, length).read(); }

}  // namespace deadbox::plugins::credentials
