// Who signs: an Ed25519 key of the workstation or of the user, or a certificate with its key. All arithmetic is OpenSSL's.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/result.hpp"

namespace deadbox::proof {

using Key = std::shared_ptr<EVP_PKEY>;
using Certificate = std::shared_ptr<X509>;

struct Signer {
    Key key;
    std::vector<Certificate> certificates;  // the key's own first; none: an Ed25519 key that stands for itself
};

// $XDG_CONFIG_HOME/deadbox/signing-key.pem, or the same below ~/.config.
base::Result<std::string> default_key_path();
// That key; made when it is first asked for, readable by its owner only.
base::Result<Signer> default_signer();
// PEM files; `certificate` may be "" for an Ed25519 key, else it holds the key's certificate and those above it. A key file
// that others may read is refused. A key behind a password asks for it on the terminal.
base::Result<Signer> load_signer(const std::string& key, const std::string& certificate);

// SHA-256, hexadecimal: of the public key as DER (SubjectPublicKeyInfo), or of the certificate as DER.
std::string fingerprint(const Key& key);
std::string fingerprint(const Certificate& certificate);
std::string fingerprint(const Signer& signer);
std::string subject(const Certificate& certificate);
// What others need to check a signature: PEM of the public key, or of the certificates.
std::string public_pem(const Signer& signer);
// The public half, from such a text. Nothing is left over: the text is exactly what public_pem() would write.
base::Result<Signer> parse_public(std::string_view pem);

// Ed25519 (RFC 8032): 64 bytes, the same for the same key and text.
base::Result<std::string> sign(const Key& key, std::string_view text);
bool verify(const Key& key, std::string_view text, std::string_view signature);

// What OpenSSL last complained of, and forgets it.
std::string openssl_error();

}  // namespace deadbox::proof
