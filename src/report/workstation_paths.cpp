#include "report/workstation_paths.hpp"

#include <algorithm>

namespace deadbox::report {

base::Result<WorkstationPaths> WorkstationPaths::load(const case_file::View& view) {
    WorkstationPaths all;
    TRY_ASSIGN(case_file::Statement row, view.prepare("SELECT path FROM evidence_file UNION SELECT argument FROM evidence"));
    for (;;) {
        TRY_ASSIGN(const bool more, row.step());
        if (!more) break;
        if (row.text(0).find('/') != std::string_view::npos) all.m_paths.emplace_back(row.text(0));
    }
    std::sort(all.m_paths.begin(), all.m_paths.end(), [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() > b.size() : a < b; });
    return all;
}

void WorkstationPaths::shorten(std::string& text) const {
    for (const auto& path : m_paths) {
        const auto name = path.substr(path.rfind('/') + 1);
        for (auto at = text.find(path); at != std::string::npos; at = text.find(path, at + name.size())) text.replace(at, path.size(), name);
    }
}

bool WorkstationPaths::is_folder(std::string_view path) const {
    return std::any_of(m_paths.begin(), m_paths.end(), [&](const std::string& file) { return path == std::string_view(file).substr(0, file.rfind('/')); });
}

}  // namespace deadbox::report
