#include "correlation/known.hpp"

#include <array>

namespace deadbox::plugins::correlation {

using base::Next;
using plugin::RowView;

base::Result<std::vector<Known>> known_findings(const plugin::CaseReader& reader, std::string_view where) {
    constexpr std::size_t k_most = 20000;
    std::vector<Known> all;
    TRY(reader.query("SELECT id, rule, subject, ifnull(system, 0), first_s, first_ns, ifnull(last_s, first_s), ifnull(last_ns, first_ns), severity, confidence, ifnull(basis, 0) FROM finding "
                     "WHERE first_s IS NOT NULL AND rule NOT LIKE 'correlation/%' AND (" + std::string(where) + ") ORDER BY first_s, first_ns, id",
                     [&](const RowView& row) {
                         Known known;
                         known.id = row.text(0), known.rule = row.text(1), known.subject = row.text(2), known.system = row.integer(3);
                         known.first = {row.integer(4), static_cast<std::uint32_t>(row.integer(5))}, known.last = {row.integer(6), static_cast<std::uint32_t>(row.integer(7))};
                         known.severity = static_cast<plugin::Severity>(std::clamp<std::int64_t>(row.integer(8), 0, 4));
                         known.confidence = static_cast<plugin::Confidence>(std::clamp<std::int64_t>(row.integer(9), 0, 2));
                         known.basis = static_cast<plugin::TimeBasis>(std::clamp<std::int64_t>(row.integer(10), 0, 3));
                         all.push_back(std::move(known));
                         return all.size() < k_most ? Next::go_on : Next::stop;
                     }));
    return all;
}

std::string how_long(std::int64_t seconds) {
    if (seconds < 120) return std::to_string(seconds) + " s";
    if (seconds < 7200) return std::to_string(seconds / 60) + " min";
    return std::to_string(seconds / 3600) + " h";
}

base::Result<void> cite(const plugin::CaseReader& reader, plugin::FindingSink& sink, const Known& known) {
    plugin::Item item;
    const std::array<plugin::Value, 1> id = {std::string_view(known.id)};
    TRY(reader.query("SELECT inode, directory, name, line, offset FROM finding_item WHERE finding = ? ORDER BY place LIMIT 1", id, [&](const RowView& row) {
        item.inode = row.maybe_integer(0), item.directory = row.maybe_integer(1), item.name = row.text(2);
        if (!row.is_null(3)) item.line = static_cast<std::uint64_t>(row.integer(3));
        if (!row.is_null(4)) item.offset = static_cast<std::uint64_t>(row.integer(4));
        return Next::stop;
    }));
    item.key = known.rule + ": " + known.subject, item.kind = plugin::KeyKind::finding;
    sink.item(item);
    return {};
}

}  // namespace deadbox::plugins::correlation
