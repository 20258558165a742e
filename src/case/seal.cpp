#include "case/seal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/encoding.hpp"
#include "case/custody.hpp"
#include "case/writer.hpp"
#include "codec/digest.hpp"

namespace deadbox::case_file {
namespace {

// Of a connection that reads tables once from their first row to their last: no page is asked for again but those on the way
// down, and memory would grow with the case.
constexpr const char* k_once = "PRAGMA cache_size=-512";

// Left out: custody is a chain of its own, and runs are sealed behind their exit status.
constexpr std::string_view k_not_sealed[] = {"custody", "run"};
// The tables', views' and indexes' own definitions: who changes a view changes what every reader sees.
constexpr std::string_view k_schema = "sqlite_schema";
// In a seal in the place of a digest: each batch's digest of these rows stands in batch_rows, which is sealed itself.
constexpr std::string_view k_by_batches = "batches";
constexpr std::string_view k_analyst[] = {"mark", "meta", "note"};
// The examiner's own: a further run leaves them, and what was sealed of them, as they are.
constexpr std::string_view k_untouched[] = {"mark", "note"};

base::Result<std::vector<std::string>> sealed_tables(const Database& database, SealOf of) {
    if (of == SealOf::runs) return std::vector<std::string>{"run"};
    if (of == SealOf::analyst) return std::vector<std::string>(std::begin(k_analyst), std::end(k_analyst));
    std::vector<std::string> names;
    TRY_ASSIGN(Statement tables, database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"));
    for (;;) {
        TRY_ASSIGN(const bool row, tables.step());
        if (!row) {
            names.emplace_back(k_schema);
            return names;
        }
        const auto name = tables.text(0);
        if (std::find(std::begin(k_not_sealed), std::end(k_not_sealed), name) == std::end(k_not_sealed)) names.emplace_back(name);
    }
}

void values_of(const Statement& row, std::vector<plugin::Value>& values) {
    values.clear();
    for (int column = 0; column < row.columns(); ++column) {
        switch (sqlite3_column_type(row.handle(), column)) {
            case SQLITE_INTEGER: values.emplace_back(row.integer(column)); break;
            case SQLITE_FLOAT: values.emplace_back(row.real(column)); break;
            case SQLITE_TEXT: values.emplace_back(row.text(column)); break;
            case SQLITE_BLOB: values.emplace_back(row.blob(column)); break;
            default: values.emplace_back();
        }
    }
}

base::Result<codec::Sha256::Value> digest_of(const Database& database, const std::string& table) {
    codec::Sha256 digest;
    // In the order of the primary key; of a definition, what it says and not where its tree starts.
    TRY_ASSIGN(Statement rows, database.prepare(table == k_schema ? "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name" : fmt::format("SELECT * FROM \"{}\"", table)));
    std::vector<plugin::Value> values;
    for (;;) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) return digest.finish();
        values_of(rows, values);
        hash_row(digest, values);
    }
}

// Tables whose batches can be told apart again: how their rows come back in writing order.
struct Attributed {
    std::string_view table, sql;
};
constexpr Attributed k_attributed[] = {
    {"inode", "SELECT batch, * FROM inode ORDER BY batch, parent, id"},
    {"content", "SELECT c.batch, c.* FROM content c JOIN inode i ON i.id = c.inode ORDER BY c.batch, i.first_byte, i.id"},
    {"name", "SELECT d.walked, n.* FROM name n JOIN directory d ON d.id = n.directory WHERE d.walked IS NOT NULL ORDER BY d.walked, d.id, n.inode, n.name"},
};

// Which rows differ from what their batches wrote; `only` those tables, or all.
base::Result<void> name_batches(const Database& database, const std::set<std::string>* only, std::vector<std::string>& found) {
    const auto asked = [only](std::string_view table) { return only == nullptr || only->contains(std::string(table)); };
    TRY_ASSIGN(const auto tables, sealed_tables(database, SealOf::everything));
    TRY_ASSIGN(Statement batches, database.prepare("SELECT r.batch, r.name, r.first, r.last, r.digest, b.wave, b.unit FROM batch_rows r JOIN batch b ON b.id = r.batch WHERE r.first IS NOT NULL ORDER BY r.name, r.batch"));
    std::vector<plugin::Value> values;
    for (;;) {
        TRY_ASSIGN(const bool row, batches.step());
        if (!row) break;
        if (!asked(batches.text(1))) continue;
        if (std::find(tables.begin(), tables.end(), batches.text(1)) == tables.end()) {
            found.push_back(fmt::format("table batch_rows, batch {}: it names a table that is not there", batches.integer(0)));
            continue;
        }
        TRY_ASSIGN(Statement rows, database.prepare(fmt::format("SELECT * FROM \"{}\" WHERE id BETWEEN ? AND ? ORDER BY id", batches.text(1))));
        rows.bind(1, batches.integer(2)).bind(2, batches.integer(3));
        codec::Sha256 digest;
        for (;;) {
            TRY_ASSIGN(const bool more, rows.step());
            if (!more) break;
            values_of(rows, values);
            hash_row(digest, values);
        }
        const auto value = digest.finish();
        const auto expected = batches.blob(4);
        if (!std::equal(value.begin(), value.end(), expected.begin(), expected.end()))
            found.push_back(fmt::format("table {}, batch {} (wave {}, unit {})", batches.text(1), batches.integer(0), batches.text(5), batches.text(6)));
    }
    for (const auto& [table, sql] : k_attributed) {
        if (!asked(table)) continue;
        TRY_ASSIGN(Statement rows, database.prepare(sql));
        TRY_ASSIGN(Statement expected, database.prepare("SELECT r.digest, b.wave, b.unit FROM batch_rows r JOIN batch b ON b.id = r.batch WHERE r.batch = ? AND r.name = ?"));
        codec::Sha256 digest;
        std::int64_t batch = -1;
        const auto compare = [&]() -> base::Result<void> {
            if (batch < 0) return {};
            const auto value = digest.finish();
            expected.bind(1, batch).bind(2, table);
            TRY_ASSIGN(const bool known, expected.step());
            const auto wanted = known ? expected.blob(0) : base::ByteView{};
            if (!std::equal(value.begin(), value.end(), wanted.begin(), wanted.end()))
                found.push_back(fmt::format("table {}, batch {} (wave {}, unit {})", table, batch, known ? expected.text(1) : "?", known ? expected.text(2) : "?"));
            expected.reset();
            return {};
        };
        for (;;) {
            TRY_ASSIGN(const bool row, rows.step());
            if (!row || rows.integer(0) != batch) TRY(compare());
            if (!row) break;
            batch = rows.integer(0);
            values_of(rows, values);
            hash_row(digest, std::span(values).subspan(1));
        }
    }
    return {};
}

// Tables that only batches write, whose rows their batches' digests hold one and all.
base::Result<std::set<std::string>> tables_by_batches(const Database& database) {
    std::set<std::string> names{"inode"};
    TRY_ASSIGN(Statement rows, database.prepare("SELECT DISTINCT name FROM batch_rows WHERE first IS NOT NULL"));
    for (;;) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) return names;
        names.emplace(rows.text(0));
    }
}

// And those of which that can be said while no seal stands.
base::Result<std::set<std::string>> batched_tables(const Database& database) {
    TRY_ASSIGN(auto names, tables_by_batches(database));
    names.insert({"batch", "batch_rows"});
    for (const auto& attributed : k_attributed) names.emplace(attributed.table);
    return names;
}

// Tables that have more or fewer rows than their batches wrote; `only` those, or all.
base::Result<void> compare_counts(const Database& database, const std::set<std::string>* only, std::vector<std::string>& found) {
    TRY_ASSIGN(Statement counts, database.prepare("SELECT name, sum(count) FROM batch_rows WHERE first IS NOT NULL OR name IN ('inode', 'name') GROUP BY name"));
    TRY_ASSIGN(const auto tables, sealed_tables(database, SealOf::everything));
    for (;;) {
        TRY_ASSIGN(const bool row, counts.step());
        if (!row) return {};
        if (only != nullptr && !only->contains(std::string(counts.text(0)))) continue;
        if (std::find(tables.begin(), tables.end(), counts.text(0)) == tables.end()) continue;  // was said
        TRY_ASSIGN(Statement count, database.prepare(fmt::format("SELECT count(*) FROM \"{}\"", counts.text(0))));
        TRY(count.step());
        if (count.integer(0) != counts.integer(1)) found.push_back(fmt::format("table {}: it has {} rows, and its batches wrote {}", counts.text(0), count.integer(0), counts.integer(1)));
    }
}

// While no seal stands: each batch is what the custody log says of it, none is gone, and their tables have no rows more.
base::Result<void> compare_with_log(const Database& database, std::vector<std::string>& found) {
    struct Logged {
        std::string wave, digest;
    };
    std::map<std::int64_t, Logged> logged;
    TRY_ASSIGN(Statement entries, database.prepare("SELECT action, details FROM custody WHERE action IN ('batch', 'analysis.started', 'analysis.resumed') ORDER BY id"));
    for (;;) {
        TRY_ASSIGN(const bool row, entries.step());
        if (!row) break;
        const auto details = nlohmann::json::parse(entries.text(1), nullptr, false);
        if (!details.is_object()) continue;
        if (entries.text(0) == "batch") {
            const auto id = details.find("batch"), wave = details.find("wave"), digest = details.find("digest");
            if (id != details.end() && id->is_number_integer() && wave != details.end() && wave->is_string() && digest != details.end() && digest->is_string())
                logged[id->get<std::int64_t>()] = {wave->get<std::string>(), digest->get<std::string>()};
        } else if (const auto anew = details.find("made_anew"); anew == details.end() || !anew->is_array() || !anew->empty()) {
            logged.clear();  // batches were dropped then, or may have been: an older run does not say
        }
    }
    TRY_ASSIGN(Statement batches, database.prepare("SELECT id, wave, unit, digest FROM batch ORDER BY id"));
    TRY_ASSIGN(Statement rows, database.prepare("SELECT name, digest FROM batch_rows WHERE batch = ? ORDER BY name"));
    for (;;) {
        TRY_ASSIGN(const bool row, batches.step());
        if (!row) break;
        codec::Sha256 digest;
        rows.bind(1, batches.integer(0));
        for (;;) {
            TRY_ASSIGN(const bool more, rows.step());
            if (!more) break;
            digest.update(rows.text(0));
            digest.update(rows.blob(1));
        }
        rows.reset();
        const auto value = base::to_hex(base::ByteView(digest.finish()));
        const auto log = logged.extract(batches.integer(0));
        if (base::to_hex(batches.blob(3)) != value || (!log.empty() && log.mapped().digest != value))
            found.push_back(fmt::format("table batch, batch {} (wave {}, unit {})", batches.integer(0), batches.text(1), batches.text(2)));
    }
    // These two waves are done anew by themselves.
    for (const auto& [id, log] : logged)
        if (log.wave != "place" && log.wave != "open") found.push_back(fmt::format("table batch, batch {} (wave {}) is gone", id, log.wave));
    return compare_counts(database, nullptr, found);
}

// What the custody log seals, as it stands.
struct Seals {
    nlohmann::json tables = nlohmann::json::object();  // table -> hex
    bool sealed = false;                               // the whole, and no analysis was begun since
    std::int64_t runs = 0;                             // that were begun
};
base::Result<Seals> read_seals(const Database& database) {
    Seals seals;
    // The last whole seal, and what the analyst's edits sealed anew behind it.
    TRY_ASSIGN(Statement entries, database.prepare("SELECT action, details FROM custody WHERE action IN ('seal', 'seal.analyst', 'seal.run', 'analysis.started', 'analysis.resumed') ORDER BY id"));
    for (;;) {
        TRY_ASSIGN(const bool row, entries.step());
        if (!row) return seals;
        if (entries.text(0).starts_with("analysis.")) {
            // A further run writes on: what was sealed of its tables no longer stands, and its batches speak for it.
            auto kept = nlohmann::json::object();
            for (const auto name : k_untouched)
                if (seals.tables.contains(name)) kept[std::string(name)] = seals.tables[std::string(name)];
            seals.tables = std::move(kept), seals.sealed = false, ++seals.runs;
            continue;
        }
        const auto digests = nlohmann::json::parse(entries.text(1), nullptr, false);
        if (!digests.is_object()) continue;
        if (entries.text(0) == "seal") seals.tables = digests, seals.sealed = true;
        else seals.tables.update(digests);
    }
}

}  // namespace

SealAhead::SealAhead(const Database& database, std::span<const std::string_view> tables) {
    m_digests = std::async(std::launch::async, [this, tables, path = std::string(sqlite3_db_filename(database.handle(), "main"))] {
        TableDigests digests;
        const auto own = Database::open(path, Access::read);
        if (!own || !own->execute(k_once)) return digests;
        const Interruptible interruptible(*own, [this] { return m_stop.load(); });
        for (const auto table : tables) {
            const auto digest = digest_of(*own, std::string(table));
            if (digest) digests.emplace(table, base::to_hex(base::ByteView(*digest)));
        }
        return digests;
    });
}

base::Result<void> seal(const Database& database, SealOf of, const TableDigests& known) {
    nlohmann::json tables = nlohmann::json::object();
    TRY_ASSIGN(const auto names, sealed_tables(database, of));
    TRY_ASSIGN(const auto by_batches, of == SealOf::everything ? tables_by_batches(database) : std::set<std::string>());
    for (const auto& name : names) {
        if (by_batches.contains(name)) {
            tables[name] = k_by_batches;
            continue;
        }
        if (const auto found = known.find(name); found != known.end()) {
            tables[name] = found->second;
            continue;
        }
        TRY_ASSIGN(const auto digest, digest_of(database, name));
        tables[name] = base::to_hex(base::ByteView(digest));
    }
    TRY(append_custody(database, "deadbox", of == SealOf::everything ? "seal" : of == SealOf::runs ? "seal.run" : "seal.analyst", tables.dump()));
    return {};
}

base::Result<std::vector<std::string>> differences(const Database& database) {
    std::vector<std::string> found;
    TRY_ASSIGN(const auto seals, read_seals(database));
    const auto& [tables, sealed, runs] = seals;
    // A finished run is followed by its seals; where they are missing, the chain was cut short.
    TRY_ASSIGN(Statement finished, database.prepare("SELECT id FROM run WHERE exits != '[]' AND exits NOT LIKE '[130%' ORDER BY id DESC LIMIT 1"));
    TRY_ASSIGN(Statement last_run, database.prepare("SELECT max(id) FROM run"));
    TRY(last_run.step());
    TRY_ASSIGN(const bool any_finished, finished.step());
    if (any_finished && finished.integer(0) == last_run.integer(0) && (!sealed || !tables.contains("run")))
        found.push_back(fmt::format("custody: the entries at the end of run {} are missing; the chain was cut short", finished.integer(0)));
    TRY_ASSIGN(Statement all_runs, database.prepare("SELECT count(*) FROM run"));
    TRY(all_runs.step());
    if (all_runs.integer(0) != runs) found.push_back(fmt::format("custody: it tells of {} runs, and the case has {}", runs, all_runs.integer(0)));
    bool rows_differ = false;
    std::set<std::string> by_batches;
    {
        TRY_ASSIGN(auto names, sealed_tables(database, SealOf::everything));
        names.emplace_back("run");
        for (const auto& name : names) {
            if (name == "run" && !tables.contains(name)) continue;
            if (!tables.contains(name) && !sealed) continue;
            if (tables.value(name, "") == k_by_batches) {
                by_batches.insert(name);
                continue;
            }
            TRY_ASSIGN(const auto digest, digest_of(database, name));
            if (tables.value(name, "") == base::to_hex(base::ByteView(digest))) continue;
            found.push_back("table " + name);
            rows_differ = true;
        }
        for (const auto& [name, digest] : tables.items())
            if (std::find(names.begin(), names.end(), name) == names.end()) found.push_back("table " + name + " is gone");
    }
    if (!sealed || rows_differ) TRY(name_batches(database, nullptr, found));
    else TRY(name_batches(database, &by_batches, found));
    if (sealed) TRY(compare_counts(database, &by_batches, found));
    if (!sealed) TRY(compare_with_log(database, found));
    return found;
}

base::Result<std::vector<std::string>> unsealed_tables(const Database& database) {
    std::vector<std::string> all;
    TRY_ASSIGN(const auto seals, read_seals(database));
    if (seals.sealed) return all;
    TRY_ASSIGN(const auto names, sealed_tables(database, SealOf::everything));
    TRY_ASSIGN(const auto batched, batched_tables(database));
    for (const auto& name : names)
        if (!seals.tables.contains(name) && !batched.contains(name)) all.push_back(name);
    return all;
}

}  // namespace deadbox::case_file
