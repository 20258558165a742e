// Digests of whole tables, put into the custody log when an analysis ends, and compared again by `verify`. For a table that
// only batches write, "batches" stands there: the digest of each batch's rows was taken as they were written.
#pragma once

#include <atomic>
#include <cstdint>
#include <future>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "case/database.hpp"

namespace deadbox::case_file {

enum class SealOf : std::uint8_t {
    everything,  // custody entry "seal": at the end of an analysis
    runs,        // custody entry "seal.run": behind the exit status, which is written last
    analyst,     // custody entry "seal.analyst": behind every edit of marks, notes and case data
};
// By table, hex.
using TableDigests = std::map<std::string, std::string>;
// Appends a custody entry with the digests of those tables. Call it in the transaction of what it seals. What is known of a
// table is taken as it is.
base::Result<void> seal(const Database& database, SealOf of, const TableDigests& known = {});

// Reads large tables on a thread and a connection of its own, while others work: from the moment on from which they do not
// change.
class SealAhead {
public:
    static constexpr std::string_view k_of_walk[] = {"file_time", "name", "directory"};  // when the times of files are there
    static constexpr std::string_view k_of_content[] = {"string", "content"};            // behind the last batch
    // The database's file is opened anew; `tables` outlive this.
    SealAhead(const Database& database, std::span<const std::string_view> tables);
    ~SealAhead() { m_stop = true; }                // and waits a moment for the thread
    SealAhead(const SealAhead&) = delete;
    TableDigests take() { return m_digests.get(); }  // waits; without those that could not be read

private:
    std::atomic<bool> m_stop = false;
    std::future<TableDigests> m_digests;
};

// What differs from the last seal and from the batches' digests; "table" or "table, batch N (wave unit)". Where an analysis was
// begun and not finished its seals are still to come: then the batches are held against the custody log, and the tables that an
// analysis never touches against the last seal of theirs.
base::Result<std::vector<std::string>> differences(const Database& database);
// The tables of which differences() cannot say that they are as they were, because the last analysis was not finished.
base::Result<std::vector<std::string>> unsealed_tables(const Database& database);

}  // namespace deadbox::case_file
