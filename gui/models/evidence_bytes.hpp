// Bytes of files of the evidence for the viewers, read by the serving worker, never on the window's thread.
#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QThread>

#include <cstdint>

namespace deadbox::gui {

class EvidenceThread;

// Lives on the window's thread; answers there too. One request is worked on at a time, in order of asking; the worker is
// started at the first one, and once more where it was lost.
class EvidenceBytes final : public QObject {
    Q_OBJECT
public:
    // `moved`: where the evidence is now, empty for where the case says it is.
    EvidenceBytes(const QString& case_path, const QStringList& moved, QObject* parent = nullptr);
    ~EvidenceBytes() override;

    static constexpr quint64 k_most = 64ull << 20;  // bytes of one request; more is cut

    // Asks for content of the inode (row id of the case). Answered once with the number given back here, unless forgotten;
    // fewer bytes than asked for: the file ends there.
    quint64 request(qint64 inode, quint64 offset, quint64 length);
    void forget(quint64 request);

Q_SIGNALS:
    void ready(quint64 request, const QByteArray& bytes);
    // In words, for people: what could not be read and why.
    void failed(quint64 request, const QString& why);

private:
    QThread m_thread;
    EvidenceThread* m_worker;  // lives on m_thread, ends with it
    quint64 m_last = 0;
};

}  // namespace deadbox::gui
