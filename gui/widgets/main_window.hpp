// The frame around the pages: header with case, search and zone; rail; pages with back and forward; dock of the events
// around the selection; status line.
#pragma once

#include <QMainWindow>

#include <memory>

#include "gui/models/analysis_run.hpp"
#include "gui/models/history.hpp"
#include "gui/pages/page.hpp"

class QActionGroup;
class QListWidget;
class QStackedWidget;
class QToolButton;

namespace deadbox::gui {

class EventsDock;
class PlainLabel;
class SearchPopup;

class MainWindow : public QMainWindow, public Frame {
    Q_OBJECT
public:
    explicit MainWindow(QWidget* parent = nullptr);
    ~MainWindow() override;

    // Frame
    CaseSession* session() const override { return m_session.get(); }
    TimeFormat time_format() const override;
    void go(const Link& link, const QString& page = {}) override;
    void show_page(const QString& page) override;
    void open_menu(const Link& link, const QPoint& global) override;
    void say(const QString& text) override;
    void open_case(const QString& path) override;
    void close_case() override;
    void find_evidence() override;
    // Asked instead of a dialog: where what was at `before` is now, or nothing. A test has no dialog.
    std::function<QString(const QString& before)> ask_for_evidence;

    Page* page(const QString& id) const;
    Page* current_page() const;
    const QList<Page*>& pages() const { return m_pages; }
    void back();
    void forward();
    void open_search();
    void show_keys();
    // Starts an analysis as a child and opens its case as soon as there is one to read. Attached disks that are not open
    // yet are opened first.
    void start_analysis(const NewCase& what);
    // Goes on with an analysis of the open case that was stopped, or adds what a triage left out.
    void resume_analysis();
    AnalysisRun& run() const { return *m_run; }
    // A window of its own for a further case.
    static MainWindow* open_another();
    // Cases are opened, anything else becomes evidence of a new case.
    void take_files(const QStringList& paths);

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void make_header();
    void make_rail();
    void make_menus();
    void activate(Page* page);
    void give_focus(Page& page, QWidget* kept);
    void fill_rail();
    void fill_page_menu();
    void load_header();
    void set_zone(ZoneChoice choice);
    QString zone_text() const;
    void copy(bool json);
    void copy_hash(const Link& link);
    void bookmark(const Link& link);
    void escape();
    void make_run();
    void follow_run();
    void end_run();
    // Of the case that was opened: joins an analysis that is writing it, or says that one was not finished.
    void look_for_run();
    void offer_to_go_on(const QString& why);
    // Another case than the one that is being analysed here belongs into another window.
    bool is_busy_with_another(const QString& case_path) const;
    void new_case();
    void update_navigation();

    std::unique_ptr<CaseSession> m_session;
    QList<Page*> m_pages;
    History m_history;
    bool m_on_rail = false;     // a page is shown because the rail says so
    bool m_travelling = false;  // back or forward is under way: no new step

    QStackedWidget* m_stack = nullptr;
    QListWidget* m_rail = nullptr;
    QWidget* m_header = nullptr;
    PlainLabel *m_case_name = nullptr, *m_evidence = nullptr, *m_read_only = nullptr;
    QToolButton *m_search_button = nullptr, *m_zone_button = nullptr;
    std::unique_ptr<AnalysisRun> m_run;
    quint64 m_run_findings = 0;  // that it told of
    bool m_run_opened = false;  // the case of the run was opened here
    QAction *m_back = nullptr, *m_forward = nullptr;
    QMenu *m_page_menu = nullptr, *m_go_menu = nullptr;
    EventsDock* m_events = nullptr;
    SearchPopup* m_search = nullptr;
    ZoneChoice m_zone = ZoneChoice::utc;
    QString m_machine_zone;
    bool m_clock_is_right = true;  // as far as the case knows
};

}  // namespace deadbox::gui
