// A file of the evidence as the manifest and stat print it.
#pragma once

#include <map>
#include <string>

#include "case/view_files.hpp"

namespace deadbox::report {
class JsonWriter;
}

namespace deadbox::cli {

// Label of each volume by row id.
using VolumeLabels = std::map<std::int64_t, std::string>;
base::Result<VolumeLabels> volume_labels(const case_file::View& view);

// An object with the members that CONTRACT gives a line of `ls --recursive --json`.
void write_file(report::JsonWriter& json, const case_file::FileDetail& file, const std::string& ref, const VolumeLabels& volumes);
// As `ls -l` has it: drwxr-xr-x.
std::string mode_text(int type, std::uint32_t mode);

}  // namespace deadbox::cli
