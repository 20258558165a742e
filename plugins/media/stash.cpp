#include "media/stash.hpp"

#include <algorithm>
#include <array>

#include "base/paths.hpp"
#include "media/release_name.hpp"

namespace deadbox::plugins::media {
namespace {

constexpr double k_film_seconds = 20 * 60, k_track_seconds = 60;
constexpr std::uint64_t k_film_bytes = 200'000'000, k_track_bytes = 1'500'000;

// Where no films or music belong: system folders; programs' and packages' own share is elsewhere.
constexpr auto k_system_places = std::to_array<std::string_view>({"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/include",
    "/usr/local/bin", "/usr/local/sbin", "/usr/local/lib", "/etc", "/boot", "/dev", "/run", "/proc", "/sys", "/var/log", "/var/run", "/var/lock", "/var/mail", "/lost+found",
    "/usr/share/man", "/usr/share/doc", "/usr/share/locale", "/usr/share/zoneinfo", "/usr/share/info", "/usr/share/fonts", "/usr/share/terminfo"});
constexpr auto k_temporary_places = std::to_array<std::string_view>({"/tmp", "/var/tmp", "/dev/shm", "/usr/tmp"});
constexpr auto k_ftp_places = std::to_array<std::string_view>({"/var/ftp", "/srv/ftp", "/home/ftp", "/usr/local/ftp", "/var/lib/ftp", "/srv/tftp", "/var/lib/tftpboot"});
constexpr auto k_web_places = std::to_array<std::string_view>({"/var/www", "/srv/www", "/srv/http", "/usr/share/nginx/html", "/var/lib/tomcat9/webapps", "/opt/lampp/htdocs"});
// Folders with a dot that programs make.
constexpr auto k_known_dots = std::to_array<std::string_view>({".cache", ".config", ".local", ".mozilla", ".thunderbird", ".thumbnails", ".thumbs", ".tmb", ".git", ".svn", ".hg", ".bzr", ".npm", ".nvm", ".yarn", ".pnpm", ".pnpm-store",
    ".cargo", ".rustup", ".m2", ".gradle", ".ivy2", ".composer", ".gem", ".bundle", ".rbenv", ".pyenv", ".venv", ".virtualenvs", ".tox", ".conda", ".vscode", ".vscode-server", ".vscode-oss", ".cursor-server", ".idea", ".next", ".nuxt", ".output",
    ".svelte-kit", ".parcel-cache", ".docusaurus", ".vitepress", ".vuepress", ".astro", ".turbo", ".vercel", ".netlify", ".well-known", ".wine", ".steam", ".steampath", ".minecraft", ".minetest", ".kodi", ".plex", ".Trash", ".Trashes", ".trash", ".recycle",
    ".snapshot", ".snapshots", ".zfs", ".stversions", ".stfolder", ".sync", ".dropbox", ".dropbox.cache", ".nextcloud", ".owncloud", ".gvfs", ".docker", ".kube", ".wp-cli", ".cpanel", ".softaculous", ".cagefs", ".android", ".var", ".java", ".openjfx",
    ".fonts", ".themes", ".icons", ".gnupg", ".ssh", ".dbus", ".pki", ".emacs.d", ".vim", ".gimp-2.8", ".gstreamer-0.10", ".ipython", ".jupyter", ".keras", ".torch", ".huggingface", ".nv", ".cmake", ".ccache", ".go", ".asdf", ".AppleDouble", ".fseventsd",
    ".Spotlight-V100", ".DocumentRevisions-V100", ".TemporaryItems", ".@__thumb", ".@upload_cache", ".meteor", ".terraform", ".vagrant", ".vagrant.d", ".bitnami", ".quarantine", ".versions", ".eggs", ".pytest_cache", ".mypy_cache", ".claude", ".dotnet", ".nuget"});

// Words of folders that say what they hold. What lies in such a place under a name that says nothing is not passed off as anything.
constexpr auto k_telling = std::to_array<std::string_view>({"video", "videos", "movie", "movies", "film", "films", "filme", "clips", "cinematics", "cutscenes", "music", "musik", "musique", "audio", "sound", "sounds", "songs", "media", "mediathek", "multimedia", "radio", "tv",
    "iptv", "cctv", "nvr", "dvr", "vod", "cam", "cams", "camera", "cameras", "webcam", "surveillance", "recording", "recordings", "records", "podcast", "podcasts", "broadcast", "studio", "playout", "jingles", "playlist", "playlists", "kiosk", "signage", "karaoke", "jukebox", "stream", "streams", "streaming",
    "voicemail", "recorder", "aufnahmen", "webinars", "lectures"});

// "/srv/cctv/.buffer/cam1": before the first component that hides what is below it.
bool says_what_it_holds(std::string_view path) {
    for (std::size_t start = 1; start < path.size();) {
        const auto end = std::min(path.find('/', start), path.size());
        std::string word(path.substr(start, end - start));
        std::transform(word.begin(), word.end(), word.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        if (word.starts_with(".") || word.starts_with(" ")) return false;
        while (!word.empty() && ((word.back() >= '0' && word.back() <= '9') || word.back() == '-' || word.back() == '_')) word.pop_back();
        if (std::find(k_telling.begin(), k_telling.end(), word) != k_telling.end()) return true;
        start = end + 1;
    }
    return false;
}

// The part of `path` that ends with the component behind `prefix`; the prefix itself where nothing follows.
std::string_view one_below(std::string_view path, std::string_view prefix) {
    if (path.size() <= prefix.size()) return path;
    const auto end = path.find('/', prefix.size() + 1);
    return path.substr(0, end);
}

enum class Hiding { none, known_dot, dot, blank };

// A name that a listing shows badly or not at all: only dots or blanks, a control byte, a blank from another alphabet;
// or a leading dot.
Hiding hiding_of(std::string_view component) {
    if (component.find_first_not_of(". \t\xc2\xa0") == std::string_view::npos) return Hiding::blank;
    if (component.starts_with("..") || (component.front() == ' ' && component.size() <= 3)) return Hiding::blank;
    if (component.starts_with(". ") || component.starts_with(".\xc2\xa0")) return Hiding::blank;
    for (const char c : component) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return Hiding::blank;
    }
    if (component.find("\xe2\x80\x8b") != std::string_view::npos || component.find("\xe2\x80\xae") != std::string_view::npos || component == "\xe3\x80\x80") return Hiding::blank;
    if (component.front() != '.') return Hiding::none;
    if (component.starts_with(".Trash-") || component.starts_with(".~") || component.starts_with(".gimp")) return Hiding::known_dot;
    return std::find(k_known_dots.begin(), k_known_dots.end(), component) != k_known_dots.end() ? Hiding::known_dot : Hiding::dot;
}

struct Anchor {
    std::string_view root;
    Hiding hiding = Hiding::none;
};

// The first component that hides what is below it, and how.
Anchor anchor_of(std::string_view path) {
    Anchor best;
    for (std::size_t start = 1; start < path.size();) {
        const auto end = std::min(path.find('/', start), path.size());
        const auto hiding = end > start ? hiding_of(path.substr(start, end - start)) : Hiding::none;
        if (hiding == Hiding::known_dot && best.hiding == Hiding::none) best = {path.substr(0, end), hiding};
        if (hiding == Hiding::dot || hiding == Hiding::blank) {
            if (best.hiding != Hiding::dot) best.root = path.substr(0, end);
            best.hiding = hiding;
            if (hiding == Hiding::blank) break;
        }
        start = end + 1;
    }
    return best;
}

template <class List>
std::string_view place_of(std::string_view path, const List& places) {
    std::string_view best;
    for (const auto& place : places) {
        if (base::is_at_or_below(path, place) && std::string_view(place).size() > best.size()) best = place;
    }
    return best;
}

bool is_disguised(const MediaCount& c, bool told) {
    const auto wrong = c.foreign + (told ? 0 : c.vague);
    return wrong >= 3 && wrong * 5 >= (c.playable() + c.archives) * 2;
}
bool is_released(const MediaCount& c) { return c.releases > 0 && c.release_files * 10 >= (c.playable() + c.archives + c.discs) * 3; }

// A whole release in its volumes: one is as much as three films.
bool is_packed_release(const MediaCount& c) { return c.releases > 0 && c.volumes >= 10 && is_released(c); }

std::string common_folder(std::string_view a, std::string_view b) {
    std::size_t end = 0;
    for (std::size_t i = 0;; ++i) {
        const bool a_ends = i == a.size() || a[i] == '/', b_ends = i == b.size() || b[i] == '/';
        if (a_ends && b_ends) end = i;
        if (i == a.size() || i == b.size() || a[i] != b[i]) break;
    }
    return end == 0 ? "/" : std::string(a.substr(0, end));
}

struct Place {
    std::string key, root;  // clusters are kept apart by key; without a root it is the folders' common one
    bool system = false, temporary = false, served = false, managed = false;
    bool told = false;  // the folders' own names say that they hold such
    Hiding hiding = Hiding::none;
};

Place place_folder(const std::string& folder, const MediaCount& count, const MediaSurroundings& around) {
    Place place;
    const auto anchor = anchor_of(folder);
    const auto temporary = place_of(folder, k_temporary_places), system = place_of(folder, k_system_places);
    auto served = place_of(folder, around.web_roots);
    if (served.empty()) served = place_of(folder, k_web_places);
    if (served.empty()) served = place_of(folder, k_ftp_places);
    if (const auto html = folder.find("/public_html"); served.empty() && folder.starts_with("/home/") && html != std::string::npos) served = std::string_view(folder).substr(0, html + 12);
    place.temporary = !temporary.empty();
    place.system = !system.empty() && temporary.empty();
    place.served = !served.empty() && served != "/";
    place.managed = !place_of(folder, around.managed).empty();
    place.hiding = anchor.hiding;
    // Among system folders, in a site's hidden ones and where everybody may write, a name is soon given.
    const bool hidden = anchor.hiding == Hiding::dot || anchor.hiding == Hiding::blank;
    place.told = !place.temporary && !place.system && !(hidden && place.served) && anchor.hiding != Hiding::blank && says_what_it_holds(folder);
    if (anchor.hiding == Hiding::dot || anchor.hiding == Hiding::blank) {
        place.key = place.root = std::string(anchor.root);
        return place;
    }
    if (place.temporary || place.system) {
        place.key = place.root = std::string(one_below(folder, place.temporary ? temporary : system));
        return place;
    }
    // Marked folders apart from their neighbours, so that a site's own videos do not water a store down.
    const bool marked = is_disguised(count, place.told) || is_released(count);
    std::string zone;
    for (const auto& [uid, account] : around.accounts) {
        if (account.home.size() > 1 && account.home != "/root/" && base::is_at_or_below(folder, account.home) && account.home.size() > zone.size()) zone = account.home;
    }
    if (place.served && served.size() > zone.size()) zone = served;
    if (zone.empty()) zone = std::string(one_below(folder, one_below(folder, "")));
    place.key = zone + (marked ? "\n!" : "\n-");
    return place;
}

}  // namespace

void MediaCount::add(const MediaCount& o) {
    video += o.video, audio += o.audio, archives += o.archives, discs += o.discs, torrents += o.torrents, films += o.films, tracks += o.tracks;
    releases += o.releases, release_files += o.release_files, volumes += o.volumes, volume_sets += o.volume_sets;
    foreign += o.foreign, vague += o.vague, bare += o.bare, bytes += o.bytes;
    if (o.first && (!first || *o.first < *first)) first = o.first;
    if (o.last && (!last || *o.last > *last)) last = o.last;
    for (const auto& [uid, n] : o.owners) owners[uid] += n;
    for (const auto& [day, n] : o.days) days[day] += n;
}

std::string_view name_of(Sign sign) {
    static constexpr std::string_view names[] = {"disguised", "blank_name", "dot_name", "scene_names", "no_extensions", "release_sets", "system_place", "temporary_place", "served", "service_owner", "many"};
    return names[static_cast<std::size_t>(sign)];
}

void Clusters::add(const MediaFact& fact) {
    const auto found = m_folders.try_emplace(std::string(fact.folder)).first;
    auto& count = found->second;
    const bool video = fact.kind == "video", audio = fact.kind == "audio", archive = fact.kind == "archive_part";
    count.video += video, count.audio += audio, count.archives += archive, count.discs += fact.kind == "image_disc", count.torrents += fact.kind == "torrent";
    if (fact.kind == "torrent") return;
    count.films += video && (fact.duration >= k_film_seconds || fact.size >= k_film_bytes);
    count.tracks += audio && (fact.duration >= k_track_seconds || (fact.duration == 0 && fact.size >= k_track_bytes));
    count.volumes += fact.volume;
    if (count.volumes >= 3) count.volume_sets = 1;
    if (video || audio || archive) {
        count.foreign += fact.fit == "foreign", count.vague += fact.fit == "vague", count.bare += fact.fit == "bare" || fact.fit == "unknown";
    }
    // A release is named by its file, by what its archive holds or by its folder; a folder's release counts once.
    const auto slash = fact.folder.rfind('/');
    const bool folder_is = release_name(fact.folder.substr(slash + 1)).scene();
    const bool file_is = !folder_is && (release_name(fact.name).release() || (!fact.inner.empty() && release_name(fact.inner.substr(fact.inner.rfind('/') + 1)).scene()));
    if (folder_is) count.releases = 1;
    else if (file_is && (!fact.volume || count.volumes == 1)) ++count.releases;
    count.release_files += folder_is || file_is;
    count.bytes += fact.size;
    ++count.owners[fact.uid];
    const auto when = fact.born ? fact.born : fact.modified;
    if (when) {
        if (!count.first || *when < *count.first) count.first = when;
        if (!count.last || *when > *count.last) count.last = when;
        ++count.days[when->seconds / 86400];
    }
}

std::vector<Cluster> Clusters::weigh(const MediaSurroundings& around) const {
    struct Group {
        Place place;
        Cluster cluster;
    };
    std::map<std::string, Group> groups;
    for (const auto& [folder, count] : m_folders) {
        const auto place = place_folder(folder, count, around);
        auto& group = groups[place.key];
        if (group.cluster.folders.empty()) group.place = place, group.cluster.root = place.root.empty() ? folder : place.root;
        else if (place.root.empty()) group.cluster.root = common_folder(group.cluster.root, folder);
        group.place.served |= place.served, group.place.hiding = std::max(group.place.hiding, place.hiding);
        group.place.managed &= place.managed, group.place.told &= place.told;
        group.cluster.folders.push_back(folder);
        group.cluster.count.add(count);
    }
    std::vector<Cluster> clusters;
    for (auto& [key, group] : groups) {
        auto& cluster = group.cluster;
        const auto& c = cluster.count;
        const auto& place = group.place;
        const auto mark = [&](Sign sign, int weight) { cluster.signs.push_back(sign), cluster.score += weight; };
        const auto things = c.playable() + c.archives;
        const bool substance = c.films >= 3 || c.tracks >= 20 || c.releases >= 2 || is_packed_release(c);

        const bool disguised = c.foreign + (place.told ? 0 : c.vague) >= 5 && is_disguised(c, place.told);
        if (disguised) mark(Sign::disguised, c.foreign >= c.vague ? 4 : 3);
        const bool at_home = cluster.root.starts_with("/home/") || cluster.root.starts_with("/root/");
        const bool numerous = things >= 5 || c.releases >= 2;
        // Nobody gives such a name to a folder but to hide it: where much lies in it, that is enough.
        if (place.hiding == Hiding::blank && numerous) mark(Sign::blank_name, substance ? 5 : 4);
        else if (place.hiding == Hiding::dot && numerous) mark(Sign::dot_name, at_home || place.served ? 2 : 3);
        else if (place.hiding == Hiding::known_dot && disguised) mark(Sign::dot_name, 1);
        const bool scene = c.releases >= 3 && is_released(c);
        if (scene) mark(Sign::scene_names, 3);
        const bool out_of_sight = place.hiding == Hiding::blank || place.hiding == Hiding::dot;
        if (!disguised && out_of_sight && c.bare >= 5 && c.bare * 2 >= things) mark(Sign::no_extensions, 2);
        std::uint64_t texts = 0;
        for (const auto& folder : cluster.folders) {
            if (const auto told = around.release_texts.find(folder); told != around.release_texts.end()) texts += told->second;
        }
        if (texts >= 3 || (c.volume_sets >= 1 && is_released(c))) mark(Sign::release_sets, texts >= 3 ? 2 : 1);
        if (place.system && substance) mark(Sign::system_place, 3);
        if (place.temporary && (substance || disguised)) mark(Sign::temporary_place, 2);
        if (place.served && !place.managed && numerous) mark(Sign::served, scene || disguised || c.films >= 5 || c.tracks >= 30 ? 2 : 1);
        const bool concealed = std::any_of(cluster.signs.begin(), cluster.signs.end(), [](Sign s) { return s != Sign::scene_names && s != Sign::release_sets; });
        const bool strong = disguised || scene || place.hiding == Hiding::blank || place.hiding == Hiding::dot || (place.system && substance);

        std::uint64_t most = 0, total = 0;
        std::int64_t owner = 0;
        for (const auto& [uid, n] : c.owners) {
            total += n;
            if (n > most) most = n, owner = uid;
        }
        const auto account = around.accounts.find(owner);
        cluster.owner = account != around.accounts.end() ? account->second.name : std::to_string(owner);
        const bool service = account != around.accounts.end() ? account->second.service : (owner > 0 && owner < 1000) || owner == 65534;
        if (service && most * 2 >= total && strong && numerous) mark(Sign::service_owner, 1);
        if ((c.films >= 10 || c.tracks >= 100 || c.releases >= 10 || (disguised && c.foreign >= 20) || c.bytes >= (std::uint64_t{20} << 30)) && numerous) mark(Sign::many, 1);
        for (const auto& [day, n] : c.days) {
            const auto next = c.days.find(day + 1);
            cluster.in_one_day = std::max(cluster.in_one_day, n + (next == c.days.end() ? 0 : next->second));
        }
        cluster.stash = cluster.score >= 5 && concealed && strong && numerous && (!place.managed || place.hiding == Hiding::blank) && (cluster.signs.size() >= 2 || (place.hiding == Hiding::blank && substance));
        clusters.push_back(std::move(cluster));
    }
    std::sort(clusters.begin(), clusters.end(), [](const Cluster& a, const Cluster& b) { return a.root < b.root; });
    return clusters;
}

}  // namespace deadbox::plugins::media
