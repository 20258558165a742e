#include "gui/widgets/empty_state.hpp"

#include <QAbstractItemView>
#include <QEvent>
#include <QVBoxLayout>

#include "gui/widgets/plain_label.hpp"

namespace deadbox::gui {

EmptyState::EmptyState(QAbstractItemView* view, const QString& text) : QWidget(view->viewport()), m_view(view), m_text(new PlainLabel(text, TextWeight::quiet, this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(32, 24, 32, 24);
    m_text->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    layout->addWidget(m_text, 0, Qt::AlignTop);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    view->viewport()->installEventFilter(this);
    auto* model = view->model();
    connect(model, &QAbstractItemModel::modelReset, this, &EmptyState::update_shown);
    connect(model, &QAbstractItemModel::rowsInserted, this, &EmptyState::update_shown);
    connect(model, &QAbstractItemModel::rowsRemoved, this, &EmptyState::update_shown);
    update_shown();
}

void EmptyState::setText(const QString& text) { m_text->setText(text); }

void EmptyState::update_shown() {
    if (!m_view) return;
    setGeometry(m_view->viewport()->rect());
    setVisible(m_view->model()->rowCount(m_view->rootIndex()) == 0);
}

bool EmptyState::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize && m_view) setGeometry(m_view->viewport()->rect());
    return QWidget::eventFilter(watched, event);
}

}  // namespace deadbox::gui
