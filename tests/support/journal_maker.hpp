// Journals as systemd's own program writes them.
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <utility>
#include <vector>

namespace deadbox::test {

struct JournalLine {
    std::uint64_t time = 0;  // microseconds since 1970
    std::vector<std::pair<QByteArray, QByteArray>> fields;
};

// systemd-journal-remote, "" where it is not installed.
QString journal_program();
// The file's bytes; empty where the program failed. Long fields are packed (with zstd, by systemd 252) or not; compact: the
// format of systemd 252.
QByteArray make_journal(const std::vector<JournalLine>& lines, bool packed, bool compact);

}  // namespace deadbox::test
