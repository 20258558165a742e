// The tables of a case: the fixed ones (schema.sql) and those that topics declare.
#pragma once

#include <string>
#include <vector>

#include "case/database.hpp"
#include "plugin/topic.hpp"

namespace deadbox::case_file {

inline constexpr int k_application_id = 0x44656164;  // "Dead", sqlite's application_id
inline constexpr int k_schema_version = 5;           // sqlite's user_version

// CREATE TABLE for a topic's table, with its indexes: id, system, inode, then the declared columns.
std::string create_statement(const plugin::TableDef& table);
// The number that SQLite holds under this name.
base::Result<std::int64_t> pragma(const Database& database, std::string_view name);
// Errc::corrupt: not a case; Errc::unsupported: from a newer version.
base::Result<void> require_schema(const Database& database);
// Makes an empty file a case, or brings an older case up to date. Call it in a transaction.
base::Result<void> prepare_schema(const Database& database);
// Makes the topics' tables and kinds of events. Where the case has them from a build whose topics were others, all that
// parsers and detectors made goes first, of every topic: each file is given to all parsers at once, so all of it is made
// anew together. Then the ids of the topics that differ are given; nothing where the case is as this build has it. Call it in
// a transaction, with what says that the analysis goes on.
base::Result<std::vector<std::string>> prepare_topics(const Database& database);
// Indexes that only readers need (events by user and by address): made once the rows are there, which is far cheaper than
// keeping them while they are written. Without them the same queries are answered by passing over all events: of fewer than
// `from` that takes a tenth of a second, and the indexes are not made.
base::Result<void> index_for_reading(const Database& database, std::int64_t from = 500'000);

}  // namespace deadbox::case_file
