// /var/log/lastlog: a record for each user id, at its place. Sparse: a user id of four thousand million makes a file
// of a terabyte with a few blocks in it, so holes are stepped over.
#include "plugin/parser.hpp"

#include <algorithm>

#include "utmp/record.hpp"
#include "utmp/utmp_topic.hpp"

namespace deadbox::plugins::utmp {
namespace {

constexpr std::uint64_t k_block = 64 * 1024, k_most_read = 1ull << 30;

// Calls visit(offset, bytes) for the stretches that are not holes.
template <class Visit>
base::Result<void> for_each_stretch(const base::ByteSource& source, plugin::Sink& sink, const plugin::File& file, const Visit& visit) {
    std::vector<std::byte> block(k_block);
    std::uint64_t at = 0, read = 0;
    while (at < source.size()) {
        TRY_ASSIGN(const auto extent, source.extent_at(at));
        const auto passed = at - std::min(at, extent.logical);
        const auto length = std::min(extent.length - std::min(extent.length, passed), source.size() - at);
        if (length == 0) return {};
        if (extent.kind == base::Extent::Kind::hole) {
            at += length;
            continue;
        }
        for (std::uint64_t done = 0; done < length;) {
            if (read >= k_most_read) {
                sink.gap({base::Gap::Level::limit, "lastlog", "more than 1 GiB of login records: the rest was not read", file.record().path, {}});
                return {};
            }
            const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(length - done, block.size()));
            TRY_ASSIGN(const std::size_t got, source.read_at(at + done, base::Bytes(block).first(want)));
            if (got == 0) return {};
            visit(at + done, base::ByteView(block).first(got));
            done += got, read += got;
        }
        at += length;
    }
    return {};
}

// The width under which more of the head's records make sense.
bool guess_wide(base::ByteView head) {
    std::size_t score[2] = {};
    for (const bool wide : {false, true}) {
        const std::size_t size = wide ? 296 : 292;
        for (std::size_t at = 0; at + size <= head.size(); at += size) {
            const auto record = head.subspan(at, size);
            if (is_zero(record) || !is_plausible_last_login(record, wide)) continue;
            score[wide ? 1 : 0] += decode_last_login(record, wide).line.empty() ? 1 : 2;  // a wide record's text seems empty to the narrow one
        }
    }
    return score[1] > score[0];
}

class LastlogParser final : public plugin::Parser {
public:
    base::Result<void> parse(const plugin::File& file, const plugin::Parameters&, plugin::Sink& sink) const override {
        const auto& source = file.bytes();
        const bool wide = guess_wide(file.head());
        const std::size_t size = wide ? 296 : 292;
        std::vector<std::byte> pending;  // of the record that the last stretch ended in
        std::uint64_t expected = 0;
        std::int64_t damaged = 0;
        const auto record = [&](std::uint64_t offset, base::ByteView bytes) {
            if (is_zero(bytes)) return;
            if (!is_plausible_last_login(bytes, wide)) {
                ++damaged;
                return;
            }
            emit(decode_last_login(bytes, wide), offset, offset / size, sink);
        };
        const auto end = for_each_stretch(source, sink, file, [&](std::uint64_t offset, base::ByteView bytes) {
            if (offset != expected && !pending.empty()) {  // a hole: its zeros end the record
                pending.resize(size);
                record(expected - expected % size, pending);
                pending.clear();
            }
            expected = offset + bytes.size();
            const auto lead = offset % size;
            if (pending.empty() && lead != 0) pending.assign(static_cast<std::size_t>(lead), std::byte{0});
            if (!pending.empty()) {
                const auto take = std::min(size - pending.size(), bytes.size());
                pending.insert(pending.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(take));
                bytes = bytes.subspan(take);
                offset += take;
                if (pending.size() < size) return;
                record(offset - size, pending);
                pending.clear();
            }
            for (; bytes.size() >= size; bytes = bytes.subspan(size), offset += size) record(offset, bytes.first(size));
            pending.assign(bytes.begin(), bytes.end());
        });
        if (pending.size() == size || (!pending.empty() && source.size() % size == 0)) {
            pending.resize(size);
            record(expected - expected % size, pending);
        }
        if (damaged > 0) sink.gap({base::Gap::Level::note, "lastlog", "login records that make no sense were passed over", file.record().path, std::to_string(damaged) + " records"});
        return end;
    }

private:
    static void emit(const LastLogin& login, std::uint64_t offset, std::uint64_t uid, plugin::Sink& sink) {
        LastLoginRow row;
        row.login_uid = static_cast<std::int64_t>(uid);
        row.login_time = base::Timestamp{login.seconds, 0};
        row.login_terminal = login.line, row.login_host = login.host;
        row.emit(sink);
        plugin::Event event;
        event.kind = &event::login_last();
        event.time = {login.seconds, 0};
        event.offset = offset;
        event.address = login.host;
        event.attributes.emplace_back("uid", static_cast<std::int64_t>(uid));
        if (!login.line.empty()) event.attributes.emplace_back("tty", login.line);
        sink.event(event);
    }
};

}  // namespace

const plugin::Parser& lastlog_parser() {
    static const LastlogParser parser;
    return parser;
}

}  // namespace deadbox::plugins::utmp
