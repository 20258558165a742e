// deadbox report: writes the report folder of a case, with a signed manifest.
#include <algorithm>
#include <fstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "cli/redact_option.hpp"
#include "cli/report_folder.hpp"
#include "report/build.hpp"
#include "report/document_writer.hpp"
#include "report/json_writer.hpp"

namespace deadbox::cli {
namespace {

class Report final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_option("-o,--output", m_folder, "The folder to write into; made where it is missing")->required();
        app.add_option("--format", m_formats, "Formats, separated by commas: html, pdf, json, csv, bodyfile, timesketch, dfxml, case, stix, misp, navigator, hashlist")->capture_default_str();
        m_redact.add(app);
        app.add_option("--tlp", m_tlp, "Traffic light of the report")->check(CLI::IsMember({"clear", "green", "amber", "amber+strict", "red"}));
        app.add_option("--language", m_language, "Language of the texts")->capture_default_str();
        std::string ids;
        for (const auto id : report::sections()) ids += (ids.empty() ? "" : ", ") + std::string(id);
        app.add_option("--sections", m_sections, "Sections of the report for people (html, pdf), separated by commas: " + ids + ". What is left out is said on the first page")->delimiter(',');
        app.add_option("--findings", m_findings, "Findings that the report for people tells: all, kept (not dismissed), confirmed, bookmarked")->check(CLI::IsMember({"all", "kept", "confirmed", "bookmarked"}))->capture_default_str();
        app.add_option("--logo", m_logo, "A picture for the report's head: PNG, 8 bits a channel, not interlaced")->check(CLI::ExistingFile);
        add_signing_options(app, m_signing);
    }

    base::Result<Exit> run(const Context& context) override {
        if (m_formats.find_first_not_of(", ") == std::string::npos) return base::fail(base::Errc::usage, "--format names no format; deadbox report --help lists them");
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        TRY_ASSIGN(const report::Texts texts, report::Texts::load(m_language));
        report::BuildOptions options;
        options.redact = m_redact.value();
        options.tlp = m_tlp;
        TRY_ASSIGN(const report::Report model, report::build_report(view, texts, options));
        TRY_ASSIGN(const auto signer, signer_of(context, m_signing));
        TRY_ASSIGN(auto selection, choose());
        TRY_ASSIGN(const auto written, write_report_folder(context, {model, view, texts, {}, std::move(selection)}, m_formats, m_folder, signer));
        for (const auto& file : written) {
            if (!context.json) {
                if (!context.quiet) print(fmt::format("{}  {}/{}\n", file.sha256, m_folder, file.name));
                continue;
            }
            std::string line;
            report::JsonWriter json(line);
            json.begin_object().member("file", file.name).member("size", file.size).member("sha256", file.sha256);
            if (file.name == proof::k_manifest) json.member_or_null("signer", signer ? proof::fingerprint(*signer) : "");
            json.end_object();
            print(line += '\n');
        }
        if (!context.json && !context.quiet && signer) print(fmt::format("\nsigned by  {}\n", proof::fingerprint(*signer)));
        return Exit::done;
    }

private:
    base::Result<report::Selection> choose() const {
        report::Selection selection;
        const auto known = report::sections();
        for (const auto& id : m_sections)
            if (std::find(known.begin(), known.end(), id) == known.end()) return base::fail(base::Errc::usage, "there is no section " + id + "; deadbox report --help lists them");
        selection.sections = m_sections;
        selection.findings = m_findings == "kept" ? report::Told::kept : m_findings == "confirmed" ? report::Told::confirmed : m_findings == "bookmarked" ? report::Told::bookmarked : report::Told::all;
        if (m_logo.empty()) return selection;
        std::ifstream file(m_logo, std::ios::binary);
        selection.logo.assign(std::istreambuf_iterator<char>(file), {});
        if (const auto usable = report::check_logo(selection.logo); !usable) return base::fail(base::Errc::usage, "--logo " + m_logo + ": " + usable.error().what);  // said now, not in the middle of the report
        return selection;
    }

    std::string m_case, m_folder, m_formats{report::k_default_formats}, m_tlp, m_language = "en", m_findings = "all", m_logo;
    std::vector<std::string> m_sections;
    RedactOption m_redact;
    SigningOptions m_signing;
};

}  // namespace

std::unique_ptr<Command> make_report() { return std::make_unique<Report>(); }

}  // namespace deadbox::cli
