#include <QFile>

#include "plugin/parser.hpp"
#include "support/memory_file.hpp"
#include "support/recording_sink.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

test::RecordingSink parsed(const std::string& parser, const std::string& path, std::string_view text) {
    test::RecordingSink sink;
    const test::MemoryFile file(path, text);
    (void)plugin::find_parser(parser)->parse(file, {}, sink);
    return sink;
}

// "key=value; key=value" of all facts.
QString facts(const test::RecordingSink& sink) {
    QString text;
    const auto rows = sink.rows.find("system_fact");
    if (rows == sink.rows.end()) return text;
    for (const auto& row : rows->second) text += (text.isEmpty() ? "" : "; ") + QString::fromStdString(row.at("key").as_text() + "=" + row.at("value").as_text());
    return text;
}

}  // namespace

class SystemTest : public QObject {
    Q_OBJECT
private slots:
    void facts_data() {
        QTest::addColumn<QByteArray>("parser");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* parser, const char* path, const char* text, const char* expected) {
            QTest::newRow(name) << QByteArray(parser) << QByteArray(path) << QByteArray(text) << QString(expected);
        };
        row("os-release", "os_release", "/usr/lib/os-release",
            "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME='Debian'\nVERSION_ID=\"12\"\nID=debian\nHOME_URL=x\n",
            "os.pretty_name=Debian GNU/Linux 12 (bookworm); os.name=Debian; os.version_id=12; os.id=debian");
        row("debian_version", "one_line_fact", "/etc/debian_version", "12.5\n", "os.debian_version=12.5");
        row("CentOS 6", "one_line_fact", "/etc/centos-release", "CentOS release 6.10 (Final)\n", "os.release=CentOS release 6.10 (Final); os.pretty_name=CentOS release 6.10 (Final)");
        row("Rocky 9", "one_line_fact", "/etc/redhat-release", "Rocky Linux release 9.3 (Blue Onyx)\n", "os.release=Rocky Linux release 9.3 (Blue Onyx)");
        row("hostname", "one_line_fact", "/etc/hostname", "# name\n\nweb01\nother\n", "host.name=web01");
        row("timezone", "one_line_fact", "/etc/timezone", "Europe/Berlin", "time.zone=Europe/Berlin");
        row("machine-id", "one_line_fact", "/etc/machine-id", "0123456789abcdef0123456789abcdef\n", "machine.id=0123456789abcdef0123456789abcdef");
        row("no machine-id yet", "one_line_fact", "/etc/machine-id", "uninitialized\n", "");
        row("clock", "system_settings", "/etc/sysconfig/clock", "ZONE=\"America/New_York\"\n", "time.zone=America/New_York");
        row("locale", "system_settings", "/etc/default/locale", "#  comment\nLANG=de_DE.UTF-8\n", "system.locale=de_DE.UTF-8");
        row("crypttab", "crypttab", "/etc/crypttab", "# <target>\ndata UUID=7 none luks\n", "disk.encrypted=data UUID=7 none luks");
        row("hosts", "hosts", "/etc/hosts", "127.0.0.1 localhost\n127.0.1.1 web01.example.org web01 # me\n::1 ip6-loopback\n", "host.entry=127.0.1.1 web01.example.org web01");
        row("modules", "kernel_modules", "/lib/modules/6.1.0-18-amd64/modules.order", "", "kernel.modules=6.1.0-18-amd64");
        row("kernel", "kernel_image", "/boot/vmlinuz-6.1.0-18-amd64", "", "kernel.version=6.1.0-18-amd64");
        row("interfaces", "network_interfaces", "/etc/network/interfaces",
            "auto lo eth0\niface lo inet loopback\niface eth0 inet static\n\taddress 192.0.2.7/24\n\tgateway 192.0.2.1\niface eth0 inet6 static\n  address 2001:db8::7\n",
            "network.address=192.0.2.7/24; network.gateway=192.0.2.1; network.address=2001:db8::7");
        row("netplan", "network_yaml", "/etc/netplan/50-cloud-init.yaml",
            "network:\n  version: 2\n  ethernets:\n    eth0:\n      addresses:\n      - 192.0.2.7/24\n      - \"2001:db8::7/64\"\n      nameservers:\n        addresses: [192.0.2.53, 192.0.2.54]\n"
            "      routes:\n        - to: default\n          via: 192.0.2.1\n    eth1:\n      addresses: [198.51.100.9/24]\n      gateway4: 198.51.100.1\n",
            "network.address=192.0.2.7/24; network.address=2001:db8::7/64; network.dns=192.0.2.53; network.dns=192.0.2.54; network.gateway=192.0.2.1; "
            "network.address=198.51.100.9/24; network.gateway=198.51.100.1");
        row("NetworkManager", "network_settings", "/etc/NetworkManager/system-connections/a.nmconnection",
            "[wifi-security]\npsk=topsecret\n[ipv4]\naddress1=192.0.2.7/24,192.0.2.1\ndns=192.0.2.53;192.0.2.54;\n",
            "network.address=192.0.2.7/24; network.gateway=192.0.2.1; network.dns=192.0.2.53; network.dns=192.0.2.54");
        row("networkd", "network_settings", "/etc/systemd/network/10.network", "[Network]\nAddress=192.0.2.7/24\nGateway=192.0.2.1\nDNS=192.0.2.53\n",
            "network.address=192.0.2.7/24; network.gateway=192.0.2.1; network.dns=192.0.2.53");
        row("ifcfg", "network_settings", "/etc/sysconfig/network-scripts/ifcfg-eth0", "IPADDR=192.0.2.7\nPREFIX=24\nGATEWAY=192.0.2.1\nDNS1=192.0.2.53\n",
            "network.address=192.0.2.7; network.gateway=192.0.2.1; network.dns=192.0.2.53");
        row("lease", "network_lease", "/var/lib/dhcp/dhclient.eth0.leases", "lease {\n  fixed-address 192.0.2.7;\n}\nlease {\n  fixed-address 192.0.2.7;\n}\n", "network.address=192.0.2.7");
        row("resolv.conf", "resolver", "/etc/resolv.conf", "search example.org\nnameserver 192.0.2.53\nnameserver 127.0.0.53\n", "network.dns=192.0.2.53");
    }
    void facts() {
        QFETCH(QByteArray, parser);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, text);
        QFETCH(QString, expected);
        QCOMPARE(::facts(parsed(parser.toStdString(), path.toStdString(), text.toStdString())), expected);
    }
    void zone_file() {
        QFile zone("/usr/share/zoneinfo/Europe/Berlin");
        if (!zone.open(QIODevice::ReadOnly)) QSKIP("no zone files here");
        QCOMPARE(::facts(parsed("localtime", "/etc/localtime", zone.readAll().toStdString())), QString("time.rule=CET-1CEST,M3.5.0,M10.5.0/3"));
    }
    void kernel_header() {
        std::string image(0x400, '\0');
        image.replace(0x202, 4, "HdrS");
        image[0x20e] = '\x80', image[0x20f] = '\0';
        image.replace(0x280, 21, "6.1.0-18-amd64 (x) #1");
        QCOMPARE(::facts(parsed("kernel_image", "/boot/vmlinuz", image)), QString("kernel.build=6.1.0-18-amd64 (x) #1"));
    }
    void mounts() {
        const auto sink = parsed("fstab", "/etc/fstab", "UUID=1 / ext4 defaults 0 1\n//nas/x /mnt/my\\040disk cifs user=a,password=b,ro 0 0\n");
        const auto& rows = sink.rows.at("mount_entry");
        QCOMPARE(rows[1].at("mount_point").as_text(), std::string("/mnt/my disk"));
        QCOMPARE(rows[1].at("options").as_text(), std::string("user=a,password=,ro"));
        QVERIFY(sink.kept.empty());
    }
    void hostile() {
        std::string bytes;
        std::uint32_t state = 7;
        const std::string_view pieces[] = {"- ", ": ", "\n", "  ", "[", "]", "address", "=", "1.2.3.4", "\"", "\\", "HdrS"};
        for (int i = 0; i < 100'000; ++i) {
            state = state * 1664525 + 1013904223;
            if ((state >> 20) % 3 == 0) bytes += static_cast<char>(state >> 12);
            else bytes += pieces[(state >> 24) % std::size(pieces)];
        }
        for (const char* id : {"os_release", "one_line_fact", "system_settings", "localtime", "fstab", "crypttab", "hosts", "kernel_image", "kernel_modules", "network_interfaces",
                               "network_yaml", "network_settings", "network_lease", "resolver"}) {
            parsed(id, "/etc/x", bytes);
            parsed(id, "/etc/x", "TZif2" + bytes + "\n");
        }
    }
};
DEADBOX_TEST(SystemTest)
#include "system_test.moc"
