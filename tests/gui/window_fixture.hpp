// The window with a case in it, and patience for what arrives from other threads.
#pragma once

#include <QTest>

#include <functional>
#include <memory>

#include "gui/widgets/main_window.hpp"

namespace deadbox::test {

std::unique_ptr<gui::MainWindow> open_window(const QString& case_path);
template <class PageType>
PageType& page_of(gui::MainWindow& window, const char* id) {
    return *static_cast<PageType*>(window.page(QString::fromLatin1(id)));
}
// Shows the page and waits until nothing is loading on it.
void settle(gui::MainWindow& window, const QString& page);
// False after half a minute.
bool wait_for(const std::function<bool()>& condition);

}  // namespace deadbox::test
