// EWF-E01, the Expert Witness format of EnCase, FTK Imager, libewf and SMART (libewf's documentation is the reference).
//   segment = "EVF" 09 0d 0a ff 00, 01, number:le16, 0:le16, section*
//   section = type[16] next:le64 size:le64 0[40] adler32:le32, data
//   table   = entries:le32 0:le32 base:le64 0:le32 adler32:le32, entry:le32*, adler32:le32
//   entry   = offset from base in 31 bits, bit 31: compressed; a chunk ends where the next one starts, the last one of
//             a table at the end of its "sectors" section. Where a table reaches past 2 GiB, the offsets take bit 31
//             too and the chunks are not compressed.
//   chunk   = zlib data, or bytes and their adler32
// All segments are opened at once. Tables are read on demand: a 2 TB disk has 60 million chunks.
#include <zlib.h>

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "image/container/ewf_sections.hpp"
#include "image/container/formats.hpp"
#include "image/container/mapped_source.hpp"

namespace deadbox::image {
using base::Errc, base::fail, base::Gap, base::Result;
namespace {

constexpr std::string_view k_ewf_magic("EVF\x09\x0d\x0a\xff\x00", 8);
constexpr std::uint64_t k_file_header = 13;
constexpr std::size_t k_most_sections = 1'000'000;
constexpr std::size_t k_most_segments = 14'971;  // E01 to ZZZ
constexpr std::uint32_t k_most_entries = 1U << 20;

// One chunk table: what it says about the chunks from `first` on.
struct TableRef {
    std::uint64_t first = 0;
    std::uint32_t entries = 0;
    std::size_t file = 0;
    std::uint64_t place = 0;  // of the entries
    std::uint64_t base = 0;
    std::uint64_t end = 0;    // of the last chunk, an offset in the file
};

struct Index {
    std::vector<std::shared_ptr<const base::ByteSource>> files;
    std::vector<TableRef> tables;  // by `first`
    std::optional<EwfGeometry> geometry;
    std::uint32_t bytes_per_sector = 512;
    Acquisition acquisition;
    bool done = false;    // the last segment says that it is the last
    bool broken = false;  // damage after which the chunks' numbers are not known any more
    std::uint64_t chunks() const { return tables.empty() ? 0 : tables.back().first + tables.back().entries; }
};

class EwfSource final : public MappedSource {
public:
    EwfSource(Index index, std::uint32_t media)
        : MappedSource(index.geometry->size, media, nullptr), m_chunk(index.geometry->chunk_size), m_index(std::move(index)),
          m_blocks(std::max<std::size_t>(std::size_t{4} << 20, std::size_t{2} * m_chunk)) {}

protected:
    // All chunks are data: a compressed chunk of zeros is no hole of the disk.
    Result<Run> run_at(std::uint64_t offset) const override {
        if (offset / m_chunk >= m_index.chunks()) return fail(Errc::truncated, "the EWF image ends before this part of the disk", offset);
        Run run;
        run.kind = Run::Kind::packed;
        run.length = m_chunk - offset % m_chunk;
        return run;
    }

    Result<base::ByteView> unpack(std::uint64_t offset) const override {
        const std::uint64_t chunk = offset / m_chunk;
        const auto* block = m_blocks.find(chunk);
        if (!block) {
            TRY_ASSIGN(auto bytes, read_chunk(chunk));
            block = &m_blocks.put(chunk, std::move(bytes));
        }
        return base::ByteView(*block).subspan(std::min<std::size_t>(offset % m_chunk, block->size()));
    }

private:
    struct Place {
        std::uint64_t start = 0, end = 0;
        bool compressed = false;
    };

    Result<std::vector<std::byte>> read_chunk(std::uint64_t chunk) const {
        const auto after = std::upper_bound(m_index.tables.begin(), m_index.tables.end(), chunk, [](std::uint64_t c, const TableRef& t) { return c < t.first; });
        const TableRef& table = *(after - 1);
        TRY_ASSIGN(const Place place, place_of(table, static_cast<std::size_t>(after - m_index.tables.begin()) - 1, chunk - table.first));
        const std::uint64_t whole = std::min<std::uint64_t>(m_chunk, size() - chunk * m_chunk);
        const auto& file = *m_index.files[table.file];
        const std::uint64_t end = std::min(place.end, file.size());
        if (end <= place.start) return fail(Errc::corrupt, fmt::format("chunk {} of the EWF image has no place that makes sense", chunk));
        // What several tables share ends late for the last chunk of each: no chunk is longer than this.
        TRY_ASSIGN(auto stored, base::read_bytes(file, place.start, std::min(end - place.start, 2 * std::uint64_t{m_chunk} + 4096)));
        if (place.compressed) {
            auto bytes = inflate_block(stored, m_chunk, 15);
            // The last chunk may be as short as what is left of the disk.
            if (!bytes && whole < m_chunk) bytes = inflate_block(stored, whole, 15);
            return bytes;
        }
        const std::size_t length = stored.size() >= std::size_t{m_chunk} + 4 ? m_chunk : stored.size() - std::min<std::size_t>(4, stored.size());
        if (length < whole) return fail(Errc::truncated, fmt::format("chunk {} of the EWF image is cut short", chunk));
        if (base::load_le32(stored, length) != adler32_of(base::ByteView(stored).first(length)))
            return fail(Errc::corrupt, fmt::format("the checksum of chunk {} of the EWF image does not hold", chunk));
        stored.resize(length);
        return stored;
    }

    Result<Place> place_of(const TableRef& table, std::size_t number, std::uint64_t index) const {
        const auto* places = m_tables.find(number);
        if (!places) {
            TRY_ASSIGN(auto decoded, decode_places(table));
            places = &m_tables.put(number, std::move(decoded));
        }
        const std::uint64_t start = base::load_le64(*places, index * 8), next = base::load_le64(*places, index * 8 + 8);
        constexpr std::uint64_t k_packed = std::uint64_t{1} << 63;
        return Place{start & ~k_packed, next & ~k_packed, (start & k_packed) != 0};
    }

    // The table's chunks as 64-bit offsets in the file, bit 63: compressed; one more entry says where the last one ends.
    Result<BlockCache::Block> decode_places(const TableRef& table) const {
        TRY_ASSIGN(const auto raw, base::read_bytes(*m_index.files[table.file], table.place, std::size_t{table.entries} * 4));
        BlockCache::Block places((std::size_t{table.entries} + 1) * 8);
        const auto put = [&](std::size_t i, std::uint64_t value) {
            for (unsigned byte = 0; byte < 8; ++byte) places[i * 8 + byte] = static_cast<std::byte>(value >> (8 * byte));
        };
        bool past = false;  // 2 GiB
        std::uint32_t before = 0;
        for (std::size_t i = 0; i < table.entries; ++i) {
            const std::uint32_t entry = base::load_le32(raw, i * 4);
            // Offsets only grow: one that seems to fall has bit 31 as part of itself.
            if (!past && (entry & 0x7fff'ffff) < before && entry > before) past = true;
            const bool compressed = !past && (entry >> 31) != 0;
            before = past ? entry : entry & 0x7fff'ffff;
            put(i, (table.base + before) | (compressed ? std::uint64_t{1} << 63 : 0));
        }
        put(table.entries, table.end);
        return places;
    }

    std::uint32_t m_chunk;
    Index m_index;
    mutable BlockCache m_blocks;
    mutable BlockCache m_tables{std::size_t{4} << 20};
};

// Walks the sections of one segment after the other.
class Indexer {
public:
    Indexer(Index& index, base::DamageSink& damage) : m_index(index), m_damage(damage) {}

    Result<void> segment(const std::shared_ptr<const base::ByteSource>& file, unsigned number) {
        std::array<std::byte, k_file_header> head{};
        TRY(base::read_exactly(*file, 0, head));
        if (!base::as_text(head).starts_with(k_ewf_magic)) return fail(Errc::corrupt, fmt::format("segment {} of the EWF image is no EWF file", number));
        if (const unsigned own = base::load_le16(head, 9); own != number)
            return fail(number == 1 ? Errc::usage : Errc::corrupt, fmt::format("this file is segment {} of an EWF image where {} is wanted; give the first one (.E01)", own, number));
        m_index.files.push_back(file);
        m_data_end = 0, m_missed = false;
        std::uint64_t at = k_file_header;
        for (std::size_t count = 0; count < k_most_sections; ++count) {
            std::array<std::byte, EwfSection::k_descriptor> bytes{};
            if (!base::read_exactly(*file, at, bytes)) {
                tell(Gap::Level::gap, "a segment of the EWF image is cut short", fmt::format("segment {}", number));
                m_index.broken = true;
                return {};
            }
            const auto section = decode_ewf_section(bytes, at);
            if (!section || !section->sound) {
                tell(Gap::Level::gap, "a section of the EWF image is damaged; what follows it is not read", fmt::format("segment {}, byte {}", number, at));
                m_index.broken = true;
                return {};
            }
            TRY(take(*section, *file));
            if (section->type == "done") m_index.done = true;
            const bool last = section->type == "done" || section->type == "next" || section->next == at;
            if (last) lose_missed();
            if (last || m_index.broken) return {};
            if (section->next < at + EwfSection::k_descriptor) return fail(Errc::corrupt, "the sections of the EWF image run backwards", at);
            at = section->next;
        }
        return fail(Errc::limit, "the EWF segment has more than a million sections");
    }

private:
    void tell(Gap::Level level, const char* reason, std::string detail = {}) { m_damage.damage({level, "container", reason, "", std::move(detail)}); }

    // The section's data, at most `most` bytes; empty where it cannot be read.
    static std::vector<std::byte> data_of(const EwfSection& section, const base::ByteSource& file, std::size_t most) {
        const std::uint64_t end = end_of(section);
        if (end <= section.data()) return {};
        std::vector<std::byte> bytes(std::min<std::uint64_t>(end - section.data(), most));
        const auto got = file.read_at(section.data(), bytes);
        bytes.resize(got ? *got : 0);
        return bytes;
    }

    // A damaged table that no copy followed.
    void lose_missed() {
        if (!m_missed) return;
        tell(Gap::Level::gap, "a chunk table of the EWF image is damaged and has no copy; what follows is not read");
        m_missed = false, m_index.broken = true;
    }

    static std::uint64_t end_of(const EwfSection& section) {
        return section.size != 0 ? section.start + std::min(section.size, UINT64_MAX - section.start) : section.next;
    }

    Result<void> take(const EwfSection& section, const base::ByteSource& file) {
        const auto& type = section.type;
        if (type == "volume" || type == "disk" || type == "data") return take_volume(section, file);
        if (type == "sectors") {
            lose_missed();
            m_data_end = end_of(section);
        } else if (type == "table" || type == "table2") return take_table(section, file);
        else if (type == "header" || type == "header2" || type == "xheader") take_header(section, file);
        else if (type == "hash" || type == "digest") take_hashes(section, file);
        else if (type == "error2") {
            const auto ranges = decode_ewf_errors(data_of(section, file, std::size_t{1} << 20), m_index.bytes_per_sector);
            m_index.acquisition.bad_ranges.insert(m_index.acquisition.bad_ranges.end(), ranges.begin(), ranges.end());
        } else if (type == "ltree") return fail(Errc::unsupported, "this EWF file is a logical evidence file, which is not read");
        return {};
    }

    Result<void> take_volume(const EwfSection& section, const base::ByteSource& file) {
        const auto data = data_of(section, file, 1052);
        auto geometry = decode_ewf_volume(data);
        if (!geometry && !m_index.geometry) return tl::unexpected(geometry.error());
        if (m_index.geometry || !geometry) return {};
        m_index.geometry = *geometry;
        m_index.bytes_per_sector = base::load_le32(data, 12);
        return {};
    }

    // table2 repeats the table before it and counts only where that one was damaged. A table of which only the entries'
    // checksum fails is still of use: each chunk has a checksum of its own.
    Result<void> take_table(const EwfSection& section, const base::ByteSource& file) {
        const bool copy = section.type == "table2";
        if (copy && !m_missed) return {};
        if (!copy) lose_missed();
        if (m_index.broken) return {};
        std::array<std::byte, EwfTableHeader::k_size> bytes{};
        const auto header = base::read_exactly(file, section.data(), bytes) ? decode_ewf_table(bytes) : fail(Errc::truncated, "a chunk table is cut short");
        const bool usable = header && header->sound && header->entries <= k_most_entries;
        // EnCase 1 and SMART have no "sectors": the chunks follow the entries, and SMART puts no checksum between them.
        const bool good = usable && (m_data_end == 0 || entries_hold(*header, section, file));
        if (!copy && !good) {
            m_missed = true;
            return {};
        }
        m_missed = false;
        if (!usable) {
            tell(Gap::Level::gap, "a chunk table of the EWF image and its copy are damaged; what follows is not read");
            m_index.broken = true;
            return {};
        }
        if (copy) tell(Gap::Level::note, good ? "a chunk table of the EWF image is damaged; its copy was used"
                                              : "a chunk table of the EWF image and its copy do not match their checksums");
        if (header->entries > 0)
            m_index.tables.push_back({m_index.chunks(), header->entries, m_index.files.size() - 1, section.data() + EwfTableHeader::k_size, header->base,
                                      m_data_end != 0 ? m_data_end : end_of(section)});
        return {};
    }

    // The checksum behind the entries; old tables have none.
    static bool entries_hold(const EwfTableHeader& header, const EwfSection& section, const base::ByteSource& file) {
        std::vector<std::byte> bytes(std::size_t{header.entries} * 4 + 4);
        const auto got = file.read_at(section.data() + EwfTableHeader::k_size, bytes);
        if (!got || *got < bytes.size() - 4) return false;
        const std::uint64_t used = EwfSection::k_descriptor + EwfTableHeader::k_size + bytes.size();
        if (section.size != 0 && section.size < used) return true;
        return *got == bytes.size() && base::load_le32(bytes, bytes.size() - 4) == adler32_of(base::ByteView(bytes).first(bytes.size() - 4));
    }

    void take_header(const EwfSection& section, const base::ByteSource& file) {
        constexpr std::size_t k_most_text = std::size_t{1} << 20;
        auto packed = data_of(section, file, k_most_text);
        if (packed.empty()) return;
        const auto text = unzip(packed, k_most_text);
        const auto view = base::ByteView(text);
        if (view.size() >= 2 && base::load_le16(view, 0) == 0xfeff) return decode_ewf_header(base::utf16le_to_utf8(view.subspan(2)), m_index.acquisition);
        // EnCase's header2 comes first and is the richer one.
        decode_ewf_header(base::as_text(view), m_index.acquisition);
    }

    // What the zlib data gives, up to `most` bytes.
    static std::vector<std::byte> unzip(base::ByteView packed, std::size_t most) {
        std::vector<std::byte> bytes(most);
        z_stream stream{};
        if (::inflateInit(&stream) != Z_OK) return {};
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data())), stream.avail_in = static_cast<uInt>(packed.size());
        stream.next_out = reinterpret_cast<Bytef*>(bytes.data()), stream.avail_out = static_cast<uInt>(most);
        ::inflate(&stream, Z_FINISH);
        bytes.resize(most - stream.avail_out);
        ::inflateEnd(&stream);
        return bytes;
    }

    void take_hashes(const EwfSection& section, const base::ByteSource& file) {
        const auto data = data_of(section, file, 80);
        const auto hex = [&](std::size_t at, std::size_t length) {
            if (data.size() < at + length) return std::string();
            const auto part = base::ByteView(data).subspan(at, length);
            const bool empty = std::all_of(part.begin(), part.end(), [](std::byte b) { return b == std::byte{0}; });
            return empty ? std::string() : base::to_hex(part);
        };
        auto& kept = m_index.acquisition;
        if (kept.stored_md5.empty()) kept.stored_md5 = hex(0, 16);
        if (section.type == "digest" && kept.stored_sha1.empty()) kept.stored_sha1 = hex(16, 20);
    }

    Index& m_index;
    base::DamageSink& m_damage;
    std::uint64_t m_data_end = 0;  // of the last "sectors" section
    bool m_missed = false;         // the last table was damaged
};

class EwfFormat final : public ContainerFormat {
public:
    std::string_view name() const override { return "ewf"; }
    bool claims(const base::ByteSource& first_file, const std::string&) const override {
        return base::as_text(read_head(first_file, k_ewf_magic.size())) == k_ewf_magic;
    }

    Result<Container> open(Segments& segments, std::uint32_t media, base::DamageSink& damage) const override {
        Index index;
        Indexer indexer(index, damage);
        Container container;
        container.format = "ewf";
        container.names = segments.names;
        TRY(indexer.segment(segments.files.front(), 1));
        for (unsigned number = 2; !index.done && !index.broken && number <= k_most_segments; ++number) {
            const auto name = ewf_segment_name(segments.names.front(), number);
            auto next = name.empty() ? fail(Errc::not_found, "there are no further segments") : segments.open_sibling(name);
            if (!next && next.error().code != Errc::not_found) return tl::unexpected(next.error());
            if (!next) {
                damage.damage({Gap::Level::gap, "container", "segments of the EWF image are missing", "", name});
                break;
            }
            TRY(indexer.segment(*next, number));
            container.names.push_back(name);
        }
        if (!index.geometry) return fail(Errc::corrupt, segments.names.front() + " is an EWF image without a volume section");
        if (index.chunks() * index.geometry->chunk_size < index.geometry->size)
            damage.damage({Gap::Level::gap, "container", "the EWF image ends before the end of its media", "",
                           fmt::format("{} of {} bytes are there", index.chunks() * index.geometry->chunk_size, index.geometry->size)});
        container.acquisition = index.acquisition;
        container.media = std::make_unique<EwfSource>(std::move(index), media);
        return container;
    }
};

}  // namespace

const ContainerFormat& ewf_format() {
    static const EwfFormat format;
    return format;
}

}  // namespace deadbox::image
