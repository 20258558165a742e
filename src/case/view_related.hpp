// What else a case knows of the thing that a row of a topic's table is about.
#pragma once

#include <string>
#include <vector>

#include "case/view_facts.hpp"

namespace deadbox::case_file {

// Rows of one table that have one of the values in a text column, exactly; secret columns are not looked at.
struct RelatedRows {
    const plugin::TableDef* table = nullptr;
    std::string value, column;  // the value, and the column in which it stands
    std::int64_t count = 0, first = 0;  // how many rows, and the first one's id
};
struct Related {
    std::vector<std::string> findings;  // ids: about the row's file, or about one of the values; in the order of a report
    std::vector<RelatedRows> rows;
};
// `values`: names, addresses, paths, digests of the row, raw bytes. The row itself does not count.
base::Result<Related> related_to(const View& view, const plugin::TableDef& table, const FactRow& row, const std::vector<std::string>& values);

}  // namespace deadbox::case_file
