// Which rows of the timeline a query lets through. What the text of a query stands in is looked up row by row at first, so
// that the first rows come at once; after collect() it is known as sets.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "case/event_blocks.hpp"
#include "case/text_finder.hpp"
#include "case/text_memory.hpp"
#include "case/view.hpp"

namespace deadbox::case_file {

struct TimelineQuery {
    std::optional<base::Timestamp> from, to;  // both included
    bool files = true;                        // times of files
    std::set<std::int64_t> kinds;             // of events; with every_kind unset these and no others
    bool every_kind = true;
    std::optional<std::string> user, address;             // exactly
    std::optional<std::string> not_user, not_address;     // all but these
    std::optional<std::int64_t> inode;                    // times of this inode and events of this log
    std::string finding;                                  // id: times of its files and the records that it rests on
    std::string text;                                     // in names, users, addresses, processes, arguments; ASCII letters of either case
    std::set<std::int64_t> text_kinds;                    // kinds whose own words hold the text

    bool is_plain() const { return !user && !address && !not_user && !not_address && !inode && finding.empty() && text.empty(); }
    bool operator==(const TimelineQuery&) const = default;
};

class TimelineMatch {
public:
    // `memory`: of the view's texts, for whoever asks again and again; it outlives this.
    static base::Result<TimelineMatch> open(const View& view, const TimelineQuery& query, TextMemory* memory = nullptr);

    const TimelineQuery& query() const { return m_query; }
    bool no_files() const { return m_no_files; }
    bool no_events() const { return m_no_events; }
    // What SQL can say of the table event: " AND kind IN (...) ...".
    const std::string& event_where() const { return m_event_where; }

    // The columns of an event that event() reads, from `first` on.
    static constexpr std::string_view k_event_columns = "kind, user, address, process, arguments, inode, offset, line";
    base::Result<bool> event(const Statement& row, int first);
    base::Result<bool> file(std::int64_t inode);

    // Are rows that this lets through likely to be few among many? Then they are better gathered than walked to.
    bool may_be_rare() const { return m_query.inode || !m_query.finding.empty() || !m_query.text.empty(); }
    base::Result<void> collect();
    bool is_collected() const { return m_collected || m_query.text.empty(); }
    bool only_events() const { return m_no_files && !m_no_events; }
    // After collect(): the only inodes whose times are wanted; null where any may be.
    const std::vector<std::int64_t>* files() const { return m_query.text.empty() && !m_only_files ? nullptr : &m_files; }
    // After collect(): what events must have, so that most need not be read.
    WantedEvents wanted_events() const;
    // After collect(): what narrows events down before event() looks at them, for SQL; "" where nothing does.
    std::string gathered_where() const;

private:
    TimelineMatch(const View& view, TimelineQuery query, TextMemory* memory) : m_view(&view), m_memory(memory), m_query(std::move(query)), m_finder(m_query.text) {}
    base::Result<void> resolve();
    base::Result<void> read_finding();
    base::Result<bool> look_in_memory(std::vector<std::int64_t>& strings, std::vector<std::int64_t>& inodes) const;
    base::Result<void> look(std::string_view sql, std::vector<std::int64_t>& into, std::size_t most) const;
    base::Result<bool> string_holds(std::int64_t id);
    base::Result<bool> name_holds(std::int64_t inode);
    bool is_among_files(std::int64_t inode) const;

    struct Records {
        std::set<std::int64_t> lines, offsets;
    };
    const View* m_view;
    TextMemory* m_memory;
    TimelineQuery m_query;
    TextFinder m_finder;  // of its text
    std::string m_event_where;
    std::optional<std::int64_t> m_user, m_address, m_not_user, m_not_address;
    bool m_no_events = false, m_no_files = false, m_collected = false, m_strings_known = false, m_only_files = false;
    std::vector<std::int64_t> m_files;                    // that are wanted, where they are known; sorted
    std::map<std::int64_t, Records> m_records;            // of a finding, by log
    std::vector<std::int64_t> m_strings;                  // that hold the text; sorted
    std::unordered_map<std::int64_t, bool> m_looked_up;   // strings, before collect()
    Statement m_string, m_names;
};

}  // namespace deadbox::case_file
