// Copies of the evidence's files, made by `deadbox extract` as a child: with hashes, manifest and signature.
#pragma once

#include <QObject>
#include <QPointer>
#include <QStringList>

class QProcess;

namespace deadbox::gui {

class CaseSession;

class EvidenceExport : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    ~EvidenceExport() override;
    bool is_running() const { return m_process != nullptr; }
    // what: the arguments that say which files, as `--all-findings`. Nothing while another runs.
    void start(const CaseSession& session, const QString& folder, const QStringList& what);

Q_SIGNALS:
    // words: what the program said where it did not end well.
    void finished(bool well, const QString& folder, const QString& words);

private:
    QPointer<QProcess> m_process;
};

}  // namespace deadbox::gui
