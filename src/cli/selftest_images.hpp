// The known images of the self-test, made from nothing on this workstation, each with what must be found on it.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/demo_machine.hpp"

namespace deadbox::cli {

struct KnownImage {
    std::string id, description;
    std::vector<std::string> evidence;  // paths
    Machine machine = Machine::compromised;
    bool damaged = false;
    std::string missing;  // why it was not made: "qemu-img is not installed"; "" it was
};

// Makes them in `folder`, which exists. The first is the raw disk of the compromised machine. A container whose maker is not
// installed is listed as missing; an error where even the raw disks cannot be made.
base::Result<std::vector<KnownImage>> make_known_images(const std::string& folder);

// Findings that the compromised machine must show.
struct KnownFinding {
    std::string_view rule, path, severity;  // severity: "" any
};
const std::vector<KnownFinding>& known_findings();
// The folder whose contents the damage destroyed.
inline constexpr std::string_view k_damaged_folder = "/home/martina";

}  // namespace deadbox::cli
