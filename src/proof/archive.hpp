// A folder as an encrypted ZIP: WinZip's AES-256, which 7-Zip, WinZip and bsdtar open. Contents are encrypted and protected
// against change; names, sizes and times are readable without the password.
#pragma once

#include <string>

#include "base/result.hpp"

namespace deadbox::proof {

// Writes `archive`, which must not exist, readable by its owner only; names inside start with `top` and a slash. Links and
// devices are left out. On failure nothing is left behind.
base::Result<void> pack_encrypted(const std::string& folder, const std::string& top, const std::string& archive, const std::string& password);

}  // namespace deadbox::proof
