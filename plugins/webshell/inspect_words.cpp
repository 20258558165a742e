// What words say: the vocabulary of shells, tools with two uses, and our own rules.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "plugin/secret_value.hpp"
#include "webshell/hidden_program.hpp"
#include "webshell/inspect.hpp"
#include "webshell/rule_set.hpp"
#include "webshell/words.hpp"

namespace deadbox::plugins::webshell {
namespace {

struct Rules {
    Vocabulary vocabulary;
    RuleSet rule_set;
    bool loaded = false;
};
Rules& rules() {
    static Rules one;
    return one;
}

// Tools that administrators and intruders share: a name, and marks of which all must be there.
struct Tool {
    std::string_view name;
    std::array<std::string_view, 3> marks;
};
constexpr Tool k_known_tools[] = {
    {"Adminer", {"adminer.org", "adminer", "auth"}},
    {"phpMiniAdmin", {"phpminiadmin", "mysql", "query"}},
    {"Tiny File Manager", {"tinyfilemanager", "fm_", "upload"}},
    {"elFinder", {"elfinder", "connector", "volume"}},
    {"SQL Buddy", {"sqlbuddy", "query", "database"}},
    {"PHP File Manager", {"php file manager", "rename", "chmod"}},
    {"Responsive FileManager", {"responsivefilemanager", "upload", "folder"}},
    {"eXtplorer", {"extplorer", "ext_", "chmod"}},
    {"Web Console", {"web console", "jquery.terminal", "execute_command"}},
    {"PHP Shell", {"phpshell", "config.php", "proc_open"}},
    {"BigDump", {"bigdump", "staggered", "mysql"}},
    {"Search Replace DB", {"search replace db", "serialized", "database"}},
};

// The vocabulary knows too few harmless pages of these.

}  // namespace

base::Result<void> load_rules(const std::string& resources) {
    auto& r = rules();
    if (r.loaded) return {};
    r.loaded = true;
    TRY(r.rule_set.load(resources + "/rules.yar"));
    return r.vocabulary.load(resources + "/words.tsv");
}

void inspect_rules(std::string_view text, std::string_view decoded, Features& features) {
    const auto excerpt = [&](std::uint32_t offset) { return text.substr(std::min<std::size_t>(offset, text.size()), 300); };
    if (!features.has(Sign::decoded_code) && !features.has(Sign::hidden_code))
        if (const auto program = hidden_program(text)) {
            features.add(Sign::hidden_code, program->offset, 1, "a program in a text", excerpt(program->offset));
            if (features.decoded.size() < 8) features.decoded.push_back(program->decoded);
        }
    const auto& rule_set = rules().rule_set;
    auto match = rule_set.first_match(text, features.language, false);
    const bool inner = !match && !decoded.empty();
    if (inner) match = rule_set.first_match(decoded, features.language, true);
    if (!match) return;
    features.rule = match->rule;
    features.add(Sign::rule, inner ? features.code_offset : match->offset, inner ? 1 : 0, match->rule, inner ? decoded.substr(std::min<std::size_t>(match->offset, decoded.size()), 300) : excerpt(match->offset));
}

void inspect_words(std::string_view text, std::string_view decoded, Features& features) {
    const auto& r = rules();
    if (!r.vocabulary.is_empty() && features.language != Language::node && !is_server_page(features.language)) features.words = r.vocabulary.score(text, decoded, features, features.word_count);
    // What is judged by its words says so: nothing is accused with an empty list.
    constexpr double k_telling = 2.4;
    if (features.language == Language::php && features.words > k_telling && std::none_of(features.signs.begin(), features.signs.end(), [](const Place& place) { return place.count > 0; }))
        features.add(Sign::vocabulary, std::min<std::uint32_t>(features.code_offset, static_cast<std::uint32_t>(text.size())), 0, "words", text.substr(std::min<std::size_t>(features.code_offset, text.size()), 300));
    if (features.size > 8000 && (features.has(Sign::sql_console) || features.has(Sign::request_command) || features.has(Sign::read_file) || features.has(Sign::upload) || features.has(Sign::write_file) || features.has(Sign::database_login) || features.has(Sign::fixed_command))) {
        const auto low = plugin::lowered(text.substr(0, 400'000));
        for (const auto& tool : k_known_tools)
            if (std::all_of(tool.marks.begin(), tool.marks.end(), [&](auto mark) { return low.find(mark) != low.npos; })) {
                features.dual_use = tool.name;
                features.add(Sign::dual_use, 0, 0, tool.name, std::string(text.substr(0, 200)));
                break;
            }
    }
}

}  // namespace deadbox::plugins::webshell
