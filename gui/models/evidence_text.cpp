#include "gui/models/evidence_text.hpp"

#include "report/visible.hpp"

namespace deadbox::gui {
namespace {

// The length of the sequence that begins with this byte, as far as its first byte tells.
std::size_t sequence_length(unsigned char first) { return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4; }

EvidenceText convert(std::string_view bytes, std::size_t longest, bool lines) {
    EvidenceText out;
    const bool cut = bytes.size() > longest;
    if (cut) {
        bytes = bytes.substr(0, longest);
        // No character is cut in two: what is left of one would look like bytes that are no text.
        std::size_t back = 0;
        while (back < 3 && back < bytes.size() && (static_cast<unsigned char>(bytes[bytes.size() - 1 - back]) & 0xc0) == 0x80) ++back;
        if (back < bytes.size()) {
            const auto first = static_cast<unsigned char>(bytes[bytes.size() - 1 - back]);
            if (first >= 0xc0 && sequence_length(first) > back + 1) bytes.remove_suffix(back + 1);
        }
    }
    out.text.reserve(static_cast<qsizetype>(bytes.size()) + 1);
    for (std::size_t at = 0; at < bytes.size();) {
        // Plain ASCII goes over as it is.
        std::size_t end = at;
        while (end < bytes.size() && bytes[end] >= 0x20 && bytes[end] < 0x7f) ++end;
        if (end > at) {
            out.text += QLatin1StringView(bytes.data() + at, static_cast<qsizetype>(end - at));
            at = end;
            continue;
        }
        if (lines && (bytes[at] == '\n' || bytes[at] == '\t')) {
            out.text += QLatin1Char(bytes[at++]);
            continue;
        }
        std::size_t length = sequence_length(static_cast<unsigned char>(bytes[at]));
        std::string seen = report::visible(bytes.substr(at, length));
        if (length > 1 && seen.starts_with("\\x")) length = 1, seen = report::visible(bytes.substr(at, 1));
        const auto text = QString::fromStdString(seen);
        if (seen[0] == '\\') out.escapes.emplaceBack(static_cast<int>(out.text.size()), static_cast<int>(text.size()));
        out.text += text;
        at += length;
    }
    if (cut) out.text += QChar(0x2026);
    return out;
}

}  // namespace

EvidenceText shown(std::string_view bytes, std::size_t longest) { return convert(bytes, longest, false); }
EvidenceText shown_lines(std::string_view bytes, std::size_t longest) { return convert(bytes, longest, true); }

}  // namespace deadbox::gui
