// deadbox rules: the rules that findings are named after, and whether files of the examiner's own can be used.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <filesystem>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "engine/rule_check.hpp"
#include "plugin/topic.hpp"
#include "report/json_writer.hpp"
#include "report/visible.hpp"
#include "sets/hash_set.hpp"
#include "sets/nsrl.hpp"
#include "sets/rule_files.hpp"
#include "sets/trust_set.hpp"

namespace deadbox::cli {
namespace {

// What a file is that somebody wants to bring along.
struct RecognizedFile {
    std::string path, kind, name, as, error;  // kind: rules, hash_set, trust, or "" where it is none of them
    std::uint64_t entries = 0;
};

constexpr int k_hang_seconds = 60;

RecognizedFile recognize_set(const std::string& path, int application) {
    RecognizedFile file{path, {}, {}, {}, {}, 0};
    if (application == sets::k_trust_set_id) {
        file.kind = "trust";
        if (const auto set = sets::TrustSet::open(path)) file.name = set->name(), file.entries = set->files();
        else file.error = set.error().what;
    } else if (application == sets::k_hash_set_id) {
        file.kind = "hash_set";
        if (const auto set = sets::HashSet::open(path)) file.name = set->name(), file.entries = set->entries(), file.as = set->verdict() == sets::Verdict::bad ? "bad" : "good";
        else file.error = set.error().what;
    } else {
        file.error = path + " is a SQLite file and no set of Deadbox's; NSRL's becomes one by `deadbox hashset import`";
    }
    return file;
}

base::Result<std::vector<RecognizedFile>> recognize_rules(const std::string& path) {
    const auto files = sets::read_rule_files(path);
    if (!files) return std::vector<RecognizedFile>{{path, {}, {}, {}, files.error().what, 0}};
    std::vector<std::pair<std::string, std::string>> texts;
    for (const auto& file : *files) texts.emplace_back(file.name, file.text);
    TRY_ASSIGN(const auto checked, engine::check_rules(texts, false, k_hang_seconds));
    std::vector<RecognizedFile> all;
    for (std::size_t i = 0; i < checked.size(); ++i) all.push_back({(*files)[i].path, "rules", checked[i].file, {}, checked[i].error, checked[i].rules});
    return all;
}

class RulesCommand final : public Command {
public:
    void options(CLI::App& app) override {
        app.require_subcommand(1);
        m_list = app.add_subcommand("list", "The program's own rules, by topic")->fallthrough();
        m_check = app.add_subcommand("check", "What files of your own are, and whether an analysis can use them")->fallthrough();
        m_check->add_option("FILE", m_files, "YARA rules or folders of them, hash sets, trust sets. Rules are compiled in a locked-down worker")->required();
    }

    base::Result<Exit> run(const Context& context) override {
        if (m_list->parsed()) {
            list(context);
            return Exit::done;
        }
        bool usable = true;
        for (const auto& path : m_files) {
            std::vector<RecognizedFile> found;
            std::error_code none;
            const auto application = std::filesystem::is_regular_file(path, none) ? sets::application_of(path) : 0;
            const auto database = sets::is_sqlite_file(path);  // an error is told by who reads it
            if (database && *database) {
                found.push_back(recognize_set(path, application));
            } else {
                TRY_ASSIGN(found, recognize_rules(path));
            }
            for (const auto& file : found) {
                usable = usable && file.error.empty();
                tell(context, file);
            }
        }
        return usable ? Exit::done : Exit::usage;
    }

private:
    static void tell(const Context& context, const RecognizedFile& file) {
        if (context.json) {
            std::string line;
            report::JsonWriter json(line);
            json.begin_object().bytes_member("file", file.path).key("kind").text_or_null(file.kind).key("name").text_or_null(file.name).key("as").text_or_null(file.as);
            json.member("entries", static_cast<std::int64_t>(file.entries)).member("usable", file.error.empty()).key("error").text_or_null(file.error).end_object();
            return print(line += '\n');
        }
        if (!file.error.empty()) return complain(context, "unusable", report::visible(file.error));
        const auto what = file.kind == "rules" ? fmt::format("{} YARA rules", file.entries) : file.kind == "trust" ? fmt::format("known-good set of packages, {} files", file.entries) : fmt::format("set of known {} files, {} digests", file.as, file.entries);
        print(fmt::format("{}: {}, {}\n", report::visible(file.path), report::visible(file.name), what));
    }

    static void list(const Context& context) {
        for (const auto* topic : plugin::topics())
            for (const auto& rule : topic->rules) {
                const auto id = fmt::format("{}/{}", topic->id, rule.id);
                if (!context.json) {
                    print(fmt::format("{:<34} {:<9} {:<9} {}\n", id, rule.severity, rule.confidence, rule.source));
                    continue;
                }
                std::string line;
                report::JsonWriter json(line);
                json.begin_object().member("rule", id).member("version", static_cast<std::int64_t>(rule.version)).member("severity", rule.severity).member("confidence", rule.confidence).key("attack").begin_array();
                for (const auto technique : rule.attack) json.value(technique);
                json.end_array().member("source", rule.source).end_object();
                print(line += '\n');
            }
    }

    CLI::App* m_list = nullptr;
    CLI::App* m_check = nullptr;
    std::vector<std::string> m_files;
};

}  // namespace

std::unique_ptr<Command> make_rules() { return std::make_unique<RulesCommand>(); }

}  // namespace deadbox::cli
