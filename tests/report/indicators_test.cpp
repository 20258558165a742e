// What leaves for other machines: an intruder's files, addresses and domains, and nothing of this machine's own.
#include <QFile>
#include <QTemporaryDir>
#include <nlohmann/json.hpp>
#include <set>

#include <fmt/format.h>

#include "report/build.hpp"
#include "report/communication.hpp"
#include "report/format.hpp"
#include "support/case_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using nlohmann::json;

namespace {

constexpr std::int64_t k_start = 1'710'000'000;

struct Written {
    json stix, misp;
    report::Report report;
    std::string letter;
};

Written write(const test::CaseFixture& fixture) {
    const auto view = case_file::View::open(fixture.path());
    const auto texts = report::Texts::load("en");
    const auto model = report::build_report(*view, *texts, {});
    if (!model) qFatal("%s", model.error().what.c_str());
    QTemporaryDir folder;
    const auto written = report::write_report({*model, *view, *texts}, "stix,misp", folder.path().toStdString());
    if (!written) qFatal("%s", written.error().what.c_str());
    const auto read = [&](const char* name) {
        QFile file(folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? json::parse(file.readAll().toStdString()) : json();
    };
    return {read("stix.json"), read("misp.json"), *model, *report::communication_letter(*model, *texts, "cert")};
}

void finding(test::CaseFixture& fixture, std::string_view id, std::string_view rule, std::string_view subject, int severity, int confidence, std::int64_t inode, std::string_view key, int line) {
    fixture.sql(fmt::format("INSERT INTO finding VALUES('{}', 'd', '{}', 1, 1, '{}', {}, {}, '{{}}', {}, 0, 3, NULL, NULL, 1, 0)", id, rule, subject, severity, confidence, k_start));
    fixture.sql(fmt::format("INSERT INTO finding_item(finding, place, inode, key, line) VALUES('{}', 1, {}, {}, {})", id, inode == 0 ? "NULL" : std::to_string(inode), key.empty() ? "NULL" : fmt::format("'{}'", key),
                            line == 0 ? "NULL" : std::to_string(line)));
}

QStringList patterns(const json& stix) {
    QStringList all;
    for (const auto& object : stix["objects"])
        if (object["type"] == "indicator") all << QString::fromStdString(object["pattern"].get<std::string>());
    all.sort();
    return all;
}

// Values that another machine is searched for.
QStringList searched(const json& misp) {
    QStringList all;
    for (const auto& object : misp["Event"]["Object"])
        for (const auto& attribute : object["Attribute"])
            if (attribute["to_ids"].get<bool>() && attribute["type"] != "md5" && attribute["type"] != "sha1") all << QString::fromStdString(attribute["value"].get<std::string>());
    all.sort();
    return all;
}

}  // namespace

class IndicatorsTest : public QObject {
    Q_OBJECT
private slots:
    void files_data() {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<int>("severity");
        QTest::addColumn<bool>("planted");
        QTest::newRow("a webshell, with the line that shows it") << "webshell/script" << 4 << true;
        QTest::newRow("an altered program") << "binaries/modified" << 4 << true;
        QTest::newRow("a foreign setuid program") << "privilege/setuid_unowned" << 3 << true;
        QTest::newRow("a stash") << "media/stash" << 3 << true;
        QTest::newRow("a script that only resembles one") << "webshell/resembling" << 1 << false;
        QTest::newRow("the account file") << "accounts/uid_zero_twin" << 4 << false;
        QTest::newRow("a log") << "ssh/brute_force_success" << 3 << false;
        QTest::newRow("a wiped log") << "logs/wtmp_zeroed" << 3 << false;
        QTest::newRow("a history") << "exfiltration/sent" << 3 << false;
        QTest::newRow("findings that were joined") << "correlation/webshell_then_account" << 3 << false;
    }
    void files() {
        QFETCH(QString, rule);
        QFETCH(int, severity);
        QFETCH(bool, planted);
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/srv/x", spec.bytes = "what it holds", spec.content_type = "text/plain";
        finding(fixture, "aaaaaaaaaaaaaaaa", rule.toStdString(), "/srv/x", severity, 2, fixture.add(spec), "", 6);
        const auto written = write(fixture);
        std::string sha256;
        for (const auto& item : written.report.findings.at(0).items) sha256 = item.sha256;
        QCOMPARE(sha256.size(), std::size_t{64});
        const QString digest = QString::fromStdString(sha256);
        QCOMPARE(patterns(written.stix), planted ? QStringList{"[file:hashes.'SHA-256' = '" + digest + "']"} : QStringList{});
        QCOMPARE(searched(written.misp), planted ? QStringList{digest} : QStringList{});
        QCOMPARE(written.letter.find(sha256) != std::string::npos, planted);
    }

    // What joins others names the address that ties them; nothing else may.
    void hosts_of_what_joins_others() {
        test::CaseFixture fixture;
        finding(fixture, "aaaaaaaaaaaaaaaa", "correlation/account_used", "toor", 4, 1, 0, "toor", 0);
        fixture.sql("UPDATE finding SET arguments = '{\"user\":\"toor\",\"address\":\"198.51.100.77\"}'");
        finding(fixture, "bbbbbbbbbbbbbbbb", "correlation/webshell_used", "/x.php", 2, 1, 0, "203.0.113.9", 0);
        const auto written = write(fixture);
        QCOMPARE(patterns(written.stix), QStringList{"[ipv4-addr:value = '198.51.100.77']"});
        QVERIFY(written.letter.find("198.51.100.77") != std::string::npos);
        for (const char* address : {"198.51.100.77", "203.0.113.9"}) {
            const auto& all = written.report.entities;
            QVERIFY2(std::any_of(all.begin(), all.end(), [&](const auto& entity) { return entity.kind == "address" && entity.name == address; }), address);
        }
    }

    // A service that everybody uses is named, but nobody is to search for it or to block it.
    void everybodys_service_is_no_indicator() {
        test::CaseFixture fixture;
        finding(fixture, "aaaaaaaaaaaaaaaa", "exfiltration/sent", "api.telegram.org", 3, 1, 0, "root", 0);
        fixture.sql("UPDATE finding SET arguments = '{\"target\":\"api.telegram.org\",\"everybodys\":\"yes\"}'");
        const auto written = write(fixture);
        QCOMPARE(patterns(written.stix), QStringList{});
        QCOMPARE(searched(written.misp), QStringList{});
        const auto& all = written.report.entities;
        QVERIFY(std::any_of(all.begin(), all.end(), [](const auto& entity) { return entity.name == "api.telegram.org"; }));
    }

    void hosts_data() {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("subject");
        QTest::addColumn<QString>("key");
        QTest::addColumn<int>("severity");
        QTest::addColumn<int>("confidence");
        QTest::addColumn<QString>("pattern");  // of the indicator, "" for none
        QTest::newRow("a guessed password") << "ssh/brute_force_success" << "198.51.100.77" << "root" << 3 << 1 << "[ipv4-addr:value = '198.51.100.77']";
        QTest::newRow("a guessed password, IPv6") << "ssh/brute_force_success" << "2001:db8::7" << "root" << 3 << 1 << "[ipv6-addr:value = '2001:db8::7']";
        QTest::newRow("data sent to a name of one's own below a service") << "exfiltration/sent" << "x1y2.trycloudflare.com" << "root" << 3 << 1 << "[domain-name:value = 'x1y2.trycloudflare.com']";
        QTest::newRow("data perhaps sent to some host") << "exfiltration/sent" << "old.example.org" << "root" << 2 << 0 << "";
        QTest::newRow("data sent to a storage's name") << "exfiltration/sent" << "s3://bucket" << "root" << 2 << 1 << "";
        QTest::newRow("a dump that was fetched") << "exfiltration/web_download" << "/var/www/html/shop.sql" << "198.51.100.7" << 3 << 1 << "[ipv4-addr:value = '198.51.100.7']";
        QTest::newRow("a dump that was fetched, and no intruder") << "exfiltration/web_download" << "/var/www/html/shop.sql" << "198.51.100.7" << 2 << 1 << "";
        QTest::newRow("a file's name is no domain") << "webshell/script" << "x.php" << "x.php" << 4 << 2 << "";
    }
    void hosts() {
        QFETCH(QString, rule);
        QFETCH(QString, subject);
        QFETCH(QString, key);
        QFETCH(int, severity);
        QFETCH(int, confidence);
        QFETCH(QString, pattern);
        test::CaseFixture fixture;
        finding(fixture, "aaaaaaaaaaaaaaaa", rule.toStdString(), subject.toStdString(), severity, confidence, 0, key.toStdString(), 0);
        const auto written = write(fixture);
        QCOMPARE(patterns(written.stix), pattern.isEmpty() ? QStringList{} : QStringList{pattern});
        const QString value = pattern.section('\'', 1, 1);
        QCOMPARE(searched(written.misp), pattern.isEmpty() ? QStringList{} : QStringList{value});
        if (pattern.isEmpty()) return;
        // Named among who and what, in the letter, and tied to the technique.
        QVERIFY(std::any_of(written.report.entities.begin(), written.report.entities.end(), [&](const auto& entity) { return entity.name == value.toStdString() && entity.kind != "other"; }));
        QVERIFY(written.letter.find(value.toStdString()) != std::string::npos);
        std::set<std::string> related;
        for (const auto& object : written.stix["objects"])
            if (object["type"] == "relationship") related.insert(object["relationship_type"].get<std::string>() + " " + object["target_ref"].get<std::string>().substr(0, object["target_ref"].get<std::string>().find("--")));
        for (const char* one : {"based-on observed-data", "indicates attack-pattern"}) QVERIFY2(related.contains(one), one);
    }

    // Who asked for a webshell; a page that everybody asks for has visitors.
    void requests_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("answered");
        QTest::addColumn<int>("clients");
        QTest::addColumn<QStringList>("asked");  // address agent posts answered largest, by time
        QTest::addColumn<QStringList>("named");
        const QString a = "198.51.100.7", intruder = a + " curl/8 0 40 54", crawler = "66.249.66.1 Googlebot/2.1 0 1 2100";
        QTest::newRow("of one") << "/uploads/x.php" << 3 << 1 << QStringList{a + " curl/8 0 3 54"} << QStringList{a};
        QTest::newRow("refused") << "/uploads/x.php" << 0 << 0 << QStringList{a + " curl/8 0 0 0"} << QStringList{};
        QTest::newRow("of everybody") << "/uploads/x.php" << 300 << 17 << QStringList{a + " curl/8 1 30 54"} << QStringList{};
        QTest::newRow("of another script") << "/other/x.php" << 3 << 1 << QStringList{a + " curl/8 0 3 54"} << QStringList{};
        QTest::newRow("a crawler came by, with the longest answer") << "/uploads/x.php" << 41 << 2 << QStringList{intruder, crawler} << QStringList{a};
        QTest::newRow("a crawler came first") << "/uploads/x.php" << 41 << 2 << QStringList{crawler, intruder} << QStringList{a};
        QTest::newRow("a crawler alone") << "/uploads/x.php" << 1 << 1 << QStringList{crawler} << QStringList{};
        QTest::newRow("a scanner came by") << "/uploads/x.php" << 41 << 2 << QStringList{intruder, "192.0.2.200 scanner 0 1 2100"} << QStringList{a};
        QTest::newRow("who posts, unanswered") << "/uploads/x.php" << 1 << 1 << QStringList{"192.0.2.200 scanner 0 1 2100", a + " curl/8 9 0 0"} << QStringList{"192.0.2.200", a};
    }
    void requests() {
        QFETCH(QString, path);
        QFETCH(int, answered);
        QFETCH(int, clients);
        QFETCH(QStringList, asked);
        QFETCH(QStringList, named);
        test::CaseFixture fixture;
        fixture.row("web_root", {std::string_view("/var/www/html"), std::string_view("apache"), std::string_view(""), std::string_view("root"), std::string_view("/"), std::int64_t{0}, std::int64_t{1}, std::int64_t{1}});
        finding(fixture, "aaaaaaaaaaaaaaaa", "webshell/script", "/var/www/html/uploads/x.php", 4, 2, 0, "", 0);
        fixture.sql(fmt::format("INSERT INTO web_use(system, inode, number, path, kind, answered, clients) VALUES(1, 9, 1, '{}', 'script', {}, {})", path.toStdString(), answered, clients));
        int second = 0;
        for (const auto& one : asked) {
            const auto part = one.split(' ');
            fixture.sql(QString("INSERT INTO web_client(system, inode, use, address, agent, posts, answered, without_referer, largest, first_s, first_ns) VALUES(1, 9, 1, '%1', '%2', %3, %4, %4, %5, %6, 0)").arg(part[0], part[1], part[2], part[3], part[4]).arg(k_start + ++second).toStdString());
        }
        QStringList all;
        for (const auto& address : named) all << "[ipv4-addr:value = '" + address + "']";
        all.sort();
        auto got = patterns(write(fixture).stix);
        got.sort();
        QCOMPARE(got, all);
    }

    void logins_as_an_account_that_only_intruders_make() {
        test::CaseFixture fixture;
        fixture.event("auth.login.success", k_start + 60, "toor", "198.51.100.8");
        fixture.event("auth.login.success", k_start + 60, "anna", "192.0.2.9");
        finding(fixture, "aaaaaaaaaaaaaaaa", "accounts/uid_zero_twin", "toor", 4, 2, 0, "toor", 0);
        QCOMPARE(patterns(write(fixture).stix), QStringList{"[ipv4-addr:value = '198.51.100.8']"});
        fixture.sql("INSERT INTO mark(finding, at, by, state) VALUES('aaaaaaaaaaaaaaaa', '2026-01-02T00:00:00Z', 'me', 'dismissed')");
        QVERIFY(patterns(write(fixture).stix).isEmpty());
    }
};
DEADBOX_TEST(IndicatorsTest)
#include "indicators_test.moc"
