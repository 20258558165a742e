#include "gui/widgets/text_view.hpp"

#include <QComboBox>
#include <QEvent>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTextBlock>
#include <QToolButton>

#include "gui/widgets/code_colours.hpp"

namespace deadbox::gui {
namespace {

bool is_dark(const QWidget& widget) { return widget.palette().color(QPalette::Base).lightness() < 128; }

}  // namespace

TextView::TextView(QWidget* parent) : QWidget(parent) {
    m_encoding = new QComboBox;
    m_encoding->setAccessibleName(tr("Encoding"));
    m_encoding->setToolTip(tr("How bytes become characters"));
    m_encoding->addItem(tr("UTF-8"), int(TextEncoding::utf8));
    m_encoding->addItem(tr("ISO 8859-1"), int(TextEncoding::latin1));
    m_encoding->addItem(tr("UTF-16 LE"), int(TextEncoding::utf16_le));
    m_encoding->addItem(tr("UTF-16 BE"), int(TextEncoding::utf16_be));
    m_find = new QLineEdit;
    m_find->setPlaceholderText(tr("Find in this part"));
    m_find->setAccessibleName(tr("Find in this part"));
    m_find->setClearButtonEnabled(true);
    m_place = new QLabel;
    m_place->setTextFormat(Qt::PlainText);
    const auto step = [](Qt::ArrowType arrow, const QString& name) {
        auto* button = new QToolButton;
        button->setArrowType(arrow);
        button->setAutoRaise(true);
        button->setToolTip(name);
        button->setAccessibleName(name);
        return button;
    };
    m_back = step(Qt::LeftArrow, tr("Previous part of the file"));
    m_forth = step(Qt::RightArrow, tr("Next part of the file"));

    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(4, 4, 4, 4);
    bar->setSpacing(4);
    bar->addWidget(m_encoding);
    bar->addWidget(m_find, 1);
    bar->addWidget(m_place);
    bar->addWidget(m_back);
    bar->addWidget(m_forth);

    m_text = new QPlainTextEdit;
    m_text->setReadOnly(true);
    m_text->setUndoRedoEnabled(false);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setAccessibleName(tr("Content as text"));
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_colours = new CodeColours(m_text->document());
    m_colours->set_dark(is_dark(*this));

    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addLayout(bar);
    all->addWidget(m_text, 1);

    connect(m_encoding, &QComboBox::activated, this, [this] {
        m_chosen_by_hand = true;
        decode();
    });
    connect(m_find, &QLineEdit::returnPressed, this, [this] { find(m_find->text()); });
    connect(m_back, &QToolButton::clicked, this, [this] { fetch(m_offset > k_window ? m_offset - k_window : 0); });
    connect(m_forth, &QToolButton::clicked, this, [this] { fetch(m_offset + k_window); });
    show_place();
}

void TextView::show_file(EvidenceBytes* bytes, qint64 inode, quint64 size, const QString& name) {
    if (m_source) {
        m_source->disconnect(this);
        if (m_asked) m_source->forget(m_asked);
    }
    m_source = bytes;
    m_inode = inode;
    m_size = bytes ? size : 0;
    m_name = name;
    m_offset = m_asked = 0;
    m_marked = 0;
    m_chosen_by_hand = false;
    m_bytes.clear();
    m_text->clear();
    if (m_source) {
        connect(m_source, &EvidenceBytes::ready, this, [this](quint64 request, const QByteArray& content) {
            if (request == m_asked) take(content);
        });
        connect(m_source, &EvidenceBytes::failed, this, [this](quint64 request, const QString& why) {
            if (request != m_asked) return;
            m_asked = 0;
            m_text->setPlaceholderText(tr("The content could not be read."));
            Q_EMIT failed(why);
        });
        if (m_size > 0) fetch(0);
    }
    m_text->setPlaceholderText(!m_source ? tr("Nothing is chosen.") : m_size == 0 ? tr("The file is empty.") : tr("Reading…"));
    show_place();
}

void TextView::fetch(quint64 offset) {
    if (!m_source || offset >= m_size) return;
    if (m_asked) m_source->forget(m_asked);
    m_offset = offset;
    m_asked = m_source->request(m_inode, offset, k_window);
    show_place();
}

void TextView::take(const QByteArray& bytes) {
    m_asked = 0;
    m_bytes = bytes;
    if (!m_chosen_by_hand && m_offset == 0) m_encoding->setCurrentIndex(m_encoding->findData(int(guess_encoding(bytes))));
    decode();
}

void TextView::decode() {
    auto decoded = decode_text(m_bytes, static_cast<TextEncoding>(m_encoding->currentData().toInt()));
    m_text->setPlainText(decoded.text);
    m_colours->set_escapes(std::move(decoded.escapes));
    m_colours->set_language(m_name, m_text->document()->firstBlock().text());
    if (m_marked > 0) mark_line(m_marked);
    show_place();
}

void TextView::mark_line(int line) {
    m_marked = line;
    m_colours->set_marked_line(line - 1);
    const auto block = m_text->document()->findBlockByNumber(line - 1);
    if (!block.isValid()) return;
    QTextCursor cursor(block);
    m_text->setTextCursor(cursor);
    m_text->centerCursor();
}

void TextView::find(const QString& text) {
    m_find->setText(text);
    if (text.isEmpty() || m_text->find(text)) return;
    m_text->moveCursor(QTextCursor::Start);  // from the top again
    const bool found = m_text->find(text);
    m_place->setText(found ? m_place->text() : tr("not found in this part"));
}

QString TextView::shown_text() const { return m_text->toPlainText(); }

void TextView::show_place() {
    const bool whole = m_offset == 0 && m_size <= k_window;
    m_back->setVisible(!whole);
    m_forth->setVisible(!whole);
    m_back->setEnabled(m_offset > 0);
    m_forth->setEnabled(m_offset + k_window < m_size);
    const QLocale numbers;
    m_place->setText(whole ? QString() : tr("bytes %1 to %2 of %3").arg(numbers.toString(m_offset), numbers.toString(std::min(m_offset + k_window, m_size)), numbers.toString(m_size)));
}

void TextView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) m_colours->set_dark(is_dark(*this));
    QWidget::changeEvent(event);
}

}  // namespace deadbox::gui
