// Where else in the case something stands that a finding names: files of the same content, records of the same actor.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "case/view.hpp"

namespace deadbox::case_file {

struct SameContent {
    std::string sha256;  // hexadecimal
    std::int64_t inode = 0;
    std::string path;    // raw bytes, under its first name; "" without one
};
// Inodes whose content has one of these digests (hexadecimal SHA-256), at most so many. Reads every digest of the case.
base::Result<std::vector<SameContent>> files_with_content(const View& view, const std::vector<std::string>& digests, std::size_t most);

struct ActorRecords {
    std::int64_t as_user = 0, as_address = 0;  // logged events, counted up to `most`
};
base::Result<ActorRecords> records_of_actor(const View& view, std::string_view value, std::int64_t most);

}  // namespace deadbox::case_file
