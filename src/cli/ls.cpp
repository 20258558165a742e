// deadbox ls: folders of the evidence as the case has them, deleted names too.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/file_json.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "cli/which_file.hpp"
#include "report/json_writer.hpp"
#include "report/visible.hpp"

namespace deadbox::cli {
namespace {

class Ls final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_option("PATH", m_paths, "Absolute paths on the machine; raw bytes, or hex:DIGITS");
        app.add_option("--ref", m_ref, "The file that this ref names");
        app.add_flag("--recursive", m_recursive, "Everything below; at / also inodes without a name");
    }

    base::Result<Exit> run(const Context& context) override {
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        TRY_ASSIGN(case_file::Files files, case_file::Files::open(view));
        TRY_ASSIGN(const auto volumes, volume_labels(view));
        if (m_paths.empty() && m_ref.empty()) m_paths.emplace_back("/");
        if (!m_ref.empty()) m_paths = {""};
        const auto show = [&](const case_file::FileDetail& file) {
            if (!context.json) {
                print(text_line(file));
                return base::Next::go_on;
            }
            std::string line;
            report::JsonWriter json(line);
            write_file(json, file, files.ref_of(file), volumes);
            print(line += '\n');
            return base::Next::go_on;
        };
        for (const auto& argument : m_paths) {
            TRY_ASSIGN(const auto found, files_meant(view, files, argument, m_ref));
            // Several things may have one path; folders among them are listed together, by that path.
            std::string folder;
            for (const auto& file : found) {
                if (file.type == 2) folder = file.path;
                else show(file);
            }
            if (!folder.empty()) TRY(files.below(folder, m_recursive, show));
        }
        return Exit::done;
    }

private:
    static std::string text_line(const case_file::FileDetail& file) {
        std::string text = fmt::format("{} {:>6} {:>6} {:>12}  {}  {}", mode_text(file.type, file.mode), file.uid, file.gid, file.size,
                                       file.modified ? base::to_rfc3339(*file.modified).substr(0, 19) + "Z" : "                   -",
                                       file.path.empty() ? fmt::format("(inode {} without a name)", case_file::number_of(file.inode)) : report::visible(file.path));
        if (file.type == 3) text += " -> " + report::visible(file.target);
        if (!file.name_allocated) text += fmt::format("  (deleted; content {})", case_file::content_name(file));
        return text += '\n';
    }

    std::string m_case, m_ref;
    std::vector<std::string> m_paths;
    bool m_recursive = false;
};

}  // namespace

std::unique_ptr<Command> make_ls() { return std::make_unique<Ls>(); }

}  // namespace deadbox::cli
