// The table of very many rows against Qt's own: the same keys and clicks lead to the same place and selection.
#include <QAbstractTableModel>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QScrollBar>
#include <QSignalSpy>

#include <random>

#include "gui/widgets/long_table.hpp"
#include "gui/window_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

constexpr int k_height = 24;

class Numbers : public QAbstractTableModel {
public:
    explicit Numbers(int rows) : m_rows(rows) {}
    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : m_rows; }
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : 4; }
    QVariant data(const QModelIndex& index, int role) const override { return role == Qt::DisplayRole ? QVariant(QStringLiteral("%1/%2").arg(index.row()).arg(index.column())) : QVariant(); }
    void grow(int by) {
        beginInsertRows({}, m_rows, m_rows + by - 1);
        m_rows += by;
        endInsertRows();
    }
    void shrink(int by) {
        beginRemoveRows({}, m_rows - by, m_rows - 1);
        m_rows -= by;
        endRemoveRows();
    }
    void say_anew(int first, int last) { Q_EMIT dataChanged(index(first, 0), index(last, 3)); }
    void become(int rows) {
        beginResetModel();
        m_rows = rows;
        endResetModel();
    }

private:
    int m_rows;
};

// How often a widget is drawn.
class Painted : public QObject {
public:
    explicit Painted(QWidget& widget) { widget.installEventFilter(this); }
    int times() const { return m_times; }
    bool eventFilter(QObject*, QEvent* event) override {
        m_times += event->type() == QEvent::Paint;
        return false;
    }

private:
    int m_times = 0;
};

void dress(QTableView& view, QAbstractItemModel& model) {
    view.setSelectionBehavior(QAbstractItemView::SelectRows);
    view.setSelectionMode(QAbstractItemView::ExtendedSelection);
    view.setShowGrid(false);
    view.setTabKeyNavigation(false);
    view.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view.verticalHeader()->setMinimumSectionSize(k_height);
    view.verticalHeader()->setDefaultSectionSize(k_height);
    view.verticalHeader()->hide();
    view.setModel(&model);
    view.setColumnHidden(1, true);
    view.horizontalHeader()->moveSection(3, 0);
    view.resize(360, 400);
    view.show();
}

QString selected(const QTableView& view) {
    QStringList rows;
    for (const auto& index : view.selectionModel()->selectedRows()) rows << QString::number(index.row());
    std::sort(rows.begin(), rows.end());
    return rows.join(QLatin1Char(' '));
}

}  // namespace

class LongTableTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    // The reason why it is there: rows cost nothing, however many and however often.
    void rows_cost_nothing() {
        Numbers model(60'000'000);
        gui::LongTable view;
        dress(view, model);
        QElapsedTimer clock;
        clock.start();
        for (int i = 0; i < 20; ++i) model.become(60'000'000 + i), model.grow(1000);
        QVERIFY2(clock.elapsed() < 2000, qPrintable(QString::number(clock.elapsed())));
        QCOMPARE(view.verticalHeader()->count(), 0);
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum());
        QCOMPARE(view.lastVisibleRow(), model.rowCount() - 1);
        const auto last = model.index(model.rowCount() - 1, 0);
        QVERIFY(view.viewport()->rect().contains(view.visualRect(last)));
        QCOMPARE(view.indexAt(view.visualRect(last).center()), last);
        QVERIFY(!view.viewport()->rect().intersects(view.visualRect(model.index(0, 0))));
        QTest::keyClick(&view, Qt::Key_A, Qt::ControlModifier);  // and all of them are one range
        QCOMPARE(view.selectionModel()->selection().size(), 1);
    }

    void it_goes_where_qts_table_goes() {
        Numbers one(500), other(500);
        QTableView usual;
        gui::LongTable view;
        dress(usual, one);
        dress(view, other);
        const auto compare = [&](const QString& doing) {
            const auto a = usual.currentIndex(), b = view.currentIndex();
            QVERIFY2(a.row() == b.row() && a.column() == b.column(), qPrintable(QStringLiteral("%1: %2/%3 against %4/%5").arg(doing).arg(b.row()).arg(b.column()).arg(a.row()).arg(a.column())));
            QVERIFY2(selected(usual) == selected(view), qPrintable(doing + QStringLiteral(": ") + selected(view) + QStringLiteral(" against ") + selected(usual)));
            if (a.isValid()) QVERIFY2(view.viewport()->rect().intersects(view.visualRect(b)), qPrintable(doing));
        };
        const Qt::Key keys[] = {Qt::Key_Down, Qt::Key_Up, Qt::Key_Home, Qt::Key_End, Qt::Key_Left, Qt::Key_Right};
        std::mt19937 random(11);
        for (int i = 0; i < 400; ++i) {
            const auto key = keys[random() % std::size(keys)];
            auto modifiers = Qt::KeyboardModifiers(random() % 3 == 0 ? Qt::ShiftModifier : Qt::NoModifier);
            if (random() % 5 == 0) modifiers |= Qt::ControlModifier;
            for (QTableView* table : {&usual, static_cast<QTableView*>(&view)}) QTest::keyClick(table, key, modifiers);
            compare(QStringLiteral("step %1, key %2 with %3").arg(i).arg(key, 0, 16).arg(modifiers.toInt(), 0, 16));
            if (QTest::currentTestFailed()) return;
        }
    }

    void pages_and_clicks() {
        Numbers model(1000);
        gui::LongTable view;
        dress(view, model);
        const int page = view.viewport()->height() / k_height;
        view.setCurrentIndex(model.index(0, 0));
        QTest::keyClick(&view, Qt::Key_PageDown);
        QCOMPARE(view.currentIndex().row(), page);
        QVERIFY(view.viewport()->rect().contains(view.visualRect(view.currentIndex()).center()));
        QTest::keyClick(&view, Qt::Key_PageUp);
        QCOMPARE(view.currentIndex().row(), 0);
        const auto click = [&](int row, Qt::KeyboardModifiers modifiers) { QTest::mouseClick(view.viewport(), Qt::LeftButton, modifiers, view.visualRect(model.index(row, 0)).center()); };
        click(3, Qt::NoModifier);
        click(7, Qt::ShiftModifier);
        QCOMPARE(selected(view), QStringLiteral("3 4 5 6 7"));
        click(5, Qt::ControlModifier);
        QCOMPARE(selected(view), QStringLiteral("3 4 6 7"));
        view.setSelectionMode(QAbstractItemView::MultiSelection);  // as with Ctrl held down
        view.selectRow(8);
        QCOMPARE(selected(view), QStringLiteral("3 4 6 7 8"));
        view.setSelectionMode(QAbstractItemView::ExtendedSelection);
        // A stretch from far above the screen.
        click(3, Qt::NoModifier);
        view.verticalScrollBar()->setValue(600);
        click(605, Qt::ShiftModifier);
        QCOMPARE(view.selectionModel()->selectedRows().size(), 603);
        QTest::mouseClick(view.viewport(), Qt::LeftButton, Qt::NoModifier, QPoint(20, 2 * k_height + 5));
        QCOMPARE(selected(view), QStringLiteral("602"));
        for (const auto hint : {QAbstractItemView::PositionAtTop, QAbstractItemView::PositionAtCenter, QAbstractItemView::PositionAtBottom}) {
            view.scrollTo(model.index(300, 0), hint);
            const int y = view.visualRect(model.index(300, 0)).center().y(), height = view.viewport()->height();
            QVERIFY(hint == QAbstractItemView::PositionAtTop ? y < k_height : hint == QAbstractItemView::PositionAtBottom ? y > height - 2 * k_height && y < height : std::abs(y - height / 2) <= k_height);
        }
    }

    void a_wide_column_can_be_reached() {
        Numbers model(1000);
        gui::LongTable view;
        dress(view, model);
        view.horizontalHeader()->setStretchLastSection(true);
        QVERIFY(!view.horizontalScrollBar()->isVisible() || view.horizontalScrollBar()->maximum() > 0);
        view.setColumnWidth(2, 900);
        QTRY_VERIFY(view.horizontalScrollBar()->isVisible());
        view.setCurrentIndex(model.index(0, 2));
        QCOMPARE(view.visualRect(model.index(0, 2)).left(), 0);  // wider than the screen: its beginning
        view.horizontalScrollBar()->setValue(view.horizontalScrollBar()->maximum());
        const int end = view.columnViewportPosition(view.horizontalHeader()->logicalIndex(3)) + view.columnWidth(view.horizontalHeader()->logicalIndex(3));
        QCOMPARE(end, view.viewport()->width());
        view.resizeColumnToContents(2);
        QVERIFY(view.columnWidth(2) < 200 && view.columnWidth(2) > 20);
    }

    void rows_come_and_go() {
        Numbers model(5);
        gui::LongTable view;
        dress(view, model);
        QCOMPARE(view.verticalScrollBar()->maximum(), 0);
        QCOMPARE(view.lastVisibleRow(), 4);
        QVERIFY(!view.indexAt(QPoint(20, 5 * k_height + 1)).isValid());
        model.grow(200);
        QVERIFY(view.verticalScrollBar()->maximum() > 150);
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum());
        QCOMPARE(view.lastVisibleRow(), 204);
        model.shrink(200);
        QTRY_COMPARE(view.verticalScrollBar()->maximum(), 0);
        QCOMPARE(view.firstVisibleRow(), 0);
        model.become(0);
        QVERIFY(view.lastVisibleRow() < view.firstVisibleRow());
        QTest::keyClick(&view, Qt::Key_Down);
        QVERIFY(!view.currentIndex().isValid());
        view.setModel(nullptr);
        QTest::keyClick(&view, Qt::Key_Down);
        view.repaint();
    }

    // Laid out while it is hidden, as the tables of pages that nobody has looked at yet.
    void rows_that_arrive_are_drawn() {
        Numbers numbers(1000);
        QWidget window;
        window.resize(400, 300);
        gui::LongTable table(&window);
        table.resize(400, 300);
        table.setModel(&numbers);
        table.hide();
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        table.setRowPixels(k_height);
        QTest::qWait(50);  // the time of the layout comes and goes
        table.show();
        QTest::qWait(50);
        Painted painted(*table.viewport());
        numbers.say_anew(0, 127);
        QTRY_VERIFY(painted.times() > 0);
    }

    void what_is_selected_looks_so() {
        Numbers model(100);
        gui::LongTable view;
        dress(view, model);
        view.clearFocus();
        view.selectRow(2);
        const QImage image = view.viewport()->grab().toImage();
        const auto ratio = image.devicePixelRatio();
        const auto colour = [&](int row) { return image.pixelColor((QPointF(view.viewport()->width() - 60.0, row * k_height + 3.0) * ratio).toPoint()); };
        QVERIFY(colour(2) != colour(1));
        QCOMPARE(colour(1), colour(3));
        // Only the columns that are shown, in the order in which they are shown.
        QVERIFY(!view.visualRect(model.index(0, 1)).isValid());
        QVERIFY(view.visualRect(model.index(0, 3)).left() < view.visualRect(model.index(0, 0)).left());
    }
};

DEADBOX_TEST(LongTableTest)
#include "long_table_test.moc"
