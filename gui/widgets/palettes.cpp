#include "gui/widgets/palettes.hpp"

#include <QApplication>
#include <QFontDatabase>
#include <QIcon>
#include <QStandardPaths>
#include <QStyleFactory>

namespace deadbox::gui {
namespace {

Colours make_light() {
    Colours c;
    c.quiet = QColor(0x5A6570), c.line = QColor(0xD3D8DD), c.link = QColor(0x1B5FA8), c.band = QColor(0xF3F5F7);
    c.good = QColor(0x2A6B3C), c.bad = QColor(0xB3261E);
    c.severity = {QColor(0x5A6570), QColor(0x2B678F), QColor(0x7A6200), QColor(0xB4530A), QColor(0xB3261E)};
    c.series = {QColor(0x9DB4C9), QColor(0x1B5FA8), QColor(0xC98A2B), QColor(0x4F8A5B), QColor(0x8A5A9E), QColor(0xB35A5A), QColor(0x3A8C93), QColor(0x6B7077)};
    return c;
}

Colours make_dark() {
    Colours c;
    c.dark = true;
    c.quiet = QColor(0x9AA5B1), c.line = QColor(0x3C434B), c.link = QColor(0x7DB8F0), c.band = QColor(0x23282D);
    c.good = QColor(0x7CC48D), c.bad = QColor(0xFF6B5E);
    c.severity = {QColor(0x9AA5B1), QColor(0x6CB6E8), QColor(0xE6C229), QColor(0xFF9F4A), QColor(0xFF6B5E)};
    c.series = {QColor(0x566879), QColor(0x7DB8F0), QColor(0xE0AE5C), QColor(0x7FBF8C), QColor(0xB98BCB), QColor(0xE08A8A), QColor(0x69BFC6), QColor(0x9AA5B1)};
    return c;
}

QPalette make_palette(const Colours& c) {
    const QColor window = c.dark ? QColor(0x1C2024) : QColor(0xFAFBFC), base = c.dark ? QColor(0x16191C) : QColor(0xFFFFFF), text = c.dark ? QColor(0xE4E8EC) : QColor(0x1D2329);
    const QColor button = c.dark ? QColor(0x2A2F35) : QColor(0xF0F2F4), accent = c.dark ? QColor(0x2F6FB3) : QColor(0x1B5FA8);
    QPalette p(button, window);
    p.setColor(QPalette::Window, window);
    p.setColor(QPalette::WindowText, text);
    p.setColor(QPalette::Base, base);
    p.setColor(QPalette::AlternateBase, c.band);
    p.setColor(QPalette::Text, text);
    p.setColor(QPalette::Button, button);
    p.setColor(QPalette::ButtonText, text);
    p.setColor(QPalette::BrightText, Qt::white);
    p.setColor(QPalette::ToolTipBase, c.dark ? QColor(0x2A2F35) : QColor(0xFFFFFF));
    p.setColor(QPalette::ToolTipText, text);
    p.setColor(QPalette::PlaceholderText, c.quiet);
    p.setColor(QPalette::Highlight, accent);
    p.setColor(QPalette::HighlightedText, Qt::white);
    p.setColor(QPalette::Link, c.link);
    p.setColor(QPalette::LinkVisited, c.link);
    p.setColor(QPalette::Light, c.dark ? QColor(0x33393F) : QColor(0xFFFFFF));
    p.setColor(QPalette::Midlight, c.dark ? QColor(0x2E343A) : QColor(0xF3F5F7));
    p.setColor(QPalette::Mid, c.line);
    p.setColor(QPalette::Dark, c.dark ? QColor(0x121416) : QColor(0xB4BBC2));
    p.setColor(QPalette::Shadow, c.dark ? QColor(0x0B0C0E) : QColor(0x8A929A));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) p.setColor(QPalette::Disabled, role, c.dark ? QColor(0x6F7880) : QColor(0x8A929A));
    p.setColor(QPalette::Disabled, QPalette::Highlight, c.line);
    return p;
}

bool g_dark = false;

}  // namespace

const Colours& colours() {
    static const Colours k_light = make_light(), k_dark = make_dark();
    return g_dark ? k_dark : k_light;
}

const QColor& severity_colour(plugin::Severity severity) { return colours().severity[static_cast<std::size_t>(severity)]; }

void apply_theme(Theme theme) {
    static const bool k_system_dark = QApplication::palette().color(QPalette::Window).lightness() < 128;
    g_dark = theme == Theme::dark || (theme == Theme::system && k_system_dark);
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setPalette(make_palette(colours()));
    // Breeze has its pictures for dark grounds in a theme of its own.
    // Without a desktop that says where icons are, they are where the desktops' standard puts them.
    auto folders = QIcon::themeSearchPaths();
    for (const auto& folder : QStandardPaths::locateAll(QStandardPaths::GenericDataLocation, QStringLiteral("icons"), QStandardPaths::LocateDirectory))
        if (!folders.contains(folder)) folders += folder;
    QIcon::setThemeSearchPaths(folders);
    QIcon::setFallbackThemeName(QStringLiteral("hicolor"));
    QIcon::setThemeName(g_dark ? QStringLiteral("breeze-dark") : QStringLiteral("breeze"));
}

QFont mono_font() {
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setStyleHint(QFont::Monospace);
    font.setPointSizeF(QApplication::font().pointSizeF());
    return font;
}

}  // namespace deadbox::gui
