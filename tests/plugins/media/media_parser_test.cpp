#include <QFile>

#include "content/file_type.hpp"
#include "media/disguise.hpp"
#include "media/release_name.hpp"
#include "plugin/parser.hpp"
#include "support/memory_file.hpp"
#include "support/recording_sink.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using namespace std::string_literals;

namespace {

std::string fixture(const QString& name) {
    QFile file(QStringLiteral(DEADBOX_SOURCE_DIR "/tests/plugins/media/fixtures/") + name);
    if (!file.open(QIODevice::ReadOnly)) qFatal("no fixture %s", qPrintable(name));
    const auto bytes = file.readAll();
    return std::string(bytes.constData(), static_cast<std::size_t>(bytes.size()));
}

test::RecordingSink parsed(const std::string& path, const std::string& bytes) {
    test::MemoryFile file(path, bytes);
    file.record().content_type = content::detect_type(file.head(), bytes.size());
    test::RecordingSink sink;
    const auto* parser = plugin::find_parser("media");
    if (parser == nullptr || !parser->parse(file, {}, sink)) qFatal("the parser failed");
    return sink;
}

std::string le(std::uint64_t value, int width) {
    std::string b;
    for (int i = 0; i < width; ++i) b += static_cast<char>(value >> (8 * i));
    return b;
}

std::string rar4(const std::string& name, bool volume) {
    std::string b("Rar!\x1a\x07\0", 7);
    b += le(0, 2) + "\x73" + le(volume ? 1 : 0, 2) + le(13, 2) + std::string(6, '\0');
    b += le(0, 2) + "\x74" + le(0x8000, 2) + le(32 + name.size(), 2) + le(10, 4) + le(10, 4) + "\x03" + le(0, 4) + le(0, 4) + "\x1d" + "0" + le(name.size(), 2) + le(0x20, 4) + name;
    return b + std::string(10, 'x') + le(0, 2) + "\x7b" + le(0, 2) + le(7, 2);
}

std::string rar5(const std::string& name) {
    const auto block = [](const std::string& body, const std::string& data = {}) { return le(0, 4) + static_cast<char>(body.size()) + body + data; };
    std::string b("Rar!\x1a\x07\x01\0", 8);
    b += block("\1\0\1\0"s);                                    // main: a volume
    b += block("\2\2\3"s + "\0\3\0\0\0"s + static_cast<char>(name.size()) + name, "abc");
    return b;
}

std::string zip(const std::string& name) {
    return "PK\3\4\x14\0\0\0\0\0\0\0\0\0\0\0\0\0"s + le(1, 4) + le(1, 4) + le(name.size(), 2) + le(0, 2) + name + "x";
}

}  // namespace

class MediaParserTest : public QObject {
    Q_OBJECT
private slots:
    void reads_real_encodings_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("codec");
        QTest::addColumn<int>("width");
        QTest::addColumn<bool>("timed");
        QTest::addColumn<QString>("tags");
        const auto row = [](const char* file, const char* kind, const char* format, const char* codec, int width, bool timed, const char* tags) {
            QTest::newRow(file) << QString(file) << QString(kind) << QString(format) << QString(codec) << width << timed << QString::fromUtf8(tags);
        };
        row("film.mp4", "video", "mp4", "avc1", 64, true, "Tïtle|Artist|Album");
        row("film.mov", "video", "quicktime", "avc1", 64, true, "Tïtle|Artist|Album");
        row("film.3gp", "video", "3gpp", "s263", 176, true, "");
        row("film.mkv", "video", "matroska", "V_MPEG4/ISO/AVC", 64, true, "Tïtle|Artist|Album");
        row("film.webm", "video", "webm", "V_VP8", 64, true, "Tïtle|Artist|Album");
        row("film.avi", "video", "avi", "XVID", 64, true, "");
        row("film.wmv", "video", "asf", "WMV2", 64, true, "Tïtle|Artist|");
        row("film.flv", "video", "flv", "", 64, true, "");
        row("film.mpg", "video", "mpeg", "mpeg", 64, false, "");
        row("film.ogv", "video", "ogg", "theora", 64, false, "");
        row("tone.mp3", "audio", "mp3", "mp3", 0, true, "Tïtle|Artist|Album");
        row("tone-old.mp3", "audio", "mp3", "mp3", 0, true, "");
        row("tone.flac", "audio", "flac", "flac", 0, true, "Tïtle|Artist|Album");
        row("tone.ogg", "audio", "ogg", "vorbis", 0, true, "Tïtle|Artist|Album");
        row("tone.opus", "audio", "ogg", "opus", 0, true, "Tïtle|Artist|Album");
        row("tone.m4a", "audio", "mp4", "mp4a", 0, true, "Tïtle|Artist|Album");
        row("tone.wma", "audio", "asf", "", 0, true, "Tïtle|Artist|");
        row("tone.wav", "audio", "wav", "pcm", 0, true, "");
        row("tone.aiff", "audio", "aiff", "pcm", 0, true, "");
    }
    void reads_real_encodings() {
        QFETCH(QString, file);
        QFETCH(QString, kind);
        QFETCH(QString, format);
        QFETCH(QString, codec);
        QFETCH(int, width);
        QFETCH(bool, timed);
        QFETCH(QString, tags);
        const auto sink = parsed("/srv/" + file.toStdString(), fixture(file));
        QCOMPARE(sink.rows.at("media_file").size(), std::size_t{1});
        const auto& row = sink.rows.at("media_file")[0];
        const auto text = [&](const char* column) { return QString::fromStdString(row.at(column).as_text()); };
        QCOMPARE(text("kind"), kind);
        QCOMPARE(text("format"), format);
        QCOMPARE(text("codec"), codec);
        QCOMPARE(text("width").toInt(), width);
        if (timed) {
            const double duration = std::get<double>(row.at("duration").value);
            QVERIFY2(duration > 1.8 && duration < 2.4, qPrintable(QString::number(duration)));
        }
        if (!tags.isEmpty()) QCOMPARE(text("title") + "|" + text("artist") + "|" + text("album"), tags);
        QCOMPARE(text("extension_fit"), QStringLiteral("fits"));
        QCOMPARE(text("mismatch"), QStringLiteral("0"));
    }

    // Cut anywhere, with bytes changed anywhere: no crash, a row or none. The sanitizers watch.
    void survives_damage() {
        for (const auto* name : {"film.mp4", "film.mkv", "film.avi", "film.wmv", "film.flv", "film.mpg", "film.ogv", "tone.mp3", "tone.flac", "tone.ogg", "tone.wav", "tone.aiff"}) {
            const auto whole = fixture(name);
            for (std::size_t length = 12; length < whole.size(); length += 97) parsed("/x", whole.substr(0, length));
            std::uint32_t seed = 1;
            for (int round = 0; round < 300; ++round) {
                auto bytes = whole;
                for (int change = 0; change < 8; ++change) {
                    seed = seed * 1664525 + 1013904223;
                    bytes[8 + (seed >> 8) % std::min<std::size_t>(bytes.size() - 8, 2048)] = static_cast<char>(seed >> 3);
                }
                parsed("/x", bytes);
            }
        }
        for (const auto& whole : {rar4("a.mkv", true), rar5("b.mkv"), zip("c.nfo"), "d8:announce1:x4:infod5:filesld4:pathl5:a.mkveee4:name99999:x"s}) {
            for (std::size_t length = 8; length <= whole.size(); ++length) parsed("/x", whole.substr(0, length));
        }
    }

    void reads_names_in_archives() {
        const auto old = parsed("/x/a.r00", rar4("Some.Film.2016.720p.BluRay.x264-GRP.mkv", true)).rows.at("media_file").at(0);
        QCOMPARE(old.at("kind").as_text(), "archive_part"s);
        QCOMPARE(old.at("volume_part").as_text(), "1"s);
        QCOMPARE(old.at("inner").as_text(), "Some.Film.2016.720p.BluRay.x264-GRP.mkv"s);
        const auto now = parsed("/x/a.part1.rar", rar5("film.mkv")).rows.at("media_file").at(0);
        QCOMPARE(now.at("inner").as_text(), "film.mkv"s);
        QCOMPARE(now.at("volume_part").as_text(), "1"s);
        QVERIFY(parsed("/x/backup.zip", zip("etc/passwd")).rows.empty());
        QCOMPARE(parsed("/x/release.zip", zip("grp.nfo")).rows.at("media_file").at(0).at("inner_media").as_text(), "1"s);
        const auto torrent = parsed("/x/t.torrent", "d8:announce3:udp4:infod5:filesld6:lengthi1e4:pathl5:a.mkveee4:name4:Filmee").rows.at("media_file").at(0);
        QCOMPARE(torrent.at("title").as_text(), "Film"s);
        QCOMPARE(torrent.at("inner").as_text(), "a.mkv"s);
    }

    void compares_extensions_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("fit");
        QTest::newRow("right") << "film.mp4" << "fits";
        QTest::newRow("another of the kind") << "film.AVI" << "fits";
        QTest::newRow("log") << "messages.log" << "foreign";
        QTest::newRow("library") << "libx.so" << "foreign";
        QTest::newRow("picture") << "IMG_01.jpg" << "foreign";
        QTest::newRow("dat") << "film01.dat" << "vague";
        QTest::newRow("counted dat") << "01.dat" << "vague";
        QTest::newRow("no extension") << "the film" << "bare";
        QTest::newRow("dot file") << ".film" << "bare";
        QTest::newRow("digest") << "da39a3ee5e6b4b0d3255bfef95601890afd80709" << "opaque";
        QTest::newRow("identifier .bin") << "3f2504e0-4f89-11d3-9a0c-0305e82c3301.bin" << "opaque";
        QTest::newRow("cache entry") << "f_00012a" << "opaque";
        QTest::newRow("number") << "10023" << "opaque";
        QTest::newRow("strange") << "a.qqq" << "unknown";
    }
    void compares_extensions() {
        QFETCH(QString, name);
        QFETCH(QString, fit);
        const auto found = plugins::media::fit_name(plugins::media::extension_fit(plugins::media::Kind::video, "video/mp4", name.toStdString()));
        QCOMPARE(QString::fromUtf8(found.data(), static_cast<int>(found.size())), fit);
    }

    void knows_release_names_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("release");
        for (const auto* yes : {"The.Alchemist.Cookbook.2016.1080p.WEB-DL.DD5.1.H264-FGT", "Elementary.S03E13.720p.HDTV.X264-DIMENSION.mkv", "series.title.s40e11_720p.hdtv.x264-w4f-sample.mkv",
                                "Highway.2002.720p.WEB-DL.DD5.1.H264-FGT.r07", "Some_Film_1998_DVDRip_XviD-ABC.avi", "Artist-Album-WEB-2019-GRP", "Program.v1.2.3.Incl.Keygen-TEAM.rar",
                                "Title (1999) (1080p BluRay x265 HEVC 10bit AAC 5.1 Name).mkv", "[Judas] Series - 07 [1080p][HEVC x265 10bit][AAC].mkv"})
            QTest::newRow(yes) << yes << true;
        for (const auto* no : {"debian-12.2.0-amd64-DVD-1.iso", "linux-image-6.1.0-13-amd64", "git-web--browse", "openssl-1.1.1w.tar.gz", "BigBuckBunny_1080p_h264.mov", "holiday in Rome 2019.mp4", "01 - Intro.mp3",
                               "product-video-1080p.mp4", "35c3-9999-eng-Some_Talk_hd.mp4", "wordpress-6.4.2-de_DE.zip", "training_2023_720p.mp4", "IMG_20190704_101010.mp4", "ubuntu-22.04.3-live-server-amd64.iso",
                               "libx264-164_0.164.3095-1_amd64.deb", "Screen.Recording.2023-01-02.at.10.11.12.mov", "VID-20200101-WA0003.mp4"})
            QTest::newRow(no) << no << false;
    }
    void knows_release_names() {
        QFETCH(QString, name);
        QFETCH(bool, release);
        QCOMPARE(plugins::media::release_name(name.toStdString()).release(), release);
    }
};

DEADBOX_TEST(MediaParserTest)
#include "media_parser_test.moc"
