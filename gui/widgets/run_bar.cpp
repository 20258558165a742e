#include "gui/widgets/run_bar.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

#include "gui/models/analysis_run.hpp"
#include "gui/models/time_format.hpp"
#include "gui/pages/page.hpp"

namespace deadbox::gui {
namespace {

constexpr int k_share_steps = 1000;

}  // namespace

QString wave_text(const QString& wave) {
    if (wave == QLatin1String("open")) return RunBar::tr("opening the evidence");
    if (wave == QLatin1String("walk")) return RunBar::tr("reading names");
    if (wave == QLatin1String("configure")) return RunBar::tr("reading the configuration");
    if (wave == QLatin1String("content")) return RunBar::tr("reading contents");
    if (wave == QLatin1String("media")) return RunBar::tr("taking the media's digest");
    if (wave == QLatin1String("known")) return RunBar::tr("asking your own sets");
    if (wave == QLatin1String("detect")) return RunBar::tr("judging");
    if (wave == QLatin1String("place")) return RunBar::tr("finding places on the media");
    return wave.isEmpty() ? RunBar::tr("starting") : wave;
}

RunBar::RunBar(AnalysisRun& run, QWidget* parent) : QWidget(parent), m_run(run), m_text(new QLabel), m_share(new QProgressBar), m_pause(new QToolButton), m_stop(new QToolButton) {
    m_text->setTextFormat(Qt::PlainText);
    m_share->setRange(0, k_share_steps);
    m_share->setTextVisible(false);
    m_share->setFixedWidth(120);
    m_share->setMaximumHeight(12);
    m_share->setAccessibleName(tr("Share of this wave that is done"));
    for (auto* button : {m_pause, m_stop}) button->setAutoRaise(true);
    m_stop->setIcon(icon_named(QStringLiteral("media-playback-stop")));
    m_stop->setToolTip(tr("Stop; it can be resumed"));
    m_stop->setAccessibleName(tr("Stop the analysis"));
    auto* all = new QHBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(8);
    all->addWidget(m_share);
    all->addWidget(m_text);
    all->addWidget(m_pause);
    all->addWidget(m_stop);
    connect(&run, &AnalysisRun::progressed, this, &RunBar::show_progress);
    connect(&run, &AnalysisRun::state_changed, this, &RunBar::show_state);
    connect(m_pause, &QToolButton::clicked, this, [this] { m_run.state() == AnalysisRun::State::paused ? m_run.go_on() : m_run.pause(); });
    connect(m_stop, &QToolButton::clicked, this, [this] { m_run.stop(); });
    show_state();
}

void RunBar::show_progress() {
    const auto& at = m_run.progress();
    QStringList parts{wave_text(at.wave)};
    if (at.total > 0) {
        const double share = std::min(1.0, static_cast<double>(at.done) / static_cast<double>(at.total));
        m_share->setValue(static_cast<int>(share * k_share_steps));
        parts << tr("%1 %").arg(static_cast<int>(share * 100));
    }
    if (at.rate > 0) parts << tr("%1/s").arg(size_text(static_cast<std::int64_t>(at.rate)));
    if (at.files > 0) parts << tr("%1 files").arg(count_text(static_cast<std::int64_t>(at.files)));
    if (at.left) parts << tr("%1 left").arg(duration_text(static_cast<std::int64_t>(*at.left)));
    if (at.bytes > 0) parts << tr("%1 read").arg(size_text(static_cast<std::int64_t>(at.bytes)));
    if (at.findings > 0) parts << tr("%1 findings").arg(count_text(static_cast<std::int64_t>(at.findings)));
    if (at.gaps > 0) parts << tr("%1 gaps").arg(count_text(static_cast<std::int64_t>(at.gaps)));
    if (at.paused) parts << tr("paused");
    m_text->setText(parts.join(QStringLiteral(" · ")));
}

void RunBar::show_state() {
    const auto state = m_run.state();
    const bool live = state == AnalysisRun::State::running || state == AnalysisRun::State::paused;
    const bool paused = state == AnalysisRun::State::paused;
    setVisible(live || state == AnalysisRun::State::stopping);
    m_pause->setIcon(icon_named(paused ? QStringLiteral("media-playback-start") : QStringLiteral("media-playback-pause")));
    m_pause->setToolTip(paused ? tr("Go on") : tr("Pause"));
    m_pause->setAccessibleName(m_pause->toolTip());
    m_pause->setEnabled(live);
    m_stop->setEnabled(live);
    setToolTip(m_run.is_joined() ? tr("This analysis was started elsewhere (process %1) and goes on when this window is closed.").arg(m_run.process()) : QString());
    if (state == AnalysisRun::State::stopping) m_text->setText(tr("stopping…"));
    else show_progress();
}

}  // namespace deadbox::gui
