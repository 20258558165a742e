// deadbox extract: copies of files of the evidence, in a folder or an encrypted archive, with a signed manifest.
#include <CLI/CLI.hpp>

#include "cli/chosen_files.hpp"
#include "cli/command.hpp"
#include "cli/encryption.hpp"
#include "cli/evidence_copies.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "cli/signing.hpp"
#include "cli/which_file.hpp"

namespace deadbox::cli {
namespace {

class Extract final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_option("PATH", m_choice.paths, "Absolute paths on the machine; a folder stands for all below it");
        app.add_option("--ref", m_choice.refs, "The file that this ref names (repeatable)")->allow_extra_args(false);
        app.add_option("--finding", m_choice.findings, "The files of this finding (repeatable)")->allow_extra_args(false);
        app.add_flag("--all-findings", m_choice.all_findings, "The files of all findings that are not dismissed");
        app.add_flag("--deleted", m_choice.deleted, "Below a folder, deleted files too");
        app.add_option("-o,--output", m_output, "The folder to write into, made where it is missing; the archive with --encrypt")->required();
        app.add_option("--evidence", m_evidence, "Where the evidence is now (repeatable, in the order of the case)")->allow_extra_args(false);
        app.add_flag("--holes", m_holes, "Files with more than 8 GiB of holes too; what is zeros takes no room in the copy");
        add_signing_options(app, m_signing);
        add_encryption_options(app, m_encryption);
    }

    base::Result<Exit> run(const Context& context) override {
        if (m_choice.paths.empty() && m_choice.refs.empty() && m_choice.findings.empty() && !m_choice.all_findings) return base::fail(base::Errc::usage, "extract needs a PATH, --ref, --finding or --all-findings");
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        TRY_ASSIGN(case_file::Files files, case_file::Files::open(view));
        TRY_ASSIGN(const auto reader, open_evidence(context, view, m_evidence));
        TRY_ASSIGN(const auto signer, signer_of(context, m_signing));
        const auto rules = m_encryption.encrypt ? case_file::NameRules::anywhere : case_file::NameRules::here;
        int failures = 0;
        TRY(hand_out(m_encryption, m_output, Failed::a_part, [&](const std::string& folder) -> base::Result<void> {
            TRY_ASSIGN(auto copies, EvidenceCopies::begin(view, files, *reader, folder, rules));
            TRY(for_each_chosen(view, files, m_choice, [&](const case_file::FileDetail& file, const std::set<std::string>& findings) {
                const auto worth = m_holes ? base::Result<void>() : worth_reading(file.path, file.size, file.hole_bytes);
                const auto copied = worth ? copies.add(file, findings) : worth;
                if (copied) return;
                ++failures;
                complain(context, "io", file.path + ": " + copied.error().what);
            }));
            TRY(seal_export(view, copies, folder, signer));
            if (context.json) print(copies.json_lines());
            else if (!context.quiet) print(copies.hash_lines());
            return {};
        }));
        return failures > 0 ? Exit::gaps : Exit::done;
    }

private:
    std::string m_case, m_output;
    Choice m_choice;
    std::vector<std::string> m_evidence;
    SigningOptions m_signing;
    EncryptionOptions m_encryption;
    bool m_holes = false;
};

}  // namespace

std::unique_ptr<Command> make_extract() { return std::make_unique<Extract>(); }

}  // namespace deadbox::cli
