// The timeline: a histogram over the table of everything that has a time; filters are chips.
#pragma once

#include <set>

#include "case/view_clock.hpp"
#include "case/view_timeline_index.hpp"
#include "gui/models/timeline_model.hpp"
#include "gui/pages/page.hpp"

class QComboBox;
class QLineEdit;
class QMenu;
class QToolButton;

namespace deadbox::gui {

class ChipBar;
class ClockForm;
class EmptyState;
class Histogram;
class PlainLabel;
class TableView;

class TimelinePage : public Page {
    Q_OBJECT
public:
    TimelinePage(Frame& frame, QWidget* parent);
    QString title() const override { return tr("Timeline"); }
    QIcon icon() const override { return icon_named(QStringLiteral("view-calendar-timeline")); }
    void caseChanged() override;
    void shown() override { refresh(); }
    void refresh() override;
    void zoneChanged() override;
    bool open(const Link& link) override;
    QVariantMap place() const override;
    void restore(const QVariantMap& place) override;
    Link selection() const override;
    void focusFilter() override;
    bool closeLast() override;
    QString selectedText() const override;
    QString selectedJson() const override;

    Q_INVOKABLE void exclude(const deadbox::gui::Link& link);
    // Opens the row of fields in which the analyst says how wrong the machine's clock was.
    Q_INVOKABLE void correct_clock();
    // Selects the first row at or behind the time, and shows it in the histogram.
    void jump(base::Timestamp time);
    TimelineModel* model() const { return m_model; }
    TableView* table() const { return m_table; }
    Histogram* histogram() const { return m_histogram; }
    void setText(const QString& text);

private:
    struct Filters {
        case_file::TimelineQuery query;
        QByteArray file;              // path of query.inode
        QString finding;              // title of query.finding
        std::set<std::string> sources;  // none: all
        std::set<std::string> types, not_types;  // of events as topics call them, and "fs"; none: all
        bool operator==(const Filters&) const = default;
    };
    void load_totals();
    void begin();
    void apply();
    void show_chips();
    void drop(const QString& id);
    void fill_sources();
    void fill_stacking();
    void narrow_kinds();
    void show_stretch();
    void follow_finding();
    void follow_session();
    void want_steps();
    void follow(Link::Kind kind);
    void filter_by(const Link& link);
    void announce();
    void update_status();
    void load_markers();
    void set_clock(const case_file::Clock& clock, const QString& said, bool undoable);

    TimelineModel* m_model;
    TableView* m_table;
    Histogram* m_histogram;
    ChipBar* m_chips;
    ClockForm* m_clock_form;
    QLineEdit *m_text, *m_jump;
    QToolButton* m_sources;
    QMenu* m_source_menu;
    QComboBox* m_stacking;
    PlainLabel* m_status;
    EmptyState* m_empty;
    Filters m_filters, m_applied;
    bool m_loaded = false, m_marked = false, m_begun = false, m_cut = false;
    std::optional<base::Timestamp> m_wanted;  // to jump to once rows are there
    std::map<std::int64_t, case_file::EventKind> m_kinds;
    std::map<std::string, QString> m_titles;  // of findings
    case_file::Clock m_clock;
    Ticket m_steps;
    Link m_announced;  // the selection that was told last
};

}  // namespace deadbox::gui
