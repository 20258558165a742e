#include "proof/authority.hpp"

#include <QFile>
#include <QProcess>

namespace deadbox::test {

Ran run_in(const QString& folder, const QString& program, const QStringList& arguments) {
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(program, arguments);
    process.waitForFinished(60'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}

QByteArray bytes_of(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void put(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    if (file.open(QIODevice::WriteOnly | QIODevice::Truncate)) file.write(bytes);
}

bool make_authority(const QString& folder) {
    put(folder + "/tsa.cnf",
        "[req]\ndistinguished_name=dn\n[dn]\n"
        "[root]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
        "[signer]\nbasicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\n"
        "[stamps]\nbasicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n"
        "[tsa]\ndefault_tsa=authority\n[authority]\nserial=./serial\ncrypto_device=builtin\nsigner_cert=./tsa.pem\ncerts=./ca.pem\nsigner_key=./tsa.key\n"
        "signer_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256\naccuracy=secs:1\nordering=yes\ntsa_name=yes\ness_cert_id_chain=no\ness_cert_id_alg=sha256\n");
    const auto openssl = [&](const QStringList& arguments) { return run_in(folder, "openssl", arguments).status == 0; };
    if (!openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/O=Test/CN=Root", "-days", "3650", "-config", "tsa.cnf", "-extensions", "root"})) return false;
    const auto issue = [&](const QString& name, const QString& subject, const QString& extensions, const QStringList& key) {
        return openssl(QStringList{"req", "-newkey"} + key + QStringList{"-nodes", "-keyout", name + ".key", "-out", name + ".csr", "-subj", subject, "-config", "tsa.cnf"}) &&
               openssl({"x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", name + ".pem", "-days", "3650", "-extfile", "tsa.cnf", "-extensions", extensions});
    };
    const QStringList rsa{"rsa:2048"}, curve{"ec", "-pkeyopt", "ec_paramgen_curve:P-256"};
    return issue("examiner", "/O=Test/CN=Examiner Müller", "signer", rsa) && issue("curve", "/O=Test/CN=Curve", "signer", curve) && issue("tsa", "/O=Test/CN=Time Stamps", "stamps", rsa);
}

bool answer_request(const QString& authority, const QString& request, const QString& response) {
    return run_in(authority, "openssl", {"ts", "-reply", "-config", "tsa.cnf", "-section", "authority", "-queryfile", request, "-out", response}).status == 0;
}

}  // namespace deadbox::test
