#include "gui/pages/page.hpp"

#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include "gui/widgets/calm_wheel.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/own_icon.hpp"

namespace deadbox::gui {

Page::Page(QString id, Frame& frame, QWidget* parent) : QWidget(parent), m_id(std::move(id)), m_frame(frame), m_messages(new MessageBar(this)) {
    setObjectName(m_id);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_messages);
}

void Page::setContents(QWidget* contents) {
    // A message takes no more than its lines, and stands below: what is pointed at stays under the pointer.
    static_cast<QVBoxLayout*>(layout())->insertWidget(0, contents, 1);
    keep_wheel_for_scrolling(*contents);
    // Labels that a form layout makes take their text for markup where it looks like some.
    for (auto* label : contents->findChildren<QLabel*>()) label->setTextFormat(Qt::PlainText);
}

QAction* Page::addPageAction(const QString& text, const QKeySequence& keys, std::function<void()> run) {
    auto* action = new QAction(text, this);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(action, &QAction::triggered, this, std::move(run));
    addAction(action);
    return action;
}

QIcon icon_named(const QString& name) { return QIcon::fromTheme(name, own_icon(name)); }

}  // namespace deadbox::gui
