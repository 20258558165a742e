// deadbox selftest: known images, made and examined on this workstation; what was found beside what was put there, as a
// signed validation record.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "base/encoding.hpp"
#include "case/custody.hpp"
#include "case/view_files.hpp"
#include "cli/command.hpp"
#include "cli/cover_page.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "cli/run_analysis.hpp"
#include "cli/selftest_images.hpp"
#include "cli/selftest_record.hpp"
#include "cli/signing.hpp"
#include "cli/verify_case.hpp"
#include "codec/digest.hpp"
#include "report/build.hpp"

namespace deadbox::cli {
namespace {

// What two cases of one disk must have in common, as text.
std::string essence(const report::Report& report) {
    std::string text = report.verdict.level + "\n";
    for (const auto& finding : report.findings) {
        text += finding.id + " " + finding.rule + "\n";
        for (const auto& item : finding.items) text += "  " + item.ref + " " + item.sha256 + "\n";
    }
    return text;
}

std::string time_text(const std::optional<base::Timestamp>& time) { return time ? base::to_rfc3339(*time) : "none"; }

// Mode, owner, times, size and content of a file, as one text.
std::string known(const DemoFile& file) {
    const auto time = [](const std::string& text) { return time_text(base::from_rfc3339(text)); };
    return fmt::format("{:04o} {}:{} {} bytes, m {} c {} b {}, sha256 {}", file.mode, file.uid, file.gid, file.bytes.size(), time(file.modified), time(file.changed), time(file.changed),
                       base::to_hex(base::ByteView(codec::Sha256::of(base::as_bytes(file.bytes)))));
}
std::string found(const case_file::FileDetail& file) {
    return fmt::format("{:04o} {}:{} {} bytes, m {} c {} b {}, sha256 {}", file.mode & 07777, file.uid, file.gid, file.size, time_text(file.modified), time_text(file.changed), time_text(file.born), file.sha256);
}

class SelfTest final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("-o,--output", m_folder, "The folder for the record; made where it is missing")->required();
        app.add_option("--work", m_work, "Make images and cases in this folder and keep them; without it they are removed");
        app.add_option("--by", m_by, "Who runs it; you where it is not given");
        add_signing_options(app, m_signing);
    }

    base::Result<Exit> run(const Context& context) override {
        for (const auto& folder : {m_folder, m_work})
            if (!folder.empty())
                if (const auto made = proof::make_folder(folder); !made) return base::fail(base::Errc::usage, made.error().what);
        TRY_ASSIGN(const auto signer, signer_of(context, m_signing));
        m_record.tool = tool_name(), m_record.started = case_file::now_rfc3339(), m_record.examiner = m_by.empty() ? case_file::current_actor() : m_by;
        TRY_ASSIGN(m_record.workstation, describe_workstation());
        const bool keep = !m_work.empty();
        if (!keep) {
            m_work = m_folder + "/work.XXXXXX";
            if (::mkdtemp(m_work.data()) == nullptr) return base::fail(base::Errc::usage, "cannot make a folder in " + m_folder);
        }
        const auto done = trials(context);
        std::error_code ignored;
        if (!keep) std::filesystem::remove_all(m_work, ignored);
        if (!done) return tl::unexpected(done.error());
        m_record.finished = case_file::now_rfc3339();
        return write(context, signer);
    }

private:
    void try_it(const std::string& image, std::string what, std::string expected, std::string found_here) {
        const auto verdict = expected == found_here ? Verdict::passed : Verdict::failed;
        m_record.trials.push_back({image, std::move(what), std::move(expected), std::move(found_here), verdict});
    }

    base::Result<void> trials(const Context& context) {
        const auto& w = m_record.workstation;
        try_it("workstation", "the worker can be locked down by seccomp", "yes", w.seccomp ? "yes" : "no");
        m_record.trials.push_back({"workstation", "the worker's files can be limited by Landlock", "yes", w.landlock > 0 ? "yes" : "no", w.landlock > 0 ? Verdict::passed : Verdict::not_run});
        TRY_ASSIGN(const auto images, make_known_images(m_work));
        for (const auto& image : images) {
            if (!image.missing.empty()) {
                m_record.images.push_back({image.id, image.description, "", 0});
                m_record.trials.push_back({image.id, "the image is examined", "as the raw disk", image.missing, Verdict::not_run});
                continue;
            }
            if (!context.quiet && !context.json) print(fmt::format("{:<12} {}\n", image.id, image.description));
            TRY(flush());
            TRY(one_image(context, image));
        }
        return {};
    }

    base::Result<void> one_image(const Context& context, const KnownImage& image) {
        const auto case_path = m_work + "/" + image.id + ".deadbox";
        std::error_code ignored;
        for (const auto* ending : {"", "-wal", "-shm"}) std::filesystem::remove(case_path + ending, ignored);
        engine::AnalysisOptions options;
        options.evidence = image.evidence, options.case_path = case_path, options.jobs = image.id == "compromised" ? 1 : 4;  // the number must not matter
        options.case_data = {{"number", "SELFTEST"}, {"description", image.description}};
        Context silent = context;
        silent.quiet = true, silent.json = false;
        const auto begun = std::chrono::steady_clock::now();
        const auto ended = run_analysis(silent, options, {});
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begun).count();
        m_record.images.push_back({image.id, image.description, "", static_cast<std::uint64_t>(seconds)});
        if (!ended) {
            try_it(image.id, "the image is examined", "an answer", ended.error().what);
            return {};
        }
        try_it(image.id, "exit status", std::to_string(static_cast<int>(image.damaged ? Exit::gaps : Exit::done)), std::to_string(static_cast<int>(*ended)));
        TRY_ASSIGN(const case_file::View view, open_case(case_path));
        TRY_ASSIGN(const report::Texts texts, report::Texts::load("en"));
        TRY_ASSIGN(const report::Report model, report::build_report(view, texts, {}));
        if (!model.evidence.empty()) m_record.images.back().media_sha256 = model.evidence.front().media_sha256;
        findings(image, model);
        TRY(files(image, view));
        if (image.machine == Machine::compromised && !image.damaged) same_disk(image, model);
        if (image.damaged) gap(image, model);
        std::vector<proof::Check> checks;
        TRY(check_custody(view, {}, checks));
        TRY(check_tables(view, checks));
        TRY(check_media(view, {}, checks));
        std::string differs;
        for (const auto& check : checks)
            if (check.outcome == proof::Outcome::differs || check.outcome == proof::Outcome::not_checkable) differs += check.detail + " ";
        try_it(image.id, "verify: custody log, tables and media against their digests", "all hold", differs.empty() ? "all hold" : differs);
        return {};
    }

    void findings(const KnownImage& image, const report::Report& model) {
        try_it(image.id, "verdict", image.machine == Machine::compromised ? "compromised" : "no_indication", model.verdict.level);
        if (image.machine == Machine::healthy) {
            std::string grave;
            for (const auto& finding : model.findings)
                if (finding.severity >= plugin::Severity::medium) grave += (grave.empty() ? "" : ", ") + finding.rule;
            return try_it(image.id, "findings of medium severity or graver", "none", grave.empty() ? "none" : grave);
        }
        for (const auto& one : known_findings()) {
            std::string severity = "not found";
            for (const auto& finding : model.findings)
                for (const auto& item : finding.items)
                    if (finding.rule == one.rule && item.path == one.path) severity = report::name_of(finding.severity);
            const auto expected = !one.severity.empty() ? std::string(one.severity) : severity == "not found" ? "found" : severity;
            try_it(image.id, fmt::format("finding {} on {}", one.rule, one.path), expected, severity);
        }
    }

    base::Result<void> files(const KnownImage& image, const case_file::View& view) {
        TRY_ASSIGN(case_file::Files look, case_file::Files::open(view));
        for (const auto& file : demo_files(image.machine)) {
            if (image.damaged && file.path.starts_with(k_damaged_folder)) continue;
            TRY_ASSIGN(const auto there, look.at_path(file.path));
            try_it(image.id, "mode, owner, size, times and content of " + file.path, known(file), there.empty() ? "not found" : found(there.front()));
        }
        return {};
    }

    void same_disk(const KnownImage& image, const report::Report& model) {
        if (m_raw.empty()) {
            m_raw = essence(model), m_raw_media = m_record.images.back().media_sha256;
            return;
        }
        try_it(image.id, "SHA-256 of the media, as of the raw disk", m_raw_media, m_record.images.back().media_sha256);
        try_it(image.id, "verdict, findings, refs and digests, as of the raw disk", "equal", essence(model) == m_raw ? "equal" : "different");
    }

    void gap(const KnownImage& image, const report::Report& model) {
        std::string named = "no";
        for (const auto& row : model.coverage) {
            if (row.level != "gap") continue;
            bool here = row.path.starts_with(k_damaged_folder);
            for (const auto& example : row.examples) here = here || example.starts_with(k_damaged_folder);
            if (here) named = "yes";
        }
        try_it(image.id, fmt::format("the ledger names a gap at {}", k_damaged_folder), "yes", named);
    }

    base::Result<Exit> write(const Context& context, const std::optional<proof::Signer>& signer) {
        TRY_ASSIGN(const report::Texts texts, report::Texts::load("en"));
        const auto page = record_page(m_record);
        proof::Manifest about;
        about.content = "validation", about.tool = tool_name();
        const auto add = [&](const char* name, const std::string& text) -> base::Result<void> {
            auto file = proof::write_file(m_folder, name, text);
            if (!file) return base::fail(base::Errc::usage, file.error().what);
            about.files.push_back(*std::move(file));
            return {};
        };
        TRY(add("validation.json", record_json(m_record)));
        TRY(add("validation.html", as_html(page, texts)));
        TRY(add("validation.txt", as_plain_text(page)));
        TRY(proof::seal_folder(m_folder, std::move(about), signer));
        const auto failed = m_record.count(Verdict::failed);
        if (context.json) print(record_json(m_record));
        else if (!context.quiet || failed > 0) {
            for (const auto& trial : m_record.trials)
                if (trial.verdict != Verdict::passed) print(fmt::format("{:<8} {}: {}\n         expected {}\n         found    {}\n", name_of(trial.verdict), trial.image, trial.what, trial.expected, trial.found));
            print(fmt::format("{} of {} trials passed, {} failed, {} not run; the record is {}/validation.html\n", m_record.count(Verdict::passed), m_record.trials.size(), failed, m_record.count(Verdict::not_run), m_folder));
            if (signer) print(fmt::format("signed by  {}\n", proof::fingerprint(*signer)));
        }
        return failed == 0 ? Exit::done : Exit::finding_reached;
    }

    std::string m_folder, m_work, m_by, m_raw, m_raw_media;
    SigningOptions m_signing;
    ValidationRecord m_record;
};

}  // namespace

std::unique_ptr<Command> make_selftest() { return std::make_unique<SelfTest>(); }

}  // namespace deadbox::cli
