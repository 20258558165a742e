#include "gui/window_fixture.hpp"

#include "gui/models/fact_model.hpp"
#include "gui/models/timeline_model.hpp"

namespace deadbox::test {

bool wait_for(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 30'000); }

std::unique_ptr<gui::MainWindow> open_window(const QString& case_path) {
    auto window = std::make_unique<gui::MainWindow>();
    window->resize(1360, 860);
    window->show();
    (void)QTest::qWaitForWindowExposed(window.get());
    if (!case_path.isEmpty()) window->open_case(case_path);
    return window;
}

void settle(gui::MainWindow& window, const QString& page) {
    window.show_page(page);
    // A question asked now is answered after those that the page has asked before it, on each of the threads.
    for (int round = 0; round < 3; ++round) {
        int answers = 0;
        for (const auto lane : {gui::Lane::rows, gui::Lane::chart, gui::Lane::slow})
            window.session()->ask(lane, &window, [](gui::CaseReader&) -> base::Result<int> { return 1; }, [&answers](base::Result<int>) { ++answers; });
        (void)wait_for([&] { return answers == 3; });
    }
    QTest::qWait(30);
}

}  // namespace deadbox::test
