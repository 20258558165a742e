#include "case/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <tuple>

#include "base/encoding.hpp"
#include "case/reader.hpp"
#include "case/writer.hpp"
#include "codec/digest.hpp"

namespace deadbox::case_file {
namespace {

constexpr std::size_t k_longest_excerpt = 4096;
// Items of provisional findings have ids from here on: the others' do not tell how often detectors were asked before.
constexpr std::int64_t k_provisional_items = std::int64_t{1} << 40;

int severity_of(std::string_view name) {
    static constexpr std::string_view k_names[] = {"info", "low", "medium", "high", "critical"};
    const auto found = std::find(std::begin(k_names), std::end(k_names), name);
    return found == std::end(k_names) ? 0 : static_cast<int>(found - std::begin(k_names));
}

int confidence_of(std::string_view name) { return name == "certain" ? 2 : name == "likely" ? 1 : 0; }

std::string_view name_of(plugin::KeyKind kind) {
    switch (kind) {
        case plugin::KeyKind::words: return {};
        case plugin::KeyKind::account: return "account";
        case plugin::KeyKind::client: return "client";
        case plugin::KeyKind::path: return "path";
        case plugin::KeyKind::package: return "package";
        case plugin::KeyKind::finding: return "finding";
    }
    return {};
}

// How grave a head is: its own word, else its rule's.
std::pair<int, int> weight_of(const plugin::FindingHead& head) {
    const auto* rule = plugin::find_rule(head.rule);
    const auto severity = head.severity || rule == nullptr ? static_cast<int>(head.severity.value_or(plugin::Severity::info)) : severity_of(rule->severity);
    const auto confidence = head.confidence || rule == nullptr ? static_cast<int>(head.confidence.value_or(plugin::Confidence::possible)) : confidence_of(rule->confidence);
    return {severity, confidence};
}

// Two heads of one identity: the words of the graver one (the earlier one's where they are alike), the time of both.
void join(plugin::FindingHead& known, plugin::FindingHead other) {
    const auto earlier = [](const plugin::FindingHead& a, const plugin::FindingHead& b) { return a.first && (!b.first || *a.first < *b.first); };
    const bool graver = weight_of(other) > weight_of(known) || (weight_of(other) == weight_of(known) && earlier(other, known));
    auto first = earlier(other, known) ? std::pair(other.first, other.basis) : std::pair(known.first, known.basis);
    auto last = known.last && (!other.last || *other.last < *known.last) ? known.last : other.last;
    if (graver) known = std::move(other);
    std::tie(known.first, known.basis) = first, known.last = last;
}

// What was named before is left out.
void keep_once(std::vector<plugin::Item>& items) {
    std::set<std::tuple<std::optional<std::int64_t>, std::optional<std::int64_t>, std::optional<std::uint64_t>, std::optional<std::uint64_t>, std::string, std::string, std::string, std::string>> known;
    std::erase_if(items, [&](const plugin::Item& item) { return !known.emplace(item.inode, item.directory, item.line, item.offset, item.name, item.key, item.excerpt, item.site).second; });
}

// What a detector says anew to the ledger. Rows that it says again keep their ids: a case that is gone on with becomes what it would
// have become in one go.
base::Result<void> replace_in_ledger(const Database& database, const std::string& detector, std::span<const base::Gap> gaps) {
    const auto each = [&](std::string_view sql) -> base::Result<void> {
        TRY_ASSIGN(Statement statement, database.prepare(sql));
        statement.bind(1, detector);
        return statement.run();
    };
    TRY(each("UPDATE coverage SET count = 0, examples = '[]' WHERE wave = 'detect:' || ?"));
    Writer writer(database);
    for (const auto& gap : gaps) TRY(writer.coverage(gap, std::nullopt, "detect:" + detector));
    return each("DELETE FROM coverage WHERE count = 0 AND wave = 'detect:' || ?");
}

}  // namespace

// Collects in memory what one detector says of one finding at a time: heads wait for their items' count, and for others of the same
// rule, system and subject.
class DetectorResult::Sink final : public plugin::FindingSink {
public:
    Sink(std::string detector, Standing standing) : m_detector(std::move(detector)), m_standing(standing) {}

    void finding(const plugin::FindingHead& head) override {
        const auto [place, fresh] = m_places.try_emplace(finding_id(head.rule, head.system, head.subject), m_findings.size());
        m_current = place->second;
        if (fresh) return m_findings.push_back({place->first, head, {}});
        join(m_findings[m_current].head, head);
        m_findings[m_current].joined = true;
    }
    void item(const plugin::Item& item) override {
        if (!m_findings.empty()) m_findings[m_current].items.push_back(item);
    }
    void gap(const base::Gap& gap) override { m_gaps.push_back(gap); }

    base::Result<int> store(const Database& database);

private:
    struct Found {
        std::string id;
        plugin::FindingHead head;
        std::vector<plugin::Item> items;
        bool joined = false;  // of several heads, which may name one item twice
    };
    base::Result<void> store_items(const Database& database, const std::string& id, const std::vector<plugin::Item>& items);
    std::string m_detector;
    Standing m_standing;
    std::vector<Found> m_findings;
    std::map<std::string, std::size_t> m_places;  // of an id in m_findings
    std::size_t m_current = 0;                    // whose items come
    std::vector<base::Gap> m_gaps;
};

base::Result<void> DetectorResult::Sink::store_items(const Database& database, const std::string& id, const std::vector<plugin::Item>& items) {
    const bool provisional = m_standing == Standing::provisional;
    TRY_ASSIGN(Statement next, database.prepare(fmt::format("SELECT coalesce(max(id), {}) FROM finding_item WHERE id {} {}", provisional ? k_provisional_items : 0,
                                                            provisional ? ">=" : "<", k_provisional_items)));
    TRY(next.step());
    std::int64_t row = next.integer(0);
    next.reset();
    TRY_ASSIGN(Statement add, database.prepare("INSERT INTO finding_item(finding, place, inode, directory, name, key, line, offset, excerpt, secrets, reference, site, id, key_kind) "
                                               "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    std::int64_t place = 0;
    const auto text = [&](int parameter, std::string_view value) { value.empty() ? add.bind_null(parameter) : add.bind(parameter, value); };
    for (const auto& item : items) {
        add.bind(1, id).bind(2, ++place).bind(3, item.inode).bind(4, item.directory);
        text(5, item.name), text(6, item.key);
        add.bind(7, item.line ? std::optional(static_cast<std::int64_t>(*item.line)) : std::nullopt);
        add.bind(8, item.offset ? std::optional(static_cast<std::int64_t>(*item.offset)) : std::nullopt);
        text(9, std::string_view(item.excerpt).substr(0, k_longest_excerpt));
        nlohmann::json secrets = nlohmann::json::array();
        for (const auto& span : item.secrets) secrets.push_back({span.start, span.length, span.person});
        text(10, secrets.empty() ? std::string() : secrets.dump());
        std::string reference;
        if (item.reference) {
            const auto& r = *item.reference;
            reference = nlohmann::json{{"kind", r.kind}, {"package", base::to_utf8(r.package)}, {"algorithm", r.algorithm}, {"expected", r.expected}, {"found", r.found}}.dump();
        }
        text(11, reference), text(12, item.site);
        add.bind(13, ++row);
        text(14, item.key.empty() ? std::string_view() : name_of(item.kind));
        TRY(add.run());
    }
    return {};
}

base::Result<int> DetectorResult::Sink::store(const Database& database) {
    for (const char* sql : {"DELETE FROM finding_item WHERE finding IN (SELECT id FROM finding WHERE detector = ?)", "DELETE FROM finding WHERE detector = ?"}) {
        TRY_ASSIGN(Statement clear, database.prepare(sql));
        clear.bind(1, m_detector);
        TRY(clear.run());
    }
    TRY_ASSIGN(Statement add, database.prepare("INSERT INTO finding VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    for (auto& [id, head, items, joined] : m_findings) {
        if (joined) keep_once(items);
        const auto* rule = plugin::find_rule(head.rule);
        if (rule == nullptr) return base::fail(base::Errc::internal, "detector " + m_detector + " names a rule that no topic declares: " + head.rule);
        nlohmann::json arguments = nlohmann::json::object();
        for (const auto& [name, value] : head.arguments) arguments[name] = base::to_utf8(value);
        const auto [severity, confidence] = weight_of(head);
        add.bind(1, id).bind(2, m_detector).bind(3, head.rule).bind(4, std::int64_t{rule->version}).bind(5, head.system).bind(6, head.subject);
        add.bind(7, static_cast<std::int64_t>(severity)).bind(8, static_cast<std::int64_t>(confidence)).bind(9, arguments.dump());
        const auto time = [&](int parameter, const std::optional<base::Timestamp>& value) {
            value ? add.bind(parameter, value->seconds) : add.bind_null(parameter);
            value ? add.bind(parameter + 1, std::int64_t{value->nanoseconds}) : add.bind_null(parameter + 1);
        };
        time(10, head.first);
        add.bind(12, std::int64_t{static_cast<std::uint8_t>(head.basis)});
        time(13, head.last);
        add.bind(15, static_cast<std::int64_t>(items.size())).bind(16, std::int64_t{m_standing == Standing::provisional});
        TRY(add.run());
        TRY(store_items(database, id, items));
    }
    if (m_standing == Standing::provisional) return static_cast<int>(m_findings.size());
    TRY(replace_in_ledger(database, m_detector, m_gaps));
    return static_cast<int>(m_findings.size());
}

std::string finding_id(std::string_view rule, std::optional<std::int64_t> system, std::string_view subject) {
    codec::Sha256 hash;
    const auto number = system ? std::to_string(*system) : std::string();
    const plugin::Value values[] = {rule, std::string_view(number), subject};
    hash_row(hash, values);
    return base::to_hex(base::ByteView(hash.finish()).first(8));
}

DetectorResult::DetectorResult(std::unique_ptr<Sink> sink) : m_sink(std::move(sink)) {}
DetectorResult::DetectorResult(DetectorResult&&) noexcept = default;
DetectorResult& DetectorResult::operator=(DetectorResult&&) noexcept = default;
DetectorResult::~DetectorResult() = default;

base::Result<DetectorResult> DetectorResult::ask(const Database& reading, const plugin::DetectorDef& definition, const plugin::Detector& detector,
                                                 std::string_view topic, Standing standing) {
    auto sink = std::make_unique<Sink>(fmt::format("{}.{}", topic, definition.id), standing);
    const DetectorReader reader(reading, definition.reads);
    TRY(detector.detect(reader, *sink));
    return DetectorResult(std::move(sink));
}

base::Result<int> DetectorResult::store(const Database& database) { return m_sink->store(database); }

base::Result<void> note_failure(const Database& database, std::string_view topic, const plugin::DetectorDef& definition, std::string_view words) {
    const auto detector = fmt::format("{}.{}", topic, definition.id);
    TRY_ASSIGN(Statement found, database.prepare("SELECT count(*) FROM finding WHERE detector = ? AND NOT provisional"));
    found.bind(1, detector);
    TRY(found.step());
    const bool earlier = found.integer(0) > 0;
    found.reset();
    const base::Gap gap{base::Gap::Level::gap, std::string(topic), earlier ? "a detector failed; its findings are those of an earlier run" : "a detector failed; its findings are missing", "", std::string(words)};
    return replace_in_ledger(database, detector, {&gap, 1});
}

base::Result<void> drop_provisional(const Database& database) {
    return database.execute("DELETE FROM finding_item WHERE finding IN (SELECT id FROM finding WHERE provisional); DELETE FROM finding WHERE provisional");
}

base::Result<std::int64_t> count_findings(const Database& database) {
    TRY_ASSIGN(Statement count, database.prepare("SELECT count(*) FROM finding"));
    TRY(count.step());
    return count.integer(0);
}

}  // namespace deadbox::case_file
