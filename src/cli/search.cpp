// deadbox search: a text in all that the case has.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.hpp"
#include "case/view_files.hpp"
#include "case/view_names.hpp"
#include "cli/command.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "plugin/topic.hpp"
#include "report/findings.hpp"
#include "report/redaction.hpp"
#include "report/timeline_lines.hpp"
#include "report/visible.hpp"

namespace deadbox::cli {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

class Search final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_option("TEXT", m_text, "What to look for; ASCII letters match in either case")->required();
    }

    base::Result<Exit> run(const Context& context) override {
        if (m_text.empty()) return base::fail(base::Errc::usage, "there is nothing to look for");
        m_json = context.json;
        m_lower = m_text;
        std::transform(m_lower.begin(), m_lower.end(), m_lower.begin(), lower);
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        TRY_ASSIGN(const report::Texts texts, report::Texts::load("en"));
        TRY_ASSIGN(m_redactor, report::Redactor::load(view, report::Redact::secrets));
        TRY(search_findings(view, texts));
        TRY(search_facts(view));
        TRY(search_names(view));
        TRY(search_events(view, texts));
        return Exit::done;
    }

private:
    bool has(std::string_view text) const {
        return std::search(text.begin(), text.end(), m_lower.begin(), m_lower.end(), [](char a, char b) { return lower(a) == b; }) != text.end();
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
        TRY_ASSIGN(const auto findings, report::load_findings(view, texts, report::Redact::secrets, filter));
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

    // Secret columns are not searched: a hit would say what they hold.
    base::Result<void> search_table(const case_file::View& view, const plugin::TableDef& table) const {
        std::vector<const plugin::ColumnDef*> columns;
        std::string sql;
        for (const auto& column : table.columns) {
            if (column.type != plugin::ColumnType::text || column.privacy == plugin::Privacy::secret) continue;
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
            const auto file = files.of(row.inode);
            hit("name", row.name_allocated ? "" : "deleted", path, file && *file ? files.ref_of(**file) : "");
            return base::Next::go_on;
        });
    }

    base::Result<void> search_events(const case_file::View& view, const report::Texts& texts) const {
        report::TimelineOptions options;
        options.contains = m_text;
        options.events_only = true;
        return report::for_each_line(view, texts, options, [&](const report::TimelineLine& line) {
            hit("event", line.type, line.message, line.record_ref, line.time);
            return base::Next::go_on;
        });
    }

    bool m_json = false;
    std::string m_case, m_text, m_lower;
    report::Redactor m_redactor;
};

}  // namespace

std::unique_ptr<Command> make_search() { return std::make_unique<Search>(); }

}  // namespace deadbox::cli
