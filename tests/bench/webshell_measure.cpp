// Runs the webshell topic's reader and verdict over lists of files, with place, owner and time neutral.
//   webshell_measure LIST            LIST: lines "path <tab> name-to-show ..." ; prints one line a file:
//   level <tab> score <tab> kind <tab> signs <tab> the list's line
//   webshell_measure --speed LIST    bytes, seconds, MB/s
#include <chrono>
#include <cstdlib>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

#include "webshell/inspect.hpp"
#include "webshell/verdict.hpp"

using namespace deadbox::plugins::webshell;

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    const bool speed = std::string(argv[1]) == "--speed";
    if (const char* resources = std::getenv("DEADBOX_RESOURCES")) (void)load_rules(std::string(resources) + "/webshell");
    std::ifstream list(argv[argc - 1]);
    std::string line;
    std::uint64_t bytes = 0, files = 0;
    double seconds = 0, worst = 0;
    std::string slowest;
    while (std::getline(list, line)) {
        const auto path = line.substr(0, line.find('\t'));
        std::ifstream file(path, std::ios::binary);
        std::stringstream buffer;
        buffer << file.rdbuf();
        const std::string text = buffer.str();
        const auto start = std::chrono::steady_clock::now();
        const auto language = language_of(path, std::string_view(text).substr(0, 65536));
        Inspection inspection;
        if (language != Language::none) inspection = inspect(std::string_view(text).substr(0, 8u << 20), path, language);
        const auto verdict = judge(inspection.features);
        const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        seconds += took;
        if (took > worst) worst = took, slowest = path;
        bytes += text.size();
        ++files;
        if (speed) continue;
        std::string signs;
        for (std::size_t i = 0; i < k_signs; ++i) {
            const auto& place = inspection.features.signs[i];
            if (place.count > 0) signs += std::string(name_of(static_cast<Sign>(i))) + ":" + std::to_string(place.count) + "@" + std::to_string(place.offset) + " ";
        }
        char figures[200];
        std::snprintf(figures, sizeof figures, "%s\t%.1f\t%s\t%s w=%.1f n=%u a=%d e=%d t=%u l=%u %s\t", std::string(name_of(verdict.level)).c_str(), verdict.score, verdict.kind.c_str(), std::string(name_of(language)).c_str(), inspection.features.words, inspection.features.word_count, inspection.features.acts, inspection.features.evaluates, inspection.features.tokens, inspection.features.layers, inspection.features.parsed_fully ? "" : "cut");
        std::cout << figures << signs << '\t' << line << '\n';
    }
    std::fprintf(stderr, "%llu files, %.1f MB, %.1f s, %.1f MB/s; slowest %.2f s %s\n", static_cast<unsigned long long>(files), static_cast<double>(bytes) / 1e6, seconds, static_cast<double>(bytes) / 1e6 / seconds, worst, slowest.c_str());
}
