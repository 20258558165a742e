#include "report/html_writer.hpp"

#include "report/visible.hpp"

namespace deadbox::report {

// Bytes that are not shown as they are become <span class=x> with their escape. An ampersand splits what a virus scanner
// would take for the start of a script ("<?" is always escaped).
void HtmlWriter::escaped(std::string_view bytes, bool keep_lines) {
    for (std::size_t i = 0; i < bytes.size();) {
        const char c = bytes[i];
        if (keep_lines && (c == '\n' || c == '\t')) {
            m_out += c;
            ++i;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f) {
            switch (c) {
                case '&': m_out += "&amp;"; break;
                case '<': m_out += "&lt;"; break;
                case '>': m_out += "&gt;"; break;
                case '"': m_out += "&quot;"; break;
                case '\'': m_out += "&#39;"; break;
                case '$': m_out += "&#36;"; break;   // "$_POST[" and "(" apart from their markup are no shell code to a scanner
                case '(': m_out += "&#40;"; break;
                default: m_out += c;
            }
            ++i;
            continue;
        }
        // One character or one stray byte, as visible() cuts them.
        std::size_t length = 1;
        while (length < 4 && i + length < bytes.size() && (static_cast<unsigned char>(bytes[i + length]) & 0xc0) == 0x80 && byte >= 0xc0) ++length;
        const std::string shown = visible(bytes.substr(i, length));
        if (shown.front() == '\\') m_out += "<span class=x>" + shown + "</span>";
        else m_out += shown;
        i += length;
    }
}

HtmlWriter& HtmlWriter::raw(std::string_view markup) {
    m_out += markup;
    return *this;
}

HtmlWriter& HtmlWriter::text(std::string_view bytes) {
    escaped(bytes, false);
    return *this;
}

HtmlWriter& HtmlWriter::block(std::string_view bytes) {
    escaped(bytes, true);
    return *this;
}

HtmlWriter& HtmlWriter::say(std::string_view key) { return text(m_texts.of("html." + std::string(key))); }
HtmlWriter& HtmlWriter::say(std::string_view key, const Arguments& arguments) { return text(m_texts.of("html." + std::string(key), arguments)); }

}  // namespace deadbox::report
