// Which kinds, logs and texts stand in a stretch of a few thousand events (table event_block), so that events that are rare
// are found without reading all of them. What a batch writes lies together, so a set of ids is a handful of runs: the
// table costs a byte an event where they are as unlike as they can be, and next to nothing where they are not.
//
//     ids = *( gap length )     both LEB128; gap: from the end of the run before (0 at first) to this one's first id;
//                               length: of the run, less one
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "case/view.hpp"

namespace deadbox::case_file {

inline constexpr std::int64_t k_events_a_block = 4096;

// `ids`: at least 0, in any order.
std::string pack_ids(std::vector<std::int64_t> ids);
// Is any of `sorted` among them? True as well where the bytes are no such set: who asks then looks himself.
bool may_hold(base::ByteView packed, const std::vector<std::int64_t>& sorted);

// Gathers what stands in the events of a batch, in the order in which they are written.
class EventBlock {
public:
    struct Row {
        std::int64_t first = 0, last = 0;
        std::string kinds, logs, strings;
    };
    void add(std::int64_t event, std::int64_t kind, const std::optional<std::int64_t>& log, const std::array<std::optional<std::int64_t>, 4>& strings);
    bool is_full() const { return m_last - m_first + 1 >= k_events_a_block; }
    bool is_empty() const { return m_last == 0; }
    Row take();  // and begins anew
    void clear() { *this = {}; }

private:
    std::int64_t m_first = 0, m_last = 0;
    std::vector<std::int64_t> m_kinds, m_logs, m_strings;
    std::array<std::optional<std::int64_t>, 4> m_before;
};

// Events of ids [first, last].
struct EventStretch {
    std::int64_t first = 0, last = 0;
};
// What an event must have to be wanted: the lists are sorted, one that is not there asks for nothing.
struct WantedEvents {
    std::optional<std::vector<std::int64_t>> logs;     // it stands in one of these
    std::optional<std::vector<std::int64_t>> strings;  // it names one of these,
    std::vector<std::int64_t> or_kinds;                // or is of one of these kinds
};
// Where wanted events may be, in the order of ids: all that no block says the contrary of, so that events of cases older
// than the table are among them.
base::Result<std::vector<EventStretch>> stretches_with(const View& view, const WantedEvents& wanted);

}  // namespace deadbox::case_file
