// stix.json: a STIX 2.1 bundle. Observed files, accounts, addresses and domains with what relates them; indicators for planted
// files and for an intruder's addresses and domains; the malware that planted files are; ATT&CK techniques; one report that holds them together, under its TLP 2.0 marking. Ids are version 5 UUIDs over content, times are the evidence's.
#include <algorithm>
#include <array>
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

// STIX keeps milliseconds.
std::string stix_time(base::Timestamp time) {
    const std::string text = base::to_rfc3339(time);
    return text.substr(0, text.size() - 7) + "Z";
}

struct Marking {
    std::string_view tlp, id;
};
constexpr std::array k_tlp{Marking{"clear", "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"}, Marking{"green", "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"},
                           Marking{"amber", "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"}, Marking{"amber+strict", "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"},
                           Marking{"red", "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"}};

class Bundle {
public:
    Bundle(const Report& report, const Texts& texts, JsonWriter& json) : m_report(report), m_summary(alarmed_summary(report, texts)), m_json(json), m_now(stix_time(evidence_moment(report))), m_author("identity--" + uuid5(k_uuid_space, "deadbox")) {}

    void write() {
        const std::string name = evidence_key(m_report);
        m_json.begin_object().member("type", "bundle").member("id", "bundle--" + uuid5(k_uuid_space, "bundle " + name + m_now)).key("objects").begin_array();
        write_marking();
        object("identity", m_author).member("name", "Deadbox").member("identity_class", "system").end_object();
        const auto told = told_findings(m_report);
        for (const auto* finding : told) write_finding(*finding);
        if (!m_members.empty()) {
            object("report", "report--" + uuid5(k_uuid_space, "report " + name)).member("name", "Deadbox: " + m_report.verdict.level).member("description", m_summary).member("published", m_now);
            m_json.key("report_types").begin_array().value("observed-data").end_array().key("object_refs").begin_array();
            for (const auto& id : m_members) m_json.value(id);
            m_json.end_array().end_object();
        }
        m_json.end_array().end_object();
    }

private:
    // The members that every domain object and relationship has; the caller closes the object.
    JsonWriter& object(std::string_view type, const std::string& id) {
        m_json.begin_object().member("type", type).member("spec_version", "2.1").member("id", id).member("created", m_now).member("modified", m_now);
        if (id != m_author) m_json.member("created_by_ref", m_author);
        mark();
        return m_json;
    }

    // The published object of TLP 2.0: consumers know it by its id.
    void write_marking() {
        for (const auto& one : k_tlp) {
            if (one.tlp != m_report.tlp) continue;
            m_marking = one.id;
            m_json.begin_object().member("type", "marking-definition").member("spec_version", "2.1").member("id", m_marking).member("created", "2022-10-01T00:00:00.000Z").member("name", tlp_label(one.tlp));
            m_json.key("extensions").begin_object().key("extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d").begin_object().member("extension_type", "property-extension").member("tlp_2_0", one.tlp);
            m_json.end_object().end_object().end_object();
        }
    }
    void mark() {
        if (!m_marking.empty()) m_json.key("object_marking_refs").begin_array().value(m_marking).end_array();
    }
    // An observed thing; the caller closes the object.
    JsonWriter& observable(std::string_view type, const std::string& id) {
        m_json.begin_object().member("type", type).member("spec_version", "2.1").member("id", id);
        mark();
        return m_json;
    }

    void relate(const std::string& from, std::string_view how, const std::string& to) {
        const std::string id = "relationship--" + uuid5(k_uuid_space, fmt::format("{} {} {}", from, how, to));
        if (!m_written.insert(id).second) return;
        object("relationship", id).member("relationship_type", how).member("source_ref", from).member("target_ref", to).end_object();
        m_members.push_back(id);
    }

    std::string write_file(const ReportItem& item) {
        const std::string path = base::to_utf8(item.path.value_or(""));
        const auto slash = path.rfind('/');
        const std::string name = slash == std::string::npos ? path : path.substr(slash + 1), folder = slash == std::string::npos ? "" : slash == 0 ? "/" : path.substr(0, slash);
        std::string directory;
        if (!folder.empty()) {
            std::string key;
            JsonWriter(key).begin_object().member("path", folder).end_object();
            directory = "directory--" + uuid5(k_uuid_space_stix, key);
            if (m_written.insert(directory).second) observable("directory", directory).member("path", folder).end_object();
        }
        const std::string id = "file--" + uuid5(k_uuid_space_stix, item.sha256 + "\n" + path);
        if (!m_written.insert(id).second) return id;
        observable("file", id);
        if (!item.sha256.empty()) m_json.key("hashes").begin_object().member("MD5", item.md5).member("SHA-1", item.sha1).member("SHA-256", item.sha256).end_object();
        m_json.member("size", item.size).member("name", name.empty() ? "?" : name);
        if (item.path && !base::is_utf8(*item.path)) m_json.member("name_enc", "ISO-8859-1");
        if (item.times.born) m_json.member("ctime", stix_time(*item.times.born));
        if (item.times.modified) m_json.member("mtime", stix_time(*item.times.modified));
        if (item.times.accessed) m_json.member("atime", stix_time(*item.times.accessed));
        if (!directory.empty()) m_json.member("parent_directory_ref", directory);
        m_json.end_object();
        return id;
    }

    std::string write_account(const std::string& login) {
        const std::string id = "user-account--" + uuid5(k_uuid_space_stix, "unix " + login);
        if (m_written.insert(id).second) observable("user-account", id).member("account_login", login).member("account_type", "unix").end_object();
        return id;
    }

    // An account that the finding is about; "" where the item names none.
    std::string write_key(const ReportFinding& finding, const ReportItem& item) {
        const auto account = account_named(finding, item);
        return account.empty() ? account : write_account(account);
    }

    static std::string_view type_of(const RemoteHost& host) { return host.kind == "ipv4" ? "ipv4-addr" : host.kind == "ipv6" ? "ipv6-addr" : "domain-name"; }

    std::string write_host(const RemoteHost& host) {
        std::string content;
        JsonWriter(content).begin_object().member("value", host.value).end_object();
        const std::string id = std::string(type_of(host)) + "--" + uuid5(k_uuid_space_stix, content);
        if (m_written.insert(id).second) observable(type_of(host), id).member("value", host.value).end_object();
        return id;
    }

    std::vector<const RemoteHost*> hosts_of(const ReportFinding& finding) const {
        std::vector<const RemoteHost*> hosts;
        for (const auto& host : m_report.remote_hosts)
            if (std::find(host.findings.begin(), host.findings.end(), finding.id) != host.findings.end()) hosts.push_back(&host);
        return hosts;
    }

    std::string write_technique(const std::string& technique) {
        const std::string id = "attack-pattern--" + uuid5(k_uuid_space, "attack-pattern " + technique);
        if (!m_written.insert(id).second) return id;
        object("attack-pattern", id).member("name", technique).key("external_references").begin_array().begin_object().member("source_name", "mitre-attack").member("external_id", technique);
        m_json.end_object().end_array().end_object();
        m_members.push_back(id);
        return id;
    }

    void write_indicator(const ReportFinding& finding, const ReportItem& item, const std::string& observed) {
        const std::string id = "indicator--" + uuid5(k_uuid_space, "indicator " + item.sha256);
        if (m_written.insert(id).second) {
            object("indicator", id).member("name", finding.title).member("description", finding.explanation).member("pattern", fmt::format("[file:hashes.'SHA-256' = '{}']", item.sha256));
            m_json.member("pattern_type", "stix").member("pattern_version", "2.1").member("valid_from", m_now).key("indicator_types").begin_array().value("malicious-activity").end_array().end_object();
            m_members.push_back(id);
        }
        relate(id, "based-on", observed);
        const std::string malware = "malware--" + uuid5(k_uuid_space, "malware " + item.sha256);
        if (m_written.insert(malware).second) {
            object("malware", malware).member("name", finding.rule).member("description", finding.title).member("is_family", false).key("malware_types").begin_array();
            m_json.value(finding.question == "webshells" ? "webshell" : finding.question == "rootkit" ? "rootkit" : "unknown").end_array().key("sample_refs").begin_array().value(write_file(item)).end_array().end_object();
            m_members.push_back(malware);
        }
        relate(id, "indicates", malware);
        for (const auto& technique : finding.attack) relate(malware, "uses", write_technique(technique)), relate(id, "indicates", write_technique(technique));
    }

    void write_host_indicator(const ReportFinding& finding, const RemoteHost& host, const std::string& observed) {
        const std::string id = "indicator--" + uuid5(k_uuid_space, "indicator " + host.value);
        if (m_written.insert(id).second) {
            object("indicator", id).member("name", finding.title).member("description", finding.explanation).member("pattern", fmt::format("[{}:value = '{}']", type_of(host), host.value));
            m_json.member("pattern_type", "stix").member("pattern_version", "2.1").member("valid_from", m_now).key("indicator_types").begin_array().value("malicious-activity").end_array().end_object();
            m_members.push_back(id);
        }
        relate(id, "based-on", observed);
        for (const auto& technique : finding.attack) relate(id, "indicates", write_technique(technique));
    }

    // Whose a file is, and which machine had to do with which account.
    void relate_observed(const ReportFinding& finding, const std::vector<const RemoteHost*>& hosts) {
        std::set<std::string> accounts;
        for (const auto& item : finding.items) {
            accounts.insert(write_key(finding, item));
            if (is_planted(finding, item) && !item.user.empty()) relate(write_file(item), "related-to", write_account(item.user));
        }
        accounts.erase("");
        for (const auto* host : hosts)
            for (const auto& account : accounts) relate(write_host(*host), "related-to", account);
    }

    void write_finding(const ReportFinding& finding) {
        std::set<std::string> observed;
        std::vector<const ReportItem*> planted;
        for (const auto& item : finding.items) {
            if (item.path && item.inode) observed.insert(write_file(item));
            observed.insert(write_key(finding, item));
            if (is_planted(finding, item)) planted.push_back(&item);
        }
        const auto hosts = hosts_of(finding);
        for (const auto* host : hosts) observed.insert(write_host(*host));
        observed.erase("");
        if (observed.empty()) return;
        const std::string id = "observed-data--" + uuid5(k_uuid_space, "finding " + finding.id);
        const std::string first = finding.first_seen ? stix_time(*finding.first_seen) : m_now;
        const std::string last = finding.last_seen ? stix_time(*finding.last_seen) : first;
        object("observed-data", id).member("first_observed", first).member("last_observed", last).member("number_observed", std::clamp<std::int64_t>(finding.item_count, 1, 999'999'999)).key("object_refs").begin_array();
        for (const auto& ref : observed) m_json.value(ref);
        m_json.end_array().key("labels").begin_array().value(finding.rule).value(name_of(finding.severity)).value(name_of(finding.confidence)).end_array().end_object();
        m_members.push_back(id);
        for (const auto* item : planted) write_indicator(finding, *item, id);
        for (const auto* host : hosts)
            if (host->hostile) write_host_indicator(finding, *host, id);
        relate_observed(finding, hosts);
    }

    const Report& m_report;
    std::string m_summary;
    JsonWriter& m_json;
    std::string m_now, m_author, m_marking;
    std::set<std::string> m_written;
    std::vector<std::string> m_members;
};

}  // namespace

base::Result<void> write_stix(const FormatInput& input, OutputFile& out) {
    std::string text;
    JsonWriter json(text, JsonWriter::Layout::indented);
    Bundle(input.report, input.texts, json).write();
    out.write(text += '\n');
    return {};
}

}  // namespace deadbox::report
