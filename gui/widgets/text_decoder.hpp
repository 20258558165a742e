// Bytes of the evidence as text for the viewers: decoded as asked, hidden characters shown, long lines broken.
#pragma once

#include <QByteArray>
#include <QString>

#include <vector>

namespace deadbox::gui {

enum class TextEncoding { utf8, latin1, utf16_le, utf16_be };

// What an encoding's content most likely is: a byte order mark, or every second byte zero, or no valid UTF-8.
TextEncoding guess_encoding(const QByteArray& bytes);

struct DecodedText {
    QString text;  // lines end in \n; nothing in it moves or hides what is seen
    // Places (in characters of `text`, with length) that stand for something that is not shown as itself: \x1b, \u202e,
    // the sign of a broken line.
    std::vector<std::pair<int, int>> escapes;
};

inline constexpr int k_longest_line = 2000;  // characters of a line before it is broken with a sign

// Bytes that are no text in this encoding are shown as \xff.
DecodedText decode_text(const QByteArray& bytes, TextEncoding encoding);

}  // namespace deadbox::gui
