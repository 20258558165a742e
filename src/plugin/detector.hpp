// The half of a topic that concludes, over the case and never over the image.
#pragma once

#include "plugin/case_reader.hpp"
#include "plugin/finding.hpp"

namespace deadbox::plugin {

class Detector {
public:
    virtual ~Detector() = default;
    // Called once: load lists. `resources` is the folder resources/<topic>.
    virtual base::Result<void> prepare(const std::string& resources) const { (void)resources; return {}; }
    virtual base::Result<void> detect(const CaseReader& reader, FindingSink& sink) const = 0;
    // May it be asked while its tables are still being filled? Yes for one that judges what is there; never for one that
    // concludes from what is missing. What it says then is marked provisional until it is asked for good.
    virtual bool may_run_early() const { return false; }
};

}  // namespace deadbox::plugin
