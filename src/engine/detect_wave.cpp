#include "base/resources.hpp"
#include "case/findings.hpp"
#include "engine/waves.hpp"
#include "plugin/detector.hpp"
#include "plugin/topic.hpp"

namespace deadbox::engine {

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
                auto found = prepared ? case_file::run_detector(session.database, definition, *detector, topic->id, provisional ? case_file::Standing::provisional : case_file::Standing::final)
                                      : tl::unexpected(prepared.error());
                if (found) {
                    TRY(transaction.commit());
                    state.findings += static_cast<std::uint64_t>(*found);
                } else {
                    {
                        const auto undo = std::move(transaction);
                    }
                    TRY(session.writer.coverage({base::Gap::Level::gap, std::string(topic->id), "a detector failed; its findings are missing", "", found.error().what}, std::nullopt, "detect:" + std::string(topic->id) + "." + std::string(definition.id)));
                }
                ++state.done;
                session.progress.show(state);
                if (session.progress.stop()) return base::fail(base::Errc::interrupted, "stopped; go on with --resume");
            }
        }
    }
    return {};
}

}  // namespace deadbox::engine
