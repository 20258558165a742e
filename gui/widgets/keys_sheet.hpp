// F1: the keys of the page on top and of the window.
#pragma once

#include <QAction>
#include <QDialog>

namespace deadbox::gui {

class KeysSheet : public QDialog {
    Q_OBJECT
public:
    KeysSheet(const QString& page, const QList<QAction*>& of_page, const QList<QAction*>& of_window, QWidget* parent);
};

}  // namespace deadbox::gui
