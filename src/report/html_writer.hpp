// HTML as text. Everything that is not markup goes through text(), which escapes it and shows hidden characters.
#pragma once

#include <string>
#include <string_view>

#include "report/texts.hpp"

namespace deadbox::report {

class HtmlWriter {
public:
    explicit HtmlWriter(const Texts& texts) : m_texts(texts) {}

    HtmlWriter& raw(std::string_view markup);       // markup of our own
    HtmlWriter& text(std::string_view bytes);       // of the evidence or anybody's: escaped, hidden characters shown
    HtmlWriter& block(std::string_view bytes);      // as text(), but line ends and tabs stay (inside <pre>)
    HtmlWriter& say(std::string_view key);          // a text of the report, by its key under "html."
    // The text with arguments; each argument is escaped.
    HtmlWriter& say(std::string_view key, const Arguments& arguments);
    HtmlWriter& code(std::string_view bytes) { return raw("<code>").text(bytes).raw("</code>"); }
    const Texts& texts() const { return m_texts; }

    std::string take() { return std::exchange(m_out, {}); }

private:
    void escaped(std::string_view bytes, bool keep_lines);
    const Texts& m_texts;
    std::string m_out;
};

}  // namespace deadbox::report
