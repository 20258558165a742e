#include "gui/widgets/file_details.hpp"

#include <QGridLayout>
#include <QVBoxLayout>

#include <optional>

#include "case/view_file_facts.hpp"
#include "case/writer.hpp"
#include "gui/models/evidence_text.hpp"
#include "gui/models/file_list_model.hpp"
#include "gui/models/table_words.hpp"
#include "gui/widgets/plain_label.hpp"
#include "report/findings.hpp"

namespace deadbox::gui {
namespace {

constexpr int k_name_width = 134;  // beside it a time with its nanoseconds is one line
constexpr std::size_t k_rows_a_table = 20;
constexpr std::size_t k_longest_value = 2000;

// Raw bytes; nothing where the value is not known.
std::optional<std::string> text_of(const case_file::FactValue& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    if (const auto* real = std::get_if<double>(&value)) return std::to_string(*real);
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* time = std::get_if<base::Timestamp>(&value)) return base::to_rfc3339(*time);
    return {};
}

// What is there of the file's bytes.
QString content_words(const case_file::FileDetail& file) {
    const auto name = case_file::content_name(file);
    if (name == "live") return FileDetails::tr("in place");
    if (name == "recovered") return FileDetails::tr("recovered");
    if (name == "partial") return FileDetails::tr("recovered in part");
    return name == "reallocated" ? FileDetails::tr("another file's now") : FileDetails::tr("nothing left");
}

}  // namespace

struct FileDetails::Extra {
    std::string ref;
    std::vector<report::ReportFinding> findings;
    std::vector<case_file::FileFact> facts;
};

FileDetails::FileDetails(QWidget* parent) : QScrollArea(parent) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("What the case knows of the file"));
}

void FileDetails::begin() {
    auto* sheet = new QWidget;
    m_rows = new QVBoxLayout(sheet);
    m_rows->setContentsMargins(12, 8, 12, 12);
    m_rows->setSpacing(4);
    m_rows->addStretch(1);
    setWidget(sheet);
}

void FileDetails::heading(const QString& text) {
    if (m_rows->count() > 1) m_rows->insertSpacing(m_rows->count() - 1, 8);
    m_rows->insertWidget(m_rows->count() - 1, make_heading(text));
}

void FileDetails::row(const QString& name, const QString& value, const Link& link, bool mono) {
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    auto* left = new PlainLabel(name, TextWeight::quiet);
    left->setFixedWidth(k_name_width);
    left->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* right = new PlainLabel(value, mono ? TextWeight::mono : TextWeight::normal);
    right->setAccessibleName(tr("%1: %2").arg(name, value));
    if (!link.is_none()) {
        right->setClickable(true);
        right->setWrapsAnywhere(mono);  // a digest would make the sheet as wide as itself
        connect(right, &PlainLabel::activated, this, [this, link] { Q_EMIT chosen(link); });
    }
    line->addWidget(left);
    line->addWidget(right, 1);
    m_rows->insertLayout(m_rows->count() - 1, line);
}

void FileDetails::show_file(CaseSession* session, const std::optional<case_file::FileDetail>& file, const TimeFormat& format) {
    m_ticket.cancel();
    begin();
    if (!session || !file) return row(QString(), tr("Nothing is chosen."));
    const auto& f = *file;
    heading(tr("File"));
    row(tr("Path"), plain(f.path), Link::to_file(f.path, f.inode), true);
    if (!f.target.empty()) row(tr("Link to"), plain(f.target), {}, true);
    row(tr("Inode"), QString::number(case_file::inode_number(f.inode)));
    row(tr("Size"), tr("%1 (%2 bytes)").arg(size_text(f.size), count_text(f.size)));
    row(tr("Mode"), QStringLiteral("%1  %2").arg(mode_text(f.type, f.mode)).arg(f.mode, 4, 8, QLatin1Char('0')), {}, true);
    row(tr("Owner and group"), QStringLiteral("%1 : %2").arg(f.uid).arg(f.gid));
    row(tr("Links"), QString::number(f.links));
    if (f.type == 1) row(tr("Content"), f.content_type.empty() ? content_words(f) : plain(f.content_type));
    if (!f.name_allocated || !f.inode_allocated) row(tr("State"), f.inode_allocated ? tr("The name is deleted and its inode belongs to another file now: the content is not this file's.")
                                                                                    : tr("Deleted."));
    heading(tr("Times"));
    const auto moment = [&](const QString& name, const std::optional<base::Timestamp>& time) {
        if (time) row(name, format.exact(*time), Link::to_time(*time), true);
    };
    moment(tr("Modified"), f.modified);
    moment(tr("Accessed"), f.accessed);
    moment(tr("Changed"), f.changed);
    moment(tr("Born"), f.born);
    moment(tr("Deleted"), f.deleted);
    if (!f.sha256.empty()) {
        heading(tr("Digests"));
        row(QStringLiteral("MD5"), own(f.md5), Link::to(Link::Kind::hash, f.md5), true);
        row(QStringLiteral("SHA-1"), own(f.sha1), Link::to(Link::Kind::hash, f.sha1), true);
        row(QStringLiteral("SHA-256"), own(f.sha256), Link::to(Link::Kind::hash, f.sha256), true);
    }
    if (const auto attributes = case_file::attributes_of(f.attributes); !attributes.empty()) {
        heading(tr("Extended attributes"));
        for (const auto& [name, value] : attributes) row(plain(name), shown(value, k_longest_value).text, {}, true);
    }
    m_ticket = session->ask(
        Lane::slow, this,
        [f](CaseReader& reader) -> base::Result<Extra> {
            Extra extra;
            TRY_ASSIGN(const case_file::Files files, case_file::Files::open(reader.view()));
            extra.ref = files.ref_of(f);
            TRY_ASSIGN(const auto ids, case_file::findings_of(reader.view(), f.inode));
            for (const auto& id : ids) {
                report::FindingFilter filter;
                filter.id = id;
                filter.items = 0;
                TRY_ASSIGN(auto found, report::load_findings(reader.view(), reader.texts(), report::Redact::secrets, filter));
                for (auto& finding : found) extra.findings.push_back(std::move(finding));
            }
            TRY_ASSIGN(extra.facts, case_file::facts_of(reader.view(), f.inode, k_rows_a_table));
            return extra;
        },
        [this](base::Result<Extra> extra) {
            if (extra) add(*extra);
            else row(tr("Not read"), plain(extra.error().what));
        });
}

void FileDetails::add(const Extra& extra) {
    row(tr("Reference"), own(extra.ref), Link::to(Link::Kind::ref, extra.ref), true);
    if (!extra.findings.empty()) heading(tr("Findings about it"));
    for (const auto& finding : extra.findings) row(own(finding.rule), plain(finding.title), Link::to(Link::Kind::finding, finding.id));
    const plugin::TableDef* table = nullptr;
    for (const auto& fact : extra.facts) {
        if (fact.table != table) heading(table_meaning(*fact.table));
        else m_rows->insertSpacing(m_rows->count() - 1, 4);
        table = fact.table;
        for (std::size_t place = 0; place < fact.row.values.size(); ++place) {
            const auto& column = fact.table->columns[place];
            const auto value = text_of(fact.row.values[place]);
            if (!value) continue;
            const bool hidden = column.privacy == plugin::Privacy::secret;
            row(column_name(*fact.table, column.name), hidden ? tr("hidden: a secret") : shown(*value, k_longest_value).text, {}, column.type != plugin::ColumnType::integer && !hidden);
        }
    }
}

}  // namespace deadbox::gui
