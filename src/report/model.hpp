// The report model: everything that a report of any format says, made from a case once. Texts from the evidence are raw
// bytes here; each format escapes them its own way. Digests are hexadecimal, "" is unknown.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/timestamp.hpp"
#include "plugin/finding.hpp"

namespace deadbox::report {

using Time = std::optional<base::Timestamp>;

enum class Redact : std::uint8_t { none, secrets, persons };

struct Times {
    Time modified, accessed, changed, born, deleted;
};

struct ReportItem {
    std::string ref;  // "" where the item is not a file
    std::optional<std::string> path;
    std::optional<std::int64_t> system;
    std::string state, container, volume;
    std::optional<std::int64_t> inode;
    std::int64_t row = 0;  // the inode's in the case, for whoever asks the case further; stands in no report
    bool name_allocated = false, inode_allocated = false;
    std::string content, origin;
    std::int64_t size = 0;
    std::uint32_t mode = 0, uid = 0, gid = 0;
    std::string user, group, type, content_type;
    Times times;
    std::string md5, sha1, sha256;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> extents;  // offset on the media, length
    std::vector<std::string> reproduce;
    std::optional<plugin::Reference> reference;
    std::optional<std::int64_t> line;
    std::optional<std::string> excerpt;
    std::string key, site;
};

struct FindingMark {
    std::string at, by, state, reason, tag, comment;
};

struct ReportFinding {
    std::string id, rule;
    std::int64_t rule_version = 1;
    std::optional<std::int64_t> system;
    std::string subject;
    plugin::Severity severity = plugin::Severity::info;
    plugin::Confidence confidence = plugin::Confidence::possible;
    std::string title, explanation, innocent_reason, next_step;
    std::vector<std::string> attack;
    std::string question, phase;  // of the rule
    Time first_seen, last_seen;
    plugin::TimeBasis basis = plugin::TimeBasis::change;
    std::string state = "open", reason;
    std::vector<std::string> tags;
    std::vector<FindingMark> marks;
    bool provisional = false;
    std::int64_t item_count = 0;
    std::vector<ReportItem> items;  // at most k_items
};
inline constexpr std::size_t k_items = 100;

struct CoverageRow {
    std::string level, area, reason, path;
    std::int64_t count = 0;
    std::vector<std::string> examples;
    std::optional<std::int64_t> system;
};

struct ReportVolume {
    std::string id, filesystem, label, uuid, mount_point, journal, scheme, type, partition_name;
    std::int64_t start = 0, size = 0;
    std::optional<std::int64_t> system;
    std::optional<bool> clean;
};
struct Acquisition {
    std::string tool, date, examiner, serial, case_number, evidence_number, description, notes, stored_md5, stored_sha1, stored_sha256;
    std::optional<bool> matches;
    std::vector<std::string> bad_ranges;
};
struct EvidenceFile {
    std::string name, sha256;
    std::int64_t size = 0;
};
struct ReportEvidence {
    std::int64_t id = 0;
    std::string format;
    std::int64_t media_size = 0;
    std::vector<EvidenceFile> files;
    std::string media_md5, media_sha1, media_sha256;
    std::optional<Acquisition> acquisition;
    std::string expected;
    std::optional<bool> expected_matches;
    std::string error;
    std::vector<ReportVolume> volumes;
};
struct ReportSystem {
    std::int64_t id = 0;
    std::string hostname, os, kernel, timezone, machine_id;
    Time installed, last_activity;
    std::vector<std::string> addresses;
};
struct Verdict {
    std::string level, summary;
    std::vector<std::string> basis, limits;
};
struct Conclusion {
    std::string level, text, by, at;
};
struct Question {
    std::string id, question, answer, examined;
    std::vector<std::string> findings, limits;
    Time from, to;
};
struct StoryEntry {
    Time time;
    std::string phase, text;
    std::vector<std::string> findings;
};
struct NoteEntry {
    std::string written, at, kind, who, permitted_by, finding, text;
};
struct CustodyEntry {
    std::string at, actor, action, details, hash;
};
struct RunInfo {
    std::string version, started, finished, custody_head;
    std::vector<std::string> command, timeouts;
    std::vector<std::int64_t> exit;
    std::int64_t jobs = 0;
};
struct CaseData {
    std::string number, examiner, organisation, authority, description;
    std::vector<std::string> scope, exclude;
};
struct Counts {
    std::int64_t files = 0, deleted_files = 0, events = 0, bytes_hashed = 0;
};
// One day of the drawn timeline.
struct Activity {
    std::int64_t day = 0;  // since 1970-01-01
    std::int64_t files = 0, events = 0;
};

struct Report {
    RunInfo run;
    CaseData case_data;
    std::vector<ReportEvidence> evidence;
    std::vector<ReportSystem> systems;
    Verdict verdict;
    std::optional<Conclusion> conclusion;
    std::vector<Question> questions;
    std::vector<StoryEntry> story;
    std::vector<ReportFinding> findings;  // severity descending, first_seen, id
    std::vector<CoverageRow> coverage;
    std::vector<NoteEntry> notes;
    std::vector<CustodyEntry> custody;
    std::vector<Activity> activity;
    Counts counts;
    std::string language, tlp;
    Redact redact = Redact::secrets;
};

std::string_view name_of(plugin::Severity severity);
std::string_view name_of(plugin::Confidence confidence);
std::string_view name_of(plugin::TimeBasis basis);

}  // namespace deadbox::report
