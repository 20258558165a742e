#include "webshell/rule_set.hpp"

#include <yara.h>

#include <fstream>
#include <memory>
#include <sstream>

namespace deadbox::plugins::webshell {
namespace {

void on_compile_error(int level, const char*, int line, const YR_RULE*, const char* message, void* user) {
    if (level != YARA_ERROR_LEVEL_ERROR) return;
    auto& said = *static_cast<std::string*>(user);
    if (said.empty()) said = "line " + std::to_string(line) + ": " + message;
}

int on_match(YR_SCAN_CONTEXT* context, int message, void* data, void* user) {
    if (message != CALLBACK_MSG_RULE_MATCHING) return CALLBACK_CONTINUE;
    const auto* rule = static_cast<const YR_RULE*>(data);
    RuleSet::Match match{rule->identifier, UINT32_MAX, 0};
    YR_STRING* string = nullptr;
    yr_rule_strings_foreach(rule, string) {
        YR_MATCH* place = nullptr;
        yr_string_matches_foreach(context, string, place) {
            const auto offset = static_cast<std::uint32_t>(place->base + place->offset);
            if (offset < match.offset) match.offset = offset, match.length = static_cast<std::uint32_t>(place->match_length);
            break;
        }
    }
    if (match.offset == UINT32_MAX) match.offset = 0;
    *static_cast<std::optional<RuleSet::Match>*>(user) = std::move(match);
    return CALLBACK_ABORT;
}

}  // namespace

RuleSet::~RuleSet() {
    if (m_rules) yr_rules_destroy(static_cast<YR_RULES*>(m_rules));
}

base::Result<void> RuleSet::load(const std::string& path) {
    if (m_rules) return {};
    std::ifstream file(path);
    if (!file) return base::fail(base::Errc::not_found, "the rules " + path + " cannot be read");
    std::stringstream text;
    text << file.rdbuf();
    if (yr_initialize() != ERROR_SUCCESS) return base::fail(base::Errc::unsupported, "YARA cannot be started");
    YR_COMPILER* raw = nullptr;
    if (yr_compiler_create(&raw) != ERROR_SUCCESS) return base::fail(base::Errc::unsupported, "YARA has no compiler");
    const std::unique_ptr<YR_COMPILER, decltype(&yr_compiler_destroy)> compiler(raw, &yr_compiler_destroy);
    std::string said;
    yr_compiler_set_callback(compiler.get(), &on_compile_error, &said);
    yr_compiler_define_string_variable(compiler.get(), "language", "");
    yr_compiler_define_boolean_variable(compiler.get(), "decoded", 0);
    if (yr_compiler_add_string(compiler.get(), text.str().c_str(), nullptr) != 0) return base::fail(base::Errc::corrupt, "the rules " + path + " do not compile: " + said);
    YR_RULES* rules = nullptr;
    if (yr_compiler_get_rules(compiler.get(), &rules) != ERROR_SUCCESS) return base::fail(base::Errc::corrupt, "the rules " + path + " cannot be loaded");
    m_rules = rules;
    return {};
}

std::optional<RuleSet::Match> RuleSet::first_match(std::string_view text, Language language, bool decoded) const {
    if (!m_rules || text.empty()) return std::nullopt;
    YR_SCANNER* raw = nullptr;
    if (yr_scanner_create(static_cast<YR_RULES*>(m_rules), &raw) != ERROR_SUCCESS) return std::nullopt;
    const std::unique_ptr<YR_SCANNER, decltype(&yr_scanner_destroy)> scanner(raw, &yr_scanner_destroy);
    std::optional<Match> found;
    yr_scanner_define_string_variable(scanner.get(), "language", std::string(name_of(language)).c_str());
    yr_scanner_define_boolean_variable(scanner.get(), "decoded", decoded);
    yr_scanner_set_callback(scanner.get(), &on_match, &found);
    // No timeout, which would depend on the machine; the locked-down worker lets nobody install signal handlers.
    yr_scanner_set_flags(scanner.get(), SCAN_FLAGS_FAST_MODE | SCAN_FLAGS_NO_TRYCATCH);
    (void)yr_scanner_scan_mem(scanner.get(), reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    return found;
}

}  // namespace deadbox::plugins::webshell
