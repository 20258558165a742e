// navigator.json: a layer for the ATT&CK Navigator; a technique's score is the gravest finding that names it.
#include <map>

#include "report/alarms.hpp"
#include "report/format.hpp"
#include "report/indicators.hpp"
#include "report/json_writer.hpp"
#include "report/tlp.hpp"

namespace deadbox::report {

base::Result<void> write_navigator(const FormatInput& input, OutputFile& out) {
    struct Entry {
        int score = 0;
        std::string comment;
    };
    std::map<std::string, Entry> techniques;
    for (const auto* finding : told_findings(input.report)) {
        for (const auto& id : finding->attack) {
            Entry& entry = techniques[id];
            entry.score = std::max(entry.score, static_cast<int>(finding->severity) * 25);
            entry.comment += (entry.comment.empty() ? "" : "; ") + finding->title;
        }
    }
    std::string text;
    JsonWriter json(text, JsonWriter::Layout::indented);
    json.begin_object().member("name", "Deadbox").key("versions").begin_object().member("attack", "15").member("navigator", "5.0.1").member("layer", "4.5").end_object();
    json.member("domain", "enterprise-attack").member("description", alarmed_summary(input.report, input.texts)).key("techniques").begin_array();
    for (const auto& [id, entry] : techniques) json.begin_object().member("techniqueID", id).member("score", entry.score).member("comment", entry.comment).member("enabled", true).member("showSubtechniques", true).end_object();
    json.end_array().key("gradient").begin_object().key("colors").begin_array().value("#ffe766").value("#b3261e").end_array().member("minValue", 0).member("maxValue", 100).end_object();
    if (!input.report.tlp.empty()) json.key("metadata").begin_array().begin_object().member("name", "TLP").member("value", tlp_label(input.report.tlp)).end_object().end_array();
    json.member("hideDisabled", false).end_object();
    out.write(text += '\n');
    return {};
}

}  // namespace deadbox::report
