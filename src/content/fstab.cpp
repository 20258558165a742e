#include "content/fstab.hpp"

#include <algorithm>
#include <array>

namespace deadbox::content {
namespace {

constexpr std::size_t k_most_entries = 4096;
constexpr std::string_view k_blank = " \t\r";

bool is_octal(char c) { return c >= '0' && c <= '7'; }

std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && text.size() - i > 3 && is_octal(text[i + 1]) && is_octal(text[i + 2]) && is_octal(text[i + 3])) {
            out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
            i += 3;
        } else out += text[i];
    }
    return out;
}

struct Tag {
    std::string_view name, folder;
};
constexpr Tag k_tags[] = {{"UUID", "/dev/disk/by-uuid/"}, {"LABEL", "/dev/disk/by-label/"},
                          {"PARTUUID", "/dev/disk/by-partuuid/"}, {"PARTLABEL", "/dev/disk/by-partlabel/"}};

}  // namespace

std::string MountEntry::tag(std::string_view wanted) const {
    for (const auto& [name, folder] : k_tags) {
        if (name != wanted) continue;
        if (device.starts_with(folder)) return device.substr(folder.size());
        if (device.size() <= name.size() || !device.starts_with(name) || device[name.size()] != '=') continue;
        auto value = std::string_view(device).substr(name.size() + 1);
        if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
            value = value.substr(1, value.size() - 2);
        return std::string(value);
    }
    return {};
}

std::vector<MountEntry> parse_fstab(std::string_view text) {
    std::vector<MountEntry> entries;
    for (std::size_t number = 1; !text.empty() && entries.size() < k_most_entries; ++number) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        std::array<std::string_view, 4> word;
        std::size_t count = 0;
        while (count < word.size()) {
            line.remove_prefix(std::min(line.find_first_not_of(k_blank), line.size()));
            if (line.empty()) break;
            const auto stop = std::min(line.find_first_of(k_blank), line.size());
            word[count++] = line.substr(0, stop);
            line.remove_prefix(stop);
        }
        if (count < 2 || word[0].front() == '#') continue;
        MountEntry entry{unescaped(word[0]), unescaped(word[1]), unescaped(word[2]), unescaped(word[3]), number};
        while (entry.mount_point.size() > 1 && entry.mount_point.ends_with('/')) entry.mount_point.pop_back();
        entries.push_back(std::move(entry));
    }
    return entries;
}

}  // namespace deadbox::content
