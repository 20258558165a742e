#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/encoding.hpp"
#include "case/custody.hpp"
#include "case/same_evidence.hpp"
#include "engine/apply.hpp"
#include "engine/waves.hpp"

namespace deadbox::engine {
namespace {

constexpr int k_most_medium_deaths = 20;

struct Mount {
    std::string device, uuid, label, point;
};
struct Tree {
    std::int64_t id = 0, volume = 0, evidence = 0, root = 0;
    std::string label_id, label, uuid;
    bool system = false;
    std::vector<Mount> mounts;
    std::optional<std::int64_t> system_id;
    std::string mount_point = "/";
};

// Where the evidence of an argument lies: of an inherited descriptor the file that it was opened from, as long as that is
// still the same one; else the argument.
std::string place_of(const std::string& argument) {
    if (!argument.starts_with("fd:")) return argument;
    const auto link = "/proc/self/fd/" + argument.substr(3);
    std::array<char, PATH_MAX> target{};
    const auto length = ::readlink(link.c_str(), target.data(), target.size() - 1);
    struct stat open {}, named {};
    if (length <= 0 || ::stat(link.c_str(), &open) != 0 || ::stat(target.data(), &named) != 0) return argument;
    const bool same = S_ISBLK(open.st_mode) ? S_ISBLK(named.st_mode) && open.st_rdev == named.st_rdev : open.st_dev == named.st_dev && open.st_ino == named.st_ino;
    return same ? std::string(target.data(), static_cast<std::size_t>(length)) : argument;
}

class EvidenceApplier {
public:
    explicit EvidenceApplier(Session& session) : m_session(session) {}
    base::Result<void> apply(ipc::Message& m) {
        switch (static_cast<ipc::Reply>(m.kind())) {
            case ipc::Reply::evidence: return evidence(m);
            case ipc::Reply::volume: return volume(m);
            case ipc::Reply::marks: return marks(m);
            case ipc::Reply::gap: return apply_gap(m_session.writer, m, "open");
            default: return {};
        }
    }
    base::Result<void> write_systems();

private:
    base::Result<void> evidence(ipc::Message& m);
    base::Result<void> volume(ipc::Message& m);
    base::Result<void> marks(ipc::Message& m);
    void mount_others(Tree& root);
    Session& m_session;
    std::vector<Tree> m_trees;
    std::int64_t m_volumes = 0;
};

base::Result<void> EvidenceApplier::evidence(ipc::Message& m) {
    const auto id = m.integer() + 1;
    m.text();  // as the worker was given it
    const std::string format(m.text());
    if (id < 1 || static_cast<std::size_t>(id) > m_session.options.evidence.size()) return base::fail(base::Errc::corrupt, "the worker's description of the evidence is damaged");
    const auto& argument = m_session.options.evidence[static_cast<std::size_t>(id - 1)];
    const auto place_of_file = place_of(argument);
    const auto size = m.integer();
    const std::string identity(m.text());
    const auto files = m.integer();
    if (!m.ok()) return base::fail(base::Errc::corrupt, "the worker's description of the evidence is damaged");
    auto& database = m_session.database;
    const auto folder = place_of_file.substr(0, place_of_file.rfind('/') == std::string::npos ? 0 : place_of_file.rfind('/') + 1);
    TRY_ASSIGN(case_file::Statement file, database.prepare("INSERT INTO evidence_file VALUES(?, ?, ?, ?, ?, ?, ?, NULL)"));
    for (std::int64_t place = 0; place < files; ++place) {
        std::string name(m.text());
        // A descriptor has one file, whose name the worker does not know.
        if (argument.starts_with("fd:")) name = place_of_file.substr(folder.size());
        const auto path = argument.starts_with("fd:") ? place_of_file : folder + name;
        struct stat status {};
        const bool known = ::stat(path.c_str(), &status) == 0;
        file.bind(1, id).bind(2, place).bind(3, name).bind(4, path).bind(5, known && S_ISREG(status.st_mode) ? std::int64_t{status.st_size} : size);
        if (known) file.bind(6, std::int64_t{status.st_mtim.tv_sec}).bind(7, std::int64_t{status.st_mtim.tv_nsec});
        TRY(file.run());
    }
    const auto acquisition = m.value();
    TRY_ASSIGN(case_file::Statement add, database.prepare("INSERT INTO evidence(id, argument, format, media_size, identity, acquisition, expected) VALUES(?, ?, ?, ?, ?, ?, ?)"));
    add.bind(1, id).bind(2, argument).bind(3, format).bind(4, size).bind(5, identity);
    if (const auto* text = std::get_if<std::string_view>(&acquisition)) add.bind(6, *text);
    if (!m_session.options.expect_hash.empty() && id == 1) add.bind(7, m_session.options.expect_hash);
    TRY(add.run());
    return case_file::append_custody(database, case_file::current_actor(), "evidence.opened",
                                     nlohmann::json{{"evidence", base::to_utf8(argument)}, {"format", format}, {"media_size", size}, {"identity", identity}, {"access", "read-only"}}.dump())
        .map([](const auto&) {});
}

base::Result<void> EvidenceApplier::marks(ipc::Message& m) {
    const auto id = m.integer() + 1;
    const auto marks = m.bytes();
    if (!m.ok()) return base::fail(base::Errc::corrupt, "the worker's description of the evidence is damaged");
    TRY_ASSIGN(case_file::Statement save, m_session.database.prepare("UPDATE evidence SET samples = ? WHERE id = ?"));
    save.bind(1, marks).bind(2, id);
    return save.run();
}

base::Result<void> EvidenceApplier::volume(ipc::Message& m) {
    Tree tree;
    tree.evidence = m.integer() + 1;
    tree.label_id = m.text();
    const std::string scheme(m.text()), type(m.text()), name(m.text());
    const auto start = m.integer(), size = m.integer();
    const std::string filesystem(m.text());
    tree.label = m.text(), tree.uuid = m.text();
    const bool clean = m.integer() != 0;
    const std::string journal(m.text());
    tree.id = m.integer(), tree.root = m.integer(), tree.system = m.integer() != 0;
    m.text();  // the system's name: a topic reads it again, with its source
    for (auto count = m.integer(); count > 0 && m.ok(); --count) {
        Mount mount;
        mount.device = m.text(), mount.uuid = m.text(), mount.label = m.text(), mount.point = m.text();
        tree.mounts.push_back(std::move(mount));
    }
    if (!m.ok()) return base::fail(base::Errc::corrupt, "the worker's description of a volume is damaged");
    tree.volume = ++m_volumes;
    TRY_ASSIGN(case_file::Statement add, m_session.database.prepare("INSERT INTO volume VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)"));
    add.bind(1, tree.volume).bind(2, tree.evidence).bind(3, tree.label_id).bind(4, scheme).bind(5, type).bind(6, name).bind(7, start).bind(8, size);
    add.bind(9, filesystem).bind(10, tree.label).bind(11, tree.uuid).bind(12, std::int64_t{clean}).bind(13, journal);
    TRY(add.run());
    if (tree.id >= 0) {
        if (!clean && journal != "replayed" && journal != "empty")
            TRY(m_session.writer.coverage({base::Gap::Level::gap, filesystem, "the file system was in use and its journal was not replayed: the newest changes are not seen", "", tree.label_id}, std::nullopt, "open"));
        m_trees.push_back(std::move(tree));
    }
    return {};
}

// The root's fstab names the other volumes of its machine.
void EvidenceApplier::mount_others(Tree& root) {
    for (const auto& mount : root.mounts) {
        if (mount.point.empty() || mount.point.front() != '/' || mount.point == "/") continue;
        for (auto& tree : m_trees) {
            if (tree.system || tree.system_id) continue;
            bool same = (!mount.uuid.empty() && mount.uuid == tree.uuid) || (!mount.label.empty() && mount.label == tree.label);
            // A device name is only a hint: the same partition number of the root's own disk.
            if (!same && mount.device.starts_with("/dev/") && tree.evidence == root.evidence) {
                const auto digits = mount.device.find_last_not_of("0123456789") + 1;
                const auto number = mount.device.substr(digits);
                same = !number.empty() && tree.label_id == std::to_string(tree.evidence) + "." + number;
            }
            if (!same) continue;
            tree.system_id = root.system_id;
            tree.mount_point = mount.point;
            break;
        }
    }
}

base::Result<void> EvidenceApplier::write_systems() {
    auto& database = m_session.database;
    std::int64_t systems = 0;
    for (auto& tree : m_trees) {
        if (!tree.system) continue;
        tree.system_id = ++systems;
        TRY_ASSIGN(case_file::Statement add, database.prepare("INSERT INTO system VALUES(?, ?)"));
        add.bind(1, systems).bind(2, tree.id);
        TRY(add.run());
        mount_others(tree);
    }
    for (const auto& tree : m_trees) {
        TRY_ASSIGN(case_file::Statement add, database.prepare("INSERT INTO tree VALUES(?, ?, 0, NULL, ?, ?, ?)"));
        add.bind(1, tree.id).bind(2, tree.volume).bind(3, tree.system_id).bind(4, tree.mount_point).bind(5, tree.root);
        TRY(add.run());
        TRY_ASSIGN(case_file::Statement set, database.prepare("UPDATE volume SET system = ?, mount_point = ? WHERE id = ?"));
        set.bind(1, tree.system_id).bind(3, tree.volume);
        if (tree.system_id) set.bind(2, tree.mount_point);
        TRY(set.run());
    }
    if (systems == 0) TRY(m_session.writer.coverage({base::Gap::Level::gap, "system", "no operating system was found", "", ""}, std::nullopt, "open"));
    return {};
}

// What one child says while it opens the evidence.
struct Opening {
    bool opened = false, died = false, hung = false, killed_from_outside = false;
    std::string failure;
};

base::Result<Opening> open_once(Session& session, const std::function<base::Result<void>(ipc::Message& message)>& take) {
    Opening opening;
    TRY(session.pool.ensure(0, true));
    ipc::Pool::Handler handler;
    handler.message = [&](int, ipc::Message& m, base::ByteView) -> base::Result<void> {
        if (m.kind() != static_cast<std::uint8_t>(ipc::Reply::opened)) return take(m);
        opening.opened = true;
        if (m.integer() == 0) opening.failure = m.text();
        return {};
    };
    handler.death = [&](int, const ipc::Death& death) -> base::Result<void> {
        opening.died = true;
        opening.killed_from_outside = death.from_outside, opening.hung = death.hung;
        opening.failure = death.hung ? "the worker hung while it opened the evidence" : "the worker died while it opened the evidence";
        return {};
    };
    handler.wants = [](int) { return true; };
    while (!opening.opened && !opening.died) {
        TRY(session.pool.poll(100, handler));
        if (session.progress.stop()) return base::fail(base::Errc::interrupted, "stopped; go on with --resume");
    }
    return opening;
}

// What was given and could not be opened stands in the case too.
base::Result<void> write_unopened(Session& session, const std::string& failure) {
    TRY_ASSIGN(case_file::Statement add, session.database.prepare("INSERT OR IGNORE INTO evidence(id, argument, format, media_size, identity, error) VALUES(?, ?, '', 0, '', ?)"));
    std::int64_t id = 0;
    for (const auto& argument : session.options.evidence) {
        add.bind(1, ++id).bind(2, argument).bind(3, failure.empty() ? std::string_view("it could not be opened") : std::string_view(failure));
        TRY(add.run());
        if (session.database.changes() == 0) continue;
        TRY(case_file::append_custody(session.database, case_file::current_actor(), "evidence.not_opened", nlohmann::json{{"evidence", base::to_utf8(argument)}}.dump()));
    }
    return {};
}

// What a child says of an image or of a volume, as far as it is compared.
base::Result<void> take_identity(ipc::Message& m, std::vector<case_file::OpenedMedia>& found) {
    const auto index = m.natural();
    if (!m.ok() || index >= found.size()) return base::fail(base::Errc::corrupt, "the worker's description of the evidence is damaged");
    auto& media = found[index];
    switch (static_cast<ipc::Reply>(m.kind())) {
        case ipc::Reply::evidence: m.text(), m.text(), media.size = m.integer(), media.identity = m.text(); break;
        case ipc::Reply::marks: media.marks = base::as_text(m.bytes()); break;
        default: {
            case_file::OpenedVolume volume;
            volume.id = m.text(), m.text(), volume.type = m.text(), m.text(), volume.start = m.integer(), volume.size = m.integer();
            volume.filesystem = m.text(), m.text(), volume.uuid = m.text(), m.integer(), m.text(), volume.tree = m.integer();
            media.volumes.push_back(std::move(volume));
        }
    }
    if (!m.ok()) return base::fail(base::Errc::corrupt, "the worker's description of the evidence is damaged");
    return {};
}

base::Result<bool> any_opened(const case_file::Database& database) {
    TRY_ASSIGN(case_file::Statement any, database.prepare("SELECT 1 FROM evidence WHERE error IS NULL"));
    return any.step();
}

// A digest that is expected from now on only.
base::Result<void> expect_digest(Session& session) {
    const auto& expected = session.options.expect_hash;
    if (expected.empty()) return {};
    TRY_ASSIGN(case_file::Transaction transaction, case_file::Transaction::begin(session.database));
    TRY_ASSIGN(case_file::Statement save, session.database.prepare("UPDATE evidence SET expected = ? WHERE id = 1 AND expected IS NULL"));
    save.bind(1, expected);
    TRY(save.run());
    if (session.database.changes() == 0) return {};
    TRY(case_file::append_custody(session.database, case_file::current_actor(), "evidence.expected", nlohmann::json{{"evidence", 1}, {"digest", expected}}.dump()));
    return transaction.commit();
}

base::Result<void> send_media_orders(Session& session) {
    TRY(session.pool.ensure(session.media_slot()));
    for (const auto& [evidence, all] : session.media_orders)
        TRY(session.pool.send(session.media_slot(), ipc::Encoder(static_cast<std::uint8_t>(ipc::Order::media)).put(evidence - 1).put(all).finish()));
    return {};
}

// Its child ended: what it had not finished is asked for again, but not for ever.
base::Result<void> media_death(Session& session, const ipc::Death& death) {
    if (session.media_orders.empty()) return {};
    auto& answers = session.media_answers;
    while (!answers.empty() && answers.back().gap) answers.pop_back();  // ranges of the image that is read again
    if (death.from_outside) {
        if (++session.media_outside_deaths > k_most_medium_deaths)
            return base::fail(base::Errc::interrupted, k_killed_again);
    } else if (++session.media_deaths > 1) {
        for (const auto& [evidence, all] : std::exchange(session.media_orders, {})) {
            MediaAnswer answer;
            answer.evidence = evidence;
            answer.hung = death.hung;
            answer.text = death.hung ? "its worker hung" : "its worker died";
            answers.push_back(std::move(answer));
        }
        return {};
    }
    return send_media_orders(session);
}

base::Result<void> media_message(Session& session, ipc::Message& m) {
    MediaAnswer answer;
    answer.gap = m.kind() == static_cast<std::uint8_t>(ipc::Reply::gap);
    if (!answer.gap && m.kind() != static_cast<std::uint8_t>(ipc::Reply::media)) return {};
    if (answer.gap) {
        if (session.media_orders.empty()) return {};
        answer.evidence = session.media_orders.begin()->first;  // they are answered in order
        auto gap = ipc::take_gap(m).gap;
        answer.text = std::move(gap.reason), answer.detail = std::move(gap.detail);
    } else {
        answer.evidence = m.integer() + 1, answer.bytes = m.integer();
        const auto take = [&](std::string& out) {
            const auto value = m.value();
            if (const auto* digest = std::get_if<base::ByteView>(&value)) out = base::as_text(*digest);
            if (const auto* text = std::get_if<std::string_view>(&value)) answer.text = *text;
        };
        take(answer.md5), take(answer.sha1), take(answer.sha256);
        for (auto count = m.integer(); count > 0 && m.ok(); --count) take(answer.files.emplace_back());
        for (auto count = m.integer(); count > 0 && m.ok(); --count) {
            const auto start = m.natural();
            answer.unreadable.emplace_back(start, m.natural());
        }
        if (session.media_orders.erase(answer.evidence) == 0) return {};
    }
    session.media_answers.push_back(std::move(answer));
    return {};
}

// Of a raw image the one file is the media.
base::Result<void> write_file_digests(Session& session, const MediaAnswer& answer) {
    TRY_ASSIGN(case_file::Statement raw, session.database.prepare("SELECT format = 'raw' FROM evidence WHERE id = ?"));
    raw.bind(1, answer.evidence);
    TRY_ASSIGN(const bool known, raw.step());
    const auto files = known && raw.integer(0) != 0 ? std::vector<std::string>{answer.sha256} : answer.files;
    TRY_ASSIGN(case_file::Statement save, session.database.prepare("UPDATE evidence_file SET sha256 = ? WHERE evidence = ? AND place = ?"));
    for (std::size_t place = 0; place < files.size(); ++place) {
        if (files[place].size() != 32) {
            TRY(session.writer.coverage({base::Gap::Level::limit, "media", "a file of the evidence could not be read to its end and has no digest", "",
                                         "evidence " + std::to_string(answer.evidence) + ", file " + std::to_string(place + 1)}, std::nullopt, "media"));
            continue;
        }
        save.bind(1, base::as_bytes(files[place])).bind(2, answer.evidence).bind(3, static_cast<std::int64_t>(place));
        TRY(save.run());
    }
    return {};
}

// What the acquisition tool wrote down against what is there now.
base::Result<void> compare_with_stored(Session& session, const MediaAnswer& answer) {
    TRY_ASSIGN(case_file::Statement row, session.database.prepare("SELECT acquisition FROM evidence WHERE id = ?"));
    row.bind(1, answer.evidence);
    TRY_ASSIGN(const bool known, row.step());
    const auto acquisition = known ? nlohmann::json::parse(row.text(0), nullptr, false) : nlohmann::json();
    if (!acquisition.is_object()) return {};
    const std::pair<const char*, const std::string*> digests[] = {{"stored_md5", &answer.md5}, {"stored_sha1", &answer.sha1}};
    for (const auto& [key, have] : digests) {
        const auto stored = acquisition.value(key, "");
        if (stored.empty() || have->empty() || stored == base::to_hex(*have)) continue;
        TRY(session.writer.coverage({base::Gap::Level::gap, "media", "the media is not what was acquired: its digest differs from the one that the acquisition stored", "",
                                     "evidence " + std::to_string(answer.evidence) + ": " + key + " " + stored + ", found " + base::to_hex(*have)}, std::nullopt, "media"));
    }
    return {};
}

// Into the list that an acquisition has: what it could not read, and what could not be read of it.
base::Result<void> write_unreadable(Session& session, const MediaAnswer& answer) {
    if (answer.unreadable.empty()) return {};
    TRY_ASSIGN(case_file::Statement row, session.database.prepare("SELECT acquisition FROM evidence WHERE id = ?"));
    row.bind(1, answer.evidence);
    TRY_ASSIGN(const bool known, row.step());
    auto acquisition = known ? nlohmann::json::parse(row.text(0), nullptr, false) : nlohmann::json();
    row.reset();
    if (!acquisition.is_object()) acquisition = nlohmann::json::object();
    auto& ranges = acquisition["bad_ranges"];
    if (!ranges.is_array()) ranges = nlohmann::json::array();
    for (const auto& [start, length] : answer.unreadable) {
        nlohmann::json range{{"start", start}, {"length", length}};
        if (std::find(ranges.begin(), ranges.end(), range) == ranges.end()) ranges.push_back(std::move(range));
    }
    TRY_ASSIGN(case_file::Statement save, session.database.prepare("UPDATE evidence SET acquisition = ? WHERE id = ?"));
    save.bind(1, acquisition.dump()).bind(2, answer.evidence);
    return save.run();
}

base::Result<bool> is_hashed(const case_file::Database& database, std::int64_t evidence) {
    TRY_ASSIGN(case_file::Statement row, database.prepare("SELECT 1 FROM evidence WHERE id = ? AND media_sha256 IS NOT NULL"));
    row.bind(1, evidence);
    return row.step();
}

// `again`: the media's digest is there, and one of another kind is wanted.
std::string media_unit(std::int64_t evidence, bool again) { return std::to_string(evidence) + (again ? ":again" : ""); }

base::Result<void> write_media_answer(Session& session, const MediaAnswer& answer) {
    if (answer.gap)
        return session.writer.coverage({base::Gap::Level::gap, "media", answer.text, "", answer.detail}, std::nullopt, "media");
    if (answer.hung) TRY(session.writer.timeout("digest of evidence " + std::to_string(answer.evidence)));
    if (answer.sha256.size() != 32)
        return session.writer.coverage({base::Gap::Level::limit, "media", "the media's digest could not be computed", "", "evidence " + std::to_string(answer.evidence) + ": " + answer.text}, std::nullopt, "media");
    // Where it was hashed before, the digest of then stands: the rows of the case were read with it.
    TRY_ASSIGN(case_file::Statement before, session.database.prepare("SELECT media_sha256 FROM evidence WHERE id = ? AND media_sha256 IS NOT NULL"));
    before.bind(1, answer.evidence);
    TRY_ASSIGN(const bool hashed, before.step());
    if (hashed && base::as_text(before.blob(0)) != answer.sha256)
        return session.writer.coverage({base::Gap::Level::gap, "media", "the media is not what it was when it was first hashed", "",
                                        "evidence " + std::to_string(answer.evidence) + ": " + base::to_hex(before.blob(0)) + ", found " + base::to_hex(answer.sha256)}, std::nullopt, "media");
    before.reset();
    TRY_ASSIGN(case_file::Statement save, session.database.prepare("UPDATE evidence SET media_md5 = ?, media_sha1 = ?, media_sha256 = ? WHERE id = ?"));
    if (!answer.md5.empty()) save.bind(1, base::as_bytes(answer.md5)).bind(2, base::as_bytes(answer.sha1));
    save.bind(3, base::as_bytes(answer.sha256)).bind(4, answer.evidence);
    TRY(save.run());
    TRY(write_unreadable(session, answer));
    TRY(write_file_digests(session, answer));
    TRY(compare_with_stored(session, answer));
    auto files = nlohmann::json::array();
    for (const auto& digest : answer.files) files.push_back(base::to_hex(digest));
    nlohmann::json details{{"evidence", answer.evidence}, {"bytes", answer.bytes}, {"sha256", base::to_hex(answer.sha256)}, {"files", files}};
    std::uint64_t zeros = 0;
    for (const auto& range : answer.unreadable) zeros += range.second;
    if (zeros > 0) details["unreadable_bytes_as_zeros"] = zeros;
    return case_file::append_custody(session.database, "deadbox", "evidence.hashed", details.dump()).map([](const auto&) {});
}

// What was told with --expect-hash against the digests of the media, whenever either came: once.
base::Result<void> compare_with_expected(Session& session) {
    TRY_ASSIGN(case_file::Statement row, session.database.prepare("SELECT expected, media_md5, media_sha1, media_sha256 FROM evidence WHERE id = 1 AND error IS NULL AND expected IS NOT NULL"));
    TRY_ASSIGN(const bool any, row.step());
    if (!any || session.writer.is_done("media", "expected")) return {};
    const std::string expected(row.text(0));
    const auto found = base::to_hex(row.blob(expected.size() == 32 ? 1 : expected.size() == 40 ? 2 : 3));
    row.reset();
    if (found == expected) return {};
    TRY(session.writer.begin_batch("media", "expected"));
    TRY(session.writer.coverage(found.empty() ? base::Gap{base::Gap::Level::gap, "media", "the media's digest could not be held against the one that was expected", "", "expected " + expected}
                                              : base::Gap{base::Gap::Level::gap, "media", "the media's digest is not the one that was expected", "", "expected " + expected + ", found " + found},
                                std::nullopt, "media"));
    return session.writer.finish_batch();
}

// Images that were taken for one disk, by the places that were compared, and of which only the first was read: their digests
// tell whether that was right.
base::Result<void> compare_same_disks(Session& session) {
    if (session.writer.is_done("media", "same disk")) return {};
    TRY_ASSIGN(case_file::Statement rows, session.database.prepare(
        "SELECT a.id, b.id FROM evidence a JOIN evidence b ON b.id > a.id AND b.identity = a.identity AND b.media_size = a.media_size AND b.media_sha256 <> a.media_sha256 "
        "WHERE EXISTS (SELECT 1 FROM volume WHERE evidence = a.id) AND NOT EXISTS (SELECT 1 FROM volume WHERE evidence = b.id) ORDER BY a.id, b.id"));
    std::vector<std::string> pairs;
    for (;;) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) break;
        pairs.push_back("evidence " + std::to_string(rows.integer(1)) + " was taken for evidence " + std::to_string(rows.integer(0)));
    }
    rows.reset();
    if (pairs.empty()) return {};
    TRY(session.writer.begin_batch("media", "same disk"));
    for (const auto& pair : pairs)
        TRY(session.writer.coverage({base::Gap::Level::gap, "media", "images that were taken for the same disk differ: the second was not examined; give it alone", "", pair}, std::nullopt, "media"));
    return session.writer.finish_batch();
}

}  // namespace

base::Result<std::vector<std::string>> compare_evidence(Session& session) {
    TRY_ASSIGN(const bool opened_before, any_opened(session.database));
    if (!opened_before) return std::vector<std::string>();
    for (int attempt = 0; attempt < k_most_medium_deaths; ++attempt) {
        std::vector<case_file::OpenedMedia> found(session.options.evidence.size());
        for (std::size_t place = 0; place < found.size(); ++place) found[place].name = session.options.evidence[place];
        TRY_ASSIGN(const auto opening, open_once(session, [&](ipc::Message& m) -> base::Result<void> {
            const auto kind = static_cast<ipc::Reply>(m.kind());
            return kind == ipc::Reply::evidence || kind == ipc::Reply::volume || kind == ipc::Reply::marks ? take_identity(m, found) : base::Result<void>();
        }));
        if (opening.killed_from_outside) continue;
        std::vector<case_file::OpenedMedia> opened;
        TRY_ASSIGN(case_file::Statement rows, session.database.prepare("SELECT error IS NULL FROM evidence ORDER BY id"));
        for (std::size_t place = 0; place < found.size(); ++place) {
            TRY_ASSIGN(const bool row, rows.step());
            if (row && rows.integer(0) != 0) opened.push_back(std::move(found[place]));
            else if (!found[place].identity.empty())
                return base::fail(base::Errc::usage, "the case was begun without " + session.options.evidence[place] + ", which can be opened now; analyse all images into a new case");
        }
        TRY_ASSIGN(auto same, case_file::same_evidence(session.database, opened));
        if (!same.differences.empty())
            return base::fail(base::Errc::usage, "this is not the evidence of the case, and --resume takes the same images in the same order: " + same.differences.front());
        return std::move(same.not_compared);
    }
    return base::fail(base::Errc::interrupted, k_killed_again);
}

base::Result<void> open_wave(Session& session) {
    auto& state = session.progress.state;
    state.wave = "open", state.unit = "evidence", state.done = 0, state.total = session.options.evidence.size();
    session.progress.show(state);
    if (session.writer.is_done("open", "all")) {
        TRY_ASSIGN(const bool opened_before, any_opened(session.database));
        if (opened_before) return expect_digest(session);
        // Nothing could be opened then: it is tried anew.
        TRY(session.database.execute("BEGIN; DELETE FROM evidence; DELETE FROM coverage WHERE wave = 'open'; DELETE FROM batch_rows WHERE batch IN (SELECT id FROM batch WHERE wave = 'open'); "
                                     "DELETE FROM batch WHERE wave = 'open'; COMMIT"));
    }
    for (int attempt = 0; attempt < k_most_medium_deaths; ++attempt) {
        EvidenceApplier applier(session);
        TRY(session.writer.begin_batch("open", "all"));
        if (session.pool.landlock() == 0)
            TRY(session.writer.coverage({base::Gap::Level::note, "sandbox", "this kernel has no Landlock; the worker is confined by seccomp alone", "", ""}, std::nullopt, "open"));
        const auto opening = open_once(session, [&](ipc::Message& m) { return applier.apply(m); });
        if (!opening || opening->killed_from_outside) {
            session.writer.abandon_batch();
            if (!opening) return tl::unexpected(opening.error());
            continue;
        }
        if (opening->died)
            TRY(session.writer.coverage({base::Gap::Level::gap, "worker", "the evidence killed the worker that opened it", "", opening->failure}, std::nullopt, "open"));
        if (opening->hung) TRY(session.writer.timeout("opening the evidence"));
        if (opening->failure.empty()) TRY(applier.write_systems());
        TRY(write_unopened(session, opening->failure));
        TRY(session.writer.finish_batch());
        if (!opening->failure.empty()) return base::fail(base::Errc::not_found, opening->failure);
        return {};
    }
    return base::fail(base::Errc::interrupted, k_killed_again);
}

base::Result<void> start_media_digests(Session& session) {
    TRY_ASSIGN(case_file::Statement all, session.database.prepare("SELECT id, acquisition, media_sha256 IS NOT NULL, media_md5 IS NOT NULL, length(expected) FROM evidence WHERE error IS NULL ORDER BY id"));
    for (;;) {
        TRY_ASSIGN(const bool row, all.step());
        if (!row) break;
        const auto id = all.integer(0);
        const bool hashed = all.integer(2) != 0, all_hashed = all.integer(3) != 0, expected = !all.is_null(4);
        const bool needs_all = expected && all.integer(4) != 64;
        const auto acquisition = nlohmann::json::parse(all.text(1), nullptr, false);
        const bool stored = acquisition.is_object() && (acquisition.value("stored_md5", "") != "" || acquisition.value("stored_sha1", "") != "");
        const bool wanted = session.options.evidence_hash != EvidenceHash::none || expected;
        // Hashed again where a digest is expected of a kind that was not computed then.
        if (!wanted || (hashed && (!needs_all || all_hashed)) || session.writer.is_done("media", media_unit(id, hashed))) continue;
        session.media_orders[id] = session.options.evidence_hash == EvidenceHash::all || stored || needs_all;
    }
    all.reset();
    // Kept until no batch is being written, so that a batch that is undone takes no digest with it.
    session.runner.other_message = [&session](int slot, ipc::Message& m) { return slot == session.media_slot() ? media_message(session, m) : base::Result<void>(); };
    session.runner.other_death = [&session](int slot, const ipc::Death& death) { return slot == session.media_slot() ? media_death(session, death) : base::Result<void>(); };
    return session.media_orders.empty() ? base::Result<void>() : send_media_orders(session);
}

base::Result<void> finish_media_digests(Session& session) {
    auto& state = session.progress.state;
    if (!session.media_orders.empty()) state.wave = "media", state.unit = "bytes";
    TRY(session.runner.wait([&] { return session.media_orders.empty(); }));
    // All of one image is one batch: its digest, or why there is none, and the ranges that could not be read.
    auto answers = std::exchange(session.media_answers, {});
    std::stable_sort(answers.begin(), answers.end(), [](const auto& a, const auto& b) { return a.evidence < b.evidence; });
    for (std::size_t i = 0; i < answers.size();) {
        const auto evidence = answers[i].evidence;
        TRY_ASSIGN(const bool hashed, is_hashed(session.database, evidence));
        TRY(session.writer.begin_batch("media", media_unit(evidence, hashed)));
        for (; i < answers.size() && answers[i].evidence == evidence; ++i) {
            if (auto written = write_media_answer(session, answers[i]); !written) {
                session.writer.abandon_batch();
                return written;
            }
        }
        TRY(session.writer.finish_batch());
    }
    TRY(compare_with_expected(session));
    return compare_same_disks(session);
}

}  // namespace deadbox::engine
