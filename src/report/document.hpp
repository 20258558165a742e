// A report as it is read, whatever it is shown on: headings, paragraphs, tables, drawings, in reading order. The sections
// (section_*.cpp) make it of the report model; report.html and report.pdf show it. Texts are raw bytes: what shows them
// makes hidden characters visible.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/function_ref.hpp"

namespace deadbox::report {

// What a colour or weight says; each format has its own way to show it, never by colour alone.
enum class Tone : std::uint8_t { plain, muted, strong, critical, high, medium, low, info };
enum class Face : std::uint8_t { text, code };
enum class Start : std::uint8_t { same_line, new_line };

struct Span {
    std::string text;
    Tone tone = Tone::plain;
    Face face = Face::text;
    Start start = Start::same_line;
    std::string link;  // anchor in this document, "" where it leads nowhere
};

// Text in a line or several.
struct Phrase {
    std::vector<Span> spans;

    Phrase() = default;
    explicit Phrase(std::string_view text, Tone tone = Tone::plain) { say(text, tone); }
    Phrase& say(std::string_view text, Tone tone = Tone::plain) { return add({std::string(text), tone, Face::text, m_start, {}}); }
    Phrase& code(std::string_view text, Tone tone = Tone::plain) { return add({std::string(text), tone, Face::code, m_start, {}}); }
    Phrase& link(std::string_view anchor, std::string_view text) { return add({std::string(text), Tone::plain, Face::text, m_start, std::string(anchor)}); }
    Phrase& line() { return m_start = spans.empty() ? Start::same_line : Start::new_line, *this; }  // what follows begins a line
    bool empty() const { return spans.empty(); }

private:
    Phrase& add(Span span) {
        if (!span.text.empty()) spans.push_back(std::move(span)), m_start = Start::same_line;
        return *this;
    }
    Start m_start = Start::same_line;
};

struct Term {
    std::string name;
    Phrase value;
};

enum class Align : std::uint8_t { left, right };
struct Column {
    std::string title;
    double share = 1;  // of the width, relative to the other columns
    Align align = Align::left;
};
struct Table {
    std::vector<Column> columns;
    std::vector<std::vector<Phrase>> rows;  // each as long as columns
};

// Shapes in a box of width x height units, the origin at its upper left corner.
enum class ShapeKind : std::uint8_t { bar, line, dot, label };
enum class Anchor : std::uint8_t { start, middle, end };
struct Shape {
    ShapeKind kind = ShapeKind::bar;
    double x = 0, y = 0, width = 0, height = 0;  // line: to x + width, y + height; dot: width is the radius; label: y is the base line
    Tone tone = Tone::plain;
    std::string text;
    Anchor anchor = Anchor::start;
};
struct Drawing {
    double width = 0, height = 0;
    std::vector<Shape> shapes;
    std::string description;  // for who does not see it
};

enum class BlockKind : std::uint8_t {
    heading,    // level 1 to 3, phrase, anchor
    paragraph,  // phrase
    bullet,     // phrase
    alarm,      // phrase that must not be overlooked
    banner,     // phrase: the traffic light
    terms,      // terms: names and values
    table,      // table
    listing,    // phrase of one span: lines as they are
    drawing,    // drawing
    contents,   // terms: name is what is shown, value's link where it lies
    open,       // box, anchor, tone, phrase: the box's label
    close,      // box
};
enum class Box : std::uint8_t {
    title,    // the first page
    section,  // begins with a heading
    verdict,
    finding,
    item,     // one thing that a finding rests on
    details,  // may be shown folded; the phrase says what is in it
};

struct Block {
    BlockKind kind = BlockKind::paragraph;
    Box box = Box::section;
    int level = 0;
    Tone tone = Tone::plain;
    std::string anchor;
    std::string name;  // a box's own: of a finding the words that a filter looks for
    Phrase phrase;
    std::vector<Term> terms;
    Table table;
    Drawing drawing;
};

using BlockSink = base::FunctionRef<void(const Block&)>;

}  // namespace deadbox::report
