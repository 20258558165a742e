#include "case/edit.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "base/function_ref.hpp"
#include "case/custody.hpp"
#include "case/meta.hpp"
#include "case/notes.hpp"
#include "case/seal.hpp"

namespace deadbox::case_file {
namespace {

using OrderedJson = nlohmann::ordered_json;

struct Entry {
    std::string_view action;
    std::string details;
};

// The file must be a case already: opening it for writing would make one.
base::Result<void> edit(const std::string& path, const std::vector<Entry>& entries, base::FunctionRef<base::Result<void>(const Database&)> write) {
    TRY_ASSIGN(const Database database, Database::open(path, Access::write));
    TRY_ASSIGN(Transaction transaction, Transaction::begin(database));
    TRY(write(database));
    for (const auto& entry : entries) TRY(append_custody(database, current_actor(), entry.action, entry.details));
    TRY(seal(database, SealOf::analyst));
    return transaction.commit();
}

OrderedJson text_or_null(const std::string& text) { return text.empty() ? OrderedJson(nullptr) : OrderedJson(base::to_utf8(text)); }

std::string details_of(const Mark& mark) {
    OrderedJson tags = OrderedJson::array();
    for (const auto& tag : mark.tags) tags.push_back(base::to_utf8(tag));
    OrderedJson json;
    json["finding"] = mark.finding, json["state"] = text_or_null(mark.state), json["reason"] = text_or_null(mark.reason);
    json["tags"] = tags, json["comment"] = text_or_null(mark.comment);
    return json.dump();
}

// The first row has all but the further tags.
base::Result<void> insert(const Database& database, const Mark& mark) {
    TRY_ASSIGN(Statement row, database.prepare("INSERT INTO mark(finding, at, by, state, reason, tag, comment) VALUES(?, ?, ?, ?, ?, ?, ?)"));
    for (std::size_t place = 0; place < std::max<std::size_t>(mark.tags.size(), 1); ++place) {
        row.bind(1, mark.finding).bind(2, now_rfc3339()).bind(3, current_actor());
        const auto text = [&](int parameter, const std::string& value) { value.empty() ? row.bind_null(parameter) : row.bind(parameter, value); };
        text(4, place == 0 ? mark.state : ""), text(5, place == 0 ? mark.reason : "");
        text(6, place < mark.tags.size() ? mark.tags[place] : ""), text(7, place == 0 ? mark.comment : "");
        TRY(row.run());
    }
    return {};
}

}  // namespace

base::Result<void> require_finding(const View& view, std::string_view id) {
    TRY_ASSIGN(Statement row, view.prepare("SELECT 1 FROM finding WHERE id = ?"));
    row.bind(1, id);
    TRY_ASSIGN(const bool found, row.step());
    if (!found) return base::fail(base::Errc::not_found, "this case has no finding " + std::string(id) + "; deadbox findings CASE lists them");
    return {};
}

base::Result<void> mark_findings(const std::string& path, const std::vector<Mark>& marks) {
    {
        TRY_ASSIGN(const View view, View::open(path));
        for (const auto& mark : marks) TRY(require_finding(view, mark.finding));
    }
    std::vector<Entry> entries;
    for (const auto& mark : marks) entries.push_back({"finding.marked", details_of(mark)});
    return edit(path, entries, [&](const Database& database) -> base::Result<void> {
        for (const auto& mark : marks) TRY(insert(database, mark));
        return {};
    });
}

base::Result<void> write_note(const std::string& path, const NewNote& note) {
    Note row;
    row.kind = note.kind, row.at = note.at, row.who = note.who, row.permitted_by = note.permitted_by, row.finding = note.finding, row.text = note.text, row.audience = note.audience;
    {
        TRY_ASSIGN(const View view, View::open(path));
        if (!note.finding.empty()) TRY(require_finding(view, note.finding));
        if (note.corrects != 0) {
            TRY_ASSIGN(const auto earlier, notes(view.database()));
            if (note.corrects < 0 || static_cast<std::size_t>(note.corrects) > earlier.size())
                return base::fail(base::Errc::usage, "there is no note " + std::to_string(note.corrects) + "; deadbox note CASE lists them");
            row.corrects = note.corrects;
            const auto& before = earlier[static_cast<std::size_t>(note.corrects) - 1];
            if (row.kind.empty()) row.kind = before.kind;
            if (row.audience.empty() && row.kind == before.kind) row.audience = before.audience;
            for (const auto member : {&Note::at, &Note::who, &Note::permitted_by, &Note::finding})
                if ((row.*member).empty()) row.*member = before.*member;
        }
    }
    row.written = now_rfc3339();
    // A clock that is a little ahead of the workstation's is no future.
    constexpr std::int64_t k_ahead = 300;  // s
    const auto at = base::from_rfc3339(row.at), written = base::from_rfc3339(row.written);
    if (at && written && at->seconds > written->seconds + k_ahead) return base::fail(base::Errc::usage, "the time " + row.at + " lies in the future: the journal has what was done");
    if (row.kind.empty()) row.kind = "action";
    if (row.at.empty()) row.at = row.written;
    if (row.who.empty()) row.who = current_actor();
    if (!row.audience.empty() && row.kind != "communication") return base::fail(base::Errc::usage, "an audience goes with a communication");
    OrderedJson json;
    json["at"] = row.at, json["kind"] = row.kind, json["who"] = base::to_utf8(row.who), json["permitted_by"] = text_or_null(row.permitted_by);
    json["finding"] = text_or_null(row.finding), json["audience"] = text_or_null(row.audience), json["corrects"] = note.corrects, json["text"] = base::to_utf8(row.text);
    return edit(path, {{"note.written", json.dump()}}, [&](const Database& database) { return add_note(database, row); });
}

base::Result<void> set_case_data(const std::string& path, const std::vector<std::pair<std::string, std::string>>& rows) {
    TRY(View::open(path));
    OrderedJson json = OrderedJson::object();
    for (const auto& [key, value] : rows) json[key] = base::to_utf8(value);
    return edit(path, {{"case.set", json.dump()}}, [&](const Database& database) -> base::Result<void> {
        for (const auto& [key, value] : rows) TRY(set_meta(database, key, value));
        return {};
    });
}

std::string conclusion_value(std::string_view level, std::string_view text) {
    OrderedJson json;
    json["level"] = text_or_null(std::string(level)), json["text"] = base::to_utf8(text), json["by"] = current_actor(), json["at"] = now_rfc3339();
    return json.dump();
}

base::Result<void> set_conclusion(const std::string& path, std::string_view level, std::string_view text) {
    return set_case_data(path, {{"case.conclusion", conclusion_value(level, text)}});
}

}  // namespace deadbox::case_file
