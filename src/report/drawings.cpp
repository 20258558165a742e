// The drawn timeline of the story, and the activity by day.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "report/sections.hpp"

namespace deadbox::report {
namespace {

constexpr double k_width = 960;
constexpr std::size_t k_dots = 120;
constexpr double k_digit = 7, k_time = 16 * 6.5, k_between = 6;  // widths of a digit and of a time to the minute; room between two labels
constexpr std::array<std::string_view, 7> k_drawn_phases{"initial_access", "execution", "persistence", "privilege", "hiding", "use", "spread"};

Shape bar(double x, double y, double width, double height, Tone tone) { return {ShapeKind::bar, x, y, width, height, tone, {}, Anchor::start}; }
Shape line(double x, double y, double width, double height) { return {ShapeKind::line, x, y, width, height, Tone::muted, {}, Anchor::start}; }
Shape dot(double x, double y, double radius, Tone tone) { return {ShapeKind::dot, x, y, radius, radius, tone, {}, Anchor::start}; }
Shape label(double x, double y, std::string text, Anchor anchor) { return {ShapeKind::label, x, y, 0, 0, Tone::muted, std::move(text), anchor}; }

// Places in time order, at least `gap` apart where there is room: an hour of work would be one blot beside months of rest.
std::vector<double> spread(const std::vector<double>& at, double from, double to) {
    std::vector<double> x;
    const double gap = at.size() < 2 ? 0 : std::min(16.0, (to - from) / static_cast<double>(at.size() - 1));
    for (const double share : at) {
        const double wanted = from + share * (to - from);
        x.push_back(x.empty() ? wanted : std::max(wanted, x.back() + gap));
    }
    double limit = to;
    for (auto i = x.rbegin(); i != x.rend(); ++i, limit -= gap) *i = std::min(*i, limit);
    return x;
}

}  // namespace

Drawing story_drawing(const DocumentWriter& d) {
    Drawing drawing;
    std::vector<const StoryEntry*> entries;
    for (const auto& s : d.report().story)
        if (s.time && entries.size() < k_dots) entries.push_back(&s);
    if (entries.size() < 2) return drawing;
    std::vector<std::string_view> lanes;
    for (const auto phase : k_drawn_phases)
        if (std::any_of(entries.begin(), entries.end(), [&](const auto* s) { return s->phase == phase; })) lanes.push_back(phase);
    if (lanes.empty()) return drawing;
    constexpr double k_left = 150, k_lane = 30, k_top = 6;
    const double bottom = k_top + k_lane * static_cast<double>(lanes.size());
    drawing.width = k_width, drawing.height = bottom + 24;
    drawing.description = d.say("story_drawn");
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        const double y = k_top + k_lane * (static_cast<double>(i) + 0.5);
        drawing.shapes.push_back(label(0, y + 4, d.texts().of("phase." + std::string(lanes[i])), Anchor::start));
        drawing.shapes.push_back(line(k_left, y, k_width - k_left, 0));
    }
    const auto seconds = [](const StoryEntry* s) { return static_cast<double>(s->time->seconds); };
    const double start = seconds(entries.front()), span = std::max(seconds(entries.back()) - start, 1.0);
    std::vector<double> at;
    for (const auto* s : entries) at.push_back((seconds(s) - start) / span);
    const auto x = spread(at, k_left + 14, k_width - 14);
    // A label is left out where it would stand on one that is there: of its lane's numbers, of the times below.
    std::array<double, k_drawn_phases.size()> number_end;
    number_end.fill(-1000);
    double time_end = -1000;
    const double last_time = x.back() - k_time;  // where the last entry's time begins
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto* s = entries[i];
        const auto lane = static_cast<std::size_t>(std::find(lanes.begin(), lanes.end(), s->phase) - lanes.begin());
        const auto* f = s->findings.empty() ? nullptr : d.finding(s->findings.front());
        if (lane < lanes.size()) {
            const double y = k_top + k_lane * (static_cast<double>(lane) + 0.5);
            drawing.shapes.push_back(dot(x[i], y, 5, f != nullptr ? tone_of(f->severity) : Tone::info));
            const auto number = std::to_string(i + 1);
            const double half = k_digit * static_cast<double>(number.size()) / 2;
            if (x[i] - half >= number_end[lane]) drawing.shapes.push_back(label(x[i], y - 7, number, Anchor::middle)), number_end[lane] = x[i] + half + k_between;
        }
        const bool first = i == 0, last = i + 1 == entries.size();
        const double from = first ? x[i] : last ? last_time : x[i] - k_time / 2;
        if (from < time_end || (!first && !last && from + k_time + k_between > last_time)) continue;
        time_end = from + k_time + k_between;
        drawing.shapes.push_back(line(x[i], bottom, 0, 5));
        drawing.shapes.push_back(label(x[i], bottom + 18, base::to_rfc3339(*s->time).substr(0, 10) + " " + base::to_rfc3339(*s->time).substr(11, 5), first ? Anchor::start : last ? Anchor::end : Anchor::middle));
    }
    return drawing;
}

// Bars by day, logarithmic; where there are more days than room, neighbours share a bar.
Drawing activity_drawing(const DocumentWriter& d) {
    Drawing drawing;
    std::vector<Activity> days;
    for (const auto& day : d.report().activity)
        if (day.day > 0 && day.day < 60'000) days.push_back(day);  // a forged year would leave no room for the rest
    if (days.size() < 2) return drawing;
    constexpr double k_height = 110, k_top = 22;
    const std::int64_t first = days.front().day, span = days.back().day - first + 1, columns = std::min<std::int64_t>(span, 240);
    std::vector<Activity> bars(static_cast<std::size_t>(columns));
    double most = 1;
    for (const auto& day : days) {
        auto& one = bars[static_cast<std::size_t>((day.day - first) * columns / span)];
        one.files += day.files, one.events += day.events;
        most = std::max({most, static_cast<double>(one.files), static_cast<double>(one.events)});
    }
    drawing.width = k_width, drawing.height = k_top + k_height + 20;
    drawing.description = d.say("activity_text");
    drawing.shapes.push_back(bar(0, 2, 10, 10, Tone::low));
    drawing.shapes.push_back(label(15, 11, d.say("activity_files"), Anchor::start));
    drawing.shapes.push_back(bar(150, 2, 10, 10, Tone::high));
    drawing.shapes.push_back(label(165, 11, d.say("activity_events"), Anchor::start));
    const auto height = [&](std::int64_t count) { return 3 + (k_height - 3) * std::log1p(static_cast<double>(count)) / std::log1p(most); };
    const double step = k_width / static_cast<double>(columns), half = std::clamp(step / 2 - 0.2, 0.5, 12.0);
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const double x = static_cast<double>(i) * step;
        if (bars[i].files > 0) drawing.shapes.push_back(bar(x, k_top + k_height - height(bars[i].files), half, height(bars[i].files), Tone::low));
        if (bars[i].events > 0) drawing.shapes.push_back(bar(x + std::min(step / 2, 12.2), k_top + k_height - height(bars[i].events), half, height(bars[i].events), Tone::high));
    }
    drawing.shapes.push_back(line(0, k_top + k_height, k_width, 0));
    const int ticks = span >= 5 ? 4 : 1;
    for (int tick = 0; tick <= ticks; ++tick) {
        const auto day = first + (span - 1) * tick / ticks;
        drawing.shapes.push_back(label(k_width * tick / ticks, k_top + k_height + 15, base::to_rfc3339({day * 86'400, 0}).substr(0, 10), tick == 0 ? Anchor::start : tick == ticks ? Anchor::end : Anchor::middle));
    }
    return drawing;
}

}  // namespace deadbox::report
