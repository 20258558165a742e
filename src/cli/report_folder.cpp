#include "cli/report_folder.hpp"

namespace deadbox::cli {

base::Result<std::vector<report::OutputFile::Written>> write_report_folder(const report::FormatInput& input, std::string_view formats, const std::string& folder,
                                                                            const std::optional<proof::Signer>& signer) {
    const auto blamed = [](const base::Error& error) {
        const bool ours = error.code == base::Errc::io || error.code == base::Errc::denied;
        return base::fail(ours ? base::Errc::usage : error.code, error.what);
    };
    auto written = report::write_report(input, formats, folder);
    if (!written) return blamed(written.error());
    proof::Manifest about;
    about.content = "report", about.tool = tool_name(), about.case_number = input.report.case_data.number, about.custody_head = input.report.run.custody_head;
    for (const auto& file : *written) about.files.push_back({file.name, file.size, file.sha256});
    const auto proofs = proof::seal_folder(folder, std::move(about), signer);
    if (!proofs) return blamed(proofs.error());
    for (const auto& file : *proofs) written->push_back({file.name, file.sha256, file.size});
    return written;
}

}  // namespace deadbox::cli
