// The timeline: times of files and logged events as one stream in time order, read a page at a time by key.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "case/view.hpp"
#include "case/view_clock.hpp"
#include "case/view_files.hpp"

namespace deadbox::case_file {

struct TimelineFilter {
    std::optional<base::Timestamp> from, to;  // both included; corrected, as the rows' times are
    bool files = true, events = true;
    std::optional<std::int64_t> inode;        // times of this inode, events of this log file
    std::vector<std::int64_t> kinds;          // of events; empty: all
    std::optional<std::string> user, address;  // of events, exactly; files have neither
};

struct EventKind {
    std::string topic, type, source, description;
};
base::Result<std::map<std::int64_t, EventKind>> event_kinds(const View& view);

// One time of one inode (what: bits 1 m, 2 a, 4 c, 8 b, 16 d), or one event.
struct TimelineRow {
    base::Timestamp time;      // corrected by the machine's clock, see view_clock.hpp
    base::Timestamp recorded;  // as the machine wrote it
    bool is_file = false;
    std::int64_t inode = 0;  // of the file, or of the event's log (0: none)
    int what = 0;
    std::int64_t kind = 0;
    std::optional<std::int64_t> offset, line;
    std::string user, address, process, arguments;
    int precision = 0, assumptions = 0;
};

// Forward only, in the order of (time, files before events, inode or event). Holds at most two pages; no transaction
// between pages. Use from one thread, while `view` lives.
class Timeline {
public:
    static base::Result<Timeline> open(const View& view, const TimelineFilter& filter);
    // The next row, nullptr at the end; valid until the next call.
    base::Result<const TimelineRow*> next();

private:
    Timeline(const View& view, TimelineFilter filter) : m_view(view), m_filter(std::move(filter)) {}
    base::Result<void> fill_files();
    base::Result<void> fill_events();
    base::Result<std::optional<std::int64_t>> string_id(const std::string& value) const;

    struct Page {
        std::vector<TimelineRow> rows;
        std::size_t at = 0, used = 0;
        bool ended = false;
        std::array<std::int64_t, 3> key{std::numeric_limits<std::int64_t>::min(), -1, -1};  // of the last row read
    };
    const View& m_view;
    TimelineFilter m_filter;
    Clock m_clock;
    Page m_files, m_events;
    Statement m_file_page, m_event_page;
    std::optional<std::int64_t> m_user, m_address;
};

// Names of inodes for the timeline: a line for each allocated name, or else for each deleted one.
class InodeNames {
public:
    static base::Result<InodeNames> open(const View& view);
    struct Name {
        std::int64_t directory = 0;
        std::string name, path;
        bool allocated = true;
    };
    struct Facts {
        std::int64_t generation = 0, size = 0, links = 0;
        int type = 0;
        std::uint32_t mode = 0, uid = 0, gid = 0;
        bool allocated = true;
        std::vector<Name> names;  // sorted by path
    };
    // Valid until the next call.
    base::Result<const Facts*> of(std::int64_t inode);

private:
    Statement m_inode, m_names, m_linked, m_path;
    std::map<std::int64_t, std::string> m_paths;  // of folders; emptied when it grows
    Facts m_facts;
    std::int64_t m_last = -1;
};

}  // namespace deadbox::case_file
