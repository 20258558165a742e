// sha256-VOLUME[-STATE].txt: what `sha256sum -c` reads, one file for each volume and state, paths relative to its root. A name
// with a backslash or a line break is written as coreutils do: a backslash first, then \\ and \n (\r) inside.
#include <map>

#include "base/encoding.hpp"
#include "case/view_names.hpp"
#include "report/format.hpp"
#include "report/redaction.hpp"
#include "report/tlp.hpp"

namespace deadbox::report {
namespace {

void append_line(std::string& out, const case_file::NameRow& row, const Redactor& redactor) {
    std::string path(row.folder.substr(0, 1) == "/" ? row.folder.substr(1) : row.folder);
    if (!path.empty()) path += '/';
    path = redactor.name(path += row.name);
    const bool escape = path.find_first_of("\\\n\r") != std::string::npos;
    if (escape) out += '\\';
    out += base::to_hex(row.sha256), out += "  ";
    for (const char c : path) {
        if (c == '\\') out += "\\\\";
        else if (c == '\n') out += "\\n";
        else if (c == '\r') out += "\\r";
        else out += c;
    }
    out += '\n';
}

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
    std::string line;
    TRY(case_file::for_each_name(input.view, [&](const case_file::NameRow& row) {
        const auto file = files.find(case_file::tree_of(row.inode));
        if (file == files.end() || !row.name_allocated || !row.inode_allocated || row.type != 1 || row.sha256.empty() || row.name.empty()) return base::Next::go_on;
        line.clear();
        append_line(line, row, redactor);
        file->second.write(line);
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
