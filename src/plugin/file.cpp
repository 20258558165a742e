#include "plugin/file.hpp"

namespace deadbox::plugin {

std::optional<std::string> companion_path(std::string_view path, std::string_view suffix) {
    const auto arrow = suffix.find('>');
    if (arrow == std::string_view::npos) return std::string(path) + std::string(suffix);
    const auto ending = suffix.substr(0, arrow);
    if (!path.ends_with(ending)) return std::nullopt;
    return std::string(path.substr(0, path.size() - ending.size())) + std::string(suffix.substr(arrow + 1));
}

base::Result<std::vector<std::byte>> read_all(const File& file, std::size_t most) {
    const auto& source = file.bytes();
    if (source.size() > most) return base::fail(base::Errc::limit, "larger than is read at once");
    return base::read_bytes(source, 0, static_cast<std::size_t>(source.size()));
}

base::Result<void> for_each_line(const File& file,
                                 const std::function<void(std::string_view, std::uint64_t, std::uint64_t)>& visit) {
    constexpr std::size_t k_longest = 64 * 1024;
    TRY_ASSIGN(const auto stream, file.text());
    std::vector<std::byte> block(256 * 1024);
    std::string line;
    std::uint64_t line_offset = 0, offset = 0, number = 0;
    for (;;) {
        TRY_ASSIGN(const std::size_t got, stream->read(block));
        if (got == 0) break;
        std::string_view rest = base::as_text(base::ByteView(block).first(got));
        while (!rest.empty()) {
            const auto end = rest.find('\n');
            const auto part = rest.substr(0, end);
            if (line.empty() && end != std::string_view::npos && part.size() <= k_longest) {
                visit(part, line_offset, ++number);
            } else {
                if (line.size() < k_longest) line.append(part.substr(0, k_longest - line.size()));
                if (end != std::string_view::npos) {
                    visit(line, line_offset, ++number);
                    line.clear();
                }
            }
            const auto used = end == std::string_view::npos ? rest.size() : end + 1;
            offset += used;
            rest.remove_prefix(used);
            if (end != std::string_view::npos) line_offset = offset;
        }
    }
    if (!line.empty()) visit(line, line_offset, ++number);
    return {};
}

}  // namespace deadbox::plugin
