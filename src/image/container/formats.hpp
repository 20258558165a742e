// The container formats of this folder, and what they share.
#pragma once

#include "image/container.hpp"

namespace deadbox::image {

const ContainerFormat& raw_format();
const ContainerFormat& ewf_format();
const ContainerFormat& qcow2_format();
const ContainerFormat& vmdk_format();
const ContainerFormat& vhd_format();

// The name of a container, archive or compressed file that is recognized and not read; "" when it is none of these.
std::string recognize_unread_container(const base::ByteSource& first_file);

// The first `most` bytes, fewer where the file ends before; empty where it cannot be read.
std::vector<std::byte> read_head(const base::ByteSource& source, std::size_t most);

// Opens the file that `child` names as its parent (backing file, base of a snapshot) or as an extent: `named` may come
// with a folder, which is never followed; then the file of the same name beside the image is taken, as an assumption.
base::Result<std::pair<std::string, std::shared_ptr<const base::ByteSource>>> open_named(Segments& child, const std::string& named,
                                                                                         base::DamageSink& damage);
enum class ParentFormat : bool { by_content, raw };
// The same, and recognizes its container; its files' names are added to `names`.
base::Result<std::shared_ptr<const base::ByteSource>> open_parent(Segments& child, const std::string& named, ParentFormat format,
                                                                  std::uint32_t media, base::DamageSink& damage,
                                                                  std::vector<std::string>& names);

}  // namespace deadbox::image
