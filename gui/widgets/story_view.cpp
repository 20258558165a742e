#include "gui/widgets/story_view.hpp"

#include <QGridLayout>
#include <QPainter>

#include "gui/models/evidence_text.hpp"
#include "gui/pages/page.hpp"
#include "gui/widgets/palettes.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/severity.hpp"

namespace deadbox::gui {
namespace {
constexpr int k_line = 7, k_dot = 4, k_story_left = 24;
constexpr std::size_t k_most_entries = 60;  // entries shown
}

StoryView::StoryView(const std::vector<report::StoryEntry>& story, const TimeFormat& format, Frame& frame, QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("The story"));
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(k_story_left, 0, 0, 0);
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(2, 1);
    int row = 0;
    std::optional<base::Timestamp> before;
    for (const auto& entry : story) {
        if (static_cast<std::size_t>(row) >= k_most_entries) break;
        if (before && entry.time && entry.time->seconds - before->seconds > 86'400) {
            grid->addWidget(new PlainLabel(tr("%1 later").arg(duration_text(entry.time->seconds - before->seconds)), TextWeight::quiet, this), row++, 0, 1, 3);
        }
        auto* time = new PlainLabel(entry.time ? format.short_text(*entry.time) : tr("time unknown"), TextWeight::mono, this);
        time->setWordWrap(false);
        if (entry.time) {
            time->setClickable(true);
            time->setToolTip(format.exact(*entry.time));
            connect(time, &PlainLabel::activated, this, [&frame, at = *entry.time] { frame.go(Link::to_time(at)); });
        }
        auto* phase = new PlainLabel(phase_text(entry.phase), TextWeight::quiet, this);
        phase->setWordWrap(false);
        auto* text = new PlainLabel(plain(entry.text), TextWeight::normal, this);
        if (!entry.findings.empty()) {
            text->setClickable(true);
            connect(text, &PlainLabel::activated, this, [&frame, id = entry.findings.front(), at = entry.time] { frame.go(Link::to(Link::Kind::finding, id, at)); });
        }
        grid->addWidget(time, row, 0, Qt::AlignTop);
        grid->addWidget(phase, row, 1, Qt::AlignTop);
        grid->addWidget(text, row++, 2, Qt::AlignTop);
        m_moments.push_back(time);
        before = entry.time;
    }
    if (story.size() > k_most_entries) grid->addWidget(new PlainLabel(tr("and %n more; the timeline has all", nullptr, static_cast<int>(story.size() - k_most_entries)), TextWeight::quiet, this), row, 0, 1, 3);
}

void StoryView::paintEvent(QPaintEvent*) {
    if (m_moments.isEmpty()) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto middle = [](const QWidget* widget) { return widget->y() + widget->fontMetrics().height() / 2 + 1; };
    painter.setPen(QPen(colours().line, 2));
    painter.drawLine(k_line, middle(m_moments.constFirst()), k_line, middle(m_moments.constLast()));
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours().link);
    for (const auto* moment : m_moments) painter.drawEllipse(QPoint(k_line, middle(moment)), k_dot, k_dot);
}

}  // namespace deadbox::gui
