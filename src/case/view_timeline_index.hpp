// Places in the timeline: row N of a filtered timeline without walking to it, and totals for a histogram.
//
// Files' times and events are one list in the order (time, files before events, inode or event). Without further
// conditions its length by hour stands in event_hour, so a place is an hour and a way within it; hours that are walked
// keep anchors. A condition that the totals do not know (a user, a text ...) makes a list of keys, a piece at a time: in
// the order of time while it lets many rows through, and gathered from the whole table where they are rare.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "case/view_timeline.hpp"
#include "case/view_timeline_match.hpp"

namespace deadbox::case_file {

// Of one row, in the order of the timeline; s, ns: as recorded. All other times here are corrected by the machine's clock.
// stream: 0 a file's times, 1 an event; id: inode or event.
struct TimelineKey {
    std::int64_t s = 0, ns = 0, stream = 0, id = 0;
    auto operator<=>(const TimelineKey&) const = default;
};

// Counts of rows by hour and kind (0: times of files), all of them: small, and kept in memory by whoever draws. The case
// counts hours of the machine's clock; where that was wrong by no whole hours, `hour` is the one in which they begin.
struct HourCount {
    std::int64_t hour = 0, kind = 0, count = 0;
};
base::Result<std::vector<HourCount>> hour_counts(const View& view);
// Counts by `step` seconds in [from, to) where hours are too coarse; place: floor((s - from) / step).
struct StepCount {
    std::int64_t place = 0, kind = 0, count = 0;
};
base::Result<std::vector<StepCount>> step_counts(const View& view, std::int64_t from, std::int64_t to, std::int64_t step);

// Forward pages of one query by key; used by the index, and by whatever wants the neighbours of a time.
class TimelinePages {
public:
    static base::Result<TimelinePages> open(const View& view, const TimelineQuery& query, TextMemory* memory = nullptr);
    struct Row {
        TimelineKey key;
        TimelineRow row;
    };
    // Keys behind `after` and not behind `last`, of at most `count` rows looked at in each of the two streams. All up to
    // `*reached` were looked at; it is `last` at the end.
    base::Result<std::vector<TimelineKey>> keys(const TimelineKey& after, const TimelineKey& last, std::size_t count, TimelineKey* reached = nullptr);
    // The rows with these keys, in their order; a key that is gone gives an empty row.
    base::Result<std::vector<TimelineRow>> rows_of(const std::vector<TimelineKey>& keys);

    TimelineMatch& match() { return m_match; }
    // Of a plain query: how many rows each second from `from` to `last` has, in their order, until about `most` rows were
    // counted. True when all of them are there.
    base::Result<bool> count_seconds(std::int64_t from, std::int64_t last, std::int64_t most, std::vector<std::pair<std::int64_t, std::int64_t>>& into);
    // How many rows lie behind `after` and not behind `last`, of a plain query.
    base::Result<std::int64_t> count(const TimelineKey& after, const TimelineKey& last);
    base::Result<std::int64_t> count_of(std::int64_t stream, const TimelineKey& after, const TimelineKey& last);  // of one stream
    // The last rows, at most so many, behind `after` and before `end`, of a plain query.
    base::Result<std::vector<TimelineKey>> keys_before(const TimelineKey& after, const TimelineKey& end, std::size_t count);
    // Of a plain query: a row at or shortly before place `place` among those behind `after` and not behind `last`, and its own place there.
    // `files` and `events`: about how many rows of each lie there; where rows were written since, nothing may be found, but nothing wrong.
    struct Placed {
        std::int64_t place = 0;
        TimelineKey key;
    };
    base::Result<std::optional<Placed>> near(const TimelineKey& after, const TimelineKey& last, std::int64_t files, std::int64_t events, std::int64_t place);
    // Keys behind `after` and not behind `last`, in no order, from places [at, at + count) of what is gone through: first
    // the files that are wanted, then the events among which wanted ones may be. True when there may be more; `at` moves on.
    base::Result<bool> gather(const TimelineKey& after, const TimelineKey& last, std::int64_t count, std::int64_t& at, std::vector<TimelineKey>& into);

private:
    TimelinePages(const View& view, TimelineMatch match) : m_view(&view), m_match(std::move(match)) {}
    enum class From : bool { first, last };
    base::Result<std::optional<TimelineKey>> key_at(std::int64_t stream, const TimelineKey& after, const TimelineKey& last, From from, std::int64_t offset);
    base::Result<void> gather_file(std::int64_t inode, std::vector<TimelineKey>& into);
    base::Result<void> gather_events(std::int64_t first, std::int64_t last, std::vector<TimelineKey>& into);

    const View* m_view;
    TimelineMatch m_match;
    Clock m_clock;
    bool m_plain = true;
    Statement m_file_keys, m_event_keys, m_event_row, m_file_row, m_file_times, m_gathered;
    std::optional<std::vector<EventStretch>> m_stretches;  // to be gathered from, once it was begun
};

class TimelineIndex {
public:
    // Reads the totals; a query that is not plain has no rows until advance().
    static base::Result<TimelineIndex> open(const View& view, const TimelineQuery& query, TextMemory* memory = nullptr);

    std::int64_t rows() const { return m_rows; }
    bool is_complete() const { return m_complete; }
    // Lists further keys until about this many rows were looked at, or all; true when there may be more. The first call
    // looks at few, so that rows that are frequent are there at once.
    base::Result<bool> advance(std::size_t looked_at);
    // Counts the seconds of a piece of an hour of very many rows, or walks it where one second has so many, so that nobody
    // has to wait for it later; false when there is none left.
    base::Result<bool> prepare();
    // Takes over what another index of the same query knows of hours that have not changed since.
    void adopt(TimelineIndex& other);
    // Rows [first, first + count); fewer at the end.
    base::Result<std::vector<TimelinePages::Row>> page(std::int64_t first, std::int64_t count);
    // The first row at or behind the time.
    base::Result<std::int64_t> row_at(base::Timestamp time);
    // For queries that are not plain: how many rows begin in each step.
    std::vector<StepCount> listed_counts(std::int64_t from, std::int64_t to, std::int64_t step) const;
    // The longest list of keys; behind it the query must be narrowed.
    static constexpr std::size_t k_longest_list = 4'000'000;
    bool is_cut() const { return m_list.size() >= k_longest_list; }

private:
    using Mark = TimelinePages::Placed;  // within an hour
    struct Hour {
        std::int64_t hour = 0;
        std::int64_t first = 0, count = 0;
        std::int64_t files = 0;               // of the count
        std::vector<TimelineKey> anchors;     // of every k_anchor-th row, as far as it was walked
        std::int64_t passed = 0;              // rows
        std::optional<TimelineKey> reached;   // all up to it were walked
        std::vector<Mark> marks;              // rows whose place was counted, ahead of walking
        std::vector<Mark> seconds;            // where seconds begin, in their order; the key is before all rows of its second
        std::int64_t counted = 0;             // rows in them
        bool walked = false;                  // to its end
        bool is_counted = false;              // to its last second
        bool is_even = true;                  // no second of those that were counted is a heavy one itself
    };
    TimelineIndex(TimelinePages pages, TimelineQuery query, Clock clock) : m_pages(std::move(pages)), m_query(std::move(query)), m_clock(std::move(clock)) {}
    base::Result<void> count_hours(const View& view);
    base::Result<void> walk(Hour& hour, std::int64_t rows);
    base::Result<void> count_seconds(Hour& hour, std::int64_t rows);
    base::Result<void> seek(Hour& hour, std::int64_t place);
    static void remember(Hour& hour, const Mark& mark);
    Mark nearest(const Hour& hour, std::int64_t place) const;
    void renumber();
    base::Result<bool> gather();
    bool is_whole(const Hour& hour) const;  // the query wants all of it
    TimelineKey before_hour(const Hour& hour) const;
    TimelineKey last_of(const Hour& hour) const;

    TimelinePages m_pages;
    TimelineQuery m_query;  // its times as recorded
    Clock m_clock;
    std::vector<Hour> m_hours;
    std::vector<TimelineKey> m_list;
    TimelineKey m_reached;
    std::size_t m_looked = 0;                  // rows, in the order of time, since
    std::size_t m_found_before = 0;            // so many were found
    std::optional<std::int64_t> m_gathered_to;  // set: the rest is gathered, and came as far as this
    std::vector<TimelineKey> m_gathered;
    std::int64_t m_rows = 0;
    bool m_complete = false;
};

// All rows in [from, to], at most so many.
base::Result<std::vector<TimelinePages::Row>> rows_around(const View& view, base::Timestamp from, base::Timestamp to, std::size_t most);

// Kinds whose description, type or source holds the text; ASCII letters of either case.
std::set<std::int64_t> kinds_with(const std::map<std::int64_t, EventKind>& kinds, std::string_view text);

}  // namespace deadbox::case_file
