#include "preview/recording_answer.hpp"

namespace deadbox::test {

void RecordingAnswer::property(std::string_view, std::string_view name, std::string_view value) { properties.emplace_back(name, value); }

void RecordingAnswer::table(std::string_view name, std::int64_t, const preview::Columns& given) {
    tables.emplace_back(name);
    columns.clear();
    for (const auto& [title, form] : given) columns.emplace_back(title);
}

void RecordingAnswer::row(const std::vector<preview::Cell>& cells) {
    auto& row = rows.emplace_back();
    for (const auto& cell : cells) {
        if (const auto* number = std::get_if<std::int64_t>(&cell)) row.push_back(std::to_string(*number));
        else if (const auto* real = std::get_if<double>(&cell)) row.push_back(std::to_string(*real));
        else if (const auto* text = std::get_if<std::string_view>(&cell)) row.emplace_back(*text);
        else row.emplace_back("null");
    }
}

void RecordingAnswer::marker(std::uint64_t offset, std::uint64_t length, int depth, std::string_view label, std::string_view detail) { markers.push_back({offset, length, depth, std::string(label), std::string(detail)}); }

std::string RecordingAnswer::property_named(std::string_view name) const {
    for (const auto& [one, value] : properties)
        if (one == name) return value;
    return {};
}

std::vector<std::string> RecordingAnswer::column(std::size_t column) const {
    std::vector<std::string> all;
    for (const auto& row : rows) all.push_back(row.at(column));
    return all;
}

const RecordingAnswer::Marker* RecordingAnswer::marked(std::string_view label, std::string_view detail) const {
    for (const auto& marker : markers)
        if (marker.label == label && (detail.empty() || marker.detail == detail)) return &marker;
    return nullptr;
}

preview::Sources sources_of(const QByteArray& bytes, const QByteArray& second) {
    preview::Sources sources;
    for (const auto& one : {bytes, second}) {
        const auto view = base::as_bytes({one.constData(), static_cast<std::size_t>(one.size())});
        sources.push_back(&one != &bytes && one.isEmpty() && sources.size() == 1 ? nullptr : std::make_unique<base::MemorySource>(std::vector<std::byte>(view.begin(), view.end())));
    }
    return sources;
}

QByteArray damaged(const QByteArray& whole, int round) {
    auto bytes = whole;
    auto state = static_cast<std::uint32_t>(round) * 2654435761u + 17;
    for (int i = 0; i < 1 + round % 24; ++i) {
        state = state * 1664525 + 1013904223;
        if (!bytes.isEmpty()) bytes[static_cast<qsizetype>(state % static_cast<std::uint32_t>(bytes.size()))] = static_cast<char>(state >> 24);
    }
    if (round % 4 == 3 && !bytes.isEmpty()) bytes.truncate(static_cast<qsizetype>(state % static_cast<std::uint32_t>(bytes.size())));
    return bytes;
}

}  // namespace deadbox::test
