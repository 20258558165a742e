// What the sections write with: blocks to whatever shows them, texts of the report's language.
#pragma once

#include <initializer_list>
#include <map>

#include "report/document.hpp"
#include "report/format.hpp"

namespace deadbox::report {

class DocumentWriter {
public:
    DocumentWriter(const FormatInput& input, BlockSink sink);

    const Report& report() const { return m_input.report; }
    const Texts& texts() const { return m_input.texts; }
    const std::vector<OutputFile::Written>& annexes() const { return m_input.annexes; }
    const Selection& selection() const { return m_input.selection; }
    // A text by its key under "html."; of(): by its whole key.
    std::string say(std::string_view key) const { return texts().of("html." + std::string(key)); }
    std::string say(std::string_view key, const Arguments& arguments) const { return texts().of("html." + std::string(key), arguments); }
    const ReportFinding* finding(std::string_view id) const;
    // Which machine, where the case has several; else "".
    std::string machine(std::optional<std::int64_t> system) const;

    void heading(int level, std::string_view anchor, Phrase phrase);
    void paragraph(Phrase phrase) { put(BlockKind::paragraph, std::move(phrase)); }
    void bullet(Phrase phrase) { put(BlockKind::bullet, std::move(phrase)); }
    void alarm(Phrase phrase) { put(BlockKind::alarm, std::move(phrase)); }
    void banner(Phrase phrase) { put(BlockKind::banner, std::move(phrase)); }
    void listing(std::string_view text);
    void table(Table table);
    void drawing(Drawing drawing);
    void contents(std::vector<Term> entries);
    void terms(std::vector<Term> terms);
    void open(Box box, std::string_view anchor = {}, Tone tone = Tone::plain, Phrase label = {}, std::string_view name = {});
    void close(Box box);

private:
    void put(BlockKind kind, Phrase phrase);
    const FormatInput& m_input;
    BlockSink m_sink;
    std::map<std::string_view, const ReportFinding*> m_findings;
};

// Collects names and values; what has no value is left out.
class Terms {
public:
    explicit Terms(const DocumentWriter& writer) : m_writer(writer) {}
    Terms& text(std::string_view key, std::string_view value) { return value.empty() ? *this : add(key, Phrase(value)); }
    Terms& code(std::string_view key, std::string_view value) { return value.empty() ? *this : add(key, Phrase().code(value)); }
    Terms& time(std::string_view key, const Time& value);
    Terms& add(std::string_view key, Phrase value);
    std::vector<Term> take() { return std::move(m_terms); }

private:
    const DocumentWriter& m_writer;
    std::vector<Term> m_terms;
};

Tone tone_of(plugin::Severity severity);
Tone tone_of_verdict(std::string_view level);
// The severity with its shape, which stands for it where there is no colour.
Phrase severity_phrase(const DocumentWriter& writer, plugin::Severity severity);
// A link to the finding by its title, which is cut where it is long: it stands whole at the finding.
Phrase& link_to(Phrase& phrase, const ReportFinding& finding);
std::string finding_anchor(std::string_view id);
std::string time_text(const Time& time);  // "2026-03-02 04:11:07 UTC", a dash where it is unknown
std::string size_text(std::int64_t bytes, const Texts& texts);  // "1.5 MiB (1572864 B)"

// The whole report, block by block. Parts in the order in which they are read: verdict first, then what it rests on, then
// everything that lets a reader check it.
void write_document(const FormatInput& input, BlockSink sink);
// Ids of its sections, in that order. The first cannot be left out.
std::vector<std::string_view> sections();
bool is_chosen(const Selection& selection, std::string_view section);

}  // namespace deadbox::report
