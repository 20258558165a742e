// The pieces of an EWF-E01 file: sections, the acquisition's own words, and where the chunks lie.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image/container.hpp"

namespace deadbox::image {

struct EwfSection {
    std::string type;          // "header", "table" ...
    std::uint64_t start = 0;   // of the section's own descriptor in its file
    std::uint64_t next = 0;
    std::uint64_t size = 0;    // with the descriptor; 0 where the writer did not say
    bool sound = false;        // its checksum holds
    static constexpr std::uint64_t k_descriptor = 76;
    std::uint64_t data() const { return start + k_descriptor; }
};
base::Result<EwfSection> decode_ewf_section(base::ByteView bytes, std::uint64_t start);

struct EwfGeometry {
    std::uint64_t chunks = 0, sectors = 0;
    std::uint32_t chunk_size = 0;  // bytes
    std::uint64_t size = 0;        // of the media, bytes
};
// The data of a "volume", "disk" or "data" section, of EnCase's or of SMART's size.
base::Result<EwfGeometry> decode_ewf_volume(base::ByteView data);

struct EwfTableHeader {
    static constexpr std::size_t k_size = 24;
    std::uint32_t entries = 0;
    std::uint64_t base = 0;
    bool sound = false;
};
base::Result<EwfTableHeader> decode_ewf_table(base::ByteView data);

// The text of a "header" or "header2" section, unpacked: fills what `acquisition` does not have yet.
void decode_ewf_header(std::string_view text, Acquisition& acquisition);
// "error2": sectors that could not be read, as byte ranges.
std::vector<Acquisition::Range> decode_ewf_errors(base::ByteView data, std::uint32_t bytes_per_sector);

std::uint32_t adler32_of(base::ByteView bytes);
// The base name of segment `number` (from 1) of the set whose first is `first`: E01 ... E99, EAA ... EZZ, FAA ... ZZZ in
// the first one's own letter and case; "" where there is no such name.
std::string ewf_segment_name(const std::string& first, unsigned number);

}  // namespace deadbox::image
