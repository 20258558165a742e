#include "gui/pages/batch_page.hpp"
#include "gui/pages/coverage_page.hpp"
#include "gui/pages/custody_page.hpp"
#include "gui/pages/entities_page.hpp"
#include "gui/pages/files_page.hpp"
#include "gui/pages/findings_page.hpp"
#include "gui/pages/notes_page.hpp"
#include "gui/pages/overview_page.hpp"
#include "gui/pages/page.hpp"
#include "gui/pages/report_page.hpp"
#include "gui/pages/start_page.hpp"
#include "gui/pages/timeline_page.hpp"

namespace deadbox::gui {

// In the order of the rail; Ctrl+1 ... Ctrl+9 follow it.
QList<Page*> make_pages(Frame& frame, QWidget* parent) {
    return {
        new StartPage(frame, parent),
        new BatchPage(frame, parent),
        new OverviewPage(frame, parent),
        new FindingsPage(frame, parent),
        new TimelinePage(frame, parent),
        new FilesPage(frame, parent),
        new EntitiesPage(frame, parent),
        new CoveragePage(frame, parent),
        new NotesPage(frame, parent),
        new CustodyPage(frame, parent),
        new ReportPage(frame, parent),
    };
}

}  // namespace deadbox::gui
