// Absolute paths as text: bytes, in which only '/' means something.
#pragma once

#include <string>
#include <string_view>

namespace deadbox::base {

// The path of a name in a folder; the root's own path is "/".
std::string path_below(std::string_view folder, std::string_view name);
// The folder that a path lies in: "/" for what lies in the root, and for a bare name.
std::string_view folder_of(std::string_view path);
std::string_view name_of(std::string_view path);
// Whether `path` is `folder` or lies in it, however deep. `folder` may end with a slash.
bool is_at_or_below(std::string_view path, std::string_view folder);
// "." and ".." and double slashes undone, as text; "/" for nothing.
std::string tidied_path(std::string_view path);

}  // namespace deadbox::base
