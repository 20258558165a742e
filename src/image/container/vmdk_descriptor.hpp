// The text that describes a VMDK: of which extents the disk consists, and on what it is based.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace deadbox::image {

struct VmdkExtent {
    std::uint64_t sectors = 0;  // of 512 bytes
    std::string kind;           // upper-case: "FLAT", "SPARSE", "ZERO", "VMFS", "VMFSSPARSE" ...
    std::string file;           // as it is written, raw bytes
    std::uint64_t start = 0;    // sectors in the file, of a flat extent
};

struct VmdkDescriptor {
    std::string create_type;  // "monolithicSparse", "streamOptimized" ...
    std::string parent;       // parentFileNameHint; "" where the disk stands for itself
    std::vector<VmdkExtent> extents;
    std::uint64_t sectors() const;
};

bool is_vmdk_descriptor(base::ByteView head);
// Errc::corrupt where the extents contradict themselves. At most 4,096 extents and 2^54 sectors are taken.
base::Result<VmdkDescriptor> decode_vmdk_descriptor(std::string_view text);

}  // namespace deadbox::image
