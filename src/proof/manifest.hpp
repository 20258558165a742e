// manifest.json: what a folder that is handed out holds. It is what is signed and time-stamped.
//   {"schema": "deadbox.manifest/1", "content": "report", "tool": "deadbox 0.1.0", "case": "number or null",
//    "custody_head": "hexadecimal or null", "parameters": {"redact": "secrets", ...} (may be missing), "signer": null | {"kind": "ed25519" | "x509", "fingerprint": "...", "subject": "... or null"},
//    "files": [{"name": "...", "size": 1, "sha256": "..."}]}
// ordered by name, no clock in it: the same folder gives the same bytes.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proof/folder.hpp"

namespace deadbox::proof {

inline constexpr std::string_view k_manifest = "manifest.json";
inline constexpr std::string_view k_hash_list = "manifest.sha256";        // the same for `sha256sum -c`
inline constexpr std::string_view k_public = "signer.pem";                // public key, or certificates
inline constexpr std::string_view k_signature = "manifest.json.sig";      // Ed25519, 64 bytes
inline constexpr std::string_view k_cms = "manifest.json.p7s";            // CMS, detached, DER
inline constexpr std::string_view k_request = "manifest.json.tsq";        // RFC 3161 request
inline constexpr std::string_view k_response = "manifest.json.tsr";       // RFC 3161 response, put there by the user

enum class SignatureKind : std::uint8_t { none, ed25519, x509 };

struct Manifest {
    std::string content;       // report, export, handover, validation
    std::string tool;          // "deadbox VERSION"
    std::string case_number;   // "" unknown
    std::string custody_head;  // "" where it is about no case
    std::vector<std::pair<std::string, std::string>> parameters;  // of what was written: redaction, marking, language
    SignatureKind kind = SignatureKind::none;
    std::string fingerprint, subject;  // of the signer
    std::vector<FileDigest> files;
};

std::string to_json(const Manifest& manifest);
// Errc::corrupt where it is no manifest of ours; Errc::unsupported where it is a newer one's.
base::Result<Manifest> parse_manifest(std::string_view json);
// As `sha256sum` writes it, behind a comment with the heading unless it is empty. Names hold neither line ends nor backslashes.
std::string hash_list(const std::vector<FileDigest>& files, std::string_view heading = {});

}  // namespace deadbox::proof
