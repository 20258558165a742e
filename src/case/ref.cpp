#include "case/ref.hpp"

#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <vector>

#include "base/encoding.hpp"

namespace deadbox::case_file {
namespace {

class ShortHash {
public:
    ShortHash() : m_context(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
        static EVP_MD* const k_sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);  // fetched once: each fetch costs more than the hash
        EVP_DigestInit_ex(m_context.get(), k_sha256, nullptr);
    }
    ShortHash& add(base::ByteView bytes) {
        EVP_DigestUpdate(m_context.get(), bytes.data(), bytes.size());
        return *this;
    }
    // The first `bytes` bytes of the digest in hexadecimal.
    std::string digits(std::size_t bytes) {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        EVP_DigestFinal_ex(m_context.get(), digest.data(), nullptr);
        return base::to_hex(std::as_bytes(std::span(digest.data(), bytes)));
    }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> m_context;
};

std::string name_digits(std::int64_t directory, std::string_view name) {
    std::array<std::byte, 8> number{};
    for (std::size_t i = 0; i < number.size(); ++i) number[i] = static_cast<std::byte>(number_of(directory) >> (8 * i) & 0xff);
    return ShortHash().add(number).add(base::as_bytes(name)).digits(8);
}

std::optional<std::int64_t> decimal(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

}  // namespace

base::Result<Refs> Refs::load(const Database& database) {
    Refs refs;
    TRY_ASSIGN(Statement volumes, database.prepare("SELECT v.id, e.identity, v.uuid FROM volume v JOIN evidence e ON e.id = v.evidence ORDER BY v.id"));
    std::map<std::int64_t, std::string> part;
    std::map<std::string, int> seen;
    for (;;) {
        TRY_ASSIGN(const bool row, volumes.step());
        if (!row) break;
        std::string media(volumes.text(1).substr(0, 8));
        media.resize(8, '0');
        std::string text = media + "-" + ShortHash().add(base::as_bytes(volumes.text(2))).digits(4);
        if (const int tie = seen[text]++; tie > 0) text += "." + std::to_string(tie);
        part.emplace(volumes.integer(0), std::move(text));
    }
    TRY_ASSIGN(Statement trees, database.prepare("SELECT id, volume, state FROM tree ORDER BY id"));
    for (;;) {
        TRY_ASSIGN(const bool row, trees.step());
        if (!row) break;
        std::string prefix = part[trees.integer(1)] + "-" + std::to_string(trees.integer(2));
        refs.m_tree_of_prefix.emplace(prefix, trees.integer(0));
        refs.m_prefix_of_tree.emplace(trees.integer(0), std::move(prefix));
    }
    return refs;
}

std::string Refs::of_inode(std::int64_t inode, std::int64_t generation) const {
    const auto tree = m_prefix_of_tree.find(tree_of(inode));
    if (tree == m_prefix_of_tree.end()) return {};
    return tree->second + "-" + std::to_string(number_of(inode)) + "-" + std::to_string(generation);
}

std::string Refs::of_name(std::int64_t inode, std::int64_t generation, std::int64_t directory, std::string_view name) const {
    std::string ref = of_inode(inode, generation);
    return ref.empty() ? ref : ref + "-" + name_digits(directory, name);
}

base::Result<RefTarget> Refs::resolve(const Database& database, std::string_view ref) const {
    std::vector<std::string_view> part;
    for (std::string_view rest = ref;;) {
        const auto dash = rest.find('-');
        part.push_back(rest.substr(0, dash));
        if (dash == std::string_view::npos || part.size() > 6) break;
        rest.remove_prefix(dash + 1);
    }
    const auto number = part.size() > 4 ? decimal(part[3]) : std::nullopt;
    const auto generation = part.size() > 4 ? decimal(part[4]) : std::nullopt;
    if (part.size() > 6 || !number || !generation || (part.size() == 6 && part[5].size() != 16)) return base::fail(base::Errc::usage, "this is not a ref: " + std::string(ref));
    const auto tree = m_tree_of_prefix.find(ref.substr(0, part[0].size() + part[1].size() + part[2].size() + 2));
    if (tree == m_tree_of_prefix.end()) return base::fail(base::Errc::not_found, "this ref names a file of other evidence: " + std::string(ref));
    RefTarget target;
    target.inode = tree->second << k_tree_shift | *number;
    const auto missing = [&] { return base::fail(base::Errc::not_found, "no file of this case has the ref " + std::string(ref)); };

    TRY_ASSIGN(Statement inode, database.prepare("SELECT generation FROM inode WHERE id = ?"));
    inode.bind(1, target.inode);
    TRY_ASSIGN(const bool there, inode.step());
    if (!there || inode.integer(0) != *generation) return missing();
    if (part.size() == 5) return target;

    // The folders that are known to name it are asked first; a stale name may lie in any other.
    for (const std::string_view sql : {"SELECT directory, name FROM name WHERE directory IN (SELECT parent FROM inode WHERE id = ?1 UNION SELECT directory FROM link "
                                       "WHERE inode = ?1) AND inode = ?1",
                                       "SELECT directory, name FROM name WHERE inode = ?1"}) {
        TRY_ASSIGN(Statement names, database.prepare(sql));
        names.bind(1, target.inode);
        for (;;) {
            TRY_ASSIGN(const bool row, names.step());
            if (!row) break;
            if (name_digits(names.integer(0), names.text(1)) != part[5]) continue;
            target.directory = names.integer(0);
            target.name = names.text(1);
            return target;
        }
    }
    return missing();
}

}  // namespace deadbox::case_file
