// VHD (Microsoft's "Virtual Hard Disk Image Format Specification" 1.0). All numbers are big-endian.
//   footer = "conectix" features:32 version:32 header:64 time:32 application[4] version:32 system[4] original_size:64
//            size:64 geometry:32 kind:32 checksum:32 uuid[16] saved:8        512 bytes at the end; kind 2 fixed, 3 dynamic
//   header = "cxsparse" next:64 table:64 version:32 entries:32 block:32 checksum:32 ...    of a dynamic disk
//   table  = (sector of a block, or ~0):32*         block = bitmap of its sectors (rounded up to 512 bytes), data
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/byte_cursor.hpp"
#include "image/container/formats.hpp"
#include "image/container/mapped_source.hpp"

namespace deadbox::image {
using base::Errc, base::fail, base::Gap, base::Result;
namespace {

constexpr std::uint64_t k_vhd_sector = 512;
constexpr std::uint32_t k_most_blocks = 1U << 23;  // 16 TiB at 2 MiB
constexpr std::uint32_t k_absent = UINT32_MAX;

struct Footer {
    std::uint64_t header = 0, size = 0;
    std::uint32_t kind = 0;
};

// The checksum is the complement of the bytes' sum without itself.
bool checksum_holds(base::ByteView bytes, std::size_t at) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        if (i < at || i >= at + 4) sum += std::to_integer<std::uint32_t>(bytes[i]);
    return ~sum == base::load_be32(bytes, at);
}

Result<Footer> read_footer(const base::ByteSource& file, std::uint64_t offset) {
    std::array<std::byte, k_vhd_sector> bytes{};
    TRY(base::read_exactly(file, offset, bytes));
    if (!base::as_text(bytes).starts_with("conectix") || !checksum_holds(bytes, 64)) return fail(Errc::corrupt, "there is no sound VHD footer", offset);
    return Footer{base::load_be64(bytes, 16), base::load_be64(bytes, 48), base::load_be32(bytes, 60)};
}

// The one at the end; a dynamic disk has a copy of it at the start.
Result<Footer> find_footer(const base::ByteSource& file) {
    if (file.size() >= 2 * k_vhd_sector)
        if (auto footer = read_footer(file, file.size() - k_vhd_sector)) return footer;
    TRY_ASSIGN(const Footer footer, read_footer(file, 0));
    if (footer.kind == 2) return fail(Errc::corrupt, "a fixed VHD has no footer at its start");
    return footer;
}

class DynamicVhd final : public MappedSource {
public:
    DynamicVhd(std::uint64_t size, std::uint32_t block, std::vector<std::uint32_t> table, std::shared_ptr<const base::ByteSource> file, std::uint32_t media)
        : MappedSource(size, media, nullptr), m_block(block), m_bitmap((block / k_vhd_sector / 8 + k_vhd_sector - 1) / k_vhd_sector * k_vhd_sector),
          m_table(std::move(table)), m_file(std::move(file)) {}

protected:
    // The bitmaps are not asked: a sector that was never written has zeros in its block.
    Result<Run> run_at(std::uint64_t offset) const override {
        const std::uint64_t index = offset / m_block, inside = offset % m_block;
        if (index >= m_table.size()) return fail(Errc::truncated, "the VHD block table ends before this part of the disk");
        Run run;
        run.length = m_block - inside;
        if (m_table[index] != k_absent) {
            run.kind = Run::Kind::stored;
            run.host = m_file.get();
            run.place = m_table[index] * k_vhd_sector + m_bitmap + inside;
        } else for (std::uint64_t next = index + 1; next < m_table.size() && m_table[next] == k_absent; ++next) run.length += m_block;
        return run;
    }

    Result<base::ByteView> unpack(std::uint64_t) const override { return fail(Errc::internal, "VHD blocks are not packed"); }

private:
    std::uint32_t m_block;
    std::uint64_t m_bitmap;
    std::vector<std::uint32_t> m_table;
    std::shared_ptr<const base::ByteSource> m_file;
};

class VhdFormat final : public ContainerFormat {
public:
    std::string_view name() const override { return "vhd"; }
    bool claims(const base::ByteSource& first_file, const std::string&) const override { return find_footer(first_file).has_value(); }

    Result<Container> open(Segments& segments, std::uint32_t media, base::DamageSink& damage) const override {
        const auto file = segments.files.front();
        TRY_ASSIGN(const Footer footer, find_footer(*file));
        Container container;
        container.format = "vhd";
        container.names = segments.names;
        if (footer.size == 0 || footer.size > INT64_MAX) return fail(Errc::corrupt, "the VHD disk size makes no sense");
        if (footer.kind == 4) return fail(Errc::unsupported, segments.names.front() + " is a differencing VHD, which is not read; merge it with its parent first");
        if (footer.kind != 2 && footer.kind != 3) return fail(Errc::unsupported, fmt::format("VHD kind {} is not read", footer.kind));
        if (footer.kind == 2) {
            if (footer.size > file->size() - k_vhd_sector)
                damage.damage({Gap::Level::gap, "container", "the fixed VHD is shorter than its footer says", "", ""});
            container.media = std::make_unique<base::SliceSource>(file, 0, std::min(footer.size, file->size() - k_vhd_sector));
            return container;
        }
        if (!read_footer(*file, file->size() - k_vhd_sector))
            damage.damage({Gap::Level::note, "container", "the VHD footer is missing; the image may be cut short", "", ""});
        TRY_ASSIGN(container.media, open_dynamic(file, footer, media, damage));
        return container;
    }

private:
    static Result<std::unique_ptr<base::ByteSource>> open_dynamic(const std::shared_ptr<const base::ByteSource>& file, const Footer& footer,
                                                                  std::uint32_t media, base::DamageSink& damage) {
        std::array<std::byte, 1024> header{};
        TRY(base::read_exactly(*file, footer.header, header));
        base::ByteCursor cursor(header);
        if (base::as_text(cursor.take(8)) != "cxsparse") return fail(Errc::corrupt, "the VHD header is not there", footer.header);
        if (!checksum_holds(header, 36)) damage.damage({Gap::Level::note, "container", "the checksum of the VHD header does not hold", "", ""});
        cursor.skip(8);
        const std::uint64_t table = cursor.be64();
        cursor.skip(4);
        const std::uint32_t entries = cursor.be32(), block = cursor.be32();
        if (block < k_vhd_sector || block > (1U << 28) || (block & (block - 1)) != 0) return fail(Errc::corrupt, "the VHD block size makes no sense");
        const std::uint64_t needed = (footer.size - 1) / block + 1;
        if (needed > k_most_blocks) return fail(Errc::limit, "the VHD block table is larger than 32 MiB");
        if (entries < needed) return fail(Errc::corrupt, "the VHD block table is too small for the disk");
        std::vector<std::byte> bytes(needed * 4);
        TRY_ASSIGN(const std::size_t got, file->read_at(table, bytes));
        if (got < bytes.size()) damage.damage({Gap::Level::gap, "container", "the VHD block table is cut short; a part of the disk cannot be read", "", ""});
        std::vector<std::uint32_t> places(got / 4);
        for (std::size_t i = 0; i < places.size(); ++i) places[i] = base::load_be32(bytes, i * 4);
        return std::make_unique<DynamicVhd>(footer.size, block, std::move(places), file, media);
    }
};

}  // namespace

const ContainerFormat& vhd_format() {
    static const VhdFormat format;
    return format;
}

}  // namespace deadbox::image
