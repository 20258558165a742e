#include "webshell/inspect.hpp"
#include "webshell/php_evaluator.hpp"
#include "webshell/php_syntax.hpp"

namespace deadbox::plugins::webshell {

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
        php::evaluate(text, root, arena, facts, php::Limits(), features, decoded);
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
}

}  // namespace deadbox::plugins::webshell
