#include "cli/report_folder.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "cli/output.hpp"
#include "report/visible.hpp"

namespace deadbox::cli {
namespace {

constexpr std::string_view k_content = "report";

// A report that stands in the folder already: its files, and whether what is written now is the same report in other formats.
struct Earlier {
    std::vector<report::OutputFile::Written> whole;  // as its manifest lists them
    std::vector<std::string> foreign;                // what no manifest lists, or what was changed since
    bool same = false;
};

base::Result<Earlier> earlier_report(const std::string& folder, const proof::Manifest& now) {
    Earlier earlier;
    if (::access(folder.c_str(), F_OK) != 0) return earlier;
    proof::Manifest before;
    if (const auto text = proof::read_file(folder + "/" + std::string(proof::k_manifest), std::uint64_t{1} << 30)) {
        auto read = proof::parse_manifest(*text);
        if (read && read->content == k_content) before = *std::move(read);
    }
    earlier.same = before.custody_head == now.custody_head && before.tool == now.tool && before.parameters == now.parameters;
    constexpr std::string_view k_own[] = {proof::k_manifest, proof::k_hash_list, proof::k_public, proof::k_signature, proof::k_cms, proof::k_request};
    std::error_code error;
    for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        const auto name = at->path().filename().string();
        if (std::find(std::begin(k_own), std::end(k_own), name) != std::end(k_own)) continue;
        const auto listed = std::find_if(before.files.begin(), before.files.end(), [&](const auto& one) { return one.name == name; });
        const auto digest = listed == before.files.end() ? base::Result<proof::FileDigest>(base::fail(base::Errc::not_found, name)) : proof::digest_file(folder, name);
        if (digest && digest->sha256 == listed->sha256) earlier.whole.push_back({name, digest->sha256, digest->size});
        else earlier.foreign.push_back(name);
    }
    if (error) return base::fail(base::Errc::io, "cannot list the folder " + folder + ": " + error.message());
    std::sort(earlier.whole.begin(), earlier.whole.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    std::sort(earlier.foreign.begin(), earlier.foreign.end());
    return earlier;
}

// Another report is taken away where the new one does not overwrite it; what is nobody's stays and is named.
void settle(const Context& context, const std::string& folder, const Earlier& earlier, const std::vector<report::OutputFile::Written>& written) {
    const auto fresh = [&](const std::string& name) { return std::any_of(written.begin(), written.end(), [&](const auto& one) { return one.name == name; }); };
    std::string removed, foreign;
    for (const auto& file : earlier.whole) {
        if (earlier.same || fresh(file.name)) continue;
        if (::unlink((folder + "/" + file.name).c_str()) == 0) removed += (removed.empty() ? "" : ", ") + file.name;
    }
    for (const auto& name : earlier.foreign)
        if (!fresh(name)) foreign += (foreign.empty() ? "" : ", ") + report::visible(name);
    if (!removed.empty()) complain(context, "replaced", folder + " held another report; its files were removed: " + removed, Level::warning);
    if (!foreign.empty()) complain(context, "foreign", folder + " holds what belongs to no report: " + report::shortened(foreign, 300) + ". The manifest does not list it, and verify will name it", Level::warning);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> parameters_of(const report::Report& report) {
    const auto redact = report.redact == report::Redact::none ? "none" : report.redact == report::Redact::persons ? "persons" : "secrets";
    return {{"redact", redact}, {"tlp", report.tlp}, {"language", report.language}};
}

base::Result<std::vector<report::OutputFile::Written>> write_report_folder(const Context& context, const report::FormatInput& input, std::string_view formats, const std::string& folder,
                                                                            const std::optional<proof::Signer>& signer) {
    const auto blamed = [](const base::Error& error) {
        const bool ours = error.code == base::Errc::io || error.code == base::Errc::denied;
        return base::fail(ours ? base::Errc::usage : error.code, error.what);
    };
    TRY(report::formats_named(formats));
    proof::Manifest about;
    about.content = k_content, about.tool = tool_name(), about.case_number = input.report.case_data.number, about.custody_head = input.report.run.custody_head;
    about.parameters = parameters_of(input.report);
    const auto earlier = earlier_report(folder, about);
    if (!earlier) return blamed(earlier.error());
    if (std::find(earlier->foreign.begin(), earlier->foreign.end(), proof::k_response) != earlier->foreign.end())
        return base::fail(base::Errc::usage, folder + " holds a report with a time stamp (" + std::string(proof::k_response) + "), which a new one would make worthless; give another folder");
    auto written = report::write_report(input, formats, folder, earlier->same ? earlier->whole : std::vector<report::OutputFile::Written>());
    if (!written) return blamed(written.error());
    settle(context, folder, *earlier, *written);
    for (const auto& file : *written) about.files.push_back({file.name, file.size, file.sha256});
    const auto proofs = proof::seal_folder(folder, std::move(about), signer);
    if (!proofs) return blamed(proofs.error());
    for (const auto& file : *proofs) written->push_back({file.name, file.sha256, file.size});
    return written;
}

}  // namespace deadbox::cli
