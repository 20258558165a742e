#include "gui/widgets/hex_view.hpp"

#include <QApplication>
#include <QClipboard>
#include <QFontDatabase>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>

namespace deadbox::gui {
namespace {

constexpr int k_wide_row = 16, k_narrow_row = 8;
constexpr int k_offset_digits = 12, k_usual_digits = 8;

int offset_digits(quint64 size) { return size >> (4 * k_usual_digits) == 0 ? k_usual_digits : k_offset_digits; }
constexpr int k_gap = 2;  // digits between the columns
constexpr quint64 k_copied_at_most = 1 << 20;
constexpr quint64 k_scroll_steps = 1u << 30;  // of the scroll bar, whose numbers are 32 bits

char printable(quint8 byte) { return byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '.'; }

QColor blend(const QColor& a, const QColor& b, double share) {
    return QColor::fromRgbF(a.redF() * (1 - share) + b.redF() * share, a.greenF() * (1 - share) + b.greenF() * share, a.blueF() * (1 - share) + b.blueF() * share);
}

}  // namespace

HexView::HexView(QWidget* parent) : QAbstractScrollArea(parent) {
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Bytes in hexadecimal"));
    setFrameShape(QFrame::NoFrame);
    viewport()->setCursor(Qt::IBeamCursor);
}

void HexView::show_file(EvidenceBytes* bytes, qint64 inode, quint64 size) {
    if (m_bytes) {
        m_bytes->disconnect(this);
        for (auto asked = m_asked.keyBegin(); asked != m_asked.keyEnd(); ++asked) m_bytes->forget(*asked);
    }
    m_asked.clear();
    m_blocks.clear();
    m_markers.clear();
    m_bytes = bytes;
    m_inode = inode;
    m_size = bytes ? size : 0;
    m_cursor = m_anchor = 0;
    if (m_bytes) {
        connect(m_bytes, &EvidenceBytes::ready, this, [this](quint64 request, const QByteArray& content) {
            const auto asked = m_asked.constFind(request);
            if (asked == m_asked.constEnd()) return;
            m_blocks.insert(*asked, new QByteArray(content));
            m_asked.erase(asked);
            viewport()->update();
        });
        connect(m_bytes, &EvidenceBytes::failed, this, [this](quint64 request, const QString& why) {
            const auto asked = m_asked.constFind(request);
            if (asked == m_asked.constEnd()) return;
            m_blocks.insert(*asked, new QByteArray);  // not asked for again
            m_asked.erase(asked);
            Q_EMIT failed(why);
            viewport()->update();
        });
    }
    update_scroll_bar();
    verticalScrollBar()->setValue(0);
    viewport()->update();
}

void HexView::set_markers(std::vector<HexMarker> markers) {
    m_markers = std::move(markers);
    std::sort(m_markers.begin(), m_markers.end(), [](const auto& a, const auto& b) { return std::tie(a.offset, a.depth, b.length) < std::tie(b.offset, b.depth, a.length); });
    viewport()->update();
}

void HexView::go_to(quint64 offset) { move_to(offset, false); }

HexView::Columns HexView::columns_of(int bytes) const {
    const QFontMetrics metrics(font());
    const int digit = metrics.horizontalAdvance(QLatin1Char('0'));
    const int hex = digit * (offset_digits(m_size) + k_gap);
    return {digit, std::max(metrics.height() + 4, 1), hex, hex + digit * (bytes * 3 + 1 + k_gap)};
}

HexView::Columns HexView::columns() const { return columns_of(m_row); }

int HexView::visible_rows() const { return std::max(1, viewport()->height() / columns().row); }

quint64 HexView::first_row() const {
    const auto last = rows() > quint64(visible_rows()) ? rows() - quint64(visible_rows()) : 0;
    const auto value = quint64(verticalScrollBar()->value());
    if (last <= k_scroll_steps) return std::min(value, last);
    return static_cast<quint64>(static_cast<long double>(value) / k_scroll_steps * last);
}

void HexView::update_scroll_bar() {
    const auto width_of = [&](int bytes) { return columns_of(bytes).text + columns_of(bytes).digit * (bytes + 1); };
    const int wanted = width_of(k_wide_row) <= viewport()->width() ? k_wide_row : k_narrow_row;
    const auto top = first_row() * quint64(m_row);
    const bool turned = wanted != std::exchange(m_row, wanted);
    const auto last = rows() > quint64(visible_rows()) ? rows() - quint64(visible_rows()) : 0;
    verticalScrollBar()->setRange(0, static_cast<int>(std::min(last, k_scroll_steps)));
    verticalScrollBar()->setPageStep(visible_rows());
    if (turned) scroll_to_row(top / quint64(m_row));
    horizontalScrollBar()->setRange(0, std::max(0, width_of(m_row) - viewport()->width()));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(columns().digit * 3);
}

void HexView::scroll_to_row(quint64 row) {
    const auto last = rows() > quint64(visible_rows()) ? rows() - quint64(visible_rows()) : 0;
    const auto value = last <= k_scroll_steps ? std::min(row, last) : static_cast<quint64>(static_cast<long double>(row) / last * k_scroll_steps);
    verticalScrollBar()->setValue(static_cast<int>(value));
}

std::optional<quint8> HexView::loaded(quint64 offset) const {
    const auto* block = m_blocks.object(offset / k_block);
    const auto at = static_cast<qsizetype>(offset % k_block);
    if (!block || at >= block->size()) return {};
    return static_cast<quint8>(block->at(at));
}

std::optional<quint8> HexView::byte(quint64 offset) {
    const auto number = offset / k_block;
    if (!m_blocks.contains(number)) {
        if (std::find(m_asked.cbegin(), m_asked.cend(), number) == m_asked.cend())
            m_asked.insert(m_bytes->request(m_inode, number * k_block, k_block), number);
        return {};
    }
    return loaded(offset);
}

const HexMarker* HexView::marker_at(quint64 offset) const {
    const HexMarker* found = nullptr;  // the innermost: the deepest, of these the last that begins before it
    for (const auto& marker : m_markers) {
        if (marker.offset > offset) break;
        if (offset - marker.offset < marker.length && (!found || marker.depth >= found->depth)) found = &marker;
    }
    return found;
}

void HexView::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    const auto colours = palette();
    painter.fillRect(viewport()->rect(), colours.base());
    if (!m_bytes || m_size == 0) {
        painter.setPen(colours.color(QPalette::PlaceholderText));
        painter.drawText(viewport()->rect(), Qt::AlignCenter, m_bytes ? tr("The file is empty.") : tr("Nothing is chosen."));
        return;
    }
    const auto at = columns();
    painter.translate(-horizontalScrollBar()->value(), 0);
    const int baseline = QFontMetrics(font()).ascent() + 2;
    const auto quiet = colours.color(QPalette::PlaceholderText), plain = colours.color(QPalette::Text);
    const auto marked = blend(colours.color(QPalette::Base), colours.color(QPalette::Highlight), 0.22);
    const auto [from, to] = selection();
    const auto top = first_row();
    for (int line = 0; line <= visible_rows() && top + quint64(line) < rows(); ++line) {
        const quint64 start = (top + quint64(line)) * m_row;
        const int y = line * at.row;
        painter.setPen(quiet);
        painter.drawText(0, y + baseline, QStringLiteral("%1").arg(start, offset_digits(m_size), 16, QLatin1Char('0')));
        for (int column = 0; column < m_row && start + quint64(column) < m_size; ++column) {
            const quint64 offset = start + quint64(column);
            const int hex = at.hex + at.digit * (column * 3 + (column >= m_row / 2 ? 1 : 0)), text = at.text + at.digit * column;
            const bool chosen = offset >= from && offset <= to;
            if (chosen || marker_at(offset)) {
                const auto tint = chosen ? colours.color(QPalette::Highlight) : marked;
                painter.fillRect(hex - at.digit / 2, y, at.digit * 3, at.row, tint);
                painter.fillRect(text, y, at.digit, at.row, tint);
            }
            const auto value = byte(offset);
            painter.setPen(chosen ? colours.color(QPalette::HighlightedText) : value && *value ? plain : quiet);
            painter.drawText(hex, y + baseline, value ? QStringLiteral("%1").arg(*value, 2, 16, QLatin1Char('0')) : QStringLiteral("··"));
            painter.setPen(chosen ? colours.color(QPalette::HighlightedText) : value && printable(*value) != '.' ? plain : quiet);
            painter.drawText(text, y + baseline, QString(value ? QChar(QLatin1Char(printable(*value))) : QChar(u'·')));
        }
    }
    if (hasFocus()) {
        painter.setPen(colours.color(QPalette::Highlight));
        const auto line = m_cursor / m_row;
        if (line >= top && line - top <= quint64(visible_rows())) {
            const int column = static_cast<int>(m_cursor % m_row);
            painter.drawRect(at.hex + at.digit * (column * 3 + (column >= m_row / 2 ? 1 : 0)) - 2, static_cast<int>(line - top) * at.row, at.digit * 2 + 3, at.row - 1);
        }
    }
}

void HexView::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    update_scroll_bar();
}

void HexView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange) update_scroll_bar();
    QAbstractScrollArea::changeEvent(event);
}

std::optional<quint64> HexView::byte_at(QPoint place) const {
    const auto at = columns();
    const int x = place.x() + horizontalScrollBar()->value();
    int column = 0;
    if (x >= at.text) column = (x - at.text) / std::max(1, at.digit);
    else if (x >= at.hex) column = std::min((x - at.hex + at.digit / 2) / std::max(1, at.digit * 3), m_row - 1);
    column = std::clamp(column, 0, m_row - 1);
    const quint64 offset = (first_row() + quint64(std::max(0, place.y()) / at.row)) * m_row + quint64(column);
    if (offset >= m_size) return {};
    return offset;
}

void HexView::move_to(quint64 offset, bool keep_anchor) {
    if (m_size == 0) return;
    m_cursor = std::min(offset, m_size - 1);
    if (!keep_anchor) m_anchor = m_cursor;
    const auto line = m_cursor / m_row, top = first_row();
    const auto shown = quint64(visible_rows());
    if (line < top || line >= top + shown) {
        scroll_to_row(line > shown / 2 ? line - shown / 2 : 0);
    }
    viewport()->update();
    Q_EMIT cursor_moved(m_cursor);
}

void HexView::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        QApplication::clipboard()->setText(selected_hex());
        return;
    }
    if (event->matches(QKeySequence::SelectAll)) {
        m_anchor = 0;
        move_to(m_size, true);
        return;
    }
    const bool keep = event->modifiers() & Qt::ShiftModifier, far = event->modifiers() & Qt::ControlModifier;
    const auto page = quint64(visible_rows()) * m_row;
    const auto back = [&](quint64 by) { move_to(m_cursor > by ? m_cursor - by : 0, keep); };
    const auto forth = [&](quint64 by) { move_to(m_cursor + by, keep); };
    switch (event->key()) {
        case Qt::Key_Left: return back(1);
        case Qt::Key_Right: return forth(1);
        case Qt::Key_Up: return back(m_cursor >= quint64(m_row) ? quint64(m_row) : 0);
        case Qt::Key_Down: return forth(m_cursor + quint64(m_row) < m_size ? quint64(m_row) : 0);
        case Qt::Key_PageUp: return back(page);
        case Qt::Key_PageDown: return forth(page);
        case Qt::Key_Home: return move_to(far ? 0 : m_cursor - m_cursor % m_row, keep);
        case Qt::Key_End: return move_to(far ? m_size : m_cursor - m_cursor % m_row + m_row - 1, keep);
        default: QAbstractScrollArea::keyPressEvent(event);
    }
}

void HexView::mousePressEvent(QMouseEvent* event) {
    if (const auto offset = byte_at(event->pos()); offset && event->button() == Qt::LeftButton) move_to(*offset, event->modifiers() & Qt::ShiftModifier);
}

void HexView::mouseMoveEvent(QMouseEvent* event) {
    if (const auto offset = byte_at(event->pos()); offset && event->buttons() & Qt::LeftButton) move_to(*offset, true);
}

bool HexView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto offset = byte_at(help->pos());
        const auto* marker = offset ? marker_at(*offset) : nullptr;
        if (marker) QToolTip::showText(help->globalPos(), QStringLiteral("<p style='white-space:pre'>%1</p>").arg(marker->label.toHtmlEscaped()), viewport());
        else QToolTip::hideText();
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

QString HexView::selected_hex() const {
    const auto [from, to] = selection();
    QStringList digits;
    for (quint64 offset = from; offset <= to && offset - from < k_copied_at_most; ++offset) {
        const auto value = loaded(offset);
        if (!value) break;
        digits << QStringLiteral("%1").arg(*value, 2, 16, QLatin1Char('0'));
    }
    return digits.join(QLatin1Char(' '));
}

QString HexView::selected_text() const {
    const auto [from, to] = selection();
    QString text;
    for (quint64 offset = from; offset <= to && offset - from < k_copied_at_most; ++offset) {
        const auto value = loaded(offset);
        if (!value) break;
        text += QLatin1Char(printable(*value));
    }
    return text;
}

}  // namespace deadbox::gui
