// An analysis that runs: `deadbox analyze --progress json` as a child of the window, or one that was found running and is
// followed. A crash of either costs the other nothing: what the child committed stays in the case, and it goes on without
// the window if it is let go.
#pragma once

#include <QObject>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTimer>

#include <memory>
#include <optional>

#include "gui/models/disk_opener.hpp"

namespace deadbox::gui {

// What a new case is made of.
struct NewCase {
    QStringList evidence;  // paths of one machine's images or devices
    OpenDisks disks;       // of those that are attached disks: handed to the program as fd:N
    QString output;        // the case to be made
    bool triage = false;
    bool resume = false;   // `output` is there and is gone on with
    QString number, examiner, organisation, authority, description, timezone;
    QStringList scope, exclude;
    QString evidence_hash;          // none, sha256, all; "": as the profile has it
    QString expected_hash;          // of the media, as it is known
    qint64 clock_offset = 0;        // seconds that the machine's clock was ahead
    QString clock_source;
    QStringList trust, hash_sets, rules;  // of the examiner's own
    bool ignore_journal = false;    // the disk as it lies
    // The arguments of `deadbox`, without the program.
    QStringList arguments() const;
};

struct RunProgress {
    QString wave, unit;
    quint64 done = 0, total = 0, bytes = 0, files = 0, rate = 0, findings = 0, gaps = 0;  // rate: bytes a second
    std::optional<quint64> left;  // seconds
    bool paused = false;
};

class AnalysisRun final : public QObject {
    Q_OBJECT
public:
    enum class State { idle, running, paused, stopping, finished };
    // What became of a finished run. ended: of one that was only followed; its case says how.
    enum class Outcome { done, gaps, stopped, failed, crashed, ended };

    explicit AnalysisRun(QObject* parent = nullptr);
    ~AnalysisRun() override;  // a run that was not let go is stopped resumably

    void start(const NewCase& what);
    // Follows the analysis that is writing this case already; false where none is found.
    bool join(const QString& case_path);
    void pause();
    void go_on();
    void stop();    // resumably
    void let_go();  // it goes on without the window

    State state() const { return m_state; }
    bool is_live() const { return m_state == State::running || m_state == State::paused || m_state == State::stopping; }
    bool is_joined() const { return m_joined != 0; }  // not this window's child
    qint64 process() const { return m_joined != 0 ? m_joined : m_process->processId(); }
    const RunProgress& progress() const { return m_progress; }
    Outcome outcome() const { return m_outcome; }
    const QString& case_path() const { return m_case; }
    // What it said on standard error beside progress, the last lines.
    QString words() const { return m_words.join(QLatin1Char('\n')); }
    // The folder of this program's own siblings, where deadbox lies.
    static QString program();

Q_SIGNALS:
    void progressed();
    void state_changed();

private:
    void follow();
    void read_lines();
    void take(const QByteArray& line);
    void finish(int status, QProcess::ExitStatus how);
    void set_state(State state);
    void send(int signal_number);

    std::unique_ptr<QProcess> m_process;
    qint64 m_joined = 0;
    int m_endings = 0;
    QTimer m_follow;
    QByteArray m_rest;
    RunProgress m_progress;
    State m_state = State::idle;
    Outcome m_outcome = Outcome::done;
    QString m_case;
    QStringList m_words;
};

}  // namespace deadbox::gui
