// The sections of the report, each a function of its own; document.cpp orders them.
#pragma once

#include "report/document_writer.hpp"

namespace deadbox::report {

// By how much the machine's clock was wrong, who says so, and what that means for the times told.
std::string clock_text(const DocumentWriter& d);

void write_title_page(DocumentWriter& d);
void write_summary(DocumentWriter& d);
void write_questions(DocumentWriter& d);
void write_exposure(DocumentWriter& d);
void write_story(DocumentWriter& d);
void write_findings(DocumentWriter& d);
void write_entities(DocumentWriter& d);
void write_evidence(DocumentWriter& d);
void write_coverage(DocumentWriter& d);
void write_method(DocumentWriter& d);
void write_custody(DocumentWriter& d);
void write_notes(DocumentWriter& d);
void write_communication(DocumentWriter& d);
void write_glossary(DocumentWriter& d);

// The report's drawings: the story by phase, and what happened by day. Empty where there is nothing to draw.
Drawing story_drawing(const DocumentWriter& d);
Drawing activity_drawing(const DocumentWriter& d);

}  // namespace deadbox::report
