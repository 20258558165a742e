// How much an altered file matters, by its place: resources/binaries/importance.tsv.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/glob.hpp"
#include "base/result.hpp"

namespace deadbox::plugins::binaries {

enum class Importance : std::uint8_t { login, program, library, module, unit, script, boot, data, ignored };

class ImportanceList {
public:
    base::Result<void> load(const std::string& file);
    // `path` as it lies on the disk; /bin, /sbin and /lib count as their counterparts in /usr.
    Importance of(std::string_view path) const;

private:
    std::vector<std::pair<Importance, base::Glob>> m_rows;
};

// /bin/x -> /usr/bin/x, /lib64/y -> /usr/lib64/y; anything else as it is.
std::string merged_path(std::string_view path);
// A folder where programs are looked for: bin, sbin, games of / and /usr.
bool is_program_folder(std::string_view merged_folder);
// Where the loader looks by itself: /usr/lib, lib32, lib64, libx32 and a folder of an architecture in it; and PAM's.
bool is_library_folder(std::string_view merged_folder);

}  // namespace deadbox::plugins::binaries
