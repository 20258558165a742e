// deadbox facts: the topics' tables as they are.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/encoding.hpp"
#include "case/view_facts.hpp"
#include "case/view_files.hpp"
#include "cli/command.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "cli/redact_option.hpp"
#include "plugin/topic.hpp"
#include "report/findings.hpp"
#include "report/item_key.hpp"
#include "report/redaction.hpp"
#include "report/visible.hpp"

namespace deadbox::cli {
namespace {

using case_file::Statement;
using plugin::ColumnType;

constexpr std::string_view k_item_table = "finding_item";
constexpr std::string_view k_item_meaning = "The items of all findings, each as a report has it";

std::string_view type_name(ColumnType type) {
    switch (type) {
        case ColumnType::integer: return "integer";
        case ColumnType::real: return "real";
        case ColumnType::text: return "text";
        case ColumnType::blob: return "blob";
        case ColumnType::time: return "time";
    }
    return "";
}

bool hidden(const plugin::ColumnDef& column, report::Redact redact) {
    return (column.privacy == plugin::Privacy::secret && redact != report::Redact::none) || (column.privacy == plugin::Privacy::person && redact == report::Redact::persons);
}

class Facts final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_option("--table", m_table, "Print the rows of this table");
        m_redact.add(app);
    }

    base::Result<Exit> run(const Context& context) override {
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        TRY_ASSIGN(m_redactor, report::Redactor::load(view, m_redact.value()));
        if (m_table.empty()) TRY(print_tables(view, context));
        else TRY(print_rows(view, context));
        return Exit::done;
    }

private:
    base::Result<void> print_tables(const case_file::View& view, const Context& context) const {
        for (const plugin::Topic* topic : plugin::topics()) {
            for (const auto& table : topic->tables) {
                TRY_ASSIGN(const bool there, view.has_table(table.name));
                if (!there) continue;
                TRY_ASSIGN(const std::int64_t rows, view.count(table.name));
                if (!context.json) {
                    print(fmt::format("{:<28}{:>10}  {}\n", table.name, rows, table.meaning));
                    continue;
                }
                std::string line;
                report::JsonWriter json(line);
                json.begin_object().member("table", table.name).member("topic", topic->id).member("description", table.meaning).member("rows", rows);
                json.key("columns").begin_array();
                for (const auto& column : table.columns) {
                    json.begin_object().member("name", column.name).member("type", type_name(column.type)).member("meaning", column.meaning);
                    if (column.privacy != plugin::Privacy::open) json.member("privacy", column.privacy == plugin::Privacy::secret ? "secret" : "person");
                    json.end_object();
                }
                json.end_array().end_object();
                print(line += '\n');
            }
        }
        TRY_ASSIGN(const std::int64_t items, view.count(k_item_table));
        if (!context.json) {
            print(fmt::format("{:<28}{:>10}  {}\n", k_item_table, items, k_item_meaning));
            return {};
        }
        std::string line;
        report::JsonWriter json(line);
        json.begin_object().member("table", k_item_table).member("topic", "case").member("description", k_item_meaning).member("rows", items).key("columns").begin_array().end_array().end_object();
        print(line += '\n');
        return {};
    }

    base::Result<void> print_rows(const case_file::View& view, const Context& context) const {
        if (m_table == k_item_table) return print_items(view, context);
        const plugin::TableDef* table = plugin::find_table(m_table);
        if (table == nullptr) return base::fail(base::Errc::usage, "there is no table " + m_table + "; deadbox facts CASE lists them");
        TRY_ASSIGN(const bool there, view.has_table(m_table));
        if (!there) return base::fail(base::Errc::not_found, "this case has no table " + m_table + "; analyze it again with --resume");
        TRY_ASSIGN(const auto columns, case_file::fact_columns(view, *table));
        TRY_ASSIGN(Statement row, view.prepare(fmt::format("SELECT r.system, r.inode{} FROM \"{}\" r ORDER BY r.id", columns, table->name)));
        TRY_ASSIGN(case_file::Files files, case_file::Files::open(view));
        std::optional<case_file::FileDetail> file;  // of the last row: rows of one file follow each other
        for (;;) {
            TRY_ASSIGN(const bool more, row.step());
            if (!more) return {};
            if (row.is_null(1)) file.reset();
            else if (context.json && (!file || file->inode != row.integer(1))) {
                TRY_ASSIGN(file, files.of(row.integer(1)));
            }
            print(context.json ? json_row(*table, row, file ? &*file : nullptr, file ? files.ref_of(*file) : std::string()) : text_row(*table, row));
        }
    }

    // The items of all findings: the complete manifest, where a report shows some.
    base::Result<void> print_items(const case_file::View& view, const Context& context) const {
        TRY_ASSIGN(const report::Texts texts, report::Texts::load("en"));
        return report::for_each_item(view, texts, m_redact.value(), [&](std::string_view finding, const report::ReportItem& item) {
            std::string line;
            if (context.json) {
                report::JsonWriter json(line);
                json.begin_object().member("finding", finding);
                report::write_item(json, item);
                json.end_object();
            } else line = fmt::format("{}  {}  {}", finding, report::visible(item.path.value_or("")), report::visible(report::shown_key(item)));
            print(line += '\n');
            return base::Next::go_on;
        });
    }

    std::string json_row(const plugin::TableDef& table, const Statement& row, const case_file::FileDetail* file, const std::string& ref) const {
        std::string line;
        report::JsonWriter json(line);
        json.begin_object().member("system", row.maybe_integer(0));
        int place = 2;
        for (const auto& column : table.columns) {
            const int at = place;
            place += column.type == ColumnType::time ? 2 : 1;
            json.key(column.name);
            if (row.is_null(at)) json.null();
            else if (hidden(column, m_redactor.redact())) json.value("[redacted]");
            else if (column.type == ColumnType::integer) json.value(row.integer(at));
            else if (column.type == ColumnType::real) json.value(row.real(at));
            else if (column.type == ColumnType::blob) json.value(base::to_hex(row.blob(at)));
            else if (column.type == ColumnType::time) json.value(base::Timestamp{row.integer(at), static_cast<std::uint32_t>(row.integer(at + 1))});
            else {
                const auto text = shown(row.text(at));
                json.value(text);
                if (!base::is_utf8(text)) json.member(std::string(column.name) + "_hex", base::to_hex(text));
            }
        }
        json.key("record");
        if (file == nullptr) json.null();
        else json.begin_object().bytes_member("path", m_redactor.name(file->path)).member("ref", ref).end_object();
        json.end_object();
        return line += '\n';
    }

    std::string text_row(const plugin::TableDef& table, const Statement& row) const {
        std::string line;
        int place = 2;
        for (const auto& column : table.columns) {
            const int at = place;
            place += column.type == ColumnType::time ? 2 : 1;
            if (row.is_null(at)) continue;
            line += fmt::format("{}{}=", line.empty() ? "" : "  ", column.name);
            if (hidden(column, m_redactor.redact())) line += "[redacted]";
            else if (column.type == ColumnType::blob) line += base::to_hex(row.blob(at));
            else if (column.type == ColumnType::time) line += base::to_rfc3339({row.integer(at), static_cast<std::uint32_t>(row.integer(at + 1))});
            else line += report::visible(shown(row.text(at)));
        }
        return line += '\n';
    }

    // A value of a column that is open may hold a secret all the same: a piece of a script, a command line.
    std::string shown(std::string_view value) const { return m_redactor.text(value); }

    std::string m_case, m_table;
    RedactOption m_redact;
    report::Redactor m_redactor;
};

}  // namespace

std::unique_ptr<Command> make_facts() { return std::make_unique<Facts>(); }

}  // namespace deadbox::cli
