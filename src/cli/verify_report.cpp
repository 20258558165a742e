#include "cli/verify_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/encoding.hpp"
#include "case/custody.hpp"
#include "report/build.hpp"
#include "report/redaction.hpp"

namespace deadbox::cli {
namespace {

using Json = nlohmann::json;
using proof::Outcome;

constexpr std::uint64_t k_largest_report = std::uint64_t{256} << 20;
constexpr std::size_t k_named = 5;  // findings in one sentence

std::string text_of(const Json& object, const char* name) {
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}
const Json& part_of(const Json& object, const char* name) {
    static const Json none;
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() ? *found : none;
}

std::string some_of(const std::vector<std::string>& ids) {
    std::string text;
    for (std::size_t i = 0; i < std::min(ids.size(), k_named); ++i) text += (i == 0 ? "" : ", ") + ids[i];
    return ids.size() > k_named ? text + fmt::format(" and {} more", ids.size() - k_named) : text;
}

// Media that both have a digest of, and none of them the same.
bool other_evidence(const case_file::View& view, const Json& report) {
    std::set<std::string> here, there;
    if (const auto evidence = case_file::evidence(view))
        for (const auto& row : *evidence)
            if (!row.media_sha256.empty()) here.insert(row.media_sha256);
    for (const auto& one : part_of(report, "evidence"))
        if (const auto digest = text_of(part_of(one, "media"), "sha256"); !digest.empty()) there.insert(digest);
    return !here.empty() && !there.empty() && std::none_of(there.begin(), there.end(), [&](const auto& digest) { return here.contains(digest); });
}

// Is it the case's number, as it is or as a report has it: what was left out of it is no other case. Neither need be known.
base::Result<bool> is_number_of(const case_file::View& view, const std::string& number, const std::string& told) {
    if (number.empty() || told.empty()) return true;
    for (const auto redact : {report::Redact::none, report::Redact::secrets, report::Redact::persons}) {
        TRY_ASSIGN(const auto redactor, report::Redactor::load(view, redact));
        if (base::to_utf8(redactor.told(number)) == told) return true;
    }
    return false;
}

}  // namespace

base::Result<bool> check_report(const case_file::View& view, const ReportFolder& report, std::vector<proof::Check>& checks) {
    const auto say = [&](Outcome outcome, std::string detail) { checks.push_back({"report", outcome, report.folder + ": " + std::move(detail)}); };
    TRY_ASSIGN(const auto data, view.meta("case.number"));
    const auto number = data.value_or("");
    TRY_ASSIGN(const bool same, is_number_of(view, number, report.manifest.case_number));
    if (!same) {
        say(Outcome::differs, "this report belongs to another case: it is of " + report.manifest.case_number + ", this case is " + base::to_utf8(number));
        return false;
    }
    // An export may hold a file of the server that is called so.
    if (report.manifest.content == "export") {
        say(Outcome::holds, "an export: copies of evidence, with no report whose words could be compared with the case");
        return true;
    }
    // handover puts the report into a folder of its package.
    const std::string_view name = report.manifest.content == "handover" ? "report/report.json" : "report.json";
    const auto listed = std::find_if(report.manifest.files.begin(), report.manifest.files.end(), [&](const auto& file) { return file.name == name; });
    if (listed == report.manifest.files.end()) {
        if (report.manifest.content == "report") say(Outcome::not_checkable, "it has no report.json: whether what it tells is what the case says was not compared");
        return true;
    }
    const auto text = proof::read_file(report.folder + "/" + listed->name, k_largest_report);
    const auto json = text ? Json::parse(*text, nullptr, false) : Json();
    if (!json.is_object()) {
        say(Outcome::not_checkable, "report.json cannot be read: whether it tells what the case says was not compared");
        return true;
    }
    if (other_evidence(view, json)) {
        say(Outcome::differs, "this report belongs to another case: it is about other evidence");
        return false;
    }
    TRY_ASSIGN(const report::Texts texts, report::Texts::load("en"));
    report::BuildOptions options;
    options.redact = report::Redact::none;
    TRY_ASSIGN(const report::Report now, report::build_report(view, texts, options));

    const auto head = text_of(part_of(json, "run"), "custody_head");
    if (!report.manifest.custody_head.empty() && head != report.manifest.custody_head) say(Outcome::differs, "report.json names another custody head than its manifest");
    const bool same_moment = head == now.run.custody_head;
    std::vector<std::string> differences;
    if (const auto level = text_of(part_of(json, "verdict"), "level"); level != now.verdict.level) differences.push_back(fmt::format("its verdict is {}, that of the case {}", level.empty() ? "none" : level, now.verdict.level));
    std::map<std::string, std::pair<std::string, std::string>> told;  // id -> severity, state
    for (const auto& finding : part_of(json, "findings")) told[text_of(finding, "id")] = {text_of(finding, "severity"), text_of(finding, "state")};
    std::vector<std::string> missing, graded, stated;
    for (const auto& finding : now.findings) {
        const auto place = told.find(finding.id);
        if (place == told.end()) missing.push_back(finding.id);
        else if (place->second.first != report::name_of(finding.severity)) graded.push_back(finding.id);
        else if (place->second.second != finding.state) stated.push_back(finding.id);
        if (place != told.end()) told.erase(place);
    }
    std::vector<std::string> added;
    for (const auto& [id, what] : told) added.push_back(id.empty() ? "one without an id" : id);
    if (!missing.empty()) differences.push_back("it lacks findings of the case: " + some_of(missing));
    if (!added.empty()) differences.push_back("it tells findings that the case has not: " + some_of(added));
    if (!graded.empty()) differences.push_back("it gives findings another severity than the case: " + some_of(graded));
    if (!stated.empty()) differences.push_back("it gives findings another state than the case: " + some_of(stated));
    if (differences.empty()) say(Outcome::holds, fmt::format("report.json has the verdict and the {} findings of the case with their states; the texts of its other files were not compared", now.findings.size()));
    else if (same_moment)
        for (const auto& difference : differences) say(Outcome::differs, difference);
    else say(Outcome::not_checkable, fmt::format("the case was worked on since: {}", fmt::join(differences, "; ")));
    return true;
}

}  // namespace deadbox::cli
