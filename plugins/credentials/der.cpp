#include "credentials/der.hpp"

#include <optional>

namespace deadbox::plugins::credentials {
namespace {

using namespace std::string_view_literals;

constexpr unsigned k_integer = 0x02, k_octets = 0x04, k_oid = 0x06, k_sequence = 0x30;
constexpr std::string_view k_pbes = "\x2a\x86\x48\x86\xf7\x0d\x01\x05"sv, k_pbe12 = "\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01"sv;  // 1.2.840.113549.1.5, .12.1
constexpr std::string_view k_data = "\x2a\x86\x48\x86\xf7\x0d\x01\x07"sv;                                                        // 1.2.840.113549.1.7
constexpr std::string_view k_key_bag = "\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x01"sv, k_shrouded_bag = "\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x02"sv;
constexpr std::uint64_t k_slack = 2;  // a line break behind it

struct Element {
    unsigned tag = 0;
    std::uint64_t length = 0;     // as it is told
    std::string_view content;     // what of it is there
    std::string_view behind;
};

// Definite lengths only, as DER has them.
std::optional<Element> element(std::string_view bytes) {
    if (bytes.size() < 2) return std::nullopt;
    const auto byte = [&](std::size_t at) { return static_cast<unsigned>(static_cast<unsigned char>(bytes[at])); };
    Element e;
    e.tag = byte(0);
    std::size_t head = 2;
    e.length = byte(1);
    if (e.length >= 0x80) {
        const std::size_t count = e.length & 0x7f;
        if (count == 0 || count > 4 || bytes.size() < 2 + count) return std::nullopt;
        e.length = 0;
        for (std::size_t i = 0; i < count; ++i) e.length = e.length << 8 | byte(2 + i);
        head += count;
    }
    e.content = bytes.substr(head, e.length);
    e.behind = bytes.substr(head + e.content.size());
    return e;
}
bool is(const std::optional<Element>& e, unsigned tag) { return e && e->tag == tag; }
bool is_small(const std::optional<Element>& e, char value) { return is(e, k_integer) && e->length == 1 && e->content == std::string_view(&value, 1); }
// A SEQUENCE whose first element is an OID; that.
std::string_view algorithm(const std::optional<Element>& e) {
    if (!is(e, k_sequence)) return {};
    const auto oid = element(e->content);
    return is(oid, k_oid) ? oid->content : std::string_view();
}

// How many of its elements are INTEGERs, from the first on; 0 where something else stands there or one is cut off.
std::size_t integers(std::string_view bytes, std::size_t& bits) {
    std::size_t count = 0;
    for (auto e = element(bytes); is(e, k_integer); e = element(bytes), ++count) {
        if (count == 1) bits = e->length * 8;
        if (e->content.size() < e->length) break;
        bytes = e->behind;
    }
    return bytes.empty() ? count : 0;
}

}  // namespace

DerKey der_key(std::string_view bytes, std::uint64_t size) {
    const auto all = element(bytes);
    if (!is(all, k_sequence)) return {};
    const std::uint64_t head = bytes.size() - all->content.size() - all->behind.size();
    if (all->length < 16 || size < head || size - head < all->length || size - head - all->length > k_slack) return {};
    const auto first = element(all->content);
    if (!first || first->content.size() < first->length) return {};
    const auto second = element(first->behind);
    if (!second) return {};
    if (const auto oid = algorithm(first); oid.starts_with(k_pbes) || oid.starts_with(k_pbe12)) return is(second, k_octets) && second->behind.empty() ? DerKey{"PKCS #8", true} : DerKey{};
    if (is_small(first, 3)) {
        if (!algorithm(second).starts_with(k_data)) return {};
        const bool open = bytes.find(k_key_bag) != std::string_view::npos;
        return {"PKCS #12", !open, open || bytes.find(k_shrouded_bag) != std::string_view::npos};
    }
    const bool zero = is_small(first, 0), one = is_small(first, 1);
    if (!zero && !one) return {};
    if (!algorithm(second).empty()) return is(element(second->behind), k_octets) ? DerKey{"PKCS #8"} : DerKey{};
    if (one && is(second, k_octets)) return second->length >= 20 && second->length <= 66 && second->content.size() == second->length && (second->behind.empty() || (static_cast<unsigned char>(second->behind.front()) & 0xfe) == 0xa0) ? DerKey{"SEC 1"} : DerKey{};
    std::size_t bits = 0;
    const auto count = integers(all->content, bits);
    if (bits < 504) return {};
    return count == 9 ? DerKey{"PKCS #1"} : count == 6 && zero ? DerKey{"DSA"} : DerKey{};
}

}  // namespace deadbox::plugins::credentials
