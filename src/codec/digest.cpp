#include "codec/digest.hpp"

#include <openssl/evp.h>

#include <vector>

namespace deadbox::codec {
namespace {

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Algorithm = std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)>;

Algorithm fetch(const char* name) { return {EVP_MD_fetch(nullptr, name, nullptr), &EVP_MD_free}; }
Context context() { return {EVP_MD_CTX_new(), &EVP_MD_CTX_free}; }
unsigned char* out(std::byte* bytes) { return reinterpret_cast<unsigned char*>(bytes); }

}  // namespace

struct Digester::Implementation {
    struct File {
        Context md5 = context(), sha1 = context(), sha256 = context();
    };
    Algorithm md5 = fetch("MD5"), sha1 = fetch("SHA1"), sha256 = fetch("SHA256");
    std::vector<File> files;
};

Digester::Digester(std::size_t files) : m_implementation(std::make_unique<Implementation>()) { m_implementation->files.resize(files); }
Digester::~Digester() = default;
std::size_t Digester::capacity() const { return m_implementation->files.size(); }

void Digester::begin(Slot slot) {
    auto& file = m_implementation->files[slot];
    EVP_DigestInit_ex2(file.md5.get(), m_implementation->md5.get(), nullptr);
    EVP_DigestInit_ex2(file.sha1.get(), m_implementation->sha1.get(), nullptr);
    EVP_DigestInit_ex2(file.sha256.get(), m_implementation->sha256.get(), nullptr);
}

void Digester::update(std::span<const Piece> pieces) {
    // Small strides keep a piece in the first-level cache for all three algorithms.
    constexpr std::size_t k_stride = 16 * 1024;
    for (const auto& piece : pieces) {
        auto& file = m_implementation->files[piece.slot];
        for (auto rest = piece.bytes; !rest.empty();) {
            const auto part = rest.first(std::min(k_stride, rest.size()));
            EVP_DigestUpdate(file.sha256.get(), part.data(), part.size());
            EVP_DigestUpdate(file.sha1.get(), part.data(), part.size());
            EVP_DigestUpdate(file.md5.get(), part.data(), part.size());
            rest = rest.subspan(part.size());
        }
    }
}

Digests Digester::finish(Slot slot) {
    auto& file = m_implementation->files[slot];
    Digests digests;
    EVP_DigestFinal_ex(file.md5.get(), out(digests.md5.data()), nullptr);
    EVP_DigestFinal_ex(file.sha1.get(), out(digests.sha1.data()), nullptr);
    EVP_DigestFinal_ex(file.sha256.get(), out(digests.sha256.data()), nullptr);
    return digests;
}

struct Sha256::Implementation {
    Algorithm algorithm = fetch("SHA256");
    Context context = codec::context();
};

Sha256::Sha256() : m_implementation(std::make_unique<Implementation>()) {
    EVP_DigestInit_ex2(m_implementation->context.get(), m_implementation->algorithm.get(), nullptr);
}
Sha256::~Sha256() = default;
void Sha256::update(base::ByteView bytes) { EVP_DigestUpdate(m_implementation->context.get(), bytes.data(), bytes.size()); }
Sha256::Value Sha256::finish() {
    Value value{};
    EVP_DigestFinal_ex(m_implementation->context.get(), out(value.data()), nullptr);
    EVP_DigestInit_ex2(m_implementation->context.get(), m_implementation->algorithm.get(), nullptr);
    return value;
}
Sha256::Value Sha256::of(base::ByteView bytes) {
    Value value{};
    EVP_Digest(bytes.data(), bytes.size(), out(value.data()), nullptr, EVP_sha256(), nullptr);
    return value;
}

}  // namespace deadbox::codec
