// The wheel scrolls: it never turns what is chosen in a box that the pointer happens to be over.
#pragma once

class QWidget;

namespace deadbox::gui {

// Boxes of choices and of numbers in `contents`, as they are now.
void keep_wheel_for_scrolling(QWidget& contents);

}  // namespace deadbox::gui
