// Rows of the topics' tables, as text, for showing what is known of a thing.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "case/view.hpp"
#include "plugin/topic.hpp"

namespace deadbox::case_file {

struct Fact {
    const plugin::TableDef* table = nullptr;
    // Column and value of those that are known: raw bytes of texts, digits of numbers, hexadecimal of blobs, RFC 3339 of times.
    std::vector<std::pair<const plugin::ColumnDef*, std::string>> values;
};

// What topics wrote of this inode, by topic and row; at most `most` rows of each table.
base::Result<std::vector<Fact>> facts_of(const View& view, std::int64_t inode, std::size_t most);
// The ids of the findings that name this inode, in their own order.
base::Result<std::vector<std::string>> findings_of(const View& view, std::int64_t inode);

}  // namespace deadbox::case_file
