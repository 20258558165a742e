#include "case/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

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

}  // namespace

// Collects in memory what one detector says of one finding at a time: heads wait for their items' count.
class DetectorResult::Sink final : public plugin::FindingSink {
public:
    Sink(std::string detector, Standing standing) : m_detector(std::move(detector)), m_standing(standing) {}

    void finding(const plugin::FindingHead& head) override { m_findings.push_back({head, {}}); }
    void item(const plugin::Item& item) override {
        if (!m_findings.empty()) m_findings.back().items.push_back(item);
    }
    void gap(const base::Gap& gap) override { m_gaps.push_back(gap); }

    base::Result<int> store(const Database& database);

private:
    struct Found {
        plugin::FindingHead head;
        std::vector<plugin::Item> items;
    };
    base::Result<void> store_items(const Database& database, const std::string& id, const std::vector<plugin::Item>& items);
    std::string m_detector;
    Standing m_standing;
    std::vector<Found> m_findings;
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
    for (const char* sql : {"DELETE FROM finding_item WHERE finding IN (SELECT id FROM finding WHERE detector = ?)", "DELETE FROM finding WHERE detector = ?",
                            "DELETE FROM coverage WHERE wave = 'detect:' || ?"}) {
        TRY_ASSIGN(Statement clear, database.prepare(sql));
        clear.bind(1, m_detector);
        TRY(clear.run());
    }
    TRY_ASSIGN(Statement add, database.prepare("INSERT OR REPLACE INTO finding VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    for (const auto& [head, items] : m_findings) {
        const auto* rule = plugin::find_rule(head.rule);
        if (rule == nullptr) return base::fail(base::Errc::internal, "detector " + m_detector + " names a rule that no topic declares: " + head.rule);
        const auto id = finding_id(head.rule, head.system, head.subject);
        nlohmann::json arguments = nlohmann::json::object();
        for (const auto& [name, value] : head.arguments) arguments[name] = base::to_utf8(value);
        const auto severity = head.severity ? static_cast<int>(*head.severity) : severity_of(rule->severity);
        const auto confidence = head.confidence ? static_cast<int>(*head.confidence) : confidence_of(rule->confidence);
        add.bind(1, id).bind(2, m_detector).bind(3, head.rule).bind(4, std::int64_t{rule->version}).bind(5, head.system).bind(6, head.subject);
        add.bind(7, std::int64_t{severity}).bind(8, std::int64_t{confidence}).bind(9, arguments.dump());
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
    Writer writer(database);
    for (const auto& gap : m_gaps) TRY(writer.coverage(gap, std::nullopt, "detect:" + m_detector));
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

base::Result<void> drop_provisional(const Database& database) {
    return database.execute("DELETE FROM finding_item WHERE finding IN (SELECT id FROM finding WHERE provisional); DELETE FROM finding WHERE provisional");
}

base::Result<std::int64_t> count_findings(const Database& database) {
    TRY_ASSIGN(Statement count, database.prepare("SELECT count(*) FROM finding"));
    TRY(count.step());
    return count.integer(0);
}

}  // namespace deadbox::case_file
