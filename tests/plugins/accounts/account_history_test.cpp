// Additions of accounts: what the backups, the logs and the homes show, and what vouches for it. The files' times are
// as useradd and usermod of shadow 4.13 leave them: passwd written anew, passwd- a copy with the older modification time.
#include <algorithm>

#include "support/case_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

constexpr std::int64_t k_installed = 1'690'000'000;
constexpr std::int64_t k_day = 86'400;
constexpr std::int64_t k_added = k_installed + 100 * k_day;

const std::string k_base = "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nalice:x:1000:1000::/home/alice:/bin/bash\n";
const std::string k_base_shadow = "root:*:19560:0:99999:7:::\ndaemon:*:19560:0:99999:7:::\nalice:$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o:19560:0:99999:7:::\n";
const std::string k_mallory = "mallory:x:1001:1001::/home/mallory:/bin/bash\n";
const std::string k_groups = "root:x:0:\nadm:x:4:alice\nsudo:x:27:alice\ndocker:x:998:\nusers:x:100:\n";

class Machine {
public:
    Machine() {
        for (const char* package : {"base-files", "dpkg", "bash", "openssh-server"}) file("/var/lib/dpkg/info/" + std::string(package) + ".list", "", k_installed + 60);
    }
    std::int64_t file(const std::string& path, const std::string& bytes, std::int64_t time, std::int64_t born = 0, int type = 1) {
        test::FileSpec spec;
        spec.path = path, spec.bytes = bytes, spec.type = type;
        spec.modified = spec.changed = time, spec.born = born != 0 ? born : time;
        return fixture.add(spec);
    }
    void etc(const char* parser, const char* path, const std::string& bytes, std::int64_t time, std::int64_t born = 0) {
        test::FileSpec spec;
        spec.path = path, spec.bytes = bytes;
        spec.modified = spec.changed = time, spec.born = born != 0 ? born : time;
        fixture.add_parsed(parser, spec);
    }
    void accounts(const std::string& live, const std::string& backup, std::int64_t time, std::int64_t backup_time = k_installed + 120) {
        etc("passwd", "/etc/passwd", live, time);
        if (!backup.empty()) etc("passwd", "/etc/passwd-", backup, backup_time);
        etc("shadow", "/etc/shadow", k_base_shadow + "mallory:$1$abcdefgh$WK0KuUPWEJNI5bRGJ3T5o/:" + std::to_string(time / k_day) + ":0:99999:7:::\n", time);
    }
    void groups(const std::string& live, const std::string& backup, std::int64_t time) {
        etc("group", "/etc/group", live, time);
        etc("group", "/etc/group-", backup, k_installed + 120);
    }
    void home(const std::string& user, std::int64_t time, std::uint32_t uid = 0) {
        test::FileSpec spec;
        spec.path = "/home/" + user, spec.type = 2, spec.uid = uid;
        spec.modified = spec.changed = spec.born = time;
        fixture.add(spec);
        file("/home/" + user + "/.bashrc", "x", time);
    }
    // Of another topic: rule subject severity confidence, hours before the addition [account, or =number of the file's owner].
    void found(int number, const QStringList& part) {
        const auto id = "f" + std::to_string(number);
        std::string inode = "NULL";
        if (part.value(5).startsWith('=')) {
            test::FileSpec spec;
            spec.path = part[1].toStdString(), spec.bytes = "<?php", spec.uid = part[5].mid(1).toUInt();
            inode = std::to_string(fixture.add(spec));
        }
        fixture.sql(QString("INSERT INTO finding VALUES('%1', 'x', '%2', 1, 1, '%3', %4, %5, '{}', %6, 0, 3, NULL, NULL, 0, 0)")
                        .arg(QString::fromStdString(id), part[0], part[1], part[2], part[3]).arg(k_added - part[4].toInt() * 3600 - 600).toStdString());
        fixture.sql("INSERT INTO finding_item(finding, place, inode, key) VALUES('" + id + "', 1, " + inode + ", '" + part.value(5).toStdString() + "')");
    }
    std::vector<test::FoundFinding> detect() { return fixture.detect("account_history"); }
    test::CaseFixture fixture;
};

const test::FoundFinding* find(const std::vector<test::FoundFinding>& all, const std::string& rule, const std::string& subject) {
    for (const auto& one : all)
        if (one.rule == "accounts/" + rule && one.subject == subject) return &one;
    return nullptr;
}

std::string adding_command(const std::string& terminal, const std::string& user) {
    return nlohmann::json{{"target", "root"}, {"tty", terminal}, {"command", "/usr/sbin/useradd -m " + user}}.dump();
}

std::string vouched(const test::FoundFinding& finding) { return finding.arguments.at("vouched").get<std::string>(); }

}  // namespace

class AccountHistoryTest : public QObject {
    Q_OBJECT
private slots:
    void added_since_the_backup() {
        Machine machine;
        machine.accounts(k_base + k_mallory, k_base, k_added);
        machine.home("mallory", k_added);
        const auto all = machine.detect();
        const auto* finding = find(all, "new_account", "mallory");
        QVERIFY(finding != nullptr);
        QCOMPARE(finding->severity, 2);
        QCOMPARE(*finding->first_s, k_added);
        QCOMPARE(vouched(*finding), std::string("nothing"));
        QCOMPARE(finding->items[0].path, std::string("/etc/passwd"));
        QCOMPARE(*finding->items[0].line, std::int64_t{4});
        QCOMPARE(finding->items[2].path, std::string("/home/mallory"));
        QVERIFY(find(all, "new_account", "alice") == nullptr);
    }
    // The last account of an installation is in passwd and not in passwd- either.
    void added_by_the_installation_data() {
        QTest::addColumn<qint64>("time");
        QTest::addColumn<bool>("group");
        QTest::addColumn<int>("severity");
        QTest::newRow("an administrator") << qint64{k_installed + 300} << true << -1;
        QTest::newRow("another account") << qint64{k_installed + 300} << false << 1;
        QTest::newRow("hours later") << qint64{k_installed + 6 * 3600} << true << 2;
    }
    void added_by_the_installation() {
        QFETCH(qint64, time);
        QFETCH(bool, group);
        QFETCH(int, severity);
        Machine machine;
        machine.accounts(k_base + k_mallory, k_base, time);
        machine.groups(group ? "root:x:0:\nsudo:x:27:alice,mallory\n" : "root:x:0:\nsudo:x:27:alice\n", "root:x:0:\nsudo:x:27:alice\n", time);
        const auto all = machine.detect();
        const auto* finding = find(all, "new_account", "mallory");
        QCOMPARE(finding == nullptr ? -1 : finding->severity, severity);
        const auto* raised = find(all, "admin_group_added", "mallory");
        QCOMPARE(raised == nullptr ? -1 : raised->severity, group && severity == 2 ? 2 : -1);
    }
    // An image made of a tree has inode changes older than births; what was written into it later has not.
    void written_after_packing() {
        for (const bool later : {false, true}) {
            Machine machine;
            const auto packed = k_installed + 1200;
            for (int i = 0; i < 30; ++i) machine.file("/etc/conf" + std::to_string(i), "x", k_installed, packed);
            machine.etc("passwd", "/etc/passwd", k_base + k_mallory, packed - 60, later ? packed - 60 : packed);
            machine.etc("passwd", "/etc/passwd-", k_base, k_installed + 120, packed);
            const auto all = machine.detect();
            QCOMPARE(find(all, "new_account", "mallory")->severity, later ? 2 : 1);
        }
    }
    // The first start of a cloud machine makes its user, long after the image was built.
    void made_by_cloud_init() {
        Machine machine;
        machine.file("/etc/ssh/ssh_host_ed25519_key", "k", k_added - 20);
        machine.file("/home/mallory/.ssh/authorized_keys", "ssh-ed25519 AAAA", k_added);
        machine.accounts(k_base + k_mallory, k_base, k_added);
        QVERIFY(find(machine.detect(), "new_account", "mallory") == nullptr);
    }
    void nothing_without_a_backup() {
        Machine machine;
        machine.accounts(k_base + k_mallory, "", k_added);
        machine.home("mallory", k_installed + 100);
        QVERIFY(machine.detect().empty());
    }
    void services_are_not_people() {
        Machine machine;
        machine.accounts(k_base + "redis:x:110:115::/var/lib/redis:/usr/sbin/nologin\n", k_base, k_added);
        QVERIFY(machine.detect().empty());
    }
    void a_service_that_logs_in() {
        Machine machine;
        machine.accounts(k_base + "mallory:x:997:997::/:/bin/bash\n", k_base, k_added);
        QCOMPARE(find(machine.detect(), "new_account", "mallory")->severity, 2);
    }
    void records_data() {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("user");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<int>("severity");
        QTest::addColumn<QByteArray>("by");
        const auto row = [](const char* name, const char* type, const char* user, const char* arguments, int severity, const char* by) {
            QTest::newRow(name) << QByteArray(type) << QByteArray(user) << QByteArray(arguments) << severity << QByteArray(by);
        };
        row("nothing else", "", "", "", 2, "nothing");
        row("a known administrator's sudo", "auth.sudo.command", "alice", R"({"target":"root","command":"/usr/sbin/adduser mallory"})", 1, "sudo");
        row("sudo of another thing", "auth.sudo.command", "alice", R"({"target":"root","command":"/usr/bin/apt update"})", 2, "nothing");
        row("sudo of the web server", "auth.sudo.command", "www-data", R"({"target":"root","command":"/usr/sbin/useradd mallory"})", 2, "nothing");
        row("a package at work", "package.configure", "", R"({"package":"splunk"})", 1, "package");
    }
    void records() {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, user);
        QFETCH(QByteArray, arguments);
        QFETCH(int, severity);
        QFETCH(QByteArray, by);
        Machine machine;
        // A later change of passwd: the backup has the account already.
        machine.accounts(k_base + k_mallory, k_base + k_mallory, k_added + 5 * k_day, k_added);
        if (!type.isEmpty()) machine.fixture.event(type.toStdString(), k_added - 2, user.toStdString(), {}, arguments.toStdString());
        machine.fixture.event("account.user.added", k_added, "mallory", {}, R"({"uid":1001,"home":"/home/mallory","shell":"/bin/bash"})");
        const auto all = machine.detect();
        const auto* finding = find(all, "new_account", "mallory");
        QVERIFY(finding != nullptr);
        QCOMPARE(finding->severity, severity);
        QCOMPARE(vouched(*finding), by.toStdString());
        QCOMPARE(*finding->first_s, k_added);
    }
    // What the same case says of who gave the command, or of who was logged in then.
    void who_vouches_data() {
        QTest::addColumn<QStringList>("findings");  // rule subject severity confidence, hours before the addition [account]
        QTest::addColumn<QStringList>("logins");    // account address, hours before the addition
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("user");
        QTest::addColumn<QByteArray>("tty");
        QTest::addColumn<int>("severity");
        QTest::addColumn<QByteArray>("by");
        const auto row = [](const char* name, QStringList findings, QStringList logins, const char* user, int severity, const char* by, const char* tty = "pts/0", const char* type = "auth.sudo.command") {
            QTest::newRow(name) << findings << logins << QByteArray(type) << QByteArray(user) << QByteArray(tty) << severity << QByteArray(by);
        };
        const QString guessed = "ssh/brute_force_success 203.0.113.66 3 1 1 alice", other = "ssh/brute_force_success 203.0.113.66 3 1 1 bob", unsure = "ssh/brute_force_success 203.0.113.66 2 0 1 alice";
        const QString long_ago = "ssh/brute_force_success 203.0.113.66 3 1 960 alice", home = "alice 198.51.100.4 2000";
        row("her password was guessed an hour before", {guessed}, {home, "alice 203.0.113.66 1"}, "alice", 3, "nothing");
        row("hers was guessed, and he came from elsewhere", {guessed}, {home, "alice 203.0.113.99 0"}, "alice", 3, "nothing");
        row("hers was guessed, no login is known", {guessed}, {}, "alice", 3, "nothing");
        row("hers was guessed, she sat at home", {"ssh/brute_force_success 203.0.113.66 3 1 20 alice"}, {home, "alice 203.0.113.66 20", "alice 198.51.100.4 0"}, "alice", 3, "nothing");
        row("hers was guessed weeks ago, she sits at home", {long_ago}, {home, "alice 203.0.113.66 960", "alice 198.51.100.4 0"}, "alice", 1, "sudo");
        row("hers was guessed weeks ago, she is elsewhere", {long_ago}, {home, "alice 192.0.2.200 0"}, "alice", 2, "nothing");
        row("a guess that is only possible", {unsure}, {home, "alice 203.0.113.66 1"}, "alice", 1, "sudo");
        row("another's was guessed, she sits at home", {other}, {home, "bob 203.0.113.66 1", "alice 198.51.100.4 0"}, "alice", 1, "sudo");
        row("another's was guessed, hers was used from there too", {other}, {home, "bob 203.0.113.66 1", "alice 203.0.113.66 0"}, "alice", 3, "nothing");
        row("guessed after it", {"ssh/brute_force_success 203.0.113.66 3 1 -2 alice"}, {home, "alice 198.51.100.4 0"}, "alice", 1, "sudo");
        row("root's own sudo while he was in", {other}, {"bob 203.0.113.66 1"}, "root", 3, "nothing");
        row("root's own sudo, months after", {"ssh/brute_force_success 203.0.113.66 3 1 2000 bob"}, {"bob 203.0.113.66 2000"}, "root", 1, "sudo");
        row("no command, while he was in", {other}, {"bob 203.0.113.66 1"}, "", 3, "nothing");
        row("a package, while he was in", {other}, {"bob 203.0.113.66 1"}, "", 3, "nothing", "", "package.configure");
        row("a package, months after", {"ssh/brute_force_success 203.0.113.66 3 1 2000 bob"}, {"bob 203.0.113.66 2000"}, "", 1, "package", "", "package.configure");
        row("her account is open to anybody", {"accounts/empty_password alice 3 2 5"}, {home, "alice 198.51.100.4 0"}, "alice", 2, "nothing");
        row("a script of a site that has her rights", {"webshell/script /srv/www/x.php 4 1 5 =1000"}, {home}, "alice", 3, "nothing", "unknown");
        row("such a script, and she at a terminal", {"webshell/script /srv/www/x.php 4 1 5 =1000"}, {home, "alice 198.51.100.4 0"}, "alice", 1, "sudo");
        row("a script with another's rights", {"webshell/script /srv/www/x.php 4 1 5 =33"}, {home}, "alice", 1, "sudo", "unknown");
    }
    void who_vouches() {
        QFETCH(QStringList, findings);
        QFETCH(QStringList, logins);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, user);
        QFETCH(QByteArray, tty);
        QFETCH(int, severity);
        QFETCH(QByteArray, by);
        Machine machine;
        machine.accounts(k_base + k_mallory, k_base + k_mallory, k_added + 5 * k_day, k_added);
        for (qsizetype i = 0; i < findings.size(); ++i) machine.found(static_cast<int>(i) + 1, findings[i].split(' '));
        for (const auto& login : logins) {
            const auto part = login.split(' ');
            machine.fixture.event("auth.login.success", k_added - part[2].toInt() * 3600 - 600, part[0].toStdString(), part[1].toStdString(), R"({"method":"password"})");
        }
        if (!user.isEmpty() || type.startsWith("package")) {
            const auto arguments = type.startsWith("package") ? std::string(R"({"package":"splunk"})") : adding_command(tty.toStdString(), "mallory");
            machine.fixture.event(type.toStdString(), k_added - 2, user.toStdString(), {}, arguments);
        }
        machine.fixture.event("account.user.added", k_added, "mallory", {}, R"({"uid":1001,"home":"/home/mallory","shell":"/bin/bash"})");
        machine.fixture.event("account.group.member_added", k_added, "mallory", {}, R"({"group":"sudo"})");
        machine.etc("group", "/etc/group", "root:x:0:\nsudo:x:27:alice,mallory\n", k_added);
        const auto all = machine.detect();
        for (const char* rule : {"new_account", "admin_group_added"}) {
            const auto* finding = find(all, rule, "mallory");
            QVERIFY2(finding != nullptr, rule);
            QCOMPARE(finding->severity, severity);
            QCOMPARE(vouched(*finding), by.toStdString());
            QCOMPARE(finding->arguments.contains("guessed_said_by"), finding->arguments.contains("guessed"));
            if (severity == 3 && findings[0].startsWith("ssh/")) QCOMPARE(finding->arguments["guessed"].get<std::string>(), std::string("203.0.113.66"));
        }
    }
    // Whom an intruder added vouches for nobody either.
    void added_by_one_who_was_added() {
        Machine machine;
        const auto live = k_base + k_mallory + "trudy:x:1002:1002::/home/trudy:/bin/bash\n";
        machine.accounts(live, live, k_added + 5 * k_day, k_added);
        machine.found(1, QString("ssh/brute_force_success 203.0.113.66 3 1 1 alice").split(' '));
        for (const auto& [giver, user, time] : {std::tuple{"alice", "mallory", k_added}, std::tuple{"mallory", "trudy", k_added + 2 * k_day}}) {
            machine.fixture.event("auth.sudo.command", time - 2, giver, {}, adding_command("pts/0", user));
            machine.fixture.event("account.user.added", time, user, {}, R"({"uid":1001})");
        }
        const auto all = machine.detect();
        QCOMPARE(find(all, "new_account", "mallory")->severity, 3);
        QCOMPARE(find(all, "new_account", "trudy")->severity, 3);
    }
    // Neither the installation's marks nor an administrator's ways excuse what happened in an intruder's session.
    void a_mark_of_the_installation_in_his_session() {
        for (const bool guess : {false, true}) {
            Machine machine;
            machine.file("/etc/ssh/ssh_host_ed25519_key", "k", k_added - 20);
            machine.accounts(k_base + k_mallory, k_base, k_added);
            machine.home("mallory", k_added);
            machine.groups("root:x:0:\nsudo:x:27:alice,mallory\n", "root:x:0:\nsudo:x:27:alice\n", k_added);
            if (guess) machine.found(1, QString("ssh/brute_force_success 203.0.113.66 3 1 1 alice").split(' '));
            const auto all = machine.detect();
            const auto* finding = find(all, "new_account", "mallory");
            QCOMPARE(finding == nullptr ? -1 : finding->severity, guess ? 3 : -1);
        }
    }
    // The last account of a machine differs from its backups for ever: old ones are told by their own age.
    void long_standing_data() {
        QTest::addColumn<QByteArray>("trace");
        QTest::addColumn<qint64>("passwd");    // days after the addition
        QTest::addColumn<qint64>("logs");      // when they begin, days after the addition
        QTest::addColumn<QByteArray>("finding");
        QTest::addColumn<int>("severity");
        QTest::addColumn<qint64>("first");     // days after the addition
        const auto row = [](const char* name, const char* trace, int passwd, int logs, const char* finding, int severity, int first) {
            QTest::newRow(name) << QByteArray(trace) << qint64{passwd} << qint64{logs} << QByteArray(finding) << severity << qint64{first};
        };
        row("passwd unchanged since", "backup home", 0, 300, "", 1, 0);
        row("passwd unchanged since, no home", "backup", 0, 300, "", 1, 0);
        row("others changed passwd, subuid is old", "subuid home", 200, 300, "", 1, 0);
        row("others changed passwd and subuid, the home is old", "subuid- home", 200, 300, "", 1, 0);
        row("subuid alone, and that of late", "subuid-", 390, 300, "", 2, 390);
        row("another's home", "subuid- shared", 390, 300, "", 2, 390);
        row("a home of weeks ago", "backup home", 0, -1, "", 2, 0);
        row("a break-in of that day", "backup home", 0, 300, "webshell/script /srv/www/x.php 4 1 5 =33", 2, 0);
        row("a break-in of late", "backup home", 0, 300, "webshell/script /srv/www/x.php 4 1 -9000 =33", 1, 0);
    }
    void long_standing() {
        QFETCH(QByteArray, trace);
        QFETCH(qint64, passwd);
        QFETCH(qint64, logs);
        QFETCH(QByteArray, finding);
        QFETCH(int, severity);
        QFETCH(qint64, first);
        Machine machine;
        const auto changed = k_added + passwd * k_day;
        const auto live = k_base + (trace.contains("shared") ? "mallory:x:1001:1001::/home/alice:/bin/bash\n" : k_mallory);
        machine.etc("passwd", "/etc/passwd", live, changed);
        machine.etc("passwd", "/etc/passwd-", trace.startsWith("backup") ? k_base : live, changed - 5);
        machine.groups("root:x:0:\nsudo:x:27:alice,mallory\n", "root:x:0:\nsudo:x:27:alice\n", changed);
        if (trace.contains("home")) machine.home("mallory", k_added, 1001);
        machine.home("alice", k_installed + 100, trace.contains("shared") ? 1001 : 1000);
        if (trace.startsWith("subuid")) {
            machine.etc("subordinate_ids", "/etc/subuid", "alice:100000:65536\nmallory:165536:65536\n", trace.contains("subuid-") ? changed : k_added);
            machine.etc("subordinate_ids", "/etc/subuid-", "alice:100000:65536\n", k_installed + 100);
        }
        // The machine was used for a year more; its logs are younger.
        machine.file("/var/log/auth.log", "x", k_added + 400 * k_day);
        for (const qint64 time : {qint64{k_added + logs * k_day}, qint64{k_added + 400 * k_day}}) machine.fixture.event("auth.login.success", time, "alice", "192.0.2.7");
        if (!finding.isEmpty()) machine.found(1, QString(finding).split(' '));
        const auto all = machine.detect();
        const auto* found = find(all, "new_account", "mallory");
        QVERIFY(found != nullptr);
        QCOMPARE(found->severity, severity);
        QCOMPARE(*found->first_s, k_added + first * k_day);
        QCOMPARE(vouched(*found), std::string(severity == 1 ? "age" : "nothing"));
        const auto* raised = find(all, "admin_group_added", "mallory");
        QVERIFY(raised != nullptr);
        const bool old = passwd == 0 && logs > 0 && (finding.isEmpty() || severity == 1);
        QCOMPARE(raised->severity, old || (passwd == 200 && finding.isEmpty()) ? 1 : 2);
    }
    // Who adds an account by hand may set back when the file was modified, not when its inode was changed.
    void passwd_that_was_set_back_data() {
        QTest::addColumn<qint64>("changed");
        QTest::addColumn<int>("others");
        QTest::addColumn<qint64>("first");
        QTest::newRow("as written") << qint64{k_added} << 0 << qint64{k_added};
        QTest::newRow("set back") << qint64{k_added + 15 * k_day} << 0 << qint64{k_added + 15 * k_day};
        QTest::newRow("the whole system was copied") << qint64{k_added + 15 * k_day} << 30 << qint64{k_added};
    }
    void passwd_that_was_set_back() {
        QFETCH(qint64, changed);
        QFETCH(int, others);
        QFETCH(qint64, first);
        Machine machine;
        test::FileSpec spec;
        spec.path = "/etc/passwd", spec.bytes = k_base + k_mallory, spec.modified = k_added, spec.changed = changed, spec.born = k_added;
        machine.fixture.add_parsed("passwd", spec);
        machine.etc("passwd", "/etc/passwd-", k_base, k_installed + 120);
        for (int i = 0; i < others; ++i) machine.file("/etc/conf" + std::to_string(i), "x", changed, k_installed);
        QCOMPARE(*find(machine.detect(), "new_account", "mallory")->first_s, first);
    }
    void a_home_without_a_record_data() {
        QTest::addColumn<bool>("logs");
        QTest::addColumn<int>("severity");
        QTest::newRow("logs that cover the time") << true << 2;
        QTest::newRow("no logs") << false << -1;
    }
    void a_home_without_a_record() {
        QFETCH(bool, logs);
        QFETCH(int, severity);
        Machine machine;
        machine.accounts(k_base + k_mallory, k_base + k_mallory, k_added + 5 * k_day, k_added - 10);
        machine.home("mallory", k_added);
        machine.home("alice", k_installed + 100);
        if (logs)
            for (const auto time : {k_installed, k_added + 20 * k_day}) machine.fixture.event("auth.login.success", time, "alice", "192.0.2.7");
        const auto all = machine.detect();
        const auto* finding = find(all, "new_account", "mallory");
        QCOMPARE(finding == nullptr ? -1 : finding->severity, severity);
        QVERIFY(find(all, "new_account", "alice") == nullptr);
    }
    // Later changes of passwd: its backup has the account by then.
    void hidden_by_later_changes_data() {
        QTest::addColumn<QByteArray>("trace");
        QTest::addColumn<qint64>("later");
        QTest::addColumn<int>("severity");
        QTest::newRow("subordinate ids") << QByteArray("subuid") << qint64{30 * k_day} << 2;
        QTest::newRow("home of the same day") << QByteArray("home") << qint64{3600} << 2;
        QTest::newRow("home of long ago") << QByteArray("home") << qint64{30 * k_day} << -1;
        QTest::newRow("password of the same day") << QByteArray("") << qint64{600} << 2;
        QTest::newRow("nothing") << QByteArray("old password") << qint64{600} << -1;
    }
    void hidden_by_later_changes() {
        QFETCH(QByteArray, trace);
        QFETCH(qint64, later);
        QFETCH(int, severity);
        Machine machine;
        const auto changed = k_added + later;
        machine.etc("passwd", "/etc/passwd", k_base + k_mallory, changed);
        machine.etc("passwd", "/etc/passwd-", k_base + k_mallory, changed - 5);
        const auto day = trace == "old password" ? 19600 : k_added / k_day;
        machine.etc("shadow", "/etc/shadow", k_base_shadow + "mallory:$1$abcdefgh$WK0KuUPWEJNI5bRGJ3T5o/:" + std::to_string(day) + ":0:99999:7:::\n", changed);
        machine.home("alice", k_installed + 100);
        if (trace == "home") machine.home("mallory", k_added);
        if (trace == "subuid") {
            machine.etc("subordinate_ids", "/etc/subuid", "alice:100000:65536\nmallory:165536:65536\n", k_added);
            machine.etc("subordinate_ids", "/etc/subuid-", "alice:100000:65536\n", k_installed + 100);
        }
        const auto all = machine.detect();
        const auto* finding = find(all, "new_account", "mallory");
        QCOMPARE(finding == nullptr ? -1 : finding->severity, severity);
        QVERIFY(find(all, "new_account", "alice") == nullptr);
        if (trace == "subuid") QCOMPARE(*finding->first_s, k_added);
    }
    // In a system that was copied as a whole a home's modification may be of a day long after its making; one that was
    // made after the copying is new all the same.
    void copied_with_its_system() {
        for (const bool before : {false, true}) {
            Machine machine;
            machine.accounts(k_base + k_mallory, k_base + k_mallory, k_added, k_added - 10);
            machine.home("mallory", k_added + 60);
            for (int i = 0; i < 30; ++i) machine.file("/etc/conf" + std::to_string(i), "x", before ? k_added - 30 : k_added + 90);
            QCOMPARE(find(machine.detect(), "new_account", "mallory") != nullptr, before);
        }
    }
    // A hosting machine adds customers all the year.
    void routine() {
        Machine machine;
        std::string passwd = k_base;
        for (int i = 0; i < 6; ++i) {
            const auto name = "web" + std::to_string(i);
            passwd += name + ":x:" + std::to_string(2000 + i) + ":2000::/home/" + name + ":/bin/bash\n";
            machine.fixture.event("account.user.added", k_added + i * 3 * k_day, name, {}, R"({"uid":2000})");
        }
        machine.accounts(passwd, passwd, k_added + 20 * k_day);
        const auto all = machine.detect();
        QCOMPARE(find(all, "new_account", "web5")->severity, 1);
        QCOMPARE(vouched(*find(all, "new_account", "web5")), std::string("routine"));
    }
    void raised_data() {
        QTest::addColumn<QByteArray>("groups");
        QTest::addColumn<QByteArray>("subject");
        QTest::addColumn<int>("severity");
        const auto row = [](const char* name, std::string groups, const char* subject, int severity) {
            QTest::newRow(name) << QByteArray::fromStdString(groups) << QByteArray(subject) << severity;
        };
        row("sudo", "root:x:0:\nadm:x:4:alice\nsudo:x:27:alice,mallory\ndocker:x:998:\nusers:x:100:\n", "mallory", 2);
        row("docker", "root:x:0:\nadm:x:4:alice\nsudo:x:27:alice\ndocker:x:998:mallory\nusers:x:100:\n", "mallory", 2);
        row("adm", "root:x:0:\nadm:x:4:alice,mallory\nsudo:x:27:alice\ndocker:x:998:\nusers:x:100:\n", "mallory", 1);
        row("users", "root:x:0:\nadm:x:4:alice\nsudo:x:27:alice\ndocker:x:998:\nusers:x:100:mallory\n", "mallory", -1);
        row("an account of the system's in sudo", "root:x:0:\nadm:x:4:alice\nsudo:x:27:alice,backup\ndocker:x:998:\nusers:x:100:\n", "backup", 3);
        row("a service in docker", "root:x:0:\nadm:x:4:alice\nsudo:x:27:alice\ndocker:x:998:daemon\nusers:x:100:\n", "daemon", -1);
        row("a group that is new itself", k_groups + "wheel:x:10:mallory\n", "mallory", -1);
    }
    void raised() {
        QFETCH(QByteArray, groups);
        QFETCH(QByteArray, subject);
        QFETCH(int, severity);
        Machine machine;
        const auto live = k_base + k_mallory + "backup:x:34:34:backup:/var/backups:/bin/bash\n";
        machine.accounts(live, live, k_added);
        machine.groups(groups.toStdString(), k_groups, k_added);
        const auto all = machine.detect();
        const auto* finding = find(all, "admin_group_added", subject.toStdString());
        QCOMPARE(finding == nullptr ? -1 : finding->severity, severity);
    }
    // The file was written for another's sake: who gave commands through sudo before was a member by then.
    void a_member_who_gave_commands_data() {
        QTest::addColumn<qint64>("days");  // before the file was written; 0: never
        QTest::addColumn<qint64>("first");
        QTest::newRow("never") << qint64{0} << qint64{k_added};
        QTest::newRow("before") << qint64{17} << qint64{k_added - 17 * k_day};
        QTest::newRow("afterwards") << qint64{-1} << qint64{k_added};
    }
    void a_member_who_gave_commands() {
        QFETCH(qint64, days);
        QFETCH(qint64, first);
        Machine machine;
        const auto live = k_base + k_mallory;
        machine.accounts(live, live, k_added);
        machine.groups("root:x:0:\nsudo:x:27:alice,mallory\n", "root:x:0:\nsudo:x:27:alice\n", k_added);
        for (int i = 0; i < 3 && days != 0; ++i) machine.fixture.event("auth.sudo.command", k_added - days * k_day + i * 3600, "mallory", {}, R"({"target":"root","command":"/usr/bin/apt upgrade"})");
        machine.fixture.event("auth.sudo.command", k_added - 20 * k_day, "alice", {}, R"({"target":"root","command":"/usr/bin/apt upgrade"})");
        const auto all = machine.detect();
        const auto* finding = find(all, "admin_group_added", "mallory");
        QVERIFY(finding != nullptr);
        QCOMPARE(*finding->first_s, std::int64_t{first});
        QCOMPARE(finding->severity, 2);
    }
    // useradd renews group- along with group: it knows the member by then, and the number of a group is the group.
    void raised_and_backed_up_data() {
        QTest::addColumn<QByteArray>("groups");
        QTest::addColumn<QByteArray>("subject");
        QTest::addColumn<int>("severity");
        const auto row = [](const char* name, std::string groups, const char* subject, int severity) {
            QTest::newRow(name) << QByteArray::fromStdString(groups) << QByteArray(subject) << severity;
        };
        row("the system's in sudo", "root:x:0:\nsudo:x:27:alice,daemon\nshadow:x:42:\n", "daemon", 3);
        row("in another line of sudo's number", "root:x:0:\nsudo:x:27:alice\nwheel2:x:27:daemon\n", "daemon", 3);
        row("the system's in shadow", "root:x:0:\nsudo:x:27:alice\nshadow:x:42:backup\n", "backup", 2);
        row("the system's in adm", "root:x:0:\nadm:x:4:alice,daemon\nsudo:x:27:alice\n", "daemon", -1);
        row("a person's, long in sudo", "root:x:0:\nsudo:x:27:alice\n", "alice", -1);
        row("a service in docker", "root:x:0:\nsudo:x:27:alice\ndocker:x:998:mta\n", "mta", -1);
        row("a service in shadow", "root:x:0:\nsudo:x:27:alice\nshadow:x:42:mta\n", "mta", -1);
        row("a service in sudo", "root:x:0:\nsudo:x:27:alice,mta\n", "mta", 2);
        row("an administrator's own, with a shell", "root:x:0:\nsudo:x:27:alice,deploy\n", "deploy", -1);
    }
    void raised_and_backed_up() {
        QFETCH(QByteArray, groups);
        QFETCH(QByteArray, subject);
        QFETCH(int, severity);
        Machine machine;
        const auto live = k_base + "backup:x:34:34:backup:/var/backups:/usr/sbin/nologin\nmta:x:120:120::/var/spool/mta:/usr/sbin/nologin\ndeploy:x:910:910::/srv/deploy:/bin/bash\n";
        machine.accounts(live, live, k_added);
        machine.groups(groups.toStdString(), groups.toStdString(), k_added);
        const auto all = machine.detect();
        const auto* finding = find(all, "admin_group_added", subject.toStdString());
        QCOMPARE(finding == nullptr ? -1 : finding->severity, severity);
    }
    // A shell and a key for an account of the system: what others found, a command through sudo, and age weigh.
    void opened_system_accounts_data() {
        QTest::addColumn<int>("way");       // 1 a key, 2 a password
        QTest::addColumn<QByteArray>("event");
        QTest::addColumn<int>("severity");
        QTest::newRow("a key, nothing else") << 1 << QByteArray() << 2;
        QTest::newRow("a key, on the day of a break-in") << 1 << QByteArray("break-in") << 3;
        QTest::newRow("a key, and what is only worth a look") << 1 << QByteArray("look") << 2;
        QTest::newRow("a password") << 2 << QByteArray() << 3;
        QTest::newRow("a password by an administrator's command") << 2 << QByteArray("sudo") << 2;
        QTest::newRow("a password, a break-in beside the command") << 2 << QByteArray("guess") << 3;
    }
    void opened_system_accounts() {
        QFETCH(int, way);
        QFETCH(QByteArray, event);
        QFETCH(int, severity);
        Machine machine;
        const auto closed = k_base + "backup:x:34:34:backup:/var/backups:/usr/sbin/nologin\n", open = k_base + "backup:x:34:34:backup:/var/backups:/bin/bash\n";
        const auto hash = "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o:" + std::to_string(k_added / k_day) + ":0:99999:7:::\n";
        machine.etc("passwd", "/etc/passwd", open, k_added);
        machine.etc("passwd", "/etc/passwd-", closed, k_installed + 120);
        machine.etc("shadow", "/etc/shadow", k_base_shadow + "backup:" + (way == 2 ? hash : "*:19560:0:99999:7:::\n"), k_added);
        machine.etc("shadow", "/etc/shadow-", k_base_shadow + "backup:*:19560:0:99999:7:::\n", k_installed + 120);
        if (way == 1) machine.file("/var/backups/.ssh/authorized_keys", "ssh-ed25519 AAAA k\n", k_added + 30);
        if (event == "sudo" || event == "guess") machine.fixture.event("auth.sudo.command", k_added - 20, "alice", {}, R"({"target":"root","tty":"pts/0","command":"/usr/sbin/usermod -s /bin/bash backup"})");
        if (event == "break-in") machine.found(1, {"webshell/script", "/var/www/x.php", "4", "2", "1", "=33"});
        if (event == "look") machine.found(1, {"privilege/setuid_unowned", "/opt/x", "2", "2", "1"});
        if (event == "guess") machine.found(1, {"ssh/brute_force_success", "203.0.113.9", "3", "1", "1", "alice"});
        const auto all = machine.detect();
        const auto* finding = find(all, "system_account_login", "backup");
        QVERIFY(finding != nullptr);
        QCOMPARE(finding->severity, severity);
    }
    void removed() {
        Machine machine;
        machine.accounts(k_base, k_base + k_mallory, k_added);
        machine.fixture.event("account.user.added", k_added - 3000, "guest7", {}, R"({"uid":1007})");
        machine.fixture.event("account.user.removed", k_added - 1000, "guest7", {}, "");
        const auto all = machine.detect();
        QCOMPARE(find(all, "removed_account", "mallory")->severity, 0);
        QCOMPARE(find(all, "removed_account", "guest7")->severity, 1);
    }
};
DEADBOX_TEST(AccountHistoryTest)
#include "account_history_test.moc"
