#include "gui/models/line_diff.hpp"

namespace deadbox::gui {
namespace {

constexpr int k_most_changes = 3000;  // the square of it is memory

void add(std::vector<DiffLine>& out, DiffLine::Kind kind, const QStringList& lines, int from, int to, int other) {
    for (int i = from; i < to; ++i)
        out.push_back({kind, lines[i], kind == DiffLine::Kind::added ? 0 : i + 1, kind == DiffLine::Kind::removed ? 0 : kind == DiffLine::Kind::added ? i + 1 : other + (i - from) + 1});
}

// The shortest way through the middle, as the frontiers of each number of changes; empty where it is longer than the bound.
std::vector<std::vector<int>> frontiers(const QStringList& a, const QStringList& b, int skip, int a_end, int b_end) {
    const int n = a_end - skip, m = b_end - skip, most = std::min(n + m, k_most_changes);
    std::vector<std::vector<int>> trace;
    std::vector<int> reach(static_cast<std::size_t>(2 * most + 3), 0);
    const auto at = [most](int diagonal) { return static_cast<std::size_t>(diagonal + most + 1); };
    for (int changes = 0; changes <= most; ++changes) {
        for (int k = -changes; k <= changes; k += 2) {
            int x = k == -changes || (k != changes && reach[at(k - 1)] < reach[at(k + 1)]) ? reach[at(k + 1)] : reach[at(k - 1)] + 1;
            while (x < n && x - k < m && a[skip + x] == b[skip + x - k]) ++x;
            reach[at(k)] = x;
            if (x < n || x - k < m) continue;
            trace.emplace_back(reach.begin() + static_cast<std::ptrdiff_t>(at(-changes)), reach.begin() + static_cast<std::ptrdiff_t>(at(changes)) + 1);
            return trace;
        }
        trace.emplace_back(reach.begin() + static_cast<std::ptrdiff_t>(at(-changes)), reach.begin() + static_cast<std::ptrdiff_t>(at(changes)) + 1);
    }
    return {};
}

}  // namespace

std::vector<DiffLine> line_diff(const QStringList& a, const QStringList& b) {
    const int a_size = static_cast<int>(a.size()), b_size = static_cast<int>(b.size());
    int skip = 0, tail = 0;
    while (skip < std::min(a_size, b_size) && a[skip] == b[skip]) ++skip;
    while (tail < std::min(a_size, b_size) - skip && a[a_size - 1 - tail] == b[b_size - 1 - tail]) ++tail;
    const int a_end = a_size - tail, b_end = b_size - tail;
    std::vector<DiffLine> out;
    add(out, DiffLine::Kind::same, a, 0, skip, 0);
    const auto trace = frontiers(a, b, skip, a_end, b_end);
    if (trace.empty()) {
        add(out, DiffLine::Kind::removed, a, skip, a_end, 0);
        add(out, DiffLine::Kind::added, b, skip, b_end, 0);
    } else {
        // From the end back to the beginning.
        std::vector<DiffLine> middle;
        int x = a_end - skip, y = b_end - skip;
        for (int changes = static_cast<int>(trace.size()) - 1; changes >= 0; --changes) {
            const int k = x - y;
            int x_before = 0, y_before = 0;
            if (changes > 0) {
                const auto& before = trace[static_cast<std::size_t>(changes - 1)];
                const auto reach = [&](int diagonal) { return diagonal < -(changes - 1) || diagonal > changes - 1 ? -1 : before[static_cast<std::size_t>(diagonal + changes - 1)]; };
                const int from = k == -changes || (k != changes && reach(k - 1) < reach(k + 1)) ? k + 1 : k - 1;
                x_before = reach(from), y_before = x_before - from;
            }
            while (x > x_before && y > y_before && (changes > 0 || (x > 0 && y > 0))) {
                if (changes > 0 && x - y != k) break;
                if (a[skip + x - 1] != b[skip + y - 1]) break;
                --x, --y;
                middle.push_back({DiffLine::Kind::same, a[skip + x], skip + x + 1, skip + y + 1});
            }
            if (changes == 0) break;
            if (x > x_before) --x, middle.push_back({DiffLine::Kind::removed, a[skip + x], skip + x + 1, 0});
            else --y, middle.push_back({DiffLine::Kind::added, b[skip + y], 0, skip + y + 1});
        }
        out.insert(out.end(), middle.rbegin(), middle.rend());
    }
    add(out, DiffLine::Kind::same, a, a_end, a_size, b_end);
    return out;
}

}  // namespace deadbox::gui
