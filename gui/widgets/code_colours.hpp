// Quiet colours for source text: comments, strings, numbers and the words of the language. Reads nothing but the line.
#pragma once

#include <QSyntaxHighlighter>

#include <vector>

namespace deadbox::gui {

class CodeColours final : public QSyntaxHighlighter {
public:
    explicit CodeColours(QTextDocument* document) : QSyntaxHighlighter(document) {}

    // By the file's name or its first line (#!); anything else: the C family's comments, without words.
    void set_language(const QString& name, const QString& first_line);
    // Places of the text that are escapes, as text_decoder.hpp gives them.
    void set_escapes(std::vector<std::pair<int, int>> escapes);
    // Begins with 0; -1: none.
    void set_marked_line(int line);
    void set_dark(bool dark);

protected:
    void highlightBlock(const QString& line) override;

private:
    struct Language;
    static const Language& language_of(const QString& name, const QString& first_line);
    void colour_code(const QString& line);

    const Language* m_language = nullptr;
    std::vector<std::pair<int, int>> m_escapes;
    int m_marked = -1;
    bool m_dark = false;
};

}  // namespace deadbox::gui
