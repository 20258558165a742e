// The waves of an analysis, each complete before the next starts. What they share lies in a Session.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/glob.hpp"
#include "case/database.hpp"
#include "case/findings.hpp"
#include "case/seal.hpp"
#include "case/writer.hpp"
#include "engine/analysis.hpp"
#include "engine/batches.hpp"
#include "engine/names.hpp"
#include "ipc/pool.hpp"

namespace deadbox::engine {

// What the child that hashes media said, until it is written.
struct MediaAnswer {
    bool gap = false, hung = false;
    std::int64_t evidence = 0, bytes = 0;  // evidence: row id
    std::string md5, sha1, sha256;  // raw bytes
    std::string text, detail;       // of a gap or an error
    std::vector<std::string> files;  // SHA-256 of the files that hold the media, "" where one could not be read; none of a raw image
    std::vector<std::pair<std::uint64_t, std::uint64_t>> unreadable;  // start and length of what was hashed as zeros
};

struct Session {
    const AnalysisOptions& options;
    const case_file::Database& database;
    case_file::Writer& writer;
    ipc::Pool& pool;
    BatchRunner& runner;
    Progress& progress;
    int jobs = 1;            // children that read files, threads that ask detectors
    int media_slot() const { return jobs; }  // the child that hashes media, behind the others
    std::map<std::int64_t, bool> media_orders = {};  // evidence whose digest is still to come, and whether with MD5 and SHA-1
    int media_deaths = 0, media_outside_deaths = 0;  // of the child that computes them
    std::vector<MediaAnswer> media_answers = {};
    std::set<const plugin::Detector*> prepared_detectors = {};
    // For work in the database that takes long (Interruptible): shows the progress, and asks it.
    std::function<bool()> stop() {
        return [this] {
            progress.show(progress.state);
            return progress.stop();
        };
    }
    std::unique_ptr<Names> names = {};  // made when it is first asked for, after the walk
    std::unique_ptr<case_file::SealAhead> seal_of_walk = {};  // once what the walk wrote is complete
};

// A case goes on only with its own evidence: Errc::usage where it is another. To be asked before anything is written. What the
// case does not say of its evidence, so that it could not be compared, is given in words.
base::Result<std::vector<std::string>> compare_evidence(Session& session);
// Containers, volumes, file systems, operating systems. Errc::not_found: no evidence could be opened; the case then holds
// what was tried.
base::Result<void> open_wave(Session& session);
base::Result<void> walk_wave(Session& session);
// The timeline's rows of files, once the walk is over. Nothing but the timeline needs them: the content wave calls it while
// its children have their first orders.
base::Result<void> add_file_times(Session& session);
// Indexes of the events for readers, once there are hardly more to come; Errc::interrupted when the progress says stop.
base::Result<void> index_events(Session& session);
base::Result<void> configure_wave(Session& session);
base::Result<void> content_wave(Session& session);
// What the examiner's sets know of what was read.
class OwnFiles;
base::Result<void> known_wave(Session& session, OwnFiles& own);
// Web roots that are reached through links between folders stand by their real path too, where their files are. In a batch.
base::Result<void> add_linked_web_roots(Session& session);
// Into the ledger: login stores that are there and that no parser reads.
base::Result<void> note_unread_logs(Session& session, const std::string& wave);
// The detectors whose tables `after` completes. Provisionally: those that may run early, while that wave still goes on.
base::Result<void> detect_wave(Session& session, plugin::Wave after, case_file::Standing standing);

// Where the content of the files in findings lies on the media.
base::Result<void> place_wave(Session& session);

base::Result<void> start_media_digests(Session& session);
base::Result<void> finish_media_digests(Session& session);

// A file to be read, as an order's fields.
struct FileWork {
    std::int64_t inode = 0;  // row id
    std::vector<FileName> names;  // at least one: by which it is read, the ledger's first
    bool hash = false;
};

// What parsers asked for, and what the analyst's options say: which files which parsers get.
class Requests {
public:
    // Those that the configuring wave's rounds up to `round` took up: a resumed round then sees what it saw at first.
    static base::Result<Requests> load(const Session& session, int round);
    // Fields of an order for this path of a tree (row id): n, then the parsers with their parameters.
    void put(ipc::Encoder& order, std::int64_t tree, std::string_view path) const;
    bool any(std::string_view path) const;
    // Those that ask for this path, as places among all.
    std::vector<std::size_t> matching(std::string_view path) const;
    // What they ask for, as patterns.
    void add_patterns(std::vector<base::Glob>& patterns) const;

private:
    struct One {
        std::string parser;
        base::Glob glob;
        std::vector<std::pair<std::string, std::string>> parameters;
    };
    base::Result<void> load_zones(const case_file::Database& database);
    const std::string& zone_of(std::int64_t tree) const;
    std::vector<One> m_all;
    std::string m_zone;
    std::map<std::int64_t, std::string> m_zones;  // by tree, where the case has several systems
};

Batch files_batch(std::string wave, std::string unit, plugin::Wave kind, std::vector<FileWork> files, const Requests& requests);

}  // namespace deadbox::engine
