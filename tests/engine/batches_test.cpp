// Batches on the children: what they say before its turn waits, and is written while they go on.
#include <QElapsedTimer>

#include <unistd.h>

#include <atomic>

#include "case/database.hpp"
#include "case/schema.hpp"
#include "case/writer.hpp"
#include "engine/batches.hpp"
#include "engine/machine.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::Rows;

namespace {

constexpr int k_links = 1500;  // of the large folder: with their targets, more than is written at once
constexpr int k_batches = 40;   // more than are prepared ahead

}  // namespace

class BatchesTest : public QObject {
    Q_OBJECT
private slots:
    // The first batch's answers wait while something is done beside; when they are written the child gets further orders.
    void orders_are_given_while_what_waited_is_written() {
        test::Machine machine;
        machine.add("/srv/many/file", "");
        for (int i = 0; i < k_links; ++i) machine.add_link("/srv/many/" + std::to_string(i), "/" + std::string(900, 'n'));
        machine.add("/srv/few/one", "");
        QVERIFY(machine.build());
        const auto many = folder_of(machine, "/srv/many"), few = folder_of(machine, "/srv/few");
        QVERIFY(many > 0 && few > 0);

        const auto database = case_file::Database::open(machine.path("batches.deadbox"), case_file::Access::write);
        QVERIFY(database && case_file::prepare_schema(*database) && case_file::prepare_topics(*database));
        case_file::Writer writer(*database);
        ipc::PoolOptions options;
        options.evidence = {machine.image()};
        const auto pool = ipc::Pool::start(std::move(options), 1);
        QVERIFY(pool);
        engine::Progress progress;
        engine::BatchRunner runner(**pool, writer, progress);

        std::atomic<int> given = 0;
        int made = 0, given_before = 0, answers = 0;
        bool writing_first = false;
        std::vector<std::string> written;
        engine::BatchRunner::Work work;
        work.next = [&]() -> base::Result<std::optional<engine::Batch>> {
            if (made == k_batches) return std::nullopt;
            engine::Batch batch;
            batch.wave = "walk", batch.unit = std::to_string(made), batch.files = 1;
            batch.order = [&given, folder = made == 0 ? many : few](std::uint64_t id, const engine::Skips&) {
                ++given;
                ipc::Encoder order(static_cast<std::uint8_t>(ipc::Order::walk));
                return order.put(id).put(case_file::inode_tree(folder)).put(case_file::inode_number(folder)).finish();
            };
            ++made;
            return batch;
        };
        // The child has a next order at hand: with a third one given, it has done the first.
        work.started = [&]() -> base::Result<void> {
            QElapsedTimer timer;
            timer.start();
            while (given < 3 && timer.elapsed() < 20'000) ::usleep(1000);
            return {};
        };
        work.begin = [&](const engine::Batch& batch) {
            written.push_back(batch.unit);
            if (batch.unit == "0") writing_first = true, given_before = given;
        };
        work.apply = [&](ipc::Message&) -> base::Result<void> {
            if (writing_first && ++answers > 0 && given == given_before) ::usleep(1000);  // a slow disk
            return {};
        };
        int given_meanwhile = 0;
        work.finish = [&](const engine::Batch& batch) -> base::Result<void> {
            if (batch.unit == "0") writing_first = false, given_meanwhile = given - given_before;
            return {};
        };
        QVERIFY(runner.run(work));
        QVERIFY(given_before >= 3);
        QVERIFY(answers > k_links);
        QVERIFY2(given_meanwhile > 0, "the child stood idle while what waited was written");
        QCOMPARE(given.load(), k_batches);
        std::vector<std::string> in_order;
        for (int i = 0; i < k_batches; ++i) in_order.push_back(std::to_string(i));
        QCOMPARE(written, in_order);
    }

    void frames_that_wait_come_back_as_they_were() {
        ipc::FrameQueue queue;
        std::string added, taken;
        const auto take = [&](int count) {
            for (int i = 0; i < count; ++i)
                if (const auto frame = queue.next()) taken += std::string(base::as_text(*frame)) + '\n';
        };
        const auto add = [&](int count, std::size_t size) {
            for (int i = 0; i < count; ++i) {
                const std::string frame(size + static_cast<std::size_t>(i % 7), static_cast<char>('a' + i % 26));
                queue.add(base::as_bytes(frame));
                added += frame + '\n';
            }
        };
        take(1);
        add(1000, 0), take(300);
        add(2000, 150), take(1500);
        add(1, 3u << 20), take(5);  // larger than a chunk
        add(3, 0);
        QVERIFY(queue.size() > 3u << 20);
        take(3000);
        QVERIFY(queue.size() == 0 && !queue.next());
        QVERIFY(taken == added);
        add(2, 10), take(2);
        QVERIFY(taken == added);
    }

private:
    // Row id of a folder, by an analysis of the machine.
    static std::int64_t folder_of(const test::Machine& machine, const std::string& path) {
        auto options = machine.options("whole.deadbox");
        options.scope = {"/etc/hostname"};
        if (::access(options.case_path.c_str(), F_OK) != 0) {
            engine::Progress progress;
            if (!engine::analyze(options, progress)) return 0;
        }
        const auto found = test::rows(options.case_path, "SELECT id FROM directory WHERE path = '" + path + "'");
        return found.size() == 1 ? std::stoll(found.front()) : 0;
    }
};

DEADBOX_TEST(BatchesTest)
#include "batches_test.moc"
