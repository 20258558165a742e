// VMDK (VMware's "Virtual Disk Format 5.0"). All numbers are little-endian, sectors have 512 bytes.
//   sparse file = header, descriptor text, grain directory, grain tables, grains
//   header      = "KDMV" version:32 flags:32 capacity:64 grain:64 descriptor:64 descriptor_size:64 table_entries:32
//                 redundant_directory:64 directory:64 overhead:64 unclean:8 newlines[4] compression:16
//   directory   = (sector of a grain table):32*     table = (sector of a grain):32*; 0 is absent, 1 zeros (with a flag)
//   a compressed grain = sector:64 length:32 zlib data
//   streamOptimized: directory is ~0, and a copy of the header 1,024 bytes before the end has it.
// A descriptor alone names extents in other files, which may be flat.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/byte_cursor.hpp"
#include "image/container/concat_source.hpp"
#include "image/container/formats.hpp"
#include "image/container/mapped_source.hpp"
#include "image/container/vmdk_descriptor.hpp"

namespace deadbox::image {
using base::Errc, base::fail, base::Gap, base::Result;
namespace {

constexpr std::uint64_t k_sector = 512;
constexpr std::uint64_t k_most_directory_entries = std::uint64_t{1} << 22;
constexpr std::size_t k_most_descriptor = std::size_t{1} << 20;

struct Header {
    std::uint32_t version = 0, flags = 0, table_entries = 0;
    std::uint64_t capacity = 0, grain = 0, descriptor = 0, descriptor_size = 0, redundant_directory = 0, directory = 0;  // sectors
    bool unclean = false;
    std::uint16_t compression = 0;
    bool packed() const { return flags & (1U << 16); }
    bool zero_grains() const { return flags & (1U << 2); }
    std::uint64_t tables() const { return (capacity + grain * table_entries - 1) / (grain * table_entries); }
};

Result<Header> decode_header(base::ByteView bytes) {
    Header header;
    base::ByteCursor cursor(bytes);
    if (base::as_text(cursor.take(4)) != "KDMV") return fail(Errc::corrupt, "the VMDK header is not there");
    header.version = cursor.le32(), header.flags = cursor.le32();
    header.capacity = cursor.le64(), header.grain = cursor.le64();
    header.descriptor = cursor.le64(), header.descriptor_size = cursor.le64();
    header.table_entries = cursor.le32();
    header.redundant_directory = cursor.le64(), header.directory = cursor.le64();
    cursor.skip(8);
    header.unclean = cursor.u8() != 0;
    cursor.skip(4);
    header.compression = cursor.le16();
    if (!cursor.ok()) return fail(Errc::truncated, "the VMDK header is cut short");
    if (header.version < 1 || header.version > 3) return fail(Errc::unsupported, fmt::format("VMDK version {} is not read", header.version));
    if (header.packed() && header.compression != 1) return fail(Errc::unsupported, "the VMDK uses a compression that is not known");
    if (header.grain == 0 || header.grain > 131'072 || (header.grain & (header.grain - 1)) != 0) return fail(Errc::corrupt, "the VMDK grain size makes no sense");
    if (header.table_entries == 0 || header.table_entries > 65'536) return fail(Errc::corrupt, "the VMDK grain tables' size makes no sense");
    if (header.capacity == 0 || header.capacity > (std::uint64_t{1} << 54)) return fail(Errc::corrupt, "the VMDK disk size makes no sense");
    if (header.tables() > k_most_directory_entries) return fail(Errc::limit, "the VMDK grain directory is larger than 16 MiB");
    return header;
}

// What an extent is based on: the whole disk below, of which it covers a part.
std::shared_ptr<const base::ByteSource> part_of(const std::shared_ptr<const base::ByteSource>& parent, std::uint64_t start, std::uint64_t length) {
    return parent ? std::make_shared<base::SliceSource>(parent, start, length) : nullptr;
}

class SparseExtent final : public MappedSource {
public:
    SparseExtent(const Header& header, std::vector<std::uint32_t> directory, std::shared_ptr<const base::ByteSource> file,
                 std::shared_ptr<const base::ByteSource> parent, std::uint32_t media)
        : MappedSource(header.capacity * k_sector, media, std::move(parent)), m_header(header), m_directory(std::move(directory)), m_file(std::move(file)) {}

protected:
    std::uint64_t block_size() const { return m_header.grain * k_sector; }

    Result<Run> run_at(std::uint64_t offset) const override {
        TRY_ASSIGN(Run run, grain_at(offset));
        if (run.kind == Run::Kind::packed) return run;
        const std::uint64_t span = block_size() * m_header.table_entries;
        const std::uint64_t end = table_place(offset).value_or(0) == 0 ? size() : std::min((offset / span + 1) * span, size());
        for (std::uint64_t next = offset + run.length; next < end; next = offset + run.length) {
            const auto more = grain_at(next);
            if (!more || more->kind != run.kind) break;
            if (run.kind == Run::Kind::stored && more->place != run.place + run.length) break;
            if (end == size() && table_place(next).value_or(1) != 0 && next / span != offset / span) break;
            run.length += more->length;
        }
        return run;
    }

    Result<base::ByteView> unpack(std::uint64_t offset) const override {
        const std::uint64_t grain = offset / block_size();
        const auto* block = m_blocks.find(grain);
        if (!block) {
            TRY_ASSIGN(const std::uint32_t sector, grain_sector(offset));
            TRY_ASSIGN(auto bytes, unpack_grain(sector, grain));
            block = &m_blocks.put(grain, std::move(bytes));
        }
        return base::ByteView(*block).subspan(offset % block_size());
    }

private:
    Result<std::uint32_t> table_place(std::uint64_t offset) const {
        const std::uint64_t index = offset / (block_size() * m_header.table_entries);
        if (index >= m_directory.size()) return fail(Errc::truncated, "the VMDK grain directory ends before this part of the disk");
        return m_directory[index];
    }

    Result<std::uint32_t> grain_sector(std::uint64_t offset) const {
        TRY_ASSIGN(const std::uint32_t place, table_place(offset));
        if (place == 0) return 0U;
        const auto* table = m_tables.find(place);
        if (!table) {
            TRY_ASSIGN(auto bytes, base::read_bytes(*m_file, place * k_sector, std::size_t{m_header.table_entries} * 4));
            table = &m_tables.put(place, std::move(bytes));
        }
        return base::load_le32(*table, offset / block_size() % m_header.table_entries * 4);
    }

    Result<Run> grain_at(std::uint64_t offset) const {
        const std::uint64_t inside = offset % block_size();
        Run run;
        run.length = block_size() - inside;
        run.kind = has_parent() ? Run::Kind::parent : Run::Kind::zeros;
        TRY_ASSIGN(const std::uint32_t table, table_place(offset));
        if (table == 0) {
            const std::uint64_t span = block_size() * m_header.table_entries;
            run.length = span - offset % span;
            return run;
        }
        TRY_ASSIGN(const std::uint32_t sector, grain_sector(offset));
        if (sector == 0) return run;
        if (sector == 1 && m_header.zero_grains()) run.kind = Run::Kind::zeros;
        else if (m_header.packed()) run.kind = Run::Kind::packed;
        else {
            run.kind = Run::Kind::stored;
            run.host = m_file.get();
            run.place = sector * k_sector + inside;
        }
        return run;
    }

    Result<std::vector<std::byte>> unpack_grain(std::uint32_t sector, std::uint64_t grain) const {
        std::array<std::byte, 12> marker{};
        TRY(base::read_exactly(*m_file, sector * k_sector, marker));
        const std::uint32_t length = base::load_le32(marker, 8);
        if (base::load_le64(marker, 0) != grain * m_header.grain) return fail(Errc::corrupt, "a compressed VMDK grain carries another place", sector * k_sector);
        if (length > 2 * block_size() + 4096) return fail(Errc::corrupt, "a compressed VMDK grain is too long", sector * k_sector);
        TRY_ASSIGN(const auto packed, base::read_bytes(*m_file, sector * k_sector + marker.size(), length));
        // The last grain may be cut at the disk's end.
        const std::uint64_t whole = std::min(block_size(), size() - grain * block_size());
        auto bytes = inflate_block(packed, block_size(), 15);
        if (!bytes && whole < block_size()) bytes = inflate_block(packed, whole, 15);
        return bytes;
    }

    Header m_header;
    std::vector<std::uint32_t> m_directory;
    std::shared_ptr<const base::ByteSource> m_file;
    mutable BlockCache m_tables{std::size_t{8} << 20};
    mutable BlockCache m_blocks{std::size_t{4} << 20};
};

// The header that has the directory: of a streamed file it stands in the footer.
Result<Header> read_header(const base::ByteSource& file, base::DamageSink& damage) {
    TRY_ASSIGN(Header header, decode_header(read_head(file, k_sector)));
    if (header.directory == UINT64_MAX) {
        if (file.size() < 4 * k_sector) return fail(Errc::truncated, "the streamed VMDK is cut short");
        std::array<std::byte, k_sector> footer{};
        TRY(base::read_exactly(file, file.size() - 2 * k_sector, footer));
        auto last = decode_header(footer);
        if (!last || last->directory == UINT64_MAX)
            return fail(Errc::truncated, "the streamed VMDK ends without its footer: it is cut short, and its grain directory is lost");
        last->descriptor = header.descriptor, last->descriptor_size = header.descriptor_size;
        header = *last;
    }
    if (header.unclean) damage.damage({Gap::Level::note, "container", "the VMDK was not closed cleanly", "", ""});
    return header;
}

Result<std::vector<std::uint32_t>> read_directory(const base::ByteSource& file, const Header& header, std::uint64_t sector) {
    if (sector == 0 || sector > (INT64_MAX / k_sector)) return fail(Errc::corrupt, "the VMDK grain directory's place makes no sense");
    TRY_ASSIGN(const auto bytes, base::read_bytes(file, sector * k_sector, header.tables() * 4));
    std::vector<std::uint32_t> directory(header.tables());
    for (std::size_t i = 0; i < directory.size(); ++i) directory[i] = base::load_le32(bytes, i * 4);
    return directory;
}

Result<std::unique_ptr<base::ByteSource>> open_sparse(const std::shared_ptr<const base::ByteSource>& file, const Header& header,
                                                      std::shared_ptr<const base::ByteSource> parent, std::uint32_t media, base::DamageSink& damage) {
    auto directory = read_directory(*file, header, header.directory);
    if (!directory && !header.packed()) {
        directory = read_directory(*file, header, header.redundant_directory);
        if (directory) damage.damage({Gap::Level::note, "container", "the VMDK grain directory is damaged; its copy was used", "", ""});
    }
    if (!directory) return tl::unexpected(directory.error());
    return std::make_unique<SparseExtent>(header, std::move(*directory), file, std::move(parent), media);
}

class VmdkFormat final : public ContainerFormat {
public:
    std::string_view name() const override { return "vmdk"; }
    bool claims(const base::ByteSource& first_file, const std::string&) const override {
        const auto head = read_head(first_file, k_sector);
        return base::as_text(head).starts_with("KDMV") || is_vmdk_descriptor(head);
    }

    Result<Container> open(Segments& segments, std::uint32_t media, base::DamageSink& damage) const override {
        const auto file = segments.files.front();
        Container container;
        container.format = "vmdk";
        container.names = segments.names;
        const auto head = read_head(*file, k_most_descriptor);
        if (is_vmdk_descriptor(head)) {
            if (file->size() > k_most_descriptor) return fail(Errc::corrupt, "the VMDK descriptor is larger than 1 MiB");
            TRY_ASSIGN(const auto descriptor, decode_vmdk_descriptor(base::as_text(head)));
            TRY(open_extents(segments, descriptor, media, damage, container));
            return container;
        }
        TRY_ASSIGN(const Header header, read_header(*file, damage));
        VmdkDescriptor descriptor;
        if (header.descriptor != 0) {
            if (header.descriptor > INT64_MAX / k_sector || header.descriptor_size > k_most_descriptor / k_sector)
                return fail(Errc::corrupt, "the VMDK descriptor's place makes no sense");
            TRY_ASSIGN(const auto text, base::read_bytes(*file, header.descriptor * k_sector, header.descriptor_size * k_sector));
            TRY_ASSIGN(descriptor, decode_vmdk_descriptor(base::as_text(text)));
        }
        // One of several extents has no descriptor, or an empty one.
        if (descriptor.extents.empty())
            return fail(Errc::usage, segments.names.front() + " is one extent of a VMDK; give the descriptor file (the .vmdk without -s001)");
        TRY_ASSIGN(auto parent, open_base(segments, descriptor, media, damage, container));
        TRY_ASSIGN(container.media, open_sparse(file, header, std::move(parent), media, damage));
        return container;
    }

private:
    static Result<std::shared_ptr<const base::ByteSource>> open_base(Segments& segments, const VmdkDescriptor& descriptor, std::uint32_t media,
                                                                     base::DamageSink& damage, Container& container) {
        if (descriptor.parent.empty()) return nullptr;
        return open_parent(segments, descriptor.parent, ParentFormat::by_content, media, damage, container.names);
    }

    static Result<void> open_extents(Segments& segments, const VmdkDescriptor& descriptor, std::uint32_t media, base::DamageSink& damage,
                                     Container& container) {
        if (descriptor.extents.empty()) return fail(Errc::corrupt, "the VMDK descriptor names no extents");
        TRY_ASSIGN(const auto parent, open_base(segments, descriptor, media, damage, container));
        std::vector<ConcatSource::Piece> pieces;
        std::uint64_t at = 0;
        for (const auto& extent : descriptor.extents) {
            const std::uint64_t length = extent.sectors * k_sector;
            TRY_ASSIGN(auto piece, open_extent(segments, extent, part_of(parent, at, length), media, damage, container));
            pieces.push_back(std::move(piece));
            at += length;
        }
        container.media = std::make_unique<ConcatSource>(std::move(pieces), media);
        return {};
    }

    static Result<ConcatSource::Piece> open_extent(Segments& segments, const VmdkExtent& extent, std::shared_ptr<const base::ByteSource> parent,
                                                   std::uint32_t media, base::DamageSink& damage, Container& container) {
        const std::uint64_t length = extent.sectors * k_sector;
        if (extent.kind == "ZERO") return ConcatSource::Piece{nullptr, 0, length};
        const bool flat = extent.kind == "FLAT" || extent.kind == "VMFS";
        if (!flat && extent.kind != "SPARSE") return fail(Errc::unsupported, "VMDK extents of the kind " + extent.kind + " are not read");
        TRY_ASSIGN(auto opened, open_named(segments, extent.file, damage));
        const auto& names = container.names;
        if (std::find(names.begin(), names.end(), opened.first) == names.end()) container.names.push_back(opened.first);
        const auto cut = [&](std::uint64_t there) {
            if (there < length)
                damage.damage({Gap::Level::gap, "container", "an extent of the VMDK is shorter than its descriptor says", "",
                               fmt::format("{}: {} of {} bytes", opened.first, there, length)});
        };
        if (flat) {
            const std::uint64_t start = extent.start * k_sector, size = opened.second->size();
            cut(size > start ? size - start : 0);
            return ConcatSource::Piece{std::move(opened.second), start, length};
        }
        TRY_ASSIGN(const Header header, read_header(*opened.second, damage));
        TRY_ASSIGN(auto sparse, open_sparse(opened.second, header, std::move(parent), media, damage));
        cut(sparse->size());
        return ConcatSource::Piece{std::move(sparse), 0, length};
    }
};

}  // namespace

const ContainerFormat& vmdk_format() {
    static const VmdkFormat format;
    return format;
}

}  // namespace deadbox::image
