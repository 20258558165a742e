// deadbox stat: all that the case knows of a file.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/encoding.hpp"
#include "cli/command.hpp"
#include "cli/file_json.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "cli/which_file.hpp"
#include "report/json_writer.hpp"
#include "report/visible.hpp"

namespace deadbox::cli {
namespace {

class Stat final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_option("PATH", m_paths, "Absolute paths on the machine; raw bytes, or hex:DIGITS");
        app.add_option("--ref", m_ref, "The file that this ref names");
    }

    base::Result<Exit> run(const Context& context) override {
        if (m_paths.empty() && m_ref.empty()) return base::fail(base::Errc::usage, "stat needs a PATH or --ref");
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        TRY_ASSIGN(case_file::Files files, case_file::Files::open(view));
        TRY_ASSIGN(const auto volumes, volume_labels(view));
        if (!m_ref.empty()) m_paths = {""};
        for (const auto& argument : m_paths) {
            TRY_ASSIGN(const auto found, files_meant(view, files, argument, m_ref));
            for (const auto& file : found) {
                if (!context.json) {
                    print(text_of(file, files.ref_of(file)));
                    continue;
                }
                std::string line;
                report::JsonWriter json(line);
                write_file(json, file, files.ref_of(file), volumes);
                print(line += '\n');
            }
        }
        return Exit::done;
    }

private:
    static std::string text_of(const case_file::FileDetail& f, const std::string& ref) {
        std::string text = fmt::format("{}\n", f.path.empty() ? "(no name)" : report::visible(f.path));
        const auto line = [&](std::string_view name, std::string_view value) {
            if (!value.empty()) text += fmt::format("  {:<10}{}\n", name, value);
        };
        line("ref", ref), line("type", case_file::type_name(f.type)), line("content", f.content_type);
        line("target", report::visible(f.target));
        line("inode", fmt::format("{} ({}, name {})", case_file::number_of(f.inode), f.inode_allocated ? "allocated" : "not allocated", f.name_allocated ? "allocated" : "deleted"));
        line("size", std::to_string(f.size)), line("mode", fmt::format("{:04o} {}", f.mode, mode_text(f.type, f.mode))), line("owner", fmt::format("{}:{}", f.uid, f.gid)), line("links", std::to_string(f.links));
        line("device", f.rdev);
        const auto time = [&](std::string_view name, const std::optional<base::Timestamp>& when) { line(name, when ? base::to_rfc3339(*when) : "unknown"); };
        time("modified", f.modified), time("accessed", f.accessed), time("changed", f.changed), time("created", f.born);
        if (f.deleted) time("deleted", f.deleted);
        line("state", case_file::content_name(f)), line("md5", f.md5), line("sha1", f.sha1), line("sha256", f.sha256);
        for (const auto& [name, value] : case_file::attributes_of(f.attributes)) line("xattr", report::visible(name) + " = " + base::to_hex(value));
        return text;
    }

    std::string m_case, m_ref;
    std::vector<std::string> m_paths;
};

}  // namespace

std::unique_ptr<Command> make_stat() { return std::make_unique<Stat>(); }

}  // namespace deadbox::cli
