// Rows of the tables that the topics declare, for lists of any length: the ids in an order once, then rows by id.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "case/view.hpp"
#include "plugin/topic.hpp"

namespace deadbox::case_file {

struct FactTable {
    std::string topic;
    const plugin::TableDef* definition = nullptr;
    std::int64_t rows = 0;
};
// Those that this case has, in the order of the topics; tables without rows too.
base::Result<std::vector<FactTable>> fact_tables(const View& view);

// The table's columns as r.COLUMN, each behind ", ", a time as two. NULL for one that an older version of the topic did not have.
base::Result<std::string> fact_columns(const View& view, const plugin::TableDef& table);

enum class Order : std::uint8_t { ascending, descending };
struct FactQuery {
    const plugin::TableDef* table = nullptr;
    std::string sort;   // a column's name; "": the order in which rows were found
    Order order = Order::ascending;
    std::string text;   // in any text column that is not secret; ASCII letters of either case
};
base::Result<std::vector<std::int64_t>> fact_ids(const View& view, const FactQuery& query);

// Bytes as text is; a blob is hexadecimal already.
using FactValue = std::variant<std::monostate, std::int64_t, double, std::string, base::Timestamp>;
struct FactRow {
    std::int64_t id = 0;
    std::optional<std::int64_t> system, inode;
    std::string path;                // of the file that the row came from: raw bytes, "" when there is none
    std::vector<FactValue> values;   // in the order of the table's columns
};
base::Result<std::vector<FactRow>> fact_rows(const View& view, const plugin::TableDef& table, const std::vector<std::int64_t>& ids);

}  // namespace deadbox::case_file
