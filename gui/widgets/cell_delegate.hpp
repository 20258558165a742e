// Draws the cells of every table: evidence in monospace with quiet escapes, paths cut in the middle, severities as signs
// with their word, and "…" for what is under way.
#pragma once

#include <QStyledItemDelegate>

#include "gui/models/evidence_text.hpp"

namespace deadbox::gui {

// Of a row of a table in this font, in pixels.
int row_height(const QFontMetrics& metrics);

class CellDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

// Items of a list with room at their left edge.
class RoomyDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

// The text in the rectangle, one line, escapes quiet, cut in the middle where it is too long.
void paint_evidence(QPainter& painter, const QRect& rect, const EvidenceText& text, const QColor& colour, const QColor& quiet, Qt::TextElideMode elide);

}  // namespace deadbox::gui
