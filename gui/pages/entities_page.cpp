#include "gui/pages/entities_page.hpp"

#include <QGridLayout>
#include <QLabel>
#include <QHeaderView>
#include <QLineEdit>
#include <QListWidget>
#include <QScrollArea>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

#include "case/view_related.hpp"
#include "gui/models/table_words.hpp"
#include "gui/widgets/cell_delegate.hpp"
#include "gui/widgets/empty_state.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/palettes.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/severity.hpp"
#include "gui/widgets/table_view.hpp"
#include "report/findings.hpp"

namespace deadbox::gui {

EntitiesPage::EntitiesPage(Frame& frame, QWidget* parent)
    : Page(QStringLiteral("entities"), frame, parent), m_model(new FactModel(this)), m_tables(new QListWidget(this)), m_table(new TableView(QStringLiteral("facts"), frame, this)),
      m_filter(new QLineEdit(this)), m_meaning(new PlainLabel({}, TextWeight::normal, this)), m_count(new PlainLabel({}, TextWeight::quiet, this)), m_card(new QScrollArea(this)) {
    m_tables->setAccessibleName(tr("Tables"));
    m_tables->setFrameShape(QFrame::NoFrame);
    m_tables->setItemDelegate(new RoomyDelegate(m_tables));
    m_tables->setMinimumWidth(180);
    auto* right = new QWidget(this);
    auto* layout = new QVBoxLayout(right);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(16, 12, 16, 8);
    top->setSpacing(12);
    m_filter->setPlaceholderText(tr("Filter  /"));
    m_filter->setAccessibleName(tr("Filter the rows"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setFixedWidth(240);
    m_count->setWordWrap(false);
    top->addWidget(m_meaning, 1);
    top->addWidget(m_count);
    top->addWidget(m_filter);
    layout->addLayout(top);
    auto* vertical = new QSplitter(Qt::Vertical, right);
    m_table->setModel(m_model);
    m_table->setSortingEnabled(true);
    m_table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    m_table->setAccessibleName(tr("Rows"));
    m_card->setWidgetResizable(true);
    m_card->setFrameShape(QFrame::NoFrame);
    m_card->setAccessibleName(tr("The row"));
    vertical->addWidget(m_table);
    vertical->addWidget(m_card);
    vertical->setStretchFactor(0, 3);
    vertical->setStretchFactor(1, 2);
    vertical->setSizes({420, 260});
    layout->addWidget(vertical, 1);
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_tables);
    splitter->addWidget(right);
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({220, 900});
    setContents(splitter);
    m_empty = new EmptyState(m_table, tr("Choose a table on the left."));

    connect(m_tables, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
        if (item != nullptr) show_table(item->data(Qt::UserRole).toString().toStdString());
    });
    connect(m_filter, &QLineEdit::textChanged, m_model, &FactModel::setFilter);
    connect(m_model, &FactModel::loaded, this, [this] {
        m_count->setText(tr("%1 rows").arg(count_text(m_model->rowCount())));
        m_empty->setText(m_filter->text().isEmpty() ? tr("The evidence has none of these.") : tr("No row has this text."));
        if (m_wanted_id != 0) selectRow(m_model->place_of(std::exchange(m_wanted_id, 0)));
        else if (m_wanted_row >= 0) selectRow(std::exchange(m_wanted_row, -1));
        showCard();
    });
    connect(m_model, &PagedModel::failed, this, [this](const QString& what) { messages().showError(tr("The table cannot be read: %1").arg(what)); });
    connect(m_model, &PagedModel::pageLoaded, this, &EntitiesPage::showCard);
    connect(m_table, &TableView::currentRowChanged, this, [this] {
        showCard();
        Q_EMIT selectionChanged(selection());
    });
    connect(m_table, &TableView::opened, this, [this](const Link& link) {
        if (link.kind != Link::Kind::fact) this->frame().go(link);
    });
}

void EntitiesPage::caseChanged() {
    {
        const QSignalBlocker quiet(m_tables);
        m_tables->clear();
    }
    m_model->setTable(nullptr, nullptr);
    m_meaning->clear();
    m_count->clear();
    messages().clear();
    m_wanted_table.clear();
    showCard();
}

void EntitiesPage::refresh() {
    if (session() == nullptr) return;
    session()->ask(Lane::slow, this, [](CaseReader& reader) { return case_file::fact_tables(reader.view()); }, [this](base::Result<std::vector<case_file::FactTable>> tables) {
        if (!tables) return messages().showError(tr("The tables cannot be read: %1").arg(own(tables.error().what)));
        const std::string kept = !m_wanted_table.empty() ? m_wanted_table : m_model->table() != nullptr ? std::string(m_model->table()->name) : std::string();
        {
            const QSignalBlocker quiet(m_tables);
            m_tables->clear();
            for (const auto& table : *tables) {
                if (table.rows == 0 && table.definition->name != kept) continue;
                auto* item = new QListWidgetItem(QStringLiteral("%1  (%2)").arg(table_name(*table.definition), count_text(table.rows)), m_tables);
                item->setData(Qt::UserRole, own(table.definition->name));
                item->setToolTip(table_meaning(*table.definition));
                item->setSizeHint(QSize(0, 28));
            }
        }
        if (m_tables->count() == 0) return m_empty->setText(tr("No topic has read anything yet."));
        if (m_model->table() != nullptr && kept == m_model->table()->name) {
            if (const auto* row = m_model->row(m_table->currentIndex().row()); row != nullptr && m_wanted_id == 0) m_wanted_id = row->id;
            m_model->reload();
        }
        show_table(kept.empty() ? m_tables->item(0)->data(Qt::UserRole).toString().toStdString() : kept);
    });
}

void EntitiesPage::show_table(const std::string& name) {
    const auto* table = plugin::find_table(name);
    if (table == nullptr) return;
    m_wanted_table.clear();
    {
        const QSignalBlocker quiet(m_tables);
        for (int i = 0; i < m_tables->count(); ++i)
            if (m_tables->item(i)->data(Qt::UserRole).toString().toStdString() == name) m_tables->setCurrentRow(i);
    }
    if (m_model->table() == table) return;
    m_meaning->setText(table_meaning(*table));
    m_count->clear();
    {
        const QSignalBlocker quiet(m_filter);
        m_filter->clear();
    }
    m_model->setTimeFormat(frame().time_format());
    m_model->setTable(session(), table);
    m_table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    auto* header = m_table->horizontalHeader();
    for (int i = 0; i < m_model->columnCount(); ++i) m_table->setColumnWidth(i, std::max(m_model->columns()[static_cast<std::size_t>(i)].width, header->sectionSizeHint(i)));
}

void EntitiesPage::zoneChanged() {
    m_model->setTimeFormat(frame().time_format());
    showCard();
}

void EntitiesPage::selectRow(std::int64_t row) {
    if (row < 0 || row >= m_model->rowCount()) return;
    const auto index = m_model->index(static_cast<int>(row), 0);
    m_table->setCurrentIndex(index);
    m_table->scrollTo(index, QAbstractItemView::PositionAtCenter);
}

void EntitiesPage::showCard() {
    m_asking.cancel();
    auto* contents = new QWidget;
    auto* parts = new QHBoxLayout(contents);
    parts->setContentsMargins(16, 12, 16, 16);
    parts->setSpacing(32);
    auto* grid = new QGridLayout;
    auto* beside = new QVBoxLayout;
    beside->setSpacing(4);
    parts->addLayout(grid, 3);
    parts->addLayout(beside, 2);
    m_related = beside;
    grid->setHorizontalSpacing(20);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(1, 1);
    const auto* row = m_model->row(m_table->currentIndex().row());
    int line = 0;
    if (row == nullptr || m_model->table() == nullptr) {
        grid->addWidget(new PlainLabel(tr("Select a row: everything known about it stands here, and each value leads on."), TextWeight::quiet, contents), line++, 0, 1, 2);
    } else {
        for (int column = 0; column < m_model->columnCount(); ++column) {
            const auto text = m_model->value(*row, column, Qt::DisplayRole).toString();
            if (text.isEmpty()) continue;
            auto* name = new PlainLabel(m_model->columns()[static_cast<std::size_t>(column)].title, TextWeight::quiet, contents);
            name->setWordWrap(false);
            name->setToolTip(m_model->columns()[static_cast<std::size_t>(column)].tip);
            const auto link = m_model->value(*row, column, k_link_role).value<Link>();
            auto* value = new PlainLabel(text, link.is_none() ? TextWeight::normal : TextWeight::mono, contents);
            if (!link.is_none() && link.kind != Link::Kind::text) {
                value->setClickable(true);
                connect(value, &PlainLabel::activated, this, [this, link] { frame().go(link); });
            }
            if (!link.is_none()) {
                value->setContextMenuPolicy(Qt::CustomContextMenu);
                connect(value, &QWidget::customContextMenuRequested, this, [this, link, value](const QPoint& at) { frame().open_menu(link, value->mapToGlobal(at)); });
            }
            grid->addWidget(name, line, 0, Qt::AlignTop);
            grid->addWidget(value, line++, 1);
        }
    }
    grid->setRowStretch(line, 1);
    beside->addStretch(1);
    m_card->setWidget(contents);
    if (row != nullptr && m_model->table() != nullptr) askRelated(*row);
}

struct EntitiesPage::Known {
    std::vector<report::ReportFinding> findings;
    std::vector<case_file::RelatedRows> rows;
    std::vector<Link> things;  // the row's own: what the timeline can be asked for
};

void EntitiesPage::askRelated(const case_file::FactRow& row) {
    const auto* table = m_model->table();
    Known known;
    std::vector<std::string> values;
    for (std::size_t column = 0; column < row.values.size() && column < table->columns.size(); ++column) {
        if (table->columns[column].privacy == plugin::Privacy::secret) continue;
        const auto link = link_of(table->columns[column].name, row.values[column]);
        if (link.kind != Link::Kind::account && link.kind != Link::Kind::address && link.kind != Link::Kind::path && link.kind != Link::Kind::hash) continue;
        if (link.kind == Link::Kind::account || link.kind == Link::Kind::address) known.things.push_back(link);
        values.push_back(link.value.toStdString());
    }
    if (!row.path.empty()) known.things.push_back(Link::to_file(row.path, row.inode.value_or(0)));
    m_asking = session()->ask(
        Lane::slow, this,
        [table, row, values = std::move(values), known = std::move(known)](CaseReader& reader) mutable -> base::Result<Known> {
            TRY_ASSIGN(auto related, case_file::related_to(reader.view(), *table, row, values));
            known.rows = std::move(related.rows);
            for (const auto& id : related.findings) {
                report::FindingFilter filter;
                filter.id = id, filter.items = 0;
                TRY_ASSIGN(auto found, report::load_findings(reader.view(), reader.texts(), report::Redact::secrets, filter));
                for (auto& finding : found) known.findings.push_back(std::move(finding));
            }
            return known;
        },
        [this](base::Result<Known> answer) {
            if (answer) addRelated(*answer);
        });
}

void EntitiesPage::addRelated(const Known& known) {
    if (!m_related) return;
    const auto put = [&](QWidget* widget) { m_related->insertWidget(m_related->count() - 1, widget); };
    const auto lead = [&](const QString& text, const Link& link, const QString& page) {
        auto* label = new PlainLabel(text);
        label->setClickable(true);
        connect(label, &PlainLabel::activated, this, [this, link, page] { frame().go(link, page); });
        return label;
    };
    if (!known.findings.empty()) put(make_heading(tr("Findings about it")));
    for (const auto& finding : known.findings) {
        auto* line = new QWidget;
        auto* cells = new QHBoxLayout(line);
        cells->setContentsMargins(0, 0, 0, 0);
        auto* sign = new QLabel;
        sign->setPixmap(severity_pixmap(finding.severity, 14, devicePixelRatioF()));
        cells->addWidget(sign, 0, Qt::AlignTop);
        cells->addWidget(lead(plain(finding.title), Link::to(Link::Kind::finding, finding.id, finding.first_seen), {}), 1);
        put(line);
    }
    if (!known.rows.empty()) put(make_heading(tr("Also in")));
    for (const auto& rows : known.rows) {
        const auto text = tr("%1, %2: %n row(s) with %3", nullptr, static_cast<int>(std::min<std::int64_t>(rows.count, 1'000'000))).arg(table_name(*rows.table), column_name(*rows.table, rows.column), plain(rows.value));
        put(lead(text, Link{Link::Kind::fact, QByteArray(rows.table->name.data(), static_cast<qsizetype>(rows.table->name.size())), rows.first, {}}, QStringLiteral("entities")));
    }
    if (!known.things.empty()) put(make_heading(tr("In the timeline")));
    for (const auto& thing : known.things) put(lead(tr("What the %1 %2 did, or what was done with it").arg(name_of(thing.kind), label_of(thing)), thing, QStringLiteral("timeline")));
}

bool EntitiesPage::open(const Link& link) {
    if (link.kind == Link::Kind::fact) {
        const auto name = link.value.toStdString();
        m_wanted_id = link.inode;
        if (m_model->table() != nullptr && m_model->table()->name == name) {
            m_filter->clear();
            if (m_wanted_id != 0) selectRow(m_model->place_of(std::exchange(m_wanted_id, 0)));
        } else {
            m_wanted_table = name;
            show_table(name);
            m_wanted_table = name;
        }
        return true;
    }
    if (link.kind == Link::Kind::account && plugin::find_table("account") != nullptr) show_table("account");
    m_filter->setText(label_of(link));
    return true;
}

QVariantMap EntitiesPage::place() const {
    return {{QStringLiteral("table"), m_model->table() == nullptr ? QString() : own(m_model->table()->name)}, {QStringLiteral("filter"), m_filter->text()}, {QStringLiteral("row"), m_table->currentIndex().row()}};
}
void EntitiesPage::restore(const QVariantMap& place) {
    const auto name = place.value(QStringLiteral("table")).toString().toStdString();
    const bool same = m_model->table() != nullptr && m_model->table()->name == name && m_filter->text() == place.value(QStringLiteral("filter")).toString();
    if (same) return selectRow(place.value(QStringLiteral("row"), -1).toInt());
    m_wanted_row = place.value(QStringLiteral("row"), -1).toInt();
    show_table(name);
    m_filter->setText(place.value(QStringLiteral("filter")).toString());
}
Link EntitiesPage::selection() const { return m_table->linkAt(m_table->currentIndex()); }
void EntitiesPage::focusFilter() { m_filter->setFocus(); }
bool EntitiesPage::closeLast() {
    if (m_filter->text().isEmpty()) return false;
    m_filter->clear();
    m_table->setFocus();
    return true;
}
QString EntitiesPage::selectedText() const { return m_table->selectedText(); }
QString EntitiesPage::selectedJson() const { return m_table->selectedJson(); }

}  // namespace deadbox::gui
