// case.jsonld: the thin core of CASE/UCO 1.4: the investigation, where its evidence comes from, the tool, and for each finding
// the action that found it with the files, accounts and addresses that it cites.
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
#include "report/tlp.hpp"
#include "report/uuid.hpp"

namespace deadbox::report {
namespace {

std::string iri(std::string_view type, std::string_view name) { return fmt::format("kb:{}-{}", type, uuid5(k_uuid_space, fmt::format("case {} {}", type, name))); }

void write_reference(JsonWriter& json, std::string_view key, const std::string& id) { json.key(key).begin_object().member("@id", id).end_object(); }

void write_hash(JsonWriter& json, std::string_view method, std::string_view value) {
    json.begin_object().member("@id", iri("hash", value)).member("@type", "uco-types:Hash").member("uco-types:hashMethod", method);
    json.key("uco-types:hashValue").begin_object().member("@type", "xsd:hexBinary").member("@value", value).end_object().end_object();
}

void write_content_facet(JsonWriter& json, const std::string& owner, std::string_view md5, std::string_view sha1, std::string_view sha256) {
    json.begin_object().member("@id", iri("content", owner)).member("@type", "uco-observable:ContentDataFacet").key("uco-observable:hash").begin_array();
    if (!md5.empty()) write_hash(json, "MD5", md5);
    if (!sha1.empty()) write_hash(json, "SHA1", sha1);
    if (!sha256.empty()) write_hash(json, "SHA256", sha256);
    json.end_array().end_object();
}

void write_date(JsonWriter& json, std::string_view key, const Time& time) {
    if (time) json.key(key).begin_object().member("@type", "xsd:dateTime").member("@value", *time).end_object();
}

void write_file(JsonWriter& json, const ReportItem& item, const std::string& id) {
    const std::string path = base::to_utf8(item.path.value_or(""));
    json.begin_object().member("@id", id).member("@type", "uco-observable:File").key("uco-core:hasFacet").begin_array();
    json.begin_object().member("@id", iri("facet", item.ref)).member("@type", "uco-observable:FileFacet").member("uco-observable:filePath", path).member("uco-observable:fileName", path.substr(path.rfind('/') + 1));
    json.key("uco-observable:sizeInBytes").begin_object().member("@type", "xsd:integer").member("@value", std::to_string(item.size)).end_object();
    write_date(json, "uco-observable:modifiedTime", item.times.modified);
    write_date(json, "uco-observable:accessedTime", item.times.accessed);
    write_date(json, "uco-observable:metadataChangeTime", item.times.changed);
    write_date(json, "uco-observable:observableCreatedTime", item.times.born);
    json.end_object();
    if (!item.sha256.empty()) write_content_facet(json, item.ref, item.md5, item.sha1, item.sha256);
    json.end_array().end_object();
}

// An account or an address; its id is the last of `results` then. False where it stands there already.
bool write_keyed(JsonWriter& json, const std::string& key, std::set<std::string>& written, std::vector<std::string>& results) {
    const auto address = address_kind(key);
    const std::string id = iri(address ? "address" : "account", key);
    if (std::find(results.begin(), results.end(), id) == results.end()) results.push_back(id);
    if (!written.insert(id).second) return false;
    const char* type = !address ? "UserAccount" : *address == AddressKind::ipv4 ? "IPv4Address" : "IPv6Address";
    const char* facet = !address ? "AccountFacet" : *address == AddressKind::ipv4 ? "IPv4AddressFacet" : "IPv6AddressFacet";
    json.begin_object().member("@id", id).member("@type", fmt::format("uco-observable:{}", type)).key("uco-core:hasFacet").begin_array();
    json.begin_object().member("@id", iri("facet", id)).member("@type", fmt::format("uco-observable:{}", facet));
    json.member(address ? "uco-observable:addressValue" : "uco-observable:accountIdentifier", base::to_utf8(key)).end_object().end_array().end_object();
    return true;
}

}  // namespace

base::Result<void> write_case(const FormatInput& input, OutputFile& out) {
    const Report& r = input.report;
    std::string text;
    const std::string name = evidence_key(r);
    JsonWriter json(text, JsonWriter::Layout::indented);
    json.begin_object().key("@context").begin_object().member("kb", "http://example.org/kb/");
    for (const auto* space : {"case-investigation https://ontology.caseontology.org/case/investigation/", "uco-action https://ontology.unifiedcyberontology.org/uco/action/", "uco-core https://ontology.unifiedcyberontology.org/uco/core/",
                              "uco-observable https://ontology.unifiedcyberontology.org/uco/observable/", "uco-tool https://ontology.unifiedcyberontology.org/uco/tool/",
                              "uco-types https://ontology.unifiedcyberontology.org/uco/types/", "uco-vocabulary https://ontology.unifiedcyberontology.org/uco/vocabulary/", "xsd http://www.w3.org/2001/XMLSchema#"}) {
        const std::string_view both = space;
        json.member(both.substr(0, both.find(' ')), both.substr(both.find(' ') + 1));
    }
    json.end_object().key("@graph").begin_array();
    const std::string tool = iri("tool", "deadbox");
    json.begin_object().member("@id", tool).member("@type", "uco-tool:AnalyticTool").member("uco-core:name", "Deadbox").end_object();
    std::vector<std::string> members, images;
    for (const auto& e : r.evidence) {
        const std::string id = iri("image", e.media_sha256 + std::to_string(e.media_size) + std::to_string(e.id));
        json.begin_object().member("@id", id).member("@type", "uco-observable:Image").key("uco-core:hasFacet").begin_array();
        json.begin_object().member("@id", iri("image-facet", id)).member("@type", "uco-observable:ImageFacet").member("uco-observable:imageType", e.format).end_object();
        if (!e.media_sha256.empty() || !e.media_md5.empty()) write_content_facet(json, id, e.media_md5, e.media_sha1, e.media_sha256);
        json.end_array().end_object();
        members.push_back(id), images.push_back(id);
        const std::string record = iri("provenance", id);
        json.begin_object().member("@id", record).member("@type", "case-investigation:ProvenanceRecord");
        if (e.acquisition && !e.acquisition->evidence_number.empty()) json.member("case-investigation:exhibitNumber", e.acquisition->evidence_number);
        if (!e.files.empty()) json.member("uco-core:description", base::to_utf8(e.files.front().name));
        json.key("uco-core:object").begin_array().begin_object().member("@id", id).end_object().end_array().end_object();
        members.push_back(record);
    }
    std::set<std::string> written;
    for (const auto* finding : told_findings(r)) {
        std::vector<std::string> results;
        for (const auto& item : finding->items) {
            const auto key = address_kind(item.key) ? item.key : account_named(*finding, item);
            if (!key.empty() && write_keyed(json, key, written, results)) members.push_back(results.back());
            if (!item.path || item.ref.empty()) continue;
            const std::string id = iri("file", item.ref);
            if (written.insert(id).second) write_file(json, item, id), members.push_back(id);
            results.push_back(id);
        }
        for (const auto& host : r.remote_hosts) {
            if (host.kind == "domain" || std::find(host.findings.begin(), host.findings.end(), finding->id) == host.findings.end()) continue;
            if (write_keyed(json, host.value, written, results)) members.push_back(results.back());
        }
        const std::string action = iri("action", finding->id);
        json.begin_object().member("@id", action).member("@type", "case-investigation:InvestigativeAction").member("uco-core:name", finding->title).member("uco-core:description", finding->explanation);
        write_reference(json, "uco-action:instrument", tool);
        json.key("uco-action:object").begin_array();
        for (const auto& id : images) json.begin_object().member("@id", id).end_object();
        json.end_array();
        json.key("uco-action:result").begin_array();
        for (const auto& id : results) json.begin_object().member("@id", id).end_object();
        json.end_array().end_object();
        members.push_back(action);
    }
    json.begin_object().member("@id", iri("investigation", name)).member("@type", "case-investigation:Investigation").member("uco-core:name", r.case_data.number.empty() ? "Deadbox" : r.case_data.number);
    if (!r.tlp.empty()) json.member("uco-core:tag", tlp_label(r.tlp));
    json.member("uco-core:description", alarmed_summary(r, input.texts)).key("uco-core:object").begin_array();
    for (const auto& id : members) json.begin_object().member("@id", id).end_object();
    json.end_array().end_object().end_array().end_object();
    out.write(text += '\n');
    return {};
}

}  // namespace deadbox::report
