// Whom to tell what, and whether it was done: the plan of the report, and letters to start from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "case/notes.hpp"
#include "report/json_writer.hpp"
#include "report/model.hpp"
#include "report/texts.hpp"

namespace deadbox::report {

// management, customers, legal, police, cert: in the order of the plan.
const std::vector<std::string>& audiences();

// A time of the case's record as CONTRACT has times: nine digits. Any other text as it is.
std::string contract_time(const std::string& text);
NoteEntry note_entry(const case_file::Note& note);
// As report.json has it.
void write_note(JsonWriter& json, const NoteEntry& note, std::string_view tlp = {});  // tlp: a member of its own where there is a marking

// One row for each audience; the notes of kind communication that name it, but those that another note corrects.
std::vector<CommunicationEntry> communication_plan(const std::vector<NoteEntry>& notes, const Texts& texts);

// resources/communication/AUDIENCE.LANGUAGE.txt (English where that is missing), filled from the report; evidence that
// differs from its digest is said first. Errc::usage where
// there is no such audience.
base::Result<std::string> communication_letter(const Report& report, const Texts& texts, std::string_view audience);

}  // namespace deadbox::report
