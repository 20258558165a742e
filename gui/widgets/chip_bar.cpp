#include "gui/widgets/chip_bar.hpp"

#include <QHBoxLayout>
#include <QPushButton>

namespace deadbox::gui {
namespace {
constexpr int k_longest = 48;  // characters of a chip
}

ChipBar::ChipBar(QWidget* parent) : QWidget(parent), m_row(new QHBoxLayout(this)) {
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(6);
    setAccessibleName(tr("Filters"));
}

void ChipBar::setChips(const QList<Chip>& chips) {
    while (auto* item = m_row->takeAt(0)) {
        if (item->widget() != nullptr) item->widget()->deleteLater();
        delete item;
    }
    for (const auto& chip : chips) {
        QString text = chip.text;
        if (text.size() > k_longest) text = text.left(k_longest / 2 - 1) + QChar(0x2026) + text.right(k_longest / 2);
        auto* button = new QPushButton(text.replace(QLatin1Char('&'), QStringLiteral("&&")) + QStringLiteral("  ✕"), this);
        button->setToolTip(tr("Take this filter away"));
        button->setAccessibleName(tr("Filter %1, take away").arg(chip.text));
        connect(button, &QPushButton::clicked, this, [this, id = chip.id] { Q_EMIT removed(id); });
        m_row->addWidget(button);
    }
    m_row->addStretch();
    setVisible(!chips.isEmpty());
}

}  // namespace deadbox::gui
