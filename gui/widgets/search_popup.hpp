// Ctrl+K: one box for commands, findings, files, facts, users and addresses.
#pragma once

#include <QAction>
#include <QFrame>
#include <QPointer>

#include "gui/models/case_session.hpp"
#include "gui/models/link.hpp"

class QLineEdit;
class QListWidget;
class QTimer;

namespace deadbox::gui {

class Frame;
class PlainLabel;

class SearchPopup : public QFrame {
    Q_OBJECT
public:
    struct Command {
        QPointer<QAction> action;
        QString name;  // with the menus that it stands in, where they say what it is of
    };
    SearchPopup(Frame& frame, QWidget* window);
    void open(const QList<Command>& commands);
    QLineEdit* box() const { return m_box; }
    QListWidget* list() const { return m_list; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void search();
    void ask();
    void run();
    void add(const QString& group, const QString& text, const Link& link, QAction* action = nullptr);

    Frame& m_frame;
    QLineEdit* m_box;
    QListWidget* m_list;
    PlainLabel* m_hint;
    QTimer* m_pause;
    Ticket m_ticket;
    QList<Command> m_commands;
};

}  // namespace deadbox::gui
