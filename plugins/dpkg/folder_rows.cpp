#include "dpkg/folder_rows.hpp"

#include "dpkg/dpkg_topic.hpp"
#include "plugin/packed_files.hpp"

namespace deadbox::plugins::dpkg {
namespace {

constexpr std::size_t k_largest_row = 64 * 1024;  // a look-up reads one row of a folder

}  // namespace

void FolderRows::add(std::string_view path, const Md5* digest) {
    const auto slash = path.rfind('/');
    if (slash == std::string_view::npos || slash + 1 == path.size()) return;
    auto& name = m_folders[std::string(slash == 0 ? "/" : path.substr(0, slash))][std::string(path.substr(slash + 1))];
    if (digest != nullptr) name = base::as_text(*digest);
}

void FolderRows::emit(plugin::Sink& sink) const {
    for (const auto& [folder, names] : m_folders) {
        std::string files;
        std::int64_t count = 0;
        const auto finish = [&] {
            if (count == 0) return;
            PackageFolderRow row;
            row.folder = folder, row.package = m_package, row.count = count, row.files = base::as_bytes(files);
            row.emit(sink);
            files.clear(), count = 0;
        };
        for (const auto& [name, digest] : names) {
            plugin::pack_file(files, name, digest);
            ++count;
            if (files.size() >= k_largest_row) finish();
        }
        finish();
    }
}

std::int64_t FolderRows::count() const {
    std::int64_t count = 0;
    for (const auto& [folder, names] : m_folders) count += static_cast<std::int64_t>(names.size());
    return count;
}

std::int64_t FolderRows::with_digest() const {
    std::int64_t count = 0;
    for (const auto& [folder, names] : m_folders)
        for (const auto& [name, digest] : names) count += digest.empty() ? 0 : 1;
    return count;
}

}  // namespace deadbox::plugins::dpkg
