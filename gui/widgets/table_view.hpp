// The table that every page uses: rows of one height, J/K, copy as text and as JSON, the links' menu on a right click,
// a double click or Enter opens the row's link, columns chosen and ordered by their header and remembered.
#pragma once

#include <functional>

#include "gui/models/link.hpp"
#include "gui/widgets/long_table.hpp"

namespace deadbox::gui {

class Frame;

class TableView : public LongTable {
    Q_OBJECT
public:
    // `name`: under which its columns are remembered.
    TableView(const QString& name, Frame& frame, QWidget* parent = nullptr);
    void setModel(QAbstractItemModel* model) override;
    // Other columns stand in it from now on: under which name theirs are remembered; none: they are not.
    void rememberAs(const QString& name) { m_name = name; }
    // Widths where none are remembered, in pixels at 100 %, from the first column on.
    void setUsualWidths(const QList<int>& widths);
    // The row's own link (Enter, double click) and the cell's (menu).
    Link linkAt(const QModelIndex& index) const;
    Link currentLink() const;
    // Selected rows can be dragged out; `make` gives what is carried then.
    void setDragSource(std::function<QMimeData*()> make);
    QString selectedText() const;  // header and rows, separated by tabs
    QString selectedJson() const;  // one object a row, JSON Lines

Q_SIGNALS:
    void opened(const deadbox::gui::Link& link);
    void currentRowChanged(int row);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void startDrag(Qt::DropActions actions) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    void step(int rows);
    void chooseColumns(const QPoint& at);
    void remember() const;
    QString m_name;
    Frame& m_frame;
    std::function<QMimeData*()> m_drag;
};

}  // namespace deadbox::gui
