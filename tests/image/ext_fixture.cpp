#include "ext_fixture.hpp"

#include <sstream>

#include "base/descriptor.hpp"
#include "manifest.hpp"

namespace deadbox::test {

bool make_tree(const ImageFixture& fixture) {
    const QByteArray noise = fixture.make_bytes(700'000, 7);
    if (!fixture.shell("mkdir -p tree/etc tree/deep/a/b/c/d/e 'tree/dir with space' tree/many tree/few tree/one")) return false;
    fixture.write("tree/etc/hello", "hello\n");
    fixture.write("tree/empty", "");
    fixture.write("tree/tiny", noise.left(50));
    fixture.write("tree/inline", noise.left(140));
    fixture.write("tree/page", noise.left(4096));
    fixture.write("tree/page_and_one", noise.mid(4096, 4097));
    fixture.write("tree/large", noise);
    fixture.write("tree/deep/a/b/c/d/e/bottom", "bottom");
    fixture.write("tree/dir with space/\xff\xfe", "not UTF-8");
    return fixture.shell(R"sh(
        cd tree
        ln -s etc/hello short; ln -s "$(printf 'x%.0s' $(seq 59))" sl59; ln -s "$(printf 'x%.0s' $(seq 60))" sl60; ln -s "$(printf 'a/%.0s' $(seq 500))" long
        ln etc/hello hard; mkfifo fifo
        truncate -s 3M hole; printf end >> hole
        for i in 0 3 11 12 13 300 301 900; do dd if=page of=mixed bs=4096 count=1 seek=$i conv=notrunc status=none; done
        printf 1 > "$(printf 'n%.0s' $(seq 255))"; printf 1 > "$(printf 'new\nline')"
        for i in $(seq 500); do printf $i > many/a_file_with_a_longish_name_$i; done
        for i in 1 2 3; do printf $i > few/$i; done; printf 1 > one/1
        cp etc/hello suid; chmod 6755 suid
        touch -d '1905-01-01 00:00:00.5 UTC' tiny; touch -d '2400-01-01 00:00:00.25 UTC' page; touch -d '2038-01-19 03:14:08.999999999 UTC' empty
    )sh");
}

bool make_ext_image(const ImageFixture& fixture, const QString& name, const QString& size, const QString& options) {
    if (!fixture.shell(QString("truncate -s %2 %1 && mke2fs -q -F %3 -d tree %1 > %1.log 2>&1").arg(name, size, options))) return false;
    // capability: cap_net_bind_service; list: user::rw-, user:5:r--, group::r--, mask::r--, other::r--
    fixture.write("capability", QByteArray::fromHex("0100000200040000000000000000000000000000"));
    fixture.write("list", QByteArray::fromHex("02000000" "01000600ffffffff" "0200040005000000" "04000400ffffffff" "10000400ffffffff" "20000400ffffffff"));
    fixture.write("big", QByteArray(700, 'q'));
    fixture.write("commands", "set_inode_field tiny uid 70000\nset_inode_field tiny gid 4000000000\n"
                              "mknod cdev c 1 3\nmknod bdev b 259 70000\n"
                              "ea_set etc/hello user.a hello\nea_set suid security.capability -f capability\nea_set page user.big -f big\n"
                              "ea_set suid system.posix_acl_access -f list\nea_set etc user.folder x\nea_set page trusted.t y\n"
                              "set_inode_field empty generation 77\n");
    return fixture.shell(QString("debugfs -w -f commands %1 >> %1.log 2>&1").arg(name));
}

OpenedExt open_ext(std::shared_ptr<const base::ByteSource> volume, image::JournalUse use) {
    OpenedExt opened;
    if (!image::ext::ext_format().claims(*volume)) return opened;
    auto filesystem = image::ext::ext_format().open(std::move(volume), use, opened.damage);
    if (filesystem) opened.filesystem = *std::move(filesystem);
    return opened;
}

OpenedExt open_ext(const QByteArray& bytes, image::JournalUse use) {
    const auto view = base::as_bytes({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    return open_ext(std::make_shared<base::MemorySource>(std::vector<std::byte>(view.begin(), view.end())), use);
}

QStringList manifest_of(const image::FileSystem& filesystem, bool removed) {
    std::ostringstream out;
    write_manifest(filesystem, out, Digests::compute, removed ? Removed::list : Removed::leave_out);
    const std::string text = out.str();
    // Latin-1 keeps every byte apart.
    auto lines = QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size())).split('\n', Qt::SkipEmptyParts);
    lines.sort();
    return lines;
}

QString difference(const QStringList& expected, const QStringList& found) {
    QStringList told;
    const QSet<QString> left(expected.begin(), expected.end()), right(found.begin(), found.end());
    for (const auto& line : expected)
        if (!right.contains(line) && told.size() < 5) told << "- " + line;
    for (const auto& line : found)
        if (!left.contains(line) && told.size() < 10) told << "+ " + line;
    return told.join('\n');
}

}  // namespace deadbox::test
