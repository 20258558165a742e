// What an analysis is doing, in the status line: wave, share, rate, time left, findings, gaps; pause and stop.
#pragma once

#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace deadbox::gui {

class AnalysisRun;

// What an analysis does in a wave, in words.
QString wave_text(const QString& wave);

class RunBar final : public QWidget {
    Q_OBJECT
public:
    // Follows `run`, which outlives it.
    explicit RunBar(AnalysisRun& run, QWidget* parent = nullptr);

private:
    void show_progress();
    void show_state();

    AnalysisRun& m_run;
    QLabel* m_text;
    QProgressBar* m_share;
    QToolButton *m_pause, *m_stop;
};

}  // namespace deadbox::gui
