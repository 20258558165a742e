#include "gui/models/analysis_run.hpp"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "gui/models/running_analysis.hpp"

namespace deadbox::gui {
namespace {

constexpr int k_lines_kept = 20;
constexpr qsizetype k_longest_line = 1 << 20;
constexpr int k_patience_ms = 5000;
constexpr int k_follow_ms = 300;
constexpr int k_most_endings = 20;  // looks at one that has let its case go and is still there

quint64 number(const QJsonValue& value) { return value.isDouble() && value.toDouble() > 0 ? static_cast<quint64>(value.toDouble()) : 0; }

}  // namespace

QStringList NewCase::arguments() const {
    QStringList all{QStringLiteral("analyze"), QStringLiteral("--progress"), QStringLiteral("json"), QStringLiteral("-o"), output};
    if (triage) all << QStringLiteral("--profile") << QStringLiteral("triage");
    if (resume) all << QStringLiteral("--resume");
    const auto option = [&](const char* name, const QString& value) {
        if (!value.isEmpty()) all << QLatin1String(name) << value;
    };
    option("--case-number", number);
    option("--examiner", examiner);
    option("--organisation", organisation);
    option("--authority", authority);
    option("--description", description);
    option("--timezone", timezone);
    option("--evidence-hash", evidence_hash);
    option("--expect-hash", expected_hash);
    if (ignore_journal) option("--journal", QStringLiteral("ignore"));
    if (clock_offset != 0) {
        all << QStringLiteral("--clock-offset=%1").arg(clock_offset);  // one argument: it may begin with a minus
        option("--clock-source", clock_source);
    }
    for (const auto& glob : scope) option("--scope", glob);
    for (const auto& glob : exclude) option("--exclude", glob);
    for (const auto& path : trust) option("--trust", path);
    for (const auto& path : hash_sets) option("--hash-set", path);
    for (const auto& path : rules) option("--yara", path);
    all << QStringLiteral("--");
    for (const auto& path : evidence) {
        const auto disk = disks.find(path);
        all << (disk == disks.end() ? path : QStringLiteral("fd:%1").arg(disk->second->get()));
    }
    return all;
}

AnalysisRun::AnalysisRun(QObject* parent) : QObject(parent), m_process(std::make_unique<QProcess>()) {
    m_process->setProcessChannelMode(QProcess::SeparateChannels);
    m_process->setStandardOutputFile(QProcess::nullDevice());
    m_follow.setInterval(k_follow_ms);
    connect(&m_follow, &QTimer::timeout, this, &AnalysisRun::follow);
    connect(m_process.get(), &QProcess::readyReadStandardError, this, &AnalysisRun::read_lines);
    connect(m_process.get(), &QProcess::finished, this, &AnalysisRun::finish);
    connect(m_process.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart) return;
        m_words = {tr("%1 cannot be started: %2").arg(program(), m_process->errorString())};
        m_outcome = Outcome::failed;
        set_state(State::finished);
    });
}

AnalysisRun::~AnalysisRun() {
    m_process->disconnect(this);
    if (m_process->state() == QProcess::NotRunning) return;  // one that is only followed goes on
    m_process->terminate();
    m_process->waitForFinished(k_patience_ms);
}

QString AnalysisRun::program() { return QCoreApplication::applicationDirPath() + QStringLiteral("/deadbox"); }

void AnalysisRun::start(const NewCase& what) {
    if (m_state != State::idle && m_state != State::finished) return;
    m_case = what.output;
    m_progress = {};
    m_words.clear();
    m_rest.clear();
    m_joined = 0;
    m_process->setChildProcessModifier([disks = what.disks] {
        ::setsid();  // a terminal's Ctrl-C or hang-up for the window is not for it
        for (const int number : {SIGUSR1, SIGUSR2}) ::signal(number, SIG_IGN);  // nor may a pause end it before it listens
        for (const auto& [path, disk] : disks) ::fcntl(disk->get(), F_SETFD, 0);
    });
    m_process->start(program(), what.arguments());
    set_state(State::running);
}

bool AnalysisRun::join(const QString& case_path) {
    if (is_live()) return false;
    const auto found = analysis_of(case_path);
    if (!found) return false;
    m_case = case_path;
    m_progress = {};
    m_words.clear();
    m_joined = *found;
    m_endings = 0;
    m_follow.start();
    set_state(State::running);
    follow();
    return true;
}

void AnalysisRun::follow() {
    if (m_joined == 0) return m_follow.stop();
    // It lets the case go a moment before it has written how it ended.
    const bool holds = analysis_of(m_case) == m_joined;
    if (!holds && ::kill(static_cast<pid_t>(m_joined), 0) == 0 && ++m_endings < k_most_endings) return;
    if (holds) {
        m_endings = 0;
        if (const auto line = progress_of(m_joined); !line.isEmpty()) take(line);
        const auto state = m_progress.paused ? State::paused : State::running;
        if (m_state != State::stopping && m_state != state) set_state(state);
        return;
    }
    m_follow.stop();
    m_joined = 0;
    m_outcome = Outcome::ended;
    set_state(State::finished);
}

void AnalysisRun::send(int signal_number) {
    if (const auto pid = process(); pid > 0) ::kill(static_cast<pid_t>(pid), signal_number);
}

void AnalysisRun::pause() {
    if (m_state != State::running) return;
    send(SIGUSR1);
    set_state(State::paused);
}

void AnalysisRun::go_on() {
    if (m_state != State::paused) return;
    send(SIGUSR2);
    set_state(State::running);
}

void AnalysisRun::stop() {
    if (m_state != State::running && m_state != State::paused) return;
    if (m_state == State::paused) send(SIGUSR2);
    send(SIGTERM);
    set_state(State::stopping);
}

void AnalysisRun::let_go() {
    if (m_joined != 0) {
        m_joined = 0;
        m_follow.stop();
        m_outcome = Outcome::ended;
        return set_state(State::finished);
    }
    if (m_process->state() == QProcess::NotRunning) return;
    if (m_state == State::paused) send(SIGUSR2);
    m_process->disconnect(this);
    m_process->setParent(nullptr);
    m_process.release();  // a QProcess ends its child with itself: this one stays until the window's process is gone
    m_process = std::make_unique<QProcess>();
    m_outcome = Outcome::stopped;
    set_state(State::finished);
}

void AnalysisRun::read_lines() {
    m_rest += m_process->readAllStandardError();
    for (qsizetype end = m_rest.indexOf('\n'); end >= 0; end = m_rest.indexOf('\n')) {
        take(m_rest.left(end));
        m_rest.remove(0, end + 1);
    }
    if (m_rest.size() > k_longest_line) m_rest.clear();
}

void AnalysisRun::take(const QByteArray& line) {
    const auto object = QJsonDocument::fromJson(line).object();
    if (!object.contains(QLatin1String("wave"))) {
        const auto error = object.value(QLatin1String("error")).toObject().value(QLatin1String("message")).toString();
        m_words << (error.isEmpty() ? QString::fromUtf8(line) : error);
        while (m_words.size() > k_lines_kept) m_words.removeFirst();
        return;
    }
    const auto value = [&](const char* name) { return object.value(QLatin1String(name)); };
    m_progress.wave = value("wave").toString();
    m_progress.unit = value("unit").toString();
    m_progress.done = number(value("done"));
    m_progress.total = number(value("total"));
    m_progress.bytes = number(value("bytes"));
    m_progress.files = number(value("files"));
    m_progress.rate = number(value("rate"));
    m_progress.findings = number(value("findings"));
    m_progress.gaps = number(value("gaps"));
    m_progress.paused = value("paused").toBool();
    m_progress.left = value("eta").isDouble() ? std::optional(number(value("eta"))) : std::nullopt;
    Q_EMIT progressed();
}

void AnalysisRun::finish(int status, QProcess::ExitStatus how) {
    read_lines();
    if (how == QProcess::CrashExit) m_outcome = Outcome::crashed;
    else if (status == 130) m_outcome = Outcome::stopped;
    else if (status == 4) m_outcome = Outcome::gaps;
    else m_outcome = status == 0 || status == 1 ? Outcome::done : Outcome::failed;
    set_state(State::finished);
}

void AnalysisRun::set_state(State state) {
    m_state = state;
    Q_EMIT state_changed();
}

}  // namespace deadbox::gui
