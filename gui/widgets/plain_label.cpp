#include "gui/widgets/plain_label.hpp"

#include <QFontDatabase>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyleOptionFocusRect>

#include <algorithm>

#include "gui/widgets/palettes.hpp"

namespace deadbox::gui {

PlainLabel::PlainLabel(const QString& text, TextWeight weight, QWidget* parent) : QLabel(parent), m_weight(weight) {
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse);
    if (weight == TextWeight::bold) {
        auto font = this->font();
        font.setWeight(QFont::DemiBold);
        setFont(font);
    }
    if (weight == TextWeight::mono) setFont(mono_font());
    setText(text);
    applyColours();
}

void PlainLabel::applyColours() {
    if (m_applying || (m_weight != TextWeight::quiet && !m_clickable)) return;
    m_applying = true;
    auto own_palette = this->palette();
    own_palette.setColor(QPalette::WindowText, m_clickable ? colours().link : colours().quiet);
    setPalette(own_palette);
    m_applying = false;
}

void PlainLabel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::ApplicationPaletteChange || event->type() == QEvent::StyleChange) applyColours();
    QLabel::changeEvent(event);
}

void PlainLabel::setClickable(bool clickable) {
    m_clickable = clickable;
    setCursor(clickable ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (clickable) setTextInteractionFlags(Qt::NoTextInteraction);
    setFocusPolicy(clickable ? Qt::TabFocus : Qt::NoFocus);  // behind the flags, which choose a policy of their own
    applyColours();
}

void PlainLabel::setElided(bool elided) {
    m_elided = elided;
    setWordWrap(!elided);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    updateGeometry();
}

void PlainLabel::setWrapsAnywhere(bool anywhere) {
    m_anywhere = anywhere;
    updateGeometry();
}

int PlainLabel::heightForWidth(int width) const {
    if (!m_anywhere) return QLabel::heightForWidth(width);
    return fontMetrics().boundingRect(QRect(0, 0, std::max(width, 1), QWIDGETSIZE_MAX), Qt::TextWrapAnywhere, text()).height();
}

QSize PlainLabel::minimumSizeHint() const {
    if (m_anywhere) return {fontMetrics().averageCharWidth() * 8, fontMetrics().height()};
    if (!m_elided) return QLabel::minimumSizeHint();
    return {fontMetrics().averageCharWidth() * 8, QLabel::minimumSizeHint().height()};
}

void PlainLabel::paintEvent(QPaintEvent* event) {
    const QRect inside = contentsRect();
    if (m_anywhere && fontMetrics().horizontalAdvance(text()) > inside.width()) {
        QPainter painter(this);
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(inside, Qt::AlignTop | Qt::AlignLeft | Qt::TextWrapAnywhere, text());
        if (!hasFocus()) return;
        QStyleOptionFocusRect option;
        option.initFrom(this);
        return style()->drawPrimitive(QStyle::PE_FrameFocusRect, &option, &painter, this);
    }
    if (!m_elided || fontMetrics().horizontalAdvance(text()) <= inside.width()) return QLabel::paintEvent(event);
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::WindowText));
    painter.drawText(inside, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, fontMetrics().elidedText(text(), Qt::ElideMiddle, inside.width()));
}

void PlainLabel::mouseReleaseEvent(QMouseEvent* event) {
    const bool hit = m_clickable && event->button() == Qt::LeftButton && rect().contains(event->position().toPoint());
    QLabel::mouseReleaseEvent(event);
    if (hit) QMetaObject::invokeMethod(this, &PlainLabel::activated, Qt::QueuedConnection);  // what it leads to may take this label down
}

void PlainLabel::keyPressEvent(QKeyEvent* event) {
    if (m_clickable && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Space)) Q_EMIT activated();
    else QLabel::keyPressEvent(event);
}

PlainLabel* make_heading(const QString& text, QWidget* parent) { return new PlainLabel(text, TextWeight::bold, parent); }

}  // namespace deadbox::gui
