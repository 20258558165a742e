// The vocabulary of shells: a linear score over the words, signs and figures of a script. Weights are data
// (resources/webshell/words.tsv), made by tests/bench/webshell_train.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/result.hpp"
#include "webshell/features.hpp"

namespace deadbox::plugins::webshell {

class Vocabulary {
public:
    base::Result<void> load(const std::string& path);
    bool is_empty() const { return m_weights.empty(); }
    // The words of a script, each once: identifiers and words in texts of 3 to 24 bytes in lower case, then signs
    // ("sign:upload") and figures ("size:4k"). At most 1 MiB of each text is read.
    static void each_word(std::string_view text, std::string_view decoded, const Features& features, const std::function<void(std::string_view, std::uint64_t hash)>& visit);
    // The score: 0 is the border on which the weights were made.
    double score(std::string_view text, std::string_view decoded, const Features& features, std::uint32_t& count) const;

private:
    std::unordered_map<std::uint64_t, float> m_weights;  // by the word's hash
    double m_bias = 0;
};

}  // namespace deadbox::plugins::webshell
