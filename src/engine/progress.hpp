// What the outside is told while an analysis runs, and how it stops it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace deadbox::engine {

struct ProgressState {
    std::string wave, unit;
    std::uint64_t done = 0, total = 0;  // of the wave's own unit: "folders", "files", "bytes", "detectors"
    std::uint64_t bytes = 0, files = 0, findings = 0, gaps = 0;
    bool paused = false;
};

class Progress {
public:
    ProgressState state;
    std::function<void(const ProgressState&)> show = [](const ProgressState&) {};
    std::function<bool()> stop = [] { return false; };    // asked several times a second
    std::function<bool()> paused = [] { return false; };
};

}  // namespace deadbox::engine
