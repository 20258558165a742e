#include "gui/widgets/table_view.hpp"

#include <QContextMenuEvent>
#include <QDrag>
#include <QHeaderView>
#include <QJsonDocument>
#include <QJsonObject>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QSettings>

#include <algorithm>
#include <set>

#include "gui/models/list_model.hpp"
#include "gui/pages/page.hpp"
#include "gui/widgets/cell_delegate.hpp"

namespace deadbox::gui {
namespace {

constexpr int k_most_copied = 100'000;  // rows

std::vector<int> selected_rows(const QTableView& view) {
    std::set<int> rows;
    for (const auto& range : view.selectionModel()->selection())
        for (int row = range.top(); row <= range.bottom() && static_cast<int>(rows.size()) < k_most_copied; ++row) rows.insert(row);
    return {rows.begin(), rows.end()};
}

QString cell_text(const QModelIndex& index) {
    const auto evidence = index.data(k_evidence_role);
    return evidence.isValid() ? evidence.value<EvidenceText>().text : index.data(Qt::DisplayRole).toString();
}

}  // namespace

TableView::TableView(const QString& name, Frame& frame, QWidget* parent) : LongTable(parent), m_name(name), m_frame(frame) {
    setObjectName(name);
    setItemDelegate(new CellDelegate(this));
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setWordWrap(false);
    setAlternatingRowColors(false);
    setFrameShape(QFrame::NoFrame);
    setTabKeyNavigation(false);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setRowPixels(row_height(fontMetrics()));
    auto* header = horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsMovable(true);
    header->setStretchLastSection(true);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QWidget::customContextMenuRequested, this, &TableView::chooseColumns);
    connect(header, &QHeaderView::sectionMoved, this, &TableView::remember);
    connect(header, &QHeaderView::sectionResized, this, &TableView::remember);
    connect(this, &QAbstractItemView::doubleClicked, this, [this](const QModelIndex& index) { Q_EMIT opened(linkAt(index.siblingAtColumn(0))); });
}

void TableView::setModel(QAbstractItemModel* model) {
    LongTable::setModel(model);
    const QSignalBlocker quiet(horizontalHeader());
    const auto* paged = qobject_cast<PagedModel*>(model);
    const auto* list = qobject_cast<ListModel*>(model);
    if (paged != nullptr || list != nullptr) {
        const auto& columns = paged != nullptr ? paged->columns() : list->columns();
        for (std::size_t i = 0; i < columns.size(); ++i) setColumnWidth(static_cast<int>(i), columns[i].width);
    }
    const auto kept = QSettings().value(QStringLiteral("columns/") + m_name).toByteArray();
    if (!kept.isEmpty()) horizontalHeader()->restoreState(kept);
    horizontalHeader()->setStretchLastSection(true);
}

void TableView::setUsualWidths(const QList<int>& widths) {
    const auto kept = QSettings().value(QStringLiteral("columns/") + m_name).toByteArray();
    const QSignalBlocker quiet(horizontalHeader());
    for (int column = 0; column < widths.size(); ++column) setColumnWidth(column, widths[column]);
    if (!kept.isEmpty()) horizontalHeader()->restoreState(kept);
}

void TableView::remember() const {
    if (!m_name.isEmpty()) QSettings().setValue(QStringLiteral("columns/") + m_name, horizontalHeader()->saveState());
}

void TableView::chooseColumns(const QPoint& at) {
    QMenu menu(this);
    for (int i = 0; i < model()->columnCount(); ++i) {
        auto* action = menu.addAction(model()->headerData(i, Qt::Horizontal).toString());
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(i));
        connect(action, &QAction::toggled, this, [this, i](bool on) {
            setColumnHidden(i, !on);
            remember();
        });
    }
    menu.exec(horizontalHeader()->mapToGlobal(at));
}

Link TableView::linkAt(const QModelIndex& index) const {
    const auto cell = index.data(k_link_role).value<Link>();
    return cell.is_none() ? index.data(k_row_link_role).value<Link>() : cell;
}

Link TableView::currentLink() const { return currentIndex().data(k_row_link_role).value<Link>(); }

void TableView::step(int rows) {
    if (model() == nullptr || model()->rowCount() == 0) return;
    const int row = std::clamp(currentIndex().isValid() ? currentIndex().row() + rows : 0, 0, model()->rowCount() - 1);
    setCurrentIndex(model()->index(row, std::max(0, currentIndex().column())));
}

void TableView::keyPressEvent(QKeyEvent* event) {
    if (event->modifiers() == Qt::NoModifier) {
        if (event->key() == Qt::Key_J) return step(1);
        if (event->key() == Qt::Key_K) return step(-1);
        if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentIndex().isValid()) {
            Q_EMIT opened(linkAt(currentIndex().siblingAtColumn(0)));
            return;
        }
        // A letter is a shortcut here, never a search of 10 million rows.
        if (!event->text().isEmpty() && event->text().at(0).isLetterOrNumber()) return event->ignore();
    }
    if (event->matches(QKeySequence::Copy)) return event->ignore();  // the window copies, as text or as JSON
    LongTable::keyPressEvent(event);
}

void TableView::contextMenuEvent(QContextMenuEvent* event) {
    const auto index = event->reason() == QContextMenuEvent::Keyboard ? currentIndex() : indexAt(event->pos());
    if (!index.isValid()) return;
    const auto link = linkAt(index);
    const QPoint at = event->reason() == QContextMenuEvent::Keyboard ? viewport()->mapToGlobal(visualRect(index).bottomLeft()) : event->globalPos();
    if (!link.is_none()) m_frame.open_menu(link, at);
}

void TableView::setDragSource(std::function<QMimeData*()> make) {
    m_drag = std::move(make);
    setDragEnabled(m_drag != nullptr);
    setDragDropMode(m_drag ? QAbstractItemView::DragOnly : QAbstractItemView::NoDragDrop);
}

void TableView::startDrag(Qt::DropActions) {
    auto* data = m_drag ? m_drag() : nullptr;
    if (!data) return;
    auto* drag = new QDrag(this);  // Qt deletes it
    drag->setMimeData(data);
    drag->exec(Qt::CopyAction);
}

void TableView::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    LongTable::currentChanged(current, previous);
    if (current.row() != previous.row()) Q_EMIT currentRowChanged(current.row());
}

QString TableView::selectedText() const {
    QString text;
    const auto line = [&](auto cell) {
        bool first = true;
        for (int visual = 0; visual < model()->columnCount(); ++visual) {
            const int column = horizontalHeader()->logicalIndex(visual);
            if (isColumnHidden(column)) continue;
            if (!first) text += QLatin1Char('\t');
            first = false;
            text += cell(column);
        }
        text += QLatin1Char('\n');
    };
    line([&](int column) { return model()->headerData(column, Qt::Horizontal).toString(); });
    for (const int row : selected_rows(*this)) line([&](int column) { return cell_text(model()->index(row, column)); });
    return text;
}

QString TableView::selectedJson() const {
    QString text;
    for (const int row : selected_rows(*this)) {
        QJsonObject object;
        for (int column = 0; column < model()->columnCount(); ++column) object.insert(model()->headerData(column, Qt::Horizontal).toString(), cell_text(model()->index(row, column)));
        text += QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)) + QLatin1Char('\n');
    }
    return text;
}

}  // namespace deadbox::gui
