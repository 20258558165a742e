#include "gui/pages/timeline_page.hpp"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QSettings>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include "case/edit.hpp"
#include "case/view_files.hpp"
#include "gui/models/own_texts.hpp"
#include "gui/widgets/chip_bar.hpp"
#include "gui/widgets/clock_form.hpp"
#include "gui/widgets/empty_state.hpp"
#include "gui/widgets/histogram.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/table_view.hpp"
#include "report/findings.hpp"
#include "report/line_maker.hpp"

namespace deadbox::gui {
namespace {

constexpr const char* k_files_source = "fs";

struct Totals {
    std::vector<case_file::HourCount> hours;
    std::map<std::int64_t, case_file::EventKind> kinds;
    case_file::Clock clock;
};

QVariant to_variant(const std::optional<std::string>& text) { return text ? QVariant(QByteArray::fromStdString(*text)) : QVariant(); }
std::optional<std::string> from_variant(const QVariant& value) { return value.isValid() && !value.isNull() ? std::optional(value.toByteArray().toStdString()) : std::nullopt; }

}  // namespace

TimelinePage::TimelinePage(Frame& frame, QWidget* parent)
    : Page(QStringLiteral("timeline"), frame, parent), m_model(new TimelineModel(this)), m_table(new TableView(QStringLiteral("timeline"), frame, this)), m_histogram(new Histogram(this)),
      m_chips(new ChipBar(this)), m_clock_form(new ClockForm(this)), m_text(new QLineEdit(this)), m_jump(new QLineEdit(this)), m_sources(new QToolButton(this)), m_source_menu(new QMenu(this)), m_stacking(new QComboBox(this)),
      m_status(new PlainLabel({}, TextWeight::quiet, this)) {
    auto* contents = new QWidget(this);
    auto* layout = new QVBoxLayout(contents);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(16, 12, 16, 8);
    top->setSpacing(8);
    m_text->setPlaceholderText(tr("Text in messages, names, users, addresses  /  (Enter looks)"));
    m_text->setAccessibleName(tr("Filter by text"));
    m_text->setClearButtonEnabled(true);
    m_jump->setPlaceholderText(tr("Jump to 2026-03-02 04:11"));
    m_jump->setAccessibleName(tr("Jump to a time"));
    m_jump->setMaximumWidth(210);
    m_sources->setText(tr("Sources"));
    m_sources->setPopupMode(QToolButton::InstantPopup);
    m_sources->setMenu(m_source_menu);
    top->addWidget(m_text, 2);
    top->addWidget(m_sources);
    top->addWidget(m_stacking);
    top->addWidget(m_jump, 1);
    top->addWidget(m_status, 1);
    layout->addLayout(top);
    auto* chips = new QHBoxLayout;
    chips->setContentsMargins(16, 0, 16, 6);
    chips->addWidget(m_chips);
    layout->addLayout(chips);
    layout->addWidget(m_clock_form);
    auto* splitter = new QSplitter(Qt::Vertical, contents);
    splitter->addWidget(m_histogram);
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Timeline"));
    splitter->addWidget(m_table);
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({170, 600});
    splitter->setChildrenCollapsible(false);
    layout->addWidget(splitter, 1);
    setContents(contents);
    m_empty = new EmptyState(m_table, tr("Reading…"));
    m_chips->hide();

    fill_stacking();
    connect(m_text, &QLineEdit::returnPressed, this, [this] { setText(m_text->text()); });
    connect(m_text, &QLineEdit::textChanged, this, [this](const QString& text) {
        if (text.isEmpty()) setText({});
    });
    connect(m_jump, &QLineEdit::returnPressed, this, [this] {
        if (const auto time = this->frame().time_format().parse(m_jump->text())) jump(*time), m_table->setFocus();
        else messages().showError(tr("“%1” is no time. Write it like 2026-03-02 04:11 or 2026-03-02.").arg(m_jump->text()));
    });
    connect(m_chips, &ChipBar::removed, this, &TimelinePage::drop);
    connect(m_histogram, &Histogram::brushed, this, [this](qint64 from, qint64 to) {
        m_filters.query.from = base::Timestamp{from, 0}, m_filters.query.to = base::Timestamp{to, 999'999'999};
        apply();
    });
    connect(m_histogram, &Histogram::brushCleared, this, [this] { drop(QStringLiteral("range")); });
    connect(m_histogram, &Histogram::stretchChanged, this, &TimelinePage::want_steps);
    connect(m_histogram, &Histogram::findingChosen, this, [this](const QString& id) { this->frame().go(Link::to(Link::Kind::finding, id.toStdString())); });
    connect(m_model, &PagedModel::failed, this, [this](const QString& what) { messages().showError(tr("The timeline cannot be read: %1").arg(what)); });
    connect(m_model, &TimelineModel::listed, this, [this](bool complete, bool cut) {
        m_cut = cut;
        m_empty->setText(!complete ? tr("Looking…") : m_filters == Filters() ? tr("Nothing has a time yet.") : tr("Nothing is left by these filters. Take one away above."));
        update_status();
        if (m_wanted && m_model->rowCount() > 0) jump(*std::exchange(m_wanted, std::nullopt));
        if (complete) want_steps();
    });
    connect(m_clock_form, &ClockForm::wanted, this, [this](qint64 offset, const QString& source) {
        set_clock({offset, bytes_of(source)}, offset == 0 ? tr("The machine's clock is taken as right.") : tr("All moments are shown corrected by the machine's clock."), true);
    });
    connect(m_table, &TableView::currentRowChanged, this, &TimelinePage::announce);
    connect(m_model, &PagedModel::pageLoaded, this, &TimelinePage::announce);  // a row may be selected before it is there
    connect(m_table, &TableView::opened, this, [this](const Link& link) { this->frame().go(link); });

    addPageAction(tr("Follow this user"), QKeySequence(Qt::Key_U), [this] { follow(Link::Kind::account); });
    addPageAction(tr("Follow this address"), QKeySequence(Qt::Key_A), [this] { follow(Link::Kind::address); });
    addPageAction(tr("Follow this file or log"), QKeySequence(Qt::Key_L), [this] { follow(Link::Kind::path); });
    addPageAction(tr("Follow this session"), QKeySequence(Qt::Key_S), [this] { follow_session(); });
    addPageAction(tr("Follow this finding"), QKeySequence(Qt::Key_G), [this] { follow_finding(); });
    addPageAction(tr("Only what is of this type"), QKeySequence(Qt::Key_W), [this] { follow(Link::Kind::type); });
    addPageAction(tr("Only the stretch that is shown"), QKeySequence(Qt::CTRL | Qt::Key_R), [this] { show_stretch(); });
    addPageAction(tr("Show in files"), QKeySequence(Qt::Key_F), [this] { this->frame().go(selection(), QStringLiteral("files")); });
    addPageAction(tr("Jump to a time"), QKeySequence(Qt::CTRL | Qt::Key_J), [this] { m_jump->setFocus(); });
    addPageAction(tr("Correct the machine's clock…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_K), [this] { correct_clock(); });
    addPageAction(tr("Zoom in"), QKeySequence(Qt::CTRL | Qt::Key_Plus), [this] { m_histogram->zoom(0.5, 0.5); });
    addPageAction(tr("Zoom out"), QKeySequence(Qt::CTRL | Qt::Key_Minus), [this] { m_histogram->zoom(2, 0.5); });
    addPageAction(tr("Show all of the time"), QKeySequence(Qt::CTRL | Qt::Key_0), [this] { m_histogram->show_all(); });
    addPageAction(tr("Take all filters away"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_X), [this] { drop(QStringLiteral("all")); });
}

void TimelinePage::caseChanged() {
    m_filters = m_applied = {};
    m_loaded = m_marked = m_begun = false;
    m_kinds.clear();
    m_clock = {};
    m_clock_form->hide();
    m_wanted.reset();
    m_text->clear();
    m_histogram->setHours({}, {});
    m_histogram->setMarkers({});
    m_histogram->setCursor({});
    m_histogram->setBrush({});
    m_model->setQuery(nullptr, {});
    m_empty->setText(tr("Reading…"));
    messages().clear();
    show_chips();
    update_status();
}

void TimelinePage::refresh() {
    if (session() == nullptr) return;
    m_model->setTimeFormat(frame().time_format());
    m_histogram->setTimeFormat(frame().time_format());
    load_totals();
    load_markers();
}

void TimelinePage::zoneChanged() {
    m_model->setTimeFormat(frame().time_format());
    m_histogram->setTimeFormat(frame().time_format());
    show_chips();
}

void TimelinePage::load_totals() {
    session()->ask(Lane::chart, this, [](CaseReader& reader) -> base::Result<Totals> {
        Totals totals;
        TRY_ASSIGN(totals.hours, case_file::hour_counts(reader.view()));
        TRY_ASSIGN(totals.kinds, case_file::event_kinds(reader.view()));
        TRY_ASSIGN(totals.clock, case_file::clock_of(reader.view()));
        return totals;
    }, [this](base::Result<Totals> totals) {
        if (!totals) return messages().showError(tr("The timeline cannot be read: %1").arg(own(totals.error().what)));
        std::int64_t rows = 0;
        for (const auto& h : totals->hours) rows += h.count;
        std::map<std::int64_t, std::string> sources;
        for (const auto& [id, kind] : totals->kinds) sources[id] = kind.source;
        m_kinds = std::move(totals->kinds);
        m_histogram->setHours(std::move(totals->hours), std::move(sources));
        fill_sources();
        const bool grown = m_loaded && m_filters == Filters() && rows != m_model->rowCount();
        const bool same_clock = m_clock.offset == totals->clock.offset;
        m_clock = totals->clock;
        if (m_loaded && same_clock && !grown && m_filters == m_applied) return;
        // The place is kept by its time: rows before it may have come.
        if (grown && !m_wanted) m_wanted = m_model->time_of(m_table->currentIndex().row());
        m_loaded = true;
        apply();
        begin();
    });
}

// The table begins where the histogram does, not with the oldest file of the distribution: once the histogram knows where.
void TimelinePage::begin() {
    if (m_begun || !m_loaded || !m_marked || m_filters != Filters()) return;
    m_begun = true;
    if (!m_wanted && !m_table->currentIndex().isValid()) jump({m_histogram->from(), 0});
}

void TimelinePage::correct_clock() {
    if (session() == nullptr) return;
    // What the machine wrote of the selected moment, so that one sees what becomes of it.
    const auto* line = m_model->line(m_table->currentIndex().row());
    m_clock_form->open(m_clock.offset, plain(m_clock.source), line == nullptr ? std::nullopt : std::optional(line->recorded), frame().time_format());
}

void TimelinePage::set_clock(const case_file::Clock& clock, const QString& said, bool undoable) {
    if (session() == nullptr) return;
    const auto rows = case_file::clock_rows(clock.offset, clock.source);
    if (!rows) return messages().showError(own(rows.error().what));
    session()->edit(this, [rows = *rows](const std::string& path) { return case_file::set_case_data(path, rows); }, [this, said, undoable, before = m_clock](base::Result<void> done) {
        if (!done) return messages().showError(tr("Nothing was changed: %1").arg(own(done.error().what)));
        m_clock_form->hide();
        m_table->setFocus();
        refresh();
        if (!undoable) return frame().say(said);
        messages().offer(said, tr("Undo"), [this, before] { set_clock(before, tr("Undone."), false); });
    });
}

void TimelinePage::load_markers() {
    session()->ask(Lane::slow, this, [](CaseReader& reader) {
        return report::load_findings(reader.view(), reader.texts(), report::Redact::secrets);
    }, [this](base::Result<std::vector<report::ReportFinding>> findings) {
        m_marked = true;
        if (!findings) return begin();
        std::vector<FindingMarker> markers;
        std::vector<FindingTime> times;
        m_titles.clear();
        for (const auto& f : *findings) {
            m_titles[f.id] = plain(f.title);
            if (f.state == "dismissed") continue;
            if (f.first_seen && f.severity >= plugin::Severity::medium) markers.push_back({f.id, plain(f.title), f.severity, *f.first_seen});
            std::set<std::int64_t> moments;  // one place in the histogram each
            const auto add = [&](const report::Time& time) {
                if (time && moments.insert(time->seconds).second) times.push_back({time->seconds, f.severity});
            };
            add(f.first_seen), add(f.last_seen);
            for (const auto& item : f.items)
                for (const auto* time : {&item.times.modified, &item.times.changed, &item.times.born, &item.times.deleted}) add(*time);
        }
        m_histogram->setFindingTimes(std::move(times));
        if (const auto title = m_titles.find(m_filters.query.finding); title != m_titles.end()) {
            m_filters.finding = m_applied.finding = title->second;  // it was asked for before its title was known
            show_chips();
        }
        m_histogram->setMarkers(std::move(markers));
        begin();
    });
}

void TimelinePage::fill_sources() {
    std::set<std::string> names{k_files_source};
    for (const auto& [id, kind] : m_kinds) names.insert(kind.source);
    m_source_menu->clear();
    for (const auto& name : names) {
        auto* action = m_source_menu->addAction(source_name(name));
        action->setCheckable(true);
        action->setChecked(m_filters.sources.empty() || m_filters.sources.contains(name));
        connect(action, &QAction::toggled, this, [this, name, names](bool on) {
            if (m_filters.sources.empty()) m_filters.sources = names;
            on ? (void)m_filters.sources.insert(name) : (void)m_filters.sources.erase(name);
            if (m_filters.sources == names) m_filters.sources.clear();
            apply();
        });
    }
}

void TimelinePage::fill_stacking() {
    m_stacking->addItems({tr("by source"), tr("by severity")});
    m_stacking->setAccessibleName(tr("Stack the histogram"));
    m_stacking->setToolTip(tr("What the histogram's bars are stacked by: the records' source, or the severity of the findings that rest on them"));
    connect(m_stacking, &QComboBox::currentIndexChanged, this, [this](int index) {
        QSettings().setValue(QStringLiteral("timeline/stacking"), index);
        m_histogram->setStacking(static_cast<Stacking>(index));
    });
    m_stacking->setCurrentIndex(std::clamp(QSettings().value(QStringLiteral("timeline/stacking"), 0).toInt(), 0, 1));
}

// The kinds that sources and types leave; times of files are a kind of their own.
void TimelinePage::narrow_kinds() {
    const auto left = [&](const std::string& source, const std::string& type) {
        return (m_filters.sources.empty() || m_filters.sources.contains(source)) && (m_filters.types.empty() || m_filters.types.contains(type)) && !m_filters.not_types.contains(type);
    };
    auto& query = m_filters.query;
    query.files = left(k_files_source, k_files_source);
    query.every_kind = m_filters.sources.empty() && m_filters.types.empty() && m_filters.not_types.empty();
    query.kinds.clear();
    if (query.every_kind) return;
    for (const auto& [id, kind] : m_kinds)
        if (left(kind.source, kind.type)) query.kinds.insert(id);
}

void TimelinePage::show_stretch() {
    m_filters.query.from = base::Timestamp{m_histogram->from(), 0}, m_filters.query.to = base::Timestamp{m_histogram->to(), 999'999'999};
    apply();
}

// Logs do not number sessions alike: a session is what its user did, or its address where no user is named, around this record.
void TimelinePage::follow_session() {
    constexpr std::int64_t k_half_day = 12 * 3600;
    const auto* line = m_model->line(m_table->currentIndex().row());
    if (line == nullptr || (line->user.empty() && line->address.empty())) return frame().say(tr("This record names no user and no address"));
    auto& query = m_filters.query;
    if (!line->user.empty()) query.user = line->user;
    if (line->user.empty()) query.address = line->address;
    query.from = base::Timestamp{line->time.seconds - k_half_day, 0}, query.to = base::Timestamp{line->time.seconds + k_half_day, 999'999'999};
    m_wanted = line->time;
    apply();
}

void TimelinePage::follow_finding() {
    const auto* line = m_model->line(m_table->currentIndex().row());
    if (line == nullptr || line->findings.empty()) return frame().say(tr("No finding rests on this record"));
    filter_by(Link::to(Link::Kind::finding, line->findings.front(), line->time));
}

void TimelinePage::apply() {
    if (session() == nullptr) return;
    narrow_kinds();
    const auto& query = m_filters.query;
    m_applied = m_filters;
    m_cut = false;
    m_model->setQuery(session(), query);
    m_histogram->setShown(query.files, query.every_kind ? std::nullopt : std::optional(query.kinds));
    m_histogram->setBrush(query.from && query.to ? std::optional(std::pair(query.from->seconds, query.to->seconds)) : std::nullopt);
    if (query.is_plain()) m_histogram->setListed(0, 0, std::nullopt);
    show_chips();
    update_status();
}

void TimelinePage::show_chips() {
    const auto& query = m_filters.query;
    const auto format = frame().time_format();
    QList<ChipBar::Chip> chips;
    if (!m_filters.sources.empty()) {
        QStringList names;
        for (const auto& name : m_filters.sources) names += source_name(name);
        chips.push_back({QStringLiteral("sources"), tr("source: %1").arg(names.join(QStringLiteral(", ")))});
    }
    const auto type_names = [&](const std::set<std::string>& types) {
        const auto texts = texts_in(window_language());
        QStringList names;
        for (const auto& type : types) {
            const auto kind = std::find_if(m_kinds.begin(), m_kinds.end(), [&](const auto& one) { return one.second.type == type; });
            names += type == k_files_source ? source_name(type) : kind == m_kinds.end() ? own(type) : own(texts ? report::name_of_kind(**texts, kind->second) : kind->second.description);
        }
        return names.join(QStringLiteral(", "));
    };
    if (!m_filters.types.empty()) chips.push_back({QStringLiteral("types"), tr("type: %1").arg(type_names(m_filters.types))});
    if (!m_filters.not_types.empty()) chips.push_back({QStringLiteral("not_types"), tr("without type: %1").arg(type_names(m_filters.not_types))});
    if (!query.finding.empty()) chips.push_back({QStringLiteral("finding"), tr("finding: %1").arg(m_filters.finding)});
    if (query.from || query.to)
        chips.push_back({QStringLiteral("range"), tr("%1 to %2").arg(query.from ? format.short_text(*query.from) : QStringLiteral("…"), query.to ? format.short_text(*query.to) : QStringLiteral("…"))});
    if (query.user) chips.push_back({QStringLiteral("user"), tr("user: %1").arg(plain(*query.user))});
    if (query.not_user) chips.push_back({QStringLiteral("not_user"), tr("without user: %1").arg(plain(*query.not_user))});
    if (query.address) chips.push_back({QStringLiteral("address"), tr("address: %1").arg(plain(*query.address))});
    if (query.not_address) chips.push_back({QStringLiteral("not_address"), tr("without address: %1").arg(plain(*query.not_address))});
    if (query.inode) chips.push_back({QStringLiteral("file"), tr("file: %1").arg(plain(view_of(m_filters.file)))});
    if (!query.text.empty()) chips.push_back({QStringLiteral("text"), tr("text: %1").arg(plain(query.text))});
    m_chips->setChips(chips);
}

void TimelinePage::drop(const QString& id) {
    auto& query = m_filters.query;
    const bool all = id == QStringLiteral("all");
    if (all || id == QStringLiteral("sources")) m_filters.sources.clear();
    if (all || id == QStringLiteral("types")) m_filters.types.clear();
    if (all || id == QStringLiteral("not_types")) m_filters.not_types.clear();
    if (all || id == QStringLiteral("finding")) query.finding.clear(), m_filters.finding.clear();
    if (all || id == QStringLiteral("range")) query.from.reset(), query.to.reset();
    if (all || id == QStringLiteral("user")) query.user.reset();
    if (all || id == QStringLiteral("not_user")) query.not_user.reset();
    if (all || id == QStringLiteral("address")) query.address.reset();
    if (all || id == QStringLiteral("not_address")) query.not_address.reset();
    if (all || id == QStringLiteral("file")) query.inode.reset(), m_filters.file.clear();
    if (all || id == QStringLiteral("text")) {
        query.text.clear();
        const QSignalBlocker quiet(m_text);
        m_text->clear();
    }
    // One stays where one was: the filter is gone, the row is not.
    m_wanted = m_model->time_of(m_table->currentIndex().row());
    fill_sources();
    apply();
}

void TimelinePage::setText(const QString& text) {
    const auto bytes = bytes_of(text.trimmed());
    if (bytes == m_filters.query.text) return;
    m_filters.query.text = bytes;
    apply();
}

void TimelinePage::want_steps() {
    if (session() == nullptr) return;
    const auto step = m_histogram->step(), from = m_histogram->from(), to = m_histogram->to();
    if (!m_filters.query.is_plain())
        m_model->countListed(from, to, step, [this, from, step](std::vector<case_file::StepCount> counts) {
            if (!m_filters.query.is_plain()) m_histogram->setListed(from, step, std::move(counts));
        });
    m_steps.cancel();
    constexpr std::int64_t k_hour = 3600;
    if (step >= k_hour) return;
    const auto start = from - ((from % step) + step) % step;
    m_steps = session()->ask(Lane::chart, this, [start, to, step](CaseReader& reader) { return case_file::step_counts(reader.view(), start, to, step); },
                             [this, start, to, step](base::Result<std::vector<case_file::StepCount>> counts) {
                                 if (counts) m_histogram->setSteps(start, to, step, std::move(*counts));
                             });
}

void TimelinePage::announce() {
    m_histogram->setCursor(m_model->time_of(m_table->currentIndex().row()));
    const auto link = selection();
    if (link == m_announced) return;
    m_announced = link;
    Q_EMIT selectionChanged(link);
}

void TimelinePage::update_status() {
    if (session() == nullptr) return m_status->clear();
    const auto rows = count_text(m_model->rowCount());
    if (m_cut) m_status->setText(tr("the first %1 records; narrow the time for the rest").arg(rows));
    else m_status->setText(m_model->is_listing() && !m_applied.query.is_plain() ? tr("%1 records, looking…").arg(rows) : tr("%Ln record(s)", nullptr, m_model->rowCount()));
}

void TimelinePage::jump(base::Timestamp time) {
    m_begun = true;  // somebody chose the place: the markers do not
    if (m_model->rowCount() == 0) {
        m_wanted = time;
        return;
    }
    m_histogram->bring(time.seconds);
    m_model->find(time, [this](std::int64_t row) {
        if (m_model->rowCount() == 0) return;
        const auto index = m_model->index(static_cast<int>(std::min<std::int64_t>(row, m_model->rowCount() - 1)), 0);
        m_table->setCurrentIndex(index);
        m_table->scrollTo(index, QAbstractItemView::PositionAtCenter);
    });
}

void TimelinePage::filter_by(const Link& link) {
    auto& query = m_filters.query;
    const auto value = link.value.toStdString();
    switch (link.kind) {
        case Link::Kind::account: query.user = value; break;
        case Link::Kind::address: query.address = value; break;
        case Link::Kind::type: m_filters.types = {value}; break;
        case Link::Kind::finding: {
            query.finding = value;
            const auto title = m_titles.find(value);
            m_filters.finding = title == m_titles.end() ? own(value) : title->second;
            break;
        }
        case Link::Kind::hash:
        case Link::Kind::fact:
        case Link::Kind::text: query.text = value; break;
        default: return;
    }
    m_wanted = link.time;
    apply();
}

void TimelinePage::exclude(const Link& link) {
    if (link.kind == Link::Kind::account) m_filters.query.not_user = link.value.toStdString();
    else if (link.kind == Link::Kind::address) m_filters.query.not_address = link.value.toStdString();
    else if (link.kind == Link::Kind::type) m_filters.not_types.insert(link.value.toStdString());
    else return frame().say(tr("A %1 cannot be excluded").arg(name_of(link.kind)));
    apply();
}

bool TimelinePage::open(const Link& link) {
    switch (link.kind) {
        case Link::Kind::finding:  // at a moment: there; without one: all that it rests on
            if (!link.time) return filter_by(link), true;
            [[fallthrough]];
        case Link::Kind::time:
            if (!link.time) return false;
            m_begun = true;
            if (m_loaded) jump(*link.time);
            else m_wanted = link.time;
            return true;
        case Link::Kind::ref: return false;
        case Link::Kind::path: break;
        default: filter_by(link); return true;
    }
    const auto take = [this, path = link.value, time = link.time](std::int64_t inode) {
        m_filters.query.inode = inode;
        m_filters.file = path;
        m_wanted = time;
        apply();
    };
    if (link.inode != 0) return take(link.inode), true;
    session()->ask(Lane::rows, this, [path = link.value.toStdString()](CaseReader& reader) -> base::Result<std::int64_t> {
        TRY_ASSIGN(auto files, case_file::Files::open(reader.view()));
        TRY_ASSIGN(const auto found, files.at_path(path));
        return found.empty() ? 0 : found.front().inode;
    }, [this, take, path = link.value](base::Result<std::int64_t> inode) {
        if (!inode) return messages().showError(own(inode.error().what));
        if (*inode == 0) return messages().showError(tr("The case has no file at %1").arg(plain(view_of(path))));
        take(*inode);
    });
    return true;
}

void TimelinePage::follow(Link::Kind kind) {
    const auto* line = m_model->line(m_table->currentIndex().row());
    if (line == nullptr) return;
    Link link;
    if (kind == Link::Kind::account && !line->user.empty()) link = Link::to(kind, line->user, line->time);
    if (kind == Link::Kind::address && !line->address.empty()) link = Link::to(kind, line->address, line->time);
    if (kind == Link::Kind::type) link = Link::to(kind, line->source == k_files_source ? std::string(k_files_source) : line->type, line->time);
    if (kind == Link::Kind::path) link = Link::to(kind, line->source == k_files_source ? line->path : line->record_path, line->time);
    if (link.is_none() || link.value.isEmpty()) return frame().say(tr("This record names none"));
    (void)open(link);
}

QVariantMap TimelinePage::place() const {
    QVariantMap map;
    const auto& q = m_filters.query;
    map.insert(QStringLiteral("user"), to_variant(q.user));
    map.insert(QStringLiteral("address"), to_variant(q.address));
    map.insert(QStringLiteral("not_user"), to_variant(q.not_user));
    map.insert(QStringLiteral("not_address"), to_variant(q.not_address));
    map.insert(QStringLiteral("text"), QByteArray::fromStdString(q.text));
    map.insert(QStringLiteral("file"), m_filters.file);
    map.insert(QStringLiteral("inode"), q.inode ? QVariant(static_cast<qlonglong>(*q.inode)) : QVariant());
    if (q.from && q.to) map.insert(QStringLiteral("from"), static_cast<qlonglong>(q.from->seconds)), map.insert(QStringLiteral("to"), static_cast<qlonglong>(q.to->seconds));
    const auto list = [](const std::set<std::string>& names) {
        QStringList all;
        for (const auto& name : names) all += own(name);
        return all;
    };
    map.insert(QStringLiteral("sources"), list(m_filters.sources));
    map.insert(QStringLiteral("types"), list(m_filters.types));
    map.insert(QStringLiteral("not_types"), list(m_filters.not_types));
    map.insert(QStringLiteral("finding"), own(q.finding));
    map.insert(QStringLiteral("finding_title"), m_filters.finding);
    map.insert(QStringLiteral("stretch_from"), static_cast<qlonglong>(m_histogram->from()));
    map.insert(QStringLiteral("stretch_to"), static_cast<qlonglong>(m_histogram->to()));
    if (const auto time = m_model->time_of(m_table->currentIndex().row())) map.insert(QStringLiteral("time"), own(base::to_rfc3339(*time)));
    return map;
}

void TimelinePage::restore(const QVariantMap& map) {
    Filters filters;
    auto& q = filters.query;
    q.user = from_variant(map.value(QStringLiteral("user"))), q.address = from_variant(map.value(QStringLiteral("address")));
    q.not_user = from_variant(map.value(QStringLiteral("not_user"))), q.not_address = from_variant(map.value(QStringLiteral("not_address")));
    q.text = map.value(QStringLiteral("text")).toByteArray().toStdString();
    filters.file = map.value(QStringLiteral("file")).toByteArray();
    if (map.value(QStringLiteral("inode")).isValid() && !filters.file.isEmpty()) q.inode = map.value(QStringLiteral("inode")).toLongLong();
    if (map.contains(QStringLiteral("from"))) q.from = base::Timestamp{map.value(QStringLiteral("from")).toLongLong(), 0}, q.to = base::Timestamp{map.value(QStringLiteral("to")).toLongLong(), 999'999'999};
    const auto take = [&](const QString& key, std::set<std::string>& into) {
        for (const auto& name : map.value(key).toStringList()) into.insert(name.toStdString());
    };
    take(QStringLiteral("sources"), filters.sources), take(QStringLiteral("types"), filters.types), take(QStringLiteral("not_types"), filters.not_types);
    q.finding = map.value(QStringLiteral("finding")).toString().toStdString();
    filters.finding = map.value(QStringLiteral("finding_title")).toString();
    if (map.contains(QStringLiteral("stretch_from"))) m_histogram->show_range(map.value(QStringLiteral("stretch_from")).toLongLong(), map.value(QStringLiteral("stretch_to")).toLongLong());
    m_filters = filters;
    {
        const QSignalBlocker quiet(m_text);
        m_text->setText(QString::fromStdString(q.text));
    }
    m_wanted = base::from_rfc3339(map.value(QStringLiteral("time")).toString().toStdString());
    apply();
}

Link TimelinePage::selection() const { return m_table->currentLink(); }
void TimelinePage::focusFilter() { m_text->setFocus(); }
bool TimelinePage::closeLast() {
    if (m_clock_form->isVisible()) return m_clock_form->hide(), m_table->setFocus(), true;
    if (m_filters == Filters()) return false;
    drop(QStringLiteral("all"));
    m_table->setFocus();
    return true;
}
QString TimelinePage::selectedText() const { return m_table->selectedText(); }
QString TimelinePage::selectedJson() const { return m_table->selectedJson(); }

}  // namespace deadbox::gui
