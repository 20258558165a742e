#include "gui/widgets/file_viewer.hpp"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

#include "gui/models/evidence_bytes.hpp"
#include "gui/models/evidence_text.hpp"
#include "gui/widgets/file_details.hpp"
#include "gui/widgets/hex_view.hpp"
#include "gui/widgets/picture_view.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/text_view.hpp"

namespace deadbox::gui {
namespace {

bool is_picture(const case_file::FileDetail& file) { return file.content_type.starts_with("image/") && file.content_type != "image/svg+xml"; }

bool is_text(const case_file::FileDetail& file) {
    const std::string_view type = file.content_type;
    return type.empty() || type.starts_with("text/") || type.find("json") != type.npos || type.find("xml") != type.npos || type.find("script") != type.npos;
}

// Content that is this file's: a deleted name whose inode is another's now has none.
bool has_content(const case_file::FileDetail& file) { return file.type == 1 && file.name_allocated == file.inode_allocated; }

}  // namespace

FileViewer::FileViewer(QWidget* parent) : QTabWidget(parent), m_text(new TextView), m_hex_sheet(new QWidget), m_hex(new HexView), m_picture(new PictureView), m_details(new FileDetails) {
    setDocumentMode(true);
    setAccessibleName(tr("Viewer"));
    auto* place = new QLineEdit;
    place->setPlaceholderText(tr("Go to byte: 4096 or 0x1000"));
    place->setAccessibleName(tr("Go to byte"));
    place->setClearButtonEnabled(true);
    auto* at = new PlainLabel({}, TextWeight::mono);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(4, 4, 4, 4);
    bar->addWidget(place);
    bar->addWidget(at);
    bar->addStretch(1);
    auto* sheet = new QVBoxLayout(m_hex_sheet);
    sheet->setContentsMargins(0, 0, 0, 0);
    sheet->setSpacing(0);
    sheet->addLayout(bar);
    sheet->addWidget(m_hex, 1);
    connect(place, &QLineEdit::returnPressed, this, [this, place] {
        bool ok = false;
        const auto offset = place->text().trimmed().toULongLong(&ok, 0);
        if (ok) m_hex->go_to(offset);
        else Q_EMIT failed(tr("%1 is no byte offset: write 4096 or 0x1000.").arg(plain(bytes_of(place->text()))));
    });
    connect(m_hex, &HexView::cursor_moved, this, [at](quint64 offset) { at->setText(tr("byte %1 (0x%2)").arg(offset).arg(offset, 0, 16)); });

    addTab(m_text, tr("Text"));
    addTab(m_hex_sheet, tr("Hex"));
    addTab(m_picture, tr("Picture"));
    addTab(m_details, tr("Details"));
    connect(this, &QTabWidget::currentChanged, this, &FileViewer::load_shown);
    connect(m_text, &TextView::failed, this, &FileViewer::failed);
    connect(m_hex, &HexView::failed, this, &FileViewer::failed);
    connect(m_picture, &PictureView::failed, this, &FileViewer::failed);
    connect(m_details, &FileDetails::chosen, this, &FileViewer::chosen);
    show_file(nullptr, nullptr, {}, {});
}

void FileViewer::show_file(CaseSession* session, EvidenceBytes* bytes, const std::optional<case_file::FileDetail>& file, const TimeFormat& format) {
    m_session = session;
    m_bytes = bytes;
    m_file = file;
    m_format = format;
    m_loaded.clear();
    const bool content = file && has_content(*file);
    setTabVisible(indexOf(m_text), content);
    setTabVisible(indexOf(m_hex_sheet), content);
    setTabVisible(indexOf(m_picture), content && is_picture(*file));
    // Who chose the details of one file goes on with those of the next.
    const bool details = currentWidget() == m_details && !m_details_alone;
    m_details_alone = !content;
    if (!content || details) setCurrentWidget(m_details);
    else if (is_picture(*file)) setCurrentWidget(m_picture);
    else setCurrentWidget(is_text(*file) ? m_text : m_hex_sheet);
    load_shown();
}

void FileViewer::load_shown() {
    QWidget* top = currentWidget();
    if (m_loaded.contains(top)) return;
    m_loaded.insert(top);
    auto* bytes = m_file && has_content(*m_file) ? m_bytes : nullptr;
    const qint64 inode = m_file ? m_file->inode : 0;
    const quint64 size = m_file && m_file->size > 0 ? static_cast<quint64>(m_file->size) : 0;
    if (top == m_details) m_details->show_file(m_session, m_file, m_format);
    else if (top == m_text) m_text->show_file(bytes, inode, size, m_file ? plain(m_file->name) : QString());
    else if (top == m_hex_sheet) m_hex->show_file(bytes, inode, size);
    else m_picture->show_file(bytes, inode, size);
}

void FileViewer::mark_line(int line) {
    if (isTabVisible(indexOf(m_text))) setCurrentWidget(m_text);
    m_text->mark_line(line);
}

void FileViewer::go_to(quint64 offset) {
    if (isTabVisible(indexOf(m_hex_sheet))) setCurrentWidget(m_hex_sheet);
    m_hex->go_to(offset);
}

}  // namespace deadbox::gui
