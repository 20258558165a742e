#include "proof/seal_folder.hpp"

#include <unistd.h>

#include "proof/certificate.hpp"
#include "proof/time_stamp.hpp"

namespace deadbox::proof {

base::Result<std::vector<FileDigest>> seal_folder(const std::string& folder, Manifest about, const std::optional<Signer>& signer) {
    for (const auto name : {k_public, k_signature, k_cms}) ::unlink((folder + "/" + std::string(name)).c_str());
    std::vector<FileDigest> written;
    const auto write = [&](std::string_view name, std::string_view bytes) -> base::Result<void> {
        TRY_ASSIGN(auto digest, write_file(folder, std::string(name), bytes));
        written.push_back(std::move(digest));
        return {};
    };
    if (signer) {
        about.kind = signer->certificates.empty() ? SignatureKind::ed25519 : SignatureKind::x509;
        about.fingerprint = fingerprint(*signer);
        if (about.kind == SignatureKind::x509) about.subject = subject(signer->certificates.front());
        TRY(write(k_public, public_pem(*signer)));
        about.files.push_back(written.back());
    }
    const auto manifest = to_json(about);
    TRY(write(k_manifest, manifest));
    if (about.kind == SignatureKind::ed25519) {
        TRY_ASSIGN(const auto signature, sign(signer->key, manifest));
        TRY(write(k_signature, signature));
    } else if (about.kind == SignatureKind::x509) {
        TRY_ASSIGN(const auto signature, sign_cms(*signer, manifest));
        TRY(write(k_cms, signature));
    }
    TRY(write(k_request, time_stamp_request(manifest)));
    return written;
}

}  // namespace deadbox::proof
