#include "proof/certificate.hpp"

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509_vfy.h>

#include <ctime>

#include "base/timestamp.hpp"

namespace deadbox::proof {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
using Cms = std::unique_ptr<CMS_ContentInfo, decltype(&CMS_ContentInfo_free)>;
struct FreeStack {
    void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }  // the certificates are owned elsewhere
};
using Stack = std::unique_ptr<STACK_OF(X509), FreeStack>;

Bio reader(std::string_view text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free_all); }

std::string der_of(CMS_ContentInfo* cms) {
    unsigned char* der = nullptr;
    const int size = i2d_CMS_ContentInfo(cms, &der);
    std::string text = size > 0 ? std::string(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)) : std::string();
    OPENSSL_free(der);
    return text;
}

Stack stack_of(const Signer& signer, std::size_t from) {
    Stack stack(sk_X509_new_null());
    for (std::size_t i = from; i < signer.certificates.size(); ++i) sk_X509_push(stack.get(), signer.certificates[i].get());
    return stack;
}

std::string signing_time(CMS_SignerInfo* info) {
    const int place = CMS_signed_get_attr_by_NID(info, NID_pkcs9_signingTime, -1);
    X509_ATTRIBUTE* attribute = place < 0 ? nullptr : CMS_signed_get_attr(info, place);
    const ASN1_TYPE* value = attribute == nullptr ? nullptr : X509_ATTRIBUTE_get0_type(attribute, 0);
    std::tm time{};
    if (value == nullptr || (value->type != V_ASN1_UTCTIME && value->type != V_ASN1_GENERALIZEDTIME) || ASN1_TIME_to_tm(value->value.asn1_string, &time) != 1) return {};
    return base::to_rfc3339({::timegm(&time), 0});
}

// The certificates inside are those of `signer`, in any order.
bool same_certificates(CMS_ContentInfo* cms, const Signer& signer) {
    const std::unique_ptr<STACK_OF(X509), void (*)(STACK_OF(X509)*)> inside(CMS_get1_certs(cms), [](STACK_OF(X509) * stack) { sk_X509_pop_free(stack, &X509_free); });
    if (inside == nullptr || static_cast<std::size_t>(sk_X509_num(inside.get())) != signer.certificates.size()) return false;
    for (const auto& wanted : signer.certificates) {
        bool found = false;
        for (int i = 0; i < sk_X509_num(inside.get()); ++i) found = found || X509_cmp(sk_X509_value(inside.get(), i), wanted.get()) == 0;
        if (!found) return false;
    }
    return true;
}

std::string der_of(X509_NAME* name) {
    unsigned char* der = nullptr;
    const int size = i2d_X509_NAME(name, &der);
    std::string text = size > 0 ? std::string(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)) : std::string();
    OPENSSL_free(der);
    return text;
}

// What the signature itself does not cover is as sign_cms() writes it: versions, type of the content, the signer's name and
// the names of the algorithms. PKCS #7 1.5 is the same structure, and OpenSSL shows its parts.
bool is_ours(std::string_view der, const Signer& signer) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const std::unique_ptr<PKCS7, decltype(&PKCS7_free)> pkcs7(d2i_PKCS7(nullptr, &at, static_cast<long>(der.size())), &PKCS7_free);
    if (pkcs7 == nullptr || !PKCS7_type_is_signed(pkcs7.get())) return false;
    const PKCS7_SIGNED* content = pkcs7->d.sign;
    if (ASN1_INTEGER_get(content->version) != 1 || !PKCS7_type_is_data(content->contents) || sk_PKCS7_SIGNER_INFO_num(content->signer_info) != 1) return false;
    const PKCS7_SIGNER_INFO* info = sk_PKCS7_SIGNER_INFO_value(content->signer_info, 0);
    X509* own = signer.certificates.front().get();
    if (ASN1_INTEGER_get(info->version) != 1 || der_of(info->issuer_and_serial->issuer) != der_of(X509_get_issuer_name(own))) return false;
    const int key = EVP_PKEY_get_base_id(signer.key.get()), digest = OBJ_obj2nid(info->digest_alg->algorithm);
    int expected = NID_undef;
    if (key == EVP_PKEY_RSA) expected = NID_rsaEncryption;
    else OBJ_find_sigid_by_algs(&expected, digest, key);
    const ASN1_TYPE* parameter = info->digest_enc_alg->parameter;
    if (key == EVP_PKEY_RSA ? parameter == nullptr || parameter->type != V_ASN1_NULL : parameter != nullptr) return false;
    return expected != NID_undef && OBJ_obj2nid(info->digest_enc_alg->algorithm) == expected && sk_X509_ALGOR_num(content->md_algs) == 1 &&
           X509_ALGOR_cmp(sk_X509_ALGOR_value(content->md_algs, 0), info->digest_alg) == 0;
}

}  // namespace

base::Result<std::string> sign_cms(const Signer& signer, std::string_view text) {
    const auto above = stack_of(signer, 1);
    const auto data = reader(text);
    const Cms cms(CMS_sign(signer.certificates.front().get(), signer.key.get(), above.get(), data.get(), CMS_DETACHED | CMS_BINARY), &CMS_ContentInfo_free);
    if (cms == nullptr) return base::fail(base::Errc::usage, "this key and certificate cannot sign: " + openssl_error());
    return der_of(cms.get());
}

CmsVerdict verify_cms(const Signer& signer, std::string_view text, std::string_view der) {
    CmsVerdict verdict;
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const Cms cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size())), &CMS_ContentInfo_free);
    // A signature that reads back as other bytes holds something that nobody looked at.
    if (cms == nullptr || der_of(cms.get()) != der || !is_ours(der, signer)) {
        ERR_clear_error();
        verdict.reason = "it is not a signature in CMS as it was written";
        return verdict;
    }
    STACK_OF(CMS_SignerInfo)* infos = CMS_get0_SignerInfos(cms.get());
    if (infos == nullptr || sk_CMS_SignerInfo_num(infos) != 1 || !same_certificates(cms.get(), signer)) {
        verdict.reason = "its certificates are not those of " + subject(signer.certificates.front());
        return verdict;
    }
    const auto certificates = stack_of(signer, 0);
    const auto data = reader(text);
    const Bio nowhere(BIO_new(BIO_s_null()), &BIO_free_all);
    verdict.good = CMS_verify(cms.get(), certificates.get(), nullptr, data.get(), nowhere.get(), CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) == 1;
    CMS_SignerInfo* info = sk_CMS_SignerInfo_value(infos, 0);
    verdict.good = verdict.good && CMS_unsigned_get_attr_count(info) <= 0 && CMS_SignerInfo_cert_cmp(info, signer.certificates.front().get()) == 0;
    if (!verdict.good) verdict.reason = "it does not fit: " + openssl_error();
    else verdict.signed_at = signing_time(info);
    ERR_clear_error();
    return verdict;
}

std::string certified_by(const Signer& signer, std::string_view authorities, std::int64_t at) {
    const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store(X509_STORE_new(), &X509_STORE_free);
    const auto bio = reader(authorities);
    int count = 0;
    while (X509* one = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
        count += X509_STORE_add_cert(store.get(), one);
        X509_free(one);
    }
    ERR_clear_error();
    if (count == 0) return "there is no certificate in PEM among the authorities";
    const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> context(X509_STORE_CTX_new(), &X509_STORE_CTX_free);
    const auto above = stack_of(signer, 1);
    X509_STORE_CTX_init(context.get(), store.get(), signer.certificates.front().get(), above.get());
    if (at != 0) X509_STORE_CTX_set_time(context.get(), 0, at);
    else X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_NO_CHECK_TIME);
    const bool good = X509_verify_cert(context.get()) == 1;
    std::string reason = good ? "" : X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
    ERR_clear_error();
    return reason;
}

}  // namespace deadbox::proof
