// Text from the evidence as the window shows it: never interpreted, hidden characters as escapes whose places are known
// so that they can be drawn in a quiet colour, of bounded length.
#pragma once

#include <QList>
#include <QMetaType>
#include <QString>

#include <string_view>
#include <utility>

namespace deadbox::gui {

struct EvidenceText {
    QString text;
    QList<std::pair<int, int>> escapes;  // place and length in `text`
    bool operator==(const EvidenceText&) const = default;
};

inline constexpr std::size_t k_longest_shown = 4096;  // bytes of the evidence in one cell or label

// At most `longest` bytes, then "…".
EvidenceText shown(std::string_view bytes, std::size_t longest = k_longest_shown);
// As shown(), but line breaks and tabs stay what they are: for excerpts and file contents.
EvidenceText shown_lines(std::string_view bytes, std::size_t longest);
inline QString plain(std::string_view bytes) { return shown(bytes).text; }
inline std::string_view view_of(const QByteArray& bytes) { return {bytes.constData(), static_cast<std::size_t>(bytes.size())}; }
// Exact bytes of what a person typed.
inline std::string bytes_of(const QString& text) { return text.toStdString(); }
// A text of our own (a translated resource, an id): not of the evidence.
inline QString own(std::string_view text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }

}  // namespace deadbox::gui

Q_DECLARE_METATYPE(deadbox::gui::EvidenceText)
