// A finding for each rule of the examiner's that matches, with the files that it matches.
#include "plugin/detector.hpp"

#include <map>
#include <tuple>

namespace deadbox::plugins::yara {
namespace {

struct MatchedFile {
    std::int64_t inode = 0, directory = 0;
    std::string path, name, places;
    std::optional<std::int64_t> offset;
    std::optional<base::Timestamp> changed;
};

struct MatchedRule {
    std::string tags, description, severity;
    std::vector<MatchedFile> files;
};

std::optional<plugin::Severity> severity_named(std::string_view name) {
    if (name == "critical") return plugin::Severity::critical;
    if (name == "high") return plugin::Severity::high;
    if (name == "medium") return plugin::Severity::medium;
    if (name == "low") return plugin::Severity::low;
    if (name == "info") return plugin::Severity::info;
    return std::nullopt;
}

class YaraDetector final : public plugin::Detector {
public:
    bool may_run_early() const override { return true; }

    base::Result<void> detect(const plugin::CaseReader& reader, plugin::FindingSink& sink) const override {
        std::map<std::tuple<std::optional<std::int64_t>, std::string, std::string>, MatchedRule> rules;
        TRY(reader.query("SELECT m.system, m.rules_file, m.rule_name, m.tags, m.description, m.severity, m.inode, p.directory, p.path, p.name, m.places, m.offset, i.c_s, i.c_ns "
                         "FROM rule_match m JOIN inode_path p ON p.inode = m.inode JOIN inode i ON i.id = m.inode ORDER BY p.path, m.inode, m.id", [&](const plugin::RowView& row) {
            auto& rule = rules[{row.maybe_integer(0), std::string(row.text(1)), std::string(row.text(2))}];
            rule.tags = row.text(3), rule.description = row.text(4), rule.severity = row.text(5);
            MatchedFile file{row.integer(6), row.integer(7), std::string(row.text(8)), std::string(row.text(9)), std::string(row.text(10)), row.maybe_integer(11), {}};
            if (!row.is_null(12)) file.changed = base::Timestamp{row.integer(12), static_cast<std::uint32_t>(row.integer(13))};
            rule.files.push_back(std::move(file));
            return base::Next::go_on;
        }));
        for (const auto& [key, rule] : rules) {
            plugin::FindingHead head;
            const auto& [system, file, name] = key;
            head.rule = "yara/match", head.system = system, head.subject = file + ": " + name;
            head.severity = severity_named(rule.severity);
            for (const auto& one : rule.files)
                if (one.changed && (!head.first || *one.changed < *head.first)) head.first = one.changed;
            head.arguments = {{"rule", name}, {"file", file}, {"path", rule.files.front().path}, {"count", std::to_string(rule.files.size())}, {"many", rule.files.size() > 1 ? std::to_string(rule.files.size()) : ""},
                              {"description", rule.description}, {"tags", rule.tags}, {"own", rule.severity}};
            sink.finding(head);
            for (const auto& one : rule.files) {
                plugin::Item item;
                item.inode = one.inode, item.directory = one.directory, item.name = one.name;
                if (one.offset) item.offset = static_cast<std::uint64_t>(*one.offset);
                item.excerpt = one.places;
                sink.item(item);
            }
        }
        return {};
    }
};

}  // namespace

const plugin::Detector& yara_detector() {
    static const YaraDetector detector;
    return detector;
}

}  // namespace deadbox::plugins::yara
