// One pass over a system's names: each file is held against the packages, what stands out is kept for the judges.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "binaries/importance.hpp"
#include "binaries/packaged.hpp"
#include "plugin/case_reader.hpp"
#include "plugin/finding.hpp"

namespace deadbox::plugins::binaries {

// A name on the disk, as far as judging needs it.
struct DiskFile {
    std::string path, content_type, target, md5, sha256, attributes;
    std::int64_t inode = 0, directory = 0, type = 0, mode = 0, uid = 0, gid = 0, size = 0, links = 1;
    std::optional<std::int64_t> modified, modified_ns, changed, changed_ns, born, born_ns;

    std::string_view name() const { return std::string_view(path).substr(path.rfind('/') + 1); }
    std::string_view folder() const { return std::string_view(path).substr(0, path.rfind('/')); }
    bool is_elf() const;
    plugin::Item item() const;
    std::optional<base::Timestamp> changed_at() const;
};

struct Scan {
    explicit Scan(std::optional<std::int64_t> of) : system(of) {}
    std::optional<std::int64_t> system;
    struct Differing {
        DiskFile file;
        std::size_t entry;  // in Packaged::files
    };
    std::vector<Differing> differing;      // packaged, with other content, or no regular file any more
    std::vector<DiskFile> login_unchanged; // files of importance login that are as packaged
    struct Uncompared {
        DiskFile file;
        std::uint32_t package;
    };
    std::vector<Uncompared> uncompared;        // programs, libraries and modules for which their package has no digest
    struct Excused {
        DiskFile file;
        std::optional<std::size_t> entry;  // in Packaged::files, where it differs from that
        std::string set, algorithm, digest, listed;
    };
    std::vector<Excused> known_good;       // of differing and unowned, what a set of the examiner's knows: no longer in these
    std::vector<DiskFile> unowned;         // programs and libraries in packages' folders that are nobody's
    struct Privileged {
        DiskFile file;
        std::optional<std::uint32_t> package;
        std::optional<std::int64_t> published_mode = std::nullopt;  // where a set of the examiner's has the package
    };
    std::vector<Privileged> privileged;    // setuid, setgid, capabilities: anywhere
    std::uint64_t unhashed = 0;            // packaged programs and libraries whose content was not read
    std::uint64_t dropped = 0;             // what was more than is kept
    // About when the disk was last in use: the change time of the last file but k_newest, so that a few wrong clocks say nothing.
    static constexpr std::size_t k_newest = 20;
    std::optional<std::int64_t> last_changes;
    // Long before that: it was there before what is examined.
    bool is_settled(const DiskFile& file) const;
};

base::Result<void> scan(const plugin::CaseReader& reader, Packaged& packaged, const ImportanceList& importance, Scan& out);

// What elf_file says of one inode.
struct ElfFacts {
    bool known = false, loads = true;
    std::string kind, traits, interpreter, problems, run_path;
    std::int64_t trailing = 0, machine = 0;
};
base::Result<ElfFacts> elf_facts(const plugin::CaseReader& reader, std::int64_t inode);

}  // namespace deadbox::plugins::binaries
