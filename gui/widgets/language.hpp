// The window's language: the user's, or English.
#pragma once

#include <QLocale>

namespace deadbox::gui {

// Installs our texts and Qt's own for this locale into the application. Call it once, before the first window.
void install_language(const QLocale& locale);

}  // namespace deadbox::gui
