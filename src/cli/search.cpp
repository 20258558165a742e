// deadbox search: a text in all that the case has.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.hpp"
#include "case/view_files.hpp"
#include "case/view_names.hpp"
#include "cli/command.hpp"
#include "cli/content_search.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "cli/redact_option.hpp"
#include "cli/which_file.hpp"
#include "plugin/topic.hpp"
#include "report/findings.hpp"
#include "report/redaction.hpp"
#include "report/timeline_lines.hpp"
#include "report/visible.hpp"

namespace deadbox::cli {
namespace {

char small_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

class Search final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_option("TEXT", m_text, "What to look for; ASCII letters match in either case; hex:DIGITS for bytes")->required();
        app.add_flag("--content", m_contents, "In the contents of files too, as they are stored: reads the evidence");
        app.add_option("--evidence", m_evidence, "Where the evidence is now (repeatable, in the order of the case)");
        m_redact.add(app);
    }

    base::Result<Exit> run(const Context& context) override {
        TRY_ASSIGN(m_text, path_argument(m_text));
        if (m_text.empty()) return base::fail(base::Errc::usage, "there is nothing to look for");
        m_json = context.json;
        m_lower = m_text;
        std::transform(m_lower.begin(), m_lower.end(), m_lower.begin(), small_letter);
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        TRY_ASSIGN(const report::Texts texts, report::Texts::load("en"));
        TRY_ASSIGN(m_redactor, report::Redactor::load(view, m_redact.value()));
        TRY(search_findings(view, texts));
        TRY(search_facts(view));
        TRY(search_names(view));
        TRY(search_events(view, texts));
        return m_contents ? search_contents(context, view) : Exit::done;
    }

private:
    bool has(std::string_view text) const {
        return std::search(text.begin(), text.end(), m_lower.begin(), m_lower.end(), [](char a, char b) { return small_letter(a) == b; }) != text.end();
    }

    void hit(std::string_view kind, std::string_view where, std::string_view text, std::string_view ref, const std::optional<base::Timestamp>& time = {}) const {
        if (!m_json) {
            print(fmt::format("{:<8} {}{}{}\n", kind, where, where.empty() ? "" : "  ", report::visible(text)));
            return;
        }
        std::string line;
        report::JsonWriter json(line);
        json.begin_object().member("kind", kind).member_or_null("in", where).bytes_member("text", text).member_or_null("ref", ref).member("time", time).end_object();
        print(line += '\n');
    }

    base::Result<void> search_findings(const case_file::View& view, const report::Texts& texts) const {
        report::FindingFilter filter;
        filter.items = 0;
        TRY_ASSIGN(const auto findings, report::load_findings(view, texts, m_redact.value(), filter));
        for (const auto& f : findings)
            if (has(f.title) || has(f.subject) || has(f.rule) || has(f.explanation) || has(f.id)) hit("finding", f.id, f.title, "", f.first_seen);
        return {};
    }

    base::Result<void> search_facts(const case_file::View& view) const {
        for (const plugin::Topic* topic : plugin::topics()) {
            for (const auto& table : topic->tables) {
                TRY_ASSIGN(const bool there, view.has_table(table.name));
                if (there) TRY(search_table(view, table));
            }
        }
        return {};
    }

    // What is left out of the output is not searched either: a hit would say what it holds.
    base::Result<void> search_table(const case_file::View& view, const plugin::TableDef& table) const {
        std::vector<const plugin::ColumnDef*> columns;
        std::string sql;
        for (const auto& column : table.columns) {
            if (column.type != plugin::ColumnType::text || hidden(column)) continue;
            columns.push_back(&column);
            sql += fmt::format("{}\"{}\"", sql.empty() ? "" : ", ", column.name);
        }
        if (columns.empty()) return {};
        TRY_ASSIGN(case_file::Statement row, view.prepare(fmt::format("SELECT {} FROM \"{}\" ORDER BY id", sql, table.name)));
        for (;;) {
            TRY_ASSIGN(const bool more, row.step());
            if (!more) return {};
            bool found = false;
            std::string text;
            for (std::size_t i = 0; i < columns.size(); ++i) {
                const auto value = m_redactor.text(row.text(static_cast<int>(i)));
                found = found || has(value);
                if (!value.empty()) text += fmt::format("{}{}={}", text.empty() ? "" : "  ", columns[i]->name, value);
            }
            if (found) hit("fact", table.name, text, "");
        }
    }

    base::Result<void> search_names(const case_file::View& view) const {
        std::string path;
        TRY_ASSIGN(case_file::Files files, case_file::Files::open(view));
        return case_file::for_each_name(view, [&](const case_file::NameRow& row) {
            if (row.name.empty() || !has(row.name)) return base::Next::go_on;
            path.assign(row.folder);
            if (path != "/") path += '/';
            path += row.name;
            path = m_redactor.name(path);
            if (m_redactor.redact() != report::Redact::none && !has(path)) return base::Next::go_on;
            const auto file = files.of(row.inode);
            hit("name", row.name_allocated ? "" : "deleted", path, file && *file ? files.ref_of(**file) : "");
            return base::Next::go_on;
        });
    }

    base::Result<void> search_events(const case_file::View& view, const report::Texts& texts) const {
        report::TimelineOptions options;
        options.contains = m_text;
        options.events_only = true;
        options.redact = m_redact.value();
        return report::for_each_line(view, texts, options, [&](const report::TimelineLine& line) {
            hit("event", line.type, line.message, line.record_ref, line.time);
            return base::Next::go_on;
        });
    }

    // What stands close to the text, of a context from which secrets were taken as a whole before.
    std::string near(const std::string& context) const {
        constexpr std::size_t k_close = 80;
        const auto at = std::search(context.begin(), context.end(), m_lower.begin(), m_lower.end(), [](char a, char b) { return small_letter(a) == b; });
        const auto place = at == context.end() ? 0 : static_cast<std::size_t>(at - context.begin()), from = place > k_close ? place - k_close : 0;
        return context.substr(from, place - from + m_lower.size() + k_close);
    }

    bool hidden(const plugin::ColumnDef& column) const {
        return (column.privacy == plugin::Privacy::secret && m_redactor.redact() != report::Redact::none) || (column.privacy == plugin::Privacy::person && m_redactor.redact() == report::Redact::persons);
    }

    base::Result<Exit> search_contents(const Context& context, const case_file::View& view) {
        TRY_ASSIGN(const auto reader, open_evidence(context, view, m_evidence));
        TRY_ASSIGN(const case_file::Files files, case_file::Files::open(view));
        TRY_ASSIGN(const auto done, cli::search_contents(view, *reader, m_text, [&](const ContentHit& found) {
            const auto path = m_redactor.name(found.file->path), text = near(m_redactor.told(found.context));
            if (!m_json) {
                print(fmt::format("content  {}  at {}  {}\n", report::visible(path), found.offset, report::visible(text)));
                return base::Next::go_on;
            }
            std::string line;
            report::JsonWriter json(line);
            json.begin_object().member("kind", "content").bytes_member("in", path).bytes_member("text", text).member("ref", files.ref_of(*found.file)).key("time").null();
            json.member("offset", found.offset).end_object();
            print(line += '\n');
            return base::Next::go_on;
        }));
        if (done.cut > 0) complain(context, "limit", fmt::format("of {} files only the first {} places are told", done.cut, k_places_in_a_file), Level::warning);
        if (done.left_out > 0) complain(context, "limit", fmt::format("{} files that are mostly holes were not read", done.left_out), Level::warning);
        if (done.unreadable > 0) complain(context, "gap", fmt::format("{} of {} files could not be read to their end", done.unreadable, done.files));
        return done.unreadable > 0 ? Exit::gaps : Exit::done;
    }

    bool m_json = false, m_contents = false;
    std::string m_case, m_text, m_lower;
    std::vector<std::string> m_evidence;
    RedactOption m_redact;
    report::Redactor m_redactor;
};

}  // namespace

std::unique_ptr<Command> make_search() { return std::make_unique<Search>(); }

}  // namespace deadbox::cli
