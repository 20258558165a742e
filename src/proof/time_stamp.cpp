#include "proof/time_stamp.hpp"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <openssl/ts.h>

#include <cstring>
#include <ctime>

#include "base/timestamp.hpp"
#include "codec/digest.hpp"
#include "proof/certificate.hpp"

namespace deadbox::proof {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
using Response = std::unique_ptr<TS_RESP, decltype(&TS_RESP_free)>;
using Chain = std::unique_ptr<STACK_OF(X509), void (*)(STACK_OF(X509)*)>;

std::string signing_certificates(PKCS7* token, Signer& signer) {
    const Chain signers(PKCS7_get0_signers(token, nullptr, 0), [](STACK_OF(X509) * stack) { sk_X509_free(stack); });
    if (signers == nullptr || sk_X509_num(signers.get()) != 1) return "it holds no certificate of its signer; ask for it (certReq)";
    const auto keep = [&](X509* certificate) {
        X509_up_ref(certificate);
        signer.certificates.emplace_back(certificate, &X509_free);
    };
    X509* first = sk_X509_value(signers.get(), 0);
    keep(first);
    const auto* all = token->d.sign->cert;
    for (int i = 0; all != nullptr && i < sk_X509_num(all); ++i)
        if (X509_cmp(sk_X509_value(all, i), first) != 0) keep(sk_X509_value(all, i));
    return {};
}

std::string time_of(const TS_TST_INFO* info) {
    std::tm time{};
    if (ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &time) != 1) return {};
    return base::to_rfc3339({::timegm(&time), 0});
}

bool is_about(TS_TST_INFO* info, std::string_view text) {
    const auto digest = codec::Sha256::of(base::as_bytes(text));
    TS_MSG_IMPRINT* imprint = TS_TST_INFO_get_msg_imprint(info);
    const ASN1_OCTET_STRING* bytes = imprint == nullptr ? nullptr : TS_MSG_IMPRINT_get_msg(imprint);
    const X509_ALGOR* algorithm = imprint == nullptr ? nullptr : TS_MSG_IMPRINT_get_algo(imprint);
    return bytes != nullptr && algorithm != nullptr && OBJ_obj2nid(algorithm->algorithm) == NID_sha256 && ASN1_STRING_length(bytes) == static_cast<int>(digest.size()) &&
           std::memcmp(ASN1_STRING_get0_data(bytes), digest.data(), digest.size()) == 0;
}

bool is_for_stamps(X509* certificate) { return X509_check_purpose(certificate, X509_PURPOSE_TIMESTAMP_SIGN, 0) == 1; }

StampVerdict refused(std::string reason) {
    ERR_clear_error();
    StampVerdict verdict;
    verdict.reason = std::move(reason);
    return verdict;
}

}  // namespace

std::string time_stamp_request(std::string_view text) {
    const auto digest = codec::Sha256::of(base::as_bytes(text));
    const std::unique_ptr<TS_REQ, decltype(&TS_REQ_free)> request(TS_REQ_new(), &TS_REQ_free);
    const std::unique_ptr<TS_MSG_IMPRINT, decltype(&TS_MSG_IMPRINT_free)> imprint(TS_MSG_IMPRINT_new(), &TS_MSG_IMPRINT_free);
    const std::unique_ptr<X509_ALGOR, decltype(&X509_ALGOR_free)> algorithm(X509_ALGOR_new(), &X509_ALGOR_free);
    X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr);
    TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get());
    std::array<unsigned char, 32> bytes{};
    std::memcpy(bytes.data(), digest.data(), bytes.size());
    TS_MSG_IMPRINT_set_msg(imprint.get(), bytes.data(), static_cast<int>(bytes.size()));
    TS_REQ_set_version(request.get(), 1);
    TS_REQ_set_msg_imprint(request.get(), imprint.get());
    TS_REQ_set_cert_req(request.get(), 1);
    unsigned char* der = nullptr;
    const int size = i2d_TS_REQ(request.get(), &der);
    std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size > 0 ? size : 0));
    OPENSSL_free(der);
    return out;
}

StampVerdict check_time_stamp(std::string_view text, std::string_view der, std::string_view authorities) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const Response response(d2i_TS_RESP(nullptr, &at, static_cast<long>(der.size())), &TS_RESP_free);
    if (response == nullptr || at != reinterpret_cast<const unsigned char*>(der.data()) + der.size()) return refused("this is not a response of a time stamp authority");
    const auto status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response.get())));
    if (status != TS_STATUS_GRANTED && status != TS_STATUS_GRANTED_WITH_MODS) return refused("the authority refused the request");
    PKCS7* token = TS_RESP_get_token(response.get());
    TS_TST_INFO* info = TS_RESP_get_tst_info(response.get());
    if (token == nullptr || info == nullptr || !PKCS7_type_is_signed(token)) return refused("the response holds no time stamp");
    if (!is_about(info, text)) return refused("the time stamp is about other bytes");
    Signer signer;
    if (auto missing = signing_certificates(token, signer); !missing.empty()) return refused(std::move(missing));
    const Bio content(BIO_new(BIO_s_mem()), &BIO_free_all);
    if (PKCS7_verify(token, nullptr, nullptr, nullptr, content.get(), PKCS7_NOVERIFY) != 1) return refused("the signature of the time stamp does not fit");
    if (!is_for_stamps(signer.certificates.front().get())) return refused("its certificate is not one for time stamps");
    StampVerdict verdict;
    verdict.good = true, verdict.time = time_of(info), verdict.authority = subject(signer.certificates.front());
    if (const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(ASN1_INTEGER_to_BN(TS_TST_INFO_get_serial(info), nullptr), &BN_free); number != nullptr) {
        char* hex = BN_bn2hex(number.get());
        verdict.serial = hex;
        OPENSSL_free(hex);
    }
    if (!authorities.empty()) {
        const auto moment = base::from_rfc3339(verdict.time);
        verdict.distrust = certified_by(signer, authorities, moment ? moment->seconds : 0);
        verdict.trusted = verdict.distrust.empty();
    }
    ERR_clear_error();
    return verdict;
}

}  // namespace deadbox::proof
