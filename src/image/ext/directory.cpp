#include "image/ext/directory.hpp"

#include <algorithm>

namespace deadbox::image::ext {
namespace {

using base::load_le16;
using base::load_le32;
using base::load_u8;
using base::Next;

constexpr std::size_t k_record_header = 8;
constexpr std::size_t k_least = 12;  // of a record: a name of one byte

FileType type_of(unsigned code) {
    static constexpr FileType types[] = {FileType::unknown, FileType::file, FileType::directory, FileType::character,
                                         FileType::block,   FileType::fifo, FileType::socket,    FileType::symlink};
    return code < std::size(types) ? types[code] : FileType::unknown;
}

struct NameRecord {
    std::uint64_t inode = 0;
    std::size_t length = 0, name_length = 0;
    unsigned type = 0;
    std::string_view name;
};

class Decoder {
public:
    Decoder(base::ByteView region, const DirectoryRules& rules, base::FunctionRef<Next(const Entry&)> visit)
        : m_region(region), m_rules(rules), m_visit(visit) {}

    DirectoryDamage run() {
        std::size_t at = 0;
        if (index_block()) return m_damage;
        while (!m_stopped && m_region.size() - at >= k_least) {
            const NameRecord record = read(at);
            if (const auto next = sound(record, at) ? overlong(record, at) : 0; next != 0) {
                ++m_damage.records;
                live(record);
                at = next;
            } else if (sound(record, at)) {
                live(record);
                slack(at + (record.inode == 0 ? 0 : needed(record)), at + record.length, record);
                at += record.length;
            } else {
                at = recover(record, at);
            }
        }
        return m_damage;
    }

private:
    NameRecord read(std::size_t at) const {
        NameRecord record;
        record.inode = load_le32(m_region, at);
        record.length = load_le16(m_region, at + 4);
        if (m_rules.large_records) {
            if (record.length == 65535 || record.length == 0) record.length = m_region.size();
            else record.length = (record.length & 65532) | (record.length & 3) << 16;
        }
        record.name_length = load_u8(m_region, at + 6);
        record.type = load_u8(m_region, at + 7);
        if (!m_rules.types) record.type = 0;
        record.type &= 0x0f;
        const std::size_t there = m_region.size() - at - k_record_header;
        record.name = base::as_text(m_region.subspan(at + k_record_header, std::min(record.name_length, there)));
        return record;
    }

    bool dots(const NameRecord& record) const { return record.name == "." || record.name == ".."; }
    // Bytes that the record needs at least. "." and ".." never have a hash behind them.
    std::size_t needed(const NameRecord& record) const {
        const std::size_t hash = m_rules.hashes && !dots(record) ? 8 : 0;
        return (k_record_header + record.name_length + hash + 3) / 4 * 4;
    }
    bool sound(const NameRecord& record, std::size_t at) const {
        if (record.length < k_least || record.length % 4 != 0 || record.length > m_region.size() - at) return false;
        if (record.inode == 0) return true;  // an empty record's name means nothing
        return record.name_length > 0 && k_record_header + record.name_length <= record.length && record.inode <= m_rules.highest_inode;
    }
    bool clean_name(std::string_view name) const {
        return m_rules.ciphertext || (name.find('/') == name.npos && name.find('\0') == name.npos);
    }
    // Whether bytes in slack were a record once: much stricter, any bytes may stand there.
    bool was_record(const NameRecord& record, std::size_t at, std::size_t end) const {
        if (record.name_length == 0 || needed(record) > end - at || record.name.size() != record.name_length || dots(record)) return false;
        if (record.inode > m_rules.highest_inode || (m_rules.types && (record.type == 0 || record.type > 7 || load_u8(m_region, at + 7) > 7)))
            return false;
        if (!m_rules.types && load_u8(m_region, at + 7) != 0) return false;
        if (record.length < needed(record) || record.length % 4 != 0) return false;
        if (record.inode == 0 || m_rules.ciphertext) return record.inode != 0 && record.length <= m_region.size() - at;
        return record.length <= m_region.size() - at && clean_name(record.name);
    }

    void emit(const NameRecord& record, bool allocated) {
        Entry entry{record.name, record.inode, type_of(record.type), allocated};
        std::string replaced;
        if (!clean_name(record.name)) {
            // Such a name could not be opened on the machine; it must not become a path here either.
            ++m_damage.names;
            replaced = record.name;
            std::replace_if(replaced.begin(), replaced.end(), [](char c) { return c == '/' || c == '\0'; }, '_');
            entry.name = replaced;
        }
        if (m_visit(entry) == Next::stop) m_stopped = true;
    }

    void live(const NameRecord& record) {
        if (record.inode != 0 && !dots(record)) emit(record, true);
    }

    void slack(std::size_t from, std::size_t end, const NameRecord& owner) {
        if (m_rules.indexed && m_rules.first_block && owner.name == "..") from = behind_root_hashes(from);
        while (!m_stopped && from < end && end - from >= k_least) {
            const NameRecord record = read(from);
            if (was_record(record, from, end)) {
                emit(record, false);
                from += needed(record);
            } else {
                from += 4;
            }
        }
    }

    // dx_root: info of 8 bytes, its length at 5 | limit u16, count u16, block u32 | hash, block pairs
    std::size_t behind_root_hashes(std::size_t from) const {
        const std::size_t info = load_u8(m_region, from + 5);
        const std::size_t table = from + (info == 8 ? 8 : 0);
        const std::size_t count = load_le16(m_region, table + 2);
        return std::min(m_region.size(), table + 8 * count);
    }

    // A block of hashes: one empty record over all of it, then limit and count.
    bool index_block() const {
        if (!m_rules.indexed || m_rules.first_block || m_region.size() < 16) return false;
        const std::size_t limit = load_le16(m_region, 8), count = load_le16(m_region, 10), room = (m_region.size() - 8) / 8;
        return load_le32(m_region, 0) == 0 && read(0).length == m_region.size() && load_u8(m_region, 6) == 0 && count <= limit &&
               (limit == room || limit + 1 == room);
    }

    // Where a record's length leads into the middle of another one, but records do follow within it: the first of those.
    std::size_t overlong(const NameRecord& record, std::size_t at) const {
        const std::size_t end = at + record.length;
        if (record.inode == 0 || end >= m_region.size() || sound_after(end)) return 0;
        for (std::size_t next = at + needed(record); next < end; next += 4)
            if (chain(next)) return next;
        return 0;
    }

    // Whether some records from `at` on follow each other, or reach the region's very end.
    bool chain(std::size_t at) const {
        constexpr std::size_t k_enough = 3;
        std::size_t used = 0;
        while (at < m_region.size() && used < k_enough) {
            if (m_region.size() - at < k_least) return false;
            const NameRecord record = read(at);
            if (!sound(record, at) || (record.inode != 0 && !clean_name(record.name))) return false;
            if (m_rules.types && record.inode != 0 && (record.type == 0 || record.type > 7)) return false;
            used += record.inode != 0 ? 1 : 0;
            at += record.length;
        }
        return used > 0;
    }

    // A record that contradicts the format: what of it can be believed, and where the next sound one starts.
    std::size_t recover(NameRecord record, std::size_t at) {
        ++m_damage.records;
        const bool length_fits = record.length >= k_least && record.length % 4 == 0 && record.length <= m_region.size() - at;
        const bool last = length_fits && record.length == m_region.size() - at;
        const bool next_fits = length_fits && (last || sound_after(at + record.length));
        const bool inode_fits = record.inode != 0 && record.inode <= m_rules.highest_inode;
        if (next_fits) {
            // Only inode or name length are wrong; a name ends at its first NUL.
            if (inode_fits) {
                record.name = base::as_text(m_region.subspan(at + k_record_header, record.length - k_record_header));
                if (record.name.size() > 255) record.name = record.name.substr(0, 255);
                record.name = record.name.substr(0, record.name.find('\0'));
                if (!record.name.empty() && !dots(record)) emit(record, true);
            }
            return at + record.length;
        }
        const bool name_fits = inode_fits && record.name_length > 0 && needed(record) <= m_region.size() - at && clean_name(record.name) &&
                               (!m_rules.types || (record.type >= 1 && record.type <= 7));
        if (name_fits) live(record);
        std::size_t next = at + (name_fits ? needed(record) : 4);
        while (next < m_region.size() && !chain(next)) next += 4;
        if (next >= m_region.size()) return salvage(at + (name_fits ? needed(record) : 4));
        return next;
    }

    bool sound_after(std::size_t at) const {
        return m_region.size() - at >= k_least && sound(read(at), at);
    }

    // No chain reaches the end (damage in two places): the next record that is sound by itself.
    std::size_t salvage(std::size_t at) const {
        for (; m_region.size() - std::min(at, m_region.size()) >= k_least; at += 4) {
            const NameRecord record = read(at);
            if (record.inode != 0 && sound(record, at) && clean_name(record.name) && was_record(record, at, at + record.length)) return at;
        }
        return m_region.size();
    }

    base::ByteView m_region;
    const DirectoryRules& m_rules;
    base::FunctionRef<Next(const Entry&)> m_visit;
    DirectoryDamage m_damage;
    bool m_stopped = false;
};

}  // namespace

DirectoryDamage decode_directory_block(base::ByteView region, const DirectoryRules& rules,
                                       base::FunctionRef<Next(const Entry&)> visit) {
    return Decoder(region, rules, visit).run();
}

}  // namespace deadbox::image::ext
