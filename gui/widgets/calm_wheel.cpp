#include "gui/widgets/calm_wheel.hpp"

#include <QAbstractSpinBox>
#include <QComboBox>
#include <QEvent>

namespace deadbox::gui {
namespace {

// What it does not take goes on to the area that scrolls.
class CalmWheel final : public QObject {
public:
    using QObject::QObject;
    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() != QEvent::Wheel) return false;
        event->ignore();
        return true;
    }
};

}  // namespace

void keep_wheel_for_scrolling(QWidget& contents) {
    auto* calm = new CalmWheel(&contents);
    const auto take = [&](QWidget* box) {
        box->installEventFilter(calm);
        if (box->focusPolicy() == Qt::WheelFocus) box->setFocusPolicy(Qt::StrongFocus);
    };
    for (auto* box : contents.findChildren<QComboBox*>()) take(box);
    for (auto* box : contents.findChildren<QAbstractSpinBox*>()) take(box);
}

}  // namespace deadbox::gui
