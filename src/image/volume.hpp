// Volumes: what partition tables and volume managers make of media.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/byte_source.hpp"
#include "base/gap.hpp"

namespace deadbox::image {

struct Volume {
    std::string id;      // "1" media 1 whole, "1.2" its second partition (by table slot, logical ones 5...)
    std::string scheme;  // "media", "mbr", "gpt", "lvm2", "md" ...
    std::string type;    // partition type GUID or byte in hex, or ""
    std::string name;    // GPT partition name as UTF-8, or ""
    std::uint64_t start = 0;  // bytes from the media's start
    std::uint64_t size = 0;   // bytes, as its table says; more than bytes->size() where the image ends before it
    std::shared_ptr<const base::ByteSource> bytes;
    // What was recognized in it and is not read as a file system: "lvm2", "luks2", "swap", "xfs", "bios_boot" ...; or "".
    // The ledger's row for it was written when it was found.
    std::string holds;
};

class VolumeFormat {
public:
    virtual ~VolumeFormat() = default;
    virtual std::string_view name() const = 0;
    virtual bool claims(const Volume& volume) const = 0;
    virtual base::Result<std::vector<Volume>> assemble(std::span<const Volume> members, base::DamageSink& damage) const = 0;
};

const std::vector<const VolumeFormat*>& volume_formats();

// Every volume of the media, the leaves that may hold a file system; tried until nothing new appears.
// Members of schemes that are recognized but not read (LVM2, md, LUKS) are gaps and stay as leaves.
std::vector<Volume> find_volumes(std::span<const Volume> media, base::DamageSink& damage);

}  // namespace deadbox::image
