// Folders for what is copied of several machines: what lies side by side is of one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "case/view.hpp"

namespace deadbox::case_file {

class MachineFolders {
public:
    static base::Result<MachineFolders> load(const View& view);

    // "/etc/passwd" as "/web1/etc/passwd" where the case has several machines; as it is where it has one.
    std::string place(std::optional<std::int64_t> system, const std::string& path) const;

private:
    std::map<std::int64_t, std::string> m_folders;  // by system; empty where there is one machine
};

}  // namespace deadbox::case_file
