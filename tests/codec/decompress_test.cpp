#include "codec/decompress.hpp"

#include <QProcess>

#include <random>

#include "support/test_main.hpp"

using namespace deadbox;
using base::Errc;

namespace {

QByteArray pipe(const QString& command, const QByteArray& input) {
    QProcess process;
    process.start("sh", {"-c", command});
    process.write(input);
    process.closeWriteChannel();
    return process.waitForFinished(60'000) && process.exitCode() == 0 ? process.readAllStandardOutput() : QByteArray();
}

base::MemorySource source_of(const QByteArray& bytes) {
    const auto view = base::as_bytes(std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
    return base::MemorySource({view.begin(), view.end()});
}

struct Outcome {
    QByteArray bytes;
    std::optional<Errc> error;
};

Outcome undo(const QByteArray& packed, std::size_t step = 70'001, qsizetype most = 1 << 30) {
    const auto source = source_of(packed);
    const auto stream = codec::decompress(source);
    Outcome outcome;
    std::vector<std::byte> block(step);
    while (outcome.bytes.size() < most) {
        const auto got = stream->read(block);
        if (!got) {
            outcome.error = got.error().code;
            break;
        }
        if (*got == 0) break;
        outcome.bytes.append(reinterpret_cast<const char*>(block.data()), static_cast<qsizetype>(*got));
    }
    return outcome;
}

const char* const k_tools[] = {"gzip -c", "xz -c", "zstd -qc", "bzip2 -c"};

}  // namespace

class DecompressTest : public QObject {
    Q_OBJECT
    QByteArray m_text;

private slots:
    void initTestCase() {
        std::mt19937 random(3);
        while (m_text.size() < 700'000) m_text += "Nov 23 10:00:0" + QByteArray::number(random() % 10) + " host sshd[" + QByteArray::number(random()) + "]: Accepted\n";
    }

    void whole_data() {
        QTest::addColumn<QString>("tool");
        for (const char* tool : k_tools) QTest::newRow(tool) << tool;
        QTest::newRow("xz blocks") << "xz -c -T2 --block-size=100000";
        QTest::newRow("zstd without size and with checksum") << "zstd -qc --no-content-size -19";
        QTest::newRow("gzip -9 with a name") << "gzip -9c";
        QTest::newRow("cat") << "cat";
    }
    void whole() {
        QFETCH(QString, tool);
        const auto packed = pipe(tool, m_text);
        QVERIFY(!packed.isEmpty());
        for (const std::size_t step : {1'000'000, 70'001, 333}) {
            const auto outcome = undo(packed, step);
            QVERIFY(outcome.bytes == m_text);
            QVERIFY(!outcome.error);
        }
    }

    void several_members_and_padding() {
        for (const char* tool : k_tools) {
            auto packed = pipe(tool, m_text.left(300'000)) + pipe(tool, QByteArray()) + pipe(tool, m_text.mid(300'000));
            QVERIFY2(undo(packed).bytes == m_text, tool);
            packed += QByteArray(70'000, '\0');
            auto outcome = undo(packed);
            QVERIFY2(outcome.bytes == m_text && !outcome.error, tool);
            outcome = undo(packed + "rubbish behind it");
            QVERIFY2(outcome.bytes == m_text && !outcome.error, tool);
        }
    }

    void cut_short() {
        for (const char* tool : k_tools) {
            const auto packed = pipe(tool, m_text + m_text + m_text);
            const auto outcome = undo(packed.left(packed.size() - 7));
            QVERIFY2(outcome.error == Errc::truncated, tool);
            QVERIFY2((m_text + m_text + m_text).startsWith(outcome.bytes), tool);
            // bzip2 and zstd give whole blocks; something must have come out.
            QVERIFY2(outcome.bytes.size() > 100'000, tool);
        }
    }

    void damaged() {
        std::mt19937 random(5);
        for (const char* tool : k_tools) {
            const auto packed = pipe(tool, m_text);
            for (int turn = 0; turn < 60; ++turn) {
                auto copy = packed;
                for (int i = 0; i < 3; ++i) copy[static_cast<qsizetype>(random() % static_cast<unsigned>(copy.size()))] = static_cast<char>(random());
                undo(copy);
            }
        }
    }

    void cap() {
        const auto bomb = pipe("head -c 40000000 /dev/zero | gzip -9c", {});
        const auto outcome = undo(bomb);
        QVERIFY(outcome.error == Errc::limit);
        QCOMPARE(static_cast<std::uint64_t>(outcome.bytes.size()), codec::decompression_cap(static_cast<std::uint64_t>(bomb.size())));
        QCOMPARE(codec::decompression_cap(UINT64_MAX), std::uint64_t{4} << 30);
        QCOMPARE(codec::decompression_cap(1'000'000), std::uint64_t{200'000'000});
    }

    void window_too_large() {
        QCOMPARE(static_cast<int>(*undo(pipe("head -c 1000000 /dev/urandom | zstd -qc --ultra --long=31 -1 --no-content-size", {})).error), static_cast<int>(Errc::limit));
    }

    void empty() {
        QVERIFY(undo({}).bytes.isEmpty());
        QVERIFY(undo("\x1f\x8b").bytes == "\x1f\x8b");
    }
};
DEADBOX_TEST(DecompressTest)
#include "decompress_test.moc"
