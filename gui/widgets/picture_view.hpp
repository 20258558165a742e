// A picture of the evidence, decoded by the locked-down deadbox-preview and blurred until it is asked for.
#pragma once

#include <QImage>
#include <QPointer>
#include <QProcess>
#include <QWidget>

#include "gui/models/evidence_bytes.hpp"

class QPushButton;

namespace deadbox::gui {

class PictureView final : public QWidget {
    Q_OBJECT
public:
    explicit PictureView(QWidget* parent = nullptr);
    ~PictureView() override;

    // `bytes` is kept until the next call and may be null for nothing.
    void show_file(EvidenceBytes* bytes, qint64 inode, quint64 size);
    bool is_blurred() const { return m_blurred; }
    void set_blurred(bool blurred);
    // The decoded picture, null before it is there.
    const QImage& picture() const { return m_picture; }

Q_SIGNALS:
    void shown();
    void failed(const QString& why);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void decode(const QByteArray& bytes);
    void take(const QByteArray& pixels);
    void say(const QString& words);
    void stop_decoder();

    EvidenceBytes* m_source = nullptr;
    quint64 m_asked = 0;
    QPointer<QProcess> m_decoder;
    QImage m_picture, m_blur;
    QString m_words;
    bool m_blurred = true;
    QPushButton* m_reveal;
};

}  // namespace deadbox::gui
