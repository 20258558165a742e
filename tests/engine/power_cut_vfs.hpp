// A disk that loses what was not synced. The recorder is SQLite's VFS while it lives: it passes everything on to the real one
// and writes down what happens to the files of one case, in order. From that, cut() makes what a disk may hold when the power
// goes at a moment: of each file all that was synced, and of what was written since nothing, everything, or some sectors of
// it; of the folder likewise, in its own order, as journaling file systems keep it.
//
// The folder's entries: SQLite syncs the folder when it first syncs a log that it made, and when it is told to upon removal.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace deadbox::test {

enum class Unsynced : std::uint8_t {
    lost,
    kept,
    some,
    all_of_it,  // a disk that says it synced and did not: everything is lost
};

class PowerCutRecorder {
public:
    explicit PowerCutRecorder(std::string case_path);
    ~PowerCutRecorder() { stop(); }
    PowerCutRecorder(const PowerCutRecorder&) = delete;

    // SQLite goes back to the real VFS; the record stays. No connection may be open.
    void stop();
    std::size_t operations() const { return m_operations.size(); }
    // Before and behind each sync, in order.
    std::vector<std::size_t> sync_boundaries() const;
    // Writes the case's files as they may be when the power goes before operation `at`; others of them are removed.
    void cut(std::size_t at, Unsynced unsynced, std::uint64_t seed, const std::string& case_path) const;

private:
    friend struct RecordedFile;
    enum class What : std::uint8_t { made, written, cut_to, synced, removed, folder_synced };
    struct Operation {
        What what = What::written;
        int file = 0;  // a file that was removed and made again is another one
        std::int64_t offset = 0;
        std::string bytes;
    };
    struct File {
        std::string suffix;  // behind the case's path
        std::string before;  // what it held when the recording began
        bool was_there = false, folder_knows = false;
    };
    int file_of(const std::string& path, bool make);
    void remember(What what, int file, std::int64_t offset = 0, std::string bytes = {});

    std::string m_path;
    std::vector<Operation> m_operations;
    std::vector<File> m_files;
    std::map<std::string, int> m_current;  // suffix -> place in m_files
};

}  // namespace deadbox::test
