#include "gui/widgets/usage_bars.hpp"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

#include "gui/models/evidence_text.hpp"
#include "gui/models/time_format.hpp"
#include "gui/widgets/cell_delegate.hpp"
#include "gui/widgets/palettes.hpp"

namespace deadbox::gui {
namespace {

constexpr int k_bar_gap = 8, k_bar = 8;
constexpr double k_name_share = 0.46, k_size_share = 0.18;  // of the width

}  // namespace

UsageBars::UsageBars(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Disk use by folder"));
}

void UsageBars::set_usage(const case_file::Usage& usage) {
    m_usage = usage;
    m_row = -1;
    QStringList words;
    for (int row = 0; row < bars(); ++row) words << words_of(row);
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

int UsageBars::row_height() const { return fontMetrics().height() + 6; }
QSize UsageBars::sizeHint() const { return {320, std::max(1, bars()) * row_height()}; }

QString UsageBars::name_of(int row) const {
    const auto& folder = m_usage.folders[static_cast<std::size_t>(row)];
    return folder.rest ? tr("%1, the rest").arg(plain(folder.path)) : plain(folder.path);
}

QString UsageBars::words_of(int row) const {
    const auto& folder = m_usage.folders[static_cast<std::size_t>(row)];
    return tr("%1: %2 in %3 files").arg(name_of(row), size_text(folder.bytes), count_text(folder.files));
}

int UsageBars::row_at(const QPoint& point) const {
    const int row = point.y() / row_height();
    return point.y() < 0 || row >= bars() ? -1 : row;
}

void UsageBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_usage.folders.empty()) {
        painter.setPen(colours().quiet);
        return painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter, tr("No file is known yet"));
    }
    const int names = static_cast<int>(width() * k_name_share), sizes = static_cast<int>(width() * k_size_share), left = names + k_bar_gap, room = std::max(8, width() - names - sizes - 2 * k_bar_gap);
    const double most = static_cast<double>(std::max<std::int64_t>(1, m_usage.folders.front().bytes));
    for (int row = 0; row < bars(); ++row) {
        const auto& folder = m_usage.folders[static_cast<std::size_t>(row)];
        const QRect line(0, row * row_height(), width(), row_height());
        painter.setFont(mono_font());
        paint_evidence(painter, QRect(line.left(), line.top(), names, line.height()), {name_of(row), {}}, palette().color(folder.rest ? QPalette::PlaceholderText : QPalette::Text), colours().quiet, Qt::ElideMiddle);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colours().band);
        const QRectF track(left, line.center().y() - k_bar / 2, room, k_bar);
        painter.drawRoundedRect(track, 2, 2);
        painter.setBrush(folder.rest ? colours().line : colours().link);
        painter.drawRoundedRect(QRectF(track.left(), track.top(), std::max(2.0, room * static_cast<double>(folder.bytes) / most), k_bar), 2, 2);
        painter.setFont(font());
        painter.setPen(palette().color(QPalette::Text));
        painter.drawText(QRect(width() - sizes, line.top(), sizes, line.height()), Qt::AlignRight | Qt::AlignVCenter, size_text(folder.bytes));
        if (row == m_row && hasFocus()) {
            painter.setPen(palette().color(QPalette::Highlight));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(line.adjusted(0, 0, -1, -1));
        }
    }
}

void UsageBars::mouseReleaseEvent(QMouseEvent* event) {
    const int row = row_at(event->pos());
    if (row >= 0 && event->button() == Qt::LeftButton) Q_EMIT chosen(m_usage.folders[static_cast<std::size_t>(row)].path);
}

void UsageBars::focusInEvent(QFocusEvent* event) {
    if (m_row < 0 && bars() > 0) m_row = 0;
    QWidget::focusInEvent(event);
    update();
}

void UsageBars::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Down || event->key() == Qt::Key_J) m_row = std::min(m_row + 1, bars() - 1);
    else if (event->key() == Qt::Key_Up || event->key() == Qt::Key_K) m_row = std::max(m_row - 1, 0);
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_row >= 0) return Q_EMIT chosen(m_usage.folders[static_cast<std::size_t>(m_row)].path);
    else return QWidget::keyPressEvent(event);
    update();
}

bool UsageBars::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int row = row_at(help->pos());
    if (row < 0) return QToolTip::hideText(), true;
    QToolTip::showText(help->globalPos(), words_of(row).toHtmlEscaped(), this);
    return true;
}

}  // namespace deadbox::gui
