// An open case in the window. Reading happens on threads of its own, each with its own connection; edits are short
// transactions on another. Everything here is called from the GUI thread, and answers come there.
#pragma once

#include <QObject>
#include <QPointer>
#include <QString>
#include <QStringList>
#include <QTimer>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "gui/models/case_reader.hpp"

namespace deadbox::gui {

// rows: pages of tables, a few milliseconds each. chart: totals and histograms. slow: reports, scans, searches.
enum class Lane : std::uint8_t { rows, chart, slow };

// A question that is under way. Dropping it changes nothing; cancel() ends the work and its answer is not given.
class Ticket {
public:
    Ticket() = default;
    void cancel() const {
        if (m_stop) m_stop->store(true);
    }
    bool is_cancelled() const { return m_stop && m_stop->load(); }

private:
    friend class CaseSession;
    std::shared_ptr<std::atomic<bool>> m_stop;
};

class CaseSession : public QObject {
    Q_OBJECT
public:
    // Opens nothing yet: a case that cannot be read is the error of the first question.
    explicit CaseSession(const QString& path, QObject* parent = nullptr);
    ~CaseSession() override;  // ends what runs, then joins the threads

    const QString& path() const { return m_path; }
    std::string path_bytes() const;

    // Runs work(CaseReader&) -> base::Result<T> on the lane's thread, then take(base::Result<T>) here, unless `receiver` is
    // gone or the ticket was cancelled.
    template <class Work, class Take>
    Ticket ask(Lane lane, QObject* receiver, Work work, Take take) {
        using Answer = std::invoke_result_t<Work&, CaseReader&>;
        Ticket ticket;
        ticket.m_stop = std::make_shared<std::atomic<bool>>(false);
        Job job;
        job.stop = ticket.m_stop;
        job.run = [this, stop = ticket.m_stop, guard = QPointer<QObject>(receiver), work = std::move(work), take = std::move(take)](base::Result<CaseReader*> reader) mutable {
            auto answer = std::make_shared<Answer>(reader ? work(**reader) : Answer(tl::unexpected<base::Error>(reader.error())));
            deliver([stop, guard, answer, take = std::move(take)]() mutable {
                if (guard && !stop->load()) take(std::move(*answer));
            });
        };
        post(lane, std::move(job));
        return ticket;
    }
    // A change by the analyst: write(path of the case) on the edits' thread; changed() follows where it went well.
    void edit(QObject* receiver, std::function<base::Result<void>(const std::string&)> write, std::function<void(base::Result<void>)> done);

    // Where the evidence is now, in the case's order: kept with the window's settings for this case. Empty: where the case says.
    const QStringList& evidence_places() const { return m_places; }
    void set_evidence_places(const QStringList& places);
    // The same for a program that is started: --evidence PATH of each.
    QStringList evidence_arguments() const;

    // Looks for what was committed at once, for whoever knows that there is something.
    void look() { look_for_changes(); }

Q_SIGNALS:
    // Something was committed, by an analysis, by another program or by an edit; once a second, or when look() finds it.
    void changed();
    void evidenceMoved();

private:
    struct Job {
        std::shared_ptr<std::atomic<bool>> stop;
        std::function<void(base::Result<CaseReader*>)> run;
    };
    class Worker;
    void post(Lane lane, Job job);
    void deliver(std::function<void()> answer);
    void look_for_changes();

    QString m_path;
    QStringList m_places;
    std::array<std::unique_ptr<Worker>, 3> m_readers;
    std::unique_ptr<Worker> m_editor;
    QTimer m_watch;
    std::int64_t m_version = -1;
    bool m_looking = false;
};

}  // namespace deadbox::gui
