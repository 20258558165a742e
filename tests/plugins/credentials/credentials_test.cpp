#include "credentials/find.hpp"

#include <QElapsedTimer>

#include "content/file_type.hpp"
#include "plugin/secret_text.hpp"
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
        row("wp-config sample", "/srv/shop/wp-config-sample.php", "<?php\ndefine('DB_PASSWORD', 'password_here');\n", "");
        row("wp-config not set up", "/srv/shop/wp-config.php", "<?php\ndefine('DB_PASSWORD', 'password_here');\ndefine('DB_PASSWORD', getenv('DB'));\n", "");
        row("array in PHP", "/srv/app/config/database.php", "<?php\nreturn [\n 'username' => 'app',\n 'password' => 'g7Hk2mQ9',\n];\n", "database_password:open");
        row("translation", "/srv/app/lang/de/auth.php", "<?php\nreturn [\n 'password' => 'Passwort stimmt nicht',\n];\n", "");
        row("validation", "/srv/app/Http/Request.php", "<?php\n$rules = ['password' => 'required|min:8'];\n", "");
        row("env", "/srv/app/.env", "APP_KEY=base64:Q2hhbmdlTWVOb3QhQ2hhbmdlTWVOb3Q=\nDB_PASSWORD=tisch-Bein4\nMAIL_PASSWORD=null\nAPI_TOKEN=${TOKEN}\n", "application_secret:open database_password:open");
        row("env example", "/srv/app/.env.example", "DB_PASSWORD=tisch-Bein4\n", "");
        row("my.cnf", "/root/.my.cnf", "[client]\nuser=root\npassword=\"Ein Satz\"\n", "");
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
        row("history", "/root/.bash_history", "ls -p /tmp\nmysql -u root -pGeheim77 shop\nPGPASSWORD=Amboss77 psql\nssh -p 2222 host\n", "password:open password:open");
        row("docker", "/root/.docker/config.json", "{\n \"auths\": {\n  \"r.example.org\": {\n   \"auth\": \"YW5uYTpnZWhlaW05OTk5\"\n  }\n }\n}\n", "registry_login:open");
        row("kubeconfig", "/root/.kube/config", "users:\n- name: a\n  user:\n    client-key-data: LS0tLS1CRUdJTi5NN2N4\n    token: abcDEF123456ghi\n", "application_secret:open token:open");
        row("aws", "/root/.aws/credentials", "[default]\naws_access_key_id = AKIAQ7XYWEISS1954AB1\naws_secret_access_key = wJd3moK7MDENG+bPxRfiCYXYKEY1954abcdefgh\n", "cloud_key:open cloud_key:open");
        row("prose", "/root/notes", "the password is on the wall\n", "");
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
        const std::string raw = text.toStdString();
        std::string out;
        std::size_t done = 0;
        for (const auto& span : plugin::secret_spans(raw)) {
            out += raw.substr(done, span.start - done) + "*";
            done = span.start + span.length;
        }
        QCOMPARE(QByteArray::fromStdString(out + raw.substr(done)), shown);
    }

    // Made to be slow: every start without an end.
    void hostile_text_is_read_in_linear_time() {
        for (const std::string piece : {"-----BEGIN ", "://", "eyJ-", "$1$", "password=", "-p", "\"password\":\"", "AKIA", "Bearer ", "= "}) {
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
