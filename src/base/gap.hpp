// What was not seen, and why: the rows of the coverage ledger.
#pragma once

#include <cstdint>
#include <string>

namespace deadbox::base {

struct Gap {
    enum class Level : std::uint8_t {
        gap,         // allocated content in scope that could not be read and could change a finding
        limit,       // swap, unallocated space, remnants, configured caps
        assumption,  // a value that was taken without proof: a time zone, a year, a default folder
        note,        // damaged records inside something that was otherwise read
    };
    Level level = Level::note;
    std::string area;    // what kind of thing: "container", "ext4", "syslog"
    std::string reason;  // stable text without numbers or names, so that equal reasons merge
    std::string path;    // where, raw bytes; empty where it belongs to no file
    std::string detail;  // one example's particulars: offset, record, value
};

// Takes damage while a thing is opened or read, so that 256 of 300 entries *and* one gap come out.
class DamageSink {
public:
    virtual ~DamageSink() = default;
    virtual void damage(const Gap& gap) = 0;
};

}  // namespace deadbox::base
