// All that the case knows of one file: its inode's fields, times, digests, attributes, findings and what topics found in it.
#pragma once

#include <QScrollArea>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "case/view_files.hpp"
#include "gui/models/case_session.hpp"
#include "gui/models/link.hpp"
#include "gui/models/time_format.hpp"

class QVBoxLayout;

namespace deadbox::gui {

class FileDetails final : public QScrollArea {
    Q_OBJECT
public:
    explicit FileDetails(QWidget* parent = nullptr);

    void show_file(CaseSession* session, const std::optional<case_file::FileDetail>& file, const TimeFormat& format);

Q_SIGNALS:
    void chosen(const deadbox::gui::Link& link);

private:
    struct Extra;
    void begin();
    void heading(const QString& text);
    void row(const QString& name, const QString& value, const Link& link = {}, bool mono = false);
    void add(const Extra& extra);

    QVBoxLayout* m_rows = nullptr;
    Ticket m_ticket;
};

}  // namespace deadbox::gui
