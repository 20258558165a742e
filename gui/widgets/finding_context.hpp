// What the case knows around a finding, loaded after its card stands: what decoding its files shows, the minutes before
// and after, and where else its contents and actors appear.
#pragma once

#include <QWidget>

#include "gui/models/case_session.hpp"
#include "gui/models/link.hpp"
#include "gui/models/time_format.hpp"
#include "report/model.hpp"

class QSpinBox;
class QVBoxLayout;

namespace deadbox::gui {

class Frame;

class FindingContext : public QWidget {
    Q_OBJECT
public:
    FindingContext(const report::ReportFinding& finding, const TimeFormat& format, Frame& frame, QWidget* parent);
    ~FindingContext() override;

Q_SIGNALS:
    void loaded();

private:
    struct Around;
    struct Elsewhere;
    void make_around();
    void load_around();
    void load_elsewhere(const report::ReportFinding& finding);
    void show_around(const Around& around);
    void show_elsewhere(const Elsewhere& elsewhere);
    QWidget* link_row(const QString& text, const Link& link, const QString& page, bool mono);

    Frame& m_frame;
    TimeFormat m_format;
    std::optional<base::Timestamp> m_moment;
    QVBoxLayout *m_decoded, *m_around = nullptr, *m_elsewhere;
    QWidget* m_around_lines = nullptr;
    QSpinBox* m_minutes = nullptr;
    Ticket m_around_ticket, m_elsewhere_ticket;
};

}  // namespace deadbox::gui
