// A Debian root in a temporary folder, its packages made by dpkg-deb and installed by dpkg itself, without root.
#pragma once

#include <QTemporaryDir>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "support/case_fixture.hpp"

namespace deadbox::test {

struct PackageSpec {
    std::string name, version = "1.0-1", architecture = "amd64";
    std::string fields = {};                        // further lines of the control file
    std::map<std::string, std::string> files = {};  // path without the first '/', bytes
    std::vector<std::string> conffiles = {};        // absolute paths
    bool multi_arch_same = false;
    std::map<std::string, unsigned> modes = {};     // by path as in files; else 0755 in bin and sbin, 0644 elsewhere
    std::map<std::string, std::string> links = {};  // path without the first '/', target
    std::string maintainer = "T <t@example.net>";
};

// Every call that fails throws std::runtime_error.
class DebianRoot {
public:
    explicit DebianRoot(bool merged_usr = true);
    void install(const PackageSpec& package);
    void run(const std::string& program, const std::vector<std::string>& arguments) const;
    void write(const std::string& path, std::string_view bytes, unsigned mode = 0644) const;  // path without the first '/'
    std::string read(const std::string& path) const;
    void remove(const std::string& path) const;
    // Where the packages that were installed lie, each as NAME.deb.
    std::string packages() const { return m_work.path().toStdString(); }
    std::string folder() const { return m_folder.path().toStdString(); }

private:
    QTemporaryDir m_folder, m_work;
};

enum class Owners { root, real };

// Puts a whole tree into a case and runs the parsers of the topics dpkg and binaries on it. `adjust` may change what is
// put in: owner, mode, times, attributes, content.
void load(CaseFixture& fixture, const std::string& folder, const std::function<void(FileSpec&)>& adjust = {}, Owners owners = Owners::root);

// A program of x86-64 that a kernel would load, made by hand: `seed` makes it unlike others.
std::string make_elf(std::string_view seed, bool shared_object = false, std::size_t size = 4096);

}  // namespace deadbox::test
