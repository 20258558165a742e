#include "image/ext/ciphertext.hpp"

#include <algorithm>
#include <vector>

#include "codec/digest.hpp"

namespace deadbox::image::ext {
namespace {

constexpr std::size_t k_plain_bytes = 149, k_hash_bytes = 8;

std::string base64url(base::ByteView bytes) {
    static constexpr std::string_view k_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    std::uint32_t bits = 0;
    int count = 0;
    for (const auto byte : bytes) {
        bits = (bits << 8 | std::to_integer<std::uint32_t>(byte)) & 0xffff;
        for (count += 8; count >= 6; count -= 6) text += k_digits[bits >> (count - 6) & 63];
    }
    if (count > 0) text += k_digits[bits << (6 - count) & 63];
    return text;
}

std::string shown(base::ByteView ciphertext, std::size_t zeros) {
    std::vector<std::byte> all(zeros);
    const auto plain = ciphertext.first(std::min(ciphertext.size(), k_plain_bytes));
    all.insert(all.end(), plain.begin(), plain.end());
    if (plain.size() < ciphertext.size()) {
        const auto rest = codec::Sha256::of(ciphertext.subspan(plain.size()));
        all.insert(all.end(), rest.begin(), rest.end());
    }
    return base64url(all);
}

}  // namespace

std::string shown_name(base::ByteView ciphertext) { return shown(ciphertext, 0); }

std::string shown_target(base::ByteView stored) {
    if (stored.size() <= 2) return {};
    const std::size_t length = base::load_le16(stored, 0);
    return shown(stored.subspan(2, std::min(length, stored.size() - 2)), k_hash_bytes);
}

}  // namespace deadbox::image::ext
