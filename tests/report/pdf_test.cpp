// report.pdf as other programs see it: poppler's text, boxes and fonts, qpdf's structure.
#include <QFile>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <map>
#include <set>

#include "people_case.hpp"
#include "report/build.hpp"
#include "report/format.hpp"
#include "report/pdf_pages.hpp"
#include "report/visible.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(missing)");
}

QByteArray output_of(const QString& program, const QStringList& arguments, int* status = nullptr) {
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(120'000)) return "(did not finish)";
    if (status != nullptr) *status = process.exitCode();
    return process.readAllStandardOutput();
}

// Letters and digits alone: how lines are broken and spaced does not matter.
QString bare(const QString& text) {
    static const QRegularExpression k_space(QStringLiteral("[\\s\\x{200b}]+"));
    QString out = text;
    return out.remove(k_space);
}

report::Report write(const test::CaseFixture& fixture, const QString& folder, const char* formats = "pdf", const char* language = "en") {
    const auto view = case_file::View::open(fixture.path());
    const auto texts = report::Texts::load(language);
    report::BuildOptions options;
    options.tlp = "amber";
    const auto model = report::build_report(*view, *texts, options);
    if (!model) qFatal("%s", model.error().what.c_str());
    const auto written = report::write_report({*model, *view, *texts}, formats, folder.toStdString());
    if (!written) qFatal("%s", written.error().what.c_str());
    return *model;
}

struct Word {
    int page = 0;
    double left = 0, top = 0, right = 0, bottom = 0;
    QString text;
};
std::vector<Word> words_of(const QString& pdf) {
    std::vector<Word> words;
    static const QRegularExpression k_word(QStringLiteral("<word xMin=\"([-\\d.]+)\" yMin=\"([-\\d.]+)\" xMax=\"([-\\d.]+)\" yMax=\"([-\\d.]+)\">(.*)</word>"));
    int page = 0;
    for (const QString& line : QString::fromUtf8(output_of("pdftotext", {"-bbox", pdf, "-"})).split('\n')) {
        page += line.contains(QStringLiteral("<page ")) ? 1 : 0;
        if (const auto m = k_word.match(line); m.hasMatch())
            words.push_back({page, m.captured(1).toDouble(), m.captured(2).toDouble(), m.captured(3).toDouble(), m.captured(4).toDouble(), m.captured(5)});
    }
    return words;
}

}  // namespace

class PdfTest : public QObject {
    Q_OBJECT
private slots:
    // What is left out is said, nothing leads to it, and what is chosen is there.
    void a_part_says_that_it_is_one() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        const auto view = case_file::View::open(fixture.path());
        const auto texts = report::Texts::load("en");
        const auto model = report::build_report(*view, *texts, {});
        QVERIFY(model.has_value());
        QVERIFY(!model->findings.empty());
        QTemporaryDir folder;
        report::Selection selection;
        selection.sections = {"summary", "findings"};
        selection.findings = report::Told::kept;
        const auto written = report::write_report({*model, *view, *texts, {}, selection}, "html,pdf,json", folder.path().toStdString());
        QVERIFY2(written.has_value(), written ? "" : written.error().what.c_str());
        const auto html = contents(folder.filePath("report.html"));
        QVERIFY(html.contains("This is a part of the report"));
        QVERIFY(!html.contains("id=\"custody\""));
        const auto kept = std::count_if(model->findings.begin(), model->findings.end(), [](const auto& f) { return f.state != "dismissed"; });
        QVERIFY(kept < static_cast<std::ptrdiff_t>(model->findings.size()));
        QCOMPARE(html.count("<article"), static_cast<qsizetype>(kept));
        QVERIFY(html.contains("not told in this report"));
        static const QRegularExpression k_links(QStringLiteral("href=\"#([^\"]+)\""));
        for (auto links = k_links.globalMatch(QString::fromUtf8(html)); links.hasNext();) {
            const auto anchor = links.next().captured(1);
            QVERIFY2(html.contains(("id=\"" + anchor + "\"").toUtf8()), qPrintable(anchor));
        }
        QVERIFY(bare(QString::fromUtf8(output_of("pdftotext", {folder.filePath("report.pdf"), "-"}))).contains(QStringLiteral("Thisisapartofthereport")));
        QVERIFY(contents(folder.filePath("report.json")).contains(QByteArray::fromStdString(model->findings.back().id)));
    }

    // Libraries of line breaking have taken U+FFFF for the end of the text, and given up at two regional indicators in a row.
    void every_character_can_be_broken_into_lines_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("U+FFFF") << QString::fromUtf8("a\xef\xbf\xbf" "b");
        QTest::newRow("U+FFFE alone") << QString::fromUtf8("\xef\xbf\xbe");
        QTest::newRow("U+10FFFF") << QString::fromUtf8("a \xf4\x8f\xbf\xbf b");
        QTest::newRow("flag") << QString::fromUtf8("\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa");
        QTest::newRow("family, flag, letters") << QString::fromUtf8("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7\xf0\x9f\x8f\xb3\xef\xb8\x8f\xe2\x80\x8d\xf0\x9f\x8c\x88\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa.php");
        // Each block of Unicode beside others of it and beside any other.
        QRandomGenerator random(20261130);
        for (const char32_t last : {U'\u02ff', U'\u0fff', U'\uffff', U'\U0001ffff', U'\U0010ffff'}) {
            QString mixed;
            for (int i = 0; i < 300; ++i) {
                const char32_t block = random.bounded(static_cast<quint32>(last)) & ~0xfu;
                for (int n = random.bounded(1, 4); n > 0; --n)
                    if (const char32_t c = block + random.bounded(16u); c >= 0x20 && (c < 0xd800 || c > 0xdfff)) mixed += QString::fromUcs4(&c, 1);
            }
            QTest::addRow("any character up to U+%04X", static_cast<unsigned>(last)) << mixed;
        }
    }
    void every_character_can_be_broken_into_lines() {
        QFETCH(QString, text);
        auto fonts = pdf::Fonts::load(some_fonts());
        QVERIFY2(fonts.has_value(), fonts ? "" : fonts.error().what.c_str());
        const pdf::TextRun run{text.toStdString(), {pdf::FontRole::text, 10, {}, -1}, false};
        QVERIFY(!pdf::break_lines(*fonts, std::span(&run, 1), 100).empty());
    }

    // A column is as wide as its longest word, bold ones too.
    void words_are_whole_in_narrow_columns() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        QTemporaryDir folder;
        write(fixture, folder.path(), "pdf", "de");
        const auto words = words_of(folder.filePath("report.pdf"));
        if (words.empty()) QSKIP("SKIPPED: pdftotext (poppler-utils) is not installed");
        QVERIFY(std::any_of(words.begin(), words.end(), [](const Word& word) { return word.text == QStringLiteral("Datenschutzbeauftragte"); }));
    }

    void a_logo_stands_in_the_head_data() {
        QTest::addColumn<int>("kind");  // PNG colour type
        QTest::newRow("grey") << 0;
        QTest::newRow("colour") << 2;
        QTest::newRow("grey, transparent") << 4;
        QTest::newRow("colour, transparent") << 6;
    }
    void a_logo_stands_in_the_head() {
        QFETCH(int, kind);
        const std::size_t channels = kind == 0 ? 1 : kind == 2 ? 3 : kind == 4 ? 2 : 4;
        const auto number = [](std::uint32_t n) { return std::string{static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8), static_cast<char>(n)}; };
        const auto chunk = [&](const std::string& type, const std::string& bytes) { return number(static_cast<std::uint32_t>(bytes.size())) + type + bytes + std::string(4, '\0'); };
        std::string rows;
        for (int y = 0; y < 4; ++y) {
            rows += static_cast<char>(y);  // none, sub, up, average
            rows += std::string(8 * channels, static_cast<char>(y == 0 ? 200 : 0));
        }
        const auto packed = qCompress(QByteArray::fromStdString(rows)).mid(4).toStdString();
        report::Selection selection;
        selection.logo = std::string("\x89PNG\r\n\x1a\n", 8) + chunk("IHDR", number(8) + number(4) + std::string{8, static_cast<char>(kind), 0, 0, 0}) + chunk("IDAT", packed) + chunk("IEND", "");
        QVERIFY(report::check_logo(selection.logo).has_value());
        QVERIFY(!report::check_logo(selection.logo.substr(0, 60)).has_value());
        QVERIFY(!report::check_logo("GIF89a").has_value());
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        const auto view = case_file::View::open(fixture.path());
        const auto texts = report::Texts::load("en");
        const auto model = report::build_report(*view, *texts, {});
        QTemporaryDir folder;
        QVERIFY(report::write_report({*model, *view, *texts, {}, selection}, "html,pdf", folder.path().toStdString()).has_value());
        const auto images = output_of("pdfimages", {"-list", folder.filePath("report.pdf")});
        QVERIFY2(images.contains("   8     4  rgb"), images.constData());
        int status = -1;
        output_of("qpdf", {"--check", folder.filePath("report.pdf")}, &status);
        QCOMPARE(status, 0);
        QVERIFY(contents(folder.filePath("report.html")).contains("src=\"data:image/png;base64,iVBOR"));
        QVERIFY(contents(folder.filePath("report.html")).contains("img-src data:"));
    }

    void everything_is_there_data() {
        QTest::addColumn<QByteArray>("language");
        QTest::newRow("English") << QByteArray("en");
        QTest::newRow("German") << QByteArray("de");
    }
    void everything_is_there() {
        QFETCH(QByteArray, language);
        test::CaseFixture fixture;
        test::fill_hostile(fixture);
        QTemporaryDir folder;
        const auto model = write(fixture, folder.path(), "pdf,html", language.constData());
        const QString pdf = folder.filePath("report.pdf");
        int status = -1;
        output_of("qpdf", {"--check", pdf}, &status);
        QCOMPARE(status, 0);
        const QString text = QString::fromUtf8(output_of("pdftotext", {pdf, "-"})), page = bare(text);
        QVERIFY(model.findings.size() > 20);
        for (const auto& f : model.findings) {
            QVERIFY2(page.contains(QString::fromStdString(f.id)), f.id.c_str());
            // Letters of other scripts have a test of their own.
            const QString title = bare(QString::fromStdString(report::visible(f.title)));
            if (f.title.size() < 200 && std::all_of(f.title.begin(), f.title.end(), [](char c) { return c >= ' ' && c < 0x7f; })) QVERIFY2(page.contains(title), f.title.c_str());
            for (std::size_t i = 0; i < std::min<std::size_t>(f.items.size(), 50); ++i) QVERIFY2(text.contains(QString::fromStdString(f.items[i].sha256)), f.items[i].sha256.c_str());
        }
        for (const auto& e : model.evidence) QVERIFY(text.contains(QString::fromStdString(e.media_sha256)));
        QVERIFY(text.contains(QString::fromStdString(model.run.custody_head)));
        const auto info = QString::fromUtf8(output_of("pdfinfo", {pdf}));
        QVERIFY(info.contains(QRegularExpression(QStringLiteral("Tagged: +yes"))));
        const int pages = QRegularExpression(QStringLiteral("Pages: +(\\d+)")).match(info).captured(1).toInt();
        for (int n = 1; n <= pages; ++n)
            QVERIFY2(text.contains(language == "de" ? QStringLiteral("Seite %1 von %2").arg(n).arg(pages) : QStringLiteral("Page %1 of %2").arg(n).arg(pages)), qPrintable(QString::number(n)));
        // The annex is named with its digest, and is what it says.
        const QByteArray annex = QCryptographicHash::hash(contents(folder.filePath("items.csv")), QCryptographicHash::Sha256).toHex();
        QVERIFY(text.contains(QString::fromLatin1(annex)));
        QVERIFY(contents(folder.filePath("report.html")).contains(annex));
        QVERIFY(contents(folder.filePath("items.csv")).contains("/srv/many/file-119.bin"));
        QVERIFY(!text.contains("file-119.bin"));
        // Bookmarks: each section and each finding.
        const QByteArray structure = output_of("qpdf", {"--qdf", "--object-streams=disable", pdf, "-"});
        QCOMPARE(structure.count("/Title "), structure.count("/Dest [") - structure.count("/Subtype /Link") + 1);
        QVERIFY(structure.count("/Title ") > static_cast<qsizetype>(model.findings.size()) + 11);
        QVERIFY(structure.count("/Subtype /Link") > 20);
    }

    void every_script_is_kept_data() {
        QTest::addColumn<QByteArray>("name");
        for (const auto& script : test::k_scripts) QTest::newRow(script.script) << QByteArray::fromStdString(std::string(script.name));
    }
    void every_script_is_kept() {
        static QTemporaryDir folder;
        static QString text;
        if (text.isEmpty()) {
            test::CaseFixture fixture;
            test::fill_hostile(fixture);
            write(fixture, folder.path());
            text = bare(QString::fromUtf8(output_of("pdftotext", {folder.filePath("report.pdf"), "-"}))).normalized(QString::NormalizationForm_C);
        }
        QFETCH(QByteArray, name);
        const QString wanted = bare(QString::fromUtf8(name)).normalized(QString::NormalizationForm_C);
        QVERIFY2(text.contains(wanted), name.constData());
    }

    void fonts_are_in_the_file() {
        test::CaseFixture fixture;
        test::fill_hostile(fixture);
        QTemporaryDir folder;
        write(fixture, folder.path());
        const auto lines = output_of("pdffonts", {folder.filePath("report.pdf")}).split('\n');
        QVERIFY(lines.size() > 6);
        for (qsizetype i = 2; i < lines.size(); ++i)
            if (!lines[i].isEmpty()) QVERIFY2(lines[i].contains("yes yes yes"), lines[i].constData());  // embedded, a subset, with its text
    }

    void nothing_lies_outside() {
        test::CaseFixture fixture;
        test::fill_hostile(fixture);
        QTemporaryDir folder;
        write(fixture, folder.path());
        const auto words = words_of(folder.filePath("report.pdf"));
        QVERIFY(words.size() > 2000);
        for (const auto& w : words) {
            const bool inside = w.left >= report::Paginator::k_left - 1 && w.right <= report::Paginator::k_right + 1 && w.top >= 20 && w.bottom <= 830;
            QVERIFY2(inside, qPrintable(QStringLiteral("page %1: %2 at %3..%4, %5..%6").arg(w.page).arg(w.text).arg(w.left).arg(w.right).arg(w.top).arg(w.bottom)));
            const bool body = w.bottom <= report::Paginator::k_bottom + 3, foot = w.top >= 800;
            QVERIFY2(body || foot, qPrintable(QStringLiteral("page %1: %2 at %3..%4").arg(w.page).arg(w.text).arg(w.top).arg(w.bottom)));
        }
    }

    // A table over many pages: its head on each, no row on two, a row taller than a page over as few as it needs.
    void rows_stay_whole() {
        report::Table table;
        table.columns = {{"firsthead", 1}, {"secondhead", 3}, {"thirdhead", 1, report::Align::right}};
        for (int i = 0; i < 300; ++i) {
            report::Phrase middle;
            for (int line = 0; line < 1 + i % 7; ++line) middle.line().say(QStringLiteral("r%1x%2").arg(i).arg(line).toStdString());
            table.rows.push_back({report::Phrase("r" + std::to_string(i) + "begin"), middle, report::Phrase("r" + std::to_string(i) + "end")});
        }
        table.rows.push_back({report::Phrase("tall"), report::Phrase(std::string(9000, 'W')), report::Phrase("tallend")});
        std::string bytes;
        const QString pdf = make_pdf([&](const report::BlockSink& sink) {
            report::Block block;
            block.kind = report::BlockKind::table, block.table = table;
            sink(block);
        });
        std::map<QString, std::set<int>> pages;
        std::map<int, int> heads;
        int last = 0;
        static const QRegularExpression k_row(QStringLiteral("^r(\\d+)(begin|end|x\\d+)$"));
        for (const auto& w : words_of(pdf)) {
            last = std::max(last, w.page);
            if (w.text == QStringLiteral("firsthead")) ++heads[w.page];
            if (const auto m = k_row.match(w.text); m.hasMatch()) pages[m.captured(1)].insert(w.page);
        }
        QCOMPARE(pages.size(), std::size_t{300});
        for (const auto& [row, on] : pages) QVERIFY2(on.size() == 1, qPrintable(row));
        QVERIFY(last > 15);
        for (int page = 1; page <= last; ++page) QVERIFY2(heads[page] == 1, qPrintable(QString::number(page)));
    }

    void same_case_same_bytes() {
        test::CaseFixture fixture;
        test::fill_hostile(fixture);
        QTemporaryDir folders[2];
        for (const auto& folder : folders) write(fixture, folder.path());
        QVERIFY(contents(folders[0].filePath("report.pdf")).size() > 10'000);
        QVERIFY(contents(folders[0].filePath("report.pdf")) == contents(folders[1].filePath("report.pdf")));
    }

    void mismatch_stands_first() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        fixture.sql("UPDATE evidence SET acquisition = '{\"tool\":\"ewfacquire\",\"stored_md5\":\"ffffffffffffffffffffffffffffffff\"}'");
        QTemporaryDir folder;
        write(fixture, folder.path(), "pdf,html");
        const auto words = words_of(folder.filePath("report.pdf"));
        const auto first = std::min_element(words.begin(), words.end(), [](const auto& a, const auto& b) { return std::pair(a.page, a.top < 50 ? 999 : a.top) < std::pair(b.page, b.top < 50 ? 999 : b.top); });
        QCOMPARE(first->text, QStringLiteral("The"));
        const QByteArray html = contents(folder.filePath("report.html"));
        QVERIFY(html.indexOf("class=alarm") < html.indexOf("<h1"));
        QVERIFY(html.indexOf("class=alarm") < html.indexOf("class=tlp"));
    }

    void secrets_stay_out() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        QTemporaryDir folder;
        write(fixture, folder.path());
        const QByteArray text = output_of("pdftotext", {folder.filePath("report.pdf"), "-"});
        QVERIFY(text.contains("root:[redacted]:19000"));
        QVERIFY(!text.contains("$6$salt"));
        QVERIFY(text.contains("TLP:AMBER"));
    }

    // A report to look at: DEADBOX_KEEP names the folder.
    void to_look_at() {
        const QString folder = qEnvironmentVariable("DEADBOX_KEEP");
        if (folder.isEmpty()) QSKIP("DEADBOX_KEEP is not set");
        test::CaseFixture fixture;
        test::fill_hostile(fixture);
        write(fixture, folder, "pdf,html,json");
    }

private:
    static pdf::FontList some_fonts() {
        pdf::FontList list;
        list.folders = {"/usr/share/fonts"};
        list.of_role = {{{"NotoSans-Regular.ttf", "DejaVuSans.ttf"}, {"NotoSans-Bold.ttf", "DejaVuSans-Bold.ttf"}, {"DejaVuSansMono.ttf"}, {"DejaVuSansMono-Bold.ttf"}}};
        return list;
    }
    QString make_pdf(const std::function<void(const report::BlockSink&)>& fill) {
        auto fonts = pdf::Fonts::load(some_fonts());
        if (!fonts) qFatal("%s", fonts.error().what.c_str());
        QFile file(m_folder.filePath("made.pdf"));
        if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write");
        const auto out = [&](std::string_view bytes) { file.write(bytes.data(), static_cast<qint64>(bytes.size())); };
        pdf::Document document(out, *fonts, {});
        report::PdfPages pages(document);
        const auto sink = [&](const report::Block& block) { pages.block(block); };
        fill(sink);
        pages.end();
        document.finish({"made", "", "", "test", "en", ""}, [](pdf::Canvas&, std::size_t) {});
        return file.fileName();
    }
    QTemporaryDir m_folder;
};
DEADBOX_TEST(PdfTest)
#include "pdf_test.moc"
