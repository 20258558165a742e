// The one menu of every link: open, show in the timeline, show in the files, findings about it, filter by or exclude, copy,
// copy hash, add to a note, bookmark.
#pragma once

#include <QMenu>

#include "gui/models/link.hpp"

namespace deadbox::gui {

class Frame;

// The window does what is chosen: go() with a page, or one of the commands below.
class LinkMenu : public QMenu {
    Q_OBJECT
public:
    // `name`: what people call it, where that is not what the link has: a finding's title.
    LinkMenu(const Link& link, const QString& name, Frame& frame, QWidget* parent);

Q_SIGNALS:
    void noteWanted(const deadbox::gui::Link& link);
    void bookmarkWanted(const deadbox::gui::Link& link);
    void copyHashWanted(const deadbox::gui::Link& link);
    void exclusionWanted(const deadbox::gui::Link& link);  // in the timeline
};

}  // namespace deadbox::gui
