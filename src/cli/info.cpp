// deadbox info: what is in the evidence; no scan.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "devices/attached.hpp"
#include "devices/examination_rule.hpp"
#include "report/json_writer.hpp"
#include "report/visible.hpp"
#include "serve/evidence_reader.hpp"

namespace deadbox::cli {
namespace {

constexpr std::string_view k_levels[] = {"gap", "limit", "assumption", "note"};

std::string size_text(std::uint64_t bytes) {
    static constexpr const char* k_units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 1024 && unit < 4; ++unit) value /= 1024;
    return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, k_units[unit]);
}

class Info final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("EVIDENCE", m_evidence, "Images or devices; fd:N for an inherited descriptor");
        app.add_flag("--devices", m_devices, "List the attached disks: model, serial number, size, whether anything can write to them");
    }

    base::Result<Exit> run(const Context& context) override {
        if (m_devices) return list_devices(context);
        if (m_evidence.empty()) return base::fail(base::Errc::usage, "info needs EVIDENCE, or --devices");
        bool opened = false, failed = false;
        for (const auto& argument : m_evidence) {
            const auto reader = serve::EvidenceReader::open({argument});
            if (!reader) {
                failed = true;
                complain(context, "no_evidence", argument + ": " + reader.error().what);
                continue;
            }
            opened = true;
            const auto& description = (*reader)->description();
            print(context.json ? json_of(description) : text_of(description));
        }
        return !opened ? Exit::no_evidence : failed ? Exit::gaps : Exit::done;
    }

private:
    static base::Result<Exit> list_devices(const Context& context) {
        const auto rule = devices::examination_rule();
        TRY_ASSIGN(const auto devices, devices::attached());
        for (const auto& device : devices) print(context.json ? json_of(device, rule) : text_of(device));
        if (!context.json)
            print("examination rule: " + (rule.is_active() ? "active (" + rule.reason + "): a disk that is attached becomes read-only, and nothing mounts or assembles it\n"
                                                           : "NOT active (" + rule.reason + "). A disk that is attached now may be mounted, assembled or repaired by this workstation before\n"
                                                                 "it is read, which changes it. Install packaging/udev first, or use a write blocker.\n"));
        return Exit::done;
    }

    static std::string text_of(const devices::Device& device) {
        std::string text = fmt::format("{:<16} {:>10}  {}{}{}\n", device.path, size_text(device.size), device.read_only ? "read-only" : "writable",
                                       device.model.empty() ? "" : "  " + report::visible(device.model), device.serial.empty() ? "" : "  serial " + report::visible(device.serial));
        for (const auto& use : device.uses)
            text += fmt::format("  {} {}: {}{} {}\n", use.writable ? "WARNING, can be changed now:" : "in use:", use.device, use.as, use.kind.empty() ? "" : " (" + use.kind + ")", report::visible(use.place));
        return text;
    }

    static std::string json_of(const devices::Device& device, const devices::ExaminationRule& rule) {
        std::string line;
        report::JsonWriter json(line);
        json.begin_object().member("device", device.path).member("model", device.model).member("serial", device.serial).member("transport", device.transport);
        json.member("size", device.size).member("sector", std::int64_t{device.sector}).member("read_only", device.read_only).member("removable", device.removable);
        json.member("under_rule", device.under_rule).member("examination_rule", rule.is_active());
        json.member("examination_rule_state", devices::id_of(rule.state)).member("examination_rule_file", rule.file).member("examination_rule_reason", rule.reason);
        json.member("sectors_written", device.sectors_written).member("in_use_writable", device.in_use_writable()).key("partitions").begin_array();
        for (const auto& partition : device.partitions) json.value(partition);
        json.end_array().key("uses").begin_array();
        for (const auto& use : device.uses) json.begin_object().member("device", use.device).member("as", use.as).member("kind", use.kind).member("place", use.place).member("writable", use.writable).end_object();
        json.end_array().end_object();
        return line += '\n';
    }

    static std::string text_of(const serve::Description& d) {
        std::string text;
        for (const auto& media : d.media)
            text += fmt::format("{}\n  container  {}, {} file{}\n  media      {} ({} bytes)\n", report::visible(media.argument), media.format, media.files.size(),
                                media.files.size() == 1 ? "" : "s", size_text(media.size), media.size);
        for (const auto& v : d.volumes) {
            text += fmt::format("  {:<9}  {:<6} {:>10}  {}", v.id, v.scheme, size_text(v.size), v.filesystem.empty() ? "no file system that is read" : report::visible(v.filesystem));
            if (!v.label.empty()) text += "  label " + report::visible(v.label);
            if (!v.uuid.empty()) text += "  " + v.uuid;
            if (!v.clean) text += "  was in use, journal " + v.journal;
            if (!v.system.empty()) text += "\n             " + report::visible(v.system);
            text += '\n';
        }
        for (const auto& gap : d.gaps) text += fmt::format("  {:<9}  {}: {} {}\n", k_levels[static_cast<std::size_t>(gap.level)], gap.area, gap.reason, report::visible(gap.detail));
        return text;
    }

    static std::string json_of(const serve::Description& d) {
        std::string line;
        report::JsonWriter json(line);
        for (const auto& media : d.media) {
            json.begin_object().member("evidence", media.argument).member("container", media.format).member("size", media.size).member("identity", media.identity);
            json.key("files").begin_array();
            for (const auto& name : media.files) json.value(name);
            json.end_array();
        }
        json.key("volumes").begin_array();
        for (const auto& v : d.volumes) {
            json.begin_object().member("id", v.id).member("scheme", v.scheme).member("type", v.type).member("name", v.name).member("start", v.start).member("size", v.size);
            json.member("filesystem", v.filesystem).member("label", v.label).member("uuid", v.uuid).member("clean", v.clean).member("journal", v.journal).member("operating_system", v.system).end_object();
        }
        json.end_array().key("coverage").begin_array();
        for (const auto& gap : d.gaps) json.begin_object().member("level", k_levels[static_cast<std::size_t>(gap.level)]).member("area", gap.area).member("reason", gap.reason).member("path", gap.path).member("detail", gap.detail).end_object();
        json.end_array().end_object();
        return line += '\n';
    }

    std::vector<std::string> m_evidence;
    bool m_devices = false;
};

}  // namespace

std::unique_ptr<Command> make_info() { return std::make_unique<Info>(); }

}  // namespace deadbox::cli
