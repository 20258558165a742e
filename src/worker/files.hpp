// Reads files: digests, type, parsers. Waves "configure" and "content".
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/function_ref.hpp"
#include "base/glob.hpp"
#include "codec/digest.hpp"
#include "image/filesystem.hpp"
#include "ipc/protocol.hpp"
#include "plugin/parser.hpp"
#include "plugin/topic.hpp"
#include "worker/outbox.hpp"

namespace deadbox::worker {

struct FileTask {
    std::int64_t tree = 0;
    std::uint64_t number = 0, folder = 0;
    std::string path;
    bool hash = false;
    struct Request {
        std::string parser;
        plugin::Parameters parameters;
    };
    std::vector<Request> requests;
};

// All parsers with their patterns compiled. Made before the lock-down.
class FileReader {
public:
    // Prepares every parser with resources/<topic>.
    static base::Result<std::unique_ptr<FileReader>> make(const std::string& resources);

    using Skips = std::set<std::pair<std::int64_t, std::uint32_t>>;  // inode row and step
    // zeros(): how many zeros stood for unreadable bytes so far. A file that got some has no digest, because nobody knows its own.
    using Zeros = base::FunctionRef<std::uint64_t()>;
    void read(const image::FileSystem& filesystem, const FileTask& task, plugin::Wave wave, const Skips& skips, Zeros zeros, Outbox& outbox, ipc::Slot& slot);

private:
    struct Prepared {
        const plugin::ParserDef* definition;
        const plugin::Parser* parser;
        std::vector<base::Glob> paths, types;
    };
    FileReader();
    std::vector<Prepared> m_parsers;
    codec::Digester m_digester;
    std::vector<std::byte> m_buffer, m_head;
};

}  // namespace deadbox::worker
