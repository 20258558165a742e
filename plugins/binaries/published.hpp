// What the examiner's trust sets say of the packages of one system: what each brings, as it was published. Nobody on the machine
// can rewrite that.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plugin/case_reader.hpp"
#include "plugin/published_file.hpp"

namespace deadbox::plugins::binaries {

class PublishedPackages {
public:
    static base::Result<PublishedPackages> load(const plugin::CaseReader& reader, const plugin::Value& system);

    bool any() const { return !m_sets.empty(); }
    // The set that has this package, by its stem; nothing where none has.
    const std::string* set_of(std::string_view stem) const;

    // The files of one package in one folder, as the package spells it.
    struct Folder {
        std::string path;
        std::map<std::string_view, std::string_view> files;  // name, packed as plugin/published_file.hpp says
    };
    // Nothing where the package has no such folder. Each folder is told once.
    std::optional<Folder> take_folder(std::string_view stem, std::string_view folder);
    // Those that were not taken.
    std::vector<Folder> left_folders(std::string_view stem) const;

private:
    struct Part {
        std::string folder, files;
        bool taken = false;
    };
    static Folder unpacked(const Part& part);
    std::unordered_map<std::string, std::string> m_sets;            // by stem
    std::unordered_map<std::string, std::vector<Part>> m_parts;     // by stem
    std::unordered_map<std::string, std::size_t> m_places;          // by stem, a zero byte and the folder
};

}  // namespace deadbox::plugins::binaries
