// Which files a pattern, a parser or the scope means.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/glob.hpp"
#include "engine/waves.hpp"

namespace deadbox::engine {

// Patterns of many parsers, asked for one path after the other, folder by folder.
class PathFilter {
public:
    void add(std::string_view pattern) { m_globs.emplace_back(pattern); }
    const std::vector<base::Glob>& globs() const { return m_globs; }
    void enter(std::string_view folder) {
        m_here.clear();
        for (const auto& glob : m_globs)
            if (glob.may_match_below(folder)) m_here.push_back(&glob);
    }
    bool idle() const { return m_here.empty(); }
    bool matches(std::string_view path) const {
        return std::any_of(m_here.begin(), m_here.end(), [&](const base::Glob* glob) { return glob->matches(path); });
    }

private:
    std::vector<base::Glob> m_globs;
    std::vector<const base::Glob*> m_here;
};

// Scope and exclusions of the warrant: what is outside is never read, and stands in the ledger.
class Scope {
public:
    explicit Scope(const AnalysisOptions& options) {
        for (const auto& pattern : options.scope) m_in.emplace_back(pattern);
        for (const auto& pattern : options.exclude) m_out.emplace_back(pattern);
    }
    // The paths all lead to one name: one of them in scope is enough, and so is one that is excluded.
    bool allows(const std::vector<std::string>& paths) const {
        const auto any = [&](const std::vector<base::Glob>& globs) {
            return std::any_of(paths.begin(), paths.end(), [&](const std::string& path) { return std::any_of(globs.begin(), globs.end(), [&](const auto& glob) { return glob.matches(path); }); });
        };
        return (m_in.empty() || any(m_in)) && !any(m_out);
    }
    void add_patterns(std::vector<base::Glob>& patterns) const {
        patterns.insert(patterns.end(), m_in.begin(), m_in.end());
        patterns.insert(patterns.end(), m_out.begin(), m_out.end());
    }

private:
    std::vector<base::Glob> m_in, m_out;
};

// The names of files, with links between folders on the way to these patterns' places.
base::Result<Names*> names_of(Session& session, std::vector<base::Glob> patterns);

// A live file that a filter takes, under its names that it takes.
struct Match {
    std::int64_t inode = 0;
    std::vector<NamePlace> places;  // paths: those that it takes
};
// Every live file of which the filter takes a path that is in scope, ordered by the first of these paths.
base::Result<std::vector<Match>> matching_files(Session& session, PathFilter& filter);

}  // namespace deadbox::engine
