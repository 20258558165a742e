// Private keys in DER, told by their structure whatever the file is called.
//   PKCS #1   SEQUENCE { INTEGER 0|1, INTEGER modulus, INTEGER e, INTEGER d, INTEGER p, INTEGER q, ... }     RFC 8017
//   DSA       SEQUENCE { INTEGER 0, INTEGER p, q, g, y, x }
//   SEC 1     SEQUENCE { INTEGER 1, OCTET STRING key, [0] curve, [1] public }                                 RFC 5915
//   PKCS #8   SEQUENCE { INTEGER 0|1, SEQUENCE { OID ... }, OCTET STRING }                                    RFC 5958
//             SEQUENCE { SEQUENCE { OID pkcs-5 or pkcs-12 PBE ... }, OCTET STRING }, encrypted
//   PKCS #12  SEQUENCE { INTEGER 3, SEQUENCE { OID pkcs7-data or signedData ... } ... }                       RFC 7292
#pragma once

#include <cstdint>
#include <string_view>

namespace deadbox::plugins::credentials {

struct DerKey {
    std::string_view form;  // "PKCS #1" ...; "" for none
    bool encrypted = false;
    bool holds_key = true;  // of PKCS #12: a bag of a key stands in its open part; else it may be a store of certificates
};
// `bytes`: the beginning of a file of `size` bytes. The structure must fill the file.
DerKey der_key(std::string_view bytes, std::uint64_t size);

}  // namespace deadbox::plugins::credentials
