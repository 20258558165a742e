// Rows of package_folder: a package's names by folder.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "dpkg/digest.hpp"
#include "plugin/sink.hpp"

namespace deadbox::plugins::dpkg {

class FolderRows {
public:
    explicit FolderRows(std::string_view package) : m_package(package) {}
    void add(std::string_view path, const Md5* digest);  // absolute; a path that is added twice counts once
    void emit(plugin::Sink& sink) const;
    std::int64_t count() const;
    std::int64_t with_digest() const;

private:
    std::string m_package;
    std::map<std::string, std::map<std::string, std::string>> m_folders;  // name, digest
};

}  // namespace deadbox::plugins::dpkg
