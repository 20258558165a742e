#include "engine/matching.hpp"

#include <map>
#include <tuple>

#include "base/paths.hpp"

namespace deadbox::engine {

base::Result<Names*> names_of(Session& session, std::vector<base::Glob> patterns) {
    if (!session.names) {
        TRY_ASSIGN(session.names, Names::load(session.database));
    }
    session.names->look_for(std::move(patterns));
    return session.names.get();
}

base::Result<std::vector<Match>> matching_files(Session& session, PathFilter& filter) {
    const Scope scope(session.options);
    auto patterns = filter.globs();
    scope.add_patterns(patterns);
    TRY_ASSIGN(auto* const known, names_of(session, std::move(patterns)));
    std::map<std::int64_t, std::vector<NamePlace>> found;
    TRY_ASSIGN(case_file::Statement folders, session.database.prepare("SELECT id, path FROM directory WHERE allocated ORDER BY id"));
    TRY_ASSIGN(case_file::Statement names, session.database.prepare("SELECT n.name, n.inode FROM name n JOIN inode i ON i.id = n.inode WHERE n.directory = ? AND n.allocated AND i.type = 1 AND i.allocated"));
    for (;;) {
        TRY_ASSIGN(const bool folder, folders.step());
        if (!folder) break;
        std::vector<std::string> spellings{std::string(folders.text(1))};
        const auto& aliases = known->aliases(folders.integer(0), spellings.front());
        spellings.insert(spellings.end(), aliases.begin(), aliases.end());
        for (const auto& spelling : spellings) {
            filter.enter(spelling);
            if (filter.idle()) continue;
            names.bind(1, folders.integer(0));
            for (;;) {
                TRY_ASSIGN(const bool row, names.step());
                if (!row) break;
                auto path = base::path_below(spelling, names.text(0));
                if (!filter.matches(path)) continue;
                std::vector<std::string> all;
                for (const auto& one : spellings) all.push_back(base::path_below(one, names.text(0)));
                if (!scope.allows(all)) continue;
                auto& places = found[names.integer(1)];
                const auto same = std::find_if(places.begin(), places.end(), [&](const NamePlace& place) { return place.directory == folders.integer(0) && place.name == names.text(0); });
                if (same != places.end()) same->paths.push_back(std::move(path));
                else places.push_back({folders.integer(0), std::string(names.text(0)), {std::move(path)}});
            }
            names.reset();
        }
    }
    std::vector<Match> matches;
    for (auto& [inode, places] : found) {
        std::sort(places.begin(), places.end(), [](const NamePlace& a, const NamePlace& b) { return a.paths.front() < b.paths.front(); });
        matches.push_back({inode, std::move(places)});
    }
    std::sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) { return std::tie(a.places.front().paths.front(), a.inode) < std::tie(b.places.front().paths.front(), b.inode); });
    return matches;
}

}  // namespace deadbox::engine
