// Where a parser puts what it read.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/gap.hpp"
#include "base/timestamp.hpp"
#include "plugin/topic.hpp"
#include "plugin/value.hpp"

namespace deadbox::plugin {

enum class Precision : std::uint8_t { nanosecond, microsecond, millisecond, second, minute, day };

// Bits of Event::assumptions.
enum Assumption : std::uint8_t { assumed_none = 0, assumed_year = 1, assumed_zone = 2, assumed_time = 4 };

// Something happened at a time. Views are valid during the call.
struct Event {
    const EventDef* kind = nullptr;
    base::Timestamp time;
    Precision precision = Precision::second;
    std::uint8_t assumptions = assumed_none;
    std::string_view user, address, process;  // empty: none
    std::vector<std::pair<std::string_view, Value>> attributes;
    std::uint64_t offset = 0;  // of the record in the (decompressed) file
    std::uint64_t line = 0;    // from 1; 0 for binary records
};

using Parameters = std::vector<std::pair<std::string, std::string>>;

// Over its budget it drops, and records a limit.
class Sink {
public:
    virtual ~Sink() = default;
    virtual void event(const Event& event) = 0;
    virtual void row(const TableDef& table, std::span<const Value> values) = 0;
    // Asks that `parser` reads the files matching `glob` (which may be one path), with these parameters.
    virtual void request(std::string_view parser, std::string_view glob, const Parameters& parameters) = 0;
    virtual void gap(const base::Gap& gap) = 0;
    // Keeps the file's text in the case, compressed (configuration, suspicious scripts), at most 256 KiB.
    virtual void keep_text(base::ByteView text) = 0;
};

}  // namespace deadbox::plugin
