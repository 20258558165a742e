// How a reader checks an item with another tool.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "case/view.hpp"
#include "case/view_files.hpp"

namespace deadbox::report {

// As one word of a shell.
std::string shell_quoted(std::string_view word);
// Commands that print the file's SHA-256 out of the evidence, with The Sleuth Kit; empty where it reads no such file system,
// or where the content is not what the inode points to now.
std::vector<std::string> reproduce_commands(const case_file::EvidenceRow& evidence, const case_file::VolumeRow& volume, const case_file::FileDetail& file);

}  // namespace deadbox::report
