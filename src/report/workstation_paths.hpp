// Where the evidence lies on this workstation: told in `run` alone, and named by its file elsewhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "case/view.hpp"

namespace deadbox::report {

class WorkstationPaths {
public:
    static base::Result<WorkstationPaths> load(const case_file::View& view);

    // Each of the paths in the text becomes the name of its file.
    void shorten(std::string& text) const;
    // Is it a folder in which a file of the evidence lies?
    bool is_folder(std::string_view path) const;

private:
    std::vector<std::string> m_paths;  // the longest first: one may begin with another
};

}  // namespace deadbox::report
