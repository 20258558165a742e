// The half that runs in the worker: the examiner's rules over each file, as it lies on the disk.
#include "plugin/parser.hpp"

#include <memory>

#include "yara/compiled_rules.hpp"
#include "yara/yara_topic.hpp"

namespace deadbox::plugins::yara {
namespace {

constexpr std::uint64_t k_largest_scanned = 64u << 20;

// Those of this child: it has one thread, and got them behind its lock-down.
class OwnRules final : public plugin::RuleTaker {
public:
    base::Result<std::size_t> check(const plugin::RuleText& rules) override {
        CompiledRules alone;
        TRY(alone.add(rules));
        // Which modules are imported shows when something is scanned.
        const auto tried = alone.scan(base::as_bytes("x"), {}, [](const RuleMatch&) {});
        if (!tried && tried.error().code == base::Errc::usage) return base::fail(base::Errc::usage, std::string(rules.file) + ": " + tried.error().what);
        return alone.count();
    }
    void add(const plugin::RuleText& rules) override {
        if (!m_rules) m_rules = std::make_unique<CompiledRules>();
        if (m_failure.empty())
            if (const auto added = m_rules->add(rules); !added) m_failure = added.error().what;
    }

    CompiledRules* rules() const { return m_rules.get(); }
    const std::string& failure() const { return m_failure; }

private:
    std::unique_ptr<CompiledRules> m_rules;
    std::string m_failure;
};

void emit_match(const RuleMatch& match, plugin::Sink& sink) {
    RuleMatchRow row{};
    row.rules_file = match.file, row.rule_name = match.rule;
    if (!match.tags.empty()) row.tags = match.tags;
    if (!match.description.empty()) row.description = match.description;
    if (!match.severity.empty()) row.severity = match.severity;
    if (match.offset) row.offset = static_cast<std::int64_t>(*match.offset), row.places = match.places;
    row.emit(sink);
}

class YaraParser final : public plugin::Parser {
public:
    plugin::RuleTaker* rule_taker() const override { return &m_own; }

    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        auto* const rules = m_own.rules();
        const auto& record = file.record();
        if (rules == nullptr || record.size == 0) return {};
        if (!m_own.failure().empty()) {
            sink.gap({base::Gap::Level::gap, "yara", "the examiner's rules could not be compiled in this worker", record.path, m_own.failure()});
            return {};
        }
        if (record.size > k_largest_scanned) {
            sink.gap({base::Gap::Level::limit, "yara", "a file of more than 64 MiB was not scanned with the examiner's rules", record.path, std::to_string(record.size) + " bytes"});
            return {};
        }
        std::vector<std::byte> owned;
        base::ByteView bytes = file.head();
        if (record.size > bytes.size()) {
            TRY_ASSIGN(owned, base::read_bytes(file.bytes(), 0, static_cast<std::size_t>(record.size)));
            bytes = owned;
        }
        const auto done = rules->scan(bytes, {record.path, std::string(record.content_type)}, [&](const RuleMatch& match) { emit_match(match, sink); });
        if (!done) sink.gap({base::Gap::Level::limit, "yara", "the examiner's rules were not run to their end over a file", record.path, done.error().what});
        return {};
    }

private:
    mutable OwnRules m_own;
};

}  // namespace

const plugin::Parser& yara_parser() {
    static const YaraParser parser;
    return parser;
}

}  // namespace deadbox::plugins::yara
