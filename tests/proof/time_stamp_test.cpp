// Time stamps: the request is OpenSSL's own, and the answer of a real authority on this machine is checked.
#include <QDir>
#include <QTemporaryDir>

#include "proof/authority.hpp"
#include "proof/time_stamp.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::bytes_of;
using test::put;
using test::run_in;

class TimeStampTest : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    const std::string m_text = "{\"schema\": \"deadbox.manifest/1\"}\n";
    std::string m_response, m_authority;

private slots:
    void initTestCase() {
        QVERIFY(test::make_authority(m_folder.path()));
        put(m_folder.filePath("text"), QByteArray::fromStdString(m_text));
        put(m_folder.filePath("own.tsq"), QByteArray::fromStdString(proof::time_stamp_request(m_text)));
        QVERIFY(test::answer_request(m_folder.path(), "own.tsq", "own.tsr"));
        m_response = bytes_of(m_folder.filePath("own.tsr")).toStdString();
        m_authority = bytes_of(m_folder.filePath("ca.pem")).toStdString();
    }
    void request_is_openssl_s() {
        QCOMPARE(run_in(m_folder.path(), "openssl", {"ts", "-query", "-data", "text", "-sha256", "-cert", "-no_nonce", "-out", "peer.tsq"}).status, 0);
        QCOMPARE(bytes_of(m_folder.filePath("own.tsq")), bytes_of(m_folder.filePath("peer.tsq")));
    }
    void response_is_checked() {
        QCOMPARE(run_in(m_folder.path(), "openssl", {"ts", "-verify", "-data", "text", "-in", "own.tsr", "-CAfile", "ca.pem"}).status, 0);
        const auto blind = proof::check_time_stamp(m_text, m_response, "");
        QVERIFY2(blind.good, blind.reason.c_str());
        QVERIFY(!blind.trusted && blind.distrust.empty());
        QCOMPARE(blind.authority, std::string("CN=Time Stamps,O=Test"));
        QVERIFY(blind.time.starts_with(QDateTime::currentDateTimeUtc().toString("yyyy-").toStdString()) && !blind.serial.empty());
        const auto trusted = proof::check_time_stamp(m_text, m_response, m_authority);
        QVERIFY2(trusted.good && trusted.trusted, (trusted.reason + trusted.distrust).c_str());
    }
    void other_text_and_other_authorities() {
        QVERIFY(!proof::check_time_stamp(m_text + " ", m_response, m_authority).good);
        QCOMPARE(run_in(m_folder.path(), "openssl", {"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "o.key", "-out", "o.pem", "-subj", "/CN=Other"}).status, 0);
        const auto other = proof::check_time_stamp(m_text, m_response, bytes_of(m_folder.filePath("o.pem")).toStdString());
        QVERIFY(other.good && !other.trusted && !other.distrust.empty());
    }
    // A certificate that is not for time stamps cannot make one.
    void signer_of_another_purpose() {
        QDir().mkpath(m_folder.filePath("wrong"));
        for (const char* name : {"ca.pem", "tsa.cnf"}) put(m_folder.filePath("wrong/") + name, bytes_of(m_folder.filePath(name)));
        put(m_folder.filePath("wrong/tsa.pem"), bytes_of(m_folder.filePath("examiner.pem")));
        put(m_folder.filePath("wrong/tsa.key"), bytes_of(m_folder.filePath("examiner.key")));
        QVERIFY(!test::answer_request(m_folder.filePath("wrong"), "../own.tsq", "own.tsr"));  // openssl refuses to make one, so there is none to accept
    }
    // With the authority at hand, no byte of the signed parts can be changed; what may stay unnoticed lies outside of them.
    void changed_bytes() {
        int unnoticed = 0;
        for (std::size_t i = 0; i < m_response.size(); ++i) {
            auto changed = m_response;
            changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 8)));
            const auto verdict = proof::check_time_stamp(m_text, changed, m_authority);
            if (!verdict.good || !verdict.trusted) continue;
            ++unnoticed;
            const auto whole = proof::check_time_stamp(m_text, m_response, m_authority);
            QCOMPARE(verdict.time, whole.time);
            QCOMPARE(verdict.serial, whole.serial);
            QCOMPARE(verdict.authority, whole.authority);
        }
        QVERIFY2(unnoticed * 2 < static_cast<int>(m_response.size()), qPrintable(QString::number(unnoticed)));
    }
    void cut_short() {
        for (std::size_t size = 0; size < m_response.size(); size += 7) QVERIFY(!proof::check_time_stamp(m_text, m_response.substr(0, size), "").good);
        QVERIFY(!proof::check_time_stamp(m_text, m_response + "x", "").good);
    }
};
DEADBOX_TEST(TimeStampTest)
#include "time_stamp_test.moc"
