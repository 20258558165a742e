// Read-only SQL over a case, for detectors.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/function_ref.hpp"
#include "base/result.hpp"
#include "plugin/value.hpp"

namespace deadbox::plugin {

// One row of an answer, valid during the visit. Columns are counted from 0; a null reads as 0 or "".
class RowView {
public:
    virtual ~RowView() = default;
    virtual bool is_null(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;
    virtual double real(int column) const = 0;
    virtual std::string_view text(int column) const = 0;  // raw bytes
    std::optional<std::int64_t> maybe_integer(int column) const {
        return is_null(column) ? std::nullopt : std::optional(integer(column));
    }
};

// Beside SQLite's own, these functions exist: dirname(path), basename(path), extension(path) (lower case, without the
// dot, "" when none), hex_of(blob), packed_md5(files, name) (of plugin/packed_files.hpp: NULL where the name is not in it,
// an empty blob where it has no digest). Paths and names are TEXT that may hold any bytes.
class CaseReader {
public:
    virtual ~CaseReader() = default;
    virtual base::Result<void> query(std::string_view sql, std::span<const Value> parameters,
                                     base::FunctionRef<base::Next(const RowView&)> visit) const = 0;
    base::Result<void> query(std::string_view sql, base::FunctionRef<base::Next(const RowView&)> visit) const {
        return query(sql, std::span<const Value>{}, visit);
    }
    // The text that a parser kept of this file, or "".
    virtual base::Result<std::string> kept_text(std::int64_t inode) const = 0;
};

}  // namespace deadbox::plugin
