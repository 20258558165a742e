#include "report/uuid.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>

#include "base/encoding.hpp"

namespace deadbox::report {

std::string uuid5(std::string_view space, std::string_view name) {
    std::string digits;
    for (const char c : space)
        if (c != '-') digits += c;
    const std::string bytes = base::from_hex(digits).value_or("") + std::string(name);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
    digest[6] = static_cast<unsigned char>((digest[6] & 0x0f) | 0x50);
    digest[8] = static_cast<unsigned char>((digest[8] & 0x3f) | 0x80);
    std::string text = base::to_hex(std::as_bytes(std::span(digest.data(), 16)));
    for (const std::size_t at : {std::size_t{20}, std::size_t{16}, std::size_t{12}, std::size_t{8}}) text.insert(at, 1, '-');
    return text;
}

}  // namespace deadbox::report
