// The analyst's own rows: each edit is one short immediate transaction together with the custody log's entry and the seal
// over the analyst's tables. Allowed while an analysis runs. Nothing is written where any of it fails.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "case/view.hpp"

namespace deadbox::case_file {

// What the analyst thinks of a finding; empty members change nothing.
struct Mark {
    std::string finding;
    std::string state, reason;      // open, confirmed, dismissed
    std::vector<std::string> tags;  // "-x" takes the tag x away
    std::string comment;
};
// Errc::not_found: the case has no such finding.
base::Result<void> mark_findings(const std::string& path, const std::vector<Mark>& marks);

// What is left empty of a correction is as in the note that it corrects.
struct NewNote {
    std::string text;
    std::string kind;           // action, decision, communication; "" is action
    std::string at;             // RFC 3339; "" is now
    std::string who;            // "" is the user
    std::string permitted_by, finding;
    std::string audience;       // of a communication, as notes.hpp has it
    std::int64_t corrects = 0;  // number of an earlier note; 0: of none
};
// Errc::usage: an audience without a communication, or a correction of a note that is not there.
base::Result<void> write_note(const std::string& path, const NewNote& note);

// Rows of meta: "case.number", "case.examiner" ...
base::Result<void> set_case_data(const std::string& path, const std::vector<std::pair<std::string, std::string>>& rows);
// The examiner's own, in the name of the user and as of now.
base::Result<void> set_conclusion(const std::string& path, std::string_view level, std::string_view text);
// A conclusion as meta keeps it under "case.conclusion".
std::string conclusion_value(std::string_view level, std::string_view text);

// Errc::not_found where there is no finding with this id.
base::Result<void> require_finding(const View& view, std::string_view id);

}  // namespace deadbox::case_file
