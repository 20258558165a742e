// Takes the contents of a batch's files in, several of them side by side, so that their digests are computed together; gives
// each back in the batch's order.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "codec/digest.hpp"
#include "image/filesystem.hpp"
#include "ipc/protocol.hpp"
#include "plugin/parser.hpp"
#include "worker/filled_content.hpp"

namespace deadbox::worker {

struct FileTask {
    struct Request {
        std::string parser;
        plugin::Parameters parameters;
    };
    struct Name {
        std::uint64_t folder = 0;
        std::string path;
        std::vector<Request> requests;  // of files by this name
    };
    std::int64_t tree = 0;
    std::uint64_t number = 0;
    bool hash = false;
    std::vector<Name> names;  // at least one
    const std::string& path() const { return names.front().path; }
    std::int64_t row() const { return tree << 44 | static_cast<std::int64_t>(number); }
};

using Skips = std::set<std::pair<std::int64_t, std::uint32_t>>;  // inode row and step

inline constexpr std::uint64_t k_most_holes = 8ull << 30;  // of a file that is hashed or, by parsers without a bound, parsed

struct TakenFile {
    const FileTask* task = nullptr;
    const image::FileSystem* filesystem = nullptr;
    image::Inode inode;
    std::unique_ptr<FilledContent> content;     // null where it could not be opened
    std::unique_ptr<std::byte[]> memory;        // all of a small file, of others the head
    std::size_t filled = 0;                     // bytes of it
    bool whole = false;                         // it is all of the file
    bool zeros = false;                         // some stand for bytes that could not be read: no digest, nobody knows the file's own
    bool too_many_holes = false;                // and not hashed therefore
    std::optional<codec::Digests> digests;
    std::optional<base::Error> error;           // what kept it from being read to its end
};

class Intake {
public:
    static constexpr std::size_t k_head = 64 * 1024;

    Intake();
    using Trees = std::function<const image::FileSystem*(std::int64_t tree)>;
    using Zeros = std::function<std::uint64_t()>;  // how many zeros stood for unreadable bytes so far
    // The tasks must stay where they are until the last file was taken. What `skips` names is not read.
    void begin(const std::vector<FileTask>& tasks, const Trees& trees, const Zeros& zeros, const Skips& skips, ipc::Slot& slot);
    // The next regular file, read as far as it could be; nothing behind the last one.
    std::optional<TakenFile> next();

private:
    struct Reading {
        enum class State : std::uint8_t { closed, open, ended } state = State::closed;
        TakenFile file;
        std::optional<codec::Digester::Slot> digester;
        std::unique_ptr<std::byte[]> piece;  // of a file that is not kept whole
        std::uint64_t offset = 0, wanted = 0;
        std::size_t held = 0;  // its share of m_held
    };
    void add(const FileTask& task, const Trees& trees);
    void open_more();
    void open(Reading& reading);
    void at(const FileTask& task);  // so that the culprit is known
    void read_round();
    base::Result<base::ByteView> read_piece(Reading& reading);
    void end(Reading& reading);

    codec::Digester m_digester;
    std::vector<codec::Digester::Slot> m_free;  // slots of m_digester
    std::vector<codec::Digester::Piece> m_pieces;
    std::deque<Reading> m_readings;  // the batch's files that were not given back yet, in its order
    std::deque<Reading*> m_closed;   // of m_readings, in the order in which they will be opened
    std::size_t m_held = 0;  // bytes of small files in m_readings
    std::size_t m_open = 0;  // of m_readings: not at their end
    Zeros m_zeros;
    const Skips* m_skips = nullptr;
    ipc::Slot* m_slot = nullptr;
};

}  // namespace deadbox::worker
