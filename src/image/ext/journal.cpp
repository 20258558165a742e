// Journal blocks begin, big-endian, with magic C03B3998, type u32 and transaction u32:
//   1 descriptor: tags, each for one of the blocks that follow | 2 commit | 3, 4 superblock | 5 revoke: blocks that older
//   transactions must not bring back
// tag, version 3: block u32, flags u32, block high u32, checksum u32; before: block u32, checksum u16, flags u16, block high
// u32 (64 bit), 2 unused bytes (version 2). 16 bytes of UUID follow unless flag 2 is set. Flags: 1 escaped, 8 last tag.
// superblock: 12 block size, 16 blocks, 20 first block, 24 first transaction, 28 start (0: nothing to replay), 36 compat,
// 40 incompat, 48 UUID, 84 fast-commit blocks, 252 checksum.
#include "image/ext/journal.hpp"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "image/ext/block_map.hpp"
#include "image/ext/checksum.hpp"

namespace deadbox::image::ext {
namespace {

using base::load_be16;
using base::load_be32;
using base::load_be64;
using base::load_u8;

constexpr std::uint32_t k_journal_magic = 0xC03B3998;
constexpr std::uint32_t k_descriptor = 1, k_commit = 2, k_superblock_1 = 3, k_superblock_2 = 4, k_revoke = 5;
constexpr std::uint32_t k_escaped = 1, k_same_uuid = 2, k_last_tag = 8;
constexpr std::uint32_t k_has_wide = 2, k_has_async = 4, k_has_checksum_2 = 8, k_has_checksum_3 = 16, k_has_fast_commit = 32;
constexpr std::uint32_t k_known = 1 | k_has_wide | k_has_async | k_has_checksum_2 | k_has_checksum_3 | k_has_fast_commit;
constexpr std::uint32_t k_default_fast_blocks = 256, k_least_blocks = 1024;
constexpr std::uint32_t k_most_journal_blocks = 1u << 24;     // of a journal; the kernel makes none over 10 million
constexpr std::size_t k_most_copies = 2u << 20;       // blocks that are laid over or revoked: bounds memory

struct Header {
    std::uint32_t type = 0, transaction = 0;
};

struct BlockTag {
    std::uint64_t block = 0;
    std::uint32_t flags = 0, checksum = 0;
};

// Transactions go round: a is after b when the difference says so.
bool not_before(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) >= 0; }

class Replayer {
public:
    Replayer(const ExtVolume& volume, BlockMap map, std::uint64_t blocks, JournalReplay& out)
        : m_volume(volume), m_map(std::move(map)), m_blocks(blocks), m_out(out), m_block_size(volume.superblock().block_size) {}

    void run(bool needed) {
        if (!open()) return;
        if (m_start == 0) {
            m_out.state = JournalReplay::State::empty;
            return;
        }
        m_out.state = JournalReplay::State::pending;
        if (!needed) return;
        scan();
        pass(Pass::revoke);
        pass(Pass::replay);
        if (m_fast_first != 0) find_fast_commits();
        if (m_out.transactions == 0 && m_out.fast_commit_blocks.empty() && !m_superblock_checksum_ok) damaged("its superblock is damaged");
    }

private:
    enum class Pass : std::uint8_t { revoke, replay };

    void damaged(std::string what) {
        m_out.state = JournalReplay::State::damaged;
        m_out.trouble = std::move(what);
    }

    // The place of journal block `number` on the volume.
    std::optional<std::uint64_t> place(std::uint64_t number) {
        if (number >= m_blocks) return std::nullopt;
        if (!m_run.holds(number)) m_run = m_map.at(number);
        if (m_run.kind != Run::Kind::data) return std::nullopt;
        return m_run.physical + (number - m_run.logical);
    }

    bool read(std::uint64_t number) {
        const auto at = place(number);
        m_bytes.resize(m_block_size);
        return at && m_volume.blocks().read(*at * m_block_size, m_bytes).has_value();
    }

    bool open() {
        if (!read(0)) return damaged("its first block is not readable"), false;
        const base::ByteView b(m_bytes);
        const std::uint32_t type = load_be32(b, 4);
        if (load_be32(b, 0) != k_journal_magic || (type != k_superblock_1 && type != k_superblock_2)) return damaged("it has no superblock"), false;
        if (load_be32(b, 12) != m_block_size) return damaged("its block size is another than the file system's"), false;
        const std::uint64_t end = std::min<std::uint64_t>({load_be32(b, 16), m_blocks, k_most_journal_blocks});
        m_first = load_be32(b, 20);
        m_transaction = load_be32(b, 24);
        m_start = load_be32(b, 28);
        if (type == k_superblock_2) m_compat = load_be32(b, 36), m_incompat = load_be32(b, 40);
        if ((m_incompat & ~k_known) != 0) return damaged("it uses features that this reader does not know"), false;
        m_last = static_cast<std::uint32_t>(end);
        if ((m_incompat & k_has_fast_commit) != 0) {
            const std::uint32_t stored = load_be32(b, 84), fast = stored != 0 ? stored : k_default_fast_blocks;
            if (fast < m_last && m_last - fast >= k_least_blocks) {
                m_last -= fast;
                m_fast_first = m_last + 1, m_fast_end = static_cast<std::uint32_t>(end);
            }
        }
        if (m_first == 0 || m_first >= m_last || m_start >= m_last) return damaged("its superblock makes no sense"), false;
        if (checked()) {
            std::vector<std::byte> copy(b.begin(), b.begin() + 1024);
            std::fill_n(copy.begin() + 252, 4, std::byte{0});
            m_superblock_checksum_ok = crc32c(~0u, copy) == load_be32(b, 252);
            if (!m_superblock_checksum_ok) m_out.damaged_records = true, m_out.trouble = "the checksum of its superblock is wrong";
        }
        m_seed = crc32c(~0u, b.subspan(48, 16));
        return true;
    }

    bool checked() const { return (m_incompat & (k_has_checksum_2 | k_has_checksum_3)) != 0; }
    bool wide() const { return (m_incompat & k_has_wide) != 0; }
    std::size_t tag_bytes() const {
        if ((m_incompat & k_has_checksum_3) != 0) return 16;
        return (wide() ? 12u : 8u) + ((m_incompat & k_has_checksum_2) != 0 ? 2u : 0u);
    }
    void advance(std::uint32_t& at, std::uint64_t blocks = 1) const {
        const std::uint64_t next = at + blocks;
        at = static_cast<std::uint32_t>(next < m_last ? next : m_first + (next - m_last) % (m_last - m_first));
    }

    std::optional<Header> header() const {
        if (load_be32(m_bytes, 0) != k_journal_magic) return std::nullopt;
        return Header{load_be32(m_bytes, 4), load_be32(m_bytes, 8)};
    }

    // Descriptors and revokes have their checksum in the last four bytes, with that place as zeros.
    bool tail_checksum_ok() const {
        if (!checked()) return true;
        static constexpr std::array<std::byte, 4> zeros{};
        const base::ByteView b(m_bytes);
        return checksum_fits(crc32c(crc32c(m_seed, b.first(b.size() - 4)), zeros), load_be32(b, b.size() - 4));
    }

    bool commit_checksum_ok() const {
        static constexpr std::array<std::byte, 4> zeros{};
        const base::ByteView b(m_bytes);
        std::uint32_t crc = crc32c(m_seed, b.first(16));
        crc = crc32c(crc, zeros);
        return checksum_fits(crc32c(crc, b.subspan(20)), load_be32(b, 16));
    }

    std::vector<BlockTag> tags() const {
        std::vector<BlockTag> list;
        const base::ByteView b(m_bytes);
        const std::size_t size = tag_bytes(), end = b.size() - (checked() ? 4 : 0);
        for (std::size_t at = 12; at + size <= end;) {
            BlockTag tag;
            tag.block = load_be32(b, at);
            if ((m_incompat & k_has_checksum_3) != 0) {
                tag.flags = load_be32(b, at + 4);
                if (wide()) tag.block |= std::uint64_t{load_be32(b, at + 8)} << 32;
                tag.checksum = load_be32(b, at + 12);
            } else {
                tag.checksum = load_be16(b, at + 4);
                tag.flags = load_be16(b, at + 6);
                if (wide()) tag.block |= std::uint64_t{load_be32(b, at + 8)} << 32;
            }
            list.push_back(tag);
            at += size + ((tag.flags & k_same_uuid) != 0 ? 0 : 16);
            if ((tag.flags & k_last_tag) != 0) break;
        }
        return list;
    }

    // How far whole, undamaged transactions reach.
    void scan() {
        std::uint32_t at = m_start, transaction = m_transaction, crc = ~0u;
        std::uint64_t last_commit_time = 0;
        bool doubtful = false;  // a checksum is wrong: damage, or a block of an older round
        const bool summed = (m_compat & 1) != 0;
        for (std::uint64_t steps = 0; steps <= m_last; ++steps) {
            if (!read(at)) break;
            const auto h = header();
            if (!h || h->transaction != transaction) break;
            advance(at);
            if (h->type == k_descriptor) {
                if (!tail_checksum_ok()) doubtful = true;
                const auto list = tags();
                if (summed) {
                    crc = crc32_be(crc, m_bytes);
                    for (std::size_t i = 0; i < list.size(); ++i, advance(at))
                        if (read(at)) crc = crc32_be(crc, m_bytes);
                } else {
                    advance(at, list.size());
                }
                steps += list.size();
            } else if (h->type == k_commit) {
                const base::ByteView b(m_bytes);
                const std::uint64_t time = load_be64(b, 48);
                const unsigned kind = load_u8(b, 12), size = load_u8(b, 13);
                const std::uint32_t stored = load_be32(b, 16);
                bool good = !doubtful;
                if (good && summed) good = (stored == crc && kind == 1 && size == 4) || (kind == 0 && size == 0 && stored == 0);
                else if (good && checked()) good = commit_checksum_ok();
                if (!good) {
                    if (time >= last_commit_time) m_out.damaged_records = true, m_out.trouble = "a transaction's checksum is wrong: it and later ones are left out";
                    break;
                }
                last_commit_time = time, crc = ~0u;
                ++transaction;
            } else if (h->type == k_revoke) {
                if (!tail_checksum_ok()) doubtful = true;
            } else {
                break;
            }
        }
        m_end = transaction;
        m_out.transactions = transaction - m_transaction;
    }

    void pass(Pass which) {
        std::uint32_t at = m_start, transaction = m_transaction;
        for (std::uint64_t steps = 0; steps <= m_last && transaction != m_end; ++steps) {
            if (!read(at)) return;
            const auto h = header();
            if (!h || h->transaction != transaction) return;
            advance(at);
            if (h->type == k_commit) {
                ++transaction;
            } else if (h->type == k_revoke) {
                if (which == Pass::revoke) revoke(transaction);
            } else if (h->type == k_descriptor) {
                const auto list = tags();
                steps += list.size();
                if (which == Pass::replay)
                    for (const auto& tag : list) lay_over(tag, at, transaction), advance(at);
                else
                    advance(at, list.size());
            } else {
                return;
            }
        }
    }

    void revoke(std::uint32_t transaction) {
        const base::ByteView b(m_bytes);
        const std::size_t width = wide() ? 8 : 4, end = std::min<std::size_t>(load_be32(b, 12), b.size() - (checked() ? 4 : 0));
        for (std::size_t at = 16; at + width <= end; at += width) {
            if (m_revoked.size() >= k_most_copies) return damaged("it revokes more blocks than are kept");
            auto& newest = m_revoked.try_emplace(wide() ? load_be64(b, at) : load_be32(b, at), transaction).first->second;
            if (not_before(transaction, newest)) newest = transaction;
        }
    }

    void lay_over(const BlockTag& tag, std::uint32_t at, std::uint32_t transaction) {
        const auto revoked = m_revoked.find(tag.block);
        if (revoked != m_revoked.end() && not_before(revoked->second, transaction)) return;
        const auto where = place(at);
        // Where the file system was grown, the superblock that knows of its new blocks is one of the copies.
        if (!where || tag.block >= std::max(m_volume.superblock().blocks, m_volume.blocks().on_volume())) return bad_copy();
        if (checked()) {
            if (!read(at)) return bad_copy();
            const std::array<std::byte, 4> number{std::byte(transaction >> 24), std::byte(transaction >> 16 & 0xff), std::byte(transaction >> 8 & 0xff),
                                                  std::byte(transaction & 0xff)};
            const std::uint32_t crc = crc32c(crc32c(m_seed, number), m_bytes);
            const bool good = (m_incompat & k_has_checksum_3) != 0 ? checksum_fits(crc, tag.checksum) : checksum_fits(crc & 0xffff, tag.checksum);
            if (!good) return bad_copy();
        }
        if (m_out.overlay.size() >= k_most_copies) return damaged("it holds more blocks than are kept");
        m_out.overlay[tag.block] = JournalCopy{*where, (tag.flags & k_escaped) != 0};
    }

    void bad_copy() {
        m_out.damaged_records = true;
        m_out.trouble = "a block in it is damaged and was left out";
    }

    void find_fast_commits() {
        m_out.fast_commit_transaction = m_end;
        for (std::uint32_t number = m_fast_first; number < m_fast_end; ++number) {
            const auto at = place(number);
            if (!at) break;
            m_out.fast_commit_blocks.push_back(*at);
        }
    }

    const ExtVolume& m_volume;
    BlockMap m_map;
    std::uint64_t m_blocks;
    JournalReplay& m_out;
    std::uint32_t m_block_size;
    std::vector<std::byte> m_bytes;
    Run m_run{Run::Kind::hole, 0, 0, 0};
    std::uint32_t m_first = 0, m_last = 0, m_transaction = 0, m_start = 0, m_end = 0;
    std::uint32_t m_fast_first = 0, m_fast_end = 0;
    std::uint32_t m_compat = 0, m_incompat = 0, m_seed = 0;
    bool m_superblock_checksum_ok = true;
    std::unordered_map<std::uint64_t, std::uint32_t> m_revoked;  // block -> newest transaction that revokes it
};

}  // namespace

JournalReplay read_journal(const ExtVolume& volume, bool needed) {
    JournalReplay out;
    const auto& super = volume.superblock();
    if (!super.has_compat(compat::has_journal)) return out;
    if (super.journal_inode == 0) {
        out.state = JournalReplay::State::elsewhere;
        return out;
    }
    InodeRecord inode;
    const bool read = volume.valid_inode(super.journal_inode) && volume.read_inode(super.journal_inode, inode);
    if (read && inode.type() == FileType::file && inode.links() > 0) {
        const std::uint64_t blocks = inode.size(false) / super.block_size;
        Replayer(volume, BlockMap(volume, inode), blocks, out).run(needed);
        if (out.state != JournalReplay::State::damaged) return out;
    }
    // The superblock keeps a copy of the journal inode's map and size.
    if (super.journal_map_size != 0) {
        JournalReplay second;
        const bool extents = base::load_le16(super.journal_map, 0) == 0xF30A;
        Replayer(volume, BlockMap(volume, super.journal_inode, super.journal_map, extents), super.journal_map_size / super.block_size, second).run(needed);
        if (second.state != JournalReplay::State::damaged) return second;
    }
    if (out.state != JournalReplay::State::damaged) {
        out.state = JournalReplay::State::damaged;
        out.trouble = "its inode is damaged";
    }
    return out;
}

}  // namespace deadbox::image::ext
