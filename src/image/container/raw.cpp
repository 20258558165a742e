// Raw images: the bytes of the disk, in one file or split over several.
//   split = NAME.001 NAME.002 ... | NAME.000 NAME.001 ... | NAMEaa NAMEab ... (split(1), with any '.' or none before it)
// A number keeps its width: .001 to .999, .0001 to .9999 and so on.
#include <algorithm>
#include <optional>

#include "image/container/concat_source.hpp"
#include "image/container/formats.hpp"

namespace deadbox::image {
using base::Errc, base::fail, base::Gap, base::Result;
namespace {

constexpr std::size_t k_most_split_segments = 20'000;

struct Numbering {
    std::string stem;
    std::string suffix;  // of the first segment
    std::string name(std::uint64_t index) const;  // index 0 is the first; "" past the last that can be written
    bool letters = false;
};

std::string Numbering::name(std::uint64_t index) const {
    std::string text = suffix;
    const unsigned base = letters ? 26 : 10;
    const char zero = letters ? 'a' : '0';
    for (std::size_t i = text.size(); i-- > 0 && index > 0;) {
        const std::uint64_t digit = static_cast<std::uint64_t>(text[i] - zero) + index;
        text[i] = static_cast<char>(zero + static_cast<int>(digit % base));
        index = digit / base;
    }
    return index > 0 ? std::string() : stem + text;
}

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return c >= 'a' && c <= 'z'; }

// How the segments of a set are called whose first, by its name, is `name`; nullopt where it is no set's first.
// `later` is set where `name` looks like a later segment.
std::optional<Numbering> numbering(const std::string& name, bool& later) {
    std::size_t start = name.size();
    while (start > 0 && digit(name[start - 1])) --start;
    if (name.size() - start >= 2 && start > 1 && name[start - 1] == '.') {
        const std::string suffix = name.substr(start);
        const bool first = suffix.find_first_not_of('0') == std::string::npos ||
                           (suffix.back() == '1' && suffix.find_first_not_of('0') == suffix.size() - 1);
        if (first) return Numbering{name.substr(0, start), suffix, false};
        later = suffix.size() >= 3;
        return std::nullopt;
    }
    start = name.size();
    while (start > 0 && name[start - 1] == 'a') --start;
    const std::size_t width = std::min<std::size_t>(name.size() - start, 3);
    start = name.size() - width;
    // "data" is not a segment: the letters stand alone, after something that is no letter.
    if (width >= 2 && start > 0 && !letter(name[start - 1])) return Numbering{name.substr(0, start), std::string(width, 'a'), true};
    return std::nullopt;
}

class RawFormat final : public ContainerFormat {
public:
    std::string_view name() const override { return "raw"; }
    bool claims(const base::ByteSource&, const std::string&) const override { return true; }

    Result<Container> open(Segments& segments, std::uint32_t media, base::DamageSink& damage) const override {
        Container container;
        container.format = "raw";
        container.names = segments.names;
        const auto first = segments.files.front();
        bool later = false;
        const auto set = numbering(segments.names.front(), later);
        std::vector<ConcatSource::Piece> pieces{{first, 0, first->size()}};
        if (later) TRY(refuse_later(segments));
        if (set && segments.open_sibling) TRY(gather(segments, *set, pieces, container, damage));
        if (pieces.size() == 1) container.media = std::make_unique<base::SliceSource>(first, 0, first->size());
        else {
            container.format = "split-raw";
            container.media = std::make_unique<ConcatSource>(std::move(pieces), media);
        }
        return container;
    }

private:
    // "disk.003" beside "disk.002": the analyst picked a middle one.
    static Result<void> refuse_later(Segments& segments) {
        const std::string& name = segments.names.front();
        const auto dot = name.rfind('.');
        std::string width(name.size() - dot - 1, '0');
        for (const char last : {'1', '0'}) {
            width.back() = last;
            const std::string first = name.substr(0, dot + 1) + width;
            if (segments.open_sibling && segments.open_sibling(first))
                return fail(Errc::usage, "'" + name + "' is a later segment of a split image; give the first one, '" + first + "'");
        }
        return {};
    }

    static Result<void> gather(Segments& segments, const Numbering& set, std::vector<ConcatSource::Piece>& pieces,
                               Container& container, base::DamageSink& damage) {
        std::uint64_t size = pieces.front().length;
        for (std::uint64_t index = 1;; ++index) {
            const std::string name = set.name(index);
            if (name.empty()) break;
            if (index >= k_most_split_segments) return fail(Errc::limit, "the split image has more than 20,000 segments");
            auto next = segments.open_sibling(name);
            if (!next && next.error().code == Errc::not_found) {
                const std::string after = set.name(index + 1);
                if (!after.empty() && segments.open_sibling(after))
                    damage.damage({Gap::Level::gap, "container", "a segment of the split image is missing; what follows it is not read", "", name});
                break;
            }
            if (!next) return tl::unexpected(next.error());
            if ((*next)->size() > INT64_MAX - size) return fail(Errc::corrupt, "the segments are larger than a disk can be");
            size += (*next)->size();
            pieces.push_back({*next, 0, (*next)->size()});
            container.names.push_back(name);
        }
        return {};
    }
};

}  // namespace

const ContainerFormat& raw_format() {
    static const RawFormat format;
    return format;
}

}  // namespace deadbox::image
