// Gives each path of the evidence a name inside a folder or archive that is handed out. The name is relative, has no "..",
// and is safe to show: control and invisible characters, backslashes, bytes that are no text and % itself are written %XX. Ordinary
// paths stay as they are, what is too long for a path is cut; the report's hash list has the same names, so that it holds over the copies. Where a name is taken, by another file
// or because one is a folder of the other, the file goes below "~2/", "~3/" ...
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace deadbox::case_file {

// What lies beside the copies: no file of the evidence may have such a name.
inline constexpr std::string_view k_beside_copies[] = {"manifest.json",     "manifest.sha256",   "signer.pem",        "manifest.json.sig",
                                                       "manifest.json.p7s", "manifest.json.tsq", "manifest.json.tsr", "files.jsonl"};

enum class NameRules : bool {
    here,      // a folder of this machine
    anywhere,  // an archive that may be opened under Windows too: names that differ in case alone are one, and what that
               // system refuses is written %XX
};

class ExportNames {
public:
    // Names of the lists that lie beside the copies are taken.
    explicit ExportNames(NameRules rules);
    // `path`: raw bytes, absolute or not. Each call takes a name of its own, for the same path too.
    std::string place(std::string_view path);
private:
    bool take(const std::string& name);
    std::string key(std::string_view name) const;

    enum class Kind : bool { file, folder };
    NameRules m_rules;
    std::map<std::string, Kind, std::less<>> m_taken;
};

}  // namespace deadbox::case_file
