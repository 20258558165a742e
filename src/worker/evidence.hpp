// The evidence as a child has it open: media, volumes, file systems. Opening locks the child down.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "image/container.hpp"
#include "image/filesystem.hpp"
#include "image/salvage.hpp"
#include "image/volume.hpp"
#include "ipc/protocol.hpp"
#include "worker/marks.hpp"
#include "worker/outbox.hpp"

namespace deadbox::worker {

// Damage met on the way, sent as gaps of what the slot says is being worked on.
class DamageReporter final : public base::DamageSink {
public:
    DamageReporter(Outbox& outbox, ipc::Slot& slot) : m_outbox(outbox), m_slot(slot) {}
    void damage(const base::Gap& gap) override;
    void mute(bool muted) { m_muted = muted; }
    void place(std::string prefix) { m_place = std::move(prefix); }  // volume id, while nothing better is known

private:
    Outbox& m_outbox;
    ipc::Slot& m_slot;
    bool m_muted = false;
    std::string m_place;
};

class Evidence {
public:
    Evidence(Outbox& outbox, ipc::Slot& slot);
    // Enters both stages of the lock-down. Answers `opened`; before it, when asked to, evidence and volumes.
    // Whether it is locked down and something was opened. Without arguments it is only locked down.
    bool open(const std::vector<std::string>& arguments, std::uint8_t flags);

    const image::FileSystem* tree(std::int64_t index) const;
    void forget_reports() const {
        for (const auto& filesystem : m_trees) filesystem->forget_reports();
        for (const auto& salvage : m_salvages)
            if (salvage) salvage->forget_reports();
    }
    // Zeros that stood for unreadable bytes so far, over all media: whoever reads between two calls knows what it got.
    std::uint64_t zeros() const {
        std::uint64_t all = 0;
        for (const auto& salvage : m_salvages)
            if (salvage) all += salvage->zeros();
        return all;
    }
    std::vector<image::Acquisition::Range> unreadable(std::size_t index) const { return m_salvages[index]->lost().all(); }
    void mute(bool muted) const { m_damage->mute(muted); }
    // Bytes of the files that hold this media; UINT64_MAX where that is not known.
    std::uint64_t stored_bytes(std::size_t index) const { return index < m_stored.size() ? m_stored[index] : UINT64_MAX; }
    const base::ByteSource* media(std::size_t index) const { return index < m_media.size() ? m_media[index].get() : nullptr; }
    // The files that hold this media, as they lie on the examiner's disk; none where the one file is the media itself.
    const std::vector<std::shared_ptr<const base::ByteSource>>& files(std::size_t index) const { return m_files[index]; }

private:
    base::Result<void> lock_and_open(const std::vector<std::string>& arguments, std::uint8_t flags);
    // The file system in it, where there is one that is read.
    const image::FileSystem* open_volume(const image::Volume& volume, std::size_t media, std::uint8_t flags);
    void send_marks(std::size_t media, const std::vector<MarkedVolume>& volumes);

    Outbox& m_outbox;
    ipc::Slot& m_slot;
    std::shared_ptr<DamageReporter> m_damage;
    std::vector<std::shared_ptr<const base::ByteSource>> m_media;
    std::vector<std::shared_ptr<const image::SalvageSource>> m_salvages;  // what m_media reads through
    std::vector<std::uint64_t> m_stored;  // one for each media, as of the next
    std::vector<std::vector<std::shared_ptr<const base::ByteSource>>> m_files;
    std::vector<std::unique_ptr<image::FileSystem>> m_trees;
};

// The inode at an absolute path inside the file system, without following links; nothing when there is none.
std::optional<std::uint64_t> find_path(const image::FileSystem& filesystem, std::string_view path);

}  // namespace deadbox::worker
