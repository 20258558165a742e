// deadbox analyze: one machine, all its disks together, into one case.
#include <CLI/CLI.hpp>

#include <filesystem>

#include "cli/analysis_progress.hpp"
#include "cli/command.hpp"
#include "cli/run_analysis.hpp"

namespace deadbox::cli {
namespace {

// Where this workstation has no zones at all, any name may be one.
bool is_zone(const std::string& name) {
    static const std::filesystem::path k_zones = "/usr/share/zoneinfo";
    std::error_code none;
    if (name.empty() || !std::filesystem::is_directory(k_zones, none)) return true;
    return name.front() != '/' && name.find("..") == std::string::npos && std::filesystem::is_regular_file(k_zones / name, none);
}

class Analyze final : public Command {
public:
    void options(CLI::App& app) override {
        auto& o = m_options;
        app.add_option("EVIDENCE", o.evidence, "Images or devices of one machine, all together; fd:N for an inherited descriptor")->required();
        app.add_option("-o,--output", o.case_path, "The case to write, NAME.deadbox")->required();
        app.add_option("--profile", m_profile, "full: hash and classify every file; triage: logs, scripts and programs only")->check(CLI::IsMember({"triage", "full"}))->capture_default_str();
        app.add_option("--jobs", o.jobs, "Worker processes; 0 for one each processor")->check(CLI::Range(0, 60))->capture_default_str();
        app.add_flag("--resume", o.resume, "Go on with this case where it was stopped. Scope, exclusions, time zone and journal stay as it was begun with; another value is refused");
        app.add_option("--timezone", o.time_zone, "Zone of log lines that name none (IANA, such as Europe/Berlin)");
        auto* offset = app.add_option("--clock-offset", o.clock_offset, "Seconds that the machine's clock was ahead (+) or behind (-): moments are shown corrected by it, with what the machine wrote beside them");
        app.add_option("--clock-source", o.clock_source, "Where the clock offset is known from: who compared it, with what")->needs(offset);
        app.add_option("--journal", m_journal, "replay: as the machine would find it at its next start; ignore: as it lies on the disk")->check(CLI::IsMember({"replay", "ignore"}))->default_str("replay");
        app.add_option("--evidence-hash", m_hash, "Digests of the whole media (default sha256; triage: none)")->check(CLI::IsMember({"none", "sha256", "all"}));
        app.add_option("--expect-hash", o.expect_hash, "The media's MD5, SHA-1 or SHA-256 as you know it: computed whatever --evidence-hash says, compared and recorded; another one is a gap");
        app.add_option("--scope", o.scope, "Read only files that match this pattern (repeatable; recorded)");
        app.add_option("--exclude", o.exclude, "Leave out files that match this pattern (repeatable; recorded)");
        app.add_option("--trust", o.trust, "A set that `deadbox trust build` made (repeatable; recorded with its SHA-256). Files of packages that it has in the installed version are held against it, whatever the machine's own package database says. "
                                           "With --resume: in place of those that the case was begun with")->allow_extra_args(false);
        app.add_option("--hash-set", o.hash_sets, "A set that `deadbox hashset import` made (repeatable; recorded with its SHA-256). A file that a good set knows under its name is not accused as unowned or changed; a file that a bad set knows is a finding. "
                                                   "With --resume: in place of those that the case was begun with")->allow_extra_args(false);
        app.add_option("--yara", o.rules, "A file of YARA rules of your own, or a folder of them, *.yar and *.yara (repeatable; recorded with their SHA-256). Each file that the profile reads is scanned as it lies, up to 64 MiB: nothing is unpacked; what was left out stands in the ledger. "
                                          "A rule that matches is a finding, by its meta data's severity (critical, high, medium, low, info; else medium). They are compiled in the locked-down worker; includes and the modules time, magic and cuckoo are off. "
                                          "With --resume: in place of those that the case was begun with, and all contents are read anew")->allow_extra_args(false);
        app.add_option("--report", m_report, "Write a report into this folder at the end");
        app.add_option("--fail-on", m_fail_on, "Exit status 1 when a finding is this grave or graver")->check(CLI::IsMember({"critical", "high", "medium", "low", "info"}));
        app.add_flag("--reduced-sandbox", o.reduced_sandbox, "Go on where the kernel has no seccomp (recorded)");
        app.add_option("--progress", m_progress, "json: progress as JSON Lines on stderr")->check(CLI::IsMember({"json", "bar", "none"}));
        for (const char* key : {"number", "examiner", "organisation", "authority", "description"})
            app.add_option(std::string(key) == "number" ? "--case-number" : "--" + std::string(key), o.case_data[key], "Case data: " + std::string(key))->group("Case data");
    }

    base::Result<Exit> run(const Context& context) override {
        auto& o = m_options;
        o.profile = m_profile == "full" ? engine::Profile::full : engine::Profile::triage;
        if (!m_journal.empty()) o.journal = m_journal == "ignore" ? case_file::JournalReading::ignore : case_file::JournalReading::replay;
        if (m_hash.empty()) m_hash = o.profile == engine::Profile::full ? "sha256" : "none";
        o.evidence_hash = m_hash == "none" ? engine::EvidenceHash::none : m_hash == "all" ? engine::EvidenceHash::all : engine::EvidenceHash::sha256;
        std::erase_if(o.case_data, [](const auto& item) { return item.second.empty(); });
        for (char& c : o.expect_hash) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        if (!o.expect_hash.empty() && (o.expect_hash.find_first_not_of("0123456789abcdef") != std::string::npos ||
                                       (o.expect_hash.size() != 32 && o.expect_hash.size() != 40 && o.expect_hash.size() != 64)))
            return base::fail(base::Errc::usage, "--expect-hash takes an MD5, SHA-1 or SHA-256 in hexadecimal digits");
        if (!is_zone(o.time_zone)) return base::fail(base::Errc::usage, "there is no time zone " + o.time_zone + "; give an IANA name such as Europe/Berlin");
        const auto style = m_progress == "json" ? ProgressStyle::json : context.quiet || m_progress == "none" ? ProgressStyle::none : ProgressStyle::bar;
        return run_analysis(context, o, {m_fail_on, m_report, style});
    }

private:
    engine::AnalysisOptions m_options;
    std::string m_profile = "full", m_journal, m_hash, m_report, m_fail_on, m_progress;
};

}  // namespace

std::unique_ptr<Command> make_analyze() { return std::make_unique<Analyze>(); }

}  // namespace deadbox::cli
