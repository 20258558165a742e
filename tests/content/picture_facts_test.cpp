#include "content/picture_facts.hpp"

#include <QtEndian>

#include "support/test_main.hpp"

using namespace deadbox;

namespace {

std::vector<std::byte> picture_bytes(const QByteArray& all) {
    const auto view = base::as_bytes({all.constData(), static_cast<std::size_t>(all.size())});
    return {view.begin(), view.end()};
}

QByteArray be32(quint32 value) {
    const auto turned = qToBigEndian(value);
    return QByteArray(reinterpret_cast<const char*>(&turned), 4);
}
QByteArray le16(quint16 value) {
    const auto turned = qToLittleEndian(value);
    return QByteArray(reinterpret_cast<const char*>(&turned), 2);
}
QByteArray le32(quint32 value) {
    const auto turned = qToLittleEndian(value);
    return QByteArray(reinterpret_cast<const char*>(&turned), 4);
}
QByteArray chunk(const char* type, const QByteArray& data) { return be32(quint32(data.size())) + type + data + "CRC!"; }
QByteArray entry(quint16 tag, quint16 type, quint32 count, const QByteArray& value) { return le16(tag) + le16(type) + le32(count) + value; }

// A camera's block: make, a place in the south and west, and when.
QByteArray exif() {
    QByteArray block = "II*" + QByteArray(1, '\0') + le32(8);
    const quint32 strings = 8 + 2 + 2 * 12 + 4, gps = strings + 32;
    block += le16(2) + entry(0x010f, 2, 9, le32(strings)) + entry(0x8825, 4, 1, le32(gps)) + le32(0);
    block += QByteArray("ACME Cam\0", 9).leftJustified(32, '\0');
    const quint32 rationals = gps + 2 + 4 * 12 + 4;
    block += le16(4) + entry(1, 2, 2, QByteArray("S\0\0\0", 4)) + entry(2, 5, 3, le32(rationals)) + entry(3, 2, 2, QByteArray("W\0\0\0", 4)) + entry(4, 5, 3, le32(rationals + 24)) + le32(0);
    for (const quint32 number : {33u, 1u, 30u, 1u, 0u, 1u, 70u, 1u, 15u, 1u, 36u, 10u}) block += le32(number);
    return block;
}

QByteArray png() {
    return QByteArray("\x89PNG\r\n\x1a\n") + chunk("IHDR", be32(640) + be32(480) + QByteArray("\x08\x02\x00\x00\x00", 5)) + chunk("tEXt", QByteArray("Software\0made by a test", 23)) + chunk("eXIf", exif()) + chunk("IEND", {});
}
QByteArray jpeg() {
    const auto app = QByteArray("Exif\0\0", 6) + exif();
    const auto frame = QByteArray("\x08", 1) + QByteArray::fromHex("00200040") + QByteArray(9, '\1');
    const auto segment = [](const char* marker, const QByteArray& data) {
        const auto length = qToBigEndian(quint16(data.size() + 2));
        return QByteArray(marker, 2) + QByteArray(reinterpret_cast<const char*>(&length), 2) + data;
    };
    return QByteArray("\xff\xd8") + segment("\xff\xe1", app) + segment("\xff\xfe", "a comment") + segment("\xff\xc0", frame) + QByteArray("\xff\xda\x00\x02", 4) + QByteArray(40, 'x') + QByteArray("\xff\xd9", 2);
}

std::string fact(const content::PictureFacts& picture, std::string_view name) {
    for (const auto& one : picture.facts)
        if (one.name == name) return one.value;
    return {};
}

}  // namespace

class PictureFactsTest : public QObject {
    Q_OBJECT
private slots:
    void sizes_and_facts_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("format");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("height");
        QTest::addColumn<QString>("make");
        QTest::addColumn<QString>("position");
        QTest::newRow("PNG") << png() << "PNG" << 640 << 480 << "ACME Cam" << "-33.500000, -70.251000";
        QTest::newRow("JPEG") << jpeg() << "JPEG" << 64 << 32 << "ACME Cam" << "-33.500000, -70.251000";
        QTest::newRow("TIFF") << exif() << "TIFF" << 0 << 0 << "ACME Cam" << "-33.500000, -70.251000";
        QTest::newRow("GIF") << QByteArray("GIF89a\x10\x00\x20\x00\x00\x00\x00", 13) << "GIF" << 16 << 32 << "" << "";
        QTest::newRow("BMP, upside down") << QByteArray("BM") + QByteArray(16, '\0') + le32(5) + le32(quint32(-7)) + QByteArray(8, '\0') << "BMP" << 5 << 7 << "" << "";
        QTest::newRow("WebP") << QByteArray("RIFF") + le32(22) + "WEBPVP8X" + le32(10) + QByteArray::fromHex("00000000" "7f0200" "df0100") << "WebP" << 640 << 480 << "" << "";
    }
    void sizes_and_facts() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, format);
        QFETCH(int, width);
        QFETCH(int, height);
        QFETCH(QString, make);
        QFETCH(QString, position);
        const base::MemorySource source(picture_bytes(bytes));
        const auto picture = content::read_picture_facts(source);
        QVERIFY(picture);
        QCOMPARE(QString::fromStdString(std::string(picture->format)), format);
        QCOMPARE(int(picture->width), width);
        QCOMPARE(int(picture->height), height);
        QCOMPARE(QString::fromStdString(fact(*picture, "camera make")), make);
        QCOMPARE(QString::fromStdString(fact(*picture, "position")), position);
    }
    void what_lies_behind_the_end_is_counted() {
        for (const auto& whole : {png(), jpeg()}) {
            const base::MemorySource source(picture_bytes(whole + "<?php system($_GET['c']);"));
            QCOMPARE(content::read_picture_facts(source)->trailing, std::uint64_t{25});
            const base::MemorySource clean(picture_bytes(whole));
            QCOMPARE(content::read_picture_facts(clean)->trailing, std::uint64_t{0});
        }
    }
    void damage_never_harms() {
        std::uint32_t state = 5;
        for (const auto& whole : {picture_bytes(png()), picture_bytes(jpeg()), picture_bytes(exif())}) {
            for (int round = 0; round < 2000; ++round) {
                auto bytes = whole;
                for (int i = 0; i < 1 + round % 10; ++i) {
                    state = state * 1664525 + 1013904223;
                    bytes[state % bytes.size()] = static_cast<std::byte>(state >> 24);
                }
                if (round % 5 == 0) bytes.resize(state % bytes.size());
                const base::MemorySource source(std::move(bytes));
                const auto picture = content::read_picture_facts(source);
                if (picture) QVERIFY(picture->facts.size() <= 200);
            }
        }
    }
};
DEADBOX_TEST(PictureFactsTest)
#include "picture_facts_test.moc"
