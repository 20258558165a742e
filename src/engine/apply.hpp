// Puts what the worker says into the case. The worker is not believed: every message is checked against what it may say.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "case/writer.hpp"
#include "ipc/frame.hpp"
#include "ipc/protocol.hpp"

namespace deadbox::engine {

// Names and inodes of the walk.
class WalkApplier {
public:
    WalkApplier(const case_file::Database& database, case_file::Writer& writer) : m_database(database), m_writer(writer) {}
    void begin(std::int64_t tree, std::int64_t level) { m_tree = tree, m_level = level, m_directory = 0; }
    base::Result<void> apply(ipc::Message& message);
    std::uint64_t names = 0;  // counted over all batches

private:
    base::Result<void> directory(ipc::Message& message);
    base::Result<void> name(ipc::Message& message);
    base::Result<void> orphan(ipc::Message& message);
    base::Result<void> root(ipc::Message& message);
    const case_file::Database& m_database;
    case_file::Writer& m_writer;
    std::int64_t m_tree = 0, m_level = 0, m_directory = 0;
    std::string m_path;
};

// Events, rows, digests and the rest that parsers say.
class FileApplier {
public:
    explicit FileApplier(case_file::Writer& writer) : m_writer(writer) {}
    base::Result<void> apply(ipc::Message& message, std::string_view wave);

private:
    base::Result<void> event(ipc::Message& message);
    base::Result<void> row(ipc::Message& message);
    base::Result<void> request(ipc::Message& message);
    base::Result<void> content(ipc::Message& message);
    case_file::Writer& m_writer;
};

// A gap message, for both.
base::Result<void> apply_gap(case_file::Writer& writer, ipc::Message& message, std::string_view wave);

}  // namespace deadbox::engine
