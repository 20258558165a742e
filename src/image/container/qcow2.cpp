// QCOW2, versions 2 and 3 (QEMU's docs/interop/qcow2.txt). All numbers are big-endian.
//   header   = "QFI\xfb" version:32 backing_offset:64 backing_length:32 cluster_bits:32 size:64 crypt:32 l1_entries:32
//              l1_offset:64 refcounts:64 refcount_clusters:32 snapshots:32 snapshots_offset:64
//              { incompatible:64 compatible:64 autoclear:64 refcount_order:32 header_length:32 compression:8 }  version 3
//   then extensions = (type:32 length:32 data, padded to 8)* up to type 0
//   L1 entry = offset of an L2 table in bits 9..55
//   L2 entry = bit 62 clear: cluster's offset in bits 9..55, bit 0: reads as zeros (not with subclusters)
//              bit 62 set: compressed, see packed_place()
//              with subclusters 64 bits more: 32 "reads as zeros", 32 "allocated"
#include <algorithm>
#include <array>
#include <bit>

#include <fmt/format.h>

#include "base/byte_cursor.hpp"
#include "image/container/formats.hpp"
#include "image/container/mapped_source.hpp"

namespace deadbox::image {
using base::Errc, base::fail, base::Gap, base::Result;
namespace {

constexpr std::string_view k_qcow2_magic("QFI\xfb", 4);
constexpr std::uint64_t k_offset_mask = 0x00ff'ffff'ffff'fe00;
constexpr std::uint64_t k_most_l1_bytes = std::uint64_t{32} << 20;  // QEMU's own cap
constexpr std::size_t k_most_extensions = 64;

enum Incompatible : std::uint64_t { k_dirty = 1, k_corrupt = 2, k_data_file = 4, k_compression = 8, k_extended_l2 = 16 };

struct QcowHeader {
    std::uint32_t version = 0, cluster_bits = 0, crypt = 0, l1_entries = 0, snapshots = 0, length = 72;
    std::uint64_t backing_offset = 0, size = 0, l1_offset = 0, incompatible = 0;
    std::uint32_t backing_length = 0;
    std::uint8_t compression = 0;
    std::string backing_format, data_file;
    bool has(Incompatible bit) const { return (incompatible & bit) != 0; }
};

Result<QcowHeader> decode_qcow_header(base::ByteView bytes) {
    QcowHeader header;
    base::ByteCursor cursor(bytes, 4);
    header.version = cursor.be32();
    header.backing_offset = cursor.be64(), header.backing_length = cursor.be32();
    header.cluster_bits = cursor.be32(), header.size = cursor.be64(), header.crypt = cursor.be32();
    header.l1_entries = cursor.be32(), header.l1_offset = cursor.be64();
    cursor.skip(8 + 4);
    header.snapshots = cursor.be32();
    cursor.skip(8);
    if (header.version >= 3) {
        header.incompatible = cursor.be64();
        cursor.skip(8 + 8 + 4);
        header.length = cursor.be32();
        if (header.length > 104) header.compression = cursor.u8();
    }
    if (!cursor.ok()) return fail(Errc::truncated, "the QCOW2 header is cut short");
    return header;
}

void decode_extensions(base::ByteView bytes, QcowHeader& header) {
    base::ByteCursor cursor(bytes, header.length);
    for (std::size_t i = 0; i < k_most_extensions; ++i) {
        const std::uint32_t type = cursor.be32(), length = cursor.be32();
        const auto data = cursor.take(length);
        if (!cursor.ok() || type == 0) return;
        if (type == 0xe2792aca) header.backing_format = base::as_text(data);
        if (type == 0x44415441) header.data_file = base::as_text(data);
        cursor.skip((8 - length % 8) % 8);
    }
}

Result<void> check(const QcowHeader& header) {
    if (header.version != 2 && header.version != 3)
        return fail(Errc::unsupported, fmt::format("QCOW version {} is not read; convert it with qemu-img convert -O raw", header.version));
    if (header.crypt != 0) return fail(Errc::unsupported, "the QCOW2 image is encrypted; decrypt it to a raw image first");
    if (header.cluster_bits < 9 || header.cluster_bits > 21) return fail(Errc::corrupt, "the QCOW2 cluster size makes no sense");
    if (header.size == 0 || header.size > INT64_MAX) return fail(Errc::corrupt, "the QCOW2 disk size makes no sense");
    const std::uint64_t known = k_dirty | k_corrupt | k_data_file | k_compression | k_extended_l2;
    if (header.incompatible & ~known)
        return fail(Errc::unsupported, fmt::format("the QCOW2 image uses a feature that is not known (bits {:#x})", header.incompatible & ~known));
    if (header.compression > 1) return fail(Errc::unsupported, "the QCOW2 image uses a compression that is not known");
    if (header.has(k_extended_l2) && header.cluster_bits < 14) return fail(Errc::corrupt, "the QCOW2 cluster size is too small for subclusters");
    return {};
}

class Qcow2Source final : public MappedSource {
public:
    Qcow2Source(const QcowHeader& header, std::vector<std::uint64_t> l1, std::shared_ptr<const base::ByteSource> file,
                std::shared_ptr<const base::ByteSource> data, std::shared_ptr<const base::ByteSource> parent, std::uint32_t media)
        : MappedSource(header.size, media, std::move(parent)), m_bits(header.cluster_bits), m_extended(header.has(k_extended_l2)),
          m_zero_flag(header.version >= 3 && !m_extended), m_separate_data(header.has(k_data_file)), m_compression(header.compression),
          m_l2_bits(header.cluster_bits - (m_extended ? 4 : 3)), m_l1(std::move(l1)), m_file(std::move(file)), m_data(std::move(data)) {}

protected:
    std::uint64_t block_size() const { return std::uint64_t{1} << m_bits; }

    Result<Run> run_at(std::uint64_t offset) const override {
        TRY_ASSIGN(Run run, unit_at(offset));
        if (run.kind == Run::Kind::packed) return run;
        // Units that go on in the same way make one run, up to the end of what this L2 table covers.
        const std::uint64_t span = std::uint64_t{1} << (m_bits + m_l2_bits);
        const bool table = l2_offset(offset >> (m_bits + m_l2_bits)).value_or(0) != 0;
        const std::uint64_t end = table ? std::min((offset / span + 1) * span, size()) : size();
        for (std::uint64_t next = offset + run.length; next < end; next = offset + run.length) {
            const auto more = unit_at(next);
            if (!more || more->kind != run.kind) break;
            if (run.kind == Run::Kind::stored && more->place != run.place + run.length) break;
            if (!table && l2_offset(next >> (m_bits + m_l2_bits)).value_or(1) != 0) break;
            run.length += more->length;
        }
        return run;
    }

    Result<base::ByteView> unpack(std::uint64_t offset) const override {
        const std::uint64_t cluster = offset >> m_bits;
        const auto* block = m_blocks.find(cluster);
        if (!block) {
            TRY_ASSIGN(const Entry entry, entry_of(offset));
            TRY_ASSIGN(auto bytes, unpack_cluster(entry.descriptor));
            block = &m_blocks.put(cluster, std::move(bytes));
        }
        return base::ByteView(*block).subspan(offset & (block_size() - 1));
    }

private:
    struct Entry {
        std::uint64_t descriptor = 0;
        std::uint64_t subclusters = 0;
    };

    // Entries past the end of a cut L1 table are damage.
    Result<std::uint64_t> l2_offset(std::uint64_t index) const {
        if (index >= m_l1.size()) return fail(Errc::truncated, "the QCOW2 first-level table ends before this part of the disk");
        return m_l1[index] & k_offset_mask;
    }

    Result<Entry> entry_of(std::uint64_t offset) const {
        TRY_ASSIGN(const std::uint64_t place, l2_offset(offset >> (m_bits + m_l2_bits)));
        if (place == 0) return Entry{};
        const auto* table = m_tables.find(place);
        if (!table) {
            TRY_ASSIGN(auto bytes, base::read_bytes(*m_file, place, block_size()));
            table = &m_tables.put(place, std::move(bytes));
        }
        const std::uint64_t index = (offset >> m_bits) & ((std::uint64_t{1} << m_l2_bits) - 1);
        const std::size_t at = index << (m_extended ? 4 : 3);
        return Entry{base::load_be64(*table, at), m_extended ? base::load_be64(*table, at + 8) : 0};
    }

    // What holds `offset`, to the end of its cluster or subcluster (or of all that an absent L2 table would cover).
    Result<Run> unit_at(std::uint64_t offset) const {
        const std::uint64_t inside = offset & (block_size() - 1);
        Run run;
        run.length = block_size() - inside;
        TRY_ASSIGN(const std::uint64_t table, l2_offset(offset >> (m_bits + m_l2_bits)));
        if (table == 0) {
            const std::uint64_t span = std::uint64_t{1} << (m_bits + m_l2_bits);
            run.kind = absent();
            run.length = span - (offset & (span - 1));
            return run;
        }
        TRY_ASSIGN(const Entry entry, entry_of(offset));
        if (entry.descriptor >> 62 & 1) {
            run.kind = Run::Kind::packed;
            return run;
        }
        const std::uint64_t place = entry.descriptor & k_offset_mask;
        bool zeros = m_zero_flag && (entry.descriptor & 1);
        // Only in a data file of its own may a cluster lie at 0.
        bool there = place != 0 || (m_separate_data && entry.descriptor >> 63);
        if (m_extended) {
            const std::uint64_t sub = block_size() / 32, index = inside / sub;
            run.length = sub - inside % sub;
            zeros = entry.subclusters >> (32 + index) & 1;
            there = there && (entry.subclusters >> index & 1);
        }
        if (zeros) run.kind = Run::Kind::zeros;
        else if (!there) run.kind = absent();
        else {
            if (place & (block_size() - 1)) return fail(Errc::corrupt, "a QCOW2 cluster does not lie on a cluster's boundary", offset);
            run.kind = Run::Kind::stored;
            run.host = m_data.get();
            run.place = place + inside;
        }
        return run;
    }

    Run::Kind absent() const { return has_parent() ? Run::Kind::parent : Run::Kind::zeros; }

    // descriptor = offset in bits 0..x-1, sectors of 512 bytes after the first in bits x..61; x = 62 - (cluster_bits - 8)
    Result<std::vector<std::byte>> unpack_cluster(std::uint64_t descriptor) const {
        const unsigned x = 62 - (m_bits - 8);
        const std::uint64_t place = descriptor & ((std::uint64_t{1} << x) - 1);
        const std::uint64_t sectors = (descriptor & ((std::uint64_t{1} << 62) - 1)) >> x;
        std::vector<std::byte> packed((sectors + 1) * 512 - (place & 511));
        // The last sector may reach past the file's end.
        TRY_ASSIGN(const std::size_t got, m_file->read_at(place, packed));
        packed.resize(got);
        // QEMU packs with a window of 12 bits; a reader may take the largest.
        return m_compression == 1 ? unzstd_block(packed, block_size()) : inflate_block(packed, block_size(), -15);
    }

    unsigned m_bits;
    bool m_extended, m_zero_flag, m_separate_data;
    std::uint8_t m_compression;
    unsigned m_l2_bits;
    std::vector<std::uint64_t> m_l1;
    std::shared_ptr<const base::ByteSource> m_file, m_data;
    mutable BlockCache m_tables{std::size_t{16} << 20};
    mutable BlockCache m_blocks{std::size_t{4} << 20};
};

Result<std::vector<std::uint64_t>> read_l1(const base::ByteSource& file, const QcowHeader& header, base::DamageSink& damage) {
    const unsigned covered = 2 * header.cluster_bits - (header.has(k_extended_l2) ? 4 : 3);
    const std::uint64_t needed = ((header.size - 1) >> covered) + 1;
    if (needed * 8 > k_most_l1_bytes) return fail(Errc::limit, "the QCOW2 first-level table is larger than 32 MiB");
    if (header.l1_entries < needed) return fail(Errc::corrupt, "the QCOW2 first-level table is too small for the disk");
    std::vector<std::byte> bytes(needed * 8);
    TRY_ASSIGN(const std::size_t got, file.read_at(header.l1_offset, bytes));
    if (got / 8 < needed)
        damage.damage({Gap::Level::gap, "container", "the QCOW2 first-level table is cut short; a part of the disk cannot be read", "",
                       fmt::format("{} of {} entries", got / 8, needed)});
    std::vector<std::uint64_t> l1(got / 8);
    for (std::size_t i = 0; i < l1.size(); ++i) l1[i] = base::load_be64(bytes, i * 8);
    return l1;
}

class Qcow2Format final : public ContainerFormat {
public:
    std::string_view name() const override { return "qcow2"; }
    bool claims(const base::ByteSource& first_file, const std::string&) const override {
        return base::as_text(read_head(first_file, 4)) == k_qcow2_magic;
    }

    Result<Container> open(Segments& segments, std::uint32_t media, base::DamageSink& damage) const override {
        const auto file = segments.files.front();
        // The header, its extensions and the names lie in the first cluster.
        const auto head = read_head(*file, std::size_t{2} << 20);
        TRY_ASSIGN(QcowHeader header, decode_qcow_header(head));
        TRY(check(header));
        decode_extensions(head, header);
        tell(header, damage);

        Container container;
        container.format = "qcow2";
        container.names = segments.names;
        auto data = file;
        if (header.has(k_data_file)) {
            if (header.data_file.empty()) return fail(Errc::corrupt, "the QCOW2 image keeps its data in another file and does not name it");
            TRY_ASSIGN(auto opened, open_named(segments, header.data_file, damage));
            container.names.push_back(opened.first);
            data = std::move(opened.second);
        }
        std::shared_ptr<const base::ByteSource> parent;
        if (header.backing_offset != 0 && header.backing_length != 0) {
            base::ByteCursor cursor(head, std::min<std::uint64_t>(header.backing_offset, head.size() + 1));
            const std::string named(base::as_text(cursor.take(header.backing_length)));
            if (!cursor.ok() || named.size() > 1023) return fail(Errc::corrupt, "the name of the QCOW2 backing file makes no sense");
            const auto format = header.backing_format == "raw" ? ParentFormat::raw : ParentFormat::by_content;
            TRY_ASSIGN(parent, open_parent(segments, named, format, media, damage, container.names));
        }
        TRY_ASSIGN(auto l1, read_l1(*file, header, damage));
        container.media = std::make_unique<Qcow2Source>(header, std::move(l1), file, std::move(data), std::move(parent), media);
        return container;
    }

private:
    static void tell(const QcowHeader& header, base::DamageSink& damage) {
        const auto say = [&](Gap::Level level, const char* reason, std::string detail = {}) {
            damage.damage({level, "container", reason, "", std::move(detail)});
        };
        if (header.snapshots > 0) say(Gap::Level::limit, "internal snapshots of the QCOW2 image are not examined", fmt::format("{} snapshots", header.snapshots));
        if (header.has(k_dirty)) say(Gap::Level::note, "the QCOW2 image was not closed cleanly");
        if (header.has(k_corrupt)) say(Gap::Level::note, "the QCOW2 image is marked as corrupt");
    }
};

}  // namespace

const ContainerFormat& qcow2_format() {
    static const Qcow2Format format;
    return format;
}

}  // namespace deadbox::image
