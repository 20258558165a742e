#include "gui/pages/coverage_page.hpp"
#include "gui/pages/custody_page.hpp"
#include "gui/pages/page.hpp"

namespace deadbox::gui {

// In the order of the rail; Ctrl+1 ... Ctrl+9 follow it.
QList<Page*> make_pages(Frame& frame, QWidget* parent) {
    return {
        new CoveragePage(frame, parent),
        new CustodyPage(frame, parent),
    };
}

}  // namespace deadbox::gui
