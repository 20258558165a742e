// The one writer of a case during an analysis. A batch is one transaction: with it are committed its rows, its digest
// and its custody entry, so an unfinished batch leaves nothing behind. Batches are finished in a fixed order; row ids
// count up in that order. Use from one thread.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/gap.hpp"
#include "base/timestamp.hpp"
#include "case/event_blocks.hpp"
#include "codec/digest.hpp"
#include "plugin/sink.hpp"
#include "plugin/topic.hpp"

namespace deadbox::case_file {

// Row id of an inode: its tree and its number, which is below 2^44.
constexpr std::int64_t inode_row(std::int64_t tree, std::uint64_t number) { return tree << 44 | static_cast<std::int64_t>(number & ((1ull << 44) - 1)); }
constexpr std::uint64_t inode_number(std::int64_t row) { return static_cast<std::uint64_t>(row) & ((1ull << 44) - 1); }
constexpr std::int64_t inode_tree(std::int64_t row) { return row >> 44; }

struct InodeRow {
    std::int64_t id = 0;
    std::int64_t parent = 0;
    std::uint64_t generation = 0, first_byte = 0, size = 0, hole_bytes = 0;
    int type = 0;
    std::uint32_t mode = 0, uid = 0, gid = 0, links = 0, flags = 0;
    bool allocated = true, encrypted = false;
    std::optional<base::Timestamp> modified, accessed, changed, born, deleted;
    std::string_view rdev, target;  // empty: none
    base::ByteView attributes;      // packed as the schema says
};

struct FolderPlace {
    std::string path;
    std::int64_t level = 0;
};

// A piece of a file's content on the media.
struct Extent {
    std::uint64_t offset = 0, media_offset = 0, length = 0;  // offset: within the file
};
enum class Origin : std::uint8_t { disk, journal_replay };

enum class ContentState : std::uint8_t { live, recovered, partial, reallocated, none };

class Writer {
public:
    explicit Writer(const Database& database);
    ~Writer();
    Writer(const Writer&) = delete;

    bool is_done(std::string_view wave, std::string_view unit);
    base::Result<void> begin_batch(std::string_view wave, std::string_view unit);
    base::Result<void> finish_batch();
    // Undoes everything since begin_batch.
    void abandon_batch();
    bool in_batch() const { return m_batch != 0; }
    std::int64_t batch() const { return m_batch; }

    base::Result<std::int64_t> string_id(std::string_view value);
    base::Result<std::int64_t> arguments_id(std::string_view value);
    // False where the folder has a row already.
    base::Result<bool> directory(std::int64_t id, std::int64_t tree, std::string_view path, std::int64_t level, bool allocated);
    base::Result<void> walked(std::int64_t directory);
    // Nothing where the folder has no row.
    base::Result<std::optional<FolderPlace>> folder_place(std::int64_t directory);
    // False where the inode has a row already; then only a further link is kept.
    base::Result<bool> inode(const InodeRow& row);
    // The timeline's rows of these inodes (row ids, both included) and their totals: once, when all are there. In the order
    // of the table, which takes a fraction of the time that it takes inode by inode.
    base::Result<void> file_times(std::int64_t first_inode, std::int64_t last_inode);
    base::Result<void> name(std::int64_t directory, std::int64_t inode, std::string_view name, bool allocated);
    // The name that an inode is shown by, in place of its first one.
    base::Result<void> main_name(std::int64_t inode, std::int64_t directory, std::string_view name);
    // In place of what an earlier batch said of the same inode.
    base::Result<void> content(std::int64_t inode, ContentState state, std::string_view type, const codec::Digests* digests);
    base::Result<void> topic_row(const plugin::TableDef& table, std::optional<std::int64_t> system, std::optional<std::int64_t> inode,
                                 std::span<const plugin::Value> values);
    base::Result<void> place(std::int64_t inode, Origin origin, const std::vector<Extent>& extents);
    // `arguments`: a JSON object or "".
    base::Result<void> event(const plugin::Event& event, std::string_view arguments, std::optional<std::int64_t> inode);
    base::Result<void> keep_text(std::int64_t inode, base::ByteView text);
    // Merged with equal ones; may be called without a batch.
    base::Result<void> coverage(const base::Gap& gap, std::optional<std::int64_t> system, std::string_view wave);
    // As coverage(), of a file or folder: its path stands in where the gap names none, and its system.
    base::Result<void> coverage_of(base::Gap gap, std::int64_t inode, std::string_view wave);
    // Where a file or folder lies, by its first name; "" where it has none.
    base::Result<std::string> path_of(std::int64_t inode);
    // Into the run's list of steps that the clock ended.
    base::Result<void> timeout(std::string_view what);
    // The system that a tree belongs to; nothing for a volume of no known machine.
    base::Result<std::optional<std::int64_t>> system_of(std::int64_t tree);
    base::Result<void> request(std::optional<std::int64_t> system, std::string_view parser, std::string_view glob, std::string_view parameters);
    base::Result<void> step(std::int64_t inode, std::string_view parser, int outcome);

private:
    struct Tally;
    // False where a row of the same key is there.
    base::Result<bool> insert(std::string_view table, std::span<const plugin::Value> values);
    base::Result<bool> insert(Tally& tally, std::string_view table, std::span<const plugin::Value> values);
    // The first value is room for the row's id.
    base::Result<std::int64_t> append(std::string_view table, std::span<plugin::Value> values);
    Tally& tally_of(std::string_view table);
    Statement& statement(std::string_view sql);
    base::Result<void> flush_hours();
    base::Result<void> flush_block();

    const Database& m_database;
    std::unique_ptr<Transaction> m_transaction;
    std::int64_t m_batch = 0;
    std::string m_wave, m_unit;
    std::map<std::string, std::unique_ptr<Tally>, std::less<>> m_tallies;
    std::map<std::string, Statement, std::less<>> m_statements;
    struct StringHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };
    using Strings = std::unordered_map<std::string, std::int64_t, StringHash, std::equal_to<>>;
    struct KnownArguments {
        std::string value;
        std::int64_t id = 0;  // 0: none
    };
    base::Result<std::int64_t> add_string(std::string_view value, bool shared);
    // The case's own number of a kind: the places that another build gives its kinds are others.
    base::Result<std::int64_t> kind_id(const plugin::EventDef& kind);
    Strings m_strings;
    std::vector<std::int64_t> m_kinds;  // by their place in this build; 0: not asked for yet
    std::vector<KnownArguments> m_arguments;  // each at the place that its hash gives; a newer one takes it
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> m_hours;
    EventBlock m_block;
};

// One row of a table into a digest: for each value a type byte, then an integer or length of 8 bytes, then the bytes.
void hash_row(codec::Sha256& digest, std::span<const plugin::Value> values);

}  // namespace deadbox::case_file
