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

}  // namespace deadbox::image
