// By which way an intruder came in, where a log has it.
#include "correlation/ways_in.hpp"

namespace deadbox::plugins::correlation {
namespace {

class WayInDetector final : public plugin::Detector {
    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const override {
        TRY_ASSIGN(const auto known, known_findings(reader, "severity >= 2 AND confidence >= 1"));
        // Healthy servers end here, before any log is gone through again.
        if (std::none_of(known.begin(), known.end(), [](const Known& one) { return one.severity >= plugin::Severity::high; })) return {};
        TRY_ASSIGN(Sites sites, Sites::load(reader));
        TRY_ASSIGN(const auto planted, planted_files(reader, known, sites));
        TRY_ASSIGN(const auto answered, find_web_entries(reader, sink, planted, sites));
        TRY(find_first_uses(reader, sink, planted, sites));
        return find_login_entries(reader, sink, known, answered);
    }
};

}  // namespace

const plugin::Detector& way_in_detector() {
    static const WayInDetector detector;
    return detector;
}

}  // namespace deadbox::plugins::correlation
