// Makes the report model of a case.
#pragma once

#include "case/view.hpp"
#include "report/model.hpp"
#include "report/texts.hpp"

namespace deadbox::report {

struct BuildOptions {
    Redact redact = Redact::secrets;
    std::string tlp;  // "", clear, green, amber, amber+strict, red
    std::size_t items = k_items;
};

base::Result<Report> build_report(const case_file::View& view, const Texts& texts, const BuildOptions& options);
base::Result<std::vector<CoverageRow>> load_coverage(const case_file::View& view);

}  // namespace deadbox::report
