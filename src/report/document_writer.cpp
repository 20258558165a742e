#include "report/document_writer.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "report/visible.hpp"

namespace deadbox::report {

DocumentWriter::DocumentWriter(const FormatInput& input, BlockSink sink) : m_input(input), m_sink(sink) {
    for (const auto& f : input.report.findings) m_findings.emplace(f.id, &f);
}

std::string DocumentWriter::machine(std::optional<std::int64_t> system) const {
    for (const auto& one : report().systems)
        if (system == one.id) return one.name;
    return {};
}

const ReportFinding* DocumentWriter::finding(std::string_view id) const {
    const auto found = m_findings.find(id);
    return found == m_findings.end() ? nullptr : found->second;
}

void DocumentWriter::put(BlockKind kind, Phrase phrase) {
    if (phrase.empty()) return;
    Block block;
    block.kind = kind, block.phrase = std::move(phrase);
    m_sink(block);
}

void DocumentWriter::heading(int level, std::string_view anchor, Phrase phrase) {
    Block block;
    block.kind = BlockKind::heading, block.level = level, block.anchor = anchor, block.phrase = std::move(phrase);
    m_sink(block);
}

void DocumentWriter::listing(std::string_view text) {
    if (!text.empty()) put(BlockKind::listing, Phrase().program(text));
}

void DocumentWriter::table(Table table) {
    if (table.rows.empty()) return;
    Block block;
    block.kind = BlockKind::table, block.table = std::move(table);
    m_sink(block);
}

void DocumentWriter::drawing(Drawing drawing) {
    Block block;
    block.kind = BlockKind::drawing, block.drawing = std::move(drawing);
    m_sink(block);
}

void DocumentWriter::contents(std::vector<Term> entries) {
    Block block;
    block.kind = BlockKind::contents, block.terms = std::move(entries);
    m_sink(block);
}

void DocumentWriter::terms(std::vector<Term> terms) {
    if (terms.empty()) return;
    Block block;
    block.kind = BlockKind::terms, block.terms = std::move(terms);
    m_sink(block);
}

void DocumentWriter::open(Box box, std::string_view anchor, Tone tone, Phrase label, std::string_view name) {
    Block block;
    block.kind = BlockKind::open, block.box = box, block.anchor = anchor, block.tone = tone, block.phrase = std::move(label), block.name = name;
    m_sink(block);
}

void DocumentWriter::close(Box box) {
    Block block;
    block.kind = BlockKind::close, block.box = box;
    m_sink(block);
}

Terms& Terms::add(std::string_view key, Phrase value) {
    if (!value.empty()) m_terms.push_back({m_writer.say(key), std::move(value)});
    return *this;
}

Terms& Terms::time(std::string_view key, const Time& value) { return value ? add(key, Phrase(time_text(value))) : *this; }

Tone tone_of(plugin::Severity severity) {
    static constexpr std::array<Tone, 5> k_tones{Tone::info, Tone::low, Tone::medium, Tone::high, Tone::critical};
    return k_tones[static_cast<std::size_t>(severity)];
}

Tone tone_of_verdict(std::string_view level) {
    return level == "compromised" ? Tone::critical : level == "suspicious" ? Tone::high : level == "undetermined" ? Tone::medium : level == "no_indication" ? Tone::low : Tone::info;
}

Phrase severity_phrase(const DocumentWriter& writer, plugin::Severity severity) {
    static constexpr std::array<std::string_view, 5> k_shapes{"○", "▽", "●", "▲", "◆"};
    return Phrase(fmt::format("{} {}", k_shapes[static_cast<std::size_t>(severity)], writer.texts().of("severity." + std::string(name_of(severity)))), tone_of(severity));
}

Phrase& link_to(Phrase& phrase, const ReportFinding& finding) { return phrase.link(finding_anchor(finding.id), shortened(finding.title, k_title)); }

std::string finding_anchor(std::string_view id) { return "f-" + std::string(id); }

std::string time_text(const Time& time) {
    if (!time) return "–";
    const std::string text = base::to_rfc3339(*time);
    const auto t = text.find('T');
    return fmt::format("{} {} UTC", text.substr(0, t), text.substr(t + 1, 8));
}

std::string size_text(std::int64_t bytes, const Texts& texts) {
    static constexpr std::array<std::string_view, 7> k_units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (bytes < 1024) return fmt::format("{} B", std::max<std::int64_t>(bytes, 0));
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 1024 && unit + 1 < k_units.size(); ++unit) value /= 1024;
    return fmt::format("{} {} ({} B)", texts.figure(fmt::format("{:.1f}", value)), k_units[unit], bytes);
}

}  // namespace deadbox::report
