// What deadbox-preview made of a file, as values.
#pragma once

#include <QImage>
#include <QMetaType>

#include <string>
#include <variant>
#include <vector>

#include "preview/protocol.hpp"

namespace deadbox::gui {

// Texts are raw bytes: of the evidence, or as good as that, because the process that sends them has read the evidence.
struct PreviewProperty {
    std::string group, name, value;
};
struct PreviewColumn {
    std::string name;
    preview::Form form = preview::Form::text;
};
using PreviewCell = std::variant<std::monostate, qint64, double, std::string>;
struct PreviewTable {
    std::string name;
    qint64 rows = -1;  // in all; -1: not known
    std::vector<PreviewColumn> columns;
    std::vector<std::vector<PreviewCell>> cells;
};
struct PreviewMarker {
    quint64 offset = 0, length = 0;
    int depth = 0;
    std::string label, detail;
};

struct PreviewAnswer {
    std::vector<PreviewProperty> properties;
    std::vector<PreviewTable> tables;
    std::vector<PreviewMarker> markers;
    std::vector<std::string> notes;
    QImage picture;
    QSize own_size;
    std::string format;
    qint64 after = -1;  // where the next order goes on, -1: nothing more
};

// A word of ours that comes from there, in the user's language; anything else as it is, escaped.
QString preview_word(std::string_view word);

}  // namespace deadbox::gui

Q_DECLARE_METATYPE(deadbox::gui::PreviewAnswer)
