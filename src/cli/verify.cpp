// deadbox verify: what holds of a case, its evidence and its reports, what does not, and what cannot be told from here.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <filesystem>

#include "cli/command.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "cli/verify_case.hpp"
#include "proof/signer.hpp"
#include "report/json_writer.hpp"
#include "report/visible.hpp"

namespace deadbox::cli {
namespace {

using proof::Check;
using proof::Outcome;
constexpr std::uint64_t k_largest_proof = 16 << 20;

// In the order in which they are printed.
struct Heading {
    Outcome outcome;
    std::string_view text;
};
constexpr Heading k_headings[] = {
    {Outcome::differs, "What does not hold"},
    {Outcome::holds, "What holds"},
    {Outcome::not_checkable, "What could not be checked"},
    {Outcome::outside, "What only something kept elsewhere can show"},
};

class Verify final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file; or a folder that report, extract, handover or selftest wrote, alone")->required();
        app.add_flag("--quick", m_quick, "Leave the media out");
        app.add_option("--evidence", m_evidence, "Where the evidence is now (repeatable, in the order of the case)")->allow_extra_args(false);
        app.add_option("--anchor", m_anchor, "A custody head that was written down outside of the case (hexadecimal, as each report prints it)");
        app.add_option("--report", m_reports, "A folder written from this case: it is checked too, and the custody head in it is an anchor (repeatable)")->allow_extra_args(false);
        app.add_option("--signer", m_signer, "Who must have signed: a fingerprint, or a PEM file of a public key or certificate")->group("Signature");
        app.add_option("--signer-ca", m_signer_ca, "Who must have certified the signer (PEM file)")->group("Signature");
        app.add_option("--timestamp", m_response, "The time stamp authority's response (RFC 3161), where it is not manifest.json.tsr in the folder")->group("Signature");
        app.add_option("--timestamp-ca", m_response_ca, "Who must have certified the time stamp's signer (PEM file)")->group("Signature");
    }

    base::Result<Exit> run(const Context& context) override {
        std::error_code none;
        const bool alone = std::filesystem::is_directory(m_case, none) && !m_case.empty();
        if (alone) {
            if (!m_reports.empty() || !m_anchor.empty() || !m_evidence.empty()) return base::fail(base::Errc::usage, "--report, --anchor and --evidence go with a case");
            m_reports = {m_case};
        }
        std::vector<Check> checks;
        std::vector<Anchor> anchors;
        if (!m_anchor.empty()) anchors.push_back({m_anchor, "--anchor"});
        TRY(folders(checks, anchors));
        if (!alone) {
            TRY_ASSIGN(const case_file::View view, open_case(m_case));
            TRY(check_custody(view, anchors, checks));
            TRY(check_tables(view, checks));
            TRY(check_expected(view, checks));
            if (m_quick) checks.push_back({"evidence", Outcome::not_checkable, "left out by --quick"});
            else TRY(check_media(view, m_evidence, checks));
        }
        show(context, checks);
        const bool differs = std::any_of(checks.begin(), checks.end(), [](const Check& check) { return check.outcome == Outcome::differs; });
        return differs ? Exit::case_unusable : Exit::done;
    }

private:
    base::Result<void> folders(std::vector<Check>& checks, std::vector<Anchor>& anchors) const {
        proof::CheckOptions options;
        const auto read = [](const std::string& path, std::string& into) -> base::Result<void> {
            if (path.empty()) return {};
            auto text = proof::read_file(path, k_largest_proof);
            if (!text) return base::fail(base::Errc::usage, text.error().what);
            into = *std::move(text);
            return {};
        };
        if (std::error_code none; std::filesystem::exists(m_signer, none)) TRY(read(m_signer, options.signer));
        else options.signer = m_signer;
        TRY(read(m_signer_ca, options.authorities));
        TRY(read(m_response, options.response));
        TRY(read(m_response_ca, options.stamp_authorities));
        if (const auto path = proof::default_key_path(); path && std::filesystem::exists(*path))
            if (const auto own = proof::load_signer(*path, "")) options.own = proof::fingerprint(*own);
        for (const auto& folder : m_reports) {
            auto verdict = proof::check_folder(folder, options);
            if (!verdict) return base::fail(base::Errc::usage, verdict.error().what);
            for (auto& check : verdict->checks) {
                if (m_reports.size() > 1) check.detail = folder + ": " + check.detail;
                checks.push_back(std::move(check));
            }
            if (verdict->readable && !verdict->manifest.custody_head.empty()) anchors.push_back({verdict->manifest.custody_head, "the manifest of " + folder});
            else if (folder != m_case && verdict->readable) checks.push_back({"anchor", Outcome::not_checkable, folder + " names no custody head"});
        }
        return {};
    }

    static void show(const Context& context, const std::vector<Check>& checks) {
        if (context.json) {
            for (const auto& check : checks) {
                std::string line;
                report::JsonWriter json(line);
                json.begin_object().member("what", check.what).member("outcome", proof::name_of(check.outcome)).member("detail", check.detail).end_object();
                print(line += '\n');
            }
            return;
        }
        bool first = true;
        for (const auto& heading : k_headings) {
            if (context.quiet && heading.outcome != Outcome::differs) continue;
            bool named = false;
            for (const auto& check : checks) {
                if (check.outcome != heading.outcome) continue;
                if (!std::exchange(named, true)) print(fmt::format("{}{}\n", std::exchange(first, false) ? "" : "\n", heading.text));
                print(fmt::format("  {:<11} {}\n", check.what, report::visible(check.detail)));
            }
        }
    }

    std::string m_case, m_anchor, m_signer, m_signer_ca, m_response, m_response_ca;
    std::vector<std::string> m_evidence, m_reports;
    bool m_quick = false;
};

}  // namespace

std::unique_ptr<Command> make_verify() { return std::make_unique<Verify>(); }

}  // namespace deadbox::cli
