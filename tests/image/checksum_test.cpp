#include "image/ext/checksum.hpp"

#include <random>

#include "support/test_main.hpp"

using namespace deadbox;

// By the processor's instruction, where it has one, and by tables: the same for every length and seed; and the value that the
// standards give.
class ChecksumTest : public QObject {
    Q_OBJECT
private slots:
    void castagnoli_both_ways() {
        std::mt19937 random(5);
        for (std::size_t length = 0; length < 300; ++length) {
            std::vector<std::byte> bytes(length);
            for (auto& byte : bytes) byte = static_cast<std::byte>(random());
            const auto seed = static_cast<std::uint32_t>(random());
            QCOMPARE(image::ext::crc32c(seed, bytes), image::ext::crc32c(seed, bytes, true));
        }
        const auto digits = base::as_bytes(std::string_view("123456789"));
        QCOMPARE(~image::ext::crc32c(~0u, digits), 0xe3069283u);
        QCOMPARE(~image::ext::crc32c(~0u, digits, true), 0xe3069283u);
    }
};

DEADBOX_TEST(ChecksumTest)
#include "checksum_test.moc"
