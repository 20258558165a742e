// Whether the evidence stays what it is while it is read: size and times of image files, write counters and users of
// devices. What was found before and after stands in the custody log, a change in the ledger too.
#pragma once

#include <sys/stat.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "devices/attached.hpp"

namespace deadbox::engine {

struct Session;

class EvidenceWatch {
public:
    explicit EvidenceWatch(Session& session) : m_session(session) {}
    // The state before the first byte is read; a device that this workstation can write to right now is a note.
    base::Result<void> begin();
    // Further files of containers, once they are known; and what differs from an earlier run of this case.
    base::Result<void> add_files();
    // What changed since; each is a gap, because nobody knows which of the two states was read where.
    base::Result<void> end();

private:
    struct State {
        bool there = false;
        std::int64_t size = 0;
        timespec modified{}, changed{};
        std::optional<devices::Device> device;
    };
    static State state_of(const std::string& path);
    // What the two differ in, in words; "" for nothing.
    static std::string difference(const State& before, const State& after);
    base::Result<void> write(const std::string& path, const State& state, const char* action, const std::string& difference);
    base::Result<void> note(bool gap, const char* reason, const std::string& detail);

    Session& m_session;
    std::map<std::string, State> m_before;  // by argument or path
};

}  // namespace deadbox::engine
