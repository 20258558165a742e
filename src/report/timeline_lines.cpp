#include "report/timeline_lines.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/glob.hpp"
#include "report/bodyfile.hpp"
#include "report/csv.hpp"
#include "report/format.hpp"
#include "report/json_writer.hpp"
#include "report/line_maker.hpp"

namespace deadbox::report {
namespace {

using case_file::TimelineRow;
using case_file::View;

constexpr std::array<std::string_view, 6> k_precisions{"ns", "us", "ms", "s", "min", "day"};
constexpr std::array<std::string_view, 3> k_assumptions{"year", "zone", "time"};
constexpr std::size_t k_page = 2048;  // rows between two snapshots of the case

std::vector<std::string> assumption_names(int bits) {
    std::vector<std::string> names;
    for (std::size_t bit = 0; bit < k_assumptions.size(); ++bit)
        if ((bits >> bit & 1) != 0) names.emplace_back(k_assumptions[bit]);
    return names;
}

std::string_view precision_name(int precision) { return k_precisions[static_cast<std::size_t>(std::clamp(precision, 0, 5))]; }

void write_line(JsonWriter& json, const TimelineLine& line) {
    json.member("datetime", line.time);
    if (line.recorded != line.time) json.member("datetime_recorded", line.recorded);
    json.member("type", line.type).member("timestamp_desc", line.timestamp_desc).member("message", line.message).member("source", line.source);
    json.member("system", line.system).key("path");
    if (line.path.empty()) json.null();
    else json.value(line.path);
    if (!base::is_utf8(line.path)) json.member("path_hex", base::to_hex(line.path));
    json.member_or_null("ref", line.ref).member_or_null("volume", line.volume).member("inode", line.inode);
    json.key("user").text_or_null(line.user);
    if (!base::is_utf8(line.user)) json.member("user_hex", base::to_hex(line.user));
    json.member_or_null("address", line.address).member_or_null("process", line.process).key("attributes").raw(line.attributes).key("record");
    if (line.record_ref.empty()) json.null();
    else json.begin_object().member("ref", line.record_ref).member("offset", line.offset).member("line", line.line).bytes_member("path", line.record_path).end_object();
    json.member("precision", precision_name(line.precision)).member("assumptions", assumption_names(line.assumptions)).member("findings", line.findings);
}

std::string joined_by_blanks(const std::vector<std::string>& list) {
    std::string text;
    for (const auto& one : list) text += (text.empty() ? "" : " ") + one;
    return text;
}

template <class T>
std::string number_text(const std::optional<T>& number) { return number ? std::to_string(*number) : std::string(); }

}  // namespace

base::Result<void> for_each_line(const View& view, const Texts& texts, const TimelineOptions& options, base::FunctionRef<base::Next(const TimelineLine&)> visit) {
    TRY_ASSIGN(LineMaker maker, LineMaker::open(view, texts, options));
    case_file::TimelineFilter filter;
    filter.from = options.from, filter.to = options.to, filter.user = options.user, filter.address = options.address, filter.inode = options.inode;
    const auto asked = [&](std::string_view source) { return options.sources.empty() || std::find(options.sources.begin(), options.sources.end(), source) != options.sources.end(); };
    const std::optional<base::Glob> type = options.type.empty() ? std::nullopt : std::optional<base::Glob>(options.type);
    filter.files = !options.events_only && asked("fs") && (!type || type->matches(k_file_type)) && !options.user && !options.address;
    filter.events = !options.files_only;
    std::vector<std::int64_t> kinds;
    for (const auto& [id, kind] : maker.kinds())
        if (asked(kind.source) && (!type || type->matches(kind.type))) kinds.push_back(id);
    if (kinds.empty()) filter.events = false;
    if (kinds.size() < maker.kinds().size()) filter.kinds = std::move(kinds);
    TRY_ASSIGN(case_file::Timeline timeline, case_file::Timeline::open(view, filter));
    TRY_ASSIGN(const case_file::Snapshot snapshot, case_file::Snapshot::begin(view));
    for (std::size_t rows = 1;; ++rows) {
        if (rows % k_page == 0) TRY(snapshot.renew());
        TRY_ASSIGN(const TimelineRow* row, timeline.next());
        if (row == nullptr) return {};
        TRY_ASSIGN(const base::Next next, maker.make(*row, visit));
        if (next == base::Next::stop) return {};
    }
}

void append_jsonl(std::string& out, const TimelineLine& line) {
    JsonWriter json(out);
    json.begin_object();
    write_line(json, line);
    json.end_object();
    out += '\n';
}

void append_timesketch(std::string& out, const TimelineLine& line) { append_timesketch_marked(out, line, ""); }

void append_timesketch_marked(std::string& out, const TimelineLine& line, std::string_view tlp) {
    JsonWriter json(out);
    json.begin_object().key("timestamp").raw(std::to_string(line.time.seconds * 1'000'000 + line.time.nanoseconds / 1000));
    write_line(json, line);
    if (!tlp.empty()) json.member("tlp", tlp);
    json.end_object();
    out += '\n';
}

void append_csv_header(std::string& out) {
    append_csv_row(out, {"datetime", "timestamp_desc", "source", "type", "message", "system", "path", "ref", "volume", "inode", "user", "address", "process", "attributes", "record", "line", "precision", "assumptions", "findings", "datetime_recorded"});
}

void append_csv(std::string& out, const TimelineLine& l) {
    append_csv_row(out, {base::to_rfc3339(l.time), l.timestamp_desc, l.source, l.type, l.message, number_text(l.system), l.path, l.ref, l.volume, number_text(l.inode), l.user, l.address, l.process, l.attributes,
                         l.record_path, number_text(l.line), precision_name(l.precision), joined_by_blanks(assumption_names(l.assumptions)), joined_by_blanks(l.findings), base::to_rfc3339(l.recorded)});
}

void append_l2tcsv_header(std::string& out) {
    out += "date,time,timezone,MACB,source,sourcetype,type,user,host,short,desc,version,filename,inode,notes,format,extra\r\n";
}

void append_l2tcsv(std::string& out, const TimelineLine& l) {
    const auto c = base::civil_from_seconds(l.time.seconds);
    const auto has = [&](std::string_view what, char letter) { return l.source == "fs" && l.timestamp_desc.find(what) != std::string::npos ? letter : '.'; };
    const std::string macb{has(k_file_times[0], 'M'), has(k_file_times[1], 'A'), has(k_file_times[2], 'C'), has(k_file_times[3], 'B')};
    const std::string extra = l.recorded == l.time ? l.attributes : fmt::format("datetime_recorded: {}; {}", base::to_rfc3339(l.recorded), l.attributes);
    append_csv_row(out, {fmt::format("{:02}/{:02}/{:04}", c.month, c.day, c.year), fmt::format("{:02}:{:02}:{:02}", c.hour, c.minute, c.second), "UTC", macb, l.source, l.type, l.timestamp_desc, l.user, number_text(l.system),
                         l.message, l.message, "2", l.path.empty() ? l.record_path : l.path, number_text(l.inode), l.address, "deadbox", extra});
}

void append_bodyfile(std::string& out, const TimelineLine& line) {
    const std::int64_t s = line.time.seconds;
    out += "0|";
    append_bodyfile_name(out, fmt::format("[{}] {}", line.type, line.message));
    out += fmt::format("|0|-/----------|0|0|0|{0}|{0}|{0}|{0}\n", s);
}

base::Result<void> write_timesketch(const FormatInput& input, OutputFile& out) {
    std::string text;
    TimelineOptions options;
    options.redact = input.report.redact;
    return for_each_line(input.view, input.texts, options, [&](const TimelineLine& line) {
        append_timesketch_marked(text, line, input.report.tlp);
        out.write(text);
        text.clear();
        return base::Next::go_on;
    });
}

}  // namespace deadbox::report
