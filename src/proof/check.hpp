// Checks a folder that seal_folder() closed, with nothing but the folder: each file, the signature, the time stamp.
#pragma once

#include "proof/manifest.hpp"

namespace deadbox::proof {

enum class Outcome : std::uint8_t {
    holds,
    differs,        // something was changed
    not_checkable,  // what is needed for it is not here
    outside,        // only something that was kept elsewhere can show it
};
std::string_view name_of(Outcome outcome);  // "holds", "differs", "not checkable", "outside"

struct Check {
    std::string what;  // "files", "manifest", "signature", "time stamp" ...
    Outcome outcome = Outcome::holds;
    std::string detail;  // a plain sentence
};

struct CheckOptions {
    std::string signer;         // whom the reader expects: fingerprint (hexadecimal), or PEM of a public key or certificate
    std::string own;            // fingerprint of this workstation's key, "" where it has none
    std::string authorities;    // PEM: who may certify the signer; "" nobody
    std::string response;       // DER of a time stamp response, where it does not lie in the folder
    std::string stamp_authorities;  // PEM: who may certify the time stamp's signer
};

struct FolderVerdict {
    Manifest manifest;  // empty where it could not be read
    bool readable = false;
    std::vector<Check> checks;
};
// Errors: the folder cannot be read at all.
base::Result<FolderVerdict> check_folder(const std::string& folder, const CheckOptions& options);

}  // namespace deadbox::proof
