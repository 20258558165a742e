#include "report/findings.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "case/finding_states.hpp"
#include "case/view_files.hpp"
#include "case/view_places.hpp"
#include "plugin/said_by.hpp"
#include "plugin/topic.hpp"
#include "report/redaction.hpp"
#include "report/system_names.hpp"
#include "report/reproduce.hpp"
#include "report/spoken_name.hpp"

namespace deadbox::report {
namespace {

using case_file::Statement;
using case_file::View;

constexpr std::array<std::string_view, 5> k_severities{"info", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 3> k_confidences{"possible", "likely", "certain"};
constexpr std::array<std::string_view, 4> k_bases{"birth", "change", "modification", "log"};

template <class Enum, std::size_t N>
Enum bounded(std::int64_t value) {
    return static_cast<Enum>(std::clamp<std::int64_t>(value, 0, static_cast<std::int64_t>(N) - 1));
}

Time time_at(const Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return base::Timestamp{row.integer(column), static_cast<std::uint32_t>(row.integer(column + 1))};
}

// Names of users and groups as each system's own /etc/passwd and /etc/group have them.
class Owners {
public:
    static base::Result<Owners> load(const View& view) {
        Owners owners;
        TRY(owners.read(view, "account", "SELECT system, uid, user FROM account WHERE source = 'passwd' AND uid IS NOT NULL ORDER BY id", owners.m_users));
        TRY(owners.read(view, "account_group", "SELECT system, gid, group_name FROM account_group WHERE source = 'group' AND gid IS NOT NULL ORDER BY id", owners.m_groups));
        return owners;
    }
    std::string user(std::optional<std::int64_t> system, std::uint32_t id) const { return find(m_users, system, id); }
    std::string group(std::optional<std::int64_t> system, std::uint32_t id) const { return find(m_groups, system, id); }

private:
    using Names = std::map<std::pair<std::int64_t, std::int64_t>, std::string>;
    static base::Result<void> read(const View& view, std::string_view table, std::string_view sql, Names& names) {
        TRY_ASSIGN(const bool there, view.has_table(table));
        if (!there) return {};
        TRY_ASSIGN(Statement row, view.prepare(sql));
        for (;;) {
            TRY_ASSIGN(const bool more, row.step());
            if (!more) return {};
            names.emplace(std::pair(row.integer(0), row.integer(1)), row.text(2));  // the first line counts, as it does for the system
        }
    }
    static std::string find(const Names& names, std::optional<std::int64_t> system, std::uint32_t id) {
        const auto found = names.find({system.value_or(0), id});
        return found == names.end() ? std::string() : found->second;
    }
    Names m_users, m_groups;
};

std::string member(const nlohmann::json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// In a sentence nine zeros tell nothing: 2026-03-02T04:31:09.000000000Z is 2026-03-02T04:31:09Z.
void shorten_times(Arguments& arguments) {
    constexpr std::string_view k_zeros = ".000000000Z";
    for (auto& [name, value] : arguments)
        if (value.size() == 19 + k_zeros.size() && value.ends_with(k_zeros) && value[10] == 'T') value.replace(19, k_zeros.size(), "Z");
}

// What another finding says that the examiner has dismissed is not said by this one either.
void leave_out_dismissed(Arguments& arguments, const case_file::FindingStates& states) {
    std::vector<std::string> dismissed;
    for (const auto& [name, value] : arguments) {
        const auto other = name.ends_with(plugin::k_said_by) ? states.find(value) : states.end();
        if (other != states.end() && other->second.state == "dismissed") dismissed.push_back(name.substr(0, name.size() - plugin::k_said_by.size()));
    }
    for (const auto& name : dismissed) std::erase_if(arguments, [&](const auto& argument) { return argument.first == name; });
}

// What the evidence says is redacted before our sentences stand around it.
void apply_texts(ReportFinding& finding, const Texts& texts, const Redactor& redactor, Arguments arguments) {
    shorten_times(arguments);
    const auto slash = finding.rule.find('/');
    const std::string topic = finding.rule.substr(0, slash);
    const std::string key = "rules." + (slash == std::string::npos ? finding.rule : finding.rule.substr(slash + 1)) + ".";
    Arguments words = arguments;
    for (auto& argument : words) argument.second = spoken_argument(argument.first, redactor.argument(argument.second));
    const Arguments told = words;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& [name, value] = arguments[i];
        if (auto ours = texts.argument(topic, name, value, told); ours != value) words[i].second = std::move(ours);
    }
    const auto text = [&](const char* part) { return fill(texts.find(topic, key + part), words); };
    finding.title = text("title"), finding.explanation = text("explanation");
    finding.innocent_reason = text("innocent_reason"), finding.next_step = text("next_step");
    if (finding.title.empty()) finding.title = finding.rule + ": " + redactor.argument(finding.subject);
    if (const auto* rule = plugin::find_rule(finding.rule)) {
        for (const auto id : rule->attack) finding.attack.emplace_back(id);
        finding.question = rule->question, finding.phase = rule->phase;
    }
}

// What a finding says, as this case has it: in the report's language, with the machine's clock corrected, without what dismissed ones say.
struct Words {
    const Texts& texts;
    case_file::Clock clock;
    const SystemNames& systems;
    const Redactor& redactor;
    case_file::FindingStates states;

    static base::Result<Words> load(const View& view, const Texts& texts, const SystemNames& systems, const Redactor& redactor) {
        TRY_ASSIGN(const case_file::Clock clock, case_file::clock_of(view));
        TRY_ASSIGN(case_file::FindingStates states, case_file::finding_states(view.database()));
        return Words{texts, clock, systems, redactor, std::move(states)};
    }
    // `arguments`: finding.arguments; rule, subject and system are there.
    void apply(ReportFinding& finding, std::string_view arguments) const {
        auto all = parse_arguments(arguments);
        for (auto& argument : all) argument.second = clock.corrected_text(argument.second);
        leave_out_dismissed(all, states);
        apply_texts(finding, texts, redactor, std::move(all));
        finding.title = systems.before(finding.system, finding.title);
    }
};

// Of an item that stands for another finding, which its detector wrote as "rule: subject".
class Citations {
public:
    static base::Result<Citations> open(const View& view, const Words& words) {
        TRY_ASSIGN(Statement row, view.prepare("SELECT id, system, arguments FROM finding WHERE rule = ?1 AND subject = ?2 ORDER BY system IS NOT ?3, id LIMIT 1"));
        return Citations(words, std::move(row));
    }
    // Nothing is set where it is none, or where the finding is there no more.
    base::Result<void> resolve(ReportItem& item) {
        const auto colon = item.key.find(": ");
        if (colon == std::string::npos || plugin::find_rule(std::string_view(item.key).substr(0, colon)) == nullptr) return {};
        const std::pair key(item.key, item.system.value_or(0));
        auto known = m_known.find(key);
        if (known == m_known.end()) {
            ReportFinding cited;
            cited.rule = item.key.substr(0, colon), cited.subject = item.key.substr(colon + 2);
            m_row.reset();
            m_row.bind(1, cited.rule).bind(2, cited.subject).bind(3, item.system);
            TRY_ASSIGN(const bool there, m_row.step());
            if (!there) return {};
            cited.system = m_row.maybe_integer(1);
            m_words.apply(cited, m_row.text(2));
            known = m_known.emplace(key, std::pair(std::string(m_row.text(0)), cited.title)).first;
        }
        std::tie(item.cites, item.cited) = known->second;
        return {};
    }

private:
    Citations(const Words& words, Statement row) : m_words(words), m_row(std::move(row)) {}
    const Words& m_words;
    Statement m_row;
    std::map<std::pair<std::string, std::int64_t>, std::pair<std::string, std::string>> m_known;  // id and title by key and machine
};

// Reads items; `row` columns: as item_columns() has them.
class ItemReader {
public:
    // `words` must outlive it.
    static base::Result<ItemReader> open(const View& view, const Words& words, Redact redact) {
        TRY_ASSIGN(case_file::Files files, case_file::Files::open(view));
        TRY_ASSIGN(Owners owners, Owners::load(view));
        TRY_ASSIGN(Statement directory, view.prepare("SELECT path FROM directory WHERE id = ?1"));
        TRY_ASSIGN(Citations citations, Citations::open(view, words));
        ItemReader reader(std::move(files), std::move(owners), std::move(directory), std::move(citations), redact);
        TRY_ASSIGN(reader.m_places, case_file::Places::open(view));
        TRY_ASSIGN(auto evidence, case_file::evidence(view));
        for (auto& one : evidence) reader.m_evidence.emplace(one.id, std::move(one));
        TRY_ASSIGN(auto volumes, case_file::volumes(view));
        for (auto& one : volumes) reader.m_volumes.emplace(one.id, std::move(one));
        return reader;
    }

    base::Result<ReportItem> read(const Statement& row, int at, std::optional<std::int64_t> system) {
        ReportItem item;
        item.system = system;
        if (!row.is_null(at)) {
            TRY_ASSIGN(const auto file, m_files.of(row.integer(at), row.maybe_integer(at + 1), row.text(at + 2)));
            if (file) describe(*file, item);
            if (file) TRY(locate(*file, item));
        } else if (!row.is_null(at + 1) && !row.text(at + 2).empty()) {  // a name that stands there no more
            m_directory.reset();
            m_directory.bind(1, row.integer(at + 1));
            TRY_ASSIGN(const bool known, m_directory.step());
            if (known) item.path = std::string(m_directory.text(0) == "/" ? "" : m_directory.text(0)) + '/' + std::string(row.text(at + 2));
        }
        item.key = row.text(at + 3);
        TRY(m_citations.resolve(item));
        item.line = row.maybe_integer(at + 4);
        if (!row.is_null(at + 5)) item.excerpt = redact_excerpt(row.text(at + 5), row.text(at + 6), m_redact);
        if (!row.is_null(at + 7)) {
            const auto json = nlohmann::json::parse(row.text(at + 7), nullptr, false);
            if (json.is_object())
                item.reference = plugin::Reference{member(json, "kind"), member(json, "package"), member(json, "algorithm"), member(json, "expected"), member(json, "found")};
        }
        item.site = row.text(at + 8);
        item.key_kind = row.text(at + 9);
        return item;
    }

private:
    ItemReader(case_file::Files files, Owners owners, Statement directory, Citations citations, Redact redact)
        : m_files(std::move(files)), m_owners(std::move(owners)), m_directory(std::move(directory)), m_citations(std::move(citations)), m_redact(redact) {}

    void describe(const case_file::FileDetail& file, ReportItem& item) {
        item.ref = m_files.ref_of(file);
        if (!file.path.empty()) item.path = file.path;
        if (file.system) item.system = file.system;
        item.state = file.state_name;
        item.inode = case_file::number_of(file.inode), item.row = file.inode;
        item.name_allocated = file.name_allocated, item.inode_allocated = file.inode_allocated;
        item.content = case_file::content_name(file), item.origin = "disk";
        item.size = file.size, item.mode = file.mode, item.uid = file.uid, item.gid = file.gid;
        item.user = m_owners.user(item.system, file.uid), item.group = m_owners.group(item.system, file.gid);
        item.type = case_file::type_name(file.type), item.content_type = file.content_type;
        item.times = {file.modified, file.accessed, file.changed, file.born, file.deleted};
        item.md5 = file.md5, item.sha1 = file.sha1, item.sha256 = file.sha256;
        const auto volume = m_volumes.find(file.volume);
        if (volume == m_volumes.end()) return;
        item.volume = volume->second.label_id;
        const auto evidence = m_evidence.find(volume->second.evidence);
        if (evidence != m_evidence.end()) item.reproduce = reproduce_commands(evidence->second, volume->second, file);
    }

    base::Result<void> locate(const case_file::FileDetail& file, ReportItem& item) {
        TRY_ASSIGN(auto place, m_places.of(file.inode));
        if (!place) return {};
        if (place->from_journal) item.origin = "journal_replay";
        for (const auto& extent : place->extents) item.extents.push_back({extent.offset, extent.media_offset, extent.length});
        return {};
    }

    case_file::Files m_files;
    Owners m_owners;
    Statement m_directory;
    case_file::Places m_places;
    Citations m_citations;
    Redact m_redact;
    std::map<std::int64_t, case_file::EvidenceRow> m_evidence;
    std::map<std::int64_t, case_file::VolumeRow> m_volumes;
};

// Of items; in cases before version 5 they do not say what their keys are.
base::Result<std::string> item_columns(const View& view) {
    TRY_ASSIGN(Statement row, view.prepare("SELECT count(*) FROM pragma_table_info('finding_item') WHERE name = 'key_kind'"));
    TRY_ASSIGN(const bool more, row.step());
    return std::string("i.inode, i.directory, i.name, i.key, i.line, i.excerpt, i.secrets, i.reference, i.site, ") + (more && row.integer(0) > 0 ? "i.key_kind" : "NULL");
}

using Marks = std::map<std::string, std::vector<FindingMark>, std::less<>>;
base::Result<Marks> load_marks(const View& view) {
    Marks marks;
    TRY_ASSIGN(Statement row, view.prepare("SELECT finding, at, by, state, reason, tag, comment FROM mark ORDER BY id"));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return marks;
        const auto text = [&](int column) { return std::string(row.text(column)); };
        marks[text(0)].push_back({text(1), text(2), text(3), text(4), text(5), text(6)});
    }
}

// Tags add up, "-x" takes x away.
void apply_marks(ReportFinding& finding, const std::vector<FindingMark>& marks) {
    finding.marks = marks;
    for (const auto& mark : marks) {
        if (mark.tag.starts_with('-')) std::erase(finding.tags, mark.tag.substr(1));
        else if (!mark.tag.empty() && std::find(finding.tags.begin(), finding.tags.end(), mark.tag) == finding.tags.end()) finding.tags.push_back(mark.tag);
    }
}

void apply_state(ReportFinding& finding, const case_file::FindingStates& states, const Texts& texts) {
    const auto found = states.find(finding.id);
    if (found == states.end()) return;
    finding.state = found->second.state, finding.reason = found->second.reason;
    finding.fallen = found->second.fallen != case_file::Fallen::no;
    if (finding.fallen) finding.reason = texts.of(found->second.fallen == case_file::Fallen::with_entry ? "rests_on.entry" : "rests_on.effects");
}

// When planted scripts were first used, by machine and path: of a restored or moved site that is before its files were born.
using FirstUses = std::map<std::pair<std::optional<std::int64_t>, std::string>, base::Timestamp>;
base::Result<FirstUses> first_uses(const View& view, const case_file::FindingStates& states) {
    FirstUses uses;
    TRY_ASSIGN(Statement row, view.prepare("SELECT id, system, subject, first_s, first_ns FROM finding WHERE rule = 'correlation/webshell_used' AND first_s IS NOT NULL ORDER BY first_s, first_ns, id"));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return uses;
        const auto state = states.find(row.text(0));
        if (state == states.end() || state->second.state != "dismissed") uses.emplace(std::pair(row.maybe_integer(1), std::string(row.text(2))), base::Timestamp{row.integer(3), static_cast<std::uint32_t>(row.integer(4))});
    }
}

void correct(const case_file::Clock& clock, Time& time, Time& recorded) {
    recorded = time;
    if (time) time = clock.corrected(*time);
}

}  // namespace

std::string_view name_of(plugin::Severity severity) { return k_severities[static_cast<std::size_t>(severity)]; }
std::string_view name_of(plugin::Confidence confidence) { return k_confidences[static_cast<std::size_t>(confidence)]; }
std::string_view name_of(plugin::TimeBasis basis) { return k_bases[static_cast<std::size_t>(basis)]; }

std::optional<plugin::Severity> severity_named(std::string_view name) {
    const auto found = std::find(k_severities.begin(), k_severities.end(), name);
    if (found == k_severities.end()) return std::nullopt;
    return static_cast<plugin::Severity>(found - k_severities.begin());
}

base::Result<std::vector<ReportFinding>> load_findings(const View& view, const Texts& texts, Redact redact, const FindingFilter& filter) {
    TRY_ASSIGN(const Redactor redactor, Redactor::load(view, redact));
    TRY_ASSIGN(const SystemNames systems, SystemNames::load(view, redactor));
    return load_findings(view, texts, redactor, systems, filter);
}

base::Result<std::vector<ReportFinding>> load_findings(const View& view, const Texts& texts, const Redactor& redactor, const SystemNames& systems, const FindingFilter& filter) {
    TRY_ASSIGN(const Marks marks, load_marks(view));
    TRY_ASSIGN(const Words words, Words::load(view, texts, systems, redactor));
    TRY_ASSIGN(ItemReader reader, ItemReader::open(view, words, redactor.redact()));
    TRY_ASSIGN(Statement row, view.prepare("SELECT id, rule, rule_version, system, subject, severity, confidence, arguments, first_s, first_ns, basis, last_s, last_ns, item_count, "
                                           "provisional FROM finding WHERE severity >= ?1 AND (?2 = '' OR id = ?2) "
                                           "ORDER BY severity DESC, first_s IS NULL, first_s, first_ns, id"));
    row.bind(1, static_cast<std::int64_t>(filter.min_severity.value_or(plugin::Severity::info))).bind(2, filter.id);
    TRY_ASSIGN(const std::string columns, item_columns(view));
    TRY_ASSIGN(Statement items, view.prepare(fmt::format("SELECT {} FROM finding_item i WHERE finding = ? ORDER BY place LIMIT ?", columns)));
    TRY_ASSIGN(const auto uses, first_uses(view, words.states));
    std::vector<ReportFinding> all;
    bool dated_anew = false;
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) break;
        ReportFinding f;
        f.id = row.text(0), f.rule = row.text(1), f.rule_version = row.integer(2), f.system = row.maybe_integer(3), f.subject = row.text(4);
        f.severity = bounded<plugin::Severity, 5>(row.integer(5)), f.confidence = bounded<plugin::Confidence, 3>(row.integer(6));
        f.first_seen = time_at(row, 8), f.basis = bounded<plugin::TimeBasis, 4>(row.integer(10)), f.last_seen = time_at(row, 11);
        if (const auto use = uses.find({f.system, f.subject}); use != uses.end() && f.rule.starts_with("webshell/") && f.first_seen && use->second < *f.first_seen) f.first_seen = use->second, f.basis = plugin::TimeBasis::log, dated_anew = true;
        if (!words.clock.is_right()) correct(words.clock, f.first_seen, f.first_recorded), correct(words.clock, f.last_seen, f.last_recorded);
        f.item_count = row.integer(13), f.provisional = row.integer(14) != 0;
        if (!filter.topic.empty() && f.rule.substr(0, f.rule.find('/')) != filter.topic) continue;
        if (const auto found = marks.find(f.id); found != marks.end()) apply_marks(f, found->second);
        apply_state(f, words.states, texts);
        if (!filter.state.empty() && f.state != filter.state) continue;
        words.apply(f, row.text(7));
        items.reset();
        items.bind(1, f.id).bind(2, static_cast<std::int64_t>(filter.items));
        for (;;) {
            TRY_ASSIGN(const bool item, items.step());
            if (!item) break;
            TRY_ASSIGN(ReportItem one, reader.read(items, 0, f.system));
            f.items.push_back(std::move(one));
        }
        redactor.finding(f);
        all.push_back(std::move(f));
    }
    if (dated_anew)
        std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
            if (a.severity != b.severity) return a.severity > b.severity;
            return std::tuple(!a.first_seen, a.first_seen, std::string_view(a.id)) < std::tuple(!b.first_seen, b.first_seen, std::string_view(b.id));
        });
    return all;
}

base::Result<void> for_each_item(const View& view, const Texts& texts, Redact redact, base::FunctionRef<base::Next(std::string_view, const ReportItem&)> visit) {
    TRY_ASSIGN(const Redactor redactor, Redactor::load(view, redact));
    TRY_ASSIGN(const SystemNames systems, SystemNames::load(view, redactor));
    TRY_ASSIGN(const Words words, Words::load(view, texts, systems, redactor));
    TRY_ASSIGN(ItemReader reader, ItemReader::open(view, words, redact));
    TRY_ASSIGN(const std::string columns, item_columns(view));
    TRY_ASSIGN(Statement row, view.prepare(fmt::format("SELECT f.id, f.system, {} FROM finding f JOIN finding_item i ON i.finding = f.id ORDER BY f.severity DESC, f.first_s IS NULL, f.first_s, f.first_ns, f.id, i.place", columns)));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) return {};
        TRY_ASSIGN(ReportItem item, reader.read(row, 2, row.maybe_integer(1)));
        redactor.item(item);
        if (visit(row.text(0), item) == base::Next::stop) return {};
    }
}

void write_times(JsonWriter& json, const Times& times) {
    json.begin_object().member("m", times.modified).member("a", times.accessed).member("c", times.changed).member("b", times.born).member("d", times.deleted).end_object();
}

void write_item(JsonWriter& json, const ReportItem& item) {
    const bool file = item.inode.has_value();
    json.member_or_null("ref", item.ref);
    json.key("path");
    if (item.path) json.value(*item.path);
    else json.null();
    if (item.path && !base::is_utf8(*item.path)) json.member("path_hex", base::to_hex(*item.path));
    json.member("system", item.system).member_or_null("state", item.state).member_or_null("container", item.container).member_or_null("volume", item.volume);
    json.member("inode", item.inode);
    if (file) {
        json.member("name_allocated", item.name_allocated).member("inode_allocated", item.inode_allocated).member("content", item.content).member("origin", item.origin);
        json.member("type", item.type).member_or_null("content_type", item.content_type);
        json.member("size", item.size).member("mode", fmt::format("{:04o}", item.mode)).member("uid", item.uid).member("gid", item.gid);
        json.member_or_null("user", item.user).member_or_null("group", item.group).key("times");
        write_times(json, item.times);
    } else {
        for (const char* name : {"name_allocated", "inode_allocated", "content", "origin", "type", "content_type", "size", "mode", "uid", "gid", "user", "group", "times"}) json.key(name).null();
    }
    json.member_or_null("md5", item.md5).member_or_null("sha1", item.sha1).member_or_null("sha256", item.sha256);
    json.key("extents").begin_array();
    for (const auto& extent : item.extents) json.begin_object().member("offset", extent.offset).member("media_offset", extent.media_offset).member("length", extent.length).end_object();
    json.end_array().member("reproduce", item.reproduce).key("reference");
    if (item.reference) {
        const auto& r = *item.reference;
        json.begin_object().member("kind", r.kind).member_or_null("package", r.package).member_or_null("algorithm", r.algorithm).member_or_null("expected", r.expected)
            .member_or_null("found", r.found).end_object();
    } else json.null();
    json.member("line", item.line).key("excerpt");
    if (item.excerpt) json.program_text(*item.excerpt);
    else json.null();
    json.member_or_null("record", item.record);
    json.member_or_null("key", item.key).member_or_null("key_kind", item.key_kind).member_or_null("site", item.site).member_or_null("cites", item.cites).member_or_null("cited", item.cited);
}

void write_finding(JsonWriter& json, const ReportFinding& f) {
    json.begin_object().member("id", f.id).member("rule", f.rule).member("rule_version", f.rule_version).member("system", f.system).bytes_member("subject", f.subject);
    json.member("severity", name_of(f.severity)).member("confidence", name_of(f.confidence));
    json.member("title", f.title).member("explanation", f.explanation).member("innocent_reason", f.innocent_reason).member("next_step", f.next_step).member("attack", f.attack);
    json.member("first_seen", f.first_seen).key("first_seen_basis");
    if (f.first_seen) json.value(name_of(f.basis));
    else json.null();
    json.member("last_seen", f.last_seen);
    if (f.first_recorded) json.member("first_seen_recorded", f.first_recorded);
    if (f.last_recorded) json.member("last_seen_recorded", f.last_recorded);
    json.member("state", f.state).member_or_null("reason", f.reason).member("tags", f.tags);
    if (f.provisional) json.member("provisional", true);
    json.member("item_count", f.item_count).key("items").begin_array();
    for (const auto& item : f.items) {
        json.begin_object();
        write_item(json, item);
        json.end_object();
    }
    json.end_array().end_object();
}

}  // namespace deadbox::report
