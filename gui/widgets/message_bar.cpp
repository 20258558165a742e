#include "gui/widgets/message_bar.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "gui/widgets/palettes.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/severity.hpp"

namespace deadbox::gui {

MessageBar::MessageBar(QWidget* parent) : QFrame(parent), m_sign(new QLabel(this)), m_text(new PlainLabel({}, TextWeight::normal, this)), m_details(new PlainLabel({}, TextWeight::mono, this)),
      m_more(new QPushButton(tr("Details"), this)), m_act(new QPushButton(this)), m_close(new QPushButton(tr("Close"), this)) {
    setFrameShape(QFrame::NoFrame);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::AlternateBase);
    setAccessibleName(tr("Message"));
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_sign, 0, Qt::AlignTop);
    row->addWidget(m_text, 1);
    row->addWidget(m_act), row->addWidget(m_more), row->addWidget(m_close);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(12, 8, 12, 8);
    all->addLayout(row);
    all->addWidget(m_details);
    m_more->setCheckable(true);
    connect(m_more, &QPushButton::toggled, m_details, &QWidget::setVisible);
    connect(m_close, &QPushButton::clicked, this, &MessageBar::clear);
    connect(m_act, &QPushButton::clicked, this, [this] {
        const auto run = m_run;
        clear();
        if (run) run();
    });
    clear();
}

void MessageBar::clear() {
    m_run = nullptr;
    m_details->hide();
    m_more->setChecked(false);
    hide();
}

void MessageBar::showError(const QString& what, const QString& details) {
    m_sign->setPixmap(severity_pixmap(plugin::Severity::high, 16, devicePixelRatioF()));
    m_sign->show();
    m_text->setText(what);
    m_details->setText(details);
    m_more->setVisible(!details.isEmpty());
    m_act->hide();
    show();
}

void MessageBar::offer(const QString& text, const QString& button, std::function<void()> run) {
    m_sign->hide();
    m_text->setText(text);
    m_details->hide();
    m_more->hide();
    m_act->setText(button);
    m_act->setVisible(!button.isEmpty());
    m_run = std::move(run);
    show();
}

QString MessageBar::text() const { return m_text->text(); }

}  // namespace deadbox::gui
