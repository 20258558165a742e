// Says in the ledger where web roots were assumed because no server's configuration names one.
#include "plugin/detector.hpp"

#include <string>

namespace deadbox::plugins::webserver {
namespace {

class WebserverDetector final : public plugin::Detector {
public:
    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const override {
        return reader.query("SELECT path FROM web_root AS w WHERE kind = 'default' AND NOT EXISTS (SELECT 1 FROM web_root AS c WHERE c.kind <> 'default' AND c.system IS w.system) "
                            "GROUP BY system, path ORDER BY system, path",
                            [&](const plugin::RowView& row) {
                                sink.gap({base::Gap::Level::assumption, "webserver", "no server's configuration names a web root: a default folder was taken for one",
                                          std::string(row.text(0)), ""});
                                return base::Next::go_on;
                            });
    }
};

}  // namespace

const plugin::Detector& webserver_detector() {
    static const WebserverDetector detector;
    return detector;
}

}  // namespace deadbox::plugins::webserver
