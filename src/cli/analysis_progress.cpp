#include "cli/analysis_progress.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

namespace deadbox::cli {
namespace {

volatile sig_atomic_t g_stop = 0, g_paused = 0;

void on_signal(int number) {
    if (number == SIGUSR1) g_paused = 1;
    else if (number == SIGUSR2) g_paused = 0;
    else g_stop = 1;
}

constexpr int k_signals[] = {SIGINT, SIGTERM, SIGUSR1, SIGUSR2};

double now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

std::string duration(double seconds) {
    const auto whole = static_cast<long>(seconds);
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

}  // namespace

AnalysisProgress::AnalysisProgress(engine::Progress& progress, ProgressStyle style, bool waves)
    : m_progress(progress), m_for_others(::memfd_create("deadbox-progress", MFD_CLOEXEC)), m_style(style), m_waves(waves && style != ProgressStyle::json), m_started(now()) {
    g_stop = 0;
    g_paused = 0;
    struct sigaction action {};
    action.sa_handler = on_signal;
    for (const int number : k_signals) sigaction(number, &action, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    progress.stop = [] { return g_stop != 0; };
    progress.paused = [] { return g_paused != 0; };
    if (style == ProgressStyle::bar && isatty(STDERR_FILENO) == 0) m_style = ProgressStyle::none;
    progress.show = [this](const engine::ProgressState& state) { show(state, false); };
}

AnalysisProgress::~AnalysisProgress() {
    show(m_progress.state, true);
    if (m_style == ProgressStyle::bar) std::fputs("\r\033[K", stderr);
    // A pause that comes too late must not end the program.
    for (const int number : k_signals) ::signal(number, number == SIGUSR1 || number == SIGUSR2 ? SIG_IGN : SIG_DFL);
    m_progress.show = [](const engine::ProgressState&) {};
}

void AnalysisProgress::show(const engine::ProgressState& state, bool last) {
    const double time = now();
    const bool new_wave = state.wave != m_wave;
    if (new_wave) m_wave = state.wave, m_wave_started = time;
    if (new_wave && m_waves) std::fputs(fmt::format("{}deadbox: {} begins, {:.1f} s after the start\n", m_style == ProgressStyle::bar ? "\r\033[K" : "", state.wave, time - m_started).c_str(), stderr);
    if (!last && !new_wave && time - m_shown < 0.2) return;
    m_shown = time;
    const double elapsed = std::max(time - m_started, 0.001), in_wave = time - m_wave_started;
    const double rate = static_cast<double>(state.bytes) / elapsed;
    const double share = state.total > 0 ? std::min(1.0, static_cast<double>(state.done) / static_cast<double>(state.total)) : 0;
    const double left = share > 0.01 ? in_wave / share - in_wave : -1;
    nlohmann::json fields{{"wave", state.wave}, {"unit", state.unit}, {"done", state.done}, {"total", state.total}, {"bytes", state.bytes}, {"files", state.files},
                          {"rate", static_cast<std::uint64_t>(rate)}, {"findings", state.findings}, {"gaps", state.gaps}, {"paused", state.paused}};
    fields["eta"] = left < 0 ? nlohmann::json() : nlohmann::json(static_cast<std::uint64_t>(left));
    const auto line = fields.dump() + "\n";
    if (::pwrite(m_for_others.get(), line.data(), line.size(), 0) < 0) m_for_others = {};  // nobody will see it then
    if (m_style == ProgressStyle::json) std::fputs(line.c_str(), stderr);
    if (m_style != ProgressStyle::bar) return;
    const int filled = static_cast<int>(share * 24);
    std::string text = fmt::format("\r\033[K{:<10} [{}{}] {:3.0f} %  {:.0f} MB/s", state.wave, std::string(static_cast<std::size_t>(filled), '#'),
                                   std::string(static_cast<std::size_t>(24 - filled), '.'), share * 100, rate / 1e6);
    if (left >= 0) text += "  " + duration(left) + " left";
    if (state.findings > 0) text += fmt::format("  {} findings", state.findings);
    if (state.paused) text += "  paused";
    std::fputs(text.c_str(), stderr);
}

}  // namespace deadbox::cli
