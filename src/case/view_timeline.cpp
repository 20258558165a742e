#include "case/view_timeline.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace deadbox::case_file {
namespace {

constexpr int k_rows_a_page = 2048;
constexpr std::size_t k_paths_kept = 20'000;

std::string number_list(const std::vector<std::int64_t>& numbers) {
    std::string text;
    for (const auto number : numbers) text += (text.empty() ? "" : ",") + std::to_string(number);
    return text;
}

}  // namespace

base::Result<std::map<std::int64_t, EventKind>> event_kinds(const View& view) {
    std::map<std::int64_t, EventKind> kinds;
    TRY_ASSIGN(Statement row, view.prepare("SELECT id, topic, type, source, description FROM kind"));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return kinds;
        kinds.emplace(row.integer(0), EventKind{std::string(row.text(1)), std::string(row.text(2)), std::string(row.text(3)), std::string(row.text(4))});
    }
}

base::Result<std::optional<std::int64_t>> Timeline::string_id(const std::string& value) const {
    TRY_ASSIGN(Statement row, m_view.prepare("SELECT id FROM string WHERE value = ? AND shared = 1"));
    row.bind(1, value);
    TRY_ASSIGN(const bool found, row.step());
    if (!found) return std::nullopt;
    return std::optional(row.integer(0));
}

base::Result<Timeline> Timeline::open(const View& view, const TimelineFilter& filter) {
    Timeline timeline(view, filter);
    TRY_ASSIGN(timeline.m_clock, clock_of(view));
    const auto recorded = [&](base::Timestamp time) { return timeline.m_clock.recorded(time); };
    timeline.m_files.ended = !filter.files;
    timeline.m_events.ended = !filter.events;
    if (filter.user) {
        TRY_ASSIGN(timeline.m_user, timeline.string_id(*filter.user));
        if (!timeline.m_user) timeline.m_events.ended = true;
    }
    if (filter.address) {
        TRY_ASSIGN(timeline.m_address, timeline.string_id(*filter.address));
        if (!timeline.m_address) timeline.m_events.ended = true;
    }
    // The place where each stream begins is a key, like that of every page after it.
    if (filter.from) {
        for (Page* page : {&timeline.m_files, &timeline.m_events}) page->key = {recorded(*filter.from).seconds, std::int64_t{filter.from->nanoseconds}, std::numeric_limits<std::int64_t>::min()};
    }
    const std::string until = filter.to ? fmt::format(" AND (s, ns) <= ({}, {})", recorded(*filter.to).seconds, filter.to->nanoseconds) : "";
    const std::string of_inode = filter.inode ? fmt::format(" AND inode = {}", *filter.inode) : "";
    TRY_ASSIGN(timeline.m_file_page, view.prepare(fmt::format("SELECT s, ns, inode, what FROM file_time WHERE (s, ns, inode) > (?1, ?2, ?3){}{} ORDER BY s, ns, inode LIMIT {}", until, of_inode, k_rows_a_page)));
    std::string which = until + of_inode;
    if (!filter.kinds.empty()) which += fmt::format(" AND kind IN ({})", number_list(filter.kinds));
    if (timeline.m_user) which += fmt::format(" AND user = {}", *timeline.m_user);
    if (timeline.m_address) which += fmt::format(" AND address = {}", *timeline.m_address);
    TRY_ASSIGN(timeline.m_event_page,
               view.prepare(fmt::format("SELECT e.s, e.ns, e.id, e.kind, e.inode, e.offset, e.line, e.precision, e.assumptions, u.value, a.value, p.value, g.value FROM "
                                        "(SELECT * FROM event INDEXED BY event_time WHERE (s, ns, id) > (?1, ?2, ?3){} ORDER BY s, ns, id LIMIT {}) e "
                                        "LEFT JOIN string u ON u.id = e.user LEFT JOIN string a ON a.id = e.address LEFT JOIN string p ON p.id = e.process "
                                        "LEFT JOIN string g ON g.id = e.arguments ORDER BY e.s, e.ns, e.id",
                                        which, k_rows_a_page)));
    return timeline;
}

base::Result<void> Timeline::fill_files() {
    Page& page = m_files;
    page.at = page.used = 0;
    page.rows.resize(k_rows_a_page);
    m_file_page.reset();
    m_file_page.bind(1, page.key[0]).bind(2, page.key[1]).bind(3, page.key[2]);
    for (;;) {
        TRY_ASSIGN(const bool more, m_file_page.step());
        if (!more) break;
        TimelineRow& row = page.rows[page.used++];
        row.is_file = true;
        row.recorded = {m_file_page.integer(0), static_cast<std::uint32_t>(m_file_page.integer(1))};
        row.time = m_clock.corrected(row.recorded);
        row.inode = m_file_page.integer(2), row.what = static_cast<int>(m_file_page.integer(3));
        page.key = {row.recorded.seconds, row.recorded.nanoseconds, row.inode};
    }
    m_file_page.reset();
    page.ended = page.used < k_rows_a_page;
    return {};
}

base::Result<void> Timeline::fill_events() {
    Page& page = m_events;
    page.at = page.used = 0;
    page.rows.resize(k_rows_a_page);
    Statement& s = m_event_page;
    s.reset();
    s.bind(1, page.key[0]).bind(2, page.key[1]).bind(3, page.key[2]);
    for (;;) {
        TRY_ASSIGN(const bool more, s.step());
        if (!more) break;
        TimelineRow& row = page.rows[page.used++];
        row.recorded = {s.integer(0), static_cast<std::uint32_t>(s.integer(1))};
        row.time = m_clock.corrected(row.recorded);
        row.kind = s.integer(3), row.inode = s.integer(4), row.offset = s.maybe_integer(5), row.line = s.maybe_integer(6);
        row.precision = static_cast<int>(s.integer(7)), row.assumptions = static_cast<int>(s.integer(8));
        row.user = s.text(9), row.address = s.text(10), row.process = s.text(11), row.arguments = s.text(12);
        page.key = {row.recorded.seconds, row.recorded.nanoseconds, s.integer(2)};
    }
    s.reset();
    page.ended = page.used < k_rows_a_page;
    return {};
}

base::Result<const TimelineRow*> Timeline::next() {
    if (m_files.at == m_files.used && !m_files.ended) TRY(fill_files());
    if (m_events.at == m_events.used && !m_events.ended) TRY(fill_events());
    const bool file = m_files.at < m_files.used, event = m_events.at < m_events.used;
    if (!file && !event) return nullptr;
    Page& page = file && (!event || m_files.rows[m_files.at].recorded <= m_events.rows[m_events.at].recorded) ? m_files : m_events;
    return &page.rows[page.at++];
}

base::Result<InodeNames> InodeNames::open(const View& view) {
    InodeNames names;
    TRY_ASSIGN(names.m_inode, view.prepare("SELECT generation, size, links, type, mode, uid, gid, allocated, parent FROM inode WHERE id = ?"));
    TRY_ASSIGN(names.m_names, view.prepare("SELECT directory, name, allocated FROM name WHERE directory = ?1 AND inode = ?2"));
    TRY_ASSIGN(names.m_linked, view.prepare("SELECT directory FROM link WHERE inode = ?"));
    TRY_ASSIGN(names.m_path, view.prepare("SELECT path FROM directory WHERE id = ?"));
    return names;
}

base::Result<const InodeNames::Facts*> InodeNames::of(std::int64_t inode) {
    if (inode == m_last) return &m_facts;
    m_last = inode;
    m_facts.names.clear();
    m_inode.reset();
    m_inode.bind(1, inode);
    TRY_ASSIGN(const bool found, m_inode.step());
    if (!found) {
        m_facts = {};
        return &m_facts;
    }
    const Statement& i = m_inode;
    m_facts.generation = i.integer(0), m_facts.size = i.integer(1), m_facts.links = i.integer(2), m_facts.type = static_cast<int>(i.integer(3));
    m_facts.mode = static_cast<std::uint32_t>(i.integer(4)) & 07777, m_facts.uid = static_cast<std::uint32_t>(i.integer(5)), m_facts.gid = static_cast<std::uint32_t>(i.integer(6));
    m_facts.allocated = i.integer(7) != 0;
    const std::int64_t parent = i.integer(8);
    m_inode.reset();

    const auto path_of = [&](std::int64_t directory) -> base::Result<const std::string*> {
        if (const auto known = m_paths.find(directory); known != m_paths.end()) return &known->second;
        if (m_paths.size() >= k_paths_kept) m_paths.clear();
        m_path.reset();
        m_path.bind(1, directory);
        TRY_ASSIGN(const bool row, m_path.step());
        const auto* path = &m_paths.emplace(directory, row ? m_path.text(0) : std::string_view()).first->second;
        m_path.reset();
        return path;
    };
    const auto take = [&](std::int64_t directory) -> base::Result<void> {
        TRY_ASSIGN(const std::string* folder, path_of(directory));
        m_names.reset();
        m_names.bind(1, directory).bind(2, inode);
        for (;;) {
            TRY_ASSIGN(const bool row, m_names.step());
            if (!row) return {};
            Name name;
            name.directory = m_names.integer(0), name.name = m_names.text(1), name.allocated = m_names.integer(2) != 0;
            name.path = *folder == "/" ? "/" + name.name : *folder + "/" + name.name;
            m_facts.names.push_back(std::move(name));
        }
    };
    if (parent != 0) TRY(take(parent));
    if (m_facts.type != 2 && (m_facts.links > 1 || m_facts.names.empty() || !m_facts.names.front().allocated)) {
        m_linked.reset();
        m_linked.bind(1, inode);
        for (;;) {
            TRY_ASSIGN(const bool row, m_linked.step());
            if (!row) break;
            TRY(take(m_linked.integer(0)));
        }
    }
    if (m_facts.names.empty()) {  // a root folder
        TRY_ASSIGN(const std::string* path, path_of(inode));
        if (!path->empty()) m_facts.names.push_back({0, "", *path, true});
    }
    const auto allocated = [](const Name& name) { return name.allocated; };
    if (std::any_of(m_facts.names.begin(), m_facts.names.end(), allocated)) std::erase_if(m_facts.names, [&](const Name& name) { return !allocated(name); });
    std::sort(m_facts.names.begin(), m_facts.names.end(), [](const Name& a, const Name& b) { return a.path < b.path; });
    return &m_facts;
}

}  // namespace deadbox::case_file
