#include "case/fixed_options.hpp"

#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "case/meta.hpp"

namespace deadbox::case_file {
namespace {

using Json = nlohmann::json;
using Patterns = std::vector<std::string>;

// meta: "journal" is "replay" or "ignore"; "time_zone" the zone; "scope" and "exclude" arrays of patterns, each as the
// hexadecimal digits of its bytes; "case.scope" and "case.exclude" the same for people, as text. Cases from before have the
// last two alone, and the rest in what their first run was told.
constexpr std::string_view k_journal = "journal", k_zone = "time_zone", k_scope = "scope", k_exclude = "exclude";

base::Result<void> set_patterns(const Database& database, std::string_view key, const Patterns& patterns) {
    Json exact = Json::array();
    for (const auto& pattern : patterns) exact.push_back(base::to_hex(pattern));
    TRY(set_meta(database, key, exact.dump()));
    return set_meta(database, "case." + std::string(key), Json(patterns).dump(-1, ' ', false, Json::error_handler_t::replace));
}

Patterns texts_of(const Json& list) {
    Patterns all;
    if (!list.is_array()) return all;
    for (const auto& one : list)
        if (one.is_string()) all.push_back(one.get<std::string>());
    return all;
}

// `before`: what the first run of an older case was told.
base::Result<Patterns> patterns_of(const Database& database, std::string_view key, const Json& before) {
    TRY_ASSIGN(const auto exact, meta(database, key));
    if (!exact) return before.is_object() ? texts_of(before.value(key, Json::array())) : Patterns();
    Patterns all;
    for (const auto& digits : texts_of(Json::parse(*exact, nullptr, false))) {
        auto bytes = base::from_hex(digits);
        if (!bytes) return base::fail(base::Errc::corrupt, "a pattern of " + std::string(key) + " is damaged in the case");
        all.push_back(*std::move(bytes));
    }
    return all;
}

// Did an analysis of this case ever begin? The file may be there without: the power went before its first commit.
base::Result<bool> began(const Database& database) {
    TRY_ASSIGN(Statement table, database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'run'"));
    TRY_ASSIGN(const bool there, table.step());
    if (!there) return false;
    TRY_ASSIGN(Statement run, database.prepare("SELECT 1 FROM run LIMIT 1"));
    return run.step();
}

}  // namespace

base::Result<void> fix_options(const Database& database, const FixedOptions& options) {
    TRY(set_patterns(database, k_scope, options.scope));
    TRY(set_patterns(database, k_exclude, options.exclude));
    TRY(set_meta(database, k_zone, options.time_zone));
    return set_meta(database, k_journal, options.journal == JournalReading::ignore ? "ignore" : "replay");
}

base::Result<std::optional<FixedOptions>> fixed_options(const Database& database) {
    TRY_ASSIGN(const bool any, began(database));
    if (!any) return std::nullopt;
    TRY_ASSIGN(Statement first, database.prepare("SELECT options FROM run ORDER BY id LIMIT 1"));
    TRY(first.step());
    const auto before = Json::parse(first.text(0), nullptr, false);
    FixedOptions options;
    TRY_ASSIGN(options.scope, patterns_of(database, k_scope, before));
    TRY_ASSIGN(options.exclude, patterns_of(database, k_exclude, before));
    TRY_ASSIGN(const auto zone, meta(database, k_zone));
    options.time_zone = zone.value_or("");
    TRY_ASSIGN(const auto journal, meta(database, k_journal));
    const auto told = journal ? *journal : before.is_object() && before.contains(k_journal) && before[k_journal].is_string() ? before[k_journal].get<std::string>() : std::string();
    if (told == "ignore") options.journal = JournalReading::ignore;
    return options;
}

}  // namespace deadbox::case_file
