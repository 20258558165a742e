#include <atomic>
#include <chrono>
#include <future>
#include <thread>
#include <vector>

#include "base/resources.hpp"
#include "case/findings.hpp"
#include "engine/waves.hpp"
#include "plugin/detector.hpp"
#include "plugin/topic.hpp"

namespace deadbox::engine {
namespace {

using case_file::DetectorResult;
using case_file::Standing;

constexpr int k_most_threads = 4;  // each has a connection, and what its detector gathers

base::Error stopped() { return {base::Errc::interrupted, "stopped; go on with --resume"}; }

struct Question {
    const plugin::Topic* topic;
    const plugin::DetectorDef* definition;
    const plugin::Detector* detector;
    base::Result<void> prepared;
};

base::Result<void> prepare(Session& session, const plugin::Topic& topic, const plugin::Detector& detector) {
    if (session.prepared_detectors.contains(&detector)) return {};
    TRY_ASSIGN(const std::string resources, base::resources_folder());
    TRY(detector.prepare(resources + "/" + std::string(topic.id)));
    session.prepared_detectors.insert(&detector);
    return {};
}

std::vector<Question> questions(Session& session, plugin::Wave after, bool last, Standing standing) {
    std::vector<Question> all;
    for (const auto* topic : plugin::topics())
        for (const auto& definition : topic->detectors) {
            if (definition.last != last || definition.after != after) continue;
            const auto* detector = plugin::find_detector(definition.id);
            if (detector == nullptr || (standing == Standing::provisional && !detector->may_run_early())) continue;
            all.push_back({topic, &definition, detector, prepare(session, *topic, *detector)});
        }
    return all;
}

base::Result<DetectorResult> ask(const case_file::Database& reading, const Question& question, Standing standing) {
    TRY(question.prepared);
    return DetectorResult::ask(reading, *question.definition, *question.detector, question.topic->id, standing);
}

// Detectors that read nothing that another one says, asked on threads and connections of their own while the answers of those
// before them are stored.
class SideBySide {
public:
    // The case's file is opened anew; `questions` outlive this.
    SideBySide(const std::string& path, const std::vector<Question>& questions, Standing standing, int threads) : m_questions(questions), m_answers(questions.size()) {
        for (int i = 0; i < threads; ++i) m_threads.emplace_back([this, path, standing] { answer(path, standing); });
    }
    ~SideBySide() { m_stop = true; }  // and waits a moment for the threads
    SideBySide(const SideBySide&) = delete;

    // Of each once. Waits; Errc::interrupted where the progress says stop meanwhile.
    base::Result<DetectorResult> take(std::size_t place, Progress& progress) {
        auto answer = m_answers[place].get_future();
        while (answer.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
            progress.show(progress.state);
            if (progress.stop()) return tl::unexpected(stopped());
        }
        return answer.get();
    }

private:
    void answer(const std::string& path, Standing standing) {
        const auto own = case_file::Database::open(path, case_file::Access::read);
        for (std::size_t place = m_next++; place < m_questions.size() && !m_stop; place = m_next++) {
            if (!own) {
                m_answers[place].set_value(tl::unexpected(own.error()));
                continue;
            }
            // A query over millions of events takes longer than an answer to SIGTERM may.
            const case_file::Interruptible interruptible(*own, [this] { return m_stop.load(); });
            m_answers[place].set_value(ask(*own, m_questions[place], standing));
        }
    }

    const std::vector<Question>& m_questions;
    std::vector<std::promise<base::Result<DetectorResult>>> m_answers;
    std::atomic<std::size_t> m_next = 0;
    std::atomic<bool> m_stop = false;
    std::vector<std::jthread> m_threads;
};

base::Result<int> store(Session& session, DetectorResult result) {
    TRY_ASSIGN(case_file::Transaction transaction, case_file::Transaction::begin(session.database));
    TRY_ASSIGN(const int found, result.store(session.database));
    TRY(transaction.commit());
    return found;
}

base::Result<void> note_failure(Session& session, const Question& question, std::string_view words) {
    TRY_ASSIGN(case_file::Transaction transaction, case_file::Transaction::begin(session.database));
    TRY(case_file::note_failure(session.database, question.topic->id, *question.definition, words));
    return transaction.commit();
}

base::Result<void> detect(Session& session, plugin::Wave after, bool last, Standing standing) {
    auto& state = session.progress.state;
    const bool final = standing == Standing::final;
    const auto all = questions(session, after, last, standing);
    // Those that come last read what is stored of the others and of each other. Provisional ones leave the time to the children.
    std::optional<SideBySide> beside;
    if (final && !last && session.jobs > 1 && all.size() > 1) beside.emplace(sqlite3_db_filename(session.database.handle(), "main"), all, standing, std::min(session.jobs, k_most_threads));
    for (std::size_t place = 0; place < all.size(); ++place) {
        const auto found = [&]() -> base::Result<int> {
            if (beside) {
                TRY_ASSIGN(auto answer, beside->take(place, session.progress));
                return store(session, std::move(answer));
            }
            const case_file::Interruptible interruptible(session.database, [&session] { return session.progress.stop(); });
            TRY_ASSIGN(auto answer, ask(session.database, all[place], standing));
            return store(session, std::move(answer));
        }();
        if (!found && session.progress.stop()) return tl::unexpected(stopped());
        if (!found && final) TRY(note_failure(session, all[place], found.error().what));
        TRY_ASSIGN(const auto count, case_file::count_findings(session.database));
        state.findings = static_cast<std::uint64_t>(count);
        if (final) ++state.done;
        session.progress.show(state);
        if (session.progress.stop()) return tl::unexpected(stopped());
    }
    return {};
}

}  // namespace

base::Result<void> detect_wave(Session& session, plugin::Wave after, Standing standing) {
    auto& state = session.progress.state;
    const bool final = standing == Standing::final;
    if (final) state.wave = "detect", state.unit = "detectors", state.done = state.total = 0;
    TRY(detect(session, after, false, standing));
    if (!final) return {};
    TRY(detect(session, after, true, standing));
    if (after != plugin::Wave::content) return {};
    TRY_ASSIGN(case_file::Transaction transaction, case_file::Transaction::begin(session.database));
    TRY(case_file::drop_provisional(session.database));
    return transaction.commit();
}

}  // namespace deadbox::engine
