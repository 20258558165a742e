// The words of ours that deadbox-preview uses, so that Qt Linguist knows them.
#include <QCoreApplication>

#include <array>

#include "gui/models/evidence_text.hpp"
#include "gui/models/preview_answer.hpp"

namespace deadbox::gui {
namespace {

constexpr char k_context[] = "PreviewWords";
constexpr std::array k_words{
    // archives
    QT_TRANSLATE_NOOP("PreviewWords", "format"), QT_TRANSLATE_NOOP("PreviewWords", "compression"), QT_TRANSLATE_NOOP("PreviewWords", "compressed file"),
    QT_TRANSLATE_NOOP("PreviewWords", "uncompressed size"), QT_TRANSLATE_NOOP("PreviewWords", "names"), QT_TRANSLATE_NOOP("PreviewWords", "name"),
    QT_TRANSLATE_NOOP("PreviewWords", "size"), QT_TRANSLATE_NOOP("PreviewWords", "modified"), QT_TRANSLATE_NOOP("PreviewWords", "kind"),
    QT_TRANSLATE_NOOP("PreviewWords", "mode"), QT_TRANSLATE_NOOP("PreviewWords", "owner"), QT_TRANSLATE_NOOP("PreviewWords", "link to"),
    QT_TRANSLATE_NOOP("PreviewWords", "remark"), QT_TRANSLATE_NOOP("PreviewWords", "file"), QT_TRANSLATE_NOOP("PreviewWords", "folder"),
    QT_TRANSLATE_NOOP("PreviewWords", "link"), QT_TRANSLATE_NOOP("PreviewWords", "hard link"), QT_TRANSLATE_NOOP("PreviewWords", "device"),
    QT_TRANSLATE_NOOP("PreviewWords", "pipe"), QT_TRANSLATE_NOOP("PreviewWords", "socket"), QT_TRANSLATE_NOOP("PreviewWords", "encrypted"),
    QT_TRANSLATE_NOOP("PreviewWords", "there are more names than are listed"),
    QT_TRANSLATE_NOOP("PreviewWords", "more comes out of this archive than is undone here"),
    // databases
    QT_TRANSLATE_NOOP("PreviewWords", "tables"), QT_TRANSLATE_NOOP("PreviewWords", "rows"), QT_TRANSLATE_NOOP("PreviewWords", "definition"),
    QT_TRANSLATE_NOOP("PreviewWords", "there are more tables than are listed"), QT_TRANSLATE_NOOP("PreviewWords", "changes that stand in the write-ahead log are shown as made"),
    QT_TRANSLATE_NOOP("PreviewWords", "a change that was under way is taken back, as its journal says"),
    QT_TRANSLATE_NOOP("PreviewWords", "encoding"), QT_TRANSLATE_NOOP("PreviewWords", "pages"), QT_TRANSLATE_NOOP("PreviewWords", "free pages"),
    QT_TRANSLATE_NOOP("PreviewWords", "changes of the tables"),
    // journals
    QT_TRANSLATE_NOOP("PreviewWords", "state"), QT_TRANSLATE_NOOP("PreviewWords", "closed"), QT_TRANSLATE_NOOP("PreviewWords", "was being written"),
    QT_TRANSLATE_NOOP("PreviewWords", "archived"), QT_TRANSLATE_NOOP("PreviewWords", "not known"), QT_TRANSLATE_NOOP("PreviewWords", "entries"),
    QT_TRANSLATE_NOOP("PreviewWords", "entries by its header"), QT_TRANSLATE_NOOP("PreviewWords", "machine id"), QT_TRANSLATE_NOOP("PreviewWords", "newest boot id"),
    QT_TRANSLATE_NOOP("PreviewWords", "file id"), QT_TRANSLATE_NOOP("PreviewWords", "sealed"),
    QT_TRANSLATE_NOOP("PreviewWords", "yes"), QT_TRANSLATE_NOOP("PreviewWords", "time"), QT_TRANSLATE_NOOP("PreviewWords", "unit"),
    QT_TRANSLATE_NOOP("PreviewWords", "program"), QT_TRANSLATE_NOOP("PreviewWords", "process"), QT_TRANSLATE_NOOP("PreviewWords", "priority"),
    QT_TRANSLATE_NOOP("PreviewWords", "message"), QT_TRANSLATE_NOOP("PreviewWords", "sequence"), QT_TRANSLATE_NOOP("PreviewWords", "fields"),
    // programs
    QT_TRANSLATE_NOOP("PreviewWords", "machine"), QT_TRANSLATE_NOOP("PreviewWords", "entry point"), QT_TRANSLATE_NOOP("PreviewWords", "interpreter"),
    QT_TRANSLATE_NOOP("PreviewWords", "name as a library"), QT_TRANSLATE_NOOP("PreviewWords", "build id"), QT_TRANSLATE_NOOP("PreviewWords", "compiler"),
    QT_TRANSLATE_NOOP("PreviewWords", "symbols"), QT_TRANSLATE_NOOP("PreviewWords", "segments and sections"), QT_TRANSLATE_NOOP("PreviewWords", "packer"),
    QT_TRANSLATE_NOOP("PreviewWords", "bytes behind its end"),
    QT_TRANSLATE_NOOP("PreviewWords", "what is odd about it"), QT_TRANSLATE_NOOP("PreviewWords", "keeps it from running"), QT_TRANSLATE_NOOP("PreviewWords", "it runs all the same"),
    QT_TRANSLATE_NOOP("PreviewWords", "needed libraries"), QT_TRANSLATE_NOOP("PreviewWords", "library"), QT_TRANSLATE_NOOP("PreviewWords", "program, static"),
    QT_TRANSLATE_NOOP("PreviewWords", "program, position-independent"), QT_TRANSLATE_NOOP("PreviewWords", "object"),
    QT_TRANSLATE_NOOP("PreviewWords", "core dump"), QT_TRANSLATE_NOOP("PreviewWords", "other"),
    // pictures
    QT_TRANSLATE_NOOP("PreviewWords", "picture"), QT_TRANSLATE_NOOP("PreviewWords", "size in pixels"), QT_TRANSLATE_NOOP("PreviewWords", "written by a camera or a program"),
    QT_TRANSLATE_NOOP("PreviewWords", "description"), QT_TRANSLATE_NOOP("PreviewWords", "camera make"), QT_TRANSLATE_NOOP("PreviewWords", "camera model"),
    QT_TRANSLATE_NOOP("PreviewWords", "software"), QT_TRANSLATE_NOOP("PreviewWords", "changed"), QT_TRANSLATE_NOOP("PreviewWords", "artist"),
    QT_TRANSLATE_NOOP("PreviewWords", "copyright"),
    QT_TRANSLATE_NOOP("PreviewWords", "taken"), QT_TRANSLATE_NOOP("PreviewWords", "digitized"), QT_TRANSLATE_NOOP("PreviewWords", "time offset"),
    QT_TRANSLATE_NOOP("PreviewWords", "comment"), QT_TRANSLATE_NOOP("PreviewWords", "picture id"), QT_TRANSLATE_NOOP("PreviewWords", "camera owner"),
    QT_TRANSLATE_NOOP("PreviewWords", "camera serial number"), QT_TRANSLATE_NOOP("PreviewWords", "lens make"), QT_TRANSLATE_NOOP("PreviewWords", "lens model"),
    QT_TRANSLATE_NOOP("PreviewWords", "orientation"),
    QT_TRANSLATE_NOOP("PreviewWords", "position"), QT_TRANSLATE_NOOP("PreviewWords", "altitude"), QT_TRANSLATE_NOOP("PreviewWords", "satellite date"),
    QT_TRANSLATE_NOOP("PreviewWords", "text"),
    // markers
    QT_TRANSLATE_NOOP("PreviewWords", "PNG signature"), QT_TRANSLATE_NOOP("PreviewWords", "chunk"), QT_TRANSLATE_NOOP("PreviewWords", "a chunk of the picture ends behind the file"),
    QT_TRANSLATE_NOOP("PreviewWords", "bytes behind the end"), QT_TRANSLATE_NOOP("PreviewWords", "start of picture"), QT_TRANSLATE_NOOP("PreviewWords", "EXIF or XMP"),
    QT_TRANSLATE_NOOP("PreviewWords", "scan begins"), QT_TRANSLATE_NOOP("PreviewWords", "segment"),
    QT_TRANSLATE_NOOP("PreviewWords", "SQLite header"), QT_TRANSLATE_NOOP("PreviewWords", "page size"), QT_TRANSLATE_NOOP("PreviewWords", "pages of the database"),
    QT_TRANSLATE_NOOP("PreviewWords", "list of free pages"), QT_TRANSLATE_NOOP("PreviewWords", "user version"), QT_TRANSLATE_NOOP("PreviewWords", "application id"),
    QT_TRANSLATE_NOOP("PreviewWords", "the page size is damaged"), QT_TRANSLATE_NOOP("PreviewWords", "page: rows of a table"),
    QT_TRANSLATE_NOOP("PreviewWords", "page: inner page of a table"), QT_TRANSLATE_NOOP("PreviewWords", "page: keys of an index"), QT_TRANSLATE_NOOP("PreviewWords", "page: inner page of an index"),
    QT_TRANSLATE_NOOP("PreviewWords", "journal header"), QT_TRANSLATE_NOOP("PreviewWords", "time of the first entry"), QT_TRANSLATE_NOOP("PreviewWords", "time of the last entry"),
    QT_TRANSLATE_NOOP("PreviewWords", "ELF header"),
    QT_TRANSLATE_NOOP("PreviewWords", "program headers"), QT_TRANSLATE_NOOP("PreviewWords", "section headers"), QT_TRANSLATE_NOOP("PreviewWords", "section"),
    QT_TRANSLATE_NOOP("PreviewWords", "segment: loaded"), QT_TRANSLATE_NOOP("PreviewWords", "segment: dynamic linking"), QT_TRANSLATE_NOOP("PreviewWords", "segment: interpreter"),
    QT_TRANSLATE_NOOP("PreviewWords", "segment: notes"), QT_TRANSLATE_NOOP("PreviewWords", "segment: program headers"),
    QT_TRANSLATE_NOOP("PreviewWords", "segment: thread storage"), QT_TRANSLATE_NOOP("PreviewWords", "the header of the program is cut short"), QT_TRANSLATE_NOOP("PreviewWords", "the archive's end is missing"),
    QT_TRANSLATE_NOOP("PreviewWords", "end of the archive"), QT_TRANSLATE_NOOP("PreviewWords", "directory of the archive"), QT_TRANSLATE_NOOP("PreviewWords", "entry of the directory"),
    QT_TRANSLATE_NOOP("PreviewWords", "header of a file"), QT_TRANSLATE_NOOP("PreviewWords", "content of a file"), QT_TRANSLATE_NOOP("PreviewWords", "a file of the archive ends behind it"),
    QT_TRANSLATE_NOOP("PreviewWords", "there are more structures than are marked"), QT_TRANSLATE_NOOP("PreviewWords", "gzip header"), QT_TRANSLATE_NOOP("PreviewWords", "check sum and size"),
    QT_TRANSLATE_NOOP("PreviewWords", "superblock: ext"), QT_TRANSLATE_NOOP("PreviewWords", "superblock: XFS"), QT_TRANSLATE_NOOP("PreviewWords", "superblock: btrfs"),
    QT_TRANSLATE_NOOP("PreviewWords", "boot sector: NTFS"), QT_TRANSLATE_NOOP("PreviewWords", "boot sector: FAT32"), QT_TRANSLATE_NOOP("PreviewWords", "boot sector: FAT16"),
    QT_TRANSLATE_NOOP("PreviewWords", "boot sector: exFAT"), QT_TRANSLATE_NOOP("PreviewWords", "label: LVM"),
    QT_TRANSLATE_NOOP("PreviewWords", "header: LUKS"), QT_TRANSLATE_NOOP("PreviewWords", "superblock: md"), QT_TRANSLATE_NOOP("PreviewWords", "header: swap"),
    QT_TRANSLATE_NOOP("PreviewWords", "volume descriptor: ISO 9660"), QT_TRANSLATE_NOOP("PreviewWords", "signature"), QT_TRANSLATE_NOOP("PreviewWords", "boot code"),
    QT_TRANSLATE_NOOP("PreviewWords", "disk signature"), QT_TRANSLATE_NOOP("PreviewWords", "partition table"), QT_TRANSLATE_NOOP("PreviewWords", "partition"),
    QT_TRANSLATE_NOOP("PreviewWords", "content of the partition"), QT_TRANSLATE_NOOP("PreviewWords", "GPT header"), QT_TRANSLATE_NOOP("PreviewWords", "the partition table is damaged"),
};

}  // namespace

QString preview_word(std::string_view word) {
    for (const auto* known : k_words)
        if (word == known) return QCoreApplication::translate(k_context, known);
    return plain(word);
}

}  // namespace deadbox::gui
