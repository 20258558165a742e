// The order of the report: verdict first, then what it rests on, then everything that lets a reader check it.
#include "report/sections.hpp"

namespace deadbox::report {
namespace {

struct Section {
    std::string_view id;  // anchor, and key of its heading
    void (*write)(DocumentWriter& d);
};

constexpr Section k_sections[] = {
    {"summary", &write_summary},   {"questions", &write_questions}, {"exposure", &write_exposure}, {"story", &write_story}, {"findings", &write_findings},
    {"entities", &write_entities}, {"evidence", &write_evidence},   {"coverage", &write_coverage}, {"method", &write_method}, {"custody", &write_custody},
    {"notes", &write_notes},       {"communication", &write_communication}, {"glossary", &write_glossary},
};

}  // namespace

void write_document(const FormatInput& input, BlockSink sink) {
    DocumentWriter d(input, sink);
    d.open(Box::title);
    write_title_page(d);
    std::vector<Term> contents;
    for (const auto& section : k_sections) contents.push_back({d.say(section.id), Phrase().link(section.id, d.say(section.id))});
    d.contents(std::move(contents));
    d.close(Box::title);
    for (const auto& section : k_sections) {
        d.open(Box::section, section.id);
        d.heading(1, section.id, Phrase(d.say(section.id)));
        section.write(d);
        d.close(Box::section);
    }
}

}  // namespace deadbox::report
