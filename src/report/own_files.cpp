#include "report/own_files.hpp"

#include <nlohmann/json.hpp>

namespace deadbox::report {

base::Result<std::vector<OwnFileInfo>> own_files_of(const case_file::View& view) {
    std::vector<OwnFileInfo> all;
    TRY_ASSIGN(auto run, view.prepare("SELECT options FROM run ORDER BY id DESC LIMIT 1"));
    TRY_ASSIGN(const bool any, run.step());
    const auto options = any ? nlohmann::json::parse(run.text(0), nullptr, false) : nlohmann::json();
    if (!options.is_object() || !options.contains("own_files") || !options["own_files"].is_array()) return all;
    for (const auto& one : options["own_files"]) {
        const auto text = [&](const char* key) { return one.is_object() && one.contains(key) && one[key].is_string() ? one[key].get<std::string>() : std::string(); };
        OwnFileInfo file{text("kind"), text("name"), text("file"), text("as"), text("sha256"), 0};
        if (one.is_object() && one.contains("entries") && one["entries"].is_number_integer()) file.entries = one["entries"].get<std::int64_t>();
        if (!file.kind.empty()) all.push_back(std::move(file));
    }
    return all;
}

}  // namespace deadbox::report
