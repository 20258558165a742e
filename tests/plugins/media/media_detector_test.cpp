#include "plugin/packed_files.hpp"
#include "support/case_fixture.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using namespace std::string_literals;
using test::CaseFixture;
using test::FileSpec;

namespace {

constexpr std::string_view k_passwd =
    "root:x:0:0:root:/root:/bin/bash\n"
    "www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n"
    "ftp:x:109:65534::/srv/ftp:/usr/sbin/nologin\n"
    "plex:x:110:110::/var/lib/plexmediaserver:/usr/sbin/nologin\n"
    "anna:x:1000:1000:Anna:/home/anna:/bin/bash\n";

struct Media {
    std::string kind = "video", fit = "fits", inner;
    double duration = 6000;
    std::uint64_t size = 700'000'000;
    std::uint32_t uid = 1000;
    bool volume = false;
};

// A case with accounts, to which media are added as the parser tells them.
struct Scene {
    CaseFixture fixture;
    Scene() { fixture.add_parsed("passwd", {.path = "/etc/passwd", .bytes = std::string(k_passwd)}); }

    void add(const std::string& path, const Media& m) {
        FileSpec spec{.path = path, .bytes = "x", .uid = m.uid, .born = 1'700'000'000 + m_count++ * 60, .content_type = "video/mp4", .size = m.size};
        const auto inode = fixture.add(spec);
        const auto null = plugin::Value();
        fixture.row("media_file",
                    {std::string_view(m.kind), std::string_view("mp4"), null, m.duration, null, null, null, null, null, null, std::string_view(m.fit),
                     std::int64_t{m.fit == "foreign" || m.fit == "vague"}, std::int64_t{m.volume}, m.inner.empty() ? null : plugin::Value(std::string_view(m.inner)), null, null},
                    inode);
    }
    void add_many(int count, const std::string& before, const std::string& behind, const Media& m) {
        for (int i = 1; i <= count; ++i) add(before + (i < 10 ? "0" : "") + std::to_string(i) + behind, m);
    }
    // Rule and subject of every finding of medium or above, in order.
    std::vector<std::string> serious() {
        std::vector<std::string> found;
        for (const auto& finding : fixture.detect("media")) {
            if (finding.severity >= 2) found.push_back(finding.rule + " " + finding.subject);
        }
        return found;
    }
    int m_count = 0;
};

}  // namespace

class MediaDetectorTest : public QObject {
    Q_OBJECT
private slots:
    void fires_on_disguised_films_in_a_hidden_folder() {
        Scene scene;
        Media small{.fit = "foreign", .duration = 5, .size = 300'000, .uid = 33};
        scene.add_many(20, "/var/www/html/images/.thumb/films/", ".jpg", small);
        small.kind = "audio", small.fit = "vague";
        scene.add_many(20, "/var/www/html/images/.thumb/albums/a/", ".dat", small);
        const auto findings = scene.fixture.detect("media");
        QCOMPARE(findings.size(), std::size_t{1});
        QCOMPARE(findings[0].rule, "media/stash"s);
        QCOMPARE(findings[0].subject, "/var/www/html/images/.thumb"s);
        QCOMPARE(findings[0].severity, 3);
        QCOMPARE(findings[0].item_count, std::int64_t{40});
        QCOMPARE(findings[0].items[0].path, "/var/www/html/images/.thumb/albums/a/01.dat"s);
        QCOMPARE(findings[0].first_s.value(), std::int64_t{1'700'000'000});
        QCOMPARE(findings[0].arguments["wrong_extensions"].get<std::string>(), "40"s);
    }

    void fires_data() {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("behind");
        QTest::addColumn<QString>("fit");
        QTest::addColumn<int>("uid");
        QTest::addColumn<QString>("subject");
        QTest::newRow("disguised, hidden, small") << "/opt/.x/f" << ".log" << "foreign" << 0 << "/opt/.x";
        QTest::newRow("vague names, hidden") << "/usr/share/fonts/.core/f" << ".bin" << "vague" << 0 << "/usr/share/fonts/.core";
        QTest::newRow("three dots in ftp") << "/srv/ftp/incoming/.../f" << ".mp4" << "fits" << 109 << "/srv/ftp/incoming/...";
        QTest::newRow("a blank") << "/var/ftp/pub/ /f" << ".mp4" << "fits" << 109 << "/var/ftp/pub/ ";
        QTest::newRow("releases in a hidden home folder") << "/home/anna/.x/Film." << ".2016.1080p.BluRay.x264-GRP.mkv" << "fits" << 1000 << "/home/anna/.x";
        QTest::newRow("releases in a web site") << "/var/www/html/d/Film." << ".2016.1080p.BluRay.x264-GRP.mkv" << "fits" << 33 << "/var/www/html/d";
        QTest::newRow("releases in /tmp") << "/var/tmp/up/Film." << ".2016.1080p.BluRay.x264-GRP.mkv" << "fits" << 33 << "/var/tmp/up";
        QTest::newRow("films among libraries") << "/usr/lib/locale2/f" << ".mp4" << "fits" << 33 << "/usr/lib/locale2";
        QTest::newRow("hidden in a cache") << "/home/anna/.cache/.y/f" << ".dat" << "vague" << 1000 << "/home/anna/.cache/.y";
        QTest::newRow("hidden without extensions") << "/var/lib/.z/the film " << "" << "bare" << 0 << "/var/lib/.z";
        QTest::newRow("a media place, and hidden in a site") << "/var/www/html/media/.x/f" << ".bin" << "vague" << 33 << "/var/www/html/media/.x";
        QTest::newRow("disguised as another kind in a media place") << "/srv/radio/.x/f" << ".log" << "foreign" << 33 << "/srv/radio/.x";
        QTest::newRow("a telling name below a hidden one") << "/srv/.x/videos/f" << ".bin" << "vague" << 33 << "/srv/.x";
        QTest::newRow("a blank in a spool") << "/var/spool/lpd/. /f" << ".flac" << "fits" << 0 << "/var/spool/lpd/. ";
        QTest::newRow("hidden in a device folder") << "/dev/.udevdb/f" << ".mp4" << "fits" << 0 << "/dev/.udevdb";
    }
    void fires() {
        QFETCH(QString, before);
        QFETCH(QString, behind);
        QFETCH(QString, fit);
        QFETCH(int, uid);
        QFETCH(QString, subject);
        Scene scene;
        scene.add_many(12, before.toStdString(), behind.toStdString(), {.fit = fit.toStdString(), .uid = static_cast<std::uint32_t>(uid)});
        const auto found = scene.serious();
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(QString::fromStdString(found[0]), "media/stash " + subject);
    }

    void fires_on_release_texts() {
        Scene scene;
        for (const auto* album : {"One", "Two", "Three"}) {
            scene.add_many(12, "/home/anna/.m/"s + album + "/track", ".mp3", {.kind = "audio", .duration = 200, .size = 4'000'000});
            scene.fixture.add({.path = "/home/anna/.m/"s + album + "/grp.nfo", .bytes = "x"});
            scene.fixture.add({.path = "/home/anna/.m/"s + album + "/grp.sfv", .bytes = "x"});
        }
        QCOMPARE(scene.serious(), std::vector<std::string>{});  // hidden and released, but in her own home and few: context
        scene.add_many(80, "/home/anna/.m/Four/track", ".mp3", {.kind = "audio", .duration = 200, .size = 4'000'000});
        QCOMPARE(scene.serious(), std::vector<std::string>{"media/stash /home/anna/.m"});
    }

    void fires_on_volume_sets() {
        Scene scene;
        for (const auto* release : {"Film.One.2016.DVDRip.XviD-ABC", "Film.Two.2017.DVDRip.XviD-ABC", "Film.Three.2018.DVDRip.XviD-ABC"})
            scene.add_many(20, "/home/ftp/upload/"s + release + "/abc.r", "", {.kind = "archive_part", .inner = "abc.avi", .duration = 0, .size = 15'000'000, .uid = 109, .volume = true});
        QCOMPARE(scene.serious(), std::vector<std::string>{"media/stash /home/ftp/upload"});
    }

    // One release in all its volumes, where nothing of the kind belongs; the same in a home is its owner's.
    void fires_on_one_packed_release() {
        for (const auto* place : {"/usr/share/doc/.lib", "/home/anna/Downloads"}) {
            Scene scene;
            scene.add_many(40, place + "/Film.One.2026.1080p.BluRay.x264-ABC/film.r"s, "", {.kind = "archive_part", .inner = "film.mkv", .duration = 0, .size = 15'000'000, .uid = 0, .volume = true});
            QCOMPARE(scene.serious().size(), place == "/usr/share/doc/.lib"s ? std::size_t{1} : std::size_t{0});
        }
    }

    void is_silent_data() {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("behind");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("fit");
        QTest::addColumn<double>("duration");
        QTest::addColumn<int>("uid");
        QTest::addColumn<QString>("beside");
        const auto row = [](const char* name, const char* before, const char* behind, const char* kind, const char* fit, double duration, int uid, const char* beside = "") {
            QTest::newRow(name) << QString(before) << QString(behind) << QString(kind) << QString(fit) << duration << uid << QString(beside);
        };
        row("family music", "/home/anna/Music/Band/Album/", " - Song.mp3", "audio", "fits", 200, 1000);
        row("family films", "/home/anna/Videos/holiday ", ".mp4", "video", "fits", 3000, 1000);
        row("own films with release names", "/home/anna/Videos/Film.", ".2016.1080p.BluRay.x264-GRP.mkv", "video", "fits", 6000, 1000);
        row("media server", "/srv/media/movies/Film.", ".2016.1080p.BluRay.x264-GRP.mkv", "video", "fits", 6000, 110);
        row("media server's own folder", "/var/lib/plexmediaserver/Library/x/Film.", ".2016.1080p.BluRay.x264-GRP.mkv", "video", "fits", 6000, 110);
        row("nextcloud in the web site", "/var/www/nextcloud/data/anna/files/.Films/Film.", ".2016.1080p.BluRay.x264-GRP.mkv", "video", "fits", 6000, 33, "/var/www/nextcloud/data/.ocdata");
        row("product videos", "/var/www/html/wp-content/uploads/2026/01/product-", ".mp4", "video", "fits", 60, 33);
        row("webinars", "/var/www/html/wp-content/uploads/2026/01/webinar-", ".mp4", "video", "fits", 4000, 33);
        row("podcasts", "/var/www/podcast/episodes/", ".mp3", "audio", "fits", 4000, 33);
        row("build output with a dot", "/var/www/shop/.next/static/media/clip-", ".mp4", "video", "fits", 30, 33);
        row("unknown build output with a dot", "/var/www/shop/.build/media/clip-", ".mp4", "video", "fits", 30, 33);
        row("game assets by digest", "/home/anna/.minecraft/assets/objects/ab/abcdef0123456789abcdef01234567", "", "audio", "opaque", 100, 1000);
        row("game pack", "/opt/game/data/music", ".dat", "audio", "vague", 100, 1000);
        row("game server's pack", "/srv/steam/data/music", ".dat", "audio", "vague", 100, 110);
        row("browser cache", "/home/anna/.config/chromium/Default/Cache/f_0001", "", "video", "opaque", 20, 1000);
        row("learning platform", "/var/www/moodledata/filedir/da/39/da39a3ee5e6b4b0d3255bfef95601890afd807", "", "video", "opaque", 900, 33);
        row("system sounds", "/usr/share/sounds/freedesktop/stereo/s", ".oga", "audio", "fits", 2, 0);
        row("library test data", "/usr/local/lib/python3.11/dist-packages/scipy/io/tests/data/t", ".wav", "audio", "fits", 1, 0);
        row("call recordings", "/var/spool/asterisk/monitor/call-", ".wav", "audio", "fits", 300, 110);
        row("transcoder", "/tmp/Transcode/session/part", ".mp4", "video", "fits", 1500, 110);
        row("large files", "/home/anna/.git-lfs/objects/ab/cd/da39a3ee5e6b4b0d3255bfef95601890afd807", "", "video", "opaque", 60, 1000);
        row("own hidden videos", "/home/anna/.private/clip", ".mp4", "video", "fits", 300, 1000);
        row("radio automation", "/srv/radio/.carts/00", ".dat", "audio", "vague", 200, 1000);
        row("cameras' ring buffer", "/srv/cctv/.buffer/cam1/000", ".tmp", "video", "vague", 600, 0);
        row("a game's films in a site", "/var/www/html/assets/videos/scene", ".bin", "video", "vague", 60, 33);
        row("disc images", "/var/lib/vz/template/iso/debian-", "-DVD-1.iso", "image_disc", "fits", 0, 0);
    }
    void is_silent() {
        QFETCH(QString, before);
        QFETCH(QString, behind);
        QFETCH(QString, kind);
        QFETCH(QString, fit);
        QFETCH(double, duration);
        QFETCH(int, uid);
        QFETCH(QString, beside);
        Scene scene;
        if (!beside.isEmpty()) scene.fixture.add({.path = beside.toStdString(), .bytes = "x"});
        scene.add_many(45, before.toStdString(), behind.toStdString(),
                       {.kind = kind.toStdString(), .fit = fit.toStdString(), .duration = duration, .size = duration < 600 ? 4'000'000u : 400'000'000u, .uid = static_cast<std::uint32_t>(uid)});
        QCOMPARE(scene.serious(), std::vector<std::string>{});
    }

    void leaves_packaged_films_alone() {
        Scene scene;
        scene.add_many(12, "/usr/lib/manual/film", ".mp4", {.uid = 33});
        QCOMPARE(scene.serious().size(), std::size_t{1});
        std::string files;
        for (int i = 1; i <= 12; ++i) plugin::pack_file(files, "film"s + (i < 10 ? "0" : "") + std::to_string(i) + ".mp4", {});
        scene.fixture.row("package_folder", {std::string_view("/usr/lib/manual"), std::string_view("manual"), std::int64_t{12}, base::as_bytes(files)});
        QCOMPARE(scene.serious(), std::vector<std::string>{});
    }

    // A site's own videos beside a store do not hide it.
    void finds_a_store_beside_a_sites_own_videos() {
        Scene scene;
        scene.add_many(60, "/var/www/html/media/product-", ".mp4", {.duration = 60, .size = 4'000'000, .uid = 33});
        scene.add_many(12, "/var/www/html/media/old/Film.", ".2016.1080p.BluRay.x264-GRP.mkv", {.uid = 33});
        QCOMPARE(scene.serious(), std::vector<std::string>{"media/stash /var/www/html/media/old"});
    }

    void follows_the_servers_configuration() {
        Scene scene;
        scene.add_many(12, "/data/pub/Film.", ".2016.1080p.BluRay.x264-GRP.mkv", {.uid = 33});
        QCOMPARE(scene.serious(), std::vector<std::string>{});
        scene.fixture.row("web_root", {std::string_view("/data/pub"), std::string_view("nginx"), std::string_view(""), std::string_view("root"), std::string_view("/"), std::int64_t{0}, std::int64_t{1}, std::int64_t{7}});
        QCOMPARE(scene.serious(), std::vector<std::string>{"media/stash /data/pub"});
    }

    void names_a_collection_as_context() {
        Scene scene;
        scene.add_many(30, "/home/anna/Music/Band/Album/", ".mp3", {.kind = "audio", .duration = 200, .size = 4'000'000});
        const auto findings = scene.fixture.detect("media");
        QCOMPARE(findings.size(), std::size_t{1});
        QCOMPARE(findings[0].rule, "media/collection"s);
        QCOMPARE(findings[0].severity, 0);
        QCOMPARE(findings[0].subject, "/home/anna/Music/Band/Album"s);
    }
};

DEADBOX_TEST(MediaDetectorTest)
#include "media_detector_test.moc"
