#include "gui/widgets/severity.hpp"

#include <QCoreApplication>
#include <QPainterPath>

#include <array>
#include <utility>

#include "gui/widgets/palettes.hpp"

namespace deadbox::gui {
namespace {

using Word = std::pair<std::string_view, const char*>;

QString tr(const char* text) { return QCoreApplication::translate("Words", text); }

template <std::size_t N>
QString word(const std::array<Word, N>& words, std::string_view name) {
    for (const auto& [id, text] : words)
        if (id == name) return tr(text);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

}  // namespace

void paint_severity(QPainter& painter, const QRectF& square, plugin::Severity severity) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor colour = severity_colour(severity);
    const QRectF r = square.adjusted(1, 1, -1, -1);
    QPainterPath path;
    switch (severity) {
        case plugin::Severity::critical: path.addPolygon(QPolygonF{{r.center().x(), r.top()}, {r.right(), r.center().y()}, {r.center().x(), r.bottom()}, {r.left(), r.center().y()}}); break;
        case plugin::Severity::high: path.addPolygon(QPolygonF{{r.center().x(), r.top()}, {r.right(), r.bottom()}, {r.left(), r.bottom()}}); break;
        case plugin::Severity::low: path.addPolygon(QPolygonF{{r.left(), r.top()}, {r.right(), r.top()}, {r.center().x(), r.bottom()}}); break;
        case plugin::Severity::medium:
        case plugin::Severity::info: path.addEllipse(r); break;
    }
    path.closeSubpath();
    const bool hollow = severity <= plugin::Severity::low;
    painter.setPen(QPen(colour, hollow ? 1.6 : 1, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.setBrush(hollow ? QBrush(Qt::NoBrush) : QBrush(colour));
    painter.drawPath(path);
    painter.restore();
}

QPixmap severity_pixmap(plugin::Severity severity, int size, qreal ratio) {
    QPixmap pixmap(QSize(size, size) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paint_severity(painter, QRectF(0, 0, size, size), severity);
    return pixmap;
}

QString severity_text(plugin::Severity severity) {
    static constexpr std::array<const char*, 5> k_words{QT_TRANSLATE_NOOP("Words", "info"), QT_TRANSLATE_NOOP("Words", "low"), QT_TRANSLATE_NOOP("Words", "medium"),
                                                        QT_TRANSLATE_NOOP("Words", "high"), QT_TRANSLATE_NOOP("Words", "critical")};
    return tr(k_words[static_cast<std::size_t>(severity)]);
}

QString confidence_text(plugin::Confidence confidence) {
    static constexpr std::array<const char*, 3> k_words{QT_TRANSLATE_NOOP("Words", "possible"), QT_TRANSLATE_NOOP("Words", "likely"), QT_TRANSLATE_NOOP("Words", "certain")};
    return tr(k_words[static_cast<std::size_t>(confidence)]);
}

QString state_text(const std::string& state) {
    static constexpr std::array<Word, 3> k_words{
        {{"open", QT_TRANSLATE_NOOP("Words", "open")}, {"confirmed", QT_TRANSLATE_NOOP("Words", "confirmed")}, {"dismissed", QT_TRANSLATE_NOOP("Words", "dismissed")}}};
    return word(k_words, state);
}

QString phase_text(const std::string& phase) {
    static constexpr std::array<Word, 7> k_words{{{"initial_access", QT_TRANSLATE_NOOP("Words", "initial access")},
                                                  {"execution", QT_TRANSLATE_NOOP("Words", "execution")},
                                                  {"persistence", QT_TRANSLATE_NOOP("Words", "persistence")},
                                                  {"privilege", QT_TRANSLATE_NOOP("Words", "privilege")},
                                                  {"hiding", QT_TRANSLATE_NOOP("Words", "hiding")},
                                                  {"use", QT_TRANSLATE_NOOP("Words", "use")},
                                                  {"spread", QT_TRANSLATE_NOOP("Words", "spread")}}};
    return word(k_words, phase);
}

}  // namespace deadbox::gui
