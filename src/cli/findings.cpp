// deadbox findings: the findings of a case, the gravest first.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "cli/redact_option.hpp"
#include "plugin/topic.hpp"
#include "report/findings.hpp"
#include "report/item_key.hpp"
#include "report/visible.hpp"

namespace deadbox::cli {
namespace {

std::string_view sign(plugin::Severity severity) {
    switch (severity) {
        case plugin::Severity::critical: return "◆";
        case plugin::Severity::high: return "▲";
        case plugin::Severity::medium: return "●";
        case plugin::Severity::low: return "▽";
        case plugin::Severity::info: return "○";
    }
    return " ";
}

class Findings final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_option("--min-severity", m_severity, "This and graver: critical, high, medium, low, info")->check(CLI::IsMember({"critical", "high", "medium", "low", "info"}))->capture_default_str();
        app.add_option("--topic", m_filter.topic, "Only rules of this topic");
        app.add_option("--state", m_filter.state, "Only findings in this state")->check(CLI::IsMember({"open", "confirmed", "dismissed"}));
        m_redact.add(app);
        app.add_option("--language", m_language, "Language of the texts")->capture_default_str();
    }

    base::Result<Exit> run(const Context& context) override {
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        TRY_ASSIGN(const report::Texts texts, report::Texts::load(m_language));
        m_filter.min_severity = report::severity_named(m_severity);
        if (!context.json) m_filter.items = 5;
        TRY_ASSIGN(const auto findings, report::load_findings(view, texts, m_redact.value(), m_filter));
        if (findings.empty()) TRY(require_topic(m_filter.topic));
        for (const auto& finding : findings) print(context.json ? json_line(finding) : text_of(finding));
        if (findings.empty() && !context.json && !context.quiet) print("No findings.\n");
        return Exit::done;
    }

private:
    // A topic that no rule is of finds nothing for another reason than that there is nothing.
    static base::Result<void> require_topic(const std::string& asked) {
        std::string all;
        for (const auto* topic : plugin::topics()) {
            if (topic->rules.empty()) continue;
            if (asked.empty() || topic->id == asked) return {};
            all += (all.empty() ? "" : ", ") + std::string(topic->id);
        }
        return base::fail(base::Errc::usage, "there is no topic " + asked + "; those that have rules are " + all);
    }

    static std::string json_line(const report::ReportFinding& finding) {
        std::string line;
        report::JsonWriter json(line);
        report::write_finding(json, finding);
        return line += '\n';
    }

    static std::string text_of(const report::ReportFinding& f) {
        std::string text = fmt::format("{} {} ({})  {}\n", sign(f.severity), report::name_of(f.severity), report::name_of(f.confidence), report::visible(f.title));
        text += fmt::format("    {}  {}", f.id, f.rule);
        if (f.first_seen) text += fmt::format("  since {}", base::to_rfc3339(*f.first_seen));
        if (f.first_recorded) text += fmt::format(" (the machine wrote {})", base::to_rfc3339(*f.first_recorded));
        if (f.state != "open") text += fmt::format("  {}{}{}", f.state, f.reason.empty() ? "" : ": ", report::visible(f.reason));
        text += '\n';
        for (const auto& item : f.items) {
            text += fmt::format("    - {}", item.path ? report::visible(*item.path) : report::visible(report::shown_key(item)));
            if (item.path && !item.key.empty()) text += fmt::format("  {}", report::visible(report::shown_key(item)));
            if (item.line) text += fmt::format("  line {}", *item.line);
            if (!item.sha256.empty()) text += fmt::format("  sha256 {}", item.sha256);
            text += '\n';
        }
        if (f.item_count > static_cast<std::int64_t>(f.items.size())) text += fmt::format("    - and {} more\n", f.item_count - static_cast<std::int64_t>(f.items.size()));
        return text += '\n';
    }

    std::string m_case, m_severity = "info", m_language = "en";
    RedactOption m_redact;
    report::FindingFilter m_filter;
};

}  // namespace

std::unique_ptr<Command> make_findings() { return std::make_unique<Findings>(); }

}  // namespace deadbox::cli
