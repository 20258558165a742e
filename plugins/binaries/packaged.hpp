// What dpkg's database, or in its place a trust set of the examiner's, says should lie where, in memory while a detector runs: some 50 bytes a packaged file. Paths are
// as they are on the disk: usr-merge and other linked folders are followed, diversions applied.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "plugin/case_reader.hpp"
#include "plugin/folder_links.hpp"
#include "plugin/published_file.hpp"

namespace deadbox::plugins::binaries {

struct Package {
    std::string stem, name, version;
    std::string origin;        // where its maintainer's mail goes: "debian.org"; packages of one origin are made alike
    bool listed = false;       // info/ has the list of its files
    bool has_digests = false;  // and a digest for one of them at least
    bool installed = false;    // wholly: unpacked and configured
    bool essential = false;    // Essential: yes, or priority required
    // What the scan finds of it:
    std::uint32_t programs = 0, elf_programs = 0;          // in bin folders, unchanged
    std::uint32_t expected = 0, present = 0;               // files that are not ignored
    std::uint32_t uncompared = 0;                          // programs, libraries and modules without a digest in it
    std::vector<std::int64_t> births;                      // of at most k_births unchanged files
    std::optional<std::int64_t> list_changed, digests_changed, digests_modified, control_changed;
    std::optional<std::int64_t> digests_inode, digests_directory;
    static constexpr std::size_t k_births = 64;
    // Where a set of the examiner's has this very version:
    std::string set;                                       // its name; "" where none has
    std::uint32_t held = 0, other_build = 0;               // files held against it; of these, as the image's list has them and not as published
    struct Rewritten {
        std::string path, listed, published;               // path as the package spells it; MD5: "" where that side has no such file
    };
    std::vector<Rewritten> rewritten;                      // where the image's list of the package says other than the package
    std::size_t more_rewritten = 0;                        // beyond k_rewritten
    static constexpr std::size_t k_rewritten = 1000;
    std::string title() const { return version.empty() ? stem : stem + " " + version; }
};

struct PackagedFile {
    std::uint32_t folder = 0, name = 0, package = 0;
    std::uint16_t name_length = 0;
    bool has_digest : 1 = false, conffile : 1 = false, seen : 1 = false, excluded : 1 = false, diverted : 1 = false;
    std::array<char, 16> md5{};              // as the image's list has it
    static constexpr std::uint32_t k_unpublished = 0xffffffff;
    std::uint32_t published = k_unpublished;  // in Packaged::m_published
};

// What a file's content was held against.
struct Expected {
    std::string_view algorithm;
    std::string digest, found;  // hexadecimal
};

class Packaged {
public:
    // Everything of one system. `links` must be loaded.
    // With `trust`, what sets of the examiner's say goes before the image's own lists.
    enum class Trust : bool { image_alone, sets_first };
    static base::Result<Packaged> load(const plugin::CaseReader& reader, std::optional<std::int64_t> system, plugin::FolderLinks& links, Trust trust);

    static constexpr std::uint32_t k_no_folder = 0xffffffff;
    std::uint32_t folder(std::string_view path) const;
    // All packages' entries of that name: libraries of two architectures may share a file.
    std::pair<PackagedFile*, PackagedFile*> find(std::uint32_t folder, std::string_view name);
    std::string_view name_of(const PackagedFile& file) const { return std::string_view(m_names).substr(file.name, file.name_length); }
    std::string path_of(const PackagedFile& file) const;
    const std::string& folder_path(std::uint32_t folder) const { return m_folders[folder]; }
    // A file of a program folder that has this content, by its digest.
    const PackagedFile* program_with(std::string_view md5) const;
    // Whether there is anything to hold a file against, and whether it is so.
    bool is_compared(const PackagedFile& file) const { return file.has_digest || is_published(file); }
    bool is_published(const PackagedFile& file) const { return file.published != PackagedFile::k_unpublished; }
    bool is_same(const PackagedFile& file, std::string_view md5, std::string_view sha256) const;
    Expected expected(const PackagedFile& file, std::string_view md5, std::string_view sha256) const;
    std::string_view expected_md5(const PackagedFile& file) const;  // bytes; "" where nothing is known
    std::optional<std::int64_t> published_mode(const PackagedFile& file) const;
    // A path that a diversion names, on either side.
    bool is_diverted(std::string_view path) const { return m_diverted.contains(std::string(path)); }

    std::vector<Package> packages;
    std::vector<PackagedFile> files;  // ordered by folder and name
    std::optional<std::uint32_t> package_of_stem(std::string_view stem) const;

private:
    std::uint32_t add_folder(const std::string& path);
    class Adding;
    struct Entry;
    void add_file(const std::string& path, std::uint32_t package, std::string_view md5, std::uint32_t flags, std::uint32_t published);
    std::uint32_t add_published(const plugin::PublishedFile& file);
    struct PublishedContent {
        std::array<char, 32> sha256{};
        std::array<char, 16> md5{};
        std::uint32_t mode = 0;
    };
    std::vector<PublishedContent> m_published;
    void sort();
    std::string m_names;
    std::vector<std::string> m_folders;
    std::unordered_map<std::string, std::uint32_t> m_folder_ids, m_stems;
    std::unordered_set<std::string> m_diverted;
};

}  // namespace deadbox::plugins::binaries
