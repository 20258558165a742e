// A report folder: its formats, and what proves them.
#pragma once

#include "cli/command.hpp"
#include "cli/signing.hpp"
#include "report/format.hpp"

namespace deadbox::cli {

// Writes the formats (comma-separated ids), manifest and signature. What cannot be written is Errc::usage: it is the
// command line's fault, not the case's. A folder that holds this very report in other formats then holds both; another
// report is replaced; one with a time stamp is not touched (Errc::usage). What is left of foreign files is told.
base::Result<std::vector<report::OutputFile::Written>> write_report_folder(const Context& context, const report::FormatInput& input, std::string_view formats, const std::string& folder,
                                                                            const std::optional<proof::Signer>& signer);

// Of what was written, for its manifest: redaction, marking, language.
std::vector<std::pair<std::string, std::string>> parameters_of(const report::Report& report);

}  // namespace deadbox::cli
