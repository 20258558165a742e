#include "logs/rules.hpp"

#include "base/timestamp.hpp"

namespace deadbox::plugins::logs {
namespace {

class LogsDetector final : public plugin::Detector {
public:
    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const override {
        TRY(judge_login_records(reader, sink));
        TRY(judge_silences(reader, sink));
        TRY(judge_emptied(reader, sink));
        TRY(judge_blocks(reader, sink));
        return judge_links(reader, sink);
    }
};

}  // namespace

std::string day_and_minute(std::int64_t seconds) {
    auto text = base::to_rfc3339({seconds, 0}).substr(0, 16);
    text[10] = ' ';
    return text + " UTC";
}

const plugin::Detector& logs_detector() {
    static const LogsDetector detector;
    return detector;
}

}  // namespace deadbox::plugins::logs
