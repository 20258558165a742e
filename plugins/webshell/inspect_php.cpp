#include <algorithm>

#include "webshell/inspect.hpp"
#include "webshell/php_evaluator.hpp"
#include "webshell/php_syntax.hpp"

namespace deadbox::plugins::webshell {
namespace {

constexpr std::size_t k_short = 1500, k_least_rest = 200;
constexpr std::uint32_t k_least_rest_tokens = 40, k_much_text = 4096;

std::size_t count_of(std::string_view text, std::string_view part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++n;
    return n;
}

// A short script with foreign lines at its edge: taken away, they leave a script that does nothing of the kind. (Of
// longer scripts the place alone says it.)
void find_foreign_edge(std::string_view text, Features& features) {
    if (text.size() >= k_short || text.size() < k_least_rest) return;
    std::size_t first = text.size(), last = 0;
    for (const auto& place : features.signs)
        if (place.count > 0) first = std::min<std::size_t>(first, place.offset), last = std::max<std::size_t>(last, place.offset);
    if (first >= text.size()) return;
    auto from = first > 0 ? text.rfind('\n', first - 1) : text.npos;
    from = from == text.npos ? 0 : from + 1;
    auto to = text.find('\n', std::min(last, text.size() - 1));
    to = to == text.npos ? text.size() : to + 1;
    const auto before = text.substr(0, from), piece = text.substr(from, to - from), after = text.substr(to);
    const bool at_start = before.size() < 8, at_end = after.find_first_not_of(" \r\n\t?>") == after.npos;
    if ((!at_start && !at_end) || text.size() - piece.size() < k_least_rest) return;
    std::string rest(before);
    if (at_start && before.find("<?") == before.npos && count_of(piece, "<?") > count_of(piece, "?>")) rest += "<?php\n";
    rest += after;
    Features left;
    std::string none;
    left.language = Language::php;
    left.size = rest.size();
    inspect_php(rest, left, none);
    for (const auto& place : left.signs) if (place.count > 0) return;
    if (left.tokens >= k_least_rest_tokens && !left.evaluates) features.add(Sign::appended, static_cast<std::uint32_t>(first), 0, at_start ? "before" : "behind", piece.substr(0, 300));
}

}  // namespace

void inspect_php(std::string_view text, Features& features, std::string& decoded) {
    std::string narrow;  // of UTF-16, which PHP reads with zend.multibyte
    if (text.size() > 8 && ((text[0] == '\xff' && text[1] == '\xfe') || (text[0] == '\xfe' && text[1] == '\xff'))) {
        for (std::size_t i = text[0] == '\xff' ? 2 : 3; i < text.size(); i += 2) narrow += text[i];
        text = narrow;
    }
    php::Arena arena;
    php::LexicalFacts facts;
    const auto tokens = php::tokenize(text, false, arena, facts);
    features.tokens = facts.tokens;
    features.code_offset = facts.first_code;
    features.longest_string = facts.longest_string;
    features.string_share = facts.code_bytes ? static_cast<double>(facts.string_bytes) / facts.code_bytes : 0;
    features.comment_share = facts.code_bytes ? static_cast<double>(facts.comment_bytes) / (facts.code_bytes + facts.comment_bytes) : 0;
    features.odd_names = facts.odd_names;
    features.silenced = facts.silenced;
    features.variables = facts.variables;
    features.words_in_code = facts.words;
    features.underscore_share = facts.variables ? static_cast<double>(facts.underscores) / facts.variables : 0;
    // Most of an application's files define classes and hold neither a source nor a sink.
    if (facts.sinks || (facts.sources && facts.decoders)) {
        auto* root = php::parse(tokens, arena, facts);
        php::Limits limits;
        if (facts.evaluates && facts.string_bytes >= k_much_text && facts.string_bytes * 2 > facts.code_bytes) limits.steps = limits.steps_of_hidden;
        php::evaluate(text, root, arena, facts, limits, features, decoded);
    }
    features.escaped_bytes = facts.escaped_bytes;
    features.evaluates = facts.evaluates;
    features.acts = facts.sinks && facts.sources;
    // Much hidden text, something that runs code, and no end of it was reached: said so.
    if (facts.evaluates && facts.longest_opaque >= 700 && !features.has(Sign::decoded_code) && !features.has(Sign::hidden_code)) {
        const auto at = text.find("eval");
        const auto place = at == text.npos ? facts.first_code : at;
        features.add(Sign::hidden_code, static_cast<std::uint32_t>(place), 0, "undecoded text", text.substr(place, 300));
    }
    find_foreign_edge(text, features);
}

}  // namespace deadbox::plugins::webshell
