// Fails where a file told it to.
#include "plugin/detector.hpp"
#include "trial/trial_topic.hpp"

namespace deadbox::plugins::trial {
namespace {

class TrialVerdict final : public plugin::Detector {
public:
    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const override {
        bool told = false;
        TRY(reader.query("SELECT 1 FROM trial_mark WHERE what = 'break the detector'", [&](const plugin::RowView&) {
            told = true;
            return base::Next::stop;
        }));
        if (told) return base::fail(base::Errc::internal, "it was told to break");
        sink.gap({base::Gap::Level::note, "trial", "the detector of the tests was asked", "", ""});
        return {};
    }
};

}  // namespace

const plugin::Detector& trial_verdict_detector() {
    static const TrialVerdict detector;
    return detector;
}

}  // namespace deadbox::plugins::trial
