// Makes resources/webshell/words.tsv: a sparse logistic regression over the words of shells and of harmless scripts.
//   webshell_train SHELLS BENIGN OUT [L1]
// SHELLS: lines path, language, family, half ... (tab-separated; only half "tune" is read). BENIGN: lines path ...
// A family counts as one, whatever the number of its samples.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <algorithm>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <unordered_map>
#include <vector>

#include "webshell/inspect.hpp"
#include "webshell/words.hpp"

using namespace deadbox::plugins::webshell;

namespace {

struct Example {
    std::vector<std::uint32_t> words;
    float weight = 1;
    bool shell = false;
};
std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> parts;
    std::stringstream in(line);
    for (std::string part; std::getline(in, part, '\t');) parts.push_back(part);
    return parts;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) return 2;
    const double l1 = argc > 4 ? std::atof(argv[4]) : 3.0;
    std::unordered_map<std::string, std::uint32_t> ids;
    std::vector<std::string> names;
    std::vector<Example> examples;
    const auto read = [&](const std::string& path, Example& example) {
        std::ifstream file(path, std::ios::binary);
        std::stringstream buffer;
        buffer << file.rdbuf();
        const auto text = buffer.str();
        const auto language = language_of(path, std::string_view(text).substr(0, 65536));
        if (language == Language::none || language == Language::node || language == Language::jsp || language == Language::asp || language == Language::aspx || language == Language::coldfusion) return false;
        const auto inspection = inspect(std::string_view(text).substr(0, 4u << 20), path, language);
        Vocabulary::each_word(text, inspection.decoded, inspection.features, [&](std::string_view word, std::uint64_t) {
            const auto [place, added] = ids.emplace(std::string(word), static_cast<std::uint32_t>(names.size()));
            if (added) names.emplace_back(word);
            example.words.push_back(place->second);
        });
        return !example.words.empty();
    };
    std::map<std::string, int> families;
    std::vector<std::string> family_of;
    std::ifstream shells(argv[1]);
    for (std::string line; std::getline(shells, line);) {
        const auto parts = split(line);
        if (parts.size() < 4 || parts[3] != "tune") continue;
        Example example;
        example.shell = true;
        if (!read(parts[0], example)) continue;
        ++families[parts[2]];
        family_of.push_back(parts[2]);
        examples.push_back(std::move(example));
    }
    double total = 0;
    for (std::size_t i = 0; i < examples.size(); ++i) examples[i].weight = 1.0f / static_cast<float>(families[family_of[i]]), total += examples[i].weight;
    const auto positives = examples.size();
    std::ifstream benign(argv[2]);
    for (std::string line; std::getline(benign, line);) {
        Example example;
        if (read(line.substr(0, line.find('\t')), example)) examples.push_back(std::move(example));
    }
    // Shells count a fifth as much as harmless scripts together: a false alarm is worse.
    const double scale = 0.2 * static_cast<double>(examples.size() - positives) / total;
    for (std::size_t i = 0; i < positives; ++i) examples[i].weight *= static_cast<float>(scale);
    std::fprintf(stderr, "%zu shells of %zu families, %zu harmless, %zu words\n", positives, families.size(), examples.size() - positives, names.size());
    // Words of at least three examples.
    std::vector<std::uint32_t> seen(names.size());
    for (const auto& e : examples) for (const auto w : e.words) ++seen[w];

    // FTRL-proximal.
    constexpr double alpha = 1.0, beta = 1.0, l2 = 1.0;
    std::vector<double> z(names.size()), n(names.size());
    double zb = 0, nb = 0;
    const auto weight = [&](std::uint32_t w) {
        if (seen[w] < 3 || std::fabs(z[w]) <= l1) return 0.0;
        return -(z[w] - std::copysign(l1, z[w])) / ((beta + std::sqrt(n[w])) / alpha + l2);
    };
    std::mt19937_64 random(7);
    std::vector<std::uint32_t> order(examples.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    double bias = 0;
    for (int epoch = 0; epoch < 12; ++epoch) {
        std::shuffle(order.begin(), order.end(), random);
        double loss = 0;
        for (const auto i : order) {
            const auto& e = examples[i];
            const double x = 1 / std::sqrt(static_cast<double>(e.words.size()));
            bias = -zb / ((beta + std::sqrt(nb)) / alpha);
            double sum = bias;
            for (const auto w : e.words) sum += weight(w) * x;
            const double p = 1 / (1 + std::exp(-std::clamp(sum, -30.0, 30.0)));
            loss -= e.weight * std::log(std::max(1e-9, e.shell ? p : 1 - p));
            const double g0 = (p - (e.shell ? 1 : 0)) * static_cast<double>(e.weight);
            for (const auto w : e.words) {
                const double g = g0 * x, current = weight(w);
                const double sigma = (std::sqrt(n[w] + g * g) - std::sqrt(n[w])) / alpha;
                z[w] += g - sigma * current;
                n[w] += g * g;
            }
            const double sigma = (std::sqrt(nb + g0 * g0) - std::sqrt(nb)) / alpha;
            zb += g0 - sigma * bias;
            nb += g0 * g0;
        }
        std::fprintf(stderr, "epoch %d loss %.1f\n", epoch, loss);
    }
    std::ofstream out(argv[3]);
    out << "# Words of shells and their weights, made by tests/bench/webshell_train.cpp. Positive: of shells.\n(bias)\t" << bias << '\n';
    std::vector<std::pair<std::string, double>> all;
    for (std::uint32_t w = 0; w < names.size(); ++w)
        if (const auto v = weight(w); std::fabs(v) > 0.05) all.emplace_back(names[w], v);
    std::sort(all.begin(), all.end());
    char text[32];
    for (const auto& [name, value] : all) {
        std::snprintf(text, sizeof text, "%.2f", value);
        out << name << '\t' << text << '\n';
    }
    std::fprintf(stderr, "%zu weights\n", all.size());
}
