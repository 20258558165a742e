#include "plugins/dpkg/debian_root.hpp"
#include "plugin/packed_files.hpp"
#include "plugin/parser.hpp"
#include "support/memory_file.hpp"
#include "support/recording_sink.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

test::RecordingSink parsed(std::string_view parser, const test::MemoryFile& file, const plugin::Parameters& parameters = {}) {
    test::RecordingSink sink;
    const auto* one = plugin::find_parser(parser);
    if (!one->prepare("") || !one->parse(file, parameters, sink)) throw std::runtime_error("parse failed");
    return sink;
}

// Path and digest of every packaged file.
std::map<std::string, std::string> packed(test::RecordingSink& sink) {
    std::map<std::string, std::string> files;
    for (const auto& row : sink.rows["package_folder"]) {
        const auto folder = row.at("folder").as_text(), all = row.at("files").as_text();
        plugin::for_each_packed(all, [&](std::string_view name, std::string_view md5) {
            files[folder + "/" + std::string(name)] = md5;
            if (plugin::find_packed(all, name) != md5) throw std::runtime_error("not found again");
            return base::Next::go_on;
        });
    }
    return files;
}

}  // namespace

class DpkgTest : public QObject {
    Q_OBJECT
private slots:
    // A database that dpkg wrote: what it says of itself is what is read.
    void real_database() {
        test::DebianRoot root;
        test::PackageSpec tool{.name = "tool", .version = "2:1.4-1~x", .fields = "Essential: yes\nPriority: required\nSection: admin\n"};
        tool.files = {{"usr/bin/tool", "program"}, {"usr/share/doc/tool/copyright", "free"}, {"etc/tool/a b.conf", "x=1\n"}, {"usr/lib/odd\\x2dname", "q"}};
        tool.links = {{"usr/bin/tool-link", "tool"}};
        tool.conffiles = {"/etc/tool/a b.conf"};
        root.install(tool);
        test::PackageSpec library{.name = "libone", .multi_arch_same = true};
        library.files = {{"usr/lib/x86_64-linux-gnu/libone.so.1", "library"}};
        root.install(library);
        root.run("dpkg-divert", {"--root=" + root.folder(), "--local", "--no-rename", "--divert", "/usr/bin/tool.real", "--add", "/usr/bin/tool"});
        root.write("var/lib/dpkg/statoverride", "root adm 4750 /usr/bin/to ol\n#12 #13 0755 /x\nbroken\n");

        auto status = parsed("dpkg_status", test::MemoryFile("/var/lib/dpkg/status", root.read("var/lib/dpkg/status")));
        QCOMPARE(status.rows["package"].size(), std::size_t{2});
        const bool tool_first = status.rows["package"][0].at("name").as_text() == "tool";
        const auto& first = status.rows["package"][tool_first ? 0 : 1];
        QCOMPARE(first.at("stem").as_text(), std::string("tool"));
        QCOMPARE(first.at("version").as_text(), std::string("2:1.4-1~x"));
        QCOMPARE(first.at("status").as_text(), std::string("installed"));
        QCOMPARE(first.at("wanted").as_text(), std::string("install"));
        QCOMPARE(first.at("essential").as_text(), std::string("1"));
        QCOMPARE(status.rows["package"][tool_first ? 1 : 0].at("stem").as_text(), std::string("libone:amd64"));
        QCOMPARE(status.rows["conffile"].size(), std::size_t{1});
        QCOMPARE(status.rows["conffile"][0].at("path").as_text(), std::string("/etc/tool/a b.conf"));
        QCOMPARE(status.rows["conffile"][0].at("md5").as_text().size(), std::size_t{16});
        QVERIFY(status.gaps.empty());

        test::MemoryFile list("/var/lib/dpkg/info/tool.list", root.read("var/lib/dpkg/info/tool.list"));
        list.add_companion(".list>.md5sums", root.read("var/lib/dpkg/info/tool.md5sums"));
        auto files = parsed("dpkg_list", list);
        std::map<std::string, std::size_t> sizes;
        for (const auto& [path, md5] : packed(files)) sizes[path] = md5.size();
        // dpkg itself makes the digests where a package has none: then conffiles have one too.
        const std::map<std::string, std::size_t> expected{{"/usr/bin/tool", 16}, {"/usr/share/doc/tool/copyright", 16}, {"/etc/tool/a b.conf", 16},
                                                          {"/usr/lib/odd\\x2dname", 16}, {"/usr/bin/tool-link", 0}};
        QVERIFY(sizes == expected);
        QCOMPARE(files.rows["package_list"][0].at("files").as_text(), std::string("5"));
        QCOMPARE(files.rows["package_list"][0].at("digests").as_text(), std::string("4"));

        auto diversions = parsed("dpkg_diversions", test::MemoryFile("/var/lib/dpkg/diversions", root.read("var/lib/dpkg/diversions")));
        QCOMPARE(diversions.rows["diversion"].size(), std::size_t{1});
        QCOMPARE(diversions.rows["diversion"][0].at("divert_to").as_text(), std::string("/usr/bin/tool.real"));
        QCOMPARE(diversions.rows["diversion"][0].at("package").as_text(), std::string());

        auto modes = parsed("dpkg_statoverride", test::MemoryFile("/var/lib/dpkg/statoverride", root.read("var/lib/dpkg/statoverride")));
        QCOMPARE(modes.rows["stat_override"].size(), std::size_t{2});
        QCOMPARE(modes.rows["stat_override"][0].at("path").as_text(), std::string("/usr/bin/to ol"));
        QCOMPARE(modes.rows["stat_override"][0].at("mode").as_text(), std::to_string(04750));
        QCOMPARE(modes.gaps.size(), std::size_t{1});

        auto log = parsed("dpkg_log", test::MemoryFile("/var/log/dpkg.log", root.read("var/log/dpkg.log")), {{"timezone", "UTC"}});
        std::map<std::string, int> kinds;
        for (const auto& event : log.events) ++kinds[event.type];
        QCOMPARE(kinds["package.install"], 2);
        QCOMPARE(kinds["package.configure"], 2);
        QCOMPARE(log.events[0].attributes.at("package").as_text(), std::string("tool:amd64"));
        QCOMPARE(log.events[0].attributes.at("version").as_text(), std::string("2:1.4-1~x"));
        QVERIFY(log.gaps.empty());
    }

    void status_oddities() {
        auto removed = parsed("dpkg_status", test::MemoryFile("/var/lib/dpkg/status",
            "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\nArchitecture: all\nConffiles:\n /etc/gone newconffile\n"
            " /etc/old 00112233445566778899aabbccddeeff obsolete\n\n\n"
            "no colon\nStatus: install ok installed\n\nPackage: last\nStatus: install ok half-configured\nVersion: 2\nArchitecture: all"));
        QCOMPARE(removed.rows["package"].size(), std::size_t{2});
        QCOMPARE(removed.rows["package"][0].at("status").as_text(), std::string("config-files"));
        QCOMPARE(removed.rows["package"][1].at("status").as_text(), std::string("half-configured"));
        QCOMPARE(removed.rows["conffile"].size(), std::size_t{2});
        QCOMPARE(removed.rows["conffile"][1].at("flag").as_text(), std::string("obsolete"));
        auto before = parsed("dpkg_status", test::MemoryFile("/var/lib/dpkg/status-old", "Package: a\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n"));
        QCOMPARE(before.rows["package_before"].size(), std::size_t{1});
        QVERIFY(before.rows["package"].empty());
        auto distroless = parsed("dpkg_status", test::MemoryFile("/var/lib/dpkg/status.d/base", "Package: base\nVersion: 12.4\nArchitecture: amd64\n"));
        QCOMPARE(distroless.rows["package"][0].at("status").as_text(), std::string("installed"));
        auto sums = parsed("dpkg_status", test::MemoryFile("/var/lib/dpkg/status.d/base.md5sums", "d41d8cd98f00b204e9800998ecf8427e  usr/bin/x\njunk\n"));
        QCOMPARE(sums.rows["package_folder"].size(), std::size_t{1});
        QCOMPARE(sums.rows["package_folder"][0].at("package").as_text(), std::string("base"));
        QCOMPARE(packed(sums).at("/usr/bin/x").size(), std::size_t{16});
    }

    // As update-alternatives writes it.
    void alternatives() {
        test::DebianRoot root;
        for (const char* program : {"usr/bin/big", "usr/bin/small", "usr/share/man/big.1", "usr/share/man/small.1"}) root.write(program, "x", 0755);
        const auto in = [&](const std::string& path) { return root.folder() + path; };
        const std::vector<std::string> common{"--altdir", in("/tmp"), "--admindir", in("/var/lib/dpkg/alternatives"), "--log", in("/var/log/a.log"),
                                              "--install", in("/usr/bin/choice"), "choice"};
        auto first = common, second = common;
        first.insert(first.end(), {in("/usr/bin/big"), "50", "--slave", in("/usr/share/man/choice.1"), "choice.1", in("/usr/share/man/big.1")});
        second.insert(second.end(), {in("/usr/bin/small"), "-5"});
        root.run("update-alternatives", first);
        root.run("update-alternatives", second);
        auto sink = parsed("dpkg_alternative", test::MemoryFile("/var/lib/dpkg/alternatives/choice", root.read("var/lib/dpkg/alternatives/choice")));
        const auto& rows = sink.rows["alternative"];
        QCOMPARE(rows.size(), std::size_t{3});
        QCOMPARE(rows[0].at("target").as_text(), in("/usr/bin/big"));
        QCOMPARE(rows[1].at("role").as_text(), std::string("slave"));
        QCOMPARE(rows[1].at("link").as_text(), in("/usr/share/man/choice.1"));
        QCOMPARE(rows[2].at("target").as_text(), in("/usr/bin/small"));
        QCOMPARE(rows[2].at("priority").as_text(), std::string("-5"));
        for (const char* cut : {"", "auto", "auto\n/usr/bin/x\nslave", "auto\n/usr/bin/x\n\n/target", "auto\n/x\ns\n/s\n\n/t\n5\n"})
            parsed("dpkg_alternative", test::MemoryFile("/var/lib/dpkg/alternatives/choice", cut));
    }

    void configuration() {
        auto sink = parsed("dpkg_config", test::MemoryFile("/etc/dpkg/dpkg.cfg.d/docker",
            "# no docs\npath-exclude /usr/share/doc/*\n--path-include=/usr/share/doc/*/copyright\nlog /var/log/dpkg.log\npath-exclude=\"/usr/share/man/*\"\npath-exclude"));
        const auto& rows = sink.rows["dpkg_option"];
        QCOMPARE(rows.size(), std::size_t{3});
        QCOMPARE(rows[0].at("pattern").as_text(), std::string("/usr/share/doc/*"));
        QCOMPARE(rows[1].at("kind").as_text(), std::string("path-include"));
        QCOMPARE(rows[2].at("pattern").as_text(), std::string("/usr/share/man/*"));
    }

    void logs() {
        auto log = parsed("dpkg_log", test::MemoryFile("/var/log/dpkg.log",
            "2026-02-30x\n2026-03-02 04:11:07 upgrade sudo:amd64 1.9.13p3-1 1.9.13p3-2\n2026-03-02 04:11:08 remove nano:amd64 7.2-1 <none>\n"
            "2026-03-02 04:11:09 conffile /etc/a b keep\n2026-03-02 04:11:10 startup packages configure\n"));
        QCOMPARE(log.events.size(), std::size_t{3});
        QCOMPARE(log.events[0].type, std::string("package.upgrade"));
        QCOMPARE(log.events[0].attributes.at("old_version").as_text(), std::string("1.9.13p3-1"));
        QCOMPARE(base::to_rfc3339(log.events[0].time), std::string("2026-03-02T04:11:07.000000000Z"));
        QCOMPARE(int(log.events[0].assumptions), int(plugin::assumed_zone));
        QCOMPARE(log.events[2].attributes.at("path").as_text(), std::string("/etc/a b"));
        QCOMPARE(log.gaps.size(), std::size_t{2});  // damaged lines; the zone
        const std::string history =
            "\nStart-Date: 2026-03-02  06:00:01\nCommandline: apt install tree\nRequested-By: anna (1000)\nInstall: tree:amd64 (2.1.0-1)\n"
            "End-Date: 2026-03-02  06:00:09\n\nStart-Date: 2026-03-03  06:00:01\nCommandline: /usr/bin/unattended-upgrade\n";
        auto apt = parsed("apt_history", test::MemoryFile("/var/log/apt/history.log", history), {{"timezone", "CET-1CEST,M3.5.0,M10.5.0/3"}});
        QCOMPARE(apt.events.size(), std::size_t{3});
        QCOMPARE(apt.events[0].user, std::string("anna"));
        QCOMPARE(apt.events[0].attributes.at("command").as_text(), std::string("apt install tree"));
        QCOMPARE(base::to_rfc3339(apt.events[0].time), std::string("2026-03-02T05:00:01.000000000Z"));
        QCOMPARE(apt.events[1].type, std::string("package.apt.end"));
        QCOMPARE(apt.events[2].line, std::uint64_t{8});
    }

    // As the system logs: the machine's zone, summer time in it, an hour that comes twice in the order of the lines.
    void local_times_data() {
        QTest::addColumn<QByteArray>("zone");
        QTest::addColumn<QStringList>("utc");
        const QStringList berlin{"2025-07-05T08:00:00", "2025-10-26T00:30:00", "2025-10-26T01:10:00", "2026-01-05T09:00:00"};
        QTest::newRow("summer and winter") << QByteArray("Europe/Berlin") << berlin;
        QTest::newRow("the rule of a copied zone file") << QByteArray("CET-1CEST,M3.5.0,M10.5.0/3") << berlin;
        QTest::newRow("half an hour") << QByteArray("Asia/Kolkata") << QStringList{"2025-07-05T04:30:00", "2025-10-25T21:00:00", "2025-10-25T20:40:00", "2026-01-05T04:30:00"};
        QTest::newRow("not known here") << QByteArray("Mars/Olympus") << QStringList{"2025-07-05T10:00:00", "2025-10-26T02:30:00", "2025-10-26T02:10:00", "2026-01-05T10:00:00"};
        QTest::newRow("none given") << QByteArray() << QStringList{"2025-07-05T10:00:00", "2025-10-26T02:30:00", "2025-10-26T02:10:00", "2026-01-05T10:00:00"};
    }
    void local_times() {
        QFETCH(QByteArray, zone);
        QFETCH(QStringList, utc);
        if (zone.contains('/') && !QFile::exists("/usr/share/zoneinfo/Europe/Berlin")) QSKIP("no time zones on this machine");
        std::string log, history;
        for (const char* time : {"2025-07-05 10:00:00", "2025-10-26 02:30:00", "2025-10-26 02:10:00", "2026-01-05 10:00:00"}) {
            log += std::string(time) + " configure sudo:amd64 1 <none>\n";
            history += "Start-Date: " + std::string(time).replace(10, 1, "  ") + "\nCommandline: apt install x\n\n";
        }
        plugin::Parameters parameters;
        if (!zone.isEmpty()) parameters.emplace_back("timezone", zone.toStdString());
        for (const auto& sink : {parsed("dpkg_log", test::MemoryFile("/var/log/dpkg.log", log), parameters), parsed("apt_history", test::MemoryFile("/var/log/apt/history.log", history), parameters)}) {
            QStringList found;
            const bool known = !zone.isEmpty() && !zone.startsWith("Mars");
            for (const auto& event : sink.events) {
                found << QString::fromStdString(base::to_rfc3339(event.time)).left(19);
                QCOMPARE(int(event.assumptions), int(known ? plugin::assumed_none : plugin::assumed_zone));
            }
            QCOMPARE(found, utc);
            QCOMPARE(sink.gaps.size(), std::size_t(known ? 0 : 1));
        }
    }

    // No input stops a parser.
    void hostile() {
        std::string noise;
        std::uint32_t state = 7;
        for (int i = 0; i < 200000; ++i) {
            state = state * 1664525 + 1013904223;
            noise += "abc :/\n\n \0019f-"[state >> 28];
        }
        for (const char* parser : {"dpkg_status", "dpkg_list", "dpkg_diversions", "dpkg_statoverride", "dpkg_alternative", "dpkg_config", "dpkg_log", "apt_history"}) {
            test::MemoryFile file("/x", noise);
            file.add_companion(".list>.md5sums", noise);
            parsed(parser, file);
        }
        for (std::size_t at = 0; at < 2000; ++at) plugin::find_packed(std::string_view(noise).substr(at, 300), "zz");
        std::string files;
        plugin::pack_file(files, "a", "");
        plugin::pack_file(files, std::string(300, 'b'), "0123456789abcdef");
        QVERIFY(plugin::find_packed(files, "a") == std::string_view());
        QVERIFY(plugin::find_packed(files, std::string(300, 'b')) == "0123456789abcdef");
        QVERIFY(!plugin::find_packed(files, "c"));
        for (std::size_t cut = 0; cut < files.size(); ++cut) plugin::find_packed(std::string_view(files).substr(0, cut), "zz");
    }
};
DEADBOX_TEST(DpkgTest)
#include "dpkg_test.moc"
