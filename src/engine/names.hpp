// Under which paths files are known. A file has one or several live names; each lies in a folder, which links between folders
// let be reached by other paths too ("/var/log -> /data/log"). Patterns, requests and the scope ask for any of them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/glob.hpp"
#include "case/database.hpp"
#include "plugin/topic.hpp"

namespace deadbox::engine {

class Requests;

struct FileName {
    std::int64_t directory = 0;  // row id
    std::string path;
};

// A live name, by every path that leads to it; its own one is the first.
struct NamePlace {
    std::int64_t directory = 0;  // row id
    std::string name;
    std::vector<std::string> paths;
};

class Names {
public:
    // Once the walk is over.
    static base::Result<std::unique_ptr<Names>> load(const case_file::Database& database);

    // Links count that are on the way to a place which one of these patterns names; in place of what was said before.
    void look_for(std::vector<base::Glob> patterns);
    // The paths of a folder that are not its own. Valid until the next call.
    const std::vector<std::string>& aliases(std::int64_t directory, std::string_view path);
    // The live names of a file: those in the folder of its first one, then the others. Where none is live, one that is not;
    // none where it never had one. `elsewhere`: ask for names in further folders also where the first folder has one.
    base::Result<std::vector<NamePlace>> of(std::int64_t inode, std::int64_t parent, bool elsewhere);
    // Folders to which more links lead than are followed.
    const std::set<std::string>& overfull() const { return m_overfull; }

private:
    explicit Names(const case_file::Database& database) : m_database(database) {}
    base::Result<void> add(case_file::Statement& rows, std::vector<NamePlace>& places);
    bool asked_for(std::string_view folder) const;
    std::vector<std::string> find_aliases(std::int64_t directory, std::string_view path);

    using Links = std::unordered_map<std::string, std::vector<std::string>>;  // paths of links, by the folder that they lead to
    const case_file::Database& m_database;
    std::map<std::int64_t, std::shared_ptr<const Links>> m_links;  // by tree; those of one system share theirs
    std::vector<base::Glob> m_patterns;
    std::unordered_map<std::int64_t, std::vector<std::string>> m_aliases;
    std::set<std::string> m_overfull;
    case_file::Statement m_first, m_others, m_any;
};

// Which of several names matter to the parsers of a wave, and which one people are shown.
class NameChoice {
public:
    NameChoice(plugin::Wave wave, const Requests& requests);
    // Of all paths those by which a parser reads the file, at least the first; each parser by the first that fits.
    std::vector<FileName> needed(const std::vector<NamePlace>& places) const;

private:
    std::vector<std::vector<base::Glob>> m_parsers;
    const Requests& m_requests;
};

// Puts the name first that says most about a file: one in a folder that a web server gives out (tables of the role web_root),
// then one that an artifact's parser or a request asks for, then as they come.
class NameOrder {
public:
    static base::Result<NameOrder> load(const case_file::Database& database, const Requests& requests);
    void sort(std::vector<NamePlace>& places) const;
    // The web folders, as patterns.
    void add_patterns(std::vector<base::Glob>& patterns) const;

private:
    explicit NameOrder(const Requests& requests);
    int rank(const NamePlace& place) const;
    std::set<std::string, std::less<>> m_web_roots;
    std::vector<base::Glob> m_web_folders, m_artifacts;
    const Requests* m_requests;
};

}  // namespace deadbox::engine
