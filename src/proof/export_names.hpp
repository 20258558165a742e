// Gives each path of the evidence a name inside a folder or archive that is handed out. The name is relative, has no "..",
// and is safe to show: control and invisible characters, backslashes and bytes that are no text are written %XX. Ordinary
// paths stay as they are, so that a hash list of the machine holds over the copies. Where a name is taken, by another file
// or because one is a folder of the other, the file goes below "~2/", "~3/" ...
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace deadbox::proof {

enum class NameRules : bool {
    here,      // a folder of this machine
    anywhere,  // an archive that may be opened under Windows too: names that differ in case alone are one, and what that
               // system refuses is written %XX
};

class ExportNames {
public:
    explicit ExportNames(NameRules rules) : m_rules(rules) {}
    // `path`: raw bytes, absolute or not. Each call takes a name of its own, for the same path too.
    std::string place(std::string_view path);
    // A name that no file of the evidence may have.
    void reserve(std::string_view name) { take(std::string(name)); }

private:
    bool take(const std::string& name);
    std::string key(std::string_view name) const;

    enum class Kind : bool { file, folder };
    NameRules m_rules;
    std::map<std::string, Kind, std::less<>> m_taken;
};

}  // namespace deadbox::proof
