// A file of the evidence as text: a window of it at a time, encoding chosen by content or by hand, found words marked.
#pragma once

#include <QPointer>
#include <QWidget>

#include "gui/models/evidence_bytes.hpp"
#include "gui/widgets/text_decoder.hpp"

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QToolButton;

namespace deadbox::gui {

class CodeColours;

class TextView final : public QWidget {
    Q_OBJECT
public:
    explicit TextView(QWidget* parent = nullptr);

    static constexpr quint64 k_window = 512 * 1024;  // bytes shown at once

    // `name` chooses the colours. `bytes` is kept until the next call and may be null for nothing.
    void show_file(EvidenceBytes* bytes, qint64 inode, quint64 size, const QString& name);
    // Marks and shows this line (from 1) of the window that is shown, now or when it is there.
    void mark_line(int line);
    void find(const QString& text);
    QString shown_text() const;

Q_SIGNALS:
    void failed(const QString& why);

protected:
    void changeEvent(QEvent* event) override;

private:
    void fetch(quint64 offset);
    void take(const QByteArray& bytes);
    void decode();
    void show_place();

    QPointer<EvidenceBytes> m_source;
    qint64 m_inode = 0;
    quint64 m_size = 0, m_offset = 0, m_asked = 0;
    QString m_name;
    QByteArray m_bytes;
    int m_marked = 0;
    bool m_chosen_by_hand = false;

    QComboBox* m_encoding;
    QLineEdit* m_find;
    QLabel* m_place;
    QToolButton *m_back, *m_forth;
    QPlainTextEdit* m_text;
    CodeColours* m_colours;
};

}  // namespace deadbox::gui
