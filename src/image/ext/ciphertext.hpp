// Names and targets that are encrypted and whose key is not there, in characters that a path can hold: as the kernel shows them.
//
//   fscrypt's no-key name: hash of the folder's index u32, u32 | ciphertext, up to 149 bytes | SHA-256 of the rest, where there is
//   one; all of it in base64url without padding. The hash only helps the kernel to find the name again.
#pragma once

#include <string>

#include "base/bytes.hpp"

namespace deadbox::image::ext {

// A name in a folder: as the kernel shows it, without the hash in front.
std::string shown_name(base::ByteView ciphertext);
// The target of a symbolic link exactly as readlink(2) gives it: there the hash is zeros. `stored`: length u16, ciphertext.
std::string shown_target(base::ByteView stored);

}  // namespace deadbox::image::ext
