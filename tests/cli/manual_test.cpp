// What --help says is what the outside may rely on, and what the man pages and the completion say.
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>

#include "support/test_main.hpp"

namespace {

QString said_by(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(60'000) || process.exitCode() != 0) return {};
    return QString::fromUtf8(process.readAllStandardOutput());
}

QString help_of(const QString& command) { return said_by(DEADBOX_BIN_DIR "/deadbox", command.split(' ') + QStringList{"--help"}); }

// Every long or short option that a help declares.
QStringList options_in(const QString& help) {
    static const QRegularExpression declared("^  (-[^ ]+)", QRegularExpression::MultilineOption);
    QStringList all;
    for (auto match = declared.globalMatch(help); match.hasNext();)
        all += match.next().captured(1).section(':', 0, 0).split(',', Qt::SkipEmptyParts);
    return all;
}

// The commands and options that the outside may rely on, as far as they are built.
struct Promise {
    const char *command, *options;
};
constexpr Promise k_promised[] = {
    {"info", "--devices"},
    {"analyze", "-o --profile --jobs --resume --timezone --clock-offset --clock-source --journal --evidence-hash --expect-hash --scope --exclude --report --fail-on --reduced-sandbox --trust --hash-set --yara "
                "--case-number --examiner --organisation --authority --description --progress"},
    {"findings", "--min-severity --topic --state"},
    {"facts", "--table --redact"},
    {"timeline", "--from --to --since --source --type --contains --path --user --address --ref --format --files-only"},
    {"coverage", ""},
    {"custody", ""},
    {"ls", "--recursive --ref"},
    {"cat", "--ref --evidence"},
    {"stat", "--ref"},
    {"extract", "-o --ref --evidence"},
    {"search", "--content --evidence --redact"},
    {"mark", "--state --reason --tag --comment"},
    {"note", "--kind --at --who --permitted-by --finding"},
    {"case set", "--case-number --examiner --organisation --authority --description --clock-offset --clock-source --conclusion"},
    {"report", "-o --format --redact --tlp --language"},
    {"verify", "--quick --evidence --anchor --report"},
    {"batch", "-o --jobs --resume"},
    {"rules list", ""},
    {"rules check", ""},
    {"trust build", "-o --name"},
    {"trust show", ""},
    {"hashset import", "-o --as --name"},
    {"hashset show", ""},
    {"handover", "-o"},
    {"demo", "-o"},
    {"selftest", "-o"},
};
constexpr const char* k_common[] = {"--help", "--quiet", "--log-level", "--json"};

}  // namespace

class ManualTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        said_by(DEADBOX_SOURCE_DIR "/packaging/man/make-man", {DEADBOX_BIN_DIR "/deadbox", m_folder.path()});
        QVERIFY(QFile::exists(m_folder.filePath("bash-completion/completions/deadbox")));
        static const QRegularExpression line("^  ([a-z]+) ", QRegularExpression::MultilineOption);
        const auto all = said_by(DEADBOX_BIN_DIR "/deadbox", {"--help"});
        for (auto match = line.globalMatch(all.mid(all.indexOf("Subcommands:"))); match.hasNext();) m_commands << match.next().captured(1);
        QVERIFY(m_commands.size() >= 19);
    }

    void help_keeps_what_was_promised_data() {
        QTest::addColumn<QStringList>("options");
        for (const auto& [command, options] : k_promised) QTest::newRow(command) << QString(options).split(' ', Qt::SkipEmptyParts);
    }
    void help_keeps_what_was_promised() {
        QFETCH(QStringList, options);
        const QString command = QTest::currentDataTag();
        QVERIFY(m_commands.contains(command.section(' ', 0, 0)));
        const auto help = help_of(command);
        const auto declared = options_in(help);
        for (const auto& option : options) QVERIFY2(declared.contains(option), qPrintable(option));
        const auto above = command.contains(' ') ? options_in(help_of(command.section(' ', 0, 0))) : QStringList();
        for (const char* option : k_common) QVERIFY2(declared.contains(option) || above.contains(option), option);
    }
    void every_command_is_promised() {
        for (const auto& command : m_commands) {
            bool known = false;
            for (const auto& promise : k_promised) known = known || QString(promise.command).section(' ', 0, 0) == command;
            QVERIFY2(known, qPrintable(command + " stands in no row of this test"));
        }
    }

    void pages_say_what_help_says() {
        for (const auto& command : m_commands) {
            QFile file(m_folder.filePath("man/man1/deadbox-" + command + ".1"));
            QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(command));
            const auto page = QString::fromUtf8(file.readAll()).remove('\\').remove(QStringLiteral("&")).simplified();
            auto help = help_of(command);
            for (const auto& promise : k_promised)
                if (QString(promise.command).startsWith(command + " ")) help += help_of(promise.command);
            for (const auto& option : options_in(help)) QVERIFY2(page.contains(option), qPrintable(command + " " + option));
            // Every sentence of the help too: what stands behind two spaces, or alone on an indented line.
            static const QRegularExpression meaning("^(?:  \\S.*?\\s{2,}|\\s{30})(\\S.*)$", QRegularExpression::MultilineOption);
            for (auto match = meaning.globalMatch(help); match.hasNext();) {
                const auto text = match.next().captured(1).remove(QStringLiteral("&")).simplified();
                QVERIFY2(page.contains(text), qPrintable(command + ": " + text));
            }
        }
    }
    void pages_are_pages() {
        QProcess groff;
        groff.start("groff", QStringList{"-man", "-ww", "-z"} + paths());
        if (!groff.waitForStarted()) QSKIP("groff is not installed");
        QVERIFY(groff.waitForFinished());
        QVERIFY2(groff.exitCode() == 0 && groff.readAllStandardError().isEmpty(), groff.readAllStandardError().constData());
    }

    void completion_completes_data() {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QStringList>("answers");
        QTest::newRow("a command") << "deadbox ana" << QStringList{"analyze"};
        QTest::newRow("an option") << "deadbox analyze --exp" << QStringList{"--expect-hash"};
        QTest::newRow("a choice") << "deadbox analyze --profile tri" << QStringList{"triage"};
        QTest::newRow("below a command") << "deadbox case s" << QStringList{"set"};
        QTest::newRow("its option") << "deadbox case set --conclusion-l" << QStringList{"--conclusion-level"};
    }
    void completion_completes() {
        QFETCH(QString, words);
        QFETCH(QStringList, answers);
        const auto script = QStringLiteral("cd /; . '%1'; COMP_WORDS=(%2); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _deadbox; printf '%s\\n' \"${COMPREPLY[@]}\"")
                                .arg(m_folder.filePath("bash-completion/completions/deadbox"), words);
        QCOMPARE(said_by("bash", {"-c", script}).split('\n', Qt::SkipEmptyParts), answers);
    }

private:
    QStringList paths() const {
        QStringList all;
        const QDir folder(m_folder.filePath("man/man1"));
        for (const auto& name : folder.entryList(QDir::Files)) all << folder.filePath(name);
        return all;
    }
    QTemporaryDir m_folder;
    QStringList m_commands;
};
DEADBOX_TEST(ManualTest)
#include "manual_test.moc"
