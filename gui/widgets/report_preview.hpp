// The report as it will be read, in the window: the same blocks that report.html and report.pdf show, in a text document.
// Texts of the evidence are inserted as text, never as markup; nothing is loaded from anywhere.
#pragma once

#include <QTextBrowser>

#include <memory>
#include <vector>

#include "report/document.hpp"

class QTextDocument;

namespace deadbox::gui {

struct PreviewColours {
    QColor text, quiet, line, band, link;
    std::vector<QColor> severity;  // info .. critical
};
PreviewColours preview_colours();

// Reentrant: made on a reading thread, shown on the GUI's. At most `most` blocks; cut: there are more.
struct Preview {
    std::unique_ptr<QTextDocument> document;
    bool cut = false;
};
Preview make_preview(const std::vector<report::Block>& blocks, const PreviewColours& colours, const QFont& text, const QFont& mono);

class ReportPreview : public QTextBrowser {
    Q_OBJECT
public:
    explicit ReportPreview(QWidget* parent = nullptr);
    // Keeps the place, as far as the text is as long.
    void show_preview(std::unique_ptr<QTextDocument> document);

protected:
    QVariant loadResource(int, const QUrl&) override { return {}; }
    void resizeEvent(QResizeEvent* event) override;

private:
    std::unique_ptr<QTextDocument> m_document;
};

}  // namespace deadbox::gui
