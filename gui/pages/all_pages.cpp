#include "gui/pages/batch_page.hpp"
#include "gui/pages/coverage_page.hpp"
#include "gui/pages/custody_page.hpp"
#include "gui/pages/files_page.hpp"
#include "gui/pages/page.hpp"
#include "gui/pages/report_page.hpp"
#include "gui/pages/start_page.hpp"

namespace deadbox::gui {

// In the order of the rail; Ctrl+1 ... Ctrl+9 follow it.
QList<Page*> make_pages(Frame& frame, QWidget* parent) {
    return {
        new StartPage(frame, parent),
        new BatchPage(frame, parent),
        new FilesPage(frame, parent),
        new CoveragePage(frame, parent),
        new CustodyPage(frame, parent),
        new ReportPage(frame, parent),
    };
}

}  // namespace deadbox::gui
