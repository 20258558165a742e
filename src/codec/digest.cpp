#include "codec/digest.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "codec/md5.hpp"
#include "codec/sha.hpp"

namespace deadbox::codec {
namespace {

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Algorithm = std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)>;

Algorithm fetch(const char* name) { return {EVP_MD_fetch(nullptr, name, nullptr), &EVP_MD_free}; }
Context context() { return {EVP_MD_CTX_new(), &EVP_MD_CTX_free}; }
unsigned char* out(std::byte* bytes) { return reinterpret_cast<unsigned char*>(bytes); }

}  // namespace

// One block buffer and length for all three. SHA-1 and SHA-256 go by OpenSSL where the processor has no instructions for them.
struct Digester::Implementation {
    struct File {
        Md5State md5{};
        Sha1State sha1{};
        Sha256State sha256{};
        std::array<std::byte, k_digest_block> rest{};  // bytes that make no whole block yet
        std::uint64_t size = 0;
        Context openssl_sha1{nullptr, &EVP_MD_CTX_free}, openssl_sha256{nullptr, &EVP_MD_CTX_free};
    };
    struct Run {
        File* file;
        const std::byte* data;
        std::size_t blocks;
    };
    const bool own_sha = has_sha_instructions();
    Algorithm sha1 = fetch("SHA1"), sha256 = fetch("SHA256");
    std::vector<File> files;
    std::vector<Run> runs;  // these two are kept from call to call
    std::vector<BlockRun> of_one;

    // Takes `runs` in.
    void compress() {
        const auto all = [&](auto state) -> std::span<BlockRun> {
            of_one.clear();
            for (const auto& run : runs) of_one.push_back({state(*run.file), run.data, run.blocks});
            return of_one;
        };
        md5_compress(all([](File& file) { return file.md5.data(); }));
        if (own_sha) {
            sha1_compress(all([](File& file) { return file.sha1.data(); }));
            sha256_compress(all([](File& file) { return file.sha256.data(); }));
        }
        runs.clear();
    }

    // What `bytes` make whole together with what was left is taken in; the bulk of them is put to the runs.
    void take(File& file, base::ByteView bytes) {
        const auto held = static_cast<std::size_t>(file.size % k_digest_block);
        file.size += bytes.size();
        if (held > 0) {
            const auto part = bytes.first(std::min(k_digest_block - held, bytes.size()));
            std::copy(part.begin(), part.end(), file.rest.begin() + static_cast<std::ptrdiff_t>(held));
            bytes = bytes.subspan(part.size());
            if (held + part.size() < k_digest_block) return;
            single(file, file.rest.data(), 1);
        }
        const std::size_t blocks = bytes.size() / k_digest_block;
        if (blocks > 0) runs.push_back({&file, bytes.data(), blocks});
        const auto rest = bytes.subspan(blocks * k_digest_block);
        std::copy(rest.begin(), rest.end(), file.rest.begin());
    }

    void single(File& file, const std::byte* data, std::size_t blocks) {
        BlockRun run{file.md5.data(), data, blocks};
        md5_compress({&run, 1});
        if (!own_sha) return;
        run = {file.sha1.data(), data, blocks};
        sha1_compress({&run, 1});
        run = {file.sha256.data(), data, blocks};
        sha256_compress({&run, 1});
    }

    // A bit, zeros, and the length in bits, to the end of a block: little-endian for MD5, big-endian for the others.
    void end(File& file) {
        std::array<std::byte, 2 * k_digest_block> last{};
        const auto held = static_cast<std::size_t>(file.size % k_digest_block);
        std::copy_n(file.rest.begin(), held, last.begin());
        last[held] = std::byte{0x80};
        const std::size_t blocks = held < k_digest_block - 8 ? 1 : 2;
        const auto length = std::span(last).subspan(blocks * k_digest_block - 8, 8);
        for (std::size_t i = 0; i < 8; ++i) length[i] = static_cast<std::byte>(file.size * 8 >> (8 * i));
        BlockRun run{file.md5.data(), last.data(), blocks};
        md5_compress({&run, 1});
        if (!own_sha) return;
        std::reverse(length.begin(), length.end());
        run = {file.sha1.data(), last.data(), blocks};
        sha1_compress({&run, 1});
        run = {file.sha256.data(), last.data(), blocks};
        sha256_compress({&run, 1});
    }
};

namespace {

template <std::size_t Words>
void put_words(const std::array<std::uint32_t, Words>& state, std::array<std::byte, 4 * Words>& digest, std::endian order) {
    for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::byte>(state[i / 4] >> (8 * (order == std::endian::little ? i % 4 : 3 - i % 4)));
}

}  // namespace

Digester::Digester(std::size_t files) : m_implementation(std::make_unique<Implementation>()) {
    m_implementation->files.resize(files);
    if (m_implementation->own_sha) return;
    for (auto& file : m_implementation->files) file.openssl_sha1 = context(), file.openssl_sha256 = context();
}
Digester::~Digester() = default;
std::size_t Digester::capacity() const { return m_implementation->files.size(); }

void Digester::begin(Slot slot) {
    auto& file = m_implementation->files[slot];
    file.md5 = k_md5_start, file.sha1 = k_sha1_start, file.sha256 = k_sha256_start, file.size = 0;
    if (m_implementation->own_sha) return;
    EVP_DigestInit_ex2(file.openssl_sha1.get(), m_implementation->sha1.get(), nullptr);
    EVP_DigestInit_ex2(file.openssl_sha256.get(), m_implementation->sha256.get(), nullptr);
}

void Digester::update(std::span<const Piece> pieces) {
    for (const auto& piece : pieces) {
        auto& file = m_implementation->files[piece.slot];
        if (!m_implementation->own_sha) {
            EVP_DigestUpdate(file.openssl_sha1.get(), piece.bytes.data(), piece.bytes.size());
            EVP_DigestUpdate(file.openssl_sha256.get(), piece.bytes.data(), piece.bytes.size());
        }
        m_implementation->take(file, piece.bytes);
    }
    m_implementation->compress();
}

Digests Digester::finish(Slot slot) {
    auto& file = m_implementation->files[slot];
    Digests digests;
    m_implementation->end(file);
    put_words(file.md5, digests.md5, std::endian::little);
    put_words(file.sha1, digests.sha1, std::endian::big);
    put_words(file.sha256, digests.sha256, std::endian::big);
    if (m_implementation->own_sha) return digests;
    EVP_DigestFinal_ex(file.openssl_sha1.get(), out(digests.sha1.data()), nullptr);
    EVP_DigestFinal_ex(file.openssl_sha256.get(), out(digests.sha256.data()), nullptr);
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
