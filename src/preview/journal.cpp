// systemd's journal: its header, and entries in the order in which they were written.
#include "content/journal.hpp"

#include "base/encoding.hpp"
#include "preview/previews.hpp"

namespace deadbox::preview {
namespace {

std::string hex(const content::JournalId& id) { return base::to_hex(base::ByteView(id)); }

std::string_view state_of(content::JournalHeader::State state) {
    using State = content::JournalHeader::State;
    switch (state) {
        case State::offline: return "closed";
        case State::online: return "was being written";
        case State::archived: return "archived";
        case State::other: return "not known";
    }
    return "not known";
}

void put_header(const content::JournalHeader& header, Answer& answer) {
    answer.property("", "state", state_of(header.state));
    answer.property("", "entries by its header", std::to_string(header.entries));
    answer.property("", "machine id", hex(header.machine_id));
    answer.property("", "newest boot id", hex(header.boot_id));
    answer.property("", "file id", hex(header.file_id));
    if (header.sealed) answer.property("", "sealed", "yes");
}

// All fields but the message, one after the other.
std::string other_fields(const content::JournalEntry& entry) {
    std::string all;
    for (const auto& field : entry.fields) {
        if (field.name == "MESSAGE" || all.size() > k_longest_cell) continue;
        if (!all.empty()) all += ' ';
        all += field.name + '=' + field.value + (field.cut ? "…" : "");
    }
    return all;
}

}  // namespace

base::Result<std::int64_t> journal(const Order& order, const Sources& sources, Answer& answer) {
    TRY_ASSIGN(const content::JournalFile file, content::JournalFile::open(*sources.front()));
    if (order.after == 0) put_header(file.header(), answer);
    answer.table("entries", static_cast<std::int64_t>(file.header().entries),
                 {{"time", Form::time}, {"unit", Form::text}, {"program", Form::text}, {"process", Form::text}, {"priority", Form::text}, {"message", Form::text}, {"sequence", Form::number}, {"fields", Form::text}});
    std::int64_t given = 0;
    TRY_ASSIGN(const content::JournalWalk walk, file.walk(static_cast<std::uint64_t>(order.after), [&](const content::JournalEntry& entry) {
        const auto others = other_fields(entry);
        const auto program = entry.value("SYSLOG_IDENTIFIER");
        answer.row({entry.time, entry.value("_SYSTEMD_UNIT"), program.empty() ? entry.value("_COMM") : program, entry.value("_PID"), entry.value("PRIORITY"), entry.value("MESSAGE"),
                    static_cast<std::int64_t>(entry.sequence), std::string_view(others)});
        return ++given >= order.most ? base::Next::stop : base::Next::go_on;
    }));
    if (walk.damaged > 0) answer.note("damaged places were stepped over: " + std::to_string(walk.damaged));
    if (walk.lost_fields > 0) answer.note("fields whose data is gone: " + std::to_string(walk.lost_fields));
    return walk.next == 0 ? -1 : static_cast<std::int64_t>(walk.next);
}

}  // namespace deadbox::preview
