#include "plugin/secret_programs.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <string>
#include <unordered_map>
#include <utility>

namespace deadbox::plugin {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_longest_name = 48;      // of a program
constexpr std::size_t k_shortest_mistyped = 4;  // what is shorter is near too many

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
    // Databases
    {"mysql_secure_installation mariadb-secure-installation mariabackup", "", "-p", Take::glued, Form::whole},
    {"gsql ha_ctl", "", "-W", Take::next, Form::whole},
    {"vsql nzsql", "", "-w -pw", Take::next, Form::whole},
    {"cypher-shell maxctrl rethinkdb snxconnect", "", "-p -P", Take::next, Form::whole},
    {"isql-fb gbak gsec gfix nbackup", "", "-p -password -pw -pas", Take::next, Form::whole},
    {"mysqlreplicate mysqldbcopy mysqldbcompare mysqlrpladmin mysqlfailover mysqldiff", "", "--master --slave --source --destination --server --server1 --server2 --rpl-user", Take::next, Form::at_host},
    // Directories
    {"dsconf dsidm dsctl adtool imtest smtptest pop3test nntptest mupdatetest sivtest cyradm kdb5_ldap_util", "", "-w", Take::next, Form::whole},
    {"ipa-client-install ipa-replica-install ipa-getkeytab ipa-ca-install", "", "-w", Take::next, Form::whole},
    {"ipa-server-install ipa-replica-manage", "", "-p -a", Take::next, Form::whole},
    {"samba-tool wbinfo", "", "-U -a --user --authenticate --set-auth-user --pam-logon -K --krb5auth", Take::either, Form::after_percent},
    {"smbpasswd", "", "-w", Take::next, Form::whole},
    {"slappasswd", "", "-s", Take::next, Form::whole},
    {"kdb5_util", "", "-P", Take::next, Form::whole},
    // Mail, VPN, networks
    {"zmmailbox testsaslauthd openfortivpn", "", "-p", Take::next, Form::whole},
    {"ssmtp", "", "-ap", Take::either, Form::whole},
    {"iscsiadm", "", "-v --value", Take::next, Form::answer},
    {"ncpmount", "", "-P", Take::next, Form::whole},
    {"ocpasswd", "", "-p", Take::next, Form::answer},
    // Backup, disks, archives
    {"veracrypt truecrypt zuluCrypt-cli", "", "-p", Take::next, Form::whole},
    {"dislocker dislocker-fuse dislocker-file", "", "-u -p", Take::glued, Form::whole},
    {"qpdf", "", "--password", Take::next, Form::whole},
    {"pdftotext pdftops pdftoppm pdftocairo pdfimages pdfinfo pdffonts pdfseparate pdftohtml", "", "-upw -opw", Take::next, Form::whole},
    {"mutool mudraw unar lsar", "", "-p -password", Take::next, Form::whole},
    {"arj", "", "-g", Take::glued, Form::whole},
    {"dar", "", "-K -J", Take::next, Form::marked},
    // Certificates and cards
    {"pk12util", "", "-W -K", Take::next, Form::whole},
    {"osslsigncode sign4j", "", "-pass", Take::next, Form::whole},
    {"gpg-preset-passphrase", "", "-P", Take::next, Form::whole},
    {"yubico-piv-tool", "", "-P -N -k", Take::either, Form::answer},
    {"tpm2_*", "", "-p -P --auth --key-auth --hierarchy-auth --parent-auth", Take::next, Form::marked},
    {"mokutil", "", "--generate-hash", Take::next, Form::answer},
    // Machines
    {"fence_*", "", "-p", Take::next, Form::whole},
    {"net-snmp-create-v3-user net-snmp-config snmpinform snmpgetnext snmptable snmpbulkset snmpdf snmpstatus snmptranslate snmptest", "", "-c -A -X", Take::next, Form::answer},
    {"check_snmp", "", "-C -A -X", Take::next, Form::whole},
    {"check_mysql check_mysql_query check_pgsql check_ldap check_ldaps check_mssql_health check_mysql_health check_oracle_health", "", "-p --password -P", Take::next, Form::answer},
    {"check_http check_curl", "", "-a --authorization", Take::next, Form::after_colon},
    {"check_nt", "", "-s --secret", Take::next, Form::whole},
    {"snmp-check snmpcheck onesixtyone", "", "-c", Take::next, Form::answer},
    {"racadm esxcli ilorest redfishtool ipmi-chassis ipmipower ipmi-sel ipmi-sensors bmc-info", "", "-p", Take::next, Form::whole},
    {"ipmiutil hpasmcli onecli", "", "-P", Take::next, Form::whole},
    {"vmrun", "", "-gp -vp", Take::next, Form::whole},
    {"xe", "", "-pw", Take::next, Form::whole},
    {"x11vnc", "", "-storepasswd -viewpasswd", Take::next, Form::answer},
    {"x0vncserver Xvnc", "", "-Password", Take::either, Form::whole},
    // Clouds, builds, messages
    {"az", "secret", "--value", Take::next, Form::whole},
    {"az", "sql", "-p", Take::next, Form::whole},
    {"aws", "put-parameter", "--value", Take::next, Form::answer},
    {"tower-cli awx knife winrs cmk-agent-ctl twine", "", "-p -P", Take::next, Form::answer},
    {"gitlab-runner", "", "-r --registration-token", Take::next, Form::whole},
    {"mqttx mqtt", "", "-P -pw --pw", Take::next, Form::whole},
    {"splunk", "", "-auth", Take::next, Form::after_colon},
    {"icinga2", "", "--ticket", Take::next, Form::whole},
    {"pt-table-checksum pt-table-sync pt-archiver pt-online-schema-change pt-slave-find pt-heartbeat pt-deadlock-logger pt-query-digest", "", "--dsn --source --dest", Take::next, Form::parts},
    {"ab", "", "-A -P", Take::next, Form::after_colon},
    {"hey", "", "-a", Take::next, Form::after_colon},
    {"nikto nikto.pl", "", "-id", Take::next, Form::after_colon},
    {"gobuster dirsearch", "", "-P", Take::next, Form::whole},
    {"geth", "", "--unlock-password", Take::next, Form::whole},
    // mysql -p takes no word behind a blank: what is made up was meant to be one.
    {k_mysql, "", "-p", Take::next, Form::made_up, "BsvtfAqCnNrEH"},
    // Mounts, keys of tunnels and of messages
    {"mount mount.cifs mount.smb3 smbmount", "", "-o --options", Take::either, Form::after_percent},
    {"openssl", "", "-psk -hmac -srppass", Take::next, Form::whole},
    {"openssl", "", "-macopt", Take::next, Form::after_colon},
    // Hashes in place of passwords
    {k_impacket, "", "-hashes --hashes -aesKey", Take::next, Form::whole},
    {"certipy bloodyAD getST.py ticketer.py lsassy pth-*", "", "-hashes --hashes -H -nthash", Take::next, Form::whole},
    {"xfreerdp wlfreerdp freerdp xfreerdp3", "", "/pth: /pass:", Take::glued, Form::whole},
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
    // Databases
    {"db2", "using", 0}, {"neo4j-admin", "set-initial-password", 0}, {"hdbuserstore", "set", 3}, {"rman", "target", 0, Form::after_slash}, {"sqlcl sqlplus64 dgmgrl", "", 0, Form::after_slash},
    {"pt-table-checksum pt-table-sync pt-archiver pt-online-schema-change pt-slave-find pt-heartbeat pt-deadlock-logger", "", k_every, Form::parts},
    {"zkCli.sh zookeeper-shell.sh", "digest", 0, Form::after_colon}, {"maxctrl", "user", 1}, {"etcdctl", "add", 0, Form::after_colon}, {"etcdctl", "passwd", 1},
    // Directories and accounts
    {"samba-tool", "add", 1, Form::whole, "", "user"}, {"net", "password", 1}, {"changepass.pl", "", 2}, {"lpasswd", "-p", 0},
    {"v-change-user-password v-add-user", "", 1}, {"v-add-mail-account v-change-mail-account-password v-change-ftp-password v-add-web-domain-ftp", "", 3}, {"v-add-database", "", 3}, {"v-change-database-password", "", 2},
    // Mail and messages
    {"zmprov", "sp", 1}, {"zmprov", "setpassword", 1}, {"zmprov", "ca", 1}, {"zmprov", "createaccount", 1}, {"ejabberdctl", "register", 2}, {"ejabberdctl", "change_password", 2}, {"prosodyctl", "register", 2}, {"kamctl opensipsctl opensips-cli", "add", 1},
    {"kamctl opensipsctl opensips-cli", "passwd", 1}, {"mmsitepass", "", 0, Form::answer}, {"emqx_ctl emqx", "add", 1, Form::whole, "", "admins"}, {"emqx_ctl emqx", "passwd", 1, Form::whole, "", "admins"},
    // Networks
    {"radclient", "auth", 0}, {"radclient", "acct", 0}, {"radclient", "status", 0}, {"mullvad", "login", 0}, {"curlftpfs", "", k_every, Form::at_host}, {"teamviewer", "passwd", 0}, {"iwconfig", "key", 0, Form::marked},
    // Disks and archives
    {"sedutil-cli", "--initialsetup", 0}, {"sedutil-cli", "--setsidpassword", 0}, {"sedutil-cli", "--setsidpassword", 1}, {"sedutil-cli", "--setadmin1pwd", 0}, {"sedutil-cli", "--setadmin1pwd", 1}, {"sedutil-cli", "--setlockingrange", 2},
    {"sedutil-cli", "--enablelockingrange", 1}, {"sedutil-cli", "--setmbrdone", 1}, {"sedutil-cli", "--setmbrenable", 1}, {"sedutil-cli", "--reverttper", 0}, {"qpdf", "--encrypt", 0}, {"qpdf", "--encrypt", 1},
    {"keyctl", "add", 2, Form::answer, "user"}, {"keyctl", "padd", 2, Form::answer, "user"},
    // Machines
    {"racadm", "set", 1, Form::whole, "assword"}, {"racadm", "config", -1, Form::whole, "", "cfgUserAdminPassword"}, {"virsh", "secret-set-value", 1}, {"salt salt-call", "shadow.set_password", 1},
    // Clouds and builds
    {"fly flyctl", "set", k_every, Form::cookie, "", "secrets"}, {"fly flyctl", "import", k_every, Form::cookie, "", "secrets"}, {"doppler", "set", k_every, Form::cookie, "", "secrets"}, {"b2", "authorize-account", 1}, {"b2", "authorize", 1},
    {"bw", "login", 1}, {"bw", "unlock", 0}, {"cf", "auth", 1}, {"cargo", "login", 0, Form::answer}, {"pulumi", "set", 1, Form::whole, "", "--secret"},
    {"composer", "config", 2, Form::whole, "basic."}, {"composer", "config", 1, Form::whole, "oauth."}, {"composer", "config", 1, Form::whole, "bearer."}, {"composer", "config", 1, Form::whole, "token."},
    {"heroku", "config:set", k_every, Form::answer_behind}, {"dokku", "config:set", k_every, Form::answer_behind}, {"lftp", "", k_every, Form::at_host}, {"su", "", 1, Form::made_up},
    {"grep egrep fgrep zgrep rg", "", 0, Form::scrambled}, {"ip", "enc", 1, Form::answer}, {"ip", "auth", 1, Form::answer}, {"ip", "auth-trunc", 1, Form::answer}, {"ip", "aead", 1, Form::answer}, {"hashcat", "", k_every, Form::hex},
    {"geth", "import", -1, Form::hex}, {"hashcat", "--show", 0, Form::whole, ":"}, {"hashcat", "--left", 0, Form::whole, ":"},
    {"perl", "-e", 1, Form::whole, "crypt("}, {"python python3 ruby", "-c", 1, Form::whole, "crypt("}, {"php ruby", "-r", 1, Form::whole, "crypt("},
};

constexpr Reader k_readers[] = {
    {"chpasswd", "", Form::after_colon}, {"passwd", ""}, {"smbpasswd", ""}, {"pdbedit", ""}, {"cryptsetup", ""}, {"sudo", "-S"}, {"su", ""}, {"docker", "--password-stdin"}, {"podman", "--password-stdin"},
    {"nerdctl", "--password-stdin"}, {"helm", "--password-stdin"}, {"gpg", "--passphrase-fd"}, {"openssl", "stdin"}, {"openssl", "passwd"}, {"kinit", ""}, {"htpasswd", "-i"}, {"vncpasswd", "-f"}, {"ecryptfs-add-passphrase", ""},
    {"gh", "--with-token"}, {"mkpasswd", ""}, {"age", "-p"}, {"rage", "-p"}, {"fscrypt", ""}, {"zfs", "load-key"}, {"zfs", "create"}, {"zpool", "create"}, {"gocryptfs", ""}, {"encfs", "--stdinpass"}, {"veracrypt", "--stdin"}, {"keepassxc-cli", ""}, {"pass", "insert"},
    {"john", "--stdin"}, {"doveadm", "pw"}, {"realm", "join"}, {"adcli", "join"}, {"net", "join"},
    {"newusers", "", Form::second}, {"saslpasswd2 testsaslauthd createuser ipa sshfs openconnect anydesk clevis cracklib-check pwscore pwqcheck pamtester msktutil grub-mkpasswd-pbkdf2 grub2-mkpasswd-pbkdf2 systemd-creds secret-tool kwallet-query", "", Form::answer},
    {"docker podman", "secret", Form::answer}, {"kubeseal", "", Form::answer}, {"gcloud", "secrets", Form::whole}, {"wrangler", "secret", Form::whole}, {"vercel", "env", Form::answer}, {"elasticsearch-keystore logstash-keystore opensearch-keystore kibana-keystore", "", Form::answer}, {"gopass", "insert"},
    {"cadaver", "", Form::answer}, {"systemd-ask-password", ""}, {"ecryptfs-wrap-passphrase ecryptfs-unwrap-passphrase ecryptfs-insert-wrapped-passphrase-into-keyring", ""},
    {"read", "-s"}, {"doas", "-S"}, {"hashcat", "", Form::hex},
    {"ftp tnftp pftp lftp ncftp telnet nc ncat netcat socat smbclient redis-cli keydb-cli valkey-cli", "", Form::dialog}, {"openssl", "s_client", Form::dialog},
};
constexpr std::array k_starters{"sudo"sv, "doas"sv, "env"sv, "nohup"sv, "time"sv, "nice"sv, "timeout"sv, "busybox"sv, "chroot"sv, "arch-chroot"sv, "runuser"sv, "setsid"sv, "stdbuf"sv, "ionice"sv};
// Programs of these tables whose input is something else: statements, documents, what is to be encrypted.
constexpr std::array k_deaf{"curl"sv, "wget"sv, "wget2"sv, "git"sv, "kubectl"sv, "oc"sv, "k3s"sv, "microk8s"sv, "openssl"sv, "gpg"sv, "gpg2"sv, "aws"sv, "az"sv, "gcloud"sv, "docker"sv, "podman"sv, "nerdctl"sv, "buildah"sv, "skopeo"sv, "sed"sv, "cat"sv, "perl"sv, "python"sv, "python3"sv,
                            "php"sv, "ruby"sv, "rclone"sv, "mc"sv, "zip"sv, "bsdtar"sv, "plink"sv, "sshpass"sv, "mcrypt"sv, "ccrypt"sv, "ccencrypt"sv, "ccdecrypt"sv, "mosquitto_pub"sv, "mosquitto_rr"sv, "http"sv, "https"sv, "httpie"sv, "xh"sv, "vault"sv, "redis-cli"sv, "keydb-cli"sv, "valkey-cli"sv,
                            "db2"sv, "net"sv, "samba-tool"sv, "composer"sv, "npm"sv, "yarn"sv, "wp"sv, "drush"sv, "occ"sv, "ssh-keygen"sv, "keytool"sv, "racadm"sv, "salt"sv, "qpdf"sv, "pdftotext"sv, "hashcat"sv, "john"sv, "hydra"sv, "medusa"sv, "swaks"sv, "sendemail"sv, "age"sv, "rage"sv, "xe"sv, "rman"sv, "sql"sv,
                            "clickhouse-client"sv, "influx"sv, "cqlsh"sv, "cbq"sv, "gsql"sv, "vsql"sv, "nzsql"sv, "cypher-shell"sv, "beeline"sv, "sqlcmd"sv, "isql"sv, "tsql"sv, "sqsh"sv, "osql"sv, "bcp"sv, "sqlplus"sv, "sqlplus64"sv, "sqlcl"sv, "dgmgrl"sv, "isql-fb"sv, "lpasswd"sv, "heroku"sv, "dokku"sv, "grep"sv, "egrep"sv, "fgrep"sv, "zgrep"sv, "rg"sv, "ip"sv, "virsh"sv, "7z"sv, "7za"sv};
constexpr std::array k_filters{"head"sv, "tail"sv, "cat"sv, "tr"sv, "tee"sv, "sort"sv, "uniq"sv, "rev"sv, "iconv"sv, "dos2unix"sv};
constexpr Reader k_default{"", "", Form::answer}, k_by_name{"", "", Form::answer};
constexpr std::array k_printers{"echo"sv, "printf"sv, "yes"sv};
constexpr auto k_editor = "sed"sv;  // changes what files say
constexpr auto k_copier = "cat"sv;  // hands a here-document on

// Programs that take "NAME VALUE" as two words, where NAME says secret.
constexpr std::string_view k_named = "aws nmcli rclone npm yarn composer git pdftk wpa_cli wp drush occ set setenv SetEnv crudini netlify scw lxc incus poetry pnpm";

bool is_in(std::string_view names, std::string_view program) {
    for (auto at = names.find(program); at != std::string_view::npos; at = names.find(program, at + 1))
        if ((at == 0 || names[at - 1] == ' ') && (at + program.size() == names.size() || names[at + program.size()] == ' ')) return true;
    return false;
}
bool is_deaf(std::string_view program) { return std::find(k_deaf.begin(), k_deaf.end(), program) != k_deaf.end() || is_in(k_mysql, program) || is_in(k_mongo, program); }

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
        // What is told a secret by its options may ask for one, too.
        for (auto& [name, uses] : exact) {
            const bool told = std::any_of(uses.begin(), uses.end(), [](const auto& use) { return use.option != nullptr || use.operand != nullptr; }), reads = std::any_of(uses.begin(), uses.end(), [](const auto& use) { return use.reader != nullptr; });
            if (told && !reads && !is_deaf(name)) uses.push_back({.reader = &k_default});
        }
        add(k_editor, {});
        for (char c = 'a'; c <= 'z'; ++c) starts.set(static_cast<unsigned char>(c));  // one whose name says "passwd"
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
    if (program.empty() || program.size() > k_longest_name || !starts_a_program(program.front())) return all;
    if (const auto found = programs().exact.find(program); found != programs().exact.end()) all = found->second;
    for (const auto& [prefix, use] : programs().prefixes)
        if (program.starts_with(prefix)) all.push_back(use);
    if (all.empty() && program.find("passwd"sv) != std::string_view::npos && program.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789"sv) == std::string_view::npos) all.push_back({.reader = &k_by_name});
    return all;
}

namespace {

// Each name without one of its letters, and the name itself: what two words that differ in one place have in common.
const std::unordered_map<std::string, std::string_view>& shortened_names() {
    static const auto all = [] {
        std::unordered_map<std::string, std::string_view> by_shortened;
        for (const auto& [name, uses] : programs().exact) {
            if (name.size() < k_shortest_mistyped || std::all_of(uses.begin(), uses.end(), [](const auto& use) { return use.named || (use.option == nullptr && use.operand == nullptr && !use.prints); })) continue;
            by_shortened.emplace(name, name);
            for (std::size_t i = 0; i < name.size(); ++i) {
                std::string shorter(name);
                shorter.erase(i, 1);
                by_shortened.emplace(std::move(shorter), name);
            }
        }
        return by_shortened;
    }();
    return all;
}

}  // namespace

std::string_view program_meant(std::string_view word) {
    constexpr std::size_t k_longest = 20;
    if (word.size() < k_shortest_mistyped || word.size() > k_longest || !std::all_of(word.begin(), word.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; })) return {};
    const auto& known = shortened_names();
    const auto of = [&](const std::string& text) {
        const auto found = known.find(text);
        return found == known.end() ? std::string_view() : found->second;
    };
    if (const auto name = of(std::string(word)); !name.empty()) return name;  // one letter too few
    for (std::size_t i = 0; i < word.size(); ++i) {                           // too many, another, or two in the other order
        std::string shorter(word);
        shorter.erase(i, 1);
        if (const auto name = of(shorter); !name.empty() && name.size() + 1 >= word.size()) return name;
    }
    return {};
}

bool starts_a_program(char c) { return programs().starts[static_cast<unsigned char>(c)]; }

bool is_starter(std::string_view program) { return std::find(k_starters.begin(), k_starters.end(), program) != k_starters.end(); }

bool is_filter(std::string_view program) { return std::find(k_filters.begin(), k_filters.end(), program) != k_filters.end(); }

}  // namespace deadbox::plugin
