#include "base/resources.hpp"
#include "case/findings.hpp"
#include "engine/waves.hpp"
#include "plugin/detector.hpp"
#include "plugin/topic.hpp"

namespace deadbox::engine {
namespace {

base::Error stopped() { return {base::Errc::interrupted, "stopped; go on with --resume"}; }

using case_file::Standing;

base::Result<int> ask(Session& session, const plugin::Topic& topic, const plugin::DetectorDef& definition, const plugin::Detector& detector, Standing standing) {
    if (!session.prepared_detectors.contains(&detector)) {
        TRY_ASSIGN(const std::string resources, base::resources_folder());
        TRY(detector.prepare(resources + "/" + std::string(topic.id)));
        session.prepared_detectors.insert(&detector);
    }
    TRY_ASSIGN(case_file::Transaction transaction, case_file::Transaction::begin(session.database));
    // A query over millions of events takes longer than an answer to SIGTERM may.
    const case_file::Interruptible interruptible(session.database, [&session] { return session.progress.stop(); });
    TRY_ASSIGN(const int found, case_file::run_detector(session.database, definition, detector, topic.id, standing));
    TRY(transaction.commit());
    return found;
}

}  // namespace

base::Result<void> detect_wave(Session& session, plugin::Wave after, Standing standing) {
    auto& state = session.progress.state;
    const bool final = standing == Standing::final;
    if (final) state.wave = "detect", state.unit = "detectors", state.done = state.total = 0;
    for (const bool last : {false, true}) {
        for (const auto* topic : plugin::topics()) {
            for (const auto& definition : topic->detectors) {
                if (definition.last != last || definition.after != after) continue;
                const auto* detector = plugin::find_detector(definition.id);
                if (detector == nullptr || (!final && (last || !detector->may_run_early()))) continue;
                const auto found = ask(session, *topic, definition, *detector, standing);
                if (!found && session.progress.stop()) return tl::unexpected(stopped());
                if (!found && final)
                    TRY(session.writer.coverage({base::Gap::Level::gap, std::string(topic->id), "a detector failed; its findings are missing", "", found.error().what}, std::nullopt, "detect:" + std::string(topic->id) + "." + std::string(definition.id)));
                TRY_ASSIGN(const auto count, case_file::count_findings(session.database));
                state.findings = static_cast<std::uint64_t>(count);
                if (final) ++state.done;
                session.progress.show(state);
                if (session.progress.stop()) return tl::unexpected(stopped());
            }
        }
    }
    if (!final || after != plugin::Wave::content) return {};
    TRY_ASSIGN(case_file::Transaction transaction, case_file::Transaction::begin(session.database));
    TRY(case_file::drop_provisional(session.database));
    return transaction.commit();
}

}  // namespace deadbox::engine
