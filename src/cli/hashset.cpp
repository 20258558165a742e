// deadbox hashset: sets of digests of known files, good or bad, made from lists and from NSRL's reference data.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <filesystem>

#include "base/encoding.hpp"
#include "base/paths.hpp"
#include "cli/command.hpp"
#include "cli/output.hpp"
#include "report/json_writer.hpp"
#include "report/visible.hpp"
#include "sets/hash_set.hpp"

namespace deadbox::cli {
namespace {

struct MadeSet {
    std::string path, name;
    sets::Verdict verdict = sets::Verdict::good;
    std::uint64_t entries = 0;
    std::vector<sets::SetSource> sources;
};

std::string_view name_of_verdict(sets::Verdict verdict) { return verdict == sets::Verdict::bad ? "bad" : "good"; }

void print_set(const Context& context, const MadeSet& set) {
    if (context.json) {
        std::string line;
        report::JsonWriter json(line);
        json.begin_object().bytes_member("set", set.path).member("name", set.name).member("as", name_of_verdict(set.verdict)).member("entries", static_cast<std::int64_t>(set.entries)).key("sources").begin_array();
        for (const auto& source : set.sources) {
            json.begin_object().member("name", source.name).member("format", source.format).member("size", static_cast<std::int64_t>(source.size)).member("sha256", base::to_hex(source.sha256));
            json.member("taken", static_cast<std::int64_t>(source.taken)).member("bad", static_cast<std::int64_t>(source.bad)).key("bad_lines").begin_array();
            for (const auto& bad : source.bad_lines) json.value(bad);
            json.end_array().end_object();
        }
        json.end_array().end_object();
        return print(line += '\n');
    }
    print(fmt::format("{}\n  {}, known as {}: {} digests\n", report::visible(set.path), report::visible(set.name), name_of_verdict(set.verdict), set.entries));
    for (const auto& source : set.sources)
        print(fmt::format("  {} ({}): {} lines taken, {} not; SHA-256 {}\n", report::visible(source.name), source.format.empty() ? "no list" : source.format, source.taken, source.bad, base::to_hex(source.sha256)));
}

class HashSetCommand final : public Command {
public:
    void options(CLI::App& app) override {
        app.require_subcommand(1);
        m_import = app.add_subcommand("import", "Make a set of lists of digests")->fallthrough();
        m_import->add_option("FILE", m_files, "Lists, all into one set: md5sum, sha1sum, sha256sum (with --tag, too), md5deep, hashdeep, NSRL RDS v3 (SQLite). Of each line the strongest digest is taken, and the file's own name; bad lines are counted")->required();
        m_import->add_option("-o,--output", m_output, "The set to write (default: NAME.hashset in this folder)");
        m_import->add_option("--as", m_as, "good: such files are not accused; bad: such a file is a finding")->check(CLI::IsMember({"good", "bad"}))->capture_default_str();
        m_import->add_option("--name", m_name, "What the set is called in findings and reports (default: the first file's name)");
        m_show = app.add_subcommand("show", "What a set holds, and what it was made of")->fallthrough();
        m_show->add_option("SET", m_files, "Sets")->required();
    }

    base::Result<Exit> run(const Context& context) override {
        if (m_show->parsed()) return show(context);
        if (m_name.empty()) m_name = base::to_utf8(base::name_of(m_files.front()));
        if (m_output.empty()) m_output = std::filesystem::path(m_files.front()).filename().string() + ".hashset";
        const auto verdict = m_as == "bad" ? sets::Verdict::bad : sets::Verdict::good;
        TRY_ASSIGN(auto builder, sets::HashSetBuilder::begin(m_output));
        MadeSet made{m_output, m_name, verdict, 0, {}};
        std::uint64_t taken = 0;
        for (const auto& file : m_files) {
            TRY_ASSIGN(auto source, builder.add(file));
            taken += source.taken;
            if (source.bad > 0) {
                std::string named;
                for (const auto& line : source.bad_lines) named += (named.empty() ? "" : "; ") + line;
                complain(context, "bad_lines", fmt::format("{}: {} lines are no lines of a list of digests and were left out ({}{})", report::visible(file), source.bad, named, source.bad > source.bad_lines.size() ? "; ..." : ""), Level::warning);
            }
            made.sources.push_back(std::move(source));
        }
        if (taken == 0) return base::fail(base::Errc::usage, "no line of these files is one of a list of digests: no set was made");
        TRY_ASSIGN(made.entries, builder.finish(m_name, verdict));
        print_set(context, made);
        return Exit::done;
    }

private:
    base::Result<Exit> show(const Context& context) const {
        for (const auto& path : m_files) {
            TRY_ASSIGN(const auto set, sets::HashSet::open(path));
            print_set(context, {path, set.name(), set.verdict(), set.entries(), set.sources()});
        }
        return Exit::done;
    }

    CLI::App* m_import = nullptr;
    CLI::App* m_show = nullptr;
    std::vector<std::string> m_files;
    std::string m_output, m_as = "good", m_name;
};

}  // namespace

std::unique_ptr<Command> make_hashset() { return std::make_unique<HashSetCommand>(); }

}  // namespace deadbox::cli
