// https://systemd.io/JOURNAL_FILE_FORMAT, all integers little-endian:
//
// file   := header objects                    each object begins at a multiple of 8
// header := "LPKSHHRH" compatible(u32) incompatible(u32) state(u8) 0[7] file(16) machine(16) tail-boot(16) seqnum-id(16)
//           header-size arena-size data-hash-table[2] field-hash-table[2] tail-object objects entries tail-seqnum
//           head-seqnum entry-array head-realtime tail-realtime ...   (u64 each)
// object := type(u8) flags(u8) 0[6] size(u64) body       size counts from the object's first byte
// entry  := seqnum realtime monotonic (u64 each) boot(16) xor-hash(u64) items
// item   := offset(u64) hash(u64)   or, in a compact file, offset(u32)
// data   := hash next-hash next-field entry entry-array entries (u64 each) [compact: u32 u32] "NAME=value"
//           the last part compressed where flags say so: 1 xz, 2 LZ4 (u64 size first), 4 zstd
#include "content/journal.hpp"

#include <algorithm>
#include <list>
#include <unordered_map>

#include "base/byte_cursor.hpp"
#include "codec/decompress.hpp"
#include "codec/lz4_block.hpp"

namespace deadbox::content {
namespace {

constexpr std::string_view k_signature = "LPKSHHRH";
constexpr std::size_t k_header = 208, k_object_header = 16, k_entry_header = 64, k_data_header = 64, k_compact_data_header = 72;
constexpr std::size_t k_item = 16, k_compact_item = 4;
constexpr std::uint32_t k_incompatible_compact = 16, k_incompatible_keyed = 4, k_known_incompatible = 31, k_compatible_sealed = 1;
constexpr std::uint8_t k_data = 1, k_entry = 3, k_last_type = 7;
constexpr std::uint8_t k_xz = 1, k_lz4 = 2, k_zstd = 4;
constexpr std::size_t k_most_items = 4096;                 // fields of one entry
constexpr std::uint64_t k_largest_object = 256ull << 20;
constexpr std::uint64_t k_largest_read = 4ull << 20;       // of one object's bytes
constexpr std::uint64_t k_align = 8;
constexpr std::int64_t k_earliest = 0, k_latest = 253'402'300'800'000'000;  // the year 10000

JournalId id_of(base::ByteView bytes) {
    JournalId id{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), id.size()), id.begin());
    return id;
}

std::uint64_t aligned(std::uint64_t offset) { return (offset + k_align - 1) / k_align * k_align; }

base::Result<std::vector<std::byte>> unpacked(base::ByteView bytes, std::uint8_t flags, std::size_t longest) {
    if ((flags & k_lz4) != 0) {
        const auto size = base::load_le64(bytes, 0);
        if (bytes.size() < 8) return base::fail(base::Errc::truncated, "a compressed field of a journal is cut short");
        return codec::decompress_lz4_block(bytes.subspan(8), static_cast<std::size_t>(std::min<std::uint64_t>(size, 8 * longest)));
    }
    const base::MemorySource source({bytes.begin(), bytes.end()});
    const auto stream = codec::decompress(source);
    std::vector<std::byte> out(longest + 1);
    TRY_ASSIGN(const std::size_t got, stream->read(out));
    out.resize(got);
    return out;
}

}  // namespace

std::string_view JournalEntry::value(std::string_view name) const {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const JournalField& field) { return field.name == name; });
    return found == fields.end() ? std::string_view() : std::string_view(found->value);
}

bool is_journal(base::ByteView head) { return base::as_text(head).starts_with(k_signature); }

// The file's bytes in blocks, the most recently used ones kept: an entry's fields lie anywhere.
class JournalFile::Blocks {
public:
    explicit Blocks(const base::ByteSource& source) : m_source(source) {}
    std::uint64_t size() const { return m_source.size(); }

    // Valid until the next call; Errc::truncated where the file ends before.
    base::Result<base::ByteView> at(std::uint64_t offset, std::size_t length) {
        if (offset > size() || length > size() - offset) return base::fail(base::Errc::truncated, "a journal's object", offset);
        const auto within = static_cast<std::size_t>(offset % k_block);
        if (within + length <= k_block) {
            TRY_ASSIGN(const base::ByteView whole, block(offset / k_block));
            return whole.subspan(within, length);
        }
        m_joined.resize(length);
        for (std::size_t done = 0; done < length;) {
            TRY_ASSIGN(const base::ByteView whole, block((offset + done) / k_block));
            const auto from = whole.subspan(static_cast<std::size_t>((offset + done) % k_block));
            const auto count = std::min(from.size(), length - done);
            std::copy_n(from.begin(), count, m_joined.begin() + static_cast<std::ptrdiff_t>(done));
            done += count;
        }
        return base::ByteView(m_joined);
    }

private:
    static constexpr std::size_t k_block = 64 * 1024, k_kept = 256;
    struct Block {
        std::uint64_t number = 0;
        std::vector<std::byte> bytes;
    };

    base::Result<base::ByteView> block(std::uint64_t number) {
        if (const auto found = m_places.find(number); found != m_places.end()) {
            m_blocks.splice(m_blocks.begin(), m_blocks, found->second);
            return base::ByteView(m_blocks.front().bytes);
        }
        const auto start = number * k_block;
        TRY_ASSIGN(auto bytes, base::read_bytes(m_source, start, static_cast<std::size_t>(std::min<std::uint64_t>(k_block, size() - start))));
        m_blocks.push_front({number, std::move(bytes)});
        m_places[number] = m_blocks.begin();
        if (m_blocks.size() > k_kept) m_places.erase(m_blocks.back().number), m_blocks.pop_back();
        return base::ByteView(m_blocks.front().bytes);
    }

    const base::ByteSource& m_source;
    std::list<Block> m_blocks;
    std::unordered_map<std::uint64_t, std::list<Block>::iterator> m_places;
    std::vector<std::byte> m_joined;
};

struct JournalFile::Object {
    std::uint64_t offset = 0, size = 0;
    std::uint8_t type = 0, flags = 0;
};

JournalFile::JournalFile(JournalHeader header, std::uint64_t start, std::unique_ptr<Blocks> blocks) : m_header(header), m_start(start), m_blocks(std::move(blocks)) {}
JournalFile::JournalFile(JournalFile&&) noexcept = default;
JournalFile::~JournalFile() = default;

base::Result<JournalFile> JournalFile::open(const base::ByteSource& source) {
    auto blocks = std::make_unique<Blocks>(source);
    if (source.size() < k_signature.size()) return base::fail(base::Errc::not_found, "this is no journal");
    TRY_ASSIGN(const base::ByteView head, blocks->at(0, k_signature.size()));
    if (!is_journal(head)) return base::fail(base::Errc::not_found, "this is no journal");
    TRY_ASSIGN(const base::ByteView bytes, blocks->at(0, k_header));
    base::ByteCursor in(bytes, k_signature.size());
    JournalHeader header;
    header.sealed = (in.le32() & k_compatible_sealed) != 0;
    const auto incompatible = in.le32();
    if ((incompatible & ~k_known_incompatible) != 0) return base::fail(base::Errc::unsupported, "the journal is of a newer format");
    header.compact = (incompatible & k_incompatible_compact) != 0;
    header.keyed_hash = (incompatible & k_incompatible_keyed) != 0;
    const auto state = in.u8();
    header.state = state <= 2 ? static_cast<JournalHeader::State>(state) : JournalHeader::State::other;
    in.skip(7);
    header.file_id = id_of(in.take(16)), header.machine_id = id_of(in.take(16)), header.boot_id = id_of(in.take(16));
    in.skip(16);
    const auto start = in.le64();
    in.skip(6 * 8);  // arena, hash tables, tail object
    header.objects = in.le64(), header.entries = in.le64(), header.last_sequence = in.le64(), header.first_sequence = in.le64();
    in.skip(8);
    header.first_time = static_cast<std::int64_t>(in.le64()), header.last_time = static_cast<std::int64_t>(in.le64());
    if (start < k_header || start > source.size()) return base::fail(base::Errc::corrupt, "the journal's header is damaged");
    return JournalFile(header, aligned(start), std::move(blocks));
}

base::Result<JournalFile::Object> JournalFile::object_at(std::uint64_t offset) const {
    TRY_ASSIGN(const base::ByteView bytes, m_blocks->at(offset, k_object_header));
    const Object object{offset, base::load_le64(bytes, 8), base::load_u8(bytes, 0), base::load_u8(bytes, 1)};
    const bool padded = base::load_le16(bytes, 2) == 0 && base::load_le32(bytes, 4) == 0;
    if (object.type == 0 || object.type > k_last_type || !padded || object.size < k_object_header || object.size > k_largest_object || object.size > m_blocks->size() - offset)
        return base::fail(base::Errc::corrupt, "a journal's object", offset);
    return object;
}

// The first place behind `offset` where an object seems to begin; the file's size where there is none. What was never
// written is zeros and is stepped over.
base::Result<std::uint64_t> JournalFile::next_plausible(std::uint64_t offset) const {
    const auto end = m_blocks->size();
    for (offset = aligned(offset + 1); offset < end && end - offset >= k_object_header; offset += k_align) {
        TRY_ASSIGN(const base::ByteView word, m_blocks->at(offset, k_align));
        if (base::load_le64(word, 0) == 0) continue;
        if (object_at(offset)) return offset;
    }
    return end;
}

base::Result<JournalField> JournalFile::field(std::uint64_t offset) const {
    if (offset % k_align != 0) return base::fail(base::Errc::corrupt, "a journal's field", offset);
    TRY_ASSIGN(const Object object, object_at(offset));
    const std::size_t head = m_header.compact ? k_compact_data_header : k_data_header;
    if (object.type != k_data || object.size < head) return base::fail(base::Errc::corrupt, "a journal's field", offset);
    const auto length = std::min(object.size - head, k_largest_read);
    TRY_ASSIGN(const base::ByteView bytes, m_blocks->at(offset + head, static_cast<std::size_t>(length)));
    std::vector<std::byte> kept;
    base::ByteView text = bytes;
    bool cut = length < object.size - head;
    if ((object.flags & (k_xz | k_lz4 | k_zstd)) != 0) {
        TRY_ASSIGN(kept, unpacked(bytes, object.flags, k_longest_value));
        text = kept;
    }
    const auto all = base::as_text(text);
    const auto equals = all.find('=');
    if (equals == all.npos) return base::fail(base::Errc::corrupt, "a journal's field", offset);
    auto value = all.substr(equals + 1);
    if (value.size() > k_longest_value) value = value.substr(0, k_longest_value), cut = true;
    return JournalField{std::string(all.substr(0, equals)), std::string(value), cut};
}

base::Result<JournalEntry> JournalFile::entry(const Object& object) const {
    if (object.size < k_entry_header) return base::fail(base::Errc::corrupt, "a journal's entry", object.offset);
    const std::size_t item = m_header.compact ? k_compact_item : k_item;
    const auto items = static_cast<std::size_t>(std::min<std::uint64_t>((object.size - k_entry_header) / item, k_most_items));
    TRY_ASSIGN(const base::ByteView bytes, m_blocks->at(object.offset, k_entry_header + items * item));
    JournalEntry entry;
    entry.offset = object.offset;
    entry.sequence = base::load_le64(bytes, 16);
    entry.time = static_cast<std::int64_t>(base::load_le64(bytes, 24));
    entry.since_boot = base::load_le64(bytes, 32);
    entry.boot_id = id_of(bytes.subspan(40, 16));
    if (entry.sequence == 0 || entry.time <= k_earliest || entry.time >= k_latest) return base::fail(base::Errc::corrupt, "a journal's entry", object.offset);
    std::vector<std::uint64_t> offsets;  // the view ends with the next read
    for (std::size_t i = 0; i < items; ++i) offsets.push_back(m_header.compact ? base::load_le32(bytes, k_entry_header + i * item) : base::load_le64(bytes, k_entry_header + i * item));
    for (const auto offset : offsets) {
        auto one = field(offset);
        if (one) entry.fields.push_back(std::move(*one));
        else ++entry.lost_fields;
    }
    return entry;
}

base::Result<JournalWalk> JournalFile::walk(std::uint64_t from, base::FunctionRef<base::Next(const JournalEntry&)> visit) const {
    JournalWalk walk;
    std::uint64_t offset = std::max(aligned(from), m_start);
    const auto end = m_blocks->size();
    while (offset < end && end - offset >= k_object_header) {
        const auto object = object_at(offset);
        if (!object && object.error().code != base::Errc::corrupt) return tl::unexpected(object.error());
        if (!object) {
            TRY_ASSIGN(const base::ByteView head, m_blocks->at(offset, k_object_header));
            const bool blank = std::all_of(head.begin(), head.end(), [](std::byte byte) { return byte == std::byte{}; });
            walk.damaged += blank ? 0 : 1;
            TRY_ASSIGN(offset, next_plausible(offset));
            continue;
        }
        if (object->type == k_entry) {
            auto one = entry(*object);
            if (!one) ++walk.damaged;
            else {
                walk.lost_fields += one->lost_fields;
                if (visit(*one) == base::Next::stop) {
                    walk.next = aligned(offset + object->size);
                    return walk;
                }
            }
        }
        offset = aligned(offset + object->size);
    }
    return walk;
}

}  // namespace deadbox::content
