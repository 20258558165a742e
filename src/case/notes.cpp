#include "case/notes.hpp"

namespace deadbox::case_file {
namespace {

// Cases that were made before entries had an audience and could correct each other.
base::Result<bool> is_old(const Database& database) {
    TRY_ASSIGN(Statement column, database.prepare("SELECT 1 FROM pragma_table_info('note') WHERE name = 'audience'"));
    TRY_ASSIGN(const bool there, column.step());
    return !there;
}

}  // namespace

base::Result<std::vector<Note>> notes(const Database& database) {
    std::vector<Note> all;
    TRY_ASSIGN(const bool old, is_old(database));
    TRY_ASSIGN(Statement rows, database.prepare(old ? "SELECT written, at, kind, who, permitted_by, finding, text, NULL, NULL FROM note ORDER BY id"
                                                    : "SELECT written, at, kind, who, permitted_by, finding, text, audience, corrects FROM note ORDER BY id"));
    for (;;) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) return all;
        const auto text = [&](int column) { return std::string(rows.text(column)); };
        all.push_back({static_cast<std::int64_t>(all.size()) + 1, text(0), text(1), text(2), text(3), text(4), text(5), text(6), text(7), rows.maybe_integer(8)});
    }
}

base::Result<void> add_note(const Database& database, const Note& note) {
    TRY_ASSIGN(const bool old, is_old(database));
    if (old) TRY(database.execute("ALTER TABLE note ADD COLUMN audience TEXT; ALTER TABLE note ADD COLUMN corrects INTEGER"));
    TRY_ASSIGN(Statement row, database.prepare("INSERT INTO note(written, at, kind, who, permitted_by, finding, text, audience, corrects) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    const auto maybe = [](const std::string& text) { return text.empty() ? std::optional<std::string_view>() : std::optional<std::string_view>(text); };
    row.bind(1, note.written).bind(2, note.at).bind(3, note.kind).bind(4, note.who).bind(5, note.permitted_by).bind(6, maybe(note.finding)).bind(7, note.text).bind(8, maybe(note.audience)).bind(9, note.corrects);
    return row.run();
}

}  // namespace deadbox::case_file
