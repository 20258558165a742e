#include "case/event_blocks.hpp"

#include <algorithm>
#include <utility>

namespace deadbox::case_file {
namespace {

void put(std::string& into, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) into += static_cast<char>(value | 0x80);
    into += static_cast<char>(value);
}

std::optional<std::uint64_t> take(base::ByteView bytes, std::size_t& at) {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64 && at < bytes.size(); shift += 7) {
        const auto byte = std::to_integer<std::uint64_t>(bytes[at++]);
        value |= (byte & 0x7f) << shift;
        if (byte < 0x80) return value;
    }
    return std::nullopt;
}

}  // namespace

std::string pack_ids(std::vector<std::int64_t> ids) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    std::string packed;
    std::int64_t end = 0;
    for (std::size_t i = 0; i < ids.size();) {
        std::size_t next = i + 1;
        while (next < ids.size() && ids[next] == ids[next - 1] + 1) ++next;
        put(packed, static_cast<std::uint64_t>(ids[i] - end));
        put(packed, next - i - 1);
        end = ids[next - 1] + 1;
        i = next;
    }
    return packed;
}

bool may_hold(base::ByteView packed, const std::vector<std::int64_t>& sorted) {
    std::uint64_t end = 0;
    auto wanted = sorted.begin();
    for (std::size_t at = 0; at < packed.size();) {
        const auto gap = take(packed, at), more = take(packed, at);
        std::uint64_t first = 0, last = 0;
        if (!gap || !more || __builtin_add_overflow(end, *gap, &first) || __builtin_add_overflow(first, *more, &last) || last >= static_cast<std::uint64_t>(INT64_MAX)) return true;
        while (wanted != sorted.end() && *wanted < static_cast<std::int64_t>(first)) {
            const auto ahead = std::min<std::ptrdiff_t>(sorted.end() - wanted, 64);  // many may lie between two runs
            wanted = wanted[ahead - 1] < static_cast<std::int64_t>(first) ? wanted + ahead : std::lower_bound(wanted, wanted + ahead, static_cast<std::int64_t>(first));
        }
        if (wanted == sorted.end()) return false;
        if (*wanted <= static_cast<std::int64_t>(last)) return true;
        end = last + 1;
    }
    return false;
}

void EventBlock::add(std::int64_t event, std::int64_t kind, const std::optional<std::int64_t>& log, const std::array<std::optional<std::int64_t>, 4>& strings) {
    if (is_empty()) m_first = event;
    m_last = event;
    // Most events are of the kind, log and texts of the one before them.
    if (m_kinds.empty() || m_kinds.back() != kind) m_kinds.push_back(kind);
    if (log && (m_logs.empty() || m_logs.back() != *log)) m_logs.push_back(*log);
    for (std::size_t i = 0; i < strings.size(); ++i)
        if (strings[i] && strings[i] != m_before[i]) m_strings.push_back(*strings[i]), m_before[i] = strings[i];
}

EventBlock::Row EventBlock::take() {
    Row row{m_first, m_last, pack_ids(std::move(m_kinds)), pack_ids(std::move(m_logs)), pack_ids(std::move(m_strings))};
    clear();
    return row;
}

base::Result<std::vector<EventStretch>> stretches_with(const View& view, const WantedEvents& wanted) {
    std::vector<EventStretch> stretches;
    const auto add = [&](std::int64_t first, std::int64_t last) {
        if (first > last) return;
        if (!stretches.empty() && stretches.back().last == first - 1) stretches.back().last = last;
        else stretches.push_back({first, last});
    };
    TRY_ASSIGN(Statement end, view.prepare("SELECT coalesce(max(id), 0) FROM event"));
    TRY(end.step());
    const auto newest = end.integer(0);
    std::int64_t next = 1;
    TRY_ASSIGN(const bool blocks, view.has_table("event_block"));
    if (blocks) {
        TRY_ASSIGN(Statement row, view.prepare("SELECT first, last, kinds, logs, strings FROM event_block ORDER BY first"));
        for (;;) {
            TRY_ASSIGN(const bool more, row.step());
            if (!more) break;
            const auto first = row.integer(0), last = std::min(row.integer(1), newest);
            add(next, first - 1);
            const bool in_log = !wanted.logs || may_hold(row.blob(3), *wanted.logs);
            if (in_log && (!wanted.strings || may_hold(row.blob(4), *wanted.strings) || may_hold(row.blob(2), wanted.or_kinds))) add(std::max(first, next), last);
            next = std::max(next, last + 1);
        }
    }
    add(next, newest);
    return stretches;
}

}  // namespace deadbox::case_file
