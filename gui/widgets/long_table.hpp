// A table of very many rows of one height. Qt's own keeps a section of its vertical header for each row and goes through all of
// them whenever the model is reset: with 16 million rows the window stood still for most of a second and held 130 MB. Here a
// row's place is its number times the height. Rows cannot be hidden, moved or resized, and have no header; columns are Qt's.
// Scrolls by rows downwards and by pixels sideways.
#pragma once

#include <QTableView>

namespace deadbox::gui {

class LongTable : public QTableView {
    Q_OBJECT
public:
    explicit LongTable(QWidget* parent = nullptr);
    int rowPixels() const { return m_row_pixels; }
    void setRowPixels(int pixels);
    // Rows that stand on the screen, the last one perhaps in part; first > last where there are none.
    int firstVisibleRow() const;
    int lastVisibleRow() const;

    QRect visualRect(const QModelIndex& index) const override;
    void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;
    QModelIndex indexAt(const QPoint& point) const override;
    void reset() override;

protected:
    void dataChanged(const QModelIndex& first, const QModelIndex& last, const QList<int>& roles = {}) override;
    void rowsInserted(const QModelIndex& parent, int start, int end) override;
    void rowsAboutToBeRemoved(const QModelIndex& parent, int start, int end) override;
    void scrollContentsBy(int dx, int dy) override;
    void paintEvent(QPaintEvent* event) override;
    int verticalOffset() const override;
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    void setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags command) override;
    QRegion visualRegionForSelection(const QItemSelection& selection) const override;
    void updateGeometries() override;
    int sizeHintForColumn(int column) const override;
    bool isIndexHidden(const QModelIndex& index) const override;

private:
    int rows() const;
    int whole_rows() const;  // that fit on the screen, at least one
    void lay_out();
    QRect cell(int row, int column) const;
    int shown_column(int visual, int step) const;  // the nearest column that is not hidden, from a visual place on; -1: none

    int m_row_pixels = 24;
    bool m_laying_out = false;
};

}  // namespace deadbox::gui
