// What each kind makes of real files, of hostile ones and of damaged ones.
#include <sqlite3.h>

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <algorithm>

#include "preview/recording_answer.hpp"
#include "support/journal_maker.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::RecordingAnswer, test::sources_of;

namespace {

const char k_hostile[] = "evil\x1b[31m<b>\xe2\x80\xae.txt";

QByteArray read_file(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write_file(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    if (file.open(QIODevice::WriteOnly)) file.write(bytes);
}

}  // namespace

class PreviewTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    QString in(const QString& name) const { return m_folder.filePath(name); }

    QByteArray archive_of(const QStringList& options, const QString& name) {
        QProcess tool;
        tool.setWorkingDirectory(in(QStringLiteral("tree")));
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));  // names are kept as they are
        tool.setProcessEnvironment(environment);
        tool.start(QStringLiteral("bsdtar"), QStringList{QStringLiteral("-cf"), in(name)} + options + QStringList{QStringLiteral(".")});
        if (!tool.waitForFinished(30'000) || tool.exitCode() != 0) qWarning() << tool.readAllStandardError();
        return read_file(in(name));
    }
    QByteArray database() {
        const auto path = in(QStringLiteral("a.db"));
        if (!QFile::exists(path)) {
            sqlite3* handle = nullptr;
            sqlite3_open(path.toUtf8().constData(), &handle);
            char* error = nullptr;
            sqlite3_exec(handle,
                         "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, weight REAL, picture BLOB);"
                         "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) INSERT INTO users SELECT i * 3, 'user ' || i, i / 4.0, NULL FROM n;"
                         "UPDATE users SET picture = x'00ff10', name = '<b>' || char(27) || '[2J' || char(8238) WHERE id = 3;"
                         "CREATE TABLE \"odd \"\"name\"(a TEXT PRIMARY KEY, rowid INTEGER) WITHOUT ROWID; INSERT INTO \"odd \"\"name\" VALUES('x', 1), ('y', 2);"
                         "CREATE TABLE hidden(rowid TEXT, _rowid_ TEXT, oid TEXT); INSERT INTO hidden VALUES('a', 'b', 'c');"
                         "CREATE VIEW bomb AS WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;",
                         nullptr, nullptr, &error);
            if (error != nullptr) qWarning("%s", error);
            sqlite3_close(handle);
        }
        return read_file(path);
    }

private slots:
    void initTestCase() {
        QDir(m_folder.path()).mkpath(QStringLiteral("tree/sub"));
        write_file(in(QStringLiteral("tree/first.txt")), "hello");
        write_file(in(QStringLiteral("tree/sub/large.bin")), QByteArray(300'000, 'x'));
        write_file(m_folder.path() + QStringLiteral("/tree/") + QString::fromUtf8(k_hostile), "boo");
        QFile::link(QStringLiteral("/etc/passwd"), in(QStringLiteral("tree/link")));
    }

    void names_in_archives_are_listed_data() {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<bool>("links");
        QTest::newRow("tar") << QStringList{"--format=ustar"} << true;
        QTest::newRow("pax, gzip") << QStringList{"--format=pax", "-z"} << true;
        QTest::newRow("gnutar, xz") << QStringList{"--format=gnutar", "-J"} << true;
        QTest::newRow("tar, zstd") << QStringList{"--format=pax", "--zstd"} << true;
        QTest::newRow("tar, bzip2") << QStringList{"--format=pax", "-j"} << true;
        QTest::newRow("zip") << QStringList{"--format=zip"} << true;
        QTest::newRow("cpio") << QStringList{"--format=newc"} << true;
        QTest::newRow("7z") << QStringList{"--format=7zip"} << true;
        QTest::newRow("ISO 9660") << QStringList{"--format=iso9660"} << true;
    }
    void names_in_archives_are_listed() {
        if (QStandardPaths::findExecutable(QStringLiteral("bsdtar")).isEmpty()) QSKIP("bsdtar is not installed");
        QFETCH(QStringList, options);
        const auto bytes = archive_of(options, QStringLiteral("a.archive"));
        QVERIFY(!bytes.isEmpty());
        RecordingAnswer answer;
        const auto after = preview::archive({}, sources_of(bytes), answer);
        QVERIFY2(after.has_value(), after ? "" : after.error().what.c_str());
        QCOMPARE(*after, std::int64_t{-1});
        auto names = answer.column(0);
        const auto has = [&](const std::string& end) { return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return name.ends_with(end); }); };
        QVERIFY(has("first.txt") || has("FIRST.TXT"));
        QVERIFY2(has(k_hostile) || options.contains("--format=iso9660"), names.empty() ? "nothing" : names.back().c_str());  // raw: the window escapes it
        for (std::size_t row = 0; row < names.size(); ++row) {
            if (names[row].ends_with("large.bin")) QCOMPARE(answer.cell(row, 1), std::string("300000"));
            if (names[row].ends_with("/link")) QCOMPARE(answer.cell(row, 6), std::string("/etc/passwd"));
        }
        QVERIFY(!answer.property_named("format").empty());
    }

    void pages_of_an_archive_follow_each_other() {
        const auto bytes = archive_of({QStringLiteral("--format=pax"), QStringLiteral("-z")}, QStringLiteral("p.tgz"));
        std::vector<std::string> names;
        preview::Order order;
        order.most = 2;
        for (int page = 0; page < 20; ++page) {
            RecordingAnswer answer;
            const auto after = preview::archive(order, sources_of(bytes), answer);
            QVERIFY(after);
            for (const auto& name : answer.column(0)) names.push_back(name);
            if (*after < 0) break;
            order.after = *after;
        }
        RecordingAnswer whole;
        QVERIFY(preview::archive({}, sources_of(bytes), whole));
        QVERIFY(names == whole.column(0));
    }

    void a_compressed_file_alone_is_named() {
        QProcess gzip;
        gzip.start(QStringLiteral("gzip"), {QStringLiteral("-c")});
        gzip.write(QByteArray(100'000, 'a'));
        gzip.closeWriteChannel();
        QVERIFY(gzip.waitForFinished());
        RecordingAnswer answer;
        QVERIFY(preview::archive({}, sources_of(gzip.readAllStandardOutput()), answer));
        QCOMPARE(answer.property_named("compression"), std::string("gzip"));
        QCOMPARE(answer.property_named("uncompressed size"), std::string("100000"));
        RecordingAnswer none;
        QVERIFY(!preview::archive({}, sources_of("no archive at all, only words that go on for a while"), none));
        QVERIFY(!preview::archive({}, sources_of(QByteArray()), none));
    }

    void a_bomb_ends() {
        QFile zeros(in(QStringLiteral("zeros")));
        QVERIFY(zeros.open(QIODevice::ReadWrite) && zeros.resize(64 << 20));
        QProcess tool;
        tool.setWorkingDirectory(m_folder.path());
        tool.start(QStringLiteral("bsdtar"), {QStringLiteral("--format=ustar"), QStringLiteral("-czf"), QStringLiteral("bomb.tgz"), QStringLiteral("zeros"), QStringLiteral("zeros")});
        QVERIFY(tool.waitForFinished(60'000) && tool.exitCode() == 0);
        RecordingAnswer answer;
        QVERIFY(preview::archive({}, sources_of(read_file(in(QStringLiteral("bomb.tgz")))), answer));
        QCOMPARE(answer.rows.size(), std::size_t{1});  // what is behind the first is not reached
        QVERIFY(!answer.notes.empty());
    }

    void tables_of_a_database_and_their_rows() {
        const auto bytes = database();
        RecordingAnswer tables;
        QVERIFY(preview::database({}, sources_of(bytes), tables));
        QCOMPARE(tables.column(0), (std::vector<std::string>{"hidden", "odd \"name", "users"}));
        QCOMPARE(tables.cell(2, 1), std::string("1200"));
        preview::Order order;
        order.part = "users";
        std::vector<std::string> names;
        for (int page = 0; page < 10; ++page) {
            RecordingAnswer rows;
            const auto after = preview::database(order, sources_of(bytes), rows);
            QVERIFY(after);
            QCOMPARE(rows.columns, (std::vector<std::string>{"id", "name", "weight", "picture"}));
            if (page == 0) QCOMPARE(rows.cell(0, 3), std::string("x'00ff10'"));
            for (const auto& name : rows.column(1)) names.push_back(name);
            if (*after < 0) break;
            order.after = *after;
        }
        QCOMPARE(names.size(), std::size_t{1200});
        QCOMPARE(names.back(), std::string("user 1200"));
        for (const auto* odd : {"odd \"name", "hidden"}) {
            order = {};
            order.part = odd;
            RecordingAnswer rows;
            QVERIFY(preview::database(order, sources_of(bytes), rows));
            QVERIFY(!rows.rows.empty());
        }
        order.part = "no such table";
        RecordingAnswer none;
        QVERIFY(!preview::database(order, sources_of(bytes), none));
        order.part = "bomb";  // a view that never ends is not asked
        RecordingAnswer bomb;
        QVERIFY(!preview::database(order, sources_of(bytes), bomb));
    }

    void entries_of_a_journal() {
        if (test::journal_program().isEmpty()) QSKIP("systemd-journal-remote is not installed");
        std::vector<test::JournalLine> lines;
        for (int i = 0; i < 30; ++i) lines.push_back({1'709'352'667'000'000ull + static_cast<std::uint64_t>(i), {{"MESSAGE", k_hostile}, {"SYSLOG_IDENTIFIER", "sshd"}, {"_PID", "77"}, {"EXTRA", "more"}}});
        const auto bytes = test::make_journal(lines, true, true);
        RecordingAnswer answer;
        preview::Order order;
        order.most = 20;
        const auto after = preview::journal(order, sources_of(bytes), answer);
        QVERIFY(after && *after > 0);
        QCOMPARE(answer.rows.size(), std::size_t{20});
        QCOMPARE(answer.cell(0, 0), std::string("1709352667000000"));
        QCOMPARE(answer.cell(0, 2), std::string("sshd"));
        QCOMPARE(answer.cell(0, 5), std::string(k_hostile));
        QVERIFY(answer.cell(0, 7).find("EXTRA=more") != std::string::npos);
        order.after = *after;
        RecordingAnswer rest;
        QCOMPARE(*preview::journal(order, sources_of(bytes), rest), std::int64_t{-1});
        QCOMPARE(rest.rows.size(), std::size_t{10});
    }

    void a_program_is_summed_up() {
        const auto bytes = read_file(QCoreApplication::applicationFilePath());
        RecordingAnswer answer;
        QVERIFY(preview::elf({}, sources_of(bytes), answer));
        QVERIFY(answer.property_named("kind").starts_with("program"));
        QVERIFY(!answer.property_named("interpreter").empty());
        const auto needed = answer.column(0);
        QVERIFY(std::any_of(needed.begin(), needed.end(), [](const std::string& name) { return name.starts_with("libc.so"); }));
        RecordingAnswer none;
        QVERIFY(!preview::elf({}, sources_of("text"), none));
    }

    void damage_never_harms_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("part");
        for (const auto& [name, options] : std::initializer_list<std::pair<const char*, QStringList>>{{"tar", {"--format=pax"}}, {"tgz", {"--format=pax", "-z"}}, {"zip", {"--format=zip"}}, {"7z", {"--format=7zip"}}, {"cpio", {"--format=newc"}}, {"iso", {"--format=iso9660"}}})
            QTest::newRow(name) << 0 << archive_of(options, QStringLiteral("d.archive")) << QString();
        QTest::newRow("database") << 1 << database() << QString();
        QTest::newRow("rows of a database") << 1 << database() << QStringLiteral("users");
        QTest::newRow("program") << 2 << read_file(QCoreApplication::applicationFilePath()).left(20'000) << QString();
    }
    void damage_never_harms() {
        QFETCH(int, kind);
        QFETCH(QByteArray, bytes);
        QFETCH(QString, part);
        QVERIFY(!bytes.isEmpty());
        constexpr std::array k_readers{preview::archive, preview::database, preview::elf};
        preview::Order order;
        order.part = part.toStdString();
        for (int round = 0; round < 40; ++round) {
            RecordingAnswer answer;
            (void)k_readers[static_cast<std::size_t>(kind)](order, sources_of(test::damaged(bytes, round)), answer);
            QVERIFY(answer.rows.size() <= 2000);
        }
    }
};
DEADBOX_TEST(PreviewTest)
#include "preview_test.moc"
