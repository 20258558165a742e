// What follows from a scan: each judge emits the findings of its kind.
#pragma once

#include "binaries/scan.hpp"
#include "plugin/finding.hpp"

namespace deadbox::plugins::binaries {

// What the judges share, of one system.
struct Court {
    const plugin::CaseReader& reader;
    plugin::FindingSink& sink;
    const ImportanceList& importance;
    Packaged& packaged;
    plugin::FolderLinks& links;
    const Scan& scan;

    plugin::FindingHead head(std::string_view rule, std::string subject) const;
};

// What an item's file was held against, and how far that can be trusted.
plugin::Reference reference_to(const Court& court, const PackagedFile& entry, std::string_view md5, std::string_view sha256);
std::string rfc3339(const std::optional<std::int64_t>& seconds, const std::optional<std::int64_t>& nanoseconds);

// Takes what the examiner's good sets know from what stands out. Before all judges.
base::Result<void> excuse_known(const plugin::CaseReader& reader, const Packaged& packaged, Scan& scan);
void judge_known(const Court& court);
base::Result<void> judge_differing(const Court& court);
base::Result<void> judge_missing(const Court& court);
base::Result<void> judge_unowned(const Court& court);
base::Result<void> judge_stand_ins(const Court& court);
// Where the image's lists of a package say other than the package as it was published.
void judge_rewritten(const Court& court);
base::Result<void> judge_database(const Court& court);
// What dpkg's database no longer says: programs that were compared with nothing go to the ledger, and what stands alone in it to findings.
void judge_lost_digests(const Court& court);

// Files that give rights: what Debian's and Ubuntu's packages are known to give.
class PrivilegeList {
public:
    // resources/privilege/debian-setuid.tsv and debian-scanned.txt
    base::Result<void> load(const std::string& folder);
    struct Row {
        std::int64_t mode = 0;        // setuid and setgid bits
        std::uint64_t capabilities = 0;
    };
    // What some release's package gives to this path (as with merged /usr).
    Row known(const std::string& merged_path) const;
    bool scanned(std::string_view package) const { return m_scanned.contains(std::string(package)); }

private:
    std::unordered_map<std::string, Row> m_rows;
    std::unordered_set<std::string> m_scanned;
};
base::Result<void> judge_privilege(const Court& court, const PrivilegeList& list);

}  // namespace deadbox::plugins::binaries
