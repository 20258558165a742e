// The files of a folder that is handed out: read to be hashed, and written so that a half-written one is never taken for
// whole. Links are never followed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace deadbox::proof {

struct FileDigest {
    std::string name;  // relative to the folder, parts joined by '/'
    std::uint64_t size = 0;
    std::string sha256;  // hexadecimal; "" for what is no regular file (a link, a device)
};

// Everything below `folder` but folders themselves, ordered by name.
base::Result<std::vector<FileDigest>> scan_folder(const std::string& folder);
// One file of the folder; Errc::io where it is no regular one.
base::Result<FileDigest> digest_file(const std::string& folder, const std::string& name);
// A whole regular file; Errc::not_found where it is missing, Errc::limit where it is larger. Only a file that the user names may be
// reached by a link.
enum class Links : bool { refuse, follow };
base::Result<std::string> read_file(const std::string& path, std::uint64_t largest, Links links = Links::follow);
// In place of what stands there, at once; the folder must exist. Returns its digest under `name`.
base::Result<FileDigest> write_file(const std::string& folder, const std::string& name, std::string_view bytes);
// mkdir -p
base::Result<void> make_folder(const std::string& folder);

}  // namespace deadbox::proof
