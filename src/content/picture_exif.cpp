// EXIF 2.32 (JEITA CP-3451E), which is TIFF 6.0:
//   block := ("II" | "MM") 42(u16) directory-offset(u32)
//   directory := count(u16) entry[count] next(u32)
//   entry := tag(u16) type(u16) count(u32) (value | offset)(4 bytes)
#include <array>
#include <cstdio>
#include <optional>

#include "content/picture_facts.hpp"

namespace deadbox::content {
namespace {

constexpr std::size_t k_field = 12, k_most_fields = 512;
constexpr std::uint16_t k_byte = 1, k_ascii = 2, k_short = 3, k_long = 4, k_rational = 5, k_undefined = 7;
constexpr std::uint16_t k_exif_directory = 0x8769, k_gps_directory = 0x8825;

struct Named {
    std::uint16_t tag;
    std::string_view name;
};
constexpr std::array<Named, 17> k_field_names{{{0x010e, "description"}, {0x010f, "camera make"}, {0x0110, "camera model"}, {0x0131, "software"}, {0x0132, "changed"}, {0x013b, "artist"},
                                        {0x8298, "copyright"}, {0x9003, "taken"}, {0x9004, "digitized"}, {0x9010, "time offset"}, {0x9286, "comment"}, {0xa420, "picture id"},
                                        {0xa430, "camera owner"}, {0xa431, "camera serial number"}, {0xa433, "lens make"}, {0xa434, "lens model"}, {0x0112, "orientation"}}};

class Exif {
public:
    Exif(base::ByteView bytes, std::vector<PictureFact>& facts) : m_bytes(bytes), m_facts(facts), m_big(base::as_text(bytes).starts_with("MM")) {}

    void read() {
        if (!m_big && !base::as_text(m_bytes).starts_with("II")) return;
        if (u16(2) != 42) return;
        const auto first = u32(4);
        std::optional<std::uint32_t> exif, gps;
        each(first, [&](std::uint16_t tag, std::uint16_t type, std::uint32_t count, std::size_t at) {
            if (tag == k_exif_directory) exif = u32(at);
            else if (tag == k_gps_directory) gps = u32(at);
            else take(tag, type, count, at);
        });
        if (exif) each(*exif, [&](std::uint16_t tag, std::uint16_t type, std::uint32_t count, std::size_t at) { take(tag, type, count, at); });
        if (gps) read_gps(*gps);
    }

private:
    std::uint16_t u16(std::size_t at) const { return m_big ? base::load_be16(m_bytes, at) : base::load_le16(m_bytes, at); }
    std::uint32_t u32(std::size_t at) const { return m_big ? base::load_be32(m_bytes, at) : base::load_le32(m_bytes, at); }

    template <class Visit>
    void each(std::size_t directory, Visit visit) const {
        if (directory > m_bytes.size() || m_bytes.size() - directory < 2) return;
        const std::size_t count = std::min<std::size_t>(u16(directory), k_most_fields);
        for (std::size_t i = 0; i < count; ++i) {
            const auto at = directory + 2 + i * k_field;
            if (at > m_bytes.size() || m_bytes.size() - at < k_field) return;
            visit(u16(at), u16(at + 2), u32(at + 4), at + 8);
        }
    }

    static std::size_t width(std::uint16_t type) { return type == k_byte || type == k_ascii || type == k_undefined ? 1 : type == k_short ? 2 : type == k_long ? 4 : type == k_rational ? 8 : 0; }

    // The bytes of a value, which stand in the entry where they are four or fewer.
    base::ByteView value(std::uint16_t type, std::uint32_t count, std::size_t at) const {
        const std::uint64_t length = std::uint64_t{width(type)} * count;
        const std::size_t from = length <= 4 ? at : u32(at);
        if (from > m_bytes.size() || length > m_bytes.size() - from) return {};
        return m_bytes.subspan(from, static_cast<std::size_t>(length));
    }

    void take(std::uint16_t tag, std::uint16_t type, std::uint32_t count, std::size_t at) const {
        for (const auto& [wanted, name] : k_field_names) {
            if (wanted != tag) continue;
            if (type == k_short) return add_fact(m_facts, name, std::to_string(u16(at)));
            auto text = base::as_text(value(type, count, at));
            if (tag == 0x9286 && text.size() >= 8) text.remove_prefix(8);  // a comment begins with the name of its encoding
            return add_fact(m_facts, name, text.substr(0, text.find('\0')));
        }
    }

    std::optional<double> rational(base::ByteView bytes, std::size_t place) const {
        if (bytes.size() < (place + 1) * 8) return {};
        const auto load = [&](std::size_t offset) { return m_big ? base::load_be32(bytes, offset) : base::load_le32(bytes, offset); };
        const auto below = load(place * 8 + 4);
        if (below == 0) return {};
        return static_cast<double>(load(place * 8)) / below;
    }

    std::optional<double> degrees(base::ByteView bytes, bool negative) const {
        const auto d = rational(bytes, 0), m = rational(bytes, 1), s = rational(bytes, 2);
        if (!d) return {};
        const double all = *d + m.value_or(0) / 60 + s.value_or(0) / 3600;
        return negative ? -all : all;
    }

    void read_gps(std::size_t directory) const {
        bool south = false, west = false;
        base::ByteView latitude, longitude, altitude;
        std::string date;
        each(directory, [&](std::uint16_t tag, std::uint16_t type, std::uint32_t count, std::size_t at) {
            const auto bytes = value(type, count, at);
            if (tag == 1) south = base::as_text(bytes).starts_with('S');
            else if (tag == 2) latitude = bytes;
            else if (tag == 3) west = base::as_text(bytes).starts_with('W');
            else if (tag == 4) longitude = bytes;
            else if (tag == 6) altitude = bytes;
            else if (tag == 0x1d) date = base::as_text(bytes);
        });
        const auto north = degrees(latitude, south), east = degrees(longitude, west);
        char text[64];
        if (north && east) std::snprintf(text, sizeof text, "%.6f, %.6f", *north, *east), add_fact(m_facts, "position", text);
        if (const auto height = rational(altitude, 0)) std::snprintf(text, sizeof text, "%.1f m", *height), add_fact(m_facts, "altitude", text);
        add_fact(m_facts, "satellite date", std::string_view(date).substr(0, date.find('\0')));
    }

    base::ByteView m_bytes;
    std::vector<PictureFact>& m_facts;
    bool m_big;
};

}  // namespace

void add_fact(std::vector<PictureFact>& facts, std::string_view name, std::string_view value) {
    constexpr std::size_t k_longest = 1024, k_most = 200;
    while (!value.empty() && (value.back() == ' ' || value.back() == '\0')) value.remove_suffix(1);
    if (!value.empty() && facts.size() < k_most) facts.push_back({name, std::string(value.substr(0, k_longest))});
}

void read_exif(base::ByteView tiff, std::vector<PictureFact>& facts) { Exif(tiff, facts).read(); }

}  // namespace deadbox::content
