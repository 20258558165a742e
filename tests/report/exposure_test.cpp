#include "report/exposure.hpp"

#include "report/access.hpp"
#include "report/build.hpp"
#include "report/communication.hpp"
#include "support/case_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

// version 2, then (tag, perm, id).
std::string acl(std::initializer_list<std::tuple<unsigned, unsigned, std::uint32_t>> entries) {
    std::string bytes("\2\0\0\0", 4);
    const auto little = [&](std::uint32_t value, int count) {
        for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
    };
    for (const auto& [tag, perm, id] : entries) little(tag, 2), little(perm, 2), little(id, 4);
    return bytes;
}

// A machine with a web server, an administrator and the files that they keep; `findings` decide what was reached.
void fill(test::CaseFixture& fixture) {
    test::FileSpec spec;
    spec.path = "/etc/passwd", spec.bytes = "root:x:0:0:root:/root:/bin/bash\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\nanna:x:1000:1000:Anna Berg:/home/anna:/bin/bash\n";
    fixture.add_parsed("passwd", spec);
    spec = {};
    spec.path = "/etc/group", spec.bytes = "root:x:0:\nsudo:x:27:anna\nwww-data:x:33:\nanna:x:1000:\n";
    fixture.add_parsed("group", spec);
    spec = {};
    spec.path = "/etc/shadow", spec.mode = 0640, spec.gid = 42, spec.bytes = "root:*:1::::::\nanna:$6$Qm1sT0x9$kJ2hG4fD6sA8pO0iU2yT4rE6wQ8z:20000:0:99999:7:::\n";
    fixture.add_parsed("shadow", spec);
    const auto keep = [&](const char* path, std::uint32_t mode, std::uint32_t uid, std::uint32_t gid, const std::string& bytes) {
        test::FileSpec file;
        file.path = path, file.mode = mode, file.uid = uid, file.gid = gid, file.bytes = bytes, file.content_type = "text/plain";
        fixture.add_parsed("credentials", file);
    };
    keep("/srv/shop/.env", 0640, 0, 33, "DB_PASSWORD=tisch-Bein4\n");
    keep("/home/anna/.pgpass", 0600, 1000, 1000, "db:5432:stock:anna:geheim9\n");
    keep("/root/.my.cnf", 0600, 0, 0, "[client]\npassword=Amboss77\n");
    spec = {};
    spec.path = "/var/log/apache2/access.log", spec.bytes = "x";
    fixture.add(spec);
    spec.path = "/var/log/apache2/access.log.3.gz";
    fixture.sql("INSERT INTO step VALUES(" + std::to_string(fixture.add(spec)) + ", 'access_log', 0)");
    spec.path = "/var/log/journal/0b5d4a6c2f1e4c3b8a796857463524f1/system.journal";
    fixture.add(spec);
}

void finding(test::CaseFixture& fixture, const char* id, const char* rule, int severity, int confidence, std::int64_t inode, const char* key) {
    fixture.sql(std::string("INSERT INTO finding VALUES('") + id + "', 'd', '" + rule + "', 1, 1, 's', " + std::to_string(severity) + ", " + std::to_string(confidence) + ", '{}', 1710000000, 0, 2, NULL, NULL, 1, 0)");
    fixture.sql(std::string("INSERT INTO finding_item(finding, place, inode, key) VALUES('") + id + "', 1, " + (inode == 0 ? "NULL" : std::to_string(inode)) + ", " + (key == nullptr ? "NULL" : "'" + std::string(key) + "'") + ")");
}

report::Exposure exposure_of(const test::CaseFixture& fixture) {
    const auto view = case_file::View::open(fixture.path());
    const auto texts = report::Texts::load("en");
    const auto model = report::build_report(*view, *texts, {});
    if (!model) qFatal("%s", model.error().what.c_str());
    return model->exposure;
}

QStringList places(const report::Exposure& exposure) {
    QStringList all;
    for (const auto& one : exposure.credentials) all << QString::fromStdString(one.path);
    return all;
}

}  // namespace

class ExposureTest : public QObject {
    Q_OBJECT
private slots:
    void granted_data() {
        QTest::addColumn<int>("mode");
        QTest::addColumn<QByteArray>("list");
        QTest::addColumn<QByteArray>("by");  // for user 33 of group 33 on a file of 1000:1000
        const auto row = [](const char* name, int mode, const std::string& list, const char* by) { QTest::newRow(name) << mode << QByteArray::fromStdString(list) << QByteArray(by); };
        row("others", 0644, "", "others");
        row("nobody", 0640, "", "");
        row("named user", 0640, acl({{1, 6, 0}, {2, 4, 33}, {4, 4, 0}, {16, 4, 0}, {32, 0, 0}}), "acl");
        row("named user under a mask", 0600, acl({{1, 6, 0}, {2, 4, 33}, {4, 4, 0}, {16, 0, 0}, {32, 0, 0}}), "");
        row("named group", 0640, acl({{1, 6, 0}, {4, 0, 0}, {8, 4, 33}, {16, 4, 0}, {32, 0, 0}}), "acl");
        row("group without the right is not others", 0644, acl({{1, 6, 0}, {4, 0, 0}, {8, 0, 33}, {16, 4, 0}, {32, 4, 0}}), "");
        row("others behind a list", 0644, acl({{1, 6, 0}, {2, 4, 77}, {4, 0, 0}, {16, 4, 0}, {32, 4, 0}}), "others");
        row("damaged list", 0644, std::string("\3\0\0\0", 4), "");
    }
    void granted() {
        QFETCH(int, mode);
        QFETCH(QByteArray, list);
        QFETCH(QByteArray, by);
        const std::string bytes = list.toStdString();
        const report::FileRights file{static_cast<std::uint32_t>(mode), 1000, 1000, bytes};
        QCOMPARE(QByteArray::fromStdString(std::string(report::granted_by({1, 33, {33}}, file, 4))), by);
        QCOMPARE(report::granted_by({1, 0, {0}}, file, 4), std::string_view("root"));
        QCOMPARE(report::granted_by({1, 1000, {1000}}, file, 4), std::string_view("owner"));
    }

    void a_healthy_machine_exposes_nothing() {
        test::CaseFixture fixture;
        fill(fixture);
        const auto exposure = exposure_of(fixture);
        QCOMPARE(exposure.answer, std::string("cannot_say"));
        QVERIFY(exposure.rights.empty() && exposure.credentials.empty() && exposure.areas.empty());
        QCOMPARE(exposure.logs.size(), std::size_t{9});
    }
    void a_webshell_reaches_what_its_server_reads() {
        test::CaseFixture fixture;
        fill(fixture);
        test::FileSpec shell;
        shell.path = "/srv/shop/x.php", shell.uid = 33, shell.gid = 33, shell.bytes = "<?php";
        finding(fixture, "aaaaaaaaaaaaaaaa", "webshell/script", 4, 2, fixture.add(shell), nullptr);
        const auto exposure = exposure_of(fixture);
        QCOMPARE(exposure.answer, std::string("reachable"));
        QCOMPARE(exposure.rights.size(), std::size_t{1});
        QCOMPARE(exposure.rights[0].user, std::string("www-data"));
        QCOMPARE(places(exposure), QStringList{"/srv/shop/.env"});
        QCOMPARE(exposure.credentials[0].why, std::string("www-data is in the file's group"));
    }
    // That one machine has a record says nothing of another.
    void each_machine_has_its_own_records() {
        test::CaseFixture fixture;
        fill(fixture);
        fixture.sql("INSERT INTO evidence(id, argument, format, media_size, identity) SELECT 2, argument, format, media_size, identity FROM evidence");
        fixture.sql("INSERT INTO volume SELECT 2, 2, '2.1', scheme, type, partition_name, start, size, filesystem, label, uuid, clean, journal, 2, '/' FROM volume WHERE id = 1");
        fixture.sql("INSERT INTO volume SELECT 3, 2, '2.2', scheme, type, partition_name, start, size, '', label, uuid, clean, journal, NULL, NULL FROM volume WHERE id = 1");
        fixture.sql("INSERT INTO tree(id, volume, state, system, mount_point) VALUES(1, 2, 0, 2, '/')");
        fixture.sql("INSERT INTO system VALUES(2, 1)");
        fixture.sql("INSERT INTO system_fact(system, key, value) VALUES(1, 'host.name', 'web1'), (2, 'host.name', 'db1')");
        test::FileSpec log;
        log.path = "/var/log/vsftpd.log", log.bytes = "x";
        fixture.add(log);
        const auto states = [&] {
            QStringList all;
            for (const auto& one : exposure_of(fixture).logs)
                if (one.id == "transfer") all << QString::fromStdString(one.title + " " + one.state + " " + std::to_string(one.files) + " " + std::to_string(one.system.value_or(0)));
            return all;
        };
        QCOMPARE(states(), QStringList({"web1: Logs of file transfer (ftp, rsync) unread 1 1", "db1: Logs of file transfer (ftp, rsync) absent 0 2"}));
        QCOMPARE(exposure_of(fixture).logs.size(), std::size_t{18});
        // A volume of the other's disk that was not read hides nothing of this machine's.
        fixture.sql("INSERT INTO coverage(level, area, reason, folder, count, examples, wave) VALUES('gap', 'volume', 'an XFS file system is not read yet', '', 1, '[\"2.2: 9 bytes from byte 1\"]', 'open')");
        QCOMPARE(states(), QStringList({"web1: Logs of file transfer (ftp, rsync) unread 1 1", "db1: Logs of file transfer (ftp, rsync) unseen 0 2"}));
        for (const auto& one : exposure_of(fixture).logs)
            if (one.system == 1) QVERIFY2(one.state != "unseen", one.id.c_str());
    }
    // No web server gives it out: nothing ran there, but whose it is was used to write it.
    void a_script_outside_of_every_web_root() {
        test::CaseFixture fixture;
        fill(fixture);
        fixture.row("web_root", {std::string_view("/var/www/html"), std::string_view("apache"), {}, std::string_view("root"), std::string_view("/"), std::int64_t{0}, std::int64_t{1}, std::int64_t{2}});
        fixture.sql("UPDATE web_root SET system = 1");
        test::FileSpec script;
        script.path = "/srv/shop/x.php", script.uid = 33, script.gid = 33, script.bytes = "<?php";
        finding(fixture, "aaaaaaaaaaaaaaaa", "webshell/script", 4, 2, fixture.add(script), nullptr);
        const auto exposure = exposure_of(fixture);
        QCOMPARE(exposure.rights.size(), std::size_t{1});
        QVERIFY2(exposure.rights[0].why.starts_with("Files of the intruder belong to www-data"), exposure.rights[0].why.c_str());
    }
    // A record that tells of an intruder is none of his files, whoever owns it.
    void a_log_shows_no_rights() {
        for (const char* rule : {"exfiltration/transfer", "ssh/brute_force_success", "accounts/empty_password"}) {
            test::CaseFixture fixture;
            fill(fixture);
            test::FileSpec log;
            log.path = "/var/log/vsftpd.log", log.bytes = "x";
            finding(fixture, "aaaaaaaaaaaaaaaa", rule, 3, 2, fixture.add(log), nullptr);
            QVERIFY2(exposure_of(fixture).rights.empty(), rule);
        }
    }
    // Who reads the password of a database reads the database.
    void databases_behind_their_password() {
        test::CaseFixture fixture;
        fill(fixture);
        test::FileSpec table;
        table.path = "/var/lib/mysql/shop/orders.ibd", table.mode = 0640, table.uid = 105, table.gid = 105, table.bytes = std::string(3000, 'x');
        fixture.add(table);
        fixture.sql("UPDATE inode SET mode = 448 WHERE id = (SELECT id FROM directory WHERE path = '/var/lib/mysql')");
        test::FileSpec shell;
        shell.path = "/srv/shop/x.php", shell.uid = 33, shell.gid = 33, shell.bytes = "<?php";
        finding(fixture, "aaaaaaaaaaaaaaaa", "webshell/script", 4, 2, fixture.add(shell), nullptr);
        const auto exposure = exposure_of(fixture);
        QCOMPARE(exposure.credentials[0].kind, std::string("database_password"));
        QCOMPARE(exposure.areas[0].id, std::string("databases_by_password"));
        QVERIFY(!exposure.areas[0].here && exposure.areas[0].files == 0);  // the file names no host
    }
    // What was not read may hold what is not there.
    void a_volume_that_was_not_read() {
        test::CaseFixture fixture;
        fill(fixture);
        fixture.sql("INSERT INTO coverage(level, area, reason, folder, count, examples, wave) VALUES('gap', 'volume', 'an XFS file system is not read yet', '', 1, '[]', 'open')");
        for (const auto& log : exposure_of(fixture).logs) QVERIFY2(log.state != "absent", log.id.c_str());
        fixture.sql("UPDATE coverage SET folder = '/var/log/mysql', area = 'walk'");
        for (const auto& log : exposure_of(fixture).logs) QCOMPARE(log.state == "unseen", log.id == "database");
    }
    void what_is_dismissed_or_doubtful_reaches_nothing() {
        test::CaseFixture fixture;
        fill(fixture);
        test::FileSpec shell;
        shell.path = "/srv/shop/x.php", shell.uid = 33, shell.bytes = "<?php";
        const auto inode = fixture.add(shell);
        finding(fixture, "aaaaaaaaaaaaaaaa", "webshell/script", 4, 2, inode, nullptr);
        finding(fixture, "bbbbbbbbbbbbbbbb", "webshell/script", 2, 2, inode, nullptr);
        finding(fixture, "cccccccccccccccc", "webshell/script", 3, 0, inode, nullptr);
        fixture.sql("INSERT INTO mark(finding, at, by, state) VALUES('aaaaaaaaaaaaaaaa', '2026-01-02T00:00:00Z', 'me', 'dismissed')");
        QCOMPARE(exposure_of(fixture).answer, std::string("cannot_say"));
    }
    void closed_folders_keep_what_lies_in_them() {
        test::CaseFixture fixture;
        fill(fixture);
        test::FileSpec shell;
        shell.path = "/srv/shop/x.php", shell.uid = 33, shell.bytes = "<?php";
        finding(fixture, "aaaaaaaaaaaaaaaa", "webshell/script", 4, 2, fixture.add(shell), nullptr);
        fixture.sql("UPDATE inode SET mode = 448 WHERE id = (SELECT id FROM directory WHERE path = '/srv/shop')");
        QVERIFY(places(exposure_of(fixture)).isEmpty());
    }
    void a_login_reaches_the_account_and_what_its_groups_allow() {
        test::CaseFixture fixture;
        fill(fixture);
        finding(fixture, "aaaaaaaaaaaaaaaa", "ssh/brute_force_success", 3, 1, 0, "anna");
        const auto exposure = exposure_of(fixture);
        QCOMPARE(exposure.rights.size(), std::size_t{2});  // anna, and root through sudo
        const auto all = places(exposure);
        for (const char* path : {"/etc/shadow", "/home/anna/.pgpass", "/root/.my.cnf", "/srv/shop/.env"}) QVERIFY2(all.contains(path), path);
        for (const auto& one : exposure.credentials)
            if (one.path == "/home/anna/.pgpass") QCOMPARE(one.why, std::string("anna owns the file"));
    }
    void rotated_logs_with_a_gap_are_told() {
        test::CaseFixture fixture;
        fill(fixture);
        for (const auto& log : exposure_of(fixture).logs) {
            if (log.id == "web_access") {
                QCOMPARE(log.state, std::string("gaps"));
                QCOMPARE(log.files, std::int64_t{2});
                QCOMPARE(log.paths.front(), std::string("/var/log/apache2/access.log.1"));
            }
            if (log.id == "network") QCOMPARE(log.state, std::string("absent"));
        }
    }
    // Logs on a volume of their own are reached by a link.
    void linked_folders_are_followed_data() {
        QTest::addColumn<QList<QStringList>>("links");  // path, target
        QTest::newRow("the folder of all logs") << QList<QStringList>{{"/var/log", "/data/log"}};
        QTest::newRow("relative") << QList<QStringList>{{"/var/log", "../data/log"}};
        QTest::newRow("a folder above") << QList<QStringList>{{"/var", "/mnt/var"}, {"/mnt/var/log", "../../data/log"}};
        QTest::newRow("a link behind a link") << QList<QStringList>{{"/var/log", "/srv/log"}, {"/srv", "/mnt/srv"}, {"/mnt/srv/log", "/data/log"}};
    }
    void linked_folders_are_followed() {
        QFETCH(QList<QStringList>, links);
        test::CaseFixture fixture;
        test::FileSpec spec;
        for (const auto& link : links) {
            spec = {};
            spec.path = link[0].toStdString(), spec.type = 3, spec.target = link[1].toStdString();
            fixture.add(spec);
        }
        spec = {};
        spec.path = "/data/log/auth.log", spec.bytes = "x";
        fixture.sql("INSERT INTO step VALUES(" + std::to_string(fixture.add(spec)) + ", 'syslog', 0)");
        spec.path = "/data/log/apache2/access.log", spec.bytes = "x";
        fixture.add(spec);
        for (const auto& log : exposure_of(fixture).logs) {
            if (log.id == "auth") QCOMPARE(log.state + " " + log.paths.front(), std::string("present /data/log/auth.log"));
            if (log.id == "web_access") QCOMPARE(log.files, std::int64_t{1});
            if (log.id == "audit") QCOMPARE(log.state, std::string("absent"));
        }
    }
    // One of the logs' folders lies elsewhere; a home does.
    void linked_folders_below_are_followed() {
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/etc/passwd", spec.bytes = "anna:x:1000:1000::/home/anna:/bin/bash\n";
        fixture.add_parsed("passwd", spec);
        for (const auto& [path, target] : {std::pair("/var/log/apache2", "/data/apache"), std::pair("/home", "/data/home")}) {
            spec = {};
            spec.path = path, spec.type = 3, spec.target = target;
            fixture.add(spec);
        }
        for (const char* path : {"/data/apache/access.log", "/data/home/anna/.bash_history"}) {
            spec = {};
            spec.path = path, spec.bytes = "x";
            fixture.add(spec);
        }
        for (const auto& log : exposure_of(fixture).logs) {
            if (log.id == "web_access") QCOMPARE(QByteArray::fromStdString(log.paths.front()), QByteArray("/data/apache/access.log"));
            if (log.id == "history") QCOMPARE(QByteArray::fromStdString(log.paths.front()), QByteArray("/data/home/anna/.bash_history"));
        }
    }
    void a_log_that_no_parser_read_is_not_said_to_show_anything() {
        test::CaseFixture fixture;
        fill(fixture);
        const auto state = [&](std::string_view id) {
            for (const auto& log : exposure_of(fixture).logs)
                if (log.id == id) return log.state;
            return std::string();
        };
        QCOMPARE(state("auth"), std::string("unread"));
        test::FileSpec spec;
        spec.path = "/var/log/auth.log", spec.bytes = "x";
        const auto log = fixture.add(spec);
        QCOMPARE(state("auth"), std::string("unread"));
        fixture.sql("INSERT INTO step VALUES(" + std::to_string(log) + ", 'syslog', 2)");  // it killed its worker
        QCOMPARE(state("auth"), std::string("unread"));
        fixture.sql("UPDATE step SET outcome = 0 WHERE parser = 'syslog'");
        QCOMPARE(state("auth"), std::string("partly_read"));  // nobody reads the journal
    }
    // A restored site: its shell was used before the file system has it, and that is the first sign.
    void the_use_dates_the_shell() {
        test::CaseFixture fixture;
        fill(fixture);
        finding(fixture, "aaaaaaaaaaaaaaaa", "webshell/script", 4, 2, 0, nullptr);
        finding(fixture, "bbbbbbbbbbbbbbbb", "correlation/webshell_used", 2, 1, 0, nullptr);
        fixture.sql("UPDATE finding SET subject = '/srv/shop/x.php', first_s = CASE rule WHEN 'webshell/script' THEN 1720000000 ELSE 1710000000 END");
        const auto view = case_file::View::open(fixture.path());
        const auto texts = report::Texts::load("en");
        const auto model = report::build_report(*view, *texts, {});
        QVERIFY(model.has_value());
        QCOMPARE(model->findings.front().rule, std::string("webshell/script"));
        QCOMPARE(model->findings.front().first_seen->seconds, std::int64_t{1710000000});
        QVERIFY2(model->verdict.summary.find("The earliest sign among these is dated 2024-03-09T16:00:00Z") != std::string::npos, model->verdict.summary.c_str());
        QCOMPARE(model->story.front().time->seconds, std::int64_t{1710000000});
    }
    // Who logged in as an intruder and fetched an archive from the site took it.
    void an_intruders_address_fetched_it() {
        for (const char* address : {"203.0.113.77", "198.51.100.9"}) {
            test::CaseFixture fixture;
            fill(fixture);
            finding(fixture, "aaaaaaaaaaaaaaaa", "correlation/stranger_sends", 3, 1, 0, nullptr);
            fixture.sql("UPDATE finding SET arguments = '{\"address\":\"203.0.113.77\",\"user\":\"root\"}'");
            finding(fixture, "bbbbbbbbbbbbbbbb", "exfiltration/web_download", 2, 0, 0, address);
            const auto view = case_file::View::open(fixture.path());
            const auto texts = report::Texts::load("en");
            const auto model = report::build_report(*view, *texts, {});
            QVERIFY(model.has_value());
            const bool his = std::string_view(address) == "203.0.113.77";
            QCOMPARE(model->exposure.answer == "shown_taken", his);
            for (const auto& q : model->questions)
                if (q.id == "data_taken") QCOMPARE(q.answer, std::string(his ? "yes" : "cannot_say"));
        }
    }
    // Where logins or data that left still want an answer, the verdict does not say that nothing was found.
    void the_verdict_names_what_is_open() {
        for (const char* rule : {"exfiltration/sent", "exfiltration/staged"}) {
            test::CaseFixture fixture;
            fill(fixture);
            finding(fixture, "aaaaaaaaaaaaaaaa", rule, std::string_view(rule).ends_with("sent") ? 2 : 1, 0, 0, nullptr);
            const auto view = case_file::View::open(fixture.path());
            const auto texts = report::Texts::load("en");
            const auto model = report::build_report(*view, *texts, {});
            QVERIFY(model.has_value());
            QCOMPARE(model->verdict.summary.find("Somebody has to answer for: ") != std::string::npos, std::string_view(rule).ends_with("sent"));
        }
    }
    // A command is no transfer: only a log of what was given out shows one.
    void taken_data() {
        QTest::addColumn<QByteArray>("findings");  // rule severity confidence
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QByteArray>("question");
        QTest::addColumn<bool>("told");  // that a command was given
        QTest::newRow("nothing") << QByteArray() << QByteArray("cannot_say") << QByteArray("cannot_say") << false;
        QTest::newRow("a command") << QByteArray("exfiltration/sent 2 1") << QByteArray("reachable") << QByteArray("cannot_say") << true;
        QTest::newRow("an administrator's copy by hand") << QByteArray("exfiltration/sent 2 0") << QByteArray("cannot_say") << QByteArray("cannot_say") << false;
        QTest::newRow("a break-in, then a command") << QByteArray("exfiltration/sent 2 0;correlation/break_in_then_sent 3 1") << QByteArray("cannot_say") << QByteArray("cannot_say") << true;
        QTest::newRow("a web server's log") << QByteArray("exfiltration/web_download 2 1;webshell/script 4 1") << QByteArray("shown_taken") << QByteArray("yes") << false;
        QTest::newRow("a web server's log, and no intruder") << QByteArray("exfiltration/web_download 2 1") << QByteArray("cannot_say") << QByteArray("cannot_say") << false;
        QTest::newRow("a log that leaves it open") << QByteArray("exfiltration/web_download 2 0") << QByteArray("cannot_say") << QByteArray("cannot_say") << false;
        QTest::newRow("fetched before anybody broke in") << QByteArray("exfiltration/web_download 2 1 1700000000;webshell/script 4 1 1710000000") << QByteArray("cannot_say") << QByteArray("cannot_say") << false;
        QTest::newRow("fetched after somebody broke in") << QByteArray("exfiltration/web_download 2 1 1710000600;webshell/script 4 1 1710000000") << QByteArray("shown_taken") << QByteArray("yes") << false;
        QTest::newRow("credentials that lay open") << QByteArray("exfiltration/secret_served 2 1 1710000600;webshell/script 4 1 1710000000") << QByteArray("shown_taken") << QByteArray("yes") << false;
        QTest::newRow("credentials that had lain open before") << QByteArray("exfiltration/secret_served 2 1 1700000000 1710000600;webshell/script 4 1 1710000000") << QByteArray("cannot_say") << QByteArray("cannot_say") << false;
        QTest::newRow("a dump, fetched before and after") << QByteArray("exfiltration/web_download 2 1 1700000000 1710000600;webshell/script 4 1 1710000000") << QByteArray("shown_taken") << QByteArray("yes") << false;
        QTest::newRow("a log of transfers") << QByteArray("exfiltration/transfer 3 1") << QByteArray("shown_taken") << QByteArray("yes") << false;
        QTest::newRow("a webshell's answer") << QByteArray("exfiltration/webshell_answer 3 1") << QByteArray("shown_taken") << QByteArray("yes") << false;
        QTest::newRow("a transfer that may be its owner's") << QByteArray("exfiltration/transfer 2 0") << QByteArray("cannot_say") << QByteArray("cannot_say") << false;
        QTest::newRow("both") << QByteArray("exfiltration/web_download 2 1;exfiltration/sent 2 1;webshell/script 4 1") << QByteArray("shown_taken") << QByteArray("yes") << false;
        QTest::newRow("possible by itself, joined to the break-in") << QByteArray("exfiltration/web_download 2 0 1710000600;webshell/script 4 1 1710000000;correlation/break_in_then_taken 3 1") << QByteArray("shown_taken") << QByteArray("yes") << false;
        QTest::newRow("a command through a webshell") << QByteArray("exfiltration/webshell_command 3 1;webshell/script 4 1") << QByteArray("reachable") << QByteArray("cannot_say") << true;
        QTest::newRow("packed only") << QByteArray("exfiltration/staged 2 0") << QByteArray("cannot_say") << QByteArray("cannot_say") << false;
    }
    void taken() {
        QFETCH(QByteArray, findings);
        QFETCH(QByteArray, answer);
        QFETCH(QByteArray, question);
        QFETCH(bool, told);
        test::CaseFixture fixture;
        fill(fixture);
        char id = 'a';
        for (const auto& one : findings.split(';')) {
            const auto part = one.split(' ');
            if (part.size() >= 3) finding(fixture, std::string(16, id++).c_str(), part[0].constData(), part[1].toInt(), part[2].toInt(), 0, nullptr);
            if (part.size() >= 4) fixture.sql("UPDATE finding SET first_s = " + part[3].toStdString() + ", last_s = " + part.last().toStdString() + ", last_ns = 0 WHERE rule = '" + part[0].toStdString() + "'");
        }
        fixture.sql("UPDATE finding SET arguments = '{\"rests_on\": \"bbbbbbbbbbbbbbbb aaaaaaaaaaaaaaaa\"}' WHERE rule = 'correlation/break_in_then_taken'");
        const auto view = case_file::View::open(fixture.path());
        const auto texts = report::Texts::load("en");
        const auto model = report::build_report(*view, *texts, {});
        QVERIFY(model.has_value());
        QCOMPARE(QByteArray::fromStdString(model->exposure.answer), answer);
        for (const auto& q : model->questions)
            if (q.id == "data_taken") QCOMPARE(QByteArray::fromStdString(q.answer), question);
        QCOMPARE(model->exposure.text.find("A command to send data was given") != std::string::npos, told);
        QCOMPARE(model->exposure.text.find("nothing that was found ties them to an intruder") != std::string::npos, findings == "exfiltration/sent 2 0");
        const auto letter = report::communication_letter(*model, *texts, "management");
        QVERIFY(letter.has_value());
        QCOMPARE(letter->find("A command to send data was given") != std::string::npos, told);
    }
    // The words are true of what is on record, in both languages.
    // A key of the site's pages: on record, whatever its severity, and never what shows that data was taken.
    void credentials_for_everybody_are_recorded() {
        test::CaseFixture fixture;
        fill(fixture);
        finding(fixture, "aaaaaaaaaaaaaaaa", "exfiltration/secret_served", 1, 0, 0, nullptr);
        QVERIFY(exposure_of(fixture).recorded.empty());  // where nobody broke in
        finding(fixture, "bbbbbbbbbbbbbbbb", "webshell/script", 4, 1, 0, nullptr);
        const auto e = exposure_of(fixture);
        QVERIFY(e.findings.empty());
        QCOMPARE(e.recorded, std::vector<std::string>{"aaaaaaaaaaaaaaaa"});
        QVERIFY(e.answer != "shown_taken");
    }
    // Hundreds of sites that log into one folder: it is walked once, and each log is found with its rotations.
    void logs_of_many_sites() {
        test::CaseFixture fixture;
        fill(fixture);
        test::FileSpec spec;
        for (int i = 0; i < 40; ++i) {
            spec.path = "/srv/logs/site" + std::to_string(i) + ".log", spec.bytes = "x";
            fixture.add(spec);
            fixture.sql("INSERT INTO web_log(system, path, kind) VALUES(1, '" + spec.path + "', 'access')");
            spec.path += ".1";
            fixture.add(spec);
        }
        for (const char* other : {"/srv/logs/other.log", "/srv/logs/sub/site1.log", "/srv/logs/xsite1.log"}) spec.path = other, fixture.add(spec);
        for (const auto& log : exposure_of(fixture).logs)
            if (log.id == "web_access") QCOMPARE(log.files, std::int64_t{2 + 80});
    }
    void databases_are_counted_and_the_nearest_named() {
        test::CaseFixture fixture;
        fill(fixture);
        test::FileSpec file;
        file.path = "/var/www/html/.env", file.bytes = "x", file.uid = 33;
        const auto inode = fixture.add(file);
        const std::string none;
        for (int i = 0; i < 500; ++i) {
            const std::string host = i < 400 ? "db" + std::to_string(i) + ".example.org" : "localhost", database = "shop" + std::to_string(i), user = i % 2 == 0 ? "" : "shop";
            fixture.row("credential", {std::string_view("database_password"), std::string_view("DATABASE_URL"), std::string_view(none), std::string_view(user), std::string_view(host), std::string_view(database), std::string_view("open"), std::int64_t{i + 1}, std::string_view("Bergsee31")}, inode);
        }
        file.path = "/var/www/html/x.php";
        const auto shell = fixture.add(file);
        finding(fixture, "aaaaaaaaaaaaaaaa", "webshell/script", 4, 2, shell, nullptr);
        const auto e = exposure_of(fixture);
        std::vector<report::ExposedArea> databases;
        for (const auto& area : e.areas)
            if (area.id == "databases_by_password") databases.push_back(area);
        QCOMPARE(databases.size(), report::k_databases);
        QCOMPARE(e.area_count, std::int64_t(e.areas.size() + 500 - databases.size() + 1));  // and that of fill()
        for (std::size_t i = 0; i < databases.size(); ++i) {
            QCOMPARE(databases[i].here, i < 100);
            QCOMPARE(databases[i].account.empty(), i >= 50 && i < 100);
        }
    }
    void transfers_on_record_are_told() {
        const auto text = [](const test::CaseFixture& fixture, const char* language) {
            const auto view = case_file::View::open(fixture.path());
            const auto texts = report::Texts::load(language);
            const auto model = report::build_report(*view, *texts, {});
            if (!model) qFatal("%s", model.error().what.c_str());
            return QString::fromStdString(model->exposure.text);
        };
        test::CaseFixture fixture;
        fill(fixture);
        QVERIFY(text(fixture, "en").startsWith("No record on the disk that was read shows"));
        QVERIFY(!text(fixture, "en").contains("given out"));
        for (int i = 0; i < 3; ++i) fixture.event("file.download", 1'772'352'000 + i, "bob", "198.51.100.7", "{\"bytes\": 700}");
        QVERIFY(text(fixture, "en").contains("Logs of transfers have 3 records of data that was given out"));
        QVERIFY(text(fixture, "de").contains("verzeichnen 3 Herausgaben von Daten"));
        fixture.event("file.session", 1'772'352'009, "bob", "198.51.100.7", "{\"sent\": 52428800, \"direction\": \"out\"}");
        fixture.event("file.session", 1'772'352'010, "bob", "198.51.100.7", "{\"sent\": 900, \"direction\": \"out\"}");
        fixture.event("file.session", 1'772'352'011, "bob", "198.51.100.7", "{\"sent\": 52428800, \"direction\": \"in\"}");
        QVERIFY(text(fixture, "en").contains("Logs of transfers have 4 records of data that was given out"));
        finding(fixture, "aaaaaaaaaaaaaaaa", "exfiltration/transfer", 2, 0, 0, "198.51.100.7");
        QVERIFY(text(fixture, "en").startsWith("Records name transfers that may have been an intruder's"));
        QVERIFY(text(fixture, "de").startsWith("Aufzeichnungen nennen Übertragungen"));
        QVERIFY(!text(fixture, "en").contains("No record"));
    }
    void a_transfer_log_that_was_not_understood_is_not_present() {
        test::CaseFixture fixture;
        fill(fixture);
        const auto log = [&] {
            for (auto& one : exposure_of(fixture).logs)
                if (one.id == "transfer") return one;
            return report::ExposureLog();
        };
        const auto read = [&](const char* path, const char* bytes) {
            test::FileSpec spec;
            spec.path = path, spec.bytes = bytes;
            const auto inode = fixture.add_parsed("syslog", spec);
            fixture.sql("INSERT INTO step VALUES(" + std::to_string(inode) + ", 'syslog', 0)");
        };
        QCOMPARE(log().state, std::string("absent"));
        read("/var/log/proftpd/xferlog", "no line of this is known\n");
        QCOMPARE(log().state, std::string("unread"));
        read("/var/log/vsftpd.log", "Mon Mar  2 09:50:00 2026 [pid 3] [bob] OK DOWNLOAD: Client \"203.0.113.7\", \"/x\", 700 bytes, 9.00Kbyte/sec\n");
        QCOMPARE(log().state, std::string("partly_read"));
        QCOMPARE(log().paths.front(), std::string("/var/log/proftpd/xferlog"));
        QVERIFY(log().text.find("did not read all of it") != std::string::npos);
        fixture.sql("UPDATE log_file SET lines = 9 WHERE lines = 0");
        QCOMPARE(log().state, std::string("present"));
    }
    void the_period_of_a_log_is_its_entries() {
        test::CaseFixture fixture;
        fill(fixture);
        const auto log = [&](std::string_view id) {
            for (auto& one : exposure_of(fixture).logs)
                if (one.id == id) return one;
            return report::ExposureLog();
        };
        QCOMPARE(log("web_access").period_basis, std::string("files"));
        test::FileSpec spec;
        spec.path = "/var/log/apache2/access.log.1", spec.bytes = "x";
        fixture.sql("INSERT INTO access_log_file(inode, system, first_s, first_ns, last_s, last_ns) VALUES(" + std::to_string(fixture.add(spec)) + ", 1, 1600000000, 0, 1600086400, 0)");
        const auto read = log("web_access");
        QCOMPARE(read.period_basis, std::string("entries"));
        QCOMPARE(read.from->seconds, std::int64_t{1'600'000'000});
        QCOMPARE(read.to->seconds, std::int64_t{1'600'086'400});
    }
    void a_secret_is_never_in_it() {
        test::CaseFixture fixture;
        fill(fixture);
        finding(fixture, "aaaaaaaaaaaaaaaa", "ssh/brute_force_success", 3, 1, 0, "anna");
        std::string text;
        report::JsonWriter json(text);
        report::write_exposure(json, exposure_of(fixture));
        for (const char* secret : {"tisch-Bein4", "geheim9", "Amboss77", "$6$"}) QVERIFY2(text.find(secret) == std::string::npos, secret);
    }
};
DEADBOX_TEST(ExposureTest)
#include "exposure_test.moc"
