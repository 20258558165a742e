#include "base/resources.hpp"
#include "case/findings.hpp"
#include "engine/waves.hpp"
#include "plugin/detector.hpp"
#include "plugin/topic.hpp"

namespace deadbox::engine {
namespace {

// While it lives, a query ends with an error soon after the progress says stop: one over millions of events takes longer
// than an answer to SIGTERM may.
class StoppableQueries {
public:
    StoppableQueries(const case_file::Database& database, Progress& progress) : m_handle(database.handle()) {
        const auto stop = [](void* asked) { return static_cast<Progress*>(asked)->stop() ? 1 : 0; };
        sqlite3_progress_handler(m_handle, k_steps, stop, &progress);
    }
    ~StoppableQueries() { sqlite3_progress_handler(m_handle, 0, nullptr, nullptr); }
    StoppableQueries(const StoppableQueries&) = delete;

private:
    static constexpr int k_steps = 500'000;  // of SQLite's virtual machine: some milliseconds
    sqlite3* m_handle;
};

base::Error stopped() { return {base::Errc::interrupted, "stopped; go on with --resume"}; }

}  // namespace

base::Result<void> detect_wave(Session& session, plugin::Wave after, bool provisional) {
    auto& state = session.progress.state;
    if (!provisional) state.wave = "detect", state.unit = "detectors", state.done = state.total = 0;
    TRY_ASSIGN(const std::string resources, base::resources_folder());
    for (const bool last : {false, true}) {
        for (const auto* topic : plugin::topics()) {
            for (const auto& definition : topic->detectors) {
                if (definition.last != last || definition.after != after) continue;
                const auto* detector = plugin::find_detector(definition.id);
                if (detector == nullptr) continue;
                TRY_ASSIGN(case_file::Transaction transaction, case_file::Transaction::begin(session.database));
                const auto prepared = detector->prepare(resources + "/" + std::string(topic->id));
                const StoppableQueries stoppable(session.database, session.progress);
                auto found = prepared ? case_file::run_detector(session.database, definition, *detector, topic->id, provisional ? case_file::Standing::provisional : case_file::Standing::final)
                                      : tl::unexpected(prepared.error());
                if (found) {
                    TRY(transaction.commit());
                    state.findings += static_cast<std::uint64_t>(*found);
                } else {
                    {
                        const auto undo = std::move(transaction);
                    }
                    if (session.progress.stop()) return tl::unexpected(stopped());
                    TRY(session.writer.coverage({base::Gap::Level::gap, std::string(topic->id), "a detector failed; its findings are missing", "", found.error().what}, std::nullopt, "detect:" + std::string(topic->id) + "." + std::string(definition.id)));
                }
                ++state.done;
                session.progress.show(state);
                if (session.progress.stop()) return tl::unexpected(stopped());
            }
        }
    }
    return {};
}

}  // namespace deadbox::engine
