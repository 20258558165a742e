// A page of the window. A new page is a class in gui/pages and one line in all_pages.cpp: the rail, the shortcut, back and
// forward, the F1 sheet and the common menu come by themselves.
#pragma once

#include <QAction>
#include <QIcon>
#include <QVariantMap>
#include <QWidget>

#include "gui/models/case_session.hpp"
#include "gui/models/link.hpp"
#include "gui/models/time_format.hpp"

namespace deadbox::gui {

class MessageBar;

// What a page may ask of the window around it.
class Frame {
public:
    virtual ~Frame() = default;
    virtual CaseSession* session() const = 0;  // nullptr: no case is open
    virtual TimeFormat time_format() const = 0;
    // Goes to the page that shows such a link best, or to `page` ("timeline", "files" ...), as one step of the history.
    virtual void go(const Link& link, const QString& page = {}) = 0;
    virtual void show_page(const QString& page) = 0;
    // The common menu of a link, at a place of the screen.
    virtual void open_menu(const Link& link, const QPoint& global) = 0;
    virtual void say(const QString& text) = 0;  // in the status line, for some seconds
    virtual void open_case(const QString& path) = 0;
    virtual void close_case() = 0;
    // Asks where the case's evidence is now, one image after the other.
    virtual void find_evidence() = 0;
};

class Page : public QWidget {
    Q_OBJECT
public:
    Page(QString id, Frame& frame, QWidget* parent = nullptr);

    const QString& id() const { return m_id; }
    virtual QString title() const = 0;
    virtual QIcon icon() const = 0;
    virtual bool needs_case() const { return true; }  // hidden from the rail while no case is open
    // Absent from the rail although a case is open: its topic has nothing.
    virtual bool is_absent() const { return false; }

    // A case was opened (session() is another one) or closed (nullptr). Pages forget what they showed.
    virtual void caseChanged() {}
    // It is the page on top from now on; load what is missing.
    virtual void shown() {}
    // The case has new rows. Called for the page on top only; the others hear of it through shown().
    virtual void refresh() {}
    virtual void zoneChanged() {}

    // Shows the link; false where this page cannot.
    virtual bool open(const Link&) { return false; }
    // Where one is, for back and forward: selection, filters, scroll.
    virtual QVariantMap place() const { return {}; }
    virtual void restore(const QVariantMap&) {}
    virtual Link selection() const { return {}; }
    // "/": the page's filter.
    virtual void focusFilter() {}
    // Esc: closes what was opened last on the page; false where nothing is open.
    virtual bool closeLast() { return false; }
    // Ctrl+C, Ctrl+Shift+C of the selected rows.
    virtual QString selectedText() const { return {}; }
    virtual QString selectedJson() const { return {}; }

    MessageBar& messages() const { return *m_messages; }

Q_SIGNALS:
    void selectionChanged(const deadbox::gui::Link& link);  // the dock of events around follows
    void absenceChanged();

protected:
    CaseSession* session() const { return m_frame.session(); }
    Frame& frame() const { return m_frame; }
    // The page's contents stand under its bar of messages.
    void setContents(QWidget* contents);
    // An action with a shortcut that works while the page is on top; it stands in the menu "Page" and on the F1 sheet.
    QAction* addPageAction(const QString& text, const QKeySequence& keys, std::function<void()> run);

private:
    QString m_id;
    Frame& m_frame;
    MessageBar* m_messages;
};

QList<Page*> make_pages(Frame& frame, QWidget* parent);
// An icon of the theme, or one of ours in resources/icons.
QIcon icon_named(const QString& name);

}  // namespace deadbox::gui
