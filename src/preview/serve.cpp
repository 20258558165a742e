#include "preview/serve.hpp"

#include <algorithm>

#include "ipc/channel.hpp"
#include "ipc/frame.hpp"
#include "preview/writer.hpp"

namespace deadbox::preview {
namespace {

constexpr std::size_t k_most_sources = 3;
constexpr int k_largest_side = 8192;

base::Result<Order> take_order(std::string_view frame) {
    TRY_ASSIGN(ipc::Message message, ipc::Message::decode(base::as_bytes(frame)));
    if (message.kind() != static_cast<std::uint8_t>(Say::order)) return base::fail(base::Errc::internal, "this is no order");
    Order order;
    order.part = message.text(), order.after = message.integer();
    order.most = std::clamp<std::int64_t>(message.integer(), 1, k_most_rows);
    order.side = static_cast<int>(std::clamp<std::int64_t>(message.integer(), 1, k_largest_side));
    while (!message.at_end() && order.sizes.size() < k_most_sources) order.sizes.push_back(message.integer());
    if (!message.ok() || order.sizes.empty()) return base::fail(base::Errc::internal, "the order is damaged");
    return order;
}

base::Result<std::int64_t> answer(Kind kind, const Order& order, const Sources& sources, Answer& out, Decoder picture) {
    switch (kind) {
        case Kind::picture: return picture(order, sources, out);
        case Kind::media: return media(order, sources, out);
        case Kind::archive: return archive(order, sources, out);
        case Kind::database: return database(order, sources, out);
        case Kind::journal: return journal(order, sources, out);
        case Kind::elf: return elf(order, sources, out);
        case Kind::markers: return markers(order, sources, out);
    }
    return base::fail(base::Errc::internal, "unknown kind");
}

}  // namespace

base::Result<void> serve(Kind kind, Channel channel, Decoder picture) {
    Writer writer(channel.out);
    Sources sources;  // kept between orders: what was fetched is not fetched again
    std::vector<std::int64_t> sizes;
    for (;;) {
        const auto frame = ipc::read_frame(channel.in);
        if (!frame && frame.error().code == base::Errc::not_found) return {};
        if (!frame) return tl::unexpected(frame.error());
        TRY_ASSIGN(const Order order, take_order(*frame));
        if (order.sizes != sizes) {
            sources.clear();
            sizes = order.sizes;
            for (std::size_t number = 0; number < sizes.size(); ++number)
                sources.push_back(sizes[number] < 0 ? nullptr : std::make_unique<AskedSource>(channel, number, static_cast<std::uint64_t>(sizes[number])));
        }
        if (!sources.front()) {
            writer.failed("there is no file");
            continue;
        }
        const auto after = answer(kind, order, sources, writer, picture);
        if (after) writer.end(*after);
        else writer.failed(after.error().what);
    }
}

}  // namespace deadbox::preview
