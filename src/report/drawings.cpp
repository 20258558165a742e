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
constexpr std::array<std::string_view, 7> k_phases{"initial_access", "execution", "persistence", "privilege", "hiding", "use", "spread"};

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
    for (const auto phase : k_phases)
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
    const double first = seconds(entries.front()), span = std::max(seconds(entries.back()) - first, 1.0);
    std::vector<double> at;
    for (const auto* s : entries) at.push_back((seconds(s) - first) / span);
    const auto x = spread(at, k_left + 14, k_width - 14);
    double last_label = -1000;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto* s = entries[i];
        const auto lane = std::find(lanes.begin(), lanes.end(), s->phase) - lanes.begin();
        const auto* f = s->findings.empty() ? nullptr : d.finding(s->findings.front());
        if (lane < static_cast<std::ptrdiff_t>(lanes.size())) {
            const double y = k_top + k_lane * (static_cast<double>(lane) + 0.5);
            drawing.shapes.push_back(dot(x[i], y, 5, f != nullptr ? tone_of(f->severity) : Tone::info));
            drawing.shapes.push_back(label(x[i], y - 7, std::to_string(i + 1), Anchor::middle));
        }
        const bool edge = i == 0 || i + 1 == entries.size();
        if (!edge && (x[i] - last_label < 110 || x[entries.size() - 1] - x[i] < 150)) continue;
        if (i > 0 && edge && x[i] - last_label < 110) continue;
        last_label = x[i];
        drawing.shapes.push_back(line(x[i], bottom, 0, 5));
        drawing.shapes.push_back(label(x[i], bottom + 18, base::to_rfc3339(*s->time).substr(0, 10) + " " + base::to_rfc3339(*s->time).substr(11, 5), i == 0 ? Anchor::start : edge ? Anchor::end : Anchor::middle));
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
