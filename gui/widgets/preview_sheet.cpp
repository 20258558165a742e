#include "gui/widgets/preview_sheet.hpp"

#include <QGridLayout>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

#include "gui/models/evidence_text.hpp"
#include "gui/models/preview_table_model.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/table_view.hpp"

namespace deadbox::gui {
namespace {

constexpr int k_tables_height = 170, k_properties_height = 150, k_name_width = 190;

const QList<int> k_archive_widths{280, 80, 170, 80, 90, 100, 160, 90};
const QList<int> k_journal_widths{176, 150, 120, 70, 60, 420, 80, 300};

QString capital(QString text) {
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

}  // namespace

PreviewSheet::PreviewSheet(Frame& frame, QWidget* parent)
    : QWidget(parent), m_words(new PlainLabel({}, TextWeight::quiet)), m_count(new PlainLabel({}, TextWeight::quiet)), m_properties(new QScrollArea), m_tables(new PreviewTableModel(this)), m_rows(new PreviewTableModel(this)),
      m_tables_view(new TableView(QStringLiteral("preview-tables"), frame)), m_rows_view(new TableView(QStringLiteral("preview-rows"), frame)) {
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    m_words->setContentsMargins(12, 8, 12, 4);
    m_count->setContentsMargins(12, 4, 12, 4);
    m_properties->setWidgetResizable(true);
    m_properties->setFrameShape(QFrame::NoFrame);
    m_properties->setAccessibleName(tr("Properties"));
    m_tables_view->setModel(m_tables);
    m_tables_view->setAccessibleName(tr("Tables of the database"));
    m_tables_view->setMaximumHeight(k_tables_height);
    m_rows_view->setModel(m_rows);
    m_rows_view->setAccessibleName(tr("Contents"));
    all->addWidget(m_words);
    all->addWidget(m_properties);
    all->addWidget(m_tables_view);
    all->addWidget(m_count);
    all->addWidget(m_rows_view, 1);
    connect(m_tables_view, &TableView::currentRowChanged, this, [this](int row) {
        if (const auto* name = m_tables->cell(row, 0); name && std::holds_alternative<std::string>(*name)) show_table(std::get<std::string>(*name));
    });
    connect(m_rows, &PreviewTableModel::wanted, this, [this](qint64 after) {
        if (!m_run || m_run->is_busy()) return m_rows->ask_later();
        m_asked_rows = true;
        m_run->ask(m_part, after);
    });
    clear();
}

PreviewSheet::~PreviewSheet() = default;

QString PreviewSheet::said() const { return m_words->text(); }

void PreviewSheet::clear() {
    m_run.reset();
    m_tables->clear();
    m_rows->clear();
    m_part.clear();
    m_asked_rows = false;
    m_notes.clear();
    put_properties({});
    m_words->setText(tr("Nothing is chosen."));
    m_words->show();
    for (QWidget* part : {static_cast<QWidget*>(m_tables_view), static_cast<QWidget*>(m_rows_view), static_cast<QWidget*>(m_count)}) part->hide();
}

void PreviewSheet::show_file(preview::Kind kind, EvidenceBytes* bytes, std::vector<PreviewSource> sources, const TimeFormat& format) {
    clear();
    if (!bytes) return;
    m_kind = kind;
    m_tables->set_time_format(format);
    m_rows->set_time_format(format);
    m_words->setText(tr("Reading…"));
    m_run = std::make_unique<PreviewRun>(kind, bytes, std::move(sources));
    connect(m_run.get(), &PreviewRun::answered, this, &PreviewSheet::take);
    connect(m_run.get(), &PreviewRun::failed, this, [this](const QString& why) {
        m_rows->stop_asking();
        m_words->setText(capital(preview_word(why.toStdString())));
        m_words->show();
        put_count();
    });
    m_run->ask();
}

void PreviewSheet::show_table(const std::string& name) {
    if (!m_run || m_kind != preview::Kind::database || name == m_part) return;
    m_part = name;
    m_rows->clear();
    m_count->setText(tr("Reading…"));
    m_count->show();
    m_asked_rows = true;
    m_run->ask(m_part);
}

void PreviewSheet::take(const PreviewAnswer& answer) {
    say(answer.notes);
    if (m_kind == preview::Kind::database && !m_asked_rows) {
        put_properties(answer.properties);
        if (answer.tables.empty()) return;
        m_tables->set_table(answer.tables.front(), -1, PreviewTableModel::OwnWords::headings);
        m_tables_view->setVisible(m_tables->rowCount() > 0);
        m_tables_view->setUsualWidths({180, 80, 400});
        if (m_tables->rowCount() > 0) m_tables_view->selectRow(0);
        else m_count->setText(tr("The database has no tables.")), m_count->show();
        return;
    }
    if (!answer.properties.empty()) put_properties(answer.properties);
    if (answer.tables.empty()) return;
    const bool more = m_rows->columnCount() > 0 && m_rows->name() == answer.tables.front().name && m_rows->rowCount() > 0;
    if (more) m_rows->add_rows(answer.tables.front(), answer.after);
    else {
        // An archive's columns are not a journal's, and each table of a database has its own.
        m_rows_view->rememberAs(m_kind == preview::Kind::archive ? QStringLiteral("preview-archive") : m_kind == preview::Kind::journal ? QStringLiteral("preview-journal") : QString());
        m_rows->set_table(answer.tables.front(), answer.after, m_kind == preview::Kind::database ? PreviewTableModel::OwnWords::none : PreviewTableModel::OwnWords::all);
        if (m_kind == preview::Kind::archive) m_rows_view->setUsualWidths(k_archive_widths);
        if (m_kind == preview::Kind::journal) m_rows_view->setUsualWidths(k_journal_widths);
        if (m_kind == preview::Kind::database) m_rows_view->resizeColumnsToContents();
    }
    m_rows_view->setVisible(m_rows->rowCount() > 0 || m_kind == preview::Kind::database);
    put_count();
}

void PreviewSheet::put_count() {
    if (m_rows->columnCount() == 0) return;
    const auto rows = count_text(m_rows->rowCount());
    const auto name = m_kind == preview::Kind::database ? plain(m_rows->name()) : capital(preview_word(m_rows->name()));
    m_count->setText(m_rows->after() >= 0 ? tr("%1: the first %2; scroll down for more").arg(name, rows) : m_rows->rowCount() >= static_cast<int>(PreviewTableModel::k_most) ? tr("%1: the first %2; more are not shown").arg(name, rows) : tr("%1: %2").arg(name, rows));
    m_count->show();
}

void PreviewSheet::say(const std::vector<std::string>& notes) {
    for (const auto& note : notes) {
        // "words: number" has words of ours before the colon.
        const auto colon = note.rfind(": ");
        const auto words = colon == std::string::npos ? preview_word(note) : preview_word(std::string_view(note).substr(0, colon)) + plain(std::string_view(note).substr(colon));
        if (!m_notes.contains(words)) m_notes << words;
    }
    QStringList lines;
    for (const auto& note : m_notes) lines << capital(note) + QLatin1Char('.');
    m_words->setText(lines.join(QLatin1Char(' ')));
    m_words->setVisible(!lines.isEmpty());
}

void PreviewSheet::put_properties(const std::vector<PreviewProperty>& properties) {
    m_shown.clear();
    auto* sheet = new QWidget;
    auto* grid = new QGridLayout(sheet);
    grid->setContentsMargins(12, 8, 12, 8);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(3);
    grid->setColumnStretch(1, 1);
    int line = 0;
    std::string group;
    for (const auto& property : properties) {
        if (property.group != group && !property.group.empty()) grid->addWidget(make_heading(capital(preview_word(property.group)), sheet), line++, 0, 1, 2);
        group = property.group;
        auto* name = new PlainLabel(capital(preview_word(property.name)), TextWeight::quiet, sheet);
        name->setFixedWidth(k_name_width);
        name->setAlignment(Qt::AlignTop | Qt::AlignLeft);
        const auto text = preview_word(property.value);
        auto* value = new PlainLabel(text, TextWeight::mono, sheet);
        value->setAccessibleName(QStringLiteral("%1: %2").arg(name->text(), text));
        grid->addWidget(name, line, 0, Qt::AlignTop);
        grid->addWidget(value, line++, 1);
        m_shown << name->text() + QStringLiteral(": ") + text;
    }
    grid->setRowStretch(line, 1);
    m_properties->setWidget(sheet);
    m_properties->setVisible(!properties.empty());
    // Where rows follow, the properties keep to what they need; alone they have the room.
    const bool alone = m_kind == preview::Kind::media || m_kind == preview::Kind::elf;
    m_properties->setMaximumHeight(alone ? QWIDGETSIZE_MAX : k_properties_height);
    m_properties->setMinimumHeight(alone ? k_properties_height * 2 : std::min(k_properties_height, sheet->sizeHint().height()));
}

}  // namespace deadbox::gui
