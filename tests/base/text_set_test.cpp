#include "base/text_set.hpp"

#include <algorithm>
#include <array>
#include <random>

#include "support/test_main.hpp"

using namespace deadbox;

// Against std::string_view::find over random texts of few letters, in which parts of what is looked for are everywhere.
class TextSetTest : public QObject {
    Q_OBJECT
private slots:
    void as_found_one_by_one() {
        static constexpr std::array<std::string_view, 9> k_texts{"a", "ab", "abab", "bba", "aaaa", "b", "cab", "ccc", "ab"};
        const base::TextSet set(k_texts);
        std::mt19937 random(3);
        for (int round = 0; round < 4000; ++round) {
            std::string text(random() % 12, ' ');
            std::generate(text.begin(), text.end(), [&] { return static_cast<char>('a' + random() % 3); });
            const auto found = set.in(text);
            for (std::size_t i = 0; i < k_texts.size(); ++i) QCOMPARE(static_cast<bool>(found[i]), text.find(k_texts[i]) != std::string::npos);
        }
    }

    void any_bytes() {
        static constexpr std::array<std::string_view, 3> k_texts{std::string_view("\0\xff", 2), "\xff\xfe", "~"};
        const base::TextSet set(k_texts);
        QCOMPARE(set.in(std::string_view("x\0\xff\xfe", 4)), (std::vector<bool>{true, true, false}));
        QCOMPARE(set.in(""), std::vector<bool>(3));
        QCOMPARE(base::TextSet({}).in("x"), std::vector<bool>());
    }
};

DEADBOX_TEST(TextSetTest)
#include "text_set_test.moc"
