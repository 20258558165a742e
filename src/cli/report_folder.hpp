// A report folder: its formats, and what proves them.
#pragma once

#include "cli/signing.hpp"
#include "report/format.hpp"

namespace deadbox::cli {

// Writes the formats (comma-separated ids), manifest and signature. What cannot be written is Errc::usage: it is the
// command line's fault, not the case's.
base::Result<std::vector<report::OutputFile::Written>> write_report_folder(const report::FormatInput& input, std::string_view formats, const std::string& folder,
                                                                            const std::optional<proof::Signer>& signer);

}  // namespace deadbox::cli
