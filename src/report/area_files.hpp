// Folders whose files people ask about after a break-in: databases, homes, mail, web sites, backups.
#pragma once

#include <array>
#include <string_view>

#include "base/function_ref.hpp"
#include "case/view.hpp"

namespace deadbox::report {

inline constexpr std::array<std::string_view, 5> k_area_order{"databases", "homes", "mail", "web", "backups"};

// The files of these areas, each once, of all machines; `id`: of one area only. Columns: system, inode, size.
base::Result<void> for_each_file_of(const case_file::View& view, std::string_view id, base::FunctionRef<base::Result<void>(std::string_view id, const case_file::Statement& row)> visit);
// Of one folder and what lies below it; the same columns.
base::Result<void> for_each_file_below(const case_file::View& view, std::string_view folder, base::FunctionRef<base::Result<void>(const case_file::Statement& row)> visit);

}  // namespace deadbox::report
