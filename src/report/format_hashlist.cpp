// sha256-VOLUME[-STATE].txt: what `sha256sum -c` reads, one file for each volume and state, paths relative to the machine's root, below a
// folder of its name where there are several.
// A path stands under the name that `extract` gives its copy (case/export_names): ordinary ones as they are, %XX for what is
// hidden or no text, so that the list holds over an export. No such name needs the backslash escapes of coreutils.
#include <map>

#include "case/export_names.hpp"
#include "case/machine_folders.hpp"
#include "case/view_files.hpp"
#include "report/format.hpp"
#include "report/redaction.hpp"
#include "report/tlp.hpp"

namespace deadbox::report {
namespace {

// A label as a file's name.
std::string plain(std::string_view label) {
    std::string text;
    for (const char c : label) text += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ? c : '_';
    return text;
}

}  // namespace

base::Result<std::vector<OutputFile::Written>> write_hashlists(const FormatInput& input, const std::string& folder) {
    TRY_ASSIGN(const Redactor redactor, Redactor::load(input.view, input.report.redact));
    TRY_ASSIGN(const auto trees, case_file::trees(input.view));
    TRY_ASSIGN(const auto volumes, case_file::volumes(input.view));
    std::map<std::int64_t, OutputFile> files;  // by tree
    for (const auto& tree : trees) {
        std::string name = "sha256";
        for (const auto& volume : volumes)
            if (volume.id == tree.volume) name += "-" + plain(volume.label_id);
        if (tree.state != 0) name += "-" + std::to_string(tree.state);
        TRY_ASSIGN(OutputFile file, OutputFile::create(folder, name + ".txt"));
        if (!input.report.tlp.empty()) file.write("# " + tlp_label(input.report.tlp) + "\n");  // sha256sum passes over such lines
        files.emplace(tree.id, std::move(file));
    }
    // In the order of an export of "/": names that would clash are told apart in the same way.
    case_file::ExportNames names(case_file::NameRules::here);
    TRY_ASSIGN(const auto machines, case_file::MachineFolders::load(input.view));
    TRY_ASSIGN(case_file::Files all, case_file::Files::open(input.view));
    TRY(all.below("/", true, [&](const case_file::FileDetail& row) {
        if (row.type != 1 || !row.name_allocated || !row.inode_allocated || row.path.empty()) return base::Next::go_on;
        const auto name = names.place(machines.place(row.system, row.path));
        const auto file = files.find(case_file::tree_of(row.inode));
        if (file == files.end() || row.sha256.empty()) return base::Next::go_on;
        const auto told = redactor.name(name);
        // A name that was changed names no copy: sha256sum passes over the line.
        file->second.write((told == name ? "" : "# redacted ") + row.sha256 + "  " + told + "\n");
        return base::Next::go_on;
    }));
    std::vector<OutputFile::Written> written;
    for (auto& [tree, file] : files) {
        TRY_ASSIGN(auto one, file.finish());
        written.push_back(std::move(one));
    }
    return written;
}

}  // namespace deadbox::report
