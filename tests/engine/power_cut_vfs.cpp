#include "engine/power_cut_vfs.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <new>
#include <random>

namespace deadbox::test {

namespace {

constexpr std::size_t k_sector = 512;
constexpr const char* k_suffixes[] = {"", "-wal", "-journal"};

PowerCutRecorder* g_recorder = nullptr;
sqlite3_vfs* g_real = nullptr;

}  // namespace

// The real VFS's file lies behind it in the same memory.
struct RecordedFile {
    sqlite3_file base;
    PowerCutRecorder* recorder;
    int file;  // -1: not one of the case's
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }

    static RecordedFile& of(sqlite3_file* file) { return *reinterpret_cast<RecordedFile*>(file); }
    static sqlite3_io_methods methods();
    static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out);
    static int remove(sqlite3_vfs*, const char* name, int sync_folder);
    using What = PowerCutRecorder::What;
    void remember(What what, std::int64_t offset = 0, std::string bytes = {}) const {
        if (file >= 0) recorder->remember(what, file, offset, std::move(bytes));
    }
};

sqlite3_io_methods RecordedFile::methods() {
    sqlite3_io_methods m{};
    m.iVersion = 2;  // without mapping
    m.xClose = [](sqlite3_file* f) { return of(f).real()->pMethods != nullptr ? of(f).real()->pMethods->xClose(of(f).real()) : SQLITE_OK; };
    m.xRead = [](sqlite3_file* f, void* out, int size, sqlite3_int64 at) { return of(f).real()->pMethods->xRead(of(f).real(), out, size, at); };
    m.xWrite = [](sqlite3_file* f, const void* bytes, int size, sqlite3_int64 at) {
        of(f).remember(What::written, at, std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size)));
        return of(f).real()->pMethods->xWrite(of(f).real(), bytes, size, at);
    };
    m.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
        of(f).remember(What::cut_to, size);
        return of(f).real()->pMethods->xTruncate(of(f).real(), size);
    };
    m.xSync = [](sqlite3_file* f, int) {  // nothing is written to the test machine's own disk for good
        of(f).remember(What::synced);
        return SQLITE_OK;
    };
    m.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) { return of(f).real()->pMethods->xFileSize(of(f).real(), size); };
    m.xLock = [](sqlite3_file* f, int level) { return of(f).real()->pMethods->xLock(of(f).real(), level); };
    m.xUnlock = [](sqlite3_file* f, int level) { return of(f).real()->pMethods->xUnlock(of(f).real(), level); };
    m.xCheckReservedLock = [](sqlite3_file* f, int* out) { return of(f).real()->pMethods->xCheckReservedLock(of(f).real(), out); };
    m.xFileControl = [](sqlite3_file* f, int what, void* argument) { return of(f).real()->pMethods->xFileControl(of(f).real(), what, argument); };
    m.xSectorSize = [](sqlite3_file* f) { return of(f).real()->pMethods->xSectorSize(of(f).real()); };
    m.xDeviceCharacteristics = [](sqlite3_file* f) { return of(f).real()->pMethods->xDeviceCharacteristics(of(f).real()); };
    m.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** out) { return of(f).real()->pMethods->xShmMap(of(f).real(), page, size, extend, out); };
    m.xShmLock = [](sqlite3_file* f, int offset, int n, int flags) { return of(f).real()->pMethods->xShmLock(of(f).real(), offset, n, flags); };
    m.xShmBarrier = [](sqlite3_file* f) { of(f).real()->pMethods->xShmBarrier(of(f).real()); };
    m.xShmUnmap = [](sqlite3_file* f, int erase) { return of(f).real()->pMethods->xShmUnmap(of(f).real(), erase); };
    return m;
}

int RecordedFile::open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
    static const sqlite3_io_methods k_methods = methods();
    auto* own = new (file) RecordedFile;
    own->base.pMethods = nullptr, own->recorder = g_recorder, own->file = -1;
    std::memset(static_cast<void*>(own->real()), 0, static_cast<std::size_t>(g_real->szOsFile));
    const bool there = name != nullptr && ::access(name, F_OK) == 0;
    const int code = g_real->xOpen(g_real, name, own->real(), flags, out);
    if (code != SQLITE_OK) return code;
    own->base.pMethods = &k_methods;
    if (name != nullptr) own->file = g_recorder->file_of(name, !there);
    return SQLITE_OK;
}

int RecordedFile::remove(sqlite3_vfs*, const char* name, int sync_folder) {
    const int code = g_real->xDelete(g_real, name, 0);
    const int file = g_recorder->file_of(name, false);
    if (code != SQLITE_OK || file < 0) return code;
    g_recorder->remember(What::removed, file);
    if (sync_folder != 0) g_recorder->remember(What::folder_synced, file);
    return code;
}

PowerCutRecorder::PowerCutRecorder(std::string case_path) : m_path(std::move(case_path)) {
    for (const char* suffix : k_suffixes) {
        std::ifstream in(m_path + suffix, std::ios::binary);
        if (!in) continue;
        m_current[suffix] = static_cast<int>(m_files.size());
        m_files.push_back({suffix, std::string(std::istreambuf_iterator<char>(in), {}), true, true});
    }
    g_recorder = this;
    g_real = sqlite3_vfs_find(nullptr);
    static sqlite3_vfs vfs;
    vfs = *g_real;
    vfs.zName = "power-cut", vfs.pNext = nullptr;
    vfs.szOsFile = static_cast<int>(sizeof(RecordedFile)) + g_real->szOsFile;
    vfs.xOpen = &RecordedFile::open;
    vfs.xDelete = &RecordedFile::remove;
    sqlite3_vfs_register(&vfs, 1);
}

void PowerCutRecorder::stop() {
    if (g_recorder != this) return;
    sqlite3_vfs_unregister(sqlite3_vfs_find("power-cut"));
    sqlite3_vfs_register(g_real, 1);
    g_recorder = nullptr;
}

int PowerCutRecorder::file_of(const std::string& path, bool make) {
    if (!path.starts_with(m_path)) return -1;
    const auto suffix = path.substr(m_path.size());
    bool ours = false;
    for (const char* known : k_suffixes) ours = ours || suffix == known;
    if (!ours) return -1;
    const auto found = m_current.find(suffix);
    if (found != m_current.end() && !make) return found->second;
    if (found == m_current.end() && !make && !suffix.empty()) return -1;
    const int file = static_cast<int>(m_files.size());
    // The case itself is made, and its name made durable, before SQLite opens it.
    m_files.push_back({suffix, {}, suffix.empty(), suffix.empty()});
    m_current[suffix] = file;
    if (!suffix.empty()) remember(What::made, file);
    return file;
}

void PowerCutRecorder::remember(What what, int file, std::int64_t offset, std::string bytes) {
    const bool first_sync = what == What::synced && !m_files[static_cast<std::size_t>(file)].folder_knows;
    if (first_sync) m_files[static_cast<std::size_t>(file)].folder_knows = true;
    m_operations.push_back({what, file, offset, std::move(bytes)});
    if (first_sync) m_operations.push_back({What::folder_synced, file, 0, {}});
    if (what == What::removed) m_current.erase(m_files[static_cast<std::size_t>(file)].suffix);
}

std::vector<std::size_t> PowerCutRecorder::sync_boundaries() const {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < m_operations.size(); ++i) {
        if (m_operations[i].what != What::synced) continue;
        if (places.empty() || places.back() != i) places.push_back(i);
        places.push_back(i + 1);
    }
    return places;
}

void PowerCutRecorder::cut(std::size_t at, Unsynced unsynced, std::uint64_t seed, const std::string& case_path) const {
    std::mt19937_64 generator(seed);
    const auto survives = [&] { return unsynced == Unsynced::kept || (unsynced == Unsynced::some && (generator() & 1) != 0); };
    std::vector<std::size_t> last_sync(m_files.size(), 0);  // behind the last one
    std::size_t folder_sync = 0;
    for (std::size_t i = 0; i < at && unsynced != Unsynced::all_of_it; ++i) {
        if (m_operations[i].what == What::synced) last_sync[static_cast<std::size_t>(m_operations[i].file)] = i + 1;
        if (m_operations[i].what == What::folder_synced) folder_sync = i + 1;
    }
    std::map<std::string, int> folder;
    std::vector<std::string> contents;
    for (std::size_t file = 0; file < m_files.size(); ++file) {
        contents.push_back(m_files[file].before);
        if (m_files[file].was_there) folder[m_files[file].suffix] = static_cast<int>(file);
    }
    bool folder_lost = false;
    for (std::size_t i = 0; i < at; ++i) {
        const auto& operation = m_operations[i];
        const auto file = static_cast<std::size_t>(operation.file);
        auto& bytes = contents[file];
        const bool durable = i < last_sync[file];
        switch (operation.what) {
            case What::made:
            case What::removed:
                // In their order: behind the first that is lost all are.
                folder_lost = folder_lost || (i >= folder_sync && !survives());
                if (folder_lost) break;
                if (operation.what == What::made) folder[m_files[file].suffix] = operation.file;
                else folder.erase(m_files[file].suffix);
                break;
            case What::written:
                for (std::size_t done = 0; done < operation.bytes.size();) {
                    const auto place = static_cast<std::size_t>(operation.offset) + done;
                    const auto size = std::min(k_sector - place % k_sector, operation.bytes.size() - done);
                    if (durable || survives()) {
                        if (bytes.size() < place + size) bytes.resize(place + size);
                        bytes.replace(place, size, operation.bytes, done, size);
                    }
                    done += size;
                }
                break;
            case What::cut_to:
                if (durable || survives()) bytes.resize(static_cast<std::size_t>(operation.offset));
                break;
            case What::synced:
            case What::folder_synced: break;
        }
    }
    for (const char* suffix : k_suffixes) ::unlink((case_path + suffix).c_str());
    ::unlink((case_path + "-shm").c_str());
    for (const auto& [suffix, file] : folder) std::ofstream(case_path + suffix, std::ios::binary) << contents[static_cast<std::size_t>(file)];
}

}  // namespace deadbox::test
