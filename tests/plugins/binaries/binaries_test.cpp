#include <QElapsedTimer>
#include <filesystem>
#include <set>
#include <utility>

#include "binaries/capability.hpp"
#include "base/paths.hpp"
#include "binaries/importance.hpp"
#include "plugin/packed_files.hpp"
#include "plugin/published_file.hpp"
#include "plugins/dpkg/debian_root.hpp"
#include "sets/deb_package.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using test::DebianRoot;
using test::FileSpec;
using test::FoundFinding;
using test::make_elf;
using test::PackageSpec;

namespace {

constexpr int k_low = 1, k_medium = 2, k_high = 3, k_critical = 4;

// Packages as a server has them, small.
void install_server(DebianRoot& root) {
    PackageSpec ssh{.name = "openssh-server", .version = "1:9.2p1-2+deb12u2"};
    ssh.files = {{"usr/sbin/sshd", make_elf("sshd")}, {"usr/share/doc/openssh-server/README", "read me\n"}, {"etc/ssh/sshd_config.d/x.conf", "a\n"},
                 {"lib/systemd/system/ssh.service", "[Service]\nExecStart=/usr/sbin/sshd\n"}};
    ssh.conffiles = {"/etc/ssh/sshd_config.d/x.conf"};
    root.install(ssh);
    PackageSpec procps{.name = "procps", .version = "2:4.0.2-3"};
    procps.files = {{"bin/ps", make_elf("ps")}, {"usr/bin/w", make_elf("w")}, {"usr/bin/top", make_elf("top")}, {"usr/bin/free", make_elf("free")}, {"usr/bin/vmstat", make_elf("vmstat")}};
    root.install(procps);
    PackageSpec library{.name = "libthing1", .multi_arch_same = true};
    library.files = {{"usr/lib/x86_64-linux-gnu/libthing.so.1", make_elf("thing", true)}, {"lib/x86_64-linux-gnu/security/pam_thing.so", make_elf("pam", true)}};
    root.install(library);
    PackageSpec tools{.name = "tools"};
    tools.files = {{"usr/bin/fetch", make_elf("fetch")}, {"usr/bin/helper", "#!/bin/sh\necho help\n"}, {"usr/share/tools/data.txt", "data\n"},
                   {"usr/lib/python3/dist-packages/tools.py", "x = 1\n"}, {"etc/tools.conf", "y = 2\n"}, {"usr/bin/mounter", make_elf("mounter")}};
    tools.conffiles = {"/etc/tools.conf"};
    root.install(tools);
}

std::vector<FoundFinding> findings(const DebianRoot& root, const std::function<void(FileSpec&)>& adjust = {}) {
    test::CaseFixture fixture;
    test::load(fixture, root.folder(), adjust);
    return fixture.detect("binaries");
}

QByteArray shown(const std::vector<FoundFinding>& all) {
    QByteArray text;
    for (const auto& finding : all) text += QByteArray::fromStdString(finding.rule + " " + finding.subject + " " + std::to_string(finding.severity) + "\n");
    return text;
}

const FoundFinding& only(const std::vector<FoundFinding>& all) {
    if (all.size() != 1) throw std::runtime_error("not one finding:\n" + shown(all).toStdString());
    return all.front();
}

std::map<std::string, std::pair<std::string, int>> by_path(const std::vector<FoundFinding>& all) {
    std::map<std::string, std::pair<std::string, int>> paths;
    for (const auto& finding : all) paths[finding.subject] = {finding.rule, finding.severity};
    return paths;
}
// As the engine writes them: the packages' own files, `otherwise` with other programs in them.
void give_trust(test::CaseFixture& fixture, const DebianRoot& root, const std::vector<std::string>& packages, const std::string& otherwise = {}) {
    const auto folder = root.packages();
    for (const auto& name : packages) {
        const auto package = sets::read_deb(folder + "/" + name + ".deb");
        if (!package) throw std::runtime_error(package.error().what);
        std::map<std::string, std::string> packed;
        for (auto file : package->files) {
            if (!otherwise.empty() && (file.path.find("bin/") != std::string::npos || file.path.find("lib/x86") != std::string::npos)) file.digests.sha256.fill(std::byte{7}), file.digests.md5.fill(std::byte{7});
            const auto published = file.kind == sets::PackageFile::Kind::link ? std::string() : plugin::pack_published({base::as_text(file.digests.sha256), base::as_text(file.digests.md5), file.mode, file.conffile});
            plugin::pack_file(packed[std::string(base::folder_of(file.path))], base::name_of(file.path), published);
        }
        const std::string stem = name == "libthing1" ? name + ":amd64" : name;
        fixture.row("trusted_package", {std::string_view(stem), std::string_view(package->version), std::string_view("Set"), std::string_view(name), base::as_bytes("x"), std::int64_t{1}});
        for (const auto& [path, files] : packed) fixture.row("trusted_folder", {std::string_view(path), std::string_view(stem), base::as_bytes(files)});
    }
}

using ByPath = std::map<std::string, std::pair<std::string, int>>;

}  // namespace

class BinariesTest : public QObject {
    Q_OBJECT
private slots:
    // What administrators do is nothing to speak of.
    void untouched() {
        DebianRoot root;
        install_server(root);
        root.write("etc/tools.conf", "y = 3\n");
        root.write("etc/ssh/sshd_config.d/x.conf", "changed\n");
        root.write("usr/local/bin/own", make_elf("own"), 0755);
        root.write("usr/local/lib/libown.so", make_elf("own", true), 0644);
        root.write("opt/vendor/bin/agent", make_elf("agent"), 0755);
        root.remove("usr/share/doc/openssh-server/README");
        // A diversion, with a program of one's own in the place.
        root.run("dpkg-divert", {"--root=" + root.folder(), "--local", "--no-rename", "--divert", "/usr/bin/fetch.real", "--add", "/usr/bin/fetch"});
        root.write("usr/bin/fetch.real", make_elf("fetch"), 0755);
        root.write("usr/bin/fetch", "#!/bin/sh\nexec fetch.real \"$@\"\n", 0755);
        // A statoverride, in the old spelling of the path.
        root.write("var/lib/dpkg/statoverride", "root root 4755 /bin/mounter\n");
        root.write("usr/bin/mounter", make_elf("mounter"), 04755);
        const auto all = findings(root);
        QVERIFY2(all.empty(), shown(all));
    }

    // A byte of sshd, size and times put back.
    void altered_login_program() {
        DebianRoot root;
        install_server(root);
        const auto all = findings(root, [](FileSpec& spec) {
            if (spec.path == "/usr/sbin/sshd") spec.bytes[3000] ^= 1, spec.changed += 86400 * 30;
        });
        const auto& finding = only(all);
        QCOMPARE(finding.rule, std::string("binaries/modified"));
        QCOMPARE(finding.subject, std::string("/usr/sbin/sshd"));
        QCOMPARE(finding.severity, k_critical);
        QCOMPARE(finding.confidence, 2);
        QVERIFY(finding.first_s.has_value());
        const auto& reference = finding.items.at(0).reference;
        QCOMPARE(reference["kind"].get<std::string>(), std::string("in_image"));
        QCOMPARE(reference["package"].get<std::string>(), std::string("openssh-server 1:9.2p1-2+deb12u2"));
        QCOMPARE(reference["algorithm"].get<std::string>(), std::string("md5"));
        QVERIFY(reference["expected"] != reference["found"]);
        QCOMPARE(finding.items.at(0).path, std::string("/usr/sbin/sshd"));
    }

    // A trust set of the very packages: nothing on the machine can speak against it.
    void untouched_by_a_trust_set() {
        DebianRoot root;
        install_server(root);
        root.write("etc/tools.conf", "y = 3\n");
        root.write("usr/bin/mounter", make_elf("mounter"), 04755);
        root.write("var/lib/dpkg/statoverride", "root root 4755 /bin/mounter\n");
        test::CaseFixture fixture;
        test::load(fixture, root.folder());
        give_trust(fixture, root, {"openssh-server", "procps", "libthing1", "tools"});
        const auto all = fixture.detect("binaries");
        QVERIFY2(all.empty(), shown(all));
    }

    // sshd and its line in md5sums are changed together: the image has nothing to say of it, the set has.
    void a_change_along_with_its_digest() {
        for (const bool trusted : {false, true}) {
            DebianRoot root;
            install_server(root);
            const auto changed = make_elf("a door");
            root.write("usr/sbin/sshd", changed, 0755);
            auto lines = root.read("var/lib/dpkg/info/openssh-server.md5sums");
            const auto place = lines.find("  usr/sbin/sshd");
            QVERIFY(place != std::string::npos);
            lines.replace(place - 32, 32, QCryptographicHash::hash(QByteArray::fromStdString(changed), QCryptographicHash::Md5).toHex().toStdString());
            root.write("var/lib/dpkg/info/openssh-server.md5sums", lines);
            test::CaseFixture fixture;
            test::load(fixture, root.folder());
            if (!trusted) {
                QVERIFY2(by_path(fixture.detect("binaries")) == ByPath{}, "the image alone cannot show it");
                continue;
            }
            give_trust(fixture, root, {"openssh-server"});
            const auto all = fixture.detect("binaries");
            QVERIFY2((by_path(all) == ByPath{{"/usr/sbin/sshd", {"binaries/modified", k_critical}}, {"openssh-server", {"packages/database_rewritten", k_high}}}), shown(all));
            for (const auto& finding : all) {
                QCOMPARE(finding.items.at(0).reference["kind"].get<std::string>(), std::string("external"));
                if (finding.rule == "packages/database_rewritten") QCOMPARE(finding.items.size(), std::size_t{1});
                else {
                    QCOMPARE(finding.items.at(0).reference["algorithm"].get<std::string>(), std::string("sha256"));
                    QCOMPARE(finding.arguments["agrees"].get<std::string>().size(), std::size_t{32});
                }
            }
        }
    }

    // Lines put into a package's list, taken from it, and a program that is called a conffile.
    void lists_that_lie() {
        DebianRoot root;
        install_server(root);
        root.write("usr/bin/door", make_elf("door"), 0755);
        root.write("var/lib/dpkg/info/procps.list", root.read("var/lib/dpkg/info/procps.list") + "/usr/bin/door\n");
        root.write("var/lib/dpkg/info/procps.md5sums", root.read("var/lib/dpkg/info/procps.md5sums") + QCryptographicHash::hash(QByteArray::fromStdString(make_elf("door")), QCryptographicHash::Md5).toHex().toStdString() + "  usr/bin/door\n");
        auto tools = root.read("var/lib/dpkg/info/tools.list");
        tools.erase(tools.find("/usr/bin/fetch\n"), 15);
        root.write("var/lib/dpkg/info/tools.list", tools);
        root.remove("usr/bin/fetch");
        auto status = root.read("var/lib/dpkg/status");
        status.insert(status.find("Conffiles:\n", status.find("Package: openssh-server")) + 11, " /usr/sbin/sshd 00000000000000000000000000000000\n");
        root.write("var/lib/dpkg/status", status);
        root.write("usr/sbin/sshd", make_elf("a door"), 0755);
        test::CaseFixture fixture;
        test::load(fixture, root.folder());
        give_trust(fixture, root, {"openssh-server", "procps", "tools"});
        const auto all = fixture.detect("binaries");
        const ByPath expected{{"/usr/bin/door", {"binaries/unowned", k_medium}}, {"/usr/bin/fetch", {"binaries/missing", k_high}}, {"/usr/sbin/sshd", {"binaries/modified", k_critical}},
                              {"procps", {"packages/database_rewritten", k_high}}, {"tools", {"packages/database_rewritten", k_high}}};
        QVERIFY2(by_path(all) == expected, shown(all));
    }

    // Another distribution's build of the same versions: all programs differ, and all agree with the machine's own lists.
    void a_trust_set_of_another_build() {
        DebianRoot root;
        install_server(root);
        root.write("usr/bin/top", "changed", 0755);
        test::CaseFixture fixture;
        test::load(fixture, root.folder());
        give_trust(fixture, root, {"openssh-server", "procps", "libthing1", "tools"}, "of another build");
        const auto all = fixture.detect("binaries");
        QVERIFY2((by_path(all) == ByPath{{"/usr/bin/top", {"binaries/not_elf", k_critical}}}), shown(all));
        QCOMPARE(only(all).items.at(0).reference["kind"].get<std::string>(), std::string("in_image"));
    }

    // A good set of the examiner's: another version of sshd and a program that came without a package are told, and accuse nobody.
    void known_good_content() {
        for (const char* same_name : {"1", "NULL", "0"}) {
            DebianRoot root;
            install_server(root);
            root.write("usr/sbin/sshd", make_elf("another sshd"), 0755);
            root.write("usr/bin/tool", make_elf("tool"), 0755);
            root.write("usr/bin/other", make_elf("other"), 0755);
            test::CaseFixture fixture;
            test::load(fixture, root.folder());
            for (const char* path : {"/usr/sbin/sshd", "/usr/bin/tool"})
                fixture.sql("INSERT INTO known_file(system, inode, set_name, known_as, algorithm, digest, listed_name, same_name) SELECT p.system, p.inode, 'Set', 'good', 'sha256', c.sha256, 'x', " + std::string(same_name) +
                            " FROM inode_path p JOIN content c ON c.inode = p.inode WHERE p.path = '" + path + "'");
            const auto all = fixture.detect("binaries");
            const bool other_name = same_name == std::string_view("0");
            ByPath expected{{"/usr/bin/other", {"binaries/unowned", k_medium}}};
            // Known under another name: a good program in the place of another.
            if (other_name) expected["/usr/sbin/sshd"] = {"binaries/modified", k_critical}, expected["/usr/bin/tool"] = {"binaries/unowned", k_medium};
            else expected["changed"] = {"binaries/known_good", k_low}, expected["unowned"] = {"binaries/known_good", 0};
            QVERIFY2(by_path(all) == expected, shown(all));
            for (const auto& finding : all)
                if (finding.rule == "binaries/known_good") QCOMPARE(finding.items.at(0).reference["kind"].get<std::string>(), std::string("external"));
        }
    }

    // A bad set's word goes first; and a set without names knows no copy of a shell under another name.
    void known_good_is_no_cover() {
        DebianRoot root;
        install_server(root);
        root.write("usr/bin/copy", make_elf("top"), 0755);
        root.write("usr/bin/both", make_elf("both"), 0755);
        test::CaseFixture fixture;
        test::load(fixture, root.folder());
        for (const auto& [path, as] : {std::pair("/usr/bin/copy", "good"), std::pair("/usr/bin/both", "good"), std::pair("/usr/bin/both", "bad")})
            fixture.sql(std::string("INSERT INTO known_file(system, inode, set_name, known_as, algorithm, digest, listed_name, same_name) SELECT p.system, p.inode, 'Set', '") + as +
                        "', 'sha256', c.sha256, '', NULL FROM inode_path p JOIN content c ON c.inode = p.inode WHERE p.path = '" + path + "'");
        const auto all = fixture.detect("binaries");
        QVERIFY2((by_path(all) == ByPath{{"/usr/bin/copy", {"binaries/unowned", k_medium}}, {"/usr/bin/both", {"binaries/unowned", k_medium}}}), shown(all));
    }

    // ps lies in /bin for the package, in /usr/bin on the disk.
    void emptied_and_missing() {
        DebianRoot root;
        install_server(root);
        root.write("usr/bin/ps", "", 0755);
        root.remove("usr/bin/w");
        const auto all = findings(root);
        const ByPath expected{{"/usr/bin/ps", {"binaries/emptied", k_high}}, {"/usr/bin/w", {"binaries/missing", k_high}}};
        QVERIFY2(by_path(all) == expected, shown(all));
    }
    void old_layout() {
        DebianRoot root(false);
        install_server(root);
        QVERIFY2(findings(root).empty(), shown(findings(root)));
        root.remove("bin/ps");
        QCOMPARE(only(findings(root)).subject, std::string("/bin/ps"));
    }

    void replaced_truncated_broken() {
        DebianRoot root;
        install_server(root);
        root.write("usr/bin/top", "#!/bin/sh\n/usr/lib/top.real | grep -v miner\n", 0755);
        root.write("usr/lib/x86_64-linux-gnu/security/pam_thing.so", make_elf("pam2", true));
        root.write("usr/bin/vmstat", make_elf("vmstat").substr(0, 1000), 0755);
        auto broken = make_elf("free");
        broken[64] = 9;  // nothing to load
        root.write("usr/bin/free", broken, 0755);
        root.remove("usr/bin/fetch");
        root.run("ln", {"-s", "/opt/fetch", root.folder() + "/usr/bin/fetch"});
        const auto all = findings(root);
        const ByPath expected{{"/usr/bin/top", {"binaries/not_elf", k_critical}},
            {"/usr/lib/x86_64-linux-gnu/security/pam_thing.so", {"binaries/modified", k_critical}}, {"/usr/bin/vmstat", {"binaries/truncated", k_high}},
            {"/usr/bin/free", {"binaries/broken_elf", k_high}}, {"/usr/bin/fetch", {"binaries/replaced_by_link", k_high}}};
        QVERIFY2(by_path(all) == expected, shown(all));
    }

    // Data and scripts of packages, by what they can do; several are one finding.
    void data() {
        DebianRoot root;
        install_server(root);
        root.write("usr/share/tools/data.txt", "other\n");
        QCOMPARE(only(findings(root)).severity, k_low);
        root.write("usr/lib/python3/dist-packages/tools.py", "import os\n");
        const auto all = findings(root);
        QCOMPARE(only(all).rule, std::string("binaries/modified_data"));
        QCOMPARE(only(all).severity, k_medium);
        QCOMPARE(only(all).item_count, std::int64_t{2});
        root.write("usr/bin/helper", "#!/bin/sh\necho changed\n", 0755);
        const auto more = findings(root);
        QCOMPARE(more.size(), std::size_t{2});
        QCOMPARE(more[0].rule, std::string("binaries/modified"));
        QCOMPARE(more[0].severity, k_high);
    }

    // A package that is only half there proves little.
    void status() {
        DebianRoot root;
        install_server(root);
        auto database = root.read("var/lib/dpkg/status");
        const auto at = database.find("Status:", database.find("Package: tools"));
        root.write("usr/bin/fetch", make_elf("new"), 0755);
        QCOMPARE(only(findings(root)).severity, k_high);
        database.replace(at, std::string("Status: install ok installed").size(), "Status: install ok half-installed");
        root.write("var/lib/dpkg/status", database);
        QCOMPARE(only(findings(root)).severity, k_low);
        root.remove("usr/bin/mounter");
        QCOMPARE(findings(root).size(), std::size_t{1});
    }

    void unowned() {
        DebianRoot root;
        install_server(root);
        root.write("usr/sbin/kworkerd", make_elf("miner"), 0755);
        root.write("usr/lib/x86_64-linux-gnu/libhide.so", make_elf("hide", true));
        root.write("usr/lib/x86_64-linux-gnu/security/pam_door.so", make_elf("door", true));
        root.write("usr/bin/backup.sh", "#!/bin/sh\n", 0755);
        root.write("usr/lib/node_modules/x/build/x.node", make_elf("node", true), 0755);
        root.write("usr/lib/node_modules/y/build/y.node", make_elf("node2", true), 0755);
        root.write("usr/share/tools/thing.bin", make_elf("share"), 0755);
        // Another name of a packaged program is not a stranger.
        std::filesystem::create_hard_link(root.folder() + "/usr/bin/fetch", root.folder() + "/usr/bin/fetch2");
        const auto all = findings(root);
        const char* rule = "binaries/unowned";
        const ByPath expected{{"/usr/sbin/kworkerd", {rule, k_medium}}, {"/usr/lib/x86_64-linux-gnu/libhide.so", {rule, k_medium}},
            {"/usr/lib/x86_64-linux-gnu/security/pam_door.so", {rule, k_high}}, {"/usr/bin/backup.sh", {rule, k_low}}, {"/usr/lib/node_modules", {rule, k_low}}};
        QVERIFY2(by_path(all) == expected, shown(all));
    }

    // A deleted name whose inode was given to another file says nothing about that file.
    void reused_inode() {
        DebianRoot root;
        install_server(root);
        root.remove("usr/bin/w");
        root.write("usr/bin/.door", make_elf("door"), 0755);
        test::CaseFixture fixture;
        test::load(fixture, root.folder());
        auto door = fixture.database().prepare("SELECT inode FROM file WHERE path = '/usr/bin/.door'");
        QVERIFY(door && door->step().value_or(false));
        const auto inode = door->integer(0);
        door->reset();
        fixture.add({.path = "/usr/bin/w", .allocated = false, .same_inode = inode});
        const auto all = fixture.detect("binaries");
        const ByPath expected{{"/usr/bin/w", {"binaries/missing", k_high}}, {"/usr/bin/.door", {"binaries/unowned", k_high}}};
        QVERIFY2(by_path(all) == expected, shown(all));
        QVERIFY(all[0].items.at(0).path.empty());
        QCOMPARE(all[0].items.at(0).key, std::string("/usr/bin/w"));
    }

    void privileges() {
        DebianRoot root;
        install_server(root);
        root.write("var/tmp/.cache/door", make_elf("door"), 04755);
        root.write("tmp/sh", make_elf("sh"), 04755);
        root.write("srv/script", "#!/bin/sh\n", 06755);
        root.write("usr/bin/fetch", make_elf("fetch"), 04755);
        root.write("usr/local/bin/web", make_elf("web"), 0755);
        // An image of another machine: su may be setuid there, and without a list of its packages only its name says so.
        root.write("var/lib/chroot/usr/bin/su", make_elf("su"), 04755);
        for (const char* folder : {"etc/x", "var/x", "usr/lib/x"}) root.write(std::string("var/lib/chroot/") + folder, "x");
        const auto all = findings(root, [](FileSpec& spec) {
            if (spec.path == "/usr/bin/fetch") spec.changed += 86400;
            if (spec.path == "/usr/local/bin/web") spec.attributes = {{"security.capability", std::string("\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20)}};
            if (spec.path == "/usr/bin/mounter") spec.attributes = {{"security.capability", std::string("\1\0\0\2\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20)}}, spec.changed += 86400;
        });
        const ByPath expected{{"/var/tmp/.cache/door", {"privilege/setuid_unowned", k_high}}, {"/tmp/sh", {"privilege/setuid_unowned", k_high}},
            {"/srv/script", {"privilege/setuid_unowned", k_medium}}, {"/usr/bin/fetch", {"privilege/setuid_unexpected", k_high}},
            {"/usr/bin/mounter", {"privilege/setuid_unexpected", k_high}}, {"/usr/local/bin/web", {"privilege/setuid_unowned", k_low}},
            {"/var/lib/chroot/usr/bin/su", {"privilege/setuid_unowned", k_low}}};
        QVERIFY2(by_path(all) == expected, shown(all));
    }

    // Tools that administrators and vendors gave rights long ago are asked about; what only root can run gives nothing.
    void tools_with_rights() {
        struct Row {
            const char *what, *path;
            unsigned mode;
            int days;       // before the disk's last changes
            bool copy;      // of a packaged program
            int severity;   // -1: nothing is said
            const char* runs;
        };
        constexpr Row rows[] = {
            {"only root's group, alone in it", "usr/local/bin/root-group", 04750, 400, false, -1, ""},
            {"only its owner", "usr/local/bin/root-alone", 04700, 400, false, -1, ""},
            {"only root's group, of late", "usr/local/bin/late-group", 04750, 1, false, -1, ""},
            {"a group with others", "opt/tools/staff-helper", 04750, 400, false, k_medium, "group staff anna"},
            {"old, /usr/local", "usr/local/bin/mailq", 04755, 400, false, k_medium, "everybody"},
            {"old, /opt", "opt/toolchain/sandbox-helper", 04755, 400, false, k_medium, "everybody"},
            {"of late, with the product that it belongs to", "opt/vendor/browser/sandbox", 04755, 20, false, k_medium, "everybody"},
            {"of late, a copy of a packaged program in a product", "opt/vendor/browser/shell", 04755, 20, true, k_high, "everybody"},
            {"later than the product", "opt/vendor/browser/later", 04755, 3, false, k_high, "everybody"},
            {"a product's own folder", "opt/slim/sandbox", 04755, 20, false, k_medium, "everybody"},
            {"a product below /usr/local", "usr/local/watcher/libexec/check", 04755, 20, false, k_medium, "everybody"},
            {"a product of no package's in /usr/lib", "usr/lib/machinery/net", 04755, 20, false, k_medium, "everybody"},
            {"a module of Node's", "home/anna/node_modules/shell/dist/sandbox", 04755, 20, false, k_medium, "everybody"},
            {"many files in a home, no module", "home/anna/kit/run", 04755, 20, false, k_high, "everybody"},
            {"among a package's own files", "usr/lib/python3/run", 04755, 20, false, k_high, "everybody"},
            {"of the last weeks", "usr/local/bin/late", 04755, 20, false, k_high, "everybody"},
            {"old, hidden", "opt/.x/helper", 04755, 400, false, k_high, "everybody"},
            {"old, a copy of a packaged program", "usr/local/bin/copy", 04755, 400, true, k_high, "everybody"},
            {"old, /var/tmp", "var/tmp/helper", 04755, 400, false, k_high, "everybody"},
            {"old, a home", "home/anna/helper", 04755, 400, false, k_high, "everybody"},
            {"old, a web root", "var/www/html/helper", 04755, 400, false, k_high, "everybody"},
            {"old, a system folder", "usr/lib/helper/helper", 04755, 400, false, k_high, "everybody"},
        };
        DebianRoot root;
        install_server(root);
        for (const auto& row : rows) root.write(row.path, row.copy ? root.read("usr/bin/fetch") : make_elf(row.path), row.mode);
        constexpr const char* k_products[] = {"opt/vendor/browser/part", "opt/slim/part", "usr/local/watcher/part", "usr/lib/machinery/part", "home/anna/node_modules/shell/part", "home/anna/kit/part", "usr/lib/python3/part"};
        for (const char* product : k_products)
            for (int i = 0; i < 8; ++i) root.write(product + std::to_string(i), "part\n");
        root.write("home/anna/node_modules/shell/package.json", "{}\n");
        test::CaseFixture fixture;
        test::load(fixture, root.folder(), [&](FileSpec& spec) {
            for (const auto& row : rows)
                if (spec.path.substr(1) == row.path) spec.changed -= row.days * 86400, spec.born = spec.modified = spec.changed;
            for (const char* product : k_products)
                if (spec.path.substr(1).starts_with(product)) spec.changed -= 20 * 86400;
            if (spec.path.ends_with("staff-helper")) spec.gid = 50;
        });
        fixture.add_parsed("passwd", {.path = "/etc/passwd", .bytes = "root:x:0:0:root:/root:/bin/bash\nanna:x:1000:1000::/home/anna:/bin/bash\n"});
        fixture.add_parsed("group", {.path = "/etc/group", .bytes = "root:x:0:\nstaff:x:50:anna\nanna:x:1000:\n"});
        const auto all = fixture.detect("binaries");
        for (const auto& row : rows) {
            std::vector<FoundFinding> found;
            for (const auto& finding : all)
                if (finding.rule == "privilege/setuid_unowned" && finding.subject.substr(1) == row.path) found.push_back(finding);
            QVERIFY2(found.size() == (row.severity < 0 ? 0U : 1U), row.what);
            if (row.severity < 0) continue;
            QVERIFY2(found.front().severity == row.severity, row.what);
            const auto& words = found.front().arguments;
            auto who = words["runs"].get<std::string>();
            for (const char* more : {"group", "members"})
                if (const auto word = words[more].get<std::string>(); !word.empty()) who += " " + word;
            QVERIFY2(who == row.runs, row.what);
            QVERIFY2((words["settled"].get<std::string>().empty() && words["product"].get<std::string>().empty()) == (row.severity == k_high), row.what);
        }
    }

    // What a package gives to its program it may have in a copy of it; the name alone, in something that looks like a root, is no leave.
    void copies_and_other_roots() {
        struct Row {
            const char *what, *path, *content;
            unsigned mode;
            int severity;  // -1: nothing is said
        };
        constexpr Row rows[] = {
            {"a backup of the package's own", "srv/backup/2026-11-01/usr/bin/su", "su", 04755, k_low},
            {"the same under another name", "var/tmp/x", "su", 04755, k_low},
            {"a shell of the machine under that name, in a backup", "srv/backup/2026-11-01/usr/bin/passwd", "top", 04755, k_high},
            {"a shell of the machine under that name, in a layer", "var/lib/docker/overlay2/aa/diff/usr/bin/passwd", "top", 04755, k_high},
            {"another system's, in a layer", "var/lib/docker/overlay2/aa/diff/usr/bin/su", "other su", 04755, -1},
            {"another system's with a list of packages", "srv/nfsroot/bin/su", "other su", 04755, -1},
            {"a program of that system's own", "srv/nfsroot/bin/bbsuid", "bbsuid", 04111, k_medium},
            {"what looks like a root, without a list", "home/anna/rootfs/usr/bin/su", "other su", 04755, k_low},
            {"no root at all", "home/anna/usr/bin/su", "other su", 04755, k_high},
        };
        DebianRoot root;
        install_server(root);
        PackageSpec util{.name = "util-linux"};
        util.files = {{"bin/su", make_elf("su")}};
        root.install(util);
        root.write("srv/nfsroot/lib/apk/db/installed", "P:busybox\n");
        for (const auto& row : rows) root.write(row.path, make_elf(row.content), row.mode);
        std::map<std::string, int> found;
        for (const auto& finding : findings(root))
            if (finding.rule == "privilege/setuid_unowned") found[finding.subject.substr(1)] = finding.severity;
        for (const auto& row : rows) QVERIFY2((found.contains(row.path) ? found[row.path] : -1) == row.severity, row.what);
    }

    // A line that an administrator added, and what looks like it.
    void edited_script() {
        struct Row {
            const char *what, *path, *bytes;
            int days;  // between the content's last change and the inode's
            int severity;
        };
        constexpr Row rows[] = {
            {"edited", "/usr/sbin/newuser", "#!/usr/bin/perl\n# ours\nprint 1;\n", 0, k_medium},
            {"times set back", "/usr/sbin/newuser", "#!/usr/bin/perl\n# ours\nprint 1;\n", 30, k_high},
            {"a script in a program's place", "/usr/bin/top", "#!/bin/sh\nexec /usr/lib/.top\n", 0, k_high},
            {"the only program of its package", "/usr/bin/single", "#!/bin/sh\nexec /usr/lib/.single\n", 0, k_high},
        };
        for (const auto& row : rows) {
            DebianRoot root;
            install_server(root);
            PackageSpec scripts{.name = "newuser"};
            scripts.files = {{"usr/sbin/newuser", "#!/usr/bin/perl\nprint 1;\n"}, {"usr/sbin/olduser", "#!/usr/bin/perl\nprint 2;\n"}};
            root.install(scripts);
            PackageSpec single{.name = "single"};
            single.files = {{"usr/bin/single", make_elf("single")}};
            root.install(single);
            const auto all = findings(root, [&](FileSpec& spec) {
                if (spec.path != row.path) return;
                spec.bytes = row.bytes;
                spec.changed += 86400 * 40, spec.modified = spec.changed - 86400 * row.days;
            });
            QVERIFY2(only(all).severity >= row.severity && (row.severity == k_high || only(all).severity == row.severity), row.what);
        }
    }

    // debootstrap's stand-in, where it ended early.
    void left_by_installer() {
        const std::string stub = "#!/bin/sh\necho\necho \"Warning: Fake start-stop-daemon called, doing nothing\"\n", path = "/usr/sbin/start-stop-daemon";
        const auto severity_of = [&](const std::string& script, const std::string& beside) {
            DebianRoot root;
            PackageSpec package{.name = "dpkg"};
            package.files = {{"usr/sbin/start-stop-daemon", make_elf("daemon")}, {"usr/bin/dpkg", make_elf("dpkg")}};
            root.install(package);
            root.write("usr/sbin/start-stop-daemon", script, 0755);
            if (!beside.empty()) root.write("usr/sbin/start-stop-daemon.REAL", beside, 0755);
            return by_path(findings(root))[path].second;
        };
        QCOMPARE(severity_of(stub, make_elf("daemon")), k_low);
        QCOMPARE(severity_of(stub, make_elf("another")), k_high);
        QCOMPARE(severity_of(stub, {}), k_high);
        QCOMPARE(severity_of(stub + "/tmp/.x &\n", make_elf("daemon")), k_high);
    }

    void capabilities() {
        using namespace plugins::binaries;
        const std::string value("\1\0\0\2\0\x20\0\0\0\0\0\0\1\0\0\0\0\0\0\0", 20);
        const auto decoded = decode_capabilities(base::as_bytes(value));
        QVERIFY(decoded && decoded->effective);
        QCOMPARE(capability_names(decoded->permitted), std::string("cap_net_raw,cap_mac_override"));
        QVERIFY(capability_set("cap_net_raw,cap_mac_override") == decoded->permitted);
        QVERIFY(!capability_set("cap_none"));
        for (std::size_t length = 0; length < value.size(); ++length) QVERIFY(!decode_capabilities(base::as_bytes(std::string_view(value).substr(0, length))));
        QVERIFY(!find_attribute(std::string_view("\5\0\xff\xff", 4), "x"));
    }

    // Digests changed long after the package came, so that a changed program fits them.
    void database_altered() {
        DebianRoot root;
        install_server(root);
        const auto run = [&](std::int64_t later) {
            return findings(root, [later](FileSpec& spec) {
                if (spec.path == "/var/lib/dpkg/info/tools.md5sums") spec.changed += later;
            });
        };
        QVERIFY(run(5).empty());
        const auto all = run(86400);
        QCOMPARE(only(all).rule, std::string("packages/database_altered"));
        QCOMPARE(only(all).severity, k_medium);
        QCOMPARE(only(all).subject, std::string("tools"));
    }

    // The program for which the digests were changed is named; where the whole package was put back, none is.
    void database_altered_for_a_program() {
        DebianRoot root;
        install_server(root);
        struct Row {
            const char* what;
            std::set<std::string> changed;
            const char* named;
            int severity;
        };
        const Row rows[] = {
            {"one program", {"/usr/bin/fetch"}, "/usr/bin/fetch", k_high},
            {"no program", {"/usr/share/tools/data.txt"}, "", k_medium},
            {"the whole package", {"/usr/bin/fetch", "/usr/bin/helper", "/usr/bin/mounter", "/usr/share/tools/data.txt", "/usr/lib/python3/dist-packages/tools.py"}, "", k_medium},
        };
        for (const auto& row : rows) {
            const auto all = findings(root, [&](FileSpec& spec) {
                if (spec.path == "/var/lib/dpkg/info/tools.md5sums") spec.changed += 30 * 86400;
                if (row.changed.contains(spec.path)) spec.changed += 30 * 86400 - 300;
            });
            const auto& finding = only(all);
            QCOMPARE(finding.rule, std::string("packages/database_altered"));
            QVERIFY2(finding.severity == row.severity, row.what);
            QCOMPARE(finding.items.at(0).path, std::string("/var/lib/dpkg/info/tools.md5sums"));
            QVERIFY2(finding.items.size() == (*row.named == '\0' ? 1U : 2U) && finding.arguments["path"] == row.named, row.what);
            if (*row.named == '\0') continue;
            QCOMPARE(finding.items.at(1).path, std::string(row.named));
            QVERIFY(finding.items.at(1).reference["expected"].get<std::string>().empty());
            QCOMPARE(finding.items.at(1).reference["found"].get<std::string>().size(), std::size_t{32});
        }
    }

    // What dpkg lays beside a packaged file while it unpacks.
    void dpkgs_own_names() {
        DebianRoot root;
        install_server(root);
        const auto fetch = root.read("usr/bin/fetch");
        struct Row {
            const char* name;
            std::string content;
            unsigned mode;
            int severity;  // -1: nothing is said
        };
        const Row rows[] = {
            {"usr/bin/fetch.dpkg-tmp", fetch, 0755, -1},                                  // the old one, kept
            {"usr/bin/fetch.dpkg-new", fetch, 0755, -1},
            {"usr/bin/vmstat.dpkg-new", fetch.substr(0, fetch.size() / 2), 0755, k_low},  // in the middle
            {"usr/bin/top.dpkg-new", make_elf("other"), 0755, k_medium},
            {"usr/bin/none.dpkg-new", fetch, 0755, k_medium},                             // beside nothing
            {"usr/bin/fetch.dpkg-old", fetch, 04755, k_medium},
        };
        for (const auto& row : rows) root.write(row.name, row.content, row.mode);
        std::map<std::string, int> found;
        for (const auto& finding : findings(root))
            if (finding.rule == "binaries/unowned") found[finding.subject.substr(1)] = finding.severity;
        for (const auto& row : rows) QVERIFY2((found.contains(row.name) ? found[row.name] : -1) == row.severity, row.name);
    }

    // A package's digests are gone, all or one line; and a stranger's package that never had any.
    void digests_missing() {
        DebianRoot root;
        install_server(root);
        PackageSpec own{.name = "own-shell", .maintainer = "Me <me@other.example>"};
        own.files = {{"usr/bin/ksh", make_elf("ksh")}};
        root.install(own);
        struct Row {
            const char* what;
            std::string package;   // whose digests are gone; "*": all packages'
            std::string line;      // only the line of this file
            const char* found;
            std::string ledger;
        };
        const Row rows[] = {
            {"sshd", "openssh-server", "", "packages/digests_missing openssh-server 3\n", "openssh-server: 1"},
            {"one line", "procps", "bin/ps", "packages/digests_missing procps 3\n", "procps: 1"},
            {"no login program", "tools", "", "packages/digests_missing tools 2\n", "tools: 3"},
            {"no login program, one line", "tools", "usr/bin/fetch", "", "tools: 1"},
            {"of another origin", "own-shell", "", "", "own-shell: 1"},
            {"none has any", "*", "", "", "libthing1:amd64: 2, openssh-server: 1, own-shell: 1, procps: 5, tools: 3"},
            {"all there", "", "", "", ""},
        };
        for (const auto& row : rows) {
            std::map<std::string, std::string> kept;
            for (const char* name : {"openssh-server", "procps", "tools", "own-shell", "libthing1:amd64"}) {
                const std::string list = std::string("var/lib/dpkg/info/") + name + ".md5sums";
                if (row.package != "*" && row.package != name) continue;
                auto lines = kept[list] = root.read(list);
                const auto at = lines.find("  " + row.line + "\n");
                if (row.line.empty()) root.remove(list);
                else root.write(list, lines.erase(at - 32, 32 + 2 + row.line.size() + 1));
            }
            test::CaseFixture fixture;
            test::load(fixture, root.folder());
            const auto all = shown(fixture.detect("binaries"));
            QVERIFY2(all == row.found, QByteArray(row.what) + ": " + all);
            auto told = fixture.database().prepare("SELECT ifnull(group_concat(examples), '') FROM coverage WHERE level = 'limit' AND reason LIKE '%without digests%'");
            QVERIFY(told && told->step().value_or(false));
            const std::string ledger(told->text(0));
            QVERIFY2(row.ledger.empty() ? ledger.empty() : ledger.find(": " + row.ledger + "\"") != std::string::npos, (row.what + (": " + ledger)).c_str());
            told->reset();
            for (const auto& [list, bytes] : kept) root.write(list, bytes);
        }
    }
    // What lies where a program of the system is looked for, in its stead.
    void stand_ins() {
        DebianRoot root;
        install_server(root);
        const auto divert = [&](const std::string& path) {
            root.run("dpkg-divert", {"--root=" + root.folder(), "--local", "--no-rename", "--divert", path + ".distrib", "--add", path});
            const auto own = path.substr(1) == "bin/ps" ? "usr/bin/ps" : path.substr(1);
            root.write(own + ".distrib", root.read(own), 0755);
            return own;
        };
        root.write(divert("/usr/bin/top"), "#!/bin/sh\ntop.distrib \"$@\" | grep -v miner\n", 0755);
        divert("/usr/bin/w");                                                      // what stands there is the package's own
        root.write(divert("/usr/bin/fetch"), "#!/bin/sh\nexec nice fetch.distrib \"$@\"\n", 0755);  // nobody looks at the machine with it
        root.write("usr/local/bin/ps", "#!/bin/sh\nexec /bin/ps \"$@\" | grep -v miner\n", 0755);
        auto copy = root.read("usr/sbin/sshd");
        copy.back() ^= 1;
        root.write("usr/local/sbin/sshd", copy, 0755);
        root.write("root/bin/ps", make_elf("a longer build of one's own") + std::string(500, 'x'), 0755);
        root.write("usr/local/bin/w", root.read("usr/bin/w"), 0755);              // the same
        root.write("usr/local/bin/fetch", make_elf("own fetch"), 0755);           // no program to log in or look with
        root.write("usr/local/bin/free", "no program\n", 0644);
        const auto all = findings(root);
        const ByPath expected{{"/usr/bin/top", {"binaries/diverted", k_high}}, {"/usr/local/bin/ps", {"binaries/shadowing", k_medium}}, {"/root/bin/ps", {"binaries/shadowing", k_medium}},
                              {"/usr/local/sbin/sshd", {"binaries/shadowing", k_high}}};
        QVERIFY2(by_path(all) == expected, shown(all));
    }

    void list_missing() {
        DebianRoot root;
        install_server(root);
        for (int i = 0; i < 8; ++i) {
            PackageSpec package{.name = "part" + std::to_string(i)};
            package.files = {{"usr/share/part" + std::to_string(i), "x"}};
            root.install(package);
        }
        root.remove("var/lib/dpkg/info/tools.list");
        const auto all = by_path(findings(root));
        QVERIFY(all.contains("tools"));
        QCOMPARE(all.at("tools").first, std::string("packages/list_missing"));
        QCOMPARE(all.at("tools").second, k_medium);
    }

    void excluded_and_stripped() {
        DebianRoot root;
        install_server(root);
        root.write("etc/dpkg/dpkg.cfg.d/slim", "path-exclude=/usr/bin/t*\npath-exclude=/usr/bin/vm?tat\npath-include=/usr/bin/top\n");
        root.remove("usr/bin/top");
        root.remove("usr/bin/vmstat");
        QCOMPARE(only(findings(root)).subject, std::string("/usr/bin/top"));
        for (int i = 0; i < 12; ++i) {
            PackageSpec package{.name = "part" + std::to_string(i)};
            package.files = {{"usr/bin/part" + std::to_string(i), make_elf("part" + std::to_string(i))}};
            root.install(package);
            root.remove("usr/bin/part" + std::to_string(i));
        }
        const auto all = findings(root);
        QCOMPARE(all.size(), std::size_t{2});
        QCOMPARE(all[1].rule, std::string("binaries/stripped"));
        QCOMPARE(all[1].severity, 0);
    }

    // Over a whole root where DEADBOX_DEBIAN_ROOT names one (tests/bench/make-healthy-server): low at most.
    void real_root() {
        const auto folder = qEnvironmentVariable("DEADBOX_DEBIAN_ROOT");
        if (folder.isEmpty()) QSKIP("no root is named");
        test::CaseFixture fixture;
        test::load(fixture, folder.toStdString(), {}, test::Owners::real);
        QElapsedTimer timer;
        timer.start();
        const auto all = fixture.detect("binaries");
        qInfo("detector: %lld ms\n%s", timer.elapsed(), shown(all).constData());
        if (const auto keep = qEnvironmentVariable("DEADBOX_KEEP_CASE"); !keep.isEmpty()) QFile::copy(QString::fromStdString(fixture.path()), keep);
        for (const auto& finding : all) QVERIFY(finding.severity <= k_low);
    }

    void importance() {
        using namespace plugins::binaries;
        ImportanceList list;
        QVERIFY(list.load(std::string(DEADBOX_SOURCE_DIR) + "/resources/binaries/importance.tsv"));
        const std::pair<const char*, Importance> rows[] = {{"/bin/ls", Importance::login}, {"/usr/sbin/sshd", Importance::login}, {"/sbin/agetty", Importance::login},
            {"/lib/x86_64-linux-gnu/libc.so.6", Importance::login}, {"/lib64/ld-linux-x86-64.so.2", Importance::login}, {"/lib/x86_64-linux-gnu/security/pam_unix.so", Importance::login},
            {"/usr/lib/x86_64-linux-gnu/libnss_files.so.2", Importance::login}, {"/usr/lib/x86_64-linux-gnu/libkeyutils.so.1.10", Importance::login},
            {"/usr/lib/x86_64-linux-gnu/libcurl.so.4", Importance::library}, {"/usr/bin/nmap", Importance::program}, {"/usr/share/doc/x/README", Importance::ignored},
            {"/lib/systemd/system/ssh.service", Importance::unit}, {"/usr/share/x/y.php", Importance::script}, {"/boot/vmlinuz-6.1", Importance::boot},
            {"/lib/modules/6.1/kernel/fs/x.ko", Importance::module}, {"/usr/lib/python3/dist-packages/x.py", Importance::script}, {"/etc/passwd", Importance::ignored}};
        for (const auto& [path, expected] : rows) QVERIFY2(list.of(path) == expected, path);
    }
};
DEADBOX_TEST(BinariesTest)
#include "binaries_test.moc"
