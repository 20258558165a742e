#include "gui/widgets/cell_delegate.hpp"

#include <QApplication>
#include <QPainter>
#include <QTextLayout>

#include "gui/models/paged_model.hpp"
#include "gui/widgets/palettes.hpp"
#include "gui/widgets/severity.hpp"

namespace deadbox::gui {
namespace {
constexpr int k_least_height = 24, k_margin = 6, k_sign = 12;
}

int row_height(const QFontMetrics& metrics) { return std::max(k_least_height, metrics.height() + 8); }

void paint_evidence(QPainter& painter, const QRect& rect, const EvidenceText& text, const QColor& colour, const QColor& quiet, Qt::TextElideMode elide) {
    const QFontMetrics metrics = painter.fontMetrics();
    // Far more than fits is not measured.
    const int fits = rect.width() / std::max(1, metrics.averageCharWidth() / 2) + 8;
    QString drawn = text.text;
    if (drawn.size() > 4 * fits) drawn = elide == Qt::ElideMiddle ? drawn.left(2 * fits) + drawn.right(2 * fits) : drawn.left(4 * fits);
    const bool whole = drawn.size() == text.text.size() && metrics.horizontalAdvance(drawn) <= rect.width();
    if (!whole) drawn = metrics.elidedText(drawn, elide, rect.width());
    painter.setPen(colour);
    if (text.escapes.isEmpty() || !whole) {
        painter.drawText(rect, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine | Qt::TextDontClip, drawn);
        return;
    }
    QTextLayout layout(drawn, painter.font());
    QTextOption line_option;
    line_option.setTextDirection(Qt::LeftToRight);
    line_option.setWrapMode(QTextOption::NoWrap);
    layout.setTextOption(line_option);
    QList<QTextLayout::FormatRange> formats;
    QTextCharFormat format;
    format.setForeground(quiet);
    for (const auto& [at, length] : text.escapes) formats.push_back({at, length, format});
    layout.setFormats(formats);
    layout.beginLayout();
    auto line = layout.createLine();
    line.setLineWidth(rect.width());
    layout.endLayout();
    layout.draw(&painter, QPointF(rect.left(), rect.top() + (rect.height() - line.height()) / 2));
}

void CellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& given, const QModelIndex& index) const {
    QStyleOptionViewItem option = given;
    initStyleOption(&option, index);
    const QWidget* widget = option.widget;
    QStyle* style = widget != nullptr ? widget->style() : QApplication::style();
    const bool selected = (option.state & QStyle::State_Selected) != 0;
    const auto group = (option.state & QStyle::State_Active) != 0 ? QPalette::Active : QPalette::Inactive;
    const QColor text_colour = option.palette.color(group, selected ? QPalette::HighlightedText : QPalette::Text);
    const QColor quiet = selected ? option.palette.color(group, QPalette::HighlightedText) : colours().quiet;

    const QVariant severity = index.data(k_severity_role);
    const QVariant evidence = index.data(k_evidence_role);
    if (!severity.isValid() && !evidence.isValid()) {
        if (index.data(k_loading_role).toBool()) option.text = QStringLiteral("…");
        if (!selected && (index.data(k_quiet_role).toBool() || index.data(k_loading_role).toBool())) option.palette.setColor(QPalette::Text, quiet);
        style->drawControl(QStyle::CE_ItemViewItem, &option, painter, widget);
        return;
    }
    const QString words = option.text;
    option.text.clear();
    option.icon = {};
    style->drawControl(QStyle::CE_ItemViewItem, &option, painter, widget);
    QRect inside = option.rect.adjusted(k_margin, 0, -k_margin, 0);
    painter->save();
    painter->setClipRect(option.rect);
    if (severity.isValid()) {
        const QRectF square(inside.left(), inside.center().y() - k_sign / 2, k_sign, k_sign);
        if (selected) {  // the sign keeps its colour on the selection's
            painter->setPen(Qt::NoPen);
            painter->setBrush(option.palette.color(group, QPalette::Base));
            painter->drawRoundedRect(square.adjusted(-2, -2, 2, 2), 3, 3);
        }
        paint_severity(*painter, square, static_cast<plugin::Severity>(severity.toInt()));
        inside.setLeft(inside.left() + k_sign + k_margin);
    }
    if (evidence.isValid()) {
        painter->setFont(mono_font());
        paint_evidence(*painter, inside, evidence.value<EvidenceText>(), text_colour, quiet, Qt::ElideMiddle);
    } else {
        painter->setPen(index.data(k_quiet_role).toBool() ? quiet : text_colour);
        painter->setFont(option.font);
        painter->drawText(inside, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, painter->fontMetrics().elidedText(words, severity.isValid() ? Qt::ElideMiddle : Qt::ElideRight, inside.width()));
    }
    painter->restore();
}

void RoomyDelegate::paint(QPainter* painter, const QStyleOptionViewItem& given, const QModelIndex& index) const {
    QStyleOptionViewItem option = given;
    initStyleOption(&option, index);
    QStyle* style = option.widget != nullptr ? option.widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, option.widget);
    option.rect.adjust(2 * k_margin, 0, -k_margin, 0);
    option.backgroundBrush = Qt::NoBrush;
    style->drawControl(QStyle::CE_ItemViewItem, &option, painter, option.widget);
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.setHeight(row_height(QFontMetrics(option.font)));
    return size;
}

}  // namespace deadbox::gui
