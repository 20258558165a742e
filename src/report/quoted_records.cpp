#include "report/quoted_records.hpp"

#include <map>
#include <utility>

#include <fmt/format.h>

#include "case/view_timeline_index.hpp"
#include "report/line_maker.hpp"

namespace deadbox::report {
namespace {

using case_file::TimelineKey;

using Line = std::pair<std::int64_t, std::int64_t>;  // the log's inode, its line

}  // namespace

base::Result<void> quote_records(const case_file::View& view, const Texts& texts, const Redactor& redactor, std::vector<ReportFinding>& findings) {
    std::map<Line, std::vector<ReportItem*>> wanted;
    for (auto& finding : findings)
        for (auto& item : finding.items)
            if (item.row != 0 && item.line && !item.excerpt) wanted[{item.row, *item.line}].push_back(&item);
    if (wanted.empty()) return {};
    std::string logs;
    for (std::int64_t last = 0; const auto& [line, items] : wanted)
        if (std::exchange(last, line.first) != line.first) logs += (logs.empty() ? "" : ", ") + std::to_string(line.first);
    // One pass over the events: no index has them by their log, and several items cost as much as one.
    std::map<Line, TimelineKey> keys;
    TRY_ASSIGN(auto row, view.prepare(fmt::format("SELECT s, ns, id, inode, line FROM event WHERE inode IN ({}) AND line IS NOT NULL", logs)));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) break;
        const Line line(row.integer(3), row.integer(4));
        if (wanted.contains(line)) keys.try_emplace(line, TimelineKey{row.integer(0), row.integer(1), 1, row.integer(2)});  // the first that was read from it
    }
    row.reset();
    TRY_ASSIGN(auto pages, case_file::TimelinePages::open(view, {}));
    TimelineOptions options;
    options.redact = redactor.redact();
    TRY_ASSIGN(auto maker, LineMaker::open(view, texts, options, redactor));
    for (const auto& [line, key] : keys) {
        TRY_ASSIGN(const auto rows, pages.rows_of({key}));
        TRY(maker.make(rows.front(), [&, &at = line](const TimelineLine& told) {
            for (auto* item : wanted[at]) item->record = told.message;
            return base::Next::stop;
        }));
    }
    return {};
}

}  // namespace deadbox::report
