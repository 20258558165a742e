#include "binaries/published.hpp"

#include "plugin/packed_files.hpp"

namespace deadbox::plugins::binaries {
namespace {

std::string place_key(std::string_view stem, std::string_view folder) {
    std::string key(stem);
    key += '\0';
    return key += folder;
}

}  // namespace

base::Result<PublishedPackages> PublishedPackages::load(const plugin::CaseReader& reader, const plugin::Value& system) {
    PublishedPackages all;
    TRY(reader.query("SELECT package, set_name FROM trusted_package WHERE system IS ?1 ORDER BY id", {&system, 1}, [&](const plugin::RowView& row) {
        all.m_sets.emplace(row.text(0), row.text(1));
        return base::Next::go_on;
    }));
    if (!all.any()) return all;
    TRY(reader.query("SELECT package, folder, files FROM trusted_folder WHERE system IS ?1 ORDER BY id", {&system, 1}, [&](const plugin::RowView& row) {
        auto& parts = all.m_parts[std::string(row.text(0))];
        if (all.m_places.emplace(place_key(row.text(0), row.text(1)), parts.size()).second) parts.push_back({std::string(row.text(1)), std::string(row.text(2)), false});
        return base::Next::go_on;
    }));
    return all;
}

const std::string* PublishedPackages::set_of(std::string_view stem) const {
    const auto found = m_sets.find(std::string(stem));
    return found == m_sets.end() ? nullptr : &found->second;
}

PublishedPackages::Folder PublishedPackages::unpacked(const Part& part) {
    Folder folder{part.folder, {}};
    plugin::for_each_packed(part.files, [&](std::string_view name, std::string_view packed) {
        folder.files.emplace(name, packed);
        return base::Next::go_on;
    });
    return folder;
}

std::optional<PublishedPackages::Folder> PublishedPackages::take_folder(std::string_view stem, std::string_view folder) {
    const auto place = m_places.find(place_key(stem, folder));
    if (place == m_places.end()) return std::nullopt;
    auto& part = m_parts[std::string(stem)][place->second];
    if (std::exchange(part.taken, true)) return std::nullopt;
    return unpacked(part);
}

std::vector<PublishedPackages::Folder> PublishedPackages::left_folders(std::string_view stem) const {
    std::vector<Folder> left;
    const auto parts = m_parts.find(std::string(stem));
    if (parts == m_parts.end()) return left;
    for (const auto& part : parts->second)
        if (!part.taken) left.push_back(unpacked(part));
    return left;
}

}  // namespace deadbox::plugins::binaries
