// The half of a topic that reads files, in the locked-down worker.
#pragma once

#include "plugin/file.hpp"
#include "plugin/sink.hpp"

namespace deadbox::plugin {
class RuleTaker;
}

namespace deadbox::plugin {

// Stateless: output depends on the file's bytes, its metadata and the parameters alone. Streams large files. An error
// means that nothing more can be read of this file; what went into the sink before it stays.
class Parser {
public:
    virtual ~Parser() = default;
    // Called once, before the lock-down: compile rules, load lists. `resources` is the folder resources/<topic>.
    virtual base::Result<void> prepare(const std::string& resources) const { (void)resources; return {}; }
    // Of a parser that runs the examiner's own rules (own_rules.hpp): it is asked about files only once it was given some.
    virtual RuleTaker* rule_taker() const { return nullptr; }
    virtual base::Result<void> parse(const File& file, const Parameters& parameters, Sink& sink) const = 0;
};

}  // namespace deadbox::plugin
