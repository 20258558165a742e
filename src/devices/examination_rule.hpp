// The udev rule that packaging/udev has for examination workstations: whether this workstation has it. With it a disk
// that is attached becomes read-only before anything can mount or assemble it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace deadbox::devices {

struct ExaminationRule {
    enum class State : std::uint8_t { active, not_installed, switched_off, no_disk_list, no_udev };
    State state = State::not_installed;
    std::string file;    // that holds it; "" where it is not installed
    std::string reason;  // why it is not active, or which file holds it; one plain English sentence part without a final stop
    bool is_active() const { return state == State::active; }
};
// "not_installed": stable, for those who say it in a language of their own.
std::string_view id_of(ExaminationRule::State state);

// `root` is "" or a folder that stands for the workstation's own.
ExaminationRule examination_rule(const std::string& root = {});

}  // namespace deadbox::devices
