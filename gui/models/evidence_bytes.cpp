#include "gui/models/evidence_bytes.hpp"

#include <QFile>
#include <QMutex>
#include <QSet>

#include <fcntl.h>

#include <memory>

#include "case/database.hpp"
#include "case/writer.hpp"
#include "case/view.hpp"
#include "gui/models/disk_opener.hpp"
#include "serve/evidence_reader.hpp"

namespace deadbox::gui {

// The half that blocks.
class EvidenceThread final : public QObject {
    Q_OBJECT
public:
    EvidenceThread(const QString& case_path, const QStringList& moved) : m_case(case_path.toStdString()) {
        for (const auto& place : moved) m_moved.push_back(place.toStdString());
    }

    void forget(quint64 request) {
        const QMutexLocker lock(&m_mutex);
        m_forgotten.insert(request);
    }

    void answer(quint64 request, qint64 inode, quint64 offset, quint64 length) {
        if (is_forgotten(request)) return;
        QByteArray bytes;
        auto done = read(inode, offset, length, bytes);
        if (!done && m_reader) {  // the worker may have been lost: one fresh one
            m_reader.reset();
            bytes.clear();
            done = read(inode, offset, length, bytes);
        }
        if (is_forgotten(request)) return;
        if (done) Q_EMIT ready(request, bytes);
        else Q_EMIT failed(request, QString::fromStdString(done.error().what));
    }

Q_SIGNALS:
    void ready(quint64 request, const QByteArray& bytes);
    void failed(quint64 request, const QString& why);

private:
    bool is_forgotten(quint64 request) {
        const QMutexLocker lock(&m_mutex);
        return m_forgotten.remove(request);
    }

    base::Result<void> read(qint64 inode, quint64 offset, quint64 length, QByteArray& bytes) {
        if (!m_reader) {
            TRY_ASSIGN(const case_file::View view, case_file::View::open(m_case));
            if (m_moved.empty()) TRY(open_attached_disks(view));
            TRY_ASSIGN(m_reader, serve::EvidenceReader::open_case(view.database(), m_moved));
        }
        return m_reader->read(case_file::inode_tree(inode), case_file::inode_number(inode), offset, length, [&](base::ByteView piece) {
            bytes.append(reinterpret_cast<const char*>(piece.data()), static_cast<qsizetype>(piece.size()));
            return base::Next::go_on;
        });
    }

    // Of a case of attached disks the worker gets descriptors: this process may not open them by itself.
    base::Result<void> open_attached_disks(const case_file::View& view) {
        TRY_ASSIGN(const auto evidence, case_file::evidence(view));
        std::vector<std::string> places;
        for (const auto& row : evidence) {
            if (!row.error.empty() || row.files.empty()) continue;
            const auto path = QFile::decodeName(QByteArray::fromStdString(row.files.front().path));
            places.push_back(row.files.front().path);
            if (!is_disk(path)) continue;
            TRY_ASSIGN(auto disk, open_disk(path));
            if (::fcntl(disk.get(), F_SETFD, 0) != 0) return base::fail_errno("cannot hand over " + row.files.front().path, errno);
            places.back() = "fd:" + std::to_string(disk.get());
            m_disks.push_back(std::move(disk));
        }
        if (!m_disks.empty()) m_moved = std::move(places);
        return {};
    }

    const std::string m_case;
    std::vector<base::Descriptor> m_disks;
    std::vector<std::string> m_moved;
    std::unique_ptr<serve::EvidenceReader> m_reader;
    QMutex m_mutex;
    QSet<quint64> m_forgotten;
};

EvidenceBytes::EvidenceBytes(const QString& case_path, const QStringList& moved, QObject* parent)
    : QObject(parent), m_worker(new EvidenceThread(case_path, moved)) {
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    connect(m_worker, &EvidenceThread::ready, this, &EvidenceBytes::ready);
    connect(m_worker, &EvidenceThread::failed, this, &EvidenceBytes::failed);
    m_thread.setObjectName(QStringLiteral("evidence"));
    m_thread.start();
}

EvidenceBytes::~EvidenceBytes() {
    m_thread.quit();
    m_thread.wait();
}

quint64 EvidenceBytes::request(qint64 inode, quint64 offset, quint64 length) {
    const auto number = ++m_last;
    QMetaObject::invokeMethod(m_worker, [worker = m_worker, number, inode, offset, length = std::min(length, k_most)] {
        worker->answer(number, inode, offset, length);
    });
    return number;
}

void EvidenceBytes::forget(quint64 request) { m_worker->forget(request); }

}  // namespace deadbox::gui

#include "evidence_bytes.moc"
