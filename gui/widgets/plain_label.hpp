// A label that never takes text for markup, wraps, and can be selected and copied with the mouse and the keyboard. A word
// that is longer than its line goes on in the next one: no name of the evidence makes a page wider than its window.
#pragma once

#include <QLabel>

class QTextLayout;

namespace deadbox::gui {

enum class TextWeight : std::uint8_t { normal, bold, quiet, mono };

class PlainLabel : public QLabel {
    Q_OBJECT
public:
    explicit PlainLabel(const QString& text = {}, TextWeight weight = TextWeight::normal, QWidget* parent = nullptr);
    // A link-like label: emits activated() on click, Enter and Space.
    void setClickable(bool clickable);
    // One line, cut in the middle where there is no room; the whole stands in the tip.
    void setElided(bool elided);
    // Such a word is all that it holds: it may be as narrow as a few letters.
    void setWrapsAnywhere(bool anywhere);
    QSize minimumSizeHint() const override;
    int heightForWidth(int width) const override;

Q_SIGNALS:
    void activated();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void applyColours();
    bool breaks_words(int width) const;
    bool break_in_document() const;
    QString lines() const;
    int lay_out(QTextLayout& layout, int width) const;
    TextWeight m_weight;
    bool m_clickable = false, m_elided = false, m_anywhere = false, m_applying = false;
};

// A heading inside a page: weight, not size.
PlainLabel* make_heading(const QString& text, QWidget* parent = nullptr);

}  // namespace deadbox::gui
