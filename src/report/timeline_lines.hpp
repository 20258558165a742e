// Lines of the timeline as every format has them: rows of the case with names, messages and what refers to them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/function_ref.hpp"
#include "case/view.hpp"
#include "case/view_timeline.hpp"
#include "report/model.hpp"
#include "report/texts.hpp"

namespace deadbox::report {

struct TimelineLine {
    base::Timestamp time;      // corrected by the machine's clock
    base::Timestamp recorded;  // as the machine wrote it: the same where the clock was right
    std::string type, timestamp_desc, message, source;
    std::optional<std::int64_t> system, inode;
    std::string path, ref, volume;  // of the file whose time it is; path: raw bytes
    std::string user, address, process;
    std::string attributes = "{}";  // JSON
    std::string record_path, record_ref;  // the log that an event comes from
    std::optional<std::int64_t> offset, line;
    int precision = 0;              // as plugin::Precision
    int assumptions = 0;            // bits, as plugin::Assumption
    std::vector<std::string> findings;
};

struct TimelineOptions {
    std::optional<base::Timestamp> from, to;
    std::vector<std::string> sources;       // fs, auth, web ...; empty: all
    std::string type;                       // glob over the type, "" for all
    std::string contains;                   // in message, path or attributes; ASCII letters of either case
    std::string path;                       // glob: of the file, or of the event's log
    std::optional<std::string> user, address;
    std::optional<std::int64_t> inode;
    bool files_only = false, events_only = false;
    Redact redact = Redact::secrets;
};

// visit(line) in time order; memory stays flat.
base::Result<void> for_each_line(const case_file::View& view, const Texts& texts, const TimelineOptions& options, base::FunctionRef<base::Next(const TimelineLine&)> visit);

// The line as jsonl, timesketch, csv or l2tcsv have it, appended with its end; csv_header likewise.
void append_jsonl(std::string& out, const TimelineLine& line);
void append_timesketch(std::string& out, const TimelineLine& line);
void append_timesketch_marked(std::string& out, const TimelineLine& line, std::string_view tlp);
void append_csv(std::string& out, const TimelineLine& line);
void append_csv_header(std::string& out);
void append_l2tcsv(std::string& out, const TimelineLine& line);
void append_l2tcsv_header(std::string& out);
// An event as a line of a body file: its time as every one of the four, its message as the name.
void append_bodyfile(std::string& out, const TimelineLine& line);

}  // namespace deadbox::report
