// Runs detectors over a case and keeps what they find.
#pragma once

#include <memory>
#include <string>

#include "case/database.hpp"
#include "plugin/detector.hpp"
#include "plugin/topic.hpp"

namespace deadbox::case_file {

// A finding's id: the first 16 hex digits of SHA-256 over rule, system and subject, each with its length before it.
// It outlives re-analysis, and so do the marks that name it.
std::string finding_id(std::string_view rule, std::optional<std::int64_t> system, std::string_view subject);

enum class Standing : bool { final, provisional };

// What one detector says of a case, in memory.
class DetectorResult {
public:
    // `reading` is read only, and is the detector's alone meanwhile.
    static base::Result<DetectorResult> ask(const Database& reading, const plugin::DetectorDef& definition, const plugin::Detector& detector,
                                            std::string_view topic, Standing standing);
    DetectorResult(DetectorResult&&) noexcept;
    DetectorResult& operator=(DetectorResult&&) noexcept;
    ~DetectorResult();
    // Replaces the detector's earlier findings by these, and says how many. Heads of one identity were joined: the gravest one's words, the
    // earliest first and the latest last time, every item once. Gaps that it reported go
    // to the ledger under wave "detect:<id>", unless it was asked provisionally. Must be called inside a transaction.
    base::Result<int> store(const Database& database);

private:
    class Sink;
    explicit DetectorResult(std::unique_ptr<Sink> sink);
    std::unique_ptr<Sink> m_sink;
};

// Into the ledger, in place of what stood there of this detector: it failed with these words. What it found in an earlier run stays,
// and that is said. Must be called inside a transaction.
base::Result<void> note_failure(const Database& database, std::string_view topic, const plugin::DetectorDef& definition, std::string_view words);

// Behind the last detector that is asked for good: what was said provisionally and is not said any more.
base::Result<void> drop_provisional(const Database& database);
base::Result<std::int64_t> count_findings(const Database& database);

}  // namespace deadbox::case_file
