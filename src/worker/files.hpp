// Reads files: digests, type, parsers. Waves "configure" and "content".
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/function_ref.hpp"
#include "base/glob.hpp"
#include "plugin/own_rules.hpp"
#include "plugin/parser.hpp"
#include "plugin/topic.hpp"
#include "worker/intake.hpp"
#include "worker/outbox.hpp"

namespace deadbox::worker {

// All parsers with their patterns compiled. Made before the lock-down.
class FileReader {
public:
    // Prepares every parser with resources/<topic>.
    static base::Result<std::unique_ptr<FileReader>> make(const std::string& resources);

    // The examiner's own rules, to the parsers that run them.
    void add_rules(const plugin::RuleText& rules);
    base::Result<std::size_t> check_rules(const plugin::RuleText& rules);

    void read(const std::vector<FileTask>& tasks, const Intake::Trees& trees, const Intake::Zeros& zeros, plugin::Wave wave, const Skips& skips, Outbox& outbox, ipc::Slot& slot);

private:
    struct Prepared {
        const plugin::ParserDef* definition;
        const plugin::Parser* parser;
        plugin::RuleTaker* rules;  // null but of one that runs the examiner's
        std::vector<base::Glob> paths, types;
    };
    FileReader() = default;
    void parse(TakenFile file, plugin::Wave wave, const Skips& skips, Outbox& outbox, ipc::Slot& slot);
    std::vector<Prepared> m_parsers;
    bool m_rules = false;  // the examiner's own were given
    Intake m_intake;
};

}  // namespace deadbox::worker
