#include "gui/widgets/text_decoder.hpp"

#include <algorithm>


#include "report/visible.hpp"

namespace deadbox::gui {
namespace {

constexpr qsizetype k_looked_at = 4096;
constexpr QChar k_broken_line(0x21b5);  // ↵

class Text {
public:
    void plain(char32_t character) {
        room(character > 0xffff ? 2 : 1);
        if (character > 0xffff) {
            m_out.text += QChar(QChar::highSurrogate(character));
            m_out.text += QChar(QChar::lowSurrogate(character));
            m_column += 2;
        } else {
            m_out.text += QChar(static_cast<char16_t>(character));
            ++m_column;
        }
    }
    void line_end() {
        m_out.text += u'\n';
        m_column = 0;
    }
    void escaped(const QString& as) {
        room(static_cast<int>(as.size()));
        m_out.escapes.emplace_back(static_cast<int>(m_out.text.size()), static_cast<int>(as.size()));
        m_out.text += as;
        m_column += static_cast<int>(as.size());
    }
    void character(char32_t c) {
        if (c == U'\n') return line_end();
        if (c == U'\t') return plain(c);
        if (c == U'\r') return escaped(QStringLiteral("\\r"));
        if (!report::is_hidden(c)) return plain(c);
        escaped(c < 0x100 ? QStringLiteral("\\x%1").arg(static_cast<unsigned>(c), 2, 16, QLatin1Char('0'))
                          : QStringLiteral("\\u%1").arg(static_cast<unsigned>(c), 4, 16, QLatin1Char('0')));
    }
    void byte(quint8 value) { escaped(QStringLiteral("\\x%1").arg(value, 2, 16, QLatin1Char('0'))); }
    DecodedText take() { return std::move(m_out); }

private:
    void room(int width) {
        if (m_column + width <= k_longest_line) return;
        m_out.escapes.emplace_back(static_cast<int>(m_out.text.size()), 1);
        m_out.text += k_broken_line;
        line_end();
    }
    DecodedText m_out;
    int m_column = 0;
};

// The length of the well-formed UTF-8 sequence there, 0 for none.
int utf8_length(const QByteArray& bytes, qsizetype at) {
    const auto byte = [&](qsizetype index) { return index < bytes.size() ? static_cast<quint8>(bytes[index]) : 0; };
    const quint8 first = byte(at);
    const auto follows = [&](int index) { return (byte(at + index) & 0xc0) == 0x80; };
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first < 0xe0) return follows(1) ? 2 : 0;
    if (first >= 0xe0 && first < 0xf0) {
        const quint8 second = byte(at + 1);
        if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0)) return 0;
        return follows(1) && follows(2) ? 3 : 0;
    }
    if (first >= 0xf0 && first < 0xf5) {
        const quint8 second = byte(at + 1);
        if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second >= 0x90)) return 0;
        return follows(1) && follows(2) && follows(3) ? 4 : 0;
    }
    return 0;
}

char32_t utf8_value(const QByteArray& bytes, qsizetype at, int length) {
    const auto byte = [&](int index) { return static_cast<char32_t>(static_cast<quint8>(bytes[at + index])); };
    if (length == 1) return byte(0);
    char32_t value = byte(0) & (0xffu >> (length + 1));
    for (int index = 1; index < length; ++index) value = value << 6 | (byte(index) & 0x3f);
    return value;
}

void decode_utf8(const QByteArray& bytes, Text& out) {
    for (qsizetype at = 0; at < bytes.size();) {
        const int length = utf8_length(bytes, at);
        if (length == 0) out.byte(static_cast<quint8>(bytes[at++]));
        else {
            out.character(utf8_value(bytes, at, length));
            at += length;
        }
    }
}

void decode_utf16(const QByteArray& bytes, bool big, Text& out) {
    const auto unit = [&](qsizetype at) {
        const auto low = static_cast<quint8>(bytes[at + (big ? 1 : 0)]), high = static_cast<quint8>(bytes[at + (big ? 0 : 1)]);
        return static_cast<char32_t>(high << 8 | low);
    };
    qsizetype at = 0;
    for (; at + 1 < bytes.size(); at += 2) {
        const char32_t first = unit(at);
        if (first >= 0xd800 && first < 0xdc00 && at + 3 < bytes.size()) {
            const char32_t second = unit(at + 2);
            if (second >= 0xdc00 && second < 0xe000) {
                out.character(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
                at += 2;
                continue;
            }
        }
        if (first >= 0xd800 && first < 0xe000) {
            out.byte(static_cast<quint8>(bytes[at]));
            out.byte(static_cast<quint8>(bytes[at + 1]));
        } else {
            out.character(first);
        }
    }
    if (at < bytes.size()) out.byte(static_cast<quint8>(bytes[at]));
}

}  // namespace

TextEncoding guess_encoding(const QByteArray& bytes) {
    if (bytes.startsWith("\xff\xfe")) return TextEncoding::utf16_le;
    if (bytes.startsWith("\xfe\xff")) return TextEncoding::utf16_be;
    const auto looked_at = std::min(bytes.size(), k_looked_at);
    qsizetype even = 0, odd = 0;
    for (qsizetype at = 0; at < looked_at; ++at) {
        if (bytes[at] == 0) ++(at % 2 ? odd : even);
    }
    if (odd * 5 > looked_at && even == 0) return TextEncoding::utf16_le;
    if (even * 5 > looked_at && odd == 0) return TextEncoding::utf16_be;
    for (qsizetype at = 0; at < looked_at;) {
        const int length = utf8_length(bytes, at);
        if (length == 0) return at + 4 > bytes.size() ? TextEncoding::utf8 : TextEncoding::latin1;  // a cut last character is no fault
        at += length;
    }
    return TextEncoding::utf8;
}

DecodedText decode_text(const QByteArray& bytes, TextEncoding encoding) {
    Text out;
    switch (encoding) {
        case TextEncoding::utf8: decode_utf8(bytes, out); break;
        case TextEncoding::latin1:
            for (const char c : bytes) out.character(static_cast<quint8>(c));
            break;
        case TextEncoding::utf16_le: decode_utf16(bytes, false, out); break;
        case TextEncoding::utf16_be: decode_utf16(bytes, true, out); break;
    }
    return out.take();
}

}  // namespace deadbox::gui
