// Sets of the examiner's own, given to an analysis of a real image: what they change, and what is said of them.
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>

#include "case/view.hpp"
#include "engine/machine.hpp"
#include "plugins/dpkg/debian_root.hpp"
#include "sets/hash_set.hpp"
#include "sets/trust_set.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::Rows;

namespace {

base::Result<engine::AnalysisResult> run_own(const engine::AnalysisOptions& options) {
    engine::Progress progress;
    return engine::analyze(options, progress);
}

QByteArray md5_of(const QByteArray& bytes) { return QCryptographicHash::hash(bytes, QCryptographicHash::Md5).toHex(); }
QByteArray sha256_of(const QByteArray& bytes) { return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex(); }

constexpr const char* k_bad_findings = "SELECT f.subject, f.severity, json_extract(i.reference, '$.kind'), json_extract(i.reference, '$.package'), json_extract(i.reference, '$.algorithm') FROM finding f "
                                       "JOIN finding_item i ON i.finding = f.id WHERE f.rule = 'known/bad_file' ORDER BY f.subject";

}  // namespace

class OwnFilesTest : public QObject {
    Q_OBJECT
    test::Machine m_machine;
    int m_sets = 0;

    std::string write(const QString& name, const QByteArray& bytes) {
        const auto path = m_machine.path(name.toStdString());
        QFile file(QString::fromStdString(path));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) qFatal("cannot write");
        return path;
    }
    std::string make_set(const QByteArray& list, const std::string& name, sets::Verdict verdict) {
        const auto path = m_machine.path(std::to_string(++m_sets) + ".set");
        auto builder = sets::HashSetBuilder::begin(path);
        if (!builder || !builder->add(write("list", list)) || !builder->finish(name, verdict)) qFatal("cannot make a set");
        return path;
    }

private slots:
    void initTestCase() {
        m_machine.add("/opt/tool", "a tool\n");
        m_machine.add("/srv/copy", "a tool\n");
        m_machine.add("/srv/plain", "plain\n");
        m_machine.add("/srv/empty", "");
        QVERIFY(m_machine.build());
    }

    // Each file that a bad set knows is a finding, whatever it is called; the empty file is in no set.
    void bad_files_are_found() {
        auto options = m_machine.options("bad.deadbox");
        options.hash_sets = {make_set(md5_of("a tool\n") + "  evil\n" + md5_of("") + "  nothing\n" + md5_of("elsewhere") + "  x\n", "Bad ones", sets::Verdict::bad)};
        const auto result = run_own(options);
        QVERIFY2(result, result ? "" : result.error().what.c_str());
        QCOMPARE(test::rows(options.case_path, k_bad_findings), (Rows{"/opt/tool|3|external|Bad ones: evil|md5", "/srv/copy|3|external|Bad ones: evil|md5"}));
        // It stands in the run's record and in the log, with its digest.
        QFile set(QString::fromStdString(options.hash_sets.front()));
        QVERIFY(set.open(QIODevice::ReadOnly));
        const auto digest = sha256_of(set.readAll()).toStdString();
        QCOMPARE(test::rows(options.case_path, "SELECT json_extract(options, '$.own_files[0].name'), json_extract(options, '$.own_files[0].as'), json_extract(options, '$.own_files[0].sha256') FROM run"), Rows{"Bad ones|bad|" + digest});
        QCOMPARE(test::rows(options.case_path, "SELECT json_extract(details, '$.sha256') FROM custody WHERE action = 'known.used'"), Rows{digest});
        const auto report = nlohmann::json::parse(test::report_of(options.case_path));
        bool told = false;
        for (const auto& finding : report["findings"]) told = told || finding["title"] == "/opt/tool is known as bad to Bad ones";
        QVERIFY(told);
        QVERIFY(report.dump().find(m_machine.path("")) == std::string::npos);
    }

    // The innocent twin: the same digests in a good set. Two sets that disagree accuse less, and say so.
    void good_files_are_not() {
        auto options = m_machine.options("good.deadbox");
        const auto good = make_set(md5_of("a tool\n") + "  tool\n", "Good ones", sets::Verdict::good);
        options.hash_sets = {good};
        QVERIFY(run_own(options));
        QCOMPARE(test::rows(options.case_path, k_bad_findings), Rows{});
        QCOMPARE(test::rows(options.case_path, "SELECT p.path, k.set_name, k.known_as, k.listed_name, k.same_name FROM known_file k JOIN inode_path p ON p.inode = k.inode ORDER BY p.path"),
                 (Rows{"/opt/tool|Good ones|good|tool|1", "/srv/copy|Good ones|good|tool|0"}));
        // Of thousands of names the file's own is found.
        QByteArray many;
        for (int i = 0; i < 3000; ++i) many += md5_of("a tool\n") + "  a" + QByteArray::number(i) + "\n";
        options.case_path = m_machine.path("many.deadbox");
        options.hash_sets = {make_set(many + md5_of("a tool\n") + "  tool\n", "Many", sets::Verdict::good)};
        QVERIFY(run_own(options));
        QCOMPARE(test::rows(options.case_path, "SELECT listed_name, same_name FROM known_file k JOIN inode_path p ON p.inode = k.inode ORDER BY p.path"), (Rows{"tool|1", "a0|0"}));
        options.case_path = m_machine.path("both.deadbox");
        options.hash_sets = {good, make_set(sha256_of("a tool\n") + "  tool\n", "Bad ones", sets::Verdict::bad)};
        QVERIFY(run_own(options));
        QCOMPARE(test::rows(options.case_path, "SELECT severity, json_extract(arguments, '$.good_set') FROM finding WHERE rule = 'known/bad_file' ORDER BY subject"), (Rows{"2|Good ones", "2|Good ones"}));
    }

    // A case that is gone on with keeps to its sets; others are used, and told of; missing ones end it before anything is done.
    void resuming() {
        auto options = m_machine.options("resumed.deadbox");
        const auto first = make_set(md5_of("a tool\n") + "  tool\n", "First", sets::Verdict::bad);
        options.hash_sets = {first};
        options.profile = engine::Profile::triage;
        QVERIFY(run_own(options));
        options.resume = true, options.profile = engine::Profile::full, options.hash_sets.clear();
        auto result = run_own(options);
        QVERIFY(result);
        QVERIFY(result->notes.empty());
        QCOMPARE(test::rows(options.case_path, "SELECT subject FROM finding WHERE rule = 'known/bad_file' ORDER BY subject"), (Rows{"/opt/tool", "/srv/copy"}));
        options.hash_sets = {make_set(md5_of("plain\n"), "Second", sets::Verdict::bad)};
        result = run_own(options);
        QVERIFY(result);
        QCOMPARE(result->notes.size(), std::size_t{1});
        QCOMPARE(test::rows(options.case_path, k_bad_findings), Rows{"/srv/plain|3|external|Second|md5"});
        QCOMPARE(test::rows(options.case_path, "SELECT json_extract(details, '$.name') FROM custody WHERE action = 'known.used' ORDER BY id"), (Rows{"First", "First", "Second"}));
        // What it goes on with is not there any more, or is another.
        const auto second = options.hash_sets.front();
        const auto runs = test::rows(options.case_path, "SELECT count(*) FROM run");
        options.hash_sets.clear();
        QVERIFY(QFile::remove(QString::fromStdString(second)));
        result = run_own(options);
        QVERIFY(!result);
        QCOMPARE(result.error().code, base::Errc::usage);
        QVERIFY(QFile::copy(QString::fromStdString(first), QString::fromStdString(second)));
        result = run_own(options);
        QVERIFY(!result);
        QVERIFY2(result.error().what.find("is not what it was then") != std::string::npos, result.error().what.c_str());
        QCOMPARE(test::rows(options.case_path, "SELECT count(*) FROM run"), runs);
    }

    // A real Debian root on ext4: sshd is changed along with its digest. The image's own lists show nothing, the set shows it.
    void a_trust_set_goes_before_the_image() {
        if (QStandardPaths::findExecutable("dpkg").isEmpty()) QSKIP("there is no dpkg here");
        test::DebianRoot root;
        for (const char* name : {"openssh-server", "tool"}) {
            test::PackageSpec package{.name = name, .version = "1:9.2p1-2"};
            const std::string program = name == std::string_view("tool") ? "usr/bin/tool" : "usr/sbin/sshd";
            package.files = {{program, test::make_elf(program)}, {"usr/share/doc/" + std::string(name) + "/README", "read me\n"}};
            root.install(package);
        }
        root.write("etc/passwd", "root:x:0:0:root:/root:/bin/bash\n");
        root.write("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
        const auto changed = test::make_elf("a door");
        root.write("usr/sbin/sshd", changed, 0755);
        auto lines = root.read("var/lib/dpkg/info/openssh-server.md5sums");
        lines.replace(lines.find("  usr/sbin/sshd") - 32, 32, md5_of(QByteArray::fromStdString(changed)).toStdString());
        root.write("var/lib/dpkg/info/openssh-server.md5sums", lines);
        const auto set = m_machine.path("trust.set");
        QDir().mkpath(QString::fromStdString(m_machine.path("debs")));
        QVERIFY(QFile::copy(QString::fromStdString(root.packages() + "/openssh-server.deb"), QString::fromStdString(m_machine.path("debs/openssh-server.deb"))));
        const auto built = sets::build_trust_set({m_machine.path("debs")}, set, "Debian 12");
        QVERIFY2(built, built ? "" : built.error().what.c_str());
        QProcess make;
        make.start("mke2fs", {"-q", "-F", "-t", "ext4", "-d", QString::fromStdString(root.folder()), QString::fromStdString(m_machine.path("debian.raw")), "16M"});
        QVERIFY(make.waitForFinished() && make.exitCode() == 0);

        auto options = m_machine.options("image_alone.deadbox");
        options.evidence = {m_machine.path("debian.raw")};
        QVERIFY(run_own(options));
        constexpr const char* k_modified = "SELECT f.rule, f.subject, f.severity, json_extract(i.reference, '$.kind'), json_extract(i.reference, '$.package') FROM finding f JOIN finding_item i ON i.finding = f.id "
                                           "WHERE f.rule IN ('binaries/modified', 'packages/database_rewritten') ORDER BY f.rule";
        QCOMPARE(test::rows(options.case_path, k_modified), Rows{});
        options.case_path = m_machine.path("trusted.deadbox");
        options.trust = {set};
        QVERIFY(run_own(options));
        QCOMPARE(test::rows(options.case_path, k_modified), (Rows{"binaries/modified|/usr/sbin/sshd|4|external|openssh-server 1:9.2p1-2 (Debian 12)", "packages/database_rewritten|openssh-server|3|external|openssh-server 1:9.2p1-2 (Debian 12)"}));
        QCOMPARE(test::rows(options.case_path, "SELECT package, version, set_name, source FROM trusted_package"), Rows{"openssh-server|1:9.2p1-2|Debian 12|openssh-server.deb"});
        QCOMPARE(test::rows(options.case_path, "SELECT level, count, examples FROM coverage WHERE wave = 'known'"), Rows{"limit|1|[\"tool 1:9.2p1-2 amd64\"]"});
        QCOMPARE(test::rows(options.case_path, "SELECT json_extract(options, '$.own_files[0].kind'), json_extract(options, '$.own_files[0].name') FROM run"), Rows{"trust|Debian 12"});
    }

    // Rules of one's own find what they are written for, in the file as it lies, and say where; a case that is gone on with keeps to
    // them, and others make anew what rests on them.
    void rules_match() {
        auto options = m_machine.options("rules.deadbox");
        options.rules = {write("own.yar", "rule tool { meta: severity = \"high\" description = \"A tool\" strings: $a = \"tool\" condition: $a }\nrule never { condition: false }\n")};
        auto result = run_own(options);
        QVERIFY2(result, result ? "" : result.error().what.c_str());
        constexpr const char* k_matches = "SELECT f.rule, f.subject, f.severity, f.item_count, i.excerpt, i.offset FROM finding f JOIN finding_item i ON i.finding = f.id WHERE f.rule LIKE 'yara/%' ORDER BY f.subject, i.place";
        const Rows expected{"yara/match|own.yar: tool|3|2|$a @2|2", "yara/match|own.yar: tool|3|2|$a @2|2"};
        QCOMPARE(test::rows(options.case_path, k_matches), expected);
        QCOMPARE(test::rows(options.case_path, "SELECT level, area, examples FROM coverage WHERE area = 'yara'"), Rows{"limit|yara|[\"profile full\"]"});
        QCOMPARE(test::rows(options.case_path, "SELECT json_extract(options, '$.own_files[0].entries'), json_extract(options, '$.own_files[0].sha256') FROM run"),
                 Rows{"2|" + sha256_of("rule tool { meta: severity = \"high\" description = \"A tool\" strings: $a = \"tool\" condition: $a }\nrule never { condition: false }\n").toStdString()});
        const auto batches = test::rows(options.case_path, "SELECT count(*) FROM batch WHERE wave = 'content'");
        options.resume = true, options.rules.clear();
        result = run_own(options);
        QVERIFY(result && result->notes.empty());
        QCOMPARE(test::rows(options.case_path, k_matches), expected);
        options.rules = {write("other.yar", "rule plain { strings: $b = \"plain\" condition: $b }")};
        result = run_own(options);
        QVERIFY(result);
        QCOMPARE(result->notes.size(), std::size_t{1});
        QCOMPARE(test::rows(options.case_path, k_matches), Rows{"yara/match|other.yar: plain|2|1|$b @0|0"});
        QCOMPARE(test::rows(options.case_path, "SELECT count(*) FROM batch WHERE wave = 'content'"), batches);
        QCOMPARE(test::rows(options.case_path, "SELECT json_extract(details, '$.made_anew[0]') FROM custody WHERE action = 'analysis.resumed' ORDER BY id DESC LIMIT 1"), Rows{"yara"});
        // As if it had been begun with them.
        auto fresh = m_machine.options("fresh.deadbox");
        fresh.rules = options.rules;
        QVERIFY(run_own(fresh));
        QCOMPARE(QString::fromStdString(test::report_of(options.case_path)), QString::fromStdString(test::report_of(fresh.case_path)));
    }

    // The innocent twin: without rules of one's own nothing is scanned and nothing said of it.
    void no_rules_no_word() {
        auto options = m_machine.options("no_rules.deadbox");
        QVERIFY(run_own(options));
        QCOMPARE(test::rows(options.case_path, "SELECT count(*) FROM rule_match"), Rows{"0"});
        QCOMPARE(test::rows(options.case_path, "SELECT 1 FROM coverage WHERE area IN ('yara', 'known')"), Rows{});
    }

    // A folder of rules; two files of one name; and one that does not compile, told with its file and line before anything is done.
    void folders_of_rules() {
        write("rules-a.yar", "rule x { condition: false }");
        QDir().mkpath(QString::fromStdString(m_machine.path("rules/below")));
        write("rules/a.yar", "rule x { strings: $a = \"plain\" condition: $a }");
        write("rules/below/a.yar", "rule x { strings: $a = \"plain\" condition: $a }");
        write("rules/notes.txt", "no rules");
        auto options = m_machine.options("folder.deadbox");
        options.rules = {m_machine.path("rules"), m_machine.path("rules/a.yar")};
        QVERIFY(run_own(options));
        QCOMPARE(test::rows(options.case_path, "SELECT subject FROM finding WHERE rule = 'yara/match' ORDER BY subject"), (Rows{"a.yar (2): x", "a.yar: x", "below/a.yar: x"}));
        write("rules/b.yar", "rule good { condition: true }\nrule bad { condition: $x }");
        options.case_path = m_machine.path("broken.deadbox");
        const auto result = run_own(options);
        QVERIFY(!result);
        QCOMPARE(result.error().code, base::Errc::usage);
        QVERIFY2(result.error().what.find("b.yar line 2: undefined string") != std::string::npos, result.error().what.c_str());
        QVERIFY(!QFile::exists(QString::fromStdString(options.case_path)));
    }

    // Rules that would take for ever or all memory cost their own request, or the file that they hang on.
    void hostile_rules() {
        auto options = m_machine.options("hostile.deadbox");
        options.rules = {write("deep.yar", "rule a { condition: " + QByteArray(500'000, '(') + "true" + QByteArray(500'000, ')') + " }")};
        auto result = run_own(options);
        QVERIFY(!result);
        QCOMPARE(result.error().code, base::Errc::usage);
        options.rules = {write("loop.yar", "rule a { condition: filename == \"plain\" and for all i in (1..1000000) : ( for all j in (1..1000000) : ( i + j > 0 ) ) }\nrule b { condition: filename == \"tool\" }")};
        options.hang_seconds = 1;
        result = run_own(options);
        QVERIFY2(result, result ? "" : result.error().what.c_str());
        QCOMPARE(test::rows(options.case_path, "SELECT subject FROM finding WHERE rule = 'yara/match'"), Rows{"loop.yar: b"});
        QCOMPARE(test::rows(options.case_path, "SELECT parser, outcome FROM step WHERE parser = 'yara'"), Rows{"yara|3"});
    }

    void jobs_and_order_do_not_matter() {
        const auto set = make_set(md5_of("a tool\n") + "  tool\n" + sha256_of("plain\n") + "\n", "Set", sets::Verdict::bad);
        nlohmann::json seals[2];
        for (int i = 0; i < 2; ++i) {
            auto options = m_machine.options("jobs" + std::to_string(i) + ".deadbox");
            options.jobs = 1 + 3 * i;
            options.hash_sets = {set};
            QVERIFY(run_own(options));
            seals[i] = test::seal_of(options.case_path);
        }
        QCOMPARE(QString::fromStdString(seals[0].dump(1)), QString::fromStdString(seals[1].dump(1)));
    }

    // What cannot be used ends the request, and leaves no case.
    void sets_that_cannot_be_used() {
        for (const auto& path : {m_machine.path("not there"), write("text", "no set\n"), m_machine.image(), m_machine.path("")}) {
            auto options = m_machine.options("none.deadbox");
            options.hash_sets = {path};
            const auto result = run_own(options);
            QVERIFY(!result);
            QCOMPARE(result.error().code, base::Errc::usage);
            QVERIFY(!QFile::exists(QString::fromStdString(options.case_path)));
        }
    }

    // A set that is damaged inside: what it does not say is told as a gap, and the rest is examined.
    void a_damaged_set_is_told() {
        QByteArray list;
        for (int i = 0; i < 5000; ++i) list += QByteArray::number(i).rightJustified(32, '0') + "  f" + QByteArray::number(i) + "\n";
        const auto set = make_set(list + md5_of("plain\n") + "  plain\n", "Set", sets::Verdict::bad);
        QFile file(QString::fromStdString(set));
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.seek(5 * 4096), file.write(QByteArray(static_cast<qsizetype>(file.size() - 5 * 4096), '\xff'));
        file.close();
        auto options = m_machine.options("damaged.deadbox");
        options.hash_sets = {set};
        const auto result = run_own(options);
        if (!result) QCOMPARE(result.error().code, base::Errc::usage);
        else QCOMPARE(test::rows(options.case_path, "SELECT level, area FROM coverage WHERE wave = 'known'"), Rows{"gap|known"});
    }
};
DEADBOX_TEST(OwnFilesTest)
#include "own_files_test.moc"
