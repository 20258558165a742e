#include "report/csv.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "report/findings.hpp"
#include "report/format.hpp"
#include "report/tlp.hpp"
#include "report/visible.hpp"

namespace deadbox::report {

namespace {

// What makes a spreadsheet compute a cell; the wide forms of these signs do so too.
bool starts_formula(std::string_view text) {
    constexpr std::string_view k_starts[] = {"=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"};
    return std::any_of(std::begin(k_starts), std::end(k_starts), [&](std::string_view start) { return text.starts_with(start); });
}

}  // namespace

void append_csv_cell(std::string& out, std::string_view bytes) {
    std::string text = visible(bytes);
    // visible() has turned a leading tab or line break into a backslash already.
    if (starts_formula(text)) text.insert(text.begin(), '\'');
    if (text.find_first_of("\",;' ") == std::string::npos) {
        out += text;
        return;
    }
    out += '"';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

void append_csv_row(std::string& out, std::initializer_list<std::string_view> cells, std::string_view last) {
    bool first = true;
    for (const auto cell : cells) {
        if (!std::exchange(first, false)) out += ',';
        append_csv_cell(out, cell);
    }
    if (!last.empty()) {
        out += ',';
        append_csv_cell(out, last);
    }
    out += "\r\n";
}

namespace {

constexpr std::string_view k_tlp_column = "tlp";  // the last column, where the report has a marking

std::string exact_time_text(const Time& time) { return time ? base::to_rfc3339(*time) : std::string(); }
std::string in_one_cell(const std::vector<std::string>& list) {
    std::string text;
    for (const auto& one : list) text += (text.empty() ? "" : "; ") + one;
    return text;
}
// As visible() has it, and '<', '(' as \x3c ... too: no virus scanner then takes the text for a program.
std::string program_text(std::string_view excerpt) {
    std::string text;
    for (const char c : visible(excerpt)) {
        if (c == '<' || c == '(') text += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
        else text += c;
    }
    return text;
}
template <class T>
std::string number_cell(const std::optional<T>& number) { return number ? std::to_string(*number) : std::string(); }

}  // namespace

base::Result<void> write_findings_csv(const FormatInput& input, OutputFile& out) {
    const std::string tlp = tlp_label(input.report.tlp);
    std::string text;
    append_csv_row(text, {"id", "severity", "confidence", "rule", "state", "title", "subject", "system", "first_seen", "first_seen_basis", "last_seen", "item_count", "attack", "reason", "tags", "explanation",
                          "innocent_reason", "next_step", "first_seen_recorded", "last_seen_recorded"}, tlp.empty() ? "" : k_tlp_column);
    for (const auto& f : input.report.findings)
        append_csv_row(text, {f.id, name_of(f.severity), name_of(f.confidence), f.rule, f.state, f.title, f.subject, number_cell(f.system), exact_time_text(f.first_seen), f.first_seen ? name_of(f.basis) : "",
                              exact_time_text(f.last_seen), std::to_string(f.item_count), in_one_cell(f.attack), f.reason, in_one_cell(f.tags), f.explanation, f.innocent_reason, f.next_step, exact_time_text(f.first_recorded), exact_time_text(f.last_recorded)}, tlp);
    out.write(text);
    return {};
}

base::Result<void> write_items_csv(const FormatInput& input, OutputFile& out) {
    const std::string tlp = tlp_label(input.report.tlp);
    std::string text;
    append_csv_row(text, {"finding", "path", "ref", "system", "volume", "inode", "content", "size", "mode", "uid", "gid", "user", "group", "modified", "accessed", "changed", "born", "deleted", "md5", "sha1", "sha256",
                          "reference", "package", "expected", "found", "line", "key", "site", "excerpt", "cites"}, tlp.empty() ? "" : k_tlp_column);
    return for_each_item(input.view, input.texts, input.report.redact, [&](std::string_view finding, const ReportItem& i) {
        const bool file = i.inode.has_value();
        const plugin::Reference reference = i.reference.value_or(plugin::Reference{"", "", "", "", ""});
        append_csv_row(text, {finding, i.path.value_or(""), i.ref, number_cell(i.system), i.volume, number_cell(i.inode), i.content, file ? std::to_string(i.size) : "", file ? fmt::format("{:04o}", i.mode) : "",
                              file ? std::to_string(i.uid) : "", file ? std::to_string(i.gid) : "", i.user, i.group, exact_time_text(i.times.modified), exact_time_text(i.times.accessed), exact_time_text(i.times.changed),
                              exact_time_text(i.times.born), exact_time_text(i.times.deleted), i.md5, i.sha1, i.sha256, reference.kind, reference.package, reference.expected, reference.found, number_cell(i.line), i.key, i.site,
                              program_text(i.excerpt.value_or("")), i.cites}, tlp);
        out.write(text);
        text.clear();
        return base::Next::go_on;
    });
}

base::Result<void> write_coverage_csv(const FormatInput& input, OutputFile& out) {
    const std::string tlp = tlp_label(input.report.tlp);
    std::string text;
    append_csv_row(text, {"level", "area", "reason", "path", "count", "examples"}, tlp.empty() ? "" : k_tlp_column);
    for (const auto& c : input.report.coverage) append_csv_row(text, {c.level, c.area, c.reason, c.path, std::to_string(c.count), in_one_cell(c.examples)}, tlp);
    out.write(text);
    return {};
}

}  // namespace deadbox::report
