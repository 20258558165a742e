// deadbox handover: what police or a CERT needs of a case, in one folder or encrypted archive that can be checked with
// standard tools. The covering page says what is in it and how.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <filesystem>

#include "base/encoding.hpp"
#include "base/resources.hpp"
#include "case/copy.hpp"
#include "case/custody.hpp"
#include "cli/chosen_files.hpp"
#include "cli/command.hpp"
#include "cli/cover_page.hpp"
#include "cli/encryption.hpp"
#include "cli/evidence_copies.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "cli/report_folder.hpp"
#include "cli/signing.hpp"
#include "report/build.hpp"
#include "report/communication.hpp"
#include "report/format.hpp"
#include "report/redaction.hpp"
#include "report/alarms.hpp"
#include "report/system_names.hpp"
#include "report/tlp.hpp"
#include "report/visible.hpp"

namespace deadbox::cli {
namespace {

constexpr std::string_view k_indicator_formats[] = {"stix", "misp", "navigator"};
bool is_indicators(std::string_view format) { return std::find(std::begin(k_indicator_formats), std::end(k_indicator_formats), format) != std::end(k_indicator_formats); }

// Ids of the formats of one kind, separated by commas.
std::string formats_of(bool indicators) {
    std::string ids;
    std::string_view last;
    for (const auto& format : report::formats()) {
        if (format.id == last || is_indicators(format.id) != indicators) continue;
        last = format.id;
        ids += (ids.empty() ? "" : ",") + std::string(last);
    }
    return ids;
}

class Handover final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_option("-o,--output", m_output, "The folder to make; the archive with --encrypt")->required();
        app.add_option("--redact", m_redact, "Leave out of report and indicators: none, secrets, persons (secrets too). Copies of the evidence are never redacted")
            ->check(CLI::IsMember({"none", "secrets", "persons"}))->capture_default_str();
        app.add_option("--tlp", m_tlp, "Traffic light of the report")->check(CLI::IsMember({"clear", "green", "amber", "amber+strict", "red"}));
        app.add_option("--language", m_language, "Language of the texts")->capture_default_str();
        app.add_flag("--no-evidence", m_no_evidence, "Without copies of the files that the findings rest on");
        app.add_flag("--with-case", m_with_case, "With a copy of the case file: it holds everything that was read, secrets too");
        app.add_option("--evidence", m_evidence, "Where the evidence is now (repeatable, in the order of the case)")->allow_extra_args(false);
        add_signing_options(app, m_signing);
        add_encryption_options(app, m_encryption);
    }

    base::Result<Exit> run(const Context& context) override {
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        TRY_ASSIGN(const report::Texts texts, report::Texts::load(m_language));
        report::BuildOptions options;
        options.redact = m_redact == "none" ? report::Redact::none : m_redact == "persons" ? report::Redact::persons : report::Redact::secrets;
        options.tlp = m_tlp;
        TRY_ASSIGN(const report::Report model, report::build_report(view, texts, options));
        TRY_ASSIGN(const auto signer, signer_of(context, m_signing));
        std::error_code failed;
        if (!m_encryption.encrypt && std::filesystem::exists(m_output, failed) && !std::filesystem::is_empty(m_output, failed)) return base::fail(base::Errc::usage, m_output + " is not empty; give a folder of its own");
        TRY(hand_out(m_encryption, m_output, Failed::nothing, [&](const std::string& folder) -> base::Result<void> {
            const auto whole = fill(context, {view, texts, model}, folder, signer);
            const bool ours = !whole && (whole.error().code == base::Errc::io || whole.error().code == base::Errc::denied);
            return ours ? base::fail(base::Errc::usage, whole.error().what) : whole;
        }));
        say(context, signer);
        return m_failed > 0 ? Exit::gaps : Exit::done;
    }

private:
    struct Source {
        const case_file::View& view;
        const report::Texts& texts;
        const report::Report& model;
    };

    base::Result<void> fill(const Context& context, const Source& source, const std::string& folder, const std::optional<proof::Signer>& signer) {
        TRY(report::write_report({source.model, source.view, source.texts}, formats_of(false), folder + "/report"));
        TRY(report::write_report({source.model, source.view, source.texts}, formats_of(true), folder + "/indicators"));
        TRY(write_custody(source, folder + "/custody"));
        TRY(write_communication(source, folder + "/communication"));
        if (!m_no_evidence) TRY(copy_evidence(context, source, folder + "/evidence"));
        if (m_with_case) TRY(copy_case(source, folder + "/case"));
        TRY(write_cover(source, folder, signer));
        proof::Manifest about;
        about.content = "handover", about.tool = tool_name(), about.case_number = source.model.case_data.number, about.custody_head = source.model.run.custody_head;
        about.parameters = parameters_of(source.model);
        TRY_ASSIGN(const auto files, proof::scan_folder(folder));
        TRY(proof::write_file(folder, std::string(proof::k_hash_list), proof::hash_list(files, source.model.tlp.empty() ? std::string() : report::tlp_label(source.model.tlp))));
        TRY_ASSIGN(about.files, proof::scan_folder(folder));
        TRY_ASSIGN(const auto proofs, proof::seal_folder(folder, std::move(about), signer));
        for (const auto& file : proofs)
            if (file.name == proof::k_manifest) m_manifest = file.sha256;
        return {};
    }

    static base::Result<void> write_custody(const Source& source, const std::string& folder) {
        TRY(proof::make_folder(folder));
        const auto& tlp = source.model.tlp;
        std::string lines, text = tlp.empty() ? std::string() : report::tlp_label(tlp) + "\n";
        TRY_ASSIGN(const auto redactor, report::Redactor::load(source.view, source.model.redact));
        TRY(case_file::custody_entries(source.view.database(), [&](const case_file::CustodyEntry& entry) {
            const auto details = redactor.custody(entry.details);
            report::JsonWriter json(lines);
            json.begin_object().member("id", entry.id).member("at", entry.at).member("actor", entry.actor).member("action", entry.action).member("details", details);
            // The hash is that of what the case has.
            if (details != entry.details) json.member("redacted", true);
            json.member("previous", base::to_hex(base::ByteView(entry.previous))).member("hash", base::to_hex(base::ByteView(entry.hash)));
            if (!tlp.empty()) json.member("tlp", tlp);
            json.end_object();
            lines += '\n';
            text += fmt::format("{}  {}  {}  {}\n", entry.at, report::visible(entry.actor), entry.action, report::visible(details));
            if (details != entry.details) text += fmt::format("    {}\n", source.texts.of("custody_words.redacted"));
            return base::Next::go_on;
        }));
        TRY(proof::write_file(folder, "custody.jsonl", lines));
        TRY(proof::write_file(folder, "custody.txt", text));
        return {};
    }

    static base::Result<void> write_communication(const Source& source, const std::string& folder) {
        TRY(proof::make_folder(folder));
        std::string lines;
        for (const auto& note : source.model.notes) {
            report::JsonWriter json(lines);
            report::write_note(json, note, source.model.tlp);
            lines += '\n';
        }
        TRY(proof::write_file(folder, "journal.jsonl", lines));
        for (const auto& audience : report::audiences()) {
            TRY_ASSIGN(const auto letter, report::communication_letter(source.model, source.texts, audience));
            TRY(proof::write_file(folder, audience + ".txt", letter));
        }
        return {};
    }

    base::Result<void> copy_evidence(const Context& context, const Source& source, const std::string& folder) {
        TRY_ASSIGN(case_file::Files files, case_file::Files::open(source.view));
        TRY_ASSIGN(const auto reader, open_evidence(context, source.view, m_evidence));
        TRY(proof::make_folder(folder));
        TRY_ASSIGN(auto copies, EvidenceCopies::begin(source.view, files, *reader, folder, case_file::NameRules::anywhere));
        copies.mark(source.model.tlp);
        Choice choice;
        choice.all_findings = true;
        TRY(for_each_chosen(source.view, files, choice, [&](const case_file::FileDetail& file, const std::set<std::string>& findings) {
            const auto copied = copies.add(file, findings);
            if (copied) return;
            ++m_failed;
            complain(context, "io", file.path + ": " + copied.error().what);
        }));
        m_copies = copies.count();
        TRY(copies.finish());
        return {};
    }

    base::Result<void> copy_case(const Source& source, const std::string& folder) const {
        TRY(proof::make_folder(folder));
        return case_file::copy_case(source.view.database(), folder + "/" + std::filesystem::path(m_case).filename().string());
    }

    base::Result<void> write_cover(const Source& source, const std::string& folder, const std::optional<proof::Signer>& signer) const {
        TRY_ASSIGN(const auto resources, base::resources_folder());
        auto page = base::read_resource(resources + "/handover/" + source.texts.language() + ".txt");
        if (!page) page = base::read_resource(resources + "/handover/en.txt");
        if (!page) return tl::unexpected(page.error());
        const auto say = [&](std::string_view key, const report::Arguments& arguments = {}) { return report::fill(source.texts.find("handover", key), arguments); };
        std::string machines;
        for (const auto& system : source.model.systems) machines += (machines.empty() ? "" : ", ") + report::visible(report::name_in_text(system, source.texts));
        std::string evidence = m_no_evidence ? say("evidence.none") : say("evidence.copied", {{"count", std::to_string(m_copies)}});
        if (m_failed > 0) evidence += " " + say("evidence.failed", {{"failed", std::to_string(m_failed)}});
        const auto& c = source.model.case_data;
        const bool certified = signer && !signer->certificates.empty();
        const report::Arguments signed_by{{"fingerprint", signer ? proof::fingerprint(*signer) : ""}, {"subject", certified ? report::visible(proof::subject(signer->certificates.front())) : ""}};
        const auto text = report::fill(*page, {{"machine", machines.empty() ? source.texts.of("verdict.machine") : machines},
                                               {"number", report::visible(c.number)},
                                               {"examiner", report::visible(c.examiner)},
                                               {"organisation", report::visible(c.organisation)},
                                               {"authority", report::visible(c.authority)},
                                               {"tlp", report::tlp_label(m_tlp)},
                                               {"verdict", source.texts.of("verdict.level." + source.model.verdict.level)},
                                               {"summary", report::visible(source.model.verdict.summary)},
                                               {"redaction", say("redaction." + m_redact)},
                                               {"evidence", evidence},
                                               {"case", say(m_with_case ? "case.copied" : "case.none")},
                                               {"copies", m_no_evidence ? "" : say("copies")},
                                               {"custody_head", source.model.run.custody_head},
                                               {"signature", say(!signer ? "signature.none" : certified ? "signature.x509" : "signature.ed25519", signed_by)}});
        std::string alarms;
        for (const auto& alarm : report::alarms(source.model, source.texts)) alarms += report::visible(alarm) + "\n\n";
        TRY(proof::write_file(folder, "README.txt", as_plain_text(alarms + text)));
        TRY(proof::write_file(folder, "index.html", as_html(alarms + text, source.texts)));
        return {};
    }

    void say(const Context& context, const std::optional<proof::Signer>& signer) const {
        const auto by = signer ? proof::fingerprint(*signer) : std::string();
        if (context.json) {
            std::string line;
            report::JsonWriter json(line);
            json.begin_object().member("output", m_output).member("manifest_sha256", m_manifest).member_or_null("signer", by).member("copies", m_copies).member("failed", m_failed).end_object();
            print(line += '\n');
        } else if (!context.quiet) {
            print(fmt::format("written    {}\nmanifest   SHA-256 {}\n", m_output, m_manifest));
            if (signer) print(fmt::format("signed by  {}\n", by));
            print(fmt::format("next       tell the fingerprint by another way, and write down who got it:\n"
                              "           deadbox note {} \"Handed over, manifest {}\" --kind communication --audience police --who NAME\n", m_case, m_manifest));
        }
    }

    std::string m_case, m_output, m_redact = "secrets", m_tlp, m_language = "en", m_manifest;
    std::vector<std::string> m_evidence;
    bool m_no_evidence = false, m_with_case = false;
    std::size_t m_copies = 0;
    int m_failed = 0;
    SigningOptions m_signing;
    EncryptionOptions m_encryption;
};

}  // namespace

std::unique_ptr<Command> make_handover() { return std::make_unique<Handover>(); }

}  // namespace deadbox::cli
