// Bytes as hexadecimal and text, of a file of any size: only what is seen is fetched.
#pragma once

#include <QAbstractScrollArea>
#include <QCache>
#include <QHash>
#include <QPointer>

#include <optional>
#include <vector>

#include "gui/models/evidence_bytes.hpp"

namespace deadbox::gui {

// A stretch of bytes that means something: shown with a tint, and its label as the tip.
struct HexMarker {
    quint64 offset = 0, length = 0;
    int depth = 0;  // inside another one
    QString label;
};

class HexView final : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit HexView(QWidget* parent = nullptr);

    // Shows `size` bytes of the inode; `bytes` is kept until the next call and may be null for nothing.
    void show_file(EvidenceBytes* bytes, qint64 inode, quint64 size);
    void set_markers(std::vector<HexMarker> markers);
    const std::vector<HexMarker>& markers() const { return m_markers; }  // by offset, the outer before the inner
    // Puts the cursor there and shows it; beyond the end: at the last byte.
    void go_to(quint64 offset);
    quint64 cursor() const { return m_cursor; }
    // The selected bytes as "de ad be ef", at most 1 MiB of those that are loaded.
    QString selected_hex() const;
    QString selected_text() const;

Q_SIGNALS:
    void cursor_moved(quint64 offset);
    void failed(const QString& why);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    static constexpr quint64 k_block = 64 * 1024;     // fetched at once

    struct Columns {
        int digit = 0, row = 0, hex = 0, text = 0;  // widths of a digit and height of a row; x of the two columns
    };
    Columns columns() const;
    quint64 rows() const { return (m_size + quint64(m_row) - 1) / quint64(m_row); }
    Columns columns_of(int bytes) const;
    void scroll_to_row(quint64 row);
    quint64 first_row() const;
    int visible_rows() const;
    std::optional<quint64> byte_at(QPoint place) const;
    // The byte where it is loaded; asks for its block otherwise.
    std::optional<quint8> byte(quint64 offset);
    std::optional<quint8> loaded(quint64 offset) const;
    const HexMarker* marker_at(quint64 offset) const;
    std::pair<quint64, quint64> selection() const { return {std::min(m_anchor, m_cursor), std::max(m_anchor, m_cursor)}; }
    void move_to(quint64 offset, bool keep_anchor);
    void update_scroll_bar();

    QPointer<EvidenceBytes> m_bytes;
    qint64 m_inode = 0;
    quint64 m_size = 0, m_cursor = 0, m_anchor = 0;
    int m_row = 16;  // bytes of a row: half of that where the text beside them would not be seen
    QCache<quint64, QByteArray> m_blocks{128};
    QHash<quint64, quint64> m_asked;  // request -> block
    std::vector<HexMarker> m_markers;
};

}  // namespace deadbox::gui
