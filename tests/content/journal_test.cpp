// Our reader beside systemd's own programs: what they write is read, and more of it than they read once it is damaged.
#include "content/journal.hpp"

#include <QProcess>
#include <QTemporaryDir>
#include <QtEndian>

#include "support/journal_maker.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

constexpr std::uint64_t k_start = 1'709'352'667'000'000;  // 2024-03-02 04:11:07

std::vector<test::JournalLine> lines() {
    std::vector<test::JournalLine> all;
    for (int i = 0; i < 400; ++i) {
        test::JournalLine line{k_start + static_cast<std::uint64_t>(i) * 1'500'000, {{"MESSAGE", "message " + QByteArray::number(i)}, {"_SYSTEMD_UNIT", "ssh.service"}, {"_PID", QByteArray::number(1000 + i % 7)}, {"PRIORITY", "6"}}};
        if (i % 50 == 0) line.fields.push_back({"LONG", QByteArray("0123456789 long enough to be packed ").repeated(200) + QByteArray::number(i)});
        if (i % 99 == 0) line.fields[0].second = QByteArray("\x1b[31m<b>\xff\xe2\x80\xae\nsecond line", 22);
        all.push_back(std::move(line));
    }
    return all;
}

std::vector<std::byte> journal_bytes(const QByteArray& all) {
    const auto view = base::as_bytes({all.constData(), static_cast<std::size_t>(all.size())});
    return {view.begin(), view.end()};
}

struct Read {
    std::vector<content::JournalEntry> entries;
    content::JournalWalk walk;
};

Read read(const content::JournalFile& file, std::uint64_t from = 0, std::size_t most = 1'000'000) {
    Read all;
    auto walk = file.walk(from, [&](const content::JournalEntry& entry) {
        all.entries.push_back(entry);
        return all.entries.size() >= most ? base::Next::stop : base::Next::go_on;
    });
    if (!walk) qWarning("%s", walk.error().what.c_str());
    if (walk) all.walk = *walk;
    return all;
}

}  // namespace

class JournalTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        if (test::journal_program().isEmpty()) QSKIP("systemd-journal-remote is not installed");
    }

    void everything_that_was_written_is_read_data() {
        QTest::addColumn<bool>("packed");
        QTest::addColumn<bool>("compact");
        QTest::newRow("plain") << false << false;
        QTest::newRow("plain, compact") << false << true;
        QTest::newRow("zstd, compact") << true << true;
        QTest::newRow("zstd") << true << false;
    }
    void everything_that_was_written_is_read() {
        QFETCH(bool, packed);
        QFETCH(bool, compact);
        const auto written = lines();
        const auto bytes = test::make_journal(written, packed, compact);
        QVERIFY(!bytes.isEmpty());
        const base::MemorySource source(journal_bytes(bytes));
        const auto file = content::JournalFile::open(source);
        QVERIFY2(file.has_value(), file ? "" : file.error().what.c_str());
        QCOMPARE(file->header().compact, compact);
        QCOMPARE(file->header().entries, std::uint64_t(written.size()));
        QCOMPARE(file->header().first_time, std::int64_t(written.front().time));
        QCOMPARE(file->header().last_time, std::int64_t(written.back().time));
        const auto all = read(*file);
        QCOMPARE(all.entries.size(), written.size());
        QCOMPARE(all.walk.damaged, std::uint64_t{0});
        QCOMPARE(all.walk.lost_fields, std::uint64_t{0});
        for (std::size_t i = 0; i < written.size(); ++i) {
            const auto& entry = all.entries[i];
            QCOMPARE(entry.time, std::int64_t(written[i].time));
            QCOMPARE(entry.sequence, std::uint64_t(i + 1));
            for (const auto& [name, value] : written[i].fields) QCOMPARE(entry.value(name.toStdString()), std::string_view(value.constData(), static_cast<std::size_t>(value.size())));
        }
    }

    // Older systems packed with LZ4 or xz: one field of a plain journal is packed so, in its place.
    void fields_packed_as_older_systems_did_data() {
        QTest::addColumn<int>("flag");
        QTest::newRow("xz") << 1;
        QTest::newRow("LZ4") << 2;
    }
    void fields_packed_as_older_systems_did() {
        QFETCH(int, flag);
        const QByteArray period = "0123456789 abcdefghijklmnopqrstuvw ";
        const QByteArray text = "LONG=" + period.repeated(200);
        auto bytes = test::make_journal({{k_start, {{"MESSAGE", "one"}, {"LONG", period.repeated(200)}}}, {k_start + 1, {{"MESSAGE", "two"}}}}, false, false);
        const auto payload = bytes.indexOf("LONG=0123456789"), start = payload - 64;
        QVERIFY(payload > 64 && bytes[start] == 1);
        QByteArray packed;
        if (flag == 1) {
            QProcess xz;
            xz.start(QStringLiteral("xz"), {QStringLiteral("-c"), QStringLiteral("--check=none")});
            xz.write(text);
            xz.closeWriteChannel();
            QVERIFY(xz.waitForFinished(30'000));
            packed = xz.readAllStandardOutput();
        } else {
            const auto size = qToLittleEndian(quint64(text.size()));
            packed = QByteArray(reinterpret_cast<const char*>(&size), 8);
            // "LONG=" and one period as they are, the others as one long match, one period back.
            const auto match = text.size() - 5 - period.size() - 4;
            packed += QByteArray("\xff", 1) + char(5 + period.size() - 15) + text.left(5 + period.size()) + char(period.size()) + char(0);
            auto left = match - 15;
            for (; left >= 255; left -= 255) packed += char(255);
            packed += char(left);
        }
        QVERIFY(!packed.isEmpty() && packed.size() < text.size());
        const auto size = qToLittleEndian(quint64(64 + packed.size()));
        bytes[start + 1] = char(flag);
        std::copy_n(reinterpret_cast<const char*>(&size), 8, bytes.begin() + start + 8);
        std::fill(bytes.begin() + payload, bytes.begin() + payload + text.size(), char(0));
        std::copy(packed.begin(), packed.end(), bytes.begin() + payload);
        const base::MemorySource source(journal_bytes(bytes));
        const auto all = read(*content::JournalFile::open(source));
        QCOMPARE(all.entries.size(), std::size_t{2});
        QCOMPARE(all.walk.damaged, std::uint64_t{0});
        QCOMPARE(all.entries[0].value("LONG").size(), std::size_t(200 * period.size()));
        QVERIFY(all.entries[0].value("LONG") == std::string_view(text.constData() + 5, static_cast<std::size_t>(text.size() - 5)));
    }

    void a_page_goes_on_where_the_last_one_ended() {
        const base::MemorySource source(journal_bytes(test::make_journal(lines(), true, true)));
        const auto file = content::JournalFile::open(source);
        QVERIFY(file);
        std::vector<std::uint64_t> sequences;
        for (std::uint64_t from = 0;;) {
            const auto page = read(*file, from, 37);
            for (const auto& entry : page.entries) sequences.push_back(entry.sequence);
            from = page.walk.next;
            if (from == 0) break;
        }
        QCOMPARE(sequences.size(), std::size_t{400});
        QVERIFY(std::is_sorted(sequences.begin(), sequences.end()));
    }

    // systemd's own reader refuses a journal that is cut short; here what is there is read.
    void a_journal_that_is_cut_short_gives_what_is_there() {
        auto bytes = test::make_journal(lines(), false, true);
        const base::MemorySource whole(journal_bytes(bytes));
        const auto all = read(*content::JournalFile::open(whole)).entries;
        bytes.truncate(static_cast<qsizetype>(all[250].offset + 100));
        const base::MemorySource cut(journal_bytes(bytes));
        const auto file = content::JournalFile::open(cut);
        QVERIFY(file);
        const auto there = read(*file).entries;
        QVERIFY(there.size() >= 249 && there.size() <= 251);
        QCOMPARE(there[249].value("MESSAGE"), all[249].value("MESSAGE"));
    }

    void a_destroyed_block_costs_the_entries_in_it() {
        auto bytes = test::make_journal(lines(), false, false);
        const base::MemorySource whole(journal_bytes(bytes));
        const auto all = read(*content::JournalFile::open(whole)).entries;
        const auto hole = static_cast<qsizetype>(all[200].offset);
        std::fill(bytes.begin() + hole, bytes.begin() + hole + 4096, '\xa5');
        const base::MemorySource damaged(journal_bytes(bytes));
        const auto file = content::JournalFile::open(damaged);
        QVERIFY(file);
        const auto there = read(*file);
        QVERIFY2(there.entries.size() >= 370 && there.entries.size() < 400, qPrintable(QString::number(there.entries.size())));
        QVERIFY(there.walk.damaged > 0);
        QCOMPARE(there.entries.back().value("MESSAGE"), all.back().value("MESSAGE"));
    }

    void what_systemd_reads_of_it_is_the_same() {
        if (QStandardPaths::findExecutable(QStringLiteral("journalctl")).isEmpty()) QSKIP("journalctl is not installed");
        const auto bytes = test::make_journal(lines(), true, true);
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("a.journal")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
        file.close();
        QProcess peer;
        peer.start(QStringLiteral("journalctl"), {QStringLiteral("--file=") + file.fileName(), QStringLiteral("--output=export"), QStringLiteral("--no-pager")});
        QVERIFY(peer.waitForFinished(30'000));
        const auto theirs = peer.readAllStandardOutput();
        const base::MemorySource source(journal_bytes(bytes));
        const auto ours = read(*content::JournalFile::open(source)).entries;
        QCOMPARE(theirs.count("__REALTIME_TIMESTAMP="), qsizetype(ours.size()));
        for (const auto& entry : ours) QVERIFY(theirs.contains("__REALTIME_TIMESTAMP=" + QByteArray::number(qlonglong(entry.time)) + "\n"));
    }

    void damage_never_harms() {
        auto few = lines();
        few.resize(40);
        const auto made = test::make_journal(few, true, true);
        QVERIFY(!made.isEmpty());
        const auto whole = journal_bytes(made);
        std::size_t used = whole.size();
        while (used > 0 && whole[used - 1] == std::byte{}) --used;
        // Between the header and the first field lie the tables of hashes, megabytes that are not read.
        const auto first = static_cast<std::size_t>(made.indexOf("MESSAGE=")) - 200;
        std::uint32_t state = 11;
        for (int round = 0; round < 60; ++round) {
            std::vector<std::byte> bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(std::min(used + 64, whole.size())));
            for (int i = 0; i < 1 + round % 30; ++i) {
                state = state * 1664525 + 1013904223;
                bytes[i % 8 == 7 ? state % 300 : first + state % (used - first)] = static_cast<std::byte>(state >> 24);
            }
            if (round % 4 == 0) bytes.resize(first + state % (used - first));
            const base::MemorySource source(std::move(bytes));
            const auto file = content::JournalFile::open(source);
            if (!file) continue;
            const auto there = read(*file);
            QVERIFY(there.entries.size() <= 200);
        }
    }

    void what_is_no_journal_is_said() {
        const base::MemorySource empty(std::vector<std::byte>{}), other(journal_bytes(QByteArray(4096, 'x'))), head(journal_bytes("LPKSHHRH"));
        QCOMPARE(content::JournalFile::open(empty).error().code, base::Errc::not_found);
        QCOMPARE(content::JournalFile::open(other).error().code, base::Errc::not_found);
        QCOMPARE(content::JournalFile::open(head).error().code, base::Errc::truncated);
    }
};
DEADBOX_TEST(JournalTest)
#include "journal_test.moc"
