#include "gui/widgets/code_colours.hpp"

#include <QSet>
#include <QTextDocument>

#include <algorithm>
#include <array>

namespace deadbox::gui {

struct CodeColours::Language {
    QStringList endings, interpreters;
    QStringList line_comments;
    QString block_begin, block_end;
    QString quotes;
    QSet<QString> words;
};

namespace {

constexpr int k_in_comment = 1;
constexpr int k_coloured_at_most = 4000;  // characters of a line

QString text(const char* ascii) { return QString::fromLatin1(ascii); }
QStringList list(const char* separated_by_spaces) { return text(separated_by_spaces).split(QLatin1Char(' '), Qt::SkipEmptyParts); }
QSet<QString> words(const char* separated_by_spaces) {
    const auto all = list(separated_by_spaces);
    return {all.begin(), all.end()};
}

}  // namespace

const CodeColours::Language& CodeColours::language_of(const QString& name, const QString& first_line) {
    static const std::vector<Language> languages{
        {list("php phtml php5 php7 inc phar"), list("php"), list("// #"), text("/*"), text("*/"), text("\"'`"),
         words("abstract and array as break case catch class clone const continue declare default do echo else elseif empty enddeclare endfor endforeach endif "
               "endswitch endwhile eval exit extends final finally fn for foreach function global goto if implements include include_once instanceof interface isset "
               "list match namespace new or print private protected public readonly require require_once return static switch throw trait try unset use var while yield")},
        {list("sh bash zsh profile bashrc"), list("sh bash zsh dash ksh"), list("#"), {}, {}, text("\"'`"),
         words("if then elif else fi for while until do done case esac in function select return exit export local readonly declare set unset trap eval exec source")},
        {list("py"), list("python python2 python3"), list("#"), {}, {}, text("\"'"),
         words("and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise "
               "return try while with yield None True False exec eval")},
        {list("pl pm cgi"), list("perl"), list("#"), {}, {}, text("\"'`"),
         words("my our local sub use no package if elsif else unless while until for foreach last next redo return eval do require die print open close system exec")},
        {list("js ts jsp java c h cpp cs aspx go rs css"), list("node"), list("//"), text("/*"), text("*/"), text("\"'`"),
         words("abstract async await break case catch class const continue default delete do else enum export extends finally for func function go goto if import in "
               "instanceof interface let namespace new null package private protected public return static struct super switch this throw throws try type typeof "
               "using var void while yield true false")},
        {list("conf cnf ini cfg service timer socket yml yaml toml rules htaccess env"), {}, list("# ;"), {}, {}, text("\"'"), {}},
        {list("html htm xml svg"), {}, {}, text("<!--"), text("-->"), text("\"'"), {}},
        {list("sql"), {}, list("--"), text("/*"), text("*/"), text("'\""),
         words("SELECT FROM WHERE INSERT INTO VALUES UPDATE SET DELETE CREATE TABLE DROP ALTER INDEX AND OR NOT NULL PRIMARY KEY select from where insert into values update set delete")},
    };
    static const Language none{{}, {}, {}, {}, {}, {}, {}};
    const auto ending = name.mid(name.lastIndexOf(QLatin1Char('.')) + 1).toLower();
    for (const auto& language : languages) {
        if (language.endings.contains(ending)) return language;
    }
    if (first_line.startsWith(QLatin1String("#!"))) {
        for (const auto& language : languages) {
            for (const auto& interpreter : language.interpreters) {
                if (first_line.contains(interpreter)) return language;
            }
        }
    }
    if (first_line.contains(QLatin1String("<?php"))) return languages.front();
    return none;
}

void CodeColours::set_language(const QString& name, const QString& first_line) {
    m_language = &language_of(name, first_line);
    rehighlight();
}

void CodeColours::set_escapes(std::vector<std::pair<int, int>> escapes) {
    m_escapes = std::move(escapes);
    rehighlight();
}

void CodeColours::set_marked_line(int line) {
    m_marked = line;
    rehighlight();
}

void CodeColours::set_dark(bool dark) {
    m_dark = dark;
    rehighlight();
}

void CodeColours::colour_code(const QString& line) {
    const auto& language = *m_language;
    QTextCharFormat comment, quoted, word, number;
    comment.setForeground(m_dark ? QColor(0x8a, 0x96, 0xa3) : QColor(0x5a, 0x65, 0x70));
    comment.setFontItalic(true);
    quoted.setForeground(m_dark ? QColor(0x9c, 0xcc, 0x9c) : QColor(0x2e, 0x6b, 0x34));
    word.setForeground(m_dark ? QColor(0x8f, 0xbc, 0xf0) : QColor(0x1f, 0x4f, 0x8f));
    word.setFontWeight(QFont::DemiBold);
    number.setForeground(m_dark ? QColor(0xe0, 0xb0, 0x80) : QColor(0x8a, 0x4b, 0x12));

    const int end = std::min<int>(static_cast<int>(line.size()), k_coloured_at_most);
    int at = 0;
    setCurrentBlockState(0);
    const auto comment_from = [&](int from) {
        const auto closing = line.indexOf(language.block_end, from);
        const int stop = closing < 0 ? static_cast<int>(line.size()) : static_cast<int>(closing + language.block_end.size());
        setFormat(at, stop - at, comment);
        if (closing < 0) setCurrentBlockState(k_in_comment);
        at = stop;
    };
    if (previousBlockState() == k_in_comment && !language.block_end.isEmpty()) comment_from(0);
    while (at < end) {
        const QChar c = line[at];
        if (!language.block_begin.isEmpty() && QStringView(line).mid(at).startsWith(language.block_begin)) {
            comment_from(at + static_cast<int>(language.block_begin.size()));
            continue;
        }
        const bool line_comment = std::any_of(language.line_comments.begin(), language.line_comments.end(), [&](const QString& sign) {
            return QStringView(line).mid(at).startsWith(sign);
        });
        if (line_comment) {
            setFormat(at, static_cast<int>(line.size()) - at, comment);
            return;
        }
        if (language.quotes.contains(c)) {
            int stop = at + 1;
            while (stop < line.size() && line[stop] != c) stop += line[stop] == QLatin1Char('\\') ? 2 : 1;
            stop = std::min<int>(stop + 1, static_cast<int>(line.size()));
            setFormat(at, stop - at, quoted);
            at = stop;
            continue;
        }
        if (c.isLetter() || c == QLatin1Char('_') || c == QLatin1Char('$')) {
            int stop = at + 1;
            while (stop < line.size() && (line[stop].isLetterOrNumber() || line[stop] == QLatin1Char('_'))) ++stop;
            if (language.words.contains(line.mid(at, stop - at))) setFormat(at, stop - at, word);
            at = stop;
            continue;
        }
        if (c.isDigit()) {
            int stop = at + 1;
            while (stop < line.size() && (line[stop].isLetterOrNumber() || line[stop] == QLatin1Char('.'))) ++stop;
            setFormat(at, stop - at, number);
            at = stop;
            continue;
        }
        ++at;
    }
}

void CodeColours::highlightBlock(const QString& line) {
    if (m_language) colour_code(line);
    const int start = currentBlock().position(), end = start + static_cast<int>(line.size());
    QTextCharFormat escape;
    escape.setForeground(m_dark ? QColor(0xd0, 0x90, 0xd0) : QColor(0x8a, 0x3d, 0x8a));
    const auto first = std::lower_bound(m_escapes.begin(), m_escapes.end(), std::pair(start, 0));
    for (auto place = first; place != m_escapes.end() && place->first < end; ++place) setFormat(place->first - start, place->second, escape);
    if (currentBlock().blockNumber() == m_marked) {
        const auto tint = m_dark ? QColor(0x5c, 0x44, 0x10) : QColor(0xff, 0xef, 0xc2);
        for (int at = 0; at < line.size(); ++at) {
            auto with = format(at);
            with.setBackground(tint);
            setFormat(at, 1, with);
        }
    }
}

}  // namespace deadbox::gui
