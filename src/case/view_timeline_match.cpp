#include "case/view_timeline_match.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace deadbox::case_file {
namespace {

constexpr std::size_t k_kept = 200'000;    // strings whose answer is remembered
constexpr std::size_t k_most_strings = 1'000'000;
constexpr std::size_t k_all = std::numeric_limits<std::size_t>::max();
constexpr std::int64_t k_texts_at_once = 1'000'000;
constexpr std::size_t k_spelled = 20'000;  // ids that a condition spells out
constexpr std::string_view k_paths_of_inode = "SELECT n.name, d.path FROM inode i JOIN name n ON n.directory = i.parent AND n.inode = i.id JOIN directory d ON d.id = n.directory WHERE i.id = ?1 "
                                              "UNION ALL SELECT n.name, d.path FROM link l JOIN name n ON n.directory = l.directory AND n.inode = l.inode JOIN directory d ON d.id = n.directory WHERE l.inode = ?1";

template <class Ids>
std::string id_list(const Ids& ids) {
    std::string text;
    for (const auto id : ids) text += (text.empty() ? "" : ",") + std::to_string(id);
    return text;
}

base::Result<std::optional<std::int64_t>> string_id(const View& view, const std::string& value) {
    TRY_ASSIGN(Statement row, view.prepare("SELECT id FROM string WHERE value = ? AND shared = 1"));
    row.bind(1, value);
    TRY_ASSIGN(const bool found, row.step());
    if (!found) return std::nullopt;
    return std::optional(row.integer(0));
}

}  // namespace

base::Result<TimelineMatch> TimelineMatch::open(const View& view, const TimelineQuery& query, TextMemory* memory) {
    TimelineMatch match(view, query, memory);
    TRY(match.resolve());
    TRY_ASSIGN(match.m_string, view.prepare("SELECT value FROM string WHERE id = ?"));
    TRY_ASSIGN(match.m_names, view.prepare(std::string(k_paths_of_inode)));
    return match;
}

base::Result<void> TimelineMatch::resolve() {
    const TimelineQuery& q = m_query;
    m_no_files = !q.files || q.user || q.address;
    m_no_events = !q.every_kind && q.kinds.empty();
    const auto take = [&](const std::optional<std::string>& value, std::optional<std::int64_t>& id) -> base::Result<void> {
        if (!value) return {};
        TRY_ASSIGN(id, string_id(*m_view, *value));
        return {};
    };
    TRY(take(q.user, m_user));
    TRY(take(q.address, m_address));
    TRY(take(q.not_user, m_not_user));
    TRY(take(q.not_address, m_not_address));
    if ((q.user && !m_user) || (q.address && !m_address)) m_no_events = true;
    if (!q.every_kind) m_event_where += fmt::format(" AND kind IN ({})", id_list(q.kinds));
    if (m_user) m_event_where += fmt::format(" AND user = {}", *m_user);
    if (m_address) m_event_where += fmt::format(" AND address = {}", *m_address);
    if (q.inode) {  // a file that no parser read holds no events
        TRY_ASSIGN(Statement step, m_view->prepare("SELECT 1 FROM step WHERE inode = ? LIMIT 1"));
        step.bind(1, *q.inode);
        TRY_ASSIGN(const bool read, step.step());
        if (!read) m_no_events = true;
        m_only_files = true;
        m_files = {*q.inode};
    }
    return q.finding.empty() ? base::Result<void>() : read_finding();
}

bool TimelineMatch::is_among_files(std::int64_t inode) const { return std::binary_search(m_files.begin(), m_files.end(), inode); }

base::Result<void> TimelineMatch::read_finding() {
    std::set<std::int64_t> files;
    TRY_ASSIGN(Statement row, m_view->prepare("SELECT inode, line, offset FROM finding_item WHERE finding = ? AND inode IS NOT NULL"));
    row.bind(1, m_query.finding);
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) break;
        files.insert(row.integer(0));
        if (const auto line = row.maybe_integer(1)) m_records[row.integer(0)].lines.insert(*line);
        if (const auto offset = row.maybe_integer(2)) m_records[row.integer(0)].offsets.insert(*offset);
    }
    if (m_only_files) std::erase_if(files, [&](auto inode) { return !is_among_files(inode); });
    m_files.assign(files.begin(), files.end());
    m_only_files = true;
    m_no_events = m_no_events || m_records.empty();
    return {};
}

base::Result<bool> TimelineMatch::string_holds(std::int64_t id) {
    if (m_strings_known) return std::binary_search(m_strings.begin(), m_strings.end(), id);
    if (const auto known = m_looked_up.find(id); known != m_looked_up.end()) return known->second;
    if (m_looked_up.size() >= k_kept) m_looked_up.clear();
    m_string.reset();
    m_string.bind(1, id);
    TRY_ASSIGN(const bool found, m_string.step());
    const bool holds = found && m_finder.in(m_string.text(0));
    m_string.reset();
    m_looked_up.emplace(id, holds);
    return holds;
}

base::Result<bool> TimelineMatch::name_holds(std::int64_t inode) {
    m_names.reset();
    m_names.bind(1, inode);
    bool holds = false;
    while (!holds) {
        TRY_ASSIGN(const bool more, m_names.step());
        if (!more) break;
        holds = m_finder.in(m_names.text(0)) || m_finder.in(m_names.text(1));
    }
    m_names.reset();
    return holds;
}

base::Result<bool> TimelineMatch::event(const Statement& row, int first) {
    const TimelineQuery& q = m_query;
    const int user = first + 1, address = first + 2, inode = first + 5;
    if (m_not_user && !row.is_null(user) && row.integer(user) == *m_not_user) return false;
    if (m_not_address && !row.is_null(address) && row.integer(address) == *m_not_address) return false;
    if (q.inode && row.integer(inode) != *q.inode) return false;
    if (!q.finding.empty()) {
        const auto records = m_records.find(row.integer(inode));
        if (records == m_records.end()) return false;
        const auto offset = row.maybe_integer(first + 6), line = row.maybe_integer(first + 7);
        if (!(line && records->second.lines.contains(*line)) && !(offset && records->second.offsets.contains(*offset))) return false;
    }
    if (q.text.empty() || q.text_kinds.contains(row.integer(first))) return true;
    for (int column = user; column <= first + 4; ++column) {
        if (row.is_null(column)) continue;
        TRY_ASSIGN(const bool holds, string_holds(row.integer(column)));
        if (holds) return true;
    }
    return false;
}

base::Result<bool> TimelineMatch::file(std::int64_t inode) {
    if (m_only_files && !is_among_files(inode)) return false;
    if (m_query.text.empty()) return true;
    return m_collected ? base::Result<bool>(is_among_files(inode)) : name_holds(inode);
}

base::Result<void> TimelineMatch::look(std::string_view sql, std::vector<std::int64_t>& into, std::size_t most) const {
    TRY_ASSIGN(Statement row, m_view->prepare(sql));
    row.bind(1, m_query.text);
    while (into.size() < most) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) break;
        into.push_back(row.integer(0));
    }
    return {};
}

// Nothing is found by it where the texts are too many to be kept.
base::Result<bool> TimelineMatch::look_in_memory(std::vector<std::int64_t>& strings, std::vector<std::int64_t>& inodes) const {
    if (m_memory == nullptr) return false;
    for (bool more = true; more;) {
        TRY_ASSIGN(more, m_memory->read_on(*m_view, k_texts_at_once));
    }
    if (!m_memory->is_whole()) return false;
    if (!m_no_events) strings = m_memory->strings().with(m_finder, k_most_strings);
    if (!m_no_files) inodes = m_memory->names().with(m_finder, k_all);
    return true;
}

base::Result<void> TimelineMatch::collect() {
    if (m_collected || m_query.text.empty()) return {};
    std::vector<std::int64_t> strings, inodes;
    TRY_ASSIGN(const bool looked, look_in_memory(strings, inodes));
    if (!looked && !m_no_events) TRY(look("SELECT id FROM string WHERE holds(value, ?) ORDER BY id", strings, k_most_strings));
    if (!looked && !m_no_files) TRY(look("SELECT inode FROM name WHERE holds(name, ?)", inodes, k_all));
    if (!m_no_files) TRY(look("SELECT n.inode FROM directory d CROSS JOIN name n ON n.directory = d.id WHERE holds(d.path, ?)", inodes, k_all));
    if (!m_no_events && strings.size() < k_most_strings) {  // so many are looked up as they come
        m_strings = std::move(strings);
        m_strings_known = true;
        m_looked_up = {};
        if (m_strings.empty() && m_query.text_kinds.empty()) m_no_events = true;
    }
    if (!m_no_files) {
        if (m_only_files) std::erase_if(inodes, [&](auto inode) { return !is_among_files(inode); });
        std::sort(inodes.begin(), inodes.end());
        inodes.erase(std::unique(inodes.begin(), inodes.end()), inodes.end());
        m_files = std::move(inodes);
        if (m_files.empty()) m_no_files = true;
    }
    m_collected = true;
    return {};
}

WantedEvents TimelineMatch::wanted_events() const {
    WantedEvents wanted;
    if (m_query.inode) wanted.logs = {*m_query.inode};
    if (!m_query.finding.empty()) {
        wanted.logs.emplace();
        for (const auto& [log, records] : m_records) wanted.logs->push_back(log);
    }
    if (m_query.text.empty() || !m_strings_known) return wanted;
    wanted.strings = m_strings;
    wanted.or_kinds.assign(m_query.text_kinds.begin(), m_query.text_kinds.end());
    return wanted;
}

std::string TimelineMatch::gathered_where() const {
    std::string where;
    if (m_query.inode) where += fmt::format(" AND inode = {}", *m_query.inode);
    if (!m_query.finding.empty()) {
        std::set<std::int64_t> logs;
        for (const auto& [log, records] : m_records) logs.insert(log);
        where += fmt::format(" AND inode IN ({})", id_list(logs));
    }
    if (!m_strings_known || m_strings.size() > k_spelled) return where;
    const auto strings = id_list(m_strings);
    where += fmt::format(" AND (kind IN ({0}) OR user IN ({1}) OR address IN ({1}) OR process IN ({1}) OR arguments IN ({1}))", id_list(m_query.text_kinds), strings);
    return where;
}

}  // namespace deadbox::case_file
