#include "case/writer.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "base/encoding.hpp"
#include "case/custody.hpp"
#include "case/hour.hpp"

namespace deadbox::case_file {
namespace {

constexpr std::size_t k_string_cache = 100'000;
constexpr std::size_t k_arguments_cache = 1024;
constexpr std::size_t k_examples = 3;

plugin::Value number(std::uint64_t value) { return static_cast<std::int64_t>(value); }
plugin::Value text_or_null(std::string_view text) { return text.empty() ? plugin::Value() : plugin::Value(text); }

std::array<plugin::Value, 2> time_values(const std::optional<base::Timestamp>& time) {
    if (!time) return {};
    return {plugin::Value(time->seconds), plugin::Value(std::int64_t{time->nanoseconds})};
}

std::string_view level_name(base::Gap::Level level) {
    static constexpr std::string_view k_names[] = {"gap", "limit", "assumption", "note"};
    return k_names[static_cast<std::size_t>(level)];
}

std::string_view folder_of(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view{} : slash == 0 ? std::string_view("/") : path.substr(0, slash);
}

}  // namespace

void hash_row(codec::Sha256& digest, std::span<const plugin::Value> values) {
    std::array<std::byte, 1024> row;  // gathered here: most rows are one call
    std::size_t filled = 0;
    const auto flush = [&] { digest.update(base::ByteView(row).first(std::exchange(filled, 0))); };
    for (const auto& value : values) {
        std::uint64_t word = 0;
        base::ByteView bytes;
        if (const auto* integer = std::get_if<std::int64_t>(&value)) word = static_cast<std::uint64_t>(*integer);
        else if (const auto* real = std::get_if<double>(&value)) word = std::bit_cast<std::uint64_t>(*real);
        else if (const auto* text = std::get_if<std::string_view>(&value)) bytes = base::as_bytes(*text), word = bytes.size();
        else if (const auto* blob = std::get_if<base::ByteView>(&value)) bytes = *blob, word = bytes.size();
        if (row.size() - filled < 9) flush();
        row[filled++] = static_cast<std::byte>(value.index());
        for (std::size_t i = 0; i < 8; ++i) row[filled++] = static_cast<std::byte>(word >> (8 * i));
        if (bytes.empty()) continue;
        if (bytes.size() > row.size() - filled) flush();
        if (bytes.size() > row.size()) {
            digest.update(bytes);
        } else {
            std::memcpy(row.data() + filled, bytes.data(), bytes.size());
            filled += bytes.size();
        }
    }
    if (filled > 0) flush();
}

// One a table, kept over the batches with its prepared statement; `count` is 0 between them.
struct Writer::Tally {
    codec::Sha256 digest;
    std::int64_t count = 0;
    std::optional<std::int64_t> first, last;
    Statement add;
    std::size_t width = 0;  // parameters of `add`
};

Writer::Writer(const Database& database) : m_database(database) {}
Writer::~Writer() { abandon_batch(); }

Statement& Writer::statement(std::string_view sql) {
    const auto found = m_statements.find(sql);
    if (found != m_statements.end()) return found->second;
    auto prepared = m_database.prepare(sql);
    // The SQL is ours; what cannot be prepared answers every step with an error.
    return m_statements.emplace(std::string(sql), prepared ? std::move(*prepared) : Statement()).first->second;
}

bool Writer::is_done(std::string_view wave, std::string_view unit) {
    auto& query = statement("SELECT 1 FROM batch WHERE wave = ? AND unit = ?");
    query.bind(1, wave).bind(2, unit);
    const auto row = query.step();
    query.reset();
    return row && *row;
}

base::Result<void> Writer::begin_batch(std::string_view wave, std::string_view unit) {
    TRY_ASSIGN(Transaction transaction, Transaction::begin(m_database));
    m_transaction = std::make_unique<Transaction>(std::move(transaction));
    m_wave = wave, m_unit = unit;
    for (auto& known : m_arguments) known.id = 0;  // so that a resumed run writes what an undisturbed one would
    auto& next = statement("SELECT coalesce(max(id), 0) + 1 FROM batch");
    TRY(next.step());
    m_batch = next.integer(0);
    next.reset();
    return {};
}

void Writer::abandon_batch() {
    if (m_batch == 0) return;
    for (auto& [sql, prepared] : m_statements) prepared.reset();
    for (auto& [table, tally] : m_tallies) tally->add.reset();
    m_transaction.reset();
    m_tallies.clear(), m_hours.clear(), m_block.clear(), m_strings.clear();
    m_batch = 0;
}

base::Result<void> Writer::finish_batch() {
    TRY(flush_hours());
    TRY(flush_block());
    codec::Sha256 whole;
    for (auto& [table, tally] : m_tallies) {
        if (tally->count == 0) continue;
        const auto digest = tally->digest.finish();
        auto& rows = statement("INSERT INTO batch_rows VALUES(?, ?, ?, ?, ?, ?)");
        rows.bind(1, m_batch).bind(2, table).bind(3, tally->first).bind(4, tally->last).bind(5, tally->count).bind(6, base::ByteView(digest));
        TRY(rows.run());
        whole.update(table);
        whole.update(digest);
        tally->count = 0;
        tally->first.reset(), tally->last.reset();
    }
    const auto digest = whole.finish();
    auto& done = statement("INSERT INTO batch VALUES(?, ?, ?, ?)");
    done.bind(1, m_batch).bind(2, m_wave).bind(3, m_unit).bind(4, base::ByteView(digest));
    TRY(done.run());
    TRY(append_custody(m_database, "deadbox", "batch",
                       nlohmann::json{{"batch", m_batch}, {"wave", m_wave}, {"unit", m_unit}, {"digest", base::to_hex(base::ByteView(digest))}}.dump()));
    TRY(m_transaction->commit());
    m_transaction.reset();
    m_batch = 0;
    return {};
}

Writer::Tally& Writer::tally_of(std::string_view table) {
    const auto found = m_tallies.find(table);
    return found != m_tallies.end() ? *found->second : *m_tallies.emplace(table, std::make_unique<Tally>()).first->second;
}

base::Result<bool> Writer::insert(Tally& tally, std::string_view table, std::span<const plugin::Value> values) {
    if (tally.width != values.size()) {
        TRY_ASSIGN(tally.add, m_database.prepare(fmt::format("INSERT OR IGNORE INTO \"{}\" VALUES(?{})", table, fmt::join(std::vector<std::string>(values.size() - 1, ", ?"), ""))));
        tally.width = values.size();
    }
    int place = 0;
    for (const auto& value : values) tally.add.bind_borrowed(++place, value);
    TRY(tally.add.run());
    if (m_database.changes() == 0) return false;
    hash_row(tally.digest, values);
    ++tally.count;
    return true;
}

base::Result<bool> Writer::insert(std::string_view table, std::span<const plugin::Value> values) { return insert(tally_of(table), table, values); }

base::Result<std::int64_t> Writer::append(std::string_view table, std::span<plugin::Value> values) {
    auto& tally = tally_of(table);
    if (!tally.last) {
        auto& next = statement(fmt::format("SELECT coalesce(max(id), 0) FROM \"{}\"", table));
        TRY(next.step());
        tally.last = next.integer(0);
        tally.first = *tally.last + 1;
        next.reset();
    }
    const auto id = ++*tally.last;
    values.front() = id;
    TRY_ASSIGN(const bool added, insert(tally, table, values));
    if (!added) return base::fail(base::Errc::internal, fmt::format("case file: a row of {} could not be added", table));
    return id;
}

base::Result<std::int64_t> Writer::add_string(std::string_view value, bool shared) {
    auto& add = statement("INSERT INTO string(value, shared) VALUES(?, ?)");
    add.bind_borrowed(1, value).bind_borrowed(2, shared ? plugin::Value(std::int64_t{1}) : plugin::Value());
    TRY(add.run());
    return m_database.last_row_id();
}

base::Result<std::int64_t> Writer::string_id(std::string_view value) {
    if (const auto found = m_strings.find(value); found != m_strings.end()) return found->second;
    auto& known = statement("SELECT id FROM string WHERE value = ? AND shared = 1");
    known.bind(1, value);
    TRY_ASSIGN(const bool found, known.step());
    std::int64_t id = found ? known.integer(0) : 0;
    known.reset();
    if (!found) {
        TRY_ASSIGN(id, add_string(value, true));
    }
    if (m_strings.size() >= k_string_cache) m_strings.clear();
    m_strings.emplace(value, id);
    return id;
}

base::Result<std::int64_t> Writer::arguments_id(std::string_view value) {
    m_arguments.resize(k_arguments_cache);
    auto& known = m_arguments[std::hash<std::string_view>{}(value) % k_arguments_cache];
    if (known.id != 0 && known.value == value) return known.id;
    known.id = 0;
    TRY_ASSIGN(const std::int64_t id, add_string(value, false));
    known.value = value, known.id = id;
    return id;
}

base::Result<std::int64_t> Writer::kind_id(const plugin::EventDef& kind) {
    if (m_kinds.size() <= kind.index) m_kinds.resize(std::size_t{kind.index} + 1);
    auto& id = m_kinds[kind.index];
    if (id != 0) return id;
    auto& query = statement("SELECT id FROM kind WHERE type = ?");
    query.bind(1, kind.type);
    TRY_ASSIGN(const bool found, query.step());
    if (found) id = query.integer(0);
    query.reset();
    if (id == 0) return base::fail(base::Errc::internal, fmt::format("case file: it has no kind of event {}", kind.type));
    return id;
}

base::Result<bool> Writer::directory(std::int64_t id, std::int64_t tree, std::string_view path, std::int64_t level, bool allocated) {
    auto& known = statement("SELECT 1 FROM directory WHERE id = ?");
    known.bind(1, id);
    TRY_ASSIGN(const bool found, known.step());
    known.reset();
    if (found) return false;
    // Not part of the tally: `walked` changes later. The row is checked against its name and its inode instead.
    auto& add = statement("INSERT INTO directory VALUES(?, ?, ?, ?, ?, ?, NULL)");
    add.bind(1, id).bind(2, tree).bind(3, path).bind(4, level).bind(5, std::int64_t{allocated}).bind(6, m_batch);
    TRY(add.run());
    return true;
}

base::Result<std::optional<FolderPlace>> Writer::folder_place(std::int64_t directory) {
    auto& query = statement("SELECT path, level FROM directory WHERE id = ?");
    query.bind(1, directory);
    TRY_ASSIGN(const bool found, query.step());
    std::optional<FolderPlace> place;
    if (found) place = FolderPlace{std::string(query.text(0)), query.integer(1)};
    query.reset();
    return place;
}

base::Result<void> Writer::walked(std::int64_t directory) {
    auto& set = statement("UPDATE directory SET walked = ? WHERE id = ?");
    set.bind(1, m_batch).bind(2, directory);
    return set.run();
}

// Each time of an inode once, with all that it is of. Sorted here, a bounded number at a time: rows that come in the order of
// their table are written many times faster.
base::Result<void> Writer::file_times(std::int64_t first_inode, std::int64_t last_inode) {
    constexpr std::size_t k_most_sorted = 500'000;
    constexpr int k_kinds[] = {1, 2, 4, 8, 16};  // m, a, c, b, d, as the columns below
    struct Time {
        std::int64_t seconds, inode;
        std::uint32_t nanoseconds;
        int what;
        auto key() const { return std::tie(seconds, nanoseconds, inode); }
    };
    std::vector<Time> times;
    times.reserve(k_most_sorted + std::size(k_kinds));
    auto& add = statement("INSERT OR IGNORE INTO file_time VALUES(?, ?, ?, ?)");
    const auto write = [&]() -> base::Result<void> {
        std::sort(times.begin(), times.end(), [](const Time& a, const Time& b) { return a.key() < b.key(); });
        std::int64_t* total = nullptr;
        std::int64_t hour = 0;
        for (const auto& time : times) {
            add.bind(1, time.seconds).bind(2, std::int64_t{time.nanoseconds}).bind(3, time.inode).bind(4, std::int64_t{time.what});
            TRY(add.run());
            const auto of = hour_of(time.seconds);
            if (total == nullptr || of != hour) total = &m_hours[{of, 0}], hour = of;
            *total += m_database.changes();
        }
        times.clear();
        return {};
    };
    auto& inodes = statement("SELECT id, m_s, m_ns, a_s, a_ns, c_s, c_ns, b_s, b_ns, d_s, 0 FROM inode WHERE id BETWEEN ? AND ?");
    inodes.bind(1, first_inode).bind(2, last_inode);
    for (;;) {
        TRY_ASSIGN(const bool row, inodes.step());
        if (!row) break;
        const auto of_this = times.size();
        for (std::size_t i = 0; i < std::size(k_kinds); ++i) {
            const int column = 1 + 2 * static_cast<int>(i);
            if (inodes.is_null(column)) continue;
            const Time time{inodes.integer(column), inodes.integer(0), static_cast<std::uint32_t>(inodes.integer(column + 1)), k_kinds[i]};
            const auto same = std::find_if(times.begin() + static_cast<std::ptrdiff_t>(of_this), times.end(), [&](const Time& other) { return other.key() == time.key(); });
            if (same != times.end()) same->what |= time.what;
            else times.push_back(time);
        }
        if (times.size() >= k_most_sorted) TRY(write());
    }
    inodes.reset();
    return write();
}

base::Result<bool> Writer::inode(const InodeRow& row) {
    const auto m = time_values(row.modified), a = time_values(row.accessed), c = time_values(row.changed), b = time_values(row.born);
    const plugin::Value values[] = {
        row.id, m_batch, row.parent, number(row.generation), number(row.first_byte), std::int64_t{row.type},
        number(row.mode), number(row.uid), number(row.gid), number(row.links), number(row.size), number(row.flags), std::int64_t{row.allocated},
        m[0], m[1], a[0], a[1], c[0], c[1], b[0], b[1],
        row.deleted ? plugin::Value(row.deleted->seconds) : plugin::Value(),
        text_or_null(row.rdev), text_or_null(row.target), row.attributes.empty() ? plugin::Value() : plugin::Value(row.attributes),
        row.encrypted ? plugin::Value(std::int64_t{1}) : plugin::Value(), row.hole_bytes > 0 ? number(row.hole_bytes) : plugin::Value()};
    TRY_ASSIGN(const bool added, insert("inode", values));
    if (added) return true;
    auto& link = statement("INSERT OR IGNORE INTO link SELECT id, ?2 FROM inode WHERE id = ?1 AND parent IS NOT ?2");
    link.bind(1, row.id).bind(2, row.parent);
    TRY(link.run());
    return false;
}

base::Result<void> Writer::name(std::int64_t directory, std::int64_t inode, std::string_view name, bool allocated) {
    const plugin::Value values[] = {directory, inode, name, std::int64_t{allocated}};
    TRY(insert("name", values));
    return {};
}

base::Result<void> Writer::main_name(std::int64_t inode, std::int64_t directory, std::string_view name) {
    const plugin::Value values[] = {inode, directory, name};
    TRY(insert("main_name", values));
    return {};
}

base::Result<void> Writer::content(std::int64_t inode, ContentState state, std::string_view type, const codec::Digests* digests) {
    plugin::Value type_id;
    if (!type.empty()) {
        TRY_ASSIGN(const std::int64_t id, string_id(type));
        type_id = id;
    }
    // A file may be done again after a lost batch of another profile: the newest reading stands.
    auto& drop = statement("DELETE FROM content WHERE inode = ?");
    drop.bind(1, inode);
    TRY(drop.run());
    const plugin::Value values[] = {inode, m_batch, std::int64_t{static_cast<std::uint8_t>(state)}, type_id,
                                    digests ? plugin::Value(base::ByteView(digests->md5)) : plugin::Value(),
                                    digests ? plugin::Value(base::ByteView(digests->sha1)) : plugin::Value(),
                                    digests ? plugin::Value(base::ByteView(digests->sha256)) : plugin::Value()};
    TRY(insert("content", values));
    return {};
}

base::Result<void> Writer::place(std::int64_t inode, Origin origin, const std::vector<Extent>& extents) {
    std::string packed;
    for (const auto& extent : extents)
        for (const std::uint64_t value : {extent.offset, extent.media_offset, extent.length})
            for (int shift = 0; shift < 64; shift += 8) packed += static_cast<char>(value >> shift & 0xff);
    const plugin::Value values[] = {inode, std::int64_t{static_cast<std::uint8_t>(origin)}, base::as_bytes(packed)};
    TRY(insert("place", values));
    return {};
}

base::Result<void> Writer::topic_row(const plugin::TableDef& table, std::optional<std::int64_t> system, std::optional<std::int64_t> inode,
                                     std::span<const plugin::Value> values) {
    std::vector<plugin::Value> all;
    all.reserve(values.size() + 3);
    all.emplace_back();  // the row's id
    all.emplace_back(system ? plugin::Value(*system) : plugin::Value());
    all.emplace_back(inode ? plugin::Value(*inode) : plugin::Value());
    all.insert(all.end(), values.begin(), values.end());
    TRY(append(table.name, all));
    return {};
}

base::Result<void> Writer::event(const plugin::Event& event, std::string_view arguments, std::optional<std::int64_t> inode) {
    std::array<std::optional<std::int64_t>, 4> strings;  // user, address, process, arguments
    const std::string_view names[] = {event.user, event.address, event.process};
    for (std::size_t i = 0; i < std::size(names); ++i)
        if (!names[i].empty()) {
            TRY_ASSIGN(strings[i], string_id(names[i]));
        }
    if (!arguments.empty()) {
        TRY_ASSIGN(strings[3], arguments_id(arguments));
    }
    const auto value_of = [](const std::optional<std::int64_t>& id) { return id ? plugin::Value(*id) : plugin::Value(); };
    TRY_ASSIGN(const std::int64_t kind, kind_id(*event.kind));
    plugin::Value values[] = {plugin::Value(), event.time.seconds, std::int64_t{event.time.nanoseconds}, kind,
                                    value_of(inode), number(event.offset), event.line > 0 ? number(event.line) : plugin::Value(), value_of(strings[0]), value_of(strings[1]), value_of(strings[2]), value_of(strings[3]),
                                    std::int64_t{static_cast<std::uint8_t>(event.precision)}, std::int64_t{event.assumptions}};
    TRY_ASSIGN(const std::int64_t id, append("event", values));
    ++m_hours[{hour_of(event.time.seconds), kind}];
    m_block.add(id, kind, inode, strings);
    return m_block.is_full() ? flush_block() : base::Result<void>();
}

base::Result<void> Writer::flush_block() {
    if (m_block.is_empty()) return {};
    const auto block = m_block.take();
    auto& add = statement("INSERT INTO event_block VALUES(?, ?, ?, ?, ?)");
    add.bind(1, block.first).bind(2, block.last).bind(3, base::as_bytes(block.kinds)).bind(4, base::as_bytes(block.logs)).bind(5, base::as_bytes(block.strings));
    return add.run();
}

base::Result<void> Writer::flush_hours() {
    auto& add = statement("INSERT INTO event_hour VALUES(?, ?, ?) ON CONFLICT(hour, kind) DO UPDATE SET count = count + excluded.count");
    for (const auto& [key, count] : m_hours) {
        add.bind(1, key.first).bind(2, key.second).bind(3, count);
        TRY(add.run());
    }
    m_hours.clear();
    return {};
}

base::Result<void> Writer::keep_text(std::int64_t inode, base::ByteView text) {
    const auto sha256 = codec::Sha256::of(text);
    std::vector<std::byte> packed(ZSTD_compressBound(text.size()));
    const std::size_t size = ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3);
    if (ZSTD_isError(size) != 0) return base::fail(base::Errc::internal, "a text could not be compressed");
    auto& keep = statement("INSERT OR IGNORE INTO text VALUES(?, ?, ?)");
    keep.bind(1, base::ByteView(sha256)).bind(2, static_cast<std::int64_t>(text.size())).bind(3, base::ByteView(packed).first(size));
    TRY(keep.run());
    auto& link = statement("INSERT OR REPLACE INTO kept VALUES(?, ?)");
    link.bind(1, inode).bind(2, base::ByteView(sha256));
    return link.run();
}

base::Result<void> Writer::coverage(const base::Gap& gap, std::optional<std::int64_t> system, std::string_view wave) {
    const auto folder = folder_of(gap.path);
    auto& known = statement("SELECT id, count, examples FROM coverage WHERE level = ? AND area = ? AND reason = ? AND system IS ? AND folder = ? AND wave = ?");
    known.bind(1, level_name(gap.level)).bind(2, gap.area).bind(3, gap.reason).bind(4, system).bind(5, folder).bind(6, wave);
    TRY_ASSIGN(const bool found, known.step());
    const std::int64_t id = found ? known.integer(0) : 0;
    const std::int64_t count = found ? known.integer(1) : 0;
    auto examples = found ? nlohmann::json::parse(known.text(2), nullptr, false) : nlohmann::json::array();
    known.reset();
    if (examples.size() < k_examples && (!gap.path.empty() || !gap.detail.empty())) {
        const auto path = base::to_utf8(gap.path);
        const auto detail = base::to_utf8(gap.detail);
        examples.push_back(path.empty() ? detail : detail.empty() ? path : path + ": " + detail);
    }
    auto& save = statement(found ? "UPDATE coverage SET count = ?1, examples = ?2 WHERE id = ?3"
                                 : "INSERT INTO coverage(count, examples, id, level, area, reason, system, folder, wave) VALUES(?1, ?2, NULL, ?4, ?5, ?6, ?7, ?8, ?9)");
    save.bind(1, count + 1).bind(2, examples.dump());
    if (found) save.bind(3, id);
    else save.bind(4, level_name(gap.level)).bind(5, gap.area).bind(6, gap.reason).bind(7, system).bind(8, folder).bind(9, wave);
    return save.run();
}

base::Result<std::optional<std::int64_t>> Writer::system_of(std::int64_t tree) {
    auto& query = statement("SELECT system FROM tree WHERE id = ?");
    query.bind(1, tree);
    TRY_ASSIGN(const bool found, query.step());
    const auto system = found ? query.maybe_integer(0) : std::nullopt;
    query.reset();
    return system;
}

base::Result<std::string> Writer::path_of(std::int64_t inode) {
    auto& query = statement("SELECT path FROM directory WHERE id = ?1 UNION ALL SELECT path FROM inode_path WHERE inode = ?1 LIMIT 1");
    query.bind(1, inode);
    TRY_ASSIGN(const bool found, query.step());
    std::string path(found ? query.text(0) : std::string_view());
    query.reset();
    return path;
}

base::Result<void> Writer::timeout(std::string_view what) {
    auto& add = statement("UPDATE run SET timeouts = json_insert(timeouts, '$[#]', ?) WHERE id = (SELECT max(id) FROM run)");
    add.bind(1, base::to_utf8(what));
    return add.run();
}

base::Result<void> Writer::coverage_of(base::Gap gap, std::int64_t inode, std::string_view wave) {
    if (inode == 0) return coverage(gap, std::nullopt, wave);
    if (gap.path.empty()) {
        TRY_ASSIGN(gap.path, path_of(inode));
    }
    TRY_ASSIGN(const auto system, system_of(inode_tree(inode)));
    return coverage(gap, system, wave);
}

base::Result<void> Writer::request(std::optional<std::int64_t> system, std::string_view parser, std::string_view glob, std::string_view parameters) {
    auto& add = statement("INSERT OR IGNORE INTO request(system, parser, glob, parameters, resolved) VALUES(?, ?, ?, ?, 0)");
    add.bind(1, system.value_or(0)).bind(2, parser).bind(3, glob).bind(4, parameters);
    return add.run();
}

base::Result<void> Writer::step(std::int64_t inode, std::string_view parser, int outcome) {
    auto& save = statement("INSERT OR REPLACE INTO step VALUES(?, ?, ?)");
    save.bind(1, inode).bind(2, parser).bind(3, std::int64_t{outcome});
    return save.run();
}

}  // namespace deadbox::case_file
