// The files that a command line chooses for copies: by path, ref or finding.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/function_ref.hpp"
#include "case/view_files.hpp"

namespace deadbox::cli {

struct Choice {
    std::vector<std::string> paths;     // as typed; a folder stands for all below it
    std::vector<std::string> refs;
    std::vector<std::string> findings;  // ids
    bool all_findings = false;          // of those that are not dismissed
    bool deleted = false;               // below a folder deleted files too
};

// Each chosen file once, in a fixed order; with the findings through which it was chosen. Errc::not_found where a path, ref
// or finding names nothing.
base::Result<void> for_each_chosen(const case_file::View& view, case_file::Files& files, const Choice& choice,
                                   base::FunctionRef<void(const case_file::FileDetail&, const std::set<std::string>& findings)> visit);

}  // namespace deadbox::cli
