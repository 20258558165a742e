// What stands where a list is empty: why, and what to do. Laid over the view that it explains.
#pragma once

#include <QPointer>
#include <QWidget>

class QAbstractItemView;

namespace deadbox::gui {

class PlainLabel;

class EmptyState : public QWidget {
    Q_OBJECT
public:
    // Follows the view's size; shown while the view's model has no rows.
    explicit EmptyState(QAbstractItemView* view, const QString& text);
    void setText(const QString& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void update_shown();
    QPointer<QAbstractItemView> m_view;
    PlainLabel* m_text;
};

}  // namespace deadbox::gui
