// NIST's reference data set, version 3: a SQLite file of some ten million rows. Files stand in METADATA (the full sets) or in FILE
// (the minimal ones, there a table or a view), with columns sha256, sha1, md5 and file_name, digests as hexadecimal digits.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/function_ref.hpp"
#include "sets/set_database.hpp"

namespace deadbox::sets {

struct NsrlFile {
    std::uint64_t row = 0;      // its place, from 1
    base::ByteView digest;      // the strongest one; empty where the row has none
    std::string_view name;
};

base::Result<bool> is_sqlite_file(const std::string& path);
// Errc::usage: no such tables, or a damaged file. Rows before the damage are visited.
base::Result<void> read_nsrl(const std::string& path, base::FunctionRef<base::Result<void>(const NsrlFile&)> visit);

}  // namespace deadbox::sets
