// The encrypted archive: another program opens it with the password and not without, and finds the same bytes.
#include <QDir>
#include <QTemporaryDir>

#include "proof/archive.hpp"
#include "proof/authority.hpp"
#include "proof/folder.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::put;
using test::run_in;

class ArchiveTest : public QObject {
    Q_OBJECT
private slots:
    void bsdtar_opens_it() {
        QTemporaryDir folder;
        QDir().mkpath(folder.filePath("in/below"));
        put(folder.filePath("in/empty"), "");
        put(folder.filePath("in/below/Ä漢.php"), "<?php system($_GET['c']);");
        put(folder.filePath("in/big"), QByteArray(3'000'000, 'x') + "end");
        QVERIFY(QFile::link("/etc/passwd", folder.filePath("in/link")));
        const auto archive = folder.filePath("out.zip");
        const auto packed = proof::pack_encrypted(folder.filePath("in").toStdString(), "top", archive.toStdString(), "geheim ß");
        QVERIFY2(packed.has_value(), packed ? "" : packed.error().what.c_str());
        QCOMPARE(QFile::permissions(archive) & (QFileDevice::ReadGroup | QFileDevice::ReadOther), QFileDevice::Permissions());
        QVERIFY(!test::bytes_of(archive).contains("system("));
        QVERIFY(run_in(folder.path(), "bsdtar", {"-xf", "out.zip", "--passphrase", "wrong"}).status != 0);
        QDir(folder.filePath("top")).removeRecursively();
        const auto ran = run_in(folder.path(), "env", {"LC_ALL=C.UTF-8", "bsdtar", "-xf", "out.zip", "--passphrase", "geheim ß"});
        QVERIFY2(ran.status == 0, ran.err.constData());
        const auto in = *proof::scan_folder(folder.filePath("in").toStdString()), out = *proof::scan_folder(folder.filePath("top").toStdString());
        QCOMPARE(out.size(), in.size() - 1);  // the link stays behind
        for (std::size_t i = 0, j = 0; i < in.size(); ++i) {
            if (in[i].sha256.empty()) continue;
            QCOMPARE(out[j].name, in[i].name);
            QCOMPARE(out[j++].sha256, in[i].sha256);
        }
    }
    void nothing_is_overwritten_or_left_behind() {
        QTemporaryDir folder;
        put(folder.filePath("there.zip"), "mine");
        QVERIFY(!proof::pack_encrypted(folder.path().toStdString(), "t", folder.filePath("there.zip").toStdString(), "p").has_value());
        QCOMPARE(test::bytes_of(folder.filePath("there.zip")), QByteArray("mine"));
        QVERIFY(!proof::pack_encrypted(folder.filePath("missing").toStdString(), "t", folder.filePath("new.zip").toStdString(), "p").has_value());
        QVERIFY(!QFile::exists(folder.filePath("new.zip")));
    }
};
DEADBOX_TEST(ArchiveTest)
#include "archive_test.moc"
