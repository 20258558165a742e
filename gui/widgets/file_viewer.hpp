// One file of the evidence in the ways it can be looked at: text, bytes, picture, what it holds (an archive's names, a
// database's rows ...), other versions of it, and what the case knows of it. Nothing is executed, and nothing is loaded but the file's own bytes, through the serving worker.
#pragma once

#include <QPointer>
#include <QTabWidget>

#include <memory>
#include <optional>

#include "case/view_files.hpp"
#include "gui/models/case_session.hpp"
#include "gui/models/link.hpp"
#include "gui/models/time_format.hpp"

class QComboBox;

namespace deadbox::gui {

class DiffView;
class EvidenceBytes;
class FileDetails;
class Frame;
class HexView;
class PictureView;
class PreviewRun;
class PreviewSheet;
class TextView;

class FileViewer final : public QTabWidget {
    Q_OBJECT
public:
    explicit FileViewer(Frame& frame, QWidget* parent = nullptr);
    ~FileViewer() override;

    // `bytes` outlives what is shown of it; nullptr and no file: nothing.
    void show_file(CaseSession* session, EvidenceBytes* bytes, const std::optional<case_file::FileDetail>& file, const TimeFormat& format);
    // Marks a line of the text, or a byte.
    void mark_line(int line);
    void go_to(quint64 offset);
    HexView& hex() const { return *m_hex; }
    TextView& text() const { return *m_text; }
    PictureView& picture() const { return *m_picture; }
    PreviewSheet& contents() const { return *m_contents; }
    DiffView& versions() const { return *m_versions; }
    // What is marked in the bytes.
    int marked() const { return m_marked; }

Q_SIGNALS:
    void failed(const QString& why);
    void chosen(const deadbox::gui::Link& link);

private:
    void load_shown();
    void load_contents(qint64 inode, qint64 size);
    void load_markers(qint64 inode, qint64 size);
    void fill_places();

    CaseSession* m_session = nullptr;
    QPointer<EvidenceBytes> m_bytes;
    std::optional<case_file::FileDetail> m_file;
    TimeFormat m_format;
    bool m_details_alone = true;  // the details are shown because there is nothing else
    QSet<QWidget*> m_loaded;  // views that show m_file already
    TextView* m_text;
    QWidget* m_hex_sheet;
    HexView* m_hex;
    QComboBox* m_places;
    PictureView* m_picture;
    PreviewSheet* m_contents;
    DiffView* m_versions;
    std::unique_ptr<PreviewRun> m_markers;
    Ticket m_companions;
    int m_marked = 0;
    FileDetails* m_details;
};

}  // namespace deadbox::gui
