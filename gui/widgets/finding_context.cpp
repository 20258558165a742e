#include "gui/widgets/finding_context.hpp"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QSettings>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

#include "case/view_file_facts.hpp"
#include "case/view_indicators.hpp"
#include "case/view_timeline_index.hpp"
#include "gui/models/evidence_text.hpp"
#include "gui/models/own_texts.hpp"
#include "gui/models/timeline_model.hpp"
#include "gui/pages/page.hpp"
#include "gui/widgets/finding_card.hpp"
#include "gui/widgets/plain_label.hpp"

namespace deadbox::gui {
namespace {

constexpr std::size_t k_lines = 14;           // around the finding, half of them before it
constexpr std::size_t k_read = 400;           // rows read to choose them from
constexpr std::size_t k_copies = 12;          // files of the same content
constexpr std::size_t k_items = 20;           // items that are looked into
constexpr std::size_t k_layers = 4096;        // bytes of decoded code
constexpr std::int64_t k_counted = 1'000'000; // records of an actor
constexpr std::string_view k_decoded_column = "decoded";  // as topics call what only decoding shows

}  // namespace

struct FindingContext::Around {
    std::vector<report::TimelineLine> lines;
    std::size_t before = 0, after = 0;  // left out on either side, as far as was read
};

struct FindingContext::Elsewhere {
    struct Decoded {
        std::string path, code;
    };
    struct Actor {
        std::string name;
        case_file::ActorRecords records;
    };
    std::vector<Decoded> decoded;
    std::vector<case_file::SameContent> copies;
    std::vector<Actor> actors;
};

FindingContext::FindingContext(const report::ReportFinding& finding, const TimeFormat& format, Frame& frame, QWidget* parent)
    : QWidget(parent), m_frame(frame), m_format(format), m_moment(finding.first_seen), m_decoded(new QVBoxLayout), m_elsewhere(new QVBoxLayout) {
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(6);
    for (auto* part : {m_decoded, m_elsewhere}) part->setSpacing(4);
    all->addLayout(m_decoded);
    if (m_moment) make_around(), all->addLayout(m_around);
    all->addLayout(m_elsewhere);
    if (m_frame.session() == nullptr) return;
    load_around();
    load_elsewhere(finding);
}

FindingContext::~FindingContext() {
    m_around_ticket.cancel();
    m_elsewhere_ticket.cancel();
}

void FindingContext::make_around() {
    m_around = new QVBoxLayout;
    m_around->setSpacing(4);
    auto* head = new QHBoxLayout;
    head->setSpacing(8);
    auto* heading = make_heading(tr("What happened around it"), this);
    heading->setWordWrap(false);
    m_minutes = new QSpinBox(this);
    m_minutes->setRange(1, 720);
    m_minutes->setPrefix(QStringLiteral("± "));
    m_minutes->setSuffix(tr(" min"));
    m_minutes->setAccessibleName(tr("Minutes before and after"));
    m_minutes->setValue(QSettings().value(QStringLiteral("finding/minutes"), 5).toInt());
    connect(m_minutes, &QSpinBox::valueChanged, this, [this](int minutes) {
        QSettings().setValue(QStringLiteral("finding/minutes"), minutes);
        load_around();
    });
    head->addWidget(heading);
    head->addWidget(m_minutes);
    head->addStretch();
    m_around->addSpacing(8);
    m_around->addLayout(head);
    m_around_lines = new PlainLabel(tr("Reading…"), TextWeight::quiet, this);
    m_around->addWidget(m_around_lines);
}

void FindingContext::load_around() {
    if (!m_moment || m_frame.session() == nullptr) return;
    m_around_ticket.cancel();
    m_around_ticket = m_frame.session()->ask(Lane::rows, this, [moment = *m_moment, seconds = std::int64_t{m_minutes->value()} * 60](CaseReader& reader) -> base::Result<Around> {
        const base::Timestamp from{moment.seconds - seconds, 0}, to{moment.seconds + seconds, 999'999'999};
        TRY_ASSIGN(auto before, case_file::rows_around(reader.view(), from, moment, k_read));
        for (auto span = seconds; before.size() == k_read && span > 1;) {  // so many that the nearest are not among them
            span /= 4;
            TRY_ASSIGN(before, case_file::rows_around(reader.view(), {moment.seconds - span, moment.nanoseconds}, moment, k_read));
        }
        TRY_ASSIGN(const auto after, case_file::rows_around(reader.view(), moment, to, k_read));
        Around around;
        // The moment's own rows stand in both.
        std::vector<const case_file::TimelinePages::Row*> chosen;
        const auto half = k_lines / 2;
        std::vector<const case_file::TimelinePages::Row*> earlier;
        for (const auto& row : before)
            if (row.row.time < moment) earlier.push_back(&row);
        const auto later = std::min(after.size(), k_lines - std::min(earlier.size(), half));
        const auto kept = std::min(earlier.size(), k_lines - later);
        around.before = earlier.size() - kept, around.after = after.size() - later;
        chosen.assign(earlier.end() - static_cast<std::ptrdiff_t>(kept), earlier.end());
        for (std::size_t i = 0; i < later; ++i) chosen.push_back(&after[i]);
        for (const auto* row : chosen) {
            TRY_ASSIGN(auto line, first_line(reader, row->row));
            around.lines.push_back(std::move(line));
        }
        return around;
    }, [this](base::Result<Around> around) {
        if (around) show_around(*around);
    });
}

QWidget* FindingContext::link_row(const QString& text, const Link& link, const QString& page, bool mono) {
    auto* label = new PlainLabel(text, mono ? TextWeight::mono : TextWeight::normal, this);
    label->setClickable(true);
    if (mono) label->setElided(true);
    label->setToolTip(text.toHtmlEscaped());
    label->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(label, &PlainLabel::activated, this, [this, link, page] { m_frame.go(link, page); });
    connect(label, &QWidget::customContextMenuRequested, this, [this, link, label](const QPoint& at) { m_frame.open_menu(link, label->mapToGlobal(at)); });
    return label;
}

void FindingContext::show_around(const Around& around) {
    auto* lines = new QWidget(this);
    auto* grid = new QGridLayout(lines);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(2);
    grid->setColumnStretch(2, 1);
    int row = 0;
    const auto left_out = [&](std::size_t count, const QString& text) {
        if (count > 0) grid->addWidget(new PlainLabel(text, TextWeight::quiet, lines), row++, 0, 1, 3);
    };
    left_out(around.before, tr("%n earlier", nullptr, static_cast<int>(around.before)));
    for (const auto& line : around.lines) {
        const bool now = line.time == *m_moment;
        auto* time = link_row(m_format.short_text(line.time), Link::to_time(line.time), QStringLiteral("timeline"), true);
        auto* label = qobject_cast<PlainLabel*>(time);
        label->setElided(false);
        label->setWordWrap(false);
        time->setToolTip(m_format.exact(line.time));
        auto* what = new PlainLabel(source_name(line.source), TextWeight::quiet, lines);
        what->setWordWrap(false);
        what->setToolTip(own(line.timestamp_desc));
        auto* message = new PlainLabel(plain(line.message), TextWeight::mono, lines);
        message->setElided(true);
        message->setToolTip(plain(line.message).toHtmlEscaped());
        if (now) {
            auto font = message->font();
            font.setWeight(QFont::DemiBold);
            message->setFont(font);
        }
        grid->addWidget(time, row, 0);
        grid->addWidget(what, row, 1);
        grid->addWidget(message, row++, 2);
    }
    left_out(around.after, tr("%n later", nullptr, static_cast<int>(around.after)));
    if (around.lines.empty()) grid->addWidget(new PlainLabel(tr("Nothing else has a time in these minutes."), TextWeight::quiet, lines), row, 0, 1, 3);
    delete m_around->replaceWidget(m_around_lines, lines);  // the item of the layout
    m_around_lines->deleteLater();
    m_around_lines = lines;
    Q_EMIT loaded();
}

void FindingContext::load_elsewhere(const report::ReportFinding& finding) {
    std::vector<std::string> digests;
    std::set<std::int64_t> own_inodes;
    std::vector<std::pair<std::int64_t, std::string>> files;
    std::set<std::string> names;
    for (const auto& item : finding.items) {
        if (!item.sha256.empty() && item.size > 0) digests.push_back(item.sha256);
        if (item.row != 0 && own_inodes.insert(item.row).second && files.size() < k_items) files.emplace_back(item.row, item.path.value_or(""));
        if (!item.key.empty() && item.cites.empty() && item.key != item.path && names.size() < k_items) names.insert(item.key);
    }
    m_elsewhere_ticket = m_frame.session()->ask(Lane::slow, this, [digests, own_inodes, files, names](CaseReader& reader) -> base::Result<Elsewhere> {
        Elsewhere found;
        for (const auto& [inode, path] : files) {
            TRY_ASSIGN(const auto facts, case_file::facts_of(reader.view(), inode, 1));
            for (const auto& fact : facts)
                for (std::size_t i = 0; i < fact.table->columns.size(); ++i)
                    if (fact.table->columns[i].name == k_decoded_column)
                        if (const auto* code = std::get_if<std::string>(&fact.row.values[i]); code != nullptr && !code->empty()) found.decoded.push_back({path, *code});
        }
        TRY_ASSIGN(found.copies, case_file::files_with_content(reader.view(), digests, k_copies + own_inodes.size()));
        std::erase_if(found.copies, [&](const auto& copy) { return own_inodes.contains(copy.inode); });
        for (const auto& name : names) {
            TRY_ASSIGN(const auto records, case_file::records_of_actor(reader.view(), name, k_counted));
            if (records.as_user + records.as_address > 0) found.actors.push_back({name, records});
        }
        return found;
    }, [this](base::Result<Elsewhere> found) {
        if (found) show_elsewhere(*found);
    });
}

void FindingContext::show_elsewhere(const Elsewhere& found) {
    for (const auto& [path, code] : found.decoded) {
        m_decoded->addSpacing(8);
        m_decoded->addWidget(make_heading(path.empty() ? tr("What decoding shows") : tr("What decoding shows in %1").arg(plain(path)), this));
        m_decoded->addWidget(make_code_box(shown_lines(code, k_layers).text, tr("What decoding shows"), m_frame, this));
    }
    if (!found.copies.empty() || !found.actors.empty()) {
        m_elsewhere->addSpacing(8);
        m_elsewhere->addWidget(make_heading(tr("Elsewhere in the case"), this));
    }
    for (const auto& copy : found.copies) {
        m_elsewhere->addWidget(new PlainLabel(tr("The same content, SHA-256 %1…").arg(own(copy.sha256).left(16)), TextWeight::quiet, this));
        m_elsewhere->addWidget(link_row(copy.path.empty() ? tr("a file without a name") : plain(copy.path), Link::to_file(copy.path, copy.inode), QStringLiteral("files"), true));
    }
    const auto count = [](std::int64_t number) { return number >= k_counted ? tr("%1 or more").arg(count_text(k_counted)) : count_text(number); };
    for (const auto& actor : found.actors) {
        if (actor.records.as_user > 0)
            m_elsewhere->addWidget(link_row(tr("%1 logged records of the user %2").arg(count(actor.records.as_user), plain(actor.name)), Link::to(Link::Kind::account, actor.name, m_moment), QStringLiteral("timeline"), false));
        if (actor.records.as_address > 0)
            m_elsewhere->addWidget(link_row(tr("%1 logged records of the address %2").arg(count(actor.records.as_address), plain(actor.name)), Link::to(Link::Kind::address, actor.name, m_moment), QStringLiteral("timeline"), false));
    }
    Q_EMIT loaded();
}

}  // namespace deadbox::gui
