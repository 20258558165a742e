#include "content/file_type.hpp"

#include <algorithm>
#include <array>

#include "content/file_type_rules.hpp"

namespace deadbox::content {
namespace {

using namespace type_rules;
using namespace std::string_view_literals;

using Refine = std::string_view (*)(std::string_view head);

// A file is of `type` where `magic` stands at its start and, if given, `second` at `second_offset`. `refine` may name
// a nearer type; where it says "", the row's own type stands, and a row without one is passed over: its magic is too
// short to be believed. Rows with one first byte are tried in their order.
struct Magic {
    std::string_view magic;
    std::string_view type;
    Refine refine = nullptr;
    std::uint16_t second_offset = 0;
    std::string_view second{};
};

std::string_view cafebabe_type(std::string_view head) {  // Java classes have version 45 and up where Mach-O counts its slices
    return byte_at(head, 4) == 0 && byte_at(head, 5) == 0 && byte_at(head, 6) == 0 && byte_at(head, 7) < 45 ? "application/x-mach-binary"sv : "application/x-java-applet"sv;
}
std::string_view tiff_type(std::string_view head) { return has_at(head, 8, "CR\x02") ? "image/x-canon-cr2"sv : "image/tiff"sv; }
std::string_view mz_type(std::string_view head) { return head.size() >= 64 ? "application/x-dosexec"sv : ""sv; }
std::string_view bmp_type(std::string_view head) {
    const auto header = byte_at(head, 14);
    return byte_at(head, 15) == 0 && byte_at(head, 16) == 0 && (header == 12 || header == 40 || header == 52 || header == 56 || header == 64 || header == 108 || header == 124)
               ? "image/bmp"sv : ""sv;
}
std::string_view ico_type(std::string_view head) {  // 00 00 01 00 count: the entry's reserved byte and planes must be small
    return byte_at(head, 4) != 0 && byte_at(head, 5) == 0 && byte_at(head, 9) == 0 && byte_at(head, 10) <= 1 && byte_at(head, 11) == 0
               ? "image/vnd.microsoft.icon"sv : ""sv;
}
std::string_view ar_type(std::string_view head) { return has_at(head, 8, "debian-binary") ? "application/vnd.debian.binary-package"sv : ""sv; }
std::string_view mpeg_program_type(std::string_view head) {
    const auto marker = byte_at(head, 4);
    return (marker & 0xc0) == 0x40 || (marker & 0xf0) == 0x20 ? "video/mpeg"sv : ""sv;
}
std::string_view bzip2_type(std::string_view head) {
    return byte_at(head, 3) >= '1' && byte_at(head, 3) <= '9' && (has_at(head, 4, "1AY&SY") || has_at(head, 4, "\x17rE8P\x90")) ? "application/x-bzip2"sv : ""sv;
}
std::string_view lzma_type(std::string_view head) {  // properties 5d, dictionary of a power of two, size unknown or below 2^40
    if (byte_at(head, 1) != 0 || byte_at(head, 2) != 0) return "";
    return has_at(head, 5, "\xff\xff\xff\xff\xff\xff\xff\xff") || (byte_at(head, 10) == 0 && byte_at(head, 11) == 0 && byte_at(head, 12) == 0) ? "application/x-lzma"sv : ""sv;
}
std::string_view gzip_type(std::string_view head) { return byte_at(head, 2) == 8 ? "application/gzip"sv : ""sv; }
std::string_view ole_type(std::string_view) { return "application/x-ole-storage"; }

constexpr auto k_magic = std::to_array<Magic>({
    {"\x7f" "ELF"sv, "application/octet-stream", elf_type},
    {"\x89PNG\r\n\x1a\n"sv, "image/png"},
    {"\xff\xd8\xff"sv, "image/jpeg"},
    {"GIF87a"sv, "image/gif"},
    {"GIF89a"sv, "image/gif"},
    {"RIFF"sv, "application/octet-stream", riff_type},
    {"RF64"sv, "audio/x-wav"},
    {"BM"sv, "", bmp_type},
    {"\0\0\1\0"sv, "", ico_type},
    {"II*\0"sv, "image/tiff", tiff_type},
    {"MM\0*"sv, "image/tiff"},
    {"8BPS"sv, "image/vnd.adobe.photoshop"},
    {"gimp xcf"sv, "image/x-xcf"},
    {"\0\0\0\x0cjP  \r\n\x87\n"sv, "image/jp2"},
    {"\0\0\0\x0cJXL \r\n\x87\n"sv, "image/jxl"},
    {"qoif"sv, "image/x-qoi"},
    {"AT&TFORM"sv, "image/vnd.djvu"},
    {"\xd7\xcd\xc6\x9a"sv, "image/wmf"},

    {"ID3"sv, "", id3_type},
    {"fLaC"sv, "audio/flac"},
    {"OggS"sv, "application/ogg", ogg_type},
    {"FORM"sv, "audio/x-aiff", nullptr, 8, "AIFF"sv},
    {"FORM"sv, "audio/x-aiff", nullptr, 8, "AIFC"sv},
    {"MThd\0\0\0\x06"sv, "audio/midi"},
    {"MAC "sv, "audio/x-ape", nullptr, 5, "\x0f"sv},
    {"#!AMR"sv, "audio/AMR"},
    {"wvpk"sv, "audio/x-wavpack"},
    {"MPCK"sv, "audio/x-musepack"},
    {"MP+"sv, "audio/x-musepack"},
    {"TTA1"sv, "audio/x-tta"},
    {".snd\0\0\0"sv, "audio/basic"},
    {"DSD \x1c\0\0\0"sv, "audio/x-dsf"},
    {"caff\0\1\0\0"sv, "audio/x-caf"},

    {"\x1a\x45\xdf\xa3"sv, "video/x-matroska", matroska_type},
    {"0&\xb2u\x8e" "f\xcf\x11\xa6\xd9\0\xaa\0" "b\xcel"sv, "video/x-ms-asf", asf_type},
    {"FLV\1"sv, "video/x-flv"},
    {".RMF\0\0\0"sv, "application/vnd.rn-realmedia"},
    {"\0\0\1\xba"sv, "video/mpeg", mpeg_program_type},
    {"\0\0\1\xb3"sv, "video/mpeg"},
    {"\x8aMNG\r\n\x1a\n"sv, "video/x-mng"},

    {"PK\3\4"sv, "application/zip", zip_type},
    {"PK\5\6"sv, "application/zip"},
    {"PK00PK\3\4"sv, "application/zip"},
    {"PK\7\x08PK\3\4"sv, "application/zip"},
    {"Rar!\x1a\7\0"sv, "application/x-rar"},
    {"Rar!\x1a\7\1\0"sv, "application/x-rar"},
    {"RE~^"sv, "application/x-rar"},
    {"7z\xbc\xaf\x27\x1c"sv, "application/x-7z-compressed"},
    {"\x1f\x8b"sv, "", gzip_type},
    {"\x1f\x9d"sv, "application/x-compress"},
    {"BZh"sv, "", bzip2_type},
    {"\xfd" "7zXZ\0"sv, "application/x-xz"},
    {"\x28\xb5\x2f\xfd"sv, "application/zstd"},
    {"\x04\x22\x4d\x18"sv, "application/x-lz4"},
    {"LZIP\1"sv, "application/x-lzip"},
    {"\x5d\0\0"sv, "", lzma_type},
    {"\x89LZO\0\r\n\x1a\n"sv, "application/x-lzop"},
    {"!<arch>\n"sv, "application/x-archive", ar_type},
    {"\xed\xab\xee\xdb"sv, "application/x-rpm"},
    {"MSCF\0\0\0\0"sv, "application/vnd.ms-cab-compressed"},
    {"070701"sv, "application/x-cpio"},
    {"070702"sv, "application/x-cpio"},
    {"070707"sv, "application/x-cpio"},
    {"\xc7\x71"sv, "", [](std::string_view h) { return byte_at(h, 20) != 0 && byte_at(h, 21) < 16 ? "application/x-cpio"sv : ""sv; }},
    {"xar!\0\x1c"sv, "application/x-xar"},
    {"ITSF\3\0\0\0"sv, "application/vnd.ms-htmlhelp"},

    {"%PDF-"sv, "application/pdf"},
    {"\xef\xbb\xbf%PDF-"sv, "application/pdf"},
    {"%!PS"sv, "application/postscript"},
    {"\xc5\xd0\xd3\xc6"sv, "application/postscript"},
    {"{\\rtf"sv, "text/rtf"},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv, "", ole_type},
    {"SQLite format 3\0"sv, "application/vnd.sqlite3"},
    {"LPKSHHRH"sv, "application/x-systemd-journal"},
    {"PAR1"sv, "application/x-parquet"},
    {"PAR2\0PKT"sv, "application/x-par2"},
    {"d8:announce"sv, "application/x-bittorrent"},
    {"d10:created by"sv, "application/x-bittorrent"},
    {"d13:announce-list"sv, "application/x-bittorrent"},
    {"d4:infod"sv, "application/x-bittorrent"},
    {"d7:comment"sv, "application/x-bittorrent"},
    {"d13:creation date"sv, "application/x-bittorrent"},

    {"QFI\xfb"sv, "application/x-disk-image"},
    {"KDMV"sv, "application/x-disk-image"},
    {"# Disk DescriptorFile"sv, "application/x-disk-image"},
    {"vhdxfile"sv, "application/x-disk-image"},
    {"conectix"sv, "application/x-disk-image"},
    {"EVF\x09\r\n\xff\0"sv, "application/x-disk-image"},
    {"EVF2\r\n\x81\0"sv, "application/x-disk-image"},
    {"LUKS\xba\xbe"sv, "application/x-disk-image"},
    {"XFSB\0\0"sv, "application/x-disk-image"},
    {"hsqs"sv, "application/x-squashfs"},
    {"sqsh"sv, "application/x-squashfs"},
    {"\x45\x3d\xcd\x28"sv, "application/x-cramfs"},

    {"MZ"sv, "", mz_type},
    {"\xca\xfe\xba\xbe"sv, "", cafebabe_type},
    {"\xcf\xfa\xed\xfe"sv, "application/x-mach-binary"},
    {"\xce\xfa\xed\xfe"sv, "application/x-mach-binary"},
    {"\0asm"sv, "application/wasm"},
    {"\xde\x12\x04\x95"sv, "application/x-gettext-translation"},
    {"\x95\x04\x12\xde"sv, "application/x-gettext-translation"},
    {";ELC"sv, "application/x-elc"},
    {"TZif"sv, "application/tzif"},
    {"\x1a\1"sv, "", [](std::string_view h) { return h.size() < 32768 && byte_at(h, 3) == 0 && byte_at(h, 2) > 0 && byte_at(h, 5) < 2 ? "application/x-terminfo"sv : ""sv; }},
    {"\x1e\2"sv, "", [](std::string_view h) { return h.size() < 32768 && byte_at(h, 3) == 0 && byte_at(h, 2) > 0 && byte_at(h, 5) < 2 ? "application/x-terminfo2"sv : ""sv; }},
    {"\0\1\0\0\0"sv, "", [](std::string_view h) { return byte_at(h, 5) > 3 && byte_at(h, 5) < 64 && byte_at(h, 6) < 4 ? "font/sfnt"sv : ""sv; }},
    {"OTTO\0"sv, "application/vnd.ms-opentype"},
    {"ttcf\0"sv, "font/collection"},
    {"wOFF"sv, "font/woff"},
    {"wOF2"sv, "font/woff2"},
    {"\x1f" "fcp"sv, "application/x-pcf"},
    {"\1fcp"sv, "application/x-font-pcf"},
    {"\x13\x57\x9a\xce"sv, "application/x-gdbm"},
    {"\xce\x9a\x57\x13"sv, "application/x-gdbm"},
    {"\x85\x01"sv, "", [](std::string_view h) { return byte_at(h, 2) <= 16 && byte_at(h, 3) == 3 ? "application/pgp-encrypted"sv : ""sv; }},
    {"\x99\x01"sv, "", [](std::string_view h) { return byte_at(h, 3) == 4 && byte_at(h, 8) == 1 ? "application/pgp-keys"sv : ""sv; }},
    {"\x99\x02"sv, "", [](std::string_view h) { return byte_at(h, 3) == 4 && byte_at(h, 8) == 1 ? "application/pgp-keys"sv : ""sv; }},
    {"\xd4\xc3\xb2\xa1"sv, "application/vnd.tcpdump.pcap"},
    {"\xa1\xb2\xc3\xd4"sv, "application/vnd.tcpdump.pcap"},
    {"\x0a\x0d\x0d\x0a"sv, "application/x-pcapng"},
});

// Magic that does not stand at the start.
constexpr auto k_inner = std::to_array<Magic>({
    {"", "application/x-ace", nullptr, 7, "**ACE**"sv},
    {"", "", [](std::string_view h) { return byte_at(h, 6) == '-' && byte_at(h, 20) <= 3 ? "application/x-lzh-compressed"sv : ""sv; }, 2, "-lh"sv},
    {"", "application/x-tar", nullptr, 257, "ustar"sv},
    {"", "application/x-disk-image", nullptr, 64, "\x7f\x10\xda\xbe"sv},  // VDI
    {"", "application/x-iso9660-image", nullptr, 32769, "CD001"sv},
    {"", "", [](std::string_view h) { return byte_at(h, 1) <= 0x0f && h.size() > 16 && (byte_at(h, 16) & 0x7f) == 0x63 ? "application/x-bytecode.python"sv : ""sv; }, 2, "\r\n"sv},
    {"", "application/x-dbm", nullptr, 12, "\x61\x15\x06\0"sv},
    {"", "application/x-dbm", nullptr, 12, "\x62\x31\x05\0"sv},
    {"", "application/x-dbm", nullptr, 12, "\0\x06\x15\x61"sv},
});

// Rows of k_magic by their first byte: those of byte b are order[first[b]] .. order[first[b + 1]].
struct Index {
    std::array<std::uint8_t, k_magic.size()> order{};
    std::array<std::uint8_t, 257> first{};
};
constexpr Index make_index() {
    static_assert(k_magic.size() < 256);
    Index index;
    std::uint8_t place = 0;
    for (unsigned b = 0; b < 256; ++b) {
        index.first[b] = place;
        for (std::size_t i = 0; i < k_magic.size(); ++i) {
            if (static_cast<std::uint8_t>(k_magic[i].magic[0]) == b) index.order[place++] = static_cast<std::uint8_t>(i);
        }
    }
    index.first[256] = place;
    return index;
}
constexpr Index k_index = make_index();

std::string_view try_row(const Magic& row, std::string_view head) {
    if (!has_at(head, 0, row.magic) || !has_at(head, row.second_offset, row.second)) return "";
    if (!row.refine) return row.type;
    const auto nearer = row.refine(head);
    return nearer.empty() ? row.type : nearer;
}

// A tar header without "ustar": the sum of its 512 bytes, with its own field as blanks, stands in octal at 148.
bool is_old_tar(std::string_view head) {
    if (head.size() < 512 || head[0] == 0) return false;
    std::uint32_t told = 0, sum = 0;
    bool digits = false;
    for (std::size_t i = 148; i < 156; ++i) {
        const char c = head[i];
        if (c >= '0' && c <= '7') told = told * 8 + static_cast<std::uint32_t>(c - '0'), digits = true;
        else if (c != ' ' && c != 0) return false;
        else if (digits) break;
    }
    if (!digits) return false;
    for (std::size_t i = 0; i < 512; ++i) sum += i >= 148 && i < 156 ? 32u : byte_at(head, i);
    return sum == told;
}

}  // namespace

std::string_view detect_type(base::ByteView bytes, std::uint64_t size) {
    if (size == 0) return "inode/x-empty";
    const auto head = base::as_text(bytes);
    if (head.empty()) return "application/octet-stream";
    const auto lead = byte_at(head, 0);
    for (unsigned i = k_index.first[lead]; i < k_index.first[lead + 1u]; ++i) {
        const auto& row = k_magic[k_index.order[i]];
        if (const auto type = try_row(row, head); !type.empty()) return type;
    }
    if (has_at(head, 4, "ftyp")) return iso_media_type(head);
    if (has_at(head, 4, "moov") || has_at(head, 4, "mdat") || has_at(head, 4, "wide") || has_at(head, 4, "skip")) {
        if (byte_at(head, 0) <= 0x7f) return "video/quicktime";
    }
    for (const auto& row : k_inner) {
        if (const auto type = try_row(row, head); !type.empty()) return type;
    }
    if (const auto type = text_type(head, size); !type.empty()) return type;
    if (lead == 0xff) {
        if (const auto type = mpeg_audio_type(head, size); !type.empty()) return type;
    }
    if (const auto type = transport_stream_type(head); !type.empty()) return type;
    if (is_old_tar(head)) return "application/x-tar";
    if (const auto type = disk_type(head, size); !type.empty()) return type;
    return "application/octet-stream";
}

bool is_script_type(std::string_view type) {
    static constexpr auto k_scripts = std::to_array<std::string_view>(
        {"text/x-shellscript", "text/x-perl", "text/x-python", "text/x-php", "text/x-ruby", "text/x-tcl", "text/x-awk", "text/x-lua",
         "text/x-node", "text/x-jsp", "text/x-asp", "text/x-aspx", "text/x-coldfusion", "text/x-script"});
    return std::find(k_scripts.begin(), k_scripts.end(), type) != k_scripts.end();
}

bool is_text_type(std::string_view type) {
    return type.starts_with("text/") || type == "application/json" || type == "image/svg+xml" || type == "message/rfc822" || type == "application/mbox";
}

}  // namespace deadbox::content
