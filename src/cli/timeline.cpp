// deadbox timeline: what happened, oldest first.
#include <CLI/CLI.hpp>

#include "cli/command.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "cli/redact_option.hpp"
#include "cli/times.hpp"
#include "report/bodyfile.hpp"
#include "report/redaction.hpp"
#include "report/timeline_lines.hpp"
#include "report/visible.hpp"

namespace deadbox::cli {
namespace {

using report::TimelineLine;

void append_text(std::string& out, const TimelineLine& line) {
    out += base::to_rfc3339(line.time).substr(0, 19) + "Z  ";
    out += line.source + std::string(line.source.size() < 8 ? 8 - line.source.size() : 1, ' ');
    out += line.timestamp_desc + "  " + report::visible(line.message);
    if (line.recorded != line.time) out += "  (the machine wrote " + base::to_rfc3339(line.recorded).substr(0, 19) + "Z)";
    out += "\n";
}

struct FormatEntry {
    std::string_view name;
    void (*header)(std::string&);
    void (*line)(std::string&, const TimelineLine&);
};
constexpr FormatEntry k_formats[] = {
    {"text", nullptr, &append_text},
    {"jsonl", nullptr, &report::append_jsonl},
    {"csv", &report::append_csv_header, &report::append_csv},
    {"timesketch", nullptr, &report::append_timesketch},
    {"l2tcsv", &report::append_l2tcsv_header, &report::append_l2tcsv},
    {"bodyfile", nullptr, &report::append_bodyfile},
};

class Timeline final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_option("--from", m_from, "From this time on (2026-03-02, 2026-03-02T04:11:07Z)");
        app.add_option("--to", m_to, "Up to this time, its day or second included");
        app.add_option("--since", m_since, "As --from, or a span back from the last change of a file: 90m, 48h, 7d, 2w");
        app.add_option("--source", m_options.sources, "Only these sources: fs, auth, utmp, web ...")->delimiter(',');
        app.add_option("--type", m_options.type, "Only types that match this pattern: auth.login.*");
        app.add_option("--contains", m_options.contains, "Only lines with this text");
        app.add_option("--path", m_options.path, "Only files, or records of log files, whose path matches this pattern");
        app.add_option("--user", m_user, "Only events of this user");
        app.add_option("--address", m_address, "Only events of this address");
        app.add_option("--ref", m_ref, "Only times of this file, or records of this log");
        app.add_option("--format", m_format, "jsonl, csv, bodyfile, timesketch, l2tcsv; text where none is given")->check(CLI::IsMember({"text", "jsonl", "csv", "bodyfile", "timesketch", "l2tcsv"}));
        app.add_flag("--files-only", m_options.files_only, "Times of files, without events");
        m_redact.add(app);
        app.add_option("--language", m_language, "Language of the messages")->capture_default_str();
    }

    base::Result<Exit> run(const Context& context) override {
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        TRY_ASSIGN(const report::Texts texts, report::Texts::load(m_language));
        if (!m_from.empty()) {
            TRY_ASSIGN(m_options.from, parse_time(m_from, Edge::start));
        }
        if (!m_since.empty()) {
            TRY_ASSIGN(m_options.from, parse_since(view, m_since));
        }
        if (!m_to.empty()) {
            TRY_ASSIGN(m_options.to, parse_time(m_to, Edge::end));
        }
        m_options.redact = m_redact.value();
        if (!m_user.empty()) m_options.user = m_user;
        if (!m_address.empty()) m_options.address = m_address;
        if (!m_ref.empty()) {
            TRY_ASSIGN(const auto target, view.refs().resolve(view.database(), m_ref));
            m_options.inode = target.inode;
        }
        if (m_format.empty()) m_format = context.json ? "jsonl" : "text";
        if (m_format == "bodyfile") {
            TRY_ASSIGN(case_file::Clock clock, case_file::clock_of(view));
            if (!clock.is_right()) {
                TRY_ASSIGN(const auto redactor, report::Redactor::load(view, m_options.redact));
                clock.source = redactor.secrets(clock.source);
            }
            print(report::bodyfile_clock_note(clock));
            TRY(body_file(view));
        }
        if (m_format == "bodyfile" && m_options.files_only) return Exit::done;
        m_options.events_only = m_format == "bodyfile";  // its files are written already
        for (const auto& format : k_formats)
            if (format.name == m_format) TRY(print_lines(view, texts, format));
        return Exit::done;
    }

private:
    // Files stand in a body file once each, with all their times; order is what mactime makes.
    base::Result<void> body_file(const case_file::View& view) const {
        const bool files = m_options.sources.empty() || std::find(m_options.sources.begin(), m_options.sources.end(), "fs") != m_options.sources.end();
        if (!files || m_options.user || m_options.address || !m_options.type.empty() || !m_options.contains.empty()) return {};
        return report::write_bodyfile_lines(view, {m_options.from, m_options.to, m_options.path, m_options.inode, m_options.redact}, [](std::string_view text) { print(text); });
    }

    base::Result<void> print_lines(const case_file::View& view, const report::Texts& texts, const FormatEntry& format) const {
        std::string text;
        if (format.header != nullptr) format.header(text);
        TRY(report::for_each_line(view, texts, m_options, [&](const TimelineLine& line) {
            format.line(text, line);
            print(text);
            text.clear();
            return base::Next::go_on;
        }));
        print(text);
        return {};
    }

    std::string m_case, m_from, m_to, m_since, m_user, m_address, m_ref, m_format, m_language = "en";
    RedactOption m_redact;
    report::TimelineOptions m_options;
};

}  // namespace

std::unique_ptr<Command> make_timeline() { return std::make_unique<Timeline>(); }

}  // namespace deadbox::cli
