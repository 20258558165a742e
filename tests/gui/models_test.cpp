// Every model of the window over a real case, under Qt's own tester; and the timeline's places against a plain walk.
#include <QAbstractItemModelTester>
#include <QTemporaryDir>

#include "case/view_facts.hpp"
#include "case/view_timeline_index.hpp"
#include "gui/demo_case.hpp"
#include "gui/models/fact_model.hpp"
#include "gui/models/finding_model.hpp"
#include "gui/models/list_model.hpp"
#include "gui/models/timeline_model.hpp"
#include "gui/widgets/events_dock.hpp"
#include "gui/window_fixture.hpp"
#include "report/findings.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

using Tester = QAbstractItemModelTester;

std::vector<case_file::TimelineKey> walk(const case_file::View& view) {
    std::vector<case_file::TimelineKey> keys;
    auto pages = case_file::TimelinePages::open(view, {});
    case_file::TimelineKey at{std::numeric_limits<std::int64_t>::min(), 0, -1, 0};
    const case_file::TimelineKey last{std::numeric_limits<std::int64_t>::max(), 0, 2, 0};
    while (at < last) {
        const auto more = pages->keys(at, last, 7, &at);
        keys.insert(keys.end(), more->begin(), more->end());
    }
    return keys;
}

}  // namespace

class ModelsTest : public QObject {
    Q_OBJECT
    std::unique_ptr<gui::CaseSession> m_session;

private Q_SLOTS:
    void initTestCase() {
        QVERIFY2(!test::demo_case().isEmpty(), "deadbox demo made no case");
        m_session = std::make_unique<gui::CaseSession>(test::demo_case());
    }
    void cleanupTestCase() { m_session.reset(); }

    void a_place_in_the_timeline_is_what_a_walk_finds() {
        const auto view = case_file::View::open(test::demo_case().toStdString());
        QVERIFY(view.has_value());
        const auto all = walk(*view);
        QVERIFY(all.size() > 50);
        QVERIFY(std::is_sorted(all.begin(), all.end()));
        auto index = case_file::TimelineIndex::open(*view, {});
        QVERIFY(index.has_value());
        QCOMPARE(index->rows(), static_cast<std::int64_t>(all.size()));
        // The same rows in the same order as the stream that exports are made of.
        auto stream = case_file::Timeline::open(*view, {});
        for (const auto& key : all) {
            const auto row = stream->next();
            QVERIFY(row.has_value() && *row != nullptr);
            QVERIFY((*row)->time == (base::Timestamp{key.s, static_cast<std::uint32_t>(key.ns)}));
            QCOMPARE((*row)->is_file, key.stream == 0);
        }
        for (std::size_t first = 0; first < all.size(); first += 37) {
            const auto page = index->page(static_cast<std::int64_t>(first), 5);
            QVERIFY(page.has_value());
            QCOMPARE(page->size(), std::min<std::size_t>(5, all.size() - first));
            for (std::size_t i = 0; i < page->size(); ++i) QVERIFY((*page)[i].key == all[first + i]);
            const auto at = index->row_at({all[first].s, static_cast<std::uint32_t>(all[first].ns)});
            QVERIFY(at.has_value());
            QVERIFY(static_cast<std::size_t>(*at) <= first && all[static_cast<std::size_t>(*at)].s == all[first].s && all[static_cast<std::size_t>(*at)].ns == all[first].ns);
        }
        QCOMPARE(*index->row_at({all.back().s + 1, 0}), index->rows());
    }

    void conditions_leave_what_they_say_data() {
        QTest::addColumn<int>("which");
        QTest::newRow("a text") << 0;
        QTest::newRow("a range inside an hour") << 1;
        QTest::newRow("events only") << 2;
        QTest::newRow("one file") << 3;
        QTest::newRow("a user that nothing has") << 4;
    }
    void conditions_leave_what_they_say() {
        QFETCH(int, which);
        const auto view = case_file::View::open(test::demo_case().toStdString());
        const auto all = walk(*view);
        const auto middle = all[all.size() / 2];
        case_file::TimelineQuery query;
        std::function<bool(const case_file::TimelineKey&)> wanted = [](const auto&) { return true; };
        if (which == 0) query.text = "SSH";
        if (which == 1) {
            query.from = base::Timestamp{middle.s, 0}, query.to = base::Timestamp{middle.s + 600, 0};
            wanted = [&](const auto& key) { return key.s >= middle.s && (key.s < middle.s + 600 || (key.s == middle.s + 600 && key.ns == 0)); };
        }
        if (which == 2) query.files = false, wanted = [](const auto& key) { return key.stream == 1; };
        if (which == 3) {
            std::int64_t inode = 0;
            for (const auto& key : all)
                if (key.stream == 0) inode = key.id;
            query.inode = inode;
            wanted = [inode](const auto& key) { return key.stream == 0 && key.id == inode; };
        }
        if (which == 4) query.user = "nobody has this name", wanted = [](const auto&) { return false; };
        auto index = case_file::TimelineIndex::open(*view, query);
        QVERIFY(index.has_value());
        for (auto more = index->advance(1000); more && *more;) more = index->advance(1000);
        const auto page = index->page(0, index->rows());
        QVERIFY(page.has_value());
        QCOMPARE(static_cast<std::int64_t>(page->size()), index->rows());
        if (which == 0) {
            QVERIFY(index->rows() > 0 && index->rows() < static_cast<std::int64_t>(all.size()));
            for (const auto& row : *page)
                if (!row.row.is_file) QVERIFY(QString::fromStdString(row.row.arguments + row.row.user + row.row.address + row.row.process).contains(QStringLiteral("ssh"), Qt::CaseInsensitive));
            return;
        }
        std::vector<case_file::TimelineKey> expected;
        std::copy_if(all.begin(), all.end(), std::back_inserter(expected), wanted);
        QCOMPARE(page->size(), expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) QVERIFY((*page)[i].key == expected[i]);
    }

    void timeline() {
        gui::TimelineModel model;
        Tester tester(&model, Tester::FailureReportingMode::QtTest);
        model.setQuery(m_session.get(), {});
        QVERIFY(test::wait_for([&] { return model.rowCount() > 0; }));
        const int row = model.rowCount() - 1;  // far from the first page
        (void)model.index(row, 0).data();
        QVERIFY(test::wait_for([&] { return model.line(row) != nullptr; }));
        QVERIFY(!model.index(row, gui::TimelineModel::k_time).data().toString().isEmpty());
        case_file::TimelineQuery query;
        query.text = "ssh";
        const int before = model.rowCount();
        model.setQuery(m_session.get(), query);
        QVERIFY(test::wait_for([&] { return model.rowCount() > 0 && model.rowCount() < before && !model.is_listing(); }));
    }

    void facts() {
        gui::FactModel model;
        Tester tester(&model, Tester::FailureReportingMode::QtTest);
        const auto* table = plugin::find_table("account");
        QVERIFY(table != nullptr);
        model.setTable(m_session.get(), table);
        QVERIFY(test::wait_for([&] { return model.rowCount() > 3; }));
        const int all = model.rowCount();
        (void)model.index(0, 0).data();
        QVERIFY(test::wait_for([&] { return model.row(0) != nullptr; }));
        model.sort(0, Qt::DescendingOrder);
        QTest::qWait(50);
        (void)model.index(0, 0).data();
        QVERIFY(test::wait_for([&] { (void)model.index(0, 0).data(); return model.row(0) != nullptr; }));
        model.setFilter(QStringLiteral("root"));
        QVERIFY(test::wait_for([&] { return model.rowCount() < all && model.rowCount() > 0; }));
        model.setFilter(QStringLiteral("nothing has this"));
        QVERIFY(test::wait_for([&] { return model.rowCount() == 0; }));
    }

    void findings() {
        gui::FindingModel model;
        Tester tester(&model, Tester::FailureReportingMode::QtTest);
        bool answered = false;
        m_session->ask(gui::Lane::slow, &model, [](gui::CaseReader& reader) { return report::load_findings(reader.view(), reader.texts(), report::Redact::secrets); }, [&](base::Result<std::vector<report::ReportFinding>> findings) {
            answered = true;
            if (findings) model.setFindings(std::move(*findings));
        });
        QVERIFY(test::wait_for([&] { return answered; }));
        const int all = model.shown_count();
        QVERIFY(all > 3);
        for (const auto grouping : {gui::Grouping::topic, gui::Grouping::phase, gui::Grouping::state, gui::Grouping::severity}) {
            model.setGrouping(grouping);
            QCOMPARE(model.shown_count(), all);
        }
        const auto id = model.findings().front().id;
        QCOMPARE(model.at(model.index_of(id))->id, id);
        model.setFilter(QString::fromStdString(id));
        QCOMPARE(model.shown_count(), 1);
    }

    void list() {
        gui::ListModel model({{QStringLiteral("a"), {}}, {QStringLiteral("b"), {}}});
        Tester tester(&model, Tester::FailureReportingMode::QtTest);
        std::vector<gui::ListRow> rows;
        for (int i = 0; i < 20; ++i) rows.push_back({{gui::ListCell::words(QStringLiteral("x%1").arg(i)), gui::ListCell::count(20 - i, QString::number(20 - i))}, {}});
        model.setRows(std::move(rows));
        model.sort(1, Qt::AscendingOrder);
        QCOMPARE(model.index(0, 1).data().toString(), QStringLiteral("1"));
        model.setFilter(QStringLiteral("x1"));
        QCOMPARE(model.rowCount(), 11);
        gui::LineModel lines;
        Tester lines_tester(&lines, Tester::FailureReportingMode::QtTest);
        lines.setLines(std::vector<report::TimelineLine>(3));
        QCOMPARE(lines.rowCount(), 3);
    }

    // A question whose receiver is gone, or that was cancelled, is not answered; a case that is none says so.
    void questions() {
        bool answered = false;
        {
            QObject gone;
            m_session->ask(gui::Lane::rows, &gone, [](gui::CaseReader&) -> base::Result<int> { return 1; }, [&](base::Result<int>) { answered = true; });
        }
        m_session->ask(gui::Lane::rows, this, [](gui::CaseReader&) -> base::Result<int> { return 1; }, [&](base::Result<int>) { answered = true; }).cancel();
        QTest::qWait(200);
        QVERIFY(!answered);
        QTemporaryDir folder;
        QFile file(folder.path() + QStringLiteral("/no.deadbox"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("this is no case");
        file.close();
        gui::CaseSession session(file.fileName());
        QString error;
        session.ask(gui::Lane::rows, this, [](gui::CaseReader&) -> base::Result<int> { return 1; }, [&](base::Result<int> answer) { error = answer ? QString() : QString::fromStdString(answer.error().what); });
        QVERIFY(test::wait_for([&] { return !error.isEmpty(); }));
    }
};

DEADBOX_TEST(ModelsTest)
#include "models_test.moc"
