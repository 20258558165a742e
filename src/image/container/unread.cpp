// Containers and wrappings that are recognized so that they are never read as if they were a disk.
#include <algorithm>
#include <array>

#include "image/container/formats.hpp"

namespace deadbox::image {
namespace {
using namespace std::string_view_literals;

struct Magic {
    std::size_t offset;
    std::string_view bytes;
    std::string_view name;
};

constexpr auto k_magics = std::to_array<Magic>({
    {64, "\x7f\x10\xda\xbe"sv, "a VirtualBox disk (VDI); convert it with qemu-img convert -O raw"},
    {0, "vhdxfile"sv, "a Hyper-V disk (VHDX); convert it with qemu-img convert -O raw"},
    {0, "AFF10\r\n"sv, "an Advanced Forensic Format image (AFF)"},
    {0, "AFM\0"sv, "an Advanced Forensic Format image (AFM)"},
    {0, "EVF2\r\n\x81\0"sv, "an EnCase 7 image (Ex01); export it as E01"},
    {0, "LVF\x09\x0d\x0a\xff\0"sv, "an EnCase logical evidence file (L01)"},
    {0, "LEF2\r\n\x81\0"sv, "an EnCase 7 logical evidence file (Lx01)"},
    {0, "COWD"sv, "an old VMware ESX disk (COWD); convert it with qemu-img convert -O raw"},
    {0, "QED\0"sv, "a QEMU enhanced disk (QED); convert it with qemu-img convert -O raw"},
    {0, "OOOM"sv, "an old QEMU copy-on-write disk"},
    {0, "WithoutFreeSpace"sv, "a Parallels disk; convert it with qemu-img convert -O raw"},
    {0, "WithouFreSpacExt"sv, "a Parallels disk; convert it with qemu-img convert -O raw"},
    {0, "Bochs Virtual HD Image"sv, "a Bochs disk; convert it with qemu-img convert -O raw"},
    {0, "ADSEGMENTEDFILE\0"sv, "an AccessData image (AD1); export it as E01 or raw"},
    {0, "\x3a\xff\x26\xed"sv, "an Android sparse image; convert it with simg2img"},
    {0, "MSWIM\0\0\0"sv, "a Windows image (WIM)"},
    {0, "sprs"sv, "an Apple sparse image"},
    {0, "\x1f\x8b\x08"sv, "a gzip-compressed file; decompress it first"},
    {0, "\xfd" "7zXZ\0"sv, "an xz-compressed file; decompress it first"},
    {0, "\x28\xb5\x2f\xfd"sv, "a zstd-compressed file; decompress it first"},
    {0, "\x04\x22\x4d\x18"sv, "an lz4-compressed file; decompress it first"},
    {0, "7z\xbc\xaf\x27\x1c"sv, "a 7z archive; unpack it first"},
    {0, "Rar!\x1a\x07"sv, "a RAR archive; unpack it first"},
    {257, "ustar"sv, "a tar or OVA archive; unpack it first and give the disk inside"},
    {0, "SQLite format 3\0"sv, "a SQLite database and not an image of a disk"},
    {0, "\x7f" "ELF"sv, "an ELF file (a memory dump or a program) and not an image of a disk"},
    {0, "KDUMP   "sv, "a kernel crash dump and not an image of a disk"},
    {0, "EMiL"sv, "a memory image (LiME) and not an image of a disk"},
});

// Is it text at its beginning, in its middle and at its end? Somebody may have written text over the beginning of a disk.
bool is_text(const base::ByteSource& file) {
    constexpr std::size_t k_piece = 2048;
    const auto last = file.size() - std::min<std::uint64_t>(file.size(), k_piece);
    for (const auto at : {std::uint64_t{0}, last / 2, last}) {
        std::vector<std::byte> piece(static_cast<std::size_t>(std::min<std::uint64_t>(file.size() - at, k_piece)));
        const auto got = file.read_at(at, piece);
        if (!got || *got == 0) return false;
        piece.resize(*got);
        const auto text = base::as_text(piece);
        if (std::any_of(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\x1b') || c == '\x7f'; })) return false;
    }
    return true;
}

}  // namespace

std::vector<std::byte> read_head(const base::ByteSource& source, std::size_t most) {
    std::vector<std::byte> bytes(most);
    const auto got = source.read_at(0, bytes);
    bytes.resize(got ? *got : 0);
    return bytes;
}

std::string recognize_unread_container(const base::ByteSource& first_file) {
    const auto head = read_head(first_file, 2048);
    const auto text = base::as_text(head);
    const auto has = [&](std::size_t offset, std::string_view bytes) {
        return text.size() >= offset + bytes.size() && text.substr(offset, bytes.size()) == bytes;
    };
    // A disk's own signatures win: the first sector belongs to whatever boot loader the owner likes.
    const bool disk = has(510, "\x55\xaa") || has(1024 + 56, "\x53\xef");
    for (const auto& magic : k_magics)
        if (has(magic.offset, magic.bytes) && !(disk && magic.bytes.size() < 5)) return std::string(magic.name);
    if (!disk && has(0, "BZh") && has(4, "\x31\x41\x59\x26\x53\x59")) return "a bzip2-compressed file; decompress it first";
    if (!disk && has(0, "PK\x03\x04"))
        return text.find("AFF4") != std::string_view::npos || text.find("container.description") != std::string_view::npos
                   ? "an AFF4 image" : "a zip archive; unpack it first";
    if (first_file.size() > 512) {
        std::array<std::byte, 512> tail{};
        if (base::read_exactly(first_file, first_file.size() - tail.size(), tail) && base::as_text(tail).starts_with("koly") && !disk)
            return "an Apple disk image (DMG); convert it to raw first";
    }
    return !disk && first_file.size() > 0 && is_text(first_file) ? "a text file and not an image of a disk" : "";
}

}  // namespace deadbox::image
