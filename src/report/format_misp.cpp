// misp.json: a MISP event with a file object for each item that has a digest, and attributes for accounts and addresses.
#include <set>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "report/format.hpp"
#include "report/indicators.hpp"
#include "report/json_writer.hpp"
#include "report/uuid.hpp"

namespace deadbox::report {
namespace {

struct Attribute {
    std::string_view type, relation, category;
    std::string value, comment;
    bool to_ids = false;
};

void write_attribute(JsonWriter& json, const Attribute& a, const std::string& space, const std::string& timestamp) {
    json.begin_object().member("uuid", uuid5(k_uuid_space, fmt::format("misp {} {} {} {}", space, a.type, a.relation, a.value))).member("type", a.type).member("category", a.category);
    if (!a.relation.empty()) json.member("object_relation", a.relation);
    json.member("value", a.value).member("to_ids", a.to_ids).member("comment", a.comment).member("timestamp", timestamp).member("distribution", "5").end_object();
}

void write_file(JsonWriter& json, const ReportFinding& finding, const ReportItem& item, const std::string& id, const std::string& timestamp) {
    const bool planted = is_planted(finding, item);
    const std::string path = base::to_utf8(item.path.value_or(""));
    const auto slash = path.rfind('/');
    const std::string space = finding.id + item.ref;
    json.begin_object().member("uuid", id).member("name", "file").member("meta-category", "file").member("description", "File object describing a file with meta-information");
    json.member("template_uuid", "688c46fb-5edb-40a3-8273-1af7923e2215").member("template_version", "24").member("timestamp", timestamp).member("comment", finding.title).member("distribution", "5").key("Attribute").begin_array();
    write_attribute(json, {"filename", "filename", "Payload delivery", path.substr(slash == std::string::npos ? 0 : slash + 1), "", false}, space, timestamp);
    write_attribute(json, {"text", "fullpath", "Other", path, "", false}, space, timestamp);
    write_attribute(json, {"md5", "md5", "Payload delivery", item.md5, "", planted}, space, timestamp);
    write_attribute(json, {"sha1", "sha1", "Payload delivery", item.sha1, "", planted}, space, timestamp);
    write_attribute(json, {"sha256", "sha256", "Payload delivery", item.sha256, "", planted}, space, timestamp);
    write_attribute(json, {"size-in-bytes", "size-in-bytes", "Other", std::to_string(item.size), "", false}, space, timestamp);
    json.end_array().end_object();
}

}  // namespace

base::Result<void> write_misp(const FormatInput& input, OutputFile& out) {
    const Report& r = input.report;
    const base::Timestamp moment = evidence_moment(r);
    const std::string timestamp = std::to_string(moment.seconds), date = base::to_rfc3339(moment).substr(0, 10);
    std::string name;
    for (const auto& e : r.evidence) name += e.media_sha256 + e.media_md5 + std::to_string(e.media_size) + ";";
    std::string text;
    JsonWriter json(text, JsonWriter::Layout::indented);
    json.begin_object().key("Event").begin_object().member("uuid", uuid5(k_uuid_space, "misp event " + name)).member("info", "Deadbox: " + r.verdict.summary).member("date", date);
    json.member("threat_level_id", r.verdict.level == "compromised" ? "1" : r.verdict.level == "suspicious" ? "2" : "4").member("analysis", "2").member("distribution", "0").member("published", false).member("timestamp", timestamp);
    const auto told = told_findings(r);
    json.key("Attribute").begin_array();
    std::set<std::string> seen;
    for (const auto* finding : told) {
        for (const auto& item : finding->items) {
            if (item.key.empty() || !seen.insert(item.key).second) continue;
            if (address_kind(item.key)) write_attribute(json, {"ip-src", "", "Network activity", item.key, finding->title, finding->severity >= plugin::Severity::high}, finding->id, timestamp);
            else if (finding->rule.starts_with("accounts/")) write_attribute(json, {"target-user", "", "Targeting data", base::to_utf8(item.key), finding->title, false}, finding->id, timestamp);
        }
    }
    json.end_array().key("Object").begin_array();
    for (const auto* finding : told) {
        for (const auto& item : finding->items) {
            const std::string id = uuid5(k_uuid_space, "misp file " + finding->id + item.ref);
            if (item.path && !item.sha256.empty() && seen.insert(id).second) write_file(json, *finding, item, id, timestamp);
        }
    }
    json.end_array().key("Tag").begin_array();
    if (!r.tlp.empty()) json.begin_object().member("name", "tlp:" + r.tlp).end_object();
    std::set<std::string> techniques;
    for (const auto* finding : told) techniques.insert(finding->attack.begin(), finding->attack.end());
    for (const auto& technique : techniques) json.begin_object().member("name", "mitre-attack-pattern:" + technique).end_object();
    json.end_array().end_object().end_object();
    out.write(text += '\n');
    return {};
}

}  // namespace deadbox::report
