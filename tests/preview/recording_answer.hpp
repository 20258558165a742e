// What a preview says, kept.
#pragma once

#include <QByteArray>

#include <string>
#include <vector>

#include "preview/previews.hpp"

namespace deadbox::test {

class RecordingAnswer final : public preview::Answer {
public:
    struct Marker {
        std::uint64_t offset, length;
        int depth;
        std::string label, detail;
    };
    void property(std::string_view group, std::string_view name, std::string_view value) override;
    void table(std::string_view name, std::int64_t rows, const preview::Columns& columns) override;
    void row(const std::vector<preview::Cell>& cells) override;
    void marker(std::uint64_t offset, std::uint64_t length, int depth, std::string_view label, std::string_view detail) override;
    void picture(std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t, std::string_view) override {}
    void pixels(base::ByteView) override {}
    void note(std::string_view reason) override { notes.emplace_back(reason); }

    std::string property_named(std::string_view name) const;
    // The text of a cell; numbers as digits, null as "null".
    std::string cell(std::size_t row, std::size_t column) const { return rows.at(row).at(column); }
    std::vector<std::string> column(std::size_t column) const;
    const Marker* marked(std::string_view label, std::string_view detail = {}) const;

    std::vector<std::pair<std::string, std::string>> properties;
    std::vector<std::string> tables, columns, notes;
    std::vector<std::vector<std::string>> rows;
    std::vector<Marker> markers;
};

preview::Sources sources_of(const QByteArray& bytes, const QByteArray& second = {});
// The bytes with some of them changed, or cut short; the same for the same round.
QByteArray damaged(const QByteArray& whole, int round);

}  // namespace deadbox::test
