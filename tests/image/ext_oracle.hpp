// libext2fs as a second opinion on sound images: the same interface as our own readers, so that the same walk serves both.
// It is no reader for evidence: crafted images crash it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "image/filesystem.hpp"

namespace deadbox::test {

// nullptr where the library does not open it.
std::unique_ptr<image::FileSystem> open_ext_oracle(const std::string& path);

// Where a sound image keeps things, in bytes.
struct Place {
    std::uint64_t offset = 0, length = 0;
    bool touches(const Place& other) const { return offset < other.offset + other.length && other.offset < offset + length; }
};
struct ExtPlaces {
    std::map<std::uint64_t, std::vector<Place>> inodes;  // record, map, content and attribute blocks of each used inode
    // What a damaged image is made by changing: by kind "superblock", "descriptors", "bitmaps", "inode", "folder", "map",
    // "attributes", "journal".
    std::map<std::string, std::vector<Place>> metadata;
};
ExtPlaces ext_places(const std::string& path);

}  // namespace deadbox::test
