#include "report/custody_words.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace deadbox::report {
namespace {

using nlohmann::ordered_json;

std::string words_of(const ordered_json& value, const Texts& texts);

std::string word(std::string_view kind, const std::string& id, const Texts& texts) {
    const std::string& text = texts.find("report", fmt::format("custody_words.{}.{}", kind, id));
    return text.empty() ? id : text;
}

std::string members(const ordered_json& object, std::string_view between, const Texts& texts) {
    std::string all;
    for (const auto& [key, value] : object.items()) {
        // These are ids of the program's own; anything else is what somebody wrote, or a number.
        const bool named = value.is_string() && (key == "access" || key == "kind" || key == "profile" || key == "journal" || key == "state" || key == "audience" || key == "level" || key == "redacted");
        const auto said = named ? word("values", value.get<std::string>(), texts) : key == "corrects" && value == 0 ? std::string() : words_of(value, texts);
        if (!said.empty()) all += fmt::format("{}{}: {}", all.empty() ? "" : between, word("names", key, texts), said);
    }
    return all;
}

std::string words_of(const ordered_json& value, const Texts& texts) {
    if (value.is_null()) return {};
    if (value.is_boolean()) return texts.of(value.get<bool>() ? "html.yes" : "html.no");
    if (value.is_object()) {
        const auto inner = members(value, ", ", texts);
        return inner.empty() ? inner : "(" + inner + ")";
    }
    if (value.is_array()) {
        std::string all;
        for (const auto& one : value) all += (all.empty() ? "" : ", ") + words_of(one, texts);
        return all;
    }
    if (!value.is_string()) return value.dump();
    const auto& text = value.get_ref<const std::string&>();
    if (text.starts_with('{'))  // an object that is kept as its text: a conclusion
        if (const auto inner = ordered_json::parse(text, nullptr, false); inner.is_object()) return words_of(inner, texts);
    return text;
}

}  // namespace

std::string custody_words(std::string_view details, const Texts& texts) {
    const auto object = ordered_json::parse(details, nullptr, false);
    return object.is_object() ? members(object, "; ", texts) : std::string();
}

}  // namespace deadbox::report
