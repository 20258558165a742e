#include "plugin/secret_programs.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <unordered_map>
#include <utility>

namespace deadbox::plugin {
namespace {

using namespace std::string_view_literals;

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
    {"lftp", "", "-c -e", Take::next, Form::dialog},
    {"atftp tftp", "", "--option", Take::next, Form::pair},
    {"mega*", "", "-p --password", Take::either, Form::whole},
    {"frpc frps", "", "-t --token", Take::next, Form::whole},
    {"doveadm", "pw", "-p", Take::next, Form::whole},
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
    {"swaks sendemail sendEmail", "", "-ap --ap -xp", Take::next, Form::whole},
    {k_intruder, "", "-p --password", Take::next, Form::whole},
    {"crackmapexec nxc netexec evil-winrm", "", "-H --hash", Take::next, Form::whole},
    {"net", "", "/user: /U:", Take::glued, Form::after_percent},
    {"kubectl oc k3s microk8s", "", "--from-literal", Take::next, Form::cookie},
    {"aws", "", "--secret-string --master-user-password", Take::next, Form::whole},
    {"gh", "secret", "-b --body", Take::either, Form::whole},
    {"mosquitto_pub mosquitto_sub mosquitto_rr", "", "-P --pw", Take::either, Form::whole},
    {"beeline", "", "-p", Take::next, Form::whole},
    {"kadmin kadmin.local kpasswd", "", "-w -pw", Take::next, Form::whole},
};

constexpr Operand k_operands[] = {
    {"htpasswd", "-*b", -1}, {"openssl", "passwd", -1}, {"mysqladmin mariadb-admin", "password", 0},
    {"sqlplus sqlldr exp imp expdp impdp rman", "", 0, Form::after_slash}, {"redis-cli keydb-cli valkey-cli", "auth", -1}, {"redis-cli keydb-cli valkey-cli", "requirepass", 0},
    {"vault", "login", -1}, {"ngrok", "authtoken", -1}, {"ngrok", "add-authtoken", -1}, {"snyk", "auth", -1}, {"cloudflared", "install", 0},
    {"wpa_passphrase", "", 1}, {"rclone", "obscure", 0}, {"mc mcli", "set", 3}, {"mc mcli", "set", 2}, {"mc mcli", "add", 3}, {"mc mcli", "add", 2},
    {"ipmitool", "password", -1}, {"net", "use", 0}, {"net", "user", 1}, {k_impacket, "", 0, Form::at_host},
    {"vault", "put", 1, Form::cookie}, {"vault", "put", -1, Form::cookie}, {"samba-tool", "create", 1}, {"radtest", "", 1}, {"radtest", "", 4},
    {"smbclient", "//*", 0}, {"mega-login mega-signup", "", 1}, {"mega-passwd", "", -1}, {"wormhole", "receive", 0}, {"mkpasswd", "", -1}, {"oathtool", "", -1}, {"vault", "unseal", -1}, {"mosquitto_passwd", "-*b", -1},
    {"rabbitmqctl", "add_user", 1}, {"rabbitmqctl", "change_password", 1}, {"rabbitmqctl", "authenticate_user", 1}, {"doveadm", "test", 1}, {"snmpusm", "passwd", 0}, {"snmpusm", "passwd", 1},
    {"perl", "-e", 1, Form::whole, "crypt("}, {"python python3 ruby", "-c", 1, Form::whole, "crypt("}, {"php ruby", "-r", 1, Form::whole, "crypt("},
};

constexpr Reader k_readers[] = {
    {"chpasswd", "", Form::after_colon}, {"passwd", ""}, {"smbpasswd", ""}, {"pdbedit", ""}, {"cryptsetup", ""}, {"sudo", "-S"}, {"su", ""}, {"docker", "--password-stdin"}, {"podman", "--password-stdin"},
    {"nerdctl", "--password-stdin"}, {"helm", "--password-stdin"}, {"gpg", "--passphrase-fd"}, {"openssl", "stdin"}, {"openssl", "passwd"}, {"kinit", ""}, {"htpasswd", "-i"}, {"vncpasswd", "-f"}, {"ecryptfs-add-passphrase", ""},
    {"gh", "--with-token"}, {"mkpasswd", ""}, {"age", "-p"}, {"rage", "-p"}, {"fscrypt", ""}, {"zfs", "load-key"}, {"zfs", "create"}, {"zpool", "create"}, {"gocryptfs", ""}, {"encfs", "--stdinpass"}, {"veracrypt", "--stdin"}, {"keepassxc-cli", ""}, {"pass", "insert"},
    {"john", "--stdin"}, {"doveadm", "pw"}, {"realm", "join"}, {"adcli", "join"}, {"net", "join"},
    {"ftp tnftp pftp lftp ncftp telnet nc ncat netcat socat smbclient redis-cli keydb-cli valkey-cli", "", Form::dialog}, {"openssl", "s_client", Form::dialog},
};
constexpr std::array k_starters{"sudo"sv, "doas"sv, "env"sv, "nohup"sv, "time"sv, "nice"sv, "timeout"sv, "busybox"sv};
constexpr std::array k_printers{"echo"sv, "printf"sv, "yes"sv};
constexpr auto k_editor = "sed"sv;  // changes what files say
constexpr auto k_copier = "cat"sv;  // hands a here-document on

// Programs that take "NAME VALUE" as two words, where NAME says secret.
constexpr std::string_view k_named = "aws nmcli rclone npm yarn composer git pdftk wpa_cli wp drush occ crudini";

struct Programs {
    std::unordered_map<std::string_view, std::vector<ProgramUse>> exact;
    std::vector<std::pair<std::string_view, ProgramUse>> prefixes;
    std::bitset<256> starts;

    void add(std::string_view names, const ProgramUse& use) {
        for (std::size_t at = 0; at < names.size();) {
            const auto end = std::min(names.find(' ', at), names.size());
            const auto name = names.substr(at, end - at);
            at = end + 1;
            starts.set(static_cast<unsigned char>(name.front()));
            if (name.ends_with('*')) prefixes.emplace_back(name.substr(0, name.size() - 1), use);
            else exact[name].push_back(use);
        }
    }
    Programs() {
        for (const auto& row : k_options) add(row.programs, {.option = &row});
        for (const auto& row : k_operands) add(row.programs, {.operand = &row});
        for (const auto& row : k_readers) add(row.programs, {.reader = &row});
        for (const auto name : k_printers) add(name, {.prints = true});
        add(k_copier, {});
        add(k_editor, {});
        add(k_named, {.named = true});
    }
};
const Programs& programs() {
    static const Programs all;
    return all;
}

}  // namespace

std::vector<ProgramUse> uses_of(std::string_view program) {
    std::vector<ProgramUse> all;
    if (program.empty() || program.size() > 24 || !starts_a_program(program.front())) return all;
    if (const auto found = programs().exact.find(program); found != programs().exact.end()) all = found->second;
    for (const auto& [prefix, use] : programs().prefixes)
        if (program.starts_with(prefix)) all.push_back(use);
    return all;
}

bool starts_a_program(char c) { return programs().starts[static_cast<unsigned char>(c)]; }

bool is_starter(std::string_view program) { return std::find(k_starters.begin(), k_starters.end(), program) != k_starters.end(); }

}  // namespace deadbox::plugin
