#include "plugin/secret_command.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <string>
#include <unordered_map>

#include "plugin/secret_value.hpp"

namespace deadbox::plugin {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_words = 512;  // of one command

enum class Form : unsigned char {
    whole,
    after_colon,    // user:SECRET
    after_comma,    // user,SECRET
    after_percent,  // user%SECRET
    after_slash,    // user/SECRET@database
    pass_source,    // pass:SECRET of OpenSSL; env: and file: are none
    header,         // Name: SECRET
    cookie,         // name=SECRET; a file's name is none
    fields,         // name=SECRET&name=SECRET
    at_host,        // user:SECRET@host
};
enum class Take : unsigned char { next, glued, either };  // -p SECRET, -pSECRET

// `programs`: names separated by blanks; one that ends in * stands for all that begin so. `sub`: a word that must stand before.
struct Option {
    std::string_view programs, sub, options;
    Take take = Take::either;
    Form form = Form::whole;
    std::string_view flags = {};  // short options without a value, which may stand before it in the same word: -sku user:pw
    bool first_only = false;   // only before the first operand: what follows is another program
};
constexpr std::string_view k_mysql = "mysql mysqldump mysqladmin mysqlimport mysqlcheck mysqlshow mysqlpump mysqlslap mysqlbinlog mysql_upgrade mysqlsh mycli mydumper myloader mariadb* xtrabackup innobackupex pt-*";
constexpr std::string_view k_mongo = "mongo mongosh mongodump mongorestore mongoexport mongoimport mongostat mongotop mongofiles";
constexpr std::string_view k_ldap = "ldapsearch ldapadd ldapmodify ldapdelete ldapmodrdn ldapcompare ldapwhoami ldappasswd ldapexop";
constexpr std::string_view k_samba = "smbclient smbget rpcclient smbcacls smbcquotas smbtree winexe wmic net nmblookup pth-*";
constexpr std::string_view k_container = "docker podman nerdctl buildah skopeo helm oras crane oc az";
constexpr std::string_view k_archive = "7z 7za 7zr 7zz p7zip rar unrar";
constexpr std::string_view k_intruder = "crackmapexec nxc netexec evil-winrm hydra medusa ncrack smbmap bloodhound-python certipy kerbrute";
constexpr std::string_view k_impacket = "psexec.py wmiexec.py smbexec.py atexec.py dcomexec.py secretsdump.py smbclient.py mssqlclient.py getTGT.py GetNPUsers.py GetUserSPNs.py lookupsid.py impacket-*";
constexpr std::string_view k_curl_flags = "#0123456789afgGijklLnNOpqRsSvVZ";

constexpr Option k_options[] = {
    {"curl", "", "-u --user -U --proxy-user -E --cert --proxy-cert", Take::either, Form::after_colon, k_curl_flags},
    {"curl", "", "-H --header --proxy-header", Take::either, Form::header, k_curl_flags},
    {"curl", "", "-b --cookie", Take::either, Form::cookie, k_curl_flags},
    {"curl", "", "-d --data --data-raw --data-binary --data-ascii --data-urlencode -F --form --form-string --json", Take::either, Form::fields, k_curl_flags},
    {"curl", "", "-x --proxy --preproxy --socks5 --socks5-hostname", Take::either, Form::at_host, k_curl_flags},
    {"curl", "", "--pass --proxy-pass --oauth2-bearer --tlspassword", Take::next, Form::whole},
    {"wget wget2 http https httpie xh aria2c axel", "", "--header", Take::next, Form::header},
    {"wget wget2", "", "--post-data --body-data", Take::next, Form::fields},
    {"http https httpie xh", "", "-a --auth", Take::either, Form::after_colon},
    {"lwp-request", "", "-C", Take::next, Form::after_colon},
    {"ncat", "", "--proxy-auth", Take::next, Form::after_colon},
    {"git", "", "-c", Take::next, Form::header},
    {"lftp", "", "-u --user", Take::either, Form::after_comma},
    {"ncftp ncftpput ncftpget ncftpls ncftpbatch", "", "-p", Take::either, Form::whole, "vVdzRmFaSE"},
    {k_samba, "", "-U --user", Take::either, Form::after_percent, "kNPLEgq"},
    {k_mysql, "", "-p", Take::glued, Form::whole, "BsvtfAqCnNrEH"},
    {"sqlcmd bcp isql osql tsql sqsh", "", "-P", Take::either, Form::whole},
    {"redis-cli keydb-cli valkey-cli", "", "-a --pass", Take::next, Form::whole},
    {k_mongo, "", "-p", Take::either, Form::whole},
    {"cqlsh influx clickhouse-client couchbase-cli cbq", "", "-p -t", Take::next, Form::whole},
    {"sshpass", "", "-p", Take::either, Form::whole, "v", true},
    {"plink pscp psftp putty", "", "-pw", Take::next, Form::whole},
    {"ssh-keygen", "", "-N -P", Take::either, Form::whole, "fyq"},
    {"zip zipcloak zipnote unzip bsdtar", "", "-P --passphrase", Take::either, Form::whole, "rqjemuvyTDX0123456789oxlnft"},
    {k_archive, "", "-p -hp", Take::glued, Form::whole},
    {"openssl", "", "-k -K -passwd", Take::next, Form::whole},
    {"openssl", "", "-pass -passin -passout", Take::next, Form::pass_source},
    {"gpg gpg2", "", "--passphrase", Take::next, Form::whole},
    {"ccrypt ccencrypt ccdecrypt", "", "-K", Take::either, Form::whole},
    {"mcrypt", "", "-k", Take::either, Form::whole},
    {"steghide outguess stegseek", "", "-p -k", Take::next, Form::whole},
    {"keytool jarsigner", "", "-storepass -keypass -srcstorepass -deststorepass -srckeypass -destkeypass", Take::next, Form::whole},
    {"ldappasswd", "", "-s -a", Take::next, Form::whole},
    {k_ldap, "", "-w", Take::either, Form::whole, "xLZvncWIMAQ"},
    {"useradd usermod groupadd groupmod adduser luseradd", "", "-p --password", Take::either, Form::whole, "mMNrUoDaGb"},
    {k_container, "login", "-p --password", Take::either, Form::whole},
    {"skopeo podman buildah crane", "", "--creds --src-creds --dest-creds", Take::next, Form::after_colon},
    {"doctl", "", "-t --access-token", Take::next, Form::whole},
    {"ipmitool", "", "-P", Take::either, Form::whole, "v"},
    {"snmpget snmpwalk snmpbulkwalk snmpset snmpbulkget snmptrap", "", "-c -A -X", Take::either, Form::whole},
    {"xfreerdp wlfreerdp freerdp xfreerdp3", "", "/p: /password: -p", Take::either, Form::whole},
    {"rdesktop x11vnc vncviewer", "", "-p -passwd", Take::next, Form::whole},
    {"swaks sendemail sendEmail", "", "-ap -xp", Take::next, Form::whole},
    {k_intruder, "", "-p --password", Take::next, Form::whole},
    {"crackmapexec nxc netexec evil-winrm", "", "-H --hash", Take::next, Form::whole},
    {"net", "", "/user: /U:", Take::glued, Form::after_percent},
};

// Operands. `index`: which one behind `after`, the first is 0; negative: counted from the last. `after` empty: behind the program.
struct Operand {
    std::string_view programs, after;
    int index = 0;
    Form form = Form::whole;
};
constexpr Operand k_operands[] = {
    {"htpasswd", "-*b", -1}, {"openssl", "passwd", -1}, {"mysqladmin mariadb-admin", "password", 0},
    {"sqlplus sqlldr exp imp expdp impdp rman", "", 0, Form::after_slash}, {"redis-cli keydb-cli valkey-cli", "auth", -1}, {"redis-cli keydb-cli valkey-cli", "requirepass", 0},
    {"vault", "login", -1}, {"ngrok", "authtoken", -1}, {"ngrok", "add-authtoken", -1}, {"snyk", "auth", -1}, {"cloudflared", "install", 0},
    {"wpa_passphrase", "", 1}, {"rclone", "obscure", 0}, {"mc mcli", "set", 3}, {"mc mcli", "set", 2}, {"mc mcli", "add", 3}, {"mc mcli", "add", 2},
    {"ipmitool", "password", -1}, {"net", "use", 0}, {"net", "user", 1}, {k_impacket, "", 0, Form::at_host},
};

// Programs that read one from their input: echo SECRET | program, program <<< SECRET. `with`: only where this word stands there too.
struct Reader {
    std::string_view program, with = {};
    Form form = Form::whole;
};
constexpr Reader k_readers[] = {
    {"chpasswd", "", Form::after_colon}, {"passwd", ""}, {"smbpasswd", ""}, {"pdbedit", ""}, {"cryptsetup", ""}, {"sudo", "-S"}, {"su", ""}, {"docker", "--password-stdin"}, {"podman", "--password-stdin"},
    {"nerdctl", "--password-stdin"}, {"helm", "--password-stdin"}, {"gpg", "--passphrase-fd"}, {"openssl", "stdin"}, {"openssl", "passwd"}, {"kinit", ""}, {"htpasswd", "-i"}, {"vncpasswd", "-f"}, {"ecryptfs-add-passphrase", ""},
    {"gh", "--with-token"}, {"mkpasswd", ""}, {"doveadm", "pw"}, {"realm", "join"}, {"adcli", "join"}, {"net", "join"},
};
constexpr std::array k_starters{"sudo"sv, "doas"sv, "env"sv, "nohup"sv, "time"sv, "nice"sv, "timeout"sv, "busybox"sv};
constexpr std::array k_printers{"echo"sv, "printf"sv, "yes"sv};

// Programs that take "NAME VALUE" as two words, where NAME says secret.
constexpr std::string_view k_named = "aws nmcli rclone npm yarn composer git pdftk wpa_cli wp drush occ";

enum Family : unsigned char { family_options, family_operands, family_readers, family_printers, family_named };
struct Use {
    Family family;
    std::size_t index;
};

struct Programs {
    std::unordered_map<std::string_view, std::vector<Use>> exact;
    std::vector<std::pair<std::string_view, Use>> prefixes;
    std::bitset<256> starts;

    void add(std::string_view names, Use use) {
        for (std::size_t at = 0; at < names.size();) {
            const auto end = std::min(names.find(' ', at), names.size());
            auto name = names.substr(at, end - at);
            at = end + 1;
            starts.set(static_cast<unsigned char>(name.front()));
            if (name.ends_with('*')) prefixes.emplace_back(name.substr(0, name.size() - 1), use);
            else exact[name].push_back(use);
        }
    }
    Programs() {
        for (std::size_t i = 0; i < std::size(k_options); ++i) add(k_options[i].programs, {family_options, i});
        for (std::size_t i = 0; i < std::size(k_operands); ++i) add(k_operands[i].programs, {family_operands, i});
        for (std::size_t i = 0; i < std::size(k_readers); ++i) add(k_readers[i].program, {family_readers, i});
        for (std::size_t i = 0; i < k_printers.size(); ++i) add(k_printers[i], {family_printers, i});
        add(k_named, {family_named, 0});
    }
    std::vector<Use> uses(std::string_view name) const {
        std::vector<Use> all;
        if (name.empty() || name.size() > 24 || !starts[static_cast<unsigned char>(name.front())]) return all;
        if (const auto found = exact.find(name); found != exact.end()) all = found->second;
        for (const auto& [prefix, use] : prefixes)
            if (name.starts_with(prefix)) all.push_back(use);
        return all;
    }
};
const Programs& programs() {
    static const Programs all;
    return all;
}

template <class Visit>
void each_name(std::string_view names, Visit&& visit) {
    for (std::size_t at = 0; at < names.size();) {
        const auto end = std::min(names.find(' ', at), names.size());
        visit(names.substr(at, end - at));
        at = end + 1;
    }
}

std::string_view base_name(std::string_view word) {
    word = word.substr(word.rfind('/') == std::string_view::npos ? 0 : word.rfind('/') + 1);
    return word.substr(word.rfind('=') == std::string_view::npos ? 0 : word.rfind('=') + 1);  // COMMAND=/usr/bin/mysql
}

struct Word {
    std::size_t start = 0, end = 0;  // as written
    bool here_string = false;
};

// The rest of a header's value is the secret; the scheme before it is told.
constexpr std::array k_schemes{"bearer"sv, "basic"sv, "token"sv, "digest"sv, "negotiate"sv, "apikey"sv, "key"sv, "ntlm"sv, "hmac"sv};

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

class Command {
public:
    Command(std::string_view text, std::vector<Word> words, std::vector<SecretSpan>& all) : m_text(text), m_words(std::move(words)), m_all(all) {}

    void find() {
        for (std::size_t i = 0; i < m_words.size(); ++i) {
            const auto content = bare(i);
            const auto name = base_name(content);
            for (const auto& use : programs().uses(name)) {
                if (use.family == family_options) once(m_options, OptionAt{&k_options[use.index], i});
                else if (use.family == family_operands) once(m_operands, OperandAt{&k_operands[use.index], i});
                else if (use.family == family_readers) once(m_readers, ReaderAt{&k_readers[use.index], i});
                else if (use.family == family_printers && i == 0) m_prints = true;
                else if (use.family == family_named) m_named = true;
            }
            if (m_words[i].here_string) continue;
            for (const auto& [option, at] : m_options)
                if (i > at) test(*option, at, i);
            if (m_named && i + 1 < m_words.size() && content.find('=') == std::string_view::npos && content != "token"sv && content != "secret"sv && !content.starts_with('-') && names_a_secret(content) && !bare(i + 1).starts_with('-')) whole_word(i + 1, Form::whole);
        }
        for (const auto& [operand, at] : m_operands) find_operand(*operand, at);
        for (const auto& [reader, at] : m_readers) {
            if (!reader_is_meant(*reader, at)) continue;
            for (std::size_t i = at; i < m_words.size(); ++i)
                if (m_words[i].here_string) whole_word(i, reader->form);
        }
    }

    bool prints() const { return m_prints; }
    // Of this command's readers, the form in which they take their input.
    std::optional<Form> reads() const {
        for (const auto& [reader, at] : m_readers)
            if (runs(at) && reader_is_meant(*reader, at)) return reader->form;
        return std::nullopt;
    }
    // What it prints is a secret.
    void hide_operands(Form form) {
        for (std::size_t i = 1; i < m_words.size(); ++i)
            if (!bare(i).starts_with('-') || bare(i).size() > 3) whole_word(i, form);
    }

private:
    // A row of a table, and the first word that names its program.
    template <class Row>
    struct RowAt {
        const Row* row;
        std::size_t at;
    };
    using OptionAt = RowAt<Option>;
    using OperandAt = RowAt<Operand>;
    using ReaderAt = RowAt<Reader>;
    template <class Rows>
    static void once(Rows& rows, typename Rows::value_type one) {
        if (std::none_of(rows.begin(), rows.end(), [&](const auto& other) { return other.row == one.row; })) rows.push_back(one);
    }

    std::string_view bare(std::size_t i) const {
        const auto inner = unquoted(m_text, m_words[i].start, m_words[i].end);
        return m_text.substr(inner.start, inner.end - inner.start);
    }
    bool stands(std::string_view word, std::size_t from, std::size_t to) const {
        for (std::size_t i = from; i < to && i < m_words.size(); ++i)
            if (bare(i) == word) return true;
        return false;
    }
    // Is it the program of this command, at most behind one that starts it?
    bool runs(std::size_t at) const {
        for (std::size_t i = 0; i < at; ++i) {
            const auto word = bare(i);
            if (!word.starts_with('-') && word.find('=') == std::string_view::npos && std::find(k_starters.begin(), k_starters.end(), base_name(word)) == k_starters.end()) return false;
        }
        return true;
    }
    bool reader_is_meant(const Reader& reader, std::size_t at) const { return reader.with.empty() || stands(reader.with, at, m_words.size()) || (reader.with == "stdin"sv && stands("-stdin"sv, at, m_words.size())); }

    void test(const Option& option, std::size_t program, std::size_t i) {
        if (!option.sub.empty() && !stands(option.sub, program + 1, i)) return;
        if (option.first_only && i > program + 1) {
            for (std::size_t k = program + 1; k < i; ++k) {
                const bool value = k > program + 1 && bare(k - 1).size() == 2 && bare(k - 1).starts_with('-') && bare(k - 1) != "-v"sv && bare(k - 1) != "-e"sv;
                if (!bare(k).starts_with('-') && !value) return;
            }
        }
        const auto inner = unquoted(m_text, m_words[i].start, m_words[i].end);
        const auto word = m_text.substr(inner.start, inner.end - inner.start);
        each_name(option.options, [&](std::string_view name) {
            if (name.starts_with("--"sv)) {
                if (word == name) next(i, option.form);
                else if (word.size() > name.size() && word.starts_with(name) && word[name.size()] == '=') glued(inner, name.size() + 1, option.form);
            } else if (name.size() == 2 && name.front() == '-') {
                if (word.size() < 2 || word.front() != '-' || word[1] == '-') return;
                std::size_t at = 1;
                while (at < word.size() && word[at] != name[1] && option.flags.find(word[at]) != std::string_view::npos) ++at;
                if (at >= word.size() || word[at] != name[1]) return;
                if (at + 1 == word.size()) {
                    if (option.take != Take::glued) next(i, option.form);
                } else if (option.take != Take::next || word[at + 1] == '=') {
                    glued(inner, at + 1 + (word[at + 1] == '=' ? 1u : 0u), option.form);
                }
            } else if (word == name) {
                if (option.take != Take::glued) next(i, option.form);
            } else if (word.size() > name.size() && word.starts_with(name) && (option.take == Take::glued || !is_alnum(name.back()))) glued(inner, name.size(), option.form);
        });
    }

    void next(std::size_t i, Form form) {
        if (i + 1 >= m_words.size() || m_words[i + 1].here_string) return;
        if (form != Form::header && form != Form::fields && form != Form::cookie && bare(i + 1).starts_with('-')) return;
        // -H Name: value, where the quotes were lost
        if (form == Form::header && bare(i + 1).ends_with(':') && i + 2 < m_words.size() && names_a_secret_header(bare(i + 1).substr(0, bare(i + 1).size() - 1))) {
            const auto scheme = lowered(bare(i + 2));
            const bool told = std::find(k_schemes.begin(), k_schemes.end(), scheme) != k_schemes.end() && i + 3 < m_words.size();
            return whole_word(told ? i + 3 : i + 2, Form::whole);
        }
        whole_word(i + 1, form);
    }
    void whole_word(std::size_t i, Form form) {
        const auto inner = unquoted(m_text, m_words[i].start, m_words[i].end);
        take(inner.start, inner.end, inner.single, form);
    }
    void glued(const Unquoted& word, std::size_t from, Form form) {
        const auto inner = unquoted(m_text, word.start + from, word.end);
        take(inner.start, inner.end, inner.single || word.single, form);
    }

    void take(std::size_t start, std::size_t end, bool single, Form form) {
        if (start >= end) return;
        const auto value = m_text.substr(start, end - start);
        const auto behind = [&](char mark, bool must) {
            const auto at = value.find(mark);
            if (at == std::string_view::npos) return must ? void() : add(start, end, single);
            const auto inner = unquoted(m_text, start + at + 1, end);  // alice:'a b'
            add(inner.start, inner.end, single || inner.single);
        };
        switch (form) {
            case Form::whole: return add(start, end, single);
            case Form::after_colon: return behind(':', true);
            case Form::after_comma: return behind(',', true);
            case Form::after_percent: return behind('%', true);
            case Form::after_slash: {
                const auto slash = value.find('/');
                if (slash == std::string_view::npos || slash == 0 || value.front() == '@') return;
                const auto sign = value.rfind('@');
                return add(start + slash + 1, sign == std::string_view::npos || sign < slash ? end : start + sign, single);
            }
            case Form::pass_source: return value.starts_with("pass:"sv) ? add(start + 5, end, single) : void();
            case Form::header: {
                if (const auto span = header_value(m_text, start, end)) add(span->start, span->start + span->length, single);
                return;
            }
            case Form::cookie: {
                const auto equal = value.find('=');
                return equal == std::string_view::npos ? void() : add(start + equal + 1, end, single);
            }
            case Form::fields: {
                for (std::size_t at = 0; at < value.size();) {
                    const auto stop = std::min(value.find('&', at), value.size());
                    const auto equal = value.find('=', at);
                    if (equal < stop && names_a_secret_field(value.substr(at, equal - at))) add(start + equal + 1, start + stop, single);
                    at = stop + 1;
                }
                return;
            }
            case Form::at_host: {
                if (value.find("://"sv) != std::string_view::npos) return;  // an address, in any text
                const auto colon = value.find(':'), sign = value.rfind('@');
                return colon != std::string_view::npos && sign != std::string_view::npos && colon < sign ? add(start + colon + 1, start + sign, single) : void();
            }
        }
    }

    void add(std::size_t start, std::size_t end, bool single) {
        if (start >= end) return;
        const auto value = m_text.substr(start, end - start);
        if (is_masked(value) || (!single && is_reference(value))) return;
        m_all.push_back({start, end - start, SecretKind::password});
    }

    void find_operand(const Operand& operand, std::size_t program) {
        std::size_t from = program + 1;
        if (!operand.after.empty()) {
            const auto is_after = [&](std::size_t i) {
                const auto word = bare(i);
                if (operand.after == "-*b"sv) return word.size() >= 2 && word.front() == '-' && word[1] != '-' && word.find('b') != std::string_view::npos;
                return lowered(word) == operand.after;
            };
            while (from < m_words.size() && !is_after(from)) ++from;
            if (from >= m_words.size()) return;
            ++from;
        }
        std::vector<std::size_t> operands;
        for (std::size_t i = from; i < m_words.size(); ++i) {
            const auto word = bare(i);
            if (word.empty() || word.front() == '-' || m_words[i].here_string) continue;
            if (operand.after == "use"sv && (word.front() == '/' || word.front() == '\\' || word.back() == ':' || word == "*"sv)) continue;
            operands.push_back(i);
        }
        const auto index = operand.index < 0 ? static_cast<std::ptrdiff_t>(operands.size()) + operand.index : static_cast<std::ptrdiff_t>(operand.index);
        if (index < 0 || static_cast<std::size_t>(index) >= operands.size()) return;
        if (operand.after == "-*b"sv && operands.size() < 2) return;
        if (operand.after == "auth"sv && operands.empty()) return;
        whole_word(operands[static_cast<std::size_t>(index)], operand.form);
    }

    std::string_view m_text;
    std::vector<Word> m_words;
    std::vector<SecretSpan>& m_all;
    std::vector<OptionAt> m_options;
    std::vector<OperandAt> m_operands;
    std::vector<ReaderAt> m_readers;
    bool m_prints = false, m_named = false;
};

// The words of the command that starts at `at`, up to what ends it.
std::vector<Word> words_from(std::string_view text, std::size_t& at, Quotes around) {
    std::vector<Word> words;
    bool here = false;
    while (words.size() < k_words) {
        at += run(text, at, is_blank);
        if (at + 1 < text.size() && text[at] == '\\' && text[at + 1] == '\n') {
            at += 2;
            continue;
        }
        if (at >= text.size()) break;
        const char c = text[at];
        if (static_cast<unsigned char>(c) < ' ' || ";|&)`"sv.find(c) != std::string_view::npos) break;
        if (c == '<' || c == '>') {
            const auto marks = run(text, at, [&](char one) { return one == c; });
            here = c == '<' && marks == 3;
            at += marks;
            if (at < text.size() && (text[at] == '&' || text[at] == '(')) ++at;
            continue;
        }
        const auto end = value_end(text, at, around, ValueOf::word);
        if (end <= at) break;
        words.push_back({at, end, here});
        here = false;
        at = end;
    }
    return words;
}

}  // namespace

bool names_a_secret_header(std::string_view name) {
    if (name.empty() || name.size() > 64) return false;
    const auto plain = lowered(name);
    for (auto at = plain.find("auth"); at != std::string::npos; at = plain.find("auth", at + 1))
        if ((plain.compare(at, 6, "author") != 0 && plain.compare(at, 11, "authenticat") != 0) || plain.compare(at, 13, "authorization") == 0) return true;  // not Author, Authority, WWW-Authenticate
    for (const auto part : {"key"sv, "token"sv, "cookie"sv, "secret"sv, "session"sv, "passw"sv, "credential"sv, "signature"sv, "jwt"sv})
        if (plain.find(part) != std::string::npos) return !plain.starts_with("sec-websocket-"sv);
    return false;
}

bool names_a_secret_field(std::string_view name) {
    if (names_a_secret(name)) return true;
    std::string plain;
    for (const char c : name) plain += is_word(c) ? lower(c) : '_';
    for (const auto whole : {"key"sv, "auth"sv, "sig"sv, "signature"sv, "sign"sv, "sid"sv, "session"sv, "sessionid"sv, "session_id"sv, "sess"sv, "jwt"sv, "otp"sv, "hmac"sv, "ticket"sv, "pw"sv, "pass"sv, "pwd"sv, "passcode"sv, "psk"sv})
        if (plain == whole) return true;
    for (const auto last : {"-key"sv, "_key"sv, "-auth"sv, "_auth"sv, "-signature"sv, "_signature"sv, "-sig"sv, "_sig"sv, "sessionid"sv, "sessid"sv, "session_id"sv, "_ticket"sv, "-credential"sv})
        if (plain.ends_with(last)) return true;
    return false;
}

std::optional<SecretSpan> header_value(std::string_view text, std::size_t start, std::size_t end) {
    const auto word = text.substr(start, end - start);
    const auto colon = word.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto name = word.substr(0, colon);
    if (const auto equal = name.rfind('='); equal != std::string_view::npos) name = name.substr(equal + 1);  // http.extraHeader=Authorization:
    if (!names_a_secret_header(name)) return std::nullopt;
    auto from = colon + 1 + run(word, colon + 1, is_blank);
    const auto scheme = run(word, from, is_word);
    if (std::find(k_schemes.begin(), k_schemes.end(), lowered(word.substr(from, std::min(scheme, std::size_t{16})))) != k_schemes.end() && from + scheme < word.size() && is_blank(word[from + scheme]))
        from += scheme + run(word, from + scheme, is_blank);
    if (from >= word.size()) return std::nullopt;
    return SecretSpan{start + from, word.size() - from, SecretKind::token};
}

bool CommandReader::may_start(char c) { return programs().starts[static_cast<unsigned char>(c)]; }

void CommandReader::read(std::size_t at, std::vector<SecretSpan>& all) {
    const auto length = run(m_text, at, [](char c) { return is_word(c) || c == '.'; });
    if (at + length >= m_text.size() || !(is_blank(m_text[at + length]) || m_text[at + length] == '<' || m_text[at + length] == '|')) return;
    if (at < m_read_to && std::binary_search(m_starts.begin(), m_starts.end(), at)) return;
    if (programs().uses(m_text.substr(at, length)).empty()) return;
    if (m_budget == 0) return;
    const auto around = quotes_around(m_text, at);
    auto end = at;
    auto words = words_from(m_text, end, around);
    m_budget -= std::min(m_budget, end - at + 1024);
    m_read_to = std::max(m_read_to, end);
    m_starts.clear();
    for (const auto& word : words) {
        m_starts.push_back(word.start);
        const auto written = m_text.substr(word.start, word.end - word.start);
        if (const auto base = base_name(written); base.size() < written.size()) m_starts.push_back(word.end - base.size());
    }
    Command command(m_text, std::move(words), all);
    command.find();
    if (!command.prints()) return;
    // echo SECRET | program
    if (end + 1 >= m_text.size() || m_text[end] != '|' || m_text[end + 1] == '|') return;
    ++end;
    std::vector<SecretSpan> elsewhere;
    Command behind(m_text, words_from(m_text, end, around), elsewhere);
    behind.find();
    if (const auto form = behind.reads()) command.hide_operands(*form);
}

}  // namespace deadbox::plugin
