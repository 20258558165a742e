#include "manifest.hpp"

#include <algorithm>
#include <map>
#include <ostream>
#include <set>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace deadbox::test {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 32 || byte == 127 || c == '\\') out += fmt::format("\\x{:02x}", byte); else out += c;
    }
    return out;
}

std::string hex(base::ByteView bytes) {
    std::string out;
    for (const auto byte : bytes) out += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
    return out;
}

class Sha256 {
public:
    Sha256() : m_context(EVP_MD_CTX_new()) { EVP_DigestInit_ex(m_context, EVP_sha256(), nullptr); }
    ~Sha256() { EVP_MD_CTX_free(m_context); }
    Sha256(const Sha256&) = delete;
    void add(base::ByteView bytes) { EVP_DigestUpdate(m_context, bytes.data(), bytes.size()); }
    std::string value() {
        std::byte digest[32];
        EVP_DigestFinal_ex(m_context, reinterpret_cast<unsigned char*>(digest), nullptr);
        return hex(digest);
    }

private:
    EVP_MD_CTX* m_context;
};

std::string digest(const image::FileSystem& filesystem, std::uint64_t number) {
    const auto content = filesystem.content({number, 0});
    if (!content) return "READERR";
    Sha256 sha;
    static std::vector<std::byte> buffer(1 << 20);
    for (std::uint64_t at = 0;;) {
        const auto got = (*content)->read_at(at, buffer);
        if (!got) return "READERR";
        if (*got == 0) break;
        sha.add(std::span(buffer).first(*got));
        at += *got;
    }
    return sha.value();
}

std::string time(char letter, const std::optional<base::Timestamp>& time) {
    const auto value = time.value_or(base::Timestamp{});
    return fmt::format("{}{}.{:09}", letter, value.seconds, value.nanoseconds);
}

unsigned type_bits(image::FileType type) {
    using enum image::FileType;
    switch (type) {
        case fifo: return 0010000;
        case character: return 0020000;
        case directory: return 0040000;
        case block: return 0060000;
        case file: return 0100000;
        case symlink: return 0120000;
        case socket: return 0140000;
        case unknown: break;
    }
    return 0;
}

}  // namespace

std::string manifest_line(const image::FileSystem& filesystem, const image::Inode& inode, const std::string& shown, Digests digests) {
    const bool device = inode.type == image::FileType::character || inode.type == image::FileType::block;
    std::string line = fmt::format("{}\t{}\t{:o}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{:x}\t{}\t{}\t", shown, inode.number, type_bits(inode.type) | inode.mode,
                                   inode.uid, inode.gid, inode.links, inode.size, time('a', inode.accessed), time('m', inode.modified),
                                   time('c', inode.changed), time('b', inode.born),
                                   device ? std::uint64_t{inode.device_major} << 20 | inode.device_minor : 0, escaped(inode.target),
                                   inode.type == image::FileType::file && digests == Digests::compute ? digest(filesystem, inode.number) : "");
    std::map<std::string, std::string> attributes;
    for (const auto& attribute : inode.attributes) attributes.emplace(attribute.name, attribute.value);
    for (const auto& [name, value] : attributes) line += escaped(name) + "=" + hex(base::as_bytes(value)) + ";";
    return line;
}

void write_manifest(const image::FileSystem& filesystem, std::ostream& out, Digests digests, Removed removed) {
    struct Todo {
        std::uint64_t inode;
        std::string path;
        bool allocated;
    };
    std::vector<Todo> todo{{filesystem.root(0).number, "", true}};
    std::set<std::uint64_t> seen;
    image::Inode inode;
    while (!todo.empty()) {
        const Todo here = std::move(todo.back());
        todo.pop_back();
        const std::string shown = escaped(here.path.empty() ? "/" : here.path) + (here.allocated ? "" : " (removed)");
        if (auto read = filesystem.inode({here.inode, 0}, inode); !read) {
            out << shown << "\t" << here.inode << "\tERROR " << read.error().what << "\n";
            continue;
        }
        out << manifest_line(filesystem, inode, shown, digests);
        out << (here.allocated ? "" : inode.allocated ? "REALLOCATED" : "") << "\n";
        if (inode.type != image::FileType::directory || !here.allocated || !seen.insert(here.inode).second || here.path.size() > 100'000) continue;
        std::vector<Todo> names;
        const auto walked = filesystem.entries({here.inode, 0}, [&](const image::Entry& entry) {
            if (entry.allocated || removed == Removed::list) names.push_back({entry.inode, here.path + "/" + std::string(entry.name), entry.allocated});
            return base::Next::go_on;
        });
        if (!walked) out << shown << "\tERROR " << walked.error().what << "\n";
        std::move(names.rbegin(), names.rend(), std::back_inserter(todo));
    }
}

}  // namespace deadbox::test
