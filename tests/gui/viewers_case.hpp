// A case of a machine whose files are of every kind that the window can look into, with hostile names in them.
#pragma once

#include <QString>

namespace deadbox::test {

// Bytes that mean to harm a reader: an escape sequence, markup, a character that turns the text around.
inline constexpr char k_evil_name[] = "evil\x1b]0;owned\x07<img src=x>\xe2\x80\xae.txt";

// Path of the case; made once a process by mke2fs and `deadbox analyze`, "" where that failed.
QString viewers_case();
// Does this text hold something that must not reach a screen: control characters, or such as turn or hide text? Then what.
QString harmful(const QString& text, bool lines);

}  // namespace deadbox::test
