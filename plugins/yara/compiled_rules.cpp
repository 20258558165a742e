#include "yara/compiled_rules.hpp"

#include <yara.h>

#include <algorithm>
#include <array>

#include "base/paths.hpp"

namespace deadbox::plugins::yara {
namespace compiling {

// What the compiler says of the file that it is at.
struct Said {
    std::string_view file;
    std::string words;
};

}  // namespace compiling
namespace {

constexpr std::size_t k_most_places = 8, k_longest_words = 1000;  // offsets that are told of a string; bytes of a meta text
constexpr std::size_t k_all_places = 1u << 20;  // bytes of a file of which all places of a string are looked for
constexpr std::array k_variables = {"filename", "filepath", "extension", "filetype", "owner"};
// What they answer depends on the clock, on files of the workstation or on a sandbox's report.
constexpr std::array<std::string_view, 3> k_refused_modules = {"time", "magic", "cuckoo"};

void on_yara_compile_error(int level, const char*, int line, const YR_RULE*, const char* message, void* user) {
    auto& said = *static_cast<compiling::Said*>(user);
    if (level == YARA_ERROR_LEVEL_ERROR && said.words.empty()) said.words = std::string(said.file) + " line " + std::to_string(line) + ": " + message;
}

std::string_view severity_of_meta(std::string_view value) {
    for (const std::string_view known : {"critical", "high", "medium", "low", "info"})
        if (value.size() == known.size() && std::equal(value.begin(), value.end(), known.begin(), [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; })) return known;
    return {};
}

void take_meta(const YR_RULE* rule, RuleMatch& match) {
    YR_META* meta = nullptr;
    yr_rule_metas_foreach(rule, meta) {
        if (meta->type != META_TYPE_STRING || meta->string == nullptr) continue;
        const std::string_view name = meta->identifier, value = meta->string;
        if (name == "description") match.description = value.substr(0, k_longest_words);
        else if (name == "severity") match.severity = severity_of_meta(value);
    }
    const char* tag = nullptr;
    yr_rule_tags_foreach(rule, tag) {
        if (match.tags.size() < k_longest_words) match.tags += (match.tags.empty() ? "" : " ") + std::string(tag);
    }
}

void take_places(YR_SCAN_CONTEXT* context, const YR_RULE* rule, RuleMatch& match) {
    YR_STRING* string = nullptr;
    yr_rule_strings_foreach(rule, string) {
        std::size_t told = 0;
        YR_MATCH* place = nullptr;
        yr_string_matches_foreach(context, string, place) {
            const auto at = static_cast<std::uint64_t>(place->base + place->offset);
            if (!match.offset || at < *match.offset) match.offset = at;
            if (told == k_most_places || match.places.size() > k_longest_words) break;
            if (told++ == 0) match.places += (match.places.empty() ? "" : "  ") + std::string(string->identifier);
            match.places += " @" + std::to_string(at);
        }
    }
}

struct Scanning {
    base::FunctionRef<void(const RuleMatch&)> visit;
    std::size_t matches = 0;
    bool cut = false;
    std::string refused;
};

int on_yara_message(YR_SCAN_CONTEXT* context, int message, void* data, void* user) {
    auto& scanning = *static_cast<Scanning*>(user);
    if (message == CALLBACK_MSG_IMPORT_MODULE) {
        const std::string_view module = static_cast<const YR_MODULE_IMPORT*>(data)->module_name;
        if (std::find(k_refused_modules.begin(), k_refused_modules.end(), module) == k_refused_modules.end()) return CALLBACK_CONTINUE;
        scanning.refused = module;
        return CALLBACK_ERROR;
    }
    if (message != CALLBACK_MSG_RULE_MATCHING) return CALLBACK_CONTINUE;
    if (scanning.matches == CompiledRules::k_most_matches) {
        scanning.cut = true;
        return CALLBACK_ABORT;
    }
    ++scanning.matches;
    const auto* rule = static_cast<const YR_RULE*>(data);
    RuleMatch match{rule->ns->name, rule->identifier, {}, {}, {}, {}, {}};
    take_meta(rule, match);
    take_places(context, rule, match);
    scanning.visit(match);
    return CALLBACK_CONTINUE;
}

}  // namespace

struct CompiledRules::Yara {
    std::unique_ptr<YR_COMPILER, decltype(&yr_compiler_destroy)> compiler{nullptr, &yr_compiler_destroy};
    std::unique_ptr<YR_RULES, int (*)(YR_RULES*)> rules{nullptr, &yr_rules_destroy};
    std::unique_ptr<YR_SCANNER, decltype(&yr_scanner_destroy)> scanner{nullptr, &yr_scanner_destroy};
    compiling::Said said;
    bool failed = false;
};

CompiledRules::CompiledRules() : m_yara(std::make_unique<Yara>()) {}
CompiledRules::~CompiledRules() = default;

base::Result<void> CompiledRules::add(const plugin::RuleText& rules) {
    if (!m_yara->compiler) {
        YR_COMPILER* raw = nullptr;
        if (yr_initialize() != ERROR_SUCCESS || yr_compiler_create(&raw) != ERROR_SUCCESS) return base::fail(base::Errc::unsupported, "YARA cannot be started");
        m_yara->compiler.reset(raw);
        yr_compiler_set_callback(raw, &on_yara_compile_error, &m_yara->said);
        yr_compiler_set_include_callback(raw, nullptr, nullptr, nullptr);
        for (const char* name : k_variables) yr_compiler_define_string_variable(raw, name, "");
    }
    const std::string file(rules.file), text(rules.text);
    m_yara->said = {file, {}};
    if (text.find('\0') != std::string::npos) {
        m_yara->failed = true;
        return base::fail(base::Errc::usage, file + " holds zero bytes: it is no text of rules");
    }
    m_yara->failed = m_yara->failed || yr_compiler_add_string(m_yara->compiler.get(), text.c_str(), file.c_str()) != 0;
    if (m_yara->failed) return base::fail(base::Errc::usage, m_yara->said.words.empty() ? file + " does not compile" : m_yara->said.words);
    return {};
}

base::Result<void> CompiledRules::finish() {
    if (m_yara->scanner) return {};
    YR_RULES* rules = nullptr;
    if (m_yara->failed || !m_yara->compiler || yr_compiler_get_rules(m_yara->compiler.get(), &rules) != ERROR_SUCCESS) return base::fail(base::Errc::internal, "the rules were not compiled");
    m_yara->rules.reset(rules);
    YR_SCANNER* scanner = nullptr;
    if (yr_scanner_create(rules, &scanner) != ERROR_SUCCESS) return base::fail(base::Errc::internal, "YARA has no scanner for the rules");
    m_yara->scanner.reset(scanner);
    return {};
}

std::size_t CompiledRules::count() {
    std::size_t count = 0;
    if (!finish()) return count;
    YR_RULE* rule = nullptr;
    yr_rules_foreach(m_yara->rules.get(), rule) count += RULE_IS_PRIVATE(rule) ? 0 : 1;
    return count;
}

base::Result<void> CompiledRules::scan(base::ByteView bytes, const FileFacts& facts, base::FunctionRef<void(const RuleMatch&)> visit) {
    TRY(finish());
    auto* scanner = m_yara->scanner.get();
    const std::string name(base::name_of(facts.path));
    const auto dot = name.rfind('.');
    const std::string extension = dot == std::string::npos || dot == 0 ? std::string() : name.substr(dot);
    yr_scanner_define_string_variable(scanner, "filename", name.c_str());
    yr_scanner_define_string_variable(scanner, "filepath", facts.path.c_str());
    yr_scanner_define_string_variable(scanner, "extension", extension.c_str());
    yr_scanner_define_string_variable(scanner, "filetype", facts.type.c_str());
    Scanning scanning{visit, 0, false, {}};
    yr_scanner_set_callback(scanner, &on_yara_message, &scanning);
    // Of a large file the first place of each string will do. No timeout, which would depend on the machine; the locked-down worker
    // lets nobody install signal handlers.
    yr_scanner_set_flags(scanner, (bytes.size() > k_all_places ? SCAN_FLAGS_FAST_MODE : 0) | SCAN_FLAGS_NO_TRYCATCH | SCAN_FLAGS_REPORT_RULES_MATCHING);
    const int code = yr_scanner_scan_mem(scanner, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    if (!scanning.refused.empty()) return base::fail(base::Errc::usage, "the module \"" + scanning.refused + "\" is not offered to rules: what it says does not depend on the file alone");
    if (scanning.cut) return base::fail(base::Errc::limit, "more than 256 rules match one file");
    if (code != ERROR_SUCCESS) return base::fail(base::Errc::limit, "YARA gave up with error " + std::to_string(code));
    return {};
}

}  // namespace deadbox::plugins::yara
