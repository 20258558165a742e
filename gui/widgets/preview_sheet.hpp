// What a file holds, by the locked-down deadbox-preview: names in an archive, a database's tables, a journal's entries, a
// program's shape, what a picture says about itself.
#pragma once

#include <QWidget>

#include <memory>
#include <vector>

#include "gui/models/preview_run.hpp"
#include "gui/models/time_format.hpp"

class QScrollArea;
class QSplitter;

namespace deadbox::gui {

class Frame;
class PlainLabel;
class PreviewTableModel;
class TableView;

class PreviewSheet final : public QWidget {
    Q_OBJECT
public:
    explicit PreviewSheet(Frame& frame, QWidget* parent = nullptr);
    ~PreviewSheet() override;

    // `bytes` is kept until the next call.
    void show_file(preview::Kind kind, EvidenceBytes* bytes, std::vector<PreviewSource> sources, const TimeFormat& format);
    void clear();
    PreviewTableModel& tables() const { return *m_tables; }  // of a database
    PreviewTableModel& rows() const { return *m_rows; }
    QString said() const;  // notes and what went wrong
    QStringList properties() const { return m_shown; }  // "name: value"
    PreviewRun* run() const { return m_run.get(); }
    // Shows the rows of a database's table.
    void show_table(const std::string& name);

private:
    void take(const PreviewAnswer& answer);
    void put_properties(const std::vector<PreviewProperty>& properties);
    void say(const std::vector<std::string>& notes);
    void put_count();

    preview::Kind m_kind = preview::Kind::archive;
    std::unique_ptr<PreviewRun> m_run;
    PlainLabel *m_words, *m_count;
    QScrollArea* m_properties;
    PreviewTableModel *m_tables, *m_rows;
    TableView *m_tables_view, *m_rows_view;
    QStringList m_shown, m_notes;
    std::string m_part;          // the database's table that is shown or asked for
    bool m_asked_rows = false;   // the order under way is for rows of m_part
};

}  // namespace deadbox::gui
