#include "gui/models/case_session.hpp"

#include <QFile>
#include <QFileInfo>
#include <QSettings>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "gui/models/own_texts.hpp"

namespace deadbox::gui {
namespace {

// A path may have any sign, and a settings' key no slash.
QString places_key(const QString& case_path) { return QStringLiteral("evidence/") + QString::fromLatin1(QFile::encodeName(case_path).toHex()); }

}  // namespace

// A thread that does its jobs in order and opens the case for the first of them that needs it.
class CaseSession::Worker {
public:
    Worker(std::string path, std::string language) : m_path(std::move(path)), m_language(std::move(language)), m_thread([this] { work(); }) {}
    ~Worker() {
        {
            const std::lock_guard lock(m_mutex);
            m_end = true;
            for (auto& job : m_jobs)
                if (job.stop) job.stop->store(true);
            if (m_current) m_current->store(true);
        }
        m_wake.notify_one();
        m_thread.join();
    }

    void post(Job job) {
        {
            const std::lock_guard lock(m_mutex);
            m_jobs.push_back(std::move(job));
        }
        m_wake.notify_one();
    }

    // The case has changed: what was kept of it is read anew by the next job.
    void forget() { m_forget = true; }

private:
    void work() {
        for (;;) {
            Job job;
            {
                std::unique_lock lock(m_mutex);
                m_wake.wait(lock, [this] { return m_end || !m_jobs.empty(); });
                if (m_jobs.empty()) return;
                job = std::move(m_jobs.front());
                m_jobs.pop_front();
                m_current = job.stop;
            }
            if (job.stop && job.stop->load()) continue;
            job.run(reader(job.stop.get()));
            if (m_reader) m_reader->watch(nullptr);
        }
    }

    base::Result<CaseReader*> reader(const std::atomic<bool>* stop) {
        if (!m_reader) {
            TRY_ASSIGN(m_reader, CaseReader::open(m_path, m_language));
        }
        if (m_forget.exchange(false)) m_reader->forget();
        m_reader->watch(stop);
        return m_reader.get();
    }

    std::string m_path, m_language;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Job> m_jobs;
    std::shared_ptr<std::atomic<bool>> m_current;
    bool m_end = false;
    std::atomic<bool> m_forget = false;
    std::unique_ptr<CaseReader> m_reader;
    std::thread m_thread;  // last: it uses all of the above
};

CaseSession::CaseSession(const QString& path, QObject* parent) : QObject(parent), m_path(path) {
    m_places = QSettings().value(places_key(m_path)).toStringList();
    const auto language = window_language();
    for (auto& reader : m_readers) reader = std::make_unique<Worker>(path_bytes(), language);
    m_watch.setInterval(1000);
    connect(&m_watch, &QTimer::timeout, this, &CaseSession::look_for_changes);
    m_watch.start();
    look_for_changes();  // what the first answers show is what later changes are told from
}

CaseSession::~CaseSession() = default;

void CaseSession::set_evidence_places(const QStringList& places) {
    m_places = places;
    if (places.isEmpty()) QSettings().remove(places_key(m_path));
    else QSettings().setValue(places_key(m_path), places);
    Q_EMIT evidenceMoved();
}

QStringList CaseSession::evidence_arguments() const {
    QStringList arguments;
    for (const auto& place : m_places) arguments << QStringLiteral("--evidence") << place;
    return arguments;
}

std::string CaseSession::path_bytes() const { return QFile::encodeName(m_path).toStdString(); }

void CaseSession::post(Lane lane, Job job) { m_readers[static_cast<std::size_t>(lane)]->post(std::move(job)); }

void CaseSession::deliver(std::function<void()> answer) { QMetaObject::invokeMethod(this, std::move(answer), Qt::QueuedConnection); }

void CaseSession::look_for_changes() {
    if (m_looking) return;
    m_looking = true;
    ask(Lane::rows, this, [](CaseReader& reader) { return reader.view().data_version(); }, [this](base::Result<std::int64_t> version) {
        m_looking = false;
        if (!version || *version == m_version) return;
        const bool first = m_version == -1;
        m_version = *version;
        if (first) return;
        for (auto& reader : m_readers) reader->forget();
        Q_EMIT changed();
    });
}

void CaseSession::edit(QObject* receiver, std::function<base::Result<void>(const std::string&)> write, std::function<void(base::Result<void>)> done) {
    if (!m_editor) m_editor = std::make_unique<Worker>(path_bytes(), "en");
    Job job;
    job.run = [this, path = path_bytes(), guard = QPointer<QObject>(receiver), write = std::move(write), done = std::move(done)](base::Result<CaseReader*>) {
        auto answer = std::make_shared<base::Result<void>>(write(path));
        deliver([this, guard, answer, done] {
            const bool written = answer->has_value();
            // What the store says of it is for nobody who sits here.
            if (!written && !QFileInfo(m_path).isWritable()) *answer = base::fail(base::Errc::denied, tr("the case cannot be written here; copy it to a place where it can").toStdString());
            if (guard && done) done(std::move(*answer));
            if (written) look_for_changes();
        });
    };
    m_editor->post(std::move(job));
}

}  // namespace deadbox::gui
