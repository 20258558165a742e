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
    void home(const std::string& user, std::int64_t time) {
        file("/home/" + user, "", time, time, 2);
        file("/home/" + user + "/.bashrc", "x", time);
    }
    std::vector<test::FoundFinding> detect() { return fixture.detect("account_history"); }
    test::CaseFixture fixture;
};

const test::FoundFinding* find(const std::vector<test::FoundFinding>& all, const std::string& rule, const std::string& subject) {
    for (const auto& one : all)
        if (one.rule == "accounts/" + rule && one.subject == subject) return &one;
    return nullptr;
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
        row("a service in docker", "root:x:0:\nadm:x:4:alice\nsudo:x:27:alice\ndocker:x:998:daemon\nusers:x:100:\n", "daemon", -1);
        row("a group that is new itself", k_groups + "wheel:x:10:mallory\n", "mallory", -1);
    }
    void raised() {
        QFETCH(QByteArray, groups);
        QFETCH(QByteArray, subject);
        QFETCH(int, severity);
        Machine machine;
        machine.accounts(k_base + k_mallory, k_base + k_mallory, k_added);
        machine.groups(groups.toStdString(), k_groups, k_added);
        const auto all = machine.detect();
        const auto* finding = find(all, "admin_group_added", subject.toStdString());
        QCOMPARE(finding == nullptr ? -1 : finding->severity, severity);
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
