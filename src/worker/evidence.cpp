#include "worker/evidence.hpp"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/encoding.hpp"
#include "codec/digest.hpp"
#include "content/fstab.hpp"
#include "sandbox/lockdown.hpp"
#include "worker/same_media.hpp"

namespace deadbox::worker {
namespace {

constexpr std::size_t k_largest_fstab = 64 * 1024;

// Counts what is read, so that the engine sees that the child is alive.
class MeteredSource final : public base::ByteSource {
public:
    MeteredSource(std::shared_ptr<const base::ByteSource> inner, ipc::Slot& slot) : m_inner(std::move(inner)), m_slot(slot) {}
    std::uint64_t size() const override { return m_inner->size(); }
    base::Result<std::size_t> read_at(std::uint64_t offset, base::Bytes out) const override {
        m_slot.progress.fetch_add(1, std::memory_order_relaxed);
        m_slot.bytes.fetch_add(out.size(), std::memory_order_relaxed);
        return m_inner->read_at(offset, out);
    }
    base::Result<base::Extent> extent_at(std::uint64_t offset) const override { return m_inner->extent_at(offset); }

private:
    std::shared_ptr<const base::ByteSource> m_inner;
    ipc::Slot& m_slot;
};

// What Landlock lets the child open: an image's folder (its further segments lie there), of a device only itself.
std::vector<std::string> places_of(const std::vector<std::string>& arguments) {
    std::vector<std::string> places;
    for (const auto& argument : arguments) {
        std::array<char, PATH_MAX> real{};
        struct stat status {};
        if (argument.starts_with("fd:") || ::realpath(argument.c_str(), real.data()) == nullptr || ::stat(real.data(), &status) != 0) continue;
        std::string place = real.data();
        if (S_ISREG(status.st_mode)) place.erase(std::max<std::size_t>(place.rfind('/'), 1));
        places.push_back(std::move(place));
    }
    return places;
}

std::uint64_t stored_bytes_of(const std::string& argument, const std::vector<std::string>& names) {
    if (argument.starts_with("fd:")) return UINT64_MAX;
    const auto folder = argument.substr(0, argument.rfind('/') == std::string::npos ? 0 : argument.rfind('/') + 1);
    std::uint64_t bytes = 0;
    for (const auto& name : names) {
        struct stat status {};
        if (::stat((folder + name).c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return UINT64_MAX;
        bytes += static_cast<std::uint64_t>(status.st_size);
    }
    return names.empty() ? UINT64_MAX : bytes;
}

std::string acquisition_json(const image::Acquisition& a) {
    nlohmann::json ranges = nlohmann::json::array();
    for (const auto& range : a.bad_ranges) ranges.push_back({{"start", range.start}, {"length", range.length}});
    const auto text = [](const std::string& s) { return base::to_utf8(s); };
    return nlohmann::json{{"tool", text(a.tool)}, {"date", text(a.date)}, {"examiner", text(a.examiner)}, {"serial", text(a.serial)},
                          {"case_number", text(a.case_number)}, {"description", text(a.description)},
                          {"stored_md5", a.stored_md5}, {"stored_sha1", a.stored_sha1}, {"bad_ranges", ranges}}.dump();
}

std::string identity_of(const base::ByteSource& media) {
    std::vector<std::byte> head(static_cast<std::size_t>(std::min<std::uint64_t>(media.size(), 1u << 20)));
    const auto got = media.read_at(0, head);
    head.resize(got ? *got : 0);
    return base::to_hex(base::ByteView(codec::Sha256::of(head)));
}

// An operating system lives here: accounts, or a name of itself, in the places where every Linux has them.
bool is_system(const image::FileSystem& filesystem) {
    static constexpr std::string_view k_signs[] = {"/etc/passwd", "/etc/os-release", "/usr/lib/os-release", "/etc/debian_version", "/etc/redhat-release", "/etc/alpine-release"};
    return find_path(filesystem, "/etc") && std::any_of(std::begin(k_signs), std::end(k_signs), [&](auto path) { return find_path(filesystem, path).has_value(); });
}

std::string small_file(const image::FileSystem& filesystem, std::string_view path) {
    const auto number = find_path(filesystem, path);
    if (!number) return {};
    const auto content = filesystem.content({*number, 0});
    if (!content || (*content)->size() > k_largest_fstab) return {};
    const auto bytes = base::read_bytes(**content, 0, static_cast<std::size_t>((*content)->size()));
    return bytes ? std::string(base::as_text(*bytes)) : std::string();
}

// os-release(5): PRETTY_NAME="...".
std::string system_name(const image::FileSystem& filesystem) {
    constexpr std::string_view k_key = "PRETTY_NAME=";
    for (const auto* path : {"/usr/lib/os-release", "/etc/os-release"}) {
        const auto text = small_file(filesystem, path);
        const auto key = text.find(k_key);
        if (key == std::string::npos) continue;
        auto value = std::string_view(text).substr(key + k_key.size());
        value = value.substr(0, std::min<std::size_t>(value.find('\n'), 200));
        if (value.size() > 1 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front()) value = value.substr(1, value.size() - 2);
        return std::string(value);
    }
    return "Linux";
}

}  // namespace

void DamageReporter::damage(const base::Gap& gap) {
    if (m_muted) return;
    m_outbox.send(reply(ipc::Reply::gap).put(m_slot.inode.load(std::memory_order_relaxed)).put(static_cast<int>(gap.level))
                      .put(gap.area).put(gap.reason).put(gap.path.empty() ? m_place : gap.path).put(gap.detail));
}

std::optional<std::uint64_t> find_path(const image::FileSystem& filesystem, std::string_view path) {
    std::uint64_t number = filesystem.root(0).number;
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto part = path.substr(0, path.find('/'));
        path.remove_prefix(part.size());
        std::optional<std::uint64_t> next;
        const auto found = filesystem.entries({number, 0}, [&](const image::Entry& entry) {
            if (!entry.allocated || entry.name != part) return base::Next::go_on;
            next = entry.inode;
            return base::Next::stop;
        });
        if (!found || !next) return std::nullopt;
        number = *next;
    }
    return number;
}

Evidence::Evidence(Outbox& outbox, ipc::Slot& slot) : m_outbox(outbox), m_slot(slot), m_damage(std::make_shared<DamageReporter>(outbox, slot)) {}

const image::FileSystem* Evidence::tree(std::int64_t index) const {
    return index >= 0 && static_cast<std::size_t>(index) < m_trees.size() ? m_trees[static_cast<std::size_t>(index)].get() : nullptr;
}

bool Evidence::open(const std::vector<std::string>& arguments, std::uint8_t flags) {
    m_damage->mute((flags & ipc::open_describes) == 0);
    m_slot.step.store(ipc::k_step_open);
    const auto done = lock_and_open(arguments, flags);
    m_damage->mute(false);
    m_damage->place({});
    m_slot.step.store(ipc::k_step_none);
    m_outbox.send(reply(ipc::Reply::opened).put(done.has_value()).put(done ? std::string() : done.error().what));
    m_outbox.flush();
    return done.has_value();
}

base::Result<void> Evidence::lock_and_open(const std::vector<std::string>& arguments, std::uint8_t flags) {
    sandbox::Limits limits;
#if defined(__SANITIZE_ADDRESS__)
    limits.memory = 0;  // the sanitizer's shadow needs the whole address space
#endif
    const bool reduced = (flags & ipc::open_reduced_sandbox) != 0;
    const auto entered = sandbox::enter(places_of(arguments), limits);
    if (!entered && !reduced) return tl::unexpected(entered.error());

    if (arguments.empty()) {
        const auto closed = sandbox::close_files();
        return closed || reduced ? base::Result<void>() : closed;
    }
    std::vector<image::Volume> media;
    for (std::size_t index = 0; index < arguments.size(); ++index) {
        const auto& argument = arguments[index];
        auto container = image::open_container(argument, static_cast<std::uint32_t>(index), *m_damage);
        if (!container) {
            // One image of several that cannot be opened is a gap; the others are examined.
            m_damage->damage({base::Gap::Level::gap, "container", "an image could not be opened", argument, container.error().what});
            m_media.push_back(nullptr);
            m_salvages.push_back(nullptr);
            m_stored.push_back(UINT64_MAX);
            m_files.emplace_back();
            continue;
        }
        const auto acquired = container->acquisition ? container->acquisition->bad_ranges : std::vector<image::Acquisition::Range>{};
        // Metered below: of a failing disk each try is a sign of life.
        m_salvages.push_back(std::make_shared<image::SalvageSource>(std::make_shared<MeteredSource>(std::move(container->media), m_slot), acquired, *m_damage));
        const auto& source = m_salvages.back();
        if ((flags & ipc::open_describes) != 0) {
            auto message = reply(ipc::Reply::evidence);
            message.put(index).put(argument).put(container->format).put(source->size()).put(identity_of(*source)).put(container->names.size());
            for (const auto& name : container->names) message.put(name);
            container->acquisition ? message.put(acquisition_json(*container->acquisition)) : message.put_null();
            m_outbox.send(message);
        }
        m_media.push_back(source);
        m_stored.push_back(stored_bytes_of(argument, container->names));
        if (container->format == "raw") container->files.clear();
        m_files.push_back(std::move(container->files));
        image::Volume whole;
        whole.id = std::to_string(index + 1), whole.scheme = "media", whole.size = source->size(), whole.bytes = source;
        media.push_back(std::move(whole));
    }
    if (media.empty()) return base::fail(base::Errc::not_found, "no evidence could be opened");
    if (const auto closed = sandbox::close_files(); !closed && !reduced) return closed;

    const auto volumes = image::find_volumes(media, *m_damage);
    std::set<std::size_t> again;  // media that another one is already
    for (std::size_t i = 0; i < media.size(); ++i) {
        const auto first = std::find_if(media.begin(), media.begin() + static_cast<std::ptrdiff_t>(i), [&](const auto& before) { return same_media(before, media[i], volumes); });
        const auto index = static_cast<std::size_t>(std::stoul(media[i].id)) - 1;
        if (first == media.begin() + static_cast<std::ptrdiff_t>(i)) continue;
        again.insert(index);
        m_damage->damage({base::Gap::Level::assumption, "evidence", "the same disk was given more than once; it is examined once", arguments[index],
                          "image " + media[i].id + " has the bytes of image " + first->id + ", " + arguments[static_cast<std::size_t>(std::stoul(first->id)) - 1]});
    }
    std::vector<std::vector<MarkedVolume>> marked(arguments.size());
    for (const auto& volume : volumes) {
        m_damage->place(volume.id);
        const auto index = static_cast<std::size_t>(std::stoul(volume.id)) - 1;
        if (!again.contains(index)) marked[index].push_back({&volume, open_volume(volume, index, flags)});
    }
    if ((flags & ipc::open_describes) != 0 && (flags & ipc::open_marks) != 0)
        for (std::size_t index = 0; index < m_media.size(); ++index)
            if (m_media[index]) send_marks(index, marked[index]);
    return {};
}

// What cannot be read is told of when it is read for its content.
void Evidence::send_marks(std::size_t media, const std::vector<MarkedVolume>& volumes) {
    m_damage->mute(true);
    const auto marks = marks_of(*m_media[media], volumes, [this] { return zeros(); });
    m_damage->mute(false);
    forget_reports();
    m_outbox.send(reply(ipc::Reply::marks).put(media).put(base::as_bytes(marks)));
}

const image::FileSystem* Evidence::open_volume(const image::Volume& volume, std::size_t media, std::uint8_t flags) {
    std::unique_ptr<image::FileSystem> filesystem;
    const auto& formats = image::filesystem_formats();
    for (const auto* format : formats) {
        if (!volume.holds.empty() || !format->claims(*volume.bytes)) continue;
        auto opened = format->open(volume.bytes, (flags & ipc::open_ignores_journal) != 0 ? image::JournalUse::ignore : image::JournalUse::replay, m_damage);
        if (opened) {
            filesystem = std::move(*opened);
            break;
        }
        m_damage->damage({base::Gap::Level::gap, std::string(format->name()), "a file system could not be opened", volume.id, opened.error().what});
        break;
    }
    const std::int64_t tree = filesystem ? static_cast<std::int64_t>(m_trees.size()) : -1;
    if ((flags & ipc::open_describes) != 0) {
        auto message = reply(ipc::Reply::volume);
        message.put(media).put(volume.id).put(volume.scheme).put(volume.type).put(volume.name).put(volume.start).put(volume.size);
        if (filesystem) {
            const bool system = is_system(*filesystem);
            message.put(filesystem->name()).put(filesystem->label()).put(filesystem->uuid()).put(filesystem->clean()).put(filesystem->journal());
            const auto mounts = system ? content::parse_fstab(small_file(*filesystem, "/etc/fstab")) : std::vector<content::MountEntry>{};
            message.put(tree).put(filesystem->root(0).number).put(system).put(system ? system_name(*filesystem) : std::string()).put(mounts.size());
            for (const auto& mount : mounts) message.put(mount.device).put(mount.tag("UUID")).put(mount.tag("LABEL")).put(mount.mount_point);
        } else {
            message.put(volume.holds).put("").put("").put(true).put("none").put(tree).put(0).put(false).put("").put(0);
        }
        m_outbox.send(message);
    }
    if (!filesystem) return nullptr;
    m_trees.push_back(std::move(filesystem));
    return m_trees.back().get();
}

}  // namespace deadbox::worker
