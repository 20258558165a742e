// What the examiner brings along for an analysis: known sets and rules, each a file of the workstation.
#pragma once

#include <string>
#include <vector>

#include "case/database.hpp"
#include "engine/analysis.hpp"
#include "sets/hash_set.hpp"
#include "sets/trust_set.hpp"

namespace deadbox::engine {

struct OwnFile {
    enum class Kind : std::uint8_t { trust, hash_set, rules } kind = Kind::hash_set;
    std::string path;    // absolute
    std::string file;    // its own name, as text
    std::string name;    // the set's name
    std::string about;   // "good" or "bad" of a hash set
    std::string sha256;  // bytes
    std::uint64_t entries = 0;  // digests; files of packages; rules
};

class OwnFiles {
public:
    // Those that the options name; where they name none of a kind, those that the case was begun with, which must be as they
    // were then. Each is opened and its digest taken. Errc::usage, in words, where one cannot be used.
    // `begun`: the case that is gone on with, null of a new one.
    static base::Result<OwnFiles> load(const case_file::Database* begun, const AnalysisOptions& options);

    const std::vector<OwnFile>& all() const { return m_all; }
    std::vector<sets::HashSet>& hash_sets() { return m_hash_sets; }  // in the order of their entries in all()
    std::vector<sets::TrustSet>& trust_sets() { return m_trust_sets; }
    // Rules, by the name of their file, and their text.
    const std::vector<std::pair<std::string, std::string>>& rules() const { return m_rules; }
    // A kind is now another than the case was begun with, in words; nothing where it is not.
    const std::vector<std::string>& changes() const { return m_changes; }
    // For the run's record: an array, without paths.
    std::string record() const;
    // Where the rules are others than before, what the topics made that run rules counts as of another version, and is made anew.
    base::Result<void> forget_matches(const case_file::Database& database) const;
    // Into the case, with an entry of the custody log for each; in a transaction.
    base::Result<void> keep(const case_file::Database& database) const;

private:
    base::Result<void> add(OwnFile::Kind kind, const std::string& path);
    base::Result<void> add_rules(const std::string& path);
    base::Result<void> compile_rules(const AnalysisOptions& options);
    std::vector<OwnFile> m_all;
    std::vector<sets::HashSet> m_hash_sets;
    std::vector<sets::TrustSet> m_trust_sets;
    std::vector<std::pair<std::string, std::string>> m_rules;
    std::vector<std::string> m_changes;
    bool m_other_rules = false;
};

}  // namespace deadbox::engine
