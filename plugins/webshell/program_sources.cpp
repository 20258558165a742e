#include "webshell/program_sources.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <unordered_map>
#include <vector>

#include "webshell/program_words.hpp"
#include "webshell/letters.hpp"

namespace deadbox::plugins::webshell {
namespace {

constexpr std::string_view k_decoders[] = {"decompress", "b64decode", "decode64", "unhexlify", "a2b_base64", "fromhex", "atob", "start_server", "route", "websocket", "api_route"};

// What a source is made of: "environ.get(QUERY_STRING" of two words, and a text that stands somewhere.
struct SourceParts {
    std::vector<std::uint16_t> words;
    std::string_view inside;
    bool of_input = false, of_handler = false;
};
struct SourceTable {
    std::unordered_map<std::string_view, std::uint16_t> words;
    std::vector<SourceParts> sources;

    void add(std::string_view source) {
        SourceParts parts;
        parts.of_input = source == "sys.stdin" || source == "<STDIN" || source.starts_with("STDIN.") || source.starts_with("stdin.") || source.starts_with("ARGF.");
        parts.of_handler = source.starts_with("self.");
        const auto open = source.find_first_of("[(");
        if (open != source.npos) parts.inside = source.substr(open + 1);
        const auto chain = source.substr(0, open);
        for (std::size_t from = 0; from < chain.size();) {
            const auto end = std::min(chain.find_first_of(".:<", from), chain.size());
            if (end > from) parts.words.push_back(words.try_emplace(chain.substr(from, end - from), static_cast<std::uint16_t>(words.size())).first->second);
            from = end + 1;
        }
        sources.push_back(std::move(parts));
    }
    explicit SourceTable(Language language) {
        for (const auto s : sources_of(language)) add(s);
        for (const auto s : remote_sources()) add(s);
        for (const auto s : connections()) add(s);
        for (const auto s : k_decoders) if (language != Language::perl) add(s);
        if (language == Language::perl) add("LWP.Simple");
    }
};

// Each word of a text that a name's parts may be.
template <class Visit>
void each_part(std::string_view text, const Visit& visit) {
    for (std::size_t from = 0; from < text.size();) {
        while (from < text.size() && !is_name(text[from])) ++from;
        auto end = from;
        while (end < text.size() && is_name(text[end])) ++end;
        if (end > from) visit(text.substr(from, end - from));
        from = end;
    }
}

// @app.post("/run/<task>"): the function below is given parts of the request.
bool has_route(const ProgramTokens& tokens) {
    for (std::size_t i = 0; i + 4 < tokens.all.size(); ++i) {
        if (tokens.all[i].kind != TokenKind::mark || tokens.all[i].text != "@") continue;
        for (auto k = i + 1; k < tokens.all.size() && tokens.all[k].kind != TokenKind::end; ++k)
            if (tokens.all[k].kind == TokenKind::name && one_of(tokens.all[k].text, {"get", "post", "put"})) return true;
    }
    return false;
}

}  // namespace

bool speaks_cgi(std::string_view text) { return text.find("CONTENT_LENGTH") != text.npos || text.find("ontent-") != text.npos || text.find("CGI") != text.npos; }
bool answers_wsgi(std::string_view text) { return text.find("def application(") != text.npos || text.find("start_response") != text.npos || text.find(": Request") != text.npos || text.find(":Request") != text.npos; }
bool handles_requests(std::string_view text) { return text.find("RequestHandler") != text.npos || text.find("do_GET") != text.npos || text.find("do_POST") != text.npos; }

bool may_take(std::string_view text, const ProgramTokens& tokens, Language language) {
    if (language != Language::python && language != Language::perl && language != Language::ruby) return true;
    static std::map<Language, SourceTable> tables;
    auto place = tables.find(language);
    if (place == tables.end()) place = tables.emplace(language, SourceTable(language)).first;
    const auto& table = place->second;
    std::vector<bool> held(table.words.size());
    const auto see = [&](std::string_view word) {
        if (const auto known = table.words.find(word); known != table.words.end()) held[known->second] = true;
    };
    for (const auto& [word, known] : tokens.words) {
        if (word.find(':') == word.npos) see(word);
        else each_part(word, see);
    }
    // obj["name"], getattr(obj, "name"), "#{name}"
    for (const auto& t : tokens.all) if (t.kind == TokenKind::text && (t.interpolates || t.text.size() <= 40)) each_part(t.text, see);
    for (const auto& s : table.sources) {
        if (!std::all_of(s.words.begin(), s.words.end(), [&](auto word) { return held[word]; })) continue;
        if (!s.inside.empty() && text.find(s.inside) == text.npos) continue;
        if ((s.of_input && !speaks_cgi(text)) || (s.of_handler && !handles_requests(text))) continue;
        return true;
    }
    if (language == Language::python && answers_wsgi(text)) return true;
    return (language == Language::python && has_route(tokens)) || looks_up_pieces(text, language);
}

}  // namespace deadbox::plugins::webshell
