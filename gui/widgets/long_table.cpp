#include "gui/widgets/long_table.hpp"

#include <QHeaderView>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>
#include <QStandardItemModel>

#include <algorithm>
#include <optional>

namespace deadbox::gui {
namespace {

// Knows no rows, whatever model the table gets: its own has none. QTableView asks for its selection.
class NoRows : public QHeaderView {
public:
    explicit NoRows(QWidget* parent) : QHeaderView(Qt::Vertical, parent) {
        QHeaderView::setModel(new QStandardItemModel(this));
        hide();
    }
    void setModel(QAbstractItemModel*) override {}
    void setSelectionModel(QItemSelectionModel* selection) override {
        if (selection != nullptr && selection->model() == model()) QHeaderView::setSelectionModel(selection);
    }
};

// A place far off the screen stays far off.
int pixels(std::int64_t place) { return static_cast<int>(std::clamp<std::int64_t>(place, -(1 << 30), 1 << 30)); }

}  // namespace

LongTable::LongTable(QWidget* parent) : QTableView(parent) {
    setVerticalHeader(new NoRows(this));
    setVerticalScrollMode(ScrollPerItem);
    setHorizontalScrollMode(ScrollPerPixel);
    setShowGrid(false);
    QTableView::updateGeometries();  // it alone hides the button in the corner
}

void LongTable::setRowPixels(int pixels) {
    m_row_pixels = std::max(pixels, 1);
    scheduleDelayedItemsLayout();
}

int LongTable::rows() const { return model() == nullptr ? 0 : model()->rowCount(rootIndex()); }
int LongTable::whole_rows() const { return std::max(1, viewport()->height() / m_row_pixels); }
int LongTable::firstVisibleRow() const { return verticalScrollBar()->value(); }
int LongTable::lastVisibleRow() const { return std::min(rows() - 1, firstVisibleRow() + (viewport()->height() - 1) / m_row_pixels); }

void LongTable::reset() {
    QTableView::reset();
    updateGeometries();
    viewport()->update();
}

// Qt's own leaves the drawing to a layout that it has scheduled, and forgets that one where its time came while the table was
// hidden: a page that is shown later kept the rows that were not there yet.
void LongTable::dataChanged(const QModelIndex& first, const QModelIndex& last, const QList<int>& roles) {
    QTableView::dataChanged(first, last, roles);
    viewport()->update();
}

void LongTable::rowsInserted(const QModelIndex& parent, int start, int end) {
    QTableView::rowsInserted(parent, start, end);
    updateGeometries();
    viewport()->update();
}

void LongTable::rowsAboutToBeRemoved(const QModelIndex& parent, int start, int end) {
    QTableView::rowsAboutToBeRemoved(parent, start, end);
    scheduleDelayedItemsLayout();  // when they are gone
}

QRect LongTable::cell(int row, int column) const {
    return {columnViewportPosition(column), pixels((std::int64_t{row} - firstVisibleRow()) * m_row_pixels), columnWidth(column), m_row_pixels};
}

QRect LongTable::visualRect(const QModelIndex& index) const { return index.isValid() && index.model() == model() && !isIndexHidden(index) ? cell(index.row(), index.column()) : QRect(); }

QModelIndex LongTable::indexAt(const QPoint& point) const {
    // Also above and below the screen: a selection may begin there.
    const auto down = point.y() >= 0 ? point.y() / m_row_pixels : (point.y() + 1) / m_row_pixels - 1;
    const auto row = std::int64_t{firstVisibleRow()} + down;
    const int column = columnAt(point.x());
    return row < 0 || row >= rows() || column < 0 ? QModelIndex() : model()->index(static_cast<int>(row), column, rootIndex());
}

void LongTable::scrollTo(const QModelIndex& index, ScrollHint hint) {
    const QRect rect = visualRect(index);
    if (!rect.isValid()) return;
    auto* across = horizontalScrollBar();
    if (rect.left() < 0 || rect.width() > viewport()->width()) across->setValue(across->value() + rect.left());
    else if (rect.right() >= viewport()->width()) across->setValue(across->value() + rect.right() - viewport()->width() + 1);
    auto* down = verticalScrollBar();
    const int row = index.row(), whole = whole_rows();
    if (hint == PositionAtTop || (hint == EnsureVisible && row < down->value())) down->setValue(row);
    else if (hint == PositionAtBottom || (hint == EnsureVisible && row >= down->value() + whole)) down->setValue(row - whole + 1);
    else if (hint == PositionAtCenter) down->setValue(row - whole / 2);
}

int LongTable::verticalOffset() const { return pixels(std::int64_t{firstVisibleRow()} * m_row_pixels); }

void LongTable::scrollContentsBy(int dx, int dy) {
    if (dx != 0) QTableView::scrollContentsBy(dx, 0);
    if (dy == 0) return;
    const auto moved = pixels(std::int64_t{dy} * m_row_pixels);
    if (std::abs(moved) >= viewport()->height()) viewport()->update();
    else viewport()->scroll(0, moved);
}

void LongTable::updateGeometries() {
    if (m_laying_out) return;  // a scroll bar that comes or goes asks for it again
    m_laying_out = true;
    QSize before;
    for (int pass = 0; pass < 3 && before != viewport()->size(); ++pass) {
        before = viewport()->size();
        lay_out();
    }
    m_laying_out = false;
    QAbstractItemView::updateGeometries();
}

void LongTable::lay_out() {
    auto* header = horizontalHeader();
    const int height = header->isHidden() ? 0 : std::clamp(header->sizeHint().height(), header->minimumHeight(), header->maximumHeight());
    setViewportMargins(0, height, 0, 0);
    const QRect inside = viewport()->geometry();
    header->setGeometry(inside.left(), inside.top() - height, inside.width(), height);
    if (header->isHidden()) QMetaObject::invokeMethod(header, "updateGeometries");
    // Without bars all might fit; a bar of one direction takes room from the other.
    const QSize most = maximumViewportSize();
    const bool fits = header->length() <= most.width() && std::int64_t{rows()} * m_row_pixels <= most.height();
    const QSize size = fits ? most : viewport()->size();
    const int whole = std::max(1, size.height() / m_row_pixels);
    verticalScrollBar()->setPageStep(whole);
    verticalScrollBar()->setRange(0, std::max(0, rows() - whole));
    horizontalScrollBar()->setPageStep(size.width());
    horizontalScrollBar()->setSingleStep(std::max(size.width() / (header->count() + 1), 2));
    horizontalScrollBar()->setRange(0, std::max(0, header->length() - size.width()));
}

int LongTable::shown_column(int visual, int step) const {
    const auto* header = horizontalHeader();
    for (; visual >= 0 && visual < header->count(); visual += step)
        if (const int column = header->logicalIndex(visual); !isColumnHidden(column)) return column;
    return -1;
}

QModelIndex LongTable::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) {
    const auto* header = horizontalHeader();
    const int last = rows() - 1;
    const int first_column = shown_column(0, 1), last_column = shown_column(header->count() - 1, -1);
    if (last < 0 || first_column < 0) return {};
    const auto current = currentIndex();
    if (!current.isValid()) return model()->index(0, first_column, rootIndex());
    std::int64_t row = current.row();
    int column = current.column();
    const bool far = (modifiers & Qt::ControlModifier) != 0;
    const auto beside = [&](int step) {
        const int next = shown_column(header->visualIndex(column) + step, step);
        return next < 0 ? std::optional<int>() : std::optional(next);
    };
    switch (isRightToLeft() && action == MoveLeft ? MoveRight : isRightToLeft() && action == MoveRight ? MoveLeft : action) {
        case MoveUp: --row; break;
        case MoveDown: ++row; break;
        case MovePageUp: row -= whole_rows(); break;
        case MovePageDown: row += whole_rows(); break;
        case MoveLeft: column = beside(-1).value_or(column); break;
        case MoveRight: column = beside(1).value_or(column); break;
        case MoveHome: column = first_column, row = far ? 0 : row; break;
        case MoveEnd: column = last_column, row = far ? last : row; break;
        case MoveNext:
            if (const auto next = beside(1)) column = *next;
            else column = first_column, row = row == last ? 0 : row + 1;
            break;
        case MovePrevious:
            if (const auto next = beside(-1)) column = *next;
            else column = last_column, row = row == 0 ? last : row - 1;
            break;
    }
    return model()->index(static_cast<int>(std::clamp<std::int64_t>(row, 0, last)), column, rootIndex());
}

void LongTable::setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags command) {
    const auto from = indexAt(rect.normalized().topLeft()), to = indexAt(rect.normalized().bottomRight());
    if (selectionModel() == nullptr || !from.isValid() || !to.isValid()) return;
    const int left = std::min(from.column(), to.column()), right = std::max(from.column(), to.column());
    selectionModel()->select(QItemSelection(model()->index(from.row(), left, rootIndex()), model()->index(to.row(), right, rootIndex())), command);
}

QRegion LongTable::visualRegionForSelection(const QItemSelection& selection) const {
    QRegion region;
    const int first = firstVisibleRow(), last = lastVisibleRow();
    for (const auto& range : selection) {
        const int top = std::max(range.top(), first), bottom = std::min(range.bottom(), last);
        if (top > bottom) continue;
        for (int column = range.left(); column <= range.right(); ++column)
            if (!isColumnHidden(column)) region += cell(top, column).united(cell(bottom, column));
    }
    return region & viewport()->rect();
}

int LongTable::sizeHintForColumn(int column) const {
    if (model() == nullptr) return -1;
    ensurePolished();
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    int width = 0;
    for (int row = firstVisibleRow(); row <= lastVisibleRow(); ++row) {
        const auto index = model()->index(row, column, rootIndex());
        width = std::max(width, itemDelegateForIndex(index)->sizeHint(option, index).width());
    }
    return width;
}

bool LongTable::isIndexHidden(const QModelIndex& index) const { return isColumnHidden(index.column()); }

void LongTable::paintEvent(QPaintEvent* event) {
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    QPainter painter(viewport());
    const auto* header = horizontalHeader();
    if (model() == nullptr || header->count() == 0) return;
    const auto current = currentIndex();
    const bool focus = hasFocus() || viewport()->hasFocus();
    const auto state = option.state;
    const QRect dirty = event->region().boundingRect();
    const int first = firstVisibleRow() + dirty.top() / m_row_pixels, last = std::min(lastVisibleRow(), firstVisibleRow() + dirty.bottom() / m_row_pixels);
    for (int row = first; row <= last; ++row)
        for (int visual = 0; visual < header->count(); ++visual) {
            const int column = header->logicalIndex(visual);
            option.rect = cell(row, column);
            if (isColumnHidden(column) || !event->region().intersects(option.rect)) continue;
            const auto index = model()->index(row, column, rootIndex());
            option.state = state;
            const bool enabled = (index.flags() & Qt::ItemIsEnabled) != 0;
            option.state.setFlag(QStyle::State_Enabled, enabled && (state & QStyle::State_Enabled) != 0);
            option.palette.setCurrentColorGroup(!enabled ? QPalette::Disabled : (state & QStyle::State_Active) != 0 ? QPalette::Normal : QPalette::Inactive);
            option.state.setFlag(QStyle::State_Selected, selectionModel() != nullptr && selectionModel()->isSelected(index));
            option.state.setFlag(QStyle::State_HasFocus, focus && index == current);
            style()->drawPrimitive(QStyle::PE_PanelItemViewRow, &option, &painter, this);
            itemDelegateForIndex(index)->paint(&painter, option, index);
        }
}

}  // namespace deadbox::gui
