#include "engine/own_files.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/encoding.hpp"
#include "base/paths.hpp"
#include "case/custody.hpp"
#include "case/meta.hpp"
#include "engine/rule_check.hpp"
#include "plugin/topic.hpp"
#include "sets/line_reader.hpp"
#include "sets/rule_files.hpp"

namespace deadbox::engine {
namespace {

// meta: an array of what record() has and "path", as hexadecimal digits.
constexpr std::string_view k_own_files = "own_files";

struct KindOfFile {
    OwnFile::Kind kind;
    std::string_view id, option, words;
    std::vector<std::string> AnalysisOptions::*given;
};
const KindOfFile k_kinds_of_files[] = {
    {OwnFile::Kind::trust, "trust", "--trust", "known-good sets of packages", &AnalysisOptions::trust},
    {OwnFile::Kind::hash_set, "hash_set", "--hash-set", "hash sets", &AnalysisOptions::hash_sets},
    {OwnFile::Kind::rules, "rules", "--yara", "YARA rules", &AnalysisOptions::rules},
};

const KindOfFile& kind_of_file(OwnFile::Kind kind) {
    return *std::find_if(std::begin(k_kinds_of_files), std::end(k_kinds_of_files), [&](const KindOfFile& one) { return one.kind == kind; });
}

nlohmann::json json_of(const OwnFile& file) {
    return {{"kind", kind_of_file(file.kind).id}, {"name", base::to_utf8(file.name)}, {"file", file.file}, {"as", file.about}, {"entries", file.entries}, {"sha256", base::to_hex(file.sha256)}};
}

struct Begun {
    std::string path, sha256;
};

std::string text_member(const nlohmann::json& object, const char* key) {
    return object.is_object() && object.contains(key) && object[key].is_string() ? object[key].get<std::string>() : std::string();
}

std::vector<Begun> files_begun_with(const nlohmann::json& kept, std::string_view kind) {
    std::vector<Begun> all;
    if (!kept.is_array()) return all;
    for (const auto& one : kept)
        if (text_member(one, "kind") == kind) all.push_back({base::from_hex(text_member(one, "path")).value_or(""), base::from_hex(text_member(one, "sha256")).value_or("")});
    return all;
}

}  // namespace

base::Result<void> OwnFiles::add_rules(const std::string& path) {
    TRY_ASSIGN(auto files, sets::read_rule_files(path));
    for (auto& one : files) {
        OwnFile file;
        file.kind = OwnFile::Kind::rules;
        std::error_code none;
        file.path = std::filesystem::absolute(one.path, none).lexically_normal().string();
        file.name = one.name;
        // Names are namespaces of rules: two files of one name stay apart.
        for (int number = 2; std::any_of(m_rules.begin(), m_rules.end(), [&](const auto& other) { return other.first == file.name; }); ++number) file.name = one.name + " (" + std::to_string(number) + ")";
        file.file = file.name, file.sha256 = one.sha256;
        m_rules.emplace_back(file.name, std::move(one.text));
        m_all.push_back(std::move(file));
    }
    return {};
}

base::Result<void> OwnFiles::compile_rules(const AnalysisOptions& options) {
    TRY_ASSIGN(const auto checked, check_rules(m_rules, options.reduced_sandbox, options.hang_seconds));
    auto answer = checked.begin();
    for (auto& file : m_all) {
        if (file.kind != OwnFile::Kind::rules) continue;
        if (!answer->error.empty()) return base::fail(base::Errc::usage, "rules that do not compile: " + answer->error);
        file.entries = (answer++)->rules;
    }
    return {};
}

base::Result<void> OwnFiles::add(OwnFile::Kind kind, const std::string& path) {
    if (kind == OwnFile::Kind::rules) return add_rules(path);
    OwnFile file;
    file.kind = kind;
    std::error_code none;
    file.path = std::filesystem::absolute(path, none).lexically_normal().string();
    file.file = base::to_utf8(base::name_of(file.path));
    if (kind == OwnFile::Kind::trust) {
        TRY_ASSIGN(auto set, sets::TrustSet::open(path));
        file.name = set.name(), file.entries = set.files();
        m_trust_sets.push_back(std::move(set));
    } else {
        TRY_ASSIGN(auto set, sets::HashSet::open(path));
        file.name = set.name(), file.about = set.verdict() == sets::Verdict::bad ? "bad" : "good", file.entries = set.entries();
        m_hash_sets.push_back(std::move(set));
    }
    TRY_ASSIGN(const auto digest, sets::digest_of_file(path));
    file.sha256 = base::as_text(base::ByteView(digest.sha256));
    m_all.push_back(std::move(file));
    return {};
}

base::Result<OwnFiles> OwnFiles::load(const case_file::Database* begun, const AnalysisOptions& options) {
    OwnFiles own;
    nlohmann::json kept;
    if (begun != nullptr) {
        TRY_ASSIGN(const auto text, case_file::meta(*begun, k_own_files));
        if (text) kept = nlohmann::json::parse(*text, nullptr, false);
    }
    for (const auto& kind : k_kinds_of_files) {
        const auto before = files_begun_with(kept, kind.id);
        const auto& given = options.*kind.given;
        const auto first = own.m_all.size();
        for (const auto& path : given) TRY(own.add(kind.kind, path));
        if (given.empty()) {
            for (const auto& one : before) {
                auto added = own.add(kind.kind, one.path);
                if (added && own.m_all.back().sha256 != one.sha256) added = base::fail(base::Errc::usage, one.path + " is not what it was then");
                if (!added) return base::fail(base::Errc::usage, "the case was begun with " + std::string(kind.words) + ": " + added.error().what + "; give those that hold now by " + std::string(kind.option));
            }
            continue;
        }
        std::vector<std::string> was, is;
        for (const auto& one : before) was.push_back(one.sha256);
        for (auto i = first; i < own.m_all.size(); ++i) is.push_back(own.m_all[i].sha256);
        if (begun != nullptr && was != is) own.m_changes.push_back("the " + std::string(kind.words) + " are others than those that the case was begun with: what rests on them is made anew"), own.m_other_rules = own.m_other_rules || kind.kind == OwnFile::Kind::rules;
    }
    TRY(own.compile_rules(options));
    return own;
}

base::Result<void> OwnFiles::forget_matches(const case_file::Database& database) const {
    for (const auto* topic : plugin::topics())
        for (const auto& table : topic->tables)
            if (m_other_rules && table.role == "rule_match") TRY(database.execute("DELETE FROM meta WHERE key = 'topic." + std::string(topic->id) + "'"));
    return {};
}

std::string OwnFiles::record() const {
    auto all = nlohmann::json::array();
    for (const auto& file : m_all) all.push_back(json_of(file));
    return all.dump();
}

base::Result<void> OwnFiles::keep(const case_file::Database& database) const {
    auto all = nlohmann::json::array();
    for (const auto& file : m_all) {
        auto one = json_of(file);
        TRY(case_file::append_custody(database, case_file::current_actor(), "known.used", one.dump()));
        one["path"] = base::to_hex(file.path);
        all.push_back(std::move(one));
    }
    TRY_ASSIGN(const auto before, case_file::meta(database, k_own_files));
    return all.empty() && !before ? base::Result<void>() : case_file::set_meta(database, k_own_files, all.dump());
}

}  // namespace deadbox::engine
