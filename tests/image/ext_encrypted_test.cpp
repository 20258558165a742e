// Folders that the kernel encrypted, without their keys; fixtures/make_encrypted.sh made them, and what the kernel showed then.
#include <QFile>
#include <QSet>

#include "ext_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

constexpr auto k_base64 = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

// Eight bytes of the hash of the folder's index stand before the ciphertext.
QByteArray without_hash(const QByteArray& name) { return QByteArray::fromBase64(name, k_base64).mid(8).toBase64(k_base64); }

QByteArray path_without_hashes(const QByteArray& path) {
    auto parts = path.split('/');
    if (parts.value(1).startsWith("vault"))
        for (qsizetype i = 2; i < parts.size(); ++i) parts[i] = without_hash(parts[i]);
    return parts.join('/');
}

}  // namespace

class ExtEncryptedTest : public QObject {
    Q_OBJECT
private slots:
    void names_and_targets_as_the_kernel_shows_them() {
        const QString fixtures = QStringLiteral(DEADBOX_SOURCE_DIR "/tests/image/fixtures/");
        QVERIFY(m_fixture.shell("xz -dc " + fixtures + "encrypted.img.xz > image"));
        const auto opened = test::open_ext(m_fixture.read("image"));
        QVERIFY(opened.filesystem);
        QFile stored(fixtures + "encrypted.manifest");
        QVERIFY(stored.open(QIODevice::ReadOnly));
        // path, inode, mode, owners, links; of links the target too. The kernel reads no content, and tells the length of the
        // targets that it shows, not of those that are stored.
        const auto told = [](const QList<QByteArray>& fields, const QByteArray& path) { return path + '|' + fields.mid(1, 5).join('|') + '|' + fields[12]; };
        QSet<QByteArray> expected, found;
        for (const auto& line : stored.readAll().split('\n')) {
            const auto fields = line.split('\t');
            if (fields.size() > 12) expected.insert(told(fields, path_without_hashes(fields[0])));
        }
        QVERIFY(expected.size() > 50);
        for (const auto& line : test::manifest_of(*opened.filesystem)) {
            const auto fields = line.toLatin1().split('\t');
            found.insert(told(fields, fields[0]));
        }
        QVERIFY2(expected == found, ((expected - found).values().join('\n') + "\n--\n" + (found - expected).values().join('\n')).constData());
        for (const auto* gap : {"a folder's names are encrypted", "a file's content is encrypted", "the target of a symbolic link is encrypted"})
            QVERIFY2(opened.damage->has(base::Gap::Level::gap, gap), gap);
    }

private:
    test::ImageFixture m_fixture;
};
DEADBOX_TEST(ExtEncryptedTest)
#include "ext_encrypted_test.moc"
