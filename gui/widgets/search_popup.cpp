#include "gui/widgets/search_popup.hpp"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTimer>
#include <QVBoxLayout>

#include "case/view_search.hpp"
#include "gui/models/evidence_text.hpp"
#include "gui/models/table_words.hpp"
#include "gui/pages/page.hpp"
#include "gui/widgets/palettes.hpp"
#include "gui/widgets/plain_label.hpp"
#include "gui/widgets/severity.hpp"
#include "report/findings.hpp"
#include "report/visible.hpp"

namespace deadbox::gui {
namespace {

constexpr int k_width = 640, k_height = 440;
constexpr std::size_t k_most_answers = 8, k_most_facts = 24;  // hits of one kind
constexpr int k_action_role = Qt::UserRole + 1, k_link = Qt::UserRole;
constexpr QLatin1Char k_between('\t');  // what a hit is, and its text

// What hits are stands in a column of its own.
class HitDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& given, const QModelIndex& index) const override {
        constexpr int k_margin = 12, k_group = 170;  // the longest name of a table, in any language
        QStyleOptionViewItem option = given;
        initStyleOption(&option, index);
        const QString whole = option.text;
        const auto end = whole.indexOf(k_between);
        QStyle* style = option.widget != nullptr ? option.widget->style() : QApplication::style();
        style->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, option.widget);
        option.backgroundBrush = Qt::NoBrush;
        const bool selected = (option.state & QStyle::State_Selected) != 0;
        const QRect inside = option.rect.adjusted(k_margin, 0, -k_margin, 0);
        const auto part = [&](const QRect& rect, const QString& text, bool quiet) {
            option.rect = rect;
            option.text = text;
            if (!selected) option.palette.setColor(QPalette::Text, quiet ? colours().quiet : given.palette.color(QPalette::Text));
            style->drawControl(QStyle::CE_ItemViewItem, &option, painter, option.widget);
        };
        part(QRect(inside.left(), inside.top(), k_group, inside.height()), whole.left(end), true);
        part(inside.adjusted(k_group, 0, 0, 0), whole.mid(end + 1), false);
    }
};

// Of a fact.
QString name_of_hit(const case_file::SearchHit& hit) {
    const auto* table = plugin::find_table(hit.table);
    return table == nullptr ? words_of(hit.table) : table_name(*table);
}

struct Found {
    std::vector<report::ReportFinding> findings;
    std::vector<case_file::SearchHit> names, facts, actors;
};

bool has(const QString& text, const QString& part) { return text.contains(part, Qt::CaseInsensitive); }

base::Result<Found> look_up(const CaseReader& reader, const std::string& text) {
    Found found;
    report::FindingFilter filter;
    filter.items = 0;
    TRY_ASSIGN(auto findings, report::load_findings(reader.view(), reader.texts(), report::Redact::secrets, filter));
    const auto wanted = QString::fromStdString(text);
    for (auto& f : findings)
        if (found.findings.size() < k_most_answers && (has(plain(f.title), wanted) || has(plain(f.subject), wanted) || has(own(f.rule), wanted))) found.findings.push_back(std::move(f));
    TRY_ASSIGN(found.facts, case_file::find_facts(reader.view(), text, k_most_facts));
    TRY_ASSIGN(found.names, case_file::find_names(reader.view(), text, k_most_answers));
    TRY_ASSIGN(found.actors, case_file::find_actors(reader.view(), text, k_most_answers));
    return found;
}

}  // namespace

SearchPopup::SearchPopup(Frame& frame, QWidget* window)
    : QFrame(window), m_frame(frame), m_box(new QLineEdit(this)), m_list(new QListWidget(this)), m_hint(new PlainLabel({}, TextWeight::quiet, this)), m_pause(new QTimer(this)) {
    setObjectName(QStringLiteral("search_popup"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    m_box->setPlaceholderText(tr("Commands, findings, files, facts, users, addresses"));
    m_box->setAccessibleName(tr("Search everything"));
    m_box->setClearButtonEnabled(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAccessibleName(tr("Results"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setUniformItemSizes(true);
    m_list->setItemDelegate(new HitDelegate(m_list));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 12, 12, 12);
    layout->addWidget(m_box);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_hint);
    m_pause->setSingleShot(true);
    m_pause->setInterval(150);
    connect(m_pause, &QTimer::timeout, this, &SearchPopup::ask);
    connect(m_box, &QLineEdit::textChanged, this, &SearchPopup::search);
    connect(m_list, &QListWidget::itemActivated, this, &SearchPopup::run);
    connect(m_list, &QListWidget::itemClicked, this, &SearchPopup::run);
    m_box->installEventFilter(this);
    hide();
}

void SearchPopup::open(const QList<Command>& commands) {
    m_commands = commands;
    const QRect window = parentWidget()->rect();
    const int width = std::min(k_width, window.width() - 32);
    setGeometry((window.width() - width) / 2, 72, width, std::min(k_height, window.height() - 96));
    m_box->clear();
    search();
    show();
    raise();
    m_box->setFocus();
}

void SearchPopup::add(const QString& group, const QString& text, const Link& link, QAction* action) {
    auto* item = new QListWidgetItem(group + k_between + text, m_list);
    item->setData(Qt::AccessibleTextRole, QStringLiteral("%1: %2").arg(group, text));
    item->setFont(m_list->font());
    item->setData(k_link, QVariant::fromValue(link));
    item->setData(k_action_role, QVariant::fromValue(static_cast<QObject*>(action)));
    if (m_list->currentRow() < 0) m_list->setCurrentRow(0);
}

void SearchPopup::search() {
    m_ticket.cancel();
    m_list->clear();
    const auto text = m_box->text().trimmed();
    for (const auto& [action, own_name] : m_commands) {
        auto name = own_name;
        if (!action || !action->isEnabled() || !has(name, text)) continue;
        if (!action->shortcut().isEmpty()) name += QStringLiteral("   (%1)").arg(action->shortcut().toString(QKeySequence::NativeText));
        add(tr("command"), name, {}, action);
        if (m_list->count() >= 8 && !text.isEmpty()) break;
    }
    if (text.size() < 2) {
        m_hint->setText(tr("Two letters or more search the case too."));
        return;
    }
    add(tr("event"), tr("Records of the timeline with “%1”").arg(text), Link::to(Link::Kind::text, bytes_of(text)));
    m_hint->setText(tr("Searching…"));
    m_pause->start();
}

void SearchPopup::ask() {
    if (m_frame.session() == nullptr) return;
    m_ticket.cancel();
    m_ticket = m_frame.session()->ask(Lane::slow, this, [text = bytes_of(m_box->text().trimmed())](CaseReader& reader) { return look_up(reader, text); }, [this](base::Result<Found> found) {
        if (!found) return m_hint->setText(own(found.error().what));
        for (const auto& f : found->findings) {
            add(tr("finding"), plain(f.title), Link::to(Link::Kind::finding, f.id, f.first_seen));
            m_list->item(m_list->count() - 1)->setIcon(severity_pixmap(f.severity, 12, devicePixelRatioF()));
        }
        for (const auto& hit : found->names) add(tr("file"), plain(hit.text), Link::to_file(hit.text, hit.id));
        for (const auto& hit : found->actors) {
            const bool address = hit.kind == case_file::SearchHit::Kind::address;
            add(address ? tr("address") : tr("user"), plain(hit.text), Link::to(address ? Link::Kind::address : Link::Kind::account, hit.text));
        }
        for (const auto& hit : found->facts) add(name_of_hit(hit), plain(hit.text), Link{Link::Kind::fact, QByteArray::fromStdString(hit.table), hit.id, {}});
        m_hint->setText(m_list->count() == 0 ? tr("Nothing in findings, files, facts, users and addresses has this text.") : tr("Enter opens, Esc closes."));
    });
}

void SearchPopup::run() {
    const auto* item = m_list->currentItem();
    if (item == nullptr) return;
    const auto link = item->data(k_link).value<Link>();
    const QPointer<QAction> action = qobject_cast<QAction*>(item->data(k_action_role).value<QObject*>());
    hide();
    if (action) action->trigger();
    else m_frame.go(link);
}

bool SearchPopup::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_box) return QFrame::eventFilter(watched, event);
    if (event->type() == QEvent::FocusOut && !isAncestorOf(focusWidget())) hide();
    if (event->type() != QEvent::KeyPress) return QFrame::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    const int rows = m_list->count();
    switch (key->key()) {
        case Qt::Key_Down: m_list->setCurrentRow(std::min(m_list->currentRow() + 1, rows - 1)); return true;
        case Qt::Key_Up: m_list->setCurrentRow(std::max(m_list->currentRow() - 1, 0)); return true;
        case Qt::Key_Return:
        case Qt::Key_Enter: run(); return true;
        case Qt::Key_Escape: hide(); return true;
        default: return false;
    }
}

}  // namespace deadbox::gui
