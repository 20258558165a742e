// Attached disks are opened by UDisks2 over D-Bus (OpenDevice, for reading only), which asks for the user's permission where
// that is needed: the window and what it starts never run as root. Where no UDisks2 answers, a disk that the user may read
// anyway is opened directly.
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>
#include <map>
#include <memory>

#include "base/descriptor.hpp"
#include "base/result.hpp"

namespace deadbox::gui {

// Open disks by the path of their device, "/dev/sdb". Programs that the window starts inherit them as fd:N.
using OpenDisks = std::map<QString, std::shared_ptr<const base::Descriptor>>;

bool is_disk(const QString& path);

// Waits, perhaps for a password: never on the GUI thread.
base::Result<base::Descriptor> open_disk(const QString& path);

// Opens those of the paths that are disks, on a thread of its own; take() comes here, unless `receiver` is gone by then.
void open_disks(const QStringList& paths, QObject* receiver, std::function<void(base::Result<OpenDisks>)> take);

}  // namespace deadbox::gui
