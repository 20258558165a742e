#include "gui/widgets/report_preview.hpp"

#include <QAbstractTextDocumentLayout>
#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <QScrollBar>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextFrame>
#include <QTextTable>
#include <QUrl>

#include "gui/models/evidence_text.hpp"
#include "gui/widgets/palettes.hpp"

namespace deadbox::gui {
namespace {

using report::Block;
using report::BlockKind;
using report::Box;
using report::Tone;

constexpr double k_drawing_width = 680;
constexpr std::size_t k_listing = 8192;  // bytes of one excerpt

// Writes blocks into a document, one after the other.
class PreviewWriter {
public:
    PreviewWriter(QTextDocument& document, const PreviewColours& colours, const QFont& text, const QFont& mono) : m_document(document), m_cursor(&document), m_colours(colours), m_text(text), m_mono(mono) {
        document.setUndoRedoEnabled(false);
        document.setDefaultFont(text);
        document.setDocumentMargin(24);
    }

    void write(const Block& block) {
        switch (block.kind) {
            case BlockKind::heading: return heading(block);
            case BlockKind::paragraph: return paragraph(block.phrase, {});
            case BlockKind::bullet: return bullet(block.phrase);
            case BlockKind::alarm:
            case BlockKind::banner: return alarm(block.phrase);
            case BlockKind::terms: return terms(block.terms);
            case BlockKind::table: return table(block.table);
            case BlockKind::listing: return listing(block.phrase);
            case BlockKind::drawing: return drawing(block.drawing);
            case BlockKind::contents: return contents(block.terms);
            case BlockKind::open: return open(block);
            case BlockKind::close: return close(block.box);
        }
    }

private:
    QColor colour_of(Tone tone) const {
        switch (tone) {
            case Tone::muted: return m_colours.quiet;
            case Tone::critical: return m_colours.severity[4];
            case Tone::high: return m_colours.severity[3];
            case Tone::medium: return m_colours.severity[2];
            case Tone::low: return m_colours.severity[1];
            case Tone::info: return m_colours.severity[0];
            default: return m_colours.text;
        }
    }

    QTextCharFormat format_of(const report::Span& span) const {
        QTextCharFormat format;
        format.setFont(span.face == report::Face::text ? m_text : m_mono);
        format.setForeground(colour_of(span.tone));
        if (span.tone == Tone::strong || (span.tone >= Tone::critical && span.face == report::Face::text)) format.setFontWeight(QFont::DemiBold);
        if (!span.link.empty()) {
            format.setAnchor(true);
            format.setAnchorHref(QLatin1Char('#') + own(span.link));
            format.setForeground(m_colours.link);
        }
        return format;
    }

    // A fresh block: the document's first is there already.
    void begin(QTextBlockFormat format) {
        format.setLeftMargin(format.leftMargin() + m_indent);
        if (m_fresh) m_cursor.setBlockFormat(format);
        else m_cursor.insertBlock(format);
        m_fresh = false;
    }

    void insert(const report::Phrase& phrase, double size = 0, bool bold = false, const QString& anchor = {}) {
        bool first = true;
        for (const auto& span : phrase.spans) {
            auto format = format_of(span);
            if (size > 0) format.setFontPointSize(m_text.pointSizeF() * size);
            if (bold) format.setFontWeight(QFont::DemiBold);
            if (first && !anchor.isEmpty()) format.setAnchor(true), format.setAnchorNames({anchor});
            if (!first && span.start == report::Start::new_line) m_cursor.insertText(QString(QChar::LineSeparator), format);
            m_cursor.insertText(plain(span.text), format);
            first = false;
        }
    }

    static QTextBlockFormat spaced(double above, double below) {
        QTextBlockFormat format;
        format.setTopMargin(above);
        format.setBottomMargin(below);
        return format;
    }

    void heading(const Block& block) {
        static constexpr std::array<double, 4> k_sizes{1.9, 1.5, 1.15, 1.0};
        const auto level = static_cast<std::size_t>(std::clamp(block.level, 0, 3));
        begin(spaced(level <= 1 ? 22 : 12, 4));
        insert(block.phrase, k_sizes[level], true, own(block.anchor));
    }
    void paragraph(const report::Phrase& phrase, const QString& anchor) {
        begin(spaced(2, 4));
        insert(phrase, 0, false, anchor);
    }
    void bullet(const report::Phrase& phrase) {
        auto format = spaced(1, 1);
        format.setLeftMargin(16);
        format.setTextIndent(-12);
        begin(format);
        m_cursor.insertText(QStringLiteral("•  "), format_of({}));
        insert(phrase);
    }
    void alarm(const report::Phrase& phrase) {
        auto format = spaced(4, 6);
        format.setBackground(m_colours.band);
        begin(format);
        insert(phrase, 0, true);
    }

    QTextTable* grid(int rows, int columns, const QList<QTextLength>& widths, bool ruled) {
        QTextTableFormat format;
        format.setBorder(0);
        format.setCellPadding(3);
        format.setCellSpacing(0);
        format.setLeftMargin(m_indent);
        format.setTopMargin(4);
        format.setBottomMargin(6);
        format.setWidth(QTextLength(QTextLength::PercentageLength, 100));
        format.setColumnWidthConstraints(widths);
        if (ruled) format.setHeaderRowCount(1);
        m_fresh = false;
        return m_cursor.insertTable(rows, columns, format);
    }
    void fill(QTextTable* table, int row, int column, const report::Phrase& phrase, bool bold = false, report::Align align = report::Align::left) {
        auto cell = table->cellAt(row, column);
        QTextCursor inside = cell.firstCursorPosition();
        std::swap(inside, m_cursor);
        if (align == report::Align::right) {
            QTextBlockFormat right;
            right.setAlignment(Qt::AlignRight);
            m_cursor.setBlockFormat(right);
        }
        insert(phrase, 0, bold);
        std::swap(inside, m_cursor);
    }
    void after_table() {
        m_cursor.movePosition(QTextCursor::End);
        m_fresh = true;
    }

    void terms(const std::vector<report::Term>& all) {
        if (all.empty()) return;
        auto* table = grid(static_cast<int>(all.size()), 2, {QTextLength(QTextLength::PercentageLength, 26), QTextLength(QTextLength::PercentageLength, 74)}, false);
        for (std::size_t row = 0; row < all.size(); ++row) {
            fill(table, static_cast<int>(row), 0, report::Phrase(all[row].name, Tone::muted));
            fill(table, static_cast<int>(row), 1, all[row].value);
        }
        after_table();
    }
    void table(const report::Table& what) {
        if (what.columns.empty()) return;
        double whole = 0;
        for (const auto& column : what.columns) whole += column.share;
        QList<QTextLength> widths;
        for (const auto& column : what.columns) widths += QTextLength(QTextLength::PercentageLength, 100 * column.share / whole);
        auto* table = grid(static_cast<int>(what.rows.size()) + 1, static_cast<int>(what.columns.size()), widths, true);
        for (std::size_t column = 0; column < what.columns.size(); ++column) {
            fill(table, 0, static_cast<int>(column), report::Phrase(what.columns[column].title, Tone::muted), true, what.columns[column].align);
            auto cell = table->cellAt(0, static_cast<int>(column));
            auto format = cell.format();
            format.setBackground(m_colours.band);
            cell.setFormat(format);
        }
        for (std::size_t row = 0; row < what.rows.size(); ++row)
            for (std::size_t column = 0; column < std::min(what.rows[row].size(), what.columns.size()); ++column)
                fill(table, static_cast<int>(row) + 1, static_cast<int>(column), what.rows[row][column], false, what.columns[column].align);
        after_table();
    }

    void listing(const report::Phrase& phrase) {
        if (phrase.spans.empty()) return;
        auto format = spaced(4, 6);
        format.setBackground(m_colours.band);
        begin(format);
        QTextCharFormat code;
        code.setFont(m_mono);
        code.setForeground(m_colours.text);
        m_cursor.insertText(shown_lines(phrase.spans.front().text, k_listing).text.replace(QLatin1Char('\n'), QChar::LineSeparator), code);
    }

    void contents(const std::vector<report::Term>& entries) {
        for (const auto& entry : entries) bullet(entry.value);
    }

    // The finding's sign and title carry its colour; items stand indented below.
    void open(const Block& block) {
        if (block.box == Box::finding) {
            begin(spaced(18, 4));
            insert(block.phrase, 1.1, true, own(block.anchor));
        } else if (block.box == Box::verdict) {
            begin(spaced(8, 4));
            insert(block.phrase, 1.4, true, own(block.anchor));
        } else if (block.box == Box::details) {
            paragraph(block.phrase, {});
        } else if (block.box == Box::item) {
            m_indent += 16;
        }
    }
    void close(Box box) {
        if (box == Box::item) m_indent = std::max(0.0, m_indent - 16);
    }

    void drawing(const report::Drawing& what) {
        if (what.width <= 0 || what.height <= 0) return;
        constexpr double k_ratio = 2;  // fine enough for a scaled screen
        const double scale = k_drawing_width / what.width;
        QImage image(QSize(static_cast<int>(k_drawing_width * k_ratio), static_cast<int>(what.height * scale * k_ratio)), QImage::Format_ARGB32_Premultiplied);
        image.setDevicePixelRatio(k_ratio);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.scale(scale, scale);
        auto font = m_text;
        font.setPixelSize(11);
        painter.setFont(font);
        for (const auto& shape : what.shapes) {
            const QColor colour = colour_of(shape.tone == Tone::plain ? Tone::muted : shape.tone);
            switch (shape.kind) {
                case report::ShapeKind::bar: painter.fillRect(QRectF(shape.x, shape.y, shape.width, shape.height), colour); break;
                case report::ShapeKind::line:
                    painter.setPen(QPen(m_colours.line, 1));
                    painter.drawLine(QPointF(shape.x, shape.y), QPointF(shape.x + shape.width, shape.y + shape.height));
                    break;
                case report::ShapeKind::dot:
                    painter.setPen(Qt::NoPen);
                    painter.setBrush(colour);
                    painter.drawEllipse(QPointF(shape.x, shape.y), shape.width, shape.width);
                    break;
                case report::ShapeKind::label: {
                    painter.setPen(m_colours.quiet);
                    const auto text = plain(shape.text);
                    const double width = painter.fontMetrics().horizontalAdvance(text);
                    painter.drawText(QPointF(shape.x - (shape.anchor == report::Anchor::start ? 0 : shape.anchor == report::Anchor::middle ? width / 2 : width), shape.y), text);
                    break;
                }
            }
        }
        painter.end();
        const QUrl name(QStringLiteral("drawing:%1").arg(++m_drawings));
        m_document.addResource(QTextDocument::ImageResource, name, image);
        begin(spaced(6, 6));
        QTextImageFormat format;
        format.setName(name.toString());
        format.setWidth(k_drawing_width);
        format.setHeight(what.height * scale);
        format.setToolTip(plain(what.description).toHtmlEscaped());
        m_cursor.insertImage(format);
    }

    QTextDocument& m_document;
    QTextCursor m_cursor;
    const PreviewColours& m_colours;
    QFont m_text, m_mono;
    double m_indent = 0;
    int m_drawings = 0;
    bool m_fresh = true;
};

}  // namespace

PreviewColours preview_colours() {
    const auto palette = QGuiApplication::palette();
    return {palette.color(QPalette::Text), colours().quiet, colours().line, colours().band, colours().link, {colours().severity.begin(), colours().severity.end()}};
}

Preview make_preview(const std::vector<Block>& blocks, const PreviewColours& colours, const QFont& text, const QFont& mono) {
    constexpr std::size_t k_most = 2500;
    Preview preview;
    preview.document = std::make_unique<QTextDocument>();
    PreviewWriter writer(*preview.document, colours, text, mono);
    for (std::size_t i = 0; i < std::min(blocks.size(), k_most); ++i) writer.write(blocks[i]);
    preview.cut = blocks.size() > k_most;
    return preview;
}

ReportPreview::ReportPreview(QWidget* parent) : QTextBrowser(parent) {
    setOpenLinks(false);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Preview of the report"));
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);  // digests and excerpts need no bar to be read
    setTabChangesFocus(true);
    connect(this, &QTextBrowser::anchorClicked, this, [this](const QUrl& url) {
        if (url.toString().startsWith(QLatin1Char('#'))) scrollToAnchor(url.fragment());
    });
}

void ReportPreview::show_preview(std::unique_ptr<QTextDocument> document) {
    const int at = verticalScrollBar()->value();
    setDocument(document.get());
    m_document = std::move(document);  // the old one goes when the view has let it go
    resizeEvent(nullptr);
    verticalScrollBar()->setValue(at);
}

// Lines of a length that is read with ease; what is left of the window stays empty.
void ReportPreview::resizeEvent(QResizeEvent* event) {
    constexpr int k_widest = 820;
    if (event != nullptr) QTextBrowser::resizeEvent(event);
    const int spare = std::max(0, viewport()->width() - k_widest);
    auto* frame = document()->rootFrame();
    auto format = frame->frameFormat();
    if (qFuzzyCompare(format.rightMargin() + 1, spare + 25.0)) return;
    format.setRightMargin(24 + spare);
    frame->setFrameFormat(format);
}

}  // namespace deadbox::gui
