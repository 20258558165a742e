// Our own icons, for desktops that have none of a name: one line drawing each, drawn in the colour that text has where it
// stands, so that light and dark need no second set.
#pragma once

#include <QIcon>

namespace deadbox::gui {

// Null where we have none of this name (gui/icons).
QIcon own_icon(const QString& name);

// The icon's shape in one colour; size in the window's pixels.
QPixmap in_colour(const QIcon& icon, const QSize& size, double ratio, const QColor& colour);

}  // namespace deadbox::gui
