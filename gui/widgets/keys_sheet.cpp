#include "gui/widgets/keys_sheet.hpp"

#include <QGridLayout>
#include <QVBoxLayout>

#include "gui/widgets/plain_label.hpp"

namespace deadbox::gui {

KeysSheet::KeysSheet(const QString& page, const QList<QAction*>& of_page, const QList<QAction*>& of_window, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Keys"));
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(20, 16, 20, 20);
    const auto section = [&](const QString& title, const QList<QAction*>& actions, const std::vector<std::pair<QString, QString>>& more) {
        auto* grid = new QGridLayout;
        grid->setHorizontalSpacing(24);
        int row = 0;
        const auto add = [&](const QString& keys, const QString& text) {
            auto* key = new PlainLabel(keys, TextWeight::mono, this);
            key->setWordWrap(false);
            grid->addWidget(key, row, 0);
            grid->addWidget(new PlainLabel(text, TextWeight::normal, this), row++, 1);
        };
        for (const auto* action : actions)
            if (!action->shortcut().isEmpty() && !action->text().isEmpty()) add(action->shortcut().toString(QKeySequence::NativeText), action->text().remove(QLatin1Char('&')));
        for (const auto& [keys, text] : more) add(keys, text);
        if (row == 0) return;
        grid->setColumnStretch(1, 1);
        all->addWidget(make_heading(title, this));
        all->addLayout(grid);
        all->addSpacing(12);
    };
    section(page, of_page, {{QStringLiteral("J  K"), tr("Next and previous row")}, {tr("Enter"), tr("Open")}});
    section(tr("Everywhere"), of_window, {{tr("Esc"), tr("Close what was opened last")}});
}

}  // namespace deadbox::gui
