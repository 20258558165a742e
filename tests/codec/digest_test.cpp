#include "codec/digest.hpp"

#include <openssl/evp.h>

#include <random>

#include "codec/md5.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

std::vector<std::byte> random_bytes(std::mt19937& random, std::size_t size) {
    std::vector<std::byte> bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::byte>(random());
    return bytes;
}

template <std::size_t Size>
std::array<std::byte, Size> by_openssl(const char* algorithm, base::ByteView bytes) {
    std::array<std::byte, Size> digest{};
    unsigned length = 0;
    EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &length, EVP_get_digestbyname(algorithm), nullptr);
    return digest;
}

}  // namespace

class DigestTest : public QObject {
    Q_OBJECT
private slots:
    void one_file_data();
    void one_file();
    void files_side_by_side_data();
    void files_side_by_side();
    void a_slot_starts_anew();
    void lanes_data();
    void lanes();
};

void DigestTest::one_file_data() {
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("step");
    for (const int size : {0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000, 100'003})
        for (const int step : {1 << 20, 64, 13}) QTest::addRow("%d bytes, %d at a time", size, step) << size << step;
}

void DigestTest::one_file() {
    QFETCH(int, size);
    QFETCH(int, step);
    std::mt19937 random(static_cast<unsigned>(size));
    const auto bytes = random_bytes(random, static_cast<std::size_t>(size));
    codec::Digester digester(1);
    digester.begin(0);
    for (auto rest = base::ByteView(bytes); !rest.empty();) {
        const codec::Digester::Piece piece{0, rest.first(std::min(rest.size(), static_cast<std::size_t>(step)))};
        digester.update({&piece, 1});
        rest = rest.subspan(piece.bytes.size());
    }
    const auto digests = digester.finish(0);
    QCOMPARE(digests.md5, by_openssl<16>("MD5", bytes));
    QCOMPARE(digests.sha1, by_openssl<20>("SHA1", bytes));
    QCOMPARE(digests.sha256, by_openssl<32>("SHA256", bytes));
}

void DigestTest::files_side_by_side_data() {
    QTest::addColumn<int>("files");
    QTest::addColumn<int>("largest");
    QTest::newRow("two small") << 2 << 300;
    QTest::newRow("seven") << 7 << 5'000;
    QTest::newRow("as many as lanes") << 8 << 20'000;
    QTest::newRow("more than lanes") << 23 << 20'000;
    QTest::newRow("hardly a block each") << 40 << 70;
}

// Pieces of uneven length, so that lanes end at different times and blocks are cut at every place.
void DigestTest::files_side_by_side() {
    QFETCH(int, files);
    QFETCH(int, largest);
    std::mt19937 random(static_cast<unsigned>(files));
    std::vector<std::vector<std::byte>> contents;
    codec::Digester digester(static_cast<std::size_t>(files));
    for (int i = 0; i < files; ++i) {
        contents.push_back(random_bytes(random, random() % static_cast<unsigned>(largest)));
        digester.begin(static_cast<std::size_t>(i));
    }
    std::vector<std::size_t> done(contents.size());
    for (bool any = true; any;) {
        std::vector<codec::Digester::Piece> pieces;
        for (std::size_t i = 0; i < contents.size(); ++i) {
            const auto rest = base::ByteView(contents[i]).subspan(done[i]);
            if (rest.empty()) continue;
            pieces.push_back({i, rest.first(1 + random() % rest.size())});
            done[i] += pieces.back().bytes.size();
        }
        digester.update(pieces);
        any = !pieces.empty();
    }
    for (std::size_t i = 0; i < contents.size(); ++i) {
        const auto digests = digester.finish(i);
        QCOMPARE(digests.md5, by_openssl<16>("MD5", contents[i]));
        QCOMPARE(digests.sha1, by_openssl<20>("SHA1", contents[i]));
        QCOMPARE(digests.sha256, by_openssl<32>("SHA256", contents[i]));
    }
}

void DigestTest::a_slot_starts_anew() {
    std::mt19937 random(7);
    codec::Digester digester(1);
    for (int round = 0; round < 3; ++round) {
        const auto bytes = random_bytes(random, 777);
        digester.begin(0);
        const codec::Digester::Piece piece{0, bytes};
        digester.update({&piece, 1});
        if (round == 1) continue;  // left without an end, as a file that cannot be read on
        QCOMPARE(digester.finish(0).md5, by_openssl<16>("MD5", bytes));
    }
}

void DigestTest::lanes_data() {
    QTest::addColumn<codec::Lanes>("lanes");
    QTest::newRow("the processor's fastest") << codec::Lanes::fastest;
    QTest::newRow("portable") << codec::Lanes::portable;
    QTest::newRow("AVX2") << codec::Lanes::avx2;
    QTest::newRow("AVX-512") << codec::Lanes::avx512;
}

// Every number of runs, with lengths from none to many blocks: each state as OpenSSL has it. The end of MD5 is its own
// block, made here by hand.
void DigestTest::lanes() {
    QFETCH(codec::Lanes, lanes);
    if (!codec::md5_has(lanes)) QSKIP("this processor does not have it");
    std::mt19937 random(11);
    for (std::size_t count = 0; count <= 36; ++count) {
        std::vector<std::vector<std::byte>> contents(count), ends(count);
        std::vector<codec::Md5State> states(count, codec::k_md5_start);
        std::vector<codec::BlockRun> runs;
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t blocks = random() % 40;
            contents[i] = random_bytes(random, blocks * codec::k_digest_block);
            runs.push_back({states[i].data(), contents[i].data(), blocks});
        }
        codec::md5_compress(runs, lanes);
        for (std::size_t i = 0; i < count; ++i) {
            std::vector<std::byte> end(codec::k_digest_block);
            end[0] = std::byte{0x80};
            for (std::size_t byte = 0; byte < 8; ++byte) end[56 + byte] = static_cast<std::byte>(std::uint64_t{contents[i].size()} * 8 >> (8 * byte));
            codec::BlockRun run{states[i].data(), end.data(), 1};
            codec::md5_compress({&run, 1}, codec::Lanes::portable);
            std::array<std::byte, 16> digest{};
            for (std::size_t byte = 0; byte < 16; ++byte) digest[byte] = static_cast<std::byte>(states[i][byte / 4] >> (8 * (byte % 4)));
            QCOMPARE(digest, by_openssl<16>("MD5", contents[i]));
        }
    }
}

DEADBOX_TEST(DigestTest)
#include "digest_test.moc"
