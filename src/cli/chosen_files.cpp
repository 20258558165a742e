#include "cli/chosen_files.hpp"

#include <map>
#include <tuple>

#include "base/paths.hpp"
#include "case/edit.hpp"
#include "case/finding_states.hpp"
#include "cli/which_file.hpp"

namespace deadbox::cli {
namespace {

constexpr int k_folder = 2;  // FileDetail::type

using Key = std::tuple<std::string, std::string>;  // path, ref
struct Found {
    case_file::FileDetail file;
    std::set<std::string> findings;
};

base::Result<std::vector<std::string>> finding_ids(const case_file::View& view, const Choice& choice) {
    for (const auto& id : choice.findings) TRY(case_file::require_finding(view, id));
    if (!choice.all_findings) return choice.findings;
    std::vector<std::string> ids = choice.findings;
    TRY_ASSIGN(const auto states, case_file::finding_states(view.database()));
    for (const auto& [id, finding] : states)
        if (finding.state != "dismissed") ids.push_back(id);
    return ids;
}

base::Result<void> add_items(const case_file::View& view, case_file::Files& files, const std::string& finding, std::map<Key, Found>& found) {
    TRY_ASSIGN(case_file::Statement rows, view.prepare("SELECT inode, directory, name FROM finding_item WHERE finding = ? AND inode IS NOT NULL ORDER BY place, id"));
    rows.bind(1, finding);
    for (;;) {
        TRY_ASSIGN(const bool row, rows.step());
        if (!row) return {};
        const auto directory = rows.is_null(1) ? std::optional<std::int64_t>() : std::optional(rows.integer(1));
        TRY_ASSIGN(auto file, files.of(rows.integer(0), directory, rows.text(2)));
        if (!file) continue;
        auto& entry = found[{file->path, files.ref_of(*file)}];
        entry.file = *std::move(file);
        entry.findings.insert(finding);
    }
}

}  // namespace

base::Result<void> for_each_chosen(const case_file::View& view, case_file::Files& files, const Choice& choice,
                                   base::FunctionRef<void(const case_file::FileDetail&, const std::set<std::string>& findings)> visit) {
    std::map<Key, Found> single;
    TRY_ASSIGN(const auto ids, finding_ids(view, choice));
    for (const auto& id : ids) TRY(add_items(view, files, id, single));
    std::set<std::string> folders;
    const auto add = [&](std::vector<case_file::FileDetail> meant) {
        for (auto& file : meant) {
            if (file.type == k_folder) folders.insert(file.path.empty() ? "/" : file.path);
            else single[{file.path, files.ref_of(file)}].file = std::move(file);
        }
    };
    for (const auto& path : choice.paths) {
        TRY_ASSIGN(auto meant, files_meant(view, files, path, ""));
        add(std::move(meant));
    }
    for (const auto& ref : choice.refs) {
        TRY_ASSIGN(auto meant, files_meant(view, files, "", ref));
        add(std::move(meant));
    }
    for (const auto& [key, entry] : single) visit(entry.file, entry.findings);
    std::string_view last;
    for (const auto& folder : folders) {
        // A folder below one that was chosen too is done with it.
        if (!last.empty() && base::is_at_or_below(folder, last)) continue;
        last = folder;
        TRY(files.below(folder, true, [&](const case_file::FileDetail& file) {
            const bool wanted = file.type != k_folder && (choice.deleted || (file.name_allocated && file.inode_allocated));
            if (wanted && !single.contains({file.path, files.ref_of(file)})) visit(file, {});
            return base::Next::go_on;
        }));
    }
    return {};
}

}  // namespace deadbox::cli
