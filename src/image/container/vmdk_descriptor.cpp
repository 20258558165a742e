// descriptor = line*
//   line   = '#' comment | name '=' value | extent
//   extent = ("RW"|"RDONLY"|"NOACCESS") sectors kind ['"' file '"' [start]]
#include "image/container/vmdk_descriptor.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace deadbox::image {
using base::Errc, base::fail, base::Result;
namespace {

constexpr std::size_t k_most_extents = 4096;
constexpr std::uint64_t k_most_sectors = std::uint64_t{1} << 54;

std::string_view trimmed(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\0'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

std::string_view word(std::string_view& line) {
    line = trimmed(line);
    const auto end = std::min(line.find_first_of(" \t"), line.size());
    const auto found = line.substr(0, end);
    line.remove_prefix(end);
    return found;
}

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string lower(std::string_view text) {
    std::string copy(text);
    std::transform(copy.begin(), copy.end(), copy.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return copy;
}

std::string unquoted(std::string_view text) {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
    return std::string(text);
}

Result<VmdkExtent> decode_extent(std::string_view line) {
    VmdkExtent extent;
    const auto sectors = number(word(line));
    extent.kind = word(line);
    line = trimmed(line);
    if (!sectors || *sectors > k_most_sectors || extent.kind.empty()) return fail(Errc::corrupt, "an extent of the VMDK descriptor makes no sense");
    extent.sectors = *sectors;
    if (line.starts_with('"')) {
        const auto end = line.find('"', 1);
        if (end == std::string_view::npos) return fail(Errc::corrupt, "an extent's file name in the VMDK descriptor has no end");
        extent.file = line.substr(1, end - 1);
        line.remove_prefix(end + 1);
        if (const auto start = word(line); !start.empty()) {
            const auto value = number(start);
            if (!value || *value > k_most_sectors) return fail(Errc::corrupt, "an extent's start in the VMDK descriptor makes no sense");
            extent.start = *value;
        }
    }
    return extent;
}

}  // namespace

std::uint64_t VmdkDescriptor::sectors() const {
    std::uint64_t sum = 0;
    for (const auto& extent : extents) sum += extent.sectors;
    return sum;
}

bool is_vmdk_descriptor(base::ByteView head) {
    const auto text = base::as_text(head.first(std::min<std::size_t>(head.size(), 512)));
    return trimmed(text).starts_with("# Disk DescriptorFile");
}

Result<VmdkDescriptor> decode_vmdk_descriptor(std::string_view text) {
    VmdkDescriptor descriptor;
    bool based = false;
    std::uint64_t sum = 0;
    text = text.substr(0, text.find('\0'));
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.front() == '#') continue;
        auto rest = line;
        const auto first = word(rest);
        if (first == "RW" || first == "RDONLY" || first == "NOACCESS") {
            TRY_ASSIGN(auto extent, decode_extent(rest));
            sum += extent.sectors;
            if (descriptor.extents.size() >= k_most_extents || sum > k_most_sectors) return fail(Errc::limit, "the VMDK has too many or too large extents");
            if (extent.sectors > 0) descriptor.extents.push_back(std::move(extent));
            continue;
        }
        const auto equals = line.find('=');
        if (equals == std::string_view::npos) continue;
        const auto name = lower(trimmed(line.substr(0, equals)));
        const auto value = trimmed(line.substr(equals + 1));
        if (name == "createtype") descriptor.create_type = unquoted(value);
        if (name == "parentcid") based = lower(value) != "ffffffff";
        if (name == "parentfilenamehint") descriptor.parent = unquoted(value);
    }
    if (!based) descriptor.parent.clear();
    else if (descriptor.parent.empty()) return fail(Errc::corrupt, "the VMDK is a snapshot's difference and does not name its base");
    return descriptor;
}

}  // namespace deadbox::image
