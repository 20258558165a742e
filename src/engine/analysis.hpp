// One machine from evidence to findings: all waves, into one case. Resumable at any moment.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "case/fixed_options.hpp"
#include "engine/progress.hpp"

namespace deadbox::engine {

enum class Profile : bool { triage, full };
enum class EvidenceHash : std::uint8_t { none, sha256, all };

struct AnalysisOptions {
    std::vector<std::string> evidence;
    std::string case_path;
    Profile profile = Profile::full;
    int jobs = 0;  // 0: one for each processor
    bool resume = false, reduced_sandbox = false;
    // A case that is resumed keeps what it was begun with of these four: nothing given is as the case has it, another value is
    // refused.
    std::optional<case_file::JournalReading> journal;  // nothing: replay
    std::string time_zone;                             // IANA name given by the analyst; "" none
    std::vector<std::string> scope, exclude;
    std::optional<std::int64_t> clock_offset;  // as case/view_clock.hpp has it; a resumed case keeps its own where none is given
    std::string clock_source;
    // Files of the examiner's own, recorded with their digests. A case that is resumed takes those that it was begun with where
    // none of a kind are given.
    std::vector<std::string> trust, hash_sets, rules;  // rules: files or folders
    EvidenceHash evidence_hash = EvidenceHash::sha256;
    std::string expect_hash;  // lower-case hex; that digest is computed whatever evidence_hash says
    std::map<std::string, std::string> case_data;  // number, examiner, organisation, authority, description
    std::vector<std::string> command;              // as typed
    std::string version;
    int hang_seconds = 60;  // without any progress of a worker; only hangs are measured by the clock
};

struct AnalysisResult {
    bool begun = true;  // false: stopped before anything was written
    bool gaps = false, interrupted = false, nothing_opened = false;
    std::int64_t findings = 0;
    int highest_severity = -1;  // of findings that are not dismissed
    std::string custody_head;   // hex
    std::string message;        // why it ended early
    std::vector<std::string> notes;  // in words, for whoever started it
};

// Errors: the case cannot be used (io, corrupt, busy, denied), or the request makes no sense (usage). Everything that the
// evidence does wrong is in the case's ledger, and in the result.
base::Result<AnalysisResult> analyze(const AnalysisOptions& options, Progress& progress);

}  // namespace deadbox::engine
