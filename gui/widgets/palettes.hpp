// Our light and dark palettes over the Fusion style, and the colours that Qt has no role for.
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

#include <array>

#include "plugin/finding.hpp"

namespace deadbox::gui {

enum class Theme : std::uint8_t { system, light, dark };

struct Colours {
    bool dark = false;
    QColor quiet;      // escapes, tips, second lines; contrast at least 4.5 : 1
    QColor line;       // the one line around things
    QColor link;
    QColor band;       // behind headers and cards
    QColor good, bad;  // outcomes of a verification, always beside a word
    std::array<QColor, 5> severity;       // by plugin::Severity
    std::array<QColor, 8> series;         // of charts, told apart in grey too
};
// Of the palette in force.
const Colours& colours();
const QColor& severity_colour(plugin::Severity severity);
// Sets style and palette of the application. system: as the desktop was when the program started.
void apply_theme(Theme theme);
// The system's monospace font, a little smaller than the text's.
QFont mono_font();

}  // namespace deadbox::gui
