// An analysis that somebody else started: another window, a terminal, a window that is gone. It is found by the lock that
// it holds on its case, and it keeps what it is doing in a file that lives in memory only and ends with it.
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace deadbox::gui {

// The process that is analysing into this case, where this user may know.
std::optional<qint64> analysis_of(const QString& case_path);
// Its progress as one line of JSON, as --progress json prints it; empty where there is none to be read.
QByteArray progress_of(qint64 process);

}  // namespace deadbox::gui
