// Runs a program of the workstation: the makers of file systems and containers, the loader.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace deadbox::cli {

// What it prints on stdout. `input` goes to its stdin; its stderr is dropped. Errc::not_found where it is not installed,
// Errc::usage where it fails. Only names of our own go onto its command line, never the evidence's.
base::Result<std::string> run_tool(const std::vector<std::string>& command, const std::string& input = {});

}  // namespace deadbox::cli
