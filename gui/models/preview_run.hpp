// deadbox-preview as a child: one process for one file and one way of looking at it. It is believed in nothing: what it
// says is bounded and checked, and it gets bytes of its file alone.
#pragma once

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QProcess>
#include <QTimer>

#include <memory>
#include <vector>

#include "gui/models/evidence_bytes.hpp"
#include "gui/models/preview_answer.hpp"
#include "ipc/frame.hpp"
#include "preview/kind.hpp"

namespace deadbox::gui {

struct PreviewSource {
    qint64 inode = 0;
    qint64 size = -1;  // -1: there is none
};

class PreviewRun final : public QObject {
    Q_OBJECT
public:
    PreviewRun(preview::Kind kind, EvidenceBytes* bytes, std::vector<PreviewSource> sources, QObject* parent = nullptr);
    ~PreviewRun() override;

    // Answered once, with answered() or failed(); an order that is under way is dropped.
    void ask(const std::string& part = {}, qint64 after = 0, qint64 most = 500);
    bool is_busy() const { return m_answer != nullptr; }
    qint64 process_id() const { return m_process ? m_process->processId() : 0; }
    static QString program();

Q_SIGNALS:
    void answered(const deadbox::gui::PreviewAnswer& answer);
    void failed(const QString& why);

private:
    void start();
    void let_go();
    void stop();
    void read();
    void take(ipc::Message& message);
    void take_need(ipc::Message& message);
    void give_up(const QString& why);
    void write(const std::string& frame);

    const preview::Kind m_kind;
    QPointer<EvidenceBytes> m_bytes;
    const std::vector<PreviewSource> m_sources;
    QPointer<QProcess> m_process;
    ipc::FrameBuffer m_frames;
    quint64 m_asked = 0;       // of m_bytes
    std::size_t m_taken = 0;   // bytes of the answer so far
    qsizetype m_pixels = 0;
    std::unique_ptr<PreviewAnswer> m_answer;
    QTimer m_patience;
};

}  // namespace deadbox::gui
