// Locks of a case that outlive a stranger's open and close. SQLite locks by fcntl(2), and those locks of a process are all gone
// as soon as anything in it closes any descriptor of the same file: a file dialog that looks into the files of a folder does.
// Another program could then take the log (-wal) away from under a connection that still stands on it, which damages the case.
// Locks of an open file description (F_OFD_SETLK, Linux 3.15) stay until that description is closed, and meet fcntl's.
#pragma once

#include <string>

#include "base/descriptor.hpp"
#include "base/result.hpp"

namespace deadbox::case_file {

// From now on SQLite's locks of the log's index (-shm), one descriptor a process, are those of its description. Call before
// the first connection; again it does nothing. Any thread.
void lock_logs_by_description();

// A lock as each connection holds it on the case while it is open (SQLite's SHARED, fileio: 510 bytes from 0x40000002 on):
// while it is held nobody takes the log away. Close it before the connection. Nothing where the file system has no such
// locks. Waits for a program that is just closing the case, and fails with Errc::busy behind 5 s.
base::Result<base::Descriptor> hold_case(const std::string& path);

}  // namespace deadbox::case_file
