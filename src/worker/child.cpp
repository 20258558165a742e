#include "worker/child.hpp"

#include <fcntl.h>

#include "ipc/channel.hpp"
#include "ipc/frame.hpp"
#include "worker/evidence.hpp"
#include "worker/place.hpp"
#include "worker/walk.hpp"

namespace deadbox::worker {
namespace {

constexpr std::size_t k_block = 1024 * 1024;
constexpr std::size_t k_readable_piece = 32 * 1024;  // of media that is damaged: as much as a chunk of an EWF image
constexpr std::uint64_t k_large_media = 16ull << 40;
constexpr std::uint64_t k_most_growth = 1000;  // of what is stored, by compression and ranges that are stored nowhere

class Child {
public:
    Child(int fd, ipc::Slot& slot, FileReader& reader) : m_outbox(fd), m_slot(slot), m_reader(reader), m_evidence(m_outbox, slot) {}

    void obey(ipc::Message& order) {
        switch (static_cast<ipc::Order>(order.kind())) {
            case ipc::Order::open: return open(order);
            case ipc::Order::walk: return walk(order);
            case ipc::Order::orphans: return orphans(order);
            case ipc::Order::files: return files(order);
            case ipc::Order::read: return read(order);
            case ipc::Order::media: return media(order);
            case ipc::Order::places: return places(order);
            case ipc::Order::rules: return rules(order);
        }
    }

private:
    void open(ipc::Message& order) {
        const auto flags = static_cast<std::uint8_t>(order.integer());
        std::vector<std::string> arguments;
        while (!order.at_end()) arguments.emplace_back(order.text());
        m_open = m_evidence.open(arguments, flags);
    }

    void begin(std::uint64_t batch, std::uint32_t step, std::int64_t inode = 0) {
        m_slot.inode.store(inode);
        m_slot.step.store(step);
        m_slot.batch.store(batch);
        m_evidence.forget_reports();
    }
    void done(std::uint64_t batch) {
        m_outbox.send(reply(ipc::Reply::done).put(batch));
        m_outbox.flush();
        m_slot.step.store(ipc::k_step_none);
        m_slot.batch.store(0);
    }

    // An order that belongs to no batch: while it is obeyed, a hang is one, and the next crash is its own.
    class Step {
    public:
        Step(ipc::Slot& slot, std::uint32_t step) : m_slot(slot) {
            m_slot.inode.store(0);
            m_slot.step.store(step);
        }
        ~Step() { m_slot.step.store(ipc::k_step_none); }
        Step(const Step&) = delete;

    private:
        ipc::Slot& m_slot;
    };

    void walk(ipc::Message& order) {
        const auto batch = order.natural();
        const auto tree = order.integer();
        begin(batch, ipc::k_step_walk);
        if (const auto* filesystem = m_evidence.tree(tree)) {
            while (!order.at_end()) {
                const auto directory = order.natural();
                if (directory == filesystem->root(0).number) send_root(*filesystem, tree, m_outbox);
                walk_directory(*filesystem, tree, directory, m_outbox, m_slot);
            }
        }
        done(batch);
    }

    void orphans(ipc::Message& order) {
        const auto batch = order.natural();
        const auto tree = order.integer();
        begin(batch, ipc::k_step_orphans, tree << 44);
        if (const auto* filesystem = m_evidence.tree(tree)) walk_orphans(*filesystem, m_outbox, m_slot);
        done(batch);
    }

    void files(ipc::Message& order) {
        const auto batch = order.natural();
        const auto wave = order.integer() == 0 ? plugin::Wave::configure : plugin::Wave::content;
        Skips skips;
        for (auto count = order.integer(); count > 0 && order.ok(); --count) {
            const auto inode = order.integer();
            skips.emplace(inode, static_cast<std::uint32_t>(order.integer()));
        }
        begin(batch, ipc::k_step_none);
        std::vector<FileTask> tasks;
        while (!order.at_end() && order.ok()) {
            FileTask task;
            task.tree = order.integer(), task.number = order.natural(), task.hash = order.integer() != 0;
            for (auto count = order.integer(); count > 0 && order.ok(); --count) task.names.push_back(take_name(order));
            if (!task.names.empty()) tasks.push_back(std::move(task));
        }
        m_reader.read(tasks, [this](std::int64_t tree) { return m_evidence.tree(tree); }, [this] { return m_evidence.zeros(); }, wave, skips, m_outbox, m_slot);
        done(batch);
    }

    static FileTask::Name take_name(ipc::Message& order) {
        FileTask::Name name;
        name.folder = order.natural(), name.path = order.text();
        for (auto count = order.integer(); count > 0 && order.ok(); --count) {
            FileTask::Request request;
            request.parser = order.text();
            for (auto parameters = order.integer(); parameters > 0 && order.ok(); --parameters) {
                std::string key(order.text());
                request.parameters.emplace_back(std::move(key), std::string(order.text()));
            }
            name.requests.push_back(std::move(request));
        }
        return name;
    }

    void read(ipc::Message& order) {
        const Step step(m_slot, ipc::k_step_read);
        const auto request = order.natural();
        const auto* filesystem = m_evidence.tree(order.integer());
        const auto number = order.natural();
        auto offset = order.natural();
        auto left = order.natural();
        const auto fail = [&](std::string_view text) {
            m_outbox.send(reply(ipc::Reply::data).put(request).put(text));
            m_outbox.flush();
        };
        if (filesystem == nullptr) return fail("there is no such volume");
        m_buffer.resize(k_block);
        const auto content = filesystem->content({number, 0});
        if (!content) return fail(content.error().what);
        while (left > 0) {
            const auto got = (*content)->read_at(offset, base::Bytes(m_buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(left, k_block))));
            if (!got) return fail(got.error().what);
            if (*got == 0) break;
            m_outbox.send(reply(ipc::Reply::data).put(request).put(base::ByteView(m_buffer).first(*got)));
            m_slot.progress.fetch_add(1);
            offset += *got, left -= *got;
        }
        m_outbox.send(reply(ipc::Reply::data).put(request).put(base::ByteView{}));
        m_outbox.flush();
    }

    // Somebody's text: only behind the lock-down.
    void rules(ipc::Message& order) {
        const Step step(m_slot, ipc::k_step_rules);
        const bool ask = order.integer() != 0;
        const plugin::RuleText text{order.text(), order.text()};
        if (!m_open || !order.ok()) return;
        if (!ask) return m_reader.add_rules(text);
        const auto checked = m_reader.check_rules(text);
        m_outbox.send(reply(ipc::Reply::rules).put(text.file).put(checked.value_or(0)).put(checked ? std::string() : checked.error().what));
        m_outbox.flush();
    }

    void media(ipc::Message& order) {
        const Step step(m_slot, ipc::k_step_media);
        const auto index = order.natural();
        const bool all = order.integer() != 0;
        const auto* media = m_evidence.media(index);
        if (media == nullptr) {
            m_outbox.send(reply(ipc::Reply::media).put(index).put(0).put("this evidence could not be opened"));
            return m_outbox.flush();
        }
        // A container's header can claim exabytes that are stored nowhere; reading them as zeros would never end.
        if (media->size() > k_large_media && media->size() / k_most_growth > m_evidence.stored_bytes(index)) {
            m_outbox.send(reply(ipc::Reply::media).put(index).put(0).put("the media claims " + std::to_string(media->size()) + " bytes, of which hardly any are stored"));
            return m_outbox.flush();
        }
        m_buffer.resize(k_block);
        codec::Digester digester(1);
        codec::Sha256 sha256;
        digester.begin(0);
        image::ByteRanges unreadable;
        m_evidence.mute(true);  // told below, as ranges of the whole
        std::uint64_t offset = 0;
        for (; offset < media->size(); m_slot.progress.fetch_add(1)) {
            const auto wanted = base::Bytes(m_buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(k_block, media->size() - offset)));
            const auto got = media->read_at(offset, wanted);
            const std::size_t size = got && *got > 0 ? *got : wanted.size();
            if (!got || *got == 0) read_piecewise(*media, offset, wanted, unreadable);
            const auto block = base::ByteView(m_buffer).first(size);
            if (all) {
                const codec::Digester::Piece piece{0, block};
                digester.update({&piece, 1});
            } else {
                sha256.update(block);
            }
            offset += size;
        }
        m_evidence.mute(false);
        for (const auto& range : m_evidence.unreadable(index)) unreadable.add(range.start, range.length);
        const auto ranges = unreadable.all();
        for (const auto& range : ranges)
            m_outbox.send(reply(ipc::Reply::gap).put(0).put(static_cast<int>(base::Gap::Level::gap)).put("media").put("a range of the media could not be read and was hashed as zeros").put("")
                              .put("evidence " + std::to_string(index + 1) + ", " + std::to_string(range.length) + " bytes from byte " + std::to_string(range.start)));
        auto message = reply(ipc::Reply::media);
        message.put(index).put(offset);
        if (all) {
            const auto digests = digester.finish(0);
            message.put(base::ByteView(digests.md5)).put(base::ByteView(digests.sha1)).put(base::ByteView(digests.sha256));
        } else {
            const auto digest = sha256.finish();
            message.put_null().put_null().put(base::ByteView(digest));
        }
        const auto& files = m_evidence.files(index);
        message.put(files.size());
        for (const auto& file : files) {
            const auto digest = file_digest(file.get());
            if (digest) message.put(base::ByteView(*digest));
            else message.put_null();
        }
        message.put(ranges.size());
        for (const auto& range : ranges) message.put(range.start).put(range.length);
        m_outbox.send(message);
        m_outbox.flush();
    }

    // What fails counts as zeros.
    void read_piecewise(const base::ByteSource& media, std::uint64_t offset, base::Bytes out, image::ByteRanges& unreadable) {
        while (!out.empty()) {
            const auto part = out.first(std::min(out.size(), k_readable_piece - offset % k_readable_piece));
            if (!base::read_exactly(media, offset, part)) {
                std::fill(part.begin(), part.end(), std::byte{0});
                unreadable.add(offset, part.size());
            }
            m_slot.progress.fetch_add(1);  // a damaged disk takes its time
            offset += part.size(), out = out.subspan(part.size());
        }
    }

    // Nothing where part of the file cannot be read: a digest of less would be one of another file.
    std::optional<codec::Sha256::Value> file_digest(const base::ByteSource* file) {
        codec::Sha256 sha256;
        for (std::uint64_t offset = 0; file != nullptr && offset < file->size(); m_slot.progress.fetch_add(1)) {
            const auto got = file->read_at(offset, m_buffer);
            if (!got || *got == 0) file = nullptr;
            else sha256.update(base::ByteView(m_buffer).first(*got)), offset += *got;
        }
        if (file == nullptr) return std::nullopt;
        return sha256.finish();
    }

    void places(ipc::Message& order) {
        const auto batch = order.natural();
        begin(batch, ipc::k_step_place);
        while (!order.at_end() && order.ok()) {
            const auto tree = order.integer();
            const auto number = order.natural();
            if (const auto* filesystem = m_evidence.tree(tree)) send_place(*filesystem, tree, number, m_outbox, m_slot);
        }
        done(batch);
    }

    Outbox m_outbox;
    ipc::Slot& m_slot;
    FileReader& m_reader;
    Evidence m_evidence;
    bool m_open = false;
    std::vector<std::byte> m_buffer;  // made by the orders that need it: most children never get one
};

}  // namespace

void run_child(base::Descriptor socket, ipc::Slot& slot, FileReader& reader) {
    Child child(socket.get(), slot, reader);
    for (;;) {
        const auto frame = ipc::read_frame(socket.get());
        if (!frame) std::_Exit(0);
        auto order = ipc::Message::decode(base::as_bytes(*frame));
        if (!order) std::_Exit(3);
        child.obey(*order);
    }
}

}  // namespace deadbox::worker
