#include "cli/open_case.hpp"

namespace deadbox::cli {

base::Result<case_file::View> open_case(const std::string& path) {
    auto view = case_file::View::open(path);
    if (!view && (view.error().code == base::Errc::not_found || view.error().code == base::Errc::usage)) return base::fail(base::Errc::io, view.error().what);
    return view;
}

}  // namespace deadbox::cli
