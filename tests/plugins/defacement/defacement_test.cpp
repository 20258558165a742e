#include "content/file_type.hpp"
#include "plugin/packed_files.hpp"
#include "support/case_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using namespace std::string_literals;
using test::CaseFixture;

namespace {

const std::string k_defaced = "<html><head><title>Hacked By NightWolf</title></head><body bgcolor=\"black\"><center><font color=\"red\" size=\"7\">Hacked By NightWolf</font><marquee>Greetz to all</marquee></center></body></html>";

void add(CaseFixture& fixture, const std::string& path, const std::string& bytes, std::int64_t modified = 1'700'000'000) {
    fixture.add_parsed("page", {.path = path, .bytes = bytes, .uid = 33, .modified = modified, .content_type = std::string(content::detect_type(base::as_bytes(bytes), bytes.size()))});
}

std::vector<std::string> found(CaseFixture& fixture) {
    std::vector<std::string> all;
    for (const auto& finding : fixture.detect("defacement")) all.push_back(finding.rule + " " + finding.subject + " " + std::to_string(finding.item_count));
    return all;
}

}  // namespace

class DefacementTest : public QObject {
    Q_OBJECT
private slots:
    void fires_in_sites() {
        CaseFixture fixture;
        add(fixture, "/var/www/html/index.html", k_defaced, 1'700'500'000);
        add(fixture, "/var/www/html/blog/index.php", k_defaced, 1'700'500'001);
        add(fixture, "/home/anna/public_html/index.html", k_defaced, 1'700'500'002);
        const auto findings = fixture.detect("defacement");
        QCOMPARE(findings.size(), std::size_t{2});
        QCOMPARE(findings[0].rule, "defacement/page"s);
        QCOMPARE(findings[0].subject, "/home/anna/public_html"s);
        QCOMPARE(findings[1].subject, "/var/www/html"s);
        QCOMPARE(findings[1].severity, 3);
        QCOMPARE(findings[1].item_count, std::int64_t{2});
        QCOMPARE(findings[1].first_s.value(), std::int64_t{1'700'500'000});
        QCOMPARE(findings[1].arguments["sites"].get<std::string>(), "2"s);
        QCOMPARE(findings[1].items[0].path, "/var/www/html/blog/index.php"s);
        QVERIFY(findings[1].items[0].excerpt.find("nightwolf") != std::string::npos);
    }

    void fires_on_a_dropped_text() {
        CaseFixture fixture;
        add(fixture, "/srv/www/shop/hacked.txt", "Hacked by Fox\n");
        QCOMPARE(found(fixture), std::vector<std::string>{"defacement/page /srv/www/shop 1"});
    }

    void follows_the_servers_configuration() {
        CaseFixture fixture;
        fixture.row("web_root", {std::string_view("/data/shop/pub"), std::string_view("nginx"), std::string_view("shop.example"), std::string_view("root"), std::string_view("/"), std::int64_t{0}, std::int64_t{1}, std::int64_t{7}});
        add(fixture, "/data/shop/pub/a/b/welcome.html", k_defaced);
        QCOMPARE(found(fixture), std::vector<std::string>{"defacement/page /data/shop/pub 1"});
    }

    // Without a word that claims anything: the same show as the first page of many sites; one such page is taste.
    void fires_on_one_page_in_many_sites() {
        const std::string show = "<html><head><title>Long live the Republic of Foo</title></head><body bgcolor=\"#000000\" oncontextmenu=\"return false\"><center><img src=flag.gif><font color=red size=6>Foo!</font>"
                                 "<marquee>we do not forget</marquee><audio autoplay src=anthem.mp3></audio></center></body></html>";
        CaseFixture fixture;
        add(fixture, "/home/a/public_html/index.html", show);
        QCOMPARE(found(fixture), std::vector<std::string>{});
        add(fixture, "/home/b/public_html/index.html", show);
        add(fixture, "/home/c/public_html/index.html", show);
        QCOMPARE(found(fixture).size(), std::size_t{3});
    }

    void names_strays() {
        CaseFixture fixture;
        add(fixture, "/home/anna/stuff/x.html", k_defaced);
        const auto findings = fixture.detect("defacement");
        QCOMPARE(findings.size(), std::size_t{1});
        QCOMPARE(findings[0].rule, "defacement/stray_page"s);
        QCOMPARE(findings[0].severity, 2);
    }

    void is_silent_about_news() {
        CaseFixture fixture;
        std::string body = "<!DOCTYPE html><html><head><title>Ministry hacked by Anonymous</title></head><body><nav><a href=/>Home</a></nav><article><h1>Ministry hacked by Anonymous</h1>";
        for (int i = 0; i < 8; ++i)
            body += "<p>The page showed the words \"hacked by\" and a name for an hour before it was taken down, and experts say that weak passwords and old software are the cause of most such cases in this country and elsewhere.</p>";
        add(fixture, "/var/www/html/news/index.html", body + "</article></body></html>");
        QCOMPARE(found(fixture), std::vector<std::string>{});
    }

    void is_silent_about_packages_and_programs() {
        CaseFixture fixture;
        add(fixture, "/usr/share/scanner/samples/defaced.html", k_defaced);
        add(fixture, "/var/www/html/packaged.html", k_defaced);
        std::string files;
        plugin::pack_file(files, "packaged.html", {});
        fixture.row("package_folder", {std::string_view("/var/www/html"), std::string_view("sample"), std::int64_t{1}, base::as_bytes(files)});
        QCOMPARE(found(fixture), std::vector<std::string>{});
    }
};

DEADBOX_TEST(DefacementTest)
#include "defacement_test.moc"
