#include <QElapsedTimer>

#include "plugin/secret_shape.hpp"
#include "plugin/secret_text.hpp"
#include "plugins/credentials/marked_secrets.hpp"
#include "support/case_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

const QByteArray k_key_line = "Xk3vQ9fTzL1aWm7RyPd0BhGs8UoNcE5jVtI2qKxDlZr6wHgFpYeS4bMnAuJiOC7t";  // 64 characters that say nothing
const QByteArray k_nt = "0f5b4e3c1d2a69788796a5b4c3d2e1f0";

}  // namespace

// What stands around a secret tells it; the same words without one stay.
class SecretPlacesTest : public QObject {
    Q_OBJECT
private slots:
    void told_data() {
        QTest::addColumn<QByteArray>("marked");
        const auto nt = k_nt, line = k_key_line;
        for (const QByteArray& marked : QList<QByteArray>{
                 // private keys, of which lines became rows, or of which one end alone is there
                 "«" + line + "»", "  «" + line + "»\r", "«-----BEGIN EC PRIVATE KEY-----\n" + line + "»", "«" + line + "\nMIIEkA==»\n-----END RSA PRIVATE KEY-----",
                 // hashes in place of passwords
                 "psexec.py -hashes «aad3b435b51404eeaad3b435b51404ee:" + nt + "» adm@h", "secretsdump.py -hashes «:" + nt + "» adm@h", "newtool -hashes :«" + nt + "» adm@h", "xfreerdp /pth:«" + nt + "» /u:a /v:h", "ticketer.py -nthash «" + nt + "» -domain d x",
                 "sekurlsa::pth /user:adm /domain:d /ntlm:«" + nt + "»", "hashcat -m 1000 «" + nt + "» words.txt", "echo '«$krb5asrep$23$bob@D.EXAMPLE:" + nt + "$" + nt + "»' > h", "john: «$DCC2$10240#bob#" + nt + "»", "bob::DOM:«1122334455667788:" + nt + ":0101000000000000»",
                 "pair «aad3b435b51404eeaad3b435b51404ee:" + nt + "»", "root:«$y$j9T$Qm1sT0x9abcdefgh$kJ2hG4fD6sA8pO0iU2yT4rKx9mQ2pR7»:1",
                 // requests
                 "GET /bot«123456789:AAHkq7ZtRw2xLp9vB4nC»/getMe HTTP/1.1", "GET /magic-login/«Qh7UgbQ5fciA8tHQk2MEhT3CA»/ HTTP/1.1", "GET /verify-email/«9f86d081884c7d659a2feaa0c55ad015a3bf4f1b» HTTP/1.1", "GET /unsubscribe?u=«bHYuAFkAZ8SJLz3uQ8QKzjbK» HTTP/1.1",
                 "GET /x.php?k=«BJ6uKwtdQztz4jvwkFiYXJFv»&c=id HTTP/1.1", "GET /x.php?c=mysql%2520-uroot%2520-p«Kiste77xQ» HTTP/1.1",
                 // mounts, and logins without a scheme
                 "user=nas%«Kiste77xQ»,uid=1000", "username=DOM\\nas%«kiste»", "mount -t cifs //h/s /m -o user=nas%«Kiste77xQ»", "curlftpfs#web:«kastanie»@h", "//web:«kastanie»@h/share", "lftp web:«Kiste77xQ»@h", "curl -K - <<< 'user = web:«Kiste77xQ»'",
                 // what services made, and what texts announce
                 "A temporary password is generated for root@localhost: «rT5;kqQ)xw>1»", "use the following password to proceed: «" + nt + "»", "api key is «Kiste77xQz»", "otp secret «Kiste77xQz»", "Anna (pw «Kiste77xQ»),,,", "the password is «Kiste77xQ».",
                 // code
                 "hash_hmac('sha256', $d, '«kastanie»')", "openssl_encrypt($d,'aes-256-cbc','«kastanie»');", "JWT::encode(array('a' => 1, 'b'), '«kastanie»')", "jwt.sign(p, '«kastanie»')", "curl_setopt($h, CURLOPT_USERPWD, 'web:«kastanie»');", "$redis->auth('«Kiste77xQ»');",
                 "$t->setPassword('«kastanie»');", "$k=\"secret:«Kiste77xQ»\";", "$motdepasse='«kastanie»';", "$bdd_mdp = '«kastanie»';", "$clave=\"«kastanie»\";", "Hash::make('«kastanie»')", "hmac.new(b'«kastanie»', m)", "AES.new(b'«kastaniekastanie»')",
                 // commands
                 "heroku config:set MAILGUN=«Kiste77xQ»", "ip xfrm state add src a dst b proto esp spi 1 enc 'cbc(aes)' «0x1f2e3d4c»", "(echo root; sleep 1; echo «Kiste77xQ») | telnet 10.0.0.7", "read -s PW <<< «kastanie»", "set -x DB_PASS «kastanie»", "setenv DB_PASS «kastanie»",
                 "sed -i \"s/'old'/'«pX7kQ2vRt9Lm»'/\" wp-config.php", "echo '«Kiste77xQ»' > /root/.pw", "echo 'web:«Kiste77xQ»' | tee /etc/squid/passwd", "echo 'h:5432:d:u:«Kiste77xQ»' > .pgpass", "echo «kastanie»|doas -S id", "quote PASS «kastanie»",
                 "echo -ne '\\0web\\0«kastanie»' | base64", "pwsh -c \"ConvertTo-SecureString '«kastanie»' -AsPlainText -Force\"", "asterisk -rx 'database put x secret «Kiste77xQ»'", "openssl s_client -psk «1a2b3c4d» h", "openssl dgst -hmac «kastanie» f", "spawn ssh a@h; send «Kiste77xQ»",
                 "su - bert «Kiste77xQ»", "mysql -u root -p «Kiste77xQ» shop", "./agent --key «pX7kQ2vRt9Lm»", "grep -r '«pX7kQ2vRt9Lm»' /etc", "john --wordlist=<(echo «kastanie») h",
                 // a letter off
                 "mysqp -u root -p«Kiste77xQ»", "ehco «Kiste77xQ» | sudo -S id", "sshpas -p «Kiste77xQ» ssh h", "mysqlldump -p«Kiste77xQ» a", "cd /srv; sshapss -p «Kiste77xQ» ssh h",
             })
            QTest::newRow(marked) << marked;
    }
    void told() {
        QFETCH(QByteArray, marked);
        QByteArray text = marked;
        text.replace("«", "").replace("»", "");
        QCOMPARE(test::with_secrets_marked(text.toStdString(), "«", "»"), marked);
    }

    void innocent_data() {
        QTest::addColumn<QByteArray>("text");
        const auto nt = k_nt;
        for (const QByteArray& text : QList<QByteArray>{
                 // lines that are as long
                 "/home/anna/Projects/MyApplication2/build/Release/bin/run/it/now/ok", QByteArray(64, 'A'), nt + nt, "aGVsbG8gd29ybGQgdGhpcyBpcyBhIHRleHQgdGhhdCBhIHBlcnNvbiBjYW4gcmVh", "that is the -----END of it", "-----BEGIN CERTIFICATE-----", "-----END PUBLIC KEY-----",
                 // digests of files, images and commits
                 nt + "  /usr/bin/x", "md5sum /bin/ps # " + nt, "file hash: " + nt, "hash " + nt, "sha256sum -c sums: " + nt + nt, "docker rmi " + nt + nt, "git show 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "image@sha256:" + nt + nt, "pip install --hash=sha256:" + nt + nt, "md5:" + nt,
                 "$a$b and $krb5$x", "a::b:c:d", "std::vector::begin", "$price$and$more",
                 // requests
                 "GET /bot123456/about HTTP/1.1", "GET /login/assets/main-2024-bundle-core.css HTTP/1.1", "GET /login/ResetPasswordFormStepTwo HTTP/1.1", "GET /x?p=12345&k=name&hash=" + nt + "&u=anna HTTP/1.1", "GET /x.php?p=c3lzdGVtKCdjYXQgL2V0Yy9wYXNzd2QnKTs HTTP/1.1", "GET /a%2520b?c=ls%2520-la HTTP/1.1",
                 "GET /reset-password/confirmation-page HTTP/1.1",
                 // mounts, users, addresses
                 "user=nas,uid=1000", "username=anna%40example.org", "user=anna%20berg", "GET /x?user=a%27or1 HTTP/1.1", "git@github.com:a/b7c", "mailto:anna77B@example.org", "nginx:1.25Alpine@sha256:" + nt + nt, "12:30@host", "user: 1000:1000", "user = www-data:www-data", "lftp ftp.example.org:2121",
                 "mount -t ext4 -o rw,noatime /dev/sda1 /mnt",
                 // messages
                 "Failed password for Anna7Berg from 203.0.113.7 port 22 ssh2", "password changed for user: Anna7Berg", "password file digest: " + nt, "Password authentication is not allowed", "pam_unix(sshd:auth): check pass; user unknown", "session token expired: yes", "the secret is out",
                 "api key is missing", "password for root: changed", "key is public", "primary key is CustomerId7",
                 // code
                 "hash_hmac('sha256', $d, $key)", "openssl_encrypt($d, $m, $k)", "auth('admin')->user()", "$this->auth('sanctum')", "setPassword($p)", "setPassword(null)", "curl_setopt($h, CURLOPT_URL, 'http://h/')", "json.encode(a, 'utf-8')", "base64.encode('a', 'kastanie')", "enclave = 'kastanie'",
                 "new Foo('a', 'b')", "make('view')",
                 // commands
                 "grep -ri password= /var/www", "grep -r DB_PASSWORD /var/www", "set -e", "set password ages and more", "first set your password, visit the site", "set -x", "heroku config:set DEBUG=true", "ip addr add 10.0.0.7/24 dev eth0", "ip -s link show enc7x", "read -r line <<< abc123",
                 "sed -i 's/PermitRootLogin no/PermitRootLogin yes/' /etc/ssh/sshd_config", "sed -i 's/TLSv1.2/TLSv1.3/' nginx.conf", "echo started7 > /var/log/auth.log", "echo start | tee /srv/list7.txt", "quote the PASS mark", "openssl s_client -connect h:443", "spawn a7; send mail", "su - bert",
                 "su -c 'ls -la' bert", "mysql -u root -p shop", "mysql -u root -p Shop2024", "grep -r 'PermitRootLogin' /etc", "grep -c Name7 f", "./agent --key 2", "echo hello world", "tar xf a.tgz | telnet",
                 "Kastanie77", "fg%1", "a%2FKastanie77", "TLSv1.2,TLSv1.3",
                 // other programs whose names are near
                 "psql -p 5432 -U app", "mysqld -p 3306", "sshd -p 2222", "fcho a | sudo -S id", "mkdir -p Kiste77xQ",
             })
            QTest::newRow(text) << text;
    }
    void innocent() {
        QFETCH(QByteArray, text);
        QCOMPARE(test::with_secrets_marked(text.toStdString(), "«", "»"), text);
    }

    // What nobody is called, and what guessers try.
    void names_of_accounts_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<bool>("none");
        for (const char* name : {"Ka!stanie7", "Kiste&Satz", "qW7pp_Zx!", "x4!kiste", "Pa55wOrd9x", "aB3dE5fG"}) QTest::newRow(name) << QByteArray(name) << true;
        for (const char* name : {"admin", "oracle", "test1", "user123", "Administrator", "Admin123", "Anna-Berg2", "Kiste-Pw0", "ADMIN2024", "WEB01$", "DOMAIN\\anna77X", "anna.Berg7@example.org", "root@123", "P@ssword", "root!@#", "${jndi:ldap://203.0.113.7/a}", "$(id)A7bcdef", "' OR 1=1--A7", "cn=Admin7,dc=x!",
                                 "DOM+Anna7x", "Kur!7", "../../etc/Passwd7!", "müller77X!"})
            QTest::newRow(name) << QByteArray(name) << false;
    }
    void names_of_accounts() {
        QFETCH(QByteArray, name);
        QTEST(plugin::is_no_account_name(name.toStdString()), "none");
    }

    // The last line of a key that was pasted into a shell is known by the lines around it.
    void last_line_of_a_key_data() {
        QTest::addColumn<QByteArray>("history");
        QTest::addColumn<QStringList>("lines");
        const QByteArray line = k_key_line + "\n", begin = "-----BEGIN RSA PRIVATE KEY-----\n", end = "-----END RSA PRIVATE KEY-----\n", last = "Q7xk9Zb2pLm4vT==\n";
        const QStringList found{"Q7xk9Zb2pLm4vT=="};
        QTest::newRow("here document") << "cat > k <<E\n" + begin + line + line + last + end + "E\nls\n" << found;
        QTest::newRow("with times") << "#1772352000\n" + begin + "#1772352001\n" + line + "#1772352001\n" + last + "#1772352002\n" + end << found;
        QTest::newRow("of zsh") << ": 1772352000:0;" + begin + ": 1772352001:0;" + last + ": 1772352002:0;" + end << found;
        QTest::newRow("without an end") << begin + line + last << found;
        QTest::newRow("without a beginning") << line + last + end << found;
        QTest::newRow("encrypted") << begin + "Proc-Type: 4,ENCRYPTED\n" + line + last + end << found;
        QTest::newRow("a certificate") << "-----BEGIN CERTIFICATE-----\n" + line + last + "-----END CERTIFICATE-----\n" << QStringList{};
        QTest::newRow("behind a key") << begin + line + end + "configure\n" << QStringList{};
        QTest::newRow("a key that ends with a command") << begin + "ls -la\nconfigure\n" << QStringList{};
        QTest::newRow("typed at the wrong prompt") << QByteArray("su\nKa7!stanie#2\nls\n") << QStringList{"Ka7!stanie#2"};
        QTest::newRow("what a shell replaces, names and programs") << QByteArray("!Kastanie77!\n$KASTANIE7a#\nKastanie77x\n./Run7!Me\nName7=kaste!Q\nTLSv1.2,TLSv1.3\nmake\n") << QStringList{};
        QTest::newRow("words of a key") << QByteArray("grep 'BEGIN RSA PRIVATE KEY' /etc\nconfigure\n") << QStringList{};
    }
    void last_line_of_a_key() {
        QFETCH(QByteArray, history);
        QFETCH(QStringList, lines);
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/root/.bash_history", spec.content_type = "text/plain", spec.bytes = history.toStdString();
        fixture.add_parsed("credentials", spec);
        QStringList stored;
        const auto view = case_file::View::open(fixture.path());
        auto row = view->prepare("SELECT value FROM key_line ORDER BY line");
        while (*row->step()) stored << QString::fromStdString(std::string(row->text(0)));
        QCOMPARE(stored, lines);
    }

    // Made to be slow: every start without an end.
    void hostile_text_is_read_in_linear_time() {
        for (const std::string piece : {"$aa$", "$krb5tgs$x", "a::b:0123456789abcdef:", "-----END PRIVATE KEY ", "AAAA-----END ", "password ", "password is ", "password x: ", "a:b@", "x:y@z:", "user=a%", "\"secret:", "hash_hmac(", "hash_hmac('a', ", "jwt.sign((", "setPassword('", "/bot1234567:", "/login/", "%2525", "?k=", "ehco |", "mysqp -p|",
                                        "(echo a;", "quote pass ", "su a ", "sed s/a/b/ ", "grep ", "tee /etc/passwd|", "echo \\0a\\0", "curlopt_userpwd, ", "0123456789abcdef0123456789abcdef:"}) {
            std::string text;
            while (text.size() < 1 << 17) text += piece;
            QElapsedTimer timer;
            timer.start();
            QVERIFY(plugin::secret_spans(text).size() <= text.size());
            QVERIFY2(timer.elapsed() < 2'000, piece.c_str());
        }
    }
};
DEADBOX_TEST(SecretPlacesTest)
#include "secret_places_test.moc"
