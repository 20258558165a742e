// Signatures by a certificate: CMS (RFC 5652), detached, DER; what `openssl cms -verify -binary -inform DER` reads.
#pragma once

#include <string>
#include <string_view>

#include "proof/signer.hpp"

namespace deadbox::proof {

// The certificates are put into it. Its signing time is the workstation's clock.
base::Result<std::string> sign_cms(const Signer& signer, std::string_view text);

struct CmsVerdict {
    bool good = false;       // the text was signed with the key of the signer's certificate
    std::string reason;      // where it is not
    std::string signed_at;   // the signer's clock, RFC 3339, "" where it is not said
};
// `signer` has the certificates that the signature must hold, no more and no fewer. Whether they are to be trusted is
// another question: certified_by().
CmsVerdict verify_cms(const Signer& signer, std::string_view text, std::string_view cms);

// Does the chain of certificates lead to one of `authorities` (PEM), at that time? "" or why not. Dates are judged at
// `at` (seconds since 1970), or not at all where it is 0.
std::string certified_by(const Signer& signer, std::string_view authorities, std::int64_t at);

}  // namespace deadbox::proof
