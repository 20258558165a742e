#include "webshell/words.hpp"

#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>

namespace deadbox::plugins::webshell {
namespace {

constexpr std::size_t k_most_of_words = 1u << 20;
constexpr std::size_t k_shortest_word = 3, k_longest = 24;

// Of the characters that words are made of; 0 for others.
constexpr auto k_lowered = [] {
    std::array<char, 256> lowered{};
    for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyz0123456789_")) lowered[static_cast<unsigned char>(c)] = c;
    for (char c = 'A'; c <= 'Z'; ++c) lowered[static_cast<unsigned char>(c)] = static_cast<char>(c + 32);
    return lowered;
}();

std::uint64_t hash_of(std::string_view word) {
    std::uint64_t h = 14695981039346656037ull;
    for (const char c : word) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ull;
    return h;
}

}  // namespace

// Where the hash stands, or the free slot where it would.
std::size_t WordTable::place(std::uint64_t hash) const {
    const std::size_t mask = m_slots.size() - 1;
    auto at = static_cast<std::size_t>(hash ^ hash >> 32) & mask;
    while (m_slots[at].hash != 0 && m_slots[at].hash != hash) at = (at + 1) & mask;
    return at;
}

bool WordTable::add(std::uint64_t hash, float weight) {
    hash += hash == 0;
    const auto at = place(hash);
    if (m_slots[at].hash != 0) return false;
    m_slots[at] = {hash, weight};
    if (++m_used * 2 < m_slots.size()) return true;
    std::vector<Slot> before(m_slots.size() * 2);
    before.swap(m_slots);
    for (const auto& slot : before)
        if (slot.hash != 0) m_slots[place(slot.hash)] = slot;
    return true;
}

const float* WordTable::find(std::uint64_t hash) const {
    const auto& slot = m_slots[place(hash + (hash == 0))];
    return slot.hash != 0 ? &slot.weight : nullptr;
}

void Vocabulary::each_word(std::string_view text, std::string_view decoded, const Features& features, const std::function<void(std::string_view, std::uint64_t)>& visit) {
    WordTable seen(1024);
    const auto once = [&](std::string_view word) {
        const auto hash = hash_of(word);
        if (seen.add(hash)) visit(word, hash);
    };
    char buffer[k_longest];
    for (const auto part : {text.substr(0, k_most_of_words), decoded.substr(0, k_most_of_words)}) {
        std::size_t length = 0;
        bool letters = false;
        const auto end = [&] {
            if (length >= k_shortest_word && length <= k_longest && letters) once(std::string_view(buffer, length));
            length = 0;
            letters = false;
        };
        for (const char c : part) {
            if (const char low = k_lowered[static_cast<unsigned char>(c)]; low != 0) {
                letters |= low >= 'a';
                if (length < k_longest) buffer[length] = low;
                ++length;
            } else if (length > 0) {
                end();
            }
        }
        end();
    }
    for (std::size_t i = 0; i < k_signs; ++i)
        if (features.signs[i].count > 0 && static_cast<Sign>(i) != Sign::vocabulary && static_cast<Sign>(i) != Sign::appended) once("sign:" + std::string(name_of(static_cast<Sign>(i))));
    const auto figure = [&](std::string_view name, double value) {
        int bits = 0;
        while (value >= 2 && bits < 30) value /= 4, ++bits;
        once(std::string(name) + std::to_string(bits));
    };
    figure("size:", static_cast<double>(features.size));
    figure("line:", features.longest_line);
    figure("string:", features.longest_string);
    if (features.silenced > 3) once("silenced:");
    if (features.layers > 0) once("layers:");
    if (features.odd_names > 10) once("odd_names:");
    if (features.escaped_bytes > 100) once("escaped:");
    if (features.includes == 0) once("alone:");
}

base::Result<void> Vocabulary::load(const std::string& path) {
    std::ifstream file(path);
    if (!file) return base::fail(base::Errc::not_found, "the vocabulary " + path + " cannot be read");
    std::string line;
    while (std::getline(file, line)) {
        const auto tab = line.find('\t');
        if (line.empty() || line[0] == '#' || tab == std::string::npos) continue;
        const double weight = std::strtod(line.c_str() + tab + 1, nullptr);
        if (line.compare(0, tab, "(bias)") == 0) m_bias = weight;
        else m_weights.add(hash_of(std::string_view(line).substr(0, tab)), static_cast<float>(weight));
    }
    return {};
}

double Vocabulary::score(std::string_view text, std::string_view decoded, const Features& features, std::uint32_t& count) const {
    double sum = 0;
    std::size_t words = 0;
    each_word(text, decoded, features, [&](std::string_view, std::uint64_t hash) {
        ++words;
        if (const auto* weight = m_weights.find(hash)) sum += static_cast<double>(*weight);
    });
    count = static_cast<std::uint32_t>(words);
    return words > 0 ? m_bias + sum / std::sqrt(static_cast<double>(words)) : 0;
}

}  // namespace deadbox::plugins::webshell
