// Whom to tell what and when, and which notes say that it was done.
#include "report/sections.hpp"

namespace deadbox::report {

void write_communication(DocumentWriter& d) {
    d.paragraph(Phrase(d.say("communication_text")));
    Table table;
    table.columns = {{d.say("communication_audience"), 1.4}, {d.say("communication_tell"), 3}, {d.say("communication_when"), 1.6}, {d.say("communication_done"), 1}};
    for (const auto& entry : d.report().communication) {
        Phrase done;
        for (const auto number : entry.notes) done.line().say(d.say("note_number", {{"number", std::to_string(number)}}));
        if (entry.notes.empty()) done.say(d.say("communication_open"), Tone::muted);
        table.rows.push_back({Phrase(entry.title, Tone::strong), Phrase(entry.tell), Phrase(entry.when), std::move(done)});
    }
    d.table(std::move(table));
}

}  // namespace deadbox::report
