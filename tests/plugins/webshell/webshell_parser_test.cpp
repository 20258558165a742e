#include <QFile>

#include "plugin/parser.hpp"
#include "support/memory_file.hpp"
#include "support/recording_sink.hpp"
#include "support/test_main.hpp"
#include "webshell/inspect.hpp"
#include "webshell/verdict.hpp"

using namespace deadbox;

namespace {

struct Fixture {
    QByteArray name, expected, path, text;
};
std::vector<Fixture> fixtures() {
    QFile file(QStringLiteral(DEADBOX_SOURCE_DIR "/tests/plugins/webshell/fixtures.txt"));
    std::vector<Fixture> all;
    if (!file.open(QIODevice::ReadOnly)) return all;
    for (const auto& line : file.readAll().split('\n')) {
        const auto parts = line.split(' ');
        if (parts.size() == 4 && !line.startsWith('#')) all.push_back({parts[0], parts[1], parts[2], QByteArray::fromBase64(parts[3])});
    }
    return all;
}
const plugin::Parser& prepared() {
    static const plugin::Parser* parser = [] {
        const auto* found = plugin::find_parser("webshell");
        (void)found->prepare(DEADBOX_SOURCE_DIR "/resources/webshell");
        return found;
    }();
    return *parser;
}

}  // namespace

class WebshellParserTest : public QObject {
    Q_OBJECT
private slots:
    void levels_data() {
        QTest::addColumn<QByteArray>("expected");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("text");
        for (const auto& f : fixtures()) if (f.expected != "unknown") QTest::newRow(f.name.constData()) << f.expected << f.path << f.text;
    }
    void levels() {
        QFETCH(QByteArray, expected);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, text);
        test::RecordingSink sink;
        const test::MemoryFile file(path.toStdString(), text.toStdString());
        QVERIFY(prepared().parse(file, {}, sink));
        const auto& rows = sink.rows["script"];
        const int level = rows.empty() ? 0 : std::stoi(rows[0].at("level").as_text());
        const QByteArray said = rows.empty() ? QByteArray("no row") : QByteArray::fromStdString(rows[0].at("kind").as_text() + " / " + rows[0].at("signs").as_text());
        if (expected == "clean") QVERIFY2(level == 0, said.constData());
        else if (expected == "low") QVERIFY2(level <= 1, said.constData());
        else if (expected == "doubtful") QVERIFY2(level <= 2, said.constData());
        else {
            const int least = expected == "critical" ? 4 : expected == "high" ? 3 : 2;
            QVERIFY2(level >= least, said.constData());
            QVERIFY(!rows[0].at("excerpt").as_text().empty());
            QVERIFY(rows[0].at("excerpt").as_text().size() <= 400);  // 300, and the word at its edge
            QVERIFY(level < 2 || !sink.kept.empty());
        }
    }

    // "<%" is no page: log formats, templates of other languages, prose. Their mates that are pages are.
    void page_frames_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("language");
        const auto row = [](const char* name, const char* path, const char* text, const char* language) { QTest::newRow(name) << QByteArray(path) << QByteArray(text) << QByteArray(language); };
        row("log format", "/etc/postgresql/15/main/postgresql.conf",
            "#log_line_prefix = '%m [%p] %q%u@%d '\t# special values, e.g. '<%u%%%d> '\n#track_functions = none\n# execute the statement, and eval it\n", "");
        row("log format, balanced", "/etc/app/log.conf", "format = <%h %l %u> execute query <%t%>\n# eval (request) of each\n", "");
        row("erb by name", "/srv/app/views/show.html.erb", "<% if request.form %><%= eval(request.params[:a]) %><% end %>", "");
        row("erb by its marks", "/srv/app/views/show.tpl", "<%- if x -%>\n<%= out.print(request.form) %>\n<%- end -%>", "");
        row("erb by its blocks", "/srv/app/views/list.tpl", "<% rows.each do |row| %><li><%= row.name %></li><%= response.write(row) %><% end %>", "");
        row("ejs", "/srv/app/views/index.ejs", "<% items.forEach(i => { %><li><%= eval(i) %></li><% }) %>", "");
        row("mason", "/usr/share/app/autohandler", "<%args>\n$id\n</%args>\n<% $m->request(eval { $id }) %>\n<%perl>system($id)</%perl>", "");
        row("mako", "/srv/app/page.txt", "<%inherit file=\"base.txt\"/>\n<%def name=\"a()\">${request.form}</%def>\n<% request.form.get(1) %>", "");
        row("jinja", "/srv/app/mail.j2", "{% if request.form %}{{ eval(request.form) }}{% endif %} <%", "");
        row("perl's pod", "/opt/doc/Driver.pod", "  sub execute {\n    my %a = (<%h>, 1);\n  }\nexecute (a) and eval \"x\"\n", "");
        row("man page", "/opt/man/a.1", ".TH A 1\nUse <% to begin and %> to end code that eval (or execute a) runs; see request(7).\n", "");
        row("vim syntax", "/opt/vim/asp.vim", "syn region Asp start=+<%+ end=+%>+\nsyn keyword AspFunc execute eval Request Response.Write\n", "");
        row("racket", "/opt/vim/r.vim", "syntax match x \"<%>?\"\nexecute \"normal\" . request(1)\n", "");
        row("keyword in a text", "/srv/a.txt", "<% x = \"response.write(1)\" %>", "");
        row("asp", "/srv/www/a.txt", "<html><% Dim x\nx = Request.Form(\"a\")\nResponse.Write x %></html>", "asp");
        row("asp, server's script", "/srv/www/a.txt", "<SCRIPT LANGUAGE=\"VBScript\" RUNAT=\"Server\">\nResponse.Write 1\n</SCRIPT>", "asp");
        row("jsp by directive", "/srv/www/a.txt", "<%@ page import=\"java.util.*\" %><p><%= 1 %></p>", "jsp");
        row("jsp by code", "/srv/www/a.txt", "<% out.println(request.getParameter(\"a\")); %>", "jsp");
        row("aspx by directive", "/srv/www/a.txt", "<%@ Page Language=\"C#\" %><p>hello</p>", "aspx");
        row("jsp by name", "/srv/www/a.jsp", "<p>hello</p>", "jsp");
    }
    void page_frames() {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, language);
        QCOMPARE(QByteArray::fromStdString(std::string(plugins::webshell::name_of(plugins::webshell::language_of(path.toStdString(), text.toStdString())))), language);
        test::RecordingSink sink;
        const test::MemoryFile file(path.toStdString(), text.toStdString());
        QVERIFY(prepared().parse(file, {}, sink));
        QVERIFY(sink.rows["script"].empty());
    }
    // The head that decides about a file may end within its first block.
    void block_longer_than_the_head_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("language");
        QTest::newRow("page") << QByteArray("Response.Write Request(\"title\") & \"a line\"\n") << QByteArray("asp");
        QTest::newRow("prose") << QByteArray("log_line_prefix = of each line, the request that it belongs to\n") << QByteArray("");
    }
    void block_longer_than_the_head() {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, language);
        const auto head = (QByteArray("<%\n") + line.repeated(4000)).left(65536).toStdString();
        QCOMPARE(QByteArray::fromStdString(std::string(plugins::webshell::name_of(plugins::webshell::language_of("/srv/www/a.txt", head)))), language);
        // A short text whose block nothing ends is none.
        QCOMPARE(plugins::webshell::language_of("/srv/www/a.txt", head.substr(0, 4000)), plugins::webshell::Language::none);
    }
    // A page without a page's name is judged by its code, not by the text around it; a page's words in comments are words.
    void only_code_counts_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("found");
        QTest::newRow("prose around") << QByteArray("/srv/doc/a.txt") << QByteArray("Never Execute(Request(\"k\")) and never use WScript.Shell.\n<% Response.Write 1 %>") << false;
        QTest::newRow("code") << QByteArray("/srv/doc/a.txt") << QByteArray("Some words.\n<% Response.Write 1 : Execute(Request(\"k\")) %>") << true;
        QTest::newRow("comment") << QByteArray("/srv/www/a.asp") << QByteArray("<%\n' execute the query, eval (all) of it\nSet r = c.Execute(\"SELECT 1\")\nx = \"execute order\"\n%>\nPlease execute the order.") << false;
        QTest::newRow("statement") << QByteArray("/srv/www/a.asp") << QByteArray("<%\nx = Session(\"a\")\nExecute x\n%>") << true;
    }
    void only_code_counts() {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, text);
        QFETCH(bool, found);
        test::RecordingSink sink;
        const test::MemoryFile file(path.toStdString(), text.toStdString());
        QVERIFY(prepared().parse(file, {}, sink));
        QCOMPARE(!sink.rows["script"].empty(), found);
        if (found && text.contains('\n')) QVERIFY(std::stoi(sink.rows["script"][0].at("line").as_text()) > 1);
    }

    void other_files_cost_nothing() {
        test::RecordingSink sink;
        const test::MemoryFile film("/srv/film.mkv", std::string("\x1a\x45\xdf\xa3") + std::string(100'000, '\x01'));
        QVERIFY(prepared().parse(film, {}, sink));
        QVERIFY(sink.rows.empty());
    }

    // Whatever the bytes, it ends, and soon.
    void damaged() {
        std::uint64_t state = 88172645463325252ull;
        const auto random = [&] { state ^= state << 13; state ^= state >> 7; state ^= state << 17; return state; };
        for (const auto& f : fixtures()) {
            for (int round = 0; round < 60; ++round) {
                std::string text = f.text.toStdString();
                for (std::uint64_t i = 0, n = 1 + random() % 6; i < n && !text.empty(); ++i) {
                    const auto at = random() % text.size();
                    switch (random() % 5) {
                        case 0: text[at] = static_cast<char>(random()); break;
                        case 1: text.erase(at, random() % 8); break;
                        case 2: text.insert(at, text.substr(random() % text.size(), random() % 40)); break;
                        case 3: text.insert(at, 1, "{}()[]'\"`$;\\<?"[random() % 14]); break;
                        default: text.resize(at); break;
                    }
                }
                test::RecordingSink sink;
                const test::MemoryFile file(f.path.toStdString(), text);
                QVERIFY(prepared().parse(file, {}, sink));
            }
        }
    }

    void nested_deeply() {
        for (const std::string_view piece : {"(", "[", "{", "if(1)", "$a[", "!", "function(){", "\"{$a[", "$$", "a(", "?:", "new ", "-", "@", "case 1:"}) {
            std::string text = "<?php eval(";
            for (int i = 0; i < 20'000; ++i) text += piece;
            test::RecordingSink sink;
            const test::MemoryFile file("/x.php", text);
            QVERIFY(prepared().parse(file, {}, sink));
        }
    }
    // Programs whose values are followed, of whatever brackets, quotes and blocks that nothing closes.
    void programs_nested_deeply_data() {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("head");
        QTest::newRow("perl") << QByteArray("/srv/a.pl") << QByteArray("use CGI; $q = $ENV{QUERY_STRING}; system($q);\n");
        QTest::newRow("python") << QByteArray("/srv/a.py") << QByteArray("import os\nq = os.environ['QUERY_STRING']\nos.system(q)\n");
        QTest::newRow("ruby") << QByteArray("/srv/a.rb") << QByteArray("q = ENV['QUERY_STRING']\nsystem(q)\n");
        QTest::newRow("node") << QByteArray("/srv/a.js") << QByteArray("const cp = require('child_process'); cp.exec(req.query.a);\n");
        QTest::newRow("lua") << QByteArray("/srv/a.lua") << QByteArray("local q = ngx.var.arg_x\nos.execute(q)\n");
    }
    void programs_nested_deeply() {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, head);
        for (const std::string_view piece : {"(", "[", "{", "system(", "${", "&{", "`$a", "%x{", "<<A\n", "s{a}{", "q{", "lambda:", "$a->", "a(b,", "=", "\"$a[", "'", "/*", "--[[", "def f(", "sub f{", "$x = $x . "}) {
            std::string text = head.toStdString();
            for (int i = 0; i < 4000; ++i) text += piece;
            test::RecordingSink sink;
            const test::MemoryFile file(path.toStdString(), text);
            QVERIFY(prepared().parse(file, {}, sink));
            QVERIFY2(!sink.rows["script"].empty(), std::string(piece).c_str());
        }
    }
    void endless() {
        for (const std::string_view code : {"$a='a'; while(true) { $a .= $a; } eval($a);", "for(;;) $x[] = 1; eval($x);", "function f($a) { return f($a . $a) . f($a); } eval(f('abc'));",
                                            "$a = 'eval($a);'; eval($a);", "$s = str_repeat('a', 9000000); $s = str_repeat($s, 9000000); eval($s);", "eval(eval(eval('eval($x);')));"}) {
            test::RecordingSink sink;
            const test::MemoryFile file("/x.php", "<?php " + std::string(code));
            QVERIFY(prepared().parse(file, {}, sink));
        }
    }
};
DEADBOX_TEST(WebshellParserTest)
#include "webshell_parser_test.moc"
