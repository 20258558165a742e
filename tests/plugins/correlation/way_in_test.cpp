#include "parsed_log.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

constexpr std::int64_t k_first_request = 1'772'352'000;  // 2026-03-01T08:00:00Z
constexpr std::int64_t k_birth = k_first_request + 36'000;
constexpr std::int64_t k_day = 86'400;

// Seconds before (-) or after the file's birth.
QString request(std::int64_t at, const std::string& address, const std::string& words, int status = 200) {
    const auto civil = base::civil_from_seconds(k_birth + at);
    return QString::asprintf("%s - - [%02d/Mar/2026:%02d:%02d:%02d +0000] \"%s HTTP/1.1\" %d 512 \"-\" \"Mozilla/5.0\"", address.c_str(), civil.day, civil.hour, civil.minute, civil.second, words.c_str(), status);
}
QString accepted(std::int64_t at, const std::string& user, const std::string& address) {
    return QString::fromStdString(base::to_rfc3339({k_birth + at, 0}).substr(0, 19) + "+00:00 web1 sshd[4711]: Accepted password for " + user + " from " + address + " port 4001 ssh2");
}

// What is planted: a finding with its file.
struct Planted {
    std::string path = "/var/www/html/uploads/x.php", rule = "webshell/script";
    std::uint32_t uid = 33;
    std::int64_t born = 0, changed = 0, modified = 0;  // after k_birth
    int severity = 4;
};

}  // namespace
Q_DECLARE_METATYPE(QList<Planted>)

class WayInTest : public QObject {
    Q_OBJECT
private slots:
    void requests_data() {
        QTest::addColumn<QList<Planted>>("planted");
        QTest::addColumn<QStringList>("web");
        QTest::addColumn<QStringList>("found");  // rule subject confidence address tie
        const std::string out = "203.0.113.77", other = "198.51.100.9";
        const QString use = "correlation/webshell_used /var/www/html/uploads/x.php 1 203.0.113.77 ", entry = "correlation/web_entry /var/www/html/uploads/x.php ";
        const Planted shell;
        const auto row = [](const char* name, QList<Planted> planted, QStringList web, QStringList found) { QTest::newRow(name) << planted << web << found; };
        const auto with = [&](auto change) {
            Planted one;
            change(one);
            return one;
        };

        row("an upload, then the file, then its use", {shell}, {request(-16, out, "POST /upload.php"), request(20, out, "POST /uploads/x.php")}, {entry + "1 203.0.113.77 same_address", use});
        row("an upload of a visitor who never asked for the file", {shell}, {request(-16, out, "POST /upload.php")}, {entry + "1 203.0.113.77 only"});
        row("pages were read", {shell}, {request(-16, out, "GET /upload.php")}, {});
        row("an upload minutes before", {shell}, {request(-300, out, "POST /upload.php")}, {});
        row("an upload after the file", {shell}, {request(60, out, "POST /upload.php")}, {});
        row("a line that has the end of the request", {shell}, {request(2, out, "POST /upload.php")}, {entry + "1 203.0.113.77 only"});
        row("an upload that was refused", {shell}, {request(-16, out, "POST /upload.php", 403)}, {});
        row("a form that leads elsewhere", {shell}, {request(-16, out, "POST /upload.php", 302)}, {entry + "1 203.0.113.77 only"});
        row("a file of root's", {with([](Planted& p) { p.uid = 0; })}, {request(-16, out, "POST /upload.php")}, {});
        row("a file of a user's", {with([](Planted& p) { p.uid = 1000; })}, {request(-16, out, "POST /upload.php")}, {});
        row("a site that runs as its owner", {with([](Planted& p) { p.uid = 1001, p.path = "/home/shop/web/x.php"; })}, {request(-16, out, "POST /upload.php")}, {"correlation/web_entry /home/shop/web/x.php 1 203.0.113.77 only"});
        row("a script that is only suspicious", {with([](Planted& p) { p.severity = 2; })}, {request(-16, out, "POST /upload.php")}, {});
        row("the file itself was put", {shell}, {request(-9, other, "POST /search.php"), request(-1, out, "PUT /uploads/x.php", 201)}, {entry + "1 203.0.113.77 put"});
        row("the file itself was put, then used", {shell}, {request(-1, out, "PUT /uploads/x.php", 201), request(40, out, "GET /uploads/x.php")}, {entry + "1 203.0.113.77 put", use});
        row("a second one through the first", {shell, with([](Planted& p) { p.path = "/var/www/html/y.php", p.born = p.changed = p.modified = 100; })},
            {request(-16, out, "POST /upload.php"), request(98, out, "POST /uploads/x.php")}, {entry + "1 203.0.113.77 same_address", use});
        row("several by one way", {shell, with([](Planted& p) { p.path = "/var/www/html/uploads/y.php", p.born = p.changed = p.modified = 3; })}, {request(-2, out, "POST /upload.php"), request(2, out, "POST /upload.php")}, {entry + "1 203.0.113.77 only"});
        row("a page that was replaced", {with([](Planted& p) { p.rule = "defacement/page", p.path = "/var/www/html/index.html", p.born = -900'000; })}, {request(-3, out, "POST /editor.php")}, {"correlation/web_entry /var/www/html/index.html 1 203.0.113.77 only"});
        row("a page that was replaced and given other rights since", {with([](Planted& p) { p.rule = "defacement/page", p.path = "/var/www/html/index.html", p.born = p.modified = -900'000; })}, {request(-900'003, out, "POST /editor.php")}, {});
        QStringList busy;
        for (int i = 0; i < 40; ++i) busy << request(-1200 + 60 * i, "198.51.100." + std::to_string(i), "POST /wp-admin/admin-ajax.php");
        row("a handler that is never silent", {shell}, busy, {entry + "0 198.51.100.20 busy"});
        row("a handler that is never silent, and who then asked for the file", {shell}, busy + QStringList{request(-7, out, "POST /wp-admin/admin-ajax.php"), request(9, out, "GET /uploads/x.php")}, {entry + "1 203.0.113.77 same_address", use});
        row("two at once", {shell}, {request(-9, other, "POST /search.php"), request(-4, out, "POST /upload.php")}, {entry + "0 203.0.113.77 busy"});
        row("a comment was written on another site", {shell}, {"news.example.org:80 " + request(-16, out, "POST /comment.php")}, {});
        row("the site's own log", {shell}, {"shop.example.org:80 " + request(-16, out, "POST /upload.php")}, {entry + "1 203.0.113.77 only"});
        row("the site by another name", {shell}, {"www.shop.example.org:80 " + request(-16, out, "POST /upload.php")}, {entry + "1 203.0.113.77 only"});
        QStringList visitors;
        for (int i = 0; i < 30; ++i) visitors << request(60 * i, "198.51.100." + std::to_string(i), "GET /uploads/x.php");
        row("a page that visitors ask for", {shell}, visitors, {});
        row("a page that was there before", {shell}, {request(-900, out, "GET /uploads/x.php")}, {});
        row("a site that was restored after the use of the shell", {with([](Planted& p) { p.modified = -1'000; })}, {request(-900, out, "GET /uploads/x.php")}, {use});
    }
    void requests() {
        QFETCH(QList<Planted>, planted);
        QFETCH(QStringList, web);
        QFETCH(QStringList, found);
        test::CaseFixture fixture;
        fill(fixture, planted, web, {});
        QStringList got;
        for (const auto& finding : fixture.detect("way_in")) {
            const auto tie = finding.arguments.value("tie", "");
            got << QString::fromStdString(finding.rule + " " + finding.subject + " " + std::to_string(finding.confidence) + " " + finding.arguments["address"].get<std::string>() + " " + tie);
            QCOMPARE(finding.severity, 2);
            QCOMPARE(finding.arguments["rests_on"].get<std::string>(), std::string("f1"));
            const auto& line = finding.items.at(0);
            QCOMPARE(line.path, std::string("/var/log/apache2/access.log"));
            QCOMPARE(line.key, finding.arguments["address"].get<std::string>());
            QVERIFY(line.line.value_or(0) > 0 && web[static_cast<qsizetype>(*line.line) - 1].contains(QString::fromStdString(line.excerpt)));
        }
        QCOMPARE(got, found);
    }

    // Without a time of birth the last change counts; a log of another machine does not.
    void other_sources_data() {
        QTest::addColumn<QByteArray>("change");
        QTest::addColumn<bool>("found");
        QTest::newRow("as it is") << QByteArray() << true;
        QTest::newRow("no births") << QByteArray("UPDATE inode SET b_s = NULL, b_ns = NULL WHERE type = 1") << true;
        QTest::newRow("neither births nor that change") << QByteArray("UPDATE inode SET b_s = NULL, b_ns = NULL, c_s = c_s + 999 WHERE type = 1") << false;
        QTest::newRow("another machine's log") << QByteArray("INSERT INTO tree VALUES(5, 1, 0, NULL, 2, '/', 2); INSERT INTO system VALUES(2, 5); UPDATE event SET inode = (5 << 44) | 77") << false;
    }
    void other_sources() {
        QFETCH(QByteArray, change);
        QFETCH(bool, found);
        test::CaseFixture fixture;
        fill(fixture, {Planted{}}, {request(-16, "203.0.113.77", "POST /upload.php")}, {});
        if (!change.isEmpty()) fixture.sql(change.toStdString());
        QCOMPARE(!fixture.detect("way_in").empty(), found);
    }

    void logins_data() {
        QTest::addColumn<QList<Planted>>("planted");
        QTest::addColumn<QStringList>("log");
        QTest::addColumn<QStringList>("web");
        QTest::addColumn<QStringList>("found");  // subject severity
        const std::string home = "192.0.2.10", out = "203.0.113.77";
        const auto planted = [](std::uint32_t uid) {
            Planted p;
            p.rule = "binaries/modified", p.path = "/usr/sbin/sshd", p.uid = uid;
            return QList<Planted>{p};
        };
        QStringList habits;
        for (int day = 8; day > 3; --day) habits << accepted(-day * k_day, "ann", home);
        const auto row = [](const char* name, QList<Planted> planted, QStringList log, QStringList web, QStringList found) { QTest::newRow(name) << planted << log << web << found; };
        row("from a new place, right before", planted(0), habits + QStringList{accepted(-600, "ann", out)}, {}, {"ann 1"});
        row("whose own file was changed", planted(1000), habits + QStringList{accepted(-600, "ann", out)}, {}, {"ann 2"});
        row("from where the account always comes", planted(0), habits + QStringList{accepted(-600, "ann", home)}, {}, {});
        row("from beside it", planted(0), habits + QStringList{accepted(-600, "ann", "192.0.2.77")}, {}, {});
        row("hours before", planted(0), habits + QStringList{accepted(-9000, "ann", out)}, {}, {});
        row("after the change", planted(0), habits + QStringList{accepted(600, "ann", out)}, {}, {});
        row("without habits", planted(0), QStringList{accepted(-5 * k_day, "ann", home), accepted(-600, "ann", out)}, {}, {});
        QStringList traveller;
        for (int day = 8; day > 3; --day) traveller << accepted(-day * k_day, "ann", "198.51." + std::to_string(day) + ".7");
        row("an account that comes from everywhere", planted(0), traveller + QStringList{accepted(-600, "ann", out)}, {}, {});
        row("the logs have the way in", QList<Planted>{Planted{}}, habits + QStringList{accepted(-600, "ann", out)}, {request(-16, out, "POST /upload.php")}, {});
        row("the logs do not have the way in", QList<Planted>{Planted{}}, habits + QStringList{accepted(-600, "ann", out)}, {request(-16, out, "GET /")}, {"ann 1"});
    }
    void logins() {
        QFETCH(QList<Planted>, planted);
        QFETCH(QStringList, log);
        QFETCH(QStringList, web);
        QFETCH(QStringList, found);
        test::CaseFixture fixture;
        fill(fixture, planted, web, log);
        QStringList got;
        for (const auto& finding : fixture.detect("way_in")) {
            if (finding.rule != "correlation/login_entry") continue;
            got << QString::fromStdString(finding.subject + " " + std::to_string(finding.severity));
            QCOMPARE(finding.confidence, 0);  // never an answer by itself
            QCOMPARE(finding.items.at(0).excerpt, std::string("Accepted password for ann"));
        }
        QCOMPARE(got, found);
    }

private:
    static void fill(test::CaseFixture& fixture, const QList<Planted>& planted, const QStringList& web, const QStringList& log) {
        const auto root = [&](std::string_view path, std::string_view site) {
            fixture.row("web_root", {path, std::string_view("apache"), site, std::string_view("root"), std::string_view("/"), std::int64_t{0}, std::int64_t{1}, std::int64_t{2}});
        };
        root("/var/www/html", "shop.example.org");
        root("/var/www/news", "news.example.org");
        root("/home/shop/web", "panel.example.org");
        test::FileSpec folder;
        folder.path = "/home/shop/web", folder.type = 2, folder.mode = 0755, folder.uid = 1001;
        fixture.add(folder);
        test::FileSpec passwd;
        passwd.path = "/etc/passwd", passwd.bytes = "root:x:0:0::/root:/bin/bash\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nann:x:1000:1000::/home/ann:/bin/bash\n";
        fixture.add_parsed("passwd", passwd);
        int number = 0;
        for (const auto& one : planted) {
            test::FileSpec spec;
            spec.path = one.path, spec.bytes = "<?php", spec.uid = one.uid, spec.born = k_birth + one.born, spec.changed = k_birth + one.changed, spec.modified = k_birth + one.modified;
            const auto inode = fixture.add(spec);
            fixture.sql(QString("INSERT INTO finding VALUES('f%1', 'x', '%2', 1, 1, '%3', %4, 1, '{}', %5, 0, 0, NULL, NULL, 1, 0);"
                                "INSERT INTO finding_item(finding, place, inode) VALUES('f%1', 1, %6)")
                            .arg(++number).arg(QString::fromStdString(one.rule), QString::fromStdString(one.path)).arg(one.severity).arg(spec.changed).arg(inode).toStdString());
        }
        test::add_log(fixture, "access_log", "/var/log/apache2/access.log", web);
        test::add_log(fixture, "syslog", "/var/log/auth.log", log);
    }
};
DEADBOX_TEST(WayInTest)
#include "way_in_test.moc"
