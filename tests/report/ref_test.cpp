#include "case/ref.hpp"

#include <set>

#include "case/view.hpp"
#include "case/view_files.hpp"
#include "support/case_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

class RefTest : public QObject {
    Q_OBJECT
private slots:
    void round_trip() {
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/srv/one";
        const auto inode = fixture.add(spec);
        spec.path = "/srv/\xff\n|two", spec.same_inode = inode;
        fixture.add(spec);
        spec.path = "/other/one";
        fixture.add(spec);

        const auto view = case_file::View::open(fixture.path());
        QVERIFY(view.has_value());
        auto files = case_file::Files::open(*view);
        QVERIFY(files.has_value());
        std::set<std::string> refs;
        int names = 0;
        const auto walked = files->below("/", true, [&](const case_file::FileDetail& file) {
            const std::string ref = files->ref_of(file);
            refs.insert(ref), ++names;
            const auto target = view->refs().resolve(view->database(), ref);
            if (!target) qWarning("%s: %s", ref.c_str(), target.error().what.c_str());
            if (!target || target->inode != file.inode || target->directory != file.directory || target->name != file.name) refs.clear();
            return base::Next::go_on;
        });
        QVERIFY(walked.has_value());
        QCOMPARE(names, 6);  // the root, two folders, three names
        QCOMPARE(refs.size(), std::size_t{6});
    }
    void what_is_no_ref() {
        test::CaseFixture fixture;
        const auto view = case_file::View::open(fixture.path());
        QVERIFY(view.has_value());
        const auto code = [&](std::string_view ref) { return view->refs().resolve(view->database(), ref).error().code; };
        QCOMPARE(code(""), base::Errc::usage);
        QCOMPARE(code("a-b-c-d-e"), base::Errc::usage);
        QCOMPARE(code("00000000-11111111-0-2-0"), base::Errc::not_found);
        const std::string root = view->refs().of_inode(2, 0);
        QVERIFY(view->refs().resolve(view->database(), root).has_value());
        QCOMPARE(code(root + "1"), base::Errc::not_found);          // another generation
        QCOMPARE(code(root + "-0123456789abcdef"), base::Errc::not_found);
        QCOMPARE(code(root + "-0123456789abcdef-1"), base::Errc::usage);
    }
    void two_volumes_alike() {
        test::CaseFixture fixture;
        fixture.sql("INSERT INTO volume SELECT 2, evidence, '1.2', scheme, type, partition_name, start, size, filesystem, label, uuid, clean, journal, system, mount_point FROM volume WHERE id = 1");
        fixture.sql("INSERT INTO tree(id, volume, state, system, mount_point) VALUES(1, 2, 0, 1, '/mnt')");
        const auto view = case_file::View::open(fixture.path());
        QVERIFY(view.has_value());
        QVERIFY(view->refs().of_inode(2, 0) != view->refs().of_inode((std::int64_t{1} << 44) + 2, 0));
    }
    void by_path() {
        test::CaseFixture fixture;
        test::FileSpec spec;
        spec.path = "/etc/passwd", spec.bytes = "root:x:0:0\n";
        fixture.add(spec);
        spec.allocated = false, spec.bytes = "old";
        fixture.add(spec);
        const auto view = case_file::View::open(fixture.path());
        auto files = case_file::Files::open(*view);
        QVERIFY(files.has_value());
        const auto found = files->at_path("/etc/passwd");
        QVERIFY(found.has_value());
        QCOMPARE(found->size(), std::size_t{2});
        QVERIFY(found->at(0).name_allocated && !found->at(1).name_allocated);
        QCOMPARE(found->at(0).path, std::string("/etc/passwd"));
        QCOMPARE(found->at(0).sha256.size(), std::size_t{64});
        QCOMPARE(files->at_path("/")->size(), std::size_t{1});
        QCOMPARE(files->at_path("/etc/")->size(), std::size_t{1});
        QCOMPARE(files->at_path("/etc")->at(0).name, std::string("etc"));
        QVERIFY(files->at_path("/nothing")->empty());
        QCOMPARE(files->at_path("etc").error().code, base::Errc::usage);
    }
};
DEADBOX_TEST(RefTest)
#include "ref_test.moc"
