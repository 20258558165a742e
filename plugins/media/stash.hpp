// Groups folders of media into clusters and weighs each: is this somebody's own collection, or a store that was put
// where nobody should find it? Pure: the detector feeds it from the case.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/timestamp.hpp"
#include "media/disguise.hpp"

namespace deadbox::plugins::media {

struct MediaFact {  // one file
    std::string_view folder, name, kind, fit, inner;
    std::uint64_t size = 0;
    double duration = 0;
    std::int64_t uid = 0;
    bool volume = false;
    std::optional<base::Timestamp> born, modified;
};

struct MediaCount {  // of a folder or of a cluster
    std::uint64_t video = 0, audio = 0, archives = 0, discs = 0, torrents = 0;
    std::uint64_t films = 0, tracks = 0;      // long or large video; sound of a song's length
    std::uint64_t releases = 0, release_files = 0, volumes = 0, volume_sets = 0;
    std::uint64_t foreign = 0, vague = 0, bare = 0;
    std::uint64_t bytes = 0;
    std::optional<base::Timestamp> first, last;  // birth, or modification where there is none
    std::map<std::int64_t, std::uint64_t> owners;
    std::map<std::int64_t, std::uint64_t> days;  // births by day
    std::uint64_t playable() const { return video + audio; }
    void add(const MediaCount& other);
};

struct MediaAccount {
    std::string name, home;
    bool service = false;  // an account that no person uses
};

struct MediaSurroundings {
    std::map<std::int64_t, MediaAccount> accounts;  // by uid
    std::vector<std::string> web_roots;
    std::vector<std::string> managed;               // folders whose program keeps users' files: Nextcloud's data, ...
    std::map<std::string, std::uint64_t> release_texts;  // .nfo, .sfv and .diz files by folder, where they were counted
};

enum class Sign : std::uint8_t { disguised, blank_name, dot_name, scene_names, no_extensions, release_sets, system_place, temporary_place, served, service_owner, many };
std::string_view name_of(Sign sign);  // an id: the resources have words for it

struct Cluster {
    std::string root;
    std::vector<std::string> folders;
    MediaCount count;
    std::vector<Sign> signs;
    int score = 0;
    bool stash = false;       // the score and what it rests on suffice
    std::string owner;        // the account that owns most, or its uid
    std::uint64_t in_one_day = 0;  // files of the fullest two days
};

class Clusters {
public:
    void add(const MediaFact& fact);
    bool empty() const { return m_folders.empty(); }
    // Ordered by root.
    std::vector<Cluster> weigh(const MediaSurroundings& around) const;

private:
    std::map<std::string, MediaCount, std::less<>> m_folders;
};

}  // namespace deadbox::plugins::media
