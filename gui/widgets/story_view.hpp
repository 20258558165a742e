// The story as a vertical line of moments, each with its phase; what is known of each leads to its finding.
#pragma once

#include <QWidget>

#include <vector>

#include "gui/models/link.hpp"
#include "gui/models/time_format.hpp"
#include "report/model.hpp"

namespace deadbox::gui {

class Frame;

class StoryView : public QWidget {
    Q_OBJECT
public:
    StoryView(const std::vector<report::StoryEntry>& story, const TimeFormat& format, Frame& frame, QWidget* parent);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QList<QWidget*> m_moments;  // first label of each entry
};

}  // namespace deadbox::gui
