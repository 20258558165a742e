#include "support/recording_sink.hpp"

#include <stdexcept>

namespace deadbox::test {

OwnedValue::OwnedValue(const plugin::Value& from) {
    if (const auto* i = std::get_if<std::int64_t>(&from)) value = *i;
    else if (const auto* d = std::get_if<double>(&from)) value = *d;
    else if (const auto* s = std::get_if<std::string_view>(&from)) value = std::string(*s);
    else if (const auto* b = std::get_if<base::ByteView>(&from)) value = std::vector<std::byte>(b->begin(), b->end());
}

plugin::Value OwnedValue::view() const {
    if (const auto* i = std::get_if<std::int64_t>(&value)) return *i;
    if (const auto* d = std::get_if<double>(&value)) return *d;
    if (const auto* s = std::get_if<std::string>(&value)) return std::string_view(*s);
    if (const auto* b = std::get_if<std::vector<std::byte>>(&value)) return base::ByteView(*b);
    return {};
}

std::string OwnedValue::as_text() const {
    if (const auto* i = std::get_if<std::int64_t>(&value)) return std::to_string(*i);
    if (const auto* d = std::get_if<double>(&value)) return std::to_string(*d);
    if (const auto* s = std::get_if<std::string>(&value)) return *s;
    if (const auto* b = std::get_if<std::vector<std::byte>>(&value)) return std::string(base::as_text(*b));
    return {};
}

void RecordingSink::event(const plugin::Event& event) {
    RecordedEvent kept_event;
    kept_event.type = event.kind->type;
    kept_event.user = event.user, kept_event.address = event.address, kept_event.process = event.process;
    kept_event.time = event.time, kept_event.precision = event.precision, kept_event.assumptions = event.assumptions;
    kept_event.offset = event.offset, kept_event.line = event.line;
    for (const auto& [name, value] : event.attributes) kept_event.attributes.emplace(name, OwnedValue(value));
    events.push_back(std::move(kept_event));
}

void RecordingSink::row(const plugin::TableDef& table, std::span<const plugin::Value> values) {
    Row row;
    std::size_t place = 0;
    const auto next = [&] {
        if (place >= values.size()) throw std::logic_error("a row with too few values");
        return OwnedValue(values[place++]);
    };
    for (const auto& column : table.columns) {
        if (column.type == plugin::ColumnType::time) {
            row.emplace(std::string(column.name) + "_s", next());
            row.emplace(std::string(column.name) + "_ns", next());
        } else row.emplace(column.name, next());
    }
    rows[std::string(table.name)].push_back(std::move(row));
}

void RecordingSink::request(std::string_view parser, std::string_view glob, const plugin::Parameters& parameters) {
    requests.push_back({std::string(parser), std::string(glob), parameters});
}

}  // namespace deadbox::test
