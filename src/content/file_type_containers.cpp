#include <algorithm>
#include <array>

#include "base/bytes.hpp"
#include "content/file_type_rules.hpp"

namespace deadbox::content::type_rules {
namespace {

using namespace std::string_view_literals;
using base::as_bytes;

struct MagicRow {
    std::string_view magic;
    std::string_view type;
};

template <std::size_t N>
std::string_view look_up(const std::array<MagicRow, N>& table, std::string_view text) {
    for (const auto& row : table) {
        if (text.starts_with(row.magic)) return row.type;
    }
    return "";
}

// ISO base media brands (ISO/IEC 14496-12; https://mp4ra.org)
constexpr auto k_brands = std::to_array<MagicRow>({
    {"M4A"sv, "audio/x-m4a"}, {"M4B"sv, "audio/x-m4a"}, {"M4P"sv, "audio/x-m4a"}, {"M4V"sv, "video/x-m4v"}, {"qt  "sv, "video/quicktime"},
    {"3gp"sv, "video/3gpp"}, {"3g2"sv, "video/3gpp2"}, {"heic"sv, "image/heic"}, {"heix"sv, "image/heic"}, {"hevc"sv, "image/heic-sequence"},
    {"mif1"sv, "image/heif"}, {"msf1"sv, "image/heif-sequence"}, {"avif"sv, "image/avif"}, {"avis"sv, "image/avif"}, {"crx "sv, "image/x-canon-cr3"},
    {"F4A"sv, "audio/mp4"}, {"jp2"sv, "image/jp2"},
});

// The form of a RIFF file.
constexpr auto k_riff = std::to_array<MagicRow>({
    {"WEBP"sv, "image/webp"}, {"WAVE"sv, "audio/x-wav"}, {"AVI "sv, "video/x-msvideo"}, {"ACON"sv, "application/x-navi-animation"},
    {"RMID"sv, "audio/midi"}, {"CDXA"sv, "video/mpeg"},
});

// The first packet of an Ogg stream.
constexpr auto k_ogg = std::to_array<MagicRow>({
    {"\x01vorbis"sv, "audio/ogg"}, {"OpusHead"sv, "audio/ogg"}, {"Speex   "sv, "audio/ogg"}, {"\x7f" "FLAC"sv, "audio/ogg"},
    {"\x80theora"sv, "video/ogg"}, {"fishead\0"sv, "video/ogg"}, {"BBCD\0"sv, "video/ogg"}, {"\1video\0"sv, "video/ogg"},
});

// What the names of a ZIP's first entries betray.
constexpr auto k_zip_names = std::to_array<MagicRow>({
    {"META-INF/"sv, "application/java-archive"}, {"AndroidManifest.xml"sv, "application/vnd.android.package-archive"},
    {"classes.dex"sv, "application/vnd.android.package-archive"}, {"word/"sv, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"xl/"sv, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"ppt/"sv, "application/vnd.openxmlformats-officedocument.presentationml.presentation"}, {"visio/"sv, "application/vnd.ms-visio.drawing.main+xml"},
});

}  // namespace

bool has_at_nocase(std::string_view b, std::size_t offset, std::string_view what) {
    if (offset > b.size() || what.size() > b.size() - offset) return false;
    for (std::size_t i = 0; i < what.size(); ++i) {
        char c = b[offset + i];
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        if (c != what[i]) return false;
    }
    return true;
}

// e_type: 1 relocatable, 2 executable, 3 shared, 4 core. A shared object that asks for an interpreter is a
// position-independent program.
std::string_view elf_type(std::string_view head) {
    if (head.size() < 52) return "application/octet-stream";
    const bool wide = byte_at(head, 4) == 2, big = byte_at(head, 5) == 2;
    const auto bytes = as_bytes(head);
    const auto u16 = [&](std::size_t o) { return big ? base::load_be16(bytes, o) : base::load_le16(bytes, o); };
    const auto u32 = [&](std::size_t o) { return big ? base::load_be32(bytes, o) : base::load_le32(bytes, o); };
    const auto u64 = [&](std::size_t o) { return big ? base::load_be64(bytes, o) : base::load_le64(bytes, o); };
    switch (u16(16)) {
        case 1: return "application/x-object";
        case 2: return "application/x-executable";
        case 4: return "application/x-coredump";
        case 3: break;
        default: return "application/octet-stream";
    }
    const std::uint64_t table = wide ? u64(32) : u32(28);
    const std::size_t entry = wide ? 56 : 32, count = std::min<std::size_t>(u16(wide ? 56 : 44), 64);
    for (std::size_t i = 0; i < count; ++i) {
        if (table > head.size() || (i + 1) * entry > head.size() - table) break;
        if (u32(static_cast<std::size_t>(table) + i * entry) == 3) return "application/x-executable";
    }
    return "application/x-sharedlib";
}

std::string_view iso_media_type(std::string_view head) {
    const auto size = base::load_be32(as_bytes(head), 0);
    if (size < 12 || size > 4096) return "application/octet-stream";
    if (const auto type = look_up(k_brands, head.substr(std::min<std::size_t>(8, head.size()))); !type.empty()) {
        // "mif1" with an avif or heic brand behind it is that.
        if (type != "image/heif") return type;
        for (std::size_t i = 16; i + 4 <= std::min<std::size_t>(size, head.size()); i += 4) {
            if (has_at(head, i, "avif")) return "image/avif";
            if (has_at(head, i, "heic")) return "image/heic";
        }
        return type;
    }
    return "video/mp4";
}

std::string_view riff_type(std::string_view head) { return head.size() < 12 ? ""sv : look_up(k_riff, head.substr(8)); }

std::string_view ogg_type(std::string_view head) {
    const std::size_t segments = byte_at(head, 26);
    if (27 + segments > head.size()) return "";
    const auto type = look_up(k_ogg, head.substr(27 + segments));
    if (type != "audio/ogg") return type;
    // A film may begin with its sound: look for a picture stream's first page.
    const auto second = head.find("OggS", 28 + segments);
    if (second != std::string_view::npos && second < 4096 && (byte_at(head, second + 5) & 2) != 0) {
        const std::size_t more = byte_at(head, second + 26);
        if (second + 27 + more <= head.size() && look_up(k_ogg, head.substr(second + 27 + more)) == "video/ogg") return "video/ogg";
    }
    return type;
}

// EBML header: DocType (42 82) is "matroska" or "webm".
std::string_view matroska_type(std::string_view head) {
    const auto start = head.substr(0, 128);
    const auto place = start.find("\x42\x82");
    if (place == std::string_view::npos || place + 3 > start.size()) return "";
    const auto name = start.substr(place + 3);
    return name.starts_with("webm") ? "video/webm"sv : name.starts_with("matroska") ? "video/x-matroska"sv : ""sv;
}

// Stream types in the header: audio alone is WMA.
std::string_view asf_type(std::string_view head) {
    constexpr auto k_video = "\xc0\xef\x19\xbc\x4d\x5b\xcf\x11\xa8\xfd\0\x80\x5f\x5c\x44\x2b"sv;
    constexpr auto k_audio = "\x40\x9e\x69\xf8\x4d\x5b\xcf\x11\xa8\xfd\0\x80\x5f\x5c\x44\x2b"sv;
    const auto start = head.substr(0, 16384);
    if (start.find(k_video) != std::string_view::npos) return "video/x-ms-asf";
    return start.find(k_audio) != std::string_view::npos ? "audio/x-ms-wma"sv : "video/x-ms-asf"sv;
}

// Local headers: PK 03 04, version, flags, method, time, crc, sizes, name length at 26, extra length at 28, name at 30.
std::string_view zip_type(std::string_view head) {
    const auto bytes = as_bytes(head);
    std::size_t place = 0;
    bool office = false;
    for (int entry = 0; entry < 8; ++entry) {
        if (!has_at(head, place, "PK\3\4") || place + 30 > head.size()) break;
        const std::size_t name_length = base::load_le16(bytes, place + 26), extra = base::load_le16(bytes, place + 28);
        const auto name = head.substr(place + 30, name_length);
        const auto body = place + 30 + name_length + extra;
        if (entry == 0 && name == "mimetype" && body < head.size()) {
            const auto told = head.substr(body, 80);
            if (told.starts_with("application/epub+zip")) return "application/epub+zip";
            if (told.starts_with("application/vnd.oasis.opendocument")) return "application/vnd.oasis.opendocument";
        }
        if (entry == 0 && extra >= 4 && base::load_le16(bytes, place + 30 + name_length) == 0xcafe) return "application/java-archive";
        if (const auto type = look_up(k_zip_names, name); !type.empty()) {
            if (!type.starts_with("application/vnd.openxml") || office) return type;
        }
        if (name == "[Content_Types].xml" || name.starts_with("_rels/") || name.starts_with("docProps/")) office = true;
        const std::uint64_t packed = base::load_le32(bytes, place + 18);
        const bool later = (base::load_le16(bytes, place + 6) & 8) != 0 && packed == 0;
        if (later) {
            const auto next = head.find("PK\3\4", body);
            if (next == std::string_view::npos) break;
            place = next;
        } else if (body > head.size() || packed > head.size() - body) break;
        else place = static_cast<std::size_t>(body + packed);
    }
    return office ? "application/vnd.openxmlformats-officedocument"sv : "application/zip"sv;
}

std::string_view id3_type(std::string_view head) {
    if (head.size() < 10 || byte_at(head, 3) > 4 || (byte_at(head, 6) | byte_at(head, 7) | byte_at(head, 8) | byte_at(head, 9)) > 0x7f) return "";
    const std::size_t length = 10 + (std::size_t{byte_at(head, 6)} << 21 | std::size_t{byte_at(head, 7)} << 14 | std::size_t{byte_at(head, 8)} << 7 | byte_at(head, 9));
    if (has_at(head, length, "fLaC")) return "audio/flac";
    if (has_at(head, length, "MAC ")) return "audio/x-ape";
    if (has_at(head, length, "TTA1")) return "audio/x-tta";
    return "audio/mpeg";
}

namespace {

// Length of the MPEG audio frame whose header is at `o`; 0 where there is none. ISO/IEC 11172-3, 2.4.1.3.
std::size_t frame_length(std::string_view head, std::size_t o) {
    static constexpr std::uint16_t k_rate[2][3][16] = {
        {{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 0}, {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0},
         {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0}},
        {{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256, 0}, {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0},
         {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0}}};
    static constexpr std::uint32_t k_frequency[3] = {44100, 48000, 32000};
    if (byte_at(head, o) != 0xff || (byte_at(head, o + 1) & 0xe0) != 0xe0) return 0;
    const unsigned version = byte_at(head, o + 1) >> 3 & 3, layer = byte_at(head, o + 1) >> 1 & 3, rate = byte_at(head, o + 2) >> 4,
                   frequency = byte_at(head, o + 2) >> 2 & 3, padding = byte_at(head, o + 2) >> 1 & 1;
    if (version == 1 || layer == 0 || frequency == 3) return 0;
    const std::size_t kbit = k_rate[version == 3 ? 0 : 1][3 - layer][rate];
    if (kbit == 0) return 0;
    const std::size_t hertz = k_frequency[frequency] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
    if (layer == 3) return (12000 * kbit / hertz + padding) * 4;
    return (layer == 1 && version != 3 ? 72000 : 144000) * kbit / hertz + padding;
}

std::size_t adts_length(std::string_view head, std::size_t o) {
    if (byte_at(head, o) != 0xff || (byte_at(head, o + 1) & 0xf6) != 0xf0 || (byte_at(head, o + 2) >> 2 & 15) > 12) return 0;
    return (std::size_t{byte_at(head, o + 3)} << 11 & 0x1800) | std::size_t{byte_at(head, o + 4)} << 3 | byte_at(head, o + 5) >> 5u;
}

}  // namespace

// Three frames in a row, or as many as the file has.
std::string_view mpeg_audio_type(std::string_view head, std::uint64_t size) {
    for (const auto& [length_at, type] : {std::pair{&frame_length, "audio/mpeg"sv}, std::pair{&adts_length, "audio/x-hx-aac-adts"sv}}) {
        std::size_t place = 0;
        int frames = 0;
        while (frames < 3) {
            const auto length = length_at(head, place);
            if (length < 8) break;
            place += length, ++frames;
            if (place + 4 > head.size()) break;
        }
        if (frames == 3 || (frames > 0 && place + 4 > head.size() && place + 4 > std::min<std::uint64_t>(size, 2048))) return type;
    }
    return "";
}

// Packets of 188 bytes (192 with a time code before each on Blu-ray, 204 with a check behind), each with 0x47 first.
std::string_view transport_stream_type(std::string_view head) {
    for (const auto& [first, step] : {std::pair<std::size_t, std::size_t>{0, 188}, {4, 192}, {0, 204}}) {
        if (head.size() < first + 5 * step) continue;
        bool all = true;
        for (std::size_t i = 0; i < 5 && all; ++i) all = byte_at(head, first + i * step) == 0x47;
        if (all) return "video/mp2t";
    }
    return "";
}

// ext superblock's magic at 0x438, swap's at the page's end, LVM's label in the second sector, GPT's header, a boot
// sector (55 aa at 510) whose partition table or BIOS parameter block makes sense.
std::string_view disk_type(std::string_view head, std::uint64_t size) {
    const auto bytes = as_bytes(head);
    constexpr auto k_disk = "application/x-disk-image"sv;
    if (size < 65536) return "";
    if (base::load_le16(bytes, 0x438) == 0xef53 && base::load_le32(bytes, 0x418) <= 6 && base::load_le32(bytes, 0x400) != 0) return k_disk;
    if (has_at(head, 4086, "SWAPSPACE2") || has_at(head, 512, "LABELONE") || has_at(head, 512, "EFI PART") || has_at(head, 0x1000, "\xfc\x4e\x2b\xa9")) return k_disk;
    if (byte_at(head, 510) == 0x55 && byte_at(head, 511) == 0xaa) {
        if (has_at(head, 3, "NTFS    ") || has_at(head, 3, "EXFAT   ") || has_at(head, 54, "FAT1") || has_at(head, 82, "FAT32")) return k_disk;
        bool sound = true, any = false;
        for (std::size_t i = 446; i < 510; i += 16) {
            sound = sound && (byte_at(head, i) & 0x7f) == 0;
            any = any || (byte_at(head, i + 4) != 0 && base::load_le32(bytes, i + 12) != 0);
        }
        if (sound && any) return k_disk;
    }
    return "";
}

}  // namespace deadbox::content::type_rules
