// deadbox cat: bytes of a file of the evidence, as they are.
#include <CLI/CLI.hpp>

#include "case/writer.hpp"
#include "cli/command.hpp"
#include "cli/open_case.hpp"
#include "cli/output.hpp"
#include "cli/which_file.hpp"
#include "serve/evidence_reader.hpp"

namespace deadbox::cli {
namespace {

class Cat final : public Command {
public:
    void options(CLI::App& app) override {
        app.add_option("CASE", m_case, "The case file")->required();
        app.add_option("PATH", m_paths, "Absolute paths on the machine; raw bytes, or hex:DIGITS");
        app.add_option("--ref", m_ref, "The file that this ref names");
        app.add_flag("--holes", m_holes, "Files with more than 8 GiB of holes too: the holes come as zeros");
        app.add_option("--evidence", m_evidence, "Where the evidence is now (repeatable, in the order of the case)");
    }

    base::Result<Exit> run(const Context& context) override {
        if (m_paths.empty() && m_ref.empty()) return base::fail(base::Errc::usage, "cat needs a PATH or --ref");
        TRY_ASSIGN(const case_file::View view, open_case(m_case));
        TRY_ASSIGN(case_file::Files files, case_file::Files::open(view));
        TRY_ASSIGN(const auto reader, open_evidence(context, view, m_evidence));
        if (!m_ref.empty()) m_paths = {""};
        for (const auto& argument : m_paths) {
            TRY_ASSIGN(const auto found, files_meant(view, files, argument, m_ref));
            const auto wanted = std::find_if(found.begin(), found.end(), [](const auto& file) { return file.type == 1 && file.name_allocated == file.inode_allocated; });
            if (wanted == found.end()) return base::fail(base::Errc::usage, argument + " is no regular file, or its content belongs to another file now");
            if (!m_holes) TRY(worth_reading(argument.empty() ? wanted->path : argument, wanted->size, wanted->hole_bytes));
            TRY(reader->read(case_file::inode_tree(wanted->inode), case_file::inode_number(wanted->inode), 0, UINT64_MAX, [](base::ByteView bytes) {
                print(base::as_text(bytes));
                return base::Next::go_on;
            }));
        }
        return Exit::done;
    }

private:
    std::string m_case, m_ref;
    std::vector<std::string> m_paths, m_evidence;
    bool m_holes = false;
};

}  // namespace

std::unique_ptr<Command> make_cat() { return std::make_unique<Cat>(); }

}  // namespace deadbox::cli
