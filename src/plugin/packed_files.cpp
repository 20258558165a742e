#include "plugin/packed_files.hpp"

namespace deadbox::plugin {

void pack_file(std::string& files, std::string_view name, std::string_view digest) {
    std::size_t length = name.size();
    do {
        const auto low = static_cast<unsigned char>(length & 0x7f);
        length >>= 7;
        files += static_cast<char>(length != 0 ? low | 0x80 : low);
    } while (length != 0);
    files += name;
    digest = digest.substr(0, 255);
    files += static_cast<char>(digest.size());
    files += digest;
}

void for_each_packed(std::string_view files, base::FunctionRef<base::Next(std::string_view, std::string_view)> visit) {
    while (!files.empty()) {
        std::size_t length = 0, at = 0;
        for (unsigned shift = 0;; shift += 7) {
            if (at == files.size() || shift > 28) return;
            const auto byte = static_cast<unsigned char>(files[at++]);
            length |= static_cast<std::size_t>(byte & 0x7f) << shift;
            if ((byte & 0x80) == 0) break;
        }
        files.remove_prefix(at);
        if (length >= files.size()) return;
        const auto name = files.substr(0, length);
        const auto size = static_cast<unsigned char>(files[length]);
        files.remove_prefix(length + 1);
        if (size > files.size()) return;
        if (visit(name, files.substr(0, size)) == base::Next::stop) return;
        files.remove_prefix(size);
    }
}

std::optional<std::string_view> find_packed(std::string_view files, std::string_view name) {
    std::optional<std::string_view> found;
    for_each_packed(files, [&](std::string_view entry, std::string_view digest) {
        if (entry == name) found = digest;
        return entry < name ? base::Next::go_on : base::Next::stop;
    });
    return found;
}

}  // namespace deadbox::plugin
