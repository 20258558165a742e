// A certificate authority of a test's own, made with the openssl program: a root, an examiner and a time stamp authority.
#pragma once

#include <QString>
#include <QStringList>

namespace deadbox::test {

struct Ran {
    int status = -1;
    QByteArray out, err;
};
Ran run_in(const QString& folder, const QString& program, const QStringList& arguments);

// Into `folder`: ca.pem, examiner.pem and .key (RSA), curve.pem and .key (ECDSA), tsa.pem and .key, tsa.cnf. False where openssl fails.
bool make_authority(const QString& folder);
// The response of that time stamp authority.
bool answer_request(const QString& authority, const QString& request, const QString& response);

QByteArray bytes_of(const QString& path);
void put(const QString& path, const QByteArray& bytes);

}  // namespace deadbox::test
