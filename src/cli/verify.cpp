// deadbox verify: what holds of a case, its evidence and its reports, what does not, and what cannot be told from here.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>

#include "cli/command.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "cli/verify_case.hpp"
#include "cli/verify_report.hpp"
#include "proof/signer.hpp"
#include "report/json_writer.hpp"
#include "report/visible.hpp"

namespace deadbox::cli {
namespace {

using proof::Check;
using proof::Outcome;
constexpr std::uint64_t k_largest_proof = 16 << 20;
constexpr std::size_t k_digest = 64, k_abbreviated = 16;  // hexadecimal digits

// As people write digests down: with blanks, colons, capitals.
std::string plain_digits(std::string text) {
    std::erase_if(text, [](unsigned char c) { return std::isspace(c) != 0 || c == ':'; });
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}
bool are_digits(std::string_view text, std::size_t least) { return text.size() >= least && text.size() <= k_digest && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; }); }

// A case that lacks what Deadbox writes: what the database says of it as a sentence. Other errors stay errors.
base::Result<void> told_if_damaged(const base::Error& error, std::vector<Check>& checks) {
    const auto quoted = [&](std::string_view mark) {
        const auto at = error.what.rfind(mark);
        return at == std::string::npos ? std::string() : error.what.substr(at + mark.size());
    };
    if (const auto table = quoted("no such table: "); !table.empty()) checks.push_back({"case", Outcome::differs, "table " + table + " is gone: what rests on it could not be compared"});
    else if (const auto column = quoted("no such column: "); !column.empty()) checks.push_back({"case", Outcome::differs, "the layout of a table was changed, it has no column " + column + ": what rests on it could not be compared"});
    else return tl::unexpected(error);
    return {};
}

// A ZIP file, as handover and extract write with --encrypt (signature of a local file header, APPNOTE 4.3.7).
bool is_archive(const std::string& path) {
    char start[4]{};
    std::ifstream file(path, std::ios::binary);
    return file.read(start, sizeof start) && std::string_view(start, sizeof start) == "PK\3\4";
}

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
        app.add_option("--anchor", m_anchor, "A custody head that was written down outside of the case, as each report prints it: 64 hexadecimal digits, or the first 16 and more");
        app.add_option("--report", m_reports, "A folder written from this case: it is checked too, and the custody head in it is an anchor (repeatable)")->allow_extra_args(false);
        app.footer("Exit status:\n"
                   "  0  nothing was found that does not hold\n"
                   "  2  the command line makes no sense\n"
                   "  3  the evidence could not be opened, so its media was not compared; all else holds\n"
                   "  5  something does not hold (it is named), or the case file cannot be used");
        app.add_option("--signer", m_signer, "Who must have signed: a fingerprint (64 hexadecimal digits), or a PEM file of a public key or certificate")->group("Signature");
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
        if (!alone && is_archive(m_case)) return base::fail(base::Errc::usage, m_case + " is an archive: unpack it first (7z x, with its password), then give the folder");
        TRY(check_usage());
        std::vector<Check> checks;
        std::vector<Folder> reports;
        TRY(folders(checks, reports));
        bool opened = true;
        if (!alone) {
            const auto looked = look_at_case(reports, checks);
            if (looked) opened = *looked == Media::read;
            else TRY(told_if_damaged(looked.error(), checks));
        }
        show(context, checks);
        const bool differs = std::any_of(checks.begin(), checks.end(), [](const Check& check) { return check.outcome == Outcome::differs; });
        return differs ? Exit::case_unusable : opened ? Exit::done : Exit::no_evidence;
    }

private:
    using Folder = ReportFolder;

    // What was mistyped is said to be so: it accuses nobody.
    base::Result<void> check_usage() {
        if (m_reports.empty() && !(m_signer.empty() && m_signer_ca.empty() && m_response.empty() && m_response_ca.empty()))
            return base::fail(base::Errc::usage, "--signer, --signer-ca, --timestamp and --timestamp-ca are about a report: give its folder with --report");
        if (!m_anchor.empty()) {
            m_anchor = plain_digits(m_anchor);
            if (!are_digits(m_anchor, k_abbreviated))
                return base::fail(base::Errc::usage, "--anchor is no custody head: it has 64 hexadecimal digits, of which the first 16 are enough; compare it with the report that it was copied from");
        }
        if (std::error_code none; !m_signer.empty() && !std::filesystem::exists(m_signer, none)) {
            m_signer = plain_digits(m_signer);
            if (!are_digits(m_signer, k_digest)) return base::fail(base::Errc::usage, "--signer is neither a file that is there nor a fingerprint of 64 hexadecimal digits");
        }
        return {};
    }

    base::Result<Media> look_at_case(const std::vector<Folder>& reports, std::vector<Check>& checks) const {
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        std::vector<Anchor> anchors;
        if (!m_anchor.empty()) anchors.push_back({m_anchor, "--anchor"});
        std::vector<Check> compared;
        for (const auto& report : reports) {
            TRY_ASSIGN(const bool ours, check_report(view, report, compared));
            if (!ours) continue;
            if (!report.manifest.custody_head.empty()) anchors.push_back({report.manifest.custody_head, "the manifest of " + report.folder});
            else checks.push_back({"anchor", Outcome::not_checkable, report.folder + " names no custody head"});
        }
        TRY(check_custody(view, anchors, checks));
        TRY(check_tables(view, checks));
        checks.insert(checks.end(), compared.begin(), compared.end());
        TRY(check_expected(view, checks));
        if (!m_quick) return check_media(view, m_evidence, checks);
        checks.push_back({"evidence", Outcome::not_checkable, "left out by --quick"});
        return Media::read;
    }

    base::Result<void> folders(std::vector<Check>& checks, std::vector<Folder>& reports) const {
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
        std::error_code unseen;  // a key that may not be looked at is not this person's
        if (const auto path = proof::default_key_path(); path && std::filesystem::exists(*path, unseen))
            if (const auto own = proof::load_signer(*path, "")) options.own = proof::fingerprint(*own);
        for (const auto& folder : m_reports) {
            auto verdict = proof::check_folder(folder, options);
            if (!verdict) return base::fail(base::Errc::usage, verdict.error().what);
            for (auto& check : verdict->checks) {
                if (m_reports.size() > 1) check.detail = folder + ": " + check.detail;
                checks.push_back(std::move(check));
            }
            if (verdict->readable) reports.push_back({folder, std::move(verdict->manifest)});
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
