// What differs between two texts, line by line (Myers 1986).
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace deadbox::gui {

struct DiffLine {
    enum class Kind : std::uint8_t { same, removed, added } kind = Kind::same;
    QString text;
    int old_line = 0, new_line = 0;  // from 1; 0: it is not there
};

// Work is bounded: texts that have hardly a line in common come out as all removed, all added.
std::vector<DiffLine> line_diff(const QStringList& old_lines, const QStringList& new_lines);

}  // namespace deadbox::gui
