// A folder that was closed: what was changed is named, byte by byte; OpenSSL's own program agrees with the signatures.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <functional>

#include "proof/authority.hpp"
#include "proof/check.hpp"
#include "proof/seal_folder.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using proof::Outcome;
using test::bytes_of;
using test::put;
using test::run_in;

class SealTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    QString authority() const { return m_folder.filePath("authority"); }

    proof::Signer signer(const QString& kind) const {
        const auto file = [&](const char* name) { return (authority() + "/" + name).toStdString(); };
        const auto loaded = kind == "ed25519" ? proof::load_signer(file("own.pem"), "") : kind == "rsa" ? proof::load_signer(file("examiner.key"), file("examiner.pem")) : proof::load_signer(file("curve.key"), file("curve.pem"));
        if (!loaded) throw std::runtime_error(loaded.error().what);
        return *loaded;
    }

    // A sealed folder with two files, one below a folder.
    QString sealed(const QString& name, const std::optional<proof::Signer>& by) const {
        const auto folder = m_folder.filePath(name);
        QDir(folder).removeRecursively();
        QDir().mkpath(folder + "/below");
        put(folder + "/report.json", "{}\n");
        put(folder + "/below/x.txt", "copy");
        proof::Manifest about;
        about.content = "report", about.tool = "deadbox test", about.case_number = "7", about.custody_head = std::string(64, 'a');
        about.files = *proof::scan_folder(folder.toStdString());
        if (!proof::seal_folder(folder.toStdString(), about, by)) return {};
        return folder;
    }

    static std::vector<proof::Check> check(const QString& folder, const proof::CheckOptions& options = {}) {
        const auto verdict = proof::check_folder(folder.toStdString(), options);
        return verdict ? verdict->checks : std::vector<proof::Check>{{"folder", Outcome::differs, verdict.error().what}};
    }
    static QString text(const std::vector<proof::Check>& checks, Outcome outcome) {
        QString all;
        for (const auto& one : checks)
            if (one.outcome == outcome) all += QString::fromStdString(one.what + ": " + one.detail + "\n");
        return all;
    }
    static QString differing(const QString& folder, const proof::CheckOptions& options = {}) { return text(check(folder, options), Outcome::differs); }

private slots:
    void initTestCase() {
        QVERIFY(QDir().mkpath(authority()));
        QVERIFY(test::make_authority(authority()));
        QCOMPARE(run_in(authority(), "openssl", {"genpkey", "-algorithm", "ED25519", "-out", "own.pem"}).status, 0);
    }

    void kinds_data() {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"ed25519", "rsa", "ecdsa"}) QTest::newRow(kind) << kind;
    }

    void untouched_holds_data() { kinds_data(); }
    void untouched_holds() {
        QFETCH(QString, kind);
        const auto folder = sealed(kind, signer(kind));
        QCOMPARE(differing(folder), QString());
        const auto checks = check(folder, {.signer = proof::fingerprint(signer(kind))});
        QCOMPARE(text(checks, Outcome::differs), QString());
        QVERIFY(text(checks, Outcome::holds).contains("whom you named"));
        QVERIFY(text(check(folder), Outcome::outside).contains("compare the fingerprint"));
    }

    // Every file, every byte, another bit each time: something is said to differ, and where the file is one of those that the
    // manifest lists, its name is said.
    void every_byte_counts_data() { kinds_data(); }
    void every_byte_counts() {
        QFETCH(QString, kind);
        const auto folder = sealed(kind, signer(kind));
        int bits = 0;
        const auto files = *proof::scan_folder(folder.toStdString());
        for (const auto& file : files) {
            const auto name = QString::fromStdString(file.name), path = folder + "/" + name;
            const auto whole = bytes_of(path);
            const qsizetype step = kind == "ed25519" || name.endsWith(".p7s") ? 1 : 9;  // the rest is the same for each kind
            for (qsizetype i = 0; i < whole.size(); i += step, ++bits) {
                auto changed = whole;
                changed[i] = static_cast<char>(changed[i] ^ (1 << (bits % 8)));
                put(path, changed);
                const auto said = differing(folder);
                QVERIFY2(!said.isEmpty(), qPrintable(name + " byte " + QString::number(i)));
                if (!name.startsWith("manifest.json")) QVERIFY2(said.contains(name), qPrintable(name + ": " + said));
                else QVERIFY2(said.contains(name) || said.contains("manifest.json"), qPrintable(name + ": " + said));
            }
            put(path, whole);
        }
        QCOMPARE(differing(folder), QString());
        QVERIFY(bits > 900);
    }

    void what_else_can_be_done_data() {
        QTest::addColumn<std::function<void(const QString&)>>("change");
        QTest::addColumn<QString>("said");
        using Change = std::function<void(const QString&)>;
        const auto row = [](const char* name, Change change, const char* said) { QTest::newRow(name) << change << QString(said); };
        row("file removed", [](const QString& f) { QFile::remove(f + "/report.json"); }, "report.json is missing");
        row("file added", [](const QString& f) { put(f + "/below/new.txt", "x"); }, "below/new.txt was added");
        row("folder added is no matter, its file is", [](const QString& f) { QDir().mkpath(f + "/more"); put(f + "/more/a", ""); }, "more/a was added");
        row("file made a link", [](const QString& f) { QFile::rename(f + "/report.json", f + "/../moved.json"); QFile::link("../moved.json", f + "/report.json"); }, "report.json is no longer a regular file");
        row("files exchanged", [](const QString& f) { QFile::rename(f + "/report.json", f + "/t"); QFile::rename(f + "/below/x.txt", f + "/report.json"); QFile::rename(f + "/t", f + "/below/x.txt"); }, "report.json was changed");
        row("signature removed", [](const QString& f) { QFile::remove(f + "/manifest.json.sig"); }, "manifest.json.sig is missing");
        row("key removed", [](const QString& f) { QFile::remove(f + "/signer.pem"); }, "signer.pem is missing");
        row("request removed", [](const QString& f) { QFile::remove(f + "/manifest.json.tsq"); }, "manifest.json.tsq is missing");
        row("manifest removed", [](const QString& f) { QFile::remove(f + "/manifest.json"); }, "no manifest.json");
        row("manifest emptied", [](const QString& f) { put(f + "/manifest.json", ""); }, "manifest.json was changed");
        row("manifest of another kind", [](const QString& f) { put(f + "/manifest.json", "{\"schema\":\"deadbox.manifest/1\",\"files\":[{\"name\":3,\"size\":-1}]}"); }, "manifest.json was changed");
        row("manifest rewritten, same meaning", [](const QString& f) { put(f + "/manifest.json", bytes_of(f + "/manifest.json").replace("\n  ", "\n   ")); }, "manifest.json was changed");
        row("manifest made to fit the file", [](const QString& f) {
            const auto digest = QByteArray::fromStdString(proof::write_file(f.toStdString(), "report.json", "[]\n")->sha256);
            auto manifest = bytes_of(f + "/manifest.json");
            const auto at = manifest.indexOf("\"sha256\": \"", manifest.indexOf("report.json")) + 11;
            put(f + "/manifest.json", manifest.replace(at, 64, digest));
        }, "the signature does not fit manifest.json");
        row("key swapped", [](const QString& f) {
            run_in(f, "openssl", {"genpkey", "-algorithm", "ED25519", "-out", "../other.pem"});
            run_in(f, "openssl", {"pkey", "-in", "../other.pem", "-pubout", "-out", "signer.pem"});
        }, "the key was swapped");
        const auto link = [](const char* name) { return [name](const QString& f) { QFile::rename(f + "/" + name, f + "/../" + name); QFile::link(QString("../") + name, f + "/" + name); }; };
        row("manifest made a link", link("manifest.json"), "manifest.json is a link");
        row("signature made a link", link("manifest.json.sig"), "manifest.json.sig is no regular file");
        row("request made a link", link("manifest.json.tsq"), "manifest.json.tsq is no regular file");
        row("cms added", [](const QString& f) { put(f + "/manifest.json.p7s", "x"); }, "manifest.json.p7s was added");
    }
    void what_else_can_be_done() {
        QFETCH(std::function<void(const QString&)>, change);
        QFETCH(QString, said);
        const auto folder = sealed("else", signer("ed25519"));
        change(folder);
        const auto differs = differing(folder);
        QVERIFY2(differs.contains(said), qPrintable(differs));
    }

    // Whoever makes all of it anew with a key of their own is told from the examiner by the fingerprint alone.
    void made_anew_is_found_by_the_fingerprint() {
        const auto examiner = signer("ed25519");
        const auto path = m_folder.filePath("forger.pem");
        QCOMPARE(run_in(m_folder.path(), "openssl", {"genpkey", "-algorithm", "ED25519", "-out", "forger.pem"}).status, 0);
        const auto folder = sealed("anew", *proof::load_signer(path.toStdString(), ""));
        QCOMPARE(differing(folder), QString());
        QVERIFY(text(check(folder), Outcome::outside).contains("make all of it anew"));
        QVERIFY(differing(folder, {.signer = proof::fingerprint(examiner)}).contains("another than you named"));
        QVERIFY(differing(folder, {.signer = proof::public_pem(examiner)}).contains("another than you named"));
        // And whoever strips it.
        const auto bare = sealed("bare", std::nullopt);
        QCOMPARE(differing(bare), QString());
        QVERIFY(text(check(bare), Outcome::outside).contains("not signed"));
        QVERIFY(differing(bare, {.signer = proof::fingerprint(examiner)}).contains("there is no signature"));
    }

    void openssl_agrees() {
        const auto folder = sealed("openssl", signer("ed25519"));
        const QStringList verify{"pkeyutl", "-verify", "-pubin", "-inkey", "signer.pem", "-rawin", "-in", "manifest.json", "-sigfile", "manifest.json.sig"};
        QCOMPARE(run_in(folder, "openssl", verify).status, 0);
        QVERIFY(run_in(folder, "sh", {"-c", "openssl pkey -pubin -in signer.pem -outform DER | sha256sum"}).out.startsWith(QByteArray::fromStdString(proof::fingerprint(signer("ed25519")))));
        put(folder + "/manifest.json", bytes_of(folder + "/manifest.json") + " ");
        QVERIFY(run_in(folder, "openssl", verify).status != 0);
    }
    void openssl_agrees_with_certificates_data() {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"rsa", "ecdsa"}) QTest::newRow(kind) << kind;
    }
    void openssl_agrees_with_certificates() {
        QFETCH(QString, kind);
        const auto folder = sealed("cms" + kind, signer(kind));
        const QStringList verify{"cms", "-verify", "-binary", "-inform", "DER", "-in", "manifest.json.p7s", "-content", "manifest.json", "-CAfile", authority() + "/ca.pem", "-purpose", "any", "-out", "/dev/null"};
        const auto ran = run_in(folder, "openssl", verify);
        QVERIFY2(ran.status == 0, ran.err.constData());
        QVERIFY(run_in(folder, "sh", {"-c", "openssl x509 -in signer.pem -outform DER | sha256sum"}).out.startsWith(QByteArray::fromStdString(proof::fingerprint(signer(kind)))));
        const auto authorities = bytes_of(authority() + "/ca.pem").toStdString();
        QVERIFY(text(check(folder, {.authorities = authorities}), Outcome::holds).contains("an authority that you named"));
        QCOMPARE(run_in(m_folder.path(), "openssl", {"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "o.key", "-out", "o.pem", "-subj", "/CN=Other"}).status, 0);
        QVERIFY(differing(folder, {.authorities = bytes_of(m_folder.filePath("o.pem")).toStdString()}).contains("no authority that you named"));
        put(folder + "/manifest.json", bytes_of(folder + "/manifest.json") + " ");
        QVERIFY(run_in(folder, "openssl", verify).status != 0);
    }

    void sealing_twice_gives_the_same_bytes() {
        const auto one = sealed("one", signer("ed25519")), two = sealed("two", signer("ed25519"));
        for (const auto name : {"manifest.json", "manifest.json.sig", "manifest.json.tsq", "signer.pem"}) QCOMPARE(bytes_of(one + "/" + name), bytes_of(two + "/" + name));
    }

    void own_key_is_made_once_and_for_its_owner_only() {
        qputenv("XDG_CONFIG_HOME", m_folder.filePath("config").toUtf8());
        const auto first = proof::default_signer(), second = proof::default_signer();
        QVERIFY(first.has_value() && second.has_value());
        QCOMPARE(proof::fingerprint(*first), proof::fingerprint(*second));
        const auto path = m_folder.filePath("config/deadbox/signing-key.pem");
        QCOMPARE(QFile::permissions(path) & ~QFileDevice::Permissions(QFileDevice::ReadUser | QFileDevice::WriteUser), QFileDevice::Permissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner));
        QFile::setPermissions(path, QFileDevice::ReadOwner | QFileDevice::ReadGroup);
        QVERIFY(!proof::default_signer().has_value());
    }

    void keys_that_cannot_sign() {
        const auto file = [&](const char* name) { return (authority() + "/" + name).toStdString(); };
        QVERIFY(!proof::load_signer(file("examiner.key"), "").has_value());               // RSA without a certificate
        QVERIFY(!proof::load_signer(file("examiner.key"), file("curve.pem")).has_value());  // of another key
        QVERIFY(!proof::load_signer(file("examiner.pem"), file("examiner.pem")).has_value());
        QVERIFY(!proof::load_signer(file("nothing"), "").has_value());
    }
};
DEADBOX_TEST(SealTest)
#include "seal_test.moc"
