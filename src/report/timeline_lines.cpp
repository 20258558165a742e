#include "report/timeline_lines.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "base/glob.hpp"
#include "report/bodyfile.hpp"
#include "report/csv.hpp"
#include "report/format.hpp"
#include "report/json_writer.hpp"
#include "report/redaction.hpp"

namespace deadbox::report {
namespace {

using case_file::EventKind;
using case_file::Statement;
using case_file::TimelineRow;
using case_file::View;

constexpr std::array<std::string_view, 6> k_precisions{"ns", "us", "ms", "s", "min", "day"};
constexpr std::array<std::string_view, 3> k_assumptions{"year", "zone", "time"};
constexpr std::array<std::string_view, 5> k_file_times{"Content modified", "Last access", "Metadata changed", "Created", "Deleted"};
constexpr std::size_t k_page = 2048;  // rows between two snapshots of the case
constexpr std::string_view k_file_type = "file.times";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool contains(std::string_view text, std::string_view lower_part) {
    return std::search(text.begin(), text.end(), lower_part.begin(), lower_part.end(), [](char a, char b) { return lower(a) == b; }) != text.end();
}

void write_value(JsonWriter& json, const nlohmann::json& value) {
    if (value.is_object()) {
        json.begin_object();
        for (const auto& [key, member] : value.items()) {
            json.key(key);
            write_value(json, member);
        }
        json.end_object();
    } else if (value.is_array()) {
        json.begin_array();
        for (const auto& member : value) write_value(json, member);
        json.end_array();
    } else if (value.is_string()) json.value(value.get_ref<const std::string&>());
    else if (value.is_number_unsigned()) json.value(value.get<std::uint64_t>());
    else if (value.is_number_integer()) json.value(value.get<std::int64_t>());
    else if (value.is_number()) json.value(value.get<double>());
    else if (value.is_boolean()) json.value(value.get<bool>());
    else json.null();
}

class LineMaker {
public:
    static base::Result<LineMaker> open(const View& view, const Texts& texts, const TimelineOptions& options) {
        TRY_ASSIGN(case_file::InodeNames names, case_file::InodeNames::open(view));
        LineMaker maker(view, texts, options, std::move(names));
        TRY_ASSIGN(maker.m_kinds, case_file::event_kinds(view));
        TRY_ASSIGN(const auto volumes, case_file::volumes(view));
        TRY_ASSIGN(const auto trees, case_file::trees(view));
        for (const auto& tree : trees) {
            maker.m_trees[tree.id].first = tree.system;
            for (const auto& volume : volumes)
                if (volume.id == tree.volume) maker.m_trees[tree.id].second = volume.label_id;
        }
        TRY_ASSIGN(Statement any, view.prepare("SELECT 1 FROM finding_item LIMIT 1"));
        TRY_ASSIGN(maker.m_has_items, any.step());
        TRY_ASSIGN(maker.m_items, view.prepare("SELECT DISTINCT finding, line, offset FROM finding_item WHERE inode = ? ORDER BY finding"));
        if (!options.path.empty()) maker.m_path.emplace(options.path);
        maker.m_contains = options.contains;
        TRY_ASSIGN(maker.m_redactor, Redactor::load(view, options.redact));
        std::transform(maker.m_contains.begin(), maker.m_contains.end(), maker.m_contains.begin(), lower);
        return maker;
    }

    const std::map<std::int64_t, EventKind>& kinds() const { return m_kinds; }

    base::Result<base::Next> make(const TimelineRow& row, base::FunctionRef<base::Next(const TimelineLine&)> visit) { return row.is_file ? file(row, visit) : event(row, visit); }

private:
    LineMaker(const View& view, const Texts& texts, const TimelineOptions& options, case_file::InodeNames names)
        : m_view(view), m_texts(texts), m_options(options), m_names(std::move(names)) {}

    base::Result<base::Next> file(const TimelineRow& row, base::FunctionRef<base::Next(const TimelineLine&)> visit) {
        TRY_ASSIGN(const auto* facts, m_names.of(row.inode));
        TimelineLine& line = m_line;
        line = {};
        line.time = row.time, line.type = k_file_type, line.source = "fs";
        for (std::size_t bit = 0; bit < k_file_times.size(); ++bit) {
            if ((row.what >> bit & 1) == 0) continue;
            if (!line.timestamp_desc.empty()) line.timestamp_desc += "; ";
            line.timestamp_desc += k_file_times[bit];
        }
        place(row.inode, line);
        line.inode = case_file::number_of(row.inode);
        line.attributes = fmt::format("{{\"size\": {}, \"mode\": \"{:04o}\", \"uid\": {}, \"gid\": {}}}", facts->size, facts->mode, facts->uid, facts->gid);
        if (m_has_items) TRY(findings(row, line));
        if (facts->names.empty()) {
            line.path.clear();
            line.ref = m_view.refs().of_inode(row.inode, facts->generation);
            line.message = fmt::format("inode {} without a name: {}", *line.inode, line.timestamp_desc);
            return wanted(line, "") ? visit(line) : base::Next::go_on;
        }
        for (const auto& name : facts->names) {
            line.path = name.path;
            line.ref = name.directory != 0 ? m_view.refs().of_name(row.inode, facts->generation, name.directory, name.name) : m_view.refs().of_inode(row.inode, facts->generation);
            line.path = m_redactor.name(name.path);
            line.message = line.path;
            if (!name.allocated) line.message += " (deleted)";
            if (wanted(line, name.path) && visit(line) == base::Next::stop) return base::Next::stop;
        }
        return base::Next::go_on;
    }

    base::Result<base::Next> event(const TimelineRow& row, base::FunctionRef<base::Next(const TimelineLine&)> visit) {
        const auto kind = m_kinds.find(row.kind);
        if (kind == m_kinds.end()) return base::Next::go_on;
        TimelineLine& line = m_line;
        line = {};
        line.time = row.time, line.type = kind->second.type, line.source = kind->second.source, line.timestamp_desc = kind->second.description;
        line.user = row.user, line.address = row.address, line.process = row.process;
        std::string record_path;
        line.offset = row.offset, line.line = row.line, line.precision = row.precision, line.assumptions = row.assumptions;
        if (row.inode != 0) {
            place(row.inode, line);
            TRY_ASSIGN(const auto* facts, m_names.of(row.inode));
            line.record_ref = m_view.refs().of_inode(row.inode, facts->generation);
            if (!facts->names.empty()) {
                const auto& name = facts->names.front();
                record_path = name.path, line.record_path = m_redactor.name(name.path);
                if (name.directory != 0) line.record_ref = m_view.refs().of_name(row.inode, facts->generation, name.directory, name.name);
            }
        }
        Arguments arguments;
        if (!row.arguments.empty()) {
            const auto json = nlohmann::json::parse(m_redactor.json(row.arguments), nullptr, false);
            if (json.is_object()) {
                line.attributes.clear();
                JsonWriter writer(line.attributes);
                write_value(writer, json);
                for (const auto& [key, value] : json.items())
                    arguments.emplace_back(key, value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
            }
        }
        line.user = m_redactor.text(line.user), line.process = m_redactor.text(line.process);
        arguments.emplace_back("user", line.user), arguments.emplace_back("address", row.address), arguments.emplace_back("process", line.process);
        const std::string& text = m_texts.find(kind->second.topic, "events." + line.type);
        line.message = m_redactor.text(text.empty() ? untexted(line, arguments) : fill(text, arguments));
        if (m_has_items) TRY(findings(row, line));
        return wanted(line, record_path) ? visit(line) : base::Next::go_on;
    }

    // A message for a kind that has no text in this language.
    static std::string untexted(const TimelineLine& line, const Arguments& arguments) {
        std::string text = line.timestamp_desc;
        for (const auto& [key, value] : arguments)
            if (!value.empty()) text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", key, value);
        return text;
    }

    void place(std::int64_t inode, TimelineLine& line) const {
        const auto tree = m_trees.find(case_file::tree_of(inode));
        if (tree == m_trees.end()) return;
        line.system = tree->second.first, line.volume = tree->second.second;
    }

    base::Result<void> findings(const TimelineRow& row, TimelineLine& line) {
        if (row.inode == 0) return {};
        m_items.reset();
        m_items.bind(1, row.inode);
        for (;;) {
            TRY_ASSIGN(const bool more, m_items.step());
            if (!more) return {};
            // Of a log, only the very record counts.
            if (!row.is_file) {
                const auto number = m_items.maybe_integer(1), offset = m_items.maybe_integer(2);
                if ((!number || number != row.line) && (!offset || offset != row.offset)) continue;
            }
            if (line.findings.empty() || line.findings.back() != m_items.text(0)) line.findings.emplace_back(m_items.text(0));
        }
    }

    // `path`: the file's, or its log's, as it is on the machine; texts are searched as they are shown.
    bool wanted(const TimelineLine& line, std::string_view path) const {
        if (m_path && !m_path->matches(path)) return false;
        return m_contains.empty() || contains(line.message, m_contains) || contains(line.path, m_contains) || contains(line.attributes, m_contains) || contains(line.user, m_contains) ||
               contains(line.address, m_contains) || contains(line.process, m_contains);
    }

    const View& m_view;
    const Texts& m_texts;
    const TimelineOptions& m_options;
    case_file::InodeNames m_names;
    std::map<std::int64_t, EventKind> m_kinds;
    std::map<std::int64_t, std::pair<std::optional<std::int64_t>, std::string>> m_trees;
    bool m_has_items = false;
    Statement m_items;
    std::optional<base::Glob> m_path;
    std::string m_contains;
    Redactor m_redactor;
    TimelineLine m_line;
};

std::vector<std::string> assumption_names(int bits) {
    std::vector<std::string> names;
    for (std::size_t bit = 0; bit < k_assumptions.size(); ++bit)
        if ((bits >> bit & 1) != 0) names.emplace_back(k_assumptions[bit]);
    return names;
}

std::string_view precision_name(int precision) { return k_precisions[static_cast<std::size_t>(std::clamp(precision, 0, 5))]; }

void write_line(JsonWriter& json, const TimelineLine& line) {
    json.member("datetime", line.time).member("type", line.type).member("timestamp_desc", line.timestamp_desc).member("message", line.message).member("source", line.source);
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

std::string joined(const std::vector<std::string>& list) {
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
    append_csv_row(out, {"datetime", "timestamp_desc", "source", "type", "message", "system", "path", "ref", "volume", "inode", "user", "address", "process", "attributes", "record", "line", "precision", "assumptions", "findings"});
}

void append_csv(std::string& out, const TimelineLine& l) {
    append_csv_row(out, {base::to_rfc3339(l.time), l.timestamp_desc, l.source, l.type, l.message, number_text(l.system), l.path, l.ref, l.volume, number_text(l.inode), l.user, l.address, l.process, l.attributes,
                         l.record_path, number_text(l.line), precision_name(l.precision), joined(assumption_names(l.assumptions)), joined(l.findings)});
}

void append_l2tcsv_header(std::string& out) {
    out += "date,time,timezone,MACB,source,sourcetype,type,user,host,short,desc,version,filename,inode,notes,format,extra\r\n";
}

void append_l2tcsv(std::string& out, const TimelineLine& l) {
    const auto c = base::civil_from_seconds(l.time.seconds);
    const auto has = [&](std::string_view what, char letter) { return l.source == "fs" && l.timestamp_desc.find(what) != std::string::npos ? letter : '.'; };
    const std::string macb{has(k_file_times[0], 'M'), has(k_file_times[1], 'A'), has(k_file_times[2], 'C'), has(k_file_times[3], 'B')};
    append_csv_row(out, {fmt::format("{:02}/{:02}/{:04}", c.month, c.day, c.year), fmt::format("{:02}:{:02}:{:02}", c.hour, c.minute, c.second), "UTC", macb, l.source, l.type, l.timestamp_desc, l.user, number_text(l.system),
                         l.message, l.message, "2", l.path.empty() ? l.record_path : l.path, number_text(l.inode), l.address, "deadbox", l.attributes});
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
