// What topics and detectors wrote of one inode.
#pragma once

#include <string>
#include <vector>

#include "case/view_facts.hpp"

namespace deadbox::case_file {

struct FileFact {
    const plugin::TableDef* table = nullptr;
    FactRow row;
};
// By topic and row; at most `most` rows of each table.
base::Result<std::vector<FileFact>> facts_of(const View& view, std::int64_t inode, std::size_t most);
// The ids of the findings that name this inode, in the order of a report.
base::Result<std::vector<std::string>> findings_of(const View& view, std::int64_t inode);

}  // namespace deadbox::case_file
