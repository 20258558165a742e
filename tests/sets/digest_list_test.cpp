// Each form of list, a line at a time; what no tool writes is a bad line and nothing else.
#include "base/encoding.hpp"
#include "sets/digest_list.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using sets::DigestList;

namespace {

constexpr const char *k_md5_a = "b1946ac92492d2347c6235b4d2611184", *k_sha1_a = "f572d396fae9206628714fb2ce00f72e94f2258f",
                     *k_sha256_a = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

// "KIND digest path size", of the last line.
QString said_of(const QByteArray& lines) {
    DigestList list;
    DigestList::Line last;
    for (const auto& line : lines.split('\n')) last = list.read({line.constData(), static_cast<std::size_t>(line.size())});
    if (last.kind == DigestList::Line::Kind::nothing) return "nothing";
    if (last.kind == DigestList::Line::Kind::bad) return "bad: " + QString::fromStdString(std::string(last.why));
    return QString::fromStdString(base::to_hex(last.file.digest)) + " [" + QString::fromStdString(last.file.path) + "] " + (last.file.size ? QString::number(*last.file.size) : "-");
}

}  // namespace

class DigestListTest : public QObject {
    Q_OBJECT
private slots:
    void lines_data() {
        QTest::addColumn<QByteArray>("lines");
        QTest::addColumn<QString>("expected");
        const QByteArray md5 = k_md5_a, sha1 = k_sha1_a, sha256 = k_sha256_a;
        const auto is = [](const QByteArray& digest, const char* path, const char* size = "-") { return QString(digest) + " [" + path + "] " + size; };
        QTest::newRow("md5sum") << md5 + "  a" << is(md5, "a");
        QTest::newRow("binary mark") << sha1 + " *a b" << is(sha1, "a b");
        QTest::newRow("a name that begins with spaces") << md5 + "    a" << is(md5, "  a");
        QTest::newRow("escaped") << "\\" + md5 + "  new\\nline\\\\b\\r" << is(md5, "new\nline\\b\r");
        QTest::newRow("a backslash that is no escape") << md5 + "  new\\nline" << is(md5, "new\\nline");
        QTest::newRow("escaped in no known way") << "\\" + md5 + "  a\\tb" << "bad: a file name that is escaped in no known way";
        QTest::newRow("capitals") << sha256.toUpper() + "  a" << is(sha256, "a");
        QTest::newRow("carriage return") << md5 + "  a\r" << is(md5, "a");
        QTest::newRow("byte order mark") << "\xef\xbb\xbf" + md5 + "  a" << is(md5, "a");
        QTest::newRow("plain") << sha256 << is(sha256, "");
        QTest::newRow("tag") << "SHA256 (a (1).txt) = " + sha256 << is(sha256, "a (1).txt");
        QTest::newRow("escaped tag") << "\\MD5 (new\\nline) = " + md5 << is(md5, "new\nline");
        QTest::newRow("tag of another length") << "SHA1 (a) = " + md5 << "bad: no digest";
        QTest::newRow("tag of another kind") << "SHA512 (a) = " + sha256 + sha256 << "bad: a digest of a kind that files are not compared by";
        QTest::newRow("sha512sum") << sha256 + sha256 + "  a" << "bad: a digest of a kind that files are not compared by";
        QTest::newRow("md5deep -c") << md5 + ",/x/with,comma" << is(md5, "/x/with,comma");
        QTest::newRow("md5deep -z") << "         6  " + md5 + "  /x/a" << is(md5, "/x/a", "6");
        QTest::newRow("sha256deep -zc") << "         6, " + sha256 + ",/x/a" << is(sha256, "/x/a", "6");
        const QByteArray deep = "%%%% HASHDEEP-1.0\n%%%% size,md5,sha256,filename\n## Invoked from: /x\n";
        QTest::newRow("hashdeep") << deep + "6," + md5 + "," + sha256 + ",/x/a,b" << is(sha256, "/x/a,b", "6");
        QTest::newRow("hashdeep without its strongest digest") << deep + "6," + md5 + ",,/x/a" << is(md5, "/x/a", "6");
        QTest::newRow("hashdeep, a cut row") << deep + "6," + md5 << "bad: a row with fewer columns than its header";
        QTest::newRow("hashdeep's comment") << deep << "nothing";
        QTest::newRow("comment") << QByteArray("# made by") << "nothing";
        QTest::newRow("words") << QByteArray("this is no list") << "bad: no digest";
        QTest::newRow("a digit too few") << md5.chopped(1) + "  a" << "bad: no digest";
        QTest::newRow("zeros") << md5 + QByteArray("  a\0b", 5) << "bad: zero bytes in the line (a list that was made with --zero: make it without)";
        QTest::newRow("a number alone") << QByteArray("12") << "bad: no digest";
        QTest::newRow("a number that is too large") << QByteArray("99999999999999999999  ") + md5 << "bad: no digest";
    }
    void lines() {
        QFETCH(QByteArray, lines);
        QFETCH(QString, expected);
        QCOMPARE(said_of(lines), expected);
    }
};
DEADBOX_TEST(DigestListTest)
#include "digest_list_test.moc"
