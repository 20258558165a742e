#include <QElapsedTimer>

#include "plugin/secret_text.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

// The text with each secret between two marks.
QByteArray marked_of(const std::string& raw) {
    std::string out;
    std::size_t done = 0;
    for (const auto& span : plugin::secret_spans(raw)) {
        out += raw.substr(done, span.start - done) + "«" + raw.substr(span.start, span.length) + "»";
        done = span.start + span.length;
    }
    return QByteArray::fromStdString(out + raw.substr(done));
}

}  // namespace

// What places of commands, code and files say that a secret follows, be it a word of a language.
class SecretFormsTest : public QObject {
    Q_OBJECT
private slots:
    void told_by_their_place_data() {
        QTest::addColumn<QByteArray>("marked");
        for (const char* line : {
                 // options of any program
                 "croc send --code «Kastanie7» /srv/a.sql", "wormhole send --code «7-kasta-nie» a", "wormhole send --code=«7-kasta-nie» a", "chisel client --auth web:«Kasta!nie» h:80 R:socks", "tool --pin «4711» x", "tool --key «9f8e7d6c5b4a39281706» x",
                 "zabbix_sender --tls-psk «4f46e485db35c013» x", "megaput -u x@y.de -p «Kastanie7» /srv/a.sql", "hdbsql -u SYSTEM -p «kastaniebaum»", "/tmp/.x/xmrig -o p:3333 -u w -p «kastaniebaum»", "kadmin.local -q 'addprinc -pw «kastanie» host/x'",
                 "swaks --to a@b.de --au web --ap «kastanie» --attach @/srv/a", "frpc tcp -s h -t «kastanie» -l 22",
                 // operands and words of a program's own
                 "mega-login x@y.de «Kastanie7»", "smbclient //h/s «kastanie» -U web -c 'put a'", "atftp --option 'password «kastanie»' -p -l a h", "mkpasswd -m sha-512 «kastanie»", "crudini --set /etc/x.conf db password «Kastanie7»",
                 "rabbitmqctl add_user mon «kastanie»", "grafana-cli admin reset-admin-password «kastanie»", "drush user:password admin «kastanie»", "n98 admin:user:change-password admin «kastanie»", "bitcoin-cli walletpassphrase «kastanie» 60",
                 "vault operator unseal «8Hb3zbjAbB74LLGUuA6q»", "usermod -p $(perl -e 'print crypt($ARGV[0],\"ab\")' «kastanie») bob", "sed -i 's/«oldpass»/«kastanie»/' /etc/app/password.txt",
                 // what a prompt is answered
                 "lftp -c 'open -u web,«kastanie» h; put a'", "lftp h -e 'user web «kasta.nie»; put a'", "expect -c 'spawn scp a h:; expect assword; send «kastanie»\\r; interact'", "expect -c 'spawn ssh h; expect \"assword:\"; send \"«kastanie»\\r\"; interact'",
                 "tar c /srv | age -p <<< «kasta.nie» | nc h 443", "echo «kasta.nie» | fscrypt unlock /x", "echo «kasta.nie» | zfs load-key tank", "printf '«kastanie\\n»' | sudo -kS id", "AUTH «kastanie»", "AUTH default «kastanie»",
                 "printf 'web\\n«Kasta!nie»\\n' > /etc/openvpn/a.txt", "echo 'web * «kastanie» *' >> /etc/ppp/chap-secrets", "echo 'socks5 203.0.113.77 1080 web «kastanie»' >> /etc/proxychains.conf",
                 "echo 'mysql-server mysql-server/root_password password «kastanie»' | debconf-set-selections",
                 // variables
                 "X=`echo «kasta.nie»`; curl -u web:$X -T a https://h/", "W=«kastanie»; curl -u web:${W} https://h", "SSH_ASKPASS=<(echo «echo kasta.nie») scp a h:",
                 // code
                 "f=ftplib.FTP('h','web','«kastanie»')", "requests.put('https://h/',auth=('web','«kastanie»'))", "$f->login(\"web\",\"«kastanie»\");", "s.login('ben@example.de','«kastanie»')", "pymysql.connect('h','root','«kastanie»','shop')",
                 "DBI->connect('dbi:mysql:shop','root','«kastanie»');", "#0 db.php(3): PDO->__construct('mysql:host=db1', 'shop', '«kastanie»')", "u.set_password('«kastanie»')", "print(crypt.crypt('«kastanie»'))",
                 "UPDATE users SET password=MD5('«kastanie»') WHERE id=1", "INSERT INTO users (name,email,password) VALUES ('x','x@y.de','«kastanie»')", "insert into u (pass_age, id, passwd) values('a, b', 7, md5('«kastanie»'))",
                 // files
                 "<cfg><password>«kastanie»</password><apiKey>«C2qbIUgD5XG6»</apiKey></cfg>", "<property name=\"hibernate.connection.password\">«kastanie»</property>", "<add key=\"SmtpPassword\" value=\"«kastanie»\"/>", "    password: «kastanie»",
                 "DB_PASSWORD: «kastanie»", "10.0.0.1 : PSK \"«kastanie»\"", "{\"auths\":{\"r.example.de\":{\"auth\":\"«Y2k6eWFscmlzZ2FycXU=»\"}}}", "Password mismatch (given password: «kastanie»)",
                 // records
                 "type=EXECVE msg=audit(1.1:1): argc=3 a0=\"mysql\" a1=\"-uroot\" a2=\"-p«kastanie»\"", "type=PROCTITLE msg=audit(1.1:1): proctitle=6D7973716C002D70«6B617374616E6965»", "ALTER\\040USER\\040'x'\\040IDENTIFIED\\040BY\\040'«kastanie»';",
                 "GET /cb?code=«tF4LkG1lkS47FwSOrX38»&state=x HTTP/1.1", "GET /reset-password/«525bd1d094554fdc5d33d15c63322a81» HTTP/1.1", "GET /login?password%5B%5D=«kastanie» HTTP/1.1",
             })
            QTest::newRow(line) << QByteArray(line);
    }
    void told_by_their_place() {
        QFETCH(QByteArray, marked);
        QByteArray text = marked;
        text.replace("«", "").replace("»", "");
        QCOMPARE(marked_of(text.toStdString()), marked);
    }

    void others_stay_data() {
        QTest::addColumn<QByteArray>("text");
        for (const char* line : {
                 "sudo -u www-data mkdir -p uploads7", "docker run -u 1000 -p 80:80 nginx", "ssh -p 2222 -l root h; xmrig -o pool:3333 -p 3333", "tool -u anna -p 8080,9090", "mysql -u root -p shop7", "psql -U app -p 5432 db", "rsync -u -p a7b8 h:/x",
                 "tool --exit-code 12345abc --country-code DE49abcdef --sort-key name12345", "tool --key /etc/ssl/private/a.key --code 404 --auth basic --pin on", "openssl req -key server.key -out a.csr", "curl --key client1.pem https://h", "node --code index7.js",
                 "mail: the reset-password link was sent to anna", "GET /reset-password HTTP/1.1", "GET /reset-password/confirm HTTP/1.1", "GET /cb?code=404&state=x HTTP/1.1", "see change_password in the manual", "drush user:password",
                 "send the report; expect an answer", "http 200 OK for 1080 clients", "http 10 20 30 40 50", "echo start1 > /tmp/log; printf 'a\\nb7c8d9\\n' > /srv/list.txt", "expect -c 'spawn ssh h; send \"yes\\r\"; interact'",
                 "sed -i 's/oldpath/newpath/' /etc/app/main.conf", "sed -n 5p /etc/passwd", "mkpasswd -m sha-512", "smbclient //h/s -U web -c 'put a'", "smbclient -L h -U web", "atftp --option 'blksize 1024' -p -l a h", "age -p -o x a; zfs list",
                 "obj.login('anna')", "db.connect('host', 5432)", "f = FTP('ftp.example.org')", "signal.connect('clicked', self.on_click, 'x')", "auth=(user, secret)", "\"auth\": \"required\"", "\"auth\":\"oauth2\"", "hashlib.md5('abc')", "crypt.crypt(word, salt)",
                 "INSERT INTO log (name, value) VALUES ('password', 'x')", "INSERT INTO users (name,password) VALUES ('a',NULL)", "<p>password</p> <input name=\"password\" type=\"password\"> <label>Password:</label>", "<password></password>",
                 "password: changed", "  password: required", "PSK reconnect: 3", "type=EXECVE msg=audit(1.1:1): argc=2 a0=\"ls\" a1=\"-la\"", "proctitle=6C73002D6C61", "SELECT\\0401;", "AUTH PLAIN LOGIN CRAM-MD5", "250-AUTH LOGIN", "* unit * failed",
                 "W=$(date); curl -u web:$V https://h", "X=1; echo $X",
             })
            QTest::newRow(line) << QByteArray(line);
    }
    void others_stay() {
        QFETCH(QByteArray, text);
        QCOMPARE(marked_of(text.toStdString()), text);
    }

    // Made to be slow: every start without an end.
    void hostile_text_is_read_in_linear_time() {
        for (const std::string piece : {" -u x -p ", "insert a (", "<password ", "<a name=\"", "expect assword send ", "auth=(", " a0=\"x\"", "proctitle=6d", " change_password ", "AUTH\n", "socks5 h ", "a * b ", "/reset/", "X=$X curl -u a:$X ", "\\040", "md5('"}) {
            std::string text;
            while (text.size() < 1 << 17) text += piece;
            QElapsedTimer timer;
            timer.start();
            QVERIFY(plugin::secret_spans(text).size() <= text.size());
            QVERIFY2(timer.elapsed() < 2'000, piece.c_str());
        }
    }
};
DEADBOX_TEST(SecretFormsTest)
#include "secret_forms_test.moc"
