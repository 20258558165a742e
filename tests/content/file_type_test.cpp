#include "content/file_type.hpp"

#include <QElapsedTimer>
#include <QProcess>
#include <QStandardPaths>

#include <filesystem>
#include <fstream>
#include <map>

#include "support/test_main.hpp"

using namespace deadbox;
using namespace std::string_literals;

namespace {

std::string elf(char kind, char segment) {
    std::string b("\x7f" "ELF\2\1\1\0\0\0\0\0\0\0\0\0", 16);
    b += kind, b += '\0';
    b.resize(64 + 56, '\0');
    b[32] = 64, b[54] = 56, b[56] = 1, b[64] = segment;
    return b;
}

std::string tar() {
    std::string b(1024, '\0');
    b.replace(0, 5, "a.txt");
    b.replace(148, 8, "        ");
    unsigned sum = 0;
    for (int i = 0; i < 512; ++i) sum += static_cast<unsigned char>(b[i]);
    char digits[8];
    std::snprintf(digits, sizeof digits, "%06o", sum);
    b.replace(148, 7, digits, 7);
    return b;
}

std::string zip_entry(const std::string& name, const std::string& body) {
    std::string b("PK\3\4\x14\0\0\0\0\0\0\0\0\0\0\0\0\0", 18);
    const auto number = [&](std::size_t v, int n) { for (int i = 0; i < n; ++i) b += static_cast<char>(v >> (8 * i)); };
    number(body.size(), 4), number(body.size(), 4), number(name.size(), 2), number(0, 2);
    return b + name + body;
}

std::string mp3_frames(int count) {  // MPEG-1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes
    std::string frame("\xff\xfb\x90\x00", 4);
    frame.resize(417, '\0');
    std::string all;
    for (int i = 0; i < count; ++i) all += frame;
    return all;
}

std::string placed(std::size_t size, std::size_t offset, const std::string& what) {
    std::string b(size, '\0');
    return b.replace(offset, what.size(), what);
}

std::string read_head(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string bytes(65536, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    return bytes;
}

// Where our name for a thing differs from libmagic's on purpose.
std::string normal(std::string type) {
    static const std::map<std::string, std::string> same = {
        {"application/x-pie-executable", "application/x-executable"}, {"text/x-script.python", "text/x-python"}, {"text/x-c", "text/plain"},
        {"text/x-c++", "text/plain"}, {"text/x-java", "text/plain"}, {"text/troff", "text/plain"}, {"text/x-tex", "text/plain"}, {"text/x-makefile", "text/plain"},
        {"text/x-m4", "text/plain"}, {"text/x-po", "text/plain"}, {"text/x-diff", "text/plain"}, {"text/x-msdos-batch", "text/plain"}, {"text/x-lisp", "text/plain"},
        {"application/javascript", "text/javascript"}, {"text/x-node", "text/javascript"}, {"text/x-pem", "text/plain"}, {"text/x-script", "text/plain"},
        {"text/x-gawk", "text/x-awk"}, {"text/x-nawk", "text/x-awk"}, {"text/x-setext", "text/plain"}, {"text/x-info", "text/plain"}, {"text/x-texinfo", "text/plain"},
        {"text/x-bytecode.python", "application/x-bytecode.python"}, {"application/x-ndjson", "application/json"}, {"text/css", "text/plain"},
        {"text/x-modulefile", "text/plain"}, {"text/x-asm", "text/plain"}, {"text/x-algol68", "text/plain"}, {"text/x-forth", "text/plain"}, {"text/x-wine-extension-reg", "text/plain"},
        {"text/x-Algol68", "text/plain"}, {"text/x-objective-c", "text/plain"}, {"text/x-fortran", "text/plain"}, {"text/PGP", "text/plain"}, {"application/tzif", "application/octet-stream"}, {"text/csv", "text/plain"}};
    const auto found = same.find(type);
    return found == same.end() ? type : found->second;
}

}  // namespace

class FileTypeTest : public QObject {
    Q_OBJECT
private slots:
    void tells_types_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("type");
        const auto row = [](const char* name, const std::string& bytes, const char* type) {
            QTest::newRow(name) << QByteArray(bytes.data(), static_cast<int>(bytes.size())) << QString(type);
        };
        row("nothing", "", "inode/x-empty");
        row("zeros", std::string(4096, '\0'), "application/octet-stream");
        row("elf program", elf(2, 1), "application/x-executable");
        row("elf position-independent program", elf(3, 3), "application/x-executable");
        row("elf library", elf(3, 1), "application/x-sharedlib");
        row("elf object", elf(1, 0), "application/x-object");
        row("elf core", elf(4, 4), "application/x-coredump");
        row("elf cut short", "\x7f" "ELF\2\1\1"s, "application/octet-stream");
        row("shell", "#!/bin/sh\necho\n", "text/x-shellscript");
        row("env -S", "#!/usr/bin/env -S python3 -u\n", "text/x-python");
        row("perl with version", "#! /usr/bin/perl5.36 -w\n", "text/x-perl");
        row("unknown interpreter", "#!/opt/x/frob\nhello\n", "text/x-script");
        row("self-extracting", "#!/bin/bash\nexit\n"s + std::string(64, '\0'), "text/x-shellscript");
        row("php", "<?php echo 1;", "text/x-php");
        row("php with an archive behind", "<?php __HALT_COMPILER();"s + std::string(99, '\0'), "text/x-php");
        row("php in a page", "<html><body><?php include 'x'; ?></body></html>", "text/x-php");
        row("php short echo", "\n<div><?= $x ?></div>", "text/x-php");
        row("text about php", "The tag `<?php` opens code.\n", "text/plain");
        row("text before php", "Hello\n<?php system('id');", "text/x-php");
        row("jsp", "<%@ page import=\"java.io.*\" %>\n<% out.print(1); %>", "text/x-jsp");
        row("aspx", "<%@ Page Language=\"C#\" %>", "text/x-aspx");
        row("asp", "<%eval request(\"x\")%>", "text/x-asp");
        row("html", "<!-- c -->\n<!DOCTYPE html>\n<html>", "text/html");
        row("html upper", "\r\n<HTML><HEAD>", "text/html");
        row("html in utf-16", "\xff\xfe<\0h\0t\0m\0l\0>\0"s, "text/html");
        row("xhtml", "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\"><html xmlns=\"x\">", "text/html");
        row("xml", "<?xml version=\"1.0\"?>\n<a/>", "text/xml");
        row("svg", "<?xml version=\"1.0\"?>\n<!-- x --><svg xmlns=\"x\">", "image/svg+xml");
        row("json", "{\"a\": [1, 2.5e3, null, {\"b\": \"c\\\"\"}]}\n", "application/json");
        row("not json", "[section]\nkey = value\n", "text/plain");
        row("css", "/* x */\nbody, .a > b { color: red; }\n", "text/css");
        row("js", "// x\n(function($){ return 1; })(jQuery);", "text/javascript");
        row("python module", "\"\"\"Words.\"\"\"\nimport os\n\ndef f(x):\n    return x\n", "text/x-python");
        row("perl module", "package A::B;\nuse strict;\n", "text/x-perl");
        row("prose", "import is a word\nfrom here on, things import a lot:\n", "text/plain");
        row("c", "/* x */\n#include <stdio.h>\nint main(void) { return 0; }\n", "text/plain");
        row("utf-8", "na\xc3\xafve\n", "text/plain");
        row("latin-1", "na\xefve\n", "text/plain");
        row("control bytes", "abc\1\2\3", "application/octet-stream");
        row("openssh key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3", "text/x-private-key");
        row("certificate", "-----BEGIN CERTIFICATE-----\nMII", "text/x-pem");
        row("mail", "Received: from a by b\nSubject: x\n\n", "message/rfc822");
        row("png", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"s, "image/png");
        row("jpeg", "\xff\xd8\xff\xe0\0\x10JFIF"s, "image/jpeg");
        row("gif that is php", "GIF89a<?php system($_GET[0]); ?>", "image/gif");
        row("webp", "RIFF\x10\0\0\0WEBPVP8 "s, "image/webp");
        row("ico", "\0\0\1\0\1\0\x10\x10\0\0\1\0 \0"s, "image/vnd.microsoft.icon");
        row("avif", "\0\0\0\x1c" "ftypavif\0\0\0\0mif1avif"s, "image/avif");
        row("heic", "\0\0\0\x18" "ftypmif1\0\0\0\0mif1heic"s, "image/heic");
        row("mp3 with tag", "ID3\3\0\0\0\0\0\0"s + mp3_frames(3), "audio/mpeg");
        row("mp3 bare", mp3_frames(4), "audio/mpeg");
        row("not mp3", "\xff\xfb\x90\x00"s + std::string(2000, '\x05'), "application/octet-stream");
        row("flac", "fLaC\0\0\0\x22"s, "audio/flac");
        row("vorbis", "OggS\0\2"s + std::string(20, '\0') + "\1\x1e\1vorbis"s, "audio/ogg");
        row("theora", "OggS\0\2"s + std::string(20, '\0') + "\1\x2a\x80theora"s, "video/ogg");
        row("wav", "RIFF\x24\0\0\0WAVEfmt "s, "audio/x-wav");
        row("m4a", "\0\0\0\x20" "ftypM4A \0\0\0\0"s, "audio/x-m4a");
        row("midi", "MThd\0\0\0\6\0\1"s, "audio/midi");
        row("mp4", "\0\0\0\x20" "ftypisom\0\0\2\0"s, "video/mp4");
        row("mov", "\0\0\0\x14" "ftypqt  "s, "video/quicktime");
        row("3gp", "\0\0\0\x14" "ftyp3gp5"s, "video/3gpp");
        row("matroska", "\x1a\x45\xdf\xa3\xa3\x42\x86\x81\1\x42\x82\x88matroska"s, "video/x-matroska");
        row("webm", "\x1a\x45\xdf\xa3\x9f\x42\x86\x81\1\x42\x82\x84webm"s, "video/webm");
        row("avi", "RIFF\x24\0\0\0AVI LIST"s, "video/x-msvideo");
        row("mpeg program stream", "\0\0\1\xba\x44\0\4"s, "video/mpeg");
        row("flv", "FLV\1\5\0\0\0\x09"s, "video/x-flv");
        {
            std::string ts;
            for (int i = 0; i < 6; ++i) ts += "G"s + std::string(187, '\0');
            row("mpeg transport stream", ts, "video/mp2t");
        }
        row("zip", zip_entry("a.txt", "hello"), "application/zip");
        row("jar", zip_entry("META-INF/", "") + zip_entry("META-INF/MANIFEST.MF", "x"), "application/java-archive");
        row("docx", zip_entry("[Content_Types].xml", "<x/>") + zip_entry("word/document.xml", "<x/>"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
        row("epub", zip_entry("mimetype", "application/epub+zip"), "application/epub+zip");
        row("rar 4", "Rar!\x1a\7\0"s, "application/x-rar");
        row("rar 5", "Rar!\x1a\7\1\0"s, "application/x-rar");
        row("7z", "7z\xbc\xaf\x27\x1c\0\4"s, "application/x-7z-compressed");
        row("gzip", "\x1f\x8b\x08\0"s, "application/gzip");
        row("xz", "\xfd" "7zXZ\0\0"s, "application/x-xz");
        row("ustar", placed(1024, 257, "ustar"), "application/x-tar");
        row("old tar", tar(), "application/x-tar");
        row("deb", "!<arch>\ndebian-binary   ", "application/vnd.debian.binary-package");
        row("iso", placed(40000, 32769, "CD001"), "application/x-iso9660-image");
        row("ace", "\x12\x34\0\0\0\0\0**ACE**"s, "application/x-ace");
        row("lha", "\x20\x01-lh5-"s + std::string(20, '\0'), "application/x-lzh-compressed");
        row("pdf", "%PDF-1.4\n", "application/pdf");
        row("sqlite", "SQLite format 3\0"s, "application/vnd.sqlite3");
        row("journal", "LPKSHHRH\0\0"s, "application/x-systemd-journal");
        row("qcow2", "QFI\xfb\0\0\0\3"s, "application/x-disk-image");
        row("torrent", "d8:announce35:udp://tracker", "application/x-bittorrent");
    }
    void tells_types() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, type);
        const std::string_view view(bytes.constData(), static_cast<std::size_t>(bytes.size()));
        const auto found = content::detect_type(base::as_bytes(view), view.size());
        QCOMPARE(QString::fromUtf8(found.data(), static_cast<int>(found.size())), type);
    }

    // No beginning of a file makes it read past the end: the sanitizers watch.
    void survives_every_prefix() {
        for (const auto& whole : {elf(3, 3), tar(), zip_entry("mimetype", "application/epub+zip"), mp3_frames(3), "{\"a\":[1,\"\\u00"s, "<?xml <!-- <!DOCTYPE"s,
                                  "\0\0\0\x1c" "ftypmif1\0\0\0\0mif1avif"s, "OggS\0\2"s + std::string(20, '\0') + "\xff"s, "#!/usr/bin/env -S A=b"s, "ID3\4\0\0\x7f\x7f\x7f\x7f"s, "\x1a\x45\xdf\xa3\xa3\x42\x86\x81\1\x42\x82\x88matroska"s, "RIFF\x24\0\0\0WAVE"s, "<%@ page x"s, "-----BEGIN "s}) {
            for (std::size_t length = 0; length <= whole.size(); ++length) {
                const std::string part = whole.substr(0, length);
                const auto type = content::detect_type(base::as_bytes(part), std::max<std::size_t>(part.size(), 1) * 100);
                QVERIFY(!type.empty());
            }
        }
    }

    void tells_scripts_and_text() {
        QVERIFY(content::is_script_type("text/x-php"));
        QVERIFY(!content::is_script_type("text/plain"));
        QVERIFY(content::is_text_type("application/json"));
        QVERIFY(!content::is_text_type("image/png"));
    }

    // The names that `file` gives to this machine's own files, and the pace.
    void agrees_with_libmagic() {
        if (QStandardPaths::findExecutable("file").isEmpty()) QSKIP("file(1) is not installed");
        std::vector<std::string> paths;
        std::size_t seen = 0;
        const std::size_t every = qEnvironmentVariableIntValue("DEADBOX_EVERY_FILE") ? 1 : 61;
        for (const auto* root : {"/usr/bin", "/usr/sbin", "/usr/lib", "/usr/share"}) {
            std::vector<std::string> under;
            for (auto it = std::filesystem::recursive_directory_iterator(root, std::filesystem::directory_options::skip_permission_denied); it != std::filesystem::end(it); ++it) {
                std::error_code error;
                if (!it->is_symlink(error) && it->is_regular_file(error)) under.push_back(it->path().string());
            }
            std::sort(under.begin(), under.end());
            for (const auto& path : under) {
                if (seen++ % every == 0 && path.find('\n') == std::string::npos) paths.push_back(path);
            }
        }
        QProcess program;
        program.start("file", {"--mime-type", "-b", "-n", "-f", "-"});
        QVERIFY(program.waitForStarted());
        for (const auto& path : paths) program.write((path + "\n").c_str());
        program.closeWriteChannel();
        QVERIFY(program.waitForFinished(280000));
        const auto lines = program.readAllStandardOutput().split('\n');
        QVERIFY(lines.size() >= static_cast<qsizetype>(paths.size()));
        std::size_t same = 0;
        std::map<std::string, std::pair<int, std::string>> differences;
        std::vector<std::pair<std::string, std::uint64_t>> heads;
        for (std::size_t i = 0; i < paths.size(); ++i) {
            auto head = read_head(paths[i]);
            const auto size = std::filesystem::file_size(paths[i]);
            const std::string ours(content::detect_type(base::as_bytes(head), size));
            const auto theirs = lines[static_cast<qsizetype>(i)].toStdString();
            if (normal(ours) == normal(theirs)) ++same;
            else {
                auto& kept = differences[theirs + " is " + ours];
                ++kept.first;
                kept.second = paths[i];
            }
            if (heads.size() < 4000) heads.emplace_back(std::move(head), size);
        }
        if (qEnvironmentVariableIsSet("DEADBOX_SHOW")) {
            for (const auto& [what, count] : differences) std::printf("%6d %s (%s)\n", count.first, what.c_str(), count.second.c_str());
        }
        QElapsedTimer timer;
        timer.start();
        std::size_t total = 0;
        constexpr int k_rounds = 5;
        for (int round = 0; round < k_rounds; ++round) {
            for (const auto& [head, size] : heads) total += content::detect_type(base::as_bytes(head), size).size();
        }
        const auto pace = static_cast<double>(heads.size()) * k_rounds * 1e9 / static_cast<double>(timer.nsecsElapsed());
        std::printf("%zu of %zu files agree (%.2f %%), %.0f heads/s %s\n", same, paths.size(), 100.0 * static_cast<double>(same) / static_cast<double>(paths.size()), pace, total ? "" : "?");
        QVERIFY(same * 100 >= paths.size() * 80);  // machines differ in what lies in /usr
    }
};

DEADBOX_TEST(FileTypeTest)
#include "file_type_test.moc"
