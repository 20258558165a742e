#include "report/texts.hpp"

#include <algorithm>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "base/resources.hpp"

namespace deadbox::report {
namespace {

using nlohmann::json;

std::string text_of(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_null()) return {};
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// "rules" -> "x" -> "title" becomes rules.x.title; event types have dots of their own, which is no harm.
void flatten(const json& value, const std::string& prefix, std::map<std::string, std::string, std::less<>>& into) {
    if (!value.is_object()) {
        if (value.is_string()) into.insert_or_assign(prefix, value.get<std::string>());
        return;
    }
    for (const auto& [key, member] : value.items()) flatten(member, prefix.empty() ? key : prefix + "." + key, into);
}

}  // namespace

Arguments parse_arguments(std::string_view text) {
    Arguments arguments;
    const json object = json::parse(text, nullptr, false);
    if (!object.is_object()) return arguments;
    for (const auto& [key, value] : object.items()) arguments.emplace_back(key, text_of(value));
    return arguments;
}

std::vector<std::string> parse_list(std::string_view text) {
    std::vector<std::string> list;
    const json array = json::parse(text, nullptr, false);
    if (!array.is_array()) return list;
    for (const auto& value : array) list.push_back(text_of(value));
    return list;
}

namespace {

// `all`: every placeholder had an argument that is not empty.
std::string fill_plain(std::string_view text, const Arguments& arguments, bool& all) {
    std::string out;
    out.reserve(text.size() + 64);
    for (;;) {
        const auto open = text.find('{');
        const auto close = open == std::string_view::npos ? open : text.find('}', open);
        if (close == std::string_view::npos) return out.append(text);
        out.append(text.substr(0, open));
        const auto hole = text.substr(open + 1, close - open - 1);
        const auto one = hole.find('|'), many = one == std::string_view::npos ? one : hole.find('|', one + 1);
        const auto name = hole.substr(0, one);
        const std::string* value = nullptr;
        for (const auto& [key, argument] : arguments)
            if (key == name) value = &argument;
        if (value == nullptr || value->empty()) all = false;
        if (many != std::string_view::npos) out.append(value != nullptr && *value == "1" ? hole.substr(one + 1, many - one - 1) : hole.substr(many + 1));
        else out.append(value != nullptr ? std::string_view(*value) : std::string_view("?"));
        text.remove_prefix(close + 1);
    }
}

}  // namespace

std::string fill(std::string_view text, const Arguments& arguments) {
    std::string out;
    for (;;) {
        const auto open = text.find("[[");
        const auto close = open == std::string_view::npos ? open : text.find("]]", open);
        bool all = true;
        out += fill_plain(close == std::string_view::npos ? text : text.substr(0, open), arguments, all);
        if (close == std::string_view::npos) return out;
        all = true;
        const auto inner = fill_plain(text.substr(open + 2, close - open - 2), arguments, all);
        if (all) out += inner;
        text.remove_prefix(close + 2);
    }
}

namespace {

// Digits, a point, digits, and a unit.
bool is_figure(std::string_view value) {
    const auto blank = value.find(' ');
    if (blank == std::string_view::npos) return false;
    const auto number = value.substr(0, blank), unit = value.substr(blank + 1);
    const auto point = number.find('.');
    if (point == std::string_view::npos || point == 0 || point + 1 == number.size() || number.find_first_not_of("0123456789.") != std::string_view::npos || number.find('.', point + 1) != std::string_view::npos) return false;
    for (const std::string_view known : {"kB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB", "PiB", "%", "s", "ms"})
        if (unit == known) return true;
    return false;
}

}  // namespace

base::Result<Texts> Texts::load(std::string_view language) {
    Texts texts;
    TRY_ASSIGN(const std::string folder, base::resources_folder());
    texts.m_language = language;
    const auto none = [&] { return base::fail(base::Errc::usage, "there are no texts in the language " + std::string(language)); };
    if (language.empty() || language.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") != std::string_view::npos) return none();
    // English alone would pass for a translation.
    if (!base::read_resource(folder + "/report/" + texts.m_language + ".json")) return none();
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
        Table table;
        for (const std::string& one : {std::string("en"), texts.m_language}) {
            const std::string path = entry.path().string() + "/" + one + ".json";
            const auto text = base::read_resource(path);
            if (!text) continue;
            const json parsed = json::parse(*text, nullptr, false);
            if (parsed.is_discarded()) return base::fail(base::Errc::corrupt, "the texts in " + path + " are broken: no valid JSON");
            flatten(parsed, "", table);
        }
        texts.m_topics.emplace(entry.path().filename().string(), std::move(table));
    }
    if (failed) return base::fail(base::Errc::io, "cannot read " + folder + ": " + failed.message());
    return texts;
}

const std::string& Texts::find(std::string_view topic, std::string_view key) const {
    static const std::string k_none;
    const auto texts = m_topics.find(topic);
    if (texts == m_topics.end()) return k_none;
    const auto found = texts->second.find(key);
    return found == texts->second.end() ? k_none : found->second;
}

std::string Texts::area(const std::string& id) const {
    const auto name = find("report", "area." + id);
    return name.empty() ? id : name;
}

std::string Texts::reason(const std::string& english) const {
    const std::string& text = find("report", "reasons." + english);
    return text.empty() ? english : text;
}

std::string Texts::argument(std::string_view topic, const std::string& name, const std::string& value, const Arguments& arguments) const {
    const std::string key = "words." + name + ".";
    if (const std::string& whole = find(topic, key + value); !whole.empty()) return fill(whole, arguments);
    if (is_figure(value)) return figure(value);
    // A list of ids, by commas or blanks, each perhaps with how often it was seen: "upload:2 mail".
    const std::string_view between = value.find(", ") != std::string::npos ? ", " : " ";
    std::string out;
    bool any = false;
    for (std::size_t at = 0; at <= value.size();) {
        const auto end = std::min(value.find(between, at), value.size());
        const std::string part = value.substr(at, end - at);
        const auto colon = part.find(':');
        const std::string& word = find(topic, key + part.substr(0, colon));
        any |= !word.empty();
        out += (out.empty() ? "" : ", ") + (word.empty() ? part : word + (colon == std::string::npos ? "" : " (" + part.substr(colon + 1) + ")"));
        at = end + between.size();
    }
    return any ? out : value;
}

std::string Texts::figure(std::string text) const {
    if (const auto point = text.find('.'); point != std::string::npos) text.replace(point, 1, of("decimal_point"));
    return text;
}

std::string Texts::of(std::string_view key) const {
    const std::string& text = find("report", key);
    return text.empty() ? std::string(key) : text;
}

}  // namespace deadbox::report
