#include "cli/run_analysis.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "case/database.hpp"
#include "case/seal.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "cli/report_folder.hpp"
#include "devices/attached.hpp"
#include "report/build.hpp"
#include "report/json_writer.hpp"
#include "report/visible.hpp"

namespace deadbox::cli {
namespace {

int severity_number(std::string_view name) {
    static constexpr std::string_view k_names[] = {"info", "low", "medium", "high", "critical"};
    return static_cast<int>(std::find(std::begin(k_names), std::end(k_names), name) - std::begin(k_names));
}

// All exit statuses that apply, the deciding one first.
std::vector<Exit> statuses(const engine::AnalysisResult& result, std::string_view fail_on) {
    std::vector<Exit> all;
    if (result.interrupted) all.push_back(Exit::interrupted);
    if (result.nothing_opened) all.push_back(Exit::no_evidence);
    if (!fail_on.empty() && result.highest_severity >= severity_number(fail_on)) all.push_back(Exit::finding_reached);
    if (result.gaps) all.push_back(Exit::gaps);
    if (all.empty()) all.push_back(Exit::done);
    return all;
}

base::Result<void> record(const std::string& path, const std::vector<Exit>& exits) {
    TRY_ASSIGN(const auto database, case_file::Database::open(path, case_file::Access::write));
    TRY_ASSIGN(case_file::Transaction transaction, case_file::Transaction::begin(database));
    nlohmann::json numbers = nlohmann::json::array();
    for (const auto exit : exits) numbers.push_back(static_cast<int>(exit));
    TRY_ASSIGN(case_file::Statement save, database.prepare("UPDATE run SET exits = ? WHERE id = (SELECT max(id) FROM run)"));
    save.bind(1, numbers.dump());
    TRY(save.run());
    if (exits.front() != Exit::interrupted) TRY(case_file::seal(database, case_file::SealOf::runs));
    return transaction.commit();
}

// Loud, and before the first byte is read: the examiner may still detach it.
void warn_of_disks_in_use(const Context& context, const std::vector<std::string>& evidence) {
    for (const auto& argument : evidence) {
        struct stat status {};
        const bool known = argument.starts_with("fd:") ? ::fstat(std::atoi(argument.c_str() + 3), &status) == 0 : ::stat(argument.c_str(), &status) == 0;
        if (!known || !S_ISBLK(status.st_mode)) continue;
        const auto device = devices::device_of(status.st_rdev);
        if (!device || !device->in_use_writable()) continue;
        std::string uses;
        for (const auto& use : device->uses)
            if (use.writable) uses += (uses.empty() ? "" : ", ") + use.device + " " + use.as + (use.kind.empty() ? "" : " (" + use.kind + ")") + (use.place.empty() ? "" : " " + report::visible(use.place));
        complain(context, "in_use", "WARNING: " + device->path + " IS IN USE BY THIS WORKSTATION, WHICH CAN CHANGE IT WHILE IT IS READ: " + uses + ". Unmount it, or examine a copy. This is recorded.");
    }
}

// What the watch over the evidence found, as the case's rows of it have it.
base::Result<void> tell_of_changes(const Context& context, const case_file::View& view) {
    TRY_ASSIGN(case_file::Statement rows, view.prepare("SELECT reason, examples FROM coverage WHERE wave = 'watch' AND level = 'gap' ORDER BY id"));
    for (;;) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) return {};
        std::string examples;
        for (const auto& example : report::parse_list(rows.text(1))) examples += "; " + report::visible(example);
        complain(context, "changed", "WARNING: " + std::string(rows.text(0)) + examples);
    }
}

// Why none of the evidence could be opened, as the case's rows of it have it.
base::Result<std::string> reasons(const case_file::View& view) {
    std::string why;
    TRY_ASSIGN(case_file::Statement rows, view.prepare("SELECT examples FROM coverage WHERE level = 'gap' ORDER BY id"));
    for (;;) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) return why;
        for (const auto& example : report::parse_list(rows.text(0))) why += (why.empty() ? ": " : "; ") + report::visible(example);
    }
}

}  // namespace

base::Result<Exit> run_analysis(const Context& context, const engine::AnalysisOptions& options, const AnalysisEnding& ending) {
    auto own = options;
    own.command = context.command;
    // The case is read from other folders too.
    std::error_code none;
    for (auto& evidence : own.evidence)
        if (!evidence.starts_with("fd:") && !evidence.empty()) evidence = std::filesystem::absolute(evidence, none).lexically_normal().string();
    for (auto* files : {&own.trust, &own.hash_sets, &own.rules})
        for (auto& file : *files) file = std::filesystem::absolute(file, none).lexically_normal().string();
    own.version = DEADBOX_VERSION;
    warn_of_disks_in_use(context, own.evidence);
    engine::Progress progress;
    base::Result<engine::AnalysisResult> result = base::fail(base::Errc::internal, "");
    {
        const AnalysisProgress shown(progress, ending.style, tells(context, Level::info));
        result = engine::analyze(own, progress);
    }
    if (!result) return tl::unexpected(result.error());
    for (const auto& note : result->notes) complain(context, "own_files", note, Level::warning);
    const auto exits = statuses(*result, ending.fail_on);
    if (result->begun) TRY(record(own.case_path, exits));
    TRY_ASSIGN(const case_file::View view, open_case(own.case_path));
    TRY(tell_of_changes(context, view));
    if (result->nothing_opened || result->interrupted) {
        std::string why;
        if (result->nothing_opened) {
            TRY_ASSIGN(why, reasons(view));
        }
        complain(context, result->interrupted ? "interrupted" : "no_evidence", result->message + why);
        return exits.front();
    }
    TRY_ASSIGN(const report::Texts texts, report::Texts::load("en"));
    report::BuildOptions told;
    if (ending.report.empty()) told.extent = report::Extent::digest;  // the verdict alone is told
    TRY_ASSIGN(const report::Report model, report::build_report(view, texts, told));
    for (const auto& evidence : model.evidence) {
        if (evidence.expected_matches == false) complain(context, "mismatch", "THE EVIDENCE IS NOT WHAT WAS EXPECTED: the digest given with --expect-hash is not that of " + evidence.name);
        if (evidence.acquisition && evidence.acquisition->matches == false) complain(context, "mismatch", "THE EVIDENCE IS NOT WHAT WAS ACQUIRED: the digest that the image stores is not that of the media in " + evidence.name);
    }
    for (const auto& row : model.coverage)
        if (row.area == "evidence" && row.level == "assumption") complain(context, "same_disk", row.reason + (row.examples.empty() ? "" : ": " + row.examples.front()), Level::warning);
    if (!ending.report.empty()) {
        TRY_ASSIGN(const auto signer, signer_of(context, {}));
        TRY(write_report_folder(context, {model, view, texts}, report::k_default_formats, ending.report, signer));
    }
    if (context.json) {
        std::string line;
        report::JsonWriter json(line);
        json.begin_object().bytes_member("case", own.case_path).member("verdict", model.verdict.level).member("findings", result->findings);
        json.member("custody_head", model.run.custody_head).member("exit", static_cast<std::int64_t>(exits.front())).end_object();
        print(line += '\n');
    } else if (!context.quiet) {
        print(fmt::format("{}\n\n{}\n", model.verdict.level, report::visible(model.verdict.summary)));
        if (!model.findings.empty()) print("\n");
        for (const auto& finding : model.findings)
            if (finding.severity >= plugin::Severity::medium) print(fmt::format("  {:<8}  {}\n", report::name_of(finding.severity), report::visible(finding.title)));
        const auto shown = report::visible(own.case_path);
        print(fmt::format("\ncase     {}\ncustody  {}\n", shown, model.run.custody_head));
        if (!ending.report.empty()) print(fmt::format("report   {}\n", report::visible(ending.report)));
        print(fmt::format("next     deadbox findings {0}   deadbox report {0} -o FOLDER\n", shown));
    }
    return exits.front();
}

}  // namespace deadbox::cli
