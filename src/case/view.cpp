#include "case/view.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/encoding.hpp"
#include "case/meta.hpp"
#include "case/schema.hpp"

namespace deadbox::case_file {
namespace {

// visit(statement) for each row.
template <class Visit>
base::Result<void> each(Statement& statement, Visit visit) {
    for (;;) {
        TRY_ASSIGN(const bool row, statement.step());
        if (!row) return {};
        visit(statement);
    }
}

std::string text(const Statement& row, int column) { return std::string(row.text(column)); }
std::string hex(const Statement& row, int column) { return base::to_hex(row.blob(column)); }

}  // namespace

base::Result<View> View::open(const std::string& path) {
    TRY_ASSIGN(Database database, Database::open(path, Access::read));
    TRY_ASSIGN(const std::int64_t application, pragma(database, "application_id"));
    TRY_ASSIGN(const std::int64_t version, pragma(database, "user_version"));
    // What opened and has no mark of its own has no table either.
    if (application != k_application_id) return base::fail(base::Errc::corrupt, path + " is empty: the analysis that made it ended before it wrote anything; go on with it by --resume, or remove it");
    if (version > k_schema_version) return base::fail(base::Errc::unsupported, path + " was written by a newer Deadbox; use that version");
    TRY_ASSIGN(Refs refs, Refs::load(database));
    return View(std::move(database), std::move(refs));
}

base::Result<std::optional<std::string>> View::meta(std::string_view key) const {
    return case_file::meta(m_database, key);
}

base::Result<std::int64_t> View::data_version() const { return pragma(m_database, "data_version"); }

base::Result<bool> View::has_table(std::string_view name) const {
    TRY_ASSIGN(Statement statement, prepare("SELECT 1 FROM sqlite_schema WHERE type IN ('table', 'view') AND name = ?"));
    statement.bind(1, name);
    return statement.step();
}

base::Result<std::int64_t> View::count(std::string_view table) const {
    TRY_ASSIGN(Statement statement, prepare(fmt::format("SELECT count(*) FROM \"{}\"", table)));
    TRY(statement.step());
    return statement.integer(0);
}

base::Result<Snapshot> Snapshot::begin(const View& view) {
    if (sqlite3_get_autocommit(view.database().handle()) == 0) return Snapshot();
    TRY(view.database().execute("BEGIN"));
    return Snapshot(view);
}

Snapshot::~Snapshot() {
    if (m_view != nullptr) (void)m_view->database().execute("COMMIT");
}

base::Result<void> Snapshot::renew() const {
    if (m_view == nullptr) return {};
    TRY(m_view->database().execute("COMMIT"));
    return m_view->database().execute("BEGIN");
}

base::Result<std::optional<RunRow>> last_run(const View& view) {
    TRY_ASSIGN(Statement s, view.prepare("SELECT version, command, started, finished, exits, "
                                      "(SELECT json_group_array(value) FROM (SELECT t.value FROM run r, json_each(r.timeouts) t ORDER BY r.id, t.id)), jobs FROM run ORDER BY id DESC LIMIT 1"));
    TRY_ASSIGN(const bool row, s.step());
    if (!row) return std::nullopt;
    RunRow run{text(s, 0), text(s, 1), text(s, 2), text(s, 3), text(s, 4), text(s, 5), s.integer(6), false};
    run.whole = !run.finished.empty() && !run.exits.starts_with("[130");
    return std::optional(std::move(run));
}

base::Result<std::vector<EvidenceRow>> evidence(const View& view) {
    std::vector<EvidenceRow> rows;
    TRY_ASSIGN(Statement s, view.prepare("SELECT id, format, identity, media_size, media_md5, media_sha1, media_sha256, acquisition, expected, error, argument FROM evidence ORDER BY id"));
    TRY(each(s, [&](const Statement& r) {
        rows.push_back({r.integer(0), text(r, 1), text(r, 2), r.integer(3), hex(r, 4), hex(r, 5), hex(r, 6), text(r, 7), text(r, 8), text(r, 9), text(r, 10), {}});
    }));
    TRY_ASSIGN(Statement f, view.prepare("SELECT evidence, name, path, size, sha256 FROM evidence_file ORDER BY evidence, place"));
    TRY(each(f, [&](const Statement& r) {
        for (auto& row : rows)
            if (row.id == r.integer(0)) row.files.push_back({text(r, 1), text(r, 2), r.integer(3), hex(r, 4)});
    }));
    return rows;
}

base::Result<std::vector<VolumeRow>> volumes(const View& view) {
    std::vector<VolumeRow> rows;
    TRY_ASSIGN(Statement s, view.prepare("SELECT id, evidence, label_id, scheme, type, partition_name, filesystem, label, uuid, journal, mount_point, start, size, system, clean "
                                         "FROM volume ORDER BY id"));
    TRY(each(s, [&](const Statement& r) {
        VolumeRow row;
        row.id = r.integer(0), row.evidence = r.integer(1);
        row.label_id = text(r, 2), row.scheme = text(r, 3), row.type = text(r, 4), row.partition_name = text(r, 5), row.filesystem = text(r, 6);
        row.label = text(r, 7), row.uuid = text(r, 8), row.journal = text(r, 9), row.mount_point = text(r, 10);
        row.start = r.integer(11), row.size = r.integer(12), row.system = r.maybe_integer(13);
        if (!r.is_null(14)) row.clean = r.integer(14) != 0;
        rows.push_back(std::move(row));
    }));
    return rows;
}

base::Result<std::vector<TreeRow>> trees(const View& view) {
    std::vector<TreeRow> rows;
    TRY_ASSIGN(Statement s, view.prepare("SELECT id, volume, state, state_name, mount_point, system FROM tree ORDER BY id"));
    TRY(each(s, [&](const Statement& r) { rows.push_back({r.integer(0), r.integer(1), r.integer(2), text(r, 3), text(r, 4), r.maybe_integer(5)}); }));
    return rows;
}

base::Result<std::vector<std::int64_t>> systems(const View& view) {
    std::vector<std::int64_t> ids;
    TRY_ASSIGN(Statement s, view.prepare("SELECT id FROM system ORDER BY id"));
    TRY(each(s, [&](const Statement& r) { ids.push_back(r.integer(0)); }));
    return ids;
}

// Where /etc/localtime leads: "../usr/share/zoneinfo/Europe/Berlin". What programs use, whatever /etc/timezone says.
static base::Result<std::string> linked_time_zone(const View& view, std::int64_t system) {
    constexpr std::string_view k_folder = "zoneinfo/";
    TRY_ASSIGN(Statement s, view.prepare("SELECT target FROM file WHERE folder = '/etc' AND name = 'localtime' AND type = 3 AND name_allocated = 1 AND system = ?"));
    s.bind(1, system);
    TRY_ASSIGN(const bool row, s.step());
    const auto target = row ? text(s, 0) : std::string();
    const auto at = target.find(k_folder);
    return at == std::string::npos ? std::string() : target.substr(at + k_folder.size());
}

// Is version `a` older than `b`? Runs of digits count as numbers: 6.1.0-9 is older than 6.1.0-10.
static bool older(std::string_view a, std::string_view b) {
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    while (!a.empty() && !b.empty()) {
        if (!digit(a.front()) || !digit(b.front())) {
            if (a.front() != b.front()) return a.front() < b.front();
            a.remove_prefix(1), b.remove_prefix(1);
            continue;
        }
        for (auto* text : {&a, &b}) text->remove_prefix(std::min(text->find_first_not_of('0'), text->size()));
        const auto x = a.substr(0, static_cast<std::size_t>(std::find_if_not(a.begin(), a.end(), digit) - a.begin()));
        const auto y = b.substr(0, static_cast<std::size_t>(std::find_if_not(b.begin(), b.end(), digit) - b.begin()));
        if (x.size() != y.size()) return x.size() < y.size();
        if (x != y) return x < y;
        a.remove_prefix(x.size()), b.remove_prefix(y.size());
    }
    return a.size() < b.size();
}

// The kernel of the last boot that is on record, else the newest that is installed.
static base::Result<std::string> kernel_version(const View& view, std::int64_t system) {
    // By the hours that have boots: looking for them among all events would take as long as reading all events.
    TRY_ASSIGN(Statement boot, view.prepare("SELECT CASE WHEN json_valid(g.value) THEN json_extract(g.value, '$.kernel') END AS kernel FROM kind k CROSS JOIN event_hour h ON h.kind = k.id "
                                            "CROSS JOIN event e ON e.s >= h.hour * 3600 AND e.s < h.hour * 3600 + 3600 AND +e.kind = k.id "
                                            "JOIN tree t ON t.id = e.inode >> 44 JOIN string g ON g.id = e.arguments "
                                            "WHERE k.type = 'login.boot' AND t.system = ? AND kernel GLOB '[0-9]*' ORDER BY e.s DESC, e.ns DESC, e.id DESC LIMIT 1"));
    boot.bind(1, system);
    TRY_ASSIGN(const bool booted, boot.step());
    if (booted) return text(boot, 0);
    std::string newest;
    TRY_ASSIGN(Statement installed, view.prepare("SELECT value FROM system_fact WHERE system = ? AND key = 'kernel.version'"));
    installed.bind(1, system);
    TRY(each(installed, [&](const Statement& row) {
        if (newest.empty() || older(newest, row.text(0))) newest = row.text(0);
    }));
    return newest;
}

base::Result<std::string> system_fact(const View& view, std::int64_t system, std::string_view key) {
    if (key == "time.zone") {
        TRY_ASSIGN(auto linked, linked_time_zone(view, system));
        if (!linked.empty()) return linked;
    }
    TRY_ASSIGN(const bool there, view.has_table("system_fact"));
    if (!there) return std::string();
    if (key == "kernel.version") return kernel_version(view, system);
    TRY_ASSIGN(Statement s, view.prepare("SELECT value FROM system_fact WHERE system = ? AND key = ? ORDER BY id LIMIT 1"));
    s.bind(1, system).bind(2, key);
    TRY_ASSIGN(const bool row, s.step());
    return row ? text(s, 0) : std::string();
}

}  // namespace deadbox::case_file
