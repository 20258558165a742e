#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

#include "plugin/parser.hpp"
#include "support/memory_file.hpp"
#include "support/recording_sink.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

template <class T>
void put(std::string& bytes, std::size_t at, T value, bool big = false) {
    for (std::size_t i = 0; i < sizeof value; ++i)
        bytes[at + (big ? sizeof value - 1 - i : i)] = static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
}

struct Spec {
    std::int16_t type;
    std::int64_t seconds;
    std::string line, user, host;
    std::uint32_t ipv4 = 0;  // as in memory
};

std::string record(const Spec& spec, bool wide = false, bool big = false) {
    std::string b(wide ? 400 : 384, '\0');
    put(b, 0, spec.type, big);
    put(b, 4, std::int32_t{77}, big);
    b.replace(8, spec.line.size(), spec.line);
    b.replace(44, spec.user.size(), spec.user);
    b.replace(76, spec.host.size(), spec.host);
    if (wide) put(b, 344, spec.seconds, big), put(b, 352, std::int64_t{5000}, big);
    else put(b, 340, static_cast<std::int32_t>(spec.seconds)), put(b, 344, std::int32_t{5000});
    put(b, wide ? 360 : 348, spec.ipv4);
    return b;
}

constexpr std::int64_t k_t = 1772352000;  // 2026-03-01T08:00:00Z

test::RecordingSink read_records(std::string_view bytes, const char* path = "/var/log/wtmp", const char* parser = "utmp") {
    test::RecordingSink sink;
    if (!plugin::find_parser(parser)->parse(test::MemoryFile(path, bytes), {}, sink)) throw std::runtime_error("the parser failed");
    return sink;
}

}  // namespace

class UtmpTest : public QObject {
    Q_OBJECT
private slots:
    void layouts_data() {
        QTest::addColumn<bool>("wide");
        QTest::addColumn<bool>("big");
        QTest::addColumn<QString>("layout");
        QTest::newRow("x86") << false << false << "384";
        QTest::newRow("aarch64") << true << false << "400";
        QTest::newRow("s390x") << true << true << "400be";
    }
    void layouts() {
        QFETCH(bool, wide);
        QFETCH(bool, big);
        QFETCH(QString, layout);
        const auto sink = read_records(record({2, k_t, "~", "reboot", "6.1.0-18-amd64"}, wide, big) + record({7, k_t + 9, "pts/0", "bob", "office.example", 0x077100cb}, wide, big) +
                               record({8, k_t + 60, "pts/0", "", ""}, wide, big) + record({1, k_t + 70, "~", "shutdown", "6.1.0-18-amd64"}, wide, big));
        QCOMPARE(QString::fromStdString(sink.rows.at("utmp_file")[0].at("layout").as_text()), layout);
        QCOMPARE(sink.events.size(), std::size_t{4});
        QCOMPARE(sink.events[0].type, std::string("login.boot"));
        QCOMPARE(sink.events[0].attributes.at("kernel").as_text(), std::string("6.1.0-18-amd64"));
        QCOMPARE(sink.events[1].type, std::string("login.session.start"));
        QCOMPARE(sink.events[1].user, std::string("bob"));
        QCOMPARE(sink.events[1].address, std::string("203.0.113.7"));
        QCOMPARE(sink.events[1].attributes.at("host").as_text(), std::string("office.example"));
        QCOMPARE(QString::fromStdString(base::to_rfc3339(sink.events[1].time)), QString("2026-03-01T08:00:09.005000000Z"));
        QCOMPARE(sink.events[2].type, std::string("login.session.end"));
        QCOMPARE(sink.events[2].user, std::string("bob"));  // by its terminal
        QCOMPARE(sink.events[3].type, std::string("login.shutdown"));
        QVERIFY(!sink.rows.contains("utmp_anomaly"));
    }

    void failures_are_failures() {
        const auto sink = read_records(record({6, k_t, "ssh:notty", "root", "203.0.113.7"}), "/var/log/btmp.1");
        QCOMPARE(sink.events.at(0).type, std::string("login.failure"));
        QCOMPARE(sink.events.at(0).address, std::string("203.0.113.7"));
    }

    void wiped_records() {
        const std::string zero(384, '\0');
        const auto sink = read_records(record({7, k_t, "pts/0", "bob", ""}) + zero + zero + record({7, k_t + 5, "pts/1", "eve", ""}) + zero + "cut");
        const auto& rows = sink.rows.at("utmp_anomaly");
        QCOMPARE(rows.size(), std::size_t{3});
        QCOMPARE(rows[0].at("kind").as_text(), std::string("zeroed"));
        QCOMPARE(rows[0].at("run").as_text(), std::string("2"));
        QCOMPARE(rows[0].at("position").as_text(), std::string("384"));
        QCOMPARE(rows[0].at("next_type").as_text(), std::string("7"));
        QCOMPARE(rows[1].at("next_type").as_text(), std::string());
        QCOMPARE(rows[2].at("kind").as_text(), std::string("cut_short"));
    }

    void clock_put_back_is_no_anomaly_when_it_is_said() {
        const auto said = read_records(record({3, k_t, "|", "date", ""}) + record({4, k_t - 900, "{", "date", ""}) + record({7, k_t - 890, "pts/0", "bob", ""}));
        QVERIFY(!said.rows.contains("utmp_anomaly"));
        const auto silent = read_records(record({7, k_t, "pts/0", "bob", ""}) + record({7, k_t - 900, "pts/1", "bob", ""}));
        QCOMPARE(silent.rows.at("utmp_anomaly")[0].at("kind").as_text(), std::string("time_backwards"));
    }

    void utmpdump_reads_what_we_write() {
        const auto program = QStandardPaths::findExecutable("utmpdump");
        if (program.isEmpty()) QSKIP("utmpdump is not installed");
        QProcess dump;
        dump.start(program, {"-r"});
        dump.write("[2] [00000] [~~  ] [reboot  ] [~           ] [6.1.0-18-amd64      ] [0.0.0.0        ] [2026-03-01T08:00:00,123456+00:00]\n"
                   "[7] [00812] [ts/0] [bob     ] [pts/0       ] [203.0.113.7         ] [203.0.113.7    ] [2026-03-01T08:00:09,000000+00:00]\n");
        dump.closeWriteChannel();
        QVERIFY(dump.waitForFinished());
        const auto sink = read_records(dump.readAllStandardOutput().toStdString());
        QCOMPARE(sink.events.size(), std::size_t{2});
        QCOMPARE(QString::fromStdString(base::to_rfc3339(sink.events[0].time)), QString("2026-03-01T08:00:00.123456000Z"));
        QCOMPARE(sink.events[1].address, std::string("203.0.113.7"));
    }

    void last_logins_data() {
        QTest::addColumn<int>("size");
        QTest::newRow("x86") << 292;
        QTest::newRow("aarch64") << 296;
    }
    void last_logins() {
        QFETCH(int, size);
        std::string bytes(static_cast<std::size_t>(size) * 1001, '\0');
        for (const std::size_t uid : {std::size_t{0}, std::size_t{1000}}) {
            const auto at = uid * static_cast<std::size_t>(size);
            if (size == 296) put(bytes, at, k_t);
            else put(bytes, at, static_cast<std::int32_t>(k_t));
            bytes.replace(at + static_cast<std::size_t>(size) - 288, 5, "pts/0");
            bytes.replace(at + static_cast<std::size_t>(size) - 256, 11, "203.0.113.7");
        }
        const auto sink = read_records(bytes, "/var/log/lastlog", "lastlog");
        QCOMPARE(sink.events.size(), std::size_t{2});
        QCOMPARE(sink.events[1].attributes.at("uid").as_text(), std::string("1000"));
        QCOMPARE(sink.events[1].address, std::string("203.0.113.7"));
        QCOMPARE(sink.rows.at("last_login")[1].at("login_time_s").as_text(), std::to_string(k_t));
    }

    void databases() {
        const auto program = QStandardPaths::findExecutable("sqlite3");
        if (program.isEmpty()) QSKIP("sqlite3 is not installed");
        QTemporaryDir folder;
        const auto make = [&](const QString& name, const QString& sql) {
            if (QProcess::execute(program, {folder.filePath(name), sql}) != 0) return std::string();
            QFile file(folder.filePath(name));
            return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
        };
        const auto wtmp = make("wtmp.db", "CREATE TABLE wtmp(ID INTEGER PRIMARY KEY, Type INTEGER, User TEXT NOT NULL, Login INTEGER, Logout INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT) STRICT;"
                                          "INSERT INTO wtmp VALUES(1, 1, 'reboot', 1772352000000001, 1772352900000000, '~', '6.12.0-amd64', NULL), (2, 3, 'bob', 1772352009005000, NULL, 'pts/0', '203.0.113.7', 'sshd')");
        const auto sink = read_records(wtmp, "/var/lib/wtmpdb/wtmp.db", "login_database");
        QCOMPARE(sink.events.size(), std::size_t{3});
        QCOMPARE(sink.events[0].type, std::string("login.boot"));
        QCOMPARE(sink.events[1].type, std::string("login.shutdown"));
        QCOMPARE(sink.events[2].address, std::string("203.0.113.7"));
        QCOMPARE(QString::fromStdString(base::to_rfc3339(sink.events[2].time)), QString("2026-03-01T08:00:09.005000000Z"));
        const auto last = make("lastlog2.db", "CREATE TABLE Lastlog2(Name TEXT PRIMARY KEY, Time INTEGER, TTY TEXT, RemoteHost TEXT, Service TEXT); INSERT INTO Lastlog2 VALUES('bob', 1772352009, 'pts/0', '203.0.113.7', 'sshd')");
        const auto logins = read_records(last, "/var/lib/lastlog/lastlog2.db", "login_database");
        QCOMPARE(logins.events.at(0).user, std::string("bob"));
        QCOMPARE(logins.rows.at("last_login")[0].at("login_user").as_text(), std::string("bob"));
    }

    void any_bytes_are_survived() {
        std::uint32_t state = 1;
        for (int round = 0; round < 200; ++round) {
            std::string bytes = record({7, k_t, "pts/0", "bob", "203.0.113.7"}) + record({8, k_t, "pts/0", "", ""});
            for (int i = 0; i < round; ++i) {
                state = state * 1664525 + 1013904223;
                bytes[state % bytes.size()] = static_cast<char>(state >> 24);
            }
            bytes.resize(state % bytes.size() + 1);
            read_records(bytes);
            read_records(bytes, "/var/log/lastlog", "lastlog");
        }
    }
};
DEADBOX_TEST(UtmpTest)
#include "utmp_test.moc"
