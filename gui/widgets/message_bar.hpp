// The bar at the foot of a page that says what went wrong, where, and what to do; details on demand, never a dialog.
#pragma once

#include <QFrame>

#include <functional>

class QLabel;
class QPushButton;

namespace deadbox::gui {

class PlainLabel;

class MessageBar : public QFrame {
    Q_OBJECT
public:
    explicit MessageBar(QWidget* parent = nullptr);
    void showError(const QString& what, const QString& details = {});
    // A message with one thing to do about it: "Dismissed. [Undo]".
    void offer(const QString& text, const QString& button, std::function<void()> run);
    bool isShown() const { return isVisibleTo(parentWidget()); }
    QString text() const;

public Q_SLOTS:
    void clear();

private:
    QLabel* m_sign;
    PlainLabel* m_text;
    PlainLabel* m_details;
    QPushButton *m_more, *m_act, *m_close;
    std::function<void()> m_run;
};

}  // namespace deadbox::gui
