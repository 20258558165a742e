#include "report/alarms.hpp"
#include "report/build.hpp"

#include <QCryptographicHash>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QXmlStreamReader>
#include <nlohmann/json.hpp>
#include <set>

#include "base/encoding.hpp"
#include "case/export_names.hpp"
#include "report/csv.hpp"
#include "report/custody_words.hpp"
#include "report/document_writer.hpp"
#include "report/format.hpp"
#include "report/questions.hpp"
#include "report/verdict.hpp"
#include "sample_case.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using nlohmann::json;

namespace {

QByteArray text_of_file(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(missing)");
}

// Every format into a folder.
void write_all(const test::CaseFixture& fixture, const QString& folder, report::Redact redact = report::Redact::secrets) {
    const auto view = case_file::View::open(fixture.path());
    const auto texts = report::Texts::load("en");
    report::BuildOptions options;
    options.redact = redact;
    const auto model = report::build_report(*view, *texts, options);
    if (!model) QFAIL(model.error().what.c_str());
    const auto written = report::write_report({*model, *view, *texts}, "html,pdf,json,csv,bodyfile,timesketch,dfxml,case,stix,misp,navigator,hashlist", folder.toStdString());
    if (!written) QFAIL(written.error().what.c_str());
}

}  // namespace

class ReportTest : public QObject {
    Q_OBJECT
private slots:
    void verdict_data() {
        QTest::addColumn<QByteArray>("findings");  // rule severity confidence state, separated by ';'
        QTest::addColumn<bool>("system");
        QTest::addColumn<bool>("missing");
        QTest::addColumn<QByteArray>("level");
        QTest::newRow("nothing") << QByteArray("") << true << false << QByteArray("no_indication");
        QTest::newRow("no system") << QByteArray("") << false << false << QByteArray("undetermined");
        QTest::newRow("source missing") << QByteArray("") << true << true << QByteArray("undetermined");
        QTest::newRow("medium alone") << QByteArray("a 2 2 open") << true << false << QByteArray("no_indication");
        QTest::newRow("one critical, likely") << QByteArray("a 4 1 open") << true << true << QByteArray("compromised");
        QTest::newRow("one critical, possible") << QByteArray("a 4 0 open") << true << false << QByteArray("suspicious");
        QTest::newRow("one critical, dismissed") << QByteArray("a 4 2 dismissed") << true << false << QByteArray("no_indication");
        QTest::newRow("one high") << QByteArray("a 3 2 open") << true << false << QByteArray("suspicious");
        QTest::newRow("two high, one rule") << QByteArray("a 3 2 open;a 3 2 open") << true << false << QByteArray("suspicious");
        QTest::newRow("two high, two rules") << QByteArray("a 3 2 open;b 3 1 confirmed") << true << false << QByteArray("compromised");
        QTest::newRow("two high, one only possible") << QByteArray("a 3 2 open;b 3 0 open") << true << false << QByteArray("suspicious");
        QTest::newRow("two high, one dismissed") << QByteArray("a 3 2 open;b 3 2 dismissed") << true << false << QByteArray("suspicious");
        QTest::newRow("critical without a system") << QByteArray("a 4 2 open") << false << true << QByteArray("compromised");
    }
    void verdict() {
        QFETCH(QByteArray, findings);
        QFETCH(bool, system);
        QFETCH(bool, missing);
        QFETCH(QByteArray, level);
        std::vector<std::string> rules;
        rules.reserve(10);
        std::vector<report::Weight> weights;
        for (const auto& text : findings.split(';')) {
            const auto part = text.split(' ');
            if (part.size() < 4) continue;
            rules.push_back(part[0].toStdString());
            weights.push_back({"id", rules.back(), static_cast<plugin::Severity>(part[1].toInt()), static_cast<plugin::Confidence>(part[2].toInt()), part[3] == "dismissed"});
        }
        QCOMPARE(QByteArray::fromStdString(std::string(report::name_of(report::judge(weights, system, missing).level))), level);
    }

    // One is not many, and figures have the language's sign.
    void words_for_numbers() {
        const auto en = report::Texts::load("en"), de = report::Texts::load("de");
        QVERIFY(en && de);
        for (const auto& [count, said] : {std::pair("1", "1 record was"), std::pair("2", "2 records were"), std::pair("21", "21 records were")})
            QCOMPARE(report::fill("{count} {count|record was|records were}", {{"count", count}}), std::string(said));
        QCOMPARE(report::fill("[[in {count} {count|hour|hours}]]", {}), std::string());
        QCOMPARE(en->argument("exfiltration", "size", "2.4 MB", {}), std::string("2.4 MB"));
        QCOMPARE(de->argument("exfiltration", "size", "2.4 MB", {}), std::string("2,4 MB"));
        for (const char* plain : {"10.0.0.5", "1.2 x", "203.0.113.7 MB", "a.b MB", "openssh 9.2 s"}) QCOMPARE(de->argument("exfiltration", "size", plain, {}), std::string(plain));
        QCOMPARE(report::size_text(1'572'864, *de), std::string("1,5 MiB (1572864 B)"));
        QCOMPARE(report::size_text(1'572'864, *en), std::string("1.5 MiB (1572864 B)"));
        const auto title = [&](const report::Texts& texts, const char* count) { return report::fill(texts.find("logs", "rules.wtmp_zeroed.title"), {{"records", count}, {"path", "/var/log/wtmp"}}); };
        QCOMPARE(title(*de, "1"), std::string("1 Anmeldeeintrag in /var/log/wtmp wurde mit Nullen überschrieben"));
        QCOMPARE(title(*en, "2"), std::string("2 login records were overwritten with zeros in /var/log/wtmp"));
    }

    void custody_in_words_data() {
        QTest::addColumn<QByteArray>("details");
        QTest::addColumn<QByteArray>("german");
        QTest::newRow("opened") << QByteArray("{\"access\":\"read-only\",\"evidence\":\"/x/read-only\",\"identity\":\"ab\"}") << QByteArray("Zugriff: nur lesend; Beweismittel: /x/read-only; Kennung: ab");
        QTest::newRow("begun") << QByteArray("{\"jobs\":2,\"made_anew\":[],\"options\":{\"clock_offset\":null,\"exclude\":[],\"journal\":\"replay\",\"profile\":\"full\"}}") << QByteArray("Arbeitsprozesse: 2; Einstellungen: (Journal: im Speicher nachvollzogen, Umfang: vollständig)");
        QTest::newRow("a note") << QByteArray("{\"at\":\"2026\",\"kind\":\"action\",\"permitted_by\":null,\"corrects\":0,\"text\":\"kind of open\"}") << QByteArray("Zeitpunkt: 2026; Art: Handlung; Text: kind of open");
        QTest::newRow("a conclusion") << QByteArray("{\"case.conclusion\":\"{\\\"level\\\":\\\"suspicious\\\",\\\"text\\\":\\\"x\\\"}\"}") << QByteArray("Schlussfolgerung: (Stufe: verdächtig, Text: x)");
        QTest::newRow("tables") << QByteArray("{\"access_log_file\":\"40bd\"}") << QByteArray("access_log_file: 40bd");
        QTest::newRow("none") << QByteArray("[]") << QByteArray("");
    }
    void custody_in_words() {
        QFETCH(QByteArray, details);
        QFETCH(QByteArray, german);
        const auto de = report::Texts::load("de");
        QCOMPARE(QByteArray::fromStdString(report::custody_words(details.toStdString(), *de)), german);
    }

    // The golden file is made again with DEADBOX_GOLDEN=write.
    void golden_json() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        QTemporaryDir folder;
        write_all(fixture, folder.path());
        auto made = json::parse(text_of_file(folder.filePath("report.json")).toStdString());
        QVERIFY(made["run"]["custody_head"].is_string());
        made.erase("run");
        made.erase("questions");  // they follow the rules that the build has
        const QString golden = QStringLiteral(DEADBOX_SOURCE_DIR "/tests/report/golden_report.json");
        if (qEnvironmentVariable("DEADBOX_GOLDEN") == QStringLiteral("write")) {
            QFile file(golden);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(QByteArray::fromStdString(made.dump(1) + "\n"));
        }
        QCOMPARE(QByteArray::fromStdString(made.dump(1) + "\n"), text_of_file(golden));
    }

    void report_says() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        QTemporaryDir folder;
        write_all(fixture, folder.path());
        const auto r = json::parse(text_of_file(folder.filePath("report.json")).toStdString());
        QCOMPARE(r["schema"].get<std::string>(), std::string("deadbox.report/1"));
        std::vector<std::string> ids;
        for (const auto& f : r["findings"]) ids.push_back(f["id"].get<std::string>().substr(0, 1));
        QCOMPARE(ids, (std::vector<std::string>{"a", "c", "b", "d", "e"}));  // severity, first_seen, unknown last
        QCOMPARE(r["verdict"]["level"].get<std::string>(), std::string("compromised"));
        QCOMPARE(r["verdict"]["basis"].size(), std::size_t{3});  // not the dismissed one
        QCOMPARE(r["findings"][1]["state"].get<std::string>(), std::string("dismissed"));
        QCOMPARE(r["findings"][1]["reason"].get<std::string>(), std::string("a test of ours"));
        QCOMPARE(r["evidence"][0]["acquisition"]["matches"].get<bool>(), true);
        QCOMPARE(r["evidence"][0]["expected"]["matches"].get<bool>(), true);
        QCOMPARE(r["questions"].size(), std::size_t{16});
        const auto& item = r["findings"][0]["items"][0];
        QCOMPARE(item["path_hex"].get<std::string>(), base::to_hex(test::k_hostile));
        QCOMPARE(item["user"].get<std::string>(), std::string("www-data"));
        QVERIFY(item["reproduce"][0].get<std::string>().starts_with("icat -o 2048 'my disk.raw' "));
        QVERIFY(item["times"]["d"].is_null());
        QCOMPARE(r["findings"][2]["items"][0]["excerpt"].get<std::string>(), std::string("root:[redacted]:19000"));
        QVERIFY(!text_of_file(folder.filePath("report.json")).contains("/secret/workstation"));
        for (const auto& q : r["questions"])
            if (q["id"] == "data_taken") QCOMPARE(q["answer"].get<std::string>(), std::string("cannot_say"));
    }

    // A report to look at: DEADBOX_KEEP names the folder.
    void to_look_at() {
        const QString folder = qEnvironmentVariable("DEADBOX_KEEP");
        if (folder.isEmpty()) QSKIP("DEADBOX_KEEP is not set");
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        write_all(fixture, folder);
    }

    void places_of_the_workstation_stay_out() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        fixture.sql("UPDATE evidence SET error = 'cannot read /secret/workstation/my disk.raw: Input/output error'");
        fixture.sql("INSERT INTO coverage(level, area, reason, system, folder, count, examples, wave) VALUES('gap', 'container', 'an image could not be opened', NULL, '/secret/workstation', 1, "
                    "'[\"/secret/workstation/my disk.raw: is cut short\"]', 'open')");
        QTemporaryDir folder;
        write_all(fixture, folder.path());
        for (const QString& name : QDir(folder.path()).entryList(QDir::Files)) QVERIFY2(!text_of_file(folder.filePath(name)).contains("/secret/"), qPrintable(name));
        const auto r = json::parse(text_of_file(folder.filePath("report.json")).toStdString());
        QCOMPARE(r["coverage"][0]["examples"][0].get<std::string>(), std::string("my disk.raw: is cut short"));
        QCOMPARE(r["verdict"]["limits"].size() > 3, true);
    }

    void redaction_holds_in_every_format() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        QTemporaryDir folder;
        write_all(fixture, folder.path());
        for (const QString& name : QDir(folder.path()).entryList(QDir::Files)) QVERIFY2(!text_of_file(folder.filePath(name)).contains("$6$salt"), qPrintable(name));
        QTemporaryDir open;
        write_all(fixture, open.path(), report::Redact::none);
        QVERIFY(text_of_file(open.filePath("report.json")).contains("$6$salt"));
    }

    void manifest_is_true() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        QTemporaryDir folder;
        write_all(fixture, folder.path());
        QProcess check;
        check.setWorkingDirectory(folder.path());
        check.start("sha256sum", {"-c", "manifest.sha256"});
        QVERIFY(check.waitForFinished());
        QCOMPARE(check.exitCode(), 0);
    }

    void html_is_safe() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        QTemporaryDir folder;
        write_all(fixture, folder.path());
        const QByteArray html = text_of_file(folder.filePath("report.html"));
        QVERIFY(html.contains("Content-Security-Policy"));
        QCOMPARE(html.count("<script"), 1);  // ours, named by its hash
        const QByteArray script = text_of_file(DEADBOX_SOURCE_DIR "/resources/report/report.js");
        QVERIFY(html.contains("<script>" + script + "</script>"));
        QVERIFY(html.contains("script-src 'sha256-" + QCryptographicHash::hash(script, QCryptographicHash::Sha256).toBase64() + "'"));
        QVERIFY(!html.contains("\x1b"));
        QVERIFY(!html.contains("\xe2\x80\xae"));
        QVERIFY(html.contains("&lt;script&gt;"));
        QVERIFY(!html.contains("<?php"));
        QVERIFY(!html.contains("/secret/workstation"));
    }

    // No format holds a line of the evidence's programs as they were.
    void programs_are_encoded() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        QTemporaryDir folder;
        write_all(fixture, folder.path());
        for (const QString& name : QDir(folder.path()).entryList(QDir::Files)) {
            const QByteArray text = text_of_file(folder.filePath(name));
            QVERIFY2(!text.contains("<?php"), qPrintable(name));
            QVERIFY2(!text.contains("system($_GET"), qPrintable(name));
            // As a scanner undoes markup and entities.
            QString plain = QString::fromUtf8(text).remove(QRegularExpression(QStringLiteral("<[^>]*>"))).replace("&#36;", "$").replace("&#40;", "(").replace("&lt;", "<");
            QVERIFY2(!plain.contains(QStringLiteral("system($_GET")) && !plain.contains(QStringLiteral("<?php system")), qPrintable(name));
        }
        const auto r = json::parse(text_of_file(folder.filePath("report.json")).toStdString());
        QCOMPARE(r["findings"][0]["items"][0]["excerpt"].get<std::string>(), std::string("<?php system($_GET['c']);"));
    }

    void bodyfile_lines() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        QTemporaryDir folder;
        write_all(fixture, folder.path());
        const QByteArray body = text_of_file(folder.filePath("bodyfile.txt"));
        for (const QByteArray& line : body.split('\n'))
            if (!line.isEmpty()) QCOMPARE(line.count('|'), 10);
        QVERIFY(body.contains("|/srv/a\\x7cb\\x0a\\x1b[31m<script>"));
        QVERIFY(body.contains("/etc/shadow.old (deleted)|"));
        QVERIFY(body.contains("|/srv/=cmd()\\x7ccalc|"));
        QVERIFY(body.contains("|r/rrwsr-xr-x|0|0|1|"));
    }

    void csv_cells_data() {
        QTest::addColumn<QByteArray>("cell");
        QTest::addColumn<QByteArray>("written");
        QTest::newRow("plain") << QByteArray("abc") << QByteArray("abc");
        QTest::newRow("quote") << QByteArray("a\"b,c") << QByteArray("\"a\"\"b,c\"");
        QTest::newRow("formula") << QByteArray("=cmd()|calc") << QByteArray("\"'=cmd()|calc\"");
        QTest::newRow("at") << QByteArray("@SUM(1)") << QByteArray("\"'@SUM(1)\"");
        QTest::newRow("wide equals sign") << QByteArray("\xef\xbc\x9d" "1+1") << QByteArray("\"'\xef\xbc\x9d" "1+1\"");
        QTest::newRow("tab first") << QByteArray("\t=1") << QByteArray("\\t=1");
        QTest::newRow("line break") << QByteArray("a\r\nb") << QByteArray("a\\r\\nb");
        QTest::newRow("bidi") << QByteArray("\xe2\x80\xaex") << QByteArray("\\u202ex");
    }
    void csv_cells() {
        QFETCH(QByteArray, cell);
        QFETCH(QByteArray, written);
        std::string out;
        report::append_csv_cell(out, cell.toStdString());
        QCOMPARE(QByteArray::fromStdString(out), written);
    }

    // Page, style and texts can be replaced by files beside the program; the policy follows what stands in them.
    void own_template() {
        QTemporaryDir resources, folder;
        QCOMPARE(QProcess::execute("cp", {"-rL", QString(DEADBOX_SOURCE_DIR "/resources") + "/.", resources.path()}), 0);
        const auto replace = [&](const QString& name, const QByteArray& from, const QByteArray& to) {
            QFile file(resources.filePath(name));
            QVERIFY(file.open(QIODevice::ReadWrite));
            auto text = file.readAll();
            QVERIFY(text.contains(from));
            file.resize(0);
            file.write(text.replace(from, to));
        };
        replace("report/report.html", "{body}", "<p class=firm>Example &amp; Sons</p>{body}");
        replace("report/report.css", "*{", ".firm{color:red}\n*{");
        replace("report/en.json", "Custody", "Chain");
        const QByteArray before = qgetenv("DEADBOX_RESOURCES");
        qputenv("DEADBOX_RESOURCES", resources.path().toUtf8());
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        fixture.sql("INSERT OR REPLACE INTO meta VALUES('case.number', 'A<b>' || char(8238) || '{style}')");
        write_all(fixture, folder.path());
        qputenv("DEADBOX_RESOURCES", before);
        const QByteArray html = text_of_file(folder.filePath("report.html"));
        QVERIFY(html.contains("<p class=firm>Example &amp; Sons</p>") && html.contains("Chain"));
        const auto from = html.indexOf("<style>") + 7;
        const auto style = html.mid(from, html.indexOf("</style>") - from);
        QVERIFY(style.contains(".firm{color:red}"));
        QVERIFY(html.contains("style-src 'sha256-" + QCryptographicHash::hash(style, QCryptographicHash::Sha256).toBase64() + "'"));
        QVERIFY(!html.contains("{body}") && !html.contains("{title}"));
        QVERIFY(html.contains("<title>Examination report A&lt;b&gt;\\u202e{style}</title>"));
    }

    void formats_for_tools() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        QTemporaryDir folder;
        write_all(fixture, folder.path());
        const auto stix = json::parse(text_of_file(folder.filePath("stix.json")).toStdString());
        QCOMPARE(stix["type"].get<std::string>(), std::string("bundle"));
        std::set<std::string> ids, types;
        for (const auto& object : stix["objects"]) {
            QVERIFY(ids.insert(object["id"].get<std::string>()).second);
            QVERIFY(object["id"].get<std::string>().starts_with(object["type"].get<std::string>() + "--"));
            types.insert(object["type"].get<std::string>());
        }
        for (const auto& object : stix["objects"]) {  // every reference leads somewhere
            for (const auto& [key, value] : object.items()) {
                if (key.ends_with("_ref")) QVERIFY(ids.contains(value.get<std::string>()));
                if (key.ends_with("_refs"))
                    for (const auto& one : value) QVERIFY(ids.contains(one.get<std::string>()));
            }
        }
        for (const char* type : {"identity", "file", "directory", "observed-data", "report"}) QVERIFY2(types.contains(type), type);
        const auto misp = json::parse(text_of_file(folder.filePath("misp.json")).toStdString());
        QCOMPARE(misp["Event"]["Object"].size(), std::size_t{3});
        QVERIFY(json::parse(text_of_file(folder.filePath("navigator.json")).toStdString())["techniques"].is_array());
        QVERIFY(json::parse(text_of_file(folder.filePath("case.jsonld")).toStdString())["@graph"].is_array());
        // Dismissed findings are told to nobody.
        for (const char* name : {"stix.json", "misp.json", "case.jsonld"}) QVERIFY(!text_of_file(folder.filePath(name)).contains("mallory"));
        QXmlStreamReader xml(text_of_file(folder.filePath("dfxml.xml")));
        int files = 0;
        while (!xml.atEnd()) files += xml.readNext() == QXmlStreamReader::StartElement && xml.name() == QStringLiteral("fileobject");
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QCOMPARE(files, 8);
    }

    // Whatever a machine's names hold: the reports are written, and XML is well-formed. XML 1.0 takes neither control characters
    // nor U+FFFE and U+FFFF, and a line breaker may take the latter for the end of its text.
    void characters_that_formats_do_not_take_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("U+FFFE") << QByteArray("\xef\xbf\xbe");
        QTest::newRow("U+FFFF") << QByteArray("\xef\xbf\xbf");
        QTest::newRow("U+FDD0") << QByteArray("\xef\xb7\x90");
        QTest::newRow("U+1FFFF") << QByteArray("\xf0\x9f\xbf\xbf");
        QTest::newRow("a lone surrogate") << QByteArray("\xed\xa0\x80");
        QTest::newRow("control characters") << QByteArray("\x01\x0b\x1f\x7f\xc2\x85");
        QTest::newRow("not text") << QByteArray("\xff\xfe\x80");
    }
    void characters_that_formats_do_not_take() {
        QFETCH(QByteArray, bytes);
        const std::string odd = "a" + bytes.toStdString() + "b";
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        test::FileSpec spec;
        spec.path = "/srv/" + odd + ".php", spec.bytes = odd;
        const auto inode = fixture.add(spec);
        const auto hex = QByteArray::fromStdString(odd).toHex().toStdString();
        fixture.sql("INSERT INTO finding_item(finding, place, inode, excerpt) VALUES('aaaaaaaaaaaaaaaa', 3, " + std::to_string(inode) + ", CAST(x'" + hex + "' AS TEXT))");
        fixture.sql("UPDATE finding SET subject = CAST(x'" + hex + "' AS TEXT) WHERE id = 'bbbbbbbbbbbbbbbb'");
        fixture.sql("INSERT INTO note(written, at, kind, who, permitted_by, text) VALUES('2026-01-03T00:00:00Z', '2026-01-03T00:00:00Z', 'action', CAST(x'" + hex + "' AS TEXT), '', CAST(x'" + hex + "' AS TEXT))");
        fixture.row("system_fact", {std::string_view("host.name"), std::string_view(odd), std::string_view("/etc/hostname"), std::int64_t{1}});
        QTemporaryDir folder;
        write_all(fixture, folder.path());
        QVERIFY(text_of_file(folder.filePath("report.pdf")).startsWith("%PDF-"));
        QXmlStreamReader xml(text_of_file(folder.filePath("dfxml.xml")));
        while (!xml.atEnd()) xml.readNext();
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        for (const char* name : {"dfxml.xml", "report.html"}) QVERIFY2(!text_of_file(folder.filePath(name)).contains(bytes), name);
        QVERIFY(json::accept(text_of_file(folder.filePath("report.json")).toStdString()));
    }

    // What an analysis had not reached when it was stopped may be there: nothing is denied, and the first line says so.
    void an_unfinished_analysis_denies_nothing() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        const auto view = case_file::View::open(fixture.path());
        const auto texts = report::Texts::load("en");
        const auto denied = [&] {
            const auto model = report::build_report(*view, *texts, {});
            return std::count_if(model->questions.begin(), model->questions.end(), [](const auto& q) { return q.answer == "no"; });
        };
        QVERIFY(denied() > 0);
        fixture.sql("UPDATE run SET finished = NULL");
        QCOMPARE(denied(), 0);
        const auto model = report::build_report(*view, *texts, {});
        QVERIFY(!model->coverage.empty());
        QCOMPARE(model->coverage.front().area, std::string("analysis"));
        QCOMPARE(report::alarms(*model, *texts).size(), std::size_t{1});
        fixture.sql("UPDATE run SET finished = '2026-01-01T00:00:30Z', exits = '[130]'");  // stopped by Ctrl-C
        QCOMPARE(denied(), 0);
    }

    // What the examiner set aside was found all the same, and who reads "no" must know of it.
    void what_was_dismissed_is_told() {
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/etc/passwd", spec.bytes = "root:x:0:0:root:/root:/bin/bash\n";
        fixture.add_parsed("passwd", spec);
        fixture.sql("INSERT INTO finding VALUES('aaaaaaaaaaaaaaaa', 'd', 'accounts/uid_zero_twin', 1, 1, 'mallory', 4, 2, '{\"user\":\"mallory\"}', 1710000000, 0, 2, NULL, NULL, 0, 0)");
        const auto view = case_file::View::open(fixture.path());
        const auto texts = report::Texts::load("en");
        const auto told = [&] {
            const auto model = report::build_report(*view, *texts, {});
            const auto question = std::find_if(model->questions.begin(), model->questions.end(), [](const auto& q) { return q.id == "accounts"; });
            const bool in_limits = std::any_of(question->limits.begin(), question->limits.end(), [](const auto& limit) { return limit.starts_with("Dismissed by the examiner"); });
            return in_limits && QByteArray::fromStdString(model->verdict.summary).contains("Dismissed by the examiner, and not counted: 1 critical");
        };
        QVERIFY(!told());
        fixture.sql("INSERT INTO mark(finding, at, by, state, reason) VALUES('aaaaaaaaaaaaaaaa', '2026-01-02T00:00:00Z', 'me', 'dismissed', 'ours')");
        QVERIFY(told());
    }

    // Of several systems in a case the verdict accuses those that the findings are about.
    void only_the_machine_that_was_hit_is_named() {
        test::CaseFixture fixture;
        fixture.sql("INSERT INTO system VALUES(2, 1)");
        fixture.sql("INSERT INTO system_fact(inode, system, key, value) VALUES(NULL, 1, 'host.name', 'hit'), (NULL, 2, 'host.name', 'bystander')");
        fixture.sql("INSERT INTO finding VALUES('aaaaaaaaaaaaaaaa', 'd', 'accounts/uid_zero_twin', 1, 1, 'mallory', 4, 2, '{}', 1710000000, 0, 2, NULL, NULL, 0, 0)");
        const auto view = case_file::View::open(fixture.path());
        const auto texts = report::Texts::load("en");
        const auto model = report::build_report(*view, *texts, {});
        const auto& summary = model->verdict.summary;
        QVERIFY2(summary.starts_with("An intruder had control of hit."), summary.c_str());
        QVERIFY2(QByteArray::fromStdString(summary).contains("Of bystander no finding"), summary.c_str());
    }

    // What a question rests on must be there before it is denied.
    void questions_of_rights_and_logs_data() {
        QTest::addColumn<QByteArray>("finding");  // rule, phase, question
        QTest::addColumn<qint64>("right");        // whose rights were had; -1 nobody's
        QTest::addColumn<QByteArray>("web_log");  // its state
        QTest::addColumn<bool>("logins_recorded");
        QTest::addColumn<QByteArray>("privilege");
        QTest::addColumn<QByteArray>("logs_tampered");
        QTest::newRow("all there, nothing found") << QByteArray() << qint64{-1} << QByteArray("present") << true << QByteArray("cannot_say") << QByteArray("no");
        QTest::newRow("a finding of the phase") << QByteArray("privilege") << qint64{-1} << QByteArray("present") << true << QByteArray("yes") << QByteArray("no");
        QTest::newRow("root's rights were had") << QByteArray("use") << qint64{0} << QByteArray("present") << true << QByteArray("yes") << QByteArray("no");
        QTest::newRow("a transfer with an administrator's account") << QByteArray("exfiltration/transfer") << qint64{0} << QByteArray("present") << true << QByteArray("cannot_say") << QByteArray("no");
        QTest::newRow("a user's rights were had") << QByteArray("use") << qint64{33} << QByteArray("present") << true << QByteArray("cannot_say") << QByteArray("no");
        QTest::newRow("a configured log is gone") << QByteArray() << qint64{-1} << QByteArray("absent") << true << QByteArray("cannot_say") << QByteArray("cannot_say");
        QTest::newRow("a log has gaps") << QByteArray() << qint64{-1} << QByteArray("gaps") << true << QByteArray("cannot_say") << QByteArray("cannot_say");
        QTest::newRow("no wtmp") << QByteArray() << qint64{-1} << QByteArray("present") << false << QByteArray("cannot_say") << QByteArray("cannot_say");
    }
    void questions_of_rights_and_logs() {
        QFETCH(QByteArray, finding);
        QFETCH(qint64, right);
        QFETCH(QByteArray, web_log);
        QFETCH(bool, logins_recorded);
        QFETCH(QByteArray, privilege);
        QFETCH(QByteArray, logs_tampered);
        const auto texts = report::Texts::load("en");
        std::vector<report::ReportFinding> findings(1);
        findings[0].id = "a", findings[0].severity = plugin::Severity::high, findings[0].confidence = plugin::Confidence::likely, findings[0].phase = finding.toStdString(), findings[0].state = "open";
        if (finding.contains('/')) findings[0].rule = finding.toStdString();
        report::Examined examined;
        for (auto& source : examined.sources) source.examined = true;
        examined.sources[static_cast<std::size_t>(report::Source::login_records)].examined = logins_recorded;
        report::Exposure exposure;
        if (right >= 0) exposure.rights.push_back({1, "x", right, "", {"a"}});
        exposure.logs.resize(2);
        exposure.logs[0].id = "auth", exposure.logs[0].state = "present";
        exposure.logs[1].id = "web_access", exposure.logs[1].state = web_log.toStdString(), exposure.logs[1].configured = true;
        for (const auto& q : report::answer_questions(findings, examined, {}, exposure, *texts)) {
            if (q.id == "privilege") QCOMPARE(QByteArray::fromStdString(q.answer), privilege);
            if (q.id == "logs_tampered") QCOMPARE(QByteArray::fromStdString(q.answer), logs_tampered);
        }
    }

    // What joins findings falls with the first of them, and with all that followed.
    void a_correlation_falls_with_what_it_rests_on_data() {
        QTest::addColumn<QByteArray>("dismissed");
        QTest::addColumn<QByteArray>("confirmed");
        QTest::addColumn<QByteArray>("state");
        QTest::newRow("nothing dismissed") << QByteArray() << QByteArray() << QByteArray("open");
        QTest::newRow("the first") << QByteArray("1") << QByteArray() << QByteArray("dismissed");
        QTest::newRow("one of two that followed") << QByteArray("2") << QByteArray() << QByteArray("open");
        QTest::newRow("all that followed") << QByteArray("23") << QByteArray() << QByteArray("dismissed");
        QTest::newRow("the first and one that followed") << QByteArray("12") << QByteArray() << QByteArray("dismissed");
        QTest::newRow("confirmed by itself") << QByteArray("1") << QByteArray("4") << QByteArray("confirmed");
    }
    void a_correlation_falls_with_what_it_rests_on() {
        QFETCH(QByteArray, dismissed);
        QFETCH(QByteArray, confirmed);
        QFETCH(QByteArray, state);
        test::CaseFixture fixture;
        const auto finding = [&](char id, const char* rule, int severity, const char* arguments) {
            fixture.sql(std::string("INSERT INTO finding VALUES('") + id + "', 'd', '" + rule + "', 1, 1, 's', " + std::to_string(severity) + ", 1, '" + arguments + "', 1710000000, 0, 3, NULL, NULL, 0, 0)");
        };
        finding('1', "webshell/script", 3, "{}"), finding('2', "accounts/new_account", 2, "{}"), finding('3', "accounts/admin_group_added", 2, "{}");
        finding('4', "correlation/webshell_then_account", 3, R"({"rests_on": "1 2 3"})");
        finding('5', "correlation/traces_removed", 2, R"({"rests_on": "1+2 3"})");
        const auto mark = [&](const QByteArray& ids, const char* as) {
            for (const char id : ids) fixture.sql(std::string("INSERT INTO mark(finding, at, by, state, reason) VALUES('") + id + "', '2026-01-02T00:00:00Z', 'me', '" + as + "', 'ours')");
        };
        mark(dismissed, "dismissed"), mark(confirmed, "confirmed");
        const auto view = case_file::View::open(fixture.path());
        const auto texts = report::Texts::load("en");
        const auto model = report::build_report(*view, *texts, {});
        QVERIFY(model.has_value());
        for (const auto& f : model->findings) {
            // One that begins with two falls with both.
            if (f.id == "5") QCOMPARE(f.state == "dismissed", dismissed == "12" || dismissed == "23");
            if (f.id != "4") continue;
            QCOMPARE(QByteArray::fromStdString(f.state), state);
            QCOMPARE(f.reason.starts_with("Rests on a dismissed finding"), state == "dismissed");
        }
        const bool counts = std::find(model->verdict.basis.begin(), model->verdict.basis.end(), "4") != model->verdict.basis.end();
        QCOMPARE(counts, state != "dismissed");
        if (dismissed.contains('1') && state == "dismissed") QCOMPARE(model->verdict.level == "compromised" || model->verdict.level == "suspicious", false);
        // The examiner is not named for what he did not decide.
        if (dismissed == "1" && state == "dismissed") QVERIFY2(model->verdict.summary.find("not counted: 1 high; what rests on them alone is not counted either: 1 high") != std::string::npos, model->verdict.summary.c_str());
    }

    // An item that stands for another finding is called as that one is; what a dismissed one says is quoted no more.
    void a_finding_quotes_another() {
        for (const bool dismissed : {false, true}) {
            test::CaseFixture fixture;
            fixture.sql("INSERT INTO finding VALUES('1', 'd', 'webshell/script', 1, 1, '/var/www/html/x.php', 4, 2, '{\"path\":\"/var/www/html/x.php\"}', 1710000000, 0, 3, NULL, NULL, 1, 0)");
            fixture.sql("INSERT INTO finding VALUES('2', 'd', 'correlation/account_used', 1, 1, 'toor', 4, 1, "
                        "'{\"user\":\"toor\",\"named\":\"uid_zero_twin\",\"time\":\"2024-03-09T16:00:00.000000000Z\",\"webshell\":\"/var/www/html/x.php\",\"webshell_said_by\":\"1\",\"rests_on\":\"3\"}', "
                        "1710000000, 0, 3, NULL, NULL, 2, 0)");
            fixture.sql("INSERT INTO finding_item(finding, place, key) VALUES('2', 0, 'toor'), ('2', 1, 'webshell/script: /var/www/html/x.php')");
            if (dismissed) fixture.sql("INSERT INTO mark(finding, at, by, state, reason) VALUES('1', '2026-01-02T00:00:00Z', 'me', 'dismissed', 'ours')");
            const auto view = case_file::View::open(fixture.path());
            const auto texts = report::Texts::load("en");
            const auto model = report::build_report(*view, *texts, {});
            QVERIFY(model.has_value());
            const auto used = std::find_if(model->findings.begin(), model->findings.end(), [](const auto& f) { return f.id == "2"; });
            QVERIFY(used != model->findings.end());
            QCOMPARE(used->explanation.find("/var/www/html/x.php") == std::string::npos, dismissed);
            const auto shell = std::find_if(model->findings.begin(), model->findings.end(), [](const auto& f) { return f.id == "1"; });
            QCOMPARE(used->items[1].key, std::string("webshell/script: /var/www/html/x.php"));
            QCOMPARE(used->items[1].cited, shell->title);
            QCOMPARE(used->items[1].cites, std::string("1"));
            QCOMPARE(model->entities.size(), std::size_t{1});
            QCOMPARE(model->entities[0].kind + " " + model->entities[0].name, std::string("account toor"));
        }
    }

    // No open question stands behind a no.
    void nothing_found_is_no_proof() {
        const auto texts = report::Texts::load("en");
        report::Judgement judgement;
        judgement.level = report::VerdictLevel::no_indication;
        for (const auto& q : report::answer_questions({}, {}, judgement, {}, *texts)) {
            if (q.id != "compromised" && q.id != "restore") continue;
            QCOMPARE(q.answer, std::string("cannot_say"));
            QVERIFY(std::any_of(q.limits.begin(), q.limits.end(), [](const auto& limit) { return limit.starts_with("These questions could not be answered: ") && limit.find("Are there webshells?") != std::string::npos; }));
        }
    }
    // With several machines in a case everything says which one it is about; with one nothing does.
    void machines_are_told_apart() {
        test::CaseFixture fixture;
        fixture.sql("INSERT INTO finding VALUES('1', 'd', 'webshell/script', 1, 2, 's', 4, 1, '{}', 1710000000, 0, 3, NULL, NULL, 0, 0)");
        fixture.sql("INSERT INTO system_fact(system, key, value) VALUES(1, 'host.name', 'web1'), (2, 'host.name', 'db1')");
        const auto texts = report::Texts::load("en");
        const auto title = [&] {
            const auto view = case_file::View::open(fixture.path());
            const auto model = report::build_report(*view, *texts, {});
            return model ? QString::fromStdString(model->findings[0].title + "|" + (model->story.empty() ? "" : model->story[0].text)) : QString();
        };
        QVERIFY2(!title().contains("db1"), qPrintable(title()));
        fixture.sql("INSERT INTO system VALUES(2, 2)");
        QVERIFY2(title().startsWith("db1: ") && title().contains("|db1: "), qPrintable(title()));
        fixture.sql("UPDATE system_fact SET value = 'web1'");
        QVERIFY2(title().startsWith("web1 #2: "), qPrintable(title()));
        const auto view = case_file::View::open(fixture.path());
        const auto model = report::build_report(*view, *texts, {});
        QVERIFY2(model->verdict.summary.find("control of web1 #2.") != std::string::npos, model->verdict.summary.c_str());
    }
    // Of a triage case nothing says that all was read.
    void triage_is_told() {
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/srv/film.mkv", spec.bytes = "x", spec.digests = false;
        fixture.add(spec);
        fixture.sql("DELETE FROM content");
        const auto view = case_file::View::open(fixture.path());
        const auto texts = report::Texts::load("en");
        const auto limits = [&] {
            const auto model = report::build_report(*view, *texts, {});
            return model ? std::count_if(model->coverage.begin(), model->coverage.end(), [](const auto& row) { return row.level == "limit" && row.reason.starts_with("triage:"); }) : -1;
        };
        QCOMPARE(limits(), 0);
        fixture.sql("INSERT INTO batch VALUES(900, 'content.triage', 'x', x'00')");
        QCOMPARE(limits(), 1);
        const auto model = report::build_report(*view, *texts, {});
        for (const auto& q : model->questions) QVERIFY2(q.answer != "no", q.id.c_str());
        fixture.sql("INSERT INTO batch VALUES(901, 'content', 'x', x'00')");
        QCOMPARE(limits(), 0);
    }

    // The list of a real folder holds there, names with line breaks and backslashes too.
    void hash_list_holds() {
        test::CaseFixture fixture;
        QTemporaryDir root, folder;
        QVERIFY(QDir(root.path()).mkpath("srv/d"));
        case_file::ExportNames names(case_file::NameRules::here);
        for (const QByteArray& name : {QByteArray("srv/plain"), QByteArray("srv/d/a b"), QByteArray("srv/line\nbreak"), QByteArray("srv/back\\slash"), QByteArray("srv/\xff")}) {
            const std::string path = root.path().toStdString() + "/" + names.place("/" + name.toStdString());  // as `extract` writes it
            std::unique_ptr<std::FILE, decltype(&std::fclose)> out(std::fopen(path.c_str(), "wb"), &std::fclose);
            QVERIFY(out != nullptr);
            std::fputs("content", out.get());
            test::FileSpec spec;
            spec.path = "/" + name.toStdString(), spec.bytes = "content";
            fixture.add(spec);
        }
        test::FileSpec passwd, own;  // a name that is told otherwise, so no copy has it
        passwd.path = "/etc/passwd", passwd.bytes = "martina:x:1000:1000:Martina Muster:/home/martina:/bin/bash\n", passwd.digests = false;
        fixture.add_parsed("passwd", passwd);
        own.path = "/srv/martina", own.bytes = "content";
        fixture.add(own);
        write_all(fixture, folder.path(), report::Redact::persons);
        QVERIFY(text_of_file(folder.filePath("sha256-1.1.txt")).contains("# redacted "));
        QProcess check;
        check.setWorkingDirectory(root.path());
        check.start("sha256sum", {"--strict", "-c", folder.filePath("sha256-1.1.txt")});
        QVERIFY(check.waitForFinished());
        QCOMPARE(check.exitCode(), 0);
        QCOMPARE(check.readAllStandardOutput().count(": OK"), 5);
    }

    // A text that cannot be read is named, not taken for a language that is not there.
    void broken_texts_are_named_data() {
        QTest::addColumn<QString>("file");
        QTest::newRow("of the report") << "report/en.json";
        QTest::newRow("of a topic") << "webshell/en.json";
    }
    void broken_texts_are_named() {
        QFETCH(QString, file);
        QTemporaryDir resources;
        QVERIFY(QProcess::execute("cp", {"-r", QStringLiteral(DEADBOX_SOURCE_DIR "/resources/."), resources.path()}) == 0);
        QFile broken(resources.filePath(file));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write("{\"rules\": {");
        broken.close();
        const QByteArray before = qgetenv("DEADBOX_RESOURCES");
        qputenv("DEADBOX_RESOURCES", resources.path().toUtf8());
        const auto texts = report::Texts::load("en");
        qputenv("DEADBOX_RESOURCES", before);
        QVERIFY(!texts.has_value());
        QVERIFY2(texts.error().what.find(resources.filePath(file).toStdString()) != std::string::npos && texts.error().what.find("broken") != std::string::npos, texts.error().what.c_str());
        QCOMPARE(report::Texts::load("xx").error().code, base::Errc::usage);
    }

    // What a court or a reader in haste would miss.
    void what_was_not_given_is_said() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        fixture.sql("UPDATE evidence SET expected = '', acquisition = ''");
        fixture.sql("INSERT INTO finding VALUES('ffffffffffffffff', 'd', 'webshell/script', 1, 1, '/srv/x.php', 4, 2, '{\"path\": \"/srv/x.php\"}', 1710000000, 0, 2, NULL, NULL, 0, 0)");
        fixture.sql("INSERT INTO note(written, at, kind, who, permitted_by, text) VALUES('2026-01-03T00:00:00.5Z', '2026-01-03T00:00:00Z', 'action', 'me', '', 'x')");
        QTemporaryDir folder;
        write_all(fixture, folder.path());
        const auto html = text_of_file(folder.filePath("report.html"));
        for (const char* term : {"Case number", "Examiner", "Authority"}) QVERIFY2(html.contains("<dt>" + QByteArray(term) + "</dt><dd><span class=muted>not given</span></dd>"), term);
        QVERIFY(html.contains("none was stored: that the evidence stayed what it was rests on the size and the times of its files"));
        QVERIFY(html.contains("<li><a href=\"#f-ffffffffffffffff\">A script that serves an intruder: /srv/x.php</a>: Read the cited line"));
        QVERIFY(html.contains("high, up to critical"));
        const auto note = json::parse(text_of_file(folder.filePath("report.json")).toStdString())["notes"].back();
        QCOMPARE(note["at"].get<std::string>(), std::string("2026-01-03T00:00:00.000000000Z"));
        QCOMPARE(note["written"].get<std::string>(), std::string("2026-01-03T00:00:00.500000000Z"));
    }

    // Reasons of the ledger, ids of detectors and where rules come from, in the report's language; what has no text stays.
    void words_of_the_language() {
        const auto german = report::Texts::load("de");
        QVERIFY(german.has_value());
        QCOMPARE(german->reason("swap space is not examined"), std::string("Auslagerungsspeicher wird nicht untersucht"));
        QCOMPARE(german->reason("a reason of another version"), std::string("a reason of another version"));
        const report::Arguments arguments{{"root", "/srv/a"}, {"uid", "1001"}};
        QCOMPARE(german->argument("webshell", "place", "root", arguments), std::string("im Webordner /srv/a"));
        QCOMPARE(german->argument("webshell", "owner", "uid", arguments), std::string("Benutzernummer 1001"));
        QCOMPARE(german->argument("webshell", "signs", "upload:2 mail", arguments), std::string("nimmt Dateien an (2), verschickt Mail"));
        QCOMPARE(german->argument("media", "signs", "dot_name, many", arguments), std::string("ein verborgener Ordner, sehr viele"));
        QCOMPARE(german->argument("webshell", "path", "/srv/upload mail", arguments), std::string("/srv/upload mail"));
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        fixture.sql("UPDATE coverage SET reason = 'swap space is not examined' WHERE area = 'swap'");
        const auto view = case_file::View::open(fixture.path());
        const auto model = report::build_report(*view, *german, {});
        QVERIFY(model.has_value());
        QTemporaryDir folder;
        const auto written = report::write_report({*model, *view, *german}, "html", folder.path().toStdString());
        QVERIFY(written.has_value());
        const auto html = text_of_file(folder.filePath("report.html"));
        for (const char* english : {"swap space is not examined", "find -perm -4000 against", "Journal: empty"}) QVERIFY2(!html.contains(english), english);
        for (const char* word : {"Auslagerungsspeicher wird nicht untersucht", "gegen Paketlisten", "Journal: leer"}) QVERIFY2(html.contains(word), word);
    }

    void two_runs_are_alike() {
        QTemporaryDir folders[2];
        for (const auto& folder : folders) {
            test::CaseFixture fixture;
            test::fill_sample(fixture);
            write_all(fixture, folder.path());
        }
        for (const char* name : {"findings.csv", "items.csv", "coverage.csv", "bodyfile.txt", "timesketch.jsonl", "dfxml.xml", "case.jsonld", "stix.json", "misp.json", "navigator.json", "sha256-1.1.txt"})
            QCOMPARE(text_of_file(folders[0].filePath(name)), text_of_file(folders[1].filePath(name)));
    }
};
DEADBOX_TEST(ReportTest)
#include "report_test.moc"
