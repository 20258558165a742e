// The order of the report: verdict first, then what it rests on, then everything that lets a reader check it.
#include <algorithm>
#include <set>

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

bool is_chosen(const Selection& selection, std::string_view id) {
    return id == k_sections[0].id || selection.sections.empty() || std::find(selection.sections.begin(), selection.sections.end(), id) != selection.sections.end();
}

namespace {

// A link to what was left out would lead nowhere: its words stay.
class Links {
public:
    void take(const Block& block) { m_there.insert(block.anchor); }
    Block without(Block block) const {
        cut(block.phrase);
        for (auto& term : block.terms) cut(term.value);
        for (auto& row : block.table.rows)
            for (auto& cell : row) cut(cell);
        return block;
    }

private:
    void cut(Phrase& phrase) const {
        for (auto& span : phrase.spans)
            if (!m_there.contains(span.link)) span.link.clear();
    }
    std::set<std::string> m_there;
};

// Said on the first page: whoever reads a part of a report must know that it is one.
void write_left_out(DocumentWriter& d) {
    std::string names;
    for (const auto& section : k_sections)
        if (!is_chosen(d.selection(), section.id)) names += (names.empty() ? "" : ", ") + d.say(section.id);
    const auto& findings = d.report().findings;
    const auto untold = std::count_if(findings.begin(), findings.end(), [&](const auto& f) { return !is_told(f, d.selection().findings); });
    if (!names.empty()) d.paragraph(Phrase(d.say("left_out_sections", {{"sections", names}}), Tone::strong));
    if (untold > 0) d.paragraph(Phrase(d.say("left_out_findings", {{"count", std::to_string(untold)}, {"all", std::to_string(findings.size())}}), Tone::strong));
}

}  // namespace

bool is_told(const ReportFinding& finding, Told told) {
    switch (told) {
        case Told::all: return true;
        case Told::kept: return finding.state != "dismissed";
        case Told::confirmed: return finding.state == "confirmed";
        case Told::bookmarked: return std::find(finding.tags.begin(), finding.tags.end(), "bookmark") != finding.tags.end();
    }
    return true;
}

std::vector<std::string_view> sections() {
    std::vector<std::string_view> ids;
    for (const auto& section : k_sections) ids.push_back(section.id);
    return ids;
}

namespace {

void write_chosen(const FormatInput& input, BlockSink sink) {
    DocumentWriter d(input, sink);
    d.open(Box::title);
    write_title_page(d);
    write_left_out(d);
    std::vector<Term> contents;
    for (const auto& section : k_sections)
        if (is_chosen(input.selection, section.id)) contents.push_back({d.say(section.id), Phrase().link(section.id, d.say(section.id))});
    d.contents(std::move(contents));
    d.close(Box::title);
    for (const auto& section : k_sections) {
        if (!is_chosen(input.selection, section.id)) continue;
        d.open(Box::section, section.id);
        d.heading(1, section.id, Phrase(d.say(section.id)));
        section.write(d);
        d.close(Box::section);
    }
}

}  // namespace

void write_document(const FormatInput& input, BlockSink sink) {
    if (input.selection.sections.empty() && input.selection.findings == Told::all) return write_chosen(input, sink);
    Links links;
    write_chosen(input, [&](const Block& block) { links.take(block); });
    write_chosen(input, [&](const Block& block) { sink(links.without(block)); });
}

}  // namespace deadbox::report
