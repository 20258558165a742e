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
#include "case/view_clock.hpp"
#include "plugin/finding.hpp"

namespace deadbox::report {

// Corrected by the machine's clock, but for the times of files in items.
using Time = std::optional<base::Timestamp>;

enum class Redact : std::uint8_t { none, secrets, persons };

// Of a file, as recorded.
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
    struct Extent {
        std::uint64_t offset = 0, media_offset = 0, length = 0;  // offset: in the file
    };
    std::vector<Extent> extents;  // without holes
    std::vector<std::string> reproduce;
    std::optional<plugin::Reference> reference;
    std::optional<std::int64_t> line;
    std::optional<std::string> excerpt;
    std::string record;  // what the line's event says, where there is no excerpt of it: our words, its values
    std::string key, site;
    std::string key_kind;  // account, client, path, package, finding; "" for words, and in cases before version 5
    std::string cites, cited;  // id and title of another finding that the item stands for; the key is its rule and subject then
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
    Time first_recorded, last_recorded;  // as the machine wrote them; none where its clock was right
    plugin::TimeBasis basis = plugin::TimeBasis::change;
    std::string state = "open", reason;
    bool fallen = false;  // dismissed by nobody: what it rests on was
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
    std::string name;  // of its first file, or what was given where it could not be opened
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
    std::string name;  // what tells it from the others of the case; "" where there are none
    std::string hostname, os, kernel, timezone, machine_id;
    std::string spoken;        // the host's name as it may stand in a sentence: a long one cut, one that is none quoted
    bool is_host_name = true;
    Time installed, last_activity;
    std::vector<std::string> addresses;
};
struct Verdict {
    std::string level, summary;
    std::vector<std::string> basis, limits;
    std::vector<std::int64_t> systems;  // that the basis is about; all where it names none
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
    Time time, recorded;  // recorded: none where the clock was right
    std::string phase, text;
    std::vector<std::string> findings;
};
struct NoteEntry {
    std::int64_t number = 0;  // counts from 1
    std::string written, at, kind, who, permitted_by, finding, text, audience;
    std::optional<std::int64_t> corrects;  // number of an earlier note
};
// A row of the communication plan.
struct CommunicationEntry {
    std::string audience, title, tell, when;
    std::vector<std::int64_t> notes;  // numbers of the notes that say it was done
};
struct CustodyEntry {
    std::string at, actor, action, details, previous, hash;  // previous: hash of the entry before
};
// A file of the examiner's own that a run was given.
struct OwnFileInfo {
    std::string kind;  // hash_set
    std::string name, file, as, sha256;  // name: the set's; file: without its folder; as: good or bad, "" where that says nothing
    std::int64_t entries = 0;
};
struct RunInfo {
    std::string version, started, finished, custody_head;
    std::vector<std::string> command, timeouts;
    std::vector<std::int64_t> exit;
    std::vector<OwnFileInfo> own_files;
    std::int64_t jobs = 0;
    bool whole = false;  // it came to its end
};
struct CaseData {
    std::string number, examiner, organisation, authority, description;
    std::vector<std::string> scope, exclude;
};
struct Counts {
    std::int64_t files = 0, deleted_files = 0, events = 0, bytes_hashed = 0;
};
// Data exposure: was data taken, what would have shown it, what lay open to whom.
struct ExposureRight {   // whose rights the intruder is shown to have had
    std::optional<std::int64_t> system;
    std::string user;    // account name; "" where no account has the id
    std::int64_t uid = 0;
    std::string why;
    std::vector<std::string> findings;
};
struct ExposureLog {     // a record that would have shown it
    std::optional<std::int64_t> system;  // where the case has several machines
    std::string id, title, state;  // state: present, partly_read, gaps, unread (no parser read it), empty, absent
    std::string text;
    std::int64_t files = 0, bytes = 0;
    Time from, to;
    std::string period_basis;  // entries: what stands in it; files: times of the files, which say less; "" without a period
    std::vector<std::string> paths;  // at most five, gaps named too
    bool configured = false;           // a server is set up to write it
};
struct ExposedArea {     // files that those rights could read
    std::string id, title;
    std::int64_t files = 0, bytes = 0;
    std::optional<std::int64_t> system;   // of databases that a password opens: whose files have it
    std::string host, database, account;  // of such, as the settings say; host "": the file names none
    bool here = true;                     // of such: its host is a machine of the case, whose files are counted
};
struct ExposedCredential {  // must be changed
    std::string kind, title, path, ref, owner, account, application, setting, protection, why;
    std::optional<std::int64_t> system, line;
    std::string host, database;  // where it is used, as its file says
};
inline constexpr std::size_t k_credentials = 1000;  // listed; credential_count has them all
inline constexpr std::size_t k_databases = 200;     // of areas, opened by a password: likewise with area_count
// One that the intruder made: to be removed, and no password of the victim's.
struct IntruderAccount {
    std::int64_t system = 0;
    std::string user;
    std::string finding;
};
struct Exposure {
    std::string answer = "cannot_say";  // shown_taken, reachable, cannot_say
    std::string text;
    std::vector<std::string> findings;  // that show it: a log of what was given out
    std::vector<std::string> given;     // commands that would have sent data; that they succeeded is not shown
    std::vector<std::string> recorded;  // transfers that may have been an intruder's; that they were is not shown
    std::vector<ExposureRight> rights;
    std::vector<ExposureLog> logs;
    std::vector<ExposedArea> areas;
    std::int64_t area_count = 0;
    std::vector<ExposedCredential> credentials;
    std::int64_t credential_count = 0;
    std::vector<IntruderAccount> intruder_accounts;
};
struct RuleInfo {
    std::string id, severity, confidence, source;  // source: where the idea comes from
    std::int64_t version = 0;
    std::int64_t findings = 0;
    std::optional<plugin::Severity> highest;  // of its findings here
};
// How the analysis was done.
struct Method {
    std::string time_zone;          // as given, "" where it is the system's own
    std::vector<RuleInfo> rules;    // of every topic
    std::vector<std::pair<std::string, std::string>> topics;  // with the version that filled the case
    std::vector<std::pair<std::string, std::string>> parameters;  // of the last run
    std::vector<std::string> trust;  // kinds of reference that files were compared with, the strongest first
};
struct AccountEntry {
    std::optional<std::int64_t> system, uid;
    std::string user, home, shell;
    std::string password;  // set, empty, locked, none; "" where no line tells
};
// A machine elsewhere that findings lead to.
struct RemoteHost {
    std::string kind, value;  // kind: ipv4, ipv6, domain
    bool hostile = false;     // likely an intruder's, or where data went: other machines can be searched for it
    std::vector<std::string> findings;
};
// Something that findings name: kind is account, address, domain, site or other.
struct Entity {
    std::string kind, name;
    std::vector<std::string> findings;
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
    case_file::Clock clock;
    Verdict verdict;
    std::optional<Conclusion> conclusion;
    std::vector<Question> questions;
    std::vector<StoryEntry> story;
    std::vector<ReportFinding> findings;  // severity descending, first_seen, id
    std::vector<CoverageRow> coverage;
    std::vector<NoteEntry> notes;
    std::vector<CommunicationEntry> communication;
    std::vector<CustodyEntry> custody;
    Exposure exposure;
    std::vector<Activity> activity;
    Counts counts;
    Method method;
    std::vector<AccountEntry> accounts;  // that can log in, or have uid 0
    std::vector<RemoteHost> remote_hosts;
    std::vector<Entity> entities;
    std::string language, tlp;
    Redact redact = Redact::secrets;
};

std::string_view name_of(plugin::Severity severity);
std::string_view name_of(plugin::Confidence confidence);
std::string_view name_of(plugin::TimeBasis basis);

}  // namespace deadbox::report
