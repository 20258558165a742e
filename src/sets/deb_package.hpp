// What a Debian package brings (deb(5)): an ar archive of debian-binary, control.tar and data.tar, each packed in its own way.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "codec/digest.hpp"

namespace deadbox::sets {

struct PackageFile {
    enum class Kind : std::uint8_t { file, link } kind = Kind::file;  // link: symbolic; a hard link is a file
    std::string path;     // absolute, raw bytes, as the package spells it
    std::uint32_t mode = 0, uid = 0, gid = 0;
    bool conffile = false;
    std::uint64_t size = 0;
    codec::Digests digests;  // of a file
};

struct DebPackage {
    std::string name, version, architecture;
    std::vector<PackageFile> files;  // ordered by path; of each path one
};

// Errc::corrupt or truncated: no such package, or a damaged one; Errc::limit: it unpacks to more than is read of one.
base::Result<DebPackage> read_deb(const std::string& path);

}  // namespace deadbox::sets
