#include "content/file_type.hpp"
#include "defacement/claim.hpp"
#include "plugin/parser.hpp"
#include "support/memory_file.hpp"
#include "support/recording_sink.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using namespace deadbox::plugins;
using namespace std::string_literals;

namespace {

int score_of(const std::string& bytes) {
    test::MemoryFile file("/x", bytes);
    file.record().content_type = content::detect_type(file.head(), bytes.size());
    test::RecordingSink sink;
    const auto* parser = plugin::find_parser("page");
    if (parser == nullptr || !parser->parse(file, {}, sink)) qFatal("the parser failed");
    const auto rows = sink.rows.find("page_mark");
    return rows == sink.rows.end() ? 0 : std::stoi(rows->second.at(0).at("score").as_text());
}

std::string words(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += i % 12 == 11 ? "words. " : "plain ";
    return text;
}

}  // namespace

class PageTest : public QObject {
    Q_OBJECT
private slots:
    void knows_defaced_pages_data() {
        QTest::addColumn<QString>("page");
        const auto row = [](const char* name, const char* page) { QTest::newRow(name) << QString::fromUtf8(page); };
        row("classic", "<html><head><title>Hacked By NightWolf</title></head><body bgcolor=\"black\"><center><img src=\"x.png\"><br><font color=\"red\" size=\"7\">Hacked By NightWolf</font><br>"
                       "<marquee>Greetz to: all friends</marquee></center></body></html>");
        row("leet", "<html><title>0wn3d</title><body style='background:black;color:lime'><h1>H4ck3d By Cyb3r T34m</h1></body></html>");
        row("split tags", "<body bgcolor=black><h1>H<b>ac</b>ked</h1><h1>Hacked <span>by</span> <font color=red>Ghost</font></h1><p>Your security is low, admin</p>");
        row("bare", "<h1>Hacked by xyz</h1>");
        row("entities", "<h1>&#72;&#97;&#99;&#107;&#101;&#100; &#98;&#121; xyz</h1>");
        row("signs", "<title>[!] Hacked-By: ./root [!]</title><center>~ Hacked By ./root ~</center>");
        row("Turkish", "<html><body bgcolor=#000><center><font size=6 color=red>Bu site Kara tarafından hacklenmiştir</font><br>Selamlar</center></body></html>");
        row("Arabic", "<html><body style=\"background-color:#000\"><center><h1>تم اختراق الموقع من قبل ذئب</h1></center></body></html>");
        row("Indonesian", "<html><head><title>Diretas oleh Kang</title></head><body><center><h1>Diretas oleh Kang</h1><br>security low bro, patch your site</center></body></html>");
        row("Portuguese", "<html><body bgcolor=\"#000000\"><center><h1>Hackeado por Fenix</h1></center></body></html>");
        row("Russian", "<html><head><title>Сайт взломан</title></head><body bgcolor=black><h1>САЙТ ВЗЛОМАН</h1></body></html>");
        row("Chinese", "<html><head><title>已被黑</title></head><body bgcolor=black><center><h1>已被黑 by X</h1></center></body></html>");
        row("German", "<html><head><title>Gehackt von Igel</title></head><body><h1>Diese Seite wurde gehackt von Igel</h1></body></html>");
        row("mirror", "<html><body><center><h2>Site owned by Crew</h2>greetz to all crew members <a href='http://zone-h.org/archive'>mirror</a> your security is low <marquee>we are crew</marquee></center></body></html>");
        row("written by script", "<html><body bgcolor=black><script>document.write(unescape('%3Ch1%3E%48%61%63%6B%65%64%20%42%79%20%58%3C%2Fh1%3E'));</script><marquee>hi</marquee></body></html>");
        row("typing script", "<html><body style=\"background:#000;color:lime\"><script>var lines=[\"Hacked by TheMole\",\"your security is low\"];typewriter(lines);</script></body></html>");
        row("php", "<?php echo \"<title>Hacked by Zed</title><body bgcolor=black><h1>Hacked by Zed</h1>\"; ?>");
        row("lone word", "<html><head><title>HACKED!</title></head><body bgcolor=black><center><font color=red size=7>HACKED</font><br><img src=skull.gif><marquee>expect us</marquee></center></body></html>");
        row("plain text", "Hacked by Fox\n");
        row("words of a style", "<html><head><style>body:before{content:\"HACKED BY FOX - no security\";font-size:90px}</style></head><body></body></html>");
        row("a program that only writes", "<?php\nhttp_response_code(200);\necho \"<h1>Owned by Fox</h1><p>All your base are belong to us. Admin, patch your server! Greetz to all</p>\"; exit;\n");
        row("letters apart", "<html><body><h1>Garden club</h1><p>Spring news</p><div style=\"background:#000;color:red\"><h1>h a c k e d   b y   F o x y</h1></div></body></html>");
        row("letters with dots between", "<html><body bgcolor=black><h1>H.A.C.K.E.D by Foxy</h1></body></html>");
        row("one word of trade", "<html><head><title>Hacked by Wolf</title></head><body bgcolor=black><center><h1>Hacked by Wolf</h1>Your prices are as bad as your security, dear admin<br>greetz to all</center></body></html>");
        row("ransom", "<html><title>Hacked by Fox</title><body bgcolor=black><h1>Hacked by Fox</h1><p>your security is low, admin. the price is 300 USD</p></body></html>");
        row("manifesto", "<html><head><title>Hacked by Storm</title></head><body bgcolor=black text=red><center><h1>Hacked by Storm</h1><audio autoplay src=a.mp3></audio><p>We came because you did not listen to the people who live here "
                         "and who asked you again and again to stop what you do to them, and now the whole world shall read it on this page of yours.</p>Greetz : Rain, Wind</center></body></html>");
    }
    void knows_defaced_pages() {
        QFETCH(QString, page);
        const int score = score_of(page.toStdString());
        QVERIFY2(score >= 60, qPrintable(QString::number(score)));
    }

    void knows_innocent_pages_data() {
        QTest::addColumn<QString>("page");
        const auto row = [](const char* name, const std::string& page) { QTest::newRow(name) << QString::fromStdString(page); };
        row("news", "<!DOCTYPE html><html><head><title>City website hacked by DarkTeam</title></head><body><nav><a href=/>Home</a></nav><article><h1>City website hacked by DarkTeam</h1>"
                    "<p>On Monday the front page of the city showed the words \"Hacked by DarkTeam\" for three hours before the administrators could take it down and bring the old page back from a backup of the night before.</p>"
                    "<blockquote>Hacked by DarkTeam</blockquote><p>" + words(120) + "</p></article></body></html>");
        row("short news", "<html><head><title>Hacked by Anonymous: what we learned</title></head><body><h1>Hacked by Anonymous: what we learned</h1><p>Last week our page was replaced by strangers, and here is what we have learned "
                          "about passwords, updates and backups since then, in the hope that it helps others who run a small site.</p></body></html>");
        row("headline first", "<html><head><title>Hacked by teenagers</title></head><body><h2>Hacked by teenagers</h2><p>" + words(90) + "</p><p>" + words(60) + "</p></body></html>");
        row("security blog", "<html><head><title>Blog</title></head><body><h1>How to clean a defaced site</h1><p>" + words(400) + "</p><pre>&lt;title&gt;Hacked by X&lt;/title&gt;</pre><h3>Hacked by whom?</h3><p>" + words(200) + "</p></body></html>");
        row("list of headlines", "<html><body><ul><li><a href=/1>Bank hacked by insiders</a><li><a href=/2>Hacked by a fridge</a><li><a href=/3>Ten tips</a></ul><p>" + words(350) + "</p></body></html>");
        row("owner's notice", "<html><head><title>Maintenance</title></head><body><h1>We are back soon</h1><p>Our website was hacked. We are restoring it.</p></body></html>");
        row("default page", "<html><head><title>Apache2 Debian Default Page: It works</title></head><body><h1>It works!</h1></body></html>");
        row("nothing to see", "<?php\n// Silence is golden.\n");
        row("asset page", "<html><body><table><tr><td>Owned by</td><td>Finance</td></tr></table></body></html>");
        row("program", "<?php\n$m = array('hacked' => \"This site may have been hacked.\");\nfunction f() { return 'Hacked by'; }\n" + words(300));
        row("hackathon", "<html><head><title>Hackathon 2024</title></head><body><h1>Hacked by students, loved by all</h1><p>" + words(80) + "</p></body></html>");
        row("icons and quotation marks", "<html><head><title>Shop</title><style>.a:before{content:\"\\f0a1\"} q:before{content:'\\201C'} .owner:after{content:\"owned by us\"}</style></head><body><h1>Welcome</h1><p>" + words(40) + "</p></body></html>");
        row("letters apart that claim nothing", "<html><head><title>W E L C O M E</title></head><body><h1>W E L C O M E</h1><p>A B C D E F</p></body></html>");
        row("an owner's page that a program writes", "<?php echo '<h1>Owned by Smith and Sons</h1><p>Since 1902 we make shoes.</p>';\n");
        row("a program with a claim in it", "<?php\n$text = 'Hacked by Fox';\nif (strpos($page, $text) !== false) { echo 'Hacked by Fox found'; }\n");
        row("band", "<html><head><title>0wn3d - Punkband</title></head><body><h1>0WN3D</h1><p>New album \"Hacked by Love\" out now. Tour dates below.</p></body></html>");
        row("browser game", "<h1>Hacked by Zombies</h1><p>A browser game. Play now. High scores.</p>");
        row("agency", "<html><head><title>Hacked By Design</title></head><body style=\"background:#000;color:#0f0\"><h1>HACKED BY DESIGN</h1><p>Agency for growth hacking. Greetings from Berlin! Contact: hi@hackedby.example</p></body></html>");
        row("escape room", "<html><title>ESCAPE ROOM</title><body bgcolor=black text=lime><h1>YOU HAVE BEEN HACKED!</h1><p>Your system is owned by Dr. Zero. You have 60 minutes. Book your team now for 25 EUR.</p></body></html>");
        row("film", "<html><head><title>Hacked by Midnight</title></head><body bgcolor=black><center><h1>Hacked by Midnight</h1><p>A film by A. B. Now showing. Trailer</p></center></body></html>");
        row("poem", "Kilroy was a friend of mine,\nhe came and went, he liked the wine.\n");
        row("visitors", "<html><body><h1>Guest book</h1><p>Anna was here on Monday and says hello to everybody who reads this book of ours with its many pages and its coffee stains, greetings to all.</p></body></html>");
    }
    void knows_innocent_pages() {
        QFETCH(QString, page);
        const int score = score_of(page.toStdString());
        QVERIFY2(score < 45, qPrintable(QString::number(score)));
    }

    void survives_anything() {
        std::uint32_t seed = 7;
        const std::string pieces[] = {"<", ">", "</", "<!--", "-->", "<?", "?>", "<script>", "</script", "\"", "'", "&#", ";", "hacked by ", "<title>", "<h1 a=\"", "%48", "\xd0", "\xff\xfe", "&#x48;", "<%", std::string(50, 'A'), std::string(1, '\0')};
        for (int round = 0; round < 3000; ++round) {
            std::string bytes = "<html>";
            for (int i = 0; i < 40; ++i) {
                seed = seed * 1664525 + 1013904223;
                bytes += pieces[(seed >> 16) % std::size(pieces)];
            }
            score_of(bytes);
        }
        std::string deep;
        for (int i = 0; i < 20000; ++i) deep += "<h1>hacked by <";
        score_of(deep);
        score_of("<html>" + std::string(300000, '<') + "hacked by");
        score_of("<html><a hacked by \"" + std::string(300000, '>'));
    }

    void folds() {
        QCOMPARE(defacement::fold("A&nbsp;&#66;\n\n C\xd0\x90"), "a b c\xd0\xb0"s);
        QCOMPARE(defacement::unspaced("so h a c k e d by a cat"), "so hacked by a cat"s);
        QCOMPARE(defacement::unspaced("h-a-c-k-e-d, e. g. a b c"), "hacked, e. g. a b c"s);
        QCOMPARE(defacement::unleet("h4ck3d 0wn3d 2024 4"), "hacked owned 2024 4"s);
    }
};

DEADBOX_TEST(PageTest)
#include "page_test.moc"
