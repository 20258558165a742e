#include "proof/signer.hpp"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>

#include "base/descriptor.hpp"
#include "base/encoding.hpp"
#include "codec/digest.hpp"
#include "proof/folder.hpp"

namespace deadbox::proof {
namespace {

constexpr std::uint64_t k_largest_pem = 1 << 20;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

Bio pem_reader(std::string_view text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free_all); }
Bio writer() { return Bio(BIO_new(BIO_s_mem()), &BIO_free_all); }
std::string text_of(const Bio& bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size > 0 ? size : 0)};
}

std::string sha256(const unsigned char* der, int size) {
    return size > 0 ? base::to_hex(base::ByteView(codec::Sha256::of(base::as_bytes(std::string_view(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)))))) : std::string();
}

std::vector<Certificate> certificates_of(std::string_view pem) {
    std::vector<Certificate> all;
    const auto bio = pem_reader(pem);
    while (X509* one = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) all.emplace_back(one, &X509_free);
    ERR_clear_error();  // the end of the text is an error to OpenSSL
    return all;
}

base::Result<Key> private_key(const std::string& path) {
    TRY_ASSIGN(const auto pem, read_file(path, k_largest_pem));
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && (status.st_mode & 077) != 0) return base::fail(base::Errc::denied, "others can read the key " + path + "; run chmod 600 on it");
    const auto bio = pem_reader(pem);
    Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
    if (key == nullptr) return base::fail(base::Errc::usage, "this is not a private key in PEM, or its password is wrong: " + path + " (" + openssl_error() + ")");
    return key;
}

base::Result<void> make_key(const std::string& path) {
    const Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), &EVP_PKEY_free);
    const auto bio = writer();
    if (key == nullptr || PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) return base::fail(base::Errc::internal, "cannot make a key: " + openssl_error());
    const auto pem = text_of(bio);
    const auto own = path + "." + std::to_string(::getpid());
    {
        ::unlink(own.c_str());
        const base::Descriptor file(::open(own.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (!file || ::write(file.get(), pem.data(), pem.size()) != static_cast<ssize_t>(pem.size()) || ::fsync(file.get()) != 0) return base::fail_errno("cannot write the key " + path, errno);
    }
    // Whoever is first wins: another process may make one at this moment.
    const int linked = ::link(own.c_str(), path.c_str()) == 0 ? 0 : errno;
    ::unlink(own.c_str());
    if (linked != 0 && linked != EEXIST) return base::fail_errno("cannot write the key " + path, linked);
    return {};
}

}  // namespace

std::string openssl_error() {
    std::array<char, 256> text{};
    const auto code = ERR_peek_last_error();
    ERR_error_string_n(code, text.data(), text.size());
    ERR_clear_error();
    return code == 0 ? "no reason given" : std::string(text.data());
}

base::Result<std::string> default_key_path() {
    const char* config = std::getenv("XDG_CONFIG_HOME");
    const char* home = std::getenv("HOME");
    if (config != nullptr && *config == '/') return std::string(config) + "/deadbox/signing-key.pem";
    if (home != nullptr && *home == '/') return std::string(home) + "/.config/deadbox/signing-key.pem";
    return base::fail(base::Errc::not_found, "there is no home folder for a signing key: give one with --sign-key");
}

base::Result<Signer> default_signer() {
    TRY_ASSIGN(const auto path, default_key_path());
    if (::access(path.c_str(), F_OK) != 0) {
        TRY(make_folder(path.substr(0, path.rfind('/'))));
        TRY(make_key(path));
    }
    return load_signer(path, "");
}

base::Result<Signer> load_signer(const std::string& key, const std::string& certificate) {
    Signer signer;
    TRY_ASSIGN(signer.key, private_key(key));
    if (certificate.empty()) {
        if (EVP_PKEY_get_id(signer.key.get()) != EVP_PKEY_ED25519) return base::fail(base::Errc::usage, "the key " + key + " is not Ed25519: give its certificate too, with --sign-cert");
        return signer;
    }
    TRY_ASSIGN(const auto pem, read_file(certificate, k_largest_pem));
    signer.certificates = certificates_of(pem);
    if (signer.certificates.empty()) return base::fail(base::Errc::usage, "there is no certificate in PEM in " + certificate);
    if (X509_check_private_key(signer.certificates.front().get(), signer.key.get()) != 1) return base::fail(base::Errc::usage, "the first certificate of " + certificate + " does not belong to the key " + key);
    return signer;
}

std::string fingerprint(const Key& key) {
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(key.get(), &der);
    auto digest = sha256(der, size);
    OPENSSL_free(der);
    return digest;
}

std::string fingerprint(const Certificate& certificate) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate.get(), &der);
    auto digest = sha256(der, size);
    OPENSSL_free(der);
    return digest;
}

std::string fingerprint(const Signer& signer) { return signer.certificates.empty() ? fingerprint(signer.key) : fingerprint(signer.certificates.front()); }

std::string subject(const Certificate& certificate) {
    const auto bio = writer();
    X509_NAME_print_ex(bio.get(), X509_get_subject_name(certificate.get()), 0, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
    return base::to_utf8(text_of(bio));
}

std::string public_pem(const Signer& signer) {
    const auto bio = writer();
    if (signer.certificates.empty()) PEM_write_bio_PUBKEY(bio.get(), signer.key.get());
    for (const auto& certificate : signer.certificates) PEM_write_bio_X509(bio.get(), certificate.get());
    return text_of(bio);
}

base::Result<Signer> parse_public(std::string_view pem) {
    Signer signer;
    signer.certificates = certificates_of(pem);
    if (!signer.certificates.empty()) {
        signer.key = Key(X509_get_pubkey(signer.certificates.front().get()), &EVP_PKEY_free);
    } else {
        const auto bio = pem_reader(pem);
        signer.key = Key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), &EVP_PKEY_free);
    }
    ERR_clear_error();
    if (signer.key == nullptr || public_pem(signer) != pem) return base::fail(base::Errc::corrupt, "this is neither a public key nor certificates in PEM");
    return signer;
}

base::Result<std::string> sign(const Key& key, std::string_view text) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    std::array<unsigned char, 64> signature{};
    std::size_t size = signature.size();
    if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
        EVP_DigestSign(context.get(), signature.data(), &size, reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1)
        return base::fail(base::Errc::internal, "cannot sign: " + openssl_error());
    return std::string(reinterpret_cast<const char*>(signature.data()), size);
}

bool verify(const Key& key, std::string_view text, std::string_view signature) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    const bool good = EVP_PKEY_get_id(key.get()) == EVP_PKEY_ED25519 && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
                      EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
    ERR_clear_error();
    return good;
}

}  // namespace deadbox::proof
