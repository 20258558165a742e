// systemd's journal files, read from the start to the end (not along their chains, which one lost block breaks): every
// entry that is there comes out, in the order in which it was written.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.hpp"
#include "base/function_ref.hpp"
#include "base/result.hpp"

namespace deadbox::content {

using JournalId = std::array<std::byte, 16>;

struct JournalHeader {
    enum class State : std::uint8_t { offline = 0, online = 1, archived = 2, other = 255 };
    State state = State::other;
    bool compact = false, keyed_hash = false, sealed = false;
    JournalId file_id{}, machine_id{}, boot_id{};  // boot_id: of the newest entry
    std::uint64_t entries = 0, objects = 0;        // as the header says
    std::uint64_t first_sequence = 0, last_sequence = 0;
    std::int64_t first_time = 0, last_time = 0;    // microseconds since 1970, 0: none
};

struct JournalField {
    std::string name;   // "MESSAGE", "_PID" ...
    std::string value;  // raw bytes, at most k_longest_value
    bool cut = false;
};

struct JournalEntry {
    std::uint64_t offset = 0;     // of its object, from the file's start
    std::uint64_t sequence = 0;
    std::int64_t time = 0;        // microseconds since 1970, by the machine's clock
    std::uint64_t since_boot = 0; // microseconds
    JournalId boot_id{};
    std::vector<JournalField> fields;
    std::size_t lost_fields = 0;  // whose data is damaged or not there

    // The first field of this name; "" where there is none.
    std::string_view value(std::string_view name) const;
};

// Of one walk.
struct JournalWalk {
    std::uint64_t next = 0;      // offset to go on from, 0 at the end
    std::uint64_t damaged = 0;   // places where no object could be made out and the next one was looked for
    std::uint64_t lost_fields = 0;
};

bool is_journal(base::ByteView head);

// One thread at a time; the source must outlive it.
class JournalFile {
public:
    static constexpr std::size_t k_longest_value = 256 * 1024;

    // Errc::not_found where the signature is missing, truncated or corrupt where the header cannot be used, unsupported
    // where it has a flag that changes the format and is not known.
    static base::Result<JournalFile> open(const base::ByteSource& source);
    JournalFile(JournalFile&&) noexcept;
    ~JournalFile();

    const JournalHeader& header() const { return m_header; }
    // Entries at or behind `from` (0: from the first on). Damage is counted and stepped over.
    base::Result<JournalWalk> walk(std::uint64_t from, base::FunctionRef<base::Next(const JournalEntry&)> visit) const;

private:
    class Blocks;
    struct Object;
    JournalFile(JournalHeader header, std::uint64_t start, std::unique_ptr<Blocks> blocks);
    base::Result<Object> object_at(std::uint64_t offset) const;
    base::Result<std::uint64_t> next_plausible(std::uint64_t offset) const;
    base::Result<JournalEntry> entry(const Object& object) const;
    base::Result<JournalField> field(std::uint64_t offset) const;

    JournalHeader m_header;
    std::uint64_t m_start;
    std::unique_ptr<Blocks> m_blocks;
};

}  // namespace deadbox::content
