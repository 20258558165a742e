// The verdict, what it rests on and what was not seen; the questions; the story; the machine.
#pragma once

#include <array>

#include "case/view_timeline_index.hpp"
#include "gui/pages/page.hpp"
#include "report/model.hpp"

class QScrollArea;
class QVBoxLayout;

namespace deadbox::case_file {
struct Usage;
}

namespace deadbox::gui {

class GrowthChart;
class PlainLabel;
class UsageBars;

class OverviewPage : public Page {
    Q_OBJECT
public:
    OverviewPage(Frame& frame, QWidget* parent);
    QString title() const override { return tr("Overview"); }
    QIcon icon() const override { return icon_named(QStringLiteral("view-statistics")); }
    void caseChanged() override;
    void shown() override;
    void refresh() override;
    void zoneChanged() override;
    QString selectedText() const override;
    QVariantMap place() const override;
    void restore(const QVariantMap& place) override;

Q_SIGNALS:
    void loaded();

protected:
    void hideEvent(QHideEvent* event) override;

private:
    struct Facts;
    void answered();
    void stop_reading();
    void build();
    void add_verdict(QVBoxLayout& column);
    QString with_own_times(QString text) const;
    void add_questions(QVBoxLayout& column);
    void add_story(QVBoxLayout& column);
    void add_severities(QVBoxLayout& column);
    void add_machine(QVBoxLayout& column);
    void add_coverage(QVBoxLayout& column);
    void add_usage(QVBoxLayout& column);
    void add_known(QVBoxLayout& column);
    void put_usage();
    QWidget* link_label(const QString& text, std::function<void()> run, QWidget* parent);
    const report::ReportFinding* finding(const std::string& id) const;

    QScrollArea* m_scroll;
    std::shared_ptr<const Facts> m_facts;
    std::shared_ptr<const case_file::Usage> m_usage;
    // Of the contents that are shown; null while there are none.
    QPointer<UsageBars> m_bars;
    QPointer<GrowthChart> m_growth;
    QPointer<PlainLabel> m_room, m_grown, m_looked_at;
    std::optional<report::Counts> m_counts;
    std::array<Ticket, 3> m_questions;
    int m_awaited = 0;     // answers
    bool m_again = false;  // the case changed meanwhile
};

}  // namespace deadbox::gui
