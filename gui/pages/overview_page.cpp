#include "gui/pages/overview_page.hpp"

#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

#include <utility>

#include <algorithm>
#include <map>

#include "case/view_facts.hpp"
#include "case/view_machine.hpp"
#include "case/view_usage.hpp"
#include "gui/models/evidence_text.hpp"
#include "gui/models/table_words.hpp"
#include "gui/widgets/growth_chart.hpp"
#include "gui/widgets/heat_map.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/palettes.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/severity.hpp"
#include "gui/widgets/story_view.hpp"
#include "gui/widgets/usage_bars.hpp"
#include "report/build.hpp"

namespace deadbox::gui {

struct OverviewPage::Facts {
    report::Report report;
    std::vector<case_file::HourCount> hours;
    std::vector<case_file::FactTable> tables;
    std::map<std::int64_t, std::vector<base::Timestamp>> boots;         // by system
    std::map<std::int64_t, std::vector<case_file::MachineUser>> people;
};

namespace {

constexpr std::size_t k_limits = 6, k_basis = 6, k_boots = 5, k_people = 12, k_folders = 12, k_reasons = 4;

// The sentence that is read from two metres away, and the rest.
std::pair<QString, QString> headline(const std::string& summary) {
    const QString text = plain(summary);
    for (qsizetype at = text.indexOf(QStringLiteral(". ")); at > 0; at = text.indexOf(QStringLiteral(". "), at + 1))
        if (at + 2 < text.size() && text[at + 2].isUpper()) return {text.left(at + 1), text.mid(at + 2)};
    return {text, {}};
}

QString answer_text(const std::string& answer) {
    if (answer == "yes") return OverviewPage::tr("yes");
    if (answer == "no") return OverviewPage::tr("no");
    return OverviewPage::tr("cannot say");
}

}  // namespace

OverviewPage::OverviewPage(Frame& frame, QWidget* parent) : Page(QStringLiteral("overview"), frame, parent), m_scroll(new QScrollArea(this)) {
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setAccessibleName(tr("Overview"));
    setContents(m_scroll);
}

void OverviewPage::caseChanged() {
    stop_reading();
    m_facts.reset();
    m_usage.reset();
    m_counts.reset();
    messages().clear();
    auto* empty = new QWidget;
    auto* layout = new QVBoxLayout(empty);
    layout->setContentsMargins(24, 24, 24, 24);
    layout->addWidget(new PlainLabel(session() == nullptr ? tr("No case is open. Open one with %1.").arg(QKeySequence(QKeySequence::Open).toString(QKeySequence::NativeText)) : tr("Reading the case…"), TextWeight::quiet, empty));
    layout->addStretch();
    m_scroll->setWidget(empty);
}

void OverviewPage::shown() { refresh(); }

// Who left the page waits for another one, which must not stand behind sums over all files.
void OverviewPage::hideEvent(QHideEvent* event) {
    stop_reading();
    Page::hideEvent(event);
}

void OverviewPage::stop_reading() {
    for (const auto& question : m_questions) question.cancel();
    m_awaited = 0, m_again = false;
}

void OverviewPage::answered() {
    if (--m_awaited > 0 || !std::exchange(m_again, false)) return;
    refresh();
}

void OverviewPage::refresh() {
    if (session() == nullptr) return;
    if (m_awaited > 0) {  // an analysis commits more often than a large case is added up
        m_again = true;
        return;
    }
    m_awaited = static_cast<int>(m_questions.size());
    m_questions[0] = session()->ask(Lane::slow, this, [](CaseReader& reader) -> base::Result<std::shared_ptr<const Facts>> {
        auto facts = std::make_shared<Facts>();
        report::BuildOptions options;
        options.items = 0, options.extent = report::Extent::digest;
        TRY_ASSIGN(facts->report, report::build_report(reader.view(), reader.texts(), options));
        for (auto& row : facts->report.coverage) row.area = reader.texts().area(row.area), row.reason = reader.texts().reason(row.reason);
        TRY_ASSIGN(facts->hours, case_file::hour_counts(reader.view()));
        TRY_ASSIGN(facts->tables, case_file::fact_tables(reader.view()));
        for (const auto& system : facts->report.systems) {
            TRY_ASSIGN(facts->boots[system.id], case_file::boots(reader.view(), system.id, k_boots));
            TRY_ASSIGN(facts->people[system.id], case_file::people(reader.view(), system.id));
        }
        return std::shared_ptr<const Facts>(std::move(facts));
    }, [this](base::Result<std::shared_ptr<const Facts>> facts) {
        answered();
        if (!facts) return messages().showError(tr("The case cannot be read: %1").arg(own(facts.error().what)), session()->path());
        m_facts = std::move(*facts);
        build();
        Q_EMIT loaded();
    });
    // Sums over all files: they come when they come.
    m_questions[1] = session()->ask(Lane::slow, this, [](CaseReader& reader) { return report::load_counts(reader.view()); }, [this](base::Result<report::Counts> counts) {
        answered();
        if (!counts) return;
        m_counts = *counts;
        put_usage();
    });
    m_questions[2] = session()->ask(Lane::slow, this, [](CaseReader& reader) { return case_file::usage(reader.view(), k_folders); }, [this](base::Result<case_file::Usage> usage) {
        answered();
        if (!usage) return;
        m_usage = std::make_shared<const case_file::Usage>(std::move(*usage));
        put_usage();
    });
}

void OverviewPage::put_usage() {
    if (m_counts && m_looked_at) {
        int volumes = 0;
        for (const auto& evidence : m_facts->report.evidence) volumes += static_cast<int>(evidence.volumes.size());
        m_looked_at->setText(tr("%1 files (%2 deleted), %3 events; %4 hashed; %5").arg(count_text(m_counts->files), count_text(m_counts->deleted_files), count_text(m_counts->events), size_text(m_counts->bytes_hashed), tr("%Ln volume(s)", nullptr, volumes)));
    }
    if (!m_usage || !m_bars || !m_growth) return;
    m_bars->set_usage(*m_usage);
    m_growth->set_days(m_usage->days);
    m_room->setText(tr("%1 in %2 files").arg(size_text(m_usage->bytes), count_text(m_usage->files)));
    m_grown->setText(m_usage->by_birth ? tr("Files that are still there, from the day on which each was made") : tr("Files that are still there, from the day of each one's last change: this file system keeps no births"));
}

void OverviewPage::zoneChanged() {
    if (m_facts) build();
}

const report::ReportFinding* OverviewPage::finding(const std::string& id) const {
    const auto& all = m_facts->report.findings;
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& f) { return f.id == id; });
    return found == all.end() ? nullptr : &*found;
}

QWidget* OverviewPage::link_label(const QString& text, std::function<void()> run, QWidget* parent) {
    auto* label = new PlainLabel(text, TextWeight::normal, parent);
    label->setClickable(true);
    connect(label, &PlainLabel::activated, this, std::move(run));
    return label;
}

void OverviewPage::build() {
    const int scrolled = m_scroll->verticalScrollBar()->value();
    auto* contents = new QWidget;
    auto* rows = new QVBoxLayout(contents);
    rows->setContentsMargins(28, 20, 28, 28);
    rows->setSpacing(6);
    add_verdict(*rows);
    rows->addSpacing(16);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(40);
    auto* left = new QVBoxLayout;
    auto* right = new QVBoxLayout;
    for (auto* column : {left, right}) column->setSpacing(6);
    add_story(*left);
    add_questions(*left);
    left->addStretch();
    add_severities(*right);
    add_machine(*right);
    add_coverage(*right);
    right->addWidget(make_heading(tr("Activity by day and hour (%1)").arg(frame().time_format().zone_name())));
    auto* map = new HeatMap;
    map->setHours(m_facts->hours, m_facts->hours.empty() ? 0 : frame().time_format().offset_at(m_facts->hours.back().hour * 3600));
    connect(map, &HeatMap::chosen, this, [this](base::Timestamp time) { frame().go(Link::to_time(time), QStringLiteral("timeline")); });
    right->addWidget(map);
    right->addSpacing(12);
    add_usage(*right);
    add_known(*right);
    right->addStretch();
    columns->addLayout(left, 3);
    columns->addLayout(right, 2);
    rows->addLayout(columns);
    rows->addStretch();
    m_scroll->setWidget(contents);
    put_usage();
    QMetaObject::invokeMethod(this, [this, scrolled] { m_scroll->verticalScrollBar()->setValue(scrolled); }, Qt::QueuedConnection);
}

// The moments of what the verdict rests on, as the window writes moments.
QString OverviewPage::with_own_times(QString text) const {
    constexpr std::size_t k_to_seconds = 19;
    for (const auto& id : m_facts->report.verdict.basis)
        if (const auto* f = finding(id); f != nullptr && f->first_seen) text.replace(own(base::to_rfc3339(*f->first_seen).substr(0, k_to_seconds) + 'Z'), frame().time_format().text(*f->first_seen));
    return text;
}

void OverviewPage::add_verdict(QVBoxLayout& column) {
    const auto& verdict = m_facts->report.verdict;
    const auto [sentence, rest] = headline(verdict.summary);
    auto* big = new PlainLabel(sentence);
    big->setObjectName(QStringLiteral("verdict"));
    auto font = big->font();
    font.setPointSize(20);
    big->setFont(font);
    column.addWidget(big);
    if (m_facts->report.run.finished.empty()) column.addWidget(new PlainLabel(tr("The analysis is not finished: this is what is known so far."), TextWeight::bold));
    if (!rest.isEmpty()) column.addWidget(new PlainLabel(with_own_times(rest)));
    auto* beside = new QHBoxLayout;
    beside->setSpacing(40);
    if (!verdict.basis.empty()) {
        auto* basis = new QVBoxLayout;
        basis->setSpacing(4);
        basis->addWidget(make_heading(tr("It rests on")));
        for (std::size_t i = 0; i < std::min(verdict.basis.size(), k_basis); ++i) {
            const auto* f = finding(verdict.basis[i]);
            if (f == nullptr) continue;
            auto* row = new QHBoxLayout;
            auto* sign = new QLabel;
            sign->setPixmap(severity_pixmap(f->severity, 14, devicePixelRatioF()));
            row->addWidget(sign, 0, Qt::AlignTop);
            row->addWidget(link_label(plain(f->title), [this, id = f->id, at = f->first_seen] { frame().go(Link::to(Link::Kind::finding, id, at)); }, nullptr), 1);
            basis->addLayout(row);
        }
        if (verdict.basis.size() > k_basis) basis->addWidget(link_label(tr("and %n more", nullptr, static_cast<int>(verdict.basis.size() - k_basis)), [this] { frame().show_page(QStringLiteral("findings")); }, nullptr));
        basis->addStretch();
        beside->addLayout(basis, 1);
    }
    auto* limits = new QVBoxLayout;
    limits->setSpacing(4);
    limits->addWidget(make_heading(tr("What was not seen")));
    for (std::size_t i = 0; i < std::min(verdict.limits.size(), k_limits); ++i) limits->addWidget(new PlainLabel(plain(verdict.limits[i])));
    if (verdict.limits.size() > k_limits) limits->addWidget(link_label(tr("and %n more, in Coverage", nullptr, static_cast<int>(verdict.limits.size() - k_limits)), [this] { frame().show_page(QStringLiteral("coverage")); }, nullptr));
    limits->addStretch();
    beside->addLayout(limits, 1);
    column.addSpacing(8);
    column.addLayout(beside);
    if (m_facts->report.conclusion) {
        const auto& c = *m_facts->report.conclusion;
        column.addSpacing(8);
        column.addWidget(make_heading(tr("The examiner's conclusion")));
        column.addWidget(new PlainLabel(plain(c.text)));
        column.addWidget(new PlainLabel(QStringLiteral("%1, %2").arg(plain(c.by), plain(c.at)), TextWeight::quiet));
    }
}

void OverviewPage::add_questions(QVBoxLayout& column) {
    column.addSpacing(12);
    column.addWidget(make_heading(tr("Questions")));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    int row = 0;
    for (const auto& q : m_facts->report.questions) {
        auto* answer = new PlainLabel(answer_text(q.answer), q.answer == "no" ? TextWeight::quiet : TextWeight::bold);
        answer->setWordWrap(false);
        grid->addWidget(answer, row, 0, Qt::AlignTop);
        auto* cell = new QVBoxLayout;
        cell->setSpacing(2);
        if (!q.findings.empty()) {
            cell->addWidget(link_label(plain(q.question), [this, id = q.findings.front()] { frame().go(Link::to(Link::Kind::finding, id)); }, nullptr));
        } else {
            cell->addWidget(new PlainLabel(plain(q.question)));
        }
        QString why = plain(q.examined);
        for (const auto& limit : q.limits) why += (why.isEmpty() ? QString() : QStringLiteral(" ")) + plain(limit);
        if (!why.isEmpty()) cell->addWidget(new PlainLabel(why, TextWeight::quiet));
        grid->addLayout(cell, row++, 1);
    }
    column.addLayout(grid);
}

void OverviewPage::add_story(QVBoxLayout& column) {
    column.addWidget(make_heading(tr("What happened (%1)").arg(frame().time_format().zone_name())));
    if (m_facts->report.story.empty()) column.addWidget(new PlainLabel(tr("No finding has a time that tells a story."), TextWeight::quiet));
    else column.addWidget(new StoryView(m_facts->report.story, frame().time_format(), frame(), nullptr));
}

void OverviewPage::add_severities(QVBoxLayout& column) {
    column.addWidget(make_heading(tr("Findings")));
    std::array<int, 5> counts{};
    int dismissed = 0;
    for (const auto& f : m_facts->report.findings) f.state == "dismissed" ? ++dismissed : ++counts[static_cast<std::size_t>(f.severity)];
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(3, 1);
    for (int severity = 4; severity >= 0; --severity) {
        const auto which = static_cast<plugin::Severity>(severity);
        auto* sign = new QLabel;
        sign->setPixmap(severity_pixmap(which, 14, devicePixelRatioF()));
        auto* number = new PlainLabel(count_text(counts[static_cast<std::size_t>(severity)]), TextWeight::bold);
        number->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        number->setWordWrap(false);
        grid->addWidget(sign, 4 - severity, 0);
        grid->addWidget(number, 4 - severity, 1);
        grid->addWidget(counts[static_cast<std::size_t>(severity)] == 0 ? static_cast<QWidget*>(new PlainLabel(severity_text(which), TextWeight::quiet))
                                                                       : link_label(severity_text(which), [this, which] { frame().go(Link::to(Link::Kind::text, bytes_of(severity_text(which))), QStringLiteral("findings")); }, nullptr),
                        4 - severity, 2);
    }
    column.addLayout(grid);
    if (dismissed > 0) column.addWidget(new PlainLabel(tr("%n dismissed, not counted", nullptr, dismissed), TextWeight::quiet));
    column.addSpacing(12);
}

void OverviewPage::add_machine(QVBoxLayout& column) {
    const auto format = frame().time_format();
    column.addWidget(make_heading(m_facts->report.systems.size() > 1 ? tr("The machines") : tr("The machine")));
    if (m_facts->report.systems.empty()) column.addWidget(new PlainLabel(tr("No operating system was found."), TextWeight::quiet));
    for (const auto& s : m_facts->report.systems) {
        auto* grid = new QGridLayout;
        grid->setHorizontalSpacing(16);
        grid->setVerticalSpacing(4);
        grid->setColumnStretch(1, 1);
        int row = 0;
        const auto add = [&](const QString& name, const QString& value, std::optional<base::Timestamp> time = {}) {
            if (value.isEmpty()) return;
            auto* label = new PlainLabel(name, TextWeight::quiet);
            label->setWordWrap(false);
            grid->addWidget(label, row, 0, Qt::AlignTop);
            grid->addWidget(time ? link_label(value, [this, at = *time] { frame().go(Link::to_time(at)); }, nullptr) : static_cast<QWidget*>(new PlainLabel(value)), row++, 1);
        };
        add(tr("Host"), plain(s.hostname));
        add(tr("System"), plain(s.os));
        add(tr("Kernel"), plain(s.kernel));
        add(tr("Time zone"), plain(s.timezone));
        QStringList addresses;
        for (const auto& address : s.addresses) addresses += plain(address);
        add(tr("Addresses"), addresses.join(QStringLiteral(", ")));
        if (s.installed) add(tr("Installed"), format.text(*s.installed), s.installed);
        if (s.last_activity) add(tr("Last change"), format.text(*s.last_activity), s.last_activity);
        add(tr("Machine id"), plain(s.machine_id));
        if (row > 0 && !s.machine_id.empty()) {  // one long word, which would make the page wider than a small window
            auto* id = static_cast<PlainLabel*>(grid->itemAtPosition(row - 1, 1)->widget());
            id->setElided(true);
            id->setToolTip(plain(s.machine_id).toHtmlEscaped());
        }
        const auto row_of = [&](const QString& name, const std::vector<QWidget*>& values) {
            if (values.empty()) return;
            auto* label = new PlainLabel(name, TextWeight::quiet);
            label->setWordWrap(false);
            grid->addWidget(label, row, 0, Qt::AlignTop);
            auto* cell = new QVBoxLayout;
            cell->setSpacing(2);
            for (auto* value : values) cell->addWidget(value);
            grid->addLayout(cell, row++, 1);
        };
        std::vector<QWidget*> boots, people;
        for (const auto& time : m_facts->boots.at(s.id)) boots.push_back(link_label(format.text(time), [this, time] { frame().go(Link::to_time(time)); }, nullptr));
        row_of(tr("Last boots"), boots);
        const auto& users = m_facts->people.at(s.id);
        for (std::size_t i = 0; i < std::min(users.size(), k_people); ++i) {
            const auto& user = users[i];
            const auto words = user.last_login ? tr("%1 (%2), last login %3").arg(plain(user.name)).arg(user.uid).arg(format.text(*user.last_login)) : tr("%1 (%2)").arg(plain(user.name)).arg(user.uid);
            auto* label = link_label(words, [this, id = user.fact] { frame().go(Link{Link::Kind::fact, QByteArrayLiteral("account"), id, {}}, QStringLiteral("entities")); }, nullptr);
            label->setToolTip(plain(user.shell).toHtmlEscaped());
            people.push_back(label);
        }
        if (users.size() > k_people) people.push_back(link_label(tr("and %n more", nullptr, static_cast<int>(users.size() - k_people)), [this] { frame().go(Link::to(Link::Kind::fact, "account"), QStringLiteral("entities")); }, nullptr));
        row_of(tr("Users"), people);
        column.addLayout(grid);
    }
    column.addSpacing(12);
}

void OverviewPage::add_coverage(QVBoxLayout& column) {
    const auto& report = m_facts->report;
    column.addWidget(make_heading(tr("What was looked at, and what was not")));
    m_looked_at = new PlainLabel(tr("Adding up…"));
    column.addWidget(m_looked_at);
    std::array<std::int64_t, 4> count{};
    for (const auto& row : report.coverage) count[row.level == "gap" ? 0 : row.level == "limit" ? 1 : row.level == "assumption" ? 2 : 3] += row.count;
    column.addWidget(link_label(tr("Gaps: %1, limits: %2, assumptions: %3, notes: %4").arg(count_text(count[0]), count_text(count[1]), count_text(count[2]), count_text(count[3])), [this] { frame().show_page(QStringLiteral("coverage")); }, nullptr));
    std::size_t reasons = 0;
    for (const auto* level : {"gap", "limit"}) {
        for (const auto& row : report.coverage) {
            if (row.level != level || reasons >= k_reasons) continue;
            column.addWidget(new PlainLabel(QStringLiteral("%1: %2").arg(plain(row.area), plain(row.reason)), TextWeight::quiet));
            ++reasons;
        }
    }
    for (const auto& evidence : report.evidence)
        if (!evidence.error.empty()) column.addWidget(new PlainLabel(plain(evidence.error), TextWeight::bold));
    column.addSpacing(12);
}

void OverviewPage::add_usage(QVBoxLayout& column) {
    column.addWidget(make_heading(tr("Disk use by folder")));
    m_room = new PlainLabel(tr("Adding up…"), TextWeight::quiet);
    column.addWidget(m_room);
    m_bars = new UsageBars;
    connect(m_bars, &UsageBars::chosen, this, [this](const std::string& path) { frame().go(Link::to(Link::Kind::path, path), QStringLiteral("files")); });
    column.addWidget(m_bars);
    column.addSpacing(12);
    column.addWidget(make_heading(tr("Growth by time")));
    m_growth = new GrowthChart;
    connect(m_growth, &GrowthChart::chosen, this, [this](base::Timestamp time) { frame().go(Link::to_time(time), QStringLiteral("timeline")); });
    column.addWidget(m_growth);
    m_grown = new PlainLabel({}, TextWeight::quiet);
    column.addWidget(m_grown);
    column.addSpacing(12);
}

void OverviewPage::add_known(QVBoxLayout& column) {
    column.addWidget(make_heading(tr("What the case knows")));
    auto tables = m_facts->tables;
    std::erase_if(tables, [](const auto& table) { return table.rows == 0; });
    if (tables.empty()) return column.addWidget(new PlainLabel(tr("Nothing was read yet."), TextWeight::quiet));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(1, 1);
    int row = 0;
    for (const auto& table : tables) {
        auto* number = new PlainLabel(count_text(table.rows));
        number->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        number->setWordWrap(false);
        grid->addWidget(number, row, 0);
        auto* name = link_label(table_name(*table.definition), [this, id = std::string(table.definition->name)] { frame().go(Link::to(Link::Kind::fact, id), QStringLiteral("entities")); }, nullptr);
        name->setToolTip(table_meaning(*table.definition));
        grid->addWidget(name, row++, 1);
    }
    column.addLayout(grid);
}

QString OverviewPage::selectedText() const { return m_facts ? plain(m_facts->report.verdict.summary) : QString(); }
QVariantMap OverviewPage::place() const { return {{QStringLiteral("scroll"), m_scroll->verticalScrollBar()->value()}}; }
void OverviewPage::restore(const QVariantMap& place) { m_scroll->verticalScrollBar()->setValue(place.value(QStringLiteral("scroll")).toInt()); }

}  // namespace deadbox::gui
