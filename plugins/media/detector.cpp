#include "plugin/detector.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "media/media_topic.hpp"
#include "media/stash.hpp"

namespace deadbox::plugins::media {
namespace {

using base::Next;
using plugin::RowView;

// Files at the top of a folder that a program looks after for its users (Nextcloud, ownCloud).
constexpr std::string_view k_markers = "('.ocdata', '.ncdata', 'owncloud.db')";
// Parts of paths that tell of programs that hold media for their owner.
constexpr std::string_view k_managed_parts[] = {"/plexmediaserver/", "/Plex Media Server/", "/jellyfin/", "/emby/", "/moodledata/", "/seafile-data/", "/immich/", "/photoprism/", "/navidrome/", "/koel/", "/funkwhale/", "/peertube/",
    "/mastodon/public/system/", "/synapse/media_store/", "/kodi/", "/minidlna/", "/ampache/", "/AzuraCast/", "/azuracast/", "/libretime/", "/gonic/", "/airsonic/", "/mediagoblin/", "/freepbx/", "/asterisk/", "/zoneminder/", "/motioneye/", "/frigate/", "/shinobi/"};

std::optional<base::Timestamp> time_at(const RowView& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return base::Timestamp{row.integer(column), static_cast<std::uint32_t>(row.integer(column + 1))};
}

std::string bytes_text(std::uint64_t bytes) {
    static constexpr std::string_view units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < std::size(units)) value /= 1024, ++unit;
    return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

class MediaDetector final : public plugin::Detector {
public:
    bool may_run_early() const override { return true; }
    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const override {
        std::map<std::optional<std::int64_t>, Clusters> systems;
        TRY(read_files(reader, systems));
        for (const auto& [system, clusters] : systems) {
            TRY_ASSIGN(auto around, surroundings(reader, system));
            auto weighed = clusters.weigh(around);
            TRY(count_release_texts(reader, weighed, around));
            if (!around.release_texts.empty()) weighed = clusters.weigh(around);
            TRY(find_managed(reader, weighed, around));
            if (!around.managed.empty()) weighed = clusters.weigh(around);
            for (auto& cluster : weighed) {
                if (cluster.stash) {
                    TRY_ASSIGN(cluster.stash, mostly_unpackaged(reader, system, cluster));
                }
                TRY(report(reader, sink, system, cluster));
            }
        }
        return {};
    }

private:
    static base::Result<void> read_files(const plugin::CaseReader& reader, std::map<std::optional<std::int64_t>, Clusters>& systems) {
        return reader.query("SELECT m.system, p.folder, p.name, m.kind, m.extension_fit, m.inner, i.size, m.duration, i.uid, m.volume_part, i.b_s, i.b_ns, i.m_s, i.m_ns "
                            "FROM media_file m JOIN inode i ON i.id = m.inode JOIN inode_path p ON p.inode = m.inode",
                            [&](const RowView& row) {
                                MediaFact fact;
                                fact.folder = row.text(1), fact.name = row.text(2), fact.kind = row.text(3), fact.fit = row.text(4), fact.inner = row.text(5);
                                fact.size = static_cast<std::uint64_t>(row.integer(6)), fact.duration = row.real(7), fact.uid = row.integer(8);
                                fact.volume = row.integer(9) != 0, fact.born = time_at(row, 10), fact.modified = time_at(row, 12);
                                systems[row.maybe_integer(0)].add(fact);
                                return Next::go_on;
                            });
    }

    static base::Result<MediaSurroundings> surroundings(const plugin::CaseReader& reader, std::optional<std::int64_t> system) {
        MediaSurroundings around;
        const plugin::Value which[] = {system ? plugin::Value(*system) : plugin::Value()};
        TRY(reader.query("SELECT uid, user, home, shell FROM account WHERE source = 'passwd' AND system IS ? AND uid IS NOT NULL ORDER BY line DESC", which, [&](const RowView& row) {
            MediaAccount account;
            account.name = row.text(1), account.home = row.text(2);
            while (account.home.size() > 1 && account.home.ends_with("/")) account.home.pop_back();
            const auto uid = row.integer(0);
            account.service = uid != 0 && (uid < 1000 || uid == 65534);
            if (account.service && !account.home.starts_with("/home/")) account.home.clear();  // "/", "/bin", "/var/www": no zone of a person's own
            around.accounts[uid] = std::move(account);
            return Next::go_on;
        }));
        TRY(reader.query("SELECT path FROM web_root WHERE system IS ? AND kind != 'script' AND length(path) > 5 AND instr(path, '*') = 0", which, [&](const RowView& row) {
            around.web_roots.emplace_back(row.text(0));
            return Next::go_on;
        }));
        return around;
    }

    // In folders that have some sign already.
    static base::Result<void> count_release_texts(const plugin::CaseReader& reader, const std::vector<Cluster>& weighed, MediaSurroundings& around) {
        for (const auto& cluster : weighed) {
            if (cluster.stash || cluster.score < 2) continue;
            std::size_t asked = 0;
            for (const auto& folder : cluster.folders) {
                if (++asked > 300) break;
                const plugin::Value which[] = {std::string_view(folder)};
                TRY(reader.query("SELECT count(*) FROM directory d JOIN name n ON n.directory = d.id WHERE d.path = ? AND (n.name LIKE '%.nfo' OR n.name LIKE '%.sfv' OR n.name LIKE '%.diz')", which,
                                 [&](const RowView& row) {
                                     if (row.integer(0) > 0) around.release_texts[folder] = static_cast<std::uint64_t>(row.integer(0));
                                     return Next::stop;
                                 }));
            }
        }
        return {};
    }

    // Folders above suspects whose program keeps users' files: what lies there is the users' own.
    static base::Result<void> find_managed(const plugin::CaseReader& reader, const std::vector<Cluster>& weighed, MediaSurroundings& around) {
        std::set<std::string> above;
        for (const auto& cluster : weighed) {
            if (!cluster.stash) continue;
            for (const auto& folder : cluster.folders) {
                for (auto end = folder.size(); end != 0 && end != std::string::npos; end = folder.rfind('/', end - 1)) {
                    if (!above.insert(folder.substr(0, end)).second) break;
                }
            }
        }
        const auto question = fmt::format("SELECT 1 FROM directory d JOIN name n ON n.directory = d.id WHERE d.path = ? AND n.name IN {}", k_markers);
        for (const auto& folder : above) {
            for (const auto part : k_managed_parts) {
                if ((folder + "/").ends_with(part)) around.managed.push_back(folder);
            }
            const plugin::Value which[] = {std::string_view(folder)};
            TRY(reader.query(question, which, [&](const RowView&) {
                around.managed.push_back(folder);
                return Next::stop;
            }));
        }
        return {};
    }

    // What packages brought is no stash. A hundred files tell.
    static base::Result<bool> mostly_unpackaged(const plugin::CaseReader& reader, std::optional<std::int64_t> system, const Cluster& cluster) {
        int asked = 0, packaged = 0;
        for (const auto& folder : cluster.folders) {
            if (asked >= 100) break;
            const plugin::Value which[] = {std::string_view(folder), system ? plugin::Value(*system) : plugin::Value()};
            // Packages spell a path as before usr-merge; substr takes "/usr" off.
            TRY(reader.query("SELECT EXISTS(SELECT 1 FROM package_folder f WHERE f.folder IN (d.path, substr(d.path, 5)) AND packed_md5(f.files, n.name) IS NOT NULL) "
                             "FROM directory d JOIN name n ON n.directory = d.id JOIN media_file m ON m.inode = n.inode WHERE d.path = ?1 AND m.system IS ?2 LIMIT 100",
                             which, [&](const RowView& row) {
                                 ++asked, packaged += row.integer(0) != 0;
                                 return Next::go_on;
                             }));
        }
        return packaged * 2 < asked;
    }

    static base::Result<void> report(const plugin::CaseReader& reader, plugin::FindingSink& sink, std::optional<std::int64_t> system, const Cluster& cluster) {
        const auto& c = cluster.count;
        const bool collection = c.films >= 5 || c.tracks >= 20 || c.releases >= 3 || (c.playable() >= 5 && c.bytes >= (std::uint64_t{1} << 30));
        if (!cluster.stash && !collection) return {};
        plugin::FindingHead head;
        head.rule = cluster.stash ? "media/stash" : "media/collection";
        head.system = system, head.subject = cluster.root;
        std::string signs;
        for (const auto sign : cluster.signs) signs += (signs.empty() ? "" : ", ") + std::string(name_of(sign));
        head.arguments = {{"folder", cluster.root}, {"files", std::to_string(c.playable() + c.archives + c.discs)}, {"video", std::to_string(c.video)}, {"audio", std::to_string(c.audio)},
                          {"releases", std::to_string(c.releases)}, {"wrong_extensions", std::to_string(c.foreign + c.vague)}, {"bytes", std::to_string(c.bytes)}, {"size", bytes_text(c.bytes)},
                          {"owner", cluster.owner}, {"signs", signs}, {"in_two_days", std::to_string(cluster.in_one_day)}};
        head.first = c.first, head.last = c.last;
        head.basis = plugin::TimeBasis::birth;
        sink.finding(head);
        for (const auto& folder : cluster.folders) {
            const plugin::Value which[] = {std::string_view(folder), system ? plugin::Value(*system) : plugin::Value()};
            TRY(reader.query("SELECT m.inode, n.directory, n.name, m.title, m.artist FROM directory d JOIN name n ON n.directory = d.id JOIN media_file m ON m.inode = n.inode "
                             "WHERE d.path = ?1 AND m.system IS ?2 AND m.kind != 'torrent' ORDER BY n.name, n.inode",
                             which, [&](const RowView& row) {
                                 plugin::Item item;
                                 item.inode = row.integer(0), item.directory = row.integer(1), item.name = row.text(2);
                                 if (!row.is_null(3)) item.excerpt = row.is_null(4) ? std::string(row.text(3)) : fmt::format("{} - {}", row.text(4), row.text(3));
                                 sink.item(item);
                                 return Next::go_on;
                             }));
        }
        return {};
    }
};

}  // namespace

const plugin::Detector& media_detector() {
    static const MediaDetector detector;
    return detector;
}

}  // namespace deadbox::plugins::media
