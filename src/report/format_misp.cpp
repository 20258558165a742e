// misp.json: a MISP event with a file object for each item that has a digest, one for each account, address and domain, and
// what relates them. Object templates are those of misp-objects.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "report/alarms.hpp"
#include "report/format.hpp"
#include "report/indicators.hpp"
#include "report/item_key.hpp"
#include "report/json_writer.hpp"
#include "report/remote_hosts.hpp"
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

struct Template {
    std::string_view name, category, description, uuid, version;
};
constexpr Template k_file{"file", "file", "File object describing a file with meta-information", "688c46fb-5edb-40a3-8273-1af7923e2215", "25"};
constexpr Template k_account{"user-account", "misc", "User-account object, defining aspects of user identification, authentication, privileges and other relevant data points.", "49606b06-22f0-4ac8-8eee-2f12ad46f3d3", "6"};
constexpr Template k_address{"ip-port", "network", "An IP address (or domain or hostname) and a port seen as a tuple (or as a triple) in a specific time frame.", "9f8cea74-16fe-4968-a2b4-026676949ac6", "10"};

// Opens the object and its attributes.
void begin_object(JsonWriter& json, const Template& t, const std::string& id, const std::string& comment, const std::string& timestamp) {
    json.begin_object().member("uuid", id).member("name", t.name).member("meta-category", t.category).member("description", t.description).member("template_uuid", t.uuid).member("template_version", t.version);
    json.member("timestamp", timestamp).member("comment", comment).member("distribution", "5").key("Attribute").begin_array();
}

// A reference from one object to another.
void write_reference(JsonWriter& json, const std::string& from, const std::string& to, std::string_view how, const std::string& timestamp) {
    json.begin_object().member("uuid", uuid5(k_uuid_space, fmt::format("misp reference {} {} {}", from, how, to))).member("object_uuid", from).member("referenced_uuid", to).member("relationship_type", how);
    json.member("comment", "").member("timestamp", timestamp).end_object();
}

std::string account_id(const std::string& account) { return uuid5(k_uuid_space, "misp account " + account); }

void write_account(JsonWriter& json, const ReportFinding& finding, const std::string& key, const std::string& timestamp) {
    begin_object(json, k_account, account_id(key), finding.title, timestamp);
    write_attribute(json, {"text", "username", "Other", base::to_utf8(key), "", false}, "account", timestamp);
    write_attribute(json, {"text", "account-type", "Other", "unix", "", false}, "account " + key, timestamp);
    json.end_array().end_object();
}

// Where data went is a destination, all else came from there.
void write_host(JsonWriter& json, const RemoteHost& host, const Report& report, const std::string& timestamp) {
    std::string titles;
    bool source = false;
    for (const auto& f : report.findings) {
        if (std::find(host.findings.begin(), host.findings.end(), f.id) == host.findings.end()) continue;
        titles += (titles.empty() ? "" : "; ") + f.title;
        source |= f.question != "data_taken" || f.subject != host.value;
    }
    begin_object(json, k_address, uuid5(k_uuid_space, "misp address " + host.value), titles, timestamp);
    const std::string_view type = host.kind == "domain" ? "domain" : source ? "ip-src" : "ip-dst";
    write_attribute(json, {type, type, "Network activity", host.value, "", host.hostile}, "address", timestamp);
    json.end_array().end_object();
}

void write_file(JsonWriter& json, const ReportFinding& finding, const ReportItem& item, const std::string& id, const std::string& owner, const std::string& timestamp) {
    const bool planted = is_planted(finding, item);
    const std::string path = base::to_utf8(item.path.value_or(""));
    const auto slash = path.rfind('/');
    const std::string space = finding.id + item.ref;
    begin_object(json, k_file, id, finding.title, timestamp);
    write_attribute(json, {"filename", "filename", "Payload delivery", path.substr(slash == std::string::npos ? 0 : slash + 1), "", false}, space, timestamp);
    write_attribute(json, {"text", "fullpath", "Other", path, "", false}, space, timestamp);
    write_attribute(json, {"md5", "md5", "Payload delivery", item.md5, "", planted}, space, timestamp);
    write_attribute(json, {"sha1", "sha1", "Payload delivery", item.sha1, "", planted}, space, timestamp);
    write_attribute(json, {"sha256", "sha256", "Payload delivery", item.sha256, "", planted}, space, timestamp);
    write_attribute(json, {"size-in-bytes", "size-in-bytes", "Other", std::to_string(item.size), "", false}, space, timestamp);
    if (item.times.modified) write_attribute(json, {"datetime", "modification-time", "Other", base::to_rfc3339(*item.times.modified), "", false}, space, timestamp);
    if (planted) write_attribute(json, {"text", "state", "Other", "Malicious", "", false}, space, timestamp);
    json.end_array();
    if (!owner.empty()) {
        json.key("ObjectReference").begin_array();
        write_reference(json, id, owner, "owned-by", timestamp);
        json.end_array();
    }
    json.end_object();
}

}  // namespace

base::Result<void> write_misp(const FormatInput& input, OutputFile& out) {
    const Report& r = input.report;
    const base::Timestamp moment = evidence_moment(r);
    const std::string timestamp = std::to_string(moment.seconds), date = base::to_rfc3339(moment).substr(0, 10);
    const std::string name = evidence_key(r);
    std::string text;
    JsonWriter json(text, JsonWriter::Layout::indented);
    json.begin_object().key("Event").begin_object().member("uuid", uuid5(k_uuid_space, "misp event " + name)).member("info", "Deadbox: " + alarmed_summary(r, input.texts)).member("date", date);
    json.member("threat_level_id", r.verdict.level == "compromised" ? "1" : r.verdict.level == "suspicious" ? "2" : "4").member("analysis", "2").member("distribution", "0").member("published", false).member("timestamp", timestamp);
    const auto told = told_findings(r);
    json.key("Attribute").begin_array().end_array().key("Object").begin_array();
    std::set<std::string> seen;
    for (const auto* finding : told) {
        for (const auto& item : finding->items) {
            const auto account = account_named(*finding, item);
            if (!account.empty() && seen.insert(account).second) write_account(json, *finding, account, timestamp);
        }
    }
    for (const auto& host : r.remote_hosts) write_host(json, host, r, timestamp);
    for (const auto* finding : told) {
        for (const auto& item : finding->items) {
            const std::string id = uuid5(k_uuid_space, "misp file " + finding->id + item.ref);
            const std::string owner = !item.user.empty() && seen.contains(item.user) ? account_id(item.user) : std::string();
            if (item.path && !item.sha256.empty() && seen.insert(id).second) write_file(json, *finding, item, id, owner, timestamp);
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
