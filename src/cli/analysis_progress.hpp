// Progress on stderr: a bar on a terminal, or JSON Lines for a window or a script. Signals that pause and stop.
#pragma once

#include <string>

#include "base/descriptor.hpp"
#include "engine/progress.hpp"

namespace deadbox::cli {

enum class ProgressStyle : std::uint8_t { none, bar, json };

// Connects `progress` with stderr and with SIGINT and SIGTERM (stop, resumable), SIGUSR1 (pause) and SIGUSR2 (go on).
// One at a time; the signals are given back when it goes. The last line of JSON also stands in a file without a name, the
// memfd "deadbox-progress" among this process's descriptors: a window that comes later reads it there.
class AnalysisProgress {
public:
    // waves: without JSON each wave is told as it begins (--log-level info).
    AnalysisProgress(engine::Progress& progress, ProgressStyle style, bool waves = false);
    ~AnalysisProgress();
    AnalysisProgress(const AnalysisProgress&) = delete;

private:
    void show(const engine::ProgressState& state, bool last);
    engine::Progress& m_progress;
    base::Descriptor m_for_others;
    ProgressStyle m_style;
    bool m_waves;
    double m_started, m_shown = 0;
    std::string m_wave;
    double m_wave_started = 0;
};

}  // namespace deadbox::cli
