#include "case/view_timeline_index.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "case/hour.hpp"

namespace deadbox::case_file {
namespace {

constexpr std::int64_t k_anchor = 512;        // rows between two anchors of an hour
constexpr std::size_t k_chunk = 4096;         // keys read at once
constexpr std::int64_t k_heavy = 8192;        // an hour with more rows is walked ahead of need
constexpr std::size_t k_probe = 2 * k_chunk;  // rows looked at in order before it is known whether they are rare
constexpr std::size_t k_rare = 32;            // fewer than one of so many
constexpr std::int64_t k_gathered_at_once = 400'000;
constexpr std::int64_t k_prepared_at_once = 8 * static_cast<std::int64_t>(k_chunk);
constexpr std::int64_t k_counted_at_once = 400'000;
constexpr std::size_t k_marked = 1024;        // rows between a mark and the row that was asked for
constexpr std::size_t k_marks = 16;           // of an hour
constexpr std::int64_t k_files_at_once = 20'000;
constexpr std::int64_t k_least = std::numeric_limits<std::int64_t>::min(), k_most = std::numeric_limits<std::int64_t>::max();

TimelineKey first_key(const TimelineQuery& query) {
    return query.from ? TimelineKey{query.from->seconds, query.from->nanoseconds, -1, k_least} : TimelineKey{k_least, k_least, -1, k_least};
}
TimelineKey last_key(const TimelineQuery& query) {
    return query.to ? TimelineKey{query.to->seconds, query.to->nanoseconds, 2, k_most} : TimelineKey{k_most, k_most, 2, k_most};
}

// The query with its times as the case has them.
TimelineQuery as_recorded(TimelineQuery query, const Clock& clock) {
    if (query.from) query.from = clock.recorded(*query.from);
    if (query.to) query.to = clock.recorded(*query.to);
    return query;
}

// Parameters 1 to 6 of a statement over one stream: (s, ns, id) > (?1, ?2, ?3) AND (s, ns, id) <= (?4, ?5, ?6).
void bind_range(Statement& statement, const TimelineKey& after, const TimelineKey& last, std::int64_t stream) {
    const auto lower_id = after.stream < stream ? k_least : after.stream > stream ? k_most : after.id;
    const auto upper_id = last.stream < stream ? k_least : last.stream > stream ? k_most : last.id;
    statement.bind(1, after.s).bind(2, after.ns).bind(3, lower_id).bind(4, last.s).bind(5, last.ns).bind(6, upper_id);
}

// By hours of the machine's clock.
base::Result<std::vector<HourCount>> recorded_hours(const View& view) {
    std::vector<HourCount> counts;
    TRY_ASSIGN(Statement row, view.prepare("SELECT hour, kind, count FROM event_hour ORDER BY hour, kind"));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return counts;
        counts.push_back({row.integer(0), row.integer(1), row.integer(2)});
    }
}

}  // namespace

base::Result<std::vector<HourCount>> hour_counts(const View& view) {
    TRY_ASSIGN(const Clock clock, clock_of(view));
    TRY_ASSIGN(auto counts, recorded_hours(view));
    for (auto& count : counts) count.hour = hour_of(clock.corrected({count.hour * k_hour, 0}).seconds);
    return counts;
}

base::Result<std::vector<StepCount>> step_counts(const View& view, std::int64_t from, std::int64_t to, std::int64_t step) {
    std::vector<StepCount> counts;
    TRY_ASSIGN(const Clock clock, clock_of(view));
    from = clock.recorded({from, 0}).seconds, to = clock.recorded({to, 0}).seconds;
    for (const char* sql : {"SELECT (s - ?1) / ?3, 0, count(*) FROM file_time WHERE s >= ?1 AND s < ?2 GROUP BY 1",
                            "SELECT (s - ?1) / ?3, kind, count(*) FROM event INDEXED BY event_time WHERE s >= ?1 AND s < ?2 GROUP BY 1, 2"}) {
        TRY_ASSIGN(Statement row, view.prepare(sql));
        row.bind(1, from).bind(2, to).bind(3, step);
        for (;;) {
            TRY_ASSIGN(const bool more, row.step());
            if (!more) break;
            counts.push_back({row.integer(0), row.integer(1), row.integer(2)});
        }
    }
    return counts;
}

std::set<std::int64_t> kinds_with(const std::map<std::int64_t, EventKind>& kinds, std::string_view text) {
    std::set<std::int64_t> found;
    const TextFinder finder(text);
    for (const auto& [id, kind] : kinds)
        if (finder.in(kind.description) || finder.in(kind.type) || finder.in(kind.source)) found.insert(id);
    return found;
}

base::Result<TimelinePages> TimelinePages::open(const View& view, const TimelineQuery& query, TextMemory* memory) {
    TRY_ASSIGN(TimelineMatch match, TimelineMatch::open(view, query, memory));
    TimelinePages pages(view, std::move(match));
    TRY_ASSIGN(pages.m_clock, clock_of(view));
    // Only what a condition needs is read: without one the index alone answers.
    pages.m_plain = query.is_plain();
    TRY_ASSIGN(pages.m_event_keys, view.prepare(fmt::format("SELECT s, ns, id{}{} FROM event WHERE (s, ns, id) > (?1, ?2, ?3) AND (s, ns, id) <= (?4, ?5, ?6){} ORDER BY s, ns, id LIMIT ?7", pages.m_plain ? "" : ", ",
                                                            pages.m_plain ? "" : TimelineMatch::k_event_columns, pages.m_match.event_where())));
    TRY_ASSIGN(pages.m_file_keys, view.prepare("SELECT s, ns, inode FROM file_time WHERE (s, ns, inode) > (?1, ?2, ?3) AND (s, ns, inode) <= (?4, ?5, ?6) ORDER BY s, ns, inode LIMIT ?7"));
    TRY_ASSIGN(pages.m_event_row, view.prepare("SELECT e.s, e.ns, e.kind, e.inode, e.offset, e.line, e.precision, e.assumptions, u.value, a.value, p.value, g.value FROM event e "
                                               "LEFT JOIN string u ON u.id = e.user LEFT JOIN string a ON a.id = e.address LEFT JOIN string p ON p.id = e.process "
                                               "LEFT JOIN string g ON g.id = e.arguments WHERE e.id = ?"));
    TRY_ASSIGN(pages.m_file_row, view.prepare("SELECT what FROM file_time WHERE s = ? AND ns = ? AND inode = ?"));
    TRY_ASSIGN(pages.m_file_times, view.prepare("SELECT m_s, m_ns, a_s, a_ns, c_s, c_ns, b_s, b_ns, d_s, 0 FROM inode WHERE id = ?"));
    return pages;
}

base::Result<std::vector<TimelineKey>> TimelinePages::keys(const TimelineKey& after, const TimelineKey& last, std::size_t count, TimelineKey* reached) {
    std::vector<TimelineKey> files, events, merged;
    // How far each stream was read: rows behind the nearer end are left for the next call.
    TimelineKey file_end = last, event_end = last;
    const auto read = [&](Statement& statement, std::int64_t stream, std::vector<TimelineKey>& into, TimelineKey& end) -> base::Result<void> {
        statement.reset();
        bind_range(statement, after, last, stream);
        statement.bind(7, static_cast<std::int64_t>(count));
        std::size_t looked = 0;
        for (;; ++looked) {
            TRY_ASSIGN(const bool more, statement.step());
            if (!more) break;
            const TimelineKey key{statement.integer(0), statement.integer(1), stream, statement.integer(2)};
            end = key;
            bool wanted = m_plain;
            if (!m_plain) {
                TRY_ASSIGN(wanted, stream == 0 ? m_match.file(key.id) : m_match.event(statement, 3));
            }
            if (wanted) into.push_back(key);
        }
        statement.reset();
        if (looked < count) end = last;
        return {};
    };
    if (!m_match.no_files()) TRY(read(m_file_keys, 0, files, file_end));
    if (!m_match.no_events()) TRY(read(m_event_keys, 1, events, event_end));
    const TimelineKey end = std::min(file_end, event_end);
    const auto cut = [&](std::vector<TimelineKey>& list) { list.erase(std::upper_bound(list.begin(), list.end(), end), list.end()); };
    cut(files), cut(events);
    merged.resize(files.size() + events.size());
    std::merge(files.begin(), files.end(), events.begin(), events.end(), merged.begin());
    if (reached != nullptr) *reached = end;
    return merged;
}

// Each of an inode's times once, as file_time has them.
base::Result<void> TimelinePages::gather_file(std::int64_t inode, std::vector<TimelineKey>& into) {
    m_file_times.reset();
    m_file_times.bind(1, inode);
    TRY_ASSIGN(const bool found, m_file_times.step());
    std::set<TimelineKey> times;
    for (int column = 0; found && column < 10; column += 2)
        if (!m_file_times.is_null(column)) times.insert({m_file_times.integer(column), m_file_times.integer(column + 1), 0, inode});
    m_file_times.reset();
    for (const auto& key : times) {
        m_file_row.reset();
        m_file_row.bind(1, key.s).bind(2, key.ns).bind(3, key.id);
        TRY_ASSIGN(const bool listed, m_file_row.step());
        if (listed) into.push_back(key);
    }
    m_file_row.reset();
    return {};
}

base::Result<void> TimelinePages::gather_events(std::int64_t first, std::int64_t last, std::vector<TimelineKey>& into) {
    if (m_gathered.handle() == nullptr) {
        TRY_ASSIGN(m_gathered, m_view->prepare(fmt::format("SELECT s, ns, id, {} FROM event NOT INDEXED WHERE id >= ?1 AND id <= ?2{}{}", TimelineMatch::k_event_columns, m_match.event_where(), m_match.gathered_where())));
    }
    m_gathered.reset();
    m_gathered.bind(1, first).bind(2, last);
    for (;;) {
        TRY_ASSIGN(const bool more, m_gathered.step());
        if (!more) break;
        TRY_ASSIGN(const bool wanted, m_match.event(m_gathered, 3));
        if (wanted) into.push_back({m_gathered.integer(0), m_gathered.integer(1), 1, m_gathered.integer(2)});
    }
    m_gathered.reset();
    return {};
}

base::Result<bool> TimelinePages::gather(const TimelineKey& after, const TimelineKey& last, std::int64_t count, std::int64_t& at, std::vector<TimelineKey>& into) {
    std::vector<TimelineKey> found;
    const auto* files = m_match.no_files() ? nullptr : m_match.files();
    const auto file_count = files == nullptr ? 0 : static_cast<std::int64_t>(files->size());
    bool more = true;
    if (at < file_count) {
        const auto end = std::min(at + std::min(count, k_files_at_once), file_count);
        for (; at < end; ++at) TRY(gather_file((*files)[static_cast<std::size_t>(at)], found));
    }
    if (at >= file_count && m_match.no_events()) {
        more = false;
    } else if (at >= file_count) {
        if (!m_stretches) {
            TRY_ASSIGN(m_stretches, stretches_with(*m_view, m_match.wanted_events()));
        }
        // Places of events are their ids: those between two stretches are passed over.
        std::int64_t left = count;
        auto stretch = std::partition_point(m_stretches->begin(), m_stretches->end(), [&](const EventStretch& s) { return s.last <= at - file_count; });
        for (; stretch != m_stretches->end() && left > 0; ++stretch) {
            const auto first = std::max(stretch->first, at - file_count + 1), end = std::min(stretch->last, first + left - 1);
            TRY(gather_events(first, end, found));
            left -= end - first + 1;
            at = file_count + end;
            if (end < stretch->last) break;
        }
        more = stretch != m_stretches->end();
    }
    std::copy_if(found.begin(), found.end(), std::back_inserter(into), [&](const auto& key) { return after < key && key <= last; });
    return more;
}

base::Result<std::int64_t> TimelinePages::count_of(std::int64_t stream, const TimelineKey& after, const TimelineKey& last) {
    if (stream == 0 ? m_match.no_files() : m_match.no_events()) return std::int64_t{0};
    TRY_ASSIGN(Statement row, m_view->prepare(stream == 0 ? std::string("SELECT count(*) FROM file_time WHERE (s, ns, inode) > (?1, ?2, ?3) AND (s, ns, inode) <= (?4, ?5, ?6)")
                                                          : "SELECT count(*) FROM event INDEXED BY event_time WHERE (s, ns, id) > (?1, ?2, ?3) AND (s, ns, id) <= (?4, ?5, ?6)" + m_match.event_where()));
    bind_range(row, after, last, stream);
    TRY(row.step());
    return row.integer(0);
}

base::Result<bool> TimelinePages::count_seconds(std::int64_t from, std::int64_t last, std::int64_t most, std::vector<std::pair<std::int64_t, std::int64_t>>& into) {
    std::map<std::int64_t, std::int64_t> seconds;
    // Up to `to`, or to the second with which there are enough; gives that one.
    const auto add = [&](std::string_view sql, std::int64_t to) -> base::Result<std::int64_t> {
        TRY_ASSIGN(Statement row, m_view->prepare(sql));
        row.bind(1, from).bind(2, to);
        for (std::int64_t rows = 0;;) {
            TRY_ASSIGN(const bool more, row.step());
            if (!more) return to;
            seconds[row.integer(0)] += row.integer(1);
            if ((rows += row.integer(1)) >= most) return row.integer(0);
        }
    };
    std::int64_t reached = last;
    if (!m_match.no_files()) {
        TRY_ASSIGN(reached, add("SELECT s, count(*) FROM file_time WHERE s >= ?1 AND s <= ?2 GROUP BY s", reached));
    }
    if (!m_match.no_events()) {
        TRY_ASSIGN(reached, add("SELECT s, count(*) FROM event INDEXED BY event_time WHERE s >= ?1 AND s <= ?2" + m_match.event_where() + " GROUP BY s", reached));
    }
    into.assign(seconds.begin(), seconds.upper_bound(reached));  // behind it only the files may be counted
    return reached >= last;
}

base::Result<std::int64_t> TimelinePages::count(const TimelineKey& after, const TimelineKey& last) {
    TRY_ASSIGN(const auto files, count_of(0, after, last));
    TRY_ASSIGN(const auto events, count_of(1, after, last));
    return files + events;
}

base::Result<std::optional<TimelineKey>> TimelinePages::key_at(std::int64_t stream, const TimelineKey& after, const TimelineKey& last, From from, std::int64_t offset) {
    const auto order = from == From::first ? "" : " DESC";
    TRY_ASSIGN(Statement row, m_view->prepare(stream == 0 ? fmt::format("SELECT s, ns, inode FROM file_time WHERE (s, ns, inode) > (?1, ?2, ?3) AND (s, ns, inode) <= (?4, ?5, ?6) ORDER BY s{0}, ns{0}, inode{0} LIMIT 1 OFFSET ?7", order)
                                                          : fmt::format("SELECT s, ns, id FROM event INDEXED BY event_time WHERE (s, ns, id) > (?1, ?2, ?3) AND (s, ns, id) <= (?4, ?5, ?6){1} "
                                                                        "ORDER BY s{0}, ns{0}, id{0} LIMIT 1 OFFSET ?7", order, m_match.event_where())));
    bind_range(row, after, last, stream);
    row.bind(7, offset);
    TRY_ASSIGN(const bool found, row.step());
    if (!found) return std::nullopt;
    return TimelineKey{row.integer(0), row.integer(1), stream, row.integer(2)};
}

// The database passes over rows many times as fast as it hands them out. A place in the longer of the two streams is guessed between two
// that are known, and the rows of the other stream before it are counted.
base::Result<std::optional<TimelinePages::Placed>> TimelinePages::near(const TimelineKey& after, const TimelineKey& last, std::int64_t files, std::int64_t events, std::int64_t place) {
    constexpr int k_guesses = 64;
    struct Known {
        std::int64_t at = 0;      // place in the longer stream
        TimelineKey key;
        std::int64_t others = 0;  // rows of the other stream before it
    };
    const std::int64_t longer = files >= events ? 0 : 1, rows = std::max(files, events);
    // What is counted from the first row on is so whatever was written since; where the rows end is only as the numbers have it.
    Known low{-1, after, 0}, high{rows, last, std::min(files, events)};
    bool high_is_row = false;
    const auto place_of = [](const Known& known) { return std::max<std::int64_t>(known.at, 0) + known.others; };
    const auto aim = std::max<std::int64_t>(place - k_heavy / 2, 0);
    for (int n = 0; n < k_guesses && high.at - low.at > 1; ++n) {
        // By what lies between them, and each second time in the middle: they may lie anyhow.
        auto guess = low.at + (high.at - low.at) / 2;
        if (n % 2 == 0 && place_of(high) > place_of(low)) guess = low.at + static_cast<std::int64_t>(static_cast<double>(aim - place_of(low)) / static_cast<double>(place_of(high) - place_of(low)) * static_cast<double>(high.at - low.at));
        guess = std::clamp(guess, low.at + 1, high.at - 1);
        const auto forth = guess - low.at - 1, back = high.at - guess - 1;
        const bool from_low = !high_is_row || forth <= back;
        auto end = high.key;
        if (high_is_row) --end.id;
        TRY_ASSIGN(const auto key, key_at(longer, low.key, end, from_low ? From::first : From::last, from_low ? forth : back));
        if (!key) return std::nullopt;
        Known found{guess, *key, 0};
        if (from_low) {
            TRY_ASSIGN(const auto between, count_of(1 - longer, low.key, *key));
            found.others = low.others + between;
        } else {
            TRY_ASSIGN(const auto between, count_of(1 - longer, *key, high.key));
            found.others = high.others - between;
        }
        if (place_of(found) <= place) low = found;
        else high = found, high_is_row = true;
        if (low.at >= 0 && place - place_of(low) <= k_heavy) return Placed{place_of(low), low.key};
    }
    if (high.at - low.at > 1) return std::nullopt;
    // Between neighbours of the one stream there are rows of the other alone, and so behind its last.
    if (!high_is_row) {
        TRY_ASSIGN(const auto more, key_at(longer, low.key, last, From::first, 0));
        if (more) return std::nullopt;
    }
    const auto further = low.at < 0 ? place : place - place_of(low) - 1;
    TRY_ASSIGN(const auto key, key_at(1 - longer, low.key, high.key, From::first, further));
    if (!key) return std::nullopt;
    return Placed{place, *key};
}

base::Result<std::vector<TimelineKey>> TimelinePages::keys_before(const TimelineKey& after, const TimelineKey& end, std::size_t count) {
    std::vector<TimelineKey> keys;
    TimelineKey last = end;
    --last.id;
    const auto add = [&](std::string_view sql, std::int64_t stream) -> base::Result<void> {
        TRY_ASSIGN(Statement row, m_view->prepare(sql));
        bind_range(row, after, last, stream);
        row.bind(7, static_cast<std::int64_t>(count));
        for (;;) {
            TRY_ASSIGN(const bool more, row.step());
            if (!more) return {};
            keys.push_back({row.integer(0), row.integer(1), stream, row.integer(2)});
        }
    };
    if (!m_match.no_files()) TRY(add("SELECT s, ns, inode FROM file_time WHERE (s, ns, inode) > (?1, ?2, ?3) AND (s, ns, inode) <= (?4, ?5, ?6) ORDER BY s DESC, ns DESC, inode DESC LIMIT ?7", 0));
    if (!m_match.no_events())
        TRY(add("SELECT s, ns, id FROM event INDEXED BY event_time WHERE (s, ns, id) > (?1, ?2, ?3) AND (s, ns, id) <= (?4, ?5, ?6)" + m_match.event_where() + " ORDER BY s DESC, ns DESC, id DESC LIMIT ?7", 1));
    std::sort(keys.begin(), keys.end());
    if (keys.size() > count) keys.erase(keys.begin(), keys.end() - static_cast<std::ptrdiff_t>(count));
    return keys;
}

base::Result<std::vector<TimelineRow>> TimelinePages::rows_of(const std::vector<TimelineKey>& keys) {
    std::vector<TimelineRow> rows;
    rows.reserve(keys.size());
    for (const auto& key : keys) {
        TimelineRow row;
        row.recorded = {key.s, static_cast<std::uint32_t>(key.ns)};
        row.time = m_clock.corrected(row.recorded);
        row.is_file = key.stream == 0;
        Statement& s = row.is_file ? m_file_row : m_event_row;
        s.reset();
        if (row.is_file) s.bind(1, key.s).bind(2, key.ns).bind(3, key.id);
        else s.bind(1, key.id);
        TRY_ASSIGN(const bool found, s.step());
        if (row.is_file) {
            row.inode = key.id;
            if (found) row.what = static_cast<int>(s.integer(0));
        } else if (found) {
            row.kind = s.integer(2), row.inode = s.integer(3), row.offset = s.maybe_integer(4), row.line = s.maybe_integer(5);
            row.precision = static_cast<int>(s.integer(6)), row.assumptions = static_cast<int>(s.integer(7));
            row.user = s.text(8), row.address = s.text(9), row.process = s.text(10), row.arguments = s.text(11);
        }
        s.reset();
        rows.push_back(std::move(row));
    }
    return rows;
}

base::Result<TimelineIndex> TimelineIndex::open(const View& view, const TimelineQuery& query, TextMemory* memory) {
    TRY_ASSIGN(TimelinePages pages, TimelinePages::open(view, query, memory));
    TRY_ASSIGN(const Clock clock, clock_of(view));
    TimelineIndex index(std::move(pages), as_recorded(query, clock), clock);
    index.m_reached = first_key(index.m_query);
    if (query.is_plain()) {
        TRY(index.count_hours(view));
        index.m_complete = true;
    }
    return index;
}

base::Result<void> TimelineIndex::count_hours(const View& view) {
    TRY_ASSIGN(const auto counts, recorded_hours(view));
    const auto from = m_query.from ? hour_of(m_query.from->seconds) : k_least, to = m_query.to ? hour_of(m_query.to->seconds) : k_most;
    for (const auto& c : counts) {
        if (c.hour < from || c.hour > to) continue;
        if (c.kind == 0 ? !m_query.files : !m_query.every_kind && !m_query.kinds.contains(c.kind)) continue;
        if (m_hours.empty() || m_hours.back().hour != c.hour) m_hours.emplace_back().hour = c.hour;
        m_hours.back().count += c.count;
        if (c.kind == 0) m_hours.back().files += c.count;
    }
    // The hours at the ends may be wanted in part: those are counted.
    for (std::size_t i = 0; i < m_hours.size(); i += std::max<std::size_t>(m_hours.size() - 1, 1))
        if (m_hours[i].hour == from || m_hours[i].hour == to) {
            auto& hour = m_hours[i];
            TRY_ASSIGN(hour.files, m_pages.count_of(0, before_hour(hour), last_of(hour)));
            TRY_ASSIGN(const auto events, m_pages.count_of(1, before_hour(hour), last_of(hour)));
            hour.count = hour.files + events;
        }
    renumber();
    return {};
}

void TimelineIndex::renumber() {
    m_rows = 0;
    for (auto& hour : m_hours) hour.first = m_rows, m_rows += hour.count;
}

TimelineKey TimelineIndex::before_hour(const Hour& hour) const { return std::max(TimelineKey{hour.hour * k_hour, -1, 2, k_most}, first_key(m_query)); }
bool TimelineIndex::is_whole(const Hour& hour) const { return first_key(m_query).s < hour.hour * k_hour && last_key(m_query).s >= hour.hour * k_hour + k_hour; }
TimelineKey TimelineIndex::last_of(const Hour& hour) const { return std::min(TimelineKey{hour.hour * k_hour + k_hour - 1, k_most, 2, k_most}, last_key(m_query)); }

// Until at least so many of its rows were passed, or all.
base::Result<void> TimelineIndex::walk(Hour& hour, std::int64_t rows) {
    const TimelineKey last = last_of(hour);
    TimelineKey at = hour.reached.value_or(before_hour(hour));
    while (at < last && hour.passed < rows) {
        TRY_ASSIGN(const auto keys, m_pages.keys(at, last, k_chunk, &at));
        for (const auto& key : keys)
            if (hour.passed++ % k_anchor == 0) hour.anchors.push_back(key);
        hour.reached = at;
    }
    if (at < last) return {};
    hour.walked = true;
    hour.marks.clear();
    if (hour.passed == hour.count) return {};
    hour.count = hour.passed;  // an analysis is writing
    renumber();
    return {};
}

// The seconds behind those that are counted, until about so many rows more were.
base::Result<void> TimelineIndex::count_seconds(Hour& hour, std::int64_t rows) {
    const auto from = hour.seconds.empty() ? hour.hour * k_hour : hour.seconds.back().key.s + 1;
    std::vector<std::pair<std::int64_t, std::int64_t>> seconds;
    TRY_ASSIGN(hour.is_counted, m_pages.count_seconds(from, hour.hour * k_hour + k_hour - 1, rows, seconds));
    for (const auto& [second, count] : seconds) {
        hour.seconds.push_back({hour.counted, {second, -1, 2, k_most}});
        hour.counted += count;
        hour.is_even = hour.is_even && count < k_heavy;
    }
    if (!hour.is_counted || hour.counted == hour.count) return {};
    hour.count = hour.counted;  // an analysis is writing
    renumber();
    return {};
}

void TimelineIndex::remember(Hour& hour, const Mark& mark) {
    if (hour.marks.size() >= k_marks) hour.marks.erase(hour.marks.begin());
    hour.marks.push_back(mark);
}

// Makes a row near to the place known.
base::Result<void> TimelineIndex::seek(Hour& hour, std::int64_t place) {
    TRY_ASSIGN(const auto found, m_pages.near(before_hour(hour), last_of(hour), hour.files, hour.count - hour.files, place));
    if (found) remember(hour, *found);
    return {};
}

base::Result<bool> TimelineIndex::prepare() {
    const auto heavy = std::find_if(m_hours.begin(), m_hours.end(), [](const Hour& hour) { return !hour.walked && hour.count >= k_heavy && !(hour.is_counted && hour.is_even); });
    if (heavy == m_hours.end()) return false;
    if (!heavy->is_counted && is_whole(*heavy)) TRY(count_seconds(*heavy, k_counted_at_once));
    else TRY(walk(*heavy, heavy->passed + k_prepared_at_once));
    return true;
}

void TimelineIndex::adopt(TimelineIndex& other) {
    if (other.m_query != m_query || other.m_clock.offset != m_clock.offset) return;
    auto known = other.m_hours.begin();
    for (auto& hour : m_hours) {
        known = std::lower_bound(known, other.m_hours.end(), hour.hour, [](const Hour& h, std::int64_t value) { return h.hour < value; });
        if (known == other.m_hours.end()) return;
        if (known->hour != hour.hour || known->count != hour.count) continue;
        const auto first = hour.first;
        hour = std::move(*known);
        hour.first = first;
    }
}

// The last row of the hour, not behind this place in it, whose key is known; the hour's beginning has a key before all rows.
TimelineIndex::Mark TimelineIndex::nearest(const Hour& hour, std::int64_t place) const {
    Mark best{0, before_hour(hour)};
    if (!hour.anchors.empty()) {
        const auto anchor = std::min<std::size_t>(static_cast<std::size_t>(place / k_anchor), hour.anchors.size() - 1);
        best = {static_cast<std::int64_t>(anchor) * k_anchor, hour.anchors[anchor]};
        --best.key.id;  // the row itself is wanted
    }
    const auto second = std::upper_bound(hour.seconds.begin(), hour.seconds.end(), place, [](std::int64_t value, const Mark& mark) { return value < mark.place; });
    if (second != hour.seconds.begin() && std::prev(second)->place > best.place) best = *std::prev(second);
    for (const auto& mark : hour.marks)
        if (mark.place <= place && mark.place > best.place) best = {mark.place, {mark.key.s, mark.key.ns, mark.key.stream, mark.key.id - 1}};
    return best;
}

base::Result<bool> TimelineIndex::advance(std::size_t looked_at) {
    if (m_gathered_to) return gather();
    const TimelineKey last = last_key(m_query);
    const bool probing = m_looked == 0 && m_pages.match().may_be_rare();  // what is frequent is never collected
    for (std::size_t looked = 0; looked < (probing ? std::min(looked_at, k_probe) : looked_at) && !m_complete; looked += k_chunk) {
        TRY_ASSIGN(const auto keys, m_pages.keys(m_reached, last, k_chunk, &m_reached));
        m_looked += k_chunk;
        m_list.insert(m_list.end(), keys.begin(), keys.end());
        m_complete = !(m_reached < last) || is_cut();
    }
    if (!m_complete && m_pages.match().may_be_rare() && (m_list.size() - m_found_before) * k_rare < m_looked) {
        // Rare here may be frequent among events: where no file holds it, files are passed over now.
        const bool first = !m_pages.match().is_collected();
        TRY(m_pages.match().collect());
        if (first && m_pages.match().only_events()) m_looked = 0, m_found_before = m_list.size();
        else m_gathered_to = 0;
    }
    if (!m_query.is_plain()) m_rows = static_cast<std::int64_t>(m_list.size());
    return !m_complete;
}

// Rows are listed when all of them are known: only then is it known which comes first.
base::Result<bool> TimelineIndex::gather() {
    TRY(m_pages.match().collect());
    TRY_ASSIGN(const bool more, m_pages.gather(m_reached, last_key(m_query), k_gathered_at_once, *m_gathered_to, m_gathered));
    if (more && m_gathered.size() < k_longest_list) return true;
    std::sort(m_gathered.begin(), m_gathered.end());
    m_list.insert(m_list.end(), m_gathered.begin(), m_gathered.end());
    if (m_list.size() > k_longest_list) m_list.resize(k_longest_list);
    m_gathered = {};
    m_complete = true;
    m_rows = static_cast<std::int64_t>(m_list.size());
    return false;
}

base::Result<std::vector<TimelinePages::Row>> TimelineIndex::page(std::int64_t first, std::int64_t count) {
    std::vector<TimelineKey> keys;
    if (!m_query.is_plain()) {
        for (std::int64_t i = first; i < std::min<std::int64_t>(first + count, m_rows); ++i) keys.push_back(m_list[static_cast<std::size_t>(i)]);
    } else {
        auto hour = std::upper_bound(m_hours.begin(), m_hours.end(), first, [](std::int64_t row, const Hour& h) { return row < h.first; });
        if (hour == m_hours.begin()) return std::vector<TimelinePages::Row>();
        --hour;
        const auto place = first - hour->first;
        if (place - nearest(*hour, place).place > k_heavy) TRY(seek(*hour, place));
        if (place - nearest(*hour, place).place > k_heavy) TRY(walk(*hour, place));
        const auto mark = nearest(*hour, place);
        TimelineKey at = mark.key;
        const auto skip = place - mark.place;
        const TimelineKey last = last_key(m_query);
        const auto wanted = static_cast<std::size_t>(skip + count);
        while (keys.size() < wanted && at < last) {
            TRY_ASSIGN(const auto more, m_pages.keys(at, last, wanted - keys.size(), &at));
            keys.insert(keys.end(), more.begin(), more.end());
        }
        keys.erase(keys.begin(), keys.begin() + std::min<std::int64_t>(skip, static_cast<std::int64_t>(keys.size())));
        if (keys.size() > static_cast<std::size_t>(count)) keys.resize(static_cast<std::size_t>(count));
    }
    TRY_ASSIGN(auto rows, m_pages.rows_of(keys));
    std::vector<TimelinePages::Row> page;
    page.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) page.push_back({keys[i], std::move(rows[i])});
    return page;
}

base::Result<std::int64_t> TimelineIndex::row_at(base::Timestamp corrected) {
    const auto time = m_clock.recorded(corrected);
    const TimelineKey wanted{time.seconds, time.nanoseconds, -1, k_least};
    if (!m_query.is_plain()) return std::lower_bound(m_list.begin(), m_list.end(), wanted) - m_list.begin();
    const auto at_hour = hour_of(time.seconds);
    auto hour = std::lower_bound(m_hours.begin(), m_hours.end(), at_hour, [](const Hour& h, std::int64_t value) { return h.hour < value; });
    if (hour == m_hours.end()) return m_rows;
    if (hour->hour != at_hour) return hour->first;
    const TimelineKey before = before_hour(*hour), last = std::min(last_of(*hour), TimelineKey{time.seconds, time.nanoseconds, -1, k_most});
    if (!(before < last)) return hour->first;
    auto anchor = std::lower_bound(hour->anchors.begin(), hour->anchors.end(), wanted);
    if (anchor == hour->anchors.end() && !hour->walked && hour->count >= k_heavy) {
        // Counting is far quicker than walking, but what is shown begins before the row: so does what is remembered.
        const auto second = std::upper_bound(hour->seconds.begin(), hour->seconds.end(), time.seconds, [](std::int64_t value, const Mark& mark) { return value < mark.key.s; });
        const auto known = second == hour->seconds.begin() ? Mark{0, before} : *std::prev(second);
        TRY_ASSIGN(const auto behind, m_pages.count(known.key, last));
        const auto place = known.place + behind;
        TRY_ASSIGN(const auto keys, m_pages.keys_before(before, wanted, k_marked));
        if (!keys.empty()) remember(*hour, {place - static_cast<std::int64_t>(keys.size()), keys.front()});
        return hour->first + place;
    }
    const auto behind = static_cast<std::int64_t>(anchor - hour->anchors.begin());
    const auto mark = nearest(*hour, std::max<std::int64_t>(behind - 1, 0) * k_anchor);
    std::int64_t row = hour->first + mark.place;
    TimelineKey at = mark.key;
    while (at < last) {
        TRY_ASSIGN(const auto keys, m_pages.keys(at, last, k_anchor, &at));
        row += static_cast<std::int64_t>(keys.size());
    }
    return row;
}

std::vector<StepCount> TimelineIndex::listed_counts(std::int64_t from, std::int64_t to, std::int64_t step) const {
    std::vector<StepCount> counts;
    from = m_clock.recorded({from, 0}).seconds, to = m_clock.recorded({to, 0}).seconds;
    auto at = std::lower_bound(m_list.begin(), m_list.end(), TimelineKey{from, k_least, -1, k_least});
    for (; at != m_list.end() && at->s < to; ++at) {
        const auto place = (at->s - from) / step;
        if (counts.empty() || counts.back().place != place) counts.push_back({place, 0, 0});
        ++counts.back().count;
    }
    return counts;
}

base::Result<std::vector<TimelinePages::Row>> rows_around(const View& view, base::Timestamp from, base::Timestamp to, std::size_t most) {
    TRY_ASSIGN(const Clock clock, clock_of(view));
    TimelineQuery query;
    query.from = clock.recorded(from), query.to = clock.recorded(to);
    TRY_ASSIGN(TimelinePages pages, TimelinePages::open(view, query));
    TRY_ASSIGN(auto keys, pages.keys(first_key(query), last_key(query), most));
    if (keys.size() > most) keys.resize(most);
    TRY_ASSIGN(auto rows, pages.rows_of(keys));
    std::vector<TimelinePages::Row> all;
    for (std::size_t i = 0; i < rows.size(); ++i) all.push_back({keys[i], std::move(rows[i])});
    return all;
}

}  // namespace deadbox::case_file
