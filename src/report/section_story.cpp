// The questions of an investigation, and what happened when.
#include <algorithm>

#include <fmt/format.h>

#include "report/sections.hpp"
#include "report/visible.hpp"

namespace deadbox::report {
namespace {

constexpr std::size_t k_answers = 5;   // findings named beside an answer
constexpr std::size_t k_story = 300;   // rows of the story; the findings have all

// When, and below it what the machine wrote where its clock was wrong.
Phrase moment(const DocumentWriter& d, const StoryEntry& s) {
    Phrase text(time_text(s.time).substr(0, 19));
    if (s.recorded) text.line().say(fmt::format("{} {}", d.say("recorded"), time_text(s.recorded).substr(0, 19)), Tone::muted);
    return text;
}

}  // namespace

std::string clock_text(const DocumentWriter& d) {
    const auto& clock = d.report().clock;
    if (clock.is_right()) return d.say("seconds", {{"count", "0"}});
    return d.say(clock.offset > 0 ? "clock_ahead" : "clock_behind", {{"count", std::to_string(std::abs(clock.offset))}, {"source", clock.source}});
}

void write_questions(DocumentWriter& d) {
    d.paragraph(Phrase(d.say("questions_text"), Tone::muted));
    Table table;
    table.columns = {{d.say("question"), 2.2}, {d.say("answer"), 3}, {d.say("examined"), 3.4}};
    for (const auto& q : d.report().questions) {
        // One answer in the whole report: this question has a section that says more than yes and no.
        // Asked which way, yes is no answer: what shows it follows.
        const std::string own = q.answer == "yes" ? d.texts().find("report", "questions." + q.id + ".yes") : "";
        Phrase answer(!own.empty() ? own : d.texts().of(q.id == "data_taken" ? "exposure.answer." + d.report().exposure.answer : "answer." + q.answer), Tone::strong);
        std::size_t shown = 0;
        for (const auto& id : q.findings) {
            const auto* f = d.finding(id);
            if (f == nullptr) continue;
            if (shown++ == k_answers) {
                answer.line().say(d.say("more_below", {{"count", std::to_string(q.findings.size() - k_answers)}}), Tone::muted);
                break;
            }
            link_to(answer.line(), *f);
        }
        Phrase examined(q.examined);
        if (q.from && q.to) examined.line().say(d.say("period", {{"from", base::to_rfc3339(*q.from).substr(0, 10)}, {"to", base::to_rfc3339(*q.to).substr(0, 10)}}));
        const std::string would = d.texts().find("report", "questions." + q.id + ".shown_by");
        if (!would.empty()) examined.line().say(d.say("shown_by", {{"what", would}}));
        for (const auto& limit : q.limits) examined.line().say(limit, Tone::muted);
        table.rows.push_back({Phrase(q.question), std::move(answer), std::move(examined)});
    }
    d.table(std::move(table));
}

void write_story(DocumentWriter& d) {
    const auto& story = d.report().story;
    if (!d.report().clock.is_right()) d.paragraph(Phrase(clock_text(d)));
    if (story.empty()) d.paragraph(Phrase(d.say("no_story"), Tone::muted));
    else {
        if (Drawing drawing = story_drawing(d); !drawing.shapes.empty()) d.drawing(std::move(drawing));
        Table table;
        table.columns = {{"#", 0.5, Align::right}, {d.say("time_utc"), 1.6}, {d.say("phase"), 1.1}, {d.say("what"), 5}};
        for (const auto& s : story) {
            if (table.rows.size() == k_story) break;
            Phrase what;
            if (!s.findings.empty() && d.finding(s.findings.front()) != nullptr) what.link(finding_anchor(s.findings.front()), shortened(s.text, 2 * k_title));
            else what.say(shortened(s.text, 2 * k_title));
            table.rows.push_back({Phrase(std::to_string(table.rows.size() + 1), Tone::muted), moment(d, s), Phrase(s.phase.empty() ? "" : d.texts().of("phase." + s.phase)), std::move(what)});
        }
        d.table(std::move(table));
        if (story.size() > k_story) d.paragraph(Phrase(d.say("more_below", {{"count", std::to_string(story.size() - k_story)}}), Tone::muted));
    }
    if (Drawing drawing = activity_drawing(d); !drawing.shapes.empty()) {
        d.heading(2, "activity", Phrase(d.say("activity")));
        d.paragraph(Phrase(d.say("activity_text"), Tone::muted));
        d.drawing(std::move(drawing));
    }
}

}  // namespace deadbox::report
