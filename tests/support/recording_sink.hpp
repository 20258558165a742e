// Keeps what a parser emits.
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "plugin/sink.hpp"

namespace deadbox::test {

struct OwnedValue {
    OwnedValue() = default;
    explicit OwnedValue(const plugin::Value& value);
    plugin::Value view() const;  // valid while this lives
    std::string as_text() const;  // "" for null; numbers in decimal
    std::variant<std::monostate, std::int64_t, double, std::string, std::vector<std::byte>> value;
};

struct RecordedEvent {
    std::string type, user, address, process;
    base::Timestamp time;
    plugin::Precision precision = plugin::Precision::second;
    std::uint8_t assumptions = 0;
    std::map<std::string, OwnedValue> attributes;
    std::uint64_t offset = 0, line = 0;
};

struct RecordedRequest {
    std::string parser, glob;
    plugin::Parameters parameters;
};

class RecordingSink final : public plugin::Sink {
public:
    using Row = std::map<std::string, OwnedValue>;  // by column; a time is two columns
    void event(const plugin::Event& event) override;
    void row(const plugin::TableDef& table, std::span<const plugin::Value> values) override;
    void request(std::string_view parser, std::string_view glob, const plugin::Parameters& parameters) override;
    void gap(const base::Gap& gap) override { gaps.push_back(gap); }
    void keep_text(base::ByteView text) override { kept.emplace_back(base::as_text(text)); }

    std::vector<RecordedEvent> events;
    std::map<std::string, std::vector<Row>> rows;  // by table
    std::vector<RecordedRequest> requests;
    std::vector<base::Gap> gaps;
    std::vector<std::string> kept;
};

}  // namespace deadbox::test
