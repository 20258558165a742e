#include "gui/pages/notes_page.hpp"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

#include <array>

#include "case/edit.hpp"
#include "gui/widgets/empty_state.hpp"
#include "gui/widgets/message_bar.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/table_view.hpp"
#include "report/build.hpp"

namespace deadbox::gui {
namespace {

constexpr std::array<const char*, 3> k_kinds{"action", "decision", "communication"};
constexpr std::array<const char*, 5> k_levels{"", "compromised", "suspicious", "no_indication", "undetermined"};

constexpr std::array<const char*, 6> k_audiences{"", "management", "customers", "legal", "police", "cert"};

QString audience_text(std::string_view audience) {
    if (audience == "management") return NotesPage::tr("the management");
    if (audience == "customers") return NotesPage::tr("customers");
    if (audience == "legal") return NotesPage::tr("lawyers, data protection");
    if (audience == "police") return NotesPage::tr("the police");
    if (audience == "cert") return NotesPage::tr("a CERT");
    return audience.empty() ? NotesPage::tr("somebody else") : plain(audience);
}

// What a note begins with, where that is a thing of the case: "/etc/passwd: looked at".
Link thing_of(std::string_view text) {
    const auto colon = text.find(": ");
    if (colon == std::string_view::npos || !text.starts_with('/') || text.substr(0, colon).find('\n') != std::string_view::npos) return {};
    return Link::to(Link::Kind::path, text.substr(0, colon));
}

QString kind_text(std::string_view kind) {
    if (kind == "action") return NotesPage::tr("action");
    if (kind == "decision") return NotesPage::tr("decision");
    if (kind == "communication") return NotesPage::tr("communication");
    return plain(kind);
}

}  // namespace

NotesPage::NotesPage(Frame& frame, QWidget* parent)
    : Page(QStringLiteral("notes"), frame, parent),
      m_model(new ListModel({{tr("When"), {}, 176}, {tr("Kind"), {}, 120}, {tr("Who"), {}, 120}, {tr("Note"), {}, 320}, {tr("Told"), tr("Whom a communication reached"), 130}, {tr("Permitted by"), {}, 130}, {tr("About"), {}, 170}, {tr("Written"), tr("When it was written down, by the clock of the workstation"), 176}}, this)),
      m_table(new TableView(QStringLiteral("notes"), frame, this)), m_show(new QComboBox(this)), m_kind(new QComboBox(this)), m_level(new QComboBox(this)), m_audience(new QComboBox(this)), m_filter(new QLineEdit(this)), m_who(new QLineEdit(this)),
      m_permitted(new QLineEdit(this)), m_at(new QLineEdit(this)), m_text(new QPlainTextEdit(this)), m_conclusion(new QPlainTextEdit(this)), m_add(new QPushButton(tr("Write the note"), this)),
      m_save(new QPushButton(tr("Save the conclusion"), this)), m_about(new PlainLabel({}, TextWeight::quiet, this)) {
    auto* list = new QWidget(this);
    auto* left = new QVBoxLayout(list);
    left->setContentsMargins(0, 0, 0, 0);
    left->setSpacing(0);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(16, 12, 16, 8);
    m_show->addItems({tr("All notes"), tr("Actions"), tr("Decisions"), tr("Who was told")});
    m_show->setAccessibleName(tr("Which notes"));
    m_filter->setPlaceholderText(tr("Filter  /"));
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setClearButtonEnabled(true);
    top->addWidget(m_show);
    top->addWidget(m_filter, 1);
    left->addLayout(top);
    m_table->setModel(m_model);
    m_table->setSortingEnabled(false);
    m_table->setAccessibleName(tr("Notes"));
    left->addWidget(m_table, 1);

    auto* form = new QWidget(this);
    auto* right = new QVBoxLayout(form);
    right->setContentsMargins(20, 16, 20, 16);
    right->addWidget(make_heading(tr("A new note"), form));
    right->addWidget(m_about);
    m_text->setPlaceholderText(tr("What was done, decided or said"));
    m_text->setAccessibleName(tr("Text of the note"));
    m_text->setTabChangesFocus(true);
    m_text->setMinimumHeight(90);
    right->addWidget(m_text, 1);
    auto* fields = new QFormLayout;
    fields->setRowWrapPolicy(QFormLayout::WrapLongRows);
    for (const auto* kind : k_kinds) m_kind->addItem(kind_text(kind));
    m_who->setPlaceholderText(tr("you"));
    m_at->setPlaceholderText(tr("now"));
    fields->addRow(tr("Kind"), m_kind);
    for (const auto* audience : k_audiences) m_audience->addItem(audience_text(audience));
    m_audience->setAccessibleName(tr("Who was told"));
    fields->addRow(tr("Told"), m_audience);
    fields->setRowVisible(m_audience, false);
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this, fields] { fields->setRowVisible(m_audience, is_communication()); });
    fields->addRow(tr("Who"), m_who);
    fields->addRow(tr("When"), m_at);
    fields->addRow(tr("Permitted by"), m_permitted);
    right->addLayout(fields);
    right->addWidget(m_add, 0, Qt::AlignLeft);
    right->addSpacing(20);
    right->addWidget(make_heading(tr("The examiner's conclusion"), form));
    m_conclusion->setPlaceholderText(tr("Your own conclusion. It stands beside the computed verdict in every report."));
    m_conclusion->setAccessibleName(tr("Conclusion"));
    m_conclusion->setTabChangesFocus(true);
    m_conclusion->setMinimumHeight(90);
    right->addWidget(m_conclusion, 1);
    m_level->addItems({tr("no level"), tr("compromised"), tr("suspicious"), tr("no indication"), tr("undetermined")});
    m_level->setAccessibleName(tr("Level of the conclusion"));
    auto* save = new QHBoxLayout;
    save->addWidget(m_level);
    save->addWidget(m_save);
    save->addStretch();
    right->addLayout(save);

    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(list);
    splitter->addWidget(form);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({760, 420});
    setContents(splitter);
    m_empty = new EmptyState(m_table, tr("No notes yet. What you do with the evidence, what you decide and whom you tell belongs here."));
    connect(m_filter, &QLineEdit::textChanged, m_model, &ListModel::setFilter);
    connect(m_show, &QComboBox::currentIndexChanged, this, &NotesPage::showChoice);
    connect(m_add, &QPushButton::clicked, this, &NotesPage::write);
    connect(m_save, &QPushButton::clicked, this, &NotesPage::conclude);
    connect(m_table, &TableView::currentRowChanged, this, [this] { Q_EMIT selectionChanged(selection()); });
    connect(m_table, &TableView::opened, this, [this](const Link& link) { this->frame().go(link); });
    addPageAction(tr("New note"), QKeySequence(Qt::Key_N), [this] { m_text->setFocus(); });
    addPageAction(tr("Correct the chosen note"), QKeySequence(Qt::Key_E), [this] { correct(); });
    addPageAction(tr("Write the note"), QKeySequence(Qt::CTRL | Qt::Key_Return), [this] { write(); });
}

void NotesPage::caseChanged() {
    m_rows.clear();
    m_notes.clear();
    m_model->setRows({});
    m_finding.clear();
    m_corrects = 0;
    m_about->clear();
    for (auto* edit : {m_text, m_conclusion}) edit->clear();
    for (auto* edit : {m_who, m_permitted, m_at, m_filter}) edit->clear();
    messages().clear();
}

void NotesPage::refresh() {
    if (session() == nullptr) return;
    struct Journal {
        std::vector<report::NoteEntry> notes;
        std::string level, text;
    };
    session()->ask(Lane::slow, this, [](CaseReader& reader) -> base::Result<Journal> {
        Journal journal;
        TRY_ASSIGN(journal.notes, report::load_notes(reader.view()));
        TRY_ASSIGN(const auto conclusion, report::load_conclusion(reader.view()));
        if (conclusion) journal.level = conclusion->level, journal.text = conclusion->text;
        return journal;
    }, [this](base::Result<Journal> journal) {
        if (!journal) return messages().showError(tr("The notes cannot be read: %1").arg(own(journal.error().what)));
        m_rows.clear();
        const auto format = frame().time_format();
        for (auto note = journal->notes.rbegin(); note != journal->notes.rend(); ++note) {  // the newest first
            const auto at = base::from_rfc3339(note->at);
            const auto about = note->finding.empty() ? thing_of(note->text) : Link::to(Link::Kind::finding, note->finding, at);
            const auto written = base::from_rfc3339(note->written);
            const auto text = note->corrects ? tr("Corrects note %1: %2").arg(*note->corrects).arg(plain(note->text)) : plain(note->text);
            ListRow row;
            row.cells = {ListCell::words(at ? format.text(*at) : plain(note->at)), ListCell::words(kind_text(note->kind)), ListCell::words(plain(note->who)), ListCell::words(text),
                         ListCell::words(note->kind == "communication" ? audience_text(note->audience) : QString()), ListCell::words(plain(note->permitted_by)),
                         about.is_none() ? ListCell::words({}) : ListCell::bytes(view_of(about.value), about), ListCell::words(written ? format.text(*written) : plain(note->written))};
            if (at) row.cells[0].tip = format.exact(*at);
            row.number = note->number;
            row.link = !about.is_none() ? about : at ? Link::to_time(*at) : Link{};
            m_rows.push_back(std::move(row));
        }
        m_notes.assign(std::make_move_iterator(journal->notes.rbegin()), std::make_move_iterator(journal->notes.rend()));
        showChoice();
        if (!m_conclusion->document()->isModified()) {
            m_conclusion->setPlainText(plain(journal->text));
            m_conclusion->document()->setModified(false);
            const auto level = std::find(k_levels.begin(), k_levels.end(), journal->level);
            m_level->setCurrentIndex(level == k_levels.end() ? 0 : static_cast<int>(level - k_levels.begin()));
        }
    });
}

void NotesPage::showChoice() {
    std::vector<ListRow> rows;
    const auto which = m_show->currentIndex();
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        if (which == 0 || m_notes[i].kind == k_kinds[static_cast<std::size_t>(which - 1)]) rows.push_back(m_rows[i]);
    m_model->setRows(std::move(rows));
}

void NotesPage::write() {
    if (session() == nullptr) return;
    case_file::NewNote note;
    note.text = bytes_of(m_text->toPlainText().trimmed());
    if (note.text.empty()) return messages().showError(tr("The note is empty: write what was done, decided or said."));
    if (!m_at->text().trimmed().isEmpty()) {
        const auto at = frame().time_format().parse(m_at->text());
        if (!at) return messages().showError(tr("“%1” is no time. Write it like 2026-03-02 04:11.").arg(m_at->text()));
        note.at = base::to_rfc3339(*at);
    }
    note.kind = k_kinds[static_cast<std::size_t>(m_kind->currentIndex())];
    note.who = bytes_of(m_who->text().trimmed()), note.permitted_by = bytes_of(m_permitted->text().trimmed());
    note.finding = m_finding.toStdString();
    if (is_communication()) note.audience = k_audiences[static_cast<std::size_t>(m_audience->currentIndex())];
    note.corrects = m_corrects;
    m_add->setEnabled(false);
    session()->edit(this, [note](const std::string& path) { return case_file::write_note(path, note); }, [this](base::Result<void> done) {
        m_add->setEnabled(true);
        if (!done) return messages().showError(tr("The note was not written: %1").arg(own(done.error().what)));
        m_text->clear();
        m_at->clear();
        m_finding.clear();
        m_corrects = 0;
        m_about->clear();
        messages().clear();
        frame().say(tr("Written, and recorded in the custody log"));
        refresh();
        Q_EMIT written();
    });
}

bool NotesPage::is_communication() const { return std::string_view(k_kinds[static_cast<std::size_t>(m_kind->currentIndex())]) == "communication"; }

void NotesPage::correct() {
    const auto number = m_table->currentIndex().isValid() ? m_model->row(m_table->currentIndex().row()).number : 0;
    if (number == 0) return messages().showError(tr("Choose the note that is to be corrected first. It stays what it is: the correction is a note of its own."));
    // Of the same kind and to the same people; what is left empty stays as it was, too.
    m_corrects = number;
    m_finding.clear();
    if (const auto before = std::find_if(m_notes.begin(), m_notes.end(), [&](const auto& note) { return note.number == number; }); before != m_notes.end()) {
        const auto choose = [](QComboBox* box, const auto& list, const std::string& value) {
            if (const auto place = std::find(list.begin(), list.end(), value); place != list.end()) box->setCurrentIndex(static_cast<int>(place - list.begin()));
        };
        choose(m_kind, k_kinds, before->kind);
        choose(m_audience, k_audiences, before->audience);
    }
    m_about->setText(tr("Corrects note %1").arg(number));
    m_text->setFocus();
}

void NotesPage::conclude() {
    if (session() == nullptr) return;
    const auto level = std::string(k_levels[static_cast<std::size_t>(m_level->currentIndex())]), text = bytes_of(m_conclusion->toPlainText().trimmed());
    session()->edit(this, [level, text](const std::string& path) { return case_file::set_conclusion(path, level, text); }, [this](base::Result<void> done) {
        if (!done) return messages().showError(tr("The conclusion was not saved: %1").arg(own(done.error().what)));
        m_conclusion->document()->setModified(false);
        frame().say(tr("The conclusion is saved"));
    });
}

bool NotesPage::open(const Link& link) {
    m_finding = link.kind == Link::Kind::finding ? link.value : QByteArray();
    m_corrects = 0;
    const auto label = label_of(link);
    m_about->setText(tr("About the %1 %2").arg(name_of(link.kind), label));
    if (m_finding.isEmpty()) m_text->appendPlainText(label + QStringLiteral(": "));
    m_text->setFocus();
    return true;
}

QVariantMap NotesPage::place() const { return {{QStringLiteral("filter"), m_filter->text()}, {QStringLiteral("show"), m_show->currentIndex()}}; }
void NotesPage::restore(const QVariantMap& place) {
    m_filter->setText(place.value(QStringLiteral("filter")).toString());
    m_show->setCurrentIndex(place.value(QStringLiteral("show")).toInt());
}
Link NotesPage::selection() const { return m_table->currentLink(); }
void NotesPage::focusFilter() { m_filter->setFocus(); }
bool NotesPage::closeLast() {
    if (m_filter->text().isEmpty()) return false;
    m_filter->clear();
    return true;
}
QString NotesPage::selectedText() const { return m_table->selectedText(); }
QString NotesPage::selectedJson() const { return m_table->selectedJson(); }

}  // namespace deadbox::gui
