#include "gui/widgets/file_viewer.hpp"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

#include "case/view_counterparts.hpp"
#include "gui/models/evidence_bytes.hpp"
#include "gui/models/evidence_text.hpp"
#include "gui/models/preview_run.hpp"
#include "gui/widgets/diff_view.hpp"
#include "gui/widgets/file_details.hpp"
#include "gui/widgets/hex_view.hpp"
#include "gui/widgets/picture_view.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/preview_sheet.hpp"
#include "gui/widgets/text_view.hpp"

namespace deadbox::gui {
namespace {

bool is_picture(const case_file::FileDetail& file) { return file.content_type.starts_with("image/") && file.content_type != "image/svg+xml"; }

bool is_text(const case_file::FileDetail& file) {
    const std::string_view type = file.content_type;
    return type.empty() || type.starts_with("text/") || type.find("json") != type.npos || type.find("xml") != type.npos || type.find("script") != type.npos;
}

// What of a content type deadbox-preview can read; the last that fits counts.
struct Readable {
    std::string_view type;  // its beginning
    preview::Kind kind;
};
using preview::Kind;
constexpr std::array<Readable, 30> k_readable{{{"application/zip", Kind::archive}, {"application/java-archive", Kind::archive}, {"application/epub+zip", Kind::archive}, {"application/vnd.android.package-archive", Kind::archive},
                                               {"application/vnd.openxml", Kind::archive}, {"application/vnd.oasis.opendocument", Kind::archive}, {"application/vnd.debian.binary-package", Kind::archive},
                                               {"application/vnd.ms-cab-compressed", Kind::archive}, {"application/gzip", Kind::archive}, {"application/zstd", Kind::archive}, {"application/x-tar", Kind::archive},
                                               {"application/x-bzip2", Kind::archive}, {"application/x-xz", Kind::archive}, {"application/x-lzma", Kind::archive}, {"application/x-lz4", Kind::archive},
                                               {"application/x-compress", Kind::archive}, {"application/x-7z-compressed", Kind::archive}, {"application/x-rar", Kind::archive}, {"application/x-cpio", Kind::archive},
                                               {"application/x-archive", Kind::archive}, {"application/x-rpm", Kind::archive}, {"application/x-lzh-compressed", Kind::archive}, {"application/x-iso9660-image", Kind::archive},
                                               {"application/vnd.sqlite3", Kind::database}, {"application/x-systemd-journal", Kind::journal}, {"application/x-executable", Kind::elf}, {"application/x-sharedlib", Kind::elf},
                                               {"application/x-object", Kind::elf}, {"application/x-coredump", Kind::elf}, {"image/", Kind::media}}};

std::optional<Kind> readable_as(const case_file::FileDetail& file) {
    const auto found = std::find_if(k_readable.begin(), k_readable.end(), [&](const Readable& one) { return file.content_type.starts_with(one.type); });
    if (found == k_readable.end() || file.content_type == "image/svg+xml") return {};
    return found->kind;
}

QString title_of(Kind kind) {
    switch (kind) {
        case Kind::archive: return FileViewer::tr("Archive");
        case Kind::database: return FileViewer::tr("Database");
        case Kind::journal: return FileViewer::tr("Journal");
        case Kind::elf: return FileViewer::tr("Program");
        default: return FileViewer::tr("Properties");
    }
}

// Content that is this file's: a deleted name whose inode is another's now has none.
bool has_content(const case_file::FileDetail& file) { return file.type == 1 && file.name_allocated == file.inode_allocated; }

}  // namespace

FileViewer::FileViewer(Frame& frame, QWidget* parent)
    : QTabWidget(parent), m_text(new TextView), m_hex_sheet(new QWidget), m_hex(new HexView), m_places(new QComboBox), m_picture(new PictureView), m_contents(new PreviewSheet(frame)), m_versions(new DiffView), m_details(new FileDetails) {
    setDocumentMode(true);
    setAccessibleName(tr("Viewer"));
    auto* place = new QLineEdit;
    place->setPlaceholderText(tr("Go to byte: 4096 or 0x1000"));
    place->setAccessibleName(tr("Go to byte"));
    place->setClearButtonEnabled(true);
    place->setMinimumWidth(place->fontMetrics().horizontalAdvance(place->placeholderText()) + 40);  // with the button
    auto* at = new PlainLabel({}, TextWeight::mono);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(4, 4, 4, 4);
    bar->addWidget(place);
    m_places->setAccessibleName(tr("Structures of the file"));
    m_places->setToolTip(tr("Go to a structure of the file"));
    m_places->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_places->setMinimumContentsLength(18);
    m_places->hide();
    connect(m_places, &QComboBox::activated, this, [this](int choice) { m_hex->go_to(m_places->itemData(choice).toULongLong()); });
    bar->addWidget(m_places);
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
    addTab(m_contents, tr("Archive"));
    addTab(m_versions, tr("Versions"));
    addTab(m_details, tr("Details"));
    connect(this, &QTabWidget::currentChanged, this, &FileViewer::load_shown);
    connect(m_text, &TextView::failed, this, &FileViewer::failed);
    connect(m_hex, &HexView::failed, this, &FileViewer::failed);
    connect(m_versions, &DiffView::found, this, [this](int versions) { setTabVisible(indexOf(m_versions), versions > 0); });
    connect(m_details, &FileDetails::chosen, this, &FileViewer::chosen);
    show_file(nullptr, nullptr, {}, {});
}

FileViewer::~FileViewer() = default;

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
    const auto kind = content ? readable_as(*file) : std::nullopt;
    setTabVisible(indexOf(m_contents), kind.has_value());
    if (kind) setTabText(indexOf(m_contents), title_of(*kind));
    m_contents->clear();
    m_markers.reset();
    m_marked = 0;
    m_places->clear();
    m_places->hide();
    setTabVisible(indexOf(m_versions), false);
    m_versions->show_file(content && is_text(*file) ? session : nullptr, bytes, file);
    // Who chose the details of one file goes on with those of the next.
    const bool details = currentWidget() == m_details && !m_details_alone;
    m_details_alone = !content;
    if (!content || details) setCurrentWidget(m_details);
    else if (is_picture(*file)) setCurrentWidget(m_picture);
    else if (kind) setCurrentWidget(m_contents);
    else setCurrentWidget(is_text(*file) ? m_text : m_hex_sheet);
    load_shown();
}

void FileViewer::load_shown() {
    QWidget* top = currentWidget();
    if (m_loaded.contains(top)) return;
    m_loaded.insert(top);
    auto* bytes = m_file && has_content(*m_file) ? m_bytes.data() : nullptr;
    const qint64 inode = m_file ? m_file->inode : 0;
    const quint64 size = m_file && m_file->size > 0 ? static_cast<quint64>(m_file->size) : 0;
    if (top == m_details) m_details->show_file(m_session, m_file, m_format);
    else if (top == m_text) m_text->show_file(bytes, inode, size, m_file ? plain(m_file->name) : QString());
    else if (top == m_contents) load_contents(inode, static_cast<qint64>(size));
    else if (top == m_versions) m_versions->compare();
    else if (top == m_picture) m_picture->show_file(bytes, inode, size);
    else {
        m_hex->show_file(bytes, inode, size);
        if (bytes && size > 0) load_markers(inode, static_cast<qint64>(size));
    }
}

void FileViewer::load_contents(qint64 inode, qint64 size) {
    const auto kind = m_file ? readable_as(*m_file) : std::nullopt;
    if (!kind || !m_bytes || !m_session) return m_contents->clear();
    if (*kind != preview::Kind::database) return m_contents->show_file(*kind, m_bytes, {{inode, size}}, m_format);
    // What a database has not written into itself yet lies beside it.
    m_companions.cancel();
    m_companions = m_session->ask(
        Lane::rows, this,
        [file = *m_file](CaseReader& reader) -> base::Result<std::vector<PreviewSource>> {
            TRY_ASSIGN(case_file::Files files, case_file::Files::open(reader.view()));
            std::vector<PreviewSource> sources{{file.inode, file.size}};
            for (const auto* ending : {"-wal", "-journal"}) {
                TRY_ASSIGN(const auto beside, case_file::companion_of(files, file, ending));
                sources.push_back(beside ? PreviewSource{beside->inode, beside->size} : PreviewSource{});
            }
            return sources;
        },
        [this, inode](base::Result<std::vector<PreviewSource>> sources) {
            if (!m_file || m_file->inode != inode) return;
            if (sources) m_contents->show_file(preview::Kind::database, m_bytes, std::move(*sources), m_format);
            else Q_EMIT failed(plain(sources.error().what));
        });
}

void FileViewer::load_markers(qint64 inode, qint64 size) {
    m_markers = std::make_unique<PreviewRun>(preview::Kind::markers, m_bytes, std::vector<PreviewSource>{{inode, size}});
    connect(m_markers.get(), &PreviewRun::answered, this, [this](const PreviewAnswer& answer) {
        std::vector<HexMarker> markers;
        for (const auto& marker : answer.markers)
            markers.push_back({marker.offset, marker.length, marker.depth, preview_word(marker.label) + (marker.detail.empty() ? QString() : QStringLiteral(": ") + plain(marker.detail))});
        m_marked = static_cast<int>(markers.size());
        m_hex->set_markers(std::move(markers));
        fill_places();
    });
    m_markers->ask();  // without an answer there are no marks: the bytes are shown all the same
}

void FileViewer::fill_places() {
    m_places->clear();
    for (const auto& marker : m_hex->markers()) m_places->addItem(QString(2 * marker.depth, QLatin1Char(' ')) + QStringLiteral("%1  ").arg(marker.offset, 0, 16) + marker.label, QVariant::fromValue(marker.offset));
    m_places->setVisible(m_places->count() > 0);
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
