// Closes a folder that is handed out: manifest, signature, request for a time stamp.
#pragma once

#include <optional>

#include "proof/manifest.hpp"
#include "proof/signer.hpp"

namespace deadbox::proof {

// `about`: its content, tool, case number, custody head and files; the rest is filled in here. Writes signer.pem,
// manifest.json, manifest.json.sig or .p7s and manifest.json.tsq; without a signer the manifest and the request alone.
// Signatures that an earlier call left are removed. Returns what was written.
base::Result<std::vector<FileDigest>> seal_folder(const std::string& folder, Manifest about, const std::optional<Signer>& signer);

}  // namespace deadbox::proof
