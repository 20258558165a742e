#include "gui/widgets/plain_label.hpp"

#include <QFontDatabase>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyleOptionFocusRect>
#include <QTextDocument>
#include <QTextLayout>

#include <algorithm>
#include <cmath>

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

// QLabel's own width is that of the longest word.
bool PlainLabel::breaks_words(int width) const { return wordWrap() && width < QLabel::minimumSizeHint().width(); }

// A text that can be selected is a document of QLabel's, which breaks no words unless it is told to. False where there is none.
bool PlainLabel::break_in_document() const {
    auto* document = findChild<QTextDocument*>();
    if (document == nullptr) return false;
    auto option = document->defaultTextOption();
    if (option.wrapMode() == QTextOption::WrapAtWordBoundaryOrAnywhere) return true;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    document->setDefaultTextOption(option);
    return true;
}

int PlainLabel::lay_out(QTextLayout& layout, int width) const {
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    layout.beginLayout();
    qreal height = 0;
    for (auto line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(std::max(width, 1));
        line.setPosition({0, height});
        height += line.height();
    }
    layout.endLayout();
    return static_cast<int>(std::ceil(height));
}

int PlainLabel::heightForWidth(int width) const {
    const int as_words = QLabel::heightForWidth(width);  // lays the document out, if there is one
    if (!breaks_words(width)) return as_words;
    if (break_in_document()) return QLabel::heightForWidth(width);
    const auto around = contentsMargins();
    QTextLayout layout(lines(), font());
    return lay_out(layout, width - around.left() - around.right() - 2 * margin()) + around.top() + around.bottom() + 2 * margin();
}

QSize PlainLabel::minimumSizeHint() const {
    constexpr int k_word = 28;  // letters: only what is longer is broken
    if (m_anywhere) return {fontMetrics().averageCharWidth() * 8, fontMetrics().height()};
    auto hint = QLabel::minimumSizeHint();
    if (m_elided) hint.setWidth(fontMetrics().averageCharWidth() * 8);
    else if (wordWrap()) hint.setWidth(std::min(hint.width(), fontMetrics().averageCharWidth() * k_word + contentsMargins().left() + contentsMargins().right()));
    return hint;
}

QString PlainLabel::lines() const { return text().replace(QLatin1Char('\n'), QChar::LineSeparator); }

void PlainLabel::paintEvent(QPaintEvent* event) {
    const QRect inside = contentsRect();
    if (breaks_words(width())) {
        (void)QLabel::heightForWidth(width());  // the document stands as QLabel wants it, and is told better
        if (break_in_document()) return QLabel::paintEvent(event);
        QPainter painter(this);
        painter.setPen(palette().color(QPalette::WindowText));
        QTextLayout layout(lines(), font());
        (void)lay_out(layout, inside.width() - 2 * margin());
        layout.draw(&painter, inside.topLeft() + QPoint(margin(), margin()));
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
