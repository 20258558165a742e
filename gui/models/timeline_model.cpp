#include "gui/models/timeline_model.hpp"

#include <QRegularExpression>

#include "gui/models/own_texts.hpp"
#include "gui/widgets/palettes.hpp"

namespace deadbox::gui {

using case_file::TimelineIndex;

namespace {
constexpr std::size_t k_piece = 20'000;  // rows looked at between two pages that somebody waits for
constexpr std::size_t k_first_piece = 4096;
constexpr std::int64_t k_texts_ahead = 50'000;  // read between two pages, before somebody looks for a text

struct Listed {
    std::int64_t rows = 0;
    bool more = false, cut = false;
    std::vector<report::TimelineLine> first;  // the first page, where it is known: nobody waits for it behind further listing
};

std::int64_t next_key() {
    static std::int64_t last = 0;
    return ++last;
}

base::Result<TimelineIndex*> index_of(CaseReader& reader, std::int64_t key) {
    auto* index = reader.kept<TimelineIndex>(key);
    if (index == nullptr) return base::fail(base::Errc::interrupted, "the list is not there");
    return index;
}

base::Result<std::vector<report::TimelineLine>> lines_of(CaseReader& reader, TimelineIndex& index, std::int64_t first, std::int64_t count) {
    std::vector<report::TimelineLine> lines;
    TRY_ASSIGN(const auto rows, index.page(first, count));
    for (const auto& row : rows) {
        TRY_ASSIGN(auto line, first_line(reader, row.row));
        lines.push_back(std::move(line));
    }
    return lines;
}
}  // namespace

std::vector<ColumnSpec> timeline_columns() {
    return {{TimelineModel::tr("Time"), TimelineModel::tr("When it happened; nanoseconds and what was assumed are in the tip"), 176},
            {TimelineModel::tr("Source"), TimelineModel::tr("The kind of log, or that it is a time of a file"), 104},
            {TimelineModel::tr("What"), TimelineModel::tr("What happened, or which of a file's times it is"), 210},
            {TimelineModel::tr("Message"), {}, 420},
            {TimelineModel::tr("User"), {}, 90},
            {TimelineModel::tr("Address"), {}, 120},
            {TimelineModel::tr("Process"), {}, 90},
            {TimelineModel::tr("Log"), TimelineModel::tr("The log that says so"), 200},
            {TimelineModel::tr("Findings"), TimelineModel::tr("How many findings rest on this record"), 70, Qt::AlignRight | Qt::AlignVCenter}};
}

TimelineModel::TimelineModel(QObject* parent) : PagedModel(parent) { set_columns(timeline_columns()); }

TimelineModel::~TimelineModel() { drop(); }

void TimelineModel::drop() {
    if (!m_session || (m_key == 0 && m_plain == 0)) return;
    m_session->ask(Lane::rows, m_session, [key = m_key, plain = m_plain](CaseReader& reader) -> base::Result<void> {
        reader.drop(key);
        reader.drop(plain);
        return {};
    }, [](base::Result<void>) {});
    m_key = m_plain = 0;
}

void TimelineModel::setQuery(CaseSession* session, const case_file::TimelineQuery& query) {
    if (m_session != session) drop();
    m_session = session;
    m_query = query;
    open();
}

void TimelineModel::setTimeFormat(const TimeFormat& format) {
    m_format = format;
    if (rowCount() > 0) Q_EMIT dataChanged(index(0, k_time), index(rowCount() - 1, k_time));
}

void TimelineModel::open() {
    m_opening.cancel();
    m_cache.clear();
    m_listing = false;
    if (!m_session) return reset_rows(0);
    m_listing = true;
    const auto before = m_key, plain = m_plain;
    m_key = next_key();
    m_opening = m_session->ask(Lane::rows, this, [key = m_key, plain, query = m_query](CaseReader& reader) -> base::Result<Listed> {
        auto asked = query;
        if (!asked.text.empty()) {
            TRY_ASSIGN(auto kinds, case_file::event_kinds(reader.view()));
            for (auto& [id, kind] : kinds) kind.description += '\n' + report::name_of_kind(reader.texts(), kind);  // as it is shown, too
            asked.text_kinds = case_file::kinds_with(kinds, asked.text);
        }
        TRY_ASSIGN(TimelineIndex index, TimelineIndex::open(reader.view(), asked, &reader.text_memory()));
        if (query.is_plain()) {
            if (auto* other = reader.kept<TimelineIndex>(plain)) index.adopt(*other);
        }
        auto* kept = reader.keep(key, std::move(index));
        TRY_ASSIGN(const bool more, kept->advance(k_first_piece));
        Listed listed{kept->rows(), more, kept->is_cut(), {}};
        if (!query.is_plain() && listed.rows > 0) {
            TRY_ASSIGN(listed.first, lines_of(reader, *kept, 0, std::min<std::int64_t>(k_rows_a_page, listed.rows)));
        }
        return listed;
    }, [this](base::Result<Listed> listed) {
        if (!listed) {
            reset_rows(0);
            m_listing = false;
            if (listed.error().code != base::Errc::interrupted) Q_EMIT failed(own(listed.error().what));
            Q_EMIT this->listed(true, false);
            return;
        }
        if (!listed->first.empty()) m_cache.store(0, std::move(listed->first));
        reset_rows(listed->rows);
        m_listing = listed->more;
        Q_EMIT this->listed(!listed->more, listed->cut);
        if (listed->more) list_more();
        else if (m_query.is_plain()) prepare();
    });
    if (m_query.is_plain()) m_plain = m_key;
    m_session->ask(Lane::rows, m_session, [key = m_key, before, plain, kept = m_plain](CaseReader& reader) -> base::Result<void> {
        if (before != kept && before != plain) reader.drop(before);
        auto* other = kept == plain ? nullptr : reader.kept<TimelineIndex>(plain);
        if (other == nullptr) return {};
        if (reader.kept<TimelineIndex>(key) == nullptr) reader.keep(key, std::move(*other));  // the question was cancelled
        reader.drop(plain);
        return {};
    }, [](base::Result<void>) {});
}

void TimelineModel::list_more() {
    if (!m_session) return;
    m_opening = m_session->ask(Lane::rows, this, [key = m_key](CaseReader& reader) -> base::Result<Listed> {
        TRY_ASSIGN(auto* index, index_of(reader, key));
        TRY_ASSIGN(const bool more, index->advance(k_piece));
        return Listed{index->rows(), more, index->is_cut(), {}};
    }, [this](base::Result<Listed> listed) {
        if (!listed) {
            m_listing = false;
            Q_EMIT failed(own(listed.error().what));
            Q_EMIT this->listed(true, false);
            return;
        }
        // A page that ended with the list is longer now.
        if (listed->rows > rowCount() && rowCount() % k_rows_a_page != 0) m_cache.clear();
        grow_rows(listed->rows);
        m_listing = listed->more;
        Q_EMIT this->listed(!listed->more, listed->cut);
        if (listed->more) list_more();
    });
}

void TimelineModel::prepare() {
    if (!m_session) return;
    m_opening = m_session->ask(Lane::rows, this, [key = m_key](CaseReader& reader) -> base::Result<bool> {
        TRY_ASSIGN(auto* index, index_of(reader, key));
        TRY_ASSIGN(const bool more, index->prepare());
        return more ? base::Result<bool>(true) : reader.text_memory().read_on(reader.view(), k_texts_ahead);
    }, [this](base::Result<bool> more) {
        if (more && *more) prepare();
    });
}

Ticket TimelineModel::fetch(std::int64_t first, std::int64_t count) {
    struct Page {
        std::vector<report::TimelineLine> lines;
        std::int64_t rows = 0;
    };
    return m_session->ask(Lane::rows, this, [key = m_key, first, count](CaseReader& reader) -> base::Result<Page> {
        TRY_ASSIGN(auto* index, index_of(reader, key));
        Page page;
        TRY_ASSIGN(page.lines, lines_of(reader, *index, first, count));
        page.lines.resize(static_cast<std::size_t>(count));  // rows that went meanwhile are empty
        page.rows = index->rows();
        return page;
    }, [this, first, key = m_key](base::Result<Page> page) {
        if (key != m_key) return;
        if (!page) return fetch_failed(first, page.error());
        m_cache.store(first, std::move(page->lines));
        arrived(first);
        if (page->rows > rowCount()) grow_rows(page->rows);
    });
}

void TimelineModel::find(base::Timestamp time, std::function<void(std::int64_t)> found) {
    if (!m_session) return;
    m_session->ask(Lane::rows, this, [key = m_key, time](CaseReader& reader) -> base::Result<std::int64_t> {
        TRY_ASSIGN(auto* index, index_of(reader, key));
        return index->row_at(time);
    }, [found = std::move(found)](base::Result<std::int64_t> row) {
        if (row) found(*row);
    });
}

void TimelineModel::countListed(std::int64_t from, std::int64_t to, std::int64_t step, std::function<void(std::vector<case_file::StepCount>)> counted) {
    if (!m_session) return;
    m_session->ask(Lane::rows, this, [key = m_key, from, to, step](CaseReader& reader) -> base::Result<std::vector<case_file::StepCount>> {
        TRY_ASSIGN(auto* index, index_of(reader, key));
        return index->listed_counts(from, to, step);
    }, [counted = std::move(counted)](base::Result<std::vector<case_file::StepCount>> counts) {
        if (counts) counted(std::move(*counts));
    });
}

const report::TimelineLine* TimelineModel::line(std::int64_t row) const { return m_cache.find(row); }

std::optional<base::Timestamp> TimelineModel::time_of(std::int64_t row) const {
    const auto* found = line(row);
    return found == nullptr ? std::nullopt : std::optional(found->time);
}

QVariant TimelineModel::cell(std::int64_t row, int column, int role) const { return timeline_cell(*line(row), column, role, m_format); }

base::Result<report::TimelineLine> first_line(CaseReader& reader, const case_file::TimelineRow& row) {
    TRY_ASSIGN(auto* maker, reader.lines());
    report::TimelineLine first;
    TRY(maker->make(row, [&](const report::TimelineLine& line) {
        first = line;
        return base::Next::stop;
    }));
    if (first.type.empty()) first.time = row.time;
    first.timestamp_desc = maker->what(row);
    return first;
}

QVariant timeline_cell(const report::TimelineLine& line, int column, int role, const TimeFormat& format) {
    using Kind = Link::Kind;
    const bool file = line.source == "fs";
    const std::string& path = line.record_path;
    if (role == k_row_link_role) {
        if (file && !line.path.empty()) return QVariant::fromValue(Link::to(Kind::path, line.path, line.time));
        return QVariant::fromValue(Link::to_time(line.time));
    }
    if (role == k_link_role) {
        switch (column) {
            case TimelineModel::k_time: return QVariant::fromValue(Link::to_time(line.time));
            case TimelineModel::k_type: return QVariant::fromValue(Link::to(Kind::type, file ? std::string("fs") : line.type, line.time));
            case TimelineModel::k_message: return line.path.empty() ? QVariant() : QVariant::fromValue(Link::to(Kind::path, line.path, line.time));
            case TimelineModel::k_user: return line.user.empty() ? QVariant() : QVariant::fromValue(Link::to(Kind::account, line.user, line.time));
            case TimelineModel::k_address: return line.address.empty() ? QVariant() : QVariant::fromValue(Link::to(Kind::address, line.address, line.time));
            case TimelineModel::k_path: return path.empty() ? QVariant() : QVariant::fromValue(Link::to(Kind::path, path, line.time));
            case TimelineModel::k_finding: return line.findings.empty() ? QVariant() : QVariant::fromValue(Link::to(Kind::finding, line.findings.front(), line.time));
            default: return {};
        }
    }
    if (role == Qt::ToolTipRole) {
        if (column == TimelineModel::k_time) {
            QString tip = format.exact(line.time);
            if (line.recorded != line.time) tip += QLatin1Char('\n') + TimelineModel::tr("The machine's clock said %1").arg(format.exact(line.recorded));
            if (line.assumptions != 0) tip += QLatin1Char('\n') + TimelineModel::tr("Assumed: %1").arg(QStringList{(line.assumptions & 1) ? TimelineModel::tr("the year") : QString(), (line.assumptions & 2) ? TimelineModel::tr("the zone") : QString(), (line.assumptions & 4) ? TimelineModel::tr("the time") : QString()}.filter(QRegularExpression(QStringLiteral("."))).join(QStringLiteral(", ")));
            return tip;
        }
        if (column == TimelineModel::k_message) return plain(line.message).toHtmlEscaped().prepend(QStringLiteral("<p style='white-space:pre-wrap'>")).append(QStringLiteral("</p>"));
        if (column == TimelineModel::k_path) return plain(path).toHtmlEscaped();
        return {};
    }
    if (role == Qt::FontRole && column == TimelineModel::k_time) {
        QFont font = mono_font();
        return font;
    }
    if (role == k_quiet_role) return column == TimelineModel::k_source || column == TimelineModel::k_path;
    const bool text_role = role == Qt::DisplayRole || role == Qt::AccessibleTextRole;
    if (!text_role && role != k_evidence_role) return {};
    const auto evidence = [&](std::string_view bytes) -> QVariant {
        if (bytes.empty()) return {};
        return role == k_evidence_role ? QVariant::fromValue(shown(bytes)) : QVariant(plain(bytes));
    };
    switch (column) {
        case TimelineModel::k_message: return evidence(line.message);
        case TimelineModel::k_user: return evidence(line.user);
        case TimelineModel::k_address: return evidence(line.address);
        case TimelineModel::k_process: return evidence(line.process);
        case TimelineModel::k_path: return evidence(path);
        default: break;
    }
    if (!text_role) return {};
    switch (column) {
        case TimelineModel::k_time: return format.text(line.time);
        case TimelineModel::k_source: return source_name(line.source);
        case TimelineModel::k_type: return own(line.timestamp_desc);
        case TimelineModel::k_finding: return line.findings.empty() ? QVariant() : QVariant(static_cast<int>(line.findings.size()));
        default: return {};
    }
}

}  // namespace deadbox::gui
