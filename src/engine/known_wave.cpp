#include <fmt/format.h>

#include <array>

#include "base/encoding.hpp"
#include "engine/own_files.hpp"
#include "engine/waves.hpp"
#include "plugin/packed_files.hpp"
#include "plugin/published_file.hpp"
#include "plugin/topic.hpp"

namespace deadbox::engine {
namespace {

constexpr std::string_view k_known_wave = "known";
constexpr std::uint64_t k_show_every = 4096;  // look-ups

// A table that is filled from the examiner's sets, by its role; topics declare what it is called.
const plugin::TableDef* table_of_role(std::string_view role) {
    for (const auto* topic : plugin::topics())
        for (const auto& table : topic->tables)
            if (table.role == role) return &table;
    return nullptr;
}

struct DigestKind {
    std::string_view column;
    std::size_t bytes;
};
constexpr DigestKind k_digest_kinds[] = {{"sha256", 32}, {"sha1", 20}, {"md5", 16}};

// Which of a digest's names in the set is one of the file's.
struct ListedName {
    std::string name;
    std::optional<std::int64_t> same;
};

class KnownFiles {
public:
    KnownFiles(Session& session, const plugin::TableDef& table) : m_session(session), m_table(table) {}

    base::Result<void> prepare() {
        TRY_ASSIGN(m_names, m_session.database.prepare("SELECT n.name FROM name n WHERE n.inode = ?1 AND n.allocated AND n.directory IN (SELECT parent FROM inode WHERE id = ?1 UNION SELECT directory FROM link WHERE inode = ?1)"));
        return {};
    }

    // Every digest of the case, in its order, which is the set's too: a page of the set is asked for once.
    base::Result<void> look_up(sets::HashSet& set) {
        for (const auto& kind : k_digest_kinds) {
            TRY_ASSIGN(const bool any, set.has_length(kind.bytes));
            if (!any) continue;
            TRY_ASSIGN(case_file::Statement files, m_session.database.prepare(fmt::format("SELECT inode, {0} FROM content WHERE {0} IS NOT NULL ORDER BY {0}, inode", kind.column)));
            for (std::uint64_t count = 0;; ++count) {
                TRY_ASSIGN(const bool row, files.step());
                if (!row) break;
                if (count % k_show_every == 0) {
                    m_session.progress.show(m_session.progress.state);
                    if (m_session.progress.stop()) return base::fail(base::Errc::interrupted, "stopped; go on with --resume");
                }
                TRY_ASSIGN(const auto names, set.names_of(files.blob(1), 2));  // an empty one may come first
                if (!names.empty()) TRY(write(set, kind, files.integer(0), files.blob(1), names));
            }
        }
        return {};
    }

private:
    // Some contents have thousands of names: the file's own are looked for among them.
    base::Result<ListedName> listed(sets::HashSet& set, base::ByteView digest, std::int64_t inode, const std::vector<std::string>& names) {
        if (names.size() == 1 && names.front().empty()) return ListedName{};
        ListedName found{names.front().empty() ? names[1] : names.front(), 0};
        m_names.bind(1, inode);
        for (;;) {
            TRY_ASSIGN(const bool row, m_names.step());
            if (!row) break;
            TRY_ASSIGN(const bool same, set.has(digest, m_names.text(0)));
            if (same) found = {std::string(m_names.text(0)), 1};
        }
        m_names.reset();
        return found;
    }

    base::Result<void> write(sets::HashSet& set, const DigestKind& kind, std::int64_t inode, base::ByteView digest, const std::vector<std::string>& names) {
        TRY_ASSIGN(const auto name, listed(set, digest, inode, names));
        TRY_ASSIGN(const auto system, m_session.writer.system_of(case_file::inode_tree(inode)));
        const std::array<plugin::Value, 6> values = {std::string_view(set.name()), std::string_view(set.verdict() == sets::Verdict::bad ? "bad" : "good"), kind.column, digest, std::string_view(name.name),
                                                     name.same ? plugin::Value(*name.same) : plugin::Value()};
        return m_session.writer.topic_row(m_table, system, inode, values);
    }

    Session& m_session;
    const plugin::TableDef& m_table;
    case_file::Statement m_names;
};

// Installed packages that a set has in their very version, with all that they brought: what detectors hold the disk against.
class TrustedPackages {
public:
    TrustedPackages(Session& session, const plugin::TableDef& packages, const plugin::TableDef& folders) : m_session(session), m_packages(packages), m_folders(folders) {}

    // The first set that has it goes for a package.
    base::Result<void> look_up(std::vector<sets::TrustSet>& all) {
        const auto* table = table_of_role("package");
        if (table == nullptr) return {};
        TRY_ASSIGN(case_file::Statement rows, m_session.database.prepare(fmt::format("SELECT system, stem, name, version, arch FROM \"{}\" WHERE status NOT IN ('config-files', 'not-installed') ORDER BY id", table->name)));
        for (;;) {
            TRY_ASSIGN(const bool row, rows.step());
            if (!row) return {};
            m_session.progress.show(m_session.progress.state);
            if (m_session.progress.stop()) return base::fail(base::Errc::interrupted, "stopped; go on with --resume");
            const auto system = rows.maybe_integer(0);
            std::optional<sets::TrustedPackage> found;
            for (auto& set : all) {
                TRY_ASSIGN(found, set.find(rows.text(2), rows.text(3), rows.text(4)));
                if (!found) continue;
                TRY(write(set, *found, system, rows.text(1)));
                break;
            }
            if (!found) TRY(m_session.writer.coverage({base::Gap::Level::limit, "known", "installed packages of which no set of the examiner's has this version: held against the image's own lists alone", "",
                                                       fmt::format("{} {} {}", rows.text(2), rows.text(3), rows.text(4))}, system, k_known_wave));
        }
    }

private:
    base::Result<void> write(sets::TrustSet& set, const sets::TrustedPackage& package, std::optional<std::int64_t> system, std::string_view stem) {
        std::int64_t count = 0;
        std::string folder, files;
        base::Result<void> written;
        const auto flush = [&] {
            const std::array<plugin::Value, 3> values = {std::string_view(folder), stem, base::as_bytes(files)};
            if (!files.empty() && written) written = m_session.writer.topic_row(m_folders, system, std::nullopt, values);
            files.clear();
        };
        TRY(set.files_of(package.id, [&](const sets::TrustedFile& file) {
            if (file.folder != folder) flush(), folder = file.folder;
            plugin::pack_file(files, file.name, file.link ? std::string() : plugin::pack_published({base::as_text(file.sha256), base::as_text(file.md5), file.mode, file.conffile}));
            ++count;
        }));
        flush();
        TRY(written);
        const std::array<plugin::Value, 6> values = {stem, std::string_view(package.version), std::string_view(set.name()), std::string_view(package.source), base::as_bytes(package.sha256), count};
        return m_session.writer.topic_row(m_packages, system, std::nullopt, values);
    }

    Session& m_session;
    const plugin::TableDef& m_packages;
    const plugin::TableDef& m_folders;
};

base::Result<void> note_set_failure(Session& session, const base::Error& error) {
    return session.writer.coverage({base::Gap::Level::gap, "known", "a set of the examiner's could not be read to its end", "", error.what}, std::nullopt, k_known_wave);
}

base::Result<void> look_up_packages(Session& session, OwnFiles& own) {
    const auto *packages = table_of_role("trusted_package"), *folders = table_of_role("trusted_folder");
    if (packages == nullptr || folders == nullptr || own.trust_sets().empty()) return {};
    TrustedPackages trusted(session, *packages, *folders);
    const auto done = trusted.look_up(own.trust_sets());
    session.progress.state.done += own.trust_sets().size();
    if (done || done.error().code != base::Errc::usage) return done;
    return note_set_failure(session, done.error());
}

base::Result<void> look_up_all(Session& session, OwnFiles& own) {
    const auto* table = table_of_role("known_file");
    if (table == nullptr) return {};
    KnownFiles files(session, *table);
    TRY(files.prepare());
    for (auto& set : own.hash_sets()) {
        const auto done = files.look_up(set);
        if (!done && done.error().code != base::Errc::usage) return done;  // not the set's fault
        if (!done) TRY(note_set_failure(session, done.error()));
        ++session.progress.state.done;
    }
    return {};
}

}  // namespace

base::Result<void> known_wave(Session& session, OwnFiles& own) {
    // It rests on the sets alone and on digests that are there, and takes seconds: always anew.
    std::string drop = "BEGIN; DELETE FROM coverage WHERE wave = 'known'; DELETE FROM batch_rows WHERE batch IN (SELECT id FROM batch WHERE wave = 'known'); DELETE FROM batch WHERE wave = 'known'; ";
    for (const char* role : {"known_file", "trusted_package", "trusted_folder"})
        if (const auto* table = table_of_role(role)) drop += fmt::format("DELETE FROM \"{}\"; ", table->name);
    TRY(session.database.execute(drop + "COMMIT"));
    if (own.all().empty()) return {};
    auto& state = session.progress.state;
    state.wave = k_known_wave, state.unit = "sets", state.done = 0, state.total = own.trust_sets().size() + own.hash_sets().size();
    TRY(session.writer.begin_batch(k_known_wave, "sets"));
    if (!own.rules().empty())
        TRY(session.writer.coverage({base::Gap::Level::limit, "yara", "files were scanned with the examiner's rules as they lie: nothing was unpacked or decrypted", "",
                                     std::string("profile ") + (session.options.profile == Profile::full ? "full" : "triage")}, std::nullopt, k_known_wave));
    auto done = look_up_packages(session, own);
    if (done) done = look_up_all(session, own);
    if (!done) {
        session.writer.abandon_batch();
        return done;
    }
    return session.writer.finish_batch();
}

}  // namespace deadbox::engine
