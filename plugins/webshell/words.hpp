// The vocabulary of shells: a linear score over the words, signs and figures of a script. Weights are data
// (resources/webshell/words.tsv), made by tests/bench/webshell_train.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "webshell/features.hpp"

namespace deadbox::plugins::webshell {

// Hashes of words, each with a weight. Open addressing: a large script asks ten thousand times.
class WordTable {
public:
    explicit WordTable(std::size_t slots) : m_slots(slots) {}  // a power of two
    // False where the word is there; its weight stays.
    bool add(std::uint64_t hash, float weight = 0);
    const float* find(std::uint64_t hash) const;
    std::size_t size() const { return m_used; }

private:
    struct Slot {
        std::uint64_t hash = 0;  // 0: free
        float weight = 0;
    };
    std::size_t place(std::uint64_t hash) const;
    std::vector<Slot> m_slots;
    std::size_t m_used = 0;
};

class Vocabulary {
public:
    base::Result<void> load(const std::string& path);
    bool is_empty() const { return m_weights.size() == 0; }
    // The words of a script, each once: identifiers and words in texts of 3 to 24 bytes in lower case, then signs
    // ("sign:upload") and figures ("size:4k"). At most 1 MiB of each text is read.
    static void each_word(std::string_view text, std::string_view decoded, const Features& features, const std::function<void(std::string_view, std::uint64_t hash)>& visit);
    // The score: 0 is the border on which the weights were made.
    double score(std::string_view text, std::string_view decoded, const Features& features, std::uint32_t& count) const;

private:
    WordTable m_weights{4096};
    double m_bias = 0;
};

}  // namespace deadbox::plugins::webshell
