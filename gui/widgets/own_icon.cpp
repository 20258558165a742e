#include "gui/widgets/own_icon.hpp"

#include <QApplication>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QSvgRenderer>

namespace deadbox::gui {
namespace {

class LineDrawing : public QIconEngine {
public:
    explicit LineDrawing(const QString& path) : m_path(path) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
        const double ratio = painter->device() == nullptr ? 1.0 : painter->device()->devicePixelRatioF();
        painter->drawPixmap(rect, scaledPixmap(rect.size() * ratio, mode, state, ratio));
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override { return scaledPixmap(size, mode, state, 1.0); }
    // size: in the device's pixels.
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal) override {
        QPixmap drawn(size);
        drawn.fill(Qt::transparent);
        QPainter painter(&drawn);
        QSvgRenderer(m_path).render(&painter, QRectF(QPointF(), size));
        painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
        const auto palette = QApplication::palette();
        painter.fillRect(drawn.rect(), mode == QIcon::Selected ? palette.color(QPalette::HighlightedText) : palette.color(mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active, QPalette::WindowText));
        return drawn;
    }
    QIconEngine* clone() const override { return new LineDrawing(*this); }
    QString key() const override { return QStringLiteral("deadbox.line_drawing"); }
    bool isNull() override { return false; }

private:
    QString m_path;
};

}  // namespace

QIcon own_icon(const QString& name) {
    const QString path = QStringLiteral(":/icons/%1.svg").arg(name);
    return QFile::exists(path) ? QIcon(new LineDrawing(path)) : QIcon();
}

QPixmap in_colour(const QIcon& icon, const QSize& size, double ratio, const QColor& colour) {
    QPixmap drawn = icon.pixmap(size, ratio);
    QPainter painter(&drawn);
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(QRectF(QPointF(), drawn.deviceIndependentSize()), colour);
    return drawn;
}

}  // namespace deadbox::gui
