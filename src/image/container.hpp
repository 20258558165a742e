// Containers: how the bytes of a disk are kept in files.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_source.hpp"
#include "base/function_ref.hpp"
#include "base/gap.hpp"

namespace deadbox::image {

// What the acquisition tool wrote into the container about itself.
struct Acquisition {
    std::string tool, date, examiner, serial, case_number, evidence_number, description, notes;
    std::string stored_md5, stored_sha1;  // lower-case hex, empty when there is none
    struct Range { std::uint64_t start = 0, length = 0; };
    std::vector<Range> bad_ranges;  // bytes of the media that the acquisition could not read
};

// The files of one container, in order. open_sibling opens a further file that the container names (a segment, a
// parent, an extent): the host checks the name, and only files in the first file's own folder are ever opened.
struct Segments {
    std::vector<std::string> names;  // base names, for messages and for the report
    std::vector<std::shared_ptr<const base::ByteSource>> files;
    std::function<base::Result<std::shared_ptr<const base::ByteSource>>(const std::string& base_name)> open_sibling;
    // The files that this one is the parent of, the outermost first: a chain that comes back to one of them is refused.
    std::vector<std::string> children;
};

struct Container {
    std::unique_ptr<base::ByteSource> media;
    std::string format;  // "raw", "split-raw", "ewf", "qcow2", "vmdk", "vhd"
    std::vector<std::string> names;  // base names of all files it is kept in
    std::vector<std::shared_ptr<const base::ByteSource>> files;  // beside each name the file as it lies on the disk
    std::optional<Acquisition> acquisition;
};

class ContainerFormat {
public:
    virtual ~ContainerFormat() = default;
    virtual std::string_view name() const = 0;
    // By content of the first file; `name` only helps to find further segments.
    virtual bool claims(const base::ByteSource& first_file, const std::string& name) const = 0;
    virtual base::Result<Container> open(Segments& segments, std::uint32_t media, base::DamageSink& damage) const = 0;
};

const std::vector<const ContainerFormat*>& container_formats();

// Opens the container whose first file is `path` ("fd:N" too), recognizing it by content. A container that is
// recognized but not read (VDI, encrypted QCOW2 ...) is Errc::unsupported and says which; never raw by mistake.
base::Result<Container> open_container(const std::string& path, std::uint32_t media, base::DamageSink& damage);

}  // namespace deadbox::image
