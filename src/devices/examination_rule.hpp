// The udev rule that packaging/udev has for examination workstations: whether this workstation has it. With it a disk
// that is attached becomes read-only before anything can mount or assemble it.
#pragma once

#include <string>

namespace deadbox::devices {

struct ExaminationRule {
    bool active = false;
    std::string reason;  // why it is not active, or which file holds it; one plain sentence part without a final stop
};

// `root` is "" or a folder that stands for the workstation's own.
ExaminationRule examination_rule(const std::string& root = {});

}  // namespace deadbox::devices
