// A finding in full: why, innocent reason, next step, what it rests on, how to check it without this program.
#pragma once

#include <QScrollArea>

#include <functional>
#include <vector>

#include "gui/models/link.hpp"
#include "gui/models/time_format.hpp"
#include "report/model.hpp"

class QHBoxLayout;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace deadbox::gui {

class Frame;
class PlainLabel;

class FindingCard : public QScrollArea {
    Q_OBJECT
public:
    FindingCard(Frame& frame, QWidget* parent);
    void clear(const QString& why);
    // related: other findings that share a digest or a path with this one.
    void show_finding(const report::ReportFinding& finding, const std::vector<const report::ReportFinding*>& related, const TimeFormat& format);
    // of: how many findings the reason will stand at.
    void askReason(int of = 1);
    void askComment(int on = 1);  // so many findings
    bool closeEditor();
    QString finding_id() const { return m_id; }

Q_SIGNALS:
    void stateWanted(const QString& state, const QString& reason);
    void reasonWanted();  // to be asked for, with askReason()
    void commentAsked();  // to be asked for, with askComment()
    void commentWanted(const QString& text);
    void tagWanted(const QString& tag);  // "-x" takes x away
    void contextLoaded();                // a part that is loaded after the card stands

private:
    void add_head(const report::ReportFinding& finding, const TimeFormat& format);
    void add_buttons(const report::ReportFinding& finding);
    void add_paragraph(const QString& heading, const std::string& text);
    void open_editor();
    void add_related(const std::vector<const report::ReportFinding*>& related);
    void add_items(const report::ReportFinding& finding, const TimeFormat& format);
    QWidget* item_widget(const report::ReportItem& item, const TimeFormat& format);
    void add_marks(const report::ReportFinding& finding, const TimeFormat& format);
    QWidget* link_label(const QString& text, const Link& link, bool mono);

    Frame& m_frame;
    QString m_id;
    QVBoxLayout* m_layout = nullptr;
    QLineEdit* m_editor = nullptr;
    QWidget* m_editor_row = nullptr;
    QPushButton* m_editor_done = nullptr;
    bool m_reason = false;
};

// A read-only box of monospace text with its hidden characters escaped, and a button that copies it. file: whose language
// it is coloured by, its first line marked; "": plain.
QWidget* make_code_box(const QString& text, const QString& name, Frame& frame, QWidget* parent, const QString& file = {});

}  // namespace deadbox::gui
