// Reading a case: typed queries that reports and commands share. Every function reads what is committed now; none holds
// a transaction after it returns. Texts from the evidence are raw bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/timestamp.hpp"
#include "case/database.hpp"
#include "case/ref.hpp"

namespace deadbox::case_file {

class View {
public:
    // Errc::corrupt, unsupported, io ...: the file cannot be used as a case.
    static base::Result<View> open(const std::string& path);

    const Database& database() const { return m_database; }
    const Refs& refs() const { return m_refs; }
    base::Result<Statement> prepare(std::string_view sql) const { return m_database.prepare(sql); }
    base::Result<std::optional<std::string>> meta(std::string_view key) const;
    // Changes whenever another connection has committed something into the case.
    base::Result<std::int64_t> data_version() const;
    base::Result<bool> has_table(std::string_view name) const;
    base::Result<std::int64_t> count(std::string_view table) const;  // of rows; `table` is one of ours, never of the evidence

private:
    View(Database database, Refs refs) : m_database(std::move(database)), m_refs(std::move(refs)) {}
    Database m_database;
    Refs m_refs;
};

// A read transaction around many small queries: each of them then costs no locking of its own, and all see one state of
// the case. Renew it between pages, so that a writer's log does not grow behind it. Inside of another one it is nothing.
class Snapshot {
public:
    static base::Result<Snapshot> begin(const View& view);
    Snapshot(Snapshot&& other) noexcept : m_view(std::exchange(other.m_view, nullptr)) {}
    Snapshot& operator=(Snapshot&&) = delete;
    ~Snapshot();
    base::Result<void> renew() const;

private:
    Snapshot() = default;
    explicit Snapshot(const View& view) : m_view(&view) {}
    const View* m_view = nullptr;
};

struct RunRow {
    std::string version, command, started, finished, exits, timeouts;  // command, exits, timeouts: JSON arrays
    std::int64_t jobs = 0;
    bool whole = false;  // it came to its end; one that was stopped has a time of finishing too
};
struct EvidenceFileRow {
    std::string name, path;
    std::int64_t size = 0;
    std::string sha256;  // hexadecimal, "" when unknown, as everywhere here
};
struct EvidenceRow {
    std::int64_t id = 0;
    std::string format, identity;
    std::int64_t media_size = 0;
    std::string media_md5, media_sha1, media_sha256;
    std::string acquisition;  // JSON or ""
    std::string expected, error;
    std::string argument;     // as it was given
    std::vector<EvidenceFileRow> files;
};
struct VolumeRow {
    std::int64_t id = 0, evidence = 0;
    std::string label_id, scheme, type, partition_name, filesystem, label, uuid, journal, mount_point;
    std::int64_t start = 0, size = 0;
    std::optional<std::int64_t> system;
    std::optional<bool> clean;
};
struct TreeRow {
    std::int64_t id = 0, volume = 0, state = 0;
    std::string state_name, mount_point;
    std::optional<std::int64_t> system;
};

base::Result<std::optional<RunRow>> last_run(const View& view);
base::Result<std::vector<EvidenceRow>> evidence(const View& view);
base::Result<std::vector<VolumeRow>> volumes(const View& view);
base::Result<std::vector<TreeRow>> trees(const View& view);
base::Result<std::vector<std::int64_t>> systems(const View& view);
// The value of system_fact for a system; "" where there is none. Of several kernels: that of the last boot on record, else
// the newest one installed.
base::Result<std::string> system_fact(const View& view, std::int64_t system, std::string_view key);

}  // namespace deadbox::case_file
