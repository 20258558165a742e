#include "gui/widgets/link_menu.hpp"

#include <QClipboard>
#include <QGuiApplication>

#include "gui/models/evidence_text.hpp"
#include "gui/pages/page.hpp"

namespace deadbox::gui {

LinkMenu::LinkMenu(const Link& link, const QString& name, Frame& frame, QWidget* parent) : QMenu(parent) {
    using Kind = Link::Kind;
    setObjectName(QStringLiteral("link_menu"));
    const bool file = link.kind == Kind::path || link.kind == Kind::ref;
    const bool moment = link.time.has_value();
    const auto add = [&](const QString& text, bool enabled, auto run) {
        auto* action = addAction(text, this, run);
        action->setEnabled(enabled);
        return action;
    };
    auto label = name.isEmpty() ? label_of(link) : name;
    if (label.size() > 60) label = label.left(28) + QChar(0x2026) + label.right(28);
    addSection(name_of(link.kind) + QStringLiteral(": ") + label.replace(QLatin1Char('&'), QStringLiteral("&&")));
    add(tr("Open"), true, [&frame, link] { frame.go(link); });
    add(tr("Show in timeline"), moment || link.kind == Kind::account || link.kind == Kind::address || file, [&frame, link] { frame.go(link, QStringLiteral("timeline")); });
    add(tr("Show in files"), file, [&frame, link] { frame.go(link, QStringLiteral("files")); });
    add(tr("Findings about it"), link.kind != Kind::time, [&frame, link] { frame.go(link, QStringLiteral("findings")); });
    addSeparator();
    add(tr("Filter the timeline by it"), link.kind != Kind::time, [&frame, link] {
        auto whole = link;
        if (link.kind == Kind::finding) whole.time.reset();  // with a moment, only that is gone to
        frame.go(whole, QStringLiteral("timeline"));
    });
    add(tr("Exclude it from the timeline"), link.kind != Kind::finding && link.kind != Kind::time && link.kind != Kind::path, [this, link] { Q_EMIT exclusionWanted(link); });
    addSeparator();
    add(tr("Copy"), true, [link] {
        QGuiApplication::clipboard()->setText(link.kind == Kind::time ? label_of(link) : QString::fromUtf8(link.value));
    });
    add(tr("Copy hash"), file && link.inode != 0, [this, link] { Q_EMIT copyHashWanted(link); });
    addSeparator();
    add(tr("Add to a note"), true, [this, link] { Q_EMIT noteWanted(link); });
    add(tr("Bookmark"), link.kind == Kind::finding, [this, link] { Q_EMIT bookmarkWanted(link); });
}

}  // namespace deadbox::gui
