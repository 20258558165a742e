#include "cli/selftest_record.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/json_writer.hpp"
#include "report/visible.hpp"

namespace deadbox::cli {
namespace {

void write_components(report::JsonWriter& json, std::string_view key, const std::vector<Component>& components) {
    json.key(key).begin_array();
    for (const auto& one : components) json.begin_object().member("name", one.name).member("path", one.path).member("sha256", one.sha256).end_object();
    json.end_array();
}

}  // namespace

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::passed: return "passed";
        case Verdict::failed: return "failed";
        case Verdict::not_run: return "not run";
    }
    return "";
}

std::size_t ValidationRecord::count(Verdict verdict) const {
    return static_cast<std::size_t>(std::count_if(trials.begin(), trials.end(), [verdict](const Trial& trial) { return trial.verdict == verdict; }));
}

std::string record_json(const ValidationRecord& r) {
    std::string text;
    report::JsonWriter json(text, report::JsonWriter::Layout::indented);
    json.begin_object().member("schema", "deadbox.validation/1").member("tool", r.tool).member("started", r.started).member("finished", r.finished).member("by", r.examiner);
    json.member("verdict", name_of(r.count(Verdict::failed) == 0 ? Verdict::passed : Verdict::failed));
    json.key("counts").begin_object().member("passed", r.count(Verdict::passed)).member("failed", r.count(Verdict::failed)).member("not_run", r.count(Verdict::not_run)).end_object();
    const auto& w = r.workstation;
    json.key("workstation").begin_object().member("system", w.system).member("kernel", w.kernel).member("architecture", w.architecture).member("processor", w.processor).member("processors", w.processors);
    json.member("memory", w.memory).member("landlock", w.landlock).member("seccomp", w.seccomp);
    write_components(json, "programs", w.programs);
    write_components(json, "libraries", w.libraries);
    json.key("topics").begin_array();
    for (const auto& topic : w.rules) json.begin_object().member("id", topic.topic).member("version", topic.version).member("rules", topic.rules).end_object();
    json.end_array().key("resources").begin_object().member("files", w.resources).member("sha256", w.resources_sha256).end_object().end_object();
    json.key("images").begin_array();
    for (const auto& image : r.images) json.begin_object().member("id", image.id).member("description", image.description).member_or_null("media_sha256", image.media_sha256).member("seconds", image.seconds).end_object();
    json.end_array().key("trials").begin_array();
    for (const auto& trial : r.trials)
        json.begin_object().member("image", trial.image).member("what", trial.what).member("expected", trial.expected).member("found", trial.found).member("verdict", name_of(trial.verdict)).end_object();
    json.end_array().end_object();
    return text += '\n';
}

std::string record_page(const ValidationRecord& r) {
    const auto failed = r.count(Verdict::failed);
    std::string page = fmt::format("# Validation record: {}\n\n{} of {} trials passed, {} failed, {} could not be run.\n\n{}, from {} to {}, by {}.\n\n", failed == 0 ? "passed" : "FAILED", r.count(Verdict::passed), r.trials.size(), failed,
                                   r.count(Verdict::not_run), r.tool, r.started, r.finished, report::visible(r.examiner));
    page += "Images with known contents were made on this workstation from nothing and examined as any evidence is; what was found is compared with what was put there. "
            "validation.json says the same for tools; manifest.json is signed and names both files. Check it with: deadbox verify FOLDER\n\n";
    for (const auto verdict : {Verdict::failed, Verdict::not_run, Verdict::passed}) {
        if (r.count(verdict) == 0) continue;
        page += fmt::format("## Trials: {}\n\n", name_of(verdict));
        for (const auto& trial : r.trials)
            if (trial.verdict == verdict) page += fmt::format("- {}: {}. Expected: {}. Found: {}.\n", trial.image, report::visible(trial.what), report::visible(trial.expected), report::visible(trial.found));
        page += "\n";
    }
    page += "## Images\n\n";
    for (const auto& image : r.images) page += fmt::format("- {}: {}. SHA-256 of the media: {}. {} s.\n", image.id, image.description, image.media_sha256.empty() ? "none" : image.media_sha256, image.seconds);
    const auto& w = r.workstation;
    page += fmt::format("\n## Workstation\n\n- System: {}\n- Kernel: {} ({})\n- Processor: {}, {} threads, {} MiB of memory\n- Lock-down of the worker: {}, {}\n", report::visible(w.system), report::visible(w.kernel), w.architecture,
                        report::visible(w.processor), w.processors, w.memory >> 20, w.seccomp ? "seccomp" : "NO seccomp", w.landlock > 0 ? fmt::format("Landlock ABI {}", w.landlock) : "no Landlock");
    page += "\n## Programs and libraries\n\n";
    for (const auto* components : {&w.programs, &w.libraries})
        for (const auto& one : *components) page += fmt::format("- {}: {}, SHA-256 {}\n", one.name, report::visible(one.path), one.sha256);
    page += fmt::format("\n## Rules\n\n- {} resources (rules, lists, texts); SHA-256 of the list of their digests {}\n", w.resources, w.resources_sha256);
    for (const auto& topic : w.rules) {
        std::string rules;
        for (const auto& rule : topic.rules) rules += (rules.empty() ? "" : ", ") + rule;
        page += fmt::format("- {} {}{}{}\n", topic.topic, topic.version, rules.empty() ? "" : ": ", rules);
    }
    return page;
}

}  // namespace deadbox::cli
