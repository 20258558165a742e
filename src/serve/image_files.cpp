#include "serve/image_files.hpp"

#include <algorithm>
#include <filesystem>

namespace deadbox::serve {
namespace fs = std::filesystem;
namespace {

bool may_be_first(const fs::path& path) {
    static constexpr std::string_view k_others[] = {".deadbox", ".json", ".csv", ".txt", ".md5", ".sha1", ".sha256", ".log", ".xml", ".html", ".pdf", ".mapfile", ".deadbox-wal", ".deadbox-shm"};
    const auto extension = path.extension().string();
    if (path.filename().string().starts_with('.') || std::find(std::begin(k_others), std::end(k_others), extension) != std::end(k_others)) return false;
    const bool number = extension.size() == 4 && std::all_of(extension.begin() + 1, extension.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (number) return extension == ".001" || extension == ".000";
    if (extension.size() == 4 && (extension[1] == 'E' || extension[1] == 'e')) return extension.substr(2) == "01";
    return true;
}

}  // namespace

std::vector<std::string> images_in(const std::string& folder) {
    std::vector<std::string> found;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(folder, failed))
        if (entry.is_regular_file(failed) && may_be_first(entry.path())) found.push_back(entry.path().string());
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace deadbox::serve
