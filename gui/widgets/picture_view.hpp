// A picture of the evidence, decoded by the locked-down deadbox-preview and blurred until it is asked for.
#pragma once

#include <QImage>
#include <QWidget>

#include <memory>

#include "gui/models/preview_run.hpp"

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

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void take(const PreviewAnswer& answer);
    void say(const QString& words);

    std::unique_ptr<PreviewRun> m_run;
    QImage m_picture, m_blur;
    QString m_words;
    bool m_blurred = true;
    QPushButton* m_reveal;
};

}  // namespace deadbox::gui
