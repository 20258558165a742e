// A severity's sign: a colour and a shape, so that no colour stands alone.
#pragma once

#include <QPainter>
#include <QString>

#include "plugin/finding.hpp"

namespace deadbox::gui {

// ◆ ▲ ● ▽ ○, drawn into the square.
void paint_severity(QPainter& painter, const QRectF& square, plugin::Severity severity);
QPixmap severity_pixmap(plugin::Severity severity, int size, qreal ratio);
// "critical" ... in the user's language.
QString severity_text(plugin::Severity severity);
QString confidence_text(plugin::Confidence confidence);
QString state_text(const std::string& state);
QString phase_text(const std::string& phase);

}  // namespace deadbox::gui
